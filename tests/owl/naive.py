# SPDX-License-Identifier: Apache-2.0
"""Rules evaluated naively: all of them are tried on all facts until nothing is new.

Facts are (class, x) and (property, x, y). Terms are strings; those that begin with a quotation
mark are literals, compared by `value`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product

Fact = tuple[str, ...]
Rule = tuple[str, tuple[str, ...]]

SAME = "sameAs"


class Naive:
    """Facts, and what follows from them."""

    def __init__(self, rules: Iterable[Rule], facts: Iterable[Fact]) -> None:
        self.facts = set(facts)
        self._rules = list(rules)
        self._same: dict[str, set[str]] = {}
        while self._step():
            pass

    def _step(self) -> bool:
        before = len(self.facts)
        for op, operands in self._rules:
            found = list(_MEANINGS[op](self, *operands))
            self.facts |= {fact for fact in found if fact[0] != SAME or _may_be_same(fact)}
        self._merge()
        for relation, *terms in list(self.facts):
            self.facts |= {
                (relation, *ends) for ends in product(*(self._same.get(t, {t}) for t in terms))
            }
        return len(self.facts) > before

    def _merge(self) -> None:
        for relation, x, *rest in list(self.facts):
            if relation == SAME and _may_be_same((SAME, x, *rest)):
                group = self._same.get(x, {x}) | self._same.get(rest[0], {rest[0]})
                self._same |= dict.fromkeys(group, group)

    def of(self, class_: str) -> set[str]:
        """The instances of a class."""
        return {fact[1] for fact in self.facts if len(fact) == 2 and fact[0] == class_}

    def pairs(self, relation: str) -> list[tuple[str, str]]:
        """The pairs of a property."""
        return [(f[1], f[2]) for f in self.facts if len(f) == 3 and f[0] == relation]

    def literals(self) -> set[str]:
        """All literals in facts and rules, which is where a graph has its terms from."""
        of_rules = {term for _, operands in self._rules for term in operands}
        terms = of_rules.union(*(fact[1:] for fact in self.facts))
        return {term for term in terms if term.startswith('"')}

    def values(self, relation: str, x: str) -> set[str]:
        """What pairs of a property that begin with `x` end with, by value."""
        return {value(b) for a, b in self.pairs(relation) if a == x}


def value(term: str) -> str:
    """A literal of each value: here, numbers with zeros in front."""
    return '"' + (term[1:].lstrip("0") or "0") if term.startswith('"') else term


def _may_be_same(fact: Fact) -> bool:
    return not any(term.startswith('"') for term in fact[1:])


def _same(pairs: Iterable[tuple[str, str]]) -> Iterator[Fact]:
    for (x, y), (other, z) in product(pairs, repeat=2):
        if value(x) == value(other) and y != z:
            yield SAME, y, z


def _has(n: Naive, p: str, t: str, c: str) -> Iterator[Fact]:
    return ((c, x) for x, y in n.pairs(p) if value(y) == value(t))


def _at_most_one(n: Naive, c: str, p: str, d: str | None = None) -> Iterator[Fact]:
    counted = None if d is None else n.of(d)
    return _same(
        (x, y) for x, y in n.pairs(p) if x in n.of(c) and (counted is None or y in counted)
    )


def _key(n: Naive, c: str, *properties: str) -> Iterator[Fact]:
    for x, y in product(n.of(c), repeat=2):
        if x != y and all(n.values(p, x) & n.values(p, y) for p in properties):
            yield SAME, x, y


_MEANINGS: dict[str, Callable[..., Iterable[Fact]]] = {
    "SUBCLASS": lambda n, c, d: ((d, x) for x in n.of(c)),
    "INTERSECTION": lambda n, c, *ds: ((c, x) for x in set.intersection(*map(n.of, ds))),
    "DOMAIN": lambda n, p, c: ((c, x) for x, _ in n.pairs(p)),
    "RANGE": lambda n, p, c: ((c, y) for _, y in n.pairs(p)),
    "SOME": lambda n, p, c, d: ((d, x) for x, y in n.pairs(p) if y in n.of(c)),
    "ONLY": lambda n, c, p, d: ((d, y) for x, y in n.pairs(p) if x in n.of(c)),
    "HAS": _has,
    "GIVES": lambda n, c, p, t: ((p, x, t) for x in n.of(c)),
    "SUBPROPERTY": lambda n, p, q: ((q, x, y) for x, y in n.pairs(p)),
    "INVERSE": lambda n, p, q: ((q, y, x) for x, y in n.pairs(p)),
    "CHAIN": lambda n, p, q, r: (
        (r, x, z) for (x, y), (w, z) in product(n.pairs(p), n.pairs(q)) if y == w
    ),
    "MEMBER": lambda n, t, c: [(c, t), *((c, y) for y in n.literals() if value(y) == value(t))],
    "FUNCTIONAL": lambda n, p: _same(n.pairs(p)),
    "INVERSE_FUNCTIONAL": lambda n, p: _same((y, x) for x, y in n.pairs(p)),
    "AT_MOST_ONE": _at_most_one,
    "KEY": _key,
}
