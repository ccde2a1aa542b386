# SPDX-License-Identifier: Apache-2.0
"""Classes that can have no instance, and the axioms that make them so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import TypeAlias

from cns_build.model import Node
from cns_build.owl import axioms as a
from cns_build.owl.classes import NOTHING, all_expressions
from cns_build.owl.closure import Closure
from cns_build.owl.why import Proof, why_subclass

Excluding: TypeAlias = a.DisjointClasses | a.DisjointUnion | a.Complement


def unsatisfiable(ontology: a.Ontology, closure: Closure) -> Mapping[Node, Proof]:
    """Return the classes and expressions that are empty, each with why.

    They are under owl:Nothing, or under both sides of a disjointness or a complement, or made of
    such classes.
    """
    return _Search(ontology, closure).run()


def exclusions(ontology: a.Ontology) -> Iterator[tuple[tuple[Node, ...], Excluding]]:
    """Yield the classes of which each two have no common instance, and why."""
    for axiom in ontology.axioms:
        if isinstance(axiom, a.DisjointClasses):
            yield axiom.classes, axiom
        elif isinstance(axiom, a.DisjointUnion):
            yield axiom.members, axiom
    for node, expression in all_expressions(ontology):
        if isinstance(expression, a.Complement):
            yield (node, expression.of), expression


class _Search:
    def __init__(self, ontology: a.Ontology, closure: Closure) -> None:
        self._ontology = ontology
        self._closure = closure
        self._below: dict[Node, Set[Node]] = {}
        self._found: dict[Node, Proof] = {}
        self._waiting: list[Node] = []
        self._users: dict[Node, list[tuple[Node, a.Expression]]] = {}

    def run(self) -> Mapping[Node, Proof]:
        """Find those that are empty of themselves, then what these make empty."""
        self._add(NOTHING, ())
        for classes, reason in exclusions(self._ontology):
            self._exclude(classes, reason)
        for node, expression in all_expressions(self._ontology):
            for part in _needed(expression):
                self._users.setdefault(part, []).append((node, expression))
            if expression in (a.Union((), expression.origin), a.OneOf((), expression.origin)):
                self._add(node, (expression,))
        while self._waiting:
            self._spread(self._waiting.pop())
        del self._found[NOTHING]
        return self._found

    def _add(self, node: Node, proof: Proof) -> None:
        if node not in self._found:
            self._found[node] = proof
            self._waiting.append(node)

    def _exclude(self, classes: Sequence[Node], reason: Excluding) -> None:
        """Find what is under two of some classes."""
        over: dict[Node, Node] = {}
        for class_ in classes:
            if class_ not in self._below:
                self._below[class_] = self._closure.classes.all_below(class_)
            below = self._below[class_]
            shared = [] if over.keys().isdisjoint(below) else [n for n in below if n in over]
            for node in shared:
                one = why_subclass(self._closure, node, over[node])
                self._add(node, (*one, *why_subclass(self._closure, node, class_), reason))
            over |= dict.fromkeys(below, class_)

    def _spread(self, empty: Node) -> None:
        """Find what is empty since a class is."""
        proof = self._found[empty]
        for lower in self._closure.classes.below.get(empty, ()):
            if lower not in self._found:
                self._add(lower, (*why_subclass(self._closure, lower, empty), *proof))
        for node, expression in self._users.get(empty, ()):
            parts = expression.members if isinstance(expression, a.Union) else (empty,)
            if all(part in self._found for part in parts):
                proofs = (step for part in parts for step in self._found[part])
                self._add(node, (expression, *proofs))


def _needed(expression: a.Expression) -> Iterable[Node]:
    """Return the classes without which an expression may be empty."""
    match expression:
        case a.Some(_, filler):
            return (filler,)
        case a.Count(_, int() as minimum, _, filler) if minimum > 0 and filler is not None:
            return (filler,)
        case a.Union(members):
            return members
    return ()
