# SPDX-License-Identifier: Apache-2.0
"""XSD values at compile time: held to the reference, to struct and to Fraction."""

from __future__ import annotations

import math
import struct
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cns_build import xsd
from cns_build.backend.types import scalar_type
from cns_build.ir import program as ir
from cns_build.ir.record import Scalar
from cns_build.model import IRI, Literal
from cns_build.passes.static_facts import compare_scalar
from cns_build.vocabulary import XSD
from tests.reference import lexical as forms
from tests.reference import numbers, values
from tests.reference.terms import literal as term

OPS = ("<", "<=", ">", ">=")
UP, DOWN = math.inf, -math.inf


def make(lexical: str, datatype: str) -> Literal:
    return Literal(lexical, IRI(XSD + datatype))


def holds(left: Literal, op: str, right: Literal) -> bool:
    """The reference's answer to `left OP right`."""
    one, two = (term(v.lexical, v.datatype.value) for v in (left, right))
    match op:
        case "<":
            return values.less(one, two)
        case "<=":
            return values.less_or_equal(one, two)
        case ">":
            return values.less(two, one)
    return values.less_or_equal(two, one)


# Bounds of C types

INTEGER_BOUNDS = [
    *("0", "-1", "1", "5", "-128", "127", "255", "256", "65535", "16777217", "4294967295"),
    *("9007199254740993", "9223372036854775807", "-9223372036854775808", "9223372036854775808"),
    *("18446744073709551615", "18446744073709551616", "-99999999999999999999999"),
]
DECIMAL_BOUNDS = ["0.5", "-0.5", "4.999", "127.5", "-128.000000001", "255.5", "1.0"]
REAL_BOUNDS = [
    *("0", "-0.0", "0.1", "0.5", "-0.5", "5", "127.5", "16777217", "9007199254740993", "1e18"),
    *("9.3e18", "1.9e19", "1e-45", "1e-46", "-1e-46", "3.5e38", "1e300", "1e309"),
    *("INF", "-INF", "NaN"),
]
BOUNDS = [
    *(make(text, "integer") for text in INTEGER_BOUNDS),
    *(make(text, "decimal") for text in DECIMAL_BOUNDS),
    *(make(text, kind) for kind in ("float", "double") for text in REAL_BOUNDS),
    make("5", "byte"),
    make("300", "byte"),
    make("x", "integer"),
]


def inside(cond: ir.Cond, number: int | float) -> bool:
    """Whether a C number satisfies what compare_scalar made."""
    if isinstance(cond, ir.Const):
        return cond.truth
    assert isinstance(cond, ir.Interval)
    if number != number:
        return False
    above = cond.low is None or cond.low < number or (cond.low == number and not cond.low_open)
    below = cond.high is None or number < cond.high or (number == cond.high and not cond.high_open)
    return above and below


def integers_near(bound: Literal, low: int, high: int) -> list[int]:
    near = {low, low + 1, high - 1, high, 0, 1}
    value = xsd.parse(bound)
    if isinstance(value, xsd.Exact | xsd.Real) and math.isfinite(value.number):
        middle = math.floor(value.number)
        # Rounding to float and double blurs integers this far apart.
        for blur in (0, 1, 2, 1023, 1024, 1025, 2**32, 2**39, 2**40, 2**40 + 1):
            near |= {middle + blur, middle - blur}
    return sorted(n for n in near if low <= n <= high)


@pytest.mark.parametrize("name", xsd.INTEGER_BOUNDS)
def test_integers_against_every_kind_of_bound(name: str) -> None:
    low, high = xsd.INTEGER_BOUNDS[name]
    least, most = xsd.held_bounds(name)
    for bound in BOUNDS:
        for op in OPS:
            cond = compare_scalar(ir.Var(0, Scalar(name)), name, op, bound)
            for number in integers_near(bound, *xsd.held_bounds(name)):
                value = make(str(number), name)
                valid = (low is None or number >= low) and (high is None or number <= high)
                expected = valid and holds(value, op, bound)
                assert inside(cond, number) == expected, (number, op, bound)
    assert scalar_type(name).startswith("u") == (least == 0)
    assert most - least + 1 == 2 ** int(scalar_type(name).strip("uint_"))


def next_single(number: float, toward: float) -> float:
    return number if math.isinf(number) else xsd.next_single(number, toward > 0)


def reals_near(bound: Literal, name: str) -> list[float]:
    edges = [0.0, -0.0, 1.0, -1.0, UP, DOWN, math.nan]
    value = xsd.parse(bound)
    if not isinstance(value, xsd.Exact | xsd.Real) or value.number != value.number:
        return edges
    if name == "double":
        middle = xsd.promote(value, "double")
        return [*edges, middle, math.nextafter(middle, UP), math.nextafter(middle, DOWN)]
    finite = math.isfinite(value.number)
    middle = xsd.to_single(Fraction(value.number)) if finite else float(value.number)
    return [*edges, middle, next_single(middle, UP), next_single(middle, DOWN)]


@pytest.mark.parametrize("name", xsd.REALS)
def test_reals_against_every_kind_of_bound(name: str) -> None:
    write = forms.single if name == "float" else forms.double
    for bound in BOUNDS:
        for op in OPS:
            cond = compare_scalar(ir.Var(0, Scalar(name)), name, op, bound)
            for number in reals_near(bound, name):
                expected = holds(make(write(number), name), op, bound)
                assert inside(cond, number) == expected, (number, op, bound, cond)


@settings(derandomize=True, max_examples=300)
@given(
    st.floats(width=32, allow_nan=False),
    st.sampled_from(OPS),
    st.floats(width=64),
)
@example(float(2**24), "<", float(2**24) + 1)
def test_singles_against_doubles(number: float, op: str, bound: float) -> None:
    cond = compare_scalar(ir.Var(0, Scalar("float")), "float", op, make(form(bound), "double"))
    expected = {"<": number < bound, "<=": number <= bound, ">": number > bound}
    assert inside(cond, number) == expected.get(op, number >= bound)


def form(number: float) -> str:
    return {UP: "INF", DOWN: "-INF"}.get(number, "NaN" if number != number else repr(number))


def test_types_that_have_no_order_together_never_compare() -> None:
    var = ir.Var(0, Scalar("int"))
    assert compare_scalar(var, "int", "<", make("2020-01-01", "date")) == ir.FALSE
    assert compare_scalar(var, "int", "<", make("true", "boolean")) == ir.FALSE
    assert compare_scalar(var, "date", "<", make("2020-01-01T00:00:00", "dateTime")) == ir.FALSE
    assert compare_scalar(var, "decimal", "<", make("0.5", "double")) != ir.TRUE
    assert compare_scalar(var, "string", "<", make("5", "integer")) == ir.FALSE


# Rounding


@settings(derandomize=True, max_examples=300)
@given(st.fractions())
@example(Fraction(2**24 + 1))
@example(Fraction(2**128 - 2**103))
@example(Fraction(2**128 - 2**103 - 1))
@example(Fraction(1, 2**150))
@example(Fraction(1, 2**150) + Fraction(1, 2**300))
@example(1 + Fraction(1, 2**24) + Fraction(1, 2**60))
def test_rounding_to_single_is_one_step(number: Fraction) -> None:
    assert xsd.to_single(number) == numbers.binary32(number)


@given(st.floats(width=64, allow_nan=False, allow_infinity=False))
def test_rounding_doubles_to_single_is_the_machine_s(number: float) -> None:
    try:
        expected = struct.unpack("<f", struct.pack("<f", number))[0]
    except OverflowError:
        expected = math.copysign(UP, number)
    assert xsd.to_single(Fraction(number)) == expected


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_neighbours_have_nothing_between(number: float) -> None:
    above = xsd.next_single(number, up=True)
    assert above > number
    if math.isfinite(above):
        middle = (Fraction(number) + Fraction(above)) / 2
        assert xsd.to_single(middle) in (number, above)
        assert xsd.next_single(above, up=False) == number


# Parsing and order

REAL = r"[+-]?[0-9]{1,4}(\.[0-9]{0,4})?"
TEXTS = {
    "integer": st.from_regex(r"[+-]?[0-9]{1,25}", fullmatch=True),
    "byte": st.from_regex(r"[+-]?[0-9]{1,4}", fullmatch=True),
    "unsignedLong": st.from_regex(r"[+-]?[0-9]{1,21}", fullmatch=True),
    "decimal": st.from_regex(r"[+-]?([0-9]{1,12}(\.[0-9]{0,12})?|\.[0-9]{1,9})", fullmatch=True),
    "double": st.from_regex(REAL + r"([eE][+-]?[0-9]{1,3})?", fullmatch=True),
    "float": st.from_regex(REAL + r"([eE][+-]?[0-9]{1,2})?", fullmatch=True),
    "boolean": st.sampled_from(["true", "false", "1", "0", "True", ""]),
    "dateTime": st.from_regex(
        r"-?(19|20|00)[0-9]{2}-(0[1-9]|1[012])-([012][0-9]|3[01])T([01][0-9]|2[0-4]):[0-5]0:00"
        r"(\.[0-9]{1,9})?(Z|[+-](0[0-9]|1[0-4]):[03]0)?",
        fullmatch=True,
    ),
    "date": st.from_regex(r"(19|20)[0-9]{2}-0[1-9]-[0-3][0-9](Z|[+-]0[0-9]:30)?", fullmatch=True),
    "time": st.from_regex(r"([01][0-9]|2[0-5]):[0-5][0-9]:[0-5][0-9](Z|[+-]1[0-4]:00)?",
                          fullmatch=True),
    "gMonthDay": st.from_regex(r"--(0[1-9]|1[0-3])-[0-3][0-9]Z?", fullmatch=True),
    "duration": st.from_regex(
        r"-?P([0-9]{1,2}Y)?([0-9]{1,2}M)?([0-9]{1,3}D)?(T([0-9]{1,2}H)?([0-9]{1,2}M)?)?",
        fullmatch=True,
    ),
    "dayTimeDuration": st.from_regex(r"-?P([0-9]{1,3}D)?(T[0-9]{1,2}(\.[0-9]{1,9})?S)?",
                                     fullmatch=True),
    "yearMonthDuration": st.from_regex(r"-?P([0-9]{1,3}Y)?([0-9]{1,2}M)?", fullmatch=True),
}  # fmt: skip
LITERALS = st.sampled_from(sorted(TEXTS)).flatmap(
    lambda name: TEXTS[name].map(lambda text: make(text, name))
)


@settings(derandomize=True, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(LITERALS)
@example(make("2000-02-30T00:00:00", "dateTime"))
@example(make("1900-02-29T00:00:00", "dateTime"))
@example(make("2020-01-01T24:00:00Z", "dateTime"))
@example(make("2020-01-01T24:00:01Z", "dateTime"))
@example(make("P", "duration"))
@example(make("P1DT", "duration"))
@example(make("--02-30", "gMonthDay"))
def test_the_same_forms_are_valid_as_in_the_reference(value: Literal) -> None:
    expected = values.is_well_typed(term(value.lexical, value.datatype.value))
    assert (xsd.parse(value) is not None) == expected
    assert xsd.well_typed(value) == expected


@settings(derandomize=True, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(LITERALS, LITERALS)
def test_order_is_that_of_the_reference(left: Literal, right: Literal) -> None:
    order = xsd.compare(xsd.parse(left), xsd.parse(right))
    if {left.datatype, right.datatype} == {IRI(XSD + "boolean")}:
        assert (order is None) == (None in (xsd.parse(left), xsd.parse(right)))
    assert holds(left, "<", right) == (order == -1)
    assert holds(left, ">", right) == (order == 1)
    assert holds(left, "<=", right) == (order in (-1, 0))


@given(
    st.sampled_from(["dateTime", "date", "time", "duration"]).flatmap(
        lambda name: st.tuples(*[TEXTS[name].map(lambda text: make(text, name))] * 3)
    )
)
def test_order_of_times_is_transitive(three: tuple[Literal, Literal, Literal]) -> None:
    one, two, last = (xsd.parse(v) for v in three)
    if xsd.compare(one, two) == -1 and xsd.compare(two, last) == -1:
        assert xsd.compare(one, last) == -1


# Canonical forms


@settings(derandomize=True, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(LITERALS)
def test_canonical_forms_keep_the_value_and_are_final(value: Literal) -> None:
    text = xsd.canonical(value)
    if xsd.parse(value) is None:
        assert text is None
        return
    assert text is not None
    again = Literal(text, value.datatype)
    assert xsd.canonical(again) == text
    assert same(xsd.parse(again), xsd.parse(value))


def same(one: xsd.Value | None, two: xsd.Value | None) -> bool:
    """Equal, where 24:00 is 00:00 of the next day, and signs of zero count."""
    if isinstance(one, xsd.Real) and isinstance(two, xsd.Real):
        return struct.pack("<d", one.number) == struct.pack("<d", two.number)
    return one == two


@pytest.mark.parametrize(
    ("lexical", "datatype", "expected"),
    [
        ("+007", "integer", "7"),
        ("-0", "integer", "0"),
        ("1.50", "decimal", "1.5"),
        ("-0.0", "decimal", "0"),
        (".5", "decimal", "0.5"),
        ("1.0", "decimal", "1"),
        ("100", "double", "1.0E2"),
        ("-0", "double", "-0.0E0"),
        ("1e23", "double", "1.0E23"),
        ("0.1", "float", "1.0E-1"),
        ("16777217", "float", "1.6777216E7"),
        ("1e-45", "float", "1.0E-45"),
        ("+INF", "double", "INF"),
        ("1e400", "double", "INF"),
        ("-1e39", "float", "-INF"),
        ("1", "boolean", "true"),
        ("2020-01-01T24:00:00", "dateTime", "2020-01-02T00:00:00"),
        ("2020-01-01T12:00:00.500+00:00", "dateTime", "2020-01-01T12:00:00.5Z"),
        ("-0001-01-01T00:00:00", "dateTime", "-0001-01-01T00:00:00"),
        ("2020-01-01+05:30", "date", "2020-01-01+05:30"),
        ("24:00:00", "time", "00:00:00"),
        ("P1Y13M", "duration", "P2Y1M"),
        ("P0Y", "yearMonthDuration", "P0M"),
        ("-PT36H", "dayTimeDuration", "-P1DT12H"),
        ("PT0.50S", "duration", "PT0.5S"),
        ("x", "integer", None),
        ("128", "byte", None),
    ],
)
def test_canonical_forms(lexical: str, datatype: str, expected: str | None) -> None:
    assert xsd.canonical(make(lexical, datatype)) == expected


@given(st.floats(width=64, allow_nan=False, allow_infinity=False))
def test_doubles_have_the_fewest_digits(number: float) -> None:
    text = xsd.canonical(make(repr(number), "double"))
    assert text is not None
    assert text == forms.double(number)
    assert Decimal(text) == Decimal(repr(number))


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_singles_read_back(number: float) -> None:
    text = xsd.canonical(make(repr(number), "float"))
    assert text is not None
    assert struct.unpack("<f", struct.pack("<f", float(text)))[0] == number
    assert text == forms.single(number)


@given(st.integers(-5000, 9999), st.integers(1, 12), st.integers(1, 28))
def test_days_count_on(year: int, month: int, day: int) -> None:
    number = xsd.days_from_civil(year, month, day)
    if (1 < year < 9999) and month < 12:
        assert number == (date(year, month, day) - date(1970, 1, 1)).days
    # 400 years are 146097 days, in every direction.
    assert xsd.days_from_civil(year + 400, month, day) == number + 146097


@pytest.mark.parametrize(
    ("datatype", "shortest", "longest"),
    [
        ("boolean", "true", "false"),
        ("byte", "0", "-128"),
        ("unsignedByte", "0", "255"),
        ("long", "0", "-9223372036854775808"),
        ("unsignedLong", "0", "18446744073709551615"),
        ("float", "INF", "-1.1754944E-38"),
        ("double", "NaN", "-2.2250738585072014E-308"),
        ("decimal", "0", "-9.223372036854775808"),
        ("dateTime", "2000-01-01T00:00:00", "-292277022656-01-27T01:29:52.123456789-14:00"),
        ("dateTimeStamp", "2000-01-01T00:00:00Z", "-292277022656-01-27T01:29:52.123456789-14:00"),
        ("date", "2000-01-01", "-292277022656-01-28-14:00"),
        ("time", "00:00:00", "13:59:59.123456789+14:00"),
        ("gYear", "2000", "-292277022655-14:00"),
        ("gYearMonth", "2000-01", "-292277022656-02-14:00"),
        ("gMonth", "--01", "--01-14:00"),
        ("gMonthDay", "--01-01", "--01-01-14:00"),
        ("gDay", "---01", "---01-14:00"),
        ("duration", "P1Y", "-P178956969Y11M106751991167299DT23H59M59.999999999S"),
        ("dayTimeDuration", "P1D", "-P106751991167299DT23H59M59.999999999S"),
        ("yearMonthDuration", "P1Y", "-P178956969Y11M"),
    ],
)
def test_lengths_of_canonical_forms(datatype: str, shortest: str, longest: str) -> None:
    assert xsd.canonical(make(shortest, datatype)) == shortest
    assert xsd.canonical(make(longest, datatype)) == longest
    assert xsd.form_lengths(datatype) == (len(shortest), len(longest))
