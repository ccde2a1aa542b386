# SPDX-License-Identifier: Apache-2.0
"""The IR's own rules; a violation is a bug of the compiler, never of its input.

Every variable is bound before it is used, every field belongs to its base, every name refers to
something, and check numbers are in range. Tests and procedures that call each other in a circle
go down to another node on the way round, and tests ask there for what conforms.
"""

from __future__ import annotations

from collections.abc import Iterator

from cns_build.ir.cycles import components
from cns_build.ir.program import (
    All,
    Any,
    Call,
    Check,
    Cond,
    Conforms,
    Const,
    CountWhere,
    CountWithin,
    Each,
    EachLanguage,
    Every,
    ExactlyOne,
    If,
    LanguagesUnique,
    Not,
    Op,
    Precedes,
    Program,
    Same,
    Some,
    Var,
    children,
    conditions,
    walk,
)
from cns_build.ir.record import ITEMS, TYPE, Field, ListOf, record_of


class BrokenProgram(AssertionError):
    """The program breaks a rule of the IR."""


def verify(program: Program) -> None:
    """Raise BrokenProgram when the program breaks a rule."""
    verifier = _Verifier(program)
    for function in program.functions:
        verifier.body(function.body, frozenset({function.focus}))
    for procedure in program.procedures:
        verifier.body(procedure.body, frozenset({procedure.focus}))
    for test in program.tests:
        verifier.cond(test.cond, frozenset({test.focus}))
    _refuse_circles(program)
    for entry in program.entries:
        found = any(f.record == entry.record for f in program.functions)
        _demand(found, f"{entry} has no function")


def _demand(holds: bool, message: str) -> None:
    if not holds:
        raise BrokenProgram(message)


class _Verifier:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.tests = {t.name: t for t in program.tests}
        self.procedures = {p.name: p for p in program.procedures}
        self.fields = {r.name: {f.path: f for f in r.fields} for r in program.records}

    def body(self, body: tuple[Op, ...], bound: frozenset[Var]) -> None:
        for op in body:
            match op:
                case Check(cond, check, focus, value, detail):
                    self.body(detail, bound)
                    self.cond(cond, bound)
                    _demand(focus in bound, f"check {check}: focus ${focus.number} is not bound")
                    _demand(value is None or value in bound, f"check {check}: value is not bound")
                    _demand(0 <= check < len(self.program.checks), f"check {check} does not exist")
                case Each(var, base, fields, inner, absent):
                    _demand(base in bound, f"${base.number} is not bound")
                    self.path(base, fields)
                    _demand(fields[-1].type == var.type, f"${var.number} has another type")
                    alone = len(fields) == 1 and fields[0].single
                    _demand(not absent or alone, "absent needs a single field")
                    self.body(inner, bound | {var})
                    self.body(absent, bound)
                case If(cond, inner):
                    self.cond(cond, bound)
                    self.body(inner, bound)
                case EachLanguage(base, branches, inner):
                    self.branches(base, branches, bound)
                    self.body(inner, bound)
                case Call(var, name):
                    _demand(var in bound, f"${var.number} is not bound")
                    _demand(name in self.procedures, f"there is no procedure {name}")
                    same = self.procedures[name].focus.type == var.type
                    _demand(same, f"{name} takes another type than ${var.number} has")

    def branches(
        self, base: Var, branches: tuple[tuple[Field, ...], ...], bound: frozenset[Var]
    ) -> None:
        _demand(base in bound, f"${base.number} is not bound")
        for fields in branches:
            self.path(base, fields)

    def path(self, base: Var, fields: tuple[Field, ...]) -> None:
        _demand(bool(fields), "a path has no steps")
        type_ = base.type
        for item in fields:
            if item.path == ITEMS:
                _demand(isinstance(type_, ListOf), f"{type_} has no members")
            elif item.path != TYPE:
                name = record_of(type_)
                _demand(name is not None, f"{type_} has no fields")
                assert name is not None
                found = self.fields[name].get(item.path)
                _demand(found is item or found == item, f"{name} has no {item.name}")
            type_ = item.type

    def cond(self, cond: Cond, bound: frozenset[Var]) -> None:
        match cond:
            case Const():
                return
            case All(conds) | Any(conds) | ExactlyOne(conds):
                for inner in conds:
                    self.cond(inner, bound)
            case Not(inner):
                self.cond(inner, bound)
            case Every(var, base, item, inner) | Some(var, base, item, inner):
                _demand(base in bound, f"${base.number} is not bound")
                self.path(base, (item,))
                _demand(item.type == var.type, f"${var.number} has another type")
                self.cond(inner, bound | {var})
            case CountWithin(base, fields):
                _demand(base in bound, f"${base.number} is not bound")
                self.path(base, fields)
            case CountWhere(base, counted):
                self.branches(base, tuple(c.fields for c in counted), bound)
                for part in counted:
                    same = part.fields[-1].type == part.var.type
                    _demand(same, f"${part.var.number} has another type")
                    self.cond(part.cond, bound | {part.var})
            case LanguagesUnique(base, branches):
                self.branches(base, branches, bound)
            case Same(var, other) | Precedes(var, other):
                _demand(var in bound, f"${var.number} is not bound")
                _demand(other in bound, f"${other.number} is not bound")
            case Conforms(var, test):
                _demand(var in bound, f"${var.number} is not bound")
                _demand(test in self.tests, f"there is no test {test}")
                same = self.tests[test].focus.type == var.type
                _demand(same, f"{test} takes another type than ${var.number} has")
            case _:
                _demand(cond.var in bound, f"${cond.var.number} is not bound")


def _refuse_circles(program: Program) -> None:
    tests = {
        t.name: [c for c in conditions(t.cond) if isinstance(c, Conforms)] for t in program.tests
    }
    staying = {n: [c.test for c in calls if c.var.number == 0] for n, calls in tests.items()}
    _demand(not components(staying), f"tests call each other at one node: {_names(staying)}")
    circles = components({name: [c.test for c in calls] for name, calls in tests.items()})
    for test in program.tests:
        for called in _denied(test.cond, denied=False):
            circle = circles.get(test.name)
            _demand(
                circle is None or circles.get(called) != circle,
                f"{test.name} depends on what does not conform to itself",
            )
    calls = {
        p.name: [o.procedure for o in walk(p.body) if isinstance(o, Call) and o.var.number == 0]
        for p in program.procedures
    }
    _demand(not components(calls), f"procedures call each other at one node: {_names(calls)}")


def _names(calls: dict[str, list[str]]) -> list[str]:
    return sorted(components(calls))


def _denied(cond: Cond, denied: bool) -> Iterator[str]:
    """Yield the tests inside a condition of which more may hold where less of them do."""
    if isinstance(cond, Conforms) and denied:
        yield cond.test
    limits = isinstance(cond, CountWhere) and cond.high is not None
    denied = denied or limits or isinstance(cond, Not | ExactlyOne)
    for inner in children(cond):
        yield from _denied(inner, denied)
