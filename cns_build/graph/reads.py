# SPDX-License-Identifier: Apache-2.0
"""Which predicates a shape looks at: what has to change in the data for its results to change."""

from __future__ import annotations

from dataclasses import dataclass

from cns_build import model as m
from cns_build.graph.program import Instruction, Program
from cns_build.vocabulary import RDF, RDFS

_CLASS_TERMS = (m.IRI(RDF + "type"), m.IRI(RDFS + "subClassOf"))
_PAIRS = frozenset({"EQUALS", "DISJOINT", "LESS_THAN", "LESS_THAN_OR_EQUALS"})
_NESTING = frozenset(
    {"NOT", "AND", "OR", "XONE", "NODE", "PROPERTY", "QUALIFIED_MIN", "QUALIFIED_MAX"}
)


@dataclass(frozen=True, slots=True)
class Reads:
    """The predicates of a shape and of those that it refers to; None is all of them."""

    predicates: frozenset[int] | None

    def meets(self, changed: set[int]) -> bool:
        """Whether one of these predicates is read."""
        return (
            bool(changed) if self.predicates is None else not self.predicates.isdisjoint(changed)
        )


def reads(program: Program) -> tuple[Reads, ...]:
    """Return what each shape reads, its targets included, by number."""
    own = [_own(program, number) for number in range(len(program.shapes))]
    inner = [
        {n for one in shape.code if one.op in _NESTING for n in _shapes(one)}
        for shape in program.shapes
    ]
    found: list[Reads] = []
    for start in range(len(program.shapes)):
        reached, waiting = {start}, [start]
        while waiting:
            news = inner[waiting.pop()] - reached
            reached |= news
            waiting += news
        sets = [own[number] for number in reached]
        known = [s for s in sets if s is not None]
        found.append(Reads(frozenset().union(*known) if len(known) == len(sets) else None))
    return tuple(found)


def _shapes(one: Instruction) -> tuple[int, ...]:
    return one.operands[1:] if one.op.startswith("QUALIFIED") else one.operands


def _own(program: Program, number: int) -> set[int] | None:
    """Return the predicates that a shape itself reads; None for all."""
    classes = {program.terms.index(term) + 1 for term in _CLASS_TERMS}
    shape = program.shapes[number]
    found: set[int] = set()
    if shape.path is not None:
        found |= {s.operand for s in program.paths[shape.path] if s.op in ("OUT", "BACK")}
    for one in shape.code:
        if one.op in ("CLOSED", "HOST"):
            return None
        if one.op in _PAIRS:
            found |= set(one.operands)
        elif one.op == "CLASS":
            found |= classes
    for target in program.targets:
        if target.shape == number:
            if target.kind == "class":
                found |= classes
            elif target.kind != "node":
                found.add(target.operand)
    return found
