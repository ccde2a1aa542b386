# SPDX-License-Identifier: Apache-2.0
"""Canonical lexical forms: XML Schema's own examples, the reference's forms, and their length."""

from __future__ import annotations

import ctypes
import re
import struct

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cns_build import xsd
from tests import structs
from tests.reference import lexical
from tests.runtime import native
from tests.runtime.native import TAGS, string
from tests.structs import NO_ZONE, DateTime, Decimal, Duration, Str

SIZE = int(re.findall(r"#define CNS_LEXICAL_SIZE (\d+)", native.HEADER)[0])
MOMENTS = [row for row in native.rows("DATATYPES") if row[1] == "datetime"]
SPANS = [row for row in native.rows("DATATYPES") if row[1] == "duration"]
int64s = st.integers(*native.INT64)
int32s = st.integers(-(2**31), 2**31 - 1)
# Values of the least and the most digits, which random ones hardly ever are.
edges = st.sampled_from([0, 1, -1, 9, 10, 86399, 86400, -86400, *native.INT64])


def written(cns: ctypes.CDLL, name: str, *arguments: object) -> str:
    """Return the text that cns_<name>_text writes, checking that its buffer is not overrun."""
    buffer = ctypes.create_string_buffer(b"\xa5" * (SIZE + 8), SIZE + 8)
    text = getattr(cns, f"cns_{name}_text")(*arguments, buffer)
    assert isinstance(text, Str)
    assert buffer.raw[SIZE:] == b"\xa5" * 8
    assert text.length <= SIZE
    return text.text().decode("ascii")


def write_datetime(cns: ctypes.CDLL, tag: str, value: DateTime) -> str:
    return written(cns, "datetime", value, ctypes.c_int(TAGS[tag]))


def write_duration(cns: ctypes.CDLL, tag: str, value: Duration) -> str:
    return written(cns, "duration", value, ctypes.c_int(TAGS[tag]))


# ---- Tables: XML Schema 1.1 part 2, sections 3.3 and 3.4, and appendix E --------------------


@pytest.mark.parametrize(
    ("number", "form"),
    [
        (0.0, "0.0E0"),
        (-0.0, "-0.0E0"),
        (1.0, "1.0E0"),
        (-1.5, "-1.5E0"),
        (100.0, "1.0E2"),
        (0.1, "1.0E-1"),
        (130.5, "1.305E2"),
        (12345678.9, "1.23456789E7"),
        (1e21, "1.0E21"),
        (2.0**-1074, "5.0E-324"),
        (2.0**-1022, "2.2250738585072014E-308"),
        (1.7976931348623157e308, "1.7976931348623157E308"),
        (9007199254740993.0, "9.007199254740992E15"),
        (float("inf"), "INF"),
        (-float("inf"), "-INF"),
        (float("nan"), "NaN"),
    ],
)
def test_doubles(cns: ctypes.CDLL, number: float, form: str) -> None:
    assert written(cns, "double", ctypes.c_double(number)) == form


@pytest.mark.parametrize(
    ("bits", "form"),
    [
        (0x00000000, "0.0E0"),
        (0x80000000, "-0.0E0"),
        (0x3DCCCCCD, "1.0E-1"),
        (0x00000001, "1.0E-45"),
        (0x00800000, "1.1754944E-38"),
        (0x7F7FFFFF, "3.4028235E38"),
        (0x4B800000, "1.6777216E7"),
        (0x7F800000, "INF"),
        (0xFF800000, "-INF"),
        (0x7FC00000, "NaN"),
        (0xFF800001, "NaN"),
    ],
)
def test_floats(cns: ctypes.CDLL, bits: int, form: str) -> None:
    number = struct.unpack("<f", struct.pack("<I", bits))[0]
    if bits == 0xFF800001:  # Python may turn one NaN into another
        number = float("nan")
    assert written(cns, "float", ctypes.c_float(number)) == form


@pytest.mark.parametrize(
    ("unscaled", "scale", "form"),
    [
        (0, 0, "0"),
        (0, 18, "0"),
        (3, 0, "3"),
        (300, 2, "3"),
        (210, 2, "2.1"),
        (-1, 1, "-0.1"),
        (5, 18, "0.000000000000000005"),
        (-(2**63), 18, "-9.223372036854775808"),
        (-(2**63), 0, "-9223372036854775808"),
        (1, 19, "invalid"),
        (1, -1, "invalid"),
    ],
)
def test_decimals(cns: ctypes.CDLL, unscaled: int, scale: int, form: str) -> None:
    assert written(cns, "decimal", Decimal(unscaled, scale)) == form


@pytest.mark.parametrize(
    ("tag", "value", "form"),
    [
        ("DATE_TIME", DateTime(0, 0, 0), "1970-01-01T00:00:00Z"),
        ("DATE_TIME", DateTime(0, 0, NO_ZONE), "1970-01-01T00:00:00"),
        ("DATE_TIME", DateTime(1709210096, 500_000_000, -330), "2024-02-29T07:04:56.5-05:30"),
        ("DATE_TIME", DateTime(-62167219201, 1, NO_ZONE), "-0001-12-31T23:59:59.000000001"),
        ("DATE_TIME", DateTime(-62167219200, 0, 0), "0000-01-01T00:00:00Z"),
        ("DATE_TIME", DateTime(253402300800, 0, 0), "10000-01-01T00:00:00Z"),
        ("DATE_TIME", DateTime(0, 10**9, 0), "invalid"),
        ("DATE_TIME", DateTime(0, 0, 841), "invalid"),
        ("DATE_TIME_STAMP", DateTime(0, 0, 840), "1970-01-01T14:00:00+14:00"),
        ("DATE_TIME_STAMP", DateTime(0, 0, NO_ZONE), "invalid"),
        ("DATE", DateTime(86400, 0, NO_ZONE), "1970-01-02"),
        ("DATE", DateTime(-3600, 0, 60), "1970-01-01+01:00"),
        ("DATE", DateTime(1, 0, NO_ZONE), "invalid"),
        ("TIME", DateTime(13 * 3600 + 5, 250_000_000, NO_ZONE), "13:00:05.25"),
        ("TIME", DateTime(86400, 0, NO_ZONE), "invalid"),
        ("G_YEAR", DateTime(946684800, 0, NO_ZONE), "2000"),
        ("G_YEAR_MONTH", DateTime(951868800, 0, 0), "2000-03Z"),
        ("G_MONTH", DateTime(65750400, 0, NO_ZONE), "--02"),
        ("G_MONTH_DAY", DateTime(68169600, 0, NO_ZONE), "--02-29"),
        ("G_DAY", DateTime(63158400, 0, NO_ZONE), "---02"),
    ],
)
def test_times(cns: ctypes.CDLL, tag: str, value: DateTime, form: str) -> None:
    assert write_datetime(cns, tag, value) == form


@pytest.mark.parametrize(
    ("tag", "months", "seconds", "nanoseconds", "form"),
    [
        ("DURATION", 0, 0, 0, "PT0S"),
        ("YEAR_MONTH_DURATION", 0, 0, 0, "P0M"),
        ("DAY_TIME_DURATION", 0, 0, 0, "PT0S"),
        ("DURATION", 14, 93784, 500_000_000, "P1Y2M1DT2H3M4.5S"),
        ("DURATION", -12, 0, 0, "-P1Y"),
        ("DURATION", 0, 86400, 0, "P1D"),
        ("DURATION", 0, 0, 500_000_000, "PT0.5S"),
        ("DURATION", 0, 60, 1, "PT1M0.000000001S"),
        ("DURATION", 1, -1, 0, "invalid"),
        ("DAY_TIME_DURATION", 1, 0, 0, "invalid"),
        ("YEAR_MONTH_DURATION", 1, 1, 0, "invalid"),
        ("YEAR_MONTH_DURATION", -25, 0, 0, "-P2Y1M"),
    ],
)
def test_durations(
    cns: ctypes.CDLL, tag: str, months: int, seconds: int, nanoseconds: int, form: str
) -> None:
    assert write_duration(cns, tag, Duration(seconds, months, nanoseconds)) == form


def test_booleans(cns: ctypes.CDLL) -> None:
    forms = [cns.cns_boolean_text(byte).text() for byte in (0, 1, 2, 255)]
    assert forms == [b"false", b"true", b"invalid", b"invalid"]


# ---- The reference's forms, over all values -------------------------------------------------


@given(number=int64s | edges)
def test_integers_are_as_in_python(cns: ctypes.CDLL, number: int) -> None:
    assert written(cns, "integer", ctypes.c_int64(number)) == str(number)
    natural = number % 2**64
    assert written(cns, "natural", ctypes.c_uint64(natural)) == str(natural)


@given(bits=st.integers(0, 2**64 - 1))
def test_every_double_has_the_form_of_the_reference(cns: ctypes.CDLL, bits: int) -> None:
    number = struct.unpack("<d", struct.pack("<Q", bits))[0]
    assert written(cns, "double", ctypes.c_double(number)) == lexical.double(number)


@given(bits=st.integers(0, 2**32 - 1))
def test_every_float_has_the_form_of_the_reference(cns: ctypes.CDLL, bits: int) -> None:
    number = struct.unpack("<f", struct.pack("<I", bits))[0]
    assert written(cns, "float", ctypes.c_float(number)) == lexical.single(number)


@given(unscaled=int64s | edges, scale=st.integers(-128, 127) | st.integers(0, 18))
def test_every_decimal_has_the_form_of_the_reference(
    cns: ctypes.CDLL, unscaled: int, scale: int
) -> None:
    form = lexical.decimal(unscaled, scale) or "invalid"
    assert written(cns, "decimal", Decimal(unscaled, scale)) == form


days = st.integers(-(10**14), 10**14).map(lambda day: day * 86400)


@given(
    row=st.sampled_from(MOMENTS),
    seconds=int64s | edges | days | st.integers(0, 86399),
    nanoseconds=st.sampled_from([0, 1, 999_999_999, 10**9]) | st.integers(0, 2**32 - 1),
    zone=st.sampled_from([NO_ZONE, 0, 840, -840, 841]) | st.integers(-(2**15), 2**15 - 1),
)
def test_every_time_has_the_form_of_the_reference(
    cns: ctypes.CDLL, row: tuple[str, ...], seconds: int, nanoseconds: int, zone: int
) -> None:
    tag, _, name = row
    own = None if zone == NO_ZONE else zone
    form = lexical.instant(name, seconds, nanoseconds, own) or "invalid"
    assert write_datetime(cns, tag, DateTime(seconds, nanoseconds, zone)) == form
    assert form == "invalid" or is_as_long_as_said(name, form)


def is_as_long_as_said(name: str, form: str) -> bool:
    least, most = xsd.form_lengths(name)
    return least <= len(form) <= most


@given(
    row=st.sampled_from(SPANS),
    months=int32s,
    seconds=int64s | edges,
    nanoseconds=st.integers(-(10**9), 10**9) | st.just(0),
    alike=st.booleans(),
)
def test_every_duration_has_the_form_of_the_reference(
    cns: ctypes.CDLL,
    row: tuple[str, ...],
    months: int,
    seconds: int,
    nanoseconds: int,
    alike: bool,
) -> None:
    if alike:  # all parts of one sign, as in valid durations
        months, seconds, nanoseconds = -abs(months), -abs(seconds), -abs(nanoseconds)
        seconds = max(seconds, native.INT64[0])
    tag, _, name = row
    form = lexical.duration(name, months, seconds, nanoseconds) or "invalid"
    assert write_duration(cns, tag, Duration(seconds, months, nanoseconds)) == form
    assert form == "invalid" or is_as_long_as_said(name, form)


# ---- The longest form -----------------------------------------------------------------------


def longest_forms(cns: ctypes.CDLL) -> dict[str, str]:
    """Return the longest form of each kind of value: most digits in every part."""
    return {
        "boolean": "invalid",
        "integer": written(cns, "integer", ctypes.c_int64(-(2**63))),
        "natural": written(cns, "natural", ctypes.c_uint64(2**64 - 1)),
        "float": written(cns, "float", ctypes.c_float(-1.17549435e-38)),
        "double": written(cns, "double", ctypes.c_double(-2.2250738585072014e-308)),
        "decimal": written(cns, "decimal", Decimal(-(2**63), 18)),
        "time": write_datetime(cns, "DATE_TIME", DateTime(-(2**63), 999_999_999, -840)),
        # 178956969 years and 11 months; 106751991167299 days and 23:59:59.
        "duration": write_duration(
            cns,
            "DURATION",
            Duration(-(106751991167299 * 86400 + 86399), -(178956969 * 12 + 11), -999_999_999),
        ),
    }


def test_the_buffer_is_as_long_as_the_longest_form(cns: ctypes.CDLL) -> None:
    lengths = {kind: len(form) for kind, form in longest_forms(cns).items()}
    assert lengths == {
        "boolean": 7,
        "integer": 20,
        "natural": 20,
        "float": 14,
        "double": 24,
        "decimal": 21,
        "time": 44,
        "duration": 51,
    }
    assert max(lengths.values()) == SIZE


@settings(max_examples=400)
@given(
    months=st.integers(-(2**31), 0),
    seconds=st.integers(-(2**63), 0),
    nanoseconds=st.integers(-(10**9) + 1, 0),
)
@example(months=-(2**31), seconds=-(2**63), nanoseconds=-999_999_999)
def test_no_duration_is_longer(
    cns: ctypes.CDLL, months: int, seconds: int, nanoseconds: int
) -> None:
    assert len(write_duration(cns, "DURATION", Duration(seconds, months, nanoseconds))) <= SIZE


# ---- Terms ----------------------------------------------------------------------------------


def test_text_of_terms(cns: ctypes.CDLL) -> None:
    def text(tag: str, **members: object) -> bytes:
        term = structs.Term(tag=TAGS[tag])
        for name, value in members.items():
            setattr(term.as_, name, value)
        buffer = ctypes.create_string_buffer(SIZE)
        found = cns.cns_term_text(ctypes.byref(term), buffer)
        assert isinstance(found, Str)
        return found.text()

    assert text("STRING", string=string("a\0é")) == "a\0é".encode()
    assert text("ANY_URI", string=string("a:b")) == b"a:b"
    assert (
        text("LANG_STRING", langstr=structs.LangStr(string("hé"), string("en"))) == "hé".encode()
    )
    assert text("TYPED", typed=structs.TypedStr(string("POINT (1 2)"), 3)) == b"POINT (1 2)"
    assert text("BOOLEAN", boolean=1) == b"true"
    assert text("BYTE", integer=-300) == b"-300"
    assert text("POSITIVE_INTEGER", natural=0) == b"0"
    assert text("FLOAT", single=0.1) == b"1.0E-1"
    assert text("DOUBLE", real=0.1) == b"1.0E-1"
    assert text("DECIMAL", decimal=Decimal(250, 2)) == b"2.5"
    assert text("G_YEAR", datetime=DateTime(946684800, 0, NO_ZONE)) == b"2000"
    assert text("G_DAY", datetime=DateTime(946684800, 0, NO_ZONE)) == b"invalid"
    assert text("YEAR_MONTH_DURATION", duration=Duration(0, 5, 0)) == b"P5M"
    assert text("NODE", node=structs.RefStruct(id=2**32 - 1)) == b"urn:cns:id:4294967295"
    assert text("NODE", node=structs.RefStruct(id=0)) == b""
    assert text("NONE") == b""
    invalid = structs.Term(tag=255)
    assert cns.cns_term_text(ctypes.byref(invalid), ctypes.create_string_buffer(SIZE)).length == 0
