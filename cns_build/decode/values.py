# SPDX-License-Identifier: Apache-2.0
"""The 16 bytes that a trace holds of a value, as a term."""

from __future__ import annotations

import codecs
import math
import struct
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from cns_build import model as m
from cns_build import xsd
from cns_build.decode import contract
from cns_build.decode.map import ModelMap
from cns_build.ir.sparql import term_text
from cns_build.vocabulary import RDF, XSD

_TEXT_BYTES = 12
_LONG = 0xFFFF  # a length from here on is not known
_NO_ZONE = -(2**15)
_INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Value:
    """A reported value; `text` is for people.

    `term` is None for a blank node, for what is no term, and where the trace holds only a part.
    """

    text: str
    term: m.Term | None = None
    blank: bool = False


def read_value(tag: int, raw: bytes, known: ModelMap | None) -> Value | None:
    """Return the value that an entry holds; None for CNS_NONE."""
    if tag == 0:
        return None
    if tag == contract.NODE:
        return node(struct.unpack_from("<I", raw)[0], known)
    if tag == contract.LANG_STRING:
        return _language_text(raw)
    if tag == contract.TYPED:
        return _typed_text(raw, known)
    found = contract.datatype(tag)
    if found is None:
        return Value(f"ill-formed term of tag {tag}")
    member, name = found
    if member == "string":
        return _string(raw, name)
    return _of_form(member, name, raw)


def node(number: int, known: ModelMap | None) -> Value:
    """Return the node, or the literal of the model, that an id stands for."""
    if number == 0:
        return Value("[]", blank=True)
    if known is None:
        return Value(f"#{number}")
    term = known.term(number)
    if isinstance(term, m.BlankNode):
        return Value("[]", blank=True)
    if term == m.IRI(f"urn:cns:id:{number}"):
        return Value(f"#{number}", term)
    assert term is not None
    return Value(term_text(term, known.prefixes), term)


# Numbers, times and durations


def _lexical(member: str, name: str, raw: bytes) -> str:
    """Return the lexical form of a value of fixed size, "invalid" where the datatype lacks it."""
    match member:
        case "boolean":
            return {0: "false", 1: "true"}.get(raw[0], _INVALID)
        case "integer":
            return str(struct.unpack_from("<q", raw)[0])
        case "natural":
            return str(struct.unpack_from("<Q", raw)[0])
        case "single" | "real":
            return _real(name, struct.unpack_from("<f" if member == "single" else "<d", raw)[0])
        case "decimal":
            return _decimal(*struct.unpack_from("<qi", raw))
        case "datetime":
            return _instant(name, *struct.unpack_from("<qIi", raw))
        case "duration":
            return _duration(name, *struct.unpack_from("<qii", raw))
    raise AssertionError(member)


def _real(name: str, number: float) -> str:
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "INF" if number > 0 else "-INF"
    text = f"{number:.9g}" if name == "float" else repr(number)
    return xsd.canonical(m.Literal(text, m.IRI(XSD + name))) or _INVALID


def _decimal(unscaled: int, scale: int) -> str:
    if not 0 <= scale <= 18:
        return _INVALID
    text = format(Decimal(unscaled).scaleb(-scale), "f")
    return xsd.canonical(m.Literal(text, m.IRI(XSD + "decimal"))) or _INVALID


def _instant(name: str, seconds: int, nanoseconds: int, zone: int) -> str:
    known_zone = None if zone == _NO_ZONE else zone
    family = "dateTime" if name == "dateTimeStamp" else name
    value = xsd.Instant(seconds, nanoseconds, known_zone, family)
    return _held(name, value, xsd.canonical_instant(value, name))


def _duration(name: str, seconds: int, months: int, nanoseconds: int) -> str:
    value = xsd.Duration(months, seconds, nanoseconds)
    return _held(name, value, xsd.canonical_duration(value, name))


def _held(name: str, value: xsd.Instant | xsd.Duration, form: str) -> str:
    """Return the form when it stands for just this value: parts out of range do not come back."""
    return form if xsd.parse(m.Literal(form, m.IRI(XSD + name))) == value else _INVALID


def _of_form(member: str, name: str, raw: bytes) -> Value:
    lexical = _lexical(member, name, raw)
    literal = m.Literal(lexical, m.IRI(XSD + name))
    if lexical == _INVALID:
        return Value(f"ill-formed xsd:{name} {_parts(member, raw)}", literal)
    remark = "" if xsd.well_typed(literal) else f"ill-formed xsd:{name} "
    return Value(f"{remark}{_plain(name, lexical)}", literal)


def _parts(member: str, raw: bytes) -> str:
    """Return what a value consists of that its datatype lacks, as cns_violation_format does."""
    match member:
        case "decimal":
            unscaled, scale = struct.unpack_from("<qi", raw)
            return f"{unscaled}E{-scale}"
        case "datetime":
            seconds, nanoseconds, zone = struct.unpack_from("<qIi", raw)
            shown = "no zone" if zone == _NO_ZONE else f"zone {zone}"
            return f"(seconds {seconds}, nanoseconds {nanoseconds}, {shown})"
        case "duration":
            seconds, months, nanoseconds = struct.unpack_from("<qii", raw)
            return f"(months {months}, seconds {seconds}, nanoseconds {nanoseconds})"
    return str(raw[0])


def _plain(name: str, lexical: str) -> str:
    """Return a number as people write it: 90.5 for 9.05E1."""
    if name not in ("float", "double") or "E" not in lexical:
        return lexical
    text = repr(float(lexical))
    return lexical.replace(".0E", "E") if "e" in text else text.removesuffix(".0")


# Texts


@dataclass(frozen=True, slots=True)
class _Text:
    """Text as far as it is known; `length` in bytes, or None beyond what the trace counts."""

    known: str
    whole: bool
    length: int | None

    def quoted(self) -> str:
        escaped = "".join(map(_escaped, self.known))
        if self.whole:
            return f'"{escaped}"'
        size = f"{self.length} bytes" if self.length is not None else f"{_LONG} bytes or more"
        return f'"{escaped}…" ({size})'


def _escaped(letter: str) -> str:
    """Return a character as cns_violation_format writes it between quotes."""
    if letter in '"\\':
        return f"\\{letter}"
    if letter == "\n":
        return "\\n"
    return f"\\u{ord(letter):04X}" if unicodedata.category(letter) == "Cc" else letter


def _text(raw: bytes, length: int) -> _Text:
    held = raw[: min(length, _TEXT_BYTES)]
    whole = length <= _TEXT_BYTES
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    text = decoder.decode(held, final=whole)
    return _Text(text, whole and _is_utf8(held), None if length == _LONG else length)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _string(raw: bytes, name: str) -> Value:
    text = _text(raw[4:], struct.unpack_from("<H", raw)[0])
    term = m.Literal(text.known, m.IRI(XSD + name)) if text.whole else None
    return Value(text.quoted(), term)


def _language_text(raw: bytes) -> Value:
    length, tag_length = struct.unpack_from("<HH", raw)
    text = _text(raw[4:], length)
    if not text.whole:
        return Value(text.quoted())
    held = raw[4 + length : 4 + length + tag_length]
    tag = held.decode("ascii", "replace")
    if len(held) < tag_length or not tag.replace("-", "").isalnum() or not tag.isascii():
        return Value(f"{text.quoted()}@…")
    return Value(f"{text.quoted()}@{tag}", m.Literal(text.known, m.IRI(RDF + "langString"), tag))


def _typed_text(raw: bytes, known: ModelMap | None) -> Value:
    length, number = struct.unpack_from("<HH", raw)
    text = _text(raw[4:], length)
    datatype = known.term(number) if known else None
    name = term_text(datatype, known.prefixes) if known and datatype else f"#{number}"
    whole = text.whole and isinstance(datatype, m.IRI)
    term = m.Literal(text.known, datatype) if whole and isinstance(datatype, m.IRI) else None
    return Value(f"{text.quoted()}^^{name}", term)
