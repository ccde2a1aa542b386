# SPDX-License-Identifier: Apache-2.0
"""Numbers: exact integers and decimals, and IEEE binary numbers rounded once (XSD 1.1 3.3)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from fractions import Fraction

_INTEGER = re.compile(r"([+-]?)([0-9]+)")
_DECIMAL = re.compile(r"([+-]?)(?:([0-9]+)(?:\.([0-9]*))?|\.([0-9]+))")
_BINARY = re.compile(r"([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))(?:[Ee]([+-]?[0-9]+))?")
_SPECIAL = {"INF": math.inf, "+INF": math.inf, "-INF": -math.inf, "NaN": math.nan}

# Every number of more than this many decimal digits before the point rounds to infinity in both
# formats, and every one with as many zeros behind the point rounds to zero.
_DECADES = 400


def digits_to_integer(digits: str) -> int:
    """The value of a string of decimal digits of any length (int() refuses very long ones)."""
    if len(digits) <= 4000:
        return int(digits)
    middle = len(digits) // 2
    low = digits[middle:]
    scale: int = 10 ** len(low)
    return digits_to_integer(digits[:middle]) * scale + digits_to_integer(low)


def exact_integer(lexical: str) -> int | None:
    """The integer, or None when the form is not in xsd:integer's lexical space."""
    match = _INTEGER.fullmatch(lexical)
    if match is None:
        return None
    magnitude = digits_to_integer(match[2])
    return -magnitude if match[1] == "-" else magnitude


def exact_decimal(lexical: str) -> Fraction | None:
    """The decimal, or None when the form is not in xsd:decimal's lexical space."""
    match = _DECIMAL.fullmatch(lexical)
    if match is None:
        return None
    whole, part = match[2] or "", match[3] or match[4] or ""
    magnitude = Fraction(digits_to_integer(whole + part), 10 ** len(part))
    return -magnitude if match[1] == "-" else magnitude


def parse_binary(lexical: str, rounding: Callable[[Fraction], float]) -> float | None:
    """The float or double nearest to the form, or None when it is not in the lexical space."""
    if lexical in _SPECIAL:
        return _SPECIAL[lexical]
    match = _BINARY.fullmatch(lexical)
    mantissa = None if match is None else exact_decimal(match[1])
    if match is None or mantissa is None:
        return None
    sign = -1.0 if lexical.startswith("-") else 1.0
    return math.copysign(_scaled(abs(mantissa), match[2] or "0", rounding), sign)


def _scaled(mantissa: Fraction, exponent: str, rounding: Callable[[Fraction], float]) -> float:
    power = exact_integer(exponent)
    assert power is not None
    if mantissa == 0:
        return 0.0
    decades = _decimal_length(mantissa) + power
    if abs(decades) > _DECADES:
        return math.inf if decades > 0 else 0.0
    return rounding(mantissa * Fraction(10) ** power)


def _decimal_length(number: Fraction) -> int:
    """The number's decimal exponent to within two: enough to recognize extreme numbers."""
    bits = number.numerator.bit_length() - number.denominator.bit_length()
    return bits * 30103 // 100000


def binary32(number: Fraction) -> float:
    """The nearest xsd:float, ties to even; infinite from 2**128 - 2**103 on."""
    return _nearest(number, precision=24, least_exponent=-126, bound=128)


def binary64(number: Fraction) -> float:
    """The nearest xsd:double, ties to even; infinite from 2**1024 - 2**970 on."""
    return _nearest(number, precision=53, least_exponent=-1022, bound=1024)


def _nearest(number: Fraction, *, precision: int, least_exponent: int, bound: int) -> float:
    magnitude = abs(number)
    if magnitude == 0:
        return 0.0
    exponent = magnitude.numerator.bit_length() - magnitude.denominator.bit_length()
    if magnitude < Fraction(2) ** exponent:
        exponent -= 1
    unit = Fraction(2) ** (max(exponent, least_exponent) - precision + 1)
    rounded = round(magnitude / unit) * unit
    nearest = math.inf if rounded >= Fraction(2) ** bound else float(rounded)
    return nearest if number > 0 else -nearest
