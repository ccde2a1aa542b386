# SPDX-License-Identifier: Apache-2.0
"""The hierarchies of named classes and of named properties, without what has no name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cns_build.model import IRI
from cns_build.owl import axioms as a
from cns_build.owl.closure import close
from cns_build.owl.numbering import Edges
from cns_build.owl.order import K, Order, R
from cns_build.owl.unsatisfiable import unsatisfiable, why_empty
from cns_build.owl.why import Proof


@dataclass(frozen=True, slots=True)
class Hierarchies:
    """What is directly above each named class and property; equivalent ones are above each other.

    `empty` are the named classes that can have no instance, and why.
    """

    classes: Edges
    properties: Edges
    empty: Mapping[IRI, Proof]


def named_hierarchies(ontology: a.Ontology) -> Hierarchies:
    """Return what follows from axioms about what has a name."""
    closure = close(ontology)
    causes = unsatisfiable(ontology, closure)
    empty = {node: why_empty(closure, causes, node) for node in causes if isinstance(node, IRI)}
    return Hierarchies(_named(closure.classes), _named(closure.properties), empty)


def _named(order: Order[K, R]) -> Edges:
    """Return the nearest named elements above each; ways lead through those without a name."""
    return {node: _nearest(node, order.above) for node in order.above if isinstance(node, IRI)}


def _nearest(start: K, above: Mapping[K, Mapping[K, R]]) -> list[IRI]:
    found: dict[IRI, None] = {}
    waiting = [start]
    seen = {start}
    while waiting:
        for upper in above.get(waiting.pop(), ()):
            if isinstance(upper, IRI):
                found[upper] = None
            elif upper not in seen:
                seen.add(upper)
                waiting.append(upper)
    return list(found)
