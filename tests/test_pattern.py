# SPDX-License-Identifier: Apache-2.0
"""Patterns by hand, and against Python's `re`: what the automata find, refuse and cost."""

from __future__ import annotations

import hashlib
import random
import unicodedata

import pytest

from cns_build.pattern import PatternError, Tables, compile_pattern
from cns_build.pattern.automaton import MAX_STATES
from cns_build.pattern.charset import (
    NAME_START,
    any_case,
    block,
    category,
    complement,
    contains,
    difference,
    unicode_version,
    union,
)
from tests.paths import shared
from tests.random_patterns import Patterns
from tests.real_patterns import real_patterns
from tests.reference import xml_names
from tests.reference.pattern import InvalidPattern
from tests.reference.pattern import compile_pattern as reference
from tests.test_reference_pattern import MATCHES, REFUSED

# What the reference cannot say: named blocks.
BLOCKS = [
    (r"^\p{IsBasicLatin}+$", "", "a~\x7f", True),
    (r"^\p{IsBasicLatin}+$", "", "é", False),
    (r"^\P{IsBasicLatin}$", "", "é", True),
    (r"^\p{IsLatin-1Supplement}$", "", "é", True),
    (r"^[\p{IsGreek}-[α]]$", "", "β", True),
    (r"^[\p{IsGreek}-[α]]$", "", "α", False),
    (r"^\p{IsGreekandCoptic}$", "i", "Ω", True),
    (r"^\p{IsPrivateUse}$", "", "\U00100000", True),
]


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "found"),
    [*(row for row in MATCHES if r"\1" not in row[0]), *BLOCKS],
)
def test_search(pattern: str, flags: str, text: str, found: bool) -> None:
    assert compile_pattern(pattern, flags).matches(text) is found


@pytest.mark.parametrize(("pattern", "flags"), [*REFUSED, (r"^(a|b)\1$", "")])
def test_refused(pattern: str, flags: str) -> None:
    if pattern == r"\p{IsGreek}":
        return  # only the reference lacks blocks
    with pytest.raises(PatternError) as caught:
        compile_pattern(pattern, flags)
    assert caught.value.fix


@pytest.mark.parametrize(
    ("pattern", "position"),
    [
        ("ab(c", 2),
        ("ab)c", 2),
        ("a[b", 1),
        ("x**", 2),
        ("x{2,1}", 1),
        (r"ab\q", 2),
        (r"a\p{Lx}", 1),
        ("[a-c-[x]y]", 8),
        ("[9-0]", 1),
        ("(*a)", 1),
        (r"a\x4", 1),
    ],
)
def test_errors_point_into_the_pattern(pattern: str, position: int) -> None:
    with pytest.raises(PatternError) as caught:
        compile_pattern(pattern, "")
    assert caught.value.position == position
    with pytest.raises(PatternError) as caught:
        compile_pattern("[ x ]\n " + pattern, "x")
    assert caught.value.position == position + 7


@pytest.mark.parametrize("seed", range(8))
def test_automata_find_what_re_finds(seed: int) -> None:
    chooser = random.Random(seed)
    patterns = Patterns(chooser)
    compiled = 0
    for _ in range(150):
        pattern, flags = patterns.pattern(), patterns.flags()
        tables, expression = _tables(pattern, flags), _reference(pattern, flags)
        if tables is None:
            assert expression is None or r"\1" in pattern, (pattern, flags)
            continue
        assert expression is not None, (pattern, flags)
        compiled += 1
        for _ in range(15):
            text = patterns.text()
            found = expression.search(text) is not None
            assert tables.matches(text) is found, (pattern, flags, text)
    assert compiled > 100


def _tables(pattern: str, flags: str) -> Tables | None:
    try:
        return compile_pattern(pattern, flags)
    except PatternError:
        return None


def _reference(pattern: str, flags: str):  # type: ignore[no-untyped-def]  # re.Pattern or None
    try:
        return reference(pattern, flags)
    except InvalidPattern:
        return None


def test_automata_are_minimal() -> None:
    def states(pattern: str) -> int:
        return compile_pattern(pattern, "").live

    assert states("^(abc|abd|ab[ef])$") == states("^ab[c-f]$") == 4
    assert states("^(a|b|ab|ba)*$") == states("^[ab]*$") == 1
    assert states("^a{0,300}$") == 301
    assert states("^(a?){50}$") == 51
    assert compile_pattern("a*", "").always is True
    assert compile_pattern("(.|\\n)*b|", "").always is True
    assert compile_pattern("a^", "").always is False
    assert compile_pattern("[^\\s\\S]", "").always is False


def test_the_limit_is_4096_states() -> None:
    # A chain of n characters has n live states, one before each, and the two that end it.
    fits = compile_pattern("^a{4093}", "")
    assert fits.live == MAX_STATES - 3
    assert fits.matches("a" * 4093)
    assert not fits.matches("a" * 4092)
    compile_pattern("^a{4094}", "")
    with pytest.raises(PatternError, match=f"more than {MAX_STATES} states"):
        compile_pattern("^a{4095}", "")
    with pytest.raises(PatternError, match="more than"):
        compile_pattern("a.{14}b", "")
    with pytest.raises(PatternError, match="quantity above"):
        compile_pattern("^a{4096}", "")
    with pytest.raises(PatternError, match="places"):
        compile_pattern("(a{1000}){1000}", "")
    with pytest.raises(PatternError, match="nested"):
        compile_pattern("(" * 5000 + ")" * 5000, "")
    with pytest.raises(PatternError, match="nested"):
        compile_pattern("[a-" * 5000 + "]" * 5000, "")


def test_the_limit_of_classes() -> None:
    words = (f"^{chr(0x4E00 + n)}{chr(0x61 + n % 20)}{chr(0x61 + n // 20)}$" for n in range(300))
    with pytest.raises(PatternError, match="kinds of characters"):
        compile_pattern("|".join(words), "")


def test_equal_patterns_give_equal_tables() -> None:
    first = compile_pattern(r"^[\w-[_]]{2,5}(é|\d)+$", "i")
    compile_pattern.cache_clear()
    assert compile_pattern(r"^[\w-[_]]{2,5}(é|\d)+$", "i") == first


def test_tables_are_the_same_on_every_python() -> None:
    """The digest was taken with Python 3.10 to 3.13, which know four versions of Unicode."""
    patterns = [
        (r"^\d+\w*", ""),
        (r"[\p{L}-[a-z]]+", "i"),
        ("^a.*[^é]$", "ms"),
        (r"(\i\c*|x{2,9})+$", "x"),
    ]
    digest = hashlib.sha256("".join(repr(compile_pattern(*p)) for p in patterns).encode())
    assert digest.hexdigest()[:16] == "3928452d6e601e9c"


# Character sets


def test_sets() -> None:
    chooser = random.Random(1)
    for _ in range(300):
        left, right = (
            union((a, a + chooser.randint(0, 9)) for a in chooser.sample(range(90), 4))
            for _ in range(2)
        )
        for code in range(110):
            inside, other = contains(left, code), contains(right, code)
            assert contains(union(left, right), code) is (inside or other)
            assert contains(complement(left), code) is not inside
            assert contains(difference(left, right), code) is (inside and not other)


def test_categories_are_those_of_unicode() -> None:
    """The interpreter may know a later or an earlier version: what neither has is left out."""
    assert unicode_version() == "15.1.0"
    names = {c for code in range(0x110000) if (c := unicodedata.category(chr(code))) != "Cs"}
    unassigned = category("Cn")
    assert unassigned is not None
    for name in sorted(names - {"Cn"}):
        chars = category(name)
        assert chars is not None
        pinned = {code for first, last in chars for code in range(first, last + 1)}
        known = {code for code in range(0x110000) if unicodedata.category(chr(code)) == name}
        moved = {
            code
            for code in pinned ^ known
            if unicodedata.category(chr(code)) != "Cn" and not contains(unassigned, code)
        }
        assert len(moved) <= 4, (name, moved)  # a few characters change their category


def test_names_are_those_of_xml() -> None:
    assert NAME_START == xml_names.NAME_START


def test_blocks() -> None:
    assert block("BasicLatin") == ((0, 0x7F),)
    assert block("CyrillicSupplement") == ((0x500, 0x52F),)
    assert block("PrivateUse") == ((0xE000, 0xF8FF), (0xF0000, 0x10FFFF))
    assert block("Nothing") is None


@pytest.mark.parametrize(
    ("letters", "variants"),
    [
        ("a", "Aa"),
        ("k", "Kk\u212a"),
        ("s", "Ssſ"),
        ("ß", "ßẞ"),
        ("i", "Iiı"),
        ("µ", "µΜμ"),
        ("1-€", "1-€"),
        ("ǅ", "Ǆǅǆ"),
        ("\U00010428", "\U00010400\U00010428"),
    ],
)
def test_case_variants(letters: str, variants: str) -> None:
    codes = [(ord(c), ord(c)) for c in variants]
    assert any_case(union((ord(c), ord(c)) for c in letters)) == union(codes)


def test_case_does_not_touch_categories() -> None:
    """XPath Functions 3.1, 5.6.1.1: \\p{Lu} goes on to match upper-case letters only."""
    assert not compile_pattern(r"^\p{Lu}$", "i").matches("a")
    assert compile_pattern("^[^Q]$", "i").matches("a")
    assert not compile_pattern("^[^Q]$", "i").matches("q")
    assert not compile_pattern("^[A-Z-[IO]]$", "i").matches("i")


# Real patterns


def test_the_patterns_of_real_shapes() -> None:
    shared("data/ontologies")
    found = real_patterns()
    assert len(found) >= 22
    for pattern, flags in found:
        tables = compile_pattern(pattern, flags)
        columns = len(tables.next) // max(tables.live, 1)
        print(f"{tables.live:4d} states × {columns:2d} classes, {tables.size:5d} bytes: {pattern}")
        assert tables.size < 1000
