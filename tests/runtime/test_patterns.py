# SPDX-License-Identifier: Apache-2.0
"""Patterns in C find what their tables say, which tests/test_pattern.py compares with `re`."""

from __future__ import annotations

import ctypes
import random

import pytest

from cns_build.pattern import PatternError, Tables, compile_pattern
from tests.random_patterns import Patterns
from tests.records.matching import Drawer
from tests.runtime import native


def _found(cns: ctypes.CDLL, tables: Tables, text: str) -> bool:
    data = text.encode()
    pattern = native.pattern(tables)
    return bool(cns.cns_pattern_matches(ctypes.byref(pattern), data, len(data)))


@pytest.mark.parametrize("seed", range(4))
def test_random_patterns(cns: ctypes.CDLL, seed: int) -> None:
    chooser = random.Random(seed)
    patterns = Patterns(chooser)
    answers = []
    for _ in range(250):
        pattern, flags = patterns.pattern(), patterns.flags()
        try:
            tables = compile_pattern(pattern, flags)
        except PatternError:
            continue
        drawer = Drawer(tables)
        texts = [patterns.text() for _ in range(5)]
        texts += [drawer.matching(chooser, 40), drawer.near(chooser, 40)]
        for text in texts:
            answers.append(tables.matches(text))
            assert _found(cns, tables, text) is answers[-1], (pattern, flags, text)
    assert min(answers.count(True), answers.count(False)) > 200


@pytest.mark.parametrize(
    ("pattern", "states"),
    [("^a{252}$", 253), ("^a{253}$", 254), ("^a{254}$", 255), ("^(é|a){1000}$", 1001)],
)
def test_states_of_eight_and_of_sixteen_bits(cns: ctypes.CDLL, pattern: str, states: int) -> None:
    tables = compile_pattern(pattern, "")
    assert (tables.live, tables.wide) == (states, states > 254)
    for length in range(states - 3, states + 2):
        assert _found(cns, tables, "a" * length) is (length == states - 1)


@pytest.mark.parametrize(
    "pattern", [r"^\p{L}$", r"^\w$", r"^\d$", r"^[^\w\s]$", r"^\i\c$", r"^\p{IsHangulSyllables}$"]
)
def test_every_kind_of_character(cns: ctypes.CDLL, pattern: str) -> None:
    """All of Unicode, in steps, and the characters beside the edges of ranges."""
    tables = compile_pattern(pattern, "")
    edges = {code + step for pair in tables.ranges for code in pair for step in (-1, 0, 1)}
    codes = {c for c in edges | set(range(0, 0x110000, 61)) if not 0xD800 <= c < 0xE000}
    for code in sorted(c for c in codes if c <= 0x10FFFF):
        assert _found(cns, tables, chr(code)) is tables.matches(chr(code)), hex(code)
