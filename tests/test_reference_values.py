# SPDX-License-Identifier: Apache-2.0
"""Values by hand: lexical spaces and order, from XSD 1.1 part 2 and SPARQL 1.1 section 17."""

from __future__ import annotations

import math
import struct
from datetime import datetime, timezone
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rdflib import Literal

from tests.reference.numbers import binary32, binary64
from tests.reference.terms import RDF, XSD, literal, load
from tests.reference.values import is_well_typed, less, less_or_equal

DATE_TIMES = (
    "2000-01-01T00:00:00 2000-01-01T24:00:00 2000-01-01T24:00:00.000Z 2000-02-29T23:59:59.999 "
    "0000-01-01T00:00:00 -0001-02-28T00:00:00 12345-01-01T00:00:00+14:00 "
    "2000-01-01T00:00:00-13:59 0000-02-29T00:00:00"
)
NOT_DATE_TIMES = (
    "2001-02-29T00:00:00|1900-02-29T00:00:00|2000-01-01T24:00:01|2000-01-01T24:00:00.1|"
    "2000-13-01T00:00:00|2000-00-01T00:00:00|2000-01-00T00:00:00|2000-04-31T00:00:00|"
    "200-01-01T00:00:00|02000-01-01T00:00:00|+2000-01-01T00:00:00|2000-01-01T00:00:60|"
    "2000-01-01T00:60:00|2000-01-01T00:00:00+14:01|2000-01-01T00:00:00z|2000-01-01|"
    "2000-01-01T00:00|2000-01-01T00:00:00.|2000-01-01 00:00:00|2000-01-01T25:00:00"
)

# Datatype, forms in its lexical space, forms outside of it.
LEXICAL = [
    (
        "integer",
        "0 -0 +0 007 -1 123456789012345678901234567890",
        "|1.0|1e0|+|- 1| 1|1 |\u0661|0x1",
    ),
    ("decimal", "1 1. .5 -0.0 +1.50 00.100", "|.|-|1e0|INF|NaN|1,0|--1"),
    ("float", "1 1. .5 1e0 1E-400 +INF -INF INF NaN -0 1.e+5", "|e1|inf|nan|-NaN|1e|1e1.0|."),
    ("double", "1 1. .5 1e0 1E9999999 +INF -INF INF NaN", "|Infinity|1d0|0x1p3|+NaN"),
    ("boolean", "true false 1 0", "|True|TRUE|yes|01|t"),
    ("byte", "-128 127 +127 0000127 -0", "|128|-129|1.0"),
    ("short", "-32768 32767", "32768|-32769"),
    ("int", "-2147483648 2147483647", "2147483648|-2147483649"),
    ("long", "-9223372036854775808 9223372036854775807", "9223372036854775808"),
    ("unsignedByte", "0 -0 255 +255", "256|-1"),
    ("unsignedShort", "65535", "65536|-1"),
    ("unsignedInt", "4294967295", "4294967296|-1"),
    ("unsignedLong", "18446744073709551615", "18446744073709551616|-1"),
    ("nonNegativeInteger", "0 -0 18446744073709551616", "-1"),
    ("positiveInteger", "1 +01", "0|-0|-1"),
    ("nonPositiveInteger", "0 -0 +0 -1", "1|+1"),
    ("negativeInteger", "-1 -01", "0|-0|1"),
    ("dateTime", DATE_TIMES, NOT_DATE_TIMES),
    ("dateTimeStamp", "2000-01-01T00:00:00Z", "2000-01-01T00:00:00"),
    (
        "date",
        "2000-02-29 2000-02-29Z -2000-02-29+14:00",
        "2000-02-30|2000-2-1|2000-01-01T00:00:00",
    ),
    (
        "time",
        "00:00:00 24:00:00 23:59:59.5-05:00",
        "24:00:01|24:01:00|1:00:00|00:00|12:00:00+15:00",
    ),
    ("gYear", "2000 -0001 0000 10000Z", "200|2000-01|+2000|00200"),
    ("gYearMonth", "2000-12 2000-01Z", "2000-13|2000-1|2000"),
    ("gMonth", "--01 --12+01:00", "--13|--00|01|--1|--01--"),
    ("gMonthDay", "--02-29 --12-31Z", "--02-30|--04-31|--13-01|02-29"),
    ("gDay", "---31 ---01Z", "---32|---00|--01|31"),
    (
        "duration",
        "P1Y P1M P1D PT1H PT1M PT1S PT0.5S -P1Y2M3DT4H5M6.7S P0D P13M PT36H",
        "|P|PT|P1YT|1Y|P1S|P-1Y|P1.5Y|PT.5S|PT1.S|P1M1Y|-P|P1D1H|+P1Y",
    ),
    ("yearMonthDuration", "P1Y P1M -P1Y13M", "P1D|PT0S|P1Y1D|P1YT0S|P"),
    ("dayTimeDuration", "P1D PT1H -P1DT1S", "P1Y|P1M|P0YT1S|P"),
    ("string", "x", ""),
    ("anyURI", "http://example.org/ ::", ""),
    ("hexBinary", "0aF9 00", "0|0g|0a "),
    ("base64Binary", "AAAA AAA= AA== AQ== AAE=", "A|AA|AAA|AB==|AAB=|A===|AAAA=|=AAA"),
    ("language", "en en-US x-klingon de-1996", "|e_n|abcdefghi|en-|-en|12"),
    ("NMTOKEN", "a 1 -.: é", "|a/b"),
    ("Name", "a :a _1 é", "|1|-a|·"),
    ("NCName", "a _1 a-b.c", "|:a|a:b|1"),
    ("QName", "a a:b", "|:a|a:|a:b:c|1:a"),
]


@pytest.mark.parametrize(("name", "valid", "invalid"), LEXICAL, ids=[row[0] for row in LEXICAL])
def test_lexical_space(name: str, valid: str, invalid: str) -> None:
    for form in valid.split(" "):
        assert is_well_typed(typed(name, form)), form
    for form in invalid.split("|") if invalid else []:
        assert not is_well_typed(typed(name, form)), form


def typed(name: str, lexical: str) -> Literal:
    return literal(lexical, str(XSD[name]))


@pytest.mark.parametrize(
    ("name", "form", "valid"),
    [
        ("string", "", True),
        ("string", "a\tb\n", True),
        ("normalizedString", "a  b ", True),
        ("normalizedString", "a\tb", False),
        ("token", "a b", True),
        ("token", "a  b", False),
        ("token", " a", False),
        ("token", "a ", False),
        ("token", "", True),
        ("hexBinary", "", True),
        ("base64Binary", "", True),
        ("base64Binary", "AA AA", True),
        ("base64Binary", "A A = =", True),
        ("base64Binary", "AAAA ", False),
        ("base64Binary", "AAA= ", False),
        ("integer", "1\n", False),
        ("date", "2000-01-01\n", False),
        ("NMTOKENS", "a b", True),
        ("NMTOKENS", "a  b", False),
        ("IDREFS", "a 1", False),
    ],
)
def test_white_space_is_part_of_the_form(name: str, form: str, valid: bool) -> None:
    assert is_well_typed(typed(name, form)) is valid


def test_datatypes_beyond_xsd() -> None:
    assert is_well_typed(literal("anything", "http://example.org/datatype"))
    assert is_well_typed(literal("x", language="en"))
    assert not is_well_typed(literal("x", str(RDF["langString"])))


def test_integers_of_any_length() -> None:
    digits = "9" * 10_000
    assert less(typed("integer", digits), typed("integer", "1" + "0" * 10_000))
    assert less(typed("decimal", f"{digits}.1"), typed("decimal", f"{digits}.2"))
    assert not is_well_typed(typed("long", digits))


# Left, operator, right. `=` is equal in value, `?` incomparable.
ORDER = [
    ("1 integer", "=", "01 integer"),
    ("1 integer", "=", "1.0 decimal"),
    ("1 byte", "<", "2 unsignedLong"),
    ("-1 negativeInteger", "<", "0 nonNegativeInteger"),
    ("9007199254740993 integer", ">", "9007199254740992 integer"),
    ("0.1 decimal", "<", "0.10000000000000000000000000000001 decimal"),
    # Promotion to double: the integer loses its last bit.
    ("9007199254740993 integer", "=", "9007199254740992 double"),
    ("9007199254740993 decimal", "=", "9.007199254740992E15 double"),
    # Promotion to float: 2**24 + 1 is a tie, and goes to the even neighbour.
    ("16777217 integer", "=", "16777216 float"),
    ("16777219 integer", "=", "16777220 float"),
    # One rounding: by way of double this would be the tie, and go down to 16777216.
    ("16777217.0000000001 decimal", "=", "16777218 float"),
    ("16777217.0000000001 float", "=", "16777218 float"),
    # A float is exact as a double; 0.1 is not the same number in both.
    ("0.1 float", ">", "0.1 double"),
    ("0.1 decimal", "=", "0.1 float"),
    ("0.1 decimal", "=", "0.1 double"),
    ("0.5 float", "=", "0.5 double"),
    # Range of the formats.
    ("3.4028235E38 float", "<", "INF float"),
    # Halfway between the largest float and 2**128 is 3.40282356779733661637...E38.
    ("3.4028235677973367E38 float", "=", "INF float"),
    ("3.4028235677973366E38 float", "=", "3.4028234663852886E38 float"),
    ("1.7976931348623157E308 double", "<", "INF double"),
    ("1.7976931348623159E308 double", "=", "INF double"),
    ("1E400 double", "=", "INF double"),
    ("1E99999999999999999999 double", "=", "INF double"),
    ("-1E99999999999999999999 float", "=", "-INF float"),
    ("1E-99999999999999999999 double", "=", "0 double"),
    ("0E99999999999999999999 double", "=", "0 double"),
    ("1E-45 float", "=", "1.4E-45 float"),
    ("7E-46 float", "=", "0 float"),
    ("8E-46 float", "=", "1E-45 float"),
    ("5E-324 double", ">", "0 double"),
    ("2E-324 double", "=", "0 double"),
    ("1" + "0" * 400 + " integer", "=", "INF double"),
    ("-1" + "0" * 400 + " integer", "=", "-INF float"),
    ("1" + "0" * 400 + "E-400 double", "=", "1 double"),
    # Specials.
    ("-0.0 double", "=", "0.0 double"),
    ("-0.0 float", "=", "0 integer"),
    ("NaN double", "?", "NaN double"),
    ("NaN float", "?", "0 integer"),
    ("-INF float", "<", "-1E38 float"),
    ("INF float", "=", "+INF double"),
    ("-INF double", "<", "0 integer"),
    # Strings by code point: U+FF5E before U+1F600, though not in UTF-16.
    ("a string", "<", "b string"),
    ("B string", "<", "a string"),
    ("\uff5e string", "<", "\U0001f600 string"),
    ("a string", "<", "b token"),
    ("10 string", "<", "9 string"),
    # Booleans.
    ("false boolean", "<", "true boolean"),
    ("0 boolean", "=", "false boolean"),
    ("1 boolean", "=", "true boolean"),
    # Different types, ill-typed forms, types without an order.
    ("1 integer", "?", "1 string"),
    ("1 integer", "?", "true boolean"),
    ("1.0 integer", "?", "1 integer"),
    ("300 byte", "?", "1 integer"),
    ("a anyURI", "?", "b anyURI"),
    ("00 hexBinary", "?", "01 hexBinary"),
    ("2000-01-01 date", "?", "2000-01-01T00:00:00 dateTime"),
    ("2001-02-29 date", "?", "2001-03-01 date"),
    # dateTime with zones: instants.
    ("2000-01-15T12:00:00Z dateTime", "=", "2000-01-15T13:00:00+01:00 dateTime"),
    ("2000-01-15T12:00:00Z dateTime", "<", "2000-01-15T12:00:00-01:00 dateTime"),
    ("2000-01-15T12:00:00Z dateTimeStamp", "=", "2000-01-15T12:00:00Z dateTime"),
    # With a zone on one side only: XSD 1.0 3.2.7.4's table, at the 14 hour margin.
    ("2000-01-15T00:00:00 dateTime", "<", "2000-02-15T00:00:00 dateTime"),
    ("2000-01-15T12:00:00 dateTime", "<", "2000-01-16T12:00:00Z dateTime"),
    ("2000-01-01T12:00:00 dateTime", "?", "1999-12-31T23:00:00Z dateTime"),
    ("2000-01-16T12:00:00 dateTime", "?", "2000-01-16T12:00:00Z dateTime"),
    ("2000-01-16T00:00:00 dateTime", "?", "2000-01-16T12:00:00Z dateTime"),
    ("2000-01-01T00:00:00 dateTime", "?", "2000-01-01T14:00:00Z dateTime"),
    ("2000-01-01T00:00:00 dateTime", "<", "2000-01-01T14:00:00.001Z dateTime"),
    ("2000-01-01T00:00:00 dateTime", "?", "1999-12-31T10:00:00Z dateTime"),
    ("2000-01-01T00:00:00 dateTime", ">", "1999-12-31T09:59:59.999Z dateTime"),
    # The end of a day, leap years, year 0, long and negative years, fractions.
    ("1999-12-31T24:00:00 dateTime", "=", "2000-01-01T00:00:00 dateTime"),
    ("2000-02-28T24:00:00Z dateTime", "=", "2000-02-29T00:00:00Z dateTime"),
    ("1900-02-28T24:00:00Z dateTime", "=", "1900-03-01T00:00:00Z dateTime"),
    ("-0001-12-31T24:00:00Z dateTime", "=", "0000-01-01T00:00:00Z dateTime"),
    ("-0002-01-01T00:00:00 dateTime", "<", "-0001-01-01T00:00:00 dateTime"),
    ("9999-12-31T23:59:59 dateTime", "<", "10000-01-01T00:00:00 dateTime"),
    ("2000-01-01T00:00:00.1 dateTime", "=", "2000-01-01T00:00:00.100 dateTime"),
    (
        "2000-01-01T00:00:00.0000000000000000001 dateTime",
        ">",
        "2000-01-01T00:00:00 dateTime",
    ),
    # Dates are their first instants.
    ("2000-01-01 date", "<", "2000-01-02 date"),
    ("2000-01-01+13:00 date", "=", "1999-12-31-11:00 date"),
    ("2000-01-01 date", "?", "2000-01-01Z date"),
    ("2000-01-01 date", "?", "2000-01-01+14:00 date"),
    ("2000-01-01Z date", "<", "2000-01-02 date"),
    # Times lie on one day, so that zones may carry them out of it.
    ("24:00:00 time", "=", "00:00:00 time"),
    ("24:00:00Z time", "<", "00:00:01Z time"),
    ("00:00:00+01:00 time", "<", "00:00:00Z time"),
    ("23:00:00-03:00 time", ">", "01:00:00Z time"),
    ("01:00:00Z time", "?", "02:00:00 time"),
    ("00:00:00Z time", "<", "14:00:01 time"),
    # Fragments of dates.
    ("1999 gYear", "<", "2000 gYear"),
    ("-0001 gYear", "<", "0000 gYear"),
    ("1999 gYear", "<", "2000Z gYear"),
    ("2000 gYear", "?", "2000Z gYear"),
    ("2000-01 gYearMonth", "<", "2000-02 gYearMonth"),
    ("--01 gMonth", "<", "--02 gMonth"),
    ("--02-29 gMonthDay", "<", "--03-01 gMonthDay"),
    ("--02-28 gMonthDay", "<", "--02-29 gMonthDay"),
    ("---01 gDay", "<", "---31 gDay"),
    ("---01 gDay", "?", "---01Z gDay"),
    ("---15Z gDay", "=", "---15+00:00 gDay"),
    ("--01 gMonth", "?", "---01 gDay"),
    # Durations: XSD 1.0 3.2.6.2's table.
    ("P1Y duration", ">", "P364D duration"),
    ("P1Y duration", "?", "P365D duration"),
    ("P1Y duration", "?", "P366D duration"),
    ("P1Y duration", "<", "P367D duration"),
    ("P1M duration", ">", "P27D duration"),
    ("P1M duration", "?", "P28D duration"),
    ("P1M duration", "?", "P29D duration"),
    ("P1M duration", "?", "P30D duration"),
    ("P1M duration", "?", "P31D duration"),
    ("P1M duration", "<", "P32D duration"),
    ("P5M duration", ">", "P149D duration"),
    ("P5M duration", "?", "P150D duration"),
    ("P5M duration", "?", "P153D duration"),
    ("P5M duration", "<", "P154D duration"),
    # Longest from July and August, and from March to October, 1903.
    ("P2M duration", "?", "P62D duration"),
    ("P8M duration", "?", "P245D duration"),
    ("P1Y duration", "=", "P12M duration"),
    ("P1D duration", "=", "PT24H duration"),
    ("PT1M duration", "=", "PT60S duration"),
    ("-P1M duration", "<", "P0D duration"),
    ("-P1M duration", "?", "-P30D duration"),
    ("-P1M duration", ">", "-P32D duration"),
    ("P12M yearMonthDuration", "=", "P1Y duration"),
    ("P1M yearMonthDuration", ">", "P27D dayTimeDuration"),
    ("PT0.1S duration", "<", "PT0.11S dayTimeDuration"),
    ("PT0S duration", "=", "-P0M duration"),
]

TRUTH = {"<": (True, True, False, False), ">": (False, False, True, True)}
TRUTH |= {"=": (False, True, False, True), "?": (False, False, False, False)}


def parsed(text: str) -> Literal:
    form, name = text.rsplit(" ", 1)
    return typed(name, form)


@pytest.mark.parametrize(("left", "operator", "right"), ORDER)
def test_order(left: str, operator: str, right: str) -> None:
    a, b = parsed(left), parsed(right)
    actual = (less(a, b), less_or_equal(a, b), less(b, a), less_or_equal(b, a))
    assert actual == TRUTH[operator]


def test_language_tagged_strings_have_no_order() -> None:
    tagged = literal("a", language="en")
    assert not less_or_equal(tagged, tagged)
    assert not less(tagged, literal("b"))
    assert less(literal("a"), typed("string", "b"))


def test_terms_keep_their_forms() -> None:
    for name, form in [
        ("integer", "01"),
        ("boolean", "1"),
        ("token", " a  b "),
        ("normalizedString", "a\tb"),
        ("double", "1.50E0"),
        ("dateTime", "2000-01-01T24:00:00"),
    ]:
        assert str(typed(name, form)) == form
        assert typed(name, form).datatype == XSD[name]
    assert isinstance(typed("integer", "1").value, int)
    assert typed("integer", "01") != typed("integer", "1")
    assert typed("string", "a") == literal("a") != literal("a", language="en")


def test_documents_keep_forms_and_share_no_blank_nodes() -> None:
    text = f'_:b <urn:p> 01, +1, 1.50, 1E0, "1"^^<{XSD["boolean"]}> .'
    first, second = load(text), load(text)
    assert sorted(map(str, first.objects())) == ["+1", "01", "1", "1.50", "1E0"]
    assert set(first.subjects()).isdisjoint(second.subjects())
    assert len(set(first.subjects())) == 1


@given(st.fractions() | st.floats(allow_nan=False, allow_infinity=False).map(Fraction))
def test_binary64_is_the_platforms_rounding(number: Fraction) -> None:
    try:
        expected = number.numerator / number.denominator
    except OverflowError:
        expected = math.copysign(math.inf, number)
    assert binary64(number) == expected


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_binary32_keeps_floats_and_rounds_to_neighbours(single: float) -> None:
    exact = Fraction(single)
    assert binary32(exact) == single
    (bits,) = struct.unpack("<I", struct.pack("<f", abs(single)))
    (above,) = struct.unpack("<f", struct.pack("<I", bits + 1))
    if math.isfinite(above):
        gap = Fraction(above) - abs(exact)
        assert binary32(abs(exact) + gap * Fraction(49, 100)) == abs(single)
        assert binary32(abs(exact) + gap * Fraction(51, 100)) == above
        assert binary32(abs(exact) + gap / 2) == (abs(single) if bits % 2 == 0 else above)


ZONES = st.sampled_from(["", "", "Z", "+14:00", "-14:00", "+05:30"])
DATES = st.dates().map(str)
TIMES = st.times().map(str)
MOMENTS = st.builds(lambda date, time, zone: f"{date}T{time}{zone}", DATES, TIMES, ZONES)
SAMPLES = (
    MOMENTS.map(lambda form: typed("dateTime", form)),
    st.builds(lambda date, zone: typed("date", date + zone), DATES, ZONES),
    st.builds(lambda time, zone: typed("time", time + zone), TIMES, ZONES),
    st.builds(
        lambda sign, months, days, hours: typed("duration", f"{sign}P{months}M{days}DT{hours}H"),
        st.sampled_from(["", "-"]),
        st.integers(0, 20),
        st.integers(0, 700),
        st.integers(0, 50),
    ),
)


@given(st.one_of(*(st.lists(kind, min_size=3, max_size=3) for kind in SAMPLES)))
def test_dates_times_and_durations_are_partially_ordered(samples: list[Literal]) -> None:
    a, b, c = samples
    assert not less(a, a)
    assert less_or_equal(a, a)
    assert not (less(a, b) and less_or_equal(b, a))
    if less(a, b) and less(b, c):
        assert less(a, c)


@given(
    st.datetimes(timezones=st.just(timezone.utc)),
    st.datetimes(timezones=st.timezones()),
)
def test_zoned_moments_are_ordered_as_python_orders_them(left: datetime, right: datetime) -> None:
    offset = right.utcoffset()
    assume(offset is not None and offset.total_seconds() % 60 == 0)
    a, b = typed("dateTime", left.isoformat()), typed("dateTime", right.isoformat())
    assert less(a, b) == (left < right)
    assert less_or_equal(a, b) == (left <= right)
