# SPDX-License-Identifier: Apache-2.0
"""Sets of characters as sorted ranges of code points, and the sets that patterns name.

The Unicode tables are those of `unicode.txt`, never the interpreter's: equal patterns give equal
automata on every machine. `tests/make_unicode.py` writes that file, which names the version of
Unicode on its second line.
"""

from __future__ import annotations

import functools
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

CharSet: TypeAlias = "tuple[tuple[int, int], ...]"
"""First and last code points of ranges, in order, that neither overlap nor touch."""

LAST = 0x10FFFF
EVERY: CharSet = ((0, LAST),)
NEWLINE: CharSet = ((0xA, 0xA),)
LINE_ENDS: CharSet = ((0xA, 0xA), (0xD, 0xD))
SPACE: CharSet = ((0x9, 0xA), (0xD, 0xD), (0x20, 0x20))

# XML 1.0 (fifth edition), productions 4 and 4a: what \i and \c stand for.
NAME_START: CharSet = (
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
_NAME_EXTRA: CharSet = (
    (0x2D, 0x2E),
    (0x30, 0x39),
    (0xB7, 0xB7),
    (0x300, 0x36F),
    (0x203F, 0x2040),
)

# Names that XML Schema 1.0 had for blocks which Unicode has renamed or divided since.
_OLD_BLOCKS = {
    "Greek": ("GreekandCoptic",),
    "CombiningMarksforSymbols": ("CombiningDiacriticalMarksforSymbols",),
    "PrivateUse": (
        "PrivateUseArea",
        "SupplementaryPrivateUseArea-A",
        "SupplementaryPrivateUseArea-B",
    ),
}


def union(*sets: Iterable[tuple[int, int]]) -> CharSet:
    """Return the characters that are in any of the sets; their ranges may be in any order."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(r for ranges in sets for r in ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return tuple(merged)


def complement(chars: CharSet) -> CharSet:
    """Return the characters that are not in the set."""
    gaps: list[tuple[int, int]] = []
    start = 0
    for first, last in chars:
        if first > start:
            gaps.append((start, first - 1))
        start = last + 1
    if start <= LAST:
        gaps.append((start, LAST))
    return tuple(gaps)


def difference(left: CharSet, right: CharSet) -> CharSet:
    """Return the characters of the first set that are not in the second."""
    return complement(union(complement(left), right))


def contains(chars: CharSet, code: int) -> bool:
    """Return whether a code point is in the set."""
    return any(first <= code <= last for first, last in chars)


# Unicode


@functools.cache
def _tables() -> Mapping[tuple[str, str], str]:
    """Return the lines of the Unicode tables by kind and name; `case` has no name."""
    file = Path(__file__).with_name("unicode.txt")
    rows: dict[tuple[str, str], str] = {}
    for line in file.read_text(encoding="ascii").splitlines()[1:]:
        kind, rest = line.split(" ", 1)
        if kind in ("category", "block"):
            name, text = rest.split(" ", 1)
            rows[kind, name] = text
        else:
            rows[kind, ""] = rest
    return rows


def unicode_version() -> str:
    """Return the version of Unicode that the tables are of."""
    return _tables()["version", ""]


@functools.cache
def _ranges(kind: str, name: str) -> CharSet:
    ranges = []
    last = 0
    for word in _tables()[kind, name].split(" "):
        gap, _, more = word.partition(".")
        first = last + int(gap, 36)
        last = first + int(more, 36) if more else first
        ranges.append((first, last))
    return tuple(ranges)


@functools.cache
def category(name: str) -> CharSet | None:
    """Return the characters of a general category (`Lu`) or a group of them (`L`), or None."""
    found = [c for kind, c in _tables() if kind == "category" and c.startswith(name)]
    if not name or not found or name == "Cs":  # a surrogate is no character
        return None
    return union(*(_ranges("category", c) for c in found))


@functools.cache
def block(name: str) -> CharSet | None:
    """Return the characters of a block, named as in Unicode without its spaces, or None."""
    found = [n for n in _OLD_BLOCKS.get(name, (name,)) if ("block", n) in _tables()]
    return union(*(_ranges("block", n) for n in found)) if found else None


def block_names() -> tuple[str, ...]:
    """Return the names of all blocks, old ones too."""
    return (*_OLD_BLOCKS, *(name for kind, name in _tables() if kind == "block"))


@functools.cache
def multi_character(letter: str) -> CharSet:
    """Return what \\d, \\s, \\w, \\i or \\c stands for; a capital letter is the complement."""
    if letter.isupper():
        return complement(multi_character(letter.lower()))
    match letter:
        case "s":
            return SPACE
        case "i":
            return NAME_START
        case "c":
            return union(NAME_START, _NAME_EXTRA)
        case "d":
            return category("Nd") or ()
    return complement(union(*(category(group) or () for group in ("P", "Z", "C"))))


@functools.cache
def _variants() -> Sequence[tuple[int, tuple[int, ...]]]:
    """Return each character that has case variants, with those, in order."""
    rows = []
    for word in _tables()["case", ""].split(" "):
        code, *variants = (int(digits, 36) for digits in word.split("."))
        rows.append((code, tuple(variants)))
    return rows


@functools.cache
def any_case(chars: CharSet) -> CharSet:
    """Return the characters with their case variants (XPath Functions 3.1, 5.6.1.1, flag i).

    Those are the characters that have the same lower-case or the same upper-case form.
    """
    found = _variants()
    extra: list[tuple[int, int]] = []
    for first, last in chars:
        start = bisect_left(found, (first, ()))
        for _, variants in found[start : bisect_left(found, (last + 1, ()))]:
            extra += [(v, v) for v in variants]
    return union(chars, extra)
