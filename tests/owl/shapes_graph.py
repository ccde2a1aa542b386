# SPDX-License-Identifier: Apache-2.0
"""The shapes of the model as an RDF graph, for the reference evaluator."""

from __future__ import annotations

from collections.abc import Iterable

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from cns_build import model as m
from tests.graph.references import term
from tests.reference.terms import CNS, RDF, RDF_TYPE, SH, XSD, literal

_COUNTS = {m.MinCount: "minCount", m.MaxCount: "maxCount"}
_BOUNDS = {
    m.MinExclusive: "minExclusive",
    m.MinInclusive: "minInclusive",
    m.MaxExclusive: "maxExclusive",
    m.MaxInclusive: "maxInclusive",
}
_TARGETS = {
    m.TargetClass: "targetClass",
    m.TargetNode: "targetNode",
    m.TargetSubjectsOf: "targetSubjectsOf",
    m.TargetObjectsOf: "targetObjectsOf",
}


def shapes_graph(shapes: Iterable[m.Shape]) -> Graph:
    """Return shapes, without constraints in SPARQL, as they would be written."""
    writer = _Writer()
    for shape in shapes:
        writer.shape(shape)
    return writer.graph


class _Writer:
    def __init__(self) -> None:
        self.graph = Graph()

    def shape(self, shape: m.Shape) -> None:
        node = term(shape.node)
        self._add(node, RDF_TYPE, SH["PropertyShape" if shape.path else "NodeShape"])
        if shape.path is not None:
            self._add(node, SH["path"], self._path(shape.path))
        self._add(node, SH["severity"], term(shape.severity))
        for message in shape.messages:
            self._add(node, SH["message"], term(message))
        for target in shape.targets:
            self._add(node, SH[_TARGETS[type(target)]], term(_selected(target)))
        for constraint in shape.constraints:
            self._constraint(node, constraint)

    def _add(self, subject: Node, predicate: URIRef, value: Node) -> None:
        self.graph.add((subject, predicate, value))

    def _constraint(self, node: Node, constraint: m.Constraint) -> None:
        match constraint:
            case m.ClassConstraint(iri):
                self._add(node, SH["class"], term(iri))
            case m.Datatype(iri):
                self._add(node, SH["datatype"], term(iri))
            case m.ValueSpace(iri):
                self._add(node, CNS["valueSpace"], term(iri))
            case m.MaxValues(count):
                self._add(node, CNS["maxValues"], _number(count))
            case m.NodeKind(kind):
                self._add(node, SH["nodeKind"], SH[kind])
            case m.MinCount(count) | m.MaxCount(count):
                self._add(node, SH[_COUNTS[type(constraint)]], _number(count))
            case (
                m.MinExclusive(bound)
                | m.MinInclusive(bound)
                | m.MaxExclusive(bound)
                | m.MaxInclusive(bound)
            ):
                self._add(node, SH[_BOUNDS[type(constraint)]], term(bound))
            case m.MinLength(length):
                self._add(node, SH["minLength"], _number(length))
            case m.MaxLength(length):
                self._add(node, SH["maxLength"], _number(length))
            case m.Pattern(pattern):
                self._add(node, SH["pattern"], literal(pattern))
            case m.LanguageIn(languages):
                self._add(node, SH["languageIn"], self._list([literal(t) for t in languages]))
            case m.Disjoint(predicate):
                self._add(node, SH["disjoint"], term(predicate))
            case m.Not(inner):
                self._add(node, SH["not"], term(inner))
            case m.And(inners):
                self._add(node, SH["and"], self._list(list(map(term, inners))))
            case m.Or(inners):
                self._add(node, SH["or"], self._list(list(map(term, inners))))
            case m.Property(inner):
                self._add(node, SH["property"], term(inner))
            case m.QualifiedValueShape(inner, low, high):
                self._add(node, SH["qualifiedValueShape"], term(inner))
                if low is not None:
                    self._add(node, SH["qualifiedMinCount"], _number(low))
                if high is not None:
                    self._add(node, SH["qualifiedMaxCount"], _number(high))
            case m.HasValue(value):
                self._add(node, SH["hasValue"], term(value))
            case m.In(values):
                self._add(node, SH["in"], self._list(list(map(term, values))))
            case _:
                raise AssertionError(constraint)

    def _path(self, path: m.Path) -> Node:
        node = BNode()
        match path:
            case m.PredicatePath(iri):
                return term(iri)
            case m.InversePath(inner):
                self._add(node, SH["inversePath"], self._path(inner))
            case m.AlternativePath(paths):
                self._add(node, SH["alternativePath"], self._list(list(map(self._path, paths))))
            case m.SequencePath(paths):
                return self._list(list(map(self._path, paths)))
            case _:
                raise AssertionError(path)
        return node

    def _list(self, members: list[Node]) -> Node:
        head: Node = RDF["nil"]
        for member in reversed(members):
            node = BNode()
            self._add(node, RDF["first"], member)
            self._add(node, RDF["rest"], head)
            head = node
        return head


def _selected(target: m.Target) -> m.Term:
    match target:
        case m.TargetClass(iri):
            return iri
        case m.TargetNode(node):
            return node
        case m.TargetSubjectsOf(predicate) | m.TargetObjectsOf(predicate):
            return predicate


def _number(count: int) -> Literal:
    return literal(str(count), str(XSD["integer"]))
