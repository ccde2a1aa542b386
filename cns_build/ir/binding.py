# SPDX-License-Identifier: Apache-2.0
"""Where the user's own structs hold what a record means: the C side of a `bind` map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from cns_build.diagnostics import Position

# How a member holds values. EXACT is the C type that a struct of cns has, or one that converts to
# it without loss; the C compiler decides.
EXACT = "exact"
SCALED = "scaled"  # an integer: the value times a power of ten
UNIX = "unix"  # an integer: seconds from 1970-01-01T00:00:00Z
CHARS = "chars"  # a char array, up to its NUL if it has one
C_STRING = "c_string"  # a pointer to text that ends with NUL
CODES = "codes"  # an integer: one of the user's constants
ID = "id"  # an integer: the id of a node
STRUCT = "struct"  # a struct of its own, in place
POINTER = "pointer"  # a pointer to such a struct


@dataclass(frozen=True, slots=True)
class Always:
    """The member always holds a value."""


@dataclass(frozen=True, slots=True)
class Flag:
    """There is a value when `member`, or its bits in `mask` if there is one, is not 0."""

    member: str
    mask: str = ""


@dataclass(frozen=True, slots=True)
class Sentinel:
    """There is a value unless the member equals `constant`: C text, NaN, NULL, or "" for text."""

    constant: str


Presence: TypeAlias = Always | Flag | Sentinel


@dataclass(frozen=True, slots=True)
class Member:
    """The member that holds a field: a path in the struct, such as `data.temperature`.

    `count` is the member that counts the elements of an array, or how many there always are.
    `scale` is the number of decimal digits of a SCALED integer. `codes` are C constants for the
    terms of an enumeration, in the order of the terms; "" for a term that never occurs.
    """

    path: str
    held: str = EXACT
    presence: Presence = Always()
    count: str | int | None = None
    scale: int = 0
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bound:
    """The user's struct in the place of a record's own.

    `struct` is its type in C, `header` what declares it, with its quotes or angle brackets. `id`
    and `class_id` are members, "" where there is none.
    """

    struct: str
    header: str
    id: str = ""
    class_id: str = ""


@dataclass(frozen=True, slots=True)
class MemberMap:
    """What a map says of one property; `where` has the place of each key, of the whole as "".

    `member` is None where no value ever comes. `values` are terms with their C constants.
    """

    property: str
    member: Member | None
    values: tuple[tuple[str, str], ...]
    where: Mapping[str, Position]


@dataclass(frozen=True, slots=True)
class RecordMap:
    """What a map says of one record; `type` is the class that the struct fixes, "" for none."""

    record: str
    bound: Bound
    type: str
    members: tuple[MemberMap, ...]
    where: Mapping[str, Position]
