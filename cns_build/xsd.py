# SPDX-License-Identifier: Apache-2.0
"""XSD values at compile time: parse, compare and write literals as XSD 1.1 Part 2 defines them.

Order follows SPARQL's numeric promotion (integer, decimal, float, double); conversions are
rounded once, to nearest, ties to even.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal as OneOf
from typing import TypeAlias

from cns_build.model import Literal
from cns_build.vocabulary import RDF, XSD

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
UINT64_MAX = 2**64 - 1

# Inclusive bounds of the integer datatypes. None: no bound in XSD.
INTEGER_BOUNDS: dict[str, tuple[int | None, int | None]] = {
    "byte": (-(2**7), 2**7 - 1),
    "short": (-(2**15), 2**15 - 1),
    "int": (-(2**31), 2**31 - 1),
    "long": (INT64_MIN, INT64_MAX),
    "unsignedByte": (0, 2**8 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedLong": (0, UINT64_MAX),
    "integer": (None, None),
    "negativeInteger": (None, -1),
    "nonPositiveInteger": (None, 0),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
}
INSTANTS = (
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
DURATIONS = ("duration", "dayTimeDuration", "yearMonthDuration")
TEXTS = ("string", "anyURI")
REALS = ("float", "double")
SCALARS = ("boolean", *INTEGER_BOUNDS, *REALS, "decimal", *INSTANTS, *DURATIONS, *TEXTS)

# XSD datatypes whose lexical space cns does not check yet.
UNCHECKED = (
    "hexBinary",
    "base64Binary",
    "normalizedString",
    "token",
    "language",
    "Name",
    "NCName",
    "NMTOKEN",
    "QName",
    "NOTATION",
    "ENTITY",
    "ID",
    "IDREF",
    "ENTITIES",
    "IDREFS",
    "NMTOKENS",
    "anySimpleType",
    "anyAtomicType",
)


@dataclass(frozen=True, slots=True)
class Exact:
    """An integer or decimal."""

    number: Fraction


@dataclass(frozen=True, slots=True)
class Real:
    """A float or double; `number` is exactly representable in `kind`."""

    number: float
    kind: OneOf["float", "double"]


@dataclass(frozen=True, slots=True)
class Instant:
    """A point on the time line, as `cns_datetime` holds it; `zone` in minutes or None."""

    seconds: int
    nanoseconds: int
    zone: int | None
    family: str


@dataclass(frozen=True, slots=True)
class Duration:
    """Months and seconds; all parts have the same sign."""

    months: int
    seconds: int
    nanoseconds: int


@dataclass(frozen=True, slots=True)
class Boolean:
    """true or false."""

    truth: bool


@dataclass(frozen=True, slots=True)
class Text:
    """A string or anyURI."""

    text: str


Value: TypeAlias = Exact | Real | Instant | Duration | Boolean | Text


def held_bounds(name: str) -> tuple[int, int]:
    """Return the inclusive bounds of the C type that holds an integer datatype."""
    low, high = INTEGER_BOUNDS[name]
    if low is not None and low >= 0:
        return 0, UINT64_MAX if high is None else high
    if low is None or high is None:
        return INT64_MIN, INT64_MAX
    return low, high


_FORM_LENGTHS = {
    "boolean": (4, 5),
    "float": (3, 14),
    "double": (3, 24),
    "decimal": (1, 21),
    "dateTime": (19, 44),
    "dateTimeStamp": (20, 44),
    "date": (10, 25),
    "time": (8, 24),
    "gYear": (4, 19),
    "gYearMonth": (7, 22),
    "gMonth": (4, 10),
    "gMonthDay": (7, 13),
    "gDay": (5, 11),
    "duration": (3, 51),
    "dayTimeDuration": (3, 38),
    "yearMonthDuration": (3, 15),
}


def form_lengths(name: str) -> tuple[int, int]:
    """Return the least and most characters of the canonical forms of what a C type can hold.

    A datatype is one of SCALARS that is not text. An integer counts also where its datatype lacks
    it, since it is written as it is; other ill-formed values are not counted.
    """
    if name in INTEGER_BOUNDS:
        return 1, max(len(str(bound)) for bound in held_bounds(name))
    return _FORM_LENGTHS[name]


def local_name(datatype: str) -> str | None:
    """Return `double` for the IRI xsd:double; None for datatypes outside XSD."""
    return datatype[len(XSD) :] if datatype.startswith(XSD) else None


def parse(literal: Literal) -> Value | None:
    """Return the literal's value, or None when it is ill-typed or of an unknown datatype."""
    name = local_name(literal.datatype.value)
    text = literal.lexical
    if name in INTEGER_BOUNDS:
        return _parse_integer(name, text)
    if name in REALS:
        return _parse_real(name, text)
    if name in INSTANTS:
        return _parse_instant(name, text)
    if name in DURATIONS:
        return _parse_duration(name, text)
    if name == "decimal":
        return Exact(Fraction(text)) if _DECIMAL.fullmatch(text) else None
    if name == "boolean":
        return _BOOLEANS.get(text)
    if name in TEXTS:
        return Text(text)
    return None


def well_typed(literal: Literal) -> bool:
    """Whether the lexical form is in the datatype's lexical space; unknown datatypes are open."""
    name = local_name(literal.datatype.value)
    if name in SCALARS:
        return parse(literal) is not None
    if literal.datatype.value == RDF + "langString":
        return bool(literal.language)
    return True


_BOOLEANS = {t: Boolean(t in ("true", "1")) for t in ("true", "false", "1", "0")}
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_REAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_SPECIAL = {"INF": float("inf"), "+INF": float("inf"), "-INF": float("-inf"), "NaN": float("nan")}
_MAX_DIGITS = 4000  # Python refuses longer integers, and no C type holds them


def _parse_integer(name: str, text: str) -> Exact | None:
    if not _INTEGER.fullmatch(text) or len(text) > _MAX_DIGITS:
        return None
    low, high = INTEGER_BOUNDS[name]
    number = int(text)
    inside = (low is None or number >= low) and (high is None or number <= high)
    return Exact(Fraction(number)) if inside else None


def _parse_real(name: str, text: str) -> Real | None:
    if text in _SPECIAL:
        return Real(_SPECIAL[text], "double" if name == "double" else "float")
    if not _REAL.fullmatch(text):
        return None
    if name == "double":
        return Real(float(text), "double")
    return Real(_text_to_single(text), "float")


def _text_to_single(text: str) -> float:
    rough = float(text)
    if rough == 0 or abs(rough) > 1e60 or abs(rough) < 1e-60:
        return to_single(Fraction(0)) * rough if abs(rough) < 1 else rough * float("inf")
    single = to_single(Fraction(text))
    return -0.0 if single == 0 and text.startswith("-") else single


def to_double(number: Fraction) -> float:
    """Round to the nearest double; beyond its range, to an infinity."""
    try:
        return float(number)
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")


def to_single(number: Fraction) -> float:
    """Round to the nearest float32 in one step, as a Python float."""
    if number == 0:
        return 0.0
    magnitude = abs(number)
    exponent = magnitude.numerator.bit_length() - magnitude.denominator.bit_length()
    if Fraction(2) ** exponent > magnitude:
        exponent -= 1
    unit = Fraction(2) ** (max(exponent, -126) - 23)
    rounded = round(magnitude / unit) * unit  # round() on Fractions: half to even
    limit = Fraction(2) ** 128
    result = float("inf") if rounded >= limit else float(rounded)
    return result if number > 0 else -result


def next_single(number: float, up: bool) -> float:
    """Return the float32 next to `number` in the given direction."""
    bits = struct.unpack("<i", struct.pack("<f", number))[0]
    if number == 0:
        bits = 1 if up else -0x7FFFFFFF
    else:
        bits += 1 if (number > 0) == up else -1
    return float(struct.unpack("<f", struct.pack("<i", bits))[0])


# Times


_ZONE = r"(?P<zone>Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_YEAR = r"(?P<year>-?(?:[1-9][0-9]{3,}|0[0-9]{3}))"
_MONTH = r"(?P<month>0[1-9]|1[0-2])"
_DAY = r"(?P<day>0[1-9]|[12][0-9]|3[01])"
_TIME = r"(?P<hour>[01][0-9]|2[0-4]):(?P<minute>[0-5][0-9]):(?P<second>[0-5][0-9](?:\.[0-9]+)?)"
_INSTANT = {
    "dateTime": re.compile(f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}"),
    "dateTimeStamp": re.compile(f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}"),
    "date": re.compile(f"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}"),
    "time": re.compile(f"{_TIME}{_ZONE}"),
    "gYear": re.compile(f"{_YEAR}{_ZONE}"),
    "gYearMonth": re.compile(f"{_YEAR}-{_MONTH}{_ZONE}"),
    "gMonth": re.compile(f"--{_MONTH}{_ZONE}"),
    "gMonthDay": re.compile(f"--{_MONTH}-{_DAY}{_ZONE}"),
    "gDay": re.compile(f"---{_DAY}{_ZONE}"),
}
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _parse_instant(name: str, text: str) -> Instant | None:
    match = _INSTANT[name].fullmatch(text)
    if not match:
        return None
    parts = {"year": "1970" if name == "time" else "1972", "month": "1", "day": "1"}
    parts |= {k: v for k, v in match.groupdict().items() if v}
    zone = _zone_minutes(parts.get("zone"))
    if name == "dateTimeStamp" and zone is None:
        return None
    year, month, day = int(parts["year"]), int(parts["month"]), int(parts["day"])
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if day > _LENGTHS[month - 1] + leap:
        return None
    second = Fraction(parts.get("second", "0"))
    hour, minute = int(parts.get("hour", "0")), int(parts.get("minute", "0"))
    if hour == 24 and (minute or second):
        return None
    if name == "time":
        hour %= 24
    nanoseconds = (second % 1) * 10**9
    if nanoseconds.denominator != 1:
        return None  # finer than cns_datetime holds
    total = days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + int(second)
    family = "dateTime" if name == "dateTimeStamp" else name
    return Instant(total - (zone or 0) * 60, int(nanoseconds), zone, family)


def _zone_minutes(text: str | None) -> int | None:
    if text is None or text == "Z":
        return None if text is None else 0
    minutes = int(text[1:3]) * 60 + int(text[4:6])
    return -minutes if text[0] == "-" else minutes


def days_from_civil(year: int, month: int, day: int) -> int:
    """Return the days from 1970-01-01 in the proleptic Gregorian calendar, year 0 included."""
    year -= month <= 2
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    return era * 146097 + day_of_era - 719468


_DURATION = re.compile(
    r"(?P<sign>-)?P(?=[0-9T])(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?(?:(?P<days>[0-9]+)D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?"
    r"(?:(?P<seconds>[0-9]+(?:\.[0-9]+)?)S)?)?"
)


def _parse_duration(name: str, text: str) -> Duration | None:
    match = _DURATION.fullmatch(text)
    if not match:
        return None
    parts = match.groupdict()
    given = {key for key in parts if key != "sign" and parts[key] is not None}
    if name == "dayTimeDuration" and given & {"years", "months"}:
        return None
    if name == "yearMonthDuration" and (given - {"years", "months"} or "T" in text):
        return None
    amount = {key: Fraction(parts[key] or 0) for key in parts if key != "sign"}
    months = int(amount["years"] * 12 + amount["months"])
    seconds = amount["days"] * 86400 + amount["hours"] * 3600
    seconds += amount["minutes"] * 60 + amount["seconds"]
    nanoseconds = (seconds % 1) * 10**9
    if nanoseconds.denominator != 1:
        return None  # finer than cns_duration holds
    sign = -1 if parts["sign"] else 1
    return Duration(sign * months, sign * int(seconds), sign * int(nanoseconds))


# Order


def compare(a: Value | None, b: Value | None) -> int | None:
    """Return -1, 0 or 1 as a is below, equal to or above b; None when they are unordered."""
    match a, b:
        case ((Exact() | Real()), (Exact() | Real())):
            return _compare_numbers(a, b)
        case Instant(), Instant() if a.family == b.family:
            return _compare_instants(a, b)
        case Duration(), Duration():
            return _compare_durations(a, b)
        case Boolean(), Boolean():
            return int(a.truth) - int(b.truth)
        case Text(), Text():
            return (a.text > b.text) - (a.text < b.text)
    return None


def promote(value: Exact | Real, kind: OneOf["float", "double"]) -> float:
    """Return the value in `kind`, rounded once."""
    if isinstance(value, Real):
        return value.number
    return to_double(value.number) if kind == "double" else to_single(value.number)


def _compare_numbers(a: Exact | Real, b: Exact | Real) -> int | None:
    if isinstance(a, Exact) and isinstance(b, Exact):
        return (a.number > b.number) - (a.number < b.number)
    kinds = {v.kind for v in (a, b) if isinstance(v, Real)}
    kind: OneOf["float", "double"] = "double" if "double" in kinds else "float"
    left, right = promote(a, kind), promote(b, kind)
    if left != left or right != right:
        return None
    return (left > right) - (left < right)


_HALF_DAY = 14 * 3600


def _compare_instants(a: Instant, b: Instant) -> int | None:
    left, right = (a.seconds, a.nanoseconds), (b.seconds, b.nanoseconds)
    if (a.zone is None) == (b.zone is None):
        return (left > right) - (left < right)
    if a.zone is None:
        swapped = _compare_instants(b, a)
        return None if swapped is None else -swapped
    if left < (b.seconds - _HALF_DAY, b.nanoseconds):
        return -1
    return 1 if left > (b.seconds + _HALF_DAY, b.nanoseconds) else None


# The dateTimes that XSD 3.3.6.1 adds durations to: (year, month).
_REFERENCES = ((1696, 9), (1697, 2), (1903, 3), (1903, 7))


def _compare_durations(a: Duration, b: Duration) -> int | None:
    orders = set()
    for year, month in _REFERENCES:
        left, right = (_added(d, year, month) for d in (a, b))
        orders.add((left > right) - (left < right))
    return orders.pop() if len(orders) == 1 else None


def _added(duration: Duration, year: int, month: int) -> tuple[int, int]:
    months = year * 12 + month - 1 + duration.months
    days = days_from_civil(months // 12, months % 12 + 1, 1)
    return divmod((days * 86400 + duration.seconds) * 10**9 + duration.nanoseconds, 10**9)


# Canonical lexical forms (XSD 1.1 Part 2, Appendix E)


def canonical(literal: Literal) -> str | None:
    """Return the canonical lexical form of the literal's value; None when it is ill-typed."""
    value = parse(literal)
    match value:
        case None:
            return None
        case Exact(number):
            return _canonical_exact(number)
        case Real():
            return _canonical_real(value)
        case Boolean(truth):
            return "true" if truth else "false"
        case Text(text):
            return text
        case Instant():
            return canonical_instant(value, local_name(literal.datatype.value) or "")
        case Duration():
            return canonical_duration(value, local_name(literal.datatype.value) or "")
    raise AssertionError(value)


def _canonical_exact(number: Fraction) -> str:
    if number.denominator == 1:
        return str(number.numerator)
    digits, scaled = 0, number
    while scaled.denominator != 1:
        digits, scaled = digits + 1, scaled * 10
    whole = str(abs(scaled.numerator)).rjust(digits + 1, "0")
    return f"{'-' if number < 0 else ''}{whole[:-digits]}.{whole[-digits:]}"


def _canonical_real(value: Real) -> str:
    number = value.number
    if number != number:
        return "NaN"
    if number in (float("inf"), float("-inf")):
        return "INF" if number > 0 else "-INF"
    digits, exponent = _shortest(number, value.kind)
    sign = "-" if str(number).startswith("-") else ""
    return f"{sign}{digits[0]}.{digits[1:] or '0'}E{exponent}"


def _shortest(number: float, kind: str) -> tuple[str, int]:
    """Return the fewest significant digits that read back as `number`, and the exponent."""
    text = repr(abs(number))
    if kind == "float":
        rounded = (f"{abs(number):.{precision}e}" for precision in range(9))
        text = next(t for t in rounded if to_single(Fraction(t)) == abs(number))
    parts = Decimal(text).normalize().as_tuple()
    exponent = int(parts.exponent) + len(parts.digits) - 1
    return "".join(map(str, parts.digits)), exponent


def canonical_instant(value: Instant, datatype: str) -> str:
    """Return the canonical form of a time, which keeps its zone."""
    days, second = divmod(value.seconds + (value.zone or 0) * 60, 86400)
    year, month, day = _civil_from_days(days)
    year_text = f"-{-year:04d}" if year < 0 else f"{year:04d}"
    time = f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
    if value.nanoseconds:
        time += f".{value.nanoseconds:09d}".rstrip("0")
    form = {
        "dateTime": f"{year_text}-{month:02d}-{day:02d}T{time}",
        "dateTimeStamp": f"{year_text}-{month:02d}-{day:02d}T{time}",
        "date": f"{year_text}-{month:02d}-{day:02d}",
        "time": time,
        "gYear": year_text,
        "gYearMonth": f"{year_text}-{month:02d}",
        "gMonth": f"--{month:02d}",
        "gMonthDay": f"--{month:02d}-{day:02d}",
        "gDay": f"---{day:02d}",
    }[datatype]
    return form + _canonical_zone(value.zone)


def _canonical_zone(zone: int | None) -> str:
    if not zone:
        return "" if zone is None else "Z"
    return f"{'-' if zone < 0 else '+'}{abs(zone) // 60:02d}:{abs(zone) % 60:02d}"


def _civil_from_days(days: int) -> tuple[int, int, int]:
    era, day_of_era = divmod(days + 719468, 146097)
    year_of_era = day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096
    year_of_era //= 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * month + 2) // 5 + 1
    month = month + 3 if month < 10 else month - 9
    return year_of_era + era * 400 + (month <= 2), month, day


def canonical_duration(value: Duration, datatype: str) -> str:
    """Return the canonical form of a duration: PnYnMnDTnHnMnS without empty parts."""
    years, months = divmod(abs(value.months), 12)
    days, rest = divmod(abs(value.seconds), 86400)
    second = str(rest % 60)
    if value.nanoseconds:
        second += f".{abs(value.nanoseconds):09d}".rstrip("0")
    date = "".join(f"{n}{u}" for n, u in ((years, "Y"), (months, "M"), (days, "D")) if n)
    time = "".join(f"{n}{u}" for n, u in ((rest // 3600, "H"), (rest // 60 % 60, "M")) if n)
    if second != "0":
        time += f"{second}S"
    if not date and not time:
        return "P0M" if datatype == "yearMonthDuration" else "PT0S"
    negative = value.months < 0 or value.seconds < 0 or value.nanoseconds < 0
    return f"{'-' if negative else ''}P{date}{'T' + time if time else ''}"
