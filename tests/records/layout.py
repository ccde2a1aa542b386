# SPDX-License-Identifier: Apache-2.0
"""The structs of a model as ctypes, as `docs/records.md` lays them out."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any, TypeAlias

from cns_build.ir.program import Program
from cns_build.ir.record import (
    Enum,
    General,
    LangString,
    ListOf,
    Pointer,
    Record,
    Ref,
    Scalar,
    Tagged,
    Typed,
    ValueType,
    record_of,
)
from tests.structs import DateTime, Decimal, Duration, LangStr, RefStruct, Str, Term

from .bound import MemberPlan, Plan, flag_members

CType: TypeAlias = type[Any]

# Datatype: member of cns_term's union, type in a record.
_INTEGER, _NATURAL = "integer", "natural"
DATATYPES: dict[str, tuple[str, CType]] = {
    "boolean": ("boolean", ctypes.c_uint8),
    "byte": (_INTEGER, ctypes.c_int8),
    "short": (_INTEGER, ctypes.c_int16),
    "int": (_INTEGER, ctypes.c_int32),
    "long": (_INTEGER, ctypes.c_int64),
    "unsignedByte": (_NATURAL, ctypes.c_uint8),
    "unsignedShort": (_NATURAL, ctypes.c_uint16),
    "unsignedInt": (_NATURAL, ctypes.c_uint32),
    "unsignedLong": (_NATURAL, ctypes.c_uint64),
    "integer": (_INTEGER, ctypes.c_int64),
    "negativeInteger": (_INTEGER, ctypes.c_int64),
    "nonPositiveInteger": (_INTEGER, ctypes.c_int64),
    "nonNegativeInteger": (_NATURAL, ctypes.c_uint64),
    "positiveInteger": (_NATURAL, ctypes.c_uint64),
    "float": ("single", ctypes.c_float),
    "double": ("real", ctypes.c_double),
    "decimal": ("decimal", Decimal),
    **dict.fromkeys(
        ("dateTime", "dateTimeStamp", "date", "time"),
        ("datetime", DateTime),
    ),
    **dict.fromkeys(
        ("gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay"),
        ("datetime", DateTime),
    ),
    **dict.fromkeys(("duration", "dayTimeDuration", "yearMonthDuration"), ("duration", Duration)),
    **dict.fromkeys(("string", "anyURI"), ("string", Str)),
}
# The tags of cns_term in the order of cns_tag.
TAGS = ("none", "node", "langString", "typed", *DATATYPES)


class Structs:
    """The ctypes of one program's records, and the names that C gives to them."""

    def __init__(self, program: Program, plan: Plan | None = None):
        self.program = program
        self.plan = plan or Plan()
        self._types: dict[str, CType] = {}
        self._values: dict[ValueType, CType] = {}

    def struct(self, name: str) -> CType:
        """The struct of a record."""
        if name not in self._types:
            record = self.program.record(name)
            bound = name in self.plan.records
            members = list(self._bound_members(record) if bound else self._members(record))
            self._types[name] = type(name, (ctypes.Structure,), {"_fields_": members})
        return self._types[name]

    def _members(self, record: Record) -> list[tuple[str, CType]]:
        members: list[tuple[str, CType]] = []
        bits = sum(item.single for item in record.fields)
        if bits:
            words = (bits + 31) // 32
            members.append(("has", ctypes.c_uint32 * words if words > 1 else ctypes.c_uint32))
        if record.has_id:
            members.append(("id", ctypes.c_uint32))
        if record.has_class:
            members.append(("class_id", ctypes.c_uint32))
        for item in record.fields:
            if item.single:
                members.append((item.name, self.value(item.type)))
            elif item.capacity:
                members.append((f"{item.name}_count", ctypes.c_uint16))
                members.append((item.name, self.value(item.type) * item.capacity))
        return members or [("unused", ctypes.c_uint8)]

    def _bound_members(self, record: Record) -> Iterator[tuple[str, CType]]:
        """The members of a struct of the user's own, as `bound.Planner.header` declares them."""
        yield "first", ctypes.c_uint8
        if record.has_id:
            yield "node", ctypes.c_uint32
        if record.has_class:
            yield "kind", ctypes.c_uint32
        for name in flag_members(self.plan.records[record.name]):
            yield name, ctypes.c_uint8
        for item in record.fields:
            made = self.plan.member(record.name, item.name)
            if made is None:
                continue
            if made.presence[0] == "flag":
                yield made.presence[1], ctypes.c_uint16
            if isinstance(made.count, str):
                yield made.count, ctypes.c_uint16
            one = self._bound_value(item.type, made)
            yield made.name, one * made.length if made.length else one

    def _bound_value(self, type_: ValueType, made: MemberPlan) -> CType:
        match made.held:
            case "chars":
                return ctypes.c_char * made.chars
            case "c_string" | "pointer":
                return ctypes.c_void_p
            case "struct":
                return self.struct(record_of(type_) or "")
            case "id":
                return ctypes.c_uint32
        if made.c_type == "bool" or type_ == Scalar("boolean"):
            return ctypes.c_uint8
        if made.c_type:
            name = made.c_type.removesuffix("_t")
            made_type: CType = getattr(ctypes, f"c_{name}")
            return made_type
        return self.value(Scalar(type_.datatype) if isinstance(type_, Scalar) else type_)

    def value(self, type_: ValueType) -> CType:
        """The type of one value; equal types are one class."""
        if type_ not in self._values:
            self._values[type_] = self._make(type_)
        return self._values[type_]

    def _make(self, type_: ValueType) -> CType:
        match type_:
            case Scalar(_, int() as size):
                fields = [("length", ctypes.c_uint16), ("bytes", ctypes.c_char * size)]
                return type("Inline", (ctypes.Structure,), {"_fields_": fields})
            case Scalar(name):
                return DATATYPES[name][1]
            case Typed():
                return Str
            case LangString():
                return LangStr
            case Enum(terms):
                return ctypes.c_uint8 if len(terms) <= 255 else ctypes.c_uint16
            case Tagged() | General():
                return Term
            case Ref():
                return RefStruct
            case Pointer():
                return ctypes.c_void_p
            case ListOf(items, capacity):
                items_type = self.value(items) * capacity
                fields = [("count", ctypes.c_uint16), ("items", items_type)]
                return type("List", (ctypes.Structure,), {"_fields_": fields})
        raise TypeError(f"{type_} is no type of a member")

    def expected(self) -> list[tuple[str, int]]:
        """C expressions of sizes and offsets, with the values that ctypes gives them."""
        found = []
        for record in self.program.records:
            struct = self.struct(record.name)  # of cns's own, or of the user's
            c_name = f"{self.program.name}_{record.name}"
            found.append((f"sizeof({c_name})", ctypes.sizeof(struct)))
            found += [
                (f"offsetof({c_name}, {name})", getattr(struct, name).offset)
                for name, _ in struct._fields_
            ]
        return found
