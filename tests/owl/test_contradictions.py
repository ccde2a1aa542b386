# SPDX-License-Identifier: Apache-2.0
"""Shapes and axioms that contradict each other are errors of a build, with both positions."""

from __future__ import annotations

from pathlib import Path

import pytest

from cns_build import pipeline
from cns_build.diagnostics import CompileError, Diagnostic
from cns_build.frontend import load
from cns_build.frontend.positions import Sources
from cns_build.model import Origin
from cns_build.options import Options
from cns_build.owl.reading import Reading
from tests.compiling import PREFIXES

AXIOMS = """ex:Cat rdfs:subClassOf ex:Animal ; owl:disjointWith ex:Dog .
ex:Dog rdfs:subClassOf ex:Animal . ex:rex a ex:Dog . ex:Person owl:disjointWith ex:Animal .
ex:age rdfs:domain ex:Animal ; rdfs:range xsd:integer ; a owl:FunctionalProperty .
ex:owner rdfs:domain ex:Animal ; rdfs:range ex:Person .
ex:name rdfs:domain ex:Animal ; rdfs:range xsd:string .
"""
CASES = {
    "sh:path ex:age ; sh:minCount 2": (
        "<http://example.org/age> needs at least 2 values (sh:minCount) and takes at most 1 "
        "(cns:maxValues)",
        ("owl:FunctionalProperty", "2"),
    ),
    "sh:path ex:age ; sh:datatype xsd:double": (
        "no value is one of both <http://www.w3.org/2001/XMLSchema#double> and "
        "<http://www.w3.org/2001/XMLSchema#integer>",
        ("xsd:integer", "xsd:double"),
    ),
    "sh:path ex:owner ; sh:class ex:Cat": (
        "no value is as both demand: ex:Person and ex:Animal are disjoint",
        ("ex:Person", "ex:Cat", "ex:Animal"),
    ),
    "sh:path ex:owner ; sh:hasValue ex:rex": (
        "no value is as both demand: ex:Person and ex:Animal are disjoint",
        ("ex:Person", "ex:rex", "ex:Animal"),
    ),
    "sh:path ex:owner ; sh:hasValue 1": (
        '"1"^^xsd:integer is a literal, and in no class',
        ("ex:Person", "1"),
    ),
    "sh:path ex:age ; sh:hasValue 1.5": (
        '"1.5"^^xsd:decimal is no value of xsd:integer',
        ("xsd:integer", "1.5"),
    ),
    "sh:path ex:name ; sh:in ( 1 2 )": (
        "no member of sh:in is a value of xsd:string",
        ("xsd:string", "("),
    ),
    "sh:path ex:owner ; sh:nodeKind sh:Literal": (
        "a literal is in no class",
        ("ex:Person", "sh:Literal"),
    ),
    "sh:path ex:name ; sh:nodeKind sh:IRI": (
        "only a literal has a datatype",
        ("xsd:string", "sh:IRI"),
    ),
    "sh:path ex:name ; sh:class ex:Cat": (
        "no literal is in a class, such as ex:Cat",
        ("xsd:string", "ex:Cat"),
    ),
}


def compiled(folder: Path, constraint: str) -> tuple[list[Diagnostic], Sources]:
    """The errors of a shape of dogs beside the axioms, and what finds their places."""
    shapes = f"ex:S sh:targetClass ex:Dog ; sh:property [ {constraint} ] .\n"
    (folder / "o.ttl").write_text(PREFIXES + AXIOMS)
    (folder / "s.ttl").write_text(PREFIXES + shapes)
    files = [str(folder / "o.ttl")], [str(folder / "s.ttl")]
    graph, sources, _ = load(*files, axioms=Reading(records=True))
    try:
        pipeline.compile_shapes(graph, Options(name="m"))
    except CompileError as error:
        return list(error.diagnostics), sources
    return [], sources


@pytest.mark.parametrize("constraint", CASES)
def test_a_shape_that_contradicts_an_axiom(tmp_path: Path, constraint: str) -> None:
    message, places = CASES[constraint]
    (error,), sources = compiled(tmp_path, constraint)
    assert error.message == message
    found = []
    for where in (error.where, *(note.where for note in error.notes)):
        assert isinstance(where, Origin)
        position = sources.locate(where)
        found.append(position.text[position.column - 1 :].split()[0])
    assert tuple(found) == places


@pytest.mark.parametrize(
    "constraint",
    [
        "sh:path ex:age ; sh:datatype xsd:byte ; sh:minCount 1",
        "sh:path ex:age ; sh:hasValue 1",
        "sh:path ex:name ; sh:in ( 1 'a' )",
        "sh:path ex:owner ; sh:class ex:Keeper ; sh:nodeKind sh:IRIOrLiteral",
    ],
)
def test_a_shape_that_agrees_with_the_axioms(tmp_path: Path, constraint: str) -> None:
    assert compiled(tmp_path, constraint)[0] == []
