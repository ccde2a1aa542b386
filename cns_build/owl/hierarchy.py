# SPDX-License-Identifier: Apache-2.0
"""The hierarchies of named classes and of named properties, without what has no name."""

from __future__ import annotations

from collections.abc import Mapping

from cns_build.model import IRI
from cns_build.owl import axioms as a
from cns_build.owl.classes import NOTHING, close_classes
from cns_build.owl.numbering import Edges
from cns_build.owl.order import K, Order, R
from cns_build.owl.properties import close_properties


def named_hierarchies(ontology: a.Ontology) -> tuple[Edges, Edges, frozenset[IRI]]:
    """Return what is directly above each class and each property, and the classes of nothing.

    Equivalent ones are above each other. Classes of nothing are under owl:Nothing.
    """
    properties = close_properties(ontology)
    classes = close_classes(ontology, properties)
    empty = frozenset(node for node in classes.all_below(NOTHING) if isinstance(node, IRI))
    return _named(classes), _named(properties), empty - {NOTHING}


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
