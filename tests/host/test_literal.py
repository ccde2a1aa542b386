# SPDX-License-Identifier: Apache-2.0
"""Literals of any size: read and compared in C as the reference does."""

from __future__ import annotations

import ctypes
import itertools
import locale
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Literal

from tests.host.literals import (
    FORMS,
    GROUPS,
    NAME_EDGES,
    Read,
    Value,
    build,
    datatype,
    decimal_text,
    literals,
    read,
    typed,
)
from tests.reference.terms import RDF, XSD
from tests.reference.values import is_well_typed, less, less_or_equal
from tests.runtime import toolchain
from tests.runtime.native import EQUAL, GREATER, LESS, UNORDERED, rows, string
from tests.structs import Str
from tests.test_reference_values import LEXICAL, ORDER, parsed

MIRRORED = {LESS: GREATER, GREATER: LESS, EQUAL: EQUAL, UNORDERED: UNORDERED}
SIGNS = {"<": LESS, "=": EQUAL, ">": GREATER, "?": UNORDERED}


@pytest.fixture(scope="session")
def host(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    return build(tmp_path_factory.mktemp("literal"))


def order_of(a: Literal, b: Literal) -> int:
    """Return what the reference says, which knows two relations."""
    if less_or_equal(a, b) and less_or_equal(b, a):
        return EQUAL
    return LESS if less(a, b) else GREATER if less(b, a) else UNORDERED


# ---- Datatypes -----------------------------------------------------------------------------


def test_datatypes_by_their_iris(host: ctypes.CDLL) -> None:
    names = [*(row[2] for row in rows("DATATYPES")), *sorted(FORMS)]
    found = {name: datatype(host, XSD[name]) for name in names}
    assert 0 not in found.values()
    assert len(set(found.values())) == len(found) == 47
    assert datatype(host, RDF["langString"]) not in (0, *found.values())
    for other in ("", "byte", f"{XSD}", f"{XSD}Byte", f"{XSD}bytes", f"{RDF}byte", f"{XSD}byt"):
        assert datatype(host, other) == 0, other


def test_what_has_no_order(host: ctypes.CDLL) -> None:
    def read(iri: str) -> Value:
        value: Value = host.cns_literal_read(datatype(host, iri), string(b"128"))
        return value

    for value, well_typed in [
        (host.cns_literal_tagged(), True),
        (read(RDF["langString"]), False),
        (read("http://example.org/datatype"), True),
        (read(XSD["anyURI"]), True),
        (read(XSD["byte"]), False),
    ]:
        assert value.well_typed == well_typed
        same = ctypes.byref(value)
        assert host.cns_literal_compare(same, same) == UNORDERED


def test_no_text_is_empty_text(host: ctypes.CDLL) -> None:
    for name in FORMS:
        value = host.cns_literal_read(datatype(host, XSD[name]), Str(None, 0))
        assert value.well_typed == is_well_typed(typed(name, "")), name


# ---- Against the reference -----------------------------------------------------------------


@pytest.mark.parametrize(("name", "valid", "invalid"), LEXICAL, ids=[row[0] for row in LEXICAL])
def test_forms_by_hand(host: ctypes.CDLL, name: str, valid: str, invalid: str) -> None:
    for form in valid.split(" "):
        assert Read(host, name, form).value.well_typed, form
    for form in invalid.split("|") if invalid else []:
        assert not Read(host, name, form).value.well_typed, form


@pytest.mark.parametrize(
    ("name", "valid", "invalid"),
    [
        ("byte", ["0" * 999 + "127"], ["\0", "1\0", "9" * 99]),
        ("double", ["1E-0", "." + "0" * 999 + "1", "1e" + "0" * 999], ["0x1", "1e+", "INFINITY"]),
        ("dateTime", ["-0000-02-29T24:00:00.000-14:00"], ["-00001-01-01T00:00:00", "2000-1-1T0:"]),
        ("gMonthDay", ["--02-29"], ["--02-30", "--2-9", "-02-29", "---02-29"]),
        ("gYear", ["123456789"], ["012345", "--2000", "2000+14:01", "2000Z ", "2000ZZ"]),
        (
            "duration",
            ["P" + "0" * 99 + "1Y"],
            ["P1H", "PT1D", "P1M1M", "PT1.5M", "PT1.S", "--P1D"],
        ),
        ("token", ["", "a b", "é"], [" ", "a\r", " a", "a  b"]),
        ("NMTOKENS", ["a 1 -"], ["", " ", "a ", " a", "a\tb"]),
        ("ENTITIES", ["a b"], ["a 1", "a:b"]),
        ("NOTATION", ["a:b"], ["a:b:", ":"]),
        (
            "base64Binary",
            ["", "A A = ="],
            ["AAAA ", " AAAA", "AA  AA", "=", "====", "AI=="],
        ),
    ],
)
def test_tricky_forms(host: ctypes.CDLL, name: str, valid: list[str], invalid: list[str]) -> None:
    for form in [*valid, *invalid]:
        assert Read(host, name, form).value.well_typed == (form in valid), form
        assert is_well_typed(typed(name, form)) == (form in valid), form


# Half way between two doubles, with 768 digits behind its zeros; the upper double is even.
MOST_DIGITS = decimal_text(Fraction(2**54 - 1, 2**1075))
TRICKY = [
    ("-0 integer", "=", "0 byte"),
    ("+1 integer", "=", "01.00 decimal"),
    ("999999999999999999 integer", "<", "1000000000000000000 integer"),
    ("1000000000000000000 integer", "<", "1000000000000000000.1 decimal"),
    ("-1000000000000000000.1 decimal", "<", "-1000000000000000000 integer"),
    ("0.0000000000000000000000000001 decimal", ">", "0 integer"),
    ("-0.0000000000000000000000000001 decimal", "<", "0 integer"),
    ("0.000000000000000000000 decimal", "=", "-0 integer"),
    ("100000000000000000000000 integer", "=", "1E23 double"),
    ("1E23 double", "=", "99999999999999991611392 integer"),
    ("1E23 double", "<", "100000000000000000000001e0 double"),
    ("9007199254740992.9999999999999999999 decimal", "=", "9007199254740992 double"),
    ("9007199254740993.0000000000000000001 decimal", "=", "9007199254740994 double"),
    ("1E10 float", "=", "10000000000 integer"),
    ("33554433E10 float", "=", "33554432E10 float"),
    ("16777217E1 float", "=", "167772176 float"),
    ("3E13 float", "=", "30000000532480 integer"),
    ("17E11 float", "=", "1700000038912 float"),
    ("9.223372036854775807 decimal", "<", "9.223372036854775808 decimal"),
    ("1.5 decimal", "<", "2 integer"),
    ("-1.5 decimal", ">", "-2 integer"),
    (f"{MOST_DIGITS} double", "=", f"{2.0**-1021!r} double"),
    (f"{MOST_DIGITS[:-1]}4999 double", "<", f"{2.0**-1021!r} double"),
    ("INF float", "?", "NaN double"),
    ("1E-400 double", "=", "-0 float"),
    ("2.4703282292062327E-324 double", "=", "0 double"),
    ("2.4703282292062328E-324 double", "=", "5E-324 double"),
    ("99999-12-31T24:00:00Z dateTime", "=", "100000-01-01T00:00:00Z dateTime"),
    ("-99999-01-01T00:00:00Z dateTime", "=", "-100000-12-31T24:00:00Z dateTime"),
    ("10000-01-01T00:00:00+14:00 dateTime", "<", "9999-12-31T10:00:00.1Z dateTime"),
    ("10000-01-01T00:00:00 dateTime", "?", "9999-12-31T10:00:00Z dateTime"),
    ("10000-01-01T00:00:00 dateTime", ">", "9999-12-31T09:59:59.9Z dateTime"),
    ("10000-01-01T00:00:00.1 dateTime", ">", "9999-12-31T10:00:00Z dateTime"),
    ("2000-01-01T00:00:00Z dateTimeStamp", "<", "2000-01-01T14:00:00.1 dateTime"),
    ("-9999 gYear", ">", "-10000 gYear"),
    ("-0000 gYear", "=", "0000 gYear"),
    ("P400Y duration", "=", "P146097D duration"),
    ("-P400Y duration", "=", "-P146097D duration"),
    ("P400Y duration", "<", "P146097DT0.1S duration"),
    ("P0M duration", "=", "-PT0.00S duration"),
    ("-PT0.1S duration", "<", "PT0.1S duration"),
    ("-PT0.2S duration", "<", "-PT0.1S duration"),
    ("-P1MT0.2S duration", "<", "-P1MT0.1S duration"),
    ("P10Y duration", "=", "P120M yearMonthDuration"),
    ("PT86400S duration", "=", "P1D dayTimeDuration"),
    ("P" + "9" * 99 + "Y duration", "<", "P1" + "0" * 99 + "Y duration"),
    ("P" + "9" * 99 + "Y12M duration", "=", "P1" + "0" * 99 + "Y duration"),
    ("P" + "9" * 99 + "Y duration", ">", "P" + "9" * 99 + "DT9999999H duration"),
    ("P" + "9" * 99 + "M30D duration", "?", "P1" + "0" * 99 + "M duration"),
    ("e string", "<", "é string"),
    ("a\0 string", "<", "a\0\0 string"),
]


@pytest.mark.parametrize(("left", "sign", "right"), [*ORDER, *TRICKY])
def test_order_by_hand(host: ctypes.CDLL, left: str, sign: str, right: str) -> None:
    a, b = parsed(left), parsed(right)
    x, y = read(host, a), read(host, b)
    assert order_of(a, b) == SIGNS[sign]
    assert x.compare(y) == SIGNS[sign]
    assert y.compare(x) == MIRRORED[SIGNS[sign]]


@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(GROUPS).flatmap(lambda names: st.lists(literals(names), max_size=4)))
def test_literals_are_those_of_the_reference(host: ctypes.CDLL, samples: list[Literal]) -> None:
    values = [(literal, read(host, literal)) for literal in samples]
    for literal, value in values:
        assert value.value.well_typed == is_well_typed(literal)
    for (a, x), (b, y) in itertools.product(values, repeat=2):
        assert x.compare(y) == order_of(a, b)


@given(st.sampled_from(sorted(FORMS)), st.text(max_size=6))
def test_any_text(host: ctypes.CDLL, name: str, text: str) -> None:
    literal = typed(name, text)
    assert read(host, literal).value.well_typed == is_well_typed(literal)


@pytest.mark.parametrize("name", ["NMTOKEN", "Name", "NCName", "QName"])
def test_characters_of_names(host: ctypes.CDLL, name: str) -> None:
    for character in NAME_EDGES:
        for form in (character, f"a{character}"):
            literal = typed(name, form)
            assert read(host, literal).value.well_typed == is_well_typed(literal), repr(form)


@pytest.mark.parametrize(
    "data", [b"\xff", b"a\xc3", b"\xed\xa0\x80", b"\xc0\xaf", b"a\xf4\x90\x80\x80", b"\x80"]
)
def test_names_are_utf_8(host: ctypes.CDLL, data: bytes) -> None:
    for name in ("NMTOKEN", "Name", "NCName", "IDREFS", "QName"):
        datatype = host.cns_datatype_named(string(str(XSD[name]).encode()))
        assert not host.cns_literal_read(datatype, string(data)).well_typed


# ---- Long ones: what is not linear does not end here ---------------------------------------

MANY = 10**6
NINES, ZEROS = "9" * MANY, "0" * MANY
YEAR = f"1{ZEROS}-01-01T00:00:00Z"
HALF = "9007199254740993"  # between two doubles; the even one is 1 less
LONG = [
    (NINES, "integer", "<", f"1{ZEROS}", "integer"),
    (f"{ZEROS}1", "integer", "=", "1", "byte"),
    (f"{NINES}2", "integer", ">", f"{NINES}1.9", "decimal"),
    (f"1.{ZEROS}1", "decimal", ">", "1", "integer"),
    (f".{ZEROS}", "decimal", "=", "0", "double"),
    (NINES, "integer", "=", "INF", "double"),
    (f"1{ZEROS}E-{MANY}", "float", "=", "1", "integer"),
    (f".{ZEROS}{HALF}E{MANY + 16}", "double", "=", "9007199254740992", "double"),
    (f"{HALF}{ZEROS}E-{MANY}", "double", "=", "9007199254740992", "double"),
    (f"{HALF}{ZEROS}1E-{MANY + 1}", "double", "=", "9007199254740994", "double"),
    (f"1E{NINES}", "double", "=", "INF", "float"),
    (f"{NINES}-12-31T24:00:00Z", "dateTime", "=", YEAR, "dateTime"),
    (f"{NINES}-12-31T23:00:00", "dateTime", "?", YEAR, "dateTime"),
    (f"00:00:00.{NINES}", "time", "<", "00:00:01", "time"),
    (f"P{NINES}Y12M", "duration", "=", f"P1{ZEROS}Y", "duration"),
    (f"P{NINES}M27D", "duration", "<", f"P1{ZEROS}M", "duration"),
    (f"PT0.{ZEROS}1S", "duration", ">", "P0Y", "duration"),
    (f"x{NINES}", "NCName", "<", f"x{NINES}0", "string"),
]


@pytest.mark.parametrize("row", LONG, ids=range(len(LONG)))
def test_a_million_letters(host: ctypes.CDLL, row: tuple[str, str, str, str, str]) -> None:
    left, left_name, sign, right, right_name = row
    x, y = Read(host, left_name, left), Read(host, right_name, right)
    assert x.value.well_typed
    assert y.value.well_typed
    assert x.compare(y) == SIGNS[sign]
    assert y.compare(x) == MIRRORED[SIGNS[sign]]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("NMTOKENS", "a " * MANY),
        ("token", "a " * MANY),
        ("base64Binary", "AA = =" * MANY),
        ("duration", f"P{NINES}Y{NINES}Y"),
        ("dateTime", f"{NINES}-02-30T00:00:00"),
        ("double", f"1E+{NINES}."),
        ("long", NINES),
    ],
)
def test_a_million_letters_and_a_fault(host: ctypes.CDLL, name: str, form: str) -> None:
    assert not Read(host, name, form).value.well_typed


# ---- The locale ----------------------------------------------------------------------------


def test_the_locale_is_not_asked(
    host: ctypes.CDLL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tmp_path / "de_DE.UTF-8"
    command = [toolchain.need("localedef"), "-i", "de_DE", "-f", "UTF-8", str(made)]
    subprocess.run(command, capture_output=True)
    monkeypatch.setenv("LOCPATH", str(tmp_path))
    try:
        locale.setlocale(locale.LC_NUMERIC, made.name)
    except locale.Error:
        pytest.skip("localedef makes no de_DE.UTF-8, which has a decimal comma")
    try:
        assert locale.localeconv()["decimal_point"] == ","
        x, y = Read(host, "double", "1.23456789012345678"), Read(host, "double", "1.2")
    finally:
        locale.setlocale(locale.LC_NUMERIC, "C")
    assert x.compare(y) == GREATER
