# SPDX-License-Identifier: Apache-2.0
"""What is under what: a preorder by its direct edges, each with the reason for it.

The closure of a deep hierarchy is quadratic, so it is not built: each question walks from one
element. Cycles are allowed, and their elements are equivalent.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Order(Generic[K, R]):
    """`above[x]` are the elements directly above x, with reasons; `below[x]` those below."""

    above: Mapping[K, Mapping[K, R]]
    below: Mapping[K, Collection[K]]

    def is_under(self, lower: K, upper: K) -> bool:
        """Whether `lower` is `upper` or under it."""
        return lower == upper or upper in reachable([lower], self.above)

    def all_above(self, lower: K) -> Set[K]:
        """Return `lower` and all above it."""
        return reachable([lower], self.above)

    def all_below(self, upper: K) -> Set[K]:
        """Return `upper` and all below it."""
        return reachable([upper], self.below)

    def equivalents(self, element: K) -> Set[K]:
        """Return `element` and what is both above and below it."""
        return self.all_above(element) & self.all_below(element)

    def cycles(self) -> list[tuple[K, ...]]:
        """Return the sets of two or more equivalent elements."""
        return [component for component in self.components() if len(component) > 1]

    def components(self) -> Iterator[tuple[K, ...]]:
        """Yield the sets of equivalent elements, those above first, by Tarjan's algorithm."""
        number: dict[K, int] = {}
        low: dict[K, int] = {}
        open_: dict[K, None] = {}
        for root in self.above:
            way = [(root, iter(self.above[root]))] if root not in number else []
            while way:
                at, uppers = way[-1]
                if at not in number:
                    number[at] = low[at] = len(number)
                    open_[at] = None
                for upper in uppers:
                    if upper not in number:
                        way.append((upper, iter(self.above.get(upper, ()))))
                        break
                    if upper in open_:
                        low[at] = min(low[at], number[upper])
                else:
                    way.pop()
                    if way:
                        low[way[-1][0]] = min(low[way[-1][0]], low[at])
                    if low[at] == number[at]:
                        yield _taken(open_, at)

    def path(
        self, lower: K, upper: K, usable: Callable[[R], bool] = lambda _: True
    ) -> tuple[R, ...] | None:
        """Return the reasons along a shortest way up, or None where there is no way.

        The way has edges only of which the reasons are usable.
        """
        came: dict[K, tuple[K, R]] = {}
        waiting = deque([lower])
        while waiting and upper not in came and lower != upper:
            at = waiting.popleft()
            for found, reason in self.above.get(at, {}).items():
                if found not in came and found != lower and usable(reason):
                    came[found] = at, reason
                    waiting.append(found)
        if lower != upper and upper not in came:
            return None
        reasons: list[R] = []
        at = upper
        while at != lower:
            at, reason = came[at]
            reasons.append(reason)
        return tuple(reversed(reasons))


class Edges(Generic[K, R]):
    """The edges of an order that is being made; the first reason for each counts."""

    def __init__(self) -> None:
        self.above: dict[K, dict[K, R]] = {}
        self.below: dict[K, dict[K, None]] = {}
        self.count = 0

    def add(self, lower: K, upper: K, reason: R) -> bool:
        """Put `lower` under `upper`; return whether that is a new edge."""
        uppers = self.above.setdefault(lower, {})
        if lower == upper or upper in uppers:
            return False
        uppers[upper] = reason
        self.count += 1
        self.below.setdefault(upper, {})[lower] = None
        return True

    def order(self) -> Order[K, R]:
        """Return the order, in which edges that are added later count too."""
        return Order(self.above, self.below)


def _taken(open_: dict[K, None], root: K) -> tuple[K, ...]:
    """Take what was opened from `root` on."""
    taken = []
    while root in open_:
        taken.append(open_.popitem()[0])
    return tuple(taken)


def reachable(starts: Iterable[K], edges: Mapping[K, Collection[K]]) -> Set[K]:
    """Return the elements that edges lead to, `starts` included, in the order of the walk."""
    seen = dict.fromkeys(starts)
    waiting = list(seen)
    while waiting:
        for found in edges.get(waiting.pop(), ()):
            if found not in seen:
                seen[found] = None
                waiting.append(found)
    return seen.keys()


def nearest(start: K, edges: Mapping[K, Collection[K]], wanted: Collection[K]) -> list[K]:
    """Return the wanted elements that are met first on each way along edges from `start`."""
    found: list[K] = []
    waiting = [start]
    seen = {start}
    while waiting:
        for element in edges.get(waiting.pop(), ()):
            if element not in seen:
                seen.add(element)
                (found if element in wanted else waiting).append(element)
    return found
