# SPDX-License-Identifier: Apache-2.0
"""The property hierarchy: properties and their inverses under each other (scm-spo, scm-eqp).

`p ⊑ q` also puts the inverse of p under that of q, so what follows by way of named inverses and of
symmetric properties, which are their own inverses, is found by walking.
"""

from __future__ import annotations

from typing import TypeAlias

from cns_build.model import IRI
from cns_build.owl import axioms as a
from cns_build.owl.order import Edges, Order
from cns_build.vocabulary import OWL

PropertyReason: TypeAlias = (
    a.SubProperty | a.EquivalentProperties | a.InverseProperties | a.Characteristic | a.Fact
    | a.PropertyChain
)  # fmt: skip
Properties: TypeAlias = Order[a.Property, PropertyReason]

_PROPERTIES = ("object property", "data property", "annotation property", "property")


def inverted(property_: a.Property) -> a.Property:
    """Return the inverse of a property; that of an inverse is the property itself."""
    return property_.property if isinstance(property_, a.Inverse) else a.Inverse(property_)


def close_properties(ontology: a.Ontology) -> Properties:
    """Return the order of all properties that axioms relate."""
    edges: Edges[a.Property, PropertyReason] = Edges()

    def put(lower: a.Property, upper: a.Property, reason: PropertyReason) -> None:
        edges.add(lower, upper, reason)
        edges.add(inverted(lower), inverted(upper), reason)

    for axiom in ontology.axioms:
        match axiom:
            case a.SubProperty(lower, upper):
                put(lower, upper, axiom)
            case a.PropertyChain((only,), upper):
                put(only, upper, axiom)
            case a.EquivalentProperties(left, right):
                put(left, right, axiom)
                put(right, left, axiom)
            case a.InverseProperties(left, right):
                put(left, inverted(right), axiom)
                put(inverted(right), left, axiom)
            case a.Characteristic(property_, "symmetric"):
                put(property_, inverted(property_), axiom)
    for left, right, fact in same_entities(ontology, _PROPERTIES):
        put(left, right, fact)
        put(right, left, fact)
    return edges.order()


def same_entities(ontology: a.Ontology, kinds: tuple[str, ...]) -> list[tuple[IRI, IRI, a.Fact]]:
    """Return the entities of a kind that the files say are the same (owl:sameAs)."""
    found = []
    for fact in ontology.facts:
        if fact.predicate.value == OWL + "sameAs":
            left, right = fact.subject, fact.value
            if isinstance(left, IRI) and isinstance(right, IRI):
                entities = (ontology.entities.get(iri) for iri in (left, right))
                if all(e and not set(kinds).isdisjoint(e.kinds) for e in entities):
                    found.append((left, right, fact))
    return found
