# SPDX-License-Identifier: Apache-2.0
"""Values in C: constants, bounds, and the tests that a value of a C type is well-formed."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence

from cns_build import model as m
from cns_build import xsd
from cns_build.backend.cstring import c_integer, c_real, c_string
from cns_build.backend.ctext import joined, unwrap
from cns_build.backend.types import scalar_type, tag, term_member
from cns_build.ir.program import Interval
from cns_build.ir.record import LangString, Scalar, Tagged, ValueType


def text_of(type_: ValueType, value: str) -> str:
    """Return the cns_str of a value that is text."""
    match type_:
        case Scalar(_, inline) if inline is not None:
            return f"(cns_str){{ {value}.bytes, {value}.length }}"
        case LangString():
            return f"{value}.text"
    return value


def text_parts(type_: ValueType, value: str) -> tuple[str, str]:
    """Return the bytes of a text and their number."""
    match type_:
        case Scalar(_, inline) if inline is not None:
            return f"{value}.bytes", f"{value}.length"
        case LangString():
            return f"{value}.text.data", f"{value}.text.length"
    return f"{value}.data", f"{value}.length"


def text_arms(type_: Tagged) -> list[tuple[str, str]]:
    """Return tag and member of the arms of a tagged value that are text."""
    arms = []
    for arm in type_.arms:
        match arm:
            case Scalar(datatype) if datatype in xsd.TEXTS:
                arms.append((tag(datatype), "string"))
            case LangString():
                arms.append(("CNS_LANG_STRING", "langstr.text"))
    return arms


def writes(datatype: str) -> tuple[str, str, str]:
    """Return how a value of a datatype that is no text is written as text.

    That is a parameter, the cns_str of its text in `buffer`, and an argument with `{}` for the
    value: an integer of any width fits one parameter, and a bool is passed by its byte.
    """
    c_type, name = scalar_type(datatype), tag(datatype)
    match c_type:
        case "bool":
            return "unsigned value", "cns_boolean_text(value)", "cns_bool_byte(&{})"
        case "float" | "double":
            return f"{c_type} value", f"cns_{c_type}_text(value, buffer)", "{}"
        case "cns_decimal":
            return "cns_decimal value", "cns_decimal_text(value, buffer)", "{}"
        case "cns_datetime" | "cns_duration":
            return f"{c_type} value", f"{c_type}_text(value, {name}, buffer)", "{}"
    if c_type.startswith("u"):
        return "uint64_t value", "cns_natural_text(value, buffer)", "{}"
    return "int64_t value", "cns_integer_text(value, buffer)", "{}"


def has_arm(arms: tuple[Scalar | LangString, ...], value: str) -> str:
    """Return whether the tag of a value is that of an arm; any other denotes an invalid term."""
    tags = [tag(a.datatype) if isinstance(a, Scalar) else "CNS_LANG_STRING" for a in arms]
    member = value if value.endswith("->") else f"{value}."
    return f"({' || '.join(f'{member}tag == {t}' for t in tags)})"


def valid(datatype: str, value: str) -> str:
    """Return whether a value is well-formed, for datatypes whose C type holds more."""
    match scalar_type(datatype):
        case "bool":
            return f"cns_bool_byte(&{value}) <= 1"
        case "cns_decimal":
            return f"cns_decimal_valid({value})"
        case "cns_datetime" | "cns_duration" as c_type:
            return f"{c_type}_valid({value}, {tag(datatype)})"
    return "true"


def interval(cond: Interval, value: str, wide: bool = False) -> str:
    """Return whether a number is within bounds; `wide` where a cns_term holds it in 64 bits."""
    if cond.datatype in xsd.REALS:
        return _real_interval(cond, value)
    if cond.datatype == "boolean":
        if cond.low == cond.high:
            return f"cns_bool_byte(&{value}) == {int(cond.low or 0)}"
        return f"cns_bool_byte(&{value}) <= 1"
    c_type = scalar_type(cond.datatype)
    if wide:
        c_type = "uint64_t" if c_type.startswith("u") else "int64_t"
    least, most = _limits(c_type)
    parts = []
    if cond.low is not None and cond.low == cond.high:
        return f"{value} == {c_integer(int(cond.low), c_type)}"
    if cond.low is not None and cond.low > least:
        parts.append(f"{value} >= {c_integer(int(cond.low), c_type)}")
    if cond.high is not None and cond.high < most:
        parts.append(f"{value} <= {c_integer(int(cond.high), c_type)}")
    if len(parts) == 2:
        return f"({' && '.join(parts)})"
    return parts[0] if parts else "true"


def _limits(c_type: str) -> tuple[int, int]:
    bits = int("".join(c for c in c_type if c.isdigit()))
    if c_type.startswith("u"):
        return 0, 2**bits - 1
    return -(2 ** (bits - 1)), 2 ** (bits - 1) - 1


def _real_interval(cond: Interval, value: str) -> str:
    """Comparisons with NaN are false in C as they are in SPARQL; infinities need FLT_MAX.

    Where floating point is a library, the compiler of the target compares integers instead.
    """
    compared = _real_comparison(cond, value)
    low, high = real_keys(cond)
    if low > high or compared == "false":
        return "false"
    return _by_key(cond.datatype, value, low, high, compared)


def _real_comparison(cond: Interval, value: str) -> str:
    parts = []
    if cond.low is not None:
        parts.append(_real_bound(value, ">", cond.low_open, float(cond.low), cond.datatype))
    if cond.high is not None:
        parts.append(_real_bound(value, "<", cond.high_open, float(cond.high), cond.datatype))
    return f"({' && '.join(parts)})" if len(parts) == 2 else parts[0]


def _real_bound(value: str, sign: str, opened: bool, bound: float, kind: str) -> str:
    limit = "FLT_MAX" if kind == "float" else "DBL_MAX"
    infinite = bound in (float("inf"), float("-inf"))
    if not infinite:
        return f"{value} {sign}{'' if opened else '='} {c_real(bound, kind)}"
    outward = (bound > 0) == (sign == ">")
    if outward:  # above +INF or below -INF: nothing, or only the infinity itself
        return "false" if opened else f"{value} {sign} {'-' if bound < 0 else ''}{limit}"
    if opened:  # all but the infinity
        return f"{value} {sign}= {'-' if bound < 0 else ''}{limit}"
    return f"{value} == {value}"


def _key(number: float, kind: str) -> int:
    """Return the integer that orders a number among those of its kind, as cns_double_within."""
    form, size = ("f", 4) if kind == "float" else ("d", 8)
    bits = int.from_bytes(struct.pack(f">{form}", number), "big")
    sign = 1 << (8 * size - 1)
    return -(bits - sign) if bits & sign else bits


def real_keys(cond: Interval) -> tuple[int, int]:
    """Return the keys of the least and the largest number within the interval."""
    infinity = _key(float("inf"), cond.datatype)
    low, high = -infinity, infinity
    if cond.low is not None:
        low = _key(float(cond.low), cond.datatype) + cond.low_open
    if cond.high is not None:
        high = _key(float(cond.high), cond.datatype) - cond.high_open
    return low, high


def _by_key(kind: str, value: str, low: int, high: int, compared: str) -> str:
    c_type = "int32_t" if kind == "float" else "int64_t"
    keys = f"{c_integer(low, c_type)}, {c_integer(high, c_type)}"
    return f"CNS_{kind.upper()}_WITHIN({value}, {keys}, {unwrap(compared)})"


def real_equals(number: float, kind: str, value: str) -> str:
    """Return whether a float or double is the term of this number."""
    if number != number:
        return f"{value} != {value}"
    if number in (float("inf"), float("-inf")):
        limit = "FLT_MAX" if kind == "float" else "DBL_MAX"
        return f"{value} > {limit}" if number > 0 else f"{value} < -{limit}"
    if number == 0:
        return f"cns_{kind}_same({value}, {c_real(number, kind)})"
    key = _key(number, kind)
    return _by_key(kind, value, key, key, f"{value} == {c_real(number, kind)}")


def initializer(term: m.Literal, name: str) -> str:
    """Return the C initializer of a literal of XSD datatype `name`."""
    value = xsd.parse(term)
    match value:
        case xsd.Boolean(truth):
            return "true" if truth else "false"
        case xsd.Text(text):
            return f"CNS_STR({c_string(text)})"
        case xsd.Real(number, kind):
            return _real_constant(number, kind)
        case xsd.Exact(number) if name != "decimal":
            wide = "uint64_t" if term_member(name) == "natural" else "int64_t"
            return c_integer(int(number), wide)
        case xsd.Exact(number):
            scale = 0
            while (number * 10**scale).denominator != 1:
                scale += 1
            return f"{{ {c_integer(int(number * 10**scale), 'int64_t')}, {scale} }}"
        case xsd.Instant(seconds, nanoseconds, zone):
            zone_text = "CNS_NO_ZONE" if zone is None else str(zone)
            return f"{{ {c_integer(seconds, 'int64_t')}, {nanoseconds}u, {zone_text} }}"
        case xsd.Duration(months, seconds, nanoseconds):
            return f"{{ {c_integer(seconds, 'int64_t')}, {months}, {nanoseconds} }}"
    raise AssertionError(term)


def _real_constant(number: float, kind: str) -> str:
    suffix = "f" if kind == "float" else ""
    if number != number:
        return f"0.0{suffix} / 0.0{suffix}"
    if number in (float("inf"), float("-inf")):
        return f"{'-' if number < 0 else ''}1.0{suffix} / 0.0{suffix}"
    return c_real(number, kind)


def spans(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return the first and last number of each run of consecutive numbers."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def _unsigned(number: int) -> str:
    return f"{number}u"


def intervals(
    numbers: Sequence[int],
    value: str,
    name: Callable[[int], str] = _unsigned,
    most: int | None = None,
) -> str:
    """Return whether a value is one of the sorted numbers, none of which is 0.

    `most` is what the value's type holds at most, where the numbers may reach it.
    """
    parts = [
        f"{value} == {name(low)}"
        if low == high
        else f"{value} >= {name(low)}"
        if high == most
        else f"({value} >= {name(low)} && {value} <= {name(high)})"
        for low, high in spans(numbers)
    ]
    if not parts:
        return "false"
    return joined(parts, " || ")


def bits(members: frozenset[int], last: int) -> list[str]:
    """Return the bytes of a set of numbers up to `last`, lowest bit first."""
    rows = [0] * (last // 8 + 1)
    for member in members:
        rows[member >> 3] |= 1 << (member & 7)
    return [f"0x{row:02x}" for row in rows]
