# SPDX-License-Identifier: Apache-2.0
"""No pass changes what a program reports, on the shapes of the golden cases and of layouts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cns_build.ir import verify
from cns_build.ir.cost import steps
from cns_build.ir.program import Program
from cns_build.ir.violations import violations
from tests.compiling import Model, compile_text
from tests.interpreter import Interpreter, Memory, all_of
from tests.records.generate import Generator
from tests.records.values import RecordValue
from tests.reference.denote import BadRecord
from tests.test_golden import CASES, read_case, read_options
from tests.test_layout import SHAPES

RECORDS = 120
NAMES = [*(f"golden-{path.stem}" for path in CASES), *(f"layout-{name}" for name in SHAPES)]


def model_of(folder: Path, name: str) -> Model:
    kind, _, case = name.partition("-")
    if kind == "layout":
        return compile_text(folder, SHAPES[case])
    path = next(p for p in CASES if p.stem == case)
    sections = read_case(path.read_text("utf-8"))
    options = read_options(sections.get("options", ""))
    if "error" in sections:
        options["waive"] = {"contradiction"}
    return compile_text(folder, sections["shapes"], **options)


def records(program: Program) -> Iterator[RecordValue]:
    """Records of each kind, from wild ones to ones with few violations."""
    generator = Generator(program, seed=7)
    for entry in program.entries:
        for number in range(RECORDS):
            yield generator.record(entry.record, wild=(0.02, 0.1, 0.5)[number % 3])


def memories(program: Program) -> Iterator[Memory]:
    for value in records(program):
        try:
            yield Memory(program, value)
        except BadRecord:
            continue


@pytest.mark.parametrize("name", NAMES)
def test_every_stage_reports_the_same(tmp_path: Path, name: str) -> None:
    model = model_of(tmp_path, name)
    checked = reported = 0
    for memory in memories(model.compiled.naive):
        expected = Interpreter(model.compiled.naive, memory).run()
        checked, reported = checked + 1, reported + expected.total()
        for stage, program in model.stages.items():
            assert Interpreter(program, memory).run() == expected, stage
    assert checked > RECORDS // 3
    assert bool(reported) == bool(model.compiled.program.checks)


@pytest.mark.parametrize("name", NAMES)
def test_steps_and_violations_stay_within_their_bounds(tmp_path: Path, name: str) -> None:
    model = model_of(tmp_path, name)
    for program in (model.compiled.naive, model.compiled.program):
        functions = {f.record: f for f in program.functions}
        for memory in memories(program):
            interpreter = Interpreter(program, memory)
            reported = all_of(interpreter.run())
            function = functions[memory.root.value.record]
            assert interpreter.steps <= steps(program)[function.record]
            assert reported <= violations(program, "all")[function.record]


@pytest.mark.parametrize("name", NAMES)
def test_the_verifier_accepts_every_stage(tmp_path: Path, name: str) -> None:
    for program in model_of(tmp_path, name).stages.values():
        verify.verify(program)
