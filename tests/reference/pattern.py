# SPDX-License-Identifier: Apache-2.0
"""sh:pattern: the regular expressions of XPath fn:matches, rewritten for Python's `re`.

The grammar is XSD 1.1 part 2 appendix G with XPath 2.0's anchors, reluctant quantifiers, back
references and the flags s m i x, plus `q` and `(?:` of XPath 3.0. Beyond it, as most processors
do, any ASCII punctuation may be escaped, and a hyphen that starts no range stands for itself.
Character classes become explicit ranges, from the Unicode tables of the running Python.
Not supported: Unicode blocks (`\\p{IsGreek}`).
"""

from __future__ import annotations

import functools
import re
import unicodedata

from .xml_names import NAME, NAME_START, Ranges

_LAST = 0x10FFFF
_SPACE: Ranges = ((0x9, 0xA), (0xD, 0xD), (0x20, 0x20))
_CONTROL_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_QUANTIFIER = re.compile(r"(?:[?*+]|\{[0-9]+(?:,[0-9]*)?\})\??")
_CATEGORY = re.compile(r"\{(L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?)\}")


class InvalidPattern(ValueError):
    """The pattern or its flags are not in the grammar above."""


@functools.cache
def compile_pattern(pattern: str, flags: str = "") -> re.Pattern[str]:
    """The expression to `search` with. Raises InvalidPattern."""
    if not set(flags) <= set("smixq"):
        raise InvalidPattern(f"unknown flags in {flags!r}")
    options = re.IGNORECASE if "i" in flags else re.RegexFlag(0)
    source = re.escape(pattern) if "q" in flags else _Translator(pattern, flags).translate()
    try:
        return re.compile(source, options)
    except (re.error, OverflowError) as error:
        raise InvalidPattern(str(error)) from error


def _complement(ranges: Ranges) -> Ranges:
    gaps: list[tuple[int, int]] = []
    start = 0
    for first, last in sorted(ranges):
        if first > start:
            gaps.append((start, first - 1))
        start = max(start, last + 1)
    if start <= _LAST:
        gaps.append((start, _LAST))
    return tuple(gaps)


def _difference(left: Ranges, right: Ranges) -> Ranges:
    return _complement((*_complement(left), *right))


@functools.cache
def _category(name: str) -> Ranges:
    """The code points whose general category starts with the name."""
    found: list[tuple[int, int]] = []
    for code in range(_LAST + 1):
        if unicodedata.category(chr(code)).startswith(name):
            if found and found[-1][1] == code - 1:
                found[-1] = (found[-1][0], code)
            else:
                found.append((code, code))
    return tuple(found)


def _word() -> Ranges:
    return _complement((*_category("P"), *_category("Z"), *_category("C")))


def _python_class(ranges: Ranges) -> str:
    if not ranges:
        return "(?!)"
    return "[" + "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges) + "]"


class _Translator:
    """A recursive descent over the pattern that emits a Python expression."""

    def __init__(self, pattern: str, flags: str):
        self.pattern = pattern
        self.flags = flags
        self.position = 0

    def translate(self) -> str:
        source = self.alternatives()
        if self.position < len(self.pattern):
            raise InvalidPattern(f"unexpected {self.peek()!r} at {self.position}")
        return source

    def peek(self) -> str:
        return self.pattern[self.position : self.position + 1]

    def skip_space(self) -> None:
        while "x" in self.flags and self.peek() and self.peek() in "\t\n\r ":
            self.position += 1

    def accept(self, text: str) -> bool:
        if self.pattern.startswith(text, self.position):
            self.position += len(text)
            return True
        return False

    def next(self) -> str:
        character = self.peek()
        if not character:
            raise InvalidPattern("the pattern ends too early")
        self.position += 1
        return character

    def alternatives(self) -> str:
        branches = [self.branch()]
        while self.accept("|"):
            branches.append(self.branch())
        return "|".join(branches)

    def branch(self) -> str:
        pieces: list[str] = []
        self.skip_space()
        while self.peek() and self.peek() not in "|)":
            atom = self.atom()
            self.skip_space()
            if quantifier := _QUANTIFIER.match(self.pattern, self.position):
                self.position = quantifier.end()
                # A group of its own, so that a quantifier after an anchor is valid in Python.
                atom = f"(?:{atom}){quantifier[0]}"
            pieces.append(atom)
            self.skip_space()
        return "".join(pieces)

    def atom(self) -> str:
        match character := self.next():
            case "(":
                return self.group()
            case "[":
                return _python_class(self.character_class())
            case "\\":
                return self.escape()
            case ".":
                return r"[\s\S]" if "s" in self.flags else r"[^\n]"
            case "^":
                return r"(?:\A|(?<=\n)(?!\Z))" if "m" in self.flags else r"\A"
            case "$":
                return r"(?=\n|\Z)" if "m" in self.flags else r"\Z"
            case "?" | "*" | "+" | "{" | "}" | "]":
                raise InvalidPattern(f"unexpected {character!r} at {self.position - 1}")
        return re.escape(character)

    def group(self) -> str:
        opening = "(?:" if self.accept("?:") else "("
        body = self.alternatives()
        if not self.accept(")"):
            raise InvalidPattern("a group is not closed")
        return f"{opening}{body})"

    def escape(self) -> str:
        if self.peek() and self.peek() in "123456789":
            return f"(?:\\{self.next()})"
        return _python_class(self.class_escape())

    def class_escape(self) -> Ranges:
        """What stands after a backslash, inside or outside of a class."""
        character = self.next()
        if character in _CONTROL_ESCAPES:
            code = ord(_CONTROL_ESCAPES[character])
            return ((code, code),)
        if character in "pP":
            ranges = self.category()
        elif character.lower() in "dsicw":
            ranges = _multi_character(character.lower())
        elif character.isascii() and not character.isalnum():
            return ((ord(character), ord(character)),)
        else:
            raise InvalidPattern(f"unknown escape \\{character}")
        return _complement(ranges) if character.isupper() else ranges

    def category(self) -> Ranges:
        match = _CATEGORY.match(self.pattern, self.position)
        if match is None:
            raise InvalidPattern("unknown Unicode category or block")
        self.position = match.end()
        return _category(match[1])

    def character_class(self) -> Ranges:
        negative = self.accept("^")
        ranges: list[tuple[int, int]] = []
        subtracted: Ranges = ()
        if self.peek() == "]":
            raise InvalidPattern("an empty character class")
        while not self.accept("]"):
            if self.accept("-["):
                subtracted = self.character_class()
                if self.peek() != "]":
                    raise InvalidPattern("a class continues after its subtraction")
            else:
                ranges.extend(self.class_member())
        base = _complement(tuple(ranges)) if negative else tuple(ranges)
        return _difference(base, subtracted)

    def class_member(self) -> Ranges:
        first = self.class_atom()
        rest = self.pattern[self.position : self.position + 2]
        single = len(first) == 1 and first[0][0] == first[0][1]
        if not single or not rest.startswith("-") or rest in ("-]", "-["):
            return first
        self.position += 1
        last = self.class_atom()
        if len(last) != 1 or last[0][0] != last[0][1] or last[0][0] < first[0][0]:
            raise InvalidPattern("an invalid range in a character class")
        return ((first[0][0], last[0][0]),)

    def class_atom(self) -> Ranges:
        character = self.next()
        if character == "\\":
            return self.class_escape()
        if character == "[":
            raise InvalidPattern("an unescaped [ in a character class")
        return ((ord(character), ord(character)),)


def _multi_character(letter: str) -> Ranges:
    match letter:
        case "d":
            return _category("Nd")
        case "s":
            return _SPACE
        case "i":
            return NAME_START
        case "c":
            return NAME
    return _word()
