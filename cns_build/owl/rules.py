# SPDX-License-Identifier: Apache-2.0
"""Rules that infer: what the closure of an ontology becomes for the engine of graphs.

A rule speaks of sets of nodes (the instances of classes), sets of pairs (the triples of
properties) and terms. Classes are nodes, those of expressions among them; properties are IRIs, or
an Auxiliary for what has no name, such as the inverse of a property or the start of a chain.

The table of opcodes is CNS_INFERENCES in runtime/host/program.h.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from cns_build.model import IRI, Node, Term


@dataclass(frozen=True, slots=True)
class Auxiliary:
    """A property without a name, by the number of it; its triples are not written down."""

    number: int


Relation: TypeAlias = IRI | Auxiliary
Triple: TypeAlias = tuple[Node, IRI, Term]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: the name of its opcode, and its operands in the order of CNS_INFERENCES."""

    op: str
    operands: tuple[Node | Relation | Term, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """What infers. `facts` are triples of the ontology about individuals, axioms aside.

    `schema` are the triples that state or follow from axioms between named classes and
    properties: data may repeat these. Other triples of data with a predicate in `guarded`, or of
    rdf:type with a class in `guarded`, would add to the ontology. `sealed` are the classes of
    which data may not even state superclasses, since expressions depend on them; of all other
    classes, `schema` has no superclasses, since data may state any.
    """

    rules: tuple[Rule, ...]
    facts: tuple[Triple, ...]
    schema: tuple[Triple, ...]
    guarded: tuple[IRI, ...]
    sealed: tuple[Node, ...]
