# SPDX-License-Identifier: Apache-2.0
"""Constraints that no value satisfies together are errors that name both places."""

from __future__ import annotations

from pathlib import Path

import pytest

from cns_build.commands import LocatedError
from cns_build.diagnostics import Note, Position
from cns_build.model import Origin
from tests.compiling import PREFIXES, compile_text

HEAD = "ex:S a sh:NodeShape ; sh:targetClass ex:C ;\n"


def refused(folder: Path, shapes: str) -> list[tuple[str, str, str]]:
    """Compile shapes that contradict; the message, and the text at both places, of each error."""
    with pytest.raises(LocatedError) as caught:
        compile_text(folder, shapes)
    lines = (PREFIXES + shapes).splitlines()

    def pointed(where: Origin | Position | None) -> str:
        assert isinstance(where, Origin)
        found = caught.value.sources.locate(where)
        return lines[found.line - 1][found.column - 1 :].split()[0]

    found = []
    for diagnostic in caught.value.diagnostics:
        (note,) = diagnostic.notes
        assert isinstance(note, Note)
        found.append((diagnostic.message, pointed(diagnostic.where), pointed(note.where)))
    return found


def path(constraints: str, datatype: str = "xsd:double") -> str:
    return f"{HEAD}  sh:property [ sh:path ex:a ; sh:datatype {datatype} ; {constraints} ] ."


@pytest.mark.parametrize(
    ("datatype", "low", "high"),
    [
        ("xsd:double", "sh:minInclusive 5", "sh:maxInclusive 4.5"),
        ("xsd:double", "sh:minExclusive 5", "sh:maxInclusive 5"),
        ("xsd:int", "sh:minInclusive 5", "sh:maxExclusive 5"),
        ("xsd:float", 'sh:minInclusive "0.2"^^xsd:double', "sh:maxInclusive 0.1"),
        ("xsd:decimal", "sh:minInclusive 0.2", "sh:maxInclusive 0.1"),
        ("xsd:gYear", 'sh:minInclusive "2021"^^xsd:gYear', 'sh:maxExclusive "2020"^^xsd:gYear'),
    ],
)  # fmt: skip
def test_empty_ranges(tmp_path: Path, datatype: str, low: str, high: str) -> None:
    for both in (f"{low} ; {high}", f"{high} ; {low}"):
        ((message, where, note),) = refused(tmp_path, path(both, datatype))
        assert message.startswith("no value is within the range of sh:min")
        assert where == high.split()[1]
        assert note == low.split()[1]


@pytest.mark.parametrize(
    ("datatype", "constraints"),
    [
        ("xsd:double", "sh:minInclusive 5 ; sh:maxInclusive 5.0"),
        ("xsd:double", 'sh:minInclusive 0.1 ; sh:maxInclusive "0.1"^^xsd:double'),
        # Rounded to the type of the value, the bounds meet.
        ("xsd:double", "sh:minInclusive 0.10000000000000000001 ; sh:maxInclusive 0.1"),
        ("xsd:float", 'sh:minInclusive "0.1000000001"^^xsd:double ; sh:maxInclusive 0.1'),
        # No order between them.
        ("xsd:gDay", 'sh:minInclusive "---02"^^xsd:gDay ; sh:maxInclusive "---02Z"^^xsd:gDay'),
        ("xsd:double", "sh:minInclusive 5 ; sh:or ( [ sh:maxInclusive 4 ] [ sh:in () ] )"),
        ("xsd:double", "sh:minInclusive 5 ; sh:not [ sh:maxInclusive 4 ]"),
        ("xsd:double", "sh:minCount 1 ; sh:maxCount 1"),
    ],
)  # fmt: skip
def test_ranges_that_are_not_known_to_be_empty(
    tmp_path: Path, datatype: str, constraints: str
) -> None:
    compile_text(tmp_path, path(constraints, datatype))


def test_counts_of_different_shapes(tmp_path: Path) -> None:
    shapes = f"""{HEAD} sh:property [ sh:path ex:a ; sh:datatype xsd:int ; sh:minCount 3 ] .
        ex:T a sh:NodeShape ; sh:targetClass ex:D ;
          sh:property [ sh:path ex:a ; sh:maxCount 2 ] .
        """
    # Nothing says that a node is both.
    compile_text(tmp_path, shapes)
    joined = shapes + "ex:D rdfs:subClassOf ex:C .\n"
    ((message, where, note),) = refused(tmp_path, joined)
    assert "<http://example.org/a> needs at least 3 values" in message
    assert "takes at most 2" in message
    assert (where, note) == ("2", "3")


def test_counts_inside_a_nested_record(tmp_path: Path) -> None:
    inner = "sh:property [ sh:path ex:b ; sh:minCount 1 ; sh:maxCount 0 ]"
    shapes = f"{HEAD} sh:property [ sh:path ex:p ; sh:nodeKind sh:BlankNode ; {inner} ] ."
    ((_, where, note),) = refused(tmp_path, shapes)
    assert (where, note) == ("0", "1")


def test_equal_paths_of_different_nodes_do_not_meet(tmp_path: Path) -> None:
    inner = "sh:property [ sh:path ex:b ; sh:datatype xsd:int ; sh:maxCount 1 ]"
    outer = "sh:property [ sh:path ex:b ; sh:datatype xsd:int ; sh:minCount 2 ]"
    part = f"sh:property [ sh:path ex:p ; sh:nodeKind sh:BlankNode ; {inner} ]"
    compile_text(tmp_path, f"{HEAD} {outer} ; {part} .")


def test_shapes_that_apply_to_some_nodes_only(tmp_path: Path) -> None:
    shapes = """ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:b , ex:a ;
          sh:property [ sh:path ex:a ; sh:datatype xsd:int ; sh:minInclusive 5 ] ;
          sh:property [ sh:path ex:a ; sh:maxInclusive 4 ; sh:deactivated true ] .
        """
    compile_text(tmp_path, shapes)


def test_disjoint_datatypes(tmp_path: Path) -> None:
    other = "sh:property [ sh:path ex:a ; sh:datatype xsd:int ]"
    shapes = path("sh:maxCount 1").replace(HEAD, f"{HEAD}  {other} ;\n")
    ((message, where, note),) = refused(tmp_path, shapes)
    assert message.startswith("no value has both datatypes")
    assert (where, note) == ("xsd:double", "xsd:int")


def test_more_values_to_conform_than_may_be_there(tmp_path: Path) -> None:
    shape = "sh:qualifiedValueShape [ sh:minInclusive 5 ] ; sh:qualifiedMinCount 3"
    ((message, where, note),) = refused(tmp_path, path(f"{shape} ; sh:maxCount 2"))
    assert message.startswith("at least 3 values have to conform (sh:qualifiedMinCount), and ")
    assert message.endswith("sh:maxCount takes at most 2")
    assert (where, note) == ("[", "2")
    ((message, _, _),) = refused(tmp_path, path(f"{shape} ; sh:qualifiedMaxCount 2"))
    assert message.endswith("sh:qualifiedMaxCount takes at most 2")
    compile_text(tmp_path, path(f"{shape} ; sh:qualifiedMaxCount 3 ; sh:maxCount 3"))
    compile_text(
        tmp_path, f"{HEAD} sh:not [ {path(f'{shape} ; sh:maxCount 2')[len(HEAD) : -1]} ] ."
    )


def test_every_contradiction_is_reported_at_once(tmp_path: Path) -> None:
    both = "sh:minInclusive 2 ; sh:maxInclusive 1 ; sh:minCount 2 ; sh:maxCount 1"
    assert len(refused(tmp_path, path(both))) == 2


def test_waived_contradictions_compile(tmp_path: Path) -> None:
    both = "sh:minInclusive 2 ; sh:maxInclusive 1 ; sh:minCount 2 ; sh:maxCount 1"
    model = compile_text(tmp_path, path(both), waive=frozenset({"contradiction"}))
    left = {c.component for c in model.compiled.program.checks}
    assert left == {"minInclusive", "maxInclusive", "minCount"}
