# SPDX-License-Identifier: Apache-2.0
"""The bound on steps: reached or nearly so by full records, never exceeded."""

from __future__ import annotations

from pathlib import Path

import pytest

from cns_build.ir.cost import steps
from cns_build.ir.program import Program
from tests.compiling import compile_text
from tests.interpreter import Interpreter, Memory
from tests.records.values import RecordValue, Value

LOOP = """ex:S a sh:NodeShape ; sh:targetClass ex:C ;
  sh:property [ sh:path ex:v ; sh:datatype xsd:int ; sh:maxCount 6 ; sh:minInclusive 100 ] ."""
SEQUENCE = """ex:S a sh:NodeShape ; sh:targetClass ex:C ;
  sh:property [ sh:path ex:part ; sh:nodeKind sh:BlankNode ; sh:maxCount 6 ] ;
  sh:property [ sh:path ( ex:part ex:size ) ; sh:datatype xsd:int ; sh:minInclusive 100 ] ;
  sh:property [ sh:path ex:part ; sh:property [ sh:path ex:size ; sh:maxCount 1 ] ] ."""
COUNT = """ex:S a sh:NodeShape ; sh:targetClass ex:C ;
  sh:property [ sh:path ex:part ; sh:nodeKind sh:BlankNode ; sh:maxCount 6 ] ;
  sh:property [ sh:path ( ex:part ex:size ) ; sh:datatype xsd:int ; sh:maxCount 2 ] ;
  sh:property [ sh:path ex:part ; sh:property [ sh:path ex:size ; sh:maxCount 1 ] ] ."""
EVERY = """ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:not ex:T .
ex:T a sh:NodeShape ;
  sh:property [ sh:path ex:part ; sh:nodeKind sh:BlankNode ; sh:maxCount 6 ] ;
  sh:property [ sh:path ( ex:part ex:size ) ; sh:datatype xsd:int ; sh:minInclusive 0 ] ;
  sh:property [ sh:path ex:part ; sh:property [ sh:path ex:size ; sh:maxCount 1 ] ] .
ex:U a sh:NodeShape ; sh:targetClass ex:C ;
  sh:property [ sh:path ex:part ; sh:nodeKind sh:BlankNode ; sh:maxCount 6 ;
    sh:property [ sh:path ex:size ; sh:datatype xsd:int ; sh:maxCount 1 ] ] ."""


def full(program: Program, name: str) -> RecordValue:
    """A record with as many distinct values as its fields hold."""
    record = program.record(name)
    value = RecordValue(name)
    for field in record.fields:
        held: list[Value] = []
        for number in range(field.capacity):
            nested = getattr(field.type, "record", None)
            held.append(full(program, nested) if nested else number)
        value.fields[field.name] = held
    return value


def number_sizes(value: RecordValue) -> RecordValue:
    for number, part in enumerate(value.fields.get("part", [])):
        assert isinstance(part, RecordValue)
        part.fields["size"] = [number]
    return value


@pytest.mark.parametrize("shapes", [LOOP, SEQUENCE, COUNT, EVERY])
def test_full_records_stay_within_the_bound(tmp_path: Path, shapes: str) -> None:
    model = compile_text(tmp_path, shapes)
    for program in (model.compiled.naive, model.compiled.program):
        (function,) = program.functions
        memory = Memory(program, number_sizes(full(program, function.record)))
        interpreter = Interpreter(program, memory)
        interpreter.run()
        bound = steps(program)[function.record]
        assert bound / 3 < interpreter.steps <= bound


def test_a_pattern_takes_a_step_for_each_byte_in_place(tmp_path: Path) -> None:
    model = compile_text(
        tmp_path,
        """ex:S a sh:NodeShape ; sh:targetClass ex:C ;
  sh:property [ sh:path ex:v ; sh:datatype xsd:string ; sh:maxCount 2 ; sh:maxLength 5 ;
    sh:pattern "^a" ] .""",
        inline_strings=True,
    )
    (function,) = model.compiled.program.functions
    # 1 to ask for the count; for each of 2 values 1 for the length, 1 and 20 bytes for the
    # pattern; and 1 for their only pair, for each of the two checks.
    assert steps(model.compiled.program)[function.record] == 1 + 2 * (1 + 21) + 2


def test_passes_lower_the_bound(tmp_path: Path) -> None:
    model = compile_text(tmp_path, LOOP)
    before, after = (
        steps(p)[p.functions[0].record] for p in (model.compiled.naive, model.compiled.program)
    )
    # 1 to ask for the count, 6 values, 15 pairs of them; before, twice, and maxCount's 16.
    assert after == 22
    assert before == 2 * 22 + 16
