# SPDX-License-Identifier: Apache-2.0
"""A plain interpreter of the IR over records as Python values (tests/records/values.py).

Naive conditions are decided on the terms that `denote` gives, by the reference's own rules;
conditions that passes introduce (Interval, Enumerated) on the bytes that a struct holds. So a
pass that changes a meaning makes two answers differ.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from rdflib import BNode, Literal, URIRef
from rdflib.term import Node

from cns_build import model
from cns_build.ir import program as ir
from cns_build.ir.record import (
    ITEMS,
    TYPE,
    ClassOf,
    Enum,
    Field,
    General,
    Pointer,
    Ref,
    Scalar,
    Self,
    ValueType,
)
from cns_build.vocabulary import XSD
from tests.records.values import RecordValue, RefValue, TermValue
from tests.reference import values
from tests.reference.components import language_matches
from tests.reference.denote import Denotation
from tests.reference.pattern import compile_pattern
from tests.reference.terms import RDF_TYPE, datatype_of, literal

# Check, focus, value, and how often each violation explains this one.
Row: TypeAlias = tuple[ir.CheckInfo, Node, "Node | None", "frozenset[tuple[Row, int]]"]


def all_of(found: Counter[Row]) -> int:
    """The number of violations, with those that explain others."""
    return sum(number * (1 + all_of(Counter(dict(row[3])))) for row, number in found.items())


@dataclass(frozen=True, eq=False)
class At:
    """A value in memory; `place` tells values apart that are in different places."""

    type: ValueType
    value: Any
    place: tuple[Any, ...]


Bound: TypeAlias = dict[int, At]


class Memory:
    """A record in memory, and the terms that its parts denote. Raises BadRecord."""

    def __init__(self, program: ir.Program, root: RecordValue):
        self.program = program
        self.root = At(Self(root.record), root, ())
        self._denotation = Denotation(program)
        self._nodes: dict[tuple[Any, ...], Node] = {(): self._denotation.add(root)}

    def node(self, at: At) -> Node:
        """The term that a value denotes, always the same one for one place."""
        if at.place not in self._nodes:
            if isinstance(at.type, ClassOf):
                self._nodes[at.place] = at.value
            else:
                self._nodes[at.place] = self._denotation.term(at.type, at.value)
        return self._nodes[at.place]

    def types(self, at: At) -> list[Node]:
        """The classes that the record gives to a node."""
        return sorted(self._denotation.graph.objects(self.node(at), RDF_TYPE), key=str)

    def values(self, at: At, field: Field) -> list[At]:
        """The values of a field, equal ones included."""
        if field.path == TYPE:
            found = self.types(at)
            return [At(field.type, v, (at.place, "type", i)) for i, v in enumerate(found)]
        if field.path == ITEMS:
            return [At(field.type, v, (at.place, i)) for i, v in enumerate(at.value)]
        struct = _described(at)
        held = [] if struct is None else struct.fields.get(field.name, [])
        return [At(field.type, v, (id(struct), field.name, i)) for i, v in enumerate(held)]


def _described(at: At) -> RecordValue | None:
    """The struct that describes a node."""
    match at.type, at.value:
        case ((Self() | Pointer()), RecordValue() as struct):
            return struct
        case (Ref(str()), RefValue() as ref) | (General(str()), TermValue("node", ref)):
            assert isinstance(ref, RefValue)
            return ref.record
    return None


class Interpreter:
    """Runs the functions of one program; `steps` counts what the last run did."""

    def __init__(self, program: ir.Program, memory: Memory):
        self.program = program
        self.memory = memory
        self.steps = 0
        self._tests = {t.name: t for t in program.tests}
        self._procedures = {p.name: p for p in program.procedures}

    def run(self) -> Counter[Row]:
        """The violations that the record's function reports."""
        self.steps = 0
        found: Counter[Row] = Counter()
        name = self.memory.root.value.record
        function = next(f for f in self.program.functions if f.record == name)
        self._body(function.body, {0: self.memory.root}, found)
        return found

    # Operations

    def _body(self, body: tuple[ir.Op, ...], bound: Bound, found: Counter[Row]) -> None:
        for op in body:
            self._op(op, bound, found)

    def _op(self, op: ir.Op, bound: Bound, found: Counter[Row]) -> None:
        match op:
            case ir.Check(cond, check, focus, value, detail):
                if not self.holds(cond, bound):
                    named = None if value is None else self._node(value, bound)
                    details: Counter[Row] = Counter()
                    self._body(detail, bound, details)
                    because = frozenset(details.items())
                    found[
                        self.program.checks[check], self._node(focus, bound), named, because
                    ] += 1
            case ir.If(cond, body):
                if self.holds(cond, bound):
                    self._body(body, bound, found)
            case ir.Call(var, name):
                self.steps += 1
                self._body(self._procedures[name].body, {0: bound[var.number]}, found)
            case ir.Each(var, base, fields, body, absent):
                ends = self._ends(bound[base.number], fields)
                firsts = self._distinct(ends)
                self.steps += max(1, len(body)) * len(ends) * (len(ends) - 1) // 2
                for at in firsts:
                    self._body(body, {**bound, var.number: at}, found)
                if not ends:
                    self._body(absent, bound, found)
            case ir.EachLanguage(base, branches, body):
                for _ in range(self._languages(bound[base.number], branches)):
                    self._body(body, bound, found)

    def _ends(self, base: At, fields: tuple[Field, ...]) -> list[At]:
        """The values at the end of a path; one step to ask each node on the way."""
        reached = [base]
        for field in fields:
            self.steps += len(reached)
            reached = [v for at in reached for v in self.memory.values(at, field)]
        return reached

    def _languages(self, base: At, branches: tuple[tuple[Field, ...], ...]) -> int:
        """The number of language tags that two or more values have."""
        ends = [at for fields in branches for at in self._ends(base, fields)]
        self.steps += len(ends) * (len(ends) - 1) // 2
        nodes = [self.memory.node(at) for at in self._distinct(ends)]
        tags = Counter(n.language.lower() for n in nodes if isinstance(n, Literal) and n.language)
        return sum(count > 1 for count in tags.values())

    def _distinct(self, ends: list[At]) -> list[At]:
        found: dict[Node, At] = {}
        for at in ends:
            found.setdefault(self.memory.node(at), at)
        return list(found.values())

    def _node(self, var: ir.Var, bound: Bound) -> Node:
        return self.memory.node(bound[var.number])

    # Conditions

    def holds(self, cond: ir.Cond, bound: Bound) -> bool:
        """Whether a condition holds."""
        self.steps += 1
        match cond:
            case ir.Const(truth):
                return truth
            case ir.Not(inner):
                return not self.holds(inner, bound)
            case ir.All(conds):
                return all(self.holds(c, bound) for c in conds)
            case ir.Any(conds):
                return any(self.holds(c, bound) for c in conds)
            case ir.ExactlyOne(conds):
                return sum(self.holds(c, bound) for c in conds) == 1
            case ir.Every(var, base, field, inner):
                ends = self.memory.values(bound[base.number], field)
                return all(self.holds(inner, {**bound, var.number: at}) for at in ends)
            case ir.Some(var, base, field, inner):
                ends = self.memory.values(bound[base.number], field)
                return any(self.holds(inner, {**bound, var.number: at}) for at in ends)
            case ir.CountWithin(base, fields, low, high):
                return self._count(bound[base.number], fields, low, high)
            case ir.CountWhere(base, counted, low, high):
                count = sum(self._counted(bound[base.number], part, bound) for part in counted)
                return low <= count and (high is None or count <= high)
            case ir.LanguagesUnique(base, branches):
                return self._languages(bound[base.number], branches) == 0
            case ir.Same(var, other):
                return self._node(var, bound) == self._node(other, bound)
            case ir.Precedes(var, other, or_equal):
                return _precedes(self._node(var, bound), self._node(other, bound), or_equal)
            case ir.Conforms(var, test):
                return self.holds(self._tests[test].cond, {0: bound[var.number]})
        return self._value_holds(cond, bound[cond.var.number])

    def _count(self, base: At, fields: tuple[Field, ...], low: int, high: int | None) -> bool:
        self.steps -= 1
        ends = self._ends(base, fields)
        self.steps += len(ends) * (len(ends) - 1) // 2
        count = len(self._distinct(ends))
        return low <= count and (high is None or count <= high)

    def _counted(self, base: At, part: ir.Counted, bound: Bound) -> int:
        ends = self._ends(base, part.fields)
        self.steps += len(ends) * (len(ends) - 1) // 2
        firsts = self._distinct(ends)
        return sum(self.holds(part.cond, {**bound, part.var.number: at}) for at in firsts)

    def _value_holds(self, cond: ir.Cond, at: At) -> bool:
        node = self.memory.node(at)
        match cond:
            case ir.KindIn(_, kinds):
                return _kind(node) in kinds
            case ir.HasDatatype(_, datatype):
                return _is_of(node, datatype.value)
            case ir.Compares(_, op, bound):
                return _compares(node, op, bound)
            case ir.InOrder(_, datatype, op, bound):
                same = isinstance(node, Literal) and str(datatype_of(node)) == XSD + datatype
                return same and _compares(node, op, bound)
            case ir.Interval():
                return _within(cond, node, at)
            case ir.LengthWithin(_, low, high):
                length = len(str(node))
                fits = low <= length and (high is None or length <= high)
                return fits and not isinstance(node, BNode)
            case ir.HasLanguageIn(_, ranges):
                tag = node.language if isinstance(node, Literal) else None
                return bool(tag) and any(language_matches(str(tag), r) for r in ranges)
            case ir.Matches(_, pattern, flags):
                found = compile_pattern(pattern, flags).search(str(node))
                return found is not None and not isinstance(node, BNode)
            case ir.OneOf(_, terms):
                return node in [_term(t) for t in terms]
            case ir.Enumerated(_, members):
                assert isinstance(at.type, Enum)
                return (at.value if 0 < at.value <= len(at.type.terms) else 0) in members
            case ir.IsA(_, iri):
                return self._is_a(iri, node, at)
            case ir.FocusIs(_, wanted):
                return node == _term(wanted)
        raise AssertionError(cond)

    def _is_a(self, iri: model.IRI, node: Node, at: At) -> bool:
        queried = next(c for c in self.program.classes if c.iri == iri)
        members = [_term(self.program.terms[n - 1]) for n in queried.members]
        instances = [_term(self.program.terms[n - 1]) for n in queried.instances]
        if node in instances:
            return True
        is_node = not isinstance(node, Literal) and not isinstance(at.type, ClassOf | Enum)
        return is_node and any(t in members for t in self.memory.types(at))


def _kind(node: Node) -> str:
    if isinstance(node, BNode):
        return "BlankNode"
    return "IRI" if isinstance(node, URIRef) else "Literal"


def _term(term: model.Term) -> Node:
    match term:
        case model.IRI(iri):
            return URIRef(iri)
        case model.Literal(lexical, datatype, language):
            return literal(lexical, datatype.value, language)
    raise TypeError(f"{term} is no constant")


def _is_of(node: Node, datatype: str) -> bool:
    if not isinstance(node, Literal) or str(datatype_of(node)) != datatype:
        return False
    return values.is_well_typed(node)


def _compares(node: Node, op: str, bound: model.Literal) -> bool:
    limit = _term(bound)
    assert isinstance(limit, Literal)
    if not isinstance(node, Literal):
        return False
    match op:
        case "<":
            return values.less(node, limit)
        case "<=":
            return values.less_or_equal(node, limit)
        case ">":
            return values.less(limit, node)
    return values.less_or_equal(limit, node)


def _precedes(node: Node, other: Node, or_equal: bool) -> bool:
    if not (isinstance(node, Literal) and isinstance(other, Literal)):
        return False
    return values.less_or_equal(node, other) if or_equal else values.less(node, other)


def _within(cond: ir.Interval, node: Node, at: At) -> bool:
    """Decide an interval on the number that the struct holds."""
    held = at.value
    if not isinstance(at.type, Scalar):
        if held.tag != cond.datatype:
            return False
        held = held.value
    if not _is_of(node, f"{XSD}{cond.datatype}") or held != held:
        return False
    number = held if isinstance(held, float) else Fraction(int(held))
    above = cond.low is None or cond.low < number or (cond.low == number and not cond.low_open)
    below = cond.high is None or number < cond.high or (cond.high == number and not cond.high_open)
    return above and below
