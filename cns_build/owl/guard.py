# SPDX-License-Identifier: Apache-2.0
"""What data may say about the schema, which was closed before the data were there.

Data may repeat what is stated or follows, and may put classes under others, unless that could put
restrictions under others that have been compared already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import permutations

from cns_build.model import IRI, Node
from cns_build.owl import axioms as a
from cns_build.owl.classes import THING, all_expressions
from cns_build.owl.closure import Closure
from cns_build.owl.order import reachable
from cns_build.owl.rules import Triple
from cns_build.vocabulary import OWL, RDF, RDFS

_TYPE = IRI(RDF + "type")
_SUBCLASS_OF, _SUBPROPERTY_OF = IRI(RDFS + "subClassOf"), IRI(RDFS + "subPropertyOf")
_DOMAIN, _RANGE = IRI(RDFS + "domain"), IRI(RDFS + "range")
_EQUIVALENT_CLASS = IRI(OWL + "equivalentClass")
_EQUIVALENT_PROPERTY = IRI(OWL + "equivalentProperty")
_INVERSE_OF = IRI(OWL + "inverseOf")
_DISJOINT_CLASS = IRI(OWL + "disjointWith")
_DISJOINT_PROPERTY = IRI(OWL + "propertyDisjointWith")
_KINDS = {kind: IRI(OWL + name) for name, kind in a.CHARACTERISTICS.items()}

_RDFS_GUARDED = (_SUBPROPERTY_OF, _DOMAIN, _RANGE)
_OWL_GUARDED = (
    *_RDFS_GUARDED,
    *(_EQUIVALENT_CLASS, _EQUIVALENT_PROPERTY, _INVERSE_OF, _DISJOINT_CLASS, _DISJOINT_PROPERTY),
    *_KINDS.values(),
    *(
        IRI(OWL + name)
        for name in (
            *("AllDisjointClasses", "AllDisjointProperties", "AllDifferent"),
            *("NegativePropertyAssertion", "allValuesFrom", "complementOf"),
            *("datatypeComplementOf", "disjointUnionOf", "hasKey", "hasSelf", "hasValue"),
            *("intersectionOf", "maxCardinality", "maxQualifiedCardinality", "oneOf"),
            *("onProperty", "propertyChainAxiom", "someValuesFrom", "sourceIndividual"),
            *("unionOf", "withRestrictions"),
        )
    ),
)


_MOST_EQUIVALENT = 100
"""Classes that are all the same, of which each two are listed; of more, what is stated."""


def guarded(inference: str) -> tuple[IRI, ...]:
    """Return the predicates and classes with which data would say something of the schema."""
    return _RDFS_GUARDED if inference == "rdfs" else _OWL_GUARDED


def sealed_classes(ontology: a.Ontology, closure: Closure) -> tuple[Node, ...]:
    """Return the classes over which data may put none: restrictions are ordered by them."""
    fillers: dict[tuple[type, a.Property], dict[Node, None]] = {}
    for _, found in all_expressions(ontology):
        if isinstance(found, a.Some | a.Only):
            fillers.setdefault((type(found), found.property), {})[found.filler] = None
    compared = {c for classes in fillers.values() if len(classes) > 1 for c in classes}
    sealed = {above for class_ in compared for above in closure.classes.all_above(class_)}
    return tuple(sorted(c for c in sealed if isinstance(c, IRI) and c != THING))


def schema_of(ontology: a.Ontology, closure: Closure) -> tuple[Triple, ...]:
    """Return the triples about named classes and properties that are stated or follow.

    Of subclass triples, those of sealed classes: data may state others anyway.
    """
    found: dict[Triple, None] = {}
    for class_ in sealed_classes(ontology, closure):
        for upper in (*_named(closure.classes.all_above(class_)), THING):
            found[class_, _SUBCLASS_OF, upper] = None
    for cycle in closure.classes.cycles():
        if len(cycle) <= _MOST_EQUIVALENT:
            for left, right in permutations(_named(cycle), 2):
                found[left, _EQUIVALENT_CLASS, right] = None
    properties = (i for i, entity in ontology.entities.items() if _is_property(entity))
    for property_ in sorted(properties):
        found |= dict.fromkeys(_of_property(property_, closure))
    for axiom in ontology.axioms:
        found |= dict.fromkeys(_stated(axiom))
    return tuple(found)


def _is_property(entity: a.Entity) -> bool:
    return any(kind.endswith("property") for kind in entity.kinds)


def _named(elements: Iterable[object]) -> list[IRI]:
    return sorted(element for element in elements if isinstance(element, IRI))


def _of_property(property_: IRI, closure: Closure) -> Iterator[Triple]:
    for upper in _named(closure.properties.all_above(property_)):
        yield property_, _SUBPROPERTY_OF, upper
    for same in _named(closure.properties.equivalents(property_)):
        yield property_, _EQUIVALENT_PROPERTY, same
    for other in _named(closure.properties.equivalents(a.Inverse(property_))):
        yield property_, _INVERSE_OF, other
    ends = ((_DOMAIN, closure.domains_of), (_RANGE, closure.ranges_of))
    for predicate, classes_of in ends:
        classes = reachable(classes_of(property_), closure.classes.above)
        for class_ in _named(classes):
            yield property_, predicate, class_


def _stated(axiom: a.Axiom) -> Iterator[Triple]:
    match axiom:
        case a.Characteristic(IRI() as property_, kind):
            yield property_, _TYPE, _KINDS[kind]
        case a.EquivalentClasses(IRI() as left, IRI() as right):
            yield left, _EQUIVALENT_CLASS, right
            yield right, _EQUIVALENT_CLASS, left
        case a.DisjointClasses((IRI(), IRI()) as pair):
            for left, right in permutations(_named(pair)):
                yield left, _DISJOINT_CLASS, right
        case a.DisjointProperties((IRI(), IRI()) as both):
            for one, other in permutations(_named(both)):
                yield one, _DISJOINT_PROPERTY, other
