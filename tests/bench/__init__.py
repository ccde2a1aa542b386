# SPDX-License-Identifier: Apache-2.0
"""Benchmarks. A module bench_NAME.py has `run() -> list[Figure]`, which checks its own answers.

Figures are medians, and ratios against a baseline measured in the same run: absolute times drift
from machine to machine and from hour to hour. No test asserts a figure.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured quantity: the median of its samples, the lowest and the highest.

    `baseline` is the name of another figure of the same benchmark, in the same unit.
    """

    name: str
    unit: str
    value: float
    low: float
    high: float
    baseline: str | None = None


def figure(name: str, unit: str, samples: Sequence[float], baseline: str | None = None) -> Figure:
    """Summarize samples; raises statistics.StatisticsError when there are none."""
    return Figure(name, unit, statistics.median(samples), min(samples), max(samples), baseline)
