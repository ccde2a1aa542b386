# SPDX-License-Identifier: Apache-2.0
"""Large, deep and circular inputs: the right number of results, in so much memory."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.paths import ROOT

# Name, megabytes that the process may have, results; -1 where it is refused as it should be.
QUICK = [
    ("many_pairs", 300, 100_000_000),
    ("many_predicates", 300, 299_999),
    ("large_terms", 600, 2),
    ("repeated_repetition", 300, 10_001),
    ("deep_classes", 300, 1),
    ("nested_shapes", 300, 1),
    ("nested_too_deep", 300, -1),
    ("long_recursion", 300, 1),
    ("recursion_without_bound", 300, -1),
]
SLOW = [
    ("many_values", 300, 1_000_001),
    ("many_members", 400, 1),
    ("many_shapes", 400, 30_000),
    ("long_list", 600, 1_000_000),
    ("cyclic_list", 600, 1_000_000),
    ("complete_graph", 300, 1000),
    ("asked_classes", 300, 4000),
    ("deep_recursion", 400, -1),
]


def run(name: str, megabytes: int) -> tuple[int, str]:
    command = [sys.executable, "-m", "tests.graph.hostile", name, str(megabytes)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(("name", "megabytes", "results"), QUICK, ids=[row[0] for row in QUICK])
def test_quick(name: str, megabytes: int, results: int) -> None:
    status, output = run(name, megabytes)
    assert status == 0, output
    assert output.splitlines()[-1] == f"found {results}"


@pytest.mark.slow
@pytest.mark.parametrize(("name", "megabytes", "results"), SLOW, ids=[row[0] for row in SLOW])
def test_slow(name: str, megabytes: int, results: int) -> None:
    status, output = run(name, megabytes)
    assert status == 0, output
    assert output.splitlines()[-1] == f"found {results}"


@pytest.mark.parametrize("megabytes", [150, 200])
def test_too_little_memory_is_an_error(megabytes: int) -> None:
    """The literal alone takes 100 MB, and is put together from parts."""
    status, output = run("large_terms", megabytes)
    assert status == 1
    assert output.splitlines()[-1] == "MemoryError"
