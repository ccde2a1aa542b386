# SPDX-License-Identifier: Apache-2.0
"""Pools: take and give against malloc and free, and requests at loads across the capacity.

The C program checks its own answers: every item keeps what was written into it, the statistics
agree with its own count, and all items come back.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.bench import Figure, figure
from tests.runtime import toolchain

SOURCE = Path(__file__).with_suffix(".c")
RUNS = 7


def run() -> list[Figure]:
    """Return ns per take and give, hit rates in % of requests, high-water marks in items."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, SOURCE.stem)
        toolchain.compile_c("gcc", *toolchain.C11, "-O3", SOURCE, *toolchain.CORE, output=program)
        outputs = [toolchain.run_program(program) for _ in range(RUNS)]
    samples: dict[tuple[str, str], list[float]] = {}
    for output in outputs:
        for line in output.splitlines():
            name, unit, value = line.split("\t")
            samples.setdefault((name, unit), []).append(float(value))
    return [figure(name, unit, values, baseline(name)) for (name, unit), values in samples.items()]


def baseline(name: str) -> str | None:
    """Return the figure that this one is compared with."""
    if name.startswith("take and give in batches"):
        return "take and give a signal"
    return name.replace("take and give", "malloc and free") if name.startswith("take") else None
