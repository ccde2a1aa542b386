# SPDX-License-Identifier: Apache-2.0
"""The class hierarchy: who is a subclass of whom, and of what the known nodes are.

The closure of a deep hierarchy is quadratic, so it is not built: each question walks from one
class, over the direct subclass triples. Cycles are allowed (RDFS).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from cns_build.model import IRI, Node, ShapesGraph

_Edges = Mapping[Node, Collection[Node]]


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """`above[c]` and `below[c]` are the direct superclasses and subclasses of c.

    `types[n]` are the classes that the files say n is an instance of, not closed.
    """

    above: _Edges
    below: _Edges
    types: Mapping[IRI, frozenset[Node]]

    def is_subclass(self, lower: Node, upper: Node) -> bool:
        """Whether `lower` is `upper` or one of its subclasses."""
        return lower == upper or upper in _reachable([lower], self.above)

    def superclasses(self, lower: Node) -> frozenset[Node]:
        """Return `lower` and all its superclasses."""
        return _reachable([lower], self.above)

    def subclasses(self, upper: Node) -> tuple[IRI, ...]:
        """Return `upper` and its named subclasses, sorted by IRI."""
        return self.all_subclasses([upper])

    def all_subclasses(self, uppers: Iterable[Node]) -> tuple[IRI, ...]:
        """Return the classes and their named subclasses, sorted by IRI."""
        return tuple(sorted(c for c in _reachable(uppers, self.below) if isinstance(c, IRI)))

    def instances(self, upper: Node) -> frozenset[IRI]:
        """Return the nodes that the files say are instances of `upper` or of a subclass."""
        classes = _reachable([upper], self.below)
        return frozenset(n for n, types in self.types.items() if not classes.isdisjoint(types))


def close(graph: ShapesGraph) -> Hierarchy:
    """Return the hierarchy of all files of one compilation."""
    above: dict[Node, dict[Node, None]] = {}
    below: dict[Node, dict[Node, None]] = {}
    for lower, upper in graph.subclasses:
        above.setdefault(lower, {})[upper] = None
        below.setdefault(upper, {})[lower] = None
    types: dict[IRI, set[Node]] = {}
    for node, class_ in graph.instances:
        types.setdefault(node, set()).add(class_)
    return Hierarchy(above, below, {n: frozenset(cs) for n, cs in types.items()})


def _reachable(starts: Iterable[Node], edges: _Edges) -> frozenset[Node]:
    waiting = list(starts)
    seen = set(waiting)
    while waiting:
        for found in edges.get(waiting.pop(), ()):
            if found not in seen:
                seen.add(found)
                waiting.append(found)
    return frozenset(seen)
