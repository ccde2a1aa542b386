# SPDX-License-Identifier: Apache-2.0
"""Random data in the words of a shapes graph: its classes, predicates, and constants.

For shapes that others wrote without data that they apply to.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from cns_build import model as m
from cns_build.vocabulary import RDF, XSD

TYPE = m.IRI(RDF + "type")


def draw(graph: m.ShapesGraph, chance: random.Random, nodes: int, triples: int) -> str:
    """Return N-Triples about so many nodes: most have a class, each has about so many triples."""
    words = _Words(graph)
    names = [m.IRI(f"urn:n{number}") for number in range(nodes)]
    names += [m.BlankNode(f"n{number}") for number in range(nodes // 4)]  # type: ignore[misc]
    lines = []
    for name in names:
        if words.classes and chance.random() < 0.9:
            lines.append(f"{name} {TYPE} {chance.choice(words.classes)} .")
        for _ in range(chance.randrange(2 * triples + 1)):
            predicate = chance.choice(words.predicates)
            value: object = chance.choice(names)
            if chance.random() < 0.6:
                value = chance.choice(words.values)
            lines.append(f"{name} {predicate} {value} .")
    return "\n".join(lines) + "\n"


class _Words:
    """What shapes speak of, each once, in their order."""

    def __init__(self, graph: m.ShapesGraph) -> None:
        found = [each for shape in graph.shapes.values() for each in _words(shape)]
        found += [("predicate", m.IRI("urn:other")), ("value", m.IRI("urn:else"))]
        self.classes = [*dict.fromkeys(term for what, term in found if what == "class")]
        self.predicates = [*dict.fromkeys(term for what, term in found if what == "predicate")]
        self.values = [*dict.fromkeys(term for what, term in found if what == "value")]
        self.values += _literals(term for what, term in found if what == "datatype")


def _literals(datatypes: Iterator[m.Term]) -> list[m.Term]:
    """Some texts with each datatype, right and wrong."""
    texts = ("1", "01", "1.5", "true", "abc", "http://example.org/", "2024-02-29T12:00:00Z")
    made: list[m.Term] = []
    for datatype in dict.fromkeys(datatypes):
        assert isinstance(datatype, m.IRI)
        if datatype.value == RDF + "langString":
            made += [m.Literal("a", datatype, "en"), m.Literal("b", datatype, "de")]
        else:
            made += [m.Literal(text, datatype) for text in texts]
    return made or [m.Literal("a", m.IRI(XSD + "string"))]


def _words(shape: m.Shape) -> Iterator[tuple[str, m.Term]]:
    for target in shape.targets:
        match target:
            case m.TargetClass(m.IRI() as iri):
                yield "class", iri
            case m.TargetSubjectsOf(iri) | m.TargetObjectsOf(iri):
                yield "predicate", iri
    if shape.path is not None:
        yield from (("predicate", iri) for iri in _predicates(shape.path))
    for constraint in shape.constraints:
        match constraint:
            case m.ClassConstraint(m.IRI() as iri):
                yield "class", iri
            case m.Datatype(iri):
                yield "datatype", iri
            case m.In(values):
                yield from (("value", v) for v in values if not isinstance(v, m.BlankNode))
            case m.HasValue(m.IRI() | m.Literal() as value):
                yield "value", value
            case m.Equals(iri) | m.Disjoint(iri) | m.LessThan(iri) | m.LessThanOrEquals(iri):
                yield "predicate", iri


def _predicates(path: m.Path) -> Iterator[m.IRI]:
    match path:
        case m.PredicatePath(iri):
            if iri != TYPE:
                yield iri
        case m.SequencePath(parts) | m.AlternativePath(parts):
            for part in parts:
                yield from _predicates(part)
        case _:
            yield from _predicates(path.path)
