# SPDX-License-Identifier: Apache-2.0
"""Numbers to slots of a table, each to one of its own: hash and displace.

A number is hashed to a bucket of about three. The bucket has a *pilot*, a byte that changes how
the numbers in it are hashed to slots, and is chosen so that they fall into free ones: largest
bucket first, while there is space. A number that is not in the table has a slot, too, so who looks
a number up compares it with the one that is there. `PerfectHash.slot` is what generated C does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

# Odd, and without a pattern in their bits: one after the other is tried.
_MULTIPLIERS = (
    0x9E3779B1,
    0x85EBCA77,
    0xC2B2AE3D,
    0x27D4EB2F,
    0x165667B1,
    0xCC9E2D51,
    0x1B873593,
    0x2545F491,
)
_PILOTS = 256
_KEYS_IN_A_BUCKET = 3
_DOUBLINGS = 3
_MAX_SLOTS = 2**16  # a slot is chosen by the upper 16 bits of a hash
MAX_KEYS = 4 * _MAX_SLOTS // 5
_WORD = 2**32 - 1


@dataclass(frozen=True, slots=True)
class PerfectHash:
    """`slots` holds each key once, and None in between; there are 2^`bits` `pilots`."""

    multiplier: int
    bits: int
    pilots: tuple[int, ...]
    slots: tuple[int | None, ...]

    def slot(self, key: int) -> int:
        """Return where a key is, if it is one, and an index into `slots` in any case."""
        mixed = _mix(key, self.multiplier)
        pilot = self.pilots[mixed >> (32 - self.bits)]
        return _slot(mixed, self.multiplier + pilot, len(self.slots))


def build(keys: Collection[int]) -> PerfectHash | None:
    """Return a table of distinct numbers of 32 bits; it depends on nothing else.

    It has 5 slots for 4 keys, and twice as many whenever no multiplier places them. Returns None
    when that has no end in sight, or when there are more than MAX_KEYS.
    """
    ordered = sorted(keys)
    size = (5 * len(keys) + 3) // 4
    bits = max(1, (len(keys) // _KEYS_IN_A_BUCKET - 1).bit_length())
    for doubling in range(_DOUBLINGS + 1):
        for multiplier in _MULTIPLIERS:
            table = _place(ordered, multiplier, bits, size << doubling)
            if table is not None:
                return table
    return None


def _place(keys: list[int], multiplier: int, bits: int, size: int) -> PerfectHash | None:
    """Return the table of this size, or None where a bucket has no pilot."""
    if not keys or size > _MAX_SLOTS:
        return None
    buckets: dict[int, list[int]] = {}
    for key in keys:
        buckets.setdefault(_mix(key, multiplier) >> (32 - bits), []).append(key)
    pilots = [0] * 2**bits
    slots: list[int | None] = [None] * size
    for bucket, members in sorted(buckets.items(), key=lambda item: (-len(item[1]), item[0])):
        mixed = [_mix(key, multiplier) for key in members]
        found = next(_free_pilots(mixed, multiplier, slots), None)
        if found is None:
            return None
        pilots[bucket] = found
        for key, value in zip(members, mixed, strict=True):
            slots[_slot(value, multiplier + found, size)] = key
    return PerfectHash(multiplier, bits, tuple(pilots), tuple(slots))


def _free_pilots(mixed: list[int], multiplier: int, slots: list[int | None]) -> Iterator[int]:
    """Yield the pilots that lead the members of a bucket to free slots, different ones each."""
    for pilot in range(_PILOTS):
        chosen = {_slot(value, multiplier + pilot, len(slots)) for value in mixed}
        if len(chosen) == len(mixed) and all(slots[slot] is None for slot in chosen):
            yield pilot


def _mix(key: int, multiplier: int) -> int:
    value = key * multiplier & _WORD
    return value ^ value >> 16


def _slot(mixed: int, factor: int, size: int) -> int:
    return ((mixed * factor & _WORD) >> 16) * size >> 16
