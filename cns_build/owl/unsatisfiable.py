# SPDX-License-Identifier: Apache-2.0
"""Classes that can have no instance, and the axioms that make them so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TypeAlias

from cns_build.model import Node
from cns_build.owl import axioms as a
from cns_build.owl.classes import NOTHING, all_expressions
from cns_build.owl.closure import Closure
from cns_build.owl.why import Proof, why_subclass

Excluding: TypeAlias = a.DisjointClasses | a.DisjointUnion | a.Complement


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a class is empty: what it is under, what excludes that or needs more, what is empty."""

    above: tuple[Node, ...] = ()
    step: Excluding | a.Expression | None = None
    empty: tuple[Node, ...] = ()


Causes: TypeAlias = Mapping[Node, Cause]


def unsatisfiable(ontology: a.Ontology, closure: Closure) -> Causes:
    """Return the classes and expressions that can have no instance.

    They are under owl:Nothing, or under both sides of a disjointness or a complement, or made of
    such classes.
    """
    return _Search(ontology, closure).run()


def why_empty(closure: Closure, causes: Causes, class_: Node) -> Proof:
    """Return why one of `causes` can have no instance."""
    steps: list[a.Axiom | a.Expression | a.Fact] = []
    seen = {class_}
    waiting = [class_]
    while waiting:
        node = waiting.pop()
        cause = causes.get(node, Cause())  # owl:Nothing needs none
        for upper in cause.above:
            steps += why_subclass(closure, node, upper)
        if cause.step is not None:
            steps.append(cause.step)
        new = [each for each in cause.empty if each not in seen]
        seen.update(new)
        waiting += reversed(new)
    return tuple(dict.fromkeys(steps))


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


class _Clashes:
    """Classes that exclude each other, each with a bit: sets of them are numbers."""

    def __init__(self, excluding: Iterable[tuple[tuple[Node, ...], Excluding]]) -> None:
        self._bits: dict[Node, int] = {}
        self._others: dict[Node, list[tuple[int, Excluding]]] = {}
        self._found: dict[int, Cause | None] = {}
        for classes, reason in excluding:
            bits = [self._bits.setdefault(c, 1 << len(self._bits)) for c in classes]
            once, twice = 0, 0
            for bit in bits:
                once, twice = once | bit, twice | (once & bit)
            for class_, bit in zip(classes, bits, strict=True):
                others = once & ~bit | twice & bit
                self._others.setdefault(class_, []).append((others, reason))

    @property
    def classes(self) -> Iterable[Node]:
        """The classes that exclude others, or themselves."""
        return self._bits

    def mask(self, classes: Iterable[Node]) -> int:
        """Return the bits of some classes."""
        bits = (self._bits.get(class_, 0) for class_ in classes)
        return reduce(or_, bits, 0)

    def find(self, mask: int) -> Cause | None:
        """Return which of a set exclude each other, and why; None where none do."""
        if mask not in self._found:
            self._found[mask] = next(self._causes(mask), None)
        return self._found[mask]

    def _causes(self, mask: int) -> Iterator[Cause]:
        for class_, bit in self._bits.items():
            if mask & bit:
                for others, reason in self._others[class_]:
                    clash = mask & others
                    if clash:
                        lowest = clash & -clash
                        other = next(c for c, b in self._bits.items() if b == lowest)
                        yield Cause((class_, other), reason)


class _Search:
    def __init__(self, ontology: a.Ontology, closure: Closure) -> None:
        self._ontology = ontology
        self._classes = closure.classes
        self._found: dict[Node, Cause] = {}
        self._waiting: list[Node] = []
        self._users: dict[Node, list[tuple[Node, a.Expression]]] = {}

    def run(self) -> Causes:
        """Find those that are empty of themselves, then what these make empty."""
        self._add(NOTHING, Cause())
        self._exclude()
        for node, expression in all_expressions(self._ontology):
            for part in _needed(expression):
                self._users.setdefault(part, []).append((node, expression))
            if expression in (a.Union((), expression.origin), a.OneOf((), expression.origin)):
                self._add(node, Cause(step=expression))
        while self._waiting:
            self._spread(self._waiting.pop())
        del self._found[NOTHING]
        return self._found

    def _add(self, node: Node, cause: Cause) -> None:
        if node not in self._found:
            self._found[node] = cause
            self._waiting.append(node)

    def _exclude(self) -> None:
        """Find what is under two classes that exclude each other."""
        clashes = _Clashes(exclusions(self._ontology))
        over: dict[Node, int] = {}
        for component in self._classes.components():
            mask = clashes.mask(component)
            for node in component:
                for upper in self._classes.above.get(node, ()):
                    mask |= over.get(upper, 0)
            if mask:
                over |= dict.fromkeys(component, mask)
        for node in clashes.classes:
            over.setdefault(node, clashes.mask([node]))
        for node, mask in over.items():
            cause = clashes.find(mask)
            if cause is not None:
                self._add(node, cause)

    def _spread(self, empty: Node) -> None:
        """Find what is empty since a class is."""
        cause = self._found[empty]
        root = cause.above if cause.above == cause.empty and cause.above else (empty,)
        for lower in self._classes.below.get(empty, ()):
            self._add(lower, Cause(root, None, root))
        for node, expression in self._users.get(empty, ()):
            parts = expression.members if isinstance(expression, a.Union) else (empty,)
            if all(part in self._found for part in parts):
                self._add(node, Cause((), expression, parts))


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
