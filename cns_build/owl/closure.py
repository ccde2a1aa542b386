# SPDX-License-Identifier: Apache-2.0
"""What follows from the axioms alone: the schema, closed by OWL 2 RL's rules about it (scm-*).

`close` is done once, at compile time. What depends on data becomes rules (rules_of.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeAlias

from cns_build.garbage import uncollected
from cns_build.model import Node
from cns_build.owl import axioms as a
from cns_build.owl.classes import Classes, close_classes
from cns_build.owl.properties import Properties, close_properties, inverted

Ends: TypeAlias = Mapping[Node, a.Domain | a.Range]


@dataclass(frozen=True, slots=True)
class Closure:
    """The orders of classes and properties, and what the ends of properties are.

    `domains` are as stated, and those of an inverse are the ranges of the property.
    """

    classes: Classes
    properties: Properties
    domains: Mapping[a.Property, Ends]

    def domains_of(self, property_: a.Property) -> Mapping[Node, a.Domain | a.Range]:
        """Return the domains of a property and of those above it (scm-dom2, scm-rng2)."""
        found: dict[Node, a.Domain | a.Range] = {}
        for upper in self.properties.all_above(property_):
            found |= self.domains.get(upper, {})
        return found

    def ranges_of(self, property_: a.Property) -> Mapping[Node, a.Domain | a.Range]:
        """Return the ranges of a property and of those above it."""
        return self.domains_of(inverted(property_))


def close(ontology: a.Ontology) -> Closure:
    """Return what follows from the axioms of an ontology about its classes and properties."""
    with uncollected():
        properties = close_properties(ontology)
        return Closure(close_classes(ontology, properties), properties, _domains(ontology))


def rdfs_part(ontology: a.Ontology) -> a.Ontology:
    """Return what RDFS reads of an ontology: in it, the classes of expressions mean nothing."""
    axioms = (a.SubClass, a.SubProperty, a.Domain, a.Range)
    kept = tuple(axiom for axiom in ontology.axioms if isinstance(axiom, axioms))
    return replace(ontology, axioms=kept, expressions=MappingProxyType({}))


def _domains(ontology: a.Ontology) -> Mapping[a.Property, Ends]:
    found: dict[a.Property, dict[Node, a.Domain | a.Range]] = {}
    for axiom in ontology.axioms:
        match axiom:
            case a.Domain(property_, class_):
                found.setdefault(property_, {}).setdefault(class_, axiom)
            case a.Range(property_, class_):
                found.setdefault(inverted(property_), {}).setdefault(class_, axiom)
    return found
