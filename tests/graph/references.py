# SPDX-License-Identifier: Apache-2.0
"""Reports of the engines in the terms of the plain reference evaluator, to compare them."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
from rdflib import BNode, URIRef
from rdflib.term import Node

from cns_build import model as m
from cns_build.graph.data import Source
from cns_build.graph.report import Report, Result
from tests import reference
from tests.reference import paths
from tests.reference.report import Report as ReferenceReport
from tests.reference.report import Result as ReferenceResult
from tests.reference.terms import literal


def term(found: m.Term) -> Node:
    match found:
        case m.IRI(value):
            return URIRef(value)
        case m.BlankNode(label):
            return BNode(label)
        case m.Literal(lexical, datatype, language):
            return literal(lexical, datatype.value, language or None)


def path(found: m.Path) -> paths.Path:
    match found:
        case m.PredicatePath(iri):
            return paths.Predicate(URIRef(iri.value))
        case m.InversePath(inner):
            return paths.Inverse(path(inner))
        case m.SequencePath(parts):
            return paths.Sequence(tuple(map(path, parts)))
        case m.AlternativePath(parts):
            return paths.Alternative(tuple(map(path, parts)))
        case m.ZeroOrMorePath(inner):
            return paths.Repeat(path(inner), "*")
        case m.OneOrMorePath(inner):
            return paths.Repeat(path(inner), "+")
        case m.ZeroOrOnePath(inner):
            return paths.Repeat(path(inner), "?")


def result(found: Result) -> ReferenceResult:
    return ReferenceResult(
        focus=term(found.focus),
        path=None if found.path is None else path(found.path),
        value=None if found.value is None else term(found.value),
        source_shape=term(found.shape),
        component=URIRef(found.component.value),
        severity=URIRef(found.severity.value),
        details=tuple(map(result, found.details)),
    )


def as_reference(report: Report) -> ReferenceReport:
    return ReferenceReport(tuple(map(result, report.results)))


def source(file: Path, text: bytes | None = None) -> Source:
    """A Turtle file as data, with blank nodes as the parser names them."""
    quads = pyoxigraph.parse(
        file.read_bytes() if text is None else text,
        pyoxigraph.RdfFormat.TURTLE,
        base_iri=file.as_uri(),
    )
    data = pyoxigraph.serialize((q.triple for q in quads), format=pyoxigraph.RdfFormat.N_TRIPLES)
    assert isinstance(data, bytes)
    return Source(str(file), data, False)


same_report = reference.same_report
