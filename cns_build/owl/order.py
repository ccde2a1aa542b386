# SPDX-License-Identifier: Apache-2.0
"""What is under what: a preorder by its direct edges, each with the reason for it.

The closure of a deep hierarchy is quadratic, so it is not built: each question walks from one
element. Cycles are allowed, and their elements are equivalent.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Set
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

    def path(self, lower: K, upper: K) -> tuple[tuple[K, R, K], ...] | None:
        """Return the edges of a shortest way up, or None where there is no way."""
        came: dict[K, tuple[K, R]] = {}
        waiting = deque([lower])
        while waiting and upper not in came and lower != upper:
            at = waiting.popleft()
            for found, reason in self.above.get(at, {}).items():
                if found not in came and found != lower:
                    came[found] = at, reason
                    waiting.append(found)
        if lower != upper and upper not in came:
            return None
        edges: list[tuple[K, R, K]] = []
        at = upper
        while at != lower:
            below, reason = came[at]
            edges.append((below, reason, at))
            at = below
        return tuple(reversed(edges))


class Edges(Generic[K, R]):
    """The edges of an order that is being made; the first reason for each counts."""

    def __init__(self) -> None:
        self.above: dict[K, dict[K, R]] = {}
        self.below: dict[K, dict[K, None]] = {}

    def add(self, lower: K, upper: K, reason: R) -> bool:
        """Put `lower` under `upper`; return whether that is a new edge."""
        uppers = self.above.setdefault(lower, {})
        if lower == upper or upper in uppers:
            return False
        uppers[upper] = reason
        self.below.setdefault(upper, {})[lower] = None
        return True

    def nearest(self, start: K, wanted: Collection[K]) -> Iterator[K]:
        """Yield the wanted elements above `start` that are met first on each way up."""
        waiting = [start]
        seen = {start}
        while waiting:
            for found in self.above.get(waiting.pop(), ()):
                if found not in seen:
                    seen.add(found)
                    if found in wanted:
                        yield found
                    else:
                        waiting.append(found)

    def order(self) -> Order[K, R]:
        """Return the order."""
        return Order(self.above, self.below)


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
