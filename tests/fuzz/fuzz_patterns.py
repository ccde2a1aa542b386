# SPDX-License-Identifier: Apache-2.0
"""Random regular expressions: refused by the compiler and the reference alike, or found alike."""

from __future__ import annotations

import random
import time

from cns_build.pattern import PatternError, Tables, compile_pattern
from tests.random_patterns import Patterns
from tests.records.matching import Drawer
from tests.reference.pattern import InvalidPattern
from tests.reference.pattern import compile_pattern as reference


def run(seconds: int, seed: int) -> int:
    """Compile patterns for some seconds; return how many. Raises AssertionError."""
    chance = random.Random(seed)
    patterns = Patterns(chance)
    end = time.monotonic() + seconds
    cases = 0
    while cases < 1 or time.monotonic() < end:
        pattern, flags = patterns.pattern(4), patterns.flags()
        try:
            check(pattern, flags, patterns, chance)
        except Exception as error:
            text = f"seed {seed}, case {cases}: pattern {pattern!r}, flags {flags!r}: {error}"
            raise AssertionError(text) from error
        cases += 1
    return cases


def check(pattern: str, flags: str, patterns: Patterns, chance: random.Random) -> None:
    """Compare the two on one pattern. Raises AssertionError."""
    try:
        tables = compile_pattern(pattern, flags)
    except PatternError as error:
        _check_refusal(error, pattern, flags)
        return
    expression = reference(pattern, flags)
    for text in _texts(tables, patterns, chance):
        found = expression.search(text) is not None
        assert tables.matches(text) is found, f"{text!r} is {found}"


def _check_refusal(refusal: PatternError, pattern: str, flags: str) -> None:
    """Expect that the reference refuses the pattern too, unless it has no such limit."""
    assert refusal.position is None or 0 <= refusal.position <= len(pattern)
    assert refusal.fix
    limits = ("refers back", "states", "places", "kinds")
    if any(words in refusal.message for words in limits):
        return
    try:
        reference(pattern, flags)
    except InvalidPattern:
        return
    raise AssertionError("the reference accepts it")


def _texts(tables: Tables, patterns: Patterns, chance: random.Random) -> list[str]:
    drawer = Drawer(tables)
    drawn = [drawer.matching(chance, 60), drawer.near(chance, 60), drawer.near(chance, 60)]
    return [*drawn, *(patterns.text() for _ in range(8))]
