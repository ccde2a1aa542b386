# SPDX-License-Identifier: Apache-2.0
"""Records as Python values: what a C program can put into the structs of a model.

Values are of the kinds below, by the type of their field. The same `RecordValue` in two places
stands for two pointers to one struct.

    Scalar    bool, or the byte of a bool; int; float; DecimalValue; InstantValue; DurationValue;
              str, or NullText
    Typed     str                       LangString  LangValue
    Enum      int, 0 and beyond the enumerators included
    Tagged    TermValue                 General     TermValue
    Ref       RefValue                  Pointer     RecordValue, or None for NULL
    ListOf    list
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

INT64_MIN, INT64_MAX, UINT64_MAX = -(2**63), 2**63 - 1, 2**64 - 1


@dataclass(frozen=True)
class DecimalValue:
    """`unscaled` * 10^-`scale`; a C program can hold any int8 as scale."""

    unscaled: int
    scale: int


@dataclass(frozen=True)
class InstantValue:
    """A `cns_datetime`; `zone` in minutes, None for CNS_NO_ZONE."""

    seconds: int
    nanoseconds: int = 0
    zone: int | None = None


@dataclass(frozen=True)
class DurationValue:
    """A `cns_duration`."""

    months: int
    seconds: int
    nanoseconds: int = 0


def bytes_of(text: str) -> bytes:
    """The bytes of a text; U+DC80 … U+DCFF stand for bytes that are no UTF-8."""
    return text.encode("utf-8", "surrogateescape")


@dataclass(frozen=True)
class NullText:
    """A `cns_str` of this length whose pointer is NULL."""

    length: int


@dataclass(frozen=True)
class LangValue:
    """A `cns_langstr`."""

    text: str
    language: str


@dataclass(frozen=True)
class TypedValue:
    """A `cns_typed`: a lexical form, and the id of its datatype."""

    lexical: str
    datatype: int


@dataclass(frozen=True, eq=False)
class RefValue:
    """A `cns_ref`."""

    id: int
    class_id: int = 0
    record: RecordValue | None = None


@dataclass(frozen=True)
class TermValue:
    """A `cns_term`. `tag` is `none`, `node`, `langString`, `typed`, a datatype or a bad byte."""

    tag: str | int
    value: Value


@dataclass(eq=False)
class RecordValue:
    """A struct: `record` names its type; each field has a list of values, absent when empty."""

    record: str
    id: int = 0
    class_id: int = 0
    fields: dict[str, list[Value]] = field(default_factory=dict)


Value: TypeAlias = (
    "bool | int | float | str | DecimalValue | InstantValue | DurationValue | NullText | LangValue"
    " | TypedValue | RefValue | TermValue | RecordValue | list[Value] | None"
)


def nested(value: Value) -> Iterator[RecordValue]:
    """The structs that a value points to, directly."""
    match value:
        case RecordValue():
            yield value
        case RefValue(record=RecordValue() as record):
            yield record
        case TermValue(value=RefValue() as ref):
            yield from nested(ref)
        case list():
            for member in value:
                yield from nested(member)


def reachable(root: RecordValue) -> list[RecordValue]:
    """The root and every struct below it, each once, in the order of their first occurrence."""
    found: dict[int, RecordValue] = {}
    waiting = [root]
    while waiting:
        record = waiting.pop()
        if id(record) not in found:
            found[id(record)] = record
            below = [r for values in record.fields.values() for v in values for r in nested(v)]
            waiting += reversed(below)
    return list(found.values())
