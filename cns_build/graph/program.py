# SPDX-License-Identifier: Apache-2.0
"""The program of a shapes graph: each shape as constraints over the values of its path.

All names are numbers: of terms (from 1), classes, paths, patterns, shapes and checks. What
opcodes mean is said in runtime/host/program.h; `graph.image` writes programs as words,
`graph.native` as C.
"""

from __future__ import annotations

from dataclasses import dataclass

from cns_build.model import IRI, Constraint, Node, Shape, Term, Waiver

OUT, IN, ALL, RULES, KEEP = 1, 2, 4, 8, 16
TARGETS = ("node", "class", "subjectsOf", "objectsOf")


@dataclass(frozen=True, slots=True)
class Tag:
    """A language tag: what literals refer to, in lower case."""

    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a path: the name of its opcode, and its operand."""

    op: str
    operand: int = 0


@dataclass(frozen=True, slots=True)
class Instruction:
    """A constraint: the name of its opcode, the check that it is, and its operands."""

    op: str
    check: int
    operands: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ShapeCode:
    """A shape; `path` is None for a node shape. A deactivated one has no code."""

    node: Node
    term: int
    path: int | None
    code: tuple[Instruction, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """What selects focus nodes of a shape. `operand` is a class for `class`, else a term.

    Where it looks `everywhere`, nodes of the ontology that are not in the data are selected too.
    """

    shape: int
    kind: str
    operand: int
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """What a result says: the constraint of a shape, one of its components."""

    shape: Shape
    constraint: Constraint
    component: IRI


@dataclass(frozen=True, slots=True)
class InferenceRule:
    """A rule that infers: the name of its opcode, and its operands: relations or terms."""

    op: str
    operands: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Inference:
    """What infers. `unary` and `binary` are the relations of rules, each by its term or 0.

    `facts` and `schema` are triples of terms; `guarded` and `sealed` are terms (owl.rules).
    """

    unary: tuple[int, ...] = ()
    binary: tuple[int, ...] = ()
    rules: tuple[InferenceRule, ...] = ()
    facts: tuple[tuple[int, int, int], ...] = ()
    schema: tuple[tuple[int, int, int], ...] = ()
    guarded: tuple[int, ...] = ()
    sealed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled shapes graph.

    `read` are predicates and what is asked of them: OUT, IN, RULES, or for term 0 ALL and
    KEEP. `hierarchy` and `instances` are the subclass and type pairs of the ontology. `recursion`
    is the most nested calls of recursive shapes, 0 where none is. `host` are the constraints in
    SPARQL, by the number that their instructions have.
    """

    terms: tuple[Term | Tag, ...]
    read: tuple[tuple[int, int], ...]
    classes: tuple[int, ...]
    hierarchy: tuple[tuple[int, int], ...]
    instances: tuple[tuple[int, int], ...]
    paths: tuple[tuple[Step, ...], ...]
    patterns: tuple[tuple[str, str], ...]
    shapes: tuple[ShapeCode, ...]
    targets: tuple[Target, ...]
    checks: tuple[Check, ...]
    host: tuple[Check, ...] = ()
    inference: Inference = Inference()
    recursion: int = 0
    waivers: tuple[Waiver, ...] = ()
    prefixes: tuple[tuple[str, str], ...] = ()
