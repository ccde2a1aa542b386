# SPDX-License-Identifier: Apache-2.0
"""Rules of an ontology by number: relations, operands, facts and what is guarded.

SUBCLASS ex:Dog ex:Animal   ->   SUBCLASS 0 1, the sets 0 and 1 being of ex:Dog and ex:Animal
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from cns_build.graph import opcodes
from cns_build.graph.program import Inference, InferenceRule
from cns_build.model import IRI, Node, Term
from cns_build.owl.rules import Auxiliary, Relation, Rules
from cns_build.vocabulary import OWL

SAME_AS = IRI(OWL + "sameAs")

_Operand: TypeAlias = Node | Relation | Term


@dataclass(frozen=True, slots=True)
class Inferring:
    """What infers from data. With `equality`, what owl:sameAs says of the data counts.

    `contradictions` are shapes that look at nodes of the ontology too. `keep` says that triples
    are to be written, which are kept whether or not shapes look at them.
    """

    rules: Rules
    equality: bool
    contradictions: frozenset[Node] = frozenset()
    keep: bool = False

    def predicates(self) -> Iterator[IRI]:
        """Yield the predicates whose triples rules look at, or are guarded from."""
        for rule in self.rules.rules:
            for letter, value in _lettered(rule.op, rule.operands):
                if letter == "B" and isinstance(value, IRI):
                    yield value
        yield from self.rules.guarded
        if self.equality:
            yield SAME_AS


def number_rules(inferring: Inferring, term: Callable[[Term], int]) -> Inference:
    """Return rules in the numbers of a program, which `term` gives to terms."""
    rules = inferring.rules
    operands = [one for rule in rules.rules for one in _lettered(rule.op, rule.operands)]
    classes = {node: None for letter, node in operands if letter == "U"}
    pairs = {named: None for letter, named in operands if letter == "B"}
    if inferring.equality:
        pairs[SAME_AS] = None
    unary = _numbered(classes, term)
    binary = _numbered(pairs, term)

    def operand(letter: str, value: _Operand) -> int:
        if letter == "T":
            assert not isinstance(value, Auxiliary)
            return term(value)
        return (unary if letter == "U" else binary).numbers[value]

    return Inference(
        unary=unary.terms,
        binary=binary.terms,
        rules=tuple(
            InferenceRule(
                rule.op, tuple(operand(*one) for one in _lettered(rule.op, rule.operands))
            )
            for rule in rules.rules
        ),
        facts=tuple((term(s), term(p), term(o)) for s, p, o in rules.facts),
        schema=tuple(sorted({(term(s), term(p), term(o)) for s, p, o in rules.schema})),
        guarded=tuple(sorted({term(iri) for iri in rules.guarded})),
        sealed=tuple(sorted({term(node) for node in rules.sealed})),
    )


@dataclass(frozen=True, slots=True)
class _Relations:
    """Relations by number, and the terms that they are of, 0 for none."""

    numbers: dict[_Operand, int]
    terms: tuple[int, ...]


def _numbered(named: Iterable[_Operand], term: Callable[[Term], int]) -> _Relations:
    """Number relations: those with names in the order of their terms, then the others."""
    found = {one: term(one) if isinstance(one, IRI) else 0 for one in named}
    ordered = sorted(found, key=lambda one: (found[one] == 0, found[one]))
    numbers = {one: number for number, one in enumerate(ordered)}
    return _Relations(numbers, tuple(found[one] for one in ordered))


def _lettered(op: str, operands: Iterable[_Operand]) -> Iterator[tuple[str, _Operand]]:
    """Yield operands, each behind its letter in the table of rules."""
    letters = opcodes.rules()[op].operands.rstrip("+*")
    for number, one in enumerate(operands):
        yield letters[min(number, len(letters) - 1)], one
