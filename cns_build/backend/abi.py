# SPDX-License-Identifier: Apache-2.0
"""Where the members of a struct lie in memory, for people who read layouts.

Computed from the types, without a C compiler; tests compare it with sizeof and offsetof of three
compilers. Nothing that is generated depends on it: C code uses the names of members.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cns_build.backend.types import Names, has_words
from cns_build.ir.record import Field, ListOf, Pointer, Record, Scalar, Self, ValueType


@dataclass(frozen=True, slots=True)
class Abi:
    """How a C compiler lays out structs; 8-byte types are aligned to 8 in all of these.

    `name` is for people, `pointer` the size of a pointer in bytes.
    """

    name: str
    pointer: int


LP64 = Abi("lp64", 8)  # x86-64, AArch64, RV64
ILP32 = Abi("ilp32", 4)  # Arm EABI (Cortex-M), RV32; not i386, which aligns int64_t to 4
ABIS = (LP64, ILP32)


@dataclass(frozen=True, slots=True)
class Extent:
    """Size and alignment of a type, in bytes."""

    size: int
    align: int


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a struct; `count` is the length of an array, 0 for anything else.

    `field` is the field whose values it holds; None for presence bits, counts and ids.
    """

    name: str
    c_type: str
    count: int
    field: Field | None


@dataclass(frozen=True, slots=True)
class Placed:
    """A member and its place, in bytes."""

    member: Member
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class RecordLayout:
    """A struct in memory; sizes in bytes."""

    size: int
    align: int
    members: tuple[Placed, ...]


_FIXED = {
    "bool": Extent(1, 1),
    "float": Extent(4, 4),
    "double": Extent(8, 8),
    **{
        f"{sign}int{bits}_t": Extent(bits // 8, bits // 8)
        for sign in ("", "u")
        for bits in (8, 16, 32, 64)
    },
}
# The structs of cns.h; the union of cns_term lists only members that decide its extent.
_STRUCTS = {
    "cns_str": ("pointer", "uint32_t"),
    "cns_langstr": ("cns_str", "cns_str"),
    "cns_decimal": ("int64_t", "int8_t"),
    "cns_datetime": ("int64_t", "uint32_t", "int16_t"),
    "cns_duration": ("int64_t", "int32_t", "int32_t"),
    "cns_ref": ("uint32_t", "uint32_t", "pointer"),
    "cns_typed": ("cns_str", "uint32_t"),
}
_UNION = (*_STRUCTS, "int64_t")


def members(record: Record, names: Names) -> Iterator[Member]:
    """Yield the members of a record's struct, in order."""
    words = has_words(record)
    found = False
    if words:
        found = True
        yield Member("has", "uint32_t", words if words > 1 else 0, None)
    for name, wanted in (("id", record.has_id), ("class_id", record.has_class)):
        if wanted:
            found = True
            yield Member(name, "uint32_t", 0, None)
    for item in record.fields:
        if item.capacity == 0:
            continue
        found = True
        c_type = names.value_type(item.type)
        if not item.single:
            yield Member(f"{item.name}_count", "uint16_t", 0, None)
        yield Member(item.name, c_type, 0 if item.single else item.capacity, item)
    if not found:
        yield Member("unused", "uint8_t", 0, None)


def lay_out(record: Record, names: Names, abi: Abi) -> RecordLayout:
    """Return where each member of a record's struct lies."""
    placed: list[Placed] = []
    end, align = 0, 1
    for member in members(record, names):
        extent = _member_extent(member, abi)
        offset = _round_up(end, extent.align)
        placed.append(Placed(member, offset, extent.size))
        end, align = offset + extent.size, max(align, extent.align)
    return RecordLayout(_round_up(end, align), align, tuple(placed))


def _member_extent(member: Member, abi: Abi) -> Extent:
    if member.field is None:
        one = _named(member.c_type, abi)
    else:
        one = value_extent(member.field.type, abi)
    return Extent(one.size * max(member.count, 1), one.align)


def value_extent(type_: ValueType, abi: Abi) -> Extent:
    """Return size and alignment of the C type that holds one value."""
    match type_:
        case Scalar(_, inline) if inline is not None:
            return _struct([Extent(2, 2), Extent(inline, 1)])
        case Pointer() | Self():
            return _named("pointer", abi)
        case ListOf(items, capacity):
            one = value_extent(items, abi)
            return _struct([Extent(2, 2), Extent(one.size * max(capacity, 1), one.align)])
    return _named(Names("").value_type(type_), abi)


def _named(c_type: str, abi: Abi) -> Extent:
    if c_type == "pointer":
        return Extent(abi.pointer, abi.pointer)
    if c_type in _FIXED:
        return _FIXED[c_type]
    if c_type == "cns_term":
        return _struct([Extent(1, 1), _union([_named(t, abi) for t in _UNION])])
    return _struct([_named(t, abi) for t in _STRUCTS[c_type]])


def _struct(parts: Sequence[Extent]) -> Extent:
    end = 0
    for part in parts:
        end = _round_up(end, part.align) + part.size
    align = max(part.align for part in parts)
    return Extent(_round_up(end, align), align)


def _union(parts: Sequence[Extent]) -> Extent:
    align = max(part.align for part in parts)
    return Extent(_round_up(max(part.size for part in parts), align), align)


def _round_up(number: int, step: int) -> int:
    return -(-number // step) * step
