# SPDX-License-Identifier: Apache-2.0
"""Compiled rules, run plainly, as rules over triples: what the engine in C has to find.

It tells a wrong rule from a wrong engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from rdflib import BNode, Literal, URIRef, Variable
from rdflib.term import Node

from cns_build import model
from cns_build.owl import rules as compiled
from tests.owl import datatypes as dt
from tests.owl.literals import recognized_rules
from tests.owl.reasoner import literals_of, saturate
from tests.owl.rules import OWL2_RL, Rule
from tests.owl.triples import Triple
from tests.reference.terms import OWL, RDF_TYPE, literal

_X, _Y, _Z = map(Variable, "xyz")
_A = RDF_TYPE
_SAME = OWL["sameAs"]

Patterns = tuple[Triple, ...]

_MEANINGS: dict[str, Callable[..., tuple[Patterns, Patterns]]] = {
    "SUBCLASS": lambda c, d: (((_X, _A, c),), ((_X, _A, d),)),
    "INTERSECTION": lambda c, *of: (tuple((_X, _A, d) for d in of), ((_X, _A, c),)),
    "DOMAIN": lambda p, c: (((_X, p, _Y),), ((_X, _A, c),)),
    "RANGE": lambda p, c: (((_X, p, _Y),), ((_Y, _A, c),)),
    "SOME": lambda p, c, d: (((_X, p, _Y), (_Y, _A, c)), ((_X, _A, d),)),
    "ONLY": lambda c, p, d: (((_X, _A, c), (_X, p, _Y)), ((_Y, _A, d),)),
    "HAS": lambda p, v, c: (((_X, p, v),), ((_X, _A, c),)),
    "GIVES": lambda c, p, v: (((_X, _A, c),), ((_X, p, v),)),
    "SUBPROPERTY": lambda p, q: (((_X, p, _Y),), ((_X, q, _Y),)),
    "INVERSE": lambda p, q: (((_X, p, _Y),), ((_Y, q, _X),)),
    "CHAIN": lambda p, q, r: (((_X, p, _Y), (_Y, q, _Z)), ((_X, r, _Z),)),
    "MEMBER": lambda v, c: ((), ((v, _A, c),)),
    "FUNCTIONAL": lambda p: (((_X, p, _Y), (_X, p, _Z)), ((_Y, _SAME, _Z),)),
    "INVERSE_FUNCTIONAL": lambda p: (((_X, p, _Z), (_Y, p, _Z)), ((_X, _SAME, _Y),)),
    "AT_MOST_ONE": lambda c, p, *of: (
        ((_X, _A, c), (_X, p, _Y), (_X, p, _Z), *((v, _A, d) for d in of for v in (_Y, _Z))),
        ((_Y, _SAME, _Z),),
    ),
    "KEY": lambda c, *of: (
        ((_X, _A, c), (_Y, _A, c), *_agree(of)),
        ((_X, _SAME, _Y),),
    ),
}

_EQUALITY = tuple(
    rule for rule in OWL2_RL if rule.name in ("eq-sym", "eq-trans", "eq-rep-s", "eq-rep-o")
)


def _agree(properties: Iterable[Node]) -> Iterator[Triple]:
    for number, property_ in enumerate(properties):
        value = Variable(f"v{number}")
        yield from ((_X, property_, value), (_Y, property_, value))


def as_rdflib(term: model.Term | compiled.Auxiliary) -> Node:
    """The term as the tests have it; an auxiliary relation is a blank node."""
    match term:
        case model.IRI(value):
            return URIRef(value)
        case model.BlankNode(label):
            return BNode(label)
        case model.Literal(lexical, datatype, language):
            return literal(lexical, datatype.value, language)
        case compiled.Auxiliary(number):
            return BNode(f"auxiliary{number}")


def run_rules(rules: compiled.Rules, data: Iterable[Triple]) -> list[Triple]:
    """What holds by the rules: data, the facts of the ontology, and what follows from them."""
    triples = [*data]
    for s, p, o in rules.facts:
        triples.append((as_rdflib(s), as_rdflib(p), as_rdflib(o)))
    operands = [as_rdflib(operand) for rule in rules.rules for operand in rule.operands]
    literals = [*literals_of(triples), *(o for o in operands if isinstance(o, Literal))]
    meant = [rule for one in rules.rules for rule in _meaning(one, literals)]
    equal = (rule for rule in recognized_rules(literals, dt.KNOWN) if rule.name == "D")
    return list(saturate(triples, (*meant, *_EQUALITY, *equal)).triples)


def _meaning(rule: compiled.Rule, literals: Iterable[Literal]) -> Iterator[Rule]:
    operands = tuple(map(as_rdflib, rule.operands))
    if rule.op != "DATATYPE":
        yield Rule(rule.op, *_MEANINGS[rule.op](*operands))
        return
    datatype, class_ = operands
    assert isinstance(datatype, URIRef)
    for term in literals:
        found = dt.value(term)
        if datatype in dt.KNOWN and found is not None and dt.contains(datatype, found):
            yield Rule(rule.op, (), ((term, _A, class_),))
