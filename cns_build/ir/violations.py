# SPDX-License-Identifier: Apache-2.0
"""Worst-case reports: how many violations a function can report about any record.

A check reports once, and its details behind it; a loop as often as its path has values that are
no equal terms. What excludes itself counts once: a path with too few values and with all of
them, an integer below its least and above its most, a set of enumerators that few are not in.
Otherwise each check is taken to fail whatever the others say.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor

from cns_build import xsd
from cns_build.ir.program import (
    TRUE,
    Call,
    Check,
    Cond,
    CountWithin,
    Each,
    EachLanguage,
    Enumerated,
    Function,
    HasDatatype,
    If,
    Interval,
    Op,
    Procedure,
    Program,
    Var,
)
from cns_build.ir.record import Enum, Field, Scalar
from cns_build.ir.rooms import RoomOf, Rooms, most_values

MAX_VIOLATIONS = 2**16 - 1  # what a result has room for
_BOOLEANS = 3  # true, false, and the ill-formed literal


def violations(program: Program, report: str) -> dict[str, int]:
    """Return the most violations that each function reports, by the name of its record.

    `report` is the build's. MAX_VIOLATIONS stands for as many and more.
    """
    most = {"all": MAX_VIOLATIONS, "first": 1, "conforms": 0}[report]
    counter = _Counter(program)
    return {f.record: min(counter.function(f), most) for f in program.functions}


class _Counter:
    def __init__(self, program: Program) -> None:
        self._rooms = Rooms(program)
        self._procedures = {p.name: p for p in program.procedures}
        self._known: dict[tuple[str, int], int] = {}
        for body, room in self._rooms.upward():
            if isinstance(body, Procedure):
                self._procedure(body.name, room)

    def function(self, function: Function) -> int:
        """Return the most that a function reports."""
        focus = function.focus
        return self._body(function.body, {focus.number: self._rooms.fresh(focus.type)})

    def _procedure(self, name: str, room: int) -> int:
        if (name, room) not in self._known:
            procedure = self._procedures[name]
            self._known[name, room] = self._body(procedure.body, {procedure.focus.number: room})
        return self._known[name, room]

    def _body(self, body: tuple[Op, ...], rooms: RoomOf) -> int:
        total = 0
        paths: dict[tuple[int, tuple[Field, ...]], list[Check | Each]] = {}
        for op in body:
            match op:
                case Each(base=base, fields=fields):
                    paths.setdefault((base.number, fields), []).append(op)
                case Check(cond=CountWithin(base=base, fields=fields)):
                    paths.setdefault((base.number, fields), []).append(op)
                case _:
                    total += self._op(op, rooms)
        return total + sum(self._path(fields, ops, rooms) for (_, fields), ops in paths.items())

    def _op(self, op: Op, rooms: RoomOf) -> int:
        match op:
            case Check(cond=cond, detail=detail):
                return 0 if cond == TRUE else 1 + self._body(detail, rooms)
            case If(body=body):
                return self._body(body, rooms)
            case Call(var, procedure):
                return self._procedure(procedure, rooms[var.number])
            case EachLanguage(branches=branches, body=body):
                return sum(map(most_values, branches)) // 2 * self._body(body, rooms)
        raise AssertionError(op)

    # Paths

    def _path(self, fields: tuple[Field, ...], ops: list[Check | Each], rooms: RoomOf) -> int:
        """Return the most that operations on one path report: of all its values, or of few."""
        most = self._most_distinct(ops, fields, rooms)
        few = [
            op.cond.low - 1
            for op in ops
            if isinstance(op, Check) and isinstance(op.cond, CountWithin)
        ]
        numbers = {0, most, *(n for n in few if 0 <= n < most)}
        return max(sum(self._at(op, number, rooms) for op in ops) for number in numbers)

    def _most_distinct(
        self, ops: list[Check | Each], fields: tuple[Field, ...], rooms: RoomOf
    ) -> int:
        """Return how many values a path has that are no equal terms, at most."""
        each = next((op for op in ops if isinstance(op, Each)), None)
        if each is not None and self._rooms.along(each.base, fields, rooms) is None:
            return 0
        most = most_values(fields)
        match fields[-1].type:
            case Scalar("boolean"):
                return min(most, _BOOLEANS)
            case Enum(terms):
                return min(most, len(terms) + 1)
        return most

    def _at(self, op: Check | Each, number: int, rooms: RoomOf) -> int:
        """Return the most that an operation reports where its path has so many values."""
        match op:
            case Check(cond=CountWithin(low=low, high=high)):
                fits = low <= number and (high is None or number <= high)
                return 0 if fits else self._op(op, rooms)
            case Each(absent=absent) if number == 0:
                return self._body(absent, rooms)
            case Each(var, base, fields, body):
                room = self._rooms.along(base, fields, rooms)
                assert room is not None, "there are values"
                return self._of_values(body, var, number, {**rooms, var.number: room})
        raise AssertionError(op)

    def _of_values(self, body: tuple[Op, ...], var: Var, number: int, rooms: RoomOf) -> int:
        """Return the most that operations report about so many distinct values."""
        conds = [op.cond for op in body if isinstance(op, Check)]
        few = {c: most for c in conds if (most := _violators(c, var)) is not None}
        ranges = [c for c in conds if isinstance(c, Interval) and _is_integer(c, var)]
        rest = tuple(
            op for op in body if not (isinstance(op, Check) and op.cond in (*few, *ranges))
        )
        of_few = sum(min(number, few[c]) for c in conds if c in few)
        return of_few + number * (_most_failing(ranges) + self._body(rest, rooms))


def _violators(cond: Cond, var: Var) -> int | None:
    """Return how many terms of a variable's type a condition can fail for, where they are few."""
    match cond:
        case Enumerated(Var(type=Enum(terms)) as asked, members) if asked == var:
            return len(terms) + 1 - len(members)
        case HasDatatype(asked) if asked == var and var.type == Scalar("boolean"):
            return 1  # the ill-formed literal
    return None


def _is_integer(cond: Interval, var: Var) -> bool:
    """Whether a range asks for this variable, and its C type is an integer's."""
    integer = cond.datatype in xsd.INTEGER_BOUNDS
    return integer and cond.var == var and var.type == Scalar(cond.datatype)


def _most_failing(ranges: list[Interval]) -> int:
    """Return how many ranges one integer can violate: none is below one and above it."""
    if not ranges:
        return 0
    least, most = xsd.held_bounds(ranges[0].datatype)
    ends = [Fraction(end) for r in ranges for end in (r.low, r.high) if end is not None]
    near = {floor(end) + step for end in ends for step in (-1, 0, 1)}
    numbers = {least, most, *(n for n in near if least <= n <= most)}
    return max(sum(not _holds(r, n) for r in ranges) for n in numbers)


def _holds(cond: Interval, number: int) -> bool:
    above = cond.low is None or cond.low < number or (cond.low == number and not cond.low_open)
    below = cond.high is None or number < cond.high or (cond.high == number and not cond.high_open)
    return above and below
