# SPDX-License-Identifier: Apache-2.0
"""Images from texts that may be wrong in any way: words of sections, and instructions by name.

functions: 0 0x80000004 20      what the compiler would refuse to write, too
code: FIELD 0 0 1
  HAS? 0 1                      ? for UNLESS, ! for IF
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from tests.paths import RUNTIME

TABLE = (RUNTIME / "include" / "cns" / "opcodes.h").read_text()
OPCODES = {
    name: (int(number, 16), letters)
    for name, number, letters in re.findall(r'X\((\w+), (0x\w+), "(\w+)"', TABLE)
}
ISA = re.search(r"CNS_ISA_FINGERPRINT (0x\w+)u", TABLE)
LAYOUT = 0x1A707
HEADER = ("magic", "version", "isa", "layout", "size", "checksum", "registers", "back_calls")
SECTIONS = (
    "entries",
    "functions",
    "code",
    "checks",
    "paths",
    "patterns",
    "enums",
    "constants",
    "texts",
)
HEADER_WORDS = len(HEADER) + len(SECTIONS)


@dataclass
class Case:
    """A text: what it becomes, what is expected of it, and the limits that it is loaded with."""

    expected: str = ""
    section: str = ""
    index: int = 0
    limits: tuple[int, int, int] = (0, 64, 4096)
    header: dict[str, int] = field(default_factory=dict)
    sections: dict[str, list[int]] = field(default_factory=dict)

    def words(self) -> list[int]:
        """Return the words; what the text leaves out is as a right image has it."""
        assert ISA is not None
        lengths = [len(self.sections[name]) for name in SECTIONS]
        size = HEADER_WORDS + sum(lengths)
        usual = (0x49534E43, 1, int(ISA[1], 16), LAYOUT, size, 0, 40, 0)
        named = dict(zip((*HEADER, *SECTIONS), (*usual, *lengths), strict=True)) | self.header
        words = list(named.values())
        for name in SECTIONS:
            words += self.sections[name]
        if "checksum" not in self.header:
            words[HEADER.index("checksum")] = checksum(words)
        return words

    def offset(self) -> int:
        """Return the word of the image that the fault is expected at."""
        names = (*HEADER, *SECTIONS)
        if self.section == "header":
            return self.index
        before = SECTIONS[: names.index(self.section) - len(HEADER)]
        return HEADER_WORDS + sum(len(self.sections[name]) for name in before) + self.index


def checksum(words: list[int]) -> int:
    """Return the CRC-32 of all words but the checksum."""
    place = HEADER.index("checksum")
    return zlib.crc32(encode([*words[:place], *words[place + 1 :]]))


def encode(words: list[int]) -> bytes:
    """Return the bytes of an image."""
    return struct.pack(f"<{len(words)}I", *words)


def instruction(text: str) -> int:
    """Return the word of an instruction; `.word N` is any word."""
    name, *operands = text.split()
    numbers = [int(operand, 0) for operand in operands]
    if name == "NEXT":
        numbers[1] = -numbers[1] & 0xFFFF  # it leads back
    if name == ".word":
        return numbers[0]
    opcode, letters = OPCODES[name.rstrip("?!")]
    opcode |= 0x40 * name.endswith("?") | 0x80 * name.endswith("!")
    shifts = (8, 16) if len(letters) == 2 else (8, 16, 24)
    used = [
        shift
        for shift, letter in zip(shifts, letters, strict=True)
        if letter != "_" or letters == "___"
    ]
    return opcode | sum(n << shift for n, shift in zip(numbers, used, strict=False))


def read_case(path: Path) -> Case:
    """Read a text. Its first line that is no comment is the verdict: `SLOT code 1`."""
    lines = [line.partition("#")[0].strip() for line in path.read_text("utf-8").splitlines()]
    lines = [line for line in lines if line]
    verdict, *place = lines[0].split()
    case = Case(verdict)
    if place:
        case.section, case.index = place[0], int(place[1])
    case.sections = {name: [] for name in SECTIONS}
    case.sections["entries"] = [0, 2**32 - 1]
    case.sections["functions"] = [0, 0x80000006, 1000]
    name = "code"
    for line in lines[1:]:
        found = re.match(r"(\w+):", line)
        if found:
            name = found[1]
            line = line[found.end() :].strip()
            if name in SECTIONS:
                case.sections[name] = []
        numbers = [] if name == "code" else [int(word, 0) for word in line.split()]
        if name == "code":
            case.sections["code"] += [instruction(line)] if line else []
        elif name == "limits":
            case.limits = (numbers[0], numbers[1], numbers[2])
        elif name in SECTIONS:
            case.sections[name] += numbers
        elif name.startswith("length_"):
            case.header[name.removeprefix("length_")] = numbers[0]
        else:
            case.header[name] = numbers[0]
    return case
