# SPDX-License-Identifier: Apache-2.0
"""Reports as graphs of rdflib."""

from __future__ import annotations

from collections.abc import Iterable

import rdflib
from rdflib import BNode, Graph, URIRef
from rdflib.term import Node

from cns_build import model as m
from cns_build.graph.report import Report, Result
from cns_build.graph.terms import to_rdflib
from cns_build.graph.writers.rdf import OPERATORS, Labels, properties
from cns_build.vocabulary import RDF, SH, XSD

_TYPE, _FIRST, _REST = URIRef(RDF + "type"), URIRef(RDF + "first"), URIRef(RDF + "rest")


def to_graph(report: Report, conforms: bool) -> Graph:
    """Return the report's triples; blank nodes of the data are those of the data's labels.

    `conforms` is what sh:conforms says, which pySHACL lets the caller decide.
    """
    writer = _Writer(report)
    verdict = rdflib.Literal(str(conforms).lower(), datatype=URIRef(XSD + "boolean"))
    node = writer.blank("report")
    writer.add(node, "conforms", verdict)
    writer.graph.add((node, _TYPE, URIRef(SH + "ValidationReport")))
    for result in report.results:
        writer.add(node, "result", writer.result(result))
    return writer.graph


OF_DATA, OF_SHAPES = ("focusNode", "value"), ("sourceShape", "sourceConstraint")
"""The properties of results whose values are nodes of the data, or of the shapes."""


def describe(graph: Graph, properties: Iterable[str], source: Graph) -> None:
    """Add what `source` says of the blank nodes that results name, as pySHACL does."""
    pending = [value for name in properties for value in graph.objects(None, URIRef(SH + name))]
    described: set[Node] = set()
    while pending:
        node = pending.pop()
        if isinstance(node, BNode) and node not in described:
            described.add(node)
            for _, predicate, value in source.triples((node, None, None)):
                graph.add((node, predicate, value))
                pending.append(value)


class _Writer:
    def __init__(self, report: Report) -> None:
        self.graph = Graph()
        for prefix, iri in (*report.prefixes, ("sh", SH)):
            self.graph.bind(prefix, iri, override=True, replace=True)
        self._labels = Labels(report)
        self._numbers: dict[str, int] = {}

    def blank(self, kind: str) -> BNode:
        """Return a new blank node; the same one in each run."""
        number = self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return BNode(self._labels.fresh(f"{kind}-{number}"))

    def add(self, subject: Node, name: str, value: Node) -> None:
        """Add a triple with a property of SHACL."""
        self.graph.add((subject, URIRef(SH + name), value))

    def result(self, result: Result) -> Node:
        """Add a result; return its node."""
        node = self.blank("result")
        self.graph.add((node, _TYPE, URIRef(SH + "ValidationResult")))
        for name, value in properties(result, self._labels):
            if isinstance(value, Result):
                self.add(node, name, self.result(value))
            elif isinstance(value, (m.IRI, m.BlankNode, m.Literal)):
                self.add(node, name, to_rdflib(value))
            else:
                self.add(node, name, self._path(value))
        return node

    def _path(self, path: m.Path) -> Node:
        match path:
            case m.PredicatePath(iri):
                return URIRef(iri.value)
            case m.SequencePath(paths):
                return self._list(paths)
        node = self.blank("path")
        if isinstance(path, m.AlternativePath):
            self.add(node, "alternativePath", self._list(path.paths))
        else:
            self.add(node, OPERATORS[type(path)], self._path(path.path))
        return node

    def _list(self, paths: tuple[m.Path, ...]) -> Node:
        rest: Node = URIRef(RDF + "nil")
        for path in reversed(paths):
            node = self.blank("path")
            self.graph.add((node, _FIRST, self._path(path)))
            self.graph.add((node, _REST, rest))
            rest = node
        return rest
