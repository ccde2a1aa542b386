# SPDX-License-Identifier: Apache-2.0
"""One file of shapes and data, for the reference evaluator and the evaluator of SPARQL together.

The reference evaluates SHACL Core, and asks `cns_build.graph.sparql` for the rest. Both read the
triples that the front end has read, so that blank nodes are the same for both.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from cns_build import model as m
from cns_build.diagnostics import Diagnostic, render
from cns_build.frontend import Sources
from cns_build.frontend.load import read
from cns_build.graph.report import Result as Found
from cns_build.graph.sparql import Evaluator, Forms, check
from cns_build.graph.sparql.terms import to_store
from tests.reference import SH, Report, Result, evaluate, literal
from tests.reference.paths import Alternative, Inverse, Predicate, Repeat
from tests.reference.paths import Path as ReferencePath
from tests.reference.paths import Sequence as Steps

SHAPES_GRAPH = pyoxigraph.NamedNode("urn:shapes")


@dataclass(frozen=True)
class Delegated:
    """A file that has been read. `graph` is what the compiler makes of it."""

    graph: m.ShapesGraph
    sources: Sources
    triples: tuple[tuple[m.Node, str, m.Term], ...]

    @cached_property
    def store(self) -> pyoxigraph.Store:
        """The triples as data, and again as the graph of shapes."""
        store = pyoxigraph.Store()
        for subject, predicate, term in self.triples:
            node = to_store(subject)
            assert not isinstance(node, pyoxigraph.Literal)
            for graph in (pyoxigraph.DefaultGraph(), SHAPES_GRAPH):
                named = pyoxigraph.NamedNode(predicate)
                store.add(pyoxigraph.Quad(node, named, to_store(term), graph))
        return store

    @cached_property
    def evaluator(self) -> Evaluator:
        """The evaluator of SPARQL."""
        literals = [term for *_, term in self.triples if isinstance(term, m.Literal)]
        return Evaluator(self.store, SHAPES_GRAPH, Forms(literals))

    @cached_property
    def rdf(self) -> Graph:
        """The triples for rdflib."""
        graph = Graph()
        for subject, predicate, term in self.triples:
            graph.add((to_rdflib(subject), URIRef(predicate), to_rdflib(term)))
        return graph

    def check(self) -> str:
        """What is wrong with the queries, as it is printed."""
        return render(self.diagnostics(), self.sources.locate)

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the queries."""
        return check(self.graph.shapes.values())

    def report(self) -> Report:
        """What the two evaluators find together."""
        assert self.check() == ""
        return evaluate(
            self.rdf, self.rdf, strict=True, waived=self._waived(), beyond_core=self._results
        )

    def constraints(self, shape: m.Node) -> tuple[m.Sparql | m.Custom, ...]:
        """The constraints of a shape that are in SPARQL."""
        found = self.graph.shapes[shape].constraints
        return tuple(c for c in found if isinstance(c, m.Sparql | m.Custom))

    def results(self, name: str, focus: m.Term, values: Sequence[m.Term] = ()) -> list[Found]:
        """The results of the shape `ex:name` for a focus node."""
        node = m.IRI(f"http://example.org/{name}")
        return [
            result
            for constraint in self.constraints(node)
            for result in self.evaluator.results(
                self.graph.shapes[node], constraint, focus, values
            )
        ]

    def _waived(self) -> Collection[Node]:
        declared = self.rdf.objects(None, SH["parameter"])
        return [SH["sparql"], *(p for d in declared for p in self.rdf.objects(d, SH["path"]))]

    def _results(self, shape: Node, focus: Node, values: Sequence[Node]) -> list[Result]:
        node = to_model(shape)
        assert not isinstance(node, m.Literal)
        return [
            _to_reference(result)
            for constraint in self.constraints(node)
            for result in self.evaluator.results(
                self.graph.shapes[node], constraint, to_model(focus), [*map(to_model, values)]
            )
        ]


def load(file: Path, waive: Collection[str] = ()) -> Delegated:
    """Read a file, which the front end must accept."""
    loaded = read([], [str(file)], waive=waive)
    assert loaded.graph is not None, loaded.diagnostics
    return Delegated(loaded.graph, loaded.sources, loaded.shapes[0].triples)


def to_rdflib(term: m.Term) -> Node:
    """The term for rdflib."""
    match term:
        case m.IRI(value):
            return URIRef(value)
        case m.BlankNode(label):
            return BNode(label)
    return literal(term.lexical, term.datatype.value, term.language or None)


def to_model(term: Node) -> m.Term:
    """The term of the model."""
    if isinstance(term, URIRef):
        return m.IRI(str(term))
    if isinstance(term, BNode):
        return m.BlankNode(str(term))
    assert isinstance(term, Literal)
    string = "http://www.w3.org/2001/XMLSchema#string"
    tagged = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
    datatype = str(term.datatype or (tagged if term.language else string))
    return m.Literal(str(term), m.IRI(datatype), term.language or "")


def _to_reference(result: Found) -> Result:
    return Result(
        focus=to_rdflib(result.focus),
        path=None if result.path is None else _path(result.path),
        value=None if result.value is None else to_rdflib(result.value),
        source_shape=to_rdflib(result.shape),
        component=URIRef(result.component.value),
        severity=URIRef(result.severity.value),
    )


def _path(path: m.Path) -> ReferencePath:
    match path:
        case m.PredicatePath(iri):
            return Predicate(URIRef(iri.value))
        case m.InversePath(inner):
            return Inverse(_path(inner))
        case m.SequencePath(paths):
            return Steps(tuple(map(_path, paths)))
        case m.AlternativePath(paths):
            return Alternative(tuple(map(_path, paths)))
        case m.ZeroOrMorePath(inner):
            return Repeat(_path(inner), "*")
        case m.OneOrMorePath(inner):
            return Repeat(_path(inner), "+")
        case m.ZeroOrOnePath(inner):
            return Repeat(_path(inner), "?")
    raise AssertionError(path)
