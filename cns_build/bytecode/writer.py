# SPDX-License-Identifier: Apache-2.0
"""The code of one function while it is written: instructions, labels, registers and steps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from cns_build.bytecode import isa
from cns_build.bytecode.image import Words
from cns_build.diagnostics import CompileError, Diagnostic

MAX_STEPS = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Label:
    """A place in code that jumps lead to; `here` puts it there."""

    number: int


@dataclass(slots=True)
class Writer:
    """Collects instructions. Registers are given out like a stack, from `top` on.

    `steps` is the most that a run takes: each instruction as often as the loops around it have
    rounds, without what called functions take; `calls` has these, and how often each runs. Raises
    CompileError where an operand does not fit its bits.
    """

    name: str
    top: int = 1
    registers: int = 1
    steps: int = 0
    calls: list[tuple[int, int]] = field(default_factory=list)
    _code: list[tuple[str, int, int, int, Label | None]] = field(default_factory=list)
    _labels: dict[Label, int] = field(default_factory=dict)
    _held: set[int] = field(default_factory=set)
    _rounds: int = 1

    def take(self) -> int:
        """Return a register that nothing uses."""
        while self.top in self._held:
            self.top += 1
        register, self.top = self.top, self.top + 1
        self.registers = max(self.registers, self.top)
        if self.top > isa.NO_REGISTER:
            raise self._too_much("values inside each other")
        return register

    @contextmanager
    def behind(self, room: int) -> Iterator[int]:
        """Give a register behind `room` others, which are taken meanwhile as if it were not."""
        with self.scope():
            self.top += room
            held = self.take()
        self._held.add(held)
        yield held
        self._held.remove(held)

    @contextmanager
    def scope(self) -> Iterator[None]:
        """Give back, at the end, the registers that are taken meanwhile."""
        top = self.top
        yield
        self.top = top

    @contextmanager
    def rounds(self, most: int) -> Iterator[None]:
        """Count what is written meanwhile as often as a loop has rounds."""
        outer, self._rounds = self._rounds, self._rounds * most
        yield
        self._rounds = outer

    def label(self) -> Label:
        """Return a label that lies nowhere yet."""
        made = Label(len(self._labels))
        self._labels[made] = -1
        return made

    def here(self, label: Label) -> None:
        """Let the label be in front of the next instruction."""
        self._labels[label] = len(self._code)

    def emit(self, name: str, a: int = 0, b: int = 0, c: int = 0, extra: int = 0) -> None:
        """Write an instruction that takes `extra` steps besides its own."""
        self._code.append((name, a, b, c, None))
        self.steps = min(MAX_STEPS, self.steps + self._rounds * (1 + extra))

    def jump(self, name: str, target: Label, a: int = 0) -> None:
        """Write a JUMP, JUMP_IF, JUMP_UNLESS or NEXT."""
        self.emit(name, a)
        self._code[-1] = (name, a, 0, 0, target)

    def report(self, value: int, focus: int, check: int) -> None:
        """Write the report of a check; `value` is NO_REGISTER where none is named."""
        self.emit("REPORT", value, focus, check)

    def call(self, argument: int, function: int) -> None:
        """Write a CALL; what the function takes is added when all of them are known."""
        self.emit("CALL", argument, function)
        self.calls.append((function, self._rounds))

    def finish(self) -> Words:
        """Return the words."""
        return tuple(self._word(place, *row) for place, row in enumerate(self._code))

    def _word(self, place: int, name: str, a: int, b: int, c: int, target: Label | None) -> int:
        try:
            if target is not None:
                return isa.encode(name, a, self._labels[target] - place - 1)
            if name == "REPORT":
                return isa.encode_report(a, b, c)
            return isa.encode(name, a, b, c)
        except ValueError as error:
            raise self._too_much(f"code or constants ({error})") from error

    def _too_much(self, what: str) -> CompileError:
        return CompileError(
            Diagnostic(
                f"{self.name} has too many {what} for bytecode",
                fix="make several models, each with some of the records (--record), or use the "
                "native engine",
            )
        )
