# SPDX-License-Identifier: Apache-2.0
"""Values of the runtime against Python's fractions, calendar and strings, over random input."""

from __future__ import annotations

import ctypes
import datetime
import math
import random
import struct
from collections.abc import Callable
from fractions import Fraction

import pytest

from tests.runtime.native import EQUAL, GREATER, INT64, LESS, TAGS, UNORDERED, string
from tests.structs import NO_ZONE, DateTime, Decimal, Duration, LangStr

Order = int
DAY = 86400
CYCLE = 146097  # days of 400 years
FOURTEEN_HOURS = 14 * 3600
MIRRORED = {LESS: GREATER, GREATER: LESS, EQUAL: EQUAL, UNORDERED: UNORDERED}


def order_of(a: Fraction | int, b: Fraction | int) -> Order:
    return LESS if a < b else GREATER if a > b else EQUAL


def wide_integer(rng: random.Random, low: int = INT64[0], high: int = INT64[1]) -> int:
    """Return an integer of any magnitude; bounds, powers of ten and neighbours are frequent."""
    choice = rng.randrange(4)
    if choice == 0:
        number = rng.choice([low, high, 0]) + rng.randint(-2, 2)
    elif choice == 1:
        number = rng.choice([-1, 1]) * 10 ** rng.randrange(19) + rng.randint(-1, 1)
    else:
        number = rng.choice([-1, 1]) * rng.getrandbits(rng.randrange(1, 64))
    return max(low, min(high, number))


# ---- Decimals ------------------------------------------------------------------------------


def fraction(value: Decimal) -> Fraction:
    return Fraction(value.unscaled, 10**value.scale)


def random_decimal(rng: random.Random) -> Decimal:
    return Decimal(wide_integer(rng), rng.randrange(19))


def equal_decimal(rng: random.Random, value: Decimal) -> Decimal:
    """Return the value, or its neighbour, written with another scale where that fits."""
    scale = rng.randrange(19)
    scaled = fraction(value) * 10**scale
    if scaled.denominator != 1 or abs(scaled) >= 2**63:
        return value
    return Decimal(max(INT64[0], min(INT64[1], int(scaled) + rng.choice([0, 0, 1, -1]))), scale)


def test_decimals_compare_like_fractions(cns: ctypes.CDLL) -> None:
    rng = random.Random(1)
    seen = set()
    for _ in range(30_000):
        a = random_decimal(rng)
        b = equal_decimal(rng, a) if rng.random() < 0.5 else random_decimal(rng)
        expected = order_of(fraction(a), fraction(b))
        seen.add((expected, a.scale == b.scale))
        assert cns.cns_decimal_compare(a, b) == expected, (fraction(a), fraction(b))
        assert cns.cns_decimal_compare(b, a) == MIRRORED[expected]
        assert cns.cns_decimal_same(a, b) == (expected == EQUAL)
    assert len(seen) == 6


def test_decimals_of_a_bad_scale(cns: ctypes.CDLL) -> None:
    good = Decimal(1, 0)
    assert cns.cns_decimal_valid(Decimal(7, 18))
    for scale in (-128, -1, 19, 127):
        bad = Decimal(1, scale)
        assert not cns.cns_decimal_valid(bad)
        assert cns.cns_decimal_compare(bad, good) == UNORDERED
        assert not cns.cns_decimal_same(bad, good)
        assert not cns.cns_decimal_same(good, bad)
        assert cns.cns_decimal_same(bad, Decimal(5, -7))


# ---- Times ---------------------------------------------------------------------------------


def random_datetime(rng: random.Random) -> DateTime:
    zone = NO_ZONE if rng.random() < 0.5 else rng.choice([-840, -60, 0, 1, 90, 840])
    return DateTime(wide_integer(rng), rng.choice([0, 1, 999_999_999]), zone)


def near_datetime(rng: random.Random, value: DateTime) -> DateTime:
    """Return a time at or next to one that is 0 or 14 hours away."""
    seconds = value.seconds + rng.choice([-1, 0, 1]) * FOURTEEN_HOURS + rng.randint(-1, 1)
    near = random_datetime(rng)
    return DateTime(max(INT64[0], min(INT64[1], seconds)), near.nanoseconds, near.zone)


def moment(value: DateTime) -> Fraction:
    return value.seconds + Fraction(value.nanoseconds, 10**9)


def order_of_times(a: DateTime, b: DateTime) -> Order:
    """XML Schema 1.1, part 2, D.2.1: a time without zone may be in any from -14 to 14 hours."""
    spread_a = FOURTEEN_HOURS if a.zone == NO_ZONE and b.zone != NO_ZONE else 0
    spread_b = FOURTEEN_HOURS if b.zone == NO_ZONE and a.zone != NO_ZONE else 0
    if spread_a == spread_b == 0:
        return order_of(moment(a), moment(b))
    if moment(a) + spread_a < moment(b) - spread_b:
        return LESS
    if moment(a) - spread_a > moment(b) + spread_b:
        return GREATER
    return UNORDERED


def test_times_compare_as_xsd_says(cns: ctypes.CDLL) -> None:
    rng = random.Random(2)
    seen = set()
    for _ in range(30_000):
        a = random_datetime(rng)
        b = near_datetime(rng, a) if rng.random() < 0.7 else random_datetime(rng)
        expected = order_of_times(a, b)
        seen.add(expected)
        assert cns.cns_datetime_compare(a, b) == expected
        assert cns.cns_datetime_compare(b, a) == MIRRORED[expected]
        same = (moment(a), a.zone) == (moment(b), b.zone)
        assert cns.cns_datetime_same(a, b) == same
    assert seen == {LESS, EQUAL, GREATER, UNORDERED}


def test_times_with_bad_parts_are_one_term(cns: ctypes.CDLL) -> None:
    bad = [
        DateTime(1, 10**9, 0),
        DateTime(2, 0, 841),
        DateTime(3, 0, -841),
        DateTime(4, 2**32 - 1),
    ]
    for value in bad:
        assert not cns.cns_datetime_valid(value, TAGS["DATE_TIME"])
        assert all(cns.cns_datetime_same(value, other) for other in bad)
        assert not cns.cns_datetime_same(value, DateTime(1, 0, 0))
        assert not cns.cns_datetime_same(DateTime(1, 0, 0), value)


def test_ill_formed_dates_and_durations_are_one_term(cns: ctypes.CDLL) -> None:
    noon, one, midnight = (DateTime(seconds, 0, 0) for seconds in (43200, 46800, 0))
    assert not cns.cns_datetime_same_as(noon, one, TAGS["DATE_TIME"])
    assert cns.cns_datetime_same_as(noon, one, TAGS["DATE"])
    assert not cns.cns_datetime_same_as(noon, midnight, TAGS["DATE"])
    assert not cns.cns_datetime_same_as(midnight, DateTime(86400, 0, 0), TAGS["DATE"])
    months, more, seconds = Duration(0, 1, 0), Duration(0, 2, 0), Duration(1, 0, 0)
    assert not cns.cns_duration_same_as(months, more, TAGS["DURATION"])
    assert cns.cns_duration_same_as(months, more, TAGS["DAY_TIME_DURATION"])
    assert not cns.cns_duration_same_as(months, seconds, TAGS["DAY_TIME_DURATION"])
    assert not cns.cns_duration_same_as(seconds, Duration(2, 0, 0), TAGS["DAY_TIME_DURATION"])


def local_time(value: DateTime) -> tuple[int, datetime.date, int]:
    """Return cycles of 400 years, the date from year 1 to 400, and the second of that day."""
    seconds = value.seconds + (0 if value.zone == NO_ZONE else value.zone * 60)
    days, second = divmod(seconds, DAY)
    cycles, ordinal = divmod(days + datetime.date(1970, 1, 1).toordinal() - 1, CYCLE)
    return cycles, datetime.date.fromordinal(ordinal + 1), second


def test_calendar_agrees_with_python(cns: ctypes.CDLL) -> None:
    rng = random.Random(3)
    days = [datetime.date(1, 1, 1).toordinal() + day for day in range(CYCLE)]
    epoch = datetime.date(1970, 1, 1).toordinal()
    values = [DateTime((day - epoch) * DAY + 86399, 0, NO_ZONE) for day in days[::3] + days[-400:]]
    values += [random_datetime(rng) for _ in range(20_000)]
    for value in values:
        cycles, date, second = local_time(value)
        civil = cns.cns_datetime_civil(value)
        assert civil.year == date.year + 400 * cycles
        assert (civil.month, civil.day) == (date.month, date.day)
        assert civil.hour * 3600 + civil.minute * 60 + civil.second == second


def is_valid_time(value: DateTime, datatype: str) -> bool:
    cycles, date, second = local_time(value)
    year = date.year + 400 * cycles
    midnight = second == 0 and value.nanoseconds == 0
    rules: dict[str, Callable[[], bool]] = {
        "DATE_TIME": lambda: True,
        "DATE_TIME_STAMP": lambda: value.zone != NO_ZONE,
        "TIME": lambda: (year, date.month, date.day) == (1970, 1, 1),
        "DATE": lambda: midnight,
        "G_YEAR": lambda: midnight and (date.month, date.day) == (1, 1),
        "G_YEAR_MONTH": lambda: midnight and date.day == 1,
        "G_MONTH": lambda: midnight and year == 1972 and date.day == 1,
        "G_MONTH_DAY": lambda: midnight and year == 1972,
        "G_DAY": lambda: midnight and (year, date.month) == (1972, 1),
        "STRING": lambda: False,
    }
    return rules[datatype]()


DATED = ["DATE_TIME", "DATE_TIME_STAMP", "TIME", "DATE", "G_YEAR", "G_YEAR_MONTH", "G_MONTH",
         "G_MONTH_DAY", "G_DAY", "STRING"]  # fmt: skip


@pytest.mark.parametrize("datatype", DATED)
def test_validity_of_times(cns: ctypes.CDLL, datatype: str) -> None:
    rng = random.Random(4)
    epoch = datetime.date(1970, 1, 1)
    seen = set()
    for _ in range(5_000):
        zone = rng.choice([NO_ZONE, 0, -840, 840, 330, 1])
        year = rng.choice([1970, 1972, 1972, 1973, 1, 9999])
        month, day = rng.choice(
            [(1, 1), (1, 2), (2, 29 if year == 1972 else 28), (12, 31), (7, 1)]
        )
        days = (datetime.date(year, month, day) - epoch).days
        seconds = days * DAY + rng.choice([0, 0, 1, -1, DAY - 1])
        local = 0 if zone == NO_ZONE or rng.random() < 0.2 else zone * 60
        nanoseconds = rng.choice([0, 0, 0, 1])
        value = DateTime(seconds - local, nanoseconds, zone)
        expected = is_valid_time(value, datatype)
        seen.add(expected)
        assert cns.cns_datetime_valid(value, TAGS[datatype]) == expected
    for seconds in INT64:
        for zone in (NO_ZONE, -840, 840):
            value = DateTime(seconds, 0, zone)
            assert cns.cns_datetime_valid(value, TAGS[datatype]) == is_valid_time(value, datatype)
    assert True in seen or datatype == "STRING"
    assert False in seen or datatype == "DATE_TIME"


# ---- Durations -----------------------------------------------------------------------------


def random_duration(rng: random.Random) -> Duration:
    sign = rng.choice([-1, 1])
    months = abs(wide_integer(rng, -(2**31), 2**31 - 1)) if rng.random() < 0.6 else 0
    months = rng.choice([months, rng.randrange(30)])
    seconds = abs(wide_integer(rng, INT64[0] + 1)) if rng.random() < 0.7 else 0
    return Duration(sign * seconds, max(-(2**31), min(2**31 - 1, sign * months)),
                    sign * rng.choice([0, 1, 999_999_999]))  # fmt: skip


def near_duration(rng: random.Random, value: Duration) -> Duration:
    """Return about the same length of time with other months: where the order is in doubt."""
    months = max(-(2**31), min(2**31 - 1, value.months + rng.randint(-14, 14)))
    seconds = value.seconds + int((value.months - months) * 30.436875) * DAY
    seconds += rng.randint(-3, 3) * DAY + rng.randint(-1, 1)
    near = Duration(max(INT64[0], min(INT64[1], seconds)), months, 0)
    near.nanoseconds = value.nanoseconds if (near.seconds >= 0) == (value.seconds >= 0) else 0
    return near


def days_of_month(month: int) -> int:
    """Return the days from year 1 to the first of the given month since year 0."""
    year, index = divmod(month, 12)
    cycles, within = divmod(year - 1, 400)
    return cycles * CYCLE + datetime.date(within + 1, index + 1, 1).toordinal()


def order_of_durations(a: Duration, b: Duration) -> Order:
    """XML Schema 1.1, part 2, 3.3.6.1: ordered when it is so from four starting points."""

    def end(start: int, value: Duration) -> Fraction:
        seconds = value.seconds + Fraction(value.nanoseconds, 10**9)
        return days_of_month(start + value.months) * DAY + seconds

    starts = [1696 * 12 + 8, 1697 * 12 + 1, 1903 * 12 + 2, 1903 * 12 + 6]
    orders = {order_of(end(start, a), end(start, b)) for start in starts}
    return orders.pop() if len(orders) == 1 else UNORDERED


def test_durations_compare_as_xsd_says(cns: ctypes.CDLL) -> None:
    rng = random.Random(5)
    seen = set()
    for _ in range(20_000):
        a = random_duration(rng)
        b = near_duration(rng, a) if rng.random() < 0.7 else random_duration(rng)
        expected = order_of_durations(a, b)
        seen.add(expected)
        assert cns.cns_duration_compare(a, b) == expected
        assert cns.cns_duration_compare(b, a) == MIRRORED[expected]
    assert seen == {LESS, EQUAL, GREATER, UNORDERED} - ({EQUAL} - seen)
    assert {LESS, GREATER, UNORDERED} <= seen


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        # months, days: the examples of the specification
        ((12, 0), (0, 364), GREATER),
        ((12, 0), (0, 365), UNORDERED),
        ((12, 0), (0, 366), UNORDERED),
        ((12, 0), (0, 367), LESS),
        ((1, 0), (0, 27), GREATER),
        ((1, 0), (0, 28), UNORDERED),
        ((1, 0), (0, 31), UNORDERED),
        ((1, 0), (0, 32), LESS),
        ((5, 0), (0, 149), GREATER),
        ((5, 0), (0, 150), UNORDERED),
        ((5, 0), (0, 153), UNORDERED),
        ((5, 0), (0, 154), LESS),
        ((-1, 0), (0, -27), LESS),
        ((-1, 0), (0, -30), UNORDERED),
        ((-1, 0), (0, -32), GREATER),
        ((1, 1), (1, 1), EQUAL),
        ((1, 1), (1, 2), LESS),
    ],
)
def test_order_of_known_durations(
    cns: ctypes.CDLL, a: tuple[int, int], b: tuple[int, int], expected: Order
) -> None:
    first, second = (Duration(days * DAY, months, 0) for months, days in (a, b))
    assert cns.cns_duration_compare(first, second) == expected
    assert cns.cns_duration_compare(second, first) == MIRRORED[expected]


@pytest.mark.parametrize(
    ("months", "seconds", "nanoseconds", "valid"),
    [
        (0, 0, 0, "DURATION DAY_TIME_DURATION YEAR_MONTH_DURATION"),
        (5, 0, 0, "DURATION YEAR_MONTH_DURATION"),
        (-5, 0, 0, "DURATION YEAR_MONTH_DURATION"),
        (0, 5, 999_999_999, "DURATION DAY_TIME_DURATION"),
        (0, -5, -999_999_999, "DURATION DAY_TIME_DURATION"),
        (0, 0, -1, "DURATION DAY_TIME_DURATION"),
        (1, 1, 1, "DURATION"),
        (-(2**31), -(2**63), -1, "DURATION"),
        (1, -1, 0, ""),
        (-1, 0, 1, ""),
        (0, 1, -1, ""),
        (0, 1, 10**9, ""),
        (0, -1, -(10**9), ""),
        (0, -1, -(2**31), ""),
    ],
)
def test_validity_of_durations(
    cns: ctypes.CDLL, months: int, seconds: int, nanoseconds: int, valid: str
) -> None:
    value = Duration(seconds, months, nanoseconds)
    for datatype in ("DURATION", "DAY_TIME_DURATION", "YEAR_MONTH_DURATION", "DATE"):
        assert cns.cns_duration_valid(value, TAGS[datatype]) == (datatype in valid.split())
    assert cns.cns_duration_same(value, Duration(1, -1, 0)) == (valid == "")
    assert cns.cns_duration_same(value, Duration(seconds, months, nanoseconds))
    assert not cns.cns_duration_same(value, Duration(7, 7, 7))


def test_same_durations_have_the_same_parts(cns: ctypes.CDLL) -> None:
    four_centuries = Duration(0, 4800, 0)
    in_days = Duration(CYCLE * DAY, 0, 0)
    assert cns.cns_duration_compare(four_centuries, in_days) == EQUAL
    assert not cns.cns_duration_same(four_centuries, in_days)


# ---- Floating point ------------------------------------------------------------------------


@pytest.mark.parametrize(("letter", "bits", "fraction_bits"), [("f", 32, 23), ("d", 64, 52)])
def test_same_floats(cns: ctypes.CDLL, letter: str, bits: int, fraction_bits: int) -> None:
    rng = random.Random(6)
    number = {"f": ctypes.c_float, "d": ctypes.c_double}[letter]
    same = {"f": cns.cns_float_same, "d": cns.cns_double_same}[letter]
    infinity = ((1 << bits - 1 - fraction_bits) - 1) << fraction_bits
    special = [0, 1, infinity, infinity - 1, infinity | 1 << fraction_bits - 1, infinity | 1]
    special = [*special, *(pattern | 1 << bits - 1 for pattern in special)]

    def read(pattern: int) -> object:
        return number.from_buffer_copy(pattern.to_bytes(bits // 8, "little"))

    def canonical(pattern: int) -> int | str:
        value: float = struct.unpack("<" + letter, pattern.to_bytes(bits // 8, "little"))[0]
        return "NaN" if math.isnan(value) else pattern

    for _ in range(10_000):
        a = rng.choice([rng.choice(special), rng.getrandbits(bits)])
        b = rng.choice([rng.choice(special), a, a ^ 1 << rng.randrange(bits)])
        assert same(read(a), read(b)) == (canonical(a) == canonical(b)), (hex(a), hex(b))


# ---- Text ----------------------------------------------------------------------------------


def test_length_is_in_code_points(cns: ctypes.CDLL) -> None:
    rng = random.Random(7)
    unbounded = 2**32 - 1
    for _ in range(20_000):
        text = "".join(rng.choice("aé€😀\0") for _ in range(rng.randrange(9)))
        low, high = rng.randrange(10), rng.choice([rng.randrange(10), unbounded])
        within = cns.cns_str_length_within(string(text), low, high)
        assert within == (low <= len(text) <= high), (text, low, high)


def test_equal_text(cns: ctypes.CDLL) -> None:
    texts = ["", "a", "b", "ab", "aB", "a\0", "a\0b", "é"]
    for a in texts:
        for b in texts:
            assert cns.cns_str_equal(string(a), string(b)) == (a == b)
    empty = string("")
    empty.data = None
    assert cns.cns_str_equal(empty, string(""))
    assert cns.cns_str_equal(empty, empty)
    assert not cns.cns_str_equal(empty, string("a"))


def test_language_tags_ignore_the_case_of_ascii(cns: ctypes.CDLL) -> None:
    tags = ["en", "EN", "en-GB", "EN-gb", "de", "en@", "en`", "en[", "en{", "é", "É"]
    for a in tags:
        for b in tags:
            left = LangStr(string("x"), string(a))
            same = a.encode().lower() == b.encode().lower()
            assert cns.cns_langstr_equal(left, LangStr(string("x"), string(b))) == same
            assert not cns.cns_langstr_equal(left, LangStr(string("X"), string(b)))
