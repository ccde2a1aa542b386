# SPDX-License-Identifier: Apache-2.0
"""What values of two types can have in common, against the terms that such values denote."""

from __future__ import annotations

import pytest

from cns_build import model as m
from cns_build.ir.overlap import may_be_ordered, may_be_same, may_have_language
from cns_build.ir.record import (
    NIL,
    ClassOf,
    Enum,
    General,
    LangString,
    ListOf,
    Pointer,
    Ref,
    Scalar,
    Self,
    Tagged,
    Typed,
    ValueType,
)

EX = "http://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
LANG = m.IRI("http://www.w3.org/1999/02/22-rdf-syntax-ns#langString")


def literal(text: str, datatype: str = "string") -> m.Literal:
    return m.Literal(text, m.IRI(XSD + datatype))


INT, LONG, STRING = Scalar("int"), Scalar("long"), Scalar("string")
UNIT = Typed(m.IRI(EX + "unit"))
IRIS = Enum((m.IRI(EX + "a"), m.IRI(EX + "b")))
OTHER_IRIS = Enum((m.IRI(EX + "c"),))
WORDS = Enum((literal("a"), literal("b")))
MORE_WORDS = Enum((literal("c"),))
NUMBERS = Enum((literal("1", "int"),))
TAGGED = Tagged((INT, LangString()))
ANY, ANY_LITERAL = General(None), General(None, "IRI")

SAME: list[tuple[ValueType, ValueType, bool]] = [
    (INT, INT, True),
    (INT, LONG, False),
    (STRING, Scalar("string", 20), True),
    (STRING, Scalar("anyURI"), False),
    (STRING, LangString(), False),
    (INT, TAGGED, True),
    (LONG, TAGGED, False),
    (LangString(), TAGGED, True),
    (UNIT, UNIT, True),
    (UNIT, STRING, False),
    (UNIT, TAGGED, False),
    (INT, NUMBERS, True),
    (LONG, NUMBERS, False),
    (INT, IRIS, False),
    (INT, ANY, True),
    (INT, ANY_LITERAL, True),
    (INT, Ref(None), False),
    (IRIS, Ref(None), True),
    (WORDS, Ref(None), False),
    (IRIS, OTHER_IRIS, True),  # both may hold an enumerator that is none
    (WORDS, MORE_WORDS, True),
    (WORDS, IRIS, False),
    (WORDS, TAGGED, True),
    (Ref("a"), Ref("b"), True),
    (Pointer("a"), Pointer("a"), True),
    (Pointer("a"), Pointer("b"), False),
    (Pointer("a"), Ref("a"), True),
    (Pointer("a"), Ref("b"), False),
    (Pointer("a"), Ref(None), False),
    (Pointer("a"), General("a"), True),
    (Pointer("a"), ANY, False),
    (Pointer("a"), IRIS, False),
    (ClassOf(None), Ref(None), True),
    (ClassOf(None), Pointer("a"), False),
    (ListOf(INT, 3), ListOf(STRING, 3), True),  # both may be rdf:nil
    (ListOf(INT, 3), Enum((NIL,)), True),
    (ListOf(INT, 3), Ref(None), True),
    (ListOf(INT, 3), Pointer("a"), False),
    (ListOf(INT, 3), INT, False),
    (Self("a"), Ref("a"), False),
    (Self("a"), Pointer("a"), False),
]

ORDERED: list[tuple[ValueType, ValueType, bool]] = [
    (INT, LONG, True),
    (INT, Scalar("double"), True),
    (Scalar("decimal"), Scalar("float"), True),
    (INT, STRING, False),
    (INT, Scalar("boolean"), False),
    (STRING, STRING, True),
    (STRING, Scalar("anyURI"), False),
    (Scalar("anyURI"), Scalar("anyURI"), False),
    (LangString(), LangString(), False),
    (UNIT, UNIT, False),
    (Scalar("dateTime"), Scalar("dateTimeStamp"), True),
    (Scalar("dateTime"), Scalar("date"), False),
    (Scalar("duration"), Scalar("dayTimeDuration"), True),
    (Scalar("duration"), Scalar("time"), False),
    (INT, TAGGED, True),
    (STRING, TAGGED, False),
    (NUMBERS, LONG, True),
    (WORDS, LONG, False),
    (IRIS, IRIS, False),
    (Ref(None), Ref(None), False),
    (ANY, INT, True),
    (ANY, Ref(None), False),
    (ANY, ANY_LITERAL, True),
    (ANY, LangString(), False),
    (ClassOf(None), ANY, False),
]


@pytest.mark.parametrize(("one", "two", "expected"), SAME, ids=repr)
def test_terms_in_common(one: ValueType, two: ValueType, expected: bool) -> None:
    assert may_be_same(one, two) == expected
    assert may_be_same(two, one) == expected


@pytest.mark.parametrize(("one", "two", "expected"), ORDERED, ids=repr)
def test_order(one: ValueType, two: ValueType, expected: bool) -> None:
    assert may_be_ordered(one, two) == expected
    assert may_be_ordered(two, one) == expected


def test_languages() -> None:
    tagged: tuple[ValueType, ...] = (
        LangString(),
        TAGGED,
        ANY,
        ANY_LITERAL,
        Enum((m.Literal("a", LANG, "en"),)),
    )
    plain: tuple[ValueType, ...] = (
        INT,
        STRING,
        UNIT,
        WORDS,
        IRIS,
        Ref(None),
        Pointer("a"),
        ClassOf(None),
        ListOf(INT, 2),
    )
    assert all(map(may_have_language, tagged))
    assert not any(map(may_have_language, plain))
