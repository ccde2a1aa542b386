# SPDX-License-Identifier: Apache-2.0
"""The rules of OWL 2 RL/RDF that speak of lists, each made into rules for the lists of a graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import TypeAlias

from rdflib import Variable
from rdflib.term import Node

from tests.owl.rules import Rule
from tests.owl.triples import Triple, Triples
from tests.reference.terms import OWL, RDF_TYPE, RDFS

_X, _Y = Variable("x"), Variable("y")
SAME_AS = OWL["sameAs"]
SUBCLASS = RDFS["subClassOf"]

Members: TypeAlias = list[Node]
Made: TypeAlias = Iterator[tuple[tuple[Triple, ...], tuple[Triple, ...]]]
"""Bodies and heads of rules."""


def _each_two_same(node: Node, members: Members, class_: str) -> Made:
    """eq-diff2, eq-diff3: the members are different from each other."""
    for left, right in combinations(members, 2):
        yield ((node, RDF_TYPE, OWL[class_]), (left, SAME_AS, right)), ()


def _eq_diff(node: Node, members: Members) -> Made:
    return _each_two_same(node, members, "AllDifferent")


def _prp_spo2(node: Node, members: Members) -> Made:
    """A chain of properties leads where `node` leads."""
    ends = [Variable(f"u{number}") for number in range(len(members) + 1)]
    body = tuple(zip(ends, members, ends[1:], strict=False))
    yield body, ((ends[0], node, ends[-1]),)


def _prp_adp(node: Node, members: Members) -> Made:
    for left, right in combinations(members, 2):
        all_ = (node, RDF_TYPE, OWL["AllDisjointProperties"])
        yield (all_, (_X, left, _Y), (_X, right, _Y)), ()


def _prp_key(node: Node, members: Members) -> Made:
    body: list[Triple] = [(_X, RDF_TYPE, node), (_Y, RDF_TYPE, node)]
    for number, member in enumerate(members):
        value = Variable(f"z{number}")
        body += [(_X, member, value), (_Y, member, value)]
    yield tuple(body), ((_X, SAME_AS, _Y),)


def _cls_int1(node: Node, members: Members) -> Made:
    yield tuple((_X, RDF_TYPE, member) for member in members), ((_X, RDF_TYPE, node),)


def _cls_int2(node: Node, members: Members) -> Made:
    yield ((_X, RDF_TYPE, node),), tuple((_X, RDF_TYPE, member) for member in members)


def _cls_uni(node: Node, members: Members) -> Made:
    for member in members:
        yield ((_X, RDF_TYPE, member),), ((_X, RDF_TYPE, node),)


def _cls_oo(node: Node, members: Members) -> Made:
    yield (), tuple((member, RDF_TYPE, node) for member in members)


def _cax_adc(node: Node, members: Members) -> Made:
    for left, right in combinations(members, 2):
        all_ = (node, RDF_TYPE, OWL["AllDisjointClasses"])
        yield (all_, (_X, RDF_TYPE, left), (_X, RDF_TYPE, right)), ()


def _scm_int(node: Node, members: Members) -> Made:
    yield (), tuple((node, SUBCLASS, member) for member in members)


def _scm_uni(node: Node, members: Members) -> Made:
    yield (), tuple((member, SUBCLASS, node) for member in members)


LIST_RULES: dict[str, tuple[Node, Callable[[Node, Members], Made]]] = {
    "eq-diff2": (OWL["members"], _eq_diff),
    "eq-diff3": (OWL["distinctMembers"], _eq_diff),
    "prp-spo2": (OWL["propertyChainAxiom"], _prp_spo2),
    "prp-adp": (OWL["members"], _prp_adp),
    "prp-key": (OWL["hasKey"], _prp_key),
    "cls-int1": (OWL["intersectionOf"], _cls_int1),
    "cls-int2": (OWL["intersectionOf"], _cls_int2),
    "cls-uni": (OWL["unionOf"], _cls_uni),
    "cls-oo": (OWL["oneOf"], _cls_oo),
    "cax-adc": (OWL["members"], _cax_adc),
    "scm-int": (OWL["intersectionOf"], _scm_int),
    "scm-uni": (OWL["unionOf"], _scm_uni),
}
"""By name: the predicate whose value is the list, and what the list becomes."""


def list_rules(graph: Triples) -> Iterator[Rule]:
    """The rules that the lists of the graph stand for; an empty list stands for none."""
    for name, (predicate, make) in LIST_RULES.items():
        for node, _, head in tuple(graph.find(None, predicate, None)):
            for members in graph.lists(head):
                if members:
                    yield from (Rule(name, body, made) for body, made in make(node, members))
