# SPDX-License-Identifier: Apache-2.0
"""The runtime as a shared library, and its C types, for comparing with Python."""

from __future__ import annotations

import ctypes
import functools
import re
from pathlib import Path

from cns_build.pattern import Tables
from tests.runtime import toolchain

HEADER = (toolchain.INCLUDE / "cns" / "cns.h").read_text()
NO_ZONE = -(2**15)
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


class Decimal(ctypes.Structure):
    unscaled: int
    scale: int
    _fields_ = [("unscaled", ctypes.c_int64), ("scale", ctypes.c_int8)]


class Datetime(ctypes.Structure):
    seconds: int
    nanoseconds: int
    zone: int
    _fields_ = [
        ("seconds", ctypes.c_int64),
        ("nanoseconds", ctypes.c_uint32),
        ("zone", ctypes.c_int16),
    ]


class Duration(ctypes.Structure):
    seconds: int
    months: int
    nanoseconds: int
    _fields_ = [
        ("seconds", ctypes.c_int64),
        ("months", ctypes.c_int32),
        ("nanoseconds", ctypes.c_int32),
    ]


class Civil(ctypes.Structure):
    _fields_ = [
        ("year", ctypes.c_int64),
        ("month", ctypes.c_uint8),
        ("day", ctypes.c_uint8),
        ("hour", ctypes.c_uint8),
        ("minute", ctypes.c_uint8),
        ("second", ctypes.c_uint8),
    ]


class Str(ctypes.Structure):
    length: int
    _fields_ = [("data", ctypes.c_char_p), ("length", ctypes.c_uint32)]

    def text(self) -> bytes:
        """Return the bytes; `data` reads on to a NUL, which a cns_str need not have."""
        address = ctypes.c_void_p.from_buffer(self, 0).value
        return ctypes.string_at(address, self.length) if address else b""


class Langstr(ctypes.Structure):
    _fields_ = [("text", Str), ("language", Str)]


class Typed(ctypes.Structure):
    _fields_ = [("lexical", Str), ("datatype", ctypes.c_uint32)]


class Ref(ctypes.Structure):
    _fields_ = [
        ("id", ctypes.c_uint32),
        ("class_id", ctypes.c_uint32),
        ("record", ctypes.c_void_p),
    ]


class Members(ctypes.Union):
    _fields_ = [
        ("node", Ref),
        ("boolean", ctypes.c_uint8),
        ("integer", ctypes.c_int64),
        ("natural", ctypes.c_uint64),
        ("single", ctypes.c_float),
        ("real", ctypes.c_double),
        ("decimal", Decimal),
        ("datetime", Datetime),
        ("duration", Duration),
        ("string", Str),
        ("langstr", Langstr),
        ("typed", Typed),
    ]


# `as` is a keyword of Python: the union is called members here.
class Term(ctypes.Structure):
    _fields_ = [("tag", ctypes.c_uint8), ("members", Members)]


class Type(ctypes.Structure):
    _fields_ = [
        ("form", ctypes.c_uint8),
        ("tag", ctypes.c_uint8),
        ("size", ctypes.c_uint8),
        ("count", ctypes.c_uint16),
        ("terms", ctypes.POINTER(ctypes.c_uint16)),
    ]


class Check(ctypes.Structure):
    _fields_ = [
        ("component", ctypes.c_uint8),
        ("severity", ctypes.c_uint8),
        ("type", ctypes.c_uint16),
    ]


class CheckText(ctypes.Structure):
    _fields_ = [
        ("shape", ctypes.c_char_p),
        ("path", ctypes.c_char_p),
        ("message", ctypes.c_char_p),
    ]


class Model(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_char_p),
        ("checks", ctypes.POINTER(Check)),
        ("texts", ctypes.POINTER(CheckText)),
        ("types", ctypes.POINTER(Type)),
        ("terms", ctypes.POINTER(ctypes.c_char_p)),
        ("check_count", ctypes.c_uint16),
        ("type_count", ctypes.c_uint16),
        ("term_count", ctypes.c_uint32),
        ("handlers", ctypes.c_void_p),
        ("handler_count", ctypes.c_uint32),
        ("find", ctypes.c_void_p),
    ]


class Pattern(ctypes.Structure):
    _fields_ = [
        ("next", ctypes.c_void_p),
        ("classes", ctypes.c_void_p),
        ("ranges", ctypes.c_void_p),
        ("range_classes", ctypes.c_void_p),
        ("range_count", ctypes.c_uint16),
        ("start", ctypes.c_uint16),
        ("live", ctypes.c_uint16),
        ("accepting", ctypes.c_uint16),
        ("first", ctypes.c_uint8),
        ("count", ctypes.c_uint8),
        ("beyond", ctypes.c_uint8),
        ("within", ctypes.c_uint8),
    ]


class Violation(ctypes.Structure):
    _fields_ = [
        ("focus", ctypes.c_void_p),
        ("value", ctypes.c_void_p),
        ("focus_id", ctypes.c_uint32),
        ("check", ctypes.c_uint16),
        ("detail_of", ctypes.c_uint16),
    ]


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
