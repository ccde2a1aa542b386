# SPDX-License-Identifier: Apache-2.0
"""Rules over data in the C engine, without shapes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType

from cns_build import _graph
from cns_build.graph.build import build
from cns_build.graph.image import to_image
from cns_build.graph.inference import Inferring
from cns_build.graph.program import ALL, KEEP, Program
from cns_build.graph.terms import to_ntriples
from cns_build.model import IRI, BlankNode, Literal, ShapesGraph, Term
from cns_build.owl.rules import Auxiliary, Rule, Rules
from cns_build.vocabulary import OWL, RDF, XSD
from tests.owl import naive

EX = "http://example.org/"


def program_of(rules: Rules, same: bool = True) -> Program:
    """A program that infers, and keeps all data."""
    made = build(ShapesGraph(MappingProxyType({})), inferring=Inferring(rules, same))
    return replace(made, read=(*made.read, (0, ALL | KEEP)))


def closed(program: Program, data: str) -> _graph.Graph:
    """The closed graph of N-Triples."""
    graph = _graph.Graph(_graph.Program(to_image(program)))
    graph.read([data.encode()], 1, False)
    graph.close()
    return graph


def term_of(name: str) -> Term:
    """The term that stands for a term of naive rules."""
    if name.startswith('"'):
        return Literal(name[1:], IRI(XSD + "integer"))
    return IRI(OWL + "sameAs" if name == naive.SAME else EX + name)


def rule_of(rule: naive.Rule) -> Rule:
    """A naive rule as the compiler has it: classes named with _ have no IRI, nor have pairs."""
    op, operands = rule
    return Rule(op, tuple(map(_operand, operands)))


def _operand(name: str) -> Term | Auxiliary:
    if name.startswith("_c"):
        return BlankNode(name[1:])
    return Auxiliary(int(name[2:])) if name.startswith("_p") else term_of(name)


def as_data(facts: Iterable[naive.Fact]) -> str:
    """Facts as N-Triples."""
    return "".join(f"{' '.join(map(to_ntriples, _triple(fact)))} .\n" for fact in facts)


def _triple(fact: naive.Fact) -> tuple[Term, ...]:
    relation, x, *rest = fact
    if rest:
        return term_of(x), term_of(relation), term_of(rest[0])
    return term_of(x), IRI(RDF + "type"), term_of(relation)


def facts_in(graph: _graph.Graph) -> set[naive.Fact]:
    """The triples of a closed graph as facts."""
    found: set[naive.Fact] = set()
    for s, p, o in graph.each():
        x, relation, y = (_name(graph.term(number)) for number in (s, p, o))
        found.add((y, x) if relation == RDF + "type" else (relation, x, y))
    return found


def _name(term: tuple[str, str, str, str]) -> str:
    kind, text, _, _ = term
    if kind == "literal":
        return f'"{text}'
    return naive.SAME if text == OWL + "sameAs" else text.removeprefix(EX)
