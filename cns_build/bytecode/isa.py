# SPDX-License-Identifier: Apache-2.0
"""The instruction set, as the one table in C states it: runtime/include/cns/opcodes.h."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal, TypeAlias

from cns_build.integration.locations import runtime_dir

UNLESS, IF = 0x40, 0x80
BASE = 0x3F
NO_REGISTER = 31  # registers are below this; in REPORT it stands for no value
MAX_CHECKS = 1 << 14  # what REPORT has bits for
REPORTS = frozenset({"REPORT", "REPORT_FIRST"})  # instructions that name a check
CHECKS = "FIELD_CHECKS"  # its operand a is more than a register

# How a test is used: it sets the flag, or decides whether the next instruction runs.
Form: TypeAlias = Literal["", "unless", "if"]
_FORMS: dict[Form, int] = {"": 0, "unless": UNLESS, "if": IF}

_ROW = re.compile(r'X\((\w+), (0x[0-9a-f]{2}), "(.{2,3})",\s*((?:"[^"]*"\s*)+)\)')
_SIGNED = frozenset("jn")


@dataclass(frozen=True, slots=True)
class Opcode:
    """A row of the table; `operands` has a letter for a, b and c, or for a and a wide one."""

    name: str
    number: int
    operands: str
    meaning: str
    is_test: bool

    @property
    def is_wide(self) -> bool:
        """Whether the second operand takes the place of b and c."""
        return len(self.operands) == 2


@cache
def opcodes() -> MappingProxyType[str, Opcode]:
    """Return the opcodes by name, in the order of the table."""
    text = (runtime_dir() / "include/cns/opcodes.h").read_text(encoding="ascii")
    text = text.replace("\\\n", "\n")
    _, _, rest = text.partition("#define CNS_TEST_OPCODES(X)")
    tests, _, actions = rest.partition("#define CNS_ACTION_OPCODES(X)")
    actions = actions.partition("#define CNS_OPCODES(X)")[0]
    found = {}
    for part, is_test in ((tests, True), (actions, False)):
        for name, number, operands, words in _ROW.findall(part):
            meaning = re.sub(r'"\s*"', "", words.strip())[1:-1]
            found[name] = Opcode(name, int(number, 16), operands, meaning, is_test)
    return MappingProxyType(found)


@cache
def by_number() -> MappingProxyType[int, Opcode]:
    """Return the opcodes by number, without the bits of a test's form."""
    return MappingProxyType({opcode.number: opcode for opcode in opcodes().values()})


@cache
def fingerprint() -> int:
    """Return what an image has to say of its instruction set: CNS_ISA_FINGERPRINT.

    Numbers and operands make it up, not the words of the table.
    """
    rows = [f"{o.name} {o.number} {o.operands} {int(o.is_test)}\n" for o in opcodes().values()]
    return zlib.crc32("".join(rows).encode("ascii"))


def encode(name: str, a: int = 0, b: int = 0, c: int = 0, form: Form = "") -> int:
    """Return the word of an instruction; `b` is the wide operand where the opcode has one.

    Raises ValueError for an operand that does not fit.
    """
    opcode = opcodes()[name]
    if form and not opcode.is_test:
        raise ValueError(f"{name} is no test and has no form {form}")
    number = opcode.number | _FORMS[form]
    if opcode.is_wide:
        signed = opcode.operands[1] in _SIGNED
        low, high = (-(2**15), 2**15 - 1) if signed else (0, 2**16 - 1)
        _refuse_outside(name, b, low, high)
        _refuse_outside(name, a, 0, 255)
        return number | a << 8 | (b & 0xFFFF) << 16
    for operand in (a, b, c):
        _refuse_outside(name, operand, 0, 255)
    return number | a << 8 | b << 16 | c << 24


def _refuse_outside(name: str, operand: int, low: int, high: int) -> None:
    if not low <= operand <= high:
        raise ValueError(f"{name}: operand {operand} is not from {low} to {high}")


def encode_report(value: int, focus: int, check: int, name: str = "REPORT") -> int:
    """Return the word of one of REPORTS; `value` is NO_REGISTER where no value is named."""
    if not 0 <= check < MAX_CHECKS:
        raise ValueError(f"{name}: check {check} is not from 0 to {MAX_CHECKS - 1}")
    upper = check >> 8
    return encode(name, value | (upper & 7) << 5, focus | upper >> 3 << 5, check & 0xFF)


def encode_checks(record: int, slot: int, constant: int, required: bool, second: bool) -> int:
    """Return the word of FIELD_CHECKS, which decides about a REPORT for all that it asks."""
    reports = 1 + required + second
    return encode(CHECKS, record | reports << 5 | second << 7, slot, constant)


@dataclass(frozen=True, slots=True)
class Instruction:
    """A word taken apart; wide operands are in `b`, jumps are signed."""

    opcode: Opcode
    form: Form
    a: int
    b: int
    c: int

    @property
    def report(self) -> tuple[int, int, int]:
        """Return value register, focus register and check of one of REPORTS."""
        check = self.c | (self.a & 0xE0) << 3 | (self.b & 0xE0) << 6
        return self.a & 31, self.b & 31, check

    @property
    def record(self) -> int:
        """Return the record register of FIELD_CHECKS."""
        return self.a & 31

    @property
    def required(self) -> bool:
        """Return whether the first REPORT of FIELD_CHECKS is for a field that is absent."""
        return self.decides - self.second > 1

    @property
    def second(self) -> bool:
        """Return whether FIELD_CHECKS has a second range, directly behind that at `c`."""
        return bool(self.a & 0x80)

    @property
    def decides(self) -> int:
        """Return how many instructions behind it are REPORTs that FIELD_CHECKS decides about."""
        return self.a >> 5 & 3 if self.opcode.name == CHECKS else 0

    @property
    def jump(self) -> int | None:
        """Return how many words behind the next instruction a jump leads, None without one."""
        letter = self.opcode.operands[-1]
        if letter in "jn":
            return self.b
        return self.c if letter == "J" else None


def known(word: int) -> Instruction | None:
    """Take a word apart; None where it is no instruction."""
    try:
        return decode(word)
    except ValueError:
        return None


def decode(word: int) -> Instruction:
    """Take a word apart. Raises ValueError where it is no instruction."""
    form: Form = "unless" if word & UNLESS else "if" if word & IF else ""
    opcode = by_number().get(word & BASE)
    if opcode is None or (word & UNLESS and word & IF) or (form and not opcode.is_test):
        raise ValueError(f"0x{word:08x} is no instruction")
    if opcode.is_wide:
        b = word >> 16
        if opcode.operands[1] in _SIGNED and b >= 2**15:
            b -= 2**16
        return Instruction(opcode, form, word >> 8 & 0xFF, b, 0)
    return Instruction(opcode, form, word >> 8 & 0xFF, word >> 16 & 0xFF, word >> 24)
