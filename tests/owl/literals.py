# SPDX-License-Identifier: Apache-2.0
"""The rules that speak of literals and datatypes: table 8 of OWL 2 RL/RDF, and D-entailment.

They hold of all literals there are, and are made for those that occur.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import product

from rdflib import Literal, URIRef, Variable

from tests.owl.datatypes import KNOWN, contains, value
from tests.owl.rules import Rule
from tests.owl.triples import Triple
from tests.reference.terms import OWL, RDF_TYPE, RDFS, datatype_of


def _fact(name: str, triple: Triple) -> Rule:
    return Rule(name, (), (triple,))


def datatype_rules(datatypes: Collection[URIRef]) -> Iterator[Rule]:
    """dt-type1, which RDFS calls rdfs1."""
    for datatype in sorted(datatypes):
        yield _fact("dt-type1", (datatype, RDF_TYPE, RDFS["Datatype"]))


def literal_rules(literals: Collection[Literal], datatypes: Collection[URIRef]) -> Iterator[Rule]:
    """dt-type2, dt-eq, dt-diff and dt-not-type for the literals that occur."""
    yield from _type_rules(literals, datatypes)
    for left, right, same in _pairs(literals, datatypes):
        name, predicate = ("dt-eq", "sameAs") if same else ("dt-diff", "differentFrom")
        yield _fact(name, (left, OWL[predicate], right))


def recognized_rules(
    literals: Collection[Literal], datatypes: Collection[URIRef]
) -> Iterator[Rule]:
    """What RDF says of the literals that occur, without equality as a property."""
    yield from _type_rules(literals, datatypes)
    subject, predicate = Variable("s"), Variable("p")
    for left, right, same in _pairs(literals, datatypes):
        if same and left != right:
            yield Rule("D", ((subject, predicate, left),), ((subject, predicate, right),))


def _type_rules(literals: Collection[Literal], datatypes: Collection[URIRef]) -> Iterator[Rule]:
    for term, datatype in product(literals, sorted(datatypes)):
        found = value(term) if datatype_of(term) in datatypes else None
        is_of = (term, RDF_TYPE, datatype)
        if found is not None and contains(datatype, found):
            yield _fact("dt-type2", is_of)
        elif datatype_of(term) in datatypes:
            yield Rule("dt-not-type", (is_of,), ())


def _pairs(
    literals: Collection[Literal], datatypes: Collection[URIRef]
) -> Iterator[tuple[Literal, Literal, bool]]:
    """Each two literals that denote values, and whether these are the same."""
    values = {term: value(term) for term in literals if datatype_of(term) in datatypes}
    for (left, first), (right, second) in product(values.items(), repeat=2):
        if first is not None and second is not None:
            yield left, right, first == second


def ill_typed(literals: Collection[Literal], datatypes: Collection[URIRef]) -> Iterator[Literal]:
    """The literals that denote nothing, which is a contradiction (RDF 1.1 Semantics, 7.1)."""
    assert set(datatypes) <= KNOWN
    for term in literals:
        if datatype_of(term) in datatypes and value(term) is None:
            yield term
