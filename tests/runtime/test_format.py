# SPDX-License-Identifier: Apache-2.0
"""Violations as text: numbers that read back, dates as Python writes them, lines that fit."""

from __future__ import annotations

import ctypes
import datetime
import decimal
import random
import struct
from dataclasses import replace
from fractions import Fraction

import pytest

from tests import structs
from tests.runtime import native
from tests.runtime.native import string
from tests.runtime.text import Case, make_model, make_violation, value_text, write
from tests.structs import NO_ZONE, DateTime, Decimal, Duration, LangStr


def scalar(cns: ctypes.CDLL, tag: str, value: object) -> str:
    return value_text(cns, Case(value, tag=tag))


# ---- Floating point ------------------------------------------------------------------------


def digits_of(text: str) -> tuple[int, tuple[int, ...], int]:
    """Return sign, digits without zeros at the end, and exponent."""
    sign, digits, exponent = decimal.Decimal(text).normalize().as_tuple()
    assert isinstance(exponent, int)
    return sign, digits, exponent


def random_doubles(rng: random.Random, count: int) -> list[float]:
    """Return finite doubles: random bits, subnormals, powers of two and of ten, neighbours."""
    patterns = [rng.getrandbits(64) for _ in range(count)]
    patterns += [rng.getrandbits(1 + index % 53) for index in range(count // 10)]
    patterns += [(exponent << 52) + offset for exponent in range(2047) for offset in (-1, 0, 1)]
    patterns += [1, 2, 2**52, 2**52 - 1, 0x7FEFFFFFFFFFFFFF]
    numbers = [struct.unpack("<d", struct.pack("<Q", bits % 2**64))[0] for bits in patterns]
    numbers += [float(f"{sign}1e{power}") for power in range(-323, 309) for sign in ("", "-")]
    numbers += [round(rng.uniform(-1000, 1000), 2) for _ in range(count // 10)]
    return [number for number in numbers if abs(number) < float("inf") and number == number]


def write_doubles(cns: ctypes.CDLL, numbers: list[float]) -> list[str]:
    """Return the text of each, through one model and buffer."""
    value = ctypes.c_double()
    case = Case(value, tag="DOUBLE")
    model, violation = make_model(case), make_violation(case)
    buffer = ctypes.create_string_buffer(100)
    arguments = (ctypes.byref(model), ctypes.byref(violation), buffer, ctypes.c_size_t(100))
    texts = []
    for number in numbers:
        value.value = number
        cns.cns_violation_format(*arguments)
        texts.append(buffer.value.decode().split(": ")[1])
    return texts


def test_doubles_have_the_digits_of_python(cns: ctypes.CDLL) -> None:
    numbers = random_doubles(random.Random(100), 100_000)
    for number, text in zip(numbers, write_doubles(cns, numbers), strict=True):
        assert float(text) == number
        assert digits_of(text) == digits_of(repr(number)), number
        assert ("e" in repr(number)) == ("E" in text)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (130.5, "130.5"),
        (-0.0, "-0"),
        (0.0, "0"),
        (85.0, "85"),
        (0.1, "0.1"),
        (0.0001, "0.0001"),
        (0.00001, "1E-5"),
        (1e15, "1000000000000000"),
        (9007199254740993.0, "9007199254740992"),
        (1e16, "1E16"),
        (1.25e-7, "1.25E-7"),
        (5e-324, "5E-324"),
        (1.7976931348623157e308, "1.7976931348623157E308"),
        (float("inf"), "INF"),
        (-float("inf"), "-INF"),
        (float("nan"), "NaN"),
    ],
)
def test_notation_of_doubles(cns: ctypes.CDLL, number: float, text: str) -> None:
    assert scalar(cns, "DOUBLE", ctypes.c_double(number)) == text


def as_single(text: str) -> float | None:
    """Return the nearest single-precision number, or None when it is infinite."""
    try:
        number: float = struct.unpack("<f", struct.pack("<f", float(text)))[0]
    except OverflowError:
        return None
    return number


def test_floats_are_short_and_closest(cns: ctypes.CDLL) -> None:
    rng = random.Random(8)
    patterns = [rng.getrandbits(31) for _ in range(4_000)]
    patterns += [(exponent << 23) + offset for exponent in range(1, 255) for offset in (-1, 0, 1)]
    for bits in [*patterns, *range(1, 40)]:
        number: float = struct.unpack("<f", struct.pack("<I", bits))[0]
        if not abs(number) < float("inf"):
            continue
        text = scalar(cns, "FLOAT", ctypes.c_float(number))
        assert as_single(text) == number
        length = len(digits_of(text)[1])
        closest = f"{number:.{length - 1}e}"  # correctly rounded to as many digits
        if as_single(closest) == number:
            assert Fraction(text) == Fraction(closest)
        if length > 1:
            # No shorter one reads back: not even the two neighbours of that length.
            shorter = decimal.Decimal(f"{number:.{length - 2}e}")
            unit = decimal.Decimal(10) ** (shorter.adjusted() - length + 2)
            for candidate in (shorter - unit, shorter, shorter + unit):
                assert as_single(str(candidate)) != number


# ---- Other literals ------------------------------------------------------------------------

INT_TYPES = {
    "BYTE": ctypes.c_int8,
    "SHORT": ctypes.c_int16,
    "INT": ctypes.c_int32,
    "LONG": ctypes.c_int64,
    "UNSIGNED_BYTE": ctypes.c_uint8,
    "UNSIGNED_SHORT": ctypes.c_uint16,
    "UNSIGNED_INT": ctypes.c_uint32,
    "UNSIGNED_LONG": ctypes.c_uint64,
    "INTEGER": ctypes.c_int64,
    "NEGATIVE_INTEGER": ctypes.c_int64,
    "NON_POSITIVE_INTEGER": ctypes.c_int64,
    "NON_NEGATIVE_INTEGER": ctypes.c_uint64,
    "POSITIVE_INTEGER": ctypes.c_uint64,
}


@pytest.mark.parametrize("tag", INT_TYPES)
def test_integers(cns: ctypes.CDLL, tag: str) -> None:
    ctype = INT_TYPES[tag]
    for number in (-(2**63), -32769, -129, -1, 0, 1, 10, 127, 255, 65535, 2**31, 2**64 - 1):
        value = ctype(number)
        text = scalar(cns, tag, value).split()[-1]
        assert text == str(value.value)


def test_integers_out_of_range_are_ill_formed(cns: ctypes.CDLL) -> None:
    assert scalar(cns, "NEGATIVE_INTEGER", ctypes.c_int64(3)) == "ill-formed xsd:negativeInteger 3"
    assert (
        scalar(cns, "POSITIVE_INTEGER", ctypes.c_uint64(0)) == "ill-formed xsd:positiveInteger 0"
    )


def test_booleans(cns: ctypes.CDLL) -> None:
    texts = [scalar(cns, "BOOLEAN", ctypes.c_uint8(byte)) for byte in (0, 1, 7, 255)]
    assert texts == ["false", "true", "ill-formed xsd:boolean 7", "ill-formed xsd:boolean 255"]


def test_decimals_have_the_digits_of_python(cns: ctypes.CDLL) -> None:
    rng = random.Random(9)
    for _ in range(3_000):
        unscaled = rng.choice([-1, 1]) * rng.getrandbits(rng.randrange(1, 64))
        scale = rng.randrange(19)
        text = scalar(cns, "DECIMAL", Decimal(unscaled, scale))
        assert Fraction(text) == Fraction(unscaled, 10**scale)
        assert "E" not in text
        assert "." not in text or not text.endswith(("0", "."))


@pytest.mark.parametrize(
    ("unscaled", "scale", "text"),
    [
        (-(2**63), 18, "-9.223372036854775808"),
        (-(2**63), 0, "-9223372036854775808"),
        (-5, 1, "-0.5"),
        (5, 18, "0.000000000000000005"),
        (1300, 2, "13"),
        (0, 5, "0"),
        (12, 19, "ill-formed xsd:decimal 12E-19"),
        (-12, -128, "ill-formed xsd:decimal -12E128"),
    ],
)
def test_decimals(cns: ctypes.CDLL, unscaled: int, scale: int, text: str) -> None:
    assert scalar(cns, "DECIMAL", Decimal(unscaled, scale)) == text


def test_times_as_python_writes_them(cns: ctypes.CDLL) -> None:
    rng = random.Random(10)
    epoch = datetime.datetime(1970, 1, 1)
    for _ in range(3_000):
        local = datetime.datetime.fromordinal(rng.randrange(1, 3_652_059))
        local += datetime.timedelta(seconds=rng.randrange(86400), microseconds=rng.choice([0, 5]))
        zone = rng.choice([NO_ZONE, 0, 60, -840, 330])
        seconds = (local - epoch) // datetime.timedelta(seconds=1)
        value = DateTime(seconds - (0 if zone == NO_ZONE else zone * 60),
                         local.microsecond * 1000, zone)  # fmt: skip
        expected = local.isoformat()
        if local.microsecond:
            expected = expected.rstrip("0")
        if zone != NO_ZONE:
            delta = datetime.timezone(datetime.timedelta(minutes=zone))
            suffix = local.replace(tzinfo=delta).isoformat()[-6:]
            expected += "Z" if zone == 0 else suffix
        assert scalar(cns, "DATE_TIME", value) == expected


@pytest.mark.parametrize(
    ("tag", "seconds", "nanoseconds", "zone", "text"),
    [
        ("DATE_TIME", 0, 1, 0, "1970-01-01T00:00:00.000000001Z"),
        ("DATE_TIME_STAMP", -1, 500_000_000, 90, "1970-01-01T01:29:59.5+01:30"),
        ("DATE_TIME", -62167219200, 0, NO_ZONE, "0000-01-01T00:00:00"),
        ("DATE_TIME", -62167219201, 0, NO_ZONE, "-0001-12-31T23:59:59"),
        ("DATE_TIME", 2**63 - 1, 0, 840, "292277026596-12-05T05:30:07+14:00"),
        ("DATE_TIME", -(2**63), 0, -840, "-292277022657-01-26T18:29:52-14:00"),
        ("DATE", 68169600, 0, NO_ZONE, "1972-02-29"),
        ("DATE", 68169600 - 3600, 0, 60, "1972-02-29+01:00"),
        ("TIME", 3661, 0, NO_ZONE, "01:01:01"),
        ("TIME", -50400, 0, 840, "00:00:00+14:00"),
        ("G_YEAR", 63072000, 0, 0, "1972Z"),
        ("G_YEAR_MONTH", 65750400, 0, NO_ZONE, "1972-02"),
        ("G_MONTH", 65750400, 0, NO_ZONE, "--02"),
        ("G_MONTH_DAY", 68169600, 0, NO_ZONE, "--02-29"),
        ("G_DAY", 63072000 + 30 * 86400, 0, NO_ZONE, "---31"),
        ("DATE", 5, 0, NO_ZONE, "ill-formed xsd:date (seconds 5, nanoseconds 0, no zone)"),
        ("DATE_TIME", -5, 10**9, 900,
         "ill-formed xsd:dateTime (seconds -5, nanoseconds 1000000000, zone 900)"),
    ],
)  # fmt: skip
def test_times(
    cns: ctypes.CDLL, tag: str, seconds: int, nanoseconds: int, zone: int, text: str
) -> None:
    assert scalar(cns, tag, DateTime(seconds, nanoseconds, zone)) == text


@pytest.mark.parametrize(
    ("tag", "months", "seconds", "nanoseconds", "text"),
    [
        ("DURATION", 0, 0, 0, "PT0S"),
        ("YEAR_MONTH_DURATION", 0, 0, 0, "P0M"),
        ("DURATION", 14, 2 * 86400 + 3 * 3600 + 4 * 60 + 5, 600_000_000, "P1Y2M2DT3H4M5.6S"),
        ("DURATION", -12, -60, 0, "-P1YT1M"),
        ("DAY_TIME_DURATION", 0, 0, -1, "-PT0.000000001S"),
        ("DAY_TIME_DURATION", 0, 86400, 0, "P1D"),
        ("DURATION", -(2**31), -(2**63), 0, "-P178956970Y8M106751991167300DT15H30M8S"),
        ("DURATION", 1, -1, 0, "ill-formed xsd:duration (months 1, seconds -1, nanoseconds 0)"),
    ],
)
def test_durations(
    cns: ctypes.CDLL, tag: str, months: int, seconds: int, nanoseconds: int, text: str
) -> None:
    assert scalar(cns, tag, Duration(seconds, months, nanoseconds)) == text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", '""'),
        ("Grüße 😀".encode(), '"Grüße 😀"'),
        (b'say "x\\y"', r'"say \"x\\y\""'),
        (b"a\nb\tc\x00d\x7f", r'"a\nb\u0009c\u0000d\u007F"'),
        (b"\x1b[31m", r'"\u001B[31m"'),
        ("\x85".encode(), r'"\u0085"'),
        (b"\xff\xc3", r'"\xFF\xC3"'),
        (b"\xc0\xaf \xe0\x80\xaf \xed\xa0\x80 \xf4\x90\x80\x80",
         r'"\xC0\xAF \xE0\x80\xAF \xED\xA0\x80 \xF4\x90\x80\x80"'),
        (b"\xe2\x82x", r'"\xE2\x82x"'),
        ("\ud7ff\ue000\U0010ffff\u0800\U00010000".encode(),
         '"\ud7ff\ue000\U0010ffff\u0800\U00010000"'),
    ],
)  # fmt: skip
def test_strings(cns: ctypes.CDLL, data: bytes, text: str) -> None:
    assert scalar(cns, "STRING", string(data)) == text
    inline = ctypes.create_string_buffer(struct.pack("=H", len(data)) + data + b"tail")
    assert value_text(cns, Case(inline, form="INLINE", tag="STRING")) == text


def test_a_string_without_data(cns: ctypes.CDLL) -> None:
    assert scalar(cns, "STRING", structs.Str(None, 0)) == '""'
    assert scalar(cns, "STRING", structs.Str(None, 5)) == "NULL"


# ---- Terms and forms -----------------------------------------------------------------------


def test_language_and_other_datatypes(cns: ctypes.CDLL) -> None:
    langstr = LangStr(string("chat"), string("fr-CH"))
    assert value_text(cns, Case(langstr, form="LANG")) == '"chat"@fr-CH'
    typed = Case(string("x"), form="TYPED")
    assert value_text(cns, typed) == '"x"^^<http://example.org/my>'
    assert value_text(cns, replace(typed, terms=False)) == '"x"^^#3'


@pytest.mark.parametrize(
    ("size", "ctype"), [(1, ctypes.c_uint8), (2, ctypes.c_uint16), (4, ctypes.c_uint32)]
)
def test_enumerators(cns: ctypes.CDLL, size: int, ctype: type[ctypes.c_uint32]) -> None:
    # The type lists the term ids 3, 1, 2 for the enumerators 1, 2, 3.
    case = Case(ctype(2), form="ENUM", size=size)
    assert value_text(cns, case) == "<http://example.org/on>"
    assert value_text(cns, replace(case, value=ctype(3))) == '"off"@en'
    assert value_text(cns, replace(case, terms=False)) == "#1"
    for number in (0, 4, 2 ** (8 * size) - 1):
        wrong = replace(case, value=ctype(number))
        assert value_text(cns, wrong) == f"ill-formed enumerator {number}"


def test_nodes(cns: ctypes.CDLL) -> None:
    ref = Case(structs.RefStruct(1, 0, None), form="REF")
    assert value_text(cns, ref) == "<http://example.org/on>"
    assert value_text(cns, replace(ref, value=structs.RefStruct(4, 0, None))) == "#4"
    assert value_text(cns, replace(ref, value=structs.RefStruct(0, 0, None))) == "[]"
    assert value_text(cns, Case(ctypes.c_uint32(5), form="RECORD")) == "[]"
    assert value_text(cns, Case(ctypes.c_uint32(3), form="ID")) == "<http://example.org/my>"
    assert value_text(cns, Case(ctypes.c_uint16(3), form="LIST")) == "list of 3"


def test_terms(cns: ctypes.CDLL) -> None:
    term = structs.Term(native.TAGS["DECIMAL"])
    term.as_.decimal = Decimal(25, 1)
    assert value_text(cns, Case(term, form="TERM")) == "2.5"
    byte = structs.Term(native.TAGS["BYTE"])
    byte.as_.integer = 300
    assert value_text(cns, Case(byte, form="TERM")) == "ill-formed xsd:byte 300"
    assert value_text(cns, Case(structs.Term(0), form="TERM")) == "no term"
    assert value_text(cns, Case(structs.Term(200), form="TERM")) == "ill-formed term of tag 200"


def value_of(cns: ctypes.CDLL, case: Case) -> structs.Term:
    model, violation = make_model(case), make_violation(case)
    term: structs.Term = cns.cns_violation_value(ctypes.byref(model), ctypes.byref(violation))
    return term


def test_values_as_terms(cns: ctypes.CDLL) -> None:
    byte = value_of(cns, Case(ctypes.c_int8(-5), tag="BYTE"))
    assert (byte.tag, byte.as_.integer) == (native.TAGS["BYTE"], -5)
    enumerator = value_of(cns, Case(ctypes.c_uint8(1), form="ENUM", size=1))
    assert (enumerator.tag, enumerator.as_.node.id) == (native.TAGS["NODE"], 3)
    typed = value_of(cns, Case(string("x"), form="TYPED"))
    assert (typed.tag, typed.as_.typed.datatype) == (native.TAGS["TYPED"], 3)
    assert typed.as_.typed.lexical.data == b"x"
    held = ctypes.c_uint32(77)
    record = value_of(cns, Case(held, form="RECORD"))
    assert (record.as_.node.id, record.as_.node.record) == (0, ctypes.addressof(held))
    focus = value_of(cns, Case(form="FOCUS", focus_id=9))
    assert (focus.tag, focus.as_.node.id) == (native.TAGS["NODE"], 9)
    assert value_of(cns, Case(ctypes.c_uint8(9), form="ENUM", size=1)).tag == native.TAGS["NONE"]
    assert value_of(cns, Case(form="ABSENT")).tag == native.TAGS["NONE"]
    assert value_of(cns, Case(None, tag="INT")).tag == native.TAGS["NONE"]
    assert value_of(cns, Case(ctypes.c_uint8(1), tag="NONE")).tag == native.TAGS["NONE"]
    assert value_of(cns, Case(ctypes.c_uint8(1), tag="INT", check=3)).tag == native.TAGS["NONE"]


# ---- Lines ---------------------------------------------------------------------------------

HOT = Case(
    ctypes.c_double(130.5),
    tag="DOUBLE",
    path="ex:temperature",
    message="must be at most 85",
    shape="ex:ReadingShape",
)
LINE = "violation: ex:temperature 130.5: must be at most 85 [sh:maxInclusive in ex:ReadingShape]"


@pytest.mark.parametrize(
    ("case", "line"),
    [
        (HOT, LINE),
        (replace(HOT, severity=0), LINE.replace("violation", "info")),
        (replace(HOT, severity=1), LINE.replace("violation", "warning")),
        (replace(HOT, severity=3), LINE.replace("violation", "result")),
        (replace(HOT, severity=200), LINE.replace("violation", "result")),
        (replace(HOT, component=200), LINE.replace("sh:maxInclusive", "sh:?")),
        (replace(HOT, focus_id=1), LINE.replace(" ex:", " <http://example.org/on> ex:", 1)),
        (replace(HOT, focus_id=44), LINE.replace(" ex:", " #44 ex:", 1)),
        (replace(HOT, form="ABSENT"), LINE.replace(" 130.5", "")),
        (replace(HOT, value=None), LINE.replace(" 130.5", "")),
        (replace(HOT, texts=False), "violation: 130.5: check 2 [sh:maxInclusive]"),
        (replace(HOT, message=None, path=None, shape=None),
         "violation: 130.5: check 2 [sh:maxInclusive]"),
        (replace(HOT, form="FOCUS", path=""),
         LINE.replace("ex:temperature 130.5", "focus node")),
        (replace(HOT, form="FOCUS", path="", focus_id=7),
         LINE.replace("ex:temperature 130.5", "#7")),
        (replace(HOT, message="two\nlines"), LINE.replace("must be at most 85", r"two\nlines")),
        (replace(HOT, check=3), "unknown check 3"),
    ],
)  # fmt: skip
def test_lines(cns: ctypes.CDLL, case: Case, line: str) -> None:
    assert write(cns, case).decode() == line


def test_a_line_in_every_size(cns: ctypes.CDLL) -> None:
    case = replace(HOT, path="ex:größe")
    whole = write(cns, case).decode()
    for size in range(len(whole.encode()) + 3):
        line = write(cns, case, size).decode()  # no character is torn
        assert len(line.encode()) < max(size, 1)
        if size > len(whole.encode()):
            assert line == whole
        elif size > 3:
            assert line.endswith("…")
            assert whole.startswith(line[:-1])
            assert len(line.encode()) >= size - 3
        else:
            assert whole.startswith(line)


def test_a_long_value_makes_way_for_the_reason(cns: ctypes.CDLL) -> None:
    case = replace(HOT, value=string("ä" * 5000), tag="STRING")
    start, end = LINE.split("130.5")
    for size in range(len(LINE) + 40, len(LINE) + 300):
        line = write(cns, case, size).decode()
        assert line.startswith(start + '"ää')
        assert line.endswith("ä…" + end)
        assert size - 3 <= len(line.encode()) < size


def test_missing_arguments(cns: ctypes.CDLL) -> None:
    model, violation = make_model(HOT), make_violation(HOT)
    at, where = ctypes.byref(model), ctypes.byref(violation)
    buffer = ctypes.create_string_buffer(b"unchanged")
    size = ctypes.c_size_t(10)
    assert cns.cns_violation_format(at, where, None, size) == len(LINE)
    assert cns.cns_violation_format(at, where, buffer, ctypes.c_size_t(0)) == len(LINE)
    assert buffer.value == b"unchanged"
    assert cns.cns_violation_format(None, where, None, size) == 0
    assert cns.cns_violation_format(at, None, buffer, size) == 0
    assert buffer.value == b""


def test_words_for_statuses(cns: ctypes.CDLL) -> None:
    wanted = [row[1] for row in native.rows("STATUSES")]
    texts = [cns.cns_status_text(number).decode() for number in range(len(wanted) + 1)]
    assert texts == [*wanted, "unknown status"]
    assert cns.cns_status_text(-1) == b"unknown status"
