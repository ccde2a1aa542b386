# SPDX-License-Identifier: Apache-2.0
"""The intermediate representation: one program for all shapes of a compilation.

A function validates one record: a tree of operations that report. A test decides whether a value
conforms to a shape, without reporting: one condition. Conditions have no side effects, so passes
may rewrite them freely; operations keep the source order of the shapes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from cns_build.ir.record import ClassOf, Field, Record, Ref, ValueType
from cns_build.model import IRI, Literal, Node, Origin, Path, Term
from cns_build.options import DEFAULT_DEPTH


@dataclass(frozen=True, slots=True)
class Var:
    """A value node. Number 0 is the focus node of the function or the value of the test."""

    number: int
    type: ValueType


# Conditions


@dataclass(frozen=True, slots=True)
class Const:
    """A decided condition."""

    truth: bool


@dataclass(frozen=True, slots=True)
class KindIn:
    """The value is of one of these node kinds: IRI, BlankNode, Literal."""

    var: Var
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class HasDatatype:
    """The value is a well-formed literal of the datatype."""

    var: Var
    datatype: IRI


@dataclass(frozen=True, slots=True)
class Compares:
    """`value OP bound` in SPARQL's order; OP is one of `<`, `<=`, `>`, `>=`."""

    var: Var
    op: str
    bound: Literal


@dataclass(frozen=True, slots=True)
class Interval:
    """The value, held by a C number of datatype `datatype`, is well-formed and within bounds.

    Bounds are exact; None is no bound. Floats and doubles have bounds of their own kind.
    """

    var: Var
    datatype: str
    low: Fraction | float | None
    low_open: bool
    high: Fraction | float | None
    high_open: bool


@dataclass(frozen=True, slots=True)
class InOrder:
    """`value OP bound` for times, durations and decimals, compared by the runtime."""

    var: Var
    datatype: str
    op: str
    bound: Literal


@dataclass(frozen=True, slots=True)
class LengthWithin:
    """The value is text of `low` to `high` code points."""

    var: Var
    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class HasLanguageIn:
    """The value has a language tag that matches one of the ranges (SPARQL's langMatches)."""

    var: Var
    ranges: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matches:
    """The text of the value has a part that matches a regular expression of XPath."""

    var: Var
    pattern: str
    flags: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """The value is one of these terms (term equality)."""

    var: Var
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Enumerated:
    """The enumerator of the value is in `members`; 0 stands for every invalid enumerator."""

    var: Var
    members: frozenset[int]


@dataclass(frozen=True, slots=True)
class IsA:
    """The value is an instance of the class or of a subclass."""

    var: Var
    iri: IRI


@dataclass(frozen=True, slots=True)
class Conforms:
    """The value conforms to the shape that a test decides."""

    var: Var
    test: str


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    cond: Cond


@dataclass(frozen=True, slots=True)
class All:
    """Every condition holds."""

    conds: tuple[Cond, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one condition holds."""

    conds: tuple[Cond, ...]


@dataclass(frozen=True, slots=True)
class ExactlyOne:
    """One condition holds, and no other."""

    conds: tuple[Cond, ...]


@dataclass(frozen=True, slots=True)
class Every:
    """The condition holds for each value `var` of the field of `base`."""

    var: Var
    base: Var
    field: Field
    cond: Cond


@dataclass(frozen=True, slots=True)
class Some:
    """The condition holds for at least one value `var` of the field of `base`."""

    var: Var
    base: Var
    field: Field
    cond: Cond


@dataclass(frozen=True, slots=True)
class CountWithin:
    """The number of distinct values at the end of `fields`, from `base`, is within bounds."""

    base: Var
    fields: tuple[Field, ...]
    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class Counted:
    """The distinct values `var` at the end of `fields` for which the condition holds.

    The condition may also ask for values of the path's start.
    """

    var: Var
    fields: tuple[Field, ...]
    cond: Cond


@dataclass(frozen=True, slots=True)
class CountWhere:
    """The number of all values that are counted, from `base`, is within bounds.

    Values of several branches of a path are counted apart: the condition of a later branch leaves
    out what an earlier one has.
    """

    base: Var
    counted: tuple[Counted, ...]
    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class LanguagesUnique:
    """No two distinct values at the ends of the branches from `base` have one language tag."""

    base: Var
    branches: tuple[tuple[Field, ...], ...]


@dataclass(frozen=True, slots=True)
class Same:
    """Two values, maybe of different types, are the same term."""

    var: Var
    other: Var


@dataclass(frozen=True, slots=True)
class Precedes:
    """`var < other` in SPARQL's order, or `var <= other`; false where they have no order."""

    var: Var
    other: Var
    or_equal: bool


@dataclass(frozen=True, slots=True)
class FocusIs:
    """The focus node is this node (a sh:targetNode)."""

    var: Var
    node: IRI


Cond: TypeAlias = (
    Const
    | KindIn
    | HasDatatype
    | Compares
    | Interval
    | InOrder
    | LengthWithin
    | HasLanguageIn
    | Matches
    | OneOf
    | Enumerated
    | IsA
    | Conforms
    | Not
    | All
    | Any
    | ExactlyOne
    | Every
    | Some
    | CountWithin
    | CountWhere
    | LanguagesUnique
    | Same
    | Precedes
    | FocusIs
)

TRUE, FALSE = Const(True), Const(False)


# Operations


@dataclass(frozen=True, slots=True)
class Check:
    """Report violation `check` at `focus` unless the condition holds; `value` is what it names.

    `detail` runs behind the report: what it reports explains this violation (sh:detail).
    """

    cond: Cond
    check: int
    focus: Var
    value: Var | None
    detail: tuple[Op, ...] = ()


@dataclass(frozen=True, slots=True)
class Each:
    """Run `body` for each distinct value `var` at the end of `fields`, `absent` if none is.

    `absent` is only used with one field of capacity 1.
    """

    var: Var
    base: Var
    fields: tuple[Field, ...]
    body: tuple[Op, ...]
    absent: tuple[Op, ...] = ()


@dataclass(frozen=True, slots=True)
class If:
    """Run `body` if the condition holds: the focus node is a target."""

    cond: Cond
    body: tuple[Op, ...]


@dataclass(frozen=True, slots=True)
class EachLanguage:
    """Run `body` for each language tag that two or more distinct values of the branches have."""

    base: Var
    branches: tuple[tuple[Field, ...], ...]
    body: tuple[Op, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """Run a procedure with this value as its focus node."""

    var: Var
    procedure: str


Op: TypeAlias = Check | Each | If | EachLanguage | Call


@dataclass(frozen=True, slots=True)
class CheckInfo:
    """What a violation says: one constraint of one shape, seen from one record field.

    `component` is the parameter's local name (minCount, class, …); `owner` the nearest shape
    with a name, which is `shape` itself unless that is a blank node.
    """

    component: str
    shape: Node
    owner: IRI | None
    path: Path | None
    severity: IRI
    message: str
    value: ValueType | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Function:
    """Validates a record of type `record` against the shapes that apply to it."""

    record: str
    shapes: tuple[Node, ...]
    focus: Var
    body: tuple[Op, ...]


@dataclass(frozen=True, slots=True)
class Procedure:
    """Validates a value of type `focus.type` against `shape`, which leads back to itself."""

    name: str
    shape: Node
    focus: Var
    body: tuple[Op, ...]


@dataclass(frozen=True, slots=True)
class Test:
    """Whether a value of type `focus.type` conforms to `shape`."""

    name: str
    shape: Node
    focus: Var
    cond: Cond


@dataclass(frozen=True, slots=True)
class Entry:
    """A record that the application may have validated: a kind of signal.

    `zero_tick` is set when nothing is left to check at run time.
    """

    record: str
    kind: int
    zero_tick: bool = False


@dataclass(frozen=True, slots=True)
class ClassSet:
    """The ids of a queried class and its subclasses, and of its known instances."""

    iri: IRI
    members: tuple[int, ...]
    instances: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """Everything that the back end needs. `terms[i]` has id i + 1; the classes come first.

    `depth` bounds how many records lie inside each other that can contain themselves.
    """

    name: str
    records: tuple[Record, ...]
    terms: tuple[Term, ...]
    class_count: int
    classes: tuple[ClassSet, ...]
    checks: tuple[CheckInfo, ...]
    functions: tuple[Function, ...]
    tests: tuple[Test, ...]
    entries: tuple[Entry, ...]
    procedures: tuple[Procedure, ...] = ()
    depth: int = DEFAULT_DEPTH

    @property
    def bodies(self) -> tuple[Function | Procedure, ...]:
        """All that has operations: functions, then procedures."""
        return (*self.functions, *self.procedures)

    def record(self, name: str) -> Record:
        """Return the record of a name. Raises KeyError."""
        for record in self.records:
            if record.name == name:
                return record
        raise KeyError(name)


def children(cond: Cond) -> tuple[Cond, ...]:
    """Return the conditions directly inside a condition."""
    match cond:
        case Not(inner) | Every(cond=inner) | Some(cond=inner):
            return (inner,)
        case All(conds) | Any(conds) | ExactlyOne(conds):
            return conds
        case CountWhere(_, counted):
            return tuple(c.cond for c in counted)
    return ()


def walk(body: tuple[Op, ...], details: bool = True) -> Iterator[Op]:
    """Yield every operation, outer ones first, on request without those that explain others."""
    for op in body:
        yield op
        match op:
            case Each(body=inner, absent=absent):
                yield from walk(inner, details)
                yield from walk(absent, details)
            case If(body=inner) | EachLanguage(body=inner):
                yield from walk(inner, details)
            case Check(detail=inner) if details:
                yield from walk(inner)


def conditions(cond: Cond) -> Iterator[Cond]:
    """Yield the condition and every condition inside it."""
    yield cond
    for inner in children(cond):
        yield from conditions(inner)


def all_conditions(
    functions: Sequence[Function | Procedure], tests: Sequence[Test]
) -> Iterator[Cond]:
    """Yield every condition of functions, procedures and tests, with those inside it."""
    for function in functions:
        for op in walk(function.body):
            if isinstance(op, Check | If):
                yield from conditions(op.cond)
    for test in tests:
        yield from conditions(test.cond)


def free_vars(cond: Cond) -> tuple[tuple[Var, ...], tuple[Var, ...]]:
    """Return the variables that a condition does not bind itself, in the order of their use.

    First those of which it asks the value, then those from which it only follows a path.
    """
    values: dict[Var, None] = {}
    bases: dict[Var, None] = {}
    bound: set[Var] = set()
    for inner in conditions(cond):
        match inner:
            case Every(var, base, item) | Some(var, base, item):
                bound.add(var)
                (values if _of_reference(base, item) else bases)[base] = None
            case CountWhere(base, counted):
                bound |= {c.var for c in counted}
                for part in counted:
                    (values if _of_reference(base, part.fields[0]) else bases)[base] = None
            case CountWithin(base, fields):
                (values if _of_reference(base, fields[0]) else bases)[base] = None
            case LanguagesUnique(base):
                bases[base] = None
            case Same(var, other) | Precedes(var, other):
                values[var] = values[other] = None
            case Const() | Not() | All() | Any() | ExactlyOne():
                continue
            case _:
                values[inner.var] = None
    asked = tuple(v for v in values if v not in bound)
    return asked, tuple(b for b in bases if b not in bound and b not in values)


def _of_reference(base: Var, item: Field) -> bool:
    """Whether a value is a part of a reference itself, not of the struct behind it: its class."""
    return isinstance(base.type, Ref) and isinstance(item.type, ClassOf)
