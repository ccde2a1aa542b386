# SPDX-License-Identifier: Apache-2.0
"""Images through the optimizer in C, which also runs on the device (runtime/optimize.c)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import TypeAlias

from cns_build.bytecode.image import Image, from_words, to_bytes, to_image_words, to_words
from cns_build.bytecode.numbers import Numbers, fingerprint
from cns_build.bytecode.pool import LANG_STRING, NODE, NONE, TYPED, key_bits, tag
from cns_build.diagnostics import CompileError, Diagnostic
from cns_build.integration.locations import runtime_dir
from cns_build.ir.program import Program
from cns_build.ir.record import (
    Enum,
    General,
    LangString,
    ListOf,
    Pointer,
    Ref,
    Scalar,
    Tagged,
    Typed,
    ValueType,
    record_of,
)

# What `_native.optimize` takes: fields per record; capacity and value of each field; form, tag,
# size, count, inner and capacity of each value; the fingerprint.
Layout: TypeAlias = (
    "tuple[list[int], list[tuple[int, int]], list[tuple[int, int, int, int, int, int]], int]"
)
_NO_RECORD = 0xFFFF
# cns_form, in its order.
_SCALAR, _INLINE, _LANG, _ENUM, _REF, _RECORD, _TERM, _LIST, _TYPED = range(2, 11)


@cache
def rules() -> tuple[tuple[str, str], ...]:
    """Return the rules, in the order of `Counts.removed`: name, and what each takes away."""
    text = (runtime_dir() / "include/cns/cns.h").read_text(encoding="utf-8")
    rows = text.partition("#define CNS_RULES(X)")[2].partition("\n\n")[0]
    return tuple(re.findall(r'X\((\w+), "([^"]*)"\)', rows))


@dataclass(frozen=True, slots=True)
class Counts:
    """What the optimizer did: words of code before and after, rounds, words removed by rule."""

    before: int
    after: int
    rounds: int
    removed: tuple[int, ...]


def optimize(image: Image, program: Program) -> Image:
    """Return the image without what it can do without. Raises CompileError where none is built."""
    return optimized(image, program)[0]


def optimized(image: Image, program: Program) -> tuple[Image, Counts]:
    """Return the image, and what was done to it. Raises CompileError where none is built."""
    data = to_bytes(to_words(image))
    made, counts = _native().optimize(data, layout_of(program))
    return from_words(to_image_words(made)), Counts(*counts)


def _native() -> ModuleType:
    try:
        from cns_build import _native as native
    except ImportError as error:
        raise CompileError(
            Diagnostic(
                "the optimizer of bytecode is not built: it is the part of cns that is in C",
                fix="in a checkout run ./dev once, else install cns with pip; or pass "
                "--no-optimize",
            )
        ) from error
    return native


def layout_of(program: Program) -> Layout:
    """Return what the verifier knows of the records of a program."""
    numbers = Numbers(program)
    fields = [
        (item.capacity, numbers.values[item.type])
        for record in program.records
        for item in record.fields
    ]
    return (
        [len(record.fields) for record in program.records],
        fields,
        [_value(type_, numbers) for type_ in numbers.values],
        fingerprint(program),
    )


def _value(type_: ValueType, numbers: Numbers) -> tuple[int, int, int, int, int, int]:
    record = record_of(type_)
    inner = _NO_RECORD if record is None else numbers.records[record]
    match type_:
        case Scalar(datatype, None):
            return _SCALAR, tag(datatype), key_bits(type_) // 8, 0, inner, 0
        case Scalar(datatype, int() as size):
            return _INLINE, tag(datatype), 0, 0, inner, size
        case LangString():
            return _LANG, LANG_STRING, 0, 0, inner, 0
        case Typed():
            return _TYPED, TYPED, 0, 1, inner, 0
        case Enum(terms):
            return _ENUM, NONE, 1 if len(terms) <= 255 else 2, len(terms), inner, 0
        case Tagged(arms):
            return _TERM, NONE, 0, len(arms), inner, 0
        case General():
            return _TERM, NONE, 0, 0, inner, 0
        case Ref():
            return _REF, NODE, 0, 0, inner, 0
        case Pointer():
            return _RECORD, NODE, 0, 0, inner, 0
        case ListOf(items, capacity):
            return _LIST, NODE, 0, 0, numbers.values[items], capacity
    raise AssertionError(type_)
