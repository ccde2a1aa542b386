# SPDX-License-Identifier: Apache-2.0
"""Regular expressions of XPath to syntax trees (XPath and XQuery Functions 3.1, section 5.6.1).

The grammar is that of XML Schema (part 2, appendix G of 1.1) with the additions of XPath: anchors,
reluctant quantifiers, `(?:…)`, an escaped `$`, and the flags s m i x q. Beyond it, since the
patterns of real shapes have them and no other reading exists, a backslash may stand before any
ASCII punctuation, and `\\xHH` and `\\uHHHH` are the characters of that number. Everything else
that the grammar forbids is an error that says what to write.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from cns_build.pattern import charset
from cns_build.pattern.charset import CharSet

MAX_COUNT = 4095
_MAX_NESTING = 50
_SPACE = "\t\n\r "
_CONTROLS = {"n": 0xA, "r": 0xD, "t": 0x9}
_SPECIAL = ".\\?*+{}()[]|^$"
_QUANTITY = re.compile(r"\{([0-9]+)(,([0-9]*))?\}")


class PatternError(ValueError):
    """A pattern that is not one, or that no automaton of the size allowed can be made of.

    `position` counts the characters of the pattern before the fault; None is all of it.
    """

    def __init__(self, message: str, position: int | None, fix: str) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.fix = fix


class PatternLimit(PatternError):
    """A pattern of XPath, and more than cns compiles."""


@dataclass(frozen=True, slots=True)
class Chars:
    """One character of a set."""

    chars: CharSet


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in the text: `^` or `$`, and in mode m `m^` or `m$`."""

    kind: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """One part after the other."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Alternatives:
    """One of several parts."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part `low` to `high` times; None is any number."""

    part: Tree
    low: int
    high: int | None


Tree: TypeAlias = Chars | Anchor | Sequence | Alternatives | Repeat


def parse(pattern: str, flags: str) -> Tree:
    """Return the syntax tree of a pattern. Raises PatternError."""
    unknown = next((f for f in flags if f not in "smixq"), None)
    if unknown is not None:
        raise PatternError(
            f"{unknown!r} is no flag of a pattern", None, "the flags are i, m, q, s and x"
        )
    if "q" in flags:
        literal = (Chars(((ord(c), ord(c)),)) for c in pattern)
        parts = (Chars(charset.any_case(c.chars)) if "i" in flags else c for c in literal)
        return Sequence(tuple(parts))
    return _Parser(pattern, flags).parse()


class _Parser:
    """A recursive descent over the characters that mode x leaves, with their positions."""

    def __init__(self, pattern: str, flags: str) -> None:
        marked = list(enumerate(pattern))
        if "x" in flags:
            marked = _without_space(marked)
        self.text = "".join(c for _, c in marked)
        self.positions = [p for p, _ in marked] + [len(pattern)]
        self.flags = flags
        self.at = 0
        self.nesting = 0

    def parse(self) -> Tree:
        tree = self.alternatives()
        if self.at < len(self.text):
            raise self.error("a ) without its (", self.at, "write \\) for the character")
        return tree

    def error(self, message: str, at: int, fix: str) -> PatternError:
        return PatternError(message, self.positions[min(at, len(self.text))], fix)

    def limit(self, message: str, at: int, fix: str) -> PatternLimit:
        return PatternLimit(message, self.positions[min(at, len(self.text))], fix)

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def accept(self, text: str) -> bool:
        found = self.text.startswith(text, self.at)
        self.at += len(text) if found else 0
        return found

    # Branches, pieces, quantifiers

    def alternatives(self) -> Tree:
        parts = [self.branch()]
        while self.accept("|"):
            parts.append(self.branch())
        return parts[0] if len(parts) == 1 else Alternatives(tuple(parts))

    def branch(self) -> Tree:
        parts: list[Tree] = []
        while self.peek() not in ("", "|", ")"):
            parts.append(self.piece())
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def piece(self) -> Tree:
        atom = self.atom()
        start = self.at
        bounds = self.quantifier()
        if bounds is None:
            return atom
        self.accept("?")  # reluctant: finds other text, in the same strings
        if self.peek() in ("?", "*", "+", "{"):
            raise self.error(
                "a quantifier of a quantifier",
                self.at,
                f"put the part before it into a group: (?:…{self.text[start : self.at]})",
            )
        return Repeat(atom, *bounds)

    def quantifier(self) -> tuple[int, int | None] | None:
        start = self.at
        for sign, bounds in (("?", (0, 1)), ("*", (0, None)), ("+", (1, None))):
            if self.accept(sign):
                return bounds
        if self.peek() != "{":
            return None
        found = _QUANTITY.match(self.text, start)
        if found is None:
            raise self.error(
                "{ does not begin a quantity such as {2}, {2,} or {2,5}",
                start,
                "write {0,n} for at most n, or \\{ for the character",
            )
        self.at = found.end()
        return self.bounds(found, start)

    def bounds(self, found: re.Match[str], start: int) -> tuple[int, int | None]:
        digits = [found[1], found[3] or ""]
        if any(len(d.lstrip("0")) > 4 or int(d or "0") > MAX_COUNT for d in digits):
            raise self.limit(
                f"a quantity above {MAX_COUNT}, which needs an automaton of more states",
                start,
                "use sh:minLength and sh:maxLength for lengths",
            )
        low = int(digits[0])
        high = low if found[2] is None else int(digits[1]) if digits[1] else None
        if high is not None and high < low:
            raise self.error(
                f"no number is at least {low} and at most {high}", start, f"write {{{high},{low}}}"
            )
        return low, high

    # Atoms

    def atom(self) -> Tree:
        start = self.at
        character = self.text[start]
        self.at += 1
        match character:
            case "(":
                return self.group(start)
            case "[":
                return Chars(self.character_class(start))
            case "\\":
                chars, single = self.escape(start, inside=False)
                return Chars(self.cased(chars) if single else chars)
            case ".":
                whole = "s" in self.flags
                return Chars(charset.EVERY if whole else charset.complement(charset.LINE_ENDS))
            case "^" | "$":
                return Anchor(f"m{character}" if "m" in self.flags else character)
            case "?" | "*" | "+":
                message = f"nothing stands before the quantifier {character}"
                raise self.error(message, start, f"write \\{character} for the character")
            case "{" | "}" | "]":
                message = f"a {character} that belongs to nothing"
                raise self.error(message, start, f"write \\{character} for the character")
        return Chars(self.cased(_single(ord(character))))

    def group(self, start: int) -> Tree:
        if self.peek() == "?" and not self.accept("?:"):
            raise self._unknown_group(start)
        self.nesting += 1
        if self.nesting > _MAX_NESTING:
            raise self.limit(
                f"groups are nested more than {_MAX_NESTING} deep", start, "use fewer groups"
            )
        body = self.alternatives()
        self.nesting -= 1
        if not self.accept(")"):
            raise self.error("a ( without its )", start, "close it, or write \\( for it")
        return body

    def _unknown_group(self, start: int) -> PatternError:
        words = self.text[start : start + 4]
        if words.startswith(("(?=", "(?!", "(?<=", "(?<!")):
            return self.error(
                "look-ahead and look-behind are not in the regular expressions of XPath",
                start,
                "write a second sh:pattern, or sh:not around one",
            )
        if re.match(r"\(\?[a-z-]*[:)]", self.text[start : start + 12]):
            return self.error(
                "XPath takes modes from sh:flags, not from the pattern",
                start,
                'leave the group out and add, for example, sh:flags "i"',
            )
        return self.error(f"{words!r} begins no group of XPath", start, "write ( or (?:")

    def cased(self, chars: CharSet) -> CharSet:
        """Return what a single character or a range matches, in mode i in any case."""
        return charset.any_case(chars) if "i" in self.flags else chars

    # Escapes

    def escape(self, start: int, inside: bool) -> tuple[CharSet, bool]:
        """Return the characters of an escape, and whether it is that of a single one."""
        if not self.peek():
            raise self.error("a \\ at the end", start, "write \\\\ for the character")
        letter = self.text[self.at]
        self.at += 1
        if letter in _CONTROLS:
            return _single(_CONTROLS[letter]), True
        if letter in "dDsSwWiIcC":
            return charset.multi_character(letter), False
        if letter in "pP":
            return self.property(start, letter), False
        if letter in "xu":
            return self.numbered(start, letter), True
        if letter.isascii() and letter.isprintable() and not letter.isalnum():
            return _single(ord(letter)), True
        raise self._unknown_escape(start, letter, inside)

    def numbered(self, start: int, letter: str) -> CharSet:
        digits = self.text[self.at : self.at + (2 if letter == "x" else 4)]
        wanted = r"[0-9A-Fa-f]{2}" if letter == "x" else r"[0-9A-Fa-f]{4}"
        if not re.fullmatch(wanted, digits) or 0xD800 <= int(digits, 16) <= 0xDFFF:
            count = "two" if letter == "x" else "four"
            raise self.error(
                f"\\{letter} is not followed by the {count} hexadecimal digits of a character",
                start,
                "write the character itself",
            )
        self.at += len(digits)
        return _single(int(digits, 16))

    def _unknown_escape(self, start: int, letter: str, inside: bool) -> PatternError:
        if letter in "123456789":
            if inside:
                fix = "list the characters themselves"
            else:
                fix = "repeat the group, or compare two properties with sh:equals"
            return self.limit(
                f"\\{letter} refers back to a group: no automaton remembers what a group held",
                start,
                fix,
            )
        fixes = {
            "b": "write what may stand there, such as (^|\\W) or (\\W|$)",
            "A": "write ^",
            "Z": "write $",
            "z": "write $",
            "h": "write [ \\t]",
            "R": "write \\r?\\n",
        }
        fix = fixes.get(letter, f"write {letter} for the character, \\\\ for a backslash")
        return self.error(f"\\{letter} is no escape of XPath", start, fix)

    def property(self, start: int, letter: str) -> CharSet:
        end = self.text.find("}", self.at)
        if self.peek() != "{" or end < 0:
            raise self.error(
                f"\\{letter} needs the name of a category or block in braces",
                start,
                f"write for example \\{letter}{{Lu}}",
            )
        name = self.text[self.at + 1 : end]
        self.at = end + 1
        if name.startswith("Is"):
            found = charset.block(name[2:])
            message, fix = f"{name} is no block of Unicode", _near_block(name[2:])
        else:
            found = charset.category(name)
            message, fix = f"{name} is no category of Unicode", "write for example L, Lu, Nd or P"
        if found is None:
            raise self.error(message, start, fix)
        return found if letter == "p" else charset.complement(found)

    # Classes

    def character_class(self, start: int) -> CharSet:
        """Return the characters of a class, whose [ has been read (XML Schema, G.4.1)."""
        self.nesting += 1
        if self.nesting > _MAX_NESTING:
            raise self.limit("classes are nested too deep", start, "use fewer subtractions")
        negative = self.accept("^")
        parts: list[CharSet] = []
        subtracted: CharSet = ()
        while not self.accept("]"):
            if not self.peek():
                raise self.error(
                    "a [ without its ]", start, "close it, or write \\[ for the character"
                )
            opening = self.at + 1
            if parts and self.accept("-["):
                subtracted = self.character_class(opening)
                if self.peek() != "]":
                    raise self.error(
                        "a class goes on after what it leaves out", self.at, "close it with ]"
                    )
            else:
                parts.append(self.class_part())
        self.nesting -= 1
        if not parts:
            raise self.error("a class of no characters", start, "write \\[\\] for the characters")
        chars = charset.union(*parts)
        return charset.difference(charset.complement(chars) if negative else chars, subtracted)

    def class_part(self) -> CharSet:
        start = self.at
        first, single = self.class_atom()
        follows = self.text[self.at : self.at + 3]
        # A hyphen before ] stands for itself, and one before [ or -[ begins what is left out.
        if not single or follows[:1] != "-" or follows[1:2] in ("]", "[", "") or follows == "--[":
            return self.cased(first) if single else first
        self.at += 1
        if self.peek() == "-":
            raise self.error("a range that ends in -", self.at, "write \\- for the character")
        last, single = self.class_atom()
        low, high = first[0][0], last[0][0] if last else 0
        if not single:
            raise self.error(
                "a range that ends in a set of characters",
                start,
                "write \\- if the hyphen is a character",
            )
        if high < low:
            raise self.error(
                f"a range from {chr(low)!r} down to {chr(high)!r}",
                start,
                "write the lower character first, or \\- if the hyphen is a character",
            )
        return self.cased(((low, high),))

    def class_atom(self) -> tuple[CharSet, bool]:
        """Return a set, and whether it is written as a single character."""
        start = self.at
        character = self.text[start]
        self.at += 1
        if character == "[":
            raise self.error("a [ in a class", start, "write \\[ for the character")
        if character != "\\":
            return _single(ord(character)), True
        return self.escape(start, inside=True)


def _single(code: int) -> CharSet:
    return ((code, code),)


def _near_block(name: str) -> str:
    from difflib import get_close_matches  # slow to import, and rarely needed

    near = get_close_matches(name, charset.block_names(), 1, 0.6)
    return f"did you mean Is{near[0]}?" if near else "write for example IsBasicLatin"


def _without_space(marked: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Leave out white space that is not inside of a class (mode x)."""
    kept: list[tuple[int, str]] = []
    depth, escaped = 0, False
    for position, character in marked:
        if character in _SPACE and depth == 0:
            continue
        kept.append((position, character))
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == "[":
            depth += 1
        elif character == "]" and depth:
            depth -= 1
    return kept
