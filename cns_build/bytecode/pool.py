# SPDX-License-Identifier: Apache-2.0
"""The pool of an image: constants, paths, patterns and the terms of enumerations, each once.

What the words of each mean is in runtime/image.h.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cns_build import model as m
from cns_build import xsd
from cns_build.backend.types import scalar_type
from cns_build.bytecode.image import Words, packed, to_image_words, wide
from cns_build.ir.program import Program
from cns_build.ir.record import Scalar, ValueType
from cns_build.vocabulary import RDF

if TYPE_CHECKING:
    from cns_build.pattern import Tables

# cns_tag: what comes before the datatypes of CNS_DATATYPES, then these in their order.
NONE, NODE, LANG_STRING, TYPED = range(4)
_FIRST_DATATYPE = 4
_NO_ZONE = -(2**15)
MAX_WORDS = 65536  # a constant is named by 16 bits
OPERATORS = ("<", "<=", ">", ">=")


def tag(datatype: str) -> int:
    """Return the cns_tag of an XSD datatype."""
    return _FIRST_DATATYPE + xsd.SCALARS.index(datatype)


class Pool:
    """Collects what the code of one image names by number."""

    def __init__(self, program: Program, ids: dict[m.Term, int]) -> None:
        self.ids = ids
        self._classes = {queried.iri: queried for queried in program.classes}
        self._words: list[int] = []
        self._constants: dict[Words, int] = {}
        self._paths: dict[Words, int] = {}
        self._patterns: dict[tuple[str, str], int] = {}
        self._tables: list[Words] = []
        self._enums: dict[int, Words] = {}

    # Sections

    @property
    def constants(self) -> Words:
        """The words of the constants."""
        return tuple(self._words)

    @property
    def paths(self) -> tuple[Words, ...]:
        """The words of each path."""
        return tuple(self._paths)

    @property
    def patterns(self) -> tuple[Words, ...]:
        """The words of each pattern."""
        return tuple(self._tables)

    @property
    def enums(self) -> Words:
        """The words of all enumerations of which the terms are needed."""
        return tuple(word for row in self._enums.values() for word in row)

    # Constants

    def constant(self, words: Sequence[int]) -> int:
        """Return the offset of a constant; equal ones are one."""
        key = _key(words)
        if key not in self._constants:
            self._constants[key] = len(self._words)
            self._words += key
        return self._constants[key]

    def range(self, low: int, high: int, bits: int) -> int:
        """Return a range of keys of 32 or 64 bits."""
        return self.constant(_range(low, high, bits))

    def ranges(self, one: tuple[int, int, int], two: tuple[int, int, int]) -> tuple[int, int]:
        """Return two ranges, of low, high and bits, the second directly behind the first."""
        first, second = _key(_range(*one)), _key(_range(*two))
        place = self.constant(first + second)
        places = place, place + len(first)
        self._constants.setdefault(first, places[0])
        self._constants.setdefault(second, places[1])
        return places

    def counts(self, low: int, high: int | None) -> int:
        """Return a range of counts; what 32 bits cannot hold is never reached."""
        most = 2**32 - 1
        return self.constant([min(low, most), most if high is None else min(high, most)])

    def ids_in(self, numbers: Sequence[int]) -> int:
        """Return a set of ids."""
        return self.constant(_spans(numbers))

    def class_of(self, iri: m.IRI) -> int:
        """Return a class: the ids of its subclasses, and of its known instances."""
        queried = self._classes[iri]
        of_classes, of_instances = _spans(queried.members), _spans(queried.instances)
        counts = of_classes[0] | of_instances[0] << 16
        return self.constant([counts, *of_classes[1:], *of_instances[1:]])

    def members(self, numbers: frozenset[int]) -> int:
        """Return a set of enumerators."""
        size = max(numbers, default=0) + 1
        words = [0] * ((size + 31) // 32)
        for number in numbers:
            words[number >> 5] |= 1 << (number & 31)
        return self.constant([size, *words])

    def language(self, text: str) -> int:
        """Return a language range."""
        data = text.encode()
        return self.constant([len(data), *packed(data)])

    def order(self, operator: str, bound: m.Literal, datatype: str) -> int:
        """Return a bound, and how values of a datatype compare with it.

        A bound of any duration is one of xsd:duration: values of a part of it may have less.
        """
        held = "duration" if datatype in xsd.DURATIONS else datatype
        words = self._literal(bound, held)
        return self.constant([OPERATORS.index(operator) | tag(datatype) << 8, *words])

    def term(self, term: m.Term) -> int:
        """Return a term."""
        return self.constant(self._term(term))

    def no_term(self) -> int:
        """Return what is no term."""
        return self.constant([NONE])

    def _term(self, term: m.Term) -> list[int]:
        if isinstance(term, m.Literal):
            name = xsd.local_name(term.datatype.value)
            if term.datatype.value == RDF + "langString":
                text, language = term.lexical.encode(), (term.language or "").encode()
                sizes = [LANG_STRING | len(language) << 8, len(text)]
                return [*sizes, *packed(text + language)]
            if name in xsd.SCALARS and xsd.parse(term) is not None:
                return self._literal(term, name)
            data = term.lexical.encode()
            return [TYPED | self.ids[term.datatype] << 16, len(data), *packed(data)]
        return [NODE, self.ids[term]]

    def _literal(self, term: m.Literal, datatype: str) -> list[int]:
        """Return the words of a literal that has a value of this datatype."""
        number = tag(datatype)
        match xsd.parse(term):
            case xsd.Boolean(truth):
                return [number, *wide(int(truth))]
            case xsd.Text(text):
                data = text.encode()
                return [number, len(data), *packed(data)]
            case xsd.Real(real, "float"):
                return [number, *to_image_words(struct.pack("<f", real))]
            case xsd.Real(real):
                return [number, *to_image_words(struct.pack("<d", real))]
            case xsd.Exact(exact) if datatype != "decimal":
                return [number, *wide(int(exact))]
            case xsd.Exact(exact):
                scale = 0
                while (exact * 10**scale).denominator != 1:
                    scale += 1
                return [number | scale << 8, *wide(int(exact * 10**scale))]
            case xsd.Instant(seconds, nanoseconds, zone):
                held = (_NO_ZONE if zone is None else zone) & 0xFFFF
                return [number | held << 16, *wide(seconds), nanoseconds]
            case xsd.Duration(months, seconds, nanoseconds):
                return [number, *wide(seconds), months, nanoseconds]
        raise AssertionError(term)

    def number_in_term(self, datatype: str, low: int, high: int) -> int:
        """Return a range of keys of a datatype, for terms that may have others."""
        return self.constant([tag(datatype), *wide(low), *wide(high)])

    # Paths, patterns, enumerations

    def path(self, words: Sequence[int]) -> int:
        """Return the number of a path, or of branches."""
        return self._paths.setdefault((len(words), *words), len(self._paths))

    def pattern(self, pattern: str, flags: str, tables: Tables) -> int:
        """Return the number of a pattern."""
        key = (pattern, flags)
        if key not in self._patterns:
            self._patterns[key] = len(self._tables)
            self._tables.append(pattern_words(tables))
        return self._patterns[key]

    def terms_of(self, value: int, terms: Sequence[m.Term | None]) -> None:
        """Have the terms at hand that values of a type stand for; None is no term."""
        if value not in self._enums:
            rows = [self.no_term() if t is None else self.term(t) for t in terms]
            self._enums[value] = (value | len(rows) << 16, *rows)


def _key(words: Sequence[int]) -> Words:
    return tuple(w & 0xFFFFFFFF for w in words)


def _range(low: int, high: int, bits: int) -> list[int]:
    """Return the words of a range of keys of 32 or 64 bits."""
    return [low, high] if bits == 32 else [*wide(low), *wide(high)]


def _spans(numbers: Sequence[int]) -> list[int]:
    """Return the number of runs of consecutive numbers, and first and last of each."""
    from cns_build.backend.literals import spans

    found = spans(sorted(numbers))
    return [len(found), *(end for span in found for end in span)]


def pattern_words(tables: Tables) -> Words:
    """Return the words of a pattern."""
    if not tables.live:  # all texts match, or none: no character is looked up
        return (tables.start, tables.accepting, 0, 1)
    classes = len(tables.next) // tables.live
    cells = (
        struct.pack(f"<{len(tables.next)}H", *tables.next) if tables.wide else bytes(tables.next)
    )
    ranges = [first << 11 | last - first for first, last in tables.ranges]
    return (
        tables.start | tables.live << 16,
        tables.accepting | len(ranges) << 16,
        tables.first | len(tables.classes) << 8 | tables.beyond << 16 | tables.within << 24,
        classes | bool(tables.range_classes) << 16,
        *packed(cells),
        *packed(bytes(tables.classes)),
        *ranges,
        *packed(bytes(tables.range_classes)),
    )


def key_bits(type_: ValueType) -> int:
    """Return the bits of the key of a value's numbers."""
    if isinstance(type_, Scalar) and scalar_type(type_.datatype) in (
        "int64_t",
        "uint64_t",
        "double",
    ):
        return 64
    return 32
