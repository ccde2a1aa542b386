# SPDX-License-Identifier: Apache-2.0
"""The class hierarchy, closed: who is a subclass of whom, and of what the known nodes are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cns_build.model import IRI, Node, ShapesGraph


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """`superclasses[c]` holds c and all its superclasses (RDFS closure, cycles allowed).

    `types[n]` are the classes that the files say n is an instance of, not closed.
    """

    superclasses: Mapping[Node, frozenset[Node]]
    types: Mapping[IRI, frozenset[Node]]

    def is_subclass(self, lower: Node, upper: Node) -> bool:
        """Whether `lower` is `upper` or one of its subclasses."""
        return lower == upper or upper in self.superclasses.get(lower, frozenset())

    def is_instance(self, node: IRI, upper: Node) -> bool:
        """Whether the files say that `node` is an instance of `upper` or of a subclass."""
        return any(self.is_subclass(c, upper) for c in self.types.get(node, ()))

    def subclasses(self, upper: Node) -> tuple[IRI, ...]:
        """Return `upper` and its named subclasses, sorted by IRI."""
        below = {c for c, above in self.superclasses.items() if upper in above} | {upper}
        return tuple(sorted(c for c in below if isinstance(c, IRI)))


def close(graph: ShapesGraph) -> Hierarchy:
    """Return the hierarchy of all files of one compilation."""
    above: dict[Node, set[Node]] = {}
    for lower, upper in graph.subclasses:
        above.setdefault(lower, set()).add(upper)
        above.setdefault(upper, set())
    types: dict[IRI, set[Node]] = {}
    for node, class_ in graph.instances:
        types.setdefault(node, set()).add(class_)
    return Hierarchy(
        {c: _reachable(c, above) for c in above},
        {n: frozenset(cs) for n, cs in types.items()},
    )


def _reachable(start: Node, above: Mapping[Node, Iterable[Node]]) -> frozenset[Node]:
    seen = {start}
    waiting = [start]
    while waiting:
        for upper in above.get(waiting.pop(), ()):
            if upper not in seen:
                seen.add(upper)
                waiting.append(upper)
    return frozenset(seen)
