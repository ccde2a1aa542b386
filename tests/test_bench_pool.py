# SPDX-License-Identifier: Apache-2.0
"""The load sweep of the pools, at a small size: its figures are right, and it notices faults."""

from __future__ import annotations

import heapq
import subprocess
from pathlib import Path

import pytest

from tests.bench.bench_pool import LOAD
from tests.runtime import toolchain

CAPACITY = 8
REQUESTS = 2000
PERCENTS = (25, 50, 75, 90, 100, 110, 125, 150, 200)
SIZE = [f"-DREQUESTS={REQUESTS}", f"-DCNS_SIGNAL_CAPACITY={CAPACITY}u"]


def simulate(load: int) -> tuple[int, int]:
    """Return how many requests find one of the items free, and how many are held at most."""
    state, hits, most = 1, 0, 0
    ends: list[int] = []
    for step in range(REQUESTS):
        while ends and ends[0] <= step:
            heapq.heappop(ends)
        state = (state * 1664525 + 1013904223) % 2**32
        if len(ends) < CAPACITY:
            heapq.heappush(ends, step + 1 + (state * 2 * load >> 32))
            hits += 1
            most = max(most, len(ends))
    return hits, most


def test_the_figures_are_those_of_a_simulation(tmp_path: Path) -> None:
    toolchain.need_sanitizers("gcc", tmp_path)
    program = tmp_path / "load"
    flags = [*toolchain.C11, *toolchain.SANITIZERS, *SIZE]
    toolchain.compile_c("gcc", *flags, LOAD, *toolchain.CORE, output=program)
    lines = toolchain.run_program(program).splitlines()
    figures = {name: float(value) for name, _, value in (line.split("\t") for line in lines)}
    found = {p: simulate(p * CAPACITY // 100) for p in PERCENTS}
    assert found[25][0] == REQUESTS, "a light load is served"
    assert found[200][0] < 0.6 * REQUESTS, "a heavy one is not"
    for percent, (hits, most) in found.items():
        assert figures.pop(f"hit rate at {percent} % load") == 100 * hits / REQUESTS
        assert figures.pop(f"high-water mark at {percent} % load") == most
        assert figures.pop(f"take or give at {percent} % load") > 0
        assert figures.pop(f"malloc or free at {percent} % load") > 0
    assert figures == {}


FAULTS = {
    "an item has one holder": """
        cns_status status = cns_pool_take(pool, item);
        static void *last;
        static unsigned calls;
        if (status == CNS_OK && ++calls % 64 == 0 && last != NULL)
            *item = last;
        last = status == CNS_OK ? *item : last;
        return status;""",
    "a request is served while there is an item": """
        static unsigned calls;
        return ++calls % 64 == 0 ? CNS_NO_SPACE : cns_pool_take(pool, item);""",
    "refused requests": """
        cns_status status = cns_pool_take(pool, item);
        if (status != CNS_OK && pool->refused % 8 == 0)
            pool->refused--;
        return status;""",
    "high-water mark": """
        cns_status status = cns_pool_take(pool, item);
        if (pool->high_water == pool->capacity)
            pool->high_water--;
        return status;""",
}


@pytest.mark.parametrize("message", FAULTS)
def test_a_fault_of_the_pool_is_noticed(tmp_path: Path, message: str) -> None:
    faulty = tmp_path / "faulty.c"
    faulty.write_text(
        "#include <cns/cns.h>\n"
        "cns_status faulty_take(cns_pool *pool, void **item);\n"
        f"cns_status faulty_take(cns_pool *pool, void **item) {{{FAULTS[message]}\n}}\n"
    )
    source = tmp_path / "load.c"
    source.write_text(
        "#include <cns/cns.h>\n"
        "cns_status faulty_take(cns_pool *pool, void **item);\n"
        f'#define cns_pool_take faulty_take\n#include "{LOAD}"\n'
    )
    program = tmp_path / "program"
    flags = [*toolchain.C11, *SIZE, "-D_POSIX_C_SOURCE=199309L", f"-I{LOAD.parent}"]
    sources = [source, faulty, *toolchain.CORE]
    toolchain.compile_c("gcc", *flags, *sources, output=program)
    done = subprocess.run([program], capture_output=True, text=True)
    assert done.returncode == 1
    assert f"wrong answer: {message}\n" in done.stderr
