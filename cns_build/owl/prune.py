# SPDX-License-Identifier: Apache-2.0
"""Leave out the rules that can never fire, and those that make what nobody reads.

Data may state any named class and any named property, so these can always be filled, and are
always written down. What else a rule reads or writes is private: the sets of expressions and
datatypes, and auxiliary relations, are filled and read by rules alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from cns_build.model import IRI, Node, Term
from cns_build.owl import axioms as a
from cns_build.owl.rules import Relation, Rule
from cns_build.vocabulary import OWL, RDF, RDFS, XSD

Place: TypeAlias = Node | Relation | Term
"""A set or a relation."""

_USES = {
    "SUBCLASS": "rw",
    "INTERSECTION": "wr",
    "DOMAIN": "rw",
    "RANGE": "rw",
    "SOME": "rrw",
    "ONLY": "rrw",
    "HAS": "r-w",
    "GIVES": "rw-",
    "SUBPROPERTY": "rw",
    "INVERSE": "rw",
    "CHAIN": "rrw",
    "MEMBER": "-w",
    "DATATYPE": "-w",
    "FUNCTIONAL": "r",
    "INVERSE_FUNCTIONAL": "r",
    "AT_MOST_ONE": "rrr",
    "KEY": "rr",
}
"""Whether a rule reads or writes its operands. Operands behind the last have its use."""

EQUALITIES = ("FUNCTIONAL", "INVERSE_FUNCTIONAL", "AT_MOST_ONE", "KEY")
_UNWRITTEN = frozenset(map(IRI, (OWL + "Thing", RDFS + "Resource")))
_DATATYPES = frozenset(
    {RDFS + "Literal", OWL + "real", OWL + "rational"}
    | {RDF + name for name in ("langString", "PlainLiteral", "XMLLiteral", "HTML", "JSON")}
)


@dataclass(frozen=True, slots=True)
class _Use:
    """The private places that a rule reads and writes, and whether what it makes is public."""

    rule: Rule
    reads: tuple[Place, ...]
    writes: tuple[Place, ...]
    public: bool


def prune(rules: Sequence[Rule], ontology: a.Ontology) -> tuple[Rule, ...]:
    """Return the rules that may add a triple about individuals, in their order.

    Datatypes that they read are filled by rules behind them.
    """
    uses = [_use(rule, ontology) for rule in rules]
    read = dict.fromkeys(place for use in uses for place in use.reads)
    datatypes = [Rule("DATATYPE", (node, node)) for node in read if is_datatype(node, ontology)]
    uses += [_use(rule, ontology) for rule in datatypes]
    while True:
        kept = _useful(_firing(uses, ontology))
        if len(kept) == len(uses):
            return tuple(use.rule for use in kept)
        uses = kept


def is_datatype(node: object, ontology: a.Ontology) -> bool:
    """Whether a node is a datatype that has a name."""
    if not isinstance(node, IRI):
        return False
    if node.value.startswith(XSD) or node.value in _DATATYPES:
        return True
    entity = ontology.entities.get(node)
    return entity is not None and "datatype" in entity.kinds


def _use(rule: Rule, ontology: a.Ontology) -> _Use:
    read, written = list(_places(rule, "r")), list(_places(rule, "w"))
    private = [place for place in written if _is_private(place, ontology)]
    return _Use(
        rule,
        tuple(place for place in read if _is_private(place, ontology)),
        tuple(private),
        len(private) < len(written) or rule.op in EQUALITIES,
    )


def _places(rule: Rule, use: str) -> Iterator[Place]:
    uses = _USES[rule.op]
    for number, operand in enumerate(rule.operands):
        if uses[min(number, len(uses) - 1)] == use:
            yield operand


def _is_private(place: Place, ontology: a.Ontology) -> bool:
    return not isinstance(place, IRI) or place in _UNWRITTEN or is_datatype(place, ontology)


def _firing(uses: Iterable[_Use], ontology: a.Ontology) -> list[_Use]:
    """Return the rules of which all that they read may be filled."""
    filled: set[Place] = set(_UNWRITTEN)
    filled.update(f.value for f in ontology.facts if f.predicate.value == RDF + "type")
    return _grown(
        uses, lambda use: filled.issuperset(use.reads), lambda u: filled.update(u.writes)
    )


def _useful(uses: Iterable[_Use]) -> list[_Use]:
    """Return the rules of which what they write is public, or read by another."""
    read: set[Place] = set()
    return _grown(
        uses,
        lambda use: use.public or not read.isdisjoint(use.writes),
        lambda use: read.update(use.reads),
    )


def _grown(
    uses: Iterable[_Use], wanted: Callable[[_Use], bool], add: Callable[[_Use], None]
) -> list[_Use]:
    """Return the wanted rules in their order; each that is added may make others wanted."""
    every, kept = list(uses), set[Rule]()
    waiting, before = every, -1
    while len(kept) > before:
        before = len(kept)
        for use in [use for use in waiting if wanted(use)]:
            kept.add(use.rule)
            add(use)
        waiting = [use for use in waiting if use.rule not in kept]
    return [use for use in every if use.rule in kept]
