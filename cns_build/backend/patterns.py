# SPDX-License-Identifier: Apache-2.0
"""The tables of patterns in C: equal ones once, each pattern with its text beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cns_build.backend.cstring import c_paragraph

if TYPE_CHECKING:
    from cns_build.pattern import Tables

_WIDTH = 95


class Patterns:
    """Names the patterns of one model, and renders what they need."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._names: dict[tuple[str, str], str] = {}
        self._tables: dict[str, Tables] = {}
        self._arrays: dict[tuple[str, tuple[str, ...]], str] = {}

    def add(self, pattern: str, flags: str, tables: Tables) -> str:
        """Return the name of the constant that holds a pattern."""
        key = (pattern, flags)
        if key not in self._names:
            self._names[key] = f"{self._model}_pattern_{len(self._names)}"
            self._tables[self._names[key]] = tables
        return self._names[key]

    def render(self, comments: bool) -> list[str]:
        """Return the arrays and structs of all patterns."""
        blocks: list[str] = []
        for (pattern, flags), name in self._names.items():
            tables = self._tables[name]
            number = name.rsplit("_", 1)[1]
            width = "uint16_t" if tables.wide else "uint8_t"
            cells = self._array(blocks, width, f"next_{number}", tables.next)
            classes = self._array(blocks, "uint8_t", f"classes_{number}", tables.classes)
            spans = [f"CNS_RANGE(0x{first:X}, 0x{last:X})" for first, last in tables.ranges]
            ranges = self._array(blocks, "uint32_t", f"ranges_{number}", spans)
            of_ranges = tables.range_classes
            range_classes = self._array(blocks, "uint8_t", f"range_classes_{number}", of_ranges)
            words = f'"{pattern}"{f" with flags {flags}" if flags else ""}'
            lines = c_paragraph(words) if comments else []
            lines += [
                f"static const cns_pattern {name} = {{",
                f"    {cells}, {classes},",
                f"    {ranges}, {range_classes}, {len(tables.ranges)},",
                f"    {tables.start}, {tables.live}, {tables.accepting}, {tables.first}, "
                f"{len(tables.classes)}, {tables.beyond}, {tables.within}, 0,",
                "};",
            ]
            blocks.append("".join(f"{line}\n" for line in lines))
        return blocks

    def _array(self, blocks: list[str], c_type: str, name: str, cells: Sequence[object]) -> str:
        """Return the name of an array, made unless there is an equal one; NULL of nothing."""
        if not cells:
            return "NULL"
        words = tuple(map(str, cells))
        key = (c_type, words)
        if key not in self._arrays:
            self._arrays[key] = f"{self._model}_pattern_{name}"
            rows = _rows(words)
            blocks.append(
                f"static const {c_type} {self._arrays[key]}[] = {{\n"
                + "".join(f"    {row}\n" for row in rows)
                + "};\n"
            )
        return self._arrays[key]


def _rows(words: Sequence[str]) -> list[str]:
    rows = [""]
    for word in words:
        if len(rows[-1]) + len(word) + 2 > _WIDTH - 4:
            rows.append("")
        rows[-1] += f"{' ' if rows[-1] else ''}{word},"
    return rows
