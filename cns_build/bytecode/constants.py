# SPDX-License-Identifier: Apache-2.0
"""The constants of an image as text for people; runtime/image.h says what their words are."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain, islice

from cns_build import xsd
from cns_build.bytecode.image import to_bytes
from cns_build.bytecode.legend import ValueName
from cns_build.bytecode.pool import LANG_STRING, NODE, NONE, OPERATORS, TYPED, tag

_SHOWN = 4  # of a set of terms; the others are counted
_MOST_COUNT = 2**32 - 1


class Constants:
    """Reads the constants of an image; `terms` are those of ids from 1 on, where known.

    Raises IndexError where one does not lie within them.
    """

    def __init__(self, words: Sequence[int], terms: Sequence[str] = ()) -> None:
        self.words = words
        self.terms = terms

    def counts(self, at: int) -> str:
        """Return a range of counts."""
        low, high = self.words[at], self.words[at + 1]
        return _range(str(low) if low else "", str(high) if high != _MOST_COUNT else "")

    def keys(self, at: int, value: ValueName) -> str:
        """Return a range of the keys of a type of values."""
        if value.key == "enum":
            return self._enumerators(range(self.words[at], self.words[at + 1] + 1), value)
        words = value.key_words
        low, high = (self._signed(at + n * words, words == 2) for n in range(2))
        return _keys(value.key, low, high)

    def term_keys(self, at: int) -> str:
        """Return a range of the numbers of a datatype."""
        datatype = _datatype(self.words[at])
        low, high = self._signed(at + 1, True), self._signed(at + 3, True)
        unsigned = self.words[at] == tag("unsignedLong")
        key = datatype if datatype in xsd.REALS else "uint64_t" if unsigned else "int64_t"
        return f"xsd:{datatype} {_keys(key, low, high)}"

    def members(self, at: int, value: ValueName) -> str:
        """Return a set of enumerators."""
        size = self.words[at]
        held = [n for n in range(size) if self.words[at + 1 + n // 32] >> n % 32 & 1]
        return self._enumerators(held, value)

    def ids(self, at: int) -> str:
        """Return a set of ids."""
        return self._ids_in(self._spans(at + 1, self.words[at]))

    def classes(self, at: int) -> str:
        """Return the classes that count as one, and its known instances."""
        classes, instances = self.words[at] & 0xFFFF, self.words[at] >> 16
        said = self._ids_in(self._spans(at + 1, classes))
        if not instances:
            return said
        spans = self._spans(at + 1 + 2 * classes, instances)
        return f"{said}; or is {self._ids_in(spans)}"

    def text(self, at: int) -> str:
        """Return bytes behind their number."""
        return self._bytes(at + 1, self.words[at])

    def order(self, at: int) -> str:
        """Return a bound, and how values compare with it."""
        return f"{OPERATORS[self.words[at] & 0xFF]} {self.term(at + 1)}"

    def term(self, at: int) -> str:
        """Return a term."""
        word, kind = self.words[at], self.words[at] & 0xFF
        match kind:
            case 0:
                return "no term"
            case 1:
                return self._id(self.words[at + 1])
            case 2:
                size, language = self.words[at + 1], word >> 8
                data = self._data(at + 2, size + language)
                return f"{_quoted(data[:size])}@{data[size:].decode(errors='replace')}"
            case 3:
                datatype = self._id(word >> 16)
                return f"{_quoted(self._data(at + 2, self.words[at + 1]))}^^{datatype}"
        return self._literal(at, _datatype(kind))

    def _literal(self, at: int, name: str) -> str:
        if name in xsd.TEXTS:
            return _quoted(self._data(at + 2, self.words[at + 1]))
        if name == "float":
            return f"{_unpack('<f', self._data(at + 1, 4))!r}"
        if name == "double":
            return f"{_unpack('<d', self._data(at + 1, 8))!r}"
        if name == "boolean":
            return "true" if self.words[at + 1] else "false"
        if name == "decimal":
            scale = self.words[at] >> 8
            return f"{Decimal(self._signed(at + 1, True)).scaleb(-scale):f}"
        if name in xsd.INSTANTS:
            return f"xsd:{name}, {self._signed(at + 1, True)} seconds"
        if name in xsd.DURATIONS:
            months = self._signed(at + 3, False)
            return f"xsd:{name}, {months} months and {self._signed(at + 1, True)} seconds"
        number = self._signed(at + 1, True)
        return str(number % 2**64 if name == "unsignedLong" else number)

    # Parts

    def _signed(self, at: int, wide: bool) -> int:
        bits = 64 if wide else 32
        number = self.words[at] | (self.words[at + 1] << 32 if wide else 0)
        return number - 2**bits if number >= 2 ** (bits - 1) else number

    def _data(self, at: int, size: int) -> bytes:
        held = to_bytes(self.words[at : at + (size + 3) // 4])
        if len(held) < size:
            raise IndexError(at)
        return held[:size]

    def _bytes(self, at: int, size: int) -> str:
        return self._data(at, size).decode(errors="replace")

    def _spans(self, at: int, count: int) -> Iterator[range]:
        for n in range(count):
            yield range(self.words[at + 2 * n], self.words[at + 2 * n + 1] + 1)

    def _ids_in(self, spans: Iterator[range]) -> str:
        held = list(spans)
        shown = islice(chain.from_iterable(held), _SHOWN)
        return _set([self._id(number) for number in shown], sum(map(len, held)))

    def _id(self, number: int) -> str:
        return self.terms[number - 1] if 0 < number <= len(self.terms) else f"id {number}"

    def _enumerators(self, held: Sequence[int], value: ValueName) -> str:
        names = ("none of them", *value.terms)
        shown = held[:_SHOWN]
        return _set([names[n] if n < len(names) else str(n) for n in shown], len(held))


def _datatype(number: int) -> str:
    return xsd.SCALARS[number - tag(xsd.SCALARS[0])]


def kinds(mask: int) -> str:
    """Return a set of node kinds."""
    names = ("IRI", "blank node", "literal", "no term")
    return " or ".join(name for bit, name in enumerate(names) if mask >> bit & 1)


def datatype(number: int) -> str:
    """Return the datatype of a tag."""
    named = {NONE: "no term", NODE: "a node", LANG_STRING: "rdf:langString", TYPED: "another"}
    return named.get(number) or f"xsd:{_datatype(number)}"


def _keys(key: str, low: int, high: int) -> str:
    if key in xsd.REALS:
        first, last = _real(low, key), _real(high, key)
        return _range("" if first == "-inf" else first, "" if last == "inf" else last)
    if key == "bool":
        return _range(str(low), str(high))
    bits = int("".join(c for c in key if c.isdigit()))
    unsigned = key.startswith("u")
    least, most = (0, 2**bits - 1) if unsigned else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    offset = 2 ** (bits - 1) if unsigned and bits >= 32 else 0
    low, high = low + offset, high + offset
    return _range("" if low == least else str(low), "" if high == most else str(high))


def _real(key: int, kind: str) -> str:
    """Return the number of a key (cns_float_within, cns_double_within)."""
    form, whole = ("<f", "<I") if kind == "float" else ("<d", "<Q")
    number = _unpack(form, struct.pack(whole, abs(key)))
    return repr(-number if key < 0 else number)


def _unpack(form: str, data: bytes) -> float:
    number: float = struct.unpack(form, data)[0]
    return number


def _range(low: str, high: str) -> str:
    if low and high:
        return low if low == high else f"{low} to {high}"
    return f"at least {low}" if low else f"at most {high}" if high else "any number"


def _set(names: Sequence[str], count: int) -> str:
    """Return a set of so many by its first names; a damaged image has sets of any size."""
    shown = ", ".join(names)
    return shown if count <= len(names) else f"{shown} and {count - len(names)} more"


def _quoted(data: bytes) -> str:
    return '"' + data.decode(errors="replace").replace("\n", "\\n") + '"'
