# SPDX-License-Identifier: Apache-2.0
"""The optimizer: PIPELINE in order. Every pass is a pure function from program to program."""

from __future__ import annotations

from collections.abc import Callable

from cns_build.ir.program import Program
from cns_build.passes import fold, number_checks, share_paths, static_facts, zero_tick

PIPELINE: tuple[tuple[str, Callable[[Program], Program]], ...] = (
    ("static_facts", static_facts.run),
    ("fold", fold.run),
    ("share_paths", share_paths.run),
    ("number_checks", number_checks.run),
    ("zero_tick", zero_tick.run),
)
