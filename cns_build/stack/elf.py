# SPDX-License-Identifier: Apache-2.0
"""What an object file calls: gcc's call graph lacks the routines that it calls on its own.

Soft float, divisions, and copies of structs become calls only when code is written. They are in
the object (ELF) as relocations against symbols that it does not define; the function that begins
last before such a place is the caller.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from dataclasses import dataclass

from cns_build.stack.callgraph import BrokenFile

_SYMBOLS, _RELA, _REL = 2, 4, 9  # types of sections
_EXECUTABLE = 4  # a flag of sections
_OBJECT, _FUNCTION = 1, 2  # types of symbols
_ARM = 40  # a machine: bit 0 of a function's address says that it is Thumb code
_RED_ZONES = {62: 128}  # by machine: x86-64

# What is no function, and undefined all the same.
_NO_FUNCTIONS = {"", "_GLOBAL_OFFSET_TABLE_", "__stack_chk_guard"}


@dataclass(frozen=True, slots=True)
class Object:
    """The functions of an object by section and address, its data, and what it calls by name.

    `red_zone` is how far below its frame a function may write that calls nothing, in bytes.
    """

    functions: dict[tuple[int, int], tuple[str, ...]]
    data: frozenset[str]
    calls: frozenset[tuple[str, str]]
    red_zone: int


def read(content: bytes) -> Object:
    """Return what an object says about its functions. Raises BrokenFile."""
    if content[:4] != b"\x7fELF" or len(content) < 20:
        raise BrokenFile("not an object file in ELF")
    try:
        return _Reader(content).read()
    except (struct.error, IndexError, ValueError, OverflowError) as error:
        raise BrokenFile(f"a damaged object file ({error})") from error


@dataclass(frozen=True, slots=True)
class _Section:
    kind: int
    flags: int
    offset: int
    size: int
    link: int
    info: int
    entry: int


@dataclass(frozen=True, slots=True)
class _Symbol:
    name: str
    kind: int
    section: int
    value: int


class _Reader:
    def __init__(self, content: bytes) -> None:
        self._content = content
        if content[4] not in (1, 2) or content[5] not in (1, 2):
            raise ValueError("its class or byte order is unknown")
        self._wide = content[4] == 2
        self._order = "<" if content[5] == 1 else ">"
        self._machine = self._unpack("H", 18)[0]
        self._sections = self._read_sections()

    def _unpack(self, layout: str, offset: int) -> tuple[int, ...]:
        return struct.unpack_from(self._order + layout, self._content, offset)

    def _read_sections(self) -> list[_Section]:
        if self._wide:
            (start,) = self._unpack("Q", 40)
            size, count = self._unpack("HH", 58)
            layout = "IIQQQQIIQQ"
        else:
            (start,) = self._unpack("I", 32)
            size, count = self._unpack("HH", 46)
            layout = "IIIIIIIIII"
        rows = [self._unpack(layout, start + number * size) for number in range(count)]
        return [
            _Section(kind, flags, offset, length, link, info, entry)
            for _, kind, flags, _, offset, length, link, info, _, entry in rows
        ]

    def read(self) -> Object:
        """Return what the object says."""
        tables = {n: self._symbols(s) for n, s in enumerate(self._sections) if s.kind == _SYMBOLS}
        symbols = [symbol for table in tables.values() for symbol in table]
        functions: dict[tuple[int, int], tuple[str, ...]] = {}
        for symbol in symbols:
            if symbol.kind == _FUNCTION and symbol.section:
                place = symbol.section, symbol.value
                functions[place] = (*functions.get(place, ()), symbol.name)
        starts: dict[int, list[int]] = {}
        for section, value in sorted(functions):
            starts.setdefault(section, []).append(value)
        calls = set()
        for section, offset, symbol in self._references(tables):
            at = bisect_right(starts.get(section, []), offset)
            if at and not symbol.section and symbol.name not in _NO_FUNCTIONS:
                callers = functions[section, starts[section][at - 1]]
                calls |= {(caller, symbol.name) for caller in callers}
        data = frozenset(s.name for s in symbols if s.kind == _OBJECT and s.section)
        return Object(functions, data, frozenset(calls), _RED_ZONES.get(self._machine, 0))

    def _symbols(self, table: _Section) -> list[_Symbol]:
        names = self._sections[table.link]
        layout = "IBBHQQ" if self._wide else "IIIBBH"
        found = []
        for offset in self._rows(table, struct.calcsize("=" + layout)):
            row = self._unpack(layout, offset)
            name, info, section, value = (
                (row[0], row[1], row[3], row[4])
                if self._wide
                else (row[0], row[3], row[5], row[1])
            )
            kind = info & 15
            if kind == _FUNCTION and self._machine == _ARM:
                value &= ~1
            found.append(_Symbol(self._text(names, name), kind, section, value))
        return found

    def _references(self, tables: dict[int, list[_Symbol]]) -> list[tuple[int, int, _Symbol]]:
        """Return the section, the offset and the symbol of each relocation of code."""
        found = []
        shift = 32 if self._wide else 8
        for section in self._sections:
            if section.kind not in (_REL, _RELA) or section.link not in tables:
                continue
            if not self._sections[section.info].flags & _EXECUTABLE:
                continue
            layout = ("QQ" if self._wide else "II") + ("x" * self._addend(section))
            for offset in self._rows(section, struct.calcsize("=" + layout)):
                place, info = self._unpack(layout, offset)
                found.append((section.info, place, tables[section.link][info >> shift]))
        return found

    def _addend(self, section: _Section) -> int:
        return (8 if self._wide else 4) * (section.kind == _RELA)

    def _rows(self, section: _Section, size: int) -> range:
        if section.offset + section.size > len(self._content):
            raise ValueError("a section behind the end of the file")
        return range(section.offset, section.offset + section.size - size + 1, size)

    def _text(self, names: _Section, start: int) -> str:
        begin = names.offset + start
        end = self._content.index(b"\0", begin)
        return self._content[begin:end].decode("utf-8", "backslashreplace")
