# SPDX-License-Identifier: Apache-2.0
"""Value spaces of datatypes (XSD 1.1 part 2, OWL 2 section 4): which value a literal denotes.

Values are the same when they are identical in XSD's sense: zeros of different sign and instants
with different offsets are not, while NaN is itself.
"""

from __future__ import annotations

import base64
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from rdflib import Literal, URIRef

from tests.reference.calendar import Duration, Instant
from tests.reference.terms import LANG_STRING, OWL, RDF, RDFS, XSD, datatype_of, literal
from tests.reference.values import Double, Exact, Single, is_well_typed, value_of


@dataclass(frozen=True)
class Value:
    """What a literal denotes: the primitive datatype whose values it is one of, and which."""

    primitive: URIRef
    key: object


INTEGERS = tuple(
    XSD[name]
    for name in (
        *("integer", "nonNegativeInteger", "nonPositiveInteger", "positiveInteger"),
        *("negativeInteger", "long", "int", "short", "byte"),
        *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    )
)
STRINGS = tuple(
    XSD[name]
    for name in ("string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN")
)
INSTANTS = tuple(
    XSD[name]
    for name in (
        *("dateTime", "dateTimeStamp", "date", "time"),
        *("gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay"),
    )
)
DURATIONS = tuple(XSD[name] for name in ("duration", "yearMonthDuration", "dayTimeDuration"))
BINARY = (XSD["hexBinary"], XSD["base64Binary"])
PLAIN_LITERAL = RDF["PlainLiteral"]

OWL2_RL = frozenset(
    {*INTEGERS, *STRINGS, *BINARY, XSD["dateTime"], XSD["dateTimeStamp"]}
    | {XSD[name] for name in ("decimal", "float", "double", "boolean", "anyURI")}
    | {PLAIN_LITERAL, RDF["XMLLiteral"], RDFS["Literal"]}
)
"""The datatypes of OWL 2 RL (OWL 2 Profiles, section 4.2.1)."""

KNOWN = OWL2_RL | {*INSTANTS, *DURATIONS, LANG_STRING, OWL["real"], OWL["rational"]}
"""The datatypes that this module knows."""

_ZONE = re.compile(r"Z|[+-][0-9]{2}:[0-9]{2}$")


def value(term: Literal) -> Value | None:
    """What the literal denotes; None where it is ill-typed or its datatype is not known."""
    datatype = datatype_of(term)
    if datatype not in KNOWN or not is_well_typed(term):
        return None
    read = _READERS.get(datatype)
    return read(term) if read else Value(datatype, str(term))


def contains(datatype: URIRef, found: Value) -> bool:
    """Whether a value lies in the value space of a known datatype."""
    if datatype == RDFS["Literal"]:
        return True
    if datatype == PLAIN_LITERAL:
        return found.primitive in (XSD["string"], LANG_STRING)
    if datatype in (OWL["real"], OWL["rational"]):
        return found.primitive == XSD["decimal"]
    if datatype in INTEGERS:
        number = found.key
        return (
            found.primitive == XSD["decimal"]
            and isinstance(number, Fraction)
            and number.denominator == 1
            and is_well_typed(literal(str(number), str(datatype)))
        )
    if datatype in STRINGS:
        return found.primitive == XSD["string"] and is_well_typed(
            literal(str(found.key), str(datatype))
        )
    if datatype == XSD["dateTimeStamp"]:
        return found.primitive == XSD["dateTime"] and _offset_of(found) is not None
    if datatype in DURATIONS:
        return isinstance(found.key, Duration) and _DURATIONS[datatype](found.key)
    return found.primitive == datatype


_DURATIONS: dict[URIRef, Callable[[Duration], bool]] = {
    XSD["duration"]: lambda duration: True,
    XSD["yearMonthDuration"]: lambda duration: duration.seconds == 0,
    XSD["dayTimeDuration"]: lambda duration: duration.months == 0,
}


def _offset_of(found: Value) -> int | None:
    assert isinstance(found.key, tuple)
    offset: int | None = found.key[1]
    return offset


def _number(term: Literal) -> Value:
    match value_of(term):
        case Exact(number):
            return Value(XSD["decimal"], number)
        case Single(real):
            return Value(XSD["float"], _identity(real))
        case Double(real):
            return Value(XSD["double"], _identity(real))
    raise AssertionError(f"no number: {term!r}")


def _identity(real: float) -> object:
    return "NaN" if math.isnan(real) else (real, math.copysign(1, real))


def _instant(term: Literal) -> Value:
    found = value_of(term)
    assert isinstance(found, Instant)
    zone = _ZONE.search(str(term))
    return Value(XSD[found.kind], (found.seconds, None if zone is None else _minutes(zone[0])))


def _minutes(zone: str) -> int:
    if zone == "Z":
        return 0
    minutes = 60 * int(zone[1:3]) + int(zone[4:6])
    return -minutes if zone[0] == "-" else minutes


def _rational(term: Literal) -> Value | None:
    match = re.fullmatch(r"([+-]?[0-9]+) */ *([0-9]*[1-9][0-9]*)", str(term))
    return match and Value(XSD["decimal"], Fraction(int(match[1]), int(match[2])))


def _plain(term: Literal) -> Value | None:
    text, at, language = str(term).rpartition("@")
    if not at:
        return None
    return Value(LANG_STRING, (text, language.lower())) if language else _string(text)


def _xml(term: Literal) -> Value | None:
    try:
        return Value(RDF["XMLLiteral"], ET.canonicalize(f"<x>{term}</x>"))
    except ET.ParseError:
        return None


def _string(text: str) -> Value:
    return Value(XSD["string"], text)


_READERS: dict[URIRef, Callable[[Literal], Value | None]] = {
    **dict.fromkeys((*INTEGERS, XSD["decimal"], XSD["float"], XSD["double"]), _number),
    **dict.fromkeys(STRINGS, lambda term: _string(str(term))),
    **dict.fromkeys(INSTANTS, _instant),
    **dict.fromkeys(DURATIONS, lambda term: Value(XSD["duration"], value_of(term))),
    XSD["boolean"]: lambda term: Value(XSD["boolean"], value_of(term)),
    XSD["hexBinary"]: lambda term: Value(XSD["hexBinary"], bytes.fromhex(str(term))),
    XSD["base64Binary"]: lambda term: Value(XSD["base64Binary"], base64.b64decode(str(term))),
    LANG_STRING: lambda term: Value(LANG_STRING, (str(term), str(term.language).lower())),
    PLAIN_LITERAL: _plain,
    RDF["XMLLiteral"]: _xml,
    OWL["rational"]: _rational,
    OWL["real"]: lambda term: None,  # has no lexical forms
    RDFS["Literal"]: lambda term: None,
}
