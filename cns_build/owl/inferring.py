# SPDX-License-Identifier: Apache-2.0
"""The part of an ontology that infers where the rest is read as constraints.

ex:Parent owl:equivalentClass [ owl:someValuesFrom … ]     the restriction is under ex:Parent
ex:Dog rdfs:subClassOf ex:Animal                           infers
ex:Dog rdfs:subClassOf [ owl:maxCardinality 1 … ]          constrains
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

from cns_build.model import IRI, BlankNode, Node
from cns_build.owl import axioms as a
from cns_build.owl.classes import NOTHING
from cns_build.owl.reading import Reading

_INFERRING = (a.SubProperty, a.PropertyChain, a.EquivalentProperties, a.InverseProperties)
_KINDS = {"functional": "functional", "inverse functional": "inverseFunctional"}


def inferring_part(ontology: a.Ontology, reading: Reading) -> a.Ontology:
    """Return the ontology without the axioms that `constraints` reads."""
    expressions: dict[Node, tuple[a.Expression, ...]] = {}
    axioms = [kept for axiom in ontology.axioms for kept in _inferring(axiom, reading)]
    for node, found in ontology.expressions.items():
        if isinstance(node, BlankNode):
            expressions[node] = found
            continue
        for number, each in enumerate(found):
            definition = BlankNode(f"definition-{number}-{node.value}")
            expressions[definition] = (each,)
            axioms.append(a.SubClass(definition, node, each.origin))
    return replace(ontology, axioms=tuple(axioms), expressions=MappingProxyType(expressions))


def _inferring(axiom: a.Axiom, reading: Reading) -> Iterator[a.Axiom]:
    """Yield what an axiom infers: itself, a half of it, or nothing."""
    match axiom:
        case a.SubClass(_, IRI() as upper) if upper != NOTHING:
            yield axiom
        case a.EquivalentClasses(left, right, origin):
            for below, above in ((left, right), (right, left)):
                if isinstance(above, IRI):
                    yield a.SubClass(below, above, origin)
        case a.DisjointUnion(whole, members, origin):
            yield from (a.SubClass(member, whole, origin) for member in members)
        case a.Domain():
            yield from (axiom,) if "domain" in reading.infer else ()
        case a.Range():
            yield from (axiom,) if "range" in reading.infer else ()
        case a.Key():
            yield from (axiom,) if "hasKey" in reading.infer else ()
        case a.Characteristic(_, kind):
            constrains = kind in ("asymmetric", "irreflexive")
            if not constrains and _KINDS.get(kind, "") in ("", *reading.infer):
                yield axiom
        case _ if isinstance(axiom, _INFERRING):
            yield axiom
