# SPDX-License-Identifier: Apache-2.0
"""The runtime as a shared library, and its C types, for comparing with Python."""

from __future__ import annotations

import ctypes
import functools
import re
from pathlib import Path

from cns_build.pattern import Tables
from tests.runtime import toolchain
from tests.structs import Civil, Pattern, Str, Term

HEADER = (toolchain.INCLUDE / "cns" / "cns.h").read_text()
LESS, EQUAL, GREATER, UNORDERED = -1, 0, 1, 2
_KEPT: dict[int, object] = {}
INT64 = (-(2**63), 2**63 - 1)


def rows(table: str) -> list[tuple[str, ...]]:
    """Read the X-macro CNS_<table> of the header: one tuple of its arguments per row."""
    start = HEADER.index(f"#define CNS_{table}(X)")
    text = HEADER[start : HEADER.index("\n\n", start)]
    return [
        tuple(part.strip('"') for part in re.findall(r'"[^"]*"|\w+', row))
        for row in re.findall(r"X\((\w+, .*?)\) *\\?$", text, re.MULTILINE)
    ]


def numbered(names: list[str]) -> dict[str, int]:
    """Return the values of an enumeration that starts at 0."""
    return {name: index for index, name in enumerate(names)}


TAGS = numbered(["NONE", "NODE", "LANG_STRING", "TYPED", *(row[0] for row in rows("DATATYPES"))])
FORMS = numbered(re.findall(r"CNS_FORM_(\w+),? +/\*", HEADER))
COMPONENTS = numbered([row[0] for row in rows("COMPONENTS")])


def string(text: str | bytes) -> Str:
    """Make a cns_str of UTF-8 text."""
    data = text.encode() if isinstance(text, str) else text
    return Str(data, len(data))


@functools.cache
def pattern(tables: Tables) -> Pattern:
    """Make a cns_pattern; its arrays are kept alive with it."""
    cell = ctypes.c_uint16 if tables.wide else ctypes.c_uint8
    ranges = [first << 11 | (last - first) for first, last in tables.ranges]
    arrays = (
        (cell * len(tables.next))(*tables.next),
        (ctypes.c_uint8 * len(tables.classes))(*tables.classes),
        (ctypes.c_uint32 * len(ranges))(*ranges),
        (ctypes.c_uint8 * len(tables.range_classes))(*tables.range_classes),
    )
    made = Pattern(
        *(ctypes.addressof(array) if len(array) else None for array in arrays),
        len(ranges),
        tables.start,
        tables.live,
        tables.accepting,
        tables.first,
        len(tables.classes),
        tables.beyond,
        tables.within,
    )
    _KEPT[ctypes.addressof(made)] = arrays
    return made


def build(folder: Path) -> ctypes.CDLL:
    """Compile the runtime into a shared library and declare the functions that return structs."""
    library = folder / "libcns.so"
    flags = [*toolchain.C11, "-O2", "-shared", "-fPIC"]
    toolchain.compile_c("gcc", *flags, *toolchain.CORE, output=library)
    cns = ctypes.CDLL(str(library))
    for name in re.findall(r"^bool (cns_\w+)\(", HEADER, re.MULTILINE):
        getattr(cns, name).restype = ctypes.c_bool
    for name in re.findall(r"^cns_str (cns_\w+)\(", HEADER, re.MULTILINE):
        getattr(cns, name).restype = Str
    cns.cns_datetime_civil.restype = Civil
    cns.cns_violation_value.restype = Term
    cns.cns_violation_format.restype = ctypes.c_size_t
    cns.cns_status_text.restype = ctypes.c_char_p
    return cns
