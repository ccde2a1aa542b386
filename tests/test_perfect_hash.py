# SPDX-License-Identifier: Apache-2.0
"""Perfect hashes: each key in a slot of its own, no other number taken for a key."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cns_build.backend.perfect_hash import PerfectHash, build

WORDS = 2**32
HOSTILE: dict[str, Callable[[int], Iterable[int]]] = {
    "consecutive": lambda n: range(1000, 1000 + n),
    "from zero": range,
    "last": lambda n: range(WORDS - n, WORDS),
    "high bits set": lambda n: range(0xFFFF0000, 0xFFFF0000 + n),
    "high bits only": lambda n: (i << 20 for i in range(n)),
    "multiples of the multiplier": lambda n: (i * 0x9E3779B1 % WORDS for i in range(n)),
    "multiples of its inverse": lambda n: (
        i * pow(0x9E3779B1, -1, WORDS) % WORDS for i in range(n)
    ),
    "one bit each": lambda n: (1 << i for i in range(min(n, 32))),
    "two halves": lambda n: (i << 16 | i for i in range(n)),
}


def check(keys: set[int], others: set[int]) -> PerfectHash:
    """Build a table of the keys and look all numbers up in it."""
    table = build(keys)
    assert table is not None
    assert sorted(key for key in table.slots if key is not None) == sorted(keys)
    assert all(table.slots[table.slot(key)] == key for key in keys)
    assert all(table.slots[table.slot(other)] != other for other in others - keys)
    assert len(table.pilots) == 2**table.bits
    assert all(0 <= pilot < 256 for pilot in table.pilots)
    return table


numbers = st.integers(0, WORDS - 1)


@given(st.sets(numbers, min_size=1, max_size=200), st.sets(numbers, max_size=200))
def test_keys_of_any_kind_are_found(keys: set[int], others: set[int]) -> None:
    table = check(keys, others)
    assert len(table.slots) <= 8 * (5 * len(keys) + 3) // 4


@given(st.integers(1, 4000), st.sampled_from([11, 12, 29, 32]), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_many_random_keys_take_five_slots_for_four(
    count: int, bits: int, source: random.Random
) -> None:
    count = min(count, 2**bits)
    keys = set(source.sample(range(2**bits), count))
    table = check(keys, {source.randrange(WORDS) for _ in range(1000)})
    assert len(table.slots) == (5 * count + 3) // 4


@given(st.sampled_from(sorted(HOSTILE)), st.integers(1, 3000))
@settings(max_examples=60, deadline=None)
def test_keys_with_a_pattern_are_found(name: str, count: int) -> None:
    keys = set(HOSTILE[name](count))
    table = check(keys, {key ^ 1 << bit for key in list(keys)[:50] for bit in range(32)})
    assert len(table.slots) <= 2 * (5 * len(keys) + 3) // 4


@given(st.integers(0, 31), st.integers(1, 3000))
@settings(max_examples=60, deadline=None)
def test_multiples_of_a_power_of_two_are_found(shift: int, count: int) -> None:
    keys = {i << shift for i in range(min(count, 2 ** (32 - shift)))}
    table = check(keys, {key + 1 for key in keys} | {key | 1 << 31 for key in keys})
    assert len(table.slots) <= 4 * (5 * len(keys) + 3) // 4


def test_the_table_depends_on_the_keys_alone() -> None:
    keys = random.Random(7).sample(range(WORDS), 500)
    assert build(keys) == build(sorted(keys)) == build(set(keys))


@pytest.mark.parametrize("count", [0, 60000])
def test_no_table_of_nothing_or_of_too_much(count: int) -> None:
    assert build(range(count)) is None


def test_as_many_keys_as_slots_allow() -> None:
    keys = set(random.Random(7).sample(range(WORDS), 52428))
    assert len(check(keys, set()).slots) == 65535


def test_keys_that_no_pilot_parts_get_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cns_build.backend.perfect_hash._PILOTS", 0)
    assert build(range(100)) is None


def test_a_table_that_is_too_tight_is_doubled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cns_build.backend.perfect_hash._PILOTS", 3)
    table = build(range(0, 10000, 77))
    assert table is not None
    assert len(table.slots) > (5 * 130 + 3) // 4
    assert all(table.slots[table.slot(key)] == key for key in range(0, 10000, 77))
