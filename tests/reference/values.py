# SPDX-License-Identifier: Apache-2.0
"""Literal values and their order: XSD 1.1 part 2, and SPARQL 1.1 section 17 for promotion.

A literal is compared by value: numbers exactly or after the promotion integer, decimal, float,
double; strings (and the types derived from xsd:string) by code point; booleans with false first;
dates, times and durations by XSD's partial orders. Everything else is incomparable: ill-typed
literals, language-tagged strings, xsd:anyURI, binary and unknown datatypes, two different types.
White space around a form is not stripped: RDF maps lexical forms as they stand.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from rdflib import Literal

from . import xml_names
from .calendar import Duration, Instant, parse_duration, parse_instant
from .numbers import binary32, binary64, exact_decimal, exact_integer, parse_binary
from .terms import LANG_STRING, XSD, datatype_of


@dataclass(frozen=True)
class Exact:
    """A value of xsd:decimal or a type derived from it, at any size."""

    value: Fraction


@dataclass(frozen=True)
class Single:
    """A value of xsd:float, held in a Python float that is exactly representable in 32 bits."""

    value: float


@dataclass(frozen=True)
class Double:
    """A value of xsd:double."""

    value: float


Value = Exact | Single | Double | Instant | Duration | str | bool

_BOUNDS: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "byte": (-(2**7), 2**7 - 1),
    "short": (-(2**15), 2**15 - 1),
    "int": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
    "unsignedByte": (0, 2**8 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedLong": (0, 2**64 - 1),
}


def _integer(name: str) -> Callable[[str], Exact | None]:
    low, high = _BOUNDS[name]

    def parse(lexical: str) -> Exact | None:
        value = exact_integer(lexical)
        if value is None or (low is not None and value < low):
            return None
        return None if high is not None and value > high else Exact(Fraction(value))

    return parse


def _decimal(lexical: str) -> Exact | None:
    value = exact_decimal(lexical)
    return None if value is None else Exact(value)


def _single(lexical: str) -> Single | None:
    value = parse_binary(lexical, binary32)
    return None if value is None else Single(value)


def _double(lexical: str) -> Double | None:
    value = parse_binary(lexical, binary64)
    return None if value is None else Double(value)


def _boolean(lexical: str) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get(lexical)


def _instant(kind: str) -> Callable[[str], Instant | None]:
    return lambda lexical: parse_instant(kind, lexical)


def _duration(kind: str) -> Callable[[str], Duration | None]:
    return lambda lexical: parse_duration(kind, lexical)


def _text(accepts: Callable[[str], bool]) -> Callable[[str], str | None]:
    return lambda lexical: lexical if accepts(lexical) else None


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda lexical: compiled.fullmatch(lexical) is not None


def _every(accepts: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda lexical: all(map(accepts, lexical.split(" ")))


def _is_qname(lexical: str) -> bool:
    return lexical.count(":") < 2 and all(map(xml_names.is_ncname, lexical.split(":")))


_is_token = _matches(r"(?:[^\t\n\r ]+(?: [^\t\n\r ]+)*)?")

_PARSERS: dict[str, Callable[[str], Value | None]] = {
    **{name: _integer(name) for name in _BOUNDS},
    "decimal": _decimal,
    "float": _single,
    "double": _double,
    "boolean": _boolean,
    **{
        name: _instant(name)
        for name in (
            "dateTime",
            "dateTimeStamp",
            "date",
            "time",
            "gYear",
            "gYearMonth",
            "gMonth",
            "gMonthDay",
            "gDay",
        )
    },
    **{name: _duration(name) for name in ("duration", "yearMonthDuration", "dayTimeDuration")},
    "string": _text(lambda lexical: True),
    "normalizedString": _text(_matches(r"[^\t\n\r]*")),
    "token": _text(_is_token),
    "language": _text(_matches(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")),
    "NMTOKEN": _text(xml_names.is_nmtoken),
    "Name": _text(xml_names.is_name),
    "NCName": _text(xml_names.is_ncname),
    "ID": _text(xml_names.is_ncname),
    "IDREF": _text(xml_names.is_ncname),
    "ENTITY": _text(xml_names.is_ncname),
}

_UNORDERED: dict[str, Callable[[str], bool]] = {
    "anyURI": lambda lexical: True,
    "hexBinary": _matches(r"(?:[0-9A-Fa-f]{2})*"),
    "base64Binary": _matches(
        r"(?:(?:(?:[A-Za-z0-9+/] ?){4})*"
        r"(?:(?:[A-Za-z0-9+/] ?){3}[A-Za-z0-9+/]"
        r"|(?:[A-Za-z0-9+/] ?){2}[AEIMQUYcgkosw048] ?="
        r"|[A-Za-z0-9+/] ?[AQgw] ?= ?=))?"
    ),
    "QName": _is_qname,
    "NOTATION": _is_qname,
    "NMTOKENS": _every(xml_names.is_nmtoken),
    "IDREFS": _every(xml_names.is_ncname),
    "ENTITIES": _every(xml_names.is_ncname),
}


def _xsd_name(literal: Literal) -> str | None:
    datatype = str(datatype_of(literal))
    return datatype[len(str(XSD)) :] if datatype.startswith(str(XSD)) else None


def is_well_typed(literal: Literal) -> bool:
    """Whether the form is in the datatype's lexical space; true where the datatype is unknown.

    rdf:langString without a language tag is ill-typed (RDF 1.1 Concepts 3.3).
    """
    if datatype_of(literal) == LANG_STRING:
        return bool(literal.language)
    name = _xsd_name(literal)
    if name in _PARSERS:
        return value_of(literal) is not None
    return name not in _UNORDERED or _UNORDERED[name](str(literal))


def value_of(literal: Literal) -> Value | None:
    """The value of a literal whose type has an order; None for every other literal."""
    parse = _PARSERS.get(_xsd_name(literal) or "")
    return None if parse is None else parse(str(literal))


def less(left: Literal, right: Literal) -> bool:
    """Whether both literals are comparable and left < right."""
    return _compare(left, right, strict=True)


def less_or_equal(left: Literal, right: Literal) -> bool:
    """Whether both literals are comparable and left <= right."""
    return _compare(left, right, strict=False)


def _compare(left: Literal, right: Literal, *, strict: bool) -> bool:
    match value_of(left), value_of(right):
        case (Instant() as a, Instant() as b):
            return a.less(b) or (not strict and a.equal(b))
        case (Duration() as a, Duration() as b):
            return a.less(b) or (not strict and a.equal(b))
        case (str() as a, str() as b):
            return a < b or (not strict and a == b)
        case (bool() as a, bool() as b):
            return a < b or (not strict and a == b)
        case (Exact() | Single() | Double() as a, Exact() | Single() | Double() as b):
            x, y = _promote(a, b)
            return x < y or (not strict and x == y)
    return False


def _promote(
    left: Exact | Single | Double, right: Exact | Single | Double
) -> tuple[Fraction, Fraction] | tuple[float, float]:
    """Both numbers in the least type that both promote to (XPath 2.0 appendix B.1)."""
    match left, right:
        case (Exact(a), Exact(b)):
            return a, b
        case (Double(), _) | (_, Double()):
            return _to_float(left, binary64), _to_float(right, binary64)
    return _to_float(left, binary32), _to_float(right, binary32)


def _to_float(number: Exact | Single | Double, rounding: Callable[[Fraction], float]) -> float:
    return rounding(number.value) if isinstance(number, Exact) else number.value


# Value spaces, as OWL 2 has them (Structural Specification, section 4): those of xsd:decimal,
# xsd:float and xsd:double have no values in common, and neither have strings and xsd:anyURI.


def is_value_of(literal: Literal, datatype: str) -> bool:
    """Whether the value of a literal is in the value space of a datatype."""
    if not is_well_typed(literal):
        return False
    name = datatype.removeprefix(str(XSD))
    if str(datatype_of(literal)) == datatype:
        return True
    match value_of(literal):
        case Exact(value) if name in _BOUNDS:
            low, high = _BOUNDS[name]
            return value.denominator == 1 and (
                (low is None or value >= low) and (high is None or value <= high)
            )
        case Exact():
            return name == "decimal"
        case Instant(kind="dateTime", zoned=zoned):
            return name == "dateTime" or (name == "dateTimeStamp" and zoned)
        case Duration(months, seconds):
            spaces = {"duration": True, "yearMonthDuration": not seconds}
            return {**spaces, "dayTimeDuration": not months}.get(name, False)
        case str() as text:
            return isinstance(_PARSERS.get(name, _nothing)(text), str)
    return False


def _nothing(lexical: str) -> None:
    return None


def is_same(left: Literal, right: Literal) -> bool:
    """Whether two literals of ordered datatypes have one value; 0 and -0 are two."""
    match value_of(left), value_of(right):
        case (Single(a), Single(b)) | (Double(a), Double(b)):
            return a == b and math.copysign(1, a) == math.copysign(1, b)
        case (Exact() | Single() | Double(), Single() | Double()):
            return False
        case (Single() | Double(), Exact()):
            return False
    return less_or_equal(left, right) and less_or_equal(right, left)
