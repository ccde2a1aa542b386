# SPDX-License-Identifier: Apache-2.0
"""Ontologies to vocabularies: an id and a name for all that they name, and subclass tests.

Ids count from 1: classes, then properties, datatypes and individuals. An IRI has one id, as the
first of these that it is.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from cns_build.diagnostics import CompileError, Diagnostic, Note
from cns_build.ir.names import distinct
from cns_build.model import IRI
from cns_build.owl import axioms as a
from cns_build.owl.hierarchy import named_hierarchies
from cns_build.owl.numbering import Edges, Span, number
from cns_build.owl.why import Proof
from cns_build.vocabulary import RDF, SH

MAX_TESTS = 4096
"""Tests of one kind that a vocabulary has where nobody names any: headers are for people too."""

_TYPE = IRI(RDF + "type")
_PROPERTIES = ("object property", "data property", "annotation property", "property")
_KINDS = {
    "class": ("class",),
    "property": _PROPERTIES,
    "datatype": ("datatype",),
    "individual": ("individual",),
}
_PLURALS = {"class": "classes", "property": "properties"}


@dataclass(frozen=True, slots=True)
class Entry:
    """An entity with its id; `name` is unique among those of its kind.

    `empty` says of a class that it can have no instance.
    """

    entity: a.Entity
    id: int
    name: str
    empty: bool


@dataclass(frozen=True, slots=True)
class Test:
    """The ids of a class or a property and of what is below it, as spans in order."""

    kind: str
    iri: IRI
    name: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What becomes constants and tests; `sections` are those of class, property, … by id."""

    sections: Mapping[str, tuple[Entry, ...]]
    tests: tuple[Test, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries: that with the id i stands at i - 1."""
        return tuple(entry for section in self.sections.values() for entry in section)


def make_vocabulary(
    ontology: a.Ontology, prefixes: Mapping[str, str], queried: Sequence[IRI] = ()
) -> tuple[Vocabulary, tuple[Diagnostic, ...]]:
    """Return the vocabulary, and warnings; `queried` are the classes and properties with tests.

    Without any, these are all that others are below. Raises CompileError for what is no class and
    no property, and where nothing is named.
    """
    hierarchies = named_hierarchies(ontology)
    maker = _Maker(ontology, prefixes, queried, hierarchies.empty)
    maker.add("class", hierarchies.classes)
    maker.add("property", hierarchies.properties)
    maker.add("datatype", {})
    maker.add("individual", {})
    if maker.unknown:
        raise CompileError(*(_unknown(iri) for iri in maker.unknown))
    if not maker.ids:
        what = "the ontology names no class, property, datatype or individual"
        fix = "name one that does; files of shapes are given with --shapes"
        raise CompileError(Diagnostic(what, fix=fix))
    empty = (_empty(iri, ontology.entities.get(iri), why)
             for iri, why in hierarchies.empty.items())  # fmt: skip
    return Vocabulary(maker.sections, tuple(maker.tests)), (*maker.warnings, *empty)


@dataclass(slots=True)
class _Maker:
    """What has an id so far."""

    ontology: a.Ontology
    prefixes: Mapping[str, str]
    queried: Sequence[IRI]
    empty: Collection[IRI]
    unknown: list[IRI] = field(init=False)
    ids: dict[IRI, int] = field(default_factory=dict)
    sections: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    tests: list[Test] = field(default_factory=list)
    warnings: list[Diagnostic] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.unknown = list(dict.fromkeys(self.queried))

    def add(self, kind: str, above: Edges) -> None:
        """Give ids to the entities of a kind, and tests to some of them, in a hierarchy."""
        nodes = _members(self.ontology, kind)
        edges = {node: [upper for upper in above.get(node, ()) if upper in nodes]
                 for node in nodes}  # fmt: skip
        numbering = number(nodes, edges, self._asked(kind, edges))
        names = distinct([node.value for node in nodes], self.prefixes)
        entries = []
        for node in numbering.order:
            if node not in self.ids:
                self.ids[node] = len(self.ids) + 1
                entity = self.ontology.entities[node]
                name = names[node.value]
                entries.append(Entry(entity, self.ids[node], name, node in self.empty))
        self.sections[kind] = tuple(entries)
        numbers = [self.ids[node] for node in numbering.order]
        breaks = [place for place, (one, other) in enumerate(pairwise(numbers), 1)
                  if other != one + 1]  # fmt: skip
        for node, spans in numbering.spans.items():
            found = sorted(part for span in spans for part in _ids(span, numbers, breaks))
            self.tests.append(Test(kind, node, names[node.value], tuple(found)))

    def _asked(self, kind: str, edges: Edges) -> list[IRI]:
        """Return the nodes of a kind that get a test."""
        if kind not in _PLURALS:
            return []
        if self.queried:
            self.unknown = [iri for iri in self.unknown if iri not in edges]
            return [iri for iri in dict.fromkeys(self.queried) if iri in edges]
        asked = list(dict.fromkeys(upper for uppers in edges.values() for upper in uppers))
        if len(asked) > MAX_TESTS:
            what = f"{len(asked)} {_PLURALS[kind]} have others below them, and none gets a test"
            fix = "name those that need one with --queried"
            self.warnings.append(Diagnostic(what, None, fix, "warning", rule="many-tests"))
            return []
        return asked


def _members(ontology: a.Ontology, kind: str) -> dict[IRI, None]:
    """Return the entities of a kind; SHACL's own terms and mere shapes are none."""
    kinds = set(_KINDS[kind])
    found = {
        iri: None
        for iri, entity in ontology.entities.items()
        if not kinds.isdisjoint(entity.kinds) and not iri.value.startswith(SH)
    }
    if kind == "individual":
        types: dict[IRI, list[str]] = {}
        for fact in ontology.facts:
            if fact.predicate == _TYPE and fact.subject in found:
                types.setdefault(fact.subject, []).append(str(fact.value))
        for iri, names in types.items():
            if all(name.startswith(f"<{SH}") for name in names):
                del found[iri]
    return found


def _ids(span: Span, numbers: Sequence[int], breaks: Sequence[int]) -> list[Span]:
    """Return a span of places as spans of ids; at `breaks` the ids are not in a row."""
    first, last = span
    inside = breaks[bisect_left(breaks, first + 1) : bisect_left(breaks, last + 1)]
    starts = [first, *inside]
    ends = [place - 1 for place in inside] + [last]
    return [(numbers[s], numbers[e]) for s, e in zip(starts, ends, strict=True)]


def _empty(iri: IRI, entity: a.Entity | None, why: Proof) -> Diagnostic:
    what = f"the class {iri} can have no instance"
    notes = tuple(Note("it follows from this", step.origin) for step in why)
    where = entity.origin if entity is not None else why[0].origin  # owl:Thing is no entity
    return Diagnostic(what, where, "correct the axioms", "warning", notes, "empty-class")


def _unknown(iri: IRI) -> Diagnostic:
    what = f"--queried {iri.value}: the ontology has no such class or property"
    return Diagnostic(what, fix="give the IRI of one, or its prefixed name as the files write it")
