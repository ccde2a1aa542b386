# SPDX-License-Identifier: Apache-2.0
"""The plain reasoner that decides what follows: rules, applied until nothing is new.

It is slow, shares no code with the compiler, and is written to be read beside the specification.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from rdflib import Literal, URIRef
from rdflib.term import Node

from tests.owl import datatypes as dt
from tests.owl.lists import list_rules
from tests.owl.literals import datatype_rules, ill_typed, literal_rules, recognized_rules
from tests.owl.rules import (
    OWL2_RL,
    RDF_AXIOMS,
    RDF_RULES,
    RDFS_AXIOMS,
    RDFS_RULES,
    Rule,
    membership_axioms,
)
from tests.owl.triples import Triple, Triples, substitute, unify
from tests.reference.terms import LANG_STRING, RDF, RDF_TYPE, XSD, datatype_of


@dataclass(frozen=True)
class Clash:
    """A contradiction: the name of the rule, and the triples that cannot all hold."""

    rule: str
    triples: tuple[Triple, ...]


@dataclass
class Closure:
    """What follows from a graph. From a graph with clashes, everything does."""

    triples: Triples
    clashes: dict[Clash, None] = field(default_factory=dict)

    @property
    def consistent(self) -> bool:
        """Whether nothing contradicts itself."""
        return not self.clashes

    def entails(self, conclusion: Iterable[Triple]) -> bool:
        """Whether the triples follow."""
        return not self.consistent or self.triples.entails(conclusion)


class _Saturation:
    """Rules over a graph: each triple, once, is tried with each pattern of each rule."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.closure = Closure(Triples(triples))
        self._rules: dict[Rule, None] = {}
        self._by_predicate: dict[Node | None, list[tuple[Rule, int]]] = {}
        self._queue: list[Triple] = []

    def add_rules(self, rules: Iterable[Rule]) -> bool:
        """Add rules and what follows from them; return whether any is new."""
        added = [rule for rule in rules if rule not in self._rules]
        if not added:
            return False
        for rule in added:
            self._rules[rule] = None
            for position, (_, predicate, _) in enumerate(rule.body):
                asked = predicate if isinstance(predicate, URIRef) else None
                self._by_predicate.setdefault(asked, []).append((rule, position))
            if not rule.body:
                self._derive(rule, {})
        self._queue = list(self.closure.triples)
        self._run()
        return True

    def _run(self) -> None:
        while self._queue:
            triple = self._queue.pop()
            for asked in (triple[1], None):
                for rule, position in self._by_predicate.get(asked, ()):
                    self._apply(rule, position, triple)

    def _apply(self, rule: Rule, position: int, triple: Triple) -> None:
        binding = unify(rule.body[position], triple, {})
        if binding is not None:
            rest = rule.body[:position] + rule.body[position + 1 :]
            for found in tuple(self.closure.triples.join(rest, binding)):
                self._derive(rule, found)

    def _derive(self, rule: Rule, binding: dict[Node, Node]) -> None:
        if not rule.head:
            premises = tuple(substitute(pattern, binding) for pattern in rule.body)
            self.closure.clashes[Clash(rule.name, premises)] = None
        for pattern in rule.head:
            triple = substitute(pattern, binding)
            if self.closure.triples.add(triple):
                self._queue.append(triple)


def saturate(triples: Iterable[Triple], rules: Iterable[Rule]) -> Closure:
    """Close a graph by rules."""
    saturation = _Saturation(triples)
    saturation.add_rules(rules)
    return saturation.closure


def literals_of(triples: Iterable[Triple]) -> list[Literal]:
    """The literals that occur, each once."""
    return list(dict.fromkeys(t for triple in triples for t in triple if isinstance(t, Literal)))


def owl_rl(
    triples: Collection[Triple],
    asked: Collection[Triple] = (),
    only: Collection[str] | None = None,
) -> Closure:
    """Close a graph by OWL 2 RL/RDF, or by the rules named in `only`.

    Literals of `asked` are taken to exist as well.
    """

    def named(rules: Iterable[Rule]) -> Iterator[Rule]:
        return (rule for rule in rules if only is None or rule.name in only)

    saturation = _Saturation(triples)
    saturation.add_rules(named((*OWL2_RL, *datatype_rules(dt.OWL2_RL))))
    saturation.add_rules(named(literal_rules(literals_of((*triples, *asked)), dt.KNOWN)))
    while saturation.add_rules(named(list_rules(saturation.closure.triples))):
        pass
    return saturation.closure


def rdf(
    triples: Collection[Triple],
    datatypes: Collection[URIRef] = (),
    asked: Collection[Triple] = (),
) -> Closure:
    """Close a graph by RDF entailment that recognizes `datatypes` (RDF 1.1 Semantics, 8)."""
    return _entailment(triples, RDF_RULES, RDF_AXIOMS, datatypes, asked)


def rdfs(
    triples: Collection[Triple],
    datatypes: Collection[URIRef] = (),
    asked: Collection[Triple] = (),
) -> Closure:
    """Close a graph by RDFS entailment that recognizes `datatypes` (RDF 1.1 Semantics, 9)."""
    return _entailment(triples, RDFS_RULES, RDFS_AXIOMS, datatypes, asked)


def _entailment(
    triples: Collection[Triple],
    rules: Iterable[Rule],
    axioms: Iterable[Triple],
    recognized: Collection[URIRef],
    asked: Collection[Triple],
) -> Closure:
    datatypes = {*recognized, XSD["string"], LANG_STRING}
    used = (*triples, *asked)
    members = {t for triple in used for t in triple if _is_membership(t)}
    saturation = _Saturation(triples)
    for property_ in members if rules is RDFS_RULES else ():
        axioms = (*axioms, *membership_axioms(property_))
    saturation.add_rules(Rule("axiomatic", (), (triple,)) for triple in axioms)
    literals = literals_of(used)
    saturation.add_rules(recognized_rules(literals, datatypes))
    saturation.add_rules((*rules, *datatype_rules(datatypes)))
    for term in ill_typed(literals_of(triples), datatypes):
        saturation.closure.clashes[Clash("ill-typed", ((term, RDF_TYPE, datatype_of(term)),))] = (
            None
        )
    return saturation.closure


def _is_membership(term: Node) -> bool:
    return isinstance(term, URIRef) and str(term).removeprefix(str(RDF) + "_").isdigit()
