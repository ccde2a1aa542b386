# SPDX-License-Identifier: Apache-2.0
"""Pools: take and give against malloc and free, and requests at loads across the capacity.

The C programs check their own answers: every item keeps what was written into it, the statistics
agree with a count of their own, and all items come back. Under load a call is a take, which may be
refused, or a give; malloc and free get the calls that the pool serves.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.bench import Figure, figure
from tests.runtime import toolchain

SOURCE = Path(__file__).with_suffix(".c")
LOAD = SOURCE.with_stem("bench_pool_load")
RUNS = 7


def run() -> list[Figure]:
    """Return ns per take and give, hit rates in % of requests, high-water marks in items."""
    outputs = [output for source in (SOURCE, LOAD) for output in outputs_of(source)]
    samples: dict[tuple[str, str], list[float]] = {}
    for output in outputs:
        for line in output.splitlines():
            name, unit, value = line.split("\t")
            samples.setdefault((name, unit), []).append(float(value))
    return [figure(name, unit, values, baseline(name)) for (name, unit), values in samples.items()]


def outputs_of(source: Path) -> list[str]:
    """Build a program and return what each of its runs prints."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, source.stem)
        toolchain.compile_c("gcc", *toolchain.C11, "-O3", source, *toolchain.CORE, output=program)
        return [toolchain.run_program(program) for _ in range(RUNS)]


def baseline(name: str) -> str | None:
    """Return the figure that this one is compared with."""
    if name.startswith("take and give in batches"):
        return "take and give a signal"
    if not name.startswith("take"):
        return None
    return name.replace("take", "malloc").replace("give", "free")
