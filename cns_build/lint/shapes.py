# SPDX-License-Identifier: Apache-2.0
"""Shapes, targets, messages and severities that do nothing, and names that nobody declares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cns_build import model as m
from cns_build.diagnostics import Diagnostic
from cns_build.frontend.graph import TYPE, Graph
from cns_build.frontend.parameters import READERS
from cns_build.frontend.parse import Document
from cns_build.ir.recursion import references
from cns_build.lint.terms import SEVERITIES, closest
from cns_build.vocabulary import OWL, RDF, RDFS, SH

_PATH = SH + "path"
_CLASSES = frozenset({RDFS + "Class", OWL + "Class", RDFS + "Datatype"})
_PROPERTIES = frozenset(
    {RDF + "Property"}
    | {
        OWL + name
        for name in (
            "AnnotationProperty",
            "DatatypeProperty",
            "FunctionalProperty",
            "ObjectProperty",
            "SymmetricProperty",
            "TransitiveProperty",
        )
    }
)
_KNOWN_NAMESPACES = (SH, RDF, RDFS, OWL)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is linted: the shapes, and the files that they and the ontologies come from.

    `shown` are the files that the user names: what they import may well be used by others.
    """

    graph: m.ShapesGraph
    documents: Sequence[Document]
    ontologies: Sequence[Document]
    shown: frozenset[str]


def shape_findings(subject: Subject) -> Iterator[Diagnostic]:
    """Yield what is wrong with shapes as a whole, and with the names in them."""
    yield from _unused(subject)
    for shape in subject.graph.shapes.values():
        if not shape.deactivated:
            yield from _message(shape)
            yield from _closed(shape, subject.graph)
    yield from _severities(subject)
    yield from _names(subject)


# Shapes that nothing leads to


def _unused(subject: Subject) -> Iterator[Diagnostic]:
    """Yield the shapes without a target that nothing refers to.

    A file of which no shape has a target is a library, for others to refer to.
    """
    graph = Graph(subject.documents)
    objects = {v.term for node in graph for _, v in graph.raw(node)}
    shapes = subject.graph.shapes
    referred = {r.shape for shape in shapes.values() for r in references(shape)}
    aimed = {t.origin.file for shape in shapes.values() for t in shape.targets}
    for node in graph:
        if node in objects or node in referred:
            continue
        where = graph.origin(graph.number(node), "subject")
        shape = shapes.get(node)
        if where.file not in aimed & subject.shown or not _is_idle(node, shape, graph):
            continue
        yield Diagnostic(
            f"nothing uses the shape {_show(node)}: it has no target, and no shape refers to it",
            shape.origin if shape else where,
            "give it a target such as sh:targetClass, refer to it, or remove it",
            "warning",
            rule="unused-shape",
        )


def _is_idle(node: m.Node, shape: m.Shape | None, graph: Graph) -> bool:
    """Whether a node is a shape with constraints and without targets, of any kind."""
    predicates = {predicate for predicate, _ in graph.raw(node)}
    if any(predicate.startswith(SH + "target") for predicate in predicates):
        return False
    if shape is None:
        return _PATH in predicates and any(p in READERS for p in predicates)
    return not shape.targets and not shape.deactivated and bool(shape.constraints)


# Parts that have no effect, or too much


def _message(shape: m.Shape) -> Iterator[Diagnostic]:
    own = [c for c in shape.constraints if not isinstance(c, m.Property)]
    if shape.messages and not own and not shape.incomplete:
        yield Diagnostic(
            "no result has this sh:message: the shape has no constraint of its own",
            shape.origin,
            "move the message to the property shapes whose results it explains",
            "warning",
            rule="unused-message",
        )


def _closed(shape: m.Shape, graph: m.ShapesGraph) -> Iterator[Diagnostic]:
    classes = [t for t in shape.targets if isinstance(t, m.TargetClass)]
    paths = {
        graph.shapes[c.shape].path
        for c in shape.constraints
        if isinstance(c, m.Property) and c.shape in graph.shapes
    }
    for constraint in shape.constraints:
        if isinstance(constraint, m.Closed) and classes:
            type_ = m.IRI(TYPE)
            if type_ not in constraint.ignored and m.PredicatePath(type_) not in paths:
                yield Diagnostic(
                    "every focus node has rdf:type, by which the target selects it, and this "
                    "shape is closed and does not allow it",
                    constraint.origin,
                    "add sh:ignoredProperties ( rdf:type )",
                    "warning",
                    rule="closed-type",
                )


def _severities(subject: Subject) -> Iterator[Diagnostic]:
    declared = {node for node, type_ in subject.graph.instances if type_ == m.IRI(SH + "Severity")}
    for document in subject.documents:
        for ordinal, (_, predicate, term) in enumerate(document.triples):
            if predicate != SH + "severity" or not isinstance(term, m.IRI) or term in declared:
                continue
            name = _split(term.value)[1].capitalize()
            if not term.value.startswith(SH) and SH + name in SEVERITIES:
                yield Diagnostic(
                    f"{term} is not sh:{name}, and no file declares it as a severity",
                    m.Origin(document.file, ordinal),
                    f"use sh:{name}, or declare it a sh:Severity",
                    "warning",
                    rule="unknown-severity",
                )


# Names of classes and properties


@dataclass(frozen=True, slots=True)
class _Declared:
    """What the files say: every subject, and the classes and properties by namespace."""

    subjects: frozenset[str]
    classes: dict[str, list[str]]
    properties: dict[str, list[str]]
    of_ontologies: frozenset[str]


def _names(subject: Subject) -> Iterator[Diagnostic]:
    declared = _read_declared(subject)
    seen: set[str] = set()
    for shape in subject.graph.shapes.values():
        for iri, where, is_class in _used(shape):
            if iri in seen or iri in declared.subjects or iri.startswith(_KNOWN_NAMESPACES):
                continue
            seen.add(iri)
            yield from _undeclared(iri, where, is_class, declared)


def _undeclared(
    iri: str, where: m.Origin, is_class: bool, declared: _Declared
) -> Iterator[Diagnostic]:
    namespace, name = _split(iri)
    kind, known = ("class", declared.classes) if is_class else ("property", declared.properties)
    near = _near(name, known.get(namespace, []))
    if near:
        message = f"no file declares the {kind} <{iri}>, and one declares <{namespace}{near}>"
        fix, rule = f"did you mean {near}?", "likely-typo"
    elif is_class and namespace in declared.of_ontologies:
        message = f"no file declares the class <{iri}>, and an ontology declares its namespace"
        fix, rule = "correct the name, or give the ontology that declares it", "unknown-class"
    else:
        return
    yield Diagnostic(message, where, fix, "warning", rule=rule)


def _near(name: str, known: Sequence[str]) -> str:
    """Return the declared name that `name` is likely meant to be; numbers never are typos."""
    close = closest(name, known) if len(name) > 3 else ""
    if close.lower() == name.lower():
        return close
    same_digits = [c for c in name if c.isdigit()] == [c for c in close if c.isdigit()]
    if not close or not same_digits or abs(len(close) - len(name)) > 2:
        return ""
    return close if _edits(name, close) <= (1 if len(name) < 8 else 2) else ""


def _edits(one: str, two: str) -> int:
    """Return how many letters are to be inserted, removed, changed or swapped with the next."""
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, b in enumerate(two, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b)))
            if i > 1 and j > 1 and a == two[j - 2] and one[i - 2] == b:
                row[j] = min(row[j], last[j - 2] + 1)
    return row[-1]


def _read_declared(subject: Subject) -> _Declared:
    subjects: set[str] = set()
    classes: dict[str, list[str]] = {}
    properties: dict[str, list[str]] = {}
    of_ontologies: set[str] = set()
    given = {document.file for document in subject.ontologies}
    for document in (*subject.documents, *subject.ontologies):
        for node, predicate, term in document.triples:
            if not isinstance(node, m.IRI):
                continue
            subjects.add(node.value)
            if predicate != TYPE or not isinstance(term, m.IRI):
                continue
            namespace, name = _split(node.value)
            if term.value in _CLASSES:
                classes.setdefault(namespace, []).append(name)
                if document.file in given:
                    of_ontologies.add(namespace)
            elif term.value in _PROPERTIES:
                properties.setdefault(namespace, []).append(name)
    return _Declared(frozenset(subjects), classes, properties, frozenset(of_ontologies))


def _split(iri: str) -> tuple[str, str]:
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:cut], iri[cut:]


def _used(shape: m.Shape) -> Iterator[tuple[str, m.Origin, bool]]:
    """Yield the classes and properties that a shape names, where, and whether it is a class."""
    for target in shape.targets:
        match target:
            case m.TargetClass(m.IRI(value), False):
                yield value, target.origin, True
            case m.TargetSubjectsOf(m.IRI(value)) | m.TargetObjectsOf(m.IRI(value)):
                yield value, target.origin, False
    for constraint in shape.constraints:
        match constraint:
            case m.ClassConstraint(m.IRI(value)):
                yield value, constraint.origin, True
            case m.Equals(m.IRI(value)) | m.Disjoint(m.IRI(value)):
                yield value, constraint.origin, False
            case m.LessThan(m.IRI(value)) | m.LessThanOrEquals(m.IRI(value)):
                yield value, constraint.origin, False
    for iri in _predicates(shape.path):
        yield iri, shape.origin, False


def _predicates(path: m.Path | None) -> Iterator[str]:
    match path:
        case m.PredicatePath(iri):
            yield iri.value
        case m.SequencePath(paths) | m.AlternativePath(paths):
            for inner in paths:
                yield from _predicates(inner)
        case (
            m.InversePath(inner)
            | m.ZeroOrMorePath(inner)
            | m.OneOrMorePath(inner)
            | m.ZeroOrOnePath(inner)
        ):
            yield from _predicates(inner)


def _show(node: m.Node) -> str:
    return str(node) if isinstance(node, m.IRI) else "of a blank node"
