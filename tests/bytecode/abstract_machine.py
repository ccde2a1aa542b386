# SPDX-License-Identifier: Apache-2.0
"""Runs code over records that nobody made: a record answers as a number decides.

A register holds a term: the record that the function began with, or how it came from there. What a
test finds is drawn from the number, the test and the terms that it reads, so that equal questions
have equal answers, and all others have unrelated ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from cns_build.bytecode import isa
from cns_build.bytecode.image import Image

Term: TypeAlias = "tuple[object, ...]"

MOST_STEPS = 100_000
RANGE_WORDS = 2  # of the integers of optimize_layout.h


@dataclass
class Cursor:
    """The value of a field at which a register stands."""

    field: Term
    count: int
    index: int = 0


@dataclass
class Machine:
    """A record, by a number; afterwards the trace of reports, and the steps that it took."""

    image: Image
    seed: int
    trace: list[Term] = field(default_factory=list)
    steps: int = 0

    def ask(self, *question: object) -> int:
        """Return a number from 0 to 255 for a question."""
        text = repr((self.seed, question)).encode()
        return hashlib.blake2b(text, digest_size=1).digest()[0]

    def has(self, place: Term, slot: int) -> bool:
        return self.ask("has", place, slot) % 4 != 0

    def count(self, place: Term, slot: int) -> int:
        return 1 + self.ask("count", place, slot) % 2 if self.has(place, slot) else 0

    def run(self, number: int = 0, argument: Term = ("record",)) -> bool:
        """Run a function; return its flag."""
        return Call(self, self.image.functions[number].code, argument).run()


class Call:
    """The registers of a function."""

    def __init__(self, machine: Machine, code: Sequence[int], argument: Term) -> None:
        self.machine = machine
        self.code = code
        self.registers: dict[int, Term | Cursor | int] = {0: argument}
        self.flag = False
        self.place = 0

    def run(self) -> bool:
        while True:
            word = self.code[self.place]
            self.place += 1
            self.machine.steps += 1
            assert self.machine.steps < MOST_STEPS
            instruction = isa.decode(word)
            if instruction.opcode.name == "RETURN":
                return self.flag
            if instruction.opcode.is_test:
                self.finish_test(instruction, self.test(instruction))
            else:
                self.act(instruction)

    def finish_test(self, instruction: isa.Instruction, holds: bool) -> None:
        if not instruction.form:
            self.flag = holds
        elif holds == (instruction.form == "unless"):
            self.place += 1

    def term(self, number: int) -> Term:
        """Return what a register stands for."""
        held = self.registers[number]
        if isinstance(held, Cursor):
            return ("item", held.field, held.index)
        return ("number", held) if isinstance(held, int) else held

    def open(self, to: int, base: int, slot: int) -> bool:
        place = self.term(base)
        count = self.machine.count(place, slot)
        self.registers[to] = Cursor(("value", place, slot), count)
        return count > 0

    def test(self, i: isa.Instruction) -> bool:
        machine, name = self.machine, i.opcode.name
        match name:
            case "TRUTH":
                return i.b != 0
            case "HAS":
                return machine.has(self.term(i.a), i.b)
            case "OPEN":
                return self.open(i.a, i.b, i.c)
            case "CLASS":
                node = self.term(i.b)
                self.registers[i.a] = ("class", node)
                return machine.ask(name, node) % 2 == 0
            case "FIELD_WITHIN":
                place = self.term(i.a)
                self.registers[i.a + 1] = value = ("value", place, i.b)
                return not machine.has(place, i.b) or self.within(value, i.c)
            case "WITHIN":
                return self.within(self.term(i.a), i.b)
            case "COUNT_WITHIN":
                low, high = machine.image.constants[i.c : i.c + 2]
                place = self.term(i.a)
                items = [
                    ("item", ("value", place, i.b), index)
                    for index in range(machine.count(place, i.b))
                ]
                return low <= sum(machine.ask("FIRST", item, 0) % 2 == 0 for item in items) <= high
            case "NUMBER":
                low, high = self.machine.image.constants[i.b : i.b + 2]
                held = self.registers[i.a]
                assert isinstance(held, int)
                return low <= held <= high
            case "CALL":
                return machine.run(i.b, self.term(i.a))
            case "SAME":
                return machine.ask(name, self.term(i.a), self.term(i.b)) % 2 == 0
            case "PRECEDES":
                return machine.ask(name, self.term(i.a), self.term(i.b), i.c) % 2 == 0
            case _:
                assert name in {"FIRST", "KIND", "ID_IN", "IS_A", "LENGTH", "VALID"}
                return machine.ask(name, self.term(i.a), i.b) % 2 == 0

    def is_first(self, cursor: int) -> bool:
        return self.machine.ask("FIRST", self.term(cursor), 0) % 2 == 0

    def within(self, value: Term, constant: int) -> bool:
        return self.machine.ask("within", value, constant) % 2 == 0

    def act(self, i: isa.Instruction) -> None:
        match i.opcode.name:
            case "NOP":
                pass
            case "MOVE":
                self.registers[i.a] = self.copy(i.b)
            case "VALUE":
                self.registers[i.a] = ("value", self.term(i.b), i.c)
            case "FOLLOW":
                self.registers[i.a] = ("follow", self.term(i.b))
            case "ZERO":
                self.registers[i.a] = 0
            case "COUNT":
                held = self.registers[i.a]
                assert isinstance(held, int)
                self.registers[i.a] = held + 1
            case "COUNT_FIRST":
                held = self.registers[i.a]
                assert isinstance(held, int)
                self.registers[i.a] = held + self.is_first(i.b)
            case "NOT":
                self.flag = not self.flag
            case "JUMP":
                self.place += i.b
            case "JUMP_IF":
                self.place += i.b * self.flag
            case "JUMP_UNLESS":
                self.place += i.b * (not self.flag)
            case "NEXT":
                self.next(i)
            case "REPORT":
                self.report(i)
            case "REPORT_FIRST":
                value, focus, check = i.report
                if self.is_first(value):
                    self.machine.trace.append((check, self.term(value), self.term(focus)))
            case "FIELD":
                place = self.term(i.a)
                self.registers[i.a + 1] = ("value", place, i.b)
                self.place += i.c * (not self.machine.has(place, i.b))
            case "EACH":
                self.place += i.c * (not self.open(i.a + 1, i.a, i.b))
            case isa.CHECKS:
                self.field_checks(i)
            case "EXPLAIN":
                self.machine.trace.append(("explain",))
                self.registers[i.a] = len(self.machine.trace)
            case "RESUME":
                self.machine.trace.append(("resume", self.term(i.a)))
            case name:
                raise AssertionError(name)

    def report(self, i: isa.Instruction) -> None:
        value, focus, check = i.report
        said = () if value == isa.NO_REGISTER else self.term(value)
        self.machine.trace.append((check, said, self.term(focus)))

    def field_checks(self, i: isa.Instruction) -> None:
        place = self.term(i.record)
        self.registers[i.record + 1] = value = ("value", place, i.b)
        ranges = [i.c, i.c + RANGE_WORDS][: 1 + i.second]
        if self.machine.has(place, i.b):
            fails = [False] * i.required + [not self.within(value, k) for k in ranges]
        else:
            fails = [i.required] + [False] * (i.decides - 1)
        for fail, word in zip(fails, self.code[self.place :], strict=False):
            if fail:
                self.machine.steps += 1
                self.report(isa.decode(word))
        self.place += i.decides

    def copy(self, number: int) -> Term | Cursor | int:
        held = self.registers[number]
        return self.term(number) if isinstance(held, Cursor) else held

    def next(self, i: isa.Instruction) -> None:
        cursor = self.registers[i.a]
        assert isinstance(cursor, Cursor)
        if cursor.index + 1 < cursor.count:
            cursor.index += 1
            self.place += i.b
