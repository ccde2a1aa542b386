# SPDX-License-Identifier: Apache-2.0
"""Writes cns_build/pattern/unicode.txt, the Unicode tables that patterns are compiled with.

    python3.13 tests/make_unicode.py Blocks.txt > cns_build/pattern/unicode.txt

Categories and case come from the interpreter that runs this, and so does the version; Blocks.txt
is that of the Unicode Character Database. Blocks without characters in that version are left out.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

_LAST = 0x10FFFF


def _ranges(codes: Iterable[int]) -> Iterator[tuple[int, int]]:
    first = last = -2
    for code in codes:
        if code != last + 1:
            if last >= 0:
                yield first, last
            first = code
        last = code
    if last >= 0:
        yield first, last


def _range_text(ranges: Iterable[tuple[int, int]]) -> str:
    """The ranges as gaps and lengths in base 36: `gap` for one character, else `gap.more`."""
    words, end = [], 0
    for first, last in ranges:
        more = f".{_base36(last - first)}" if last > first else ""
        words.append(f"{_base36(first - end)}{more}")
        end = last
    return " ".join(words)


def _base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    text = ""
    while number or not text:
        number, digit = divmod(number, 36)
        text = digits[digit] + text
    return text


def _categories() -> Iterator[str]:
    found: dict[str, list[int]] = {}
    for code in range(_LAST + 1):
        found.setdefault(unicodedata.category(chr(code)), []).append(code)
    for name in sorted(found):
        yield f"category {name} {_range_text(_ranges(found[name]))}"


def _blocks(file: Path) -> Iterator[str]:
    for first, last, name in re.findall(
        r"^(\w+)\.\.(\w+); (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE
    ):
        codes = range(int(first, 16), int(last, 16) + 1)
        if any(unicodedata.category(chr(code)) != "Cn" for code in codes):
            yield f"block {name.replace(' ', '')} {_range_text([(codes[0], codes[-1])])}"


def _variants() -> Iterator[str]:
    """One line for each set of characters that share their lower-case or upper-case form."""
    lower: dict[str, set[int]] = {}
    upper: dict[str, set[int]] = {}
    for code in range(_LAST + 1):
        lower.setdefault(chr(code).lower(), set()).add(code)
        upper.setdefault(chr(code).upper(), set()).add(code)
    pairs = [
        (code, *sorted((lower[chr(code).lower()] | upper[chr(code).upper()]) - {code}))
        for code in range(_LAST + 1)
    ]
    yield "case " + " ".join(".".join(map(_base36, pair)) for pair in pairs if len(pair) > 1)


def main() -> None:
    """Print the tables."""
    print("# SPDX-License-Identifier: Apache-2.0")
    print(f"version {unicodedata.unidata_version}")
    for line in (*_categories(), *_blocks(Path(sys.argv[1])), *_variants()):
        print(line)


if __name__ == "__main__":
    main()
