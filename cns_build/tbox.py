# SPDX-License-Identifier: Apache-2.0
"""The class hierarchy of shapes: who is a subclass of whom, and of what the known nodes are.

SHACL asks for rdfs:subClassOf alone (2.1.3.1). What other axioms imply counts where a build reads
them: `ShapesGraph.subclasses` then has that too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from cns_build.model import IRI, Node, ShapesGraph
from cns_build.owl.order import Edges, Order, reachable


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """`types[n]` are the classes that the files say n is an instance of, not closed."""

    classes: Order[Node, None]
    types: Mapping[IRI, frozenset[Node]]

    def is_subclass(self, lower: Node, upper: Node) -> bool:
        """Whether `lower` is `upper` or one of its subclasses."""
        return self.classes.is_under(lower, upper)

    def superclasses(self, lower: Node) -> Set[Node]:
        """Return `lower` and all its superclasses."""
        return self.classes.all_above(lower)

    def subclasses(self, upper: Node) -> tuple[IRI, ...]:
        """Return `upper` and its named subclasses, sorted by IRI."""
        return self.all_subclasses([upper])

    def all_subclasses(self, uppers: Iterable[Node]) -> tuple[IRI, ...]:
        """Return the classes and their named subclasses, sorted by IRI."""
        found = reachable(uppers, self.classes.below)
        return tuple(sorted(c for c in found if isinstance(c, IRI)))

    def instances(self, upper: Node) -> frozenset[IRI]:
        """Return the nodes that the files say are instances of `upper` or of a subclass."""
        classes = self.classes.all_below(upper)
        return frozenset(n for n, types in self.types.items() if not types.isdisjoint(classes))


def close(graph: ShapesGraph) -> Hierarchy:
    """Return the hierarchy of all files of one compilation."""
    edges: Edges[Node, None] = Edges()
    for lower, upper in graph.subclasses:
        edges.add(lower, upper, None)
    types: dict[IRI, set[Node]] = {}
    for node, class_ in graph.instances:
        types.setdefault(node, set()).add(class_)
    return Hierarchy(edges.order(), {n: frozenset(cs) for n, cs in types.items()})
