# SPDX-License-Identifier: Apache-2.0
"""Worst-case steps: how many conditions a function can evaluate on any record.

One step for each condition, each presence test and each call of a procedure; loops count their
body as often as their capacity allows, and twice more for finding equal values. Texts count as
one step: they are compared with constants only up to the constant's length. A pattern reads all
of a text, one step for each byte that the record has room for; the bytes of a text behind a
pointer are not counted. Records that can contain themselves are counted to the depth that the
build states (`rooms.py`).

Every step is some check's: what finds the values of a path counts for the first check that asks
for them, what tells equal values apart for each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TypeAlias

from cns_build.ir.patterns import most_bytes
from cns_build.ir.program import (
    Call,
    Check,
    Cond,
    Conforms,
    Counted,
    CountWhere,
    CountWithin,
    Each,
    EachLanguage,
    Every,
    Function,
    If,
    LanguagesUnique,
    Matches,
    Op,
    Program,
    Some,
    Test,
    Var,
    children,
    walk,
)
from cns_build.ir.record import Field
from cns_build.ir.rooms import RoomOf, Rooms, most_values

MAX_STEPS = 2**32 - 1  # what a result and a header can say

# Steps by the number of a check; None has those that serve no check alone: targets and calls.
Shares: TypeAlias = Counter[int | None]


def steps(program: Program) -> dict[str, int]:
    """Return the worst-case number of steps of each function, by the name of its record.

    Where records can contain themselves, MAX_STEPS stands for as many and more.
    """
    counter = _Counter(program)
    most = {f.record: counter.function(f).total() for f in program.functions}
    if counter.rooms.circles:
        return {record: min(count, MAX_STEPS) for record, count in most.items()}
    return most


def shares(program: Program, function: Function) -> Shares:
    """Return which check takes how many of the worst-case steps; their sum is exact."""
    return _Counter(program).function(function)


class _Counter:
    def __init__(self, program: Program) -> None:
        self.rooms = Rooms(program)
        self._tests = {t.name: t for t in program.tests}
        self._procedures = {p.name: p for p in program.procedures}
        self._known: dict[tuple[str, int], int] = {}
        self._called: dict[tuple[str, int], Shares] = {}
        for body, room in self.rooms.upward():
            if isinstance(body, Test):
                self._test(body.name, room)
            else:
                self._procedure(body.name, room)

    def function(self, function: Function) -> Shares:
        """Return the steps of a function."""
        focus = function.focus
        return self._body(function.body, {focus.number: self.rooms.fresh(focus.type)})

    # Conditions

    def _test(self, name: str, room: int) -> int:
        if (name, room) not in self._known:
            test = self._tests[name]
            self._known[name, room] = 1 + self._cond(test.cond, {test.focus.number: room})
        return self._known[name, room]

    def _cond(self, cond: Cond, rooms: RoomOf) -> int:
        match cond:
            case Conforms(var, test):
                return self._test(test, rooms[var.number])
            case Every(var, base, item, inner) | Some(var, base, item, inner):
                room = self.rooms.along(base, (item,), rooms)
                if room is None:
                    return 1
                return 1 + item.capacity * self._cond(inner, {**rooms, var.number: room})
            case Matches(var):
                return 1 + (most_bytes(var.type) or 0)
            case CountWithin(fields=fields):
                return _asked(fields) + _distinct(fields)
            case CountWhere(base=base, counted=counted):
                return 1 + sum(
                    _asked(c.fields) + _distinct(c.fields) + self._counted(base, c, rooms)
                    for c in counted
                )
            case LanguagesUnique(branches=branches):
                return 1 + _languages(branches)
        return 1 + sum(self._cond(c, rooms) for c in children(cond))

    def _counted(self, base: Var, counted: Counted, rooms: RoomOf) -> int:
        room = self.rooms.along(base, counted.fields, rooms)
        if room is None:
            return 0
        inner = self._cond(counted.cond, {**rooms, counted.var.number: room})
        return most_values(counted.fields) * inner

    # Operations

    def _procedure(self, name: str, room: int) -> Shares:
        if (name, room) not in self._called:
            procedure = self._procedures[name]
            inner = self._body(procedure.body, {procedure.focus.number: room})
            self._called[name, room] = _sum([Counter({None: 1}), inner])
        return self._called[name, room]

    def _op(self, op: Op, rooms: RoomOf) -> Shares:
        match op:
            case Check(cond, check, detail=detail):
                own: Shares = Counter({check: self._cond(cond, rooms)})
                return _sum([own, self._body(detail, rooms)])
            case If(cond=cond, body=body):
                asked: Shares = Counter({None: self._cond(cond, rooms)})
                return _sum([asked, self._body(body, rooms)])
            case Each():
                return self._each(op, rooms)
            case Call(var, procedure):
                return self._procedure(procedure, rooms[var.number])
            case EachLanguage(branches=branches, body=body):
                tags = sum(map(most_values, branches)) // 2
                found: Shares = Counter({_first(body): 1 + _languages(branches)})
                return _sum([found, _times(tags, self._body(body, rooms))])
        raise AssertionError(op)

    def _each(self, op: Each, rooms: RoomOf) -> Shares:
        inner, room = Shares(), self.rooms.along(op.base, op.fields, rooms)
        if room is not None:
            body = self._body(op.body, {**rooms, op.var.number: room})
            told = (Counter({_first((o,)): _distinct(op.fields)}) for o in op.body or op.absent)
            inner = _sum([_times(most_values(op.fields), body), *told])
        absent = self._body(op.absent, rooms)
        asked: Shares = Counter({_first((*op.body, *op.absent)): _asked(op.fields)})
        return _sum([asked, max(inner, absent, key=Counter.total)])

    def _body(self, body: tuple[Op, ...], rooms: RoomOf) -> Shares:
        return _sum(self._op(op, rooms) for op in body)


def _sum(parts: Iterable[Shares]) -> Shares:
    total: Shares = Counter()
    for part in parts:
        total.update(part)
    return total


def _times(factor: int, part: Shares) -> Shares:
    return Counter({check: factor * number for check, number in part.items()})


def _first(body: tuple[Op, ...]) -> int | None:
    """Return the first check of operations, if they have one themselves."""
    return next((op.check for op in walk(body) if isinstance(op, Check)), None)


def _asked(fields: tuple[Field, ...]) -> int:
    """Return the nodes on the way along a path that are asked for their values."""
    return sum(most_values(fields[:step]) for step in range(len(fields)))


def _distinct(fields: tuple[Field, ...]) -> int:
    """Return the comparisons that tell equal values of a path apart."""
    most = most_values(fields)
    return most * (most - 1) // 2 if most > 1 else 0


def _languages(branches: tuple[tuple[Field, ...], ...]) -> int:
    """Return the comparisons that find the language tags of two values, each value with all."""
    most = sum(map(most_values, branches))
    return sum(map(_asked, branches)) + most * (most - 1) // 2
