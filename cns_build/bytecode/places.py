# SPDX-License-Identifier: Apache-2.0
"""Where the variables of the IR are while code runs: in registers, loaded anew for every use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cns_build.bytecode.numbers import Numbers
from cns_build.bytecode.writer import Writer
from cns_build.ir.program import Var
from cns_build.ir.record import ClassOf, Field, ListOf, Ref, Self, ValueType, record_of


@dataclass(frozen=True, slots=True)
class Home:
    """The registers of a variable: of its place, and of the record that describes it.

    Of a value of a single field, `base` and `item` say how it is loaded; anything else, such as a
    cursor over at most `capacity` values, is in its register already.
    """

    register: int
    record: int | None
    base: Var | None = None
    item: Field | None = None
    capacity: int = 1


class Places:
    """Loads variables: a home stays until another variable of the same number is given one."""

    def __init__(self, writer: Writer, numbers: Numbers) -> None:
        self.writer = writer
        self.numbers = numbers
        self._homes: dict[Var, Home] = {}
        self._unnamed = 0

    def start(self, focus: Var) -> None:
        """Bind the variable that a function is called with."""
        self._homes[focus] = Home(0, self._record_register(focus.type))

    def unnamed(self, type_: ValueType) -> Var:
        """Return a variable that the IR has none for: a value on the way along a path."""
        self._unnamed += 1
        return Var(-(2**20) - self._unnamed, type_)

    def reserve(self, var: Var, base: Var, item: Field) -> None:
        """Give a value of a field registers: a single one is loaded there, others are opened."""
        register = self.writer.take()
        record = self._record_register(var.type)
        if self.is_field(base, item):
            self._homes[var] = Home(register, record, base, item)
        else:
            self._homes[var] = Home(register, record, capacity=item.capacity)

    def loop_registers(self, fields: Sequence[Field]) -> int:
        """Return how many registers the values along a path take, and their number."""
        described = sum(record_of(item.type) is not None for item in fields)
        return len(fields) + described + (len(fields) > 1)

    def is_field(self, base: Var, item: Field) -> bool:
        """Whether a field holds one value at most, and is no list."""
        return item.single and not isinstance(base.type, ListOf)

    def capacity(self, var: Var) -> int:
        """Return how many values the cursor of a variable moves over, at most."""
        return self._homes[var].capacity

    def _record_register(self, type_: ValueType) -> int | None:
        if isinstance(type_, Self):
            return 0
        return None if record_of(type_) is None else self.writer.take()

    def load(self, var: Var) -> int:
        """Return the register of a value, having written what loads it."""
        home = self._homes[var]
        if home.base is None or home.item is None:
            return home.register
        if isinstance(home.item.type, ClassOf):
            self.writer.emit("CLASS", home.register, self.classed(home.base))
        else:
            slot = self.numbers.slot(home.base.type, home.item)
            self.writer.emit("VALUE", home.register, self.record(home.base), slot)
        return home.register

    def record(self, var: Var) -> int:
        """Return the register of the record that describes a node, or of a list."""
        home = self._homes[var]
        register = self.load(var)
        if isinstance(var.type, Self | ListOf):
            return register
        assert home.record is not None
        self.writer.emit("FOLLOW", home.record, register)
        return home.record

    def classed(self, var: Var) -> int:
        """Return the register of what says the class of a node: a reference, or a record."""
        return self.load(var) if isinstance(var.type, Ref) else self.record(var)

    def present(self, base: Var, item: Field) -> None:
        """Set the flag if a field has a value."""
        if isinstance(item.type, ClassOf):
            with self.writer.scope():
                register = self.writer.take()
                self.writer.emit("CLASS", register, self.classed(base))
        elif isinstance(base.type, ListOf):
            with self.writer.scope():
                register = self.writer.take()
                self.writer.emit("ITEMS", register, self.record(base))
        else:
            self.writer.emit("HAS", self.record(base), self.numbers.slot(base.type, item))


def is_single(base: ValueType, fields: Sequence[Field]) -> bool:
    """Whether a path leads to one value at most."""
    starts = [base, *(f.type for f in fields[:-1])]
    return all(f.single for f in fields) and not any(isinstance(b, ListOf) for b in starts)
