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
    ("a.c", "s", "a\nc", True),
    ("a.c", "", "a\U0001f600c", True),
    ("^.$", "", "\U0001f600", True),
    ("ABC", "i", "xabcx", True),
    ("[A-C]", "i", "b", True),
    ("a b", "x", "ab", True),
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


@pytest.mark.parametrize(
    ("pattern", "flags"),
    [
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
    ],
)
def test_refused(pattern: str, flags: str) -> None:
    with pytest.raises(InvalidPattern):
        compile_pattern(pattern, flags)
