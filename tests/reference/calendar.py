# SPDX-License-Identifier: Apache-2.0
"""Dates, times and durations with the partial orders of XSD 1.1 part 2 (3.3.6 to 3.3.15, E.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from .numbers import digits_to_integer, exact_decimal

_FOURTEEN_HOURS = 14 * 3600

_YEAR = r"(?P<year>-?(?:[1-9][0-9]{3,}|0[0-9]{3}))"
_MONTH = r"(?P<month>0[1-9]|1[0-2])"
_DAY = r"(?P<day>0[1-9]|[12][0-9]|3[01])"
_TIME = (
    r"(?:(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9]):(?P<second>[0-5][0-9](?:\.[0-9]+)?)"
    r"|(?P<midnight>24:00:00(?:\.0+)?))"
)
_ZONE = r"(?P<zone>Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"

_FORMS = {
    "dateTime": re.compile(f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}?"),
    "dateTimeStamp": re.compile(f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}"),
    "date": re.compile(f"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}?"),
    "time": re.compile(f"{_TIME}{_ZONE}?"),
    "gYear": re.compile(f"{_YEAR}{_ZONE}?"),
    "gYearMonth": re.compile(f"{_YEAR}-{_MONTH}{_ZONE}?"),
    "gMonth": re.compile(f"--{_MONTH}{_ZONE}?"),
    "gMonthDay": re.compile(f"--{_MONTH}-{_DAY}{_ZONE}?"),
    "gDay": re.compile(f"---{_DAY}{_ZONE}?"),
}

_DURATION = re.compile(
    r"(?P<sign>-?)P(?=.)(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?(?:(?P<days>[0-9]+)D)?"
    r"(?P<time>T(?=.)(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?"
    r"(?:(?P<seconds>[0-9]+(?:\.[0-9]+)?)S)?)?"
)

# XSD 1.1 3.3.6.1: durations are ordered when they agree at all of these, 00:00:00Z each.
_REFERENCE_MONTHS = ((1696, 9), (1697, 2), (1903, 3), (1903, 7))


@dataclass(frozen=True)
class Instant:
    """A date or time: seconds on XSD's time line, UTC where zoned, else local time."""

    kind: str
    seconds: Fraction
    zoned: bool

    def less(self, other: Instant) -> bool:
        """The order of XSD 1.1 D.2.1: without one zone, it must hold for all 28 hours of zones."""
        margin = 0 if self.zoned == other.zoned else _FOURTEEN_HOURS
        return self.kind == other.kind and self.seconds + margin < other.seconds

    def equal(self, other: Instant) -> bool:
        """Equality of values: the same instant, both with or both without a zone."""
        return self == other


@dataclass(frozen=True)
class Duration:
    """Months and seconds, of one sign."""

    months: int
    seconds: Fraction

    def less(self, other: Duration) -> bool:
        """Whether this duration is shorter from each of the four reference instants."""
        return all(
            self._after(year, month) < other._after(year, month)
            for year, month in _REFERENCE_MONTHS
        )

    def equal(self, other: Duration) -> bool:
        """Whether both lead to the same instants from the reference instants, as P400Y does.

        XSD 1.1 3.3.6.1 defines it so, and then takes only identical durations to be equal.
        """
        return all(
            self._after(year, month) == other._after(year, month)
            for year, month in _REFERENCE_MONTHS
        )

    def _after(self, year: int, month: int) -> Fraction:
        years, month_index = divmod(month - 1 + self.months, 12)
        return _timeline(year + years, month_index + 1, 1) + self.seconds


def days_in_month(year: int, month: int) -> int:
    """In the proleptic Gregorian calendar, where year 0 is a leap year."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _timeline(year: int, month: int, day: int) -> Fraction:
    """Seconds from the start of year 1 to the start of the day (XSD 1.1 E.3.4 timeOnTimeline)."""
    years = year - 1
    days = 365 * years + years // 4 - years // 100 + years // 400
    days += sum(days_in_month(year, earlier) for earlier in range(1, month)) + day - 1
    return Fraction(86400 * days)


def parse_instant(kind: str, lexical: str) -> Instant | None:
    """The instant, or None when the form is not in the lexical space of xsd:`kind`.

    Absent properties are filled in as E.3.4 does: 1972, December, the last day, 00:00:00.
    """
    match = _FORMS[kind].fullmatch(lexical)
    if match is None:
        return None
    fields = match.groupdict()
    year = 1972 if fields.get("year") is None else _signed(fields["year"])
    month = int(fields.get("month") or 12)
    last_day = days_in_month(year, month)
    day = int(fields.get("day") or last_day)
    if day > last_day:
        return None
    zone = fields["zone"]
    seconds = _timeline(year, month, day) + _time_of_day(kind, fields) - _offset(zone)
    comparable_kind = "dateTime" if kind == "dateTimeStamp" else kind
    return Instant(comparable_kind, seconds, zone is not None)


def _signed(year: str) -> int:
    magnitude = digits_to_integer(year.lstrip("-"))
    return -magnitude if year.startswith("-") else magnitude


def _time_of_day(kind: str, fields: dict[str, str]) -> Fraction:
    if fields.get("midnight"):
        # The end of a day is the start of the next one; xsd:time has no days.
        return Fraction(0 if kind == "time" else 86400)
    if fields.get("hour") is None:
        return Fraction(0)
    second = exact_decimal(fields["second"])
    assert second is not None
    return 3600 * int(fields["hour"]) + 60 * int(fields["minute"]) + second


def _offset(zone: str | None) -> int:
    if zone is None or zone == "Z":
        return 0
    seconds = 3600 * int(zone[1:3]) + 60 * int(zone[4:6])
    return -seconds if zone[0] == "-" else seconds


def parse_duration(kind: str, lexical: str) -> Duration | None:
    """The duration, or None when the form is not in the lexical space of xsd:`kind`."""
    match = _DURATION.fullmatch(lexical)
    if match is None:
        return None
    if kind == "yearMonthDuration" and (match["days"] or match["time"]):
        return None
    if kind == "dayTimeDuration" and (match["years"] or match["months"]):
        return None
    count = {name: digits_to_integer(match[name] or "0") for name in _COUNTED}
    seconds = exact_decimal(match["seconds"] or "0")
    assert seconds is not None
    seconds += 86400 * count["days"] + 3600 * count["hours"] + 60 * count["minutes"]
    sign = -1 if match["sign"] else 1
    return Duration(sign * (12 * count["years"] + count["months"]), sign * seconds)


_COUNTED = ("years", "months", "days", "hours", "minutes")
