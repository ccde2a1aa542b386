# SPDX-License-Identifier: Apache-2.0
"""Images: the parts of one, and the words that they become (runtime/image.h says which)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

from cns_build.bytecode import isa

MAGIC, VERSION = 0x49534E43, 1
HEADER_WORDS = 17
WORD_CHECKSUM = 5  # where it lies in the header
NO_ENTRY, NOTHING = 0xFFFFFFFF, 0xFFFFFFFE
REPORTS = ("all", "first", "conforms")
MAX_WORDS = 2**24  # 64 MiB: what no device needs and no offset exceeds

# Types of registers and reported values besides those of the layout's values.
TYPE_RECORD, TYPE_NUMBER, TYPE_CLASS, TYPE_FOCUS, TYPE_ABSENT = (
    0x8000,
    0xFFFC,
    0xFFFD,
    0xFFFE,
    0xFFFF,
)
STEP_ITEMS, STEP_CLASS = 0xFFFF, 0xFFFE

Words: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Function:
    """The code of a function; `parameter` is the type of register 0.

    `steps` is the most that it takes, a call that leads back counting as one.
    """

    code: Words
    registers: int
    parameter: int
    steps: int


@dataclass(frozen=True, slots=True)
class CheckRow:
    """What a violation of a check says; `type` is that of the reported value."""

    component: int
    severity: int
    type: int


@dataclass(frozen=True, slots=True)
class Image:
    """An image by its parts.

    `entries` has a function, NO_ENTRY or NOTHING for each record of the layout. `paths`,
    `patterns` and `enums` are the words of their sections, `texts` the bytes of three strings for
    each check, or nothing. `registers` is what a run needs at most, `back_calls` how often a run
    may call a function that is not behind the caller.
    """

    layout: int
    entries: Words
    functions: tuple[Function, ...]
    checks: tuple[CheckRow, ...] = ()
    paths: tuple[Words, ...] = ()
    patterns: tuple[Words, ...] = ()
    enums: Words = ()
    constants: Words = ()
    texts: tuple[tuple[str, str, str], ...] = ()
    report: str = "all"
    registers: int = 0
    back_calls: int = 0

    def steps_of(self, record: int) -> int:
        """Return the most steps that a run takes for a record, by its number."""
        entry = self.entries[record]
        if entry in (NO_ENTRY, NOTHING):
            return 0
        own = self.functions[entry].steps
        if self.back_calls == 0:
            return own
        return min(2**32 - 1, own + self.back_calls * max(f.steps for f in self.functions))

    @property
    def code_words(self) -> int:
        """The number of instructions."""
        return sum(len(f.code) for f in self.functions)


def to_words(image: Image) -> list[int]:
    """Return the image as words, with its checksum. Raises ValueError where it is too large."""
    sections = [
        image.entries,
        _functions(image.functions),
        [word for function in image.functions for word in function.code],
        [c.component | c.severity << 8 | c.type << 16 for c in image.checks],
        _table(image.paths),
        _table(image.patterns),
        image.enums,
        image.constants,
        _texts(image.texts),
    ]
    size = HEADER_WORDS + sum(map(len, sections))
    if size > MAX_WORDS:
        raise ValueError(f"an image of {size} words; the most is {MAX_WORDS}")
    header = [
        MAGIC,
        VERSION | REPORTS.index(image.report) << 16,
        isa.fingerprint(),
        image.layout,
        size,
        0,
        image.registers,
        image.back_calls,
        *map(len, sections),
    ]
    return sealed([*header, *(word for section in sections for word in section)])


def sealed(words: Sequence[int]) -> list[int]:
    """Return the words of an image with the checksum that they should have."""
    out = list(words)
    out[WORD_CHECKSUM] = checksum(out)
    return out


def checksum(words: Sequence[int]) -> int:
    """Return the CRC-32 of all words but that of the checksum."""
    return zlib.crc32(to_bytes([*words[:5], *words[6:]]))


def to_bytes(words: Sequence[int]) -> bytes:
    """Return words as they lie in memory and in files."""
    return struct.pack(f"<{len(words)}I", *words)


def to_image_words(data: bytes) -> list[int]:
    """Return the words of a file. Raises ValueError where it has no whole number of them."""
    if len(data) % 4:
        raise ValueError(f"{len(data)} bytes are no whole number of 32-bit words")
    return list(struct.unpack(f"<{len(data) // 4}I", data))


def _functions(functions: Sequence[Function]) -> list[int]:
    words, start = [], 0
    for function in functions:
        words += [start, function.registers | function.parameter << 16, function.steps]
        start += len(function.code)
    return words


def _table(parts: Sequence[Words]) -> list[int]:
    """Return a section of parts of different lengths: their number, their offsets, the parts."""
    if not parts:
        return []
    offset = 1 + len(parts)
    offsets = []
    for part in parts:
        offsets.append(offset)
        offset += len(part)
    return [len(parts), *offsets, *(word for part in parts for word in part)]


def _texts(texts: Sequence[tuple[str, str, str]]) -> list[int]:
    """Return a section of strings: per check the offsets of its three, then each string once."""
    strings = [word for words in texts for word in words]
    offsets: dict[str, int] = {}
    data = b""
    for string in strings:
        if string not in offsets:
            offsets[string] = 4 * len(strings) + len(data)
            data += string.replace("\0", "\ufffd").encode() + b"\0"
    return [*(offsets[string] for string in strings), *packed(data)]


def packed(data: bytes) -> list[int]:
    """Return bytes as words, padded with zeros."""
    return to_image_words(data + bytes(-len(data) % 4))


def wide(number: int) -> list[int]:
    """Return the two words of a number of 64 bits, signed or not, the lower one first."""
    return [number & 0xFFFFFFFF, number >> 32 & 0xFFFFFFFF]


# Reading: for those who look at an image that the loader accepts


@dataclass(slots=True)
class _Reader:
    words: Sequence[int]
    at: int = HEADER_WORDS
    number: int = field(default=0)

    def section(self) -> list[int]:
        length = self.words[8 + self.number]
        self.number += 1
        found = list(self.words[self.at : self.at + length])
        if len(found) != length:
            raise ValueError("it is shorter than it says")
        self.at += length
        return found


def from_words(words: Sequence[int]) -> Image:
    """Return the parts of an image. Raises ValueError where it is damaged or of another kind.

    Only what is needed to take it apart is checked; the verifier in C checks the rest.
    """
    if len(words) < HEADER_WORDS or words[0] != MAGIC:
        raise ValueError("it is no image")
    if words[1] & 0xFFFF != VERSION or words[1] >> 16 >= len(REPORTS):
        raise ValueError("its format is of another version")
    if words[2] != isa.fingerprint():
        raise ValueError("it is for another instruction set")
    if words[4] != len(words):
        raise ValueError("it is shorter or longer than it says")
    if words[5] != checksum(words):
        raise ValueError("its checksum is wrong: it is damaged")
    reader = _Reader(words)
    entries = tuple(reader.section())
    table, code = reader.section(), reader.section()
    checks = [CheckRow(w & 0xFF, w >> 8 & 0xFF, w >> 16) for w in reader.section()]
    paths, patterns = _parts(reader.section()), _parts(reader.section())
    enums, constants = tuple(reader.section()), tuple(reader.section())
    texts = _strings(reader.section(), len(checks))
    starts = [*table[::3], len(code)]
    functions = [
        Function(tuple(code[start:end]), second & 0xFF, second >> 16, steps)
        for start, end, second, steps in zip(
            starts, starts[1:], table[1::3], table[2::3], strict=False
        )
    ]
    return Image(
        layout=words[3],
        entries=entries,
        functions=tuple(functions),
        checks=tuple(checks),
        paths=paths,
        patterns=patterns,
        enums=enums,
        constants=constants,
        texts=texts,
        report=REPORTS[words[1] >> 16],
        registers=words[6],
        back_calls=words[7],
    )


def _parts(section: list[int]) -> tuple[Words, ...]:
    if not section:
        return ()
    starts = [*section[1 : 1 + section[0]], len(section)]
    return tuple(tuple(section[s:e]) for s, e in pairwise(starts))


def _strings(section: list[int], count: int) -> tuple[tuple[str, str, str], ...]:
    if not section:
        return ()
    data = to_bytes(section)
    strings = [data[at : data.index(b"\0", at)].decode() for at in section[: 3 * count]]
    return tuple(zip(strings[::3], strings[1::3], strings[2::3], strict=True))
