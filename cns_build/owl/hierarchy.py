# SPDX-License-Identifier: Apache-2.0
"""The hierarchies of named classes and of named properties that axioms state."""

from __future__ import annotations

from cns_build.model import IRI
from cns_build.owl import axioms as a
from cns_build.owl.numbering import Edges


def classes_above(ontology: a.Ontology) -> Edges:
    """Return the named classes directly above each; equivalent ones are above each other."""
    above: dict[IRI, dict[IRI, None]] = {}
    for axiom in ontology.axioms:
        match axiom:
            case a.SubClass(IRI() as lower, IRI() as upper):
                above.setdefault(lower, {})[upper] = None
            case a.EquivalentClasses(IRI() as left, IRI() as right):
                above.setdefault(left, {})[right] = None
                above.setdefault(right, {})[left] = None
            case a.DisjointUnion(IRI() as whole, members):
                for member in members:
                    if isinstance(member, IRI):
                        above.setdefault(member, {})[whole] = None
    return {lower: tuple(uppers) for lower, uppers in above.items()}


def properties_above(ontology: a.Ontology) -> Edges:
    """Return the named properties directly above each; equivalent ones are above each other."""
    above: dict[IRI, dict[IRI, None]] = {}
    for axiom in ontology.axioms:
        match axiom:
            case a.SubProperty(IRI() as lower, IRI() as upper):
                above.setdefault(lower, {})[upper] = None
            case a.EquivalentProperties(IRI() as left, IRI() as right):
                above.setdefault(left, {})[right] = None
                above.setdefault(right, {})[left] = None
    return {lower: tuple(uppers) for lower, uppers in above.items()}
