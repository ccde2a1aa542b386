# SPDX-License-Identifier: Apache-2.0
"""Shapes that lead back to themselves: where circles are cut, what they cost, how deep they go."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cns_build.cli import main
from cns_build.ir import program as ir
from cns_build.ir import verify
from cns_build.ir.cost import MAX_STEPS, steps
from cns_build.ir.cycles import components, recursive_records
from cns_build.ir.recursion import find_recursion
from cns_build.model import IRI
from cns_build.options import Options
from tests.compiling import PREFIXES, compile_text
from tests.interpreter import Interpreter, Memory
from tests.records.native import BAD_RECORD, OK, compile_model
from tests.records.values import RecordValue
from tests.reference.denote import BadRecord, is_too_deep

CHAIN = """ex:S a sh:NodeShape ; sh:targetClass ex:C ;
  sh:property [ sh:path ex:x ; sh:datatype xsd:int ; sh:minCount 1 ; sh:maxCount 1 ] ;
  sh:property [ sh:path ex:next ; sh:nodeKind sh:BlankNode ; sh:node ex:S ; sh:maxCount 1 ] ."""
TREE = """ex:S a sh:NodeShape ; sh:targetClass ex:C ;
  sh:property [ sh:path ex:x ; sh:datatype xsd:int ; sh:minCount 1 ; sh:maxCount 1 ] ;
  sh:property [ sh:path ex:next ; sh:nodeKind sh:BlankNode ; sh:node ex:S ; sh:maxCount 8 ] ."""
LEVELS = """ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:P .
ex:P a sh:PropertyShape ; sh:path ex:next ; sh:nodeKind sh:BlankNode ; sh:maxCount 2 ;
  sh:property [ sh:path ex:x ; sh:datatype xsd:int ; sh:minCount 1 ; sh:maxCount 1 ] ;
  sh:property ex:P ."""


def chain(length: int, record: str = "c") -> RecordValue:
    """So many records inside each other."""
    value = RecordValue(record, fields={"x": [1]})
    return value if length == 1 else _around(value, chain(length - 1, record))


def _around(value: RecordValue, inner: RecordValue) -> RecordValue:
    value.fields["next"] = [inner]
    return value


# Circles


def test_components_are_circles_that_share_a_node() -> None:
    edges = {"a": "b", "b": "cd", "c": "a", "d": "e", "e": "", "f": "f", "g": "fa"}
    found = components(edges)
    assert found.keys() == {"a", "b", "c", "f"}
    assert found["a"] == found["b"] == found["c"] != found["f"]


def test_a_circle_of_any_length_is_found() -> None:
    edges = {n: [(n + 1) % 5000] for n in range(5000)}
    assert len(set(components(edges).values())) == 1


def test_circles_are_cut_at_names(tmp_path: Path) -> None:
    recursion = find_recursion(compile_text(tmp_path, CHAIN).graph)
    assert recursion.tested == {IRI("http://example.org/S")}
    assert recursion.reported == frozenset()


def test_property_shapes_report_in_procedures(tmp_path: Path) -> None:
    model = compile_text(tmp_path, LEVELS)
    assert find_recursion(model.graph).reported == {IRI("http://example.org/P")}
    assert {p.shape for p in model.compiled.program.procedures} == {IRI("http://example.org/P")}


def test_only_records_in_a_circle_are_recursive(tmp_path: Path) -> None:
    program = compile_text(tmp_path, LEVELS).compiled.program
    assert recursive_records(program.records).keys() == {"c_next"}
    program = compile_text(tmp_path, CHAIN).compiled.program
    assert [r.name for r in program.records] == ["c"]
    assert recursive_records(program.records).keys() == {"c"}


def test_shapes_without_circles_have_no_procedures(tmp_path: Path) -> None:
    shapes = LEVELS.replace("sh:property ex:P .\nex:P", "sh:property ex:Q .\nex:P")
    shapes = shapes.replace(" ;\n  sh:property ex:P .", " .")
    program = compile_text(tmp_path, shapes + "\nex:Q sh:path ex:y .").compiled.program
    assert program.procedures == ()


# The verifier


def test_the_verifier_refuses_a_test_that_denies_itself_below(tmp_path: Path) -> None:
    program = compile_text(tmp_path, CHAIN).compiled.program
    (test,) = program.tests
    verify.verify(program)
    denying = replace(program, tests=(replace(test, cond=ir.Not(test.cond)),))
    with pytest.raises(verify.BrokenProgram, match="depends on what does not conform to itself"):
        verify.verify(denying)


def test_procedures_that_report_nothing_are_left_out(tmp_path: Path) -> None:
    silent = LEVELS.replace(
        "[ sh:path ex:x ; sh:datatype xsd:int ; sh:minCount 1 ; sh:maxCount 1 ]",
        "[ sh:path ex:x ; sh:maxCount 1 ]",
    )
    compiled = compile_text(tmp_path, silent).compiled
    assert compiled.naive.procedures
    assert compiled.program.procedures == ()
    assert compiled.program.entries[0].zero_tick


# The bound on steps


@pytest.mark.parametrize("shapes", [CHAIN, LEVELS])
@pytest.mark.parametrize("depth", [1, 2, 5])
def test_the_bound_is_reached_by_the_longest_chain(
    tmp_path: Path, shapes: str, depth: int
) -> None:
    compiled = compile_text(tmp_path, shapes.replace("maxCount 2", "maxCount 1"), depth=depth)
    inner = "c" if shapes == CHAIN else "c_next"
    value = chain(depth, inner)
    if shapes == LEVELS:
        value = RecordValue("c", fields={"next": [value]})
    for program in (compiled.compiled.naive, compiled.compiled.program):
        interpreter = Interpreter(program, Memory(program, value))
        assert not interpreter.run()
        bound = steps(program)[program.functions[0].record]
        assert bound / 2 < interpreter.steps <= bound


def test_the_bound_grows_with_the_depth_up_to_what_a_result_holds(tmp_path: Path) -> None:
    bounds = []
    for depth in (1, 2, 3, 16, 255):
        program = compile_text(tmp_path, TREE, depth=depth).compiled.program
        bounds.append(steps(program)[program.functions[0].record])
    assert bounds[0] < bounds[1] < bounds[2] < bounds[3] == bounds[4] == MAX_STEPS


def test_a_budget_refuses_what_recursion_can_take(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(PREFIXES + TREE, "utf-8")
    words = ["compile", "--shapes", str(shapes), "--name", "m"]
    words += ["-o", str(tmp_path / "m.c"), str(tmp_path / "m.h")]
    assert main([*words, "--depth", "16"]) == 0
    assert f"M_C_STEPS {MAX_STEPS}u" in (tmp_path / "m.h").read_text()
    assert main([*words, "--depth", "16", "--tick-budget", "100000"]) == 1
    assert f"record c can take {MAX_STEPS} steps" in capsys.readouterr().err


@pytest.mark.parametrize("depth", ["0", "256", "deep", "-1"])
def test_a_depth_is_from_1_to_255(depth: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["explain", "--shapes", "s.ttl", "--name", "m", f"--depth={depth}"])
    assert caught.value.code == 2
    assert "argument --depth" in capsys.readouterr().err


# Depth of records


def test_records_deeper_than_the_depth_are_bad(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "shapes.ttl").write_text(PREFIXES + CHAIN, "utf-8")
    native = compile_model(folder, [folder / "shapes.ttl"], Options(name="m", depth=3))
    itself = chain(1)
    itself.fields["next"] = [itself]
    circle = chain(2)
    (second,) = circle.fields["next"]
    assert isinstance(second, RecordValue)
    second.fields["next"] = [circle]
    values = [chain(1), chain(3), chain(4), itself, circle, chain(40)]
    assert [is_too_deep(native.program, v) for v in values] == [False] * 2 + [True] * 4
    assert [a.status for a in native.answers(values)] == [OK] * 2 + [BAD_RECORD] * 4
    with pytest.raises(BadRecord, match="more than 3 deep"):
        Memory(native.program, chain(4))
