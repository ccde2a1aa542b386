# SPDX-License-Identifier: Apache-2.0
"""A validator made of the reference evaluator, in the place of the real one."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pyoxigraph
from rdflib import BNode, Graph, URIRef
from rdflib.term import Node

from cns_build import model as m
from cns_build.diagnostics import CompileError, Diagnostic, Position
from cns_build.frontend.parse import Document, read_document
from cns_build.graph.data import Source
from cns_build.graph.report import Report, Result, Statistics
from cns_build.graph.terms import from_rdflib, to_rdflib
from tests.reference import EvaluationFailure, Reference
from tests.reference import Result as Found
from tests.reference.paths import Alternative, Inverse, Path, Predicate, Repeat
from tests.reference.paths import Sequence as Steps
from tests.reference.terms import literal

REPEATS: dict[str, type[m.ZeroOrOnePath | m.ZeroOrMorePath | m.OneOrMorePath]] = {
    "?": m.ZeroOrOnePath,
    "*": m.ZeroOrMorePath,
    "+": m.OneOrMorePath,
}


@dataclass(frozen=True)
class Validator:
    """The interface of cns_build.graph.validator; `calls` are the options it was made with."""

    shapes: Graph
    reference: Reference
    prefixes: dict[str, str]
    calls: dict[str, object]

    @classmethod
    def compile(
        cls,
        shapes: Sequence[str],
        ontologies: Sequence[str] = (),
        catalog: Sequence[str] = (),
        waive: Collection[str] = (),
        strict: bool = False,
        engine: str = "bytecode",
    ) -> Validator:
        documents = [read_documents(shapes, "s"), read_documents(ontologies, "o")]
        graphs = [graph_of(found) for found in documents]
        try:
            reference = Reference(graphs[0], ontology=graphs[1], strict=strict)
        except EvaluationFailure as error:
            raise CompileError(Diagnostic(str(error), Position(shapes[0]))) from error
        prefixes = {p: iri for d in documents[0] for p, iri in d.prefixes.items()}
        calls: dict[str, object] = {"catalog": catalog, "waive": waive, "engine": engine}
        return cls(graphs[0], reference, prefixes, calls)

    def validate(
        self,
        data: Sequence[Source],
        *,
        focus: Collection[m.IRI] | None = None,
        shapes: Collection[m.IRI] | None = None,
        maximum: int | None = None,
        first: bool = False,
        lenient: bool = False,
        graphs: Collection[m.IRI | None] | None = None,
    ) -> Report:
        start = time.monotonic()
        graph = Graph()
        for number, source in enumerate(data):
            graph += read_source(source, f"f{number}" if len(data) > 1 else "", graphs)
        chosen = None if focus is None else [URIRef(iri.value) for iri in focus]
        report = self.reference.evaluate(graph, focus_nodes=chosen)
        results = [result(found) for found in report.results]
        if shapes is not None:  # enough for shapes that have no shapes of their own
            results = [r for r in results if r.shape in shapes]
        kept = results[:1] if first else results[:maximum]
        statistics = Statistics(len(graph), 0, 0, 0, 0, 0.0, time.monotonic() - start)
        prefixes = tuple(self.prefixes.items())
        return Report(tuple(kept), len(kept if first else results), (), (), statistics, prefixes)


def read_documents(files: Sequence[str], prefix: str) -> list[Document]:
    """Read shapes or ontologies. Raises CompileError."""
    numbers = iter(range(1_000_000))
    documents = [read_document(file, lambda: f"{prefix}{next(numbers)}") for file in files]
    errors = [d for document in documents for d in document.diagnostics if d.severity == "error"]
    if errors:
        raise CompileError(*errors)
    return documents


def graph_of(documents: Sequence[Document]) -> Graph:
    graph = Graph()
    for document in documents:
        for subject, predicate, value in document.triples:
            graph.add((to_rdflib(subject), URIRef(predicate), to_rdflib(value)))
    return graph


def read_source(
    source: Source, scope: str, graphs: Collection[m.IRI | None] | None = None
) -> Graph:
    """Read N-Quads by pyoxigraph. Raises CompileError."""
    format_ = pyoxigraph.RdfFormat.N_QUADS if source.quads else pyoxigraph.RdfFormat.N_TRIPLES
    graph = Graph()

    def term(parsed: object) -> Node:
        match parsed:
            case pyoxigraph.NamedNode():
                return URIRef(parsed.value)
            case pyoxigraph.BlankNode():
                return BNode(scope + parsed.value)
            case pyoxigraph.Literal():
                return literal(parsed.value, parsed.datatype.value, parsed.language)
        raise AssertionError(parsed)

    try:
        for quad in pyoxigraph.parse(b"".join(source.chunks()), format_):
            named = quad.graph_name
            name = m.IRI(named.value) if isinstance(named, pyoxigraph.NamedNode) else None
            if graphs is None or name in graphs:
                graph.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    except SyntaxError as error:
        where = Position(source.name, error.lineno or 0, error.offset or 0)
        raise CompileError(Diagnostic(error.msg, where)) from error
    return graph


def result(found: Found) -> Result:
    shape = from_rdflib(found.source_shape)
    assert not isinstance(shape, m.Literal)
    messages = [from_rdflib(text) for text in found.messages]
    return Result(
        focus=from_rdflib(found.focus),
        path=None if found.path is None else path(found.path),
        value=None if found.value is None else from_rdflib(found.value),
        shape=shape,
        component=m.IRI(str(found.component)),
        severity=m.IRI(str(found.severity)),
        messages=tuple(text for text in messages if isinstance(text, m.Literal)),
        details=tuple(map(result, found.details)),
    )


def path(found: Path) -> m.Path:
    match found:
        case Predicate(iri):
            return m.PredicatePath(m.IRI(str(iri)))
        case Inverse(inner):
            return m.InversePath(path(inner))
        case Steps(paths):
            return m.SequencePath(tuple(map(path, paths)))
        case Alternative(paths):
            return m.AlternativePath(tuple(map(path, paths)))
        case Repeat(inner, modifier):
            return REPEATS[modifier](path(inner))
    raise AssertionError(found)


def reference_path(found: m.Path) -> Path:
    """The path as the reference evaluator has it."""
    match found:
        case m.PredicatePath(iri):
            return Predicate(URIRef(iri.value))
        case m.InversePath(inner):
            return Inverse(reference_path(inner))
        case m.SequencePath(paths):
            return Steps(tuple(map(reference_path, paths)))
        case m.AlternativePath(paths):
            return Alternative(tuple(map(reference_path, paths)))
    modifier = next(sign for sign, kind in REPEATS.items() if isinstance(found, kind))
    return Repeat(reference_path(found.path), modifier)
