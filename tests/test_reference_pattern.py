# SPDX-License-Identifier: Apache-2.0
"""Patterns by hand: what XPath's fn:matches finds, and what it refuses."""

from __future__ import annotations

import pytest

from tests.reference.pattern import InvalidPattern, compile_pattern

MATCHES = [
    # Pattern, flags, text, found.
    ("", "", "", True),
    ("b", "", "abc", True),
    ("^b", "", "abc", False),
    ("^abc$", "", "abc", True),
    ("^abc$", "", "abc\n", False),
    ("^b$", "", "a\nb\nc", False),
    ("^b$", "m", "a\nb\nc", True),
    ("^$", "m", "a\n", False),
    ("a.c", "", "a\nc", False),
    ("a.c", "", "a\rc", False),
    ("a.c", "s", "a\nc", True),
    ("a.c", "s", "a\rc", True),
    ("\n$", "m", "a\n", False),
    ("^", "m", "\n", True),
    ("^\n^", "m", "\n", False),
    ("^\n^", "m", "\n\n", True),
    ("$", "m", "", True),
    ("^$", "m", "\n", True),
    ("a$", "m", "a\n", True),
    ("a$", "", "a\n", False),
    ("a.c", "", "a\U0001f600c", True),
    ("^.$", "", "\U0001f600", True),
    ("ABC", "i", "xabcx", True),
    ("[A-C]", "i", "b", True),
    ("^[^Q]$", "i", "q", False),
    ("^[^Q]$", "i", "r", True),
    (r"^\p{Lu}$", "i", "a", False),
    ("^[A-Z-[IO]]$", "i", "i", False),
    ("^k$", "i", "\u212a", True),
    ("^\u0131$", "i", "I", True),
    ("^\u0130$", "i", "i", False),
    ("^ß$", "i", "ẞ", True),
    ("^ß$", "i", "SS", False),
    ("a b", "x", "ab", True),
    ("^a {2 , 3}$", "x", "aa", True),
    (r"^\ d$", "x", "7", True),
    (r"^[\]  a]$", "x", " ", True),
    (r"^\x41\u00e9$", "", "Aé", True),
    ("a.", "qs", "ab", False),
    ("a B", "qix", "A b", True),
    ("[a b]c", "x", " c", True),
    ("a+b", "q", "xa+b", True),
    ("a|^b", "", "xb", False),
    ("a{2}$", "", "aa", True),
    ("^a{2,3}$", "", "aaaa", False),
    ("^a{2,}$", "", "aaaa", True),
    ("^(ab)*?c$", "", "ababc", True),
    (r"^(a|b)\1$", "", "ab", False),
    (r"^(a|b)\1$", "", "bb", True),
    ("^(?:ab)+$", "", "abab", True),
    (r"^\d$", "", "٣", True),
    (r"^[0-9]$", "", "٣", False),
    (r"^\D$", "", "3", False),
    (r"^\s+$", "", " \t\r\n", True),
    (r"^\s$", "", "\u00a0", False),
    (r"^\S$", "", "\u00a0", True),
    (r"^\w+$", "", "aé1", True),
    (r"^\w$", "", "_", False),
    (r"^\w$", "", "+", True),
    (r"^\W$", "", "-", True),
    (r"^\i\c*$", "", "a-1", True),
    (r"^\i\c*$", "", "1a", False),
    (r"^\I\C$", "", "1/", True),
    (r"^\p{Lu}\P{Lu}$", "", "Éé", True),
    (r"^\p{L}+$", "", "aÉ中", True),
    (r"^[\p{Ll}\d_]+$", "", "a_1", True),
    (r"^[^\d]$", "", "a", True),
    ("^[a-z-[aeiou]]+$", "", "xyz", True),
    ("^[a-z-[aeiou]]+$", "", "xaz", False),
    ("^[^a-z-[0-9]]$", "", "5", False),
    ("^[^a-z-[0-9]]$", "", "A", True),
    ("^[-a]$", "", "-", True),
    ("^[a-]$", "", "-", True),
    (r"^[\w-\.]+$", "", "a-.", True),
    (r"^[\-\]\[\^]$", "", "]", True),
    (r"^a\.b\$\\$", "", "a.b$\\", True),
    (r"^https?:\/\/", "", "http://x", True),
    (r"^\n\t\r$", "", "\n\t\r", True),
    ("^#& ~$", "", "#& ~", True),
]


@pytest.mark.parametrize(("pattern", "flags", "text", "found"), MATCHES)
def test_search(pattern: str, flags: str, text: str, found: bool) -> None:
    assert (compile_pattern(pattern, flags).search(text) is not None) is found


REFUSED = [
    ("(", ""),
    (")", ""),
    ("a)", ""),
    ("[", ""),
    ("[]", ""),
    ("[a", ""),
    ("[b-a]", ""),
    ("[a[b]]", ""),
    ("[a-z-[aeiou]x]", ""),
    ("*a", ""),
    ("a**", ""),
    ("a{2", ""),
    ("a{3,2}", ""),
    ("a}", ""),
    ("a]", ""),
    ("(?=a)", ""),
    ("(?<n>a)", ""),
    (r"\q", ""),
    ("a\\", ""),
    (r"\p{Xx}", ""),
    (r"\p{IsGreek}", ""),
    (r"\1", ""),
    (r"\b", ""),
    ("a", "g"),
    ("[a--]", ""),
    (r"[a-\d]", ""),
    ("a{,2}", ""),
    (r"\x4g", ""),
]


@pytest.mark.parametrize(("pattern", "flags"), REFUSED)
def test_refused(pattern: str, flags: str) -> None:
    with pytest.raises(InvalidPattern):
        compile_pattern(pattern, flags)
