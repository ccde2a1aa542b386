# SPDX-License-Identifier: Apache-2.0
"""The orders of values against definitions in exact arithmetic, over the whole range of each."""

from __future__ import annotations

import ctypes
import itertools
import math
import struct
from dataclasses import dataclass
from datetime import datetime, timezone
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.runtime.native import EQUAL, GREATER, INT64, LESS, TAGS, UNORDERED
from tests.structs import NO_ZONE, DateTime, Decimal, Duration, Term, TermUnion

MIRRORED = {LESS: GREATER, GREATER: LESS, EQUAL: EQUAL, UNORDERED: UNORDERED}
BILLION = 10**9
NUMBERS = (0, 1, 10**9, 10**17, 10**18, 2**24, 2**53, 2**62, 2**63)
EDGES = sorted({sign * n + d for n in NUMBERS for sign in (1, -1) for d in (-1, 0, 1)})


def order_of(a: Fraction | float, b: Fraction | float) -> int:
    """Return the order of two numbers; a NaN has none."""
    return LESS if a < b else GREATER if a > b else EQUAL if a == b else UNORDERED


def integers(low: int, high: int) -> st.SearchStrategy[int]:
    """Draw any integer of the range, and often one at an edge."""
    edges = [low, low + 1, *(n for n in EDGES if low <= n <= high), high - 1, high]
    return st.sampled_from(edges) | st.integers(low, high)


def within(number: int, low: int, high: int) -> int:
    return min(max(number, low), high)


# ---- Decimals ------------------------------------------------------------------------------

Digits = tuple[int, int]  # unscaled, scale
decimals = st.tuples(integers(*INT64), st.integers(0, 18))


def value_of(digits: Digits) -> Fraction:
    return Fraction(digits[0], 10 ** digits[1])


@st.composite
def pairs_of_decimals(draw: st.DrawFn) -> tuple[Digits, Digits]:
    """Two decimals; often the second is about the first, written with another scale."""
    first = draw(decimals)
    if draw(st.booleans()):
        return first, draw(decimals)
    scale = draw(st.integers(0, 18))
    near = math.floor(value_of(first) * 10**scale) + draw(st.integers(-1, 1))
    return first, (within(near, *INT64), scale)


@settings(max_examples=600)
@given(pairs_of_decimals())
@example(((INT64[0], 0), (INT64[0], 18)))
@example(((INT64[0], 18), (-9, 0)))
@example(((INT64[1], 18), (9, 0)))
@example(((INT64[1], 0), (INT64[1], 1)))
@example(((10, 1), (1, 0)))
@example(((0, 18), (0, 0)))
def test_decimals(cns: ctypes.CDLL, pair: tuple[Digits, Digits]) -> None:
    first, second = pair
    wanted = order_of(value_of(first), value_of(second))
    assert cns.cns_decimal_compare(Decimal(*first), Decimal(*second)) == wanted
    assert cns.cns_decimal_compare(Decimal(*second), Decimal(*first)) == MIRRORED[wanted]


# ---- Times ---------------------------------------------------------------------------------

Parts = tuple[int, int, int]  # seconds, nanoseconds, zone
HOURS_14 = 14 * 3600
zones = st.just(NO_ZONE) | st.integers(-840, 840)
nanoseconds = st.sampled_from([0, 1, BILLION - 1]) | st.integers(0, BILLION - 1)


@st.composite
def pairs_of_times(draw: st.DrawFn) -> tuple[Parts, Parts]:
    """Two times; often they are about 0 or 14 hours apart."""
    first = (draw(integers(*INT64)), draw(nanoseconds), draw(zones))
    if draw(st.booleans()):
        return first, (draw(integers(*INT64)), draw(nanoseconds), draw(zones))
    apart = draw(st.sampled_from([0, HOURS_14, -HOURS_14])) + draw(st.integers(-1, 1))
    part = draw(st.sampled_from([first[1], 0, BILLION - 1]))
    return first, (within(first[0] + apart, *INT64), part, draw(zones))


def moments(time: Parts, zoned: bool) -> list[Fraction]:
    """The first and last moment that the time may be: where the other one alone has a zone."""
    moment = time[0] + Fraction(time[1], BILLION)
    unknown = zoned and time[2] == NO_ZONE
    return [moment - HOURS_14, moment + HOURS_14] if unknown else [moment]


def order_of_times(a: Parts, b: Parts) -> int:
    """XML Schema 1.1: without a zone, a time is less when it is so in every zone."""
    zoned = a[2] != NO_ZONE or b[2] != NO_ZONE
    orders = {order_of(x, y) for x in moments(a, zoned) for y in moments(b, zoned)}
    return orders.pop() if len(orders) == 1 else UNORDERED


@settings(max_examples=600)
@given(pairs_of_times())
@example(((INT64[0], 0, NO_ZONE), (INT64[1], 0, 0)))
@example(((0, 0, NO_ZONE), (HOURS_14, 0, 0)))
@example(((0, 0, NO_ZONE), (HOURS_14, 1, 0)))
@example(((0, 1, NO_ZONE), (-HOURS_14, 0, 840)))
def test_times(cns: ctypes.CDLL, pair: tuple[Parts, Parts]) -> None:
    first, second = pair
    wanted = order_of_times(first, second)
    assert cns.cns_datetime_compare(DateTime(*first), DateTime(*second)) == wanted
    assert cns.cns_datetime_compare(DateTime(*second), DateTime(*first)) == MIRRORED[wanted]


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        # XML Schema part 2, the examples of the order relation on dateTime
        ("2000-01-15T00:00:00", "2000-02-15T00:00:00", LESS),
        ("2000-01-15T12:00:00", "2000-01-16T12:00:00Z", LESS),
        ("2000-01-01T12:00:00", "1999-12-31T23:00:00Z", UNORDERED),
        ("2000-01-16T12:00:00", "2000-01-16T12:00:00Z", UNORDERED),
        ("2000-01-16T00:00:00", "2000-01-16T12:00:00Z", UNORDERED),
        ("2002-10-10T12:00:00-05:00", "2002-10-10T17:00:00Z", EQUAL),
        ("2002-10-10T00:00:00+05:00", "2002-10-09T19:00:00Z", EQUAL),
        ("2000-03-04T20:00:00Z", "2000-03-04T23:00:00", UNORDERED),
        ("2000-03-04T23:00:00+03:00", "2000-03-04T20:00:00Z", EQUAL),
    ],
)
def test_times_of_the_specification(cns: ctypes.CDLL, a: str, b: str, wanted: int) -> None:
    first, second = (read_time(form) for form in (a, b))
    assert cns.cns_datetime_compare(first, second) == wanted
    assert cns.cns_datetime_compare(second, first) == MIRRORED[wanted]


def read_time(form: str) -> DateTime:
    moment = datetime.fromisoformat(form.replace("Z", "+00:00"))
    offset = moment.utcoffset()
    if offset is None:
        moment = moment.replace(tzinfo=timezone.utc)
    zone = NO_ZONE if offset is None else int(offset.total_seconds()) // 60
    return DateTime(int(moment.timestamp()), 0, zone)


# ---- Durations -----------------------------------------------------------------------------

Lengths = tuple[int, int, int]  # seconds, months, nanoseconds: all of one sign
MONTHS = (-(2**31), 2**31 - 1)
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# The dateTimes of XML Schema 1.1 part 2, section 3.3.6.2, in months from January of year 0.
STARTS = [year * 12 + month - 1 for year, month in ((1696, 9), (1697, 2), (1903, 3), (1903, 7))]


def days_before(months: int) -> int:
    """The days from the first of January of year 1 to the first of a month, Gregorian."""
    year, month = divmod(months, 12)
    past = year - 1
    days = past * 365 + past // 4 - past // 100 + past // 400
    leap_day = month > 1 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return days + sum(DAYS[:month]) + leap_day


def end(start: int, duration: Lengths) -> Fraction:
    """The moment, in seconds, when the duration is over that begins with the month `start`."""
    seconds, months, parts = duration
    return days_before(start + months) * 86400 + seconds + Fraction(parts, BILLION)


def order_of_durations(a: Lengths, b: Lengths) -> int:
    orders = {order_of(end(start, a), end(start, b)) for start in STARTS}
    return orders.pop() if len(orders) == 1 else UNORDERED


@st.composite
def durations(draw: st.DrawFn) -> Lengths:
    seconds, months, parts = (
        draw(integers(0, INT64[1])),
        draw(st.integers(0, 30) | integers(0, MONTHS[1])),
        draw(nanoseconds),
    )
    sign = draw(st.sampled_from([1, -1]))
    return sign * seconds, sign * months, sign * parts


@st.composite
def pairs_of_durations(draw: st.DrawFn) -> tuple[Lengths, Lengths]:
    """Two durations; often about as long, the second in days and other months."""
    first = draw(durations())
    if draw(st.booleans()):
        return first, draw(durations())
    start = draw(st.sampled_from(STARTS))
    sign = -1 if first < (0, 0, 0) else 1
    months = sign * max(0, abs(first[1]) - draw(st.integers(0, 40)))
    rest = math.floor(end(start, first)) - days_before(start + months) * 86400
    rest += draw(st.integers(-2, 2)) * draw(st.sampled_from([1, 86400]))
    seconds = within(rest, INT64[0], 0) if sign < 0 else within(rest, 0, INT64[1])
    return first, (seconds, months, draw(st.sampled_from([0, sign, first[2]])))


@settings(max_examples=600)
@given(pairs_of_durations())
@example(((INT64[1], MONTHS[1], BILLION - 1), (INT64[0], MONTHS[0], 1 - BILLION)))
@example(((0, 4800, 0), (146097 * 86400, 0, 0)))
@example(((0, 1, 0), (28 * 86400, 0, 0)))
@example(((0, 1, 0), (28 * 86400 - 1, 0, BILLION - 1)))
@example(((0, 1, 0), (31 * 86400, 0, 1)))
@example(((0, 0, 1), (0, 0, 2)))
def test_durations(cns: ctypes.CDLL, pair: tuple[Lengths, Lengths]) -> None:
    first, second = pair
    wanted = order_of_durations(first, second)
    assert cns.cns_duration_compare(Duration(*first), Duration(*second)) == wanted
    assert cns.cns_duration_compare(Duration(*second), Duration(*first)) == MIRRORED[wanted]


# ---- Numbers of different datatypes ----------------------------------------------------------

EXACT, SINGLE, REAL = 0, 24, 53  # bits of what a number is promoted to


@dataclass(frozen=True)
class Number:
    """A number's tag and member of cns_term, and what it stands for."""

    tag: str
    member: str
    held: int | float | Digits
    bits: int = EXACT

    def term(self) -> Term:
        held = Decimal(*self.held) if isinstance(self.held, tuple) else self.held
        return Term(TAGS[self.tag], TermUnion(**{self.member: held}))

    def value(self) -> Fraction | float:
        if isinstance(self.held, float) and not math.isfinite(self.held):
            return self.held
        return value_of(self.held) if isinstance(self.held, tuple) else Fraction(self.held)


def rounded(number: Fraction, bits: int) -> Fraction:
    """Round to so many bits, ties to even; exact numbers here are far from subnormal ones."""
    if number == 0:
        return number
    exponent = abs(number.numerator).bit_length() - number.denominator.bit_length()
    exponent -= abs(number) < Fraction(2) ** exponent
    unit = Fraction(2) ** (exponent - bits + 1)
    return round(number / unit) * unit


def promoted(number: Number, bits: int) -> Fraction | float:
    """XPath's numeric type promotion: integer, decimal, float, double; float to double exactly."""
    value = number.value()
    inexact = isinstance(value, Fraction) and number.bits == EXACT and bits != EXACT
    return rounded(Fraction(value), bits) if inexact else value


def order_of_numbers(a: Number, b: Number) -> int:
    bits = max(a.bits, b.bits)
    return order_of(promoted(a, bits), promoted(b, bits))


def single_near(number: float) -> float:
    """The float with the number's upper bits; beyond the range, infinity."""
    try:
        return float(struct.unpack("<f", struct.pack("<f", number))[0])
    except OverflowError:
        return math.copysign(math.inf, number)


def whole_number(value: int) -> Number:
    if value > INT64[1]:
        return Number("UNSIGNED_LONG", "natural", within(value, 0, 2**64 - 1))
    return Number("INTEGER", "integer", within(value, *INT64))


@st.composite
def near(draw: st.DrawFn, value: Fraction) -> Number:
    """A number of any datatype at the value or beside it."""
    step = draw(st.integers(-1, 1))
    kind = draw(st.sampled_from(["integer", "decimal", "float", "double"]))
    if kind == "integer":
        return whole_number(math.floor(value) + step)
    if kind == "decimal":
        scale = draw(st.integers(0, 18))
        digits = within(math.floor(value * 10**scale) + step, *INT64)
        return Number("DECIMAL", "decimal", (digits, scale))
    real = float(value)
    if kind == "float":
        bits = struct.unpack("<i", struct.pack("<f", single_near(real)))[0]
        beside = struct.unpack("<f", struct.pack("<i", within(bits + step, -(2**31), 2**31 - 1)))
        return Number("FLOAT", "single", float(beside[0]), SINGLE)
    beside_it = math.nextafter(real, math.copysign(math.inf, step)) if step else real
    return Number("DOUBLE", "real", beside_it, REAL)


numbers = st.one_of(
    integers(INT64[0], 2**64 - 1).map(whole_number),
    integers(0, 2**64 - 1).map(lambda n: Number("NON_NEGATIVE_INTEGER", "natural", n)),
    decimals.map(lambda digits: Number("DECIMAL", "decimal", digits)),
    st.floats(width=32).map(lambda number: Number("FLOAT", "single", number, SINGLE)),
    st.floats().map(lambda number: Number("DOUBLE", "real", number, REAL)),
)


@st.composite
def pairs_of_numbers(draw: st.DrawFn) -> tuple[Number, Number]:
    first = draw(numbers)
    value = first.value()
    if draw(st.booleans()) or not isinstance(value, Fraction):
        return first, draw(numbers)
    return first, draw(near(value))


def compare_numbers(cns: ctypes.CDLL, a: Number, b: Number) -> None:
    wanted = order_of_numbers(a, b)
    first, second = a.term(), b.term()
    assert cns.cns_term_compare(ctypes.byref(first), ctypes.byref(second)) == wanted, (a, b)
    assert cns.cns_term_compare(ctypes.byref(second), ctypes.byref(first)) == MIRRORED[wanted]


@settings(max_examples=1500)
@given(pairs_of_numbers())
def test_numbers(cns: ctypes.CDLL, pair: tuple[Number, Number]) -> None:
    compare_numbers(cns, *pair)


EDGE_REALS = (
    *(math.nan, math.inf, -math.inf, 0.0, -0.0, 0.1, -0.1, 1.0),
    *(5e-324, -5e-324, 2.0**-149, 2.0**-126, 2.0**-1022, 1e-18, 2.0**128, 1.7976931348623157e308),
    *(sign * (2.0**power + step) for power in (24, 53, 63, 64) for step in (-1, 0, 1, 2)
      for sign in (1, -1)),
)  # fmt: skip


def edge_numbers() -> list[Number]:
    found = [whole_number(n) for n in (*EDGES, 2**64 - 1) if INT64[0] <= n < 2**64]
    for digits in ((1, 1), (1, 18), (-1, 18), (INT64[0], 18), (INT64[1], 9)):
        found.append(Number("DECIMAL", "decimal", digits))
    found += [Number("DECIMAL", "decimal", (n, 0)) for n in EDGES if INT64[0] <= n <= INT64[1]]
    found += [Number("DECIMAL", "decimal", ((2**53 + n) * 1000 + 1, 3)) for n in (0, 1, 2)]
    found += [Number("DOUBLE", "real", real, REAL) for real in EDGE_REALS]
    found += [Number("FLOAT", "single", single_near(real), SINGLE) for real in EDGE_REALS]
    return found


def test_numbers_at_edges(cns: ctypes.CDLL) -> None:
    for a, b in itertools.combinations_with_replacement(edge_numbers(), 2):
        compare_numbers(cns, a, b)


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        # Rounded once: what is a little above half way is not half way, as it is for a double.
        (Number("DECIMAL", "decimal", ((2**24 + 1) * 10**11, 11)), 2.0**24, EQUAL),
        (Number("DECIMAL", "decimal", ((2**24 + 1) * 10**11 + 1, 11)), 2.0**24, GREATER),
        (Number("INTEGER", "integer", (2**24 + 1) * 2**30), 2.0**54, EQUAL),
        (Number("INTEGER", "integer", (2**24 + 1) * 2**30 + 1), 2.0**54, GREATER),
        (Number("UNSIGNED_LONG", "natural", (2**24 + 1) * 2**39 + 1), 2.0**63, GREATER),
        (Number("INTEGER", "integer", 2**24 + 1), 2.0**24, EQUAL),
        (Number("INTEGER", "integer", 2**63 - 1), 2.0**63, EQUAL),
        (Number("UNSIGNED_LONG", "natural", 2**64 - 1), 2.0**64, EQUAL),
        (Number("DECIMAL", "decimal", (1, 1)), single_near(0.1), EQUAL),
        (Number("DOUBLE", "real", 0.1, REAL), single_near(0.1), LESS),
        (Number("INTEGER", "integer", 0), -0.0, EQUAL),
        (Number("INTEGER", "integer", 0), 2.0**-149, LESS),
        (Number("FLOAT", "single", math.nan, SINGLE), math.nan, UNORDERED),
    ],
)
def test_numbers_beside_a_float(cns: ctypes.CDLL, a: Number, b: float, wanted: int) -> None:
    assert order_of_numbers(a, Number("FLOAT", "single", b, SINGLE)) == wanted
    compare_numbers(cns, a, Number("FLOAT", "single", b, SINGLE))
