# SPDX-License-Identifier: Apache-2.0
"""Random regular expressions, valid and not, and texts that they may find."""

from __future__ import annotations

import random

_ATOMS: list[str] = [
    *"abABks01 \n-é€",
    *(".", ".", "^", "$", r"\d", r"\D", r"\w", r"\W", r"\s", r"\S", r"\i", r"\c", r"\I", r"\C"),
    *(r"\p{L}", r"\P{Lu}", r"\p{Nd}", r"\.", r"\-", r"\/", r"\n", r"\x41", r"\u00e9", r"\\"),
    *("[ab]", "[^a]", "[a-c-[b]]", "[^a-c-[b-é]]", r"[\d-]", "[^\\w\n]", "[A-Z]", "[k-é]"),
    *("[-a]", "[a-]", "[^-]", r"[\s\S]", r"[\p{Ll}_]", "[^^]", "[a^]"),
]
_BROKEN = [
    "(",
    ")",
    "[",
    "a{",
    "a**",
    "[b-a]",
    r"\q",
    "[a--]",
    "]",
    r"\1",
    "{",
    "}",
    "[]",
    "(?=a)",
]
_QUANTIFIERS = ["*", "+", "?", "*?", "+?", "??", "{2}", "{1,3}", "{0,}", "{2,4}?", "{0}", "{,2}"]
_LETTERS = "abcABC01 \n\r-./\\éÉ€kK\u212asSſiIı\u0130٣𝟘_"


class Patterns:
    """Draws patterns, flags and texts."""

    def __init__(self, chooser: random.Random):
        self._random = chooser

    def pattern(self, depth: int = 3) -> str:
        """A pattern of so many levels of groups."""
        way = self._random.random()
        if depth == 0 or way < 0.35:
            return self._random.choice(_ATOMS)
        if way < 0.6:
            return "".join(self.pattern(depth - 1) for _ in range(self._random.randint(0, 3)))
        if way < 0.75:
            opening = self._random.choice(["(", "(?:"])
            return f"{opening}{self.pattern(depth - 1)}|{self.pattern(depth - 1)})"
        if way < 0.98:
            return f"(?:{self.pattern(depth - 1)}){self._random.choice(_QUANTIFIERS)}"
        return self._random.choice(_BROKEN)

    def flags(self) -> str:
        """Flags, most often few."""
        shares = {"s": 0.3, "m": 0.3, "i": 0.3, "x": 0.1, "q": 0.05}
        return "".join(flag for flag, share in shares.items() if self._random.random() < share)

    def text(self) -> str:
        """A text of few characters."""
        length = self._random.choice([0, 1, 2, 3, 5, 8])
        return "".join(self._random.choice(_LETTERS) for _ in range(length))
