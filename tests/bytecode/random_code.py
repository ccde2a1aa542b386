# SPDX-License-Identifier: Apache-2.0
"""Random functions that the verifier accepts: lowered naively, with what optimizers may meet.

Registers are a stack, as in lowered code: a place of a field of what register r holds is in r + 1.
Facts that end at a label are never relied on behind it, so most of what is drawn is accepted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from cns_build.bytecode import text
from cns_build.bytecode.image import TYPE_CLASS, Words
from tests.bytecode import things

# By record: slots of one value and of several, with the types of the values.
SINGLE = {
    things.THING: {0: things.INT, 1: things.STRING, 2: things.REFERENCE},
    things.PART: {0: things.INT, 1: things.REFERENCE},
}
MANY = {
    things.THING: {3: things.INT, 4: things.REFERENCE},
    things.PART: {2: things.INT},
}
LAST_REGISTER = things.REGISTERS - 1


@dataclass
class Writer:
    """Writes a function that may call those of the numbers in `callees`, which take parts."""

    random: Random
    callees: range
    lines: list[str] = field(default_factory=list)
    labels: int = 0

    def label(self) -> str:
        self.labels += 1
        return f"L{self.labels}"

    def emit(self, *lines: str) -> None:
        self.lines += lines

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    # Tests

    def test(self, register: int, type_: int) -> str:
        """Return a test of a record or value."""
        draw = self.random.choice
        within = f"r{register} {draw((0, 2, 4, 6))}"
        if type_ in (things.THING, things.PART):
            slots = [*SINGLE[type_], *MANY[type_]]
            return draw([f"HAS r{register} {draw(slots)}", f"KIND r{register} {draw((1, 3))}"])
        if type_ == things.INT:
            return draw([f"WITHIN {within}", f"WITHIN {within}", f"VALID r{register}"])
        if type_ == things.STRING:
            return f"LENGTH {within}"
        if type_ == TYPE_CLASS:
            return f"ID_IN r{register} {things.IDS}"
        found = [f"ID_IN r{register} {things.IDS}", f"IS_A r{register} {things.CLASSES}"]
        return draw([*found, f"SAME r{register} r0"])

    def condition(self, register: int, type_: int, depth: int = 0) -> None:
        """Leave the flag set by one test, or by several that are joined."""
        if self.chance(15):
            self.emit(f"TRUTH {self.random.randrange(2)}")
        else:
            self.emit(self.test(register, type_))
        if depth < 3 and self.chance(40):
            end = self.label()
            self.emit(f"{self.random.choice(('JUMP_IF', 'JUMP_UNLESS'))} {end}")
            self.condition(register, type_, depth + 1)
            self.emit(f"{end}:")
        if self.chance(15):
            self.emit("NOT")

    # Statements

    def report(self, register: int, type_: int, focus: int) -> str:
        if self.chance(10):
            return f"REPORT - r{focus} #{len(things.CHECKS) - 1}"
        record = type_ in (things.THING, things.PART)
        check = things.CHECKS.index(type_) if not record else 4
        return f"REPORT r{register} r{focus} #{check}"

    def check(self, register: int, type_: int, focus: int, load: str = "") -> None:
        """Report what does not pass, loading it again for each use."""
        end = self.label()
        self.emit(load)
        self.condition(register, type_)
        self.emit(f"JUMP_IF {end}", load, self.report(register, type_, focus), f"{end}:")

    def skip(self, register: int, type_: int, focus: int) -> None:
        form = self.random.choice(("unless", "if"))
        name, _, operands = self.test(register, type_).partition(" ")
        body = [self.report(register, type_, focus), "NOP", "TRUTH 1"]
        self.emit(f"{name}.{form} {operands}", self.random.choice(body))

    def field(self, register: int, type_: int, depth: int) -> None:
        """Look at a field of one value, behind a guard."""
        slot, value = self.random.choice(list(SINGLE[type_].items()))
        place, end = register + 1, self.label()
        load = f"VALUE r{place} r{register} {slot}"
        kind = self.random.randrange(6)
        if kind == 5 and value == things.INT:
            self.ranges(register, slot, place)
            return
        if kind == 0 and value == things.INT:
            constant = self.random.choice((0, 2))
            self.emit(f"FIELD_WITHIN.unless r{register} {slot} {constant}")
            self.emit(self.report(place, value, register))
            return
        if kind == 1:
            self.emit(f"FIELD r{register} {slot} {end}")
        else:
            self.emit(f"HAS r{register} {slot}", f"JUMP_UNLESS {end}")
        for _ in range(self.random.randrange(1, 4)):
            self.check(place, value, register, load)
            if value == things.REFERENCE:
                self.emit(load, f"FOLLOW r{place} r{place}")
                self.block(place, things.PART, depth + 1)
        self.emit(f"{end}:")

    def ranges(self, register: int, slot: int, place: int) -> None:
        """Look at presence and ranges of a field, as checks of one property do."""
        present, end = self.label(), self.label()
        if self.chance(70):
            self.emit(f"HAS r{register} {slot}", f"JUMP_IF {present}", f"REPORT - r{register} #5")
        self.emit(f"{present}:", f"HAS r{register} {slot}", f"JUMP_UNLESS {end}")
        first = self.random.choice((0, 2, 4))
        for constant in [first, first + 2][: self.random.randrange(1, 3)]:
            passed = self.label()
            load = f"VALUE r{place} r{register} {slot}"
            self.emit(load, f"WITHIN r{place} {constant}", f"JUMP_IF {passed}", load)
            self.emit(self.report(place, things.INT, register), f"{passed}:")
        self.emit(f"{end}:")

    def loop(self, register: int, type_: int, depth: int) -> None:
        slot, value = self.random.choice(list(MANY[type_].items()))
        cursor, head, end = register + 1, self.label(), self.label()
        if self.chance(30):
            self.emit(f"EACH r{register} {slot} {end}")
        else:
            self.emit(f"OPEN r{cursor} r{register} {slot}", f"JUMP_UNLESS {end}")
        self.emit(f"{head}:")
        if self.chance(30):
            skipped = self.label()
            self.emit(f"FIRST r{cursor}", f"JUMP_UNLESS {skipped}")
            self.check(cursor, value, register)
            self.emit(f"{skipped}:")
        if self.chance(80):
            self.check(cursor, value, register)
        if value == things.REFERENCE and self.chance(60):
            self.emit(f"FOLLOW r{cursor + 1} r{cursor}")
            self.block(cursor + 1, things.PART, depth + 1)
        self.emit(f"NEXT r{cursor} {head}", f"{end}:")

    def copy(self, register: int, type_: int, depth: int) -> None:
        self.emit(f"MOVE r{register + 1} r{register}")
        self.check(register + 1, type_, register)
        self.block(register + 1, type_, depth + 1)

    def number(self, register: int) -> None:
        counter, end = register + 1, self.label()
        self.emit(f"ZERO r{counter}", *[f"COUNT r{counter}"] * self.random.randrange(4))
        self.emit(f"NUMBER r{counter} 2", f"JUMP_IF {end}")
        self.emit(f"REPORT - r{register} #5", f"{end}:")

    def class_of(self, register: int) -> None:
        place, end = register + 1, self.label()
        self.emit(f"CLASS r{place} r{register}", f"JUMP_UNLESS {end}")
        self.check(place, TYPE_CLASS, register, f"CLASS r{place} r{register}")
        self.emit(f"{end}:")

    def call(self, register: int) -> None:
        called = self.random.choice(self.callees)
        if self.chance(50):
            end = self.label()
            self.emit(f"CALL r{register} {called}", f"JUMP_IF {end}")
            self.emit(f"REPORT r{register} r{register} #4", f"{end}:")
        else:
            self.emit(f"CALL r{register} {called}")

    def explain(self, register: int, type_: int, depth: int) -> None:
        self.emit(f"EXPLAIN r{register + 1}")
        inner = self.label()
        self.emit(self.test(register, type_), f"JUMP_IF {inner}")
        self.emit(self.report(register, type_, register), f"{inner}:")
        self.emit(f"RESUME r{register + 1}")

    def block(self, register: int, type_: int, depth: int) -> None:
        """Write statements about a record."""
        if register + 3 > LAST_REGISTER or depth > 3 or len(self.lines) > 400:
            return
        statements: list[Callable[[], None]] = [
            *[lambda: self.field(register, type_, depth)] * 4,
            *[lambda: self.loop(register, type_, depth)] * 2,
            lambda: self.check(register, type_, register),
            lambda: self.skip(register, type_, register),
            lambda: self.copy(register, type_, depth),
            lambda: self.number(register),
            lambda: self.class_of(register),
            lambda: self.explain(register, type_, depth),
        ]
        if type_ == things.PART and self.callees:
            statements += [lambda: self.call(register)] * 2
        out = self.label()
        for _ in range(self.random.randrange(1, 4)):
            self.random.choice(statements)()
            if self.chance(10):
                leave = self.random.choice((f"JUMP_IF {out}", f"JUMP_UNLESS {out}"))
                self.emit(self.test(register, type_), leave)
            if self.chance(3):
                self.emit(f"JUMP {out}")
        self.emit(f"{out}:")


def random_function(random: Random, type_: int, callees: range) -> Words:
    """Draw a function whose register 0 is a record of a type."""
    writer = Writer(random, callees)
    writer.block(0, type_, 0)
    if random.randrange(2):
        writer.condition(0, type_)
    writer.emit("RETURN")
    return text.assemble("\n".join(writer.lines))


def random_codes(seed: int) -> list[Words]:
    """Draw the code of an image: a function for things, and up to three for parts behind it."""
    random = Random(seed)
    count = random.randrange(1, 5)
    types = [things.THING, *[things.PART] * (count - 1)]
    return [
        random_function(random, type_, range(number + 1, count))
        for number, type_ in enumerate(types)
    ]
