# SPDX-License-Identifier: Apache-2.0
"""Worst-case steps: how many conditions a function can evaluate on any record.

One step for each condition, each presence test and each call of a procedure; loops count their
body as often as their capacity allows, and twice more for finding equal values. Texts count as
one step: they are compared with constants only up to the constant's length. A pattern reads all
of a text, one step for each byte that the record has room for; the bytes of a text behind a
pointer are not counted.

Records that can contain themselves are counted to the depth that the build states. What is
counted of a value depends on its *room*: how many such records may lie inside each other from
there on, its own one included. The values in a list have the list's room.
"""

from __future__ import annotations

from functools import reduce

from cns_build.ir.cycles import described, recursive_records
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
    Var,
    children,
)
from cns_build.ir.record import TYPE, Field, ListOf, Pointer, ValueType

MAX_STEPS = 2**32 - 1  # what a result and a header can say

_Rooms = dict[int, int]  # by the number of a variable


def steps(program: Program, function: Function) -> int:
    """Return the worst-case number of steps of a function.

    Where records can contain themselves, MAX_STEPS stands for as many and more.
    """
    counter = _Counter(program)
    rooms = {function.focus.number: counter.fresh_room(function.focus.type)}
    most = counter.body(function.body, rooms)
    return min(most, MAX_STEPS) if counter.circles else most


class _Counter:
    def __init__(self, program: Program) -> None:
        self._depth = program.depth
        self.circles = recursive_records(program.records)
        self._tests = {t.name: t for t in program.tests}
        self._procedures = {p.name: p for p in program.procedures}
        self._known: dict[tuple[str, int], int] = {}
        self._count_circles()

    def _count_circles(self) -> None:
        """Count what calls itself from little room to much, so that no count waits for many."""
        for circle in dict.fromkeys(self.circles.values()):  # inner circles come first
            for room in range(self._depth + 1):
                for test in self._tests.values():
                    if self.circles.get(described(test.focus.type) or "") == circle:
                        self._test(test.name, room)
                for procedure in self._procedures.values():
                    if self.circles.get(described(procedure.focus.type) or "") == circle:
                        self._procedure(procedure.name, room)

    # Rooms

    def fresh_room(self, type_: ValueType) -> int:
        """Return the room at a value that lies in no record of the same circle."""
        return self._depth if described(type_) in self.circles else 0

    def _room(self, base: Var, fields: tuple[Field, ...], rooms: _Rooms) -> int | None:
        """Return the room at the end of a path; None where no sound record has a value."""
        room, type_ = rooms[base.number], base.type
        for item in fields:
            above, below = (self.circles.get(described(t) or "") for t in (type_, item.type))
            inside = above is not None and not isinstance(type_, ListOf)
            if inside and room == 0 and item.path != TYPE:
                return None  # a reference without a record
            if below is None or above != below:
                room = self.fresh_room(item.type)
            elif inside:
                room -= 1
            if below is not None and room == 0 and isinstance(item.type, Pointer):
                return None
            type_ = item.type
        return room

    # Conditions

    def _test(self, name: str, room: int) -> int:
        if (name, room) not in self._known:
            test = self._tests[name]
            self._known[name, room] = 1 + self._cond(test.cond, {test.focus.number: room})
        return self._known[name, room]

    def _cond(self, cond: Cond, rooms: _Rooms) -> int:
        match cond:
            case Conforms(var, test):
                return self._test(test, rooms[var.number])
            case Every(var, base, item, inner) | Some(var, base, item, inner):
                room = self._room(base, (item,), rooms)
                if room is None:
                    return 1
                return 1 + _most((item,)) * self._cond(inner, {**rooms, var.number: room})
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

    def _counted(self, base: Var, counted: Counted, rooms: _Rooms) -> int:
        room = self._room(base, counted.fields, rooms)
        if room is None:
            return 0
        inner = self._cond(counted.cond, {**rooms, counted.var.number: room})
        return _most(counted.fields) * inner

    # Operations

    def _procedure(self, name: str, room: int) -> int:
        if (name, room) not in self._known:
            procedure = self._procedures[name]
            self._known[name, room] = 1 + self.body(procedure.body, {procedure.focus.number: room})
        return self._known[name, room]

    def _op(self, op: Op, rooms: _Rooms) -> int:
        match op:
            case Check(cond=cond, detail=detail):
                return self._cond(cond, rooms) + self.body(detail, rooms)
            case If(cond=cond, body=body):
                return self._cond(cond, rooms) + self.body(body, rooms)
            case Each():
                return self._each(op, rooms)
            case Call(var, procedure):
                return self._procedure(procedure, rooms[var.number])
            case EachLanguage(branches=branches, body=body):
                tags = sum(map(_most, branches)) // 2
                return 1 + _languages(branches) + tags * self.body(body, rooms)
        raise AssertionError(op)

    def _each(self, op: Each, rooms: _Rooms) -> int:
        inner, room = 0, self._room(op.base, op.fields, rooms)
        if room is not None:
            body = self.body(op.body, {**rooms, op.var.number: room})
            inner = _most(op.fields) * body + _distinct(op.fields) * max(1, len(op.body))
        return _asked(op.fields) + max(inner, self.body(op.absent, rooms))

    def body(self, body: tuple[Op, ...], rooms: _Rooms) -> int:
        """Return the worst-case number of steps of operations."""
        return sum(self._op(op, rooms) for op in body)


def _most(fields: tuple[Field, ...]) -> int:
    return reduce(lambda product, item: product * item.capacity, fields, 1)


def _asked(fields: tuple[Field, ...]) -> int:
    """Return the nodes on the way along a path that are asked for their values."""
    return sum(_most(fields[:step]) for step in range(len(fields)))


def _distinct(fields: tuple[Field, ...]) -> int:
    """Return the comparisons that tell equal values of a path apart."""
    most = _most(fields)
    return most * (most - 1) // 2 if most > 1 else 0


def _languages(branches: tuple[tuple[Field, ...], ...]) -> int:
    """Return the comparisons that find the language tags of two values, each value with all."""
    most = sum(map(_most, branches))
    return sum(map(_asked, branches)) + most * (most - 1) // 2
