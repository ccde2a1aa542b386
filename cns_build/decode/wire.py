# SPDX-License-Identifier: Apache-2.0
"""Dumps of traces: from bytes to entries, by the layout that runtime/trace.c describes.

Nothing in a dump is believed before it is checked: an entry counts when its sequence number is
the one that its place asks for.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

_MAGIC = b"CNST"
_VERSION = 1
_SIZE = 32  # bytes of the header, and of an entry
_FORMAT = bytes((_VERSION, _SIZE, _SIZE, 0))
_WORDS = struct.Struct("<8I")
_DISPATCH, _VERDICT, _VIOLATION = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A signal came; `has_signal` is false when the call had none."""

    sequence: int
    fingerprint: int
    kind: int
    signal: int
    flags: int
    timestamp: int
    has_signal: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a result said; `kind` is None when no signal was dispatched."""

    sequence: int
    fingerprint: int
    kind: int | None
    signal: int
    status: int
    conforms: bool
    count: int
    truncated: int
    steps: int


@dataclass(frozen=True, slots=True)
class Violation:
    """A violation of a result, number `index` in it; `value` is 16 bytes, to be read by `tag`."""

    sequence: int
    check: int
    focus: int
    detail_of: int
    index: int
    tag: int
    value: bytes


Entry: TypeAlias = Dispatch | Verdict | Violation


@dataclass(frozen=True, slots=True)
class Dump:
    """One dump: its entries, oldest first.

    `fingerprint` is the model of the entries up to the first that names one; `lost` counts the
    entries that others overwrote; `remarks` say what is wrong with the dump.
    """

    fingerprint: int
    capacity: int
    lost: int
    entries: tuple[Entry, ...]
    remarks: tuple[str, ...]


def read_dumps(data: bytes) -> tuple[list[Dump], list[str]]:
    """Return the dumps in some bytes, one behind the other, and what is wrong around them."""
    dumps: list[Dump] = []
    remarks: list[str] = []
    position = 0
    while (start := data.find(_MAGIC, position)) >= 0:
        if start > position:
            remarks.append(f"{start - position} bytes at {position} belong to no dump")
        refusal = _refusal(data, start)
        if refusal:
            remarks.append(f"the dump at byte {start} {refusal}")
            position = start + len(_MAGIC)
            continue
        dump, position = _read_dump(data, start)
        dumps.append(dump)
    rest = len(data) - position
    if rest and dumps:
        remarks.append(f"{rest} bytes at {position} belong to no dump")
    return dumps, remarks


def _refusal(data: bytes, start: int) -> str:
    """Return why no dump begins here, or nothing."""
    if len(data) - start < _SIZE:
        return f"ends inside its header, after {len(data) - start} of {_SIZE} bytes"
    if data[start + 4 : start + 8] != _FORMAT:
        version = data[start + 4]
        if version != _VERSION:
            return f"has version {version}, and this cnsc reads version {_VERSION}"
        return "has a header that was damaged"
    _, _, _, capacity, count, lost, _, slot = _WORDS.unpack_from(data, start)
    filling = count < capacity and slot == count and not lost
    if not filling and not (count == capacity > slot):
        return f"has a header that was damaged: {count} of {capacity} slots used, {slot} is next"
    return ""


def _read_dump(data: bytes, start: int) -> tuple[Dump, int]:
    """Return the dump that begins here, and where it ends."""
    _, _, fingerprint, capacity, count, lost, next_, slot = _WORDS.unpack_from(data, start)
    found: dict[int, Entry] = {}
    damaged = here = 0
    position = start + _SIZE
    for index, offset in _slots(data, position, capacity):
        if index >= count and any(data[offset : offset + _SIZE]):
            break
        position = offset + _SIZE
        if index >= count:
            continue
        here += 1
        age = (slot - 1 - index) % capacity
        entry = _entry(_WORDS.unpack_from(data, offset), data[offset + 16 : offset + 32])
        if entry is None or entry.sequence != (next_ - 1 - age) % 2**32:
            damaged += 1
        else:
            found[age] = entry
    remarks = []
    if here < count:
        if len(data) - position < _SIZE:
            position = len(data)  # a part of an entry
        remarks.append(f"it ends after {here} of {count} entries: the rest is missing")
    if damaged:
        remarks.append(f"{_many(damaged, 'entry is', 'entries are')} damaged and left out")
    entries = tuple(found[age] for age in sorted(found, reverse=True))
    return Dump(fingerprint, capacity, lost, entries, tuple(remarks)), position


def _slots(data: bytes, position: int, capacity: int) -> Iterator[tuple[int, int]]:
    """Yield number and offset of the slots up to the next header or the end of the data."""
    for index in range(min(capacity, (len(data) - position) // _SIZE)):
        offset = position + index * _SIZE
        if data.startswith(_MAGIC + _FORMAT, offset):
            return
        yield index, offset


def _entry(words: tuple[int, ...], value: bytes) -> Entry | None:
    sequence, head, second, third, fourth, fifth, sixth, seventh = words
    what, byte, half = head & 0xFF, head >> 8 & 0xFF, head >> 16
    if what == _DISPATCH and byte <= 1:
        return Dispatch(sequence, second, third, fourth, fifth, sixth | seventh << 32, not byte)
    if what == _VERDICT and sixth < 1 << 18:
        return Verdict(
            sequence,
            fingerprint=second,
            kind=third if sixth >> 17 else None,
            signal=fourth,
            status=byte,
            conforms=bool(sixth >> 16 & 1),
            count=half,
            truncated=sixth & 0xFFFF,
            steps=fifth,
        )
    if what == _VIOLATION:
        return Violation(sequence, half, second, third & 0xFFFF, third >> 16, byte, value)
    return None


def _many(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"
