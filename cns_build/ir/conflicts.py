# SPDX-License-Identifier: Apache-2.0
"""Constraints of axioms that exclude others on the same value, by what classes and datatypes mean.

sh:class ex:Cat,  sh:class ex:Person          where ex:Animal and ex:Person are disjoint
sh:hasValue ex:rex,  sh:class ex:Person       where ex:rex is an ex:Dog
sh:in ( "a" "b" ),  cns:valueSpace xsd:integer
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from cns_build import model as m
from cns_build import spaces
from cns_build.diagnostics import Diagnostic, Note
from cns_build.ir.sparql import term_text
from cns_build.tbox import Hierarchy


def conflicts(
    stated: Sequence[tuple[m.Node, m.Constraint]], graph: m.ShapesGraph, hierarchy: Hierarchy
) -> Iterator[Diagnostic]:
    """Yield an error for each two that no value satisfies, with both places.

    Each constraint comes with its shape: one of the two is of a shape that an axiom became.
    """
    finder = _Finder(graph, hierarchy)
    for (shape, one), (other, two) in combinations(stated, 2):
        if shape in graph.of_axioms or other in graph.of_axioms:
            yield from finder.of(one, two)
            yield from finder.of(two, one)


class _Finder:
    def __init__(self, graph: m.ShapesGraph, hierarchy: Hierarchy) -> None:
        self._graph = graph
        self._hierarchy = hierarchy

    def of(self, one: m.Constraint, two: m.Constraint) -> Iterator[Diagnostic]:
        match one, two:
            case m.ClassConstraint(m.IRI() as left), m.ClassConstraint(m.IRI() as right):
                if left <= right:  # each pair is asked both ways
                    yield from self._classes((left,), right, one, two)
            case m.HasValue(m.IRI() as value), m.ClassConstraint(m.IRI() as class_):
                types = self._hierarchy.types.get(value, ())
                named = [type_ for type_ in types if isinstance(type_, m.IRI)]
                yield from self._classes(named, class_, one, two)
            case m.HasValue(m.Literal() as value), m.ClassConstraint(class_):
                yield self._said(f"{self._name(value)} is a literal, and in no class", two, one)
            case m.HasValue(value), m.ValueSpace(datatype):
                if not _is_of(value, datatype):
                    name = self._name(datatype)
                    yield self._said(f"{self._name(value)} is no value of {name}", two, one)
            case m.In(values), m.ValueSpace(datatype) if values:
                if not any(_is_of(value, datatype) for value in values):
                    name = self._name(datatype)
                    yield self._said(f"no member of sh:in is a value of {name}", two, one)
            case m.NodeKind(kind), m.ClassConstraint() if kind == "Literal":
                yield self._said("a literal is in no class", two, one)
            case m.NodeKind(kind), m.ValueSpace() | m.Datatype() if "Literal" not in kind:
                yield self._said("only a literal has a datatype", two, one)
            case m.ClassConstraint(class_), m.ValueSpace() | m.Datatype():
                what = f"no literal is in a class, such as {self._name(class_)}"
                yield self._said(what, two, one)

    def _classes(
        self, lefts: Iterable[m.IRI], right: m.IRI, one: m.Constraint, two: m.Constraint
    ) -> Iterator[Diagnostic]:
        for left in lefts:
            for first, second, origin in self._graph.disjoint:
                for a, b in ((first, second), (second, first)):
                    below = self._hierarchy.is_subclass
                    if below(left, a) and below(right, b):
                        names = f"{self._name(first)} and {self._name(second)} are disjoint"
                        what = f"no value is as both demand: {names}"
                        yield self._said(what, two, one, Note(names, origin))
                        return

    def _said(self, what: str, two: m.Constraint, one: m.Constraint, *notes: Note) -> Diagnostic:
        return Diagnostic(
            what,
            two.origin,
            "change one of them, or pass --waive contradiction to report every value",
            notes=(Note("the other one is here", one.origin), *notes),
            rule="contradiction",
        )

    def _name(self, term: m.Term) -> str:
        return term_text(term, self._graph.prefixes)


def _is_of(term: m.Term, datatype: m.IRI) -> bool:
    return isinstance(term, m.Literal) and spaces.has_value(datatype, term)
