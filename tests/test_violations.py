# SPDX-License-Identifier: Apache-2.0
"""The bound on violations: reached by the worst record, and what it leaves out cannot happen."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from cns_build.ir.violations import MAX_VIOLATIONS, violations
from cns_build.options import Options
from tests.compiling import PREFIXES, Model, compile_text
from tests.interpreter import Interpreter, Memory, all_of
from tests.records.native import compile_model
from tests.records.values import LangValue, RecordValue, Value

SHAPE = "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:path ex:v ; %s ] ."
TREE = """ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:P .
ex:P a sh:PropertyShape ; sh:path ex:next ; sh:nodeKind sh:BlankNode ; sh:maxCount 2 ;
  sh:property [ sh:path ex:x ; sh:datatype xsd:int ; sh:minCount 1 ; sh:maxCount 1 ] ;
  sh:property ex:P ."""
DETAIL = """ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:path ex:v ;
    sh:nodeKind sh:BlankNode ; sh:node ex:T ; sh:maxCount 2 ] .
ex:T a sh:NodeShape ; sh:property [ sh:path ex:x ; sh:datatype xsd:int ; sh:minCount 1 ;
  sh:maxCount 1 ] ; sh:property [ sh:path ex:y ; sh:datatype xsd:int ; sh:minCount 1 ;
  sh:maxCount 1 ] ."""

WORST: dict[str, tuple[str, list[Value], int]] = {
    "one value": ("sh:datatype xsd:int ; sh:maxCount 1 ; sh:minInclusive 3", [1], 1),
    "missing": ("sh:datatype xsd:int ; sh:maxCount 1 ; sh:minCount 1", [], 1),
    "missing or wrong": (
        "sh:datatype xsd:int ; sh:minCount 1 ; sh:maxCount 1 ; sh:minInclusive 3",
        [1],
        1,
    ),
    "each value": ("sh:datatype xsd:int ; sh:maxCount 5 ; sh:minInclusive 9", [1, 2, 3, 4, 5], 5),
    "all values, none too few": (
        "sh:datatype xsd:int ; sh:minCount 4 ; sh:maxCount 5 ; sh:minInclusive 9",
        [1, 2, 3, 4, 5],
        5,
    ),
    "few values and too few": (
        "sh:datatype xsd:int ; sh:minCount 5 ; sh:maxCount 5 ; sh:minInclusive 9",
        [1, 2, 3, 4],
        5,
    ),
    "an integer is not below and above": (
        "sh:datatype xsd:int ; sh:maxCount 3 ; sh:minInclusive 0 ; sh:maxInclusive 9",
        [-1, 10, 11],
        3,
    ),
    "an integer below two bounds": (
        "sh:datatype xsd:int ; sh:maxCount 1 ; sh:minInclusive 0 ; sh:minExclusive 5",
        [-1],
        2,
    ),
    "NaN is not below nor above": (
        "sh:datatype xsd:double ; sh:maxCount 1 ; sh:minInclusive 0.0 ; sh:maxInclusive 9.0",
        [math.nan],
        2,
    ),
    "one enumerator is none": ("sh:in ( 1 2 3 ) ; sh:maxCount 4", [0, 1, 2, 3], 1),
    "three booleans": ("sh:datatype xsd:boolean ; sh:maxCount 9 ; sh:in ( 1 )", [0, 1, 2], 4),
    "languages": (
        "sh:datatype rdf:langString ; sh:maxCount 5 ; sh:uniqueLang true",
        [
            LangValue(text, tag)
            for text, tag in zip("abcde", ["de", "de", "en", "en", "fr"], strict=True)
        ],
        2,
    ),
}


def reported(model: Model, fields: dict[str, list[Value]]) -> int:
    """The violations of one record of class ex:C, with their details."""
    program = model.compiled.program
    return all_of(Interpreter(program, Memory(program, RecordValue("c", fields=fields))).run())


def bound(model: Model) -> int:
    program = model.compiled.program
    return violations(program, model.options.report)[program.functions[0].record]


@pytest.mark.parametrize("name", WORST)
def test_the_worst_record_reaches_the_bound(tmp_path: Path, name: str) -> None:
    constraints, worst, most = WORST[name]
    model = compile_text(tmp_path, SHAPE % constraints)
    assert bound(model) == most
    assert reported(model, {"v": worst}) == most


def test_details_count(tmp_path: Path) -> None:
    parts: list[Value] = [RecordValue("t"), RecordValue("t")]
    for detail, most in ((False, 2), (True, 6)):
        model = compile_text(tmp_path, DETAIL, detail=detail)
        assert bound(model) == most
        assert reported(model, {"v": parts}) == most


@pytest.mark.parametrize(("depth", "most"), [(1, 2), (2, 6), (3, 14)])
def test_a_full_tree_reaches_the_bound(tmp_path: Path, depth: int, most: int) -> None:
    model = compile_text(tmp_path, TREE, depth=depth)

    def tree(room: int) -> list[Value]:
        if room == 0:
            return []
        return [RecordValue("c_next", fields={"next": tree(room - 1)}) for _ in range(2)]

    assert bound(model) == most
    assert reported(model, {"next": tree(depth)}) == most


def test_the_bound_is_at_most_what_a_result_holds(tmp_path: Path) -> None:
    assert bound(compile_text(tmp_path, TREE, depth=20)) == MAX_VIOLATIONS


@pytest.mark.parametrize(("report", "most"), [("all", 5), ("first", 1), ("conforms", 0)])
def test_handlers_report_as_many_as_their_header_states(
    tmp_path: Path, report: str, most: int
) -> None:
    constraints, worst, _ = WORST["few values and too few"]
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "shapes.ttl").write_text(PREFIXES + SHAPE % constraints, "utf-8")
    native = compile_model(folder, [folder / "shapes.ttl"], Options(name="m", report=report))
    header = (folder / "m.h").read_text()
    assert f"#define M_C_VIOLATIONS {most}u\n" in header
    assert f"#define M_VIOLATIONS {most}u\n" in header
    assert "#define M_C_RESULT_SIZE CNS_RESULT_SIZE(M_C_VIOLATIONS)\n" in header
    (answer,) = native.answers([RecordValue("c", fields={"v": worst})])
    assert len(answer.found) + answer.truncated == most
    assert not answer.conforms


def test_what_has_nothing_to_check_reports_nothing(tmp_path: Path) -> None:
    model = compile_text(tmp_path, SHAPE % "sh:datatype xsd:int ; sh:maxCount 1")
    assert model.compiled.program.entries[0].zero_tick
    assert bound(model) == 0
