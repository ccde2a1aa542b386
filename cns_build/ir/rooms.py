# SPDX-License-Identifier: Apache-2.0
"""Rooms: how deep records may still lie inside each other, where they can contain themselves.

What is counted of a value depends on its *room*: how many records of its circle may lie inside
each other from there on, its own one included. The values in a list have the list's room.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import TypeAlias

from cns_build.ir.cycles import described, recursive_records
from cns_build.ir.program import Procedure, Program, Test, Var
from cns_build.ir.record import TYPE, Field, ListOf, Pointer, ValueType

RoomOf: TypeAlias = dict[int, int]  # by the number of a variable


class Rooms:
    """The rooms of one program's values; `circles` numbers the records that contain themselves."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._depth = program.depth
        self.circles = recursive_records(program.records)

    def fresh(self, type_: ValueType) -> int:
        """Return the room at a value that lies in no record of the same circle."""
        return self._depth if described(type_) in self.circles else 0

    def along(self, base: Var, fields: tuple[Field, ...], rooms: RoomOf) -> int | None:
        """Return the room at the end of a path; None where no sound record has a value."""
        room, type_ = rooms[base.number], base.type
        for item in fields:
            above, below = (self.circles.get(described(t) or "") for t in (type_, item.type))
            inside = above is not None and not isinstance(type_, ListOf)
            if inside and room == 0 and item.path != TYPE:
                return None  # a reference without a record
            if below is None or above != below:
                room = self.fresh(item.type)
            elif inside:
                room -= 1
            if below is not None and room == 0 and isinstance(item.type, Pointer):
                return None
            type_ = item.type
        return room

    def upward(self) -> Iterator[tuple[Test | Procedure, int]]:
        """Yield what calls itself, from little room to much, so that no count waits for many."""
        program = self._program
        bodies: tuple[Test | Procedure, ...] = (*program.tests, *program.procedures)
        for circle in dict.fromkeys(self.circles.values()):  # inner circles come first
            for room in range(self._depth + 1):
                for body in bodies:
                    if self.circles.get(described(body.focus.type) or "") == circle:
                        yield body, room


def most_values(fields: tuple[Field, ...]) -> int:
    """Return how many values a record has at the end of a path, at most; equal ones included."""
    return reduce(lambda product, item: product * item.capacity, fields, 1)
