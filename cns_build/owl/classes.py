# SPDX-License-Identifier: Apache-2.0
"""The class hierarchy, with the expressions in it (scm-sco, scm-eqc, -int, -uni, -svf, -avf, -hv).

Each expression is a node. Restrictions are under each other by their fillers (`∃p.Cat ⊑
∃p.Animal` where `Cat ⊑ Animal`) and by their properties, which may bring fillers under each other
in turn, so that is repeated until nothing is new.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from cns_build.model import IRI, BlankNode, Node, Term
from cns_build.owl import axioms as a
from cns_build.owl.order import Edges, Order, nearest
from cns_build.owl.properties import Properties, same_entities
from cns_build.vocabulary import OWL

THING, NOTHING = IRI(OWL + "Thing"), IRI(OWL + "Nothing")

Restriction: TypeAlias = a.Some | a.Only | a.Has


@dataclass(frozen=True, slots=True)
class Monotone:
    """Why a restriction is under another: its filler or its property is under the other's.

    `number` is greater than those of the edges by which that is so.
    """

    lower: Restriction
    upper: Restriction
    number: int


ClassReason: TypeAlias = (
    a.SubClass | a.EquivalentClasses | a.DisjointUnion | a.Intersection | a.Union | a.Fact
    | Monotone
)  # fmt: skip
Classes: TypeAlias = Order[Node, ClassReason]

_Edges: TypeAlias = Edges[Node, ClassReason]
_Users: TypeAlias = list[tuple[Node, Restriction]]


def close_classes(ontology: a.Ontology, properties: Properties) -> Classes:
    """Return the order of all classes that axioms and expressions relate.

    That all are under owl:Thing, and owl:Nothing is under all, is left out.
    """
    edges: _Edges = Edges()
    for axiom in ontology.axioms:
        match axiom:
            case a.SubClass(lower, upper):
                edges.add(lower, upper, axiom)
            case a.EquivalentClasses(left, right):
                edges.add(left, right, axiom)
                edges.add(right, left, axiom)
            case a.DisjointUnion(whole, members):
                for member in members:
                    edges.add(member, whole, axiom)
    for left, right, fact in same_entities(ontology, ("class", "datatype")):
        edges.add(left, right, fact)
        edges.add(right, left, fact)
    for node, expression in all_expressions(ontology):
        match expression:
            case a.Intersection(members):
                for member in members:
                    edges.add(node, member, expression)
            case a.Union(members):
                for member in members:
                    edges.add(member, node, expression)
    _order_restrictions(ontology, properties, edges)
    return edges.order()


def all_expressions(ontology: a.Ontology) -> Iterator[tuple[Node, a.Expression]]:
    """Yield each expression with the node that it is of."""
    for node, expressions in ontology.expressions.items():
        for expression in expressions:
            yield node, expression


def parts_of(expression: a.Expression) -> tuple[Node, ...]:
    """Return the classes that an expression is made of."""
    match expression:
        case (
            a.Some(_, filler) | a.Only(_, filler) | a.Count(_, _, _, IRI() | BlankNode() as filler)
        ):
            return (filler,)
        case a.Intersection(members) | a.Union(members):
            return members
        case a.Complement(of):
            return (of,)
        case a.Faceted(datatype):
            return (datatype,)
    return ()


def filler_of(restriction: Restriction) -> Term:
    """Return the class or value of a restriction."""
    return restriction.value if isinstance(restriction, a.Has) else restriction.filler


def _order_restrictions(ontology: a.Ontology, properties: Properties, edges: _Edges) -> None:
    by_property: dict[tuple[type, a.Property], dict[Node, _Users]] = {}
    by_filler: dict[tuple[type, Term], dict[a.Property, _Users]] = {}
    for node, found in all_expressions(ontology):
        if isinstance(found, Restriction):
            users = by_filler.setdefault((type(found), filler_of(found)), {})
            users.setdefault(found.property, []).append((node, found))
            if not isinstance(found, a.Has):
                classes = by_property.setdefault((type(found), found.property), {})
                classes.setdefault(found.filler, []).append((node, found))
    for group in by_filler.values():
        _order_by_property(group, properties, edges)
    shared = [fillers for fillers in by_property.values() if len(fillers) > 1]
    new = True
    while new:
        new = False
        for fillers in shared:
            new |= _order_by_filler(fillers, edges)


def _order_by_property(
    group: Mapping[a.Property, _Users], properties: Properties, edges: _Edges
) -> None:
    """Put restrictions with one filler under each other."""
    for lower, users in group.items():
        for user in users[1:]:
            _link([user], users, edges)
            _link(users, [user], edges)
        over = properties.all_above(lower) if len(group) > 1 else ()
        for upper in group:
            if upper != lower and upper in over:
                falling = isinstance(users[0][1], a.Only)
                below, above = (upper, lower) if falling else (lower, upper)
                _link(group[below], group[above], edges)


def _order_by_filler(fillers: Mapping[Node, _Users], edges: _Edges) -> bool:
    """Put restrictions on one property under each other; return whether that is new."""
    new = False
    for lower, users in fillers.items():
        for upper in nearest(lower, edges.above, fillers):
            new |= _link(users, fillers[upper], edges)
        if THING in fillers:
            new |= _link(users, fillers[THING], edges)
        if NOTHING in fillers:
            new |= _link(fillers[NOTHING], users, edges)
    return new


def _link(lowers: _Users, uppers: _Users, edges: _Edges) -> bool:
    """Put the first of some equal restrictions under that of others."""
    (lower, narrow), (upper, wide) = lowers[0], uppers[0]
    return edges.add(lower, upper, Monotone(narrow, wide, edges.count))
