# SPDX-License-Identifier: Apache-2.0
"""Sets of triples that patterns are looked up in, and the triples of files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TypeAlias

from rdflib import BNode, Variable
from rdflib.term import Node

from tests.reference.terms import RDF_FIRST, RDF_NIL, RDF_REST

Triple: TypeAlias = tuple[Node, Node, Node]
"""Generalized: a literal may be a subject. A pattern is a triple in which variables occur."""

Binding: TypeAlias = dict[Node, Node]


class Triples:
    """A set of triples, in the order in which they came, with an index for each pattern."""

    def __init__(self, triples: Iterable[Triple] = ()) -> None:
        self._index: dict[tuple[Node | None, Node | None, Node | None], dict[Triple, None]] = {}
        for triple in triples:
            self.add(triple)

    def add(self, triple: Triple) -> bool:
        """Add a triple; return whether it is new."""
        if triple in self:
            return False
        s, p, o = triple
        for subject in (s, None):
            for predicate in (p, None):
                for value in (o, None):
                    self._index.setdefault((subject, predicate, value), {})[triple] = None
        return True

    def __contains__(self, triple: Triple) -> bool:
        return triple in self._index

    def __iter__(self) -> Iterator[Triple]:
        return iter(self._index.get((None, None, None), ()))

    def find(self, s: Node | None, p: Node | None, o: Node | None) -> Collection[Triple]:
        """The triples with these terms; None stands for any."""
        return self._index.get((s, p, o), {}).keys()

    def lists(self, head: Node, above: frozenset[Node] = frozenset()) -> Iterator[list[Node]]:
        """The members of each list that starts at `head`: a cell may have several contents."""
        if head == RDF_NIL:
            yield []
        for _, _, rest in tuple(self.find(head, RDF_REST, None)):
            if rest in above or rest == head:
                continue
            for tail in self.lists(rest, above | {head}):
                for _, _, first in tuple(self.find(head, RDF_FIRST, None)):
                    yield [first, *tail]

    def join(self, patterns: Collection[Triple], binding: Binding) -> Iterator[Binding]:
        """The ways to bind the other variables such that all patterns are triples of the set."""
        if not patterns:
            yield binding
            return
        found, chosen = min(
            ((self._matches(pattern, binding), pattern) for pattern in patterns),
            key=lambda choice: len(choice[0]),
        )
        rest = [pattern for pattern in patterns if pattern is not chosen]
        for triple in tuple(found):
            extended = unify(chosen, triple, binding)
            if extended is not None:
                yield from self.join(rest, extended)

    def _matches(self, pattern: Triple, binding: Binding) -> Collection[Triple]:
        s, p, o = substitute(pattern, binding)
        return self.find(
            None if isinstance(s, Variable) else s,
            None if isinstance(p, Variable) else p,
            None if isinstance(o, Variable) else o,
        )

    def entails(self, triples: Iterable[Triple]) -> bool:
        """Whether the triples are in the set, for some choice of what their blank nodes are."""
        patterns = [_with_variables(triple) for triple in triples]
        return next(self.join(patterns, {}), None) is not None


def unify(pattern: Triple, triple: Triple, binding: Binding) -> Binding | None:
    """The binding with which the pattern is the triple, or None."""
    extended = dict(binding)
    for asked, term in zip(pattern, triple, strict=True):
        if isinstance(asked, Variable):
            asked = extended.setdefault(asked, term)
        if asked is not term and asked != term:
            return None
    return extended


def substitute(pattern: Triple, binding: Binding) -> Triple:
    """The pattern with variables replaced by what they are bound to."""
    s, p, o = pattern
    return binding.get(s, s), binding.get(p, p), binding.get(o, o)


def _with_variables(triple: Triple) -> Triple:
    s, p, o = (Variable(f"b{term}") if isinstance(term, BNode) else term for term in triple)
    return s, p, o
