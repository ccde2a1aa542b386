# SPDX-License-Identifier: Apache-2.0
"""Value spaces of XSD's datatypes, as OWL 2 has them: which has which values (ValueSpace).

xsd:decimal, xsd:float and xsd:double have no values in common, and neither have strings and
xsd:anyURI. Datatypes are given by their local names.
"""

from __future__ import annotations

import re

from cns_build import xsd
from cns_build.model import IRI, Literal

_START = (
    (
        r"A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D"
        r"\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
    )
    .encode("ascii")
    .decode("unicode_escape")
)
_REST = "\\-.0-9\u00b7\u0300-\u036f\u203f-\u2040"
_NCNAME = f"^[{_START}][{_START}{_REST}]*$"

FORMS = {
    "normalizedString": "^[^\\t\\n\\r]*$",
    "token": "^([^\\t\\n\\r ]+( [^\\t\\n\\r ]+)*)?$",
    "language": "^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$",
    "NMTOKEN": f"^[:{_START}{_REST}]+$",
    "Name": f"^[:{_START}][:{_START}{_REST}]*$",
    **dict.fromkeys(("NCName", "ID", "IDREF", "ENTITY"), _NCNAME),
}
"""The texts that are derived from xsd:string, and the pattern of each."""

_ABOVE = {
    "normalizedString": "string",
    "token": "normalizedString",
    **dict.fromkeys(("language", "NMTOKEN", "Name"), "token"),
    "NCName": "Name",
    **dict.fromkeys(("ID", "IDREF", "ENTITY"), "NCName"),
    "dateTimeStamp": "dateTime",
    **dict.fromkeys(("yearMonthDuration", "dayTimeDuration"), "duration"),
}
"""By datatype, the next one that has all its values; numbers aside."""


def is_within(lower: str, upper: str) -> bool:
    """Whether all values of one datatype are values of the other."""
    if lower in xsd.INTEGER_BOUNDS and upper in (*xsd.INTEGER_BOUNDS, "decimal"):
        low, high = xsd.INTEGER_BOUNDS.get(upper, (None, None))
        least, most = xsd.INTEGER_BOUNDS[lower]
        return (low is None or (least is not None and least >= low)) and (
            high is None or (most is not None and most <= high)
        )
    above: str | None = lower
    while above is not None and above != upper:
        above = _ABOVE.get(above)
    return above is not None


def overlap(one: str, two: str) -> bool:
    """Whether two datatypes have a value in common."""
    if one in xsd.INTEGER_BOUNDS and two in xsd.INTEGER_BOUNDS:
        (low, high), (least, most) = xsd.INTEGER_BOUNDS[one], xsd.INTEGER_BOUNDS[two]
        return (high is None or least is None or least <= high) and (
            low is None or most is None or low <= most
        )
    return _family(one) == _family(two)


def _family(name: str) -> str:
    if name in xsd.INTEGER_BOUNDS:
        return "decimal"
    while name in _ABOVE:
        name = _ABOVE[name]
    return name


def has_value(datatype: IRI, literal: Literal) -> bool:
    """Whether the value of a literal is one of a datatype."""
    if not xsd.well_typed(literal):
        return False
    name, own = (xsd.local_name(iri.value) for iri in (datatype, literal.datatype))
    if literal.datatype == datatype or name is None or own is None:
        return literal.datatype == datatype
    if is_within(own, name):
        return True
    if not overlap(own, name):
        return False
    if name in FORMS:
        return re.search(FORMS[name], literal.lexical) is not None
    return _is_narrowed(xsd.parse(literal), name)


def _is_narrowed(value: xsd.Value | None, name: str) -> bool:
    """Whether a value of a wider datatype is one of a narrower one."""
    match value:
        case xsd.Exact(number):
            low, high = xsd.INTEGER_BOUNDS[name]
            in_bounds = (low is None or number >= low) and (high is None or number <= high)
            return number.denominator == 1 and in_bounds
        case xsd.Instant(zone=zone):
            return zone is not None
        case xsd.Duration(months, seconds, nanoseconds):
            return not months if name == "dayTimeDuration" else not (seconds or nanoseconds)
    return False
