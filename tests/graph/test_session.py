# SPDX-License-Identifier: Apache-2.0
"""Sessions: after each change the report is that of a validation of all the data."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from cns_build.diagnostics import CompileError
from cns_build.graph.data import Source
from cns_build.graph.report import Report, Result
from cns_build.graph.validator import Validator

SHAPES = """
@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

ex:Named a sh:NodeShape ; sh:targetClass ex:Thing ;
    sh:property [ sh:path ex:name ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:string ] .
ex:Linked a sh:NodeShape ; sh:targetSubjectsOf ex:next ;
    sh:property [ sh:path ( ex:next ex:next ) ; sh:node ex:Small ] .
ex:Small sh:property [ sh:path ex:size ; sh:maxInclusive 3 ] .
ex:Kept a sh:NodeShape ; sh:targetObjectsOf ex:keeps ; sh:class ex:Thing .
"""
PREDICATES = ("name", "next", "size", "keeps", "other")
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


@pytest.fixture(scope="module")
def validator(tmp_path_factory: pytest.TempPathFactory) -> Validator:
    file = tmp_path_factory.mktemp("session") / "shapes.ttl"
    file.write_text(SHAPES)
    return Validator.compile([str(file)])


def triple(draw: random.Random) -> str:
    node = f"<http://example.org/n{draw.randrange(6)}>"
    if draw.random() < 0.25:
        return f"{node} {TYPE} <http://example.org/{draw.choice(['Thing', 'Part'])}> .\n"
    if draw.random() < 0.05:
        upper = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
        return f"<http://example.org/Part> {upper} <http://example.org/Thing> .\n"
    predicate = draw.choice(PREDICATES)
    value = f"<http://example.org/n{draw.randrange(6)}>"
    if predicate == "name":
        value = f'"{draw.randrange(3)}"'
    elif predicate == "size":
        value = f'"{draw.randrange(6)}"^^<http://www.w3.org/2001/XMLSchema#integer>'
    return f"{node} <http://example.org/{predicate}> {value} .\n"


def comparable(report: Report) -> tuple[tuple[Result, ...], int, tuple[object, ...]]:
    return report.results, report.found, report.unmatched


def source(triples: set[str]) -> Source:
    return Source("data.nt", "".join(sorted(triples)).encode(), False)


@pytest.mark.parametrize("seed", range(20))
def test_update_is_validation_anew(validator: Validator, seed: int) -> None:
    draw = random.Random(seed)
    held = {triple(draw) for _ in range(20)}
    session = validator.session([source(held)])
    assert comparable(session.report) == comparable(validator.validate([source(held)]))
    for _ in range(10):
        removed = set(draw.sample(sorted(held), 3)) | {triple(draw)}
        added = {triple(draw) for _ in range(3)}
        held = (held - removed) | added
        report = session.update("".join(added).encode(), "".join(removed).encode())
        assert comparable(report) == comparable(validator.validate([source(held)]))


def test_only_shapes_that_look_at_a_change_are_run(validator: Validator) -> None:
    session = validator.session([source({triple(random.Random(1)) for _ in range(20)})])
    assert session.rerun == 3
    for predicate, rerun in (("other", 0), ("size", 1), ("name", 1), ("next", 1), ("keeps", 1)):
        session.update(f"<x:a> <http://example.org/{predicate}> <x:b> .\n".encode())
        assert session.rerun == rerun, predicate
    session.update(f"<x:a> {TYPE} <x:b> .\n".encode())
    assert session.rerun == 2


def test_malformed_update_changes_nothing(validator: Validator) -> None:
    held = {triple(random.Random(2)) for _ in range(20)}
    session = validator.session([source(held)])
    before = session.report
    with pytest.raises(CompileError) as caught:
        session.update(b"<x:a> <http://example.org/name> <x:b> .\n<x:a> oops\n", b"")
    (wrong,) = caught.value.diagnostics
    assert str(wrong.where) == "<update>:2:7"
    assert session.report is before
    assert comparable(session.update()) == comparable(before)


def test_blank_nodes_are_those_of_the_first_source(validator: Validator) -> None:
    named = f"_:a {TYPE} <http://example.org/Thing> .\n".encode()
    session = validator.session([Source("data.nt", named, False)])
    assert session.report.found == 1
    assert session.update(b'_:a <http://example.org/name> "A" .\n').conforms
    assert session.report.conforms


def test_what_a_failed_validation_leaves_is_made_up_for(tmp_path: Path) -> None:
    """The results of a shape that an update concerns are found anew, also after an error."""
    file = tmp_path / "shapes.ttl"
    file.write_text(
        SHAPES
        + "ex:Chain sh:targetNode ex:c0 ; sh:property [ sh:path ex:on ; sh:node ex:Chain ] .\n"
    )
    validator = Validator.compile([str(file)], recursion=10)
    session = validator.session([Source("data.nt", b"", False)])
    link = "<http://example.org/c{}> <http://example.org/on> <http://example.org/c{}> .\n"
    chain = "".join(link.format(n, n + 1) for n in range(1000)).encode()
    unnamed = f"<x:a> {TYPE} <http://example.org/Thing> .\n".encode()
    with pytest.raises(CompileError, match="nest deeper"):
        session.update(chain + unnamed)
    assert session.update(removed=chain).found == 1
