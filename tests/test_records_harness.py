# SPDX-License-Identifier: Apache-2.0
"""The comparison of handlers with the reference notices what a wrong generator would do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cns_build.options import Options
from tests.records.native import Comparison, Native, build, compile_model
from tests.records.oracle import Oracle
from tests.records.session import compare

SHAPES = """
@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:S a sh:NodeShape ; sh:targetClass ex:C ;
  sh:property [ sh:path ex:level ; sh:datatype xsd:double ; sh:maxCount 1 ; sh:minInclusive 0.5 ] ;
  sh:property [ sh:path ex:code ; sh:datatype xsd:int ; sh:maxCount 3 ; sh:maxExclusive 9 ] ;
  sh:property [ sh:path ex:on ; sh:datatype xsd:boolean ; sh:minCount 1 ; sh:maxCount 1 ] .
"""
MUTANTS = {
    "a bound that is open": (">= 0.5", "> 0.5"),
    "a bound that is off by one": ("<= 8", "<= 9"),
    "another check": ("cns_report(result, 0,", "cns_report(result, 1,"),
    "another value": ("&record->code[i])", "&record->code[0])"),
    "another focus": ("cns_report(result, 0, record, 0,", "cns_report(result, 0, record, 1,"),
    "equal values twice": ("if (n++ == position)", "if (n++ <= position)"),
    "no test of counts": ("_count > M_C_CODE_CAPACITY", "_count > 60000u"),
    "a bool that is trusted": ("cns_bool_byte(&record->on) <= 1", "record->on <= 1"),
    "a presence bit that is not asked": ("(record->has & M_C_HAS_LEVEL) != 0", "true"),
    "another component": ("CNS_COMPONENT_MIN_COUNT", "CNS_COMPONENT_MAX_COUNT"),
}


@pytest.fixture(scope="module")
def native(tmp_path_factory: pytest.TempPathFactory) -> Native:
    """The shapes, compiled."""
    folder = tmp_path_factory.mktemp("harness") / "model"
    folder.mkdir()
    (folder / "shapes.ttl").write_text(SHAPES)
    return compile_model(folder, [folder / "shapes.ttl"], Options(name="m"))


def _differences(native: Native) -> list[str]:
    oracle = Oracle(native.graph, native.program, native.graph.files)
    return compare(Comparison(native, oracle), count=80, seed=5)[0]


def test_the_handler_answers_as_the_reference(native: Native) -> None:
    assert _differences(native) == []


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_wrong_handler_is_noticed(mutant: str, native: Native, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "m.h").write_text((native.library.parent / "m.h").read_text())
    source = (native.library.parent / "m.c").read_text()
    before, after = MUTANTS[mutant]
    assert before in source, source
    (folder / "m.c").write_text(source.replace(before, after))
    try:
        found = _differences(replace(native, library=build(folder, native.program)))
    except AssertionError as error:  # a sanitizer stopped the process, or a table is wrong
        found = [str(error)]
    assert found
