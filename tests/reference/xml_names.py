# SPDX-License-Identifier: Apache-2.0
"""Character classes of XML names (XML 1.0, fifth edition, productions 4 and 4a)."""

from __future__ import annotations

Ranges = tuple[tuple[int, int], ...]

NAME_START: Ranges = (
    (0x3A, 0x3A),
    (0x41, 0x5A),
    (0x5F, 0x5F),
    (0x61, 0x7A),
    (0xC0, 0xD6),
    (0xD8, 0xF6),
    (0xF8, 0x2FF),
    (0x370, 0x37D),
    (0x37F, 0x1FFF),
    (0x200C, 0x200D),
    (0x2070, 0x218F),
    (0x2C00, 0x2FEF),
    (0x3001, 0xD7FF),
    (0xF900, 0xFDCF),
    (0xFDF0, 0xFFFD),
    (0x10000, 0xEFFFF),
)
NAME: Ranges = (
    *NAME_START,
    (0x2D, 0x2E),
    (0x30, 0x39),
    (0xB7, 0xB7),
    (0x300, 0x36F),
    (0x203F, 0x2040),
)


def contains(ranges: Ranges, character: str) -> bool:
    """Whether the character is in one of the ranges."""
    return any(first <= ord(character) <= last for first, last in ranges)


def is_nmtoken(text: str) -> bool:
    """XML 1.0 production 7."""
    return bool(text) and all(contains(NAME, character) for character in text)


def is_name(text: str) -> bool:
    """XML 1.0 production 5."""
    return is_nmtoken(text) and contains(NAME_START, text[0])


def is_ncname(text: str) -> bool:
    """Namespaces in XML, production 4: a name without a colon."""
    return is_name(text) and ":" not in text
