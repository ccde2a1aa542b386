# SPDX-License-Identifier: Apache-2.0
"""Real builds, signals and dumps: what is decoded is what the handlers said, on any processor."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import rdflib
from rdflib import RDF, SH, Literal, URIRef

from cns_build.cli import main
from tests.decode.station import HERE, PROCESSORS, Result, Station, run_station

# An ill-formed boolean is what the tests are about; rdflib warns of it.
pytestmark = pytest.mark.filterwarnings("ignore:Parsing weird boolean")

# What the dump holds a part of, or of what is no term: it says so in place of the value.
SHORTENED = {
    '"Gewächshaüser"': '"Gewächshaü…" (15 bytes)',
    '"casa grande"@es': '"casa grande"@…',
    "ill-formed enumerator 9": "no term",
    "<http://example.org/Serial>": "ex:Serial",
    "<http://example.org/on>": "ex:on",
}
DCTERMS = rdflib.Namespace("http://purl.org/dc/terms/")
PROV = rdflib.Namespace("http://www.w3.org/ns/prov#")
TIME = rdflib.Namespace("http://www.w3.org/2006/time#")
XSD = "http://www.w3.org/2001/XMLSchema#"
EX = "http://example.org/"

# The values that station.c sets, as the terms which they denote.
VALUES = {
    "celsius": Literal("9.05E1", datatype=XSD + "double", normalize=False),
    "offset": Literal("-7", datatype=XSD + "byte"),
    "ticks": Literal("18446744073709551615", datatype=XSD + "unsignedLong"),
    "gain": Literal("1.1E0", datatype=XSD + "float", normalize=False),
    "price": Literal("12.3456", datatype=XSD + "decimal"),
    "since": Literal("2020-02-29T13:00:00.5+01:00", datatype=XSD + "dateTime", normalize=False),
    "day": Literal("2020-02-29", datatype=XSD + "date", normalize=False),
    "every": Literal("P1DT1H1M1.25S", datatype=XSD + "dayTimeDuration", normalize=False),
    "serial": Literal("A-77", datatype=EX + "Serial"),
    "state": Literal("half"),
    "anything": Literal("-5", datatype=XSD + "int"),
}


def decoded(
    station: Station, folder: Path, capsys: pytest.CaptureFixture[str], *options: str
) -> str:
    """What `cnsc decode` prints for the dump; it complains about nothing."""
    (folder / "dump.bin").write_bytes(station.dump)
    words = ["decode", "--map", str(station.map), str(folder / "dump.bin"), *options]
    assert main(words) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def answers(
    station: Station, folder: Path, capsys: pytest.CaptureFixture[str]
) -> list[dict[str, Any]]:
    (dump,) = json.loads(decoded(station, folder, capsys, "--format", "json"))
    return list(dump["answers"])


def expected(result: Result, content: dict[str, Any]) -> dict[str, Any]:
    """What is decoded of a result whose entries are all in the dump, without the violations."""
    return {
        "model": "station",
        "fingerprint": content["fingerprint"],
        "kind": content["kinds"].get(str(result.kind), str(result.kind)),
        "signal": result.signal,
        "flags": 0xF1A60000 + result.signal,
        "timestamp": 2**32 + result.signal,
        "time": None,
        "conforms": result.conforms if result.status == 0 else None,
        "steps": result.steps,
        "count": result.count,
        "truncated": result.truncated,
        "missing": 0,
    }


def shortened(line: str) -> str:
    for whole, part in SHORTENED.items():
        line = line.replace(whole, part)
    return line.strip()


@pytest.mark.parametrize("processor", PROCESSORS)
def test_what_is_decoded_is_what_the_handlers_said(
    processor: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    station = run_station(processor)
    found = answers(station, tmp_path, capsys)
    content = json.loads(station.map.read_text())
    assert len(found) == len(station.results) == 7
    for answer, result in zip(found, station.results, strict=True):
        wanted = expected(result, content)
        assert {key: answer[key] for key in wanted} == wanted
        for one, printed in zip(answer["violations"], result.violations, strict=True):
            assert (one["check"], one["detail_of"]) == (printed.check, printed.detail_of)
            assert one["focus"] == (f"<urn:cns:id:{printed.focus}>" if printed.focus else None)
            assert one["text"] == shortened(printed.line)
            explained = content["checks"][printed.check]
            assert {key: one[key] for key in ("component", "message", "line")} == {
                key: explained[key] for key in ("component", "message", "line")
            }


def test_a_status_has_its_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = answers(run_station(), tmp_path, capsys)
    assert [answer["status"] for answer in found[3:]] == [
        "done",
        "a count, pointer, text or depth of the record is not sound",
        "an argument is missing or out of range",
        "no handler for this kind",
    ]


@pytest.mark.parametrize("processor", PROCESSORS[1:])
def test_every_processor_writes_the_same_bytes(processor: str) -> None:
    assert run_station(processor).hex == run_station().hex


@pytest.mark.parametrize("entries", [1, 2, 7, 12, 31, 49])
def test_a_small_trace_keeps_the_last_entries(
    entries: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, small = run_station(), run_station(entries=entries)
    assert len(small.dump) == 32 + 32 * entries
    (dump,) = json.loads(decoded(small, tmp_path, capsys, "--format", "json"))
    assert dump["lost"] == 50 - entries
    all_answers = answers(whole, tmp_path, capsys)
    kept = [one for answer in all_answers for one in answer["violations"]]
    found = [one for answer in dump["answers"] for one in answer["violations"]]
    assert found == kept[len(kept) - len(found) :]
    heads = sum(2 if answer["flags"] is not None else 1 for answer in dump["answers"])
    orphans = sum(answer["count"] is None for answer in dump["answers"])
    assert len(found) + heads - orphans == entries
    assert dump["answers"][1:] == all_answers[len(all_answers) - len(dump["answers"]) + 1 :]


def test_the_table_is_the_golden_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], pytestconfig: pytest.Config
) -> None:
    options = ("--rate", "1000", "--epoch", "2026-01-01T00:00:00Z")
    table = decoded(run_station(entries=30), tmp_path, capsys, *options)
    table = table.replace(str(tmp_path), "")
    golden = HERE / "table.txt"
    if pytestconfig.getoption("--update-golden"):
        golden.write_text(table, "utf-8")
    assert table == golden.read_text("utf-8")


# Turtle


@pytest.fixture
def graph(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> rdflib.Graph:
    options = ("--format", "turtle", "--rate", "1000", "--epoch", "2026-01-01T00:00:00Z")
    text = decoded(run_station(), tmp_path, capsys, *options)
    normalize, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        return rdflib.Graph().parse(data=text, format="turtle")
    finally:
        rdflib.NORMALIZE_LITERALS = normalize


def report_of(graph: rdflib.Graph, signal: int) -> Any:
    number = Literal(str(signal), datatype=XSD + "unsignedInt", normalize=False)
    return graph.value(None, DCTERMS.identifier, number)


def test_reports_say_what_results_say(graph: rdflib.Graph) -> None:
    station = run_station()
    validated = [result for result in station.results if result.status == 0]
    assert len(set(graph.subjects(RDF.type, SH.ValidationReport))) == len(validated)
    for result in validated:
        report = report_of(graph, result.signal)
        assert graph.value(report, SH.conforms).toPython() is result.conforms
        tops = [one for one in result.violations if not one.detail_of]
        assert len(set(graph.objects(report, SH.result))) == len(tops)
    results = sum(len(result.violations) for result in validated)
    assert len(set(graph.subjects(RDF.type, SH.ValidationResult))) == results


def test_results_are_those_of_the_shapes(graph: rdflib.Graph) -> None:
    station = run_station()
    checks = json.loads(station.map.read_text())["checks"]
    result = station.results[1]
    wanted = sorted(
        (
            checks[one.check]["component"].lower() + "constraintcomponent",
            checks[one.check]["resultPath"],
            checks[one.check]["severity"],
            checks[one.check]["message"],
        )
        for one in result.violations
        if not one.detail_of
    )
    found = sorted(
        (
            str(graph.value(one, SH.sourceConstraintComponent)).removeprefix(str(SH)).lower(),
            str(graph.value(one, SH.resultPath)),
            str(graph.value(one, SH.resultSeverity)),
            str(graph.value(one, SH.resultMessage)),
        )
        for one in graph.objects(report_of(graph, result.signal), SH.result)
    )
    assert found == wanted


def results_at(graph: rdflib.Graph, signal: int, name: str) -> list[Any]:
    found = graph.objects(report_of(graph, signal), SH.result)
    return [one for one in found if graph.value(one, SH.resultPath) == URIRef(EX + name)]


def test_values_are_the_terms_that_the_record_denotes(graph: rdflib.Graph) -> None:
    for name, value in VALUES.items():
        (result,) = results_at(graph, 101, name)
        assert graph.value(result, SH.focusNode) == URIRef("urn:cns:id:4000")
        assert graph.value(result, SH.value) == value, name


def test_what_is_cut_is_no_value(graph: rdflib.Graph) -> None:
    labels = {graph.value(one, SH.value) for one in results_at(graph, 101, "label")}
    assert labels == {Literal("five5"), Literal('say "hi"\n\x7f'), None}
    titles = {graph.value(one, SH.value) for one in results_at(graph, 101, "title")}
    assert titles == {Literal("Haus", lang="de-CH"), None}


def test_ill_formed_values_are_literals_of_their_datatype(graph: rdflib.Graph) -> None:
    for name, datatype in (("price", "decimal"), ("since", "dateTime"), ("alarm", "boolean")):
        values = {graph.value(one, SH.value) for one in results_at(graph, 103, name)}
        assert Literal("invalid", datatype=XSD + datatype, normalize=False) in values


def test_nodes_shapes_and_details(graph: rdflib.Graph) -> None:
    spots = {graph.value(one, SH.value) for one in results_at(graph, 101, "spot")}
    assert spots == {URIRef("urn:cns:id:4001"), URIRef(EX + "on")}
    (air,) = results_at(graph, 101, "celsius")
    assert graph.value(air, SH.sourceShape) == URIRef(EX + "AirShape")
    assert graph.value(air, SH.resultMessage) == Literal('too "hot"')
    assert graph.value(air, SH.resultSeverity) == SH.Info
    (sensor,) = results_at(graph, 101, "sensor")
    assert isinstance(graph.value(sensor, SH.value), rdflib.BNode)
    (detail,) = graph.objects(sensor, SH.detail)
    assert graph.value(detail, SH.resultPath) == URIRef(EX + "x")
    assert isinstance(graph.value(detail, SH.focusNode), rdflib.BNode)
    (kind,) = results_at(graph, 102, "celsius")
    assert isinstance(graph.value(kind, SH.focusNode), rdflib.BNode)


def test_the_focus_node_is_the_value_of_a_check_of_it(graph: rdflib.Graph) -> None:
    found = list(graph.objects(report_of(graph, 102), SH.result))
    (kind,) = [one for one in found if (one, SH.resultPath, None) not in graph]
    assert graph.value(kind, SH.value) == graph.value(kind, SH.focusNode)


def test_times_are_those_of_the_clock(
    graph: rdflib.Graph, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    moment = graph.value(report_of(graph, 100), PROV.generatedAtTime)
    assert str(moment) == "2026-02-19T17:02:47.396Z"  # 2^32 + 100 ms later
    plain = decoded(run_station(), tmp_path, capsys, "--format", "turtle")
    bare = rdflib.Graph().parse(data=plain, format="turtle")
    position = bare.value(report_of(bare, 100), TIME.inTimePosition)
    assert bare.value(position, TIME.numericPosition).toPython() == 2**32 + 100


# Lines


def test_lines_without_texts_become_lines_with_texts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare, full = run_station(strings="ids"), run_station()
    lines = [one.line for result in bare.results for one in result.violations]
    assert "check 2 [sh:maxInclusive]" in lines[0]
    log = tmp_path / "console.log"
    log.write_text("\n".join(["boot", *lines, "ready\n"]), "utf-8")
    assert main(["decode", "--map", str(bare.map), "--lines", str(log)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    wanted = [one.line for result in full.results for one in result.violations]
    wanted = [
        w.replace(f"<{EX}Serial>", "ex:Serial").replace(f"<{EX}on>", "ex:on") for w in wanted
    ]
    assert out.splitlines() == ["boot", *wanted, "ready"]


def test_strings_change_no_fingerprint() -> None:
    full, ids = (json.loads(run_station(strings=s).map.read_text()) for s in ("full", "ids"))
    assert full["fingerprint"] == ids["fingerprint"]
