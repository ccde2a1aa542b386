# SPDX-License-Identifier: Apache-2.0
"""The order of terms of different datatypes, against the reference over drawn numbers."""

from __future__ import annotations

import ctypes
import math
import random
import struct
from collections.abc import Callable

import pytest
from rdflib import Literal

from tests.reference import lexical
from tests.reference.terms import XSD, literal
from tests.reference.values import less, less_or_equal
from tests.runtime.native import EQUAL, GREATER, INT64, LESS, TAGS, UNORDERED, string
from tests.structs import NO_ZONE, DateTime, Decimal, Duration, RefStruct, Str, Term, TermUnion

MIRRORED = {LESS: GREATER, GREATER: LESS, EQUAL: EQUAL, UNORDERED: UNORDERED}
EDGES = (0, 1, 2, 3, 2**24 + 1, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1, 10**18)


def single(number: float) -> float:
    try:
        return float(struct.unpack("<f", struct.pack("<f", number))[0])
    except OverflowError:
        return math.copysign(math.inf, number)


def drawn(chance: random.Random) -> int:
    """A whole number near an edge, or anywhere."""
    number = chance.choice([*EDGES, chance.randrange(2**64), chance.randrange(1000)])
    return chance.choice([1, -1]) * (number + chance.choice([-1, 0, 0, 1]))


def integer(chance: random.Random) -> tuple[Term, Literal]:
    name, tag, low, high = chance.choice(
        [
            ("integer", "INTEGER", *INT64),
            ("long", "LONG", *INT64),
            ("negativeInteger", "NEGATIVE_INTEGER", *INT64),
            ("byte", "BYTE", -128, 127),
        ]
    )
    number = min(max(drawn(chance), low), high)
    return Term(TAGS[tag], TermUnion(integer=number)), literal(str(number), str(XSD[name]))


def natural(chance: random.Random) -> tuple[Term, Literal]:
    name, tag = chance.choice(
        [
            ("unsignedLong", "UNSIGNED_LONG"),
            ("positiveInteger", "POSITIVE_INTEGER"),
            ("nonNegativeInteger", "NON_NEGATIVE_INTEGER"),
        ]
    )
    number = min(abs(drawn(chance)), 2**64 - 1)
    return Term(TAGS[tag], TermUnion(natural=number)), literal(str(number), str(XSD[name]))


def decimal(chance: random.Random) -> tuple[Term, Literal]:
    unscaled = min(max(drawn(chance), INT64[0]), INT64[1])
    scale = chance.choice([0, 1, 2, 9, 17, 18, 18, 19, -1])
    form = lexical.decimal(unscaled, scale)
    term = Term(TAGS["DECIMAL"], TermUnion(decimal=Decimal(unscaled, scale)))
    return term, literal("invalid" if form is None else form, str(XSD["decimal"]))


def real(chance: random.Random) -> tuple[Term, Literal]:
    """A double: a whole number, a fraction as decimals have it, or a special one."""
    number = chance.choice(
        [
            float(drawn(chance)),
            drawn(chance) / 10 ** chance.choice([1, 9, 18]),
            chance.choice([math.nan, math.inf, -math.inf, -0.0, 5e-324, 0.1]),
        ]
    )
    if math.isfinite(number) and chance.random() < 0.3:
        number = math.nextafter(number, chance.choice([-math.inf, math.inf]))
    return Term(TAGS["DOUBLE"], TermUnion(real=number)), literal(
        lexical.double(number), str(XSD["double"])
    )


def float_(chance: random.Random) -> tuple[Term, Literal]:
    number = single(real(chance)[0].as_.real)
    return Term(TAGS["FLOAT"], TermUnion(single=number)), literal(
        lexical.single(number), str(XSD["float"])
    )


NUMBERS = (integer, natural, decimal, real, float_)


def expected(a: Literal, b: Literal) -> int:
    if less(a, b):
        return LESS
    if less(b, a):
        return GREATER
    return EQUAL if less_or_equal(a, b) else UNORDERED


@pytest.mark.parametrize("one", NUMBERS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("two", NUMBERS, ids=lambda f: f.__name__)
def test_numbers_of_two_types(
    cns: ctypes.CDLL,
    one: Callable[[random.Random], tuple[Term, Literal]],
    two: Callable[[random.Random], tuple[Term, Literal]],
) -> None:
    chance = random.Random(f"{one.__name__} {two.__name__}")
    outcomes = set()
    for _ in range(1500):
        (a, first), (b, second) = one(chance), two(chance)
        wanted = expected(first, second)
        outcomes.add(wanted)
        assert cns.cns_term_compare(ctypes.byref(a), ctypes.byref(b)) == wanted, (first, second)
        assert cns.cns_term_compare(ctypes.byref(b), ctypes.byref(a)) == MIRRORED[wanted]
    assert {LESS, GREATER} <= outcomes


def test_a_decimal_half_way_between_two_doubles_is_rounded_to_even(cns: ctypes.CDLL) -> None:
    """2^53 + 1 is half way: it equals the even neighbour, and what is above it the odd one."""
    half = Term(TAGS["DECIMAL"], TermUnion(decimal=Decimal((2**53 + 1) * 100, 2)))
    above = Term(TAGS["DECIMAL"], TermUnion(decimal=Decimal((2**53 + 1) * 100 + 1, 2)))
    even = Term(TAGS["DOUBLE"], TermUnion(real=float(2**53)))
    odd = Term(TAGS["DOUBLE"], TermUnion(real=float(2**53 + 2)))
    assert cns.cns_term_compare(ctypes.byref(half), ctypes.byref(even)) == EQUAL
    assert cns.cns_term_compare(ctypes.byref(above), ctypes.byref(odd)) == EQUAL
    assert cns.cns_term_compare(ctypes.byref(half), ctypes.byref(odd)) == LESS


def term(tag: str, **member: object) -> Term:
    return Term(TAGS[tag], TermUnion(**member))


OTHERS = [
    (term("BOOLEAN", boolean=0), term("BOOLEAN", boolean=1), LESS),
    (term("BOOLEAN", boolean=1), term("BOOLEAN", boolean=1), EQUAL),
    (term("BOOLEAN", boolean=0), term("BOOLEAN", boolean=2), UNORDERED),
    (term("BOOLEAN", boolean=0), term("INT", integer=1), UNORDERED),
    (term("STRING", string=string("Z")), term("STRING", string=string("a")), LESS),
    (term("STRING", string=string("a")), term("STRING", string=string("ab")), LESS),
    (term("STRING", string=Str(None, 0)), term("STRING", string=string("")), EQUAL),
    (term("STRING", string=string("\ud7ff")), term("STRING", string=string("𝄞")), LESS),
    (term("STRING", string=string("a")), term("ANY_URI", string=string("b")), UNORDERED),
    (term("ANY_URI", string=string("a")), term("ANY_URI", string=string("b")), UNORDERED),
    (
        term("DATE_TIME", datetime=DateTime(0, 0, 0)),
        term("DATE_TIME_STAMP", datetime=DateTime(1, 0, 0)),
        LESS,
    ),
    (
        term("DATE_TIME", datetime=DateTime(0, 0, NO_ZONE)),
        term("DATE_TIME_STAMP", datetime=DateTime(1, 0, 0)),
        UNORDERED,
    ),
    (
        term("DATE", datetime=DateTime(0, 0, 0)),
        term("DATE_TIME", datetime=DateTime(1, 0, 0)),
        UNORDERED,
    ),
    (
        term("DURATION", duration=Duration(0, 1, 0)),
        term("DAY_TIME_DURATION", duration=Duration(32 * 86400, 0, 0)),
        LESS,
    ),
    (
        term("YEAR_MONTH_DURATION", duration=Duration(0, 1, 0)),
        term("DAY_TIME_DURATION", duration=Duration(30 * 86400, 0, 0)),
        UNORDERED,
    ),
    (
        term("NODE", node=RefStruct(1, 0, None)),
        term("NODE", node=RefStruct(2, 0, None)),
        UNORDERED,
    ),
    (term("NONE"), term("INT", integer=1), UNORDERED),
    (Term(200), term("INT", integer=1), UNORDERED),
]


@pytest.mark.parametrize(("a", "b", "wanted"), OTHERS)
def test_other_terms(cns: ctypes.CDLL, a: Term, b: Term, wanted: int) -> None:
    assert cns.cns_term_compare(ctypes.byref(a), ctypes.byref(b)) == wanted
    assert cns.cns_term_compare(ctypes.byref(b), ctypes.byref(a)) == MIRRORED[wanted]


def test_language_tags_are_the_same_whatever_their_case(cns: ctypes.CDLL) -> None:
    assert cns.cns_language_same(string("de-AT"), string("DE-at"))
    assert not cns.cns_language_same(string("de"), string("de-AT"))
    assert not cns.cns_language_same(string("de"), string("en"))
