# SPDX-License-Identifier: Apache-2.0
"""What ontologies state: axioms over classes and properties, expressions, entities and facts.

OWL 2 as RDF graphs write it (OWL 2 Mapping to RDF Graphs), RDFS being a part of it. A class is a
node: an IRI, or the blank node of an expression; `Ontology.expressions` says what such a node
means, and a named class may have expressions too. Data ranges are nodes in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from cns_build.model import IRI, Literal, Node, Origin, Term


@dataclass(frozen=True, slots=True)
class Inverse:
    """A property read from objects to subjects."""

    property: IRI

    def __str__(self) -> str:
        return f"inverse of {self.property}"


Property: TypeAlias = IRI | Inverse


# Expressions: what the node that they are of has as instances


@dataclass(frozen=True, slots=True)
class Some:
    """`owl:someValuesFrom`: what has a value in `filler`."""

    property: Property
    filler: Node
    origin: Origin


@dataclass(frozen=True, slots=True)
class Only:
    """`owl:allValuesFrom`: what has no value outside `filler`."""

    property: Property
    filler: Node
    origin: Origin


@dataclass(frozen=True, slots=True)
class Has:
    """`owl:hasValue`."""

    property: Property
    value: Term
    origin: Origin


@dataclass(frozen=True, slots=True)
class HasSelf:
    """`owl:hasSelf true`: what has itself as a value."""

    property: Property
    origin: Origin


@dataclass(frozen=True, slots=True)
class Count:
    """Cardinalities; of values in `filler` where that is a class (`owl:onClass`, …)."""

    property: Property
    minimum: int | None
    maximum: int | None
    filler: Node | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Intersection:
    """`owl:intersectionOf`."""

    members: tuple[Node, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Union:
    """`owl:unionOf`."""

    members: tuple[Node, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Complement:
    """`owl:complementOf`, or `owl:datatypeComplementOf`."""

    of: Node
    origin: Origin


@dataclass(frozen=True, slots=True)
class OneOf:
    """`owl:oneOf`: individuals, or literals."""

    values: tuple[Term, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Faceted:
    """A datatype with `owl:withRestrictions`: facets by IRI, such as xsd:minInclusive."""

    datatype: IRI
    facets: tuple[tuple[IRI, Literal], ...]
    origin: Origin


Expression: TypeAlias = (
    Some | Only | Has | HasSelf | Count | Intersection | Union | Complement | OneOf | Faceted
)


# Axioms


@dataclass(frozen=True, slots=True)
class SubClass:
    """`rdfs:subClassOf`."""

    lower: Node
    upper: Node
    origin: Origin


@dataclass(frozen=True, slots=True)
class EquivalentClasses:
    """`owl:equivalentClass`, for datatypes too."""

    left: Node
    right: Node
    origin: Origin


@dataclass(frozen=True, slots=True)
class DisjointClasses:
    """`owl:disjointWith` and `owl:AllDisjointClasses`: each two of `classes`."""

    classes: tuple[Node, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class DisjointUnion:
    """`owl:disjointUnionOf`: the members are disjoint, and `whole` is their union."""

    whole: Node
    members: tuple[Node, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class SubProperty:
    """`rdfs:subPropertyOf`."""

    lower: Property
    upper: Property
    origin: Origin


@dataclass(frozen=True, slots=True)
class PropertyChain:
    """`owl:propertyChainAxiom`: one after the other, they lead where `upper` leads."""

    properties: tuple[Property, ...]
    upper: Property
    origin: Origin


@dataclass(frozen=True, slots=True)
class EquivalentProperties:
    """`owl:equivalentProperty`."""

    left: Property
    right: Property
    origin: Origin


@dataclass(frozen=True, slots=True)
class InverseProperties:
    """`owl:inverseOf` between named properties."""

    left: Property
    right: Property
    origin: Origin


@dataclass(frozen=True, slots=True)
class DisjointProperties:
    """`owl:propertyDisjointWith` and `owl:AllDisjointProperties`: each two of them."""

    properties: tuple[Property, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Domain:
    """`rdfs:domain`."""

    property: Property
    class_: Node
    origin: Origin


@dataclass(frozen=True, slots=True)
class Range:
    """`rdfs:range`: a class, or a data range."""

    property: Property
    class_: Node
    origin: Origin


@dataclass(frozen=True, slots=True)
class Characteristic:
    """What a property is: `kind` is one of CHARACTERISTICS."""

    property: Property
    kind: str
    origin: Origin


CHARACTERISTICS = {
    "FunctionalProperty": "functional",
    "InverseFunctionalProperty": "inverse functional",
    "TransitiveProperty": "transitive",
    "SymmetricProperty": "symmetric",
    "AsymmetricProperty": "asymmetric",
    "ReflexiveProperty": "reflexive",
    "IrreflexiveProperty": "irreflexive",
}
"""Local names in OWL's namespace, and the kinds of Characteristic that they stand for."""


@dataclass(frozen=True, slots=True)
class Key:
    """`owl:hasKey`: instances that agree in a value of each property are the same."""

    class_: Node
    properties: tuple[Property, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Different:
    """`owl:differentFrom` and `owl:AllDifferent`: each two of `individuals`."""

    individuals: tuple[Node, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class NegativeFact:
    """`owl:NegativePropertyAssertion`: the triple does not hold."""

    subject: Node
    property: Property
    value: Term
    origin: Origin


Axiom: TypeAlias = (
    SubClass
    | EquivalentClasses
    | DisjointClasses
    | DisjointUnion
    | SubProperty
    | PropertyChain
    | EquivalentProperties
    | InverseProperties
    | DisjointProperties
    | Domain
    | Range
    | Characteristic
    | Key
    | Different
    | NegativeFact
)


# Ontologies


class Fact(NamedTuple):
    """A triple that is no axiom: about individuals, owl:sameAs included, or an annotation."""

    subject: Node
    predicate: IRI
    value: Term
    origin: Origin


KINDS = ("class", "datatype", "object property", "data property", "annotation property",
         "property", "individual")  # fmt: skip
"""What an entity may be, several at once (punning). `property` is one of unknown kind."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A named class, property, datatype or individual; `kinds` are in the order of KINDS."""

    iri: IRI
    kinds: tuple[str, ...]
    labels: tuple[Literal, ...]
    comments: tuple[Literal, ...]
    deprecated: bool
    origin: Origin


@dataclass(frozen=True, slots=True)
class Ontology:
    """What the files of one compilation state, in their order.

    `entities` are those that the files declare or use in an axiom. `names` are the IRIs by which
    the files call themselves ontologies.
    """

    axioms: tuple[Axiom, ...]
    expressions: Mapping[Node, tuple[Expression, ...]]
    entities: Mapping[IRI, Entity]
    facts: tuple[Fact, ...]
    names: tuple[IRI, ...]
