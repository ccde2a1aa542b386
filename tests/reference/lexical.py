# SPDX-License-Identifier: Apache-2.0
"""Canonical lexical forms of the values that C types hold (XSD 1.1 part 2, appendix E).

The functions for types that can be ill-formed return None then; `cns.h` says when they are.
"""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .numbers import binary32

_NANO = 10**9
_DAY = 86400
_DAYS_IN_400_YEARS = 146097
_FIRST_DAY = date(1970, 1, 1).toordinal() - 1  # days from 0001-01-01 to 1970-01-01


def boolean(byte: int) -> str | None:
    """The form of a C bool, given its byte."""
    return {0: "false", 1: "true"}.get(byte)


def single(number: float) -> str:
    """The form of an xsd:float."""
    for digits in range(1, 10):
        text = f"{number:.{digits - 1}e}"
        if not math.isfinite(number) or binary32(Fraction(text)) == number:
            return _binary(number, text)
    raise AssertionError(f"{number!r} is no float")


def double(number: float) -> str:
    """The form of an xsd:double."""
    return _binary(number, repr(number))


def _binary(number: float, shortest: str) -> str:
    """One digit before the point, at least one after it, and an exponent."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "INF" if number > 0 else "-INF"
    sign = "-" if math.copysign(1, number) < 0 else ""
    if number == 0:
        return f"{sign}0.0E0"
    parts = Decimal(shortest).normalize().as_tuple()
    assert isinstance(parts.exponent, int)
    first, rest = parts.digits[0], "".join(map(str, parts.digits[1:]))
    return f"{sign}{first}.{rest or '0'}E{parts.exponent + len(parts.digits) - 1}"


def decimal(unscaled: int, scale: int) -> str | None:
    """The form of unscaled * 10^-scale: no point when the value is an integer."""
    if not 0 <= scale <= 18:
        return None
    digits = str(abs(unscaled)).rjust(scale + 1, "0")
    whole, part = digits[: len(digits) - scale], digits[len(digits) - scale :].rstrip("0")
    return f"{'-' if unscaled < 0 else ''}{whole}{'.' if part else ''}{part}"


def instant(datatype: str, seconds: int, nanoseconds: int, zone: int | None) -> str | None:
    """The form of a date or time; `seconds` in UTC from 1970 on, local time without a zone."""
    if not 0 <= nanoseconds < _NANO or (zone is not None and not -840 <= zone <= 840):
        return None
    days, second = divmod(seconds + 60 * (zone or 0), _DAY)
    year, month, day = _civil(days)
    midnight = second == 0 and nanoseconds == 0
    if not _instant_valid(datatype, (year, month, day), midnight, zone is not None):
        return None
    years = f"{'-' if year < 0 else ''}{abs(year):04d}"
    time = f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
    time += _fraction(nanoseconds)
    forms = {
        "dateTime": f"{years}-{month:02d}-{day:02d}T{time}",
        "dateTimeStamp": f"{years}-{month:02d}-{day:02d}T{time}",
        "date": f"{years}-{month:02d}-{day:02d}",
        "time": time,
        "gYear": years,
        "gYearMonth": f"{years}-{month:02d}",
        "gMonth": f"--{month:02d}",
        "gMonthDay": f"--{month:02d}-{day:02d}",
        "gDay": f"---{day:02d}",
    }
    return forms[datatype] + _zone(zone)


def _civil(days: int) -> tuple[int, int, int]:
    """The date that is so many days after 1970-01-01, in the proleptic Gregorian calendar."""
    cycles, rest = divmod(days + _FIRST_DAY, _DAYS_IN_400_YEARS)
    found = date.fromordinal(rest + 1)
    return found.year + 400 * cycles, found.month, found.day


def _instant_valid(
    datatype: str, civil: tuple[int, int, int], midnight: bool, zoned: bool
) -> bool:
    """Whether the parts that the datatype lacks are those that `cns.h` fixes."""
    year, month, day = civil
    if datatype in ("dateTime", "dateTimeStamp"):
        return zoned or datatype == "dateTime"
    if datatype == "time":
        return civil == (1970, 1, 1)
    lacking = {
        "date": True,
        "gYear": (month, day) == (1, 1),
        "gYearMonth": day == 1,
        "gMonth": (year, day) == (1972, 1),
        "gMonthDay": year == 1972,
        "gDay": (year, month) == (1972, 1),
    }
    return midnight and lacking[datatype]


def _fraction(nanoseconds: int) -> str:
    return f".{nanoseconds:09d}".rstrip("0") if nanoseconds else ""


def _zone(minutes: int | None) -> str:
    if not minutes:
        return "" if minutes is None else "Z"
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def duration(datatype: str, months: int, seconds: int, nanoseconds: int) -> str | None:
    """The form of a duration: its parts are of one sign, and those that are 0 are left out."""
    signs = {math.copysign(1, part) for part in (months, seconds, nanoseconds) if part}
    if len(signs) > 1 or abs(nanoseconds) >= _NANO:
        return None
    if datatype == "dayTimeDuration" and months:
        return None
    if datatype == "yearMonthDuration" and (seconds or nanoseconds):
        return None
    if not signs:
        return "P0M" if datatype == "yearMonthDuration" else "PT0S"
    years, months = divmod(abs(months), 12)
    days, rest = divmod(abs(seconds), _DAY)
    hours, minutes, rest = rest // 3600, rest // 60 % 60, rest % 60
    second = f"{rest}{_fraction(abs(nanoseconds))}"
    dates = _parts((years, "Y"), (months, "M"), (days, "D"))
    times = _parts((hours, "H"), (minutes, "M")) + (f"{second}S" if second != "0" else "")
    return f"{'-' if -1 in signs else ''}P{dates}{'T' if times else ''}{times}"


def _parts(*parts: tuple[int, str]) -> str:
    return "".join(f"{count}{unit}" for count, unit in parts if count)
