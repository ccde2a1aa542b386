# SPDX-License-Identifier: Apache-2.0
"""The definition of what a record denotes, pinned by examples, among them docs/records.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rdflib.compare import isomorphic

from cns_build.ir.program import Program
from cns_build.ir.record import (
    Enum,
    Field,
    General,
    LangString,
    ListOf,
    Pointer,
    Record,
    Ref,
    Scalar,
    Tagged,
    Typed,
    ValueType,
)
from cns_build.model import IRI, Literal
from cns_build.options import Options
from tests.paths import ROOT
from tests.records.native import Native, compile_model
from tests.records.values import (
    DecimalValue,
    DurationValue,
    InstantValue,
    LangValue,
    NullText,
    RecordValue,
    RefValue,
    TermValue,
    TypedValue,
    Value,
)
from tests.reference import load
from tests.reference.denote import BadRecord, denote
from tests.runtime.toolchain import C11, compile_c

EX = "http://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = (
    f"@prefix ex: <{EX}> . @prefix xsd: <{XSD}> . @prefix id: <urn:cns:id:> .\n"
    "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
)
# Ids 1 to 4.
TERMS = (IRI(EX + "A"), IRI(EX + "B"), IRI(EX + "node"), Literal("x", IRI(XSD + "string")))


def _program(type_: ValueType, capacity: int = 8) -> Program:
    """A program with a root of one field `p`, and a nested record `inner` with a number `n`."""
    field = Field("p", IRI(EX + "p"), type_, capacity)
    number = Field("n", IRI(EX + "n"), Scalar("int"), 1)
    return Program(
        name="m",
        records=(
            Record("root", None, IRI(EX + "A"), (IRI(EX + "B"),), True, True, (field,)),
            Record("inner", None, None, (), True, False, (number,)),
        ),
        terms=TERMS,
        class_count=2,
        classes=(),
        checks=(),
        functions=(),
        tests=(),
        entries=(),
    )


def _same(type_: ValueType, values: list[Value], wanted: str, **members: int) -> None:
    """The record with these values denotes the Turtle, in which _:f is the focus node."""
    graph, _ = denote(_program(type_), RecordValue("root", fields={"p": values}, **members))
    expected = load(PREFIXES + wanted)
    assert isomorphic(graph, expected), graph.serialize(format="nt")


def _inner(number: int, class_id: int = 0) -> RecordValue:
    return RecordValue("inner", class_id=class_id, fields={"n": [number]})


SCALARS: list[tuple[str, Value, str]] = [
    ("boolean", 1, "true"),
    ("boolean", 0, "false"),
    ("boolean", 2, "invalid"),
    ("byte", -128, "-128"),
    ("positiveInteger", 0, "0"),
    ("float", 0.10000000149011612, "1.0E-1"),
    ("float", 16777216.0, "1.6777216E7"),
    ("float", 1.401298464324817e-45, "1.0E-45"),
    ("double", 21.5, "2.15E1"),
    ("double", -0.0, "-0.0E0"),
    ("double", 0.1 + 0.2, "3.0000000000000004E-1"),
    ("double", 1e22, "1.0E22"),
    ("double", float("inf"), "INF"),
    ("double", float("-inf"), "-INF"),
    ("double", float("nan"), "NaN"),
    ("decimal", DecimalValue(100, 2), "1"),
    ("decimal", DecimalValue(-5, 1), "-0.5"),
    ("decimal", DecimalValue(-(2**63), 18), "-9.223372036854775808"),
    ("decimal", DecimalValue(0, 3), "0"),
    ("decimal", DecimalValue(1, 19), "invalid"),
    ("decimal", DecimalValue(1, -1), "invalid"),
    ("dateTime", InstantValue(0), "1970-01-01T00:00:00"),
    ("dateTime", InstantValue(-1, 500_000_000, 0), "1969-12-31T23:59:59.5Z"),
    ("dateTime", InstantValue(0, 0, -300), "1969-12-31T19:00:00-05:00"),
    ("dateTime", InstantValue(-62167219200 - 1), "-0001-12-31T23:59:59"),
    ("dateTime", InstantValue(253402300800, 1), "10000-01-01T00:00:00.000000001"),
    ("dateTime", InstantValue(0, 10**9), "invalid"),
    ("dateTime", InstantValue(0, 0, 841), "invalid"),
    ("dateTimeStamp", InstantValue(0), "invalid"),
    ("dateTimeStamp", InstantValue(0, 0, 840), "1970-01-01T14:00:00+14:00"),
    ("date", InstantValue(951782400), "2000-02-29"),
    ("date", InstantValue(951782400 - 3600, 0, 60), "2000-02-29+01:00"),
    ("date", InstantValue(951782401), "invalid"),
    ("time", InstantValue(3661, 10**8), "01:01:01.1"),
    ("time", InstantValue(86400), "invalid"),
    ("gYear", InstantValue(63072000), "1972"),
    ("gYear", InstantValue(63072000 + 86400), "invalid"),
    ("gYearMonth", InstantValue(63072000 + 31 * 86400), "1972-02"),
    ("gMonth", InstantValue(63072000 + 31 * 86400), "--02"),
    ("gMonthDay", InstantValue(63072000 + 59 * 86400), "--02-29"),
    ("gMonthDay", InstantValue(0), "invalid"),
    ("gDay", InstantValue(63072000 + 30 * 86400), "---31"),
    ("gDay", InstantValue(63072000 + 31 * 86400), "invalid"),
    ("duration", DurationValue(14, 90061, 5 * 10**8), "P1Y2M1DT1H1M1.5S"),
    ("duration", DurationValue(-1, -60), "-P1MT1M"),
    ("duration", DurationValue(0, 0), "PT0S"),
    ("duration", DurationValue(1, -1), "invalid"),
    ("duration", DurationValue(0, 0, -(10**9)), "invalid"),
    ("dayTimeDuration", DurationValue(0, -86400), "-P1D"),
    ("dayTimeDuration", DurationValue(1, 0), "invalid"),
    ("yearMonthDuration", DurationValue(0, 0), "P0M"),
    ("yearMonthDuration", DurationValue(24, 0), "P2Y"),
    ("yearMonthDuration", DurationValue(24, 1), "invalid"),
    ("string", "é\n", "é\\n"),
    ("anyURI", "", ""),
]


@pytest.mark.parametrize(("name", "value", "form"), SCALARS)
def test_a_scalar_denotes_its_canonical_form(name: str, value: Value, form: str) -> None:
    _same(Scalar(name), [value], f'_:f a ex:A ; ex:p "{form}"^^xsd:{name} .')


def test_equal_elements_are_one_triple() -> None:
    _same(
        Scalar("decimal"),
        [DecimalValue(1, 0), DecimalValue(10, 1)],
        '_:f a ex:A ; ex:p "1"^^xsd:decimal .',
    )


def test_the_class_is_fixed_or_tagged() -> None:
    _same(Scalar("int"), [], "_:f a ex:A .")
    _same(Scalar("int"), [], "_:f a ex:B .", class_id=2)
    with pytest.raises(BadRecord):
        denote(_program(Scalar("int")), RecordValue("root", class_id=3))


def test_an_id_makes_the_focus_node_an_iri() -> None:
    _same(Scalar("int"), [], "ex:node a ex:A .", id=3)
    _same(Scalar("int"), [], "id:4 a ex:A .", id=4)
    _same(Scalar("int"), [], "id:4294967295 a ex:A .", id=2**32 - 1)


def test_a_pointer_is_one_blank_node_wherever_it_stands() -> None:
    one = _inner(1, class_id=2)
    wanted = "_:f a ex:A ; ex:p _:a , _:b . _:a a ex:B ; ex:n %s . _:b ex:n %s ."
    number = '"1"^^xsd:int'
    _same(Pointer("inner"), [one, one, _inner(1)], wanted % (number, number))
    with pytest.raises(BadRecord):
        denote(_program(Pointer("inner")), RecordValue("root", fields={"p": [None]}))


def test_a_reference_is_an_iri_or_the_node_of_its_struct() -> None:
    shared = _inner(5)
    values: list[Value] = [
        RefValue(0, 0, shared),
        RefValue(3, 2, shared),
        RefValue(0),
        RefValue(0),
    ]
    number = '"5"^^xsd:int'
    _same(
        Ref("inner"),
        values,
        f"_:f a ex:A ; ex:p _:a , ex:node , [] , [] . _:a ex:n {number} ."
        f"ex:node a ex:B ; ex:n {number} .",
    )
    _same(Ref(None), [RefValue(9, 7)], "_:f a ex:A ; ex:p id:9 . id:9 a id:7 .")


def test_an_enumerator_outside_the_list_is_invalid() -> None:
    iris = Enum((IRI(EX + "A"), Literal("x", IRI(XSD + "string"))))
    _same(iris, [1, 2], '_:f a ex:A ; ex:p ex:A , "x" .')
    _same(iris, [0, 3], "_:f a ex:A ; ex:p <urn:cns:invalid> .")
    literals = Enum((Literal("x", IRI(XSD + "string")),))
    _same(literals, [255], '_:f a ex:A ; ex:p ""^^<urn:cns:invalid> .')


def test_a_term_is_what_its_tag_says() -> None:
    values: list[Value] = [
        TermValue("int", 5),
        TermValue("byte", 300),
        TermValue("langString", LangValue("hallo", "de")),
        TermValue("typed", TypedValue("v", 3)),
        TermValue("node", RefValue(3)),
    ]
    _same(
        General(None),
        values,
        '_:f a ex:A ; ex:p "5"^^xsd:int , "300"^^xsd:byte , "hallo"@de , "v"^^ex:node , ex:node .',
    )
    bad: list[Value] = [TermValue("none", None), TermValue(200, None)]
    _same(General(None), bad, '_:f a ex:A ; ex:p ""^^<urn:cns:invalid> .')
    _same(General(None, "IRI"), bad, "_:f a ex:A ; ex:p <urn:cns:invalid> .")


def test_a_tag_that_is_no_arm_is_invalid() -> None:
    arms = Tagged((Scalar("int"), LangString()))
    values: list[Value] = [TermValue("int", 5), TermValue("long", 5), TermValue("none", None)]
    _same(arms, values, '_:f a ex:A ; ex:p "5"^^xsd:int , ""^^<urn:cns:invalid> .')


def test_a_list_is_nil_or_cells() -> None:
    _same(
        ListOf(Scalar("int"), 4),
        [[], [1, 1], []],
        '_:f a ex:A ; ex:p () , ( "1"^^xsd:int "1"^^xsd:int ) .',
    )


def test_text_of_another_datatype_is_kept() -> None:
    _same(Typed(IRI(EX + "T")), ["01"], '_:f a ex:A ; ex:p "01"^^ex:T .')


@pytest.mark.parametrize(
    ("type_", "values"),
    [
        (Scalar("int"), [1] * 9),
        (Scalar("string"), [NullText(1)]),
        (Scalar("string"), ["\udcff"]),
        (Scalar("anyURI"), ["\udced\udca0\udc80"]),
        (LangString(), [LangValue("a", "")]),
        (LangString(), [LangValue("a", "en_GB")]),
        (LangString(), [LangValue("\udcc3", "en")]),
        (General(None), [TermValue("typed", TypedValue("\udcc3", 1))]),
        (Scalar("string", 3), ["éé"]),
        (Typed(IRI(EX + "T")), [NullText(1)]),
        (General(None), [TermValue("string", NullText(1))]),
        (Tagged((Scalar("int"),)), [TermValue("string", NullText(1))]),
        (ListOf(Scalar("int"), 2), [[1, 2, 3]]),
    ],
)
def test_a_broken_contract_is_a_bad_record(type_: ValueType, values: list[Value]) -> None:
    with pytest.raises(BadRecord):
        denote(_program(type_), RecordValue("root", fields={"p": values}))


# The example of docs/records.md


def _blocks(language: str) -> list[str]:
    text = (ROOT / "docs" / "records.md").read_text()
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Native:
    """The shapes of the page, compiled."""
    folder = tmp_path_factory.mktemp("example") / "model"
    folder.mkdir()
    (folder / "room.ttl").write_text(_blocks("turtle")[0])
    return compile_model(folder, [folder / "room.ttl"], Options(name="m"))


def test_the_page_shows_the_structs_that_are_generated(example: Native) -> None:
    header = (example.library.parent / "m.h").read_text()
    bare = re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", header, flags=re.DOTALL))
    bare = bare.replace("M_ROOM_ALARM_CAPACITY]", "4]").replace("* ", "*")
    for struct in re.findall(r"typedef (struct .*?\}) ", _blocks("c")[0], re.DOTALL):
        assert re.sub(r"\s+", " ", struct) in bare


def test_the_page_shows_a_record_that_compiles(example: Native, tmp_path: Path) -> None:
    use = "const m_room *shown(void);\nconst m_room *shown(void) { return &room; }\n"
    source = f'#include "m.h"\n{_blocks("c")[1]}{use}'
    compile_c("gcc", *C11, f"-I{example.library.parent}", "-fsyntax-only", text=source)


def test_the_page_shows_what_the_record_denotes(example: Native) -> None:
    room = RecordValue(
        "room",
        fields={
            "temperature": [21.5],
            "state": [2],
            "alarm": [7, 9, 7],
            "sensor": [RecordValue("room_sensor", fields={"serial": ["A7"]})],
            "zone": [RefValue(1000)],
        },
    )
    prefixes = "".join(re.findall(r"@prefix.*\n", _blocks("turtle")[0]))
    graph, _ = denote(example.program, room)
    assert isomorphic(graph, load(prefixes + _blocks("turtle")[1]))
    assert example.answers([room])[0].conforms
    assert [found.check for found in example.answers([RecordValue("room")])[0].found] == [
        next(i for i, c in enumerate(example.program.checks) if c.component == "minCount")
    ]
