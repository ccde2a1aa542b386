# SPDX-License-Identifier: Apache-2.0
"""sh:pattern: the regular expressions of XPath fn:matches, rewritten for Python's `re`.

The grammar is XSD 1.1 part 2 appendix G with XPath's anchors, reluctant quantifiers, back
references, the flags s m i x q and `(?:` (XPath and XQuery Functions 3.1, 5.6.1). Beyond it, as
most processors do, any ASCII punctuation may be escaped, \\xHH and \\uHHHH are characters by
their number, and a hyphen that starts no range stands for itself.
Character classes become explicit ranges, from the Unicode tables of the running Python.
Not supported: Unicode blocks (`\\p{IsGreek}`).
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata

from .xml_names import NAME, NAME_START, Ranges

_LAST = 0x10FFFF
_SPACE: Ranges = ((0x9, 0xA), (0xD, 0xD), (0x20, 0x20))
_CONTROL_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_QUANTIFIER = re.compile(r"(?:[?*+]|\{[0-9]+(?:,[0-9]*)?\})\??")
_NUMBER = re.compile("x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}")
_CATEGORY = re.compile(r"\{(L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?)\}")


class InvalidPattern(ValueError):
    """The pattern or its flags are not in the grammar above."""


@functools.cache
def compile_pattern(pattern: str, flags: str = "") -> re.Pattern[str]:
    """The expression to `search` with. Raises InvalidPattern."""
    if not set(flags) <= set("smixq"):
        raise InvalidPattern(f"unknown flags in {flags!r}")
    if "q" in flags:
        # Every character stands for itself, in the other modes as well.
        pattern = "".join(f"\\u{ord(c):04x}" if ord(c) < 2**16 else c for c in pattern)
        flags = flags.replace("x", "")
    source = _Translator(pattern, flags).translate()
    try:
        return re.compile(source)
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
    chosen = (ranges for known, ranges in _categories().items() if known.startswith(name))
    return tuple(sorted(itertools.chain.from_iterable(chosen)))


@functools.cache
def _categories() -> dict[str, list[tuple[int, int]]]:
    """The ranges of each general category."""
    found: dict[str, list[tuple[int, int]]] = {}
    start = 0
    for name, codes in itertools.groupby(unicodedata.category(chr(c)) for c in range(_LAST + 1)):
        count = sum(1 for _ in codes)
        found.setdefault(name, []).append((start, start + count - 1))
        start += count
    return found


@functools.cache
def _cased() -> dict[str, set[str]]:
    """The letters that change to a lower-case form, and those that change to an upper-case one."""
    found: dict[str, set[str]] = {}
    for letter in map(chr, range(_LAST + 1)):
        if letter.lower() != letter:
            found.setdefault(f"lower {letter.lower()}", set()).add(letter)
        if letter.upper() != letter:
            found.setdefault(f"upper {letter.upper()}", set()).add(letter)
    return found


def _any_case(ranges: Ranges) -> Ranges:
    """The characters with those that have the same lower-case or the same upper-case form."""
    letters = {chr(code) for first, last in ranges for code in range(first, last + 1)}
    found = set(letters)
    for letter in letters:
        for form, name in ((letter.lower(), "lower"), (letter.upper(), "upper")):
            found |= _cased().get(f"{name} {form}", set())
            found |= {form} if len(form) == 1 and getattr(form, name)() == form else set()
    return tuple((ord(letter), ord(letter)) for letter in sorted(found))


def _squeezed(pattern: str) -> str:
    """The pattern without the white space that is in no character class (flag x)."""
    kept, depth, after_backslash = "", 0, False
    for character in pattern:
        if character in "\t\n\r " and not depth:
            continue
        kept += character
        if not after_backslash:
            depth = max(depth + (character == "[") - (character == "]"), 0)
        after_backslash = character == "\\" and not after_backslash
    return kept


def _word() -> Ranges:
    return _complement((*_category("P"), *_category("Z"), *_category("C")))


def _python_class(ranges: Ranges) -> str:
    if not ranges:
        return "(?!)"
    return "[" + "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges) + "]"


class _Translator:
    """A recursive descent over the pattern that emits a Python expression."""

    def __init__(self, pattern: str, flags: str):
        self.pattern = _squeezed(pattern) if "x" in flags else pattern
        self.flags = flags
        self.position = 0

    def translate(self) -> str:
        source = self.alternatives()
        if self.position < len(self.pattern):
            raise InvalidPattern(f"unexpected {self.peek()!r} at {self.position}")
        return source

    def peek(self) -> str:
        return self.pattern[self.position : self.position + 1]

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
        while self.peek() and self.peek() not in "|)":
            atom = self.atom()
            if quantifier := _QUANTIFIER.match(self.pattern, self.position):
                self.position = quantifier.end()
                # A group of its own, so that a quantifier after an anchor is valid in Python.
                atom = f"(?:{atom}){quantifier[0]}"
            pieces.append(atom)
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
                return r"[\s\S]" if "s" in self.flags else r"[^\n\r]"
            case "^":
                return r"(?:\A|(?<=\n)(?!\Z))" if "m" in self.flags else r"\A"
            case "$":
                return r"(?:(?=\n)|(?<!\n)\Z)" if "m" in self.flags else r"\Z"
            case "?" | "*" | "+" | "{" | "}" | "]":
                raise InvalidPattern(f"unexpected {character!r} at {self.position - 1}")
        return _python_class(self.cased(((ord(character), ord(character)),)))

    def cased(self, ranges: Ranges) -> Ranges:
        """A single character or a range, in any case under flag i; sets stay as they are."""
        return _any_case(ranges) if "i" in self.flags else ranges

    def group(self) -> str:
        opening = "(?:" if self.accept("?:") else "("
        body = self.alternatives()
        if not self.accept(")"):
            raise InvalidPattern("a group is not closed")
        return f"{opening}{body})"

    def escape(self) -> str:
        if self.peek() and self.peek() in "123456789":
            return f"(?:\\{self.next()})"
        start = self.position
        ranges = self.class_escape()
        single = self.pattern[start] not in "pPdDsSiIcCwW"
        return _python_class(self.cased(ranges) if single else ranges)

    def class_escape(self) -> Ranges:
        """What stands after a backslash, inside or outside of a class."""
        character = self.next()
        if character in _CONTROL_ESCAPES:
            code = ord(_CONTROL_ESCAPES[character])
            return ((code, code),)
        if number := _NUMBER.match(character + self.pattern[self.position :]):
            self.position += len(number[0]) - 1
            return ((int(number[0][1:], 16), int(number[0][1:], 16)),)
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
        first, single = self.class_atom()
        rest = self.pattern[self.position : self.position + 3]
        if not single:
            return first
        if not rest.startswith("-") or rest[:2] in ("-]", "-[") or rest == "--[":
            return self.cased(first)
        self.position += 1
        if self.peek() == "-":
            raise InvalidPattern("a range cannot end in an unescaped hyphen")
        last, single = self.class_atom()
        if not single or last[0][0] < first[0][0]:
            raise InvalidPattern("an invalid range in a character class")
        return self.cased(((first[0][0], last[0][0]),))

    def class_atom(self) -> tuple[Ranges, bool]:
        """A set, and whether it is written as a single character."""
        character = self.next()
        if character == "\\":
            single = self.peek() not in tuple("pPdDsSiIcCwW")
            return self.class_escape(), single
        if character == "[":
            raise InvalidPattern("an unescaped [ in a character class")
        return ((ord(character), ord(character)),), True


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
