# SPDX-License-Identifier: Apache-2.0
"""Computed bounds on the stack against painted stacks, here and on an emulated Cortex-M0."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from cns_build import pipeline
from cns_build.frontend import load
from cns_build.options import DEFAULT_EXTERNAL
from cns_build.stack import files
from cns_build.stack.program import link
from cns_build.stack.report import Stack, measure
from tests.paths import ROOT
from tests.records.generate import Generator
from tests.records.native import Native
from tests.records.values import RecordValue
from tests.runtime.toolchain import C11, CORE, need
from tests.test_records_cases import CASES, options_of

PAINT = ROOT / "tests" / "stack"
CALL_GRAPH = "-fcallgraph-info=su"
MODELS = (
    "decimals",
    "detail_recursive",
    "general",
    "lists",
    "pairs_mixed",
    "pattern",
    "qualified",
    "reals",
    "recursive_deep_path",
    "recursive_list",
    "recursive_mutual",
    "recursive_property",
    "text_ranges",
)
RECORDS = 60


def bound(objects: list[Path], depth: int) -> Stack:
    units = files.read_units([str(o) for o in objects])
    return measure(link(units, "m"), "m", depth, lambda _: DEFAULT_EXTERNAL)


def gcc() -> str:
    """A gcc that writes call graphs, or skip the test."""
    compiler = need("gcc")
    version = subprocess.run([compiler, "-dumpversion"], capture_output=True, text=True).stdout
    if int(version.split(".")[0]) < 11:
        pytest.skip("gcc is older than 11")
    return compiler


@pytest.mark.parametrize("optimization", ["-O0", "-O2", "-Os"])
@pytest.mark.parametrize("name", MODELS)
def test_no_record_takes_more_than_the_bound(tmp_path: Path, name: str, optimization: str) -> None:
    case = next(case for case in CASES if case.stem == name)
    options = options_of(case.read_text())
    graph, _, _ = load([], [str(case)], catalog=[], waive=[])
    compiled = pipeline.compile_shapes(graph, options)
    for suffix, text in zip("ch", pipeline.generate(compiled, graph, options), strict=True):
        (tmp_path / f"m.{suffix}").write_text(text)
    objects = []
    for source in [tmp_path / "m.c", *CORE, PAINT / "paint.c"]:
        objects.append(tmp_path / f"{source.stem}.o")
        words = [gcc(), *C11, optimization, "-fPIC", CALL_GRAPH, f"-I{tmp_path}"]
        subprocess.run([*words, "-c", source, "-o", objects[-1]], check=True)
    library = tmp_path / "libm.so"
    # The dynamic linker would take stack of its own at the first call of each function.
    link_now = ["-shared", "-Wl,-z,now", "-Wl,-Bsymbolic"]
    subprocess.run([gcc(), *link_now, "-o", library, *objects], check=True)
    native = Native(graph, compiled.program, compiled.naive, library, sanitized=False)
    generator = Generator(compiled.program, seed=5)
    values: list[RecordValue] = [
        generator.record(function.record, wild=(0.02, 0.2, 0.5)[number % 3])
        for function in compiled.program.functions
        for number in range(RECORDS)
    ]
    stack = bound(objects, options.depth)
    assert stack.dispatch is not None
    used = max(native.stacks(values))
    print(f"{name} {optimization}: {used} of {stack.dispatch.size}")
    assert used <= stack.dispatch.size
