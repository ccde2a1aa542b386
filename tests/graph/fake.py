# SPDX-License-Identifier: Apache-2.0
"""A validator made of the reference evaluator, in the place of the real one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import pyoxigraph
from rdflib import BNode, Graph, URIRef
from rdflib.term import Node

from cns_build import model as m
from cns_build.diagnostics import CompileError, Diagnostic, Position
from cns_build.frontend import read
from cns_build.frontend.parse import Document
from cns_build.graph.data import Source
from cns_build.graph.report import Report, Result, Statistics
from cns_build.graph.terms import from_rdflib, to_rdflib
from cns_build.vocabulary import SH
from tests.reference import Reference
from tests.reference import Result as Found
from tests.reference.evaluate import Evaluator
from tests.reference.paths import Alternative, Inverse, Path, Predicate, Repeat
from tests.reference.paths import Sequence as Steps
from tests.reference.terms import Triples, literal

REPEATS: dict[str, type[m.ZeroOrOnePath | m.ZeroOrMorePath | m.OneOrMorePath]] = {
    "?": m.ZeroOrOnePath,
    "*": m.ZeroOrMorePath,
    "+": m.OneOrMorePath,
}


@dataclass(frozen=True)
class Validator:
    """The interface of cns_build.graph.validator; `calls` are the options it was made with."""

    shapes: m.ShapesGraph
    locate: Callable[[m.Origin], Position]
    warnings: tuple[Diagnostic, ...]
    reference: Reference
    calls: dict[str, object]

    @classmethod
    def compile(
        cls,
        shapes: Sequence[str],
        ontologies: Sequence[str] = (),
        catalog: Sequence[str] = (),
        waive: Collection[str] = (),
        *,
        strict: bool = False,
        recursion: int = 0,
        engine: str = "bytecode",
    ) -> Validator:
        loaded = read(ontologies, shapes, waive=waive)
        if loaded.graph is None:
            raise CompileError(*loaded.diagnostics)
        waived = [URIRef(name.replace("sh:", SH)) for name in waive]
        graphs = graph_of(loaded.shapes), graph_of(loaded.ontologies)
        reference = Reference(graphs[0], ontology=graphs[1], strict=strict, waived=waived)
        calls: dict[str, object] = {
            "catalog": catalog,
            "waive": waive,
            "engine": engine,
            "recursion": recursion,
        }
        return cls(loaded.graph, loaded.sources.locate, loaded.diagnostics, reference, calls)

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
        graph, read_triples = Graph(), 0
        for number, source in enumerate(data):
            scope = f"f{number}" if len(data) > 1 else ""
            graph += read_source(source, scope, graphs)
            read_triples += len(read_source(source, scope))
        evaluator = Evaluator(Triples(graph), self.reference.ontology, self.reference.shapes)
        targets = self._targets(evaluator, focus, shapes)
        found = [
            one
            for shape, nodes in targets.items()
            for node in nodes
            for one in evaluator.results(to_rdflib(shape), node)
        ]
        results = [self._with_origin(result(one)) for one in sorted(found, key=Found.sort_key)]
        kept = results[:1] if first else results[:maximum]
        return Report(
            results=tuple(kept),
            found=len(kept if first else results),
            unsupported=self.shapes.waivers,
            unmatched=tuple(shape for shape, nodes in targets.items() if not nodes),
            statistics=Statistics(
                triples=read_triples,
                terms=len(graph.all_nodes()),
                shapes=len(targets),
                focus_nodes=len({node for nodes in targets.values() for node in nodes}),
                checks=0,
                read_seconds=0.0,
                seconds=0.0,
            ),
            prefixes=tuple(self.shapes.prefixes.items()),
        )

    def _targets(
        self,
        evaluator: Evaluator,
        focus: Collection[m.IRI] | None,
        shapes: Collection[m.IRI] | None,
    ) -> dict[m.Node, list[Node]]:
        """The focus nodes of each shape; those that are named, where shapes are named too."""
        named = None if focus is None else {URIRef(iri.value) for iri in focus}
        if shapes is None:
            targeted: dict[m.Node, list[Node]] = {
                node: evaluator.targets(shape)
                for shape in self.reference.shapes.targeted()
                if not isinstance(node := from_rdflib(shape), m.Literal)
            }
        else:
            targeted = {
                iri: evaluator.targets(URIRef(iri.value)) if named is None else [*named]
                for iri in shapes
            }
        if named is None:
            return targeted
        return {shape: [n for n in nodes if n in named] for shape, nodes in targeted.items()}

    def _with_origin(self, made: Result) -> Result:
        for constraint in self.shapes.shapes[made.shape].constraints:
            name = type(constraint).__name__.removesuffix("Constraint")
            if made.component.value == f"{SH}{name}ConstraintComponent":
                return replace(made, origin=constraint.origin)
        return made


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
