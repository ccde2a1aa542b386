# SPDX-License-Identifier: Apache-2.0
"""Reports in each format: read back, they are what was written."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, get_args

import pyoxigraph
import pytest
import rdflib
from rdflib.compare import isomorphic

from cns_build import model as m
from cns_build.graph import severity
from cns_build.graph.report import Report, Result
from cns_build.graph.terms import to_rdflib
from cns_build.graph.writers import WRITERS
from cns_build.graph.writers.names import Names, message
from cns_build.graph.writers.text import Style, style_for, to_text
from cns_build.graph.writers.topyshacl import to_pyshacl_text
from cns_build.graph.writers.tordflib import to_graph
from cns_build.vocabulary import SH
from tests.annotations import read_annotations
from tests.graph import references, reports
from tests.graph.reports import ALL, NONE, E, ex, locate, report
from tests.reference import Result as Expected
from tests.reference import read_report, same_results
from tests.reference.terms import load


def written(format_: str, given: Report = ALL) -> str:
    return "".join(WRITERS[format_](given, locate))


def expected(results: Iterable[Result]) -> list[Expected]:
    """Results as the reference has them; blank nodes of shapes apart from those of data."""
    found = []
    for result in results:
        shape = result.shape
        if isinstance(shape, m.BlankNode):
            shape = m.BlankNode(f"of-shapes-{shape.label}")
        found.append(
            Expected(
                to_rdflib(result.focus),
                None if result.path is None else references.path(result.path),
                None if result.value is None else to_rdflib(result.value),
                to_rdflib(shape),
                rdflib.URIRef(result.component.value),
                rdflib.URIRef(result.severity.value),
            )
        )
    return found


# RDF


@pytest.mark.parametrize("given", [ALL, report(reports.COUNT), NONE], ids=["all", "one", "none"])
@pytest.mark.parametrize("format_", ["turtle", "jsonld", "rdflib"])
def test_rdf_holds_the_results(format_: str, given: Report) -> None:
    if format_ == "rdflib":
        graph = to_graph(given, given.conforms)
    elif format_ == "turtle":
        graph = load(written(format_, given), lenient=True)
    else:
        graph = load(written(format_, given), media=pyoxigraph.RdfFormat.JSON_LD, lenient=True)
    conforms, results = read_report(graph)
    assert conforms == given.conforms
    assert same_results(expected(given.results), results)


def messages(graph: rdflib.Graph) -> Counter[rdflib.term.Node]:
    return Counter(graph.objects(None, rdflib.URIRef(SH + "resultMessage")))


def test_rdf_formats_agree() -> None:
    """Down to messages, details and source constraints."""
    given = replace(ALL, results=(reports.COUNT, reports.OR, reports.SPARQL, *reports.OF_PATHS))
    turtle = load(written("turtle", given))
    assert isomorphic(turtle, to_graph(given, False))
    jsonld = load(written("jsonld", given), media=pyoxigraph.RdfFormat.JSON_LD)
    assert len(jsonld) == len(turtle)
    assert messages(jsonld) == messages(turtle)
    detail = rdflib.URIRef(SH + "detail")
    assert len(list(turtle.triples((None, detail, None)))) == 2
    assert rdflib.Literal("must be a number") in messages(turtle)
    assert len(list(turtle.triples((None, rdflib.URIRef(SH + "sourceConstraint"), None)))) == 1


def test_turtle_is_readable() -> None:
    text = written("turtle", report(reports.COUNT))
    assert (
        text
        == f"""@prefix : <http://example.com/other#> .
@prefix ex: <{E}> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix sh: <{SH}> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

[] a sh:ValidationReport ;
  sh:conforms false ;
  sh:result
    [ a sh:ValidationResult ;
      sh:focusNode ex:alice ;
      sh:resultPath ex:name ;
      sh:sourceShape _:shape-b1 ;
      sh:sourceConstraintComponent sh:MinCountConstraintComponent ;
      sh:resultSeverity sh:Violation ;
      sh:resultMessage "benötigt"@de ;
      sh:resultMessage "needs a name"@en ] .
"""
    )


def test_blank_nodes_of_data_and_shapes_are_apart() -> None:
    both = replace(reports.COUNT, focus=m.BlankNode("shape-b1"))
    graph = load(written("turtle", report(both)))
    (node,) = graph.subjects(rdflib.RDF.type, rdflib.URIRef(SH + "ValidationResult"))
    focus = graph.value(node, rdflib.URIRef(SH + "focusNode"))
    assert focus != graph.value(node, rdflib.URIRef(SH + "sourceShape"))


def test_graphs_have_the_blank_nodes_of_the_data() -> None:
    graph = to_graph(ALL, False)
    assert (None, rdflib.URIRef(SH + "focusNode"), rdflib.BNode("x")) in graph
    assert set(graph) == set(to_graph(ALL, False))


# JSON, CSV, SARIF


def test_json() -> None:
    content = json.loads(written("json"))
    assert set(content) == {
        *("conforms", "results", "found", "unsupported", "unmatched", "skipped", "statistics")
    }
    assert content["conforms"] is False
    assert content["found"] == len(content["results"]) == len(ALL.results)
    assert content["unsupported"] == [
        {
            "name": "sh:sparql",
            "what": "sh:sparql of ex:S",
            "shapes": {"file": "shapes.ttl", "line": 20, "column": 3},
        }
    ]
    assert content["unmatched"] == [f"{E}Unused", "_:b5"]
    assert content["statistics"]["triples"] == 1000
    assert content["results"][0] == {
        "focusNode": f"{E}alice",
        "resultPath": f"{E}name",
        "value": None,
        "sourceShape": "_:b1",
        "sourceConstraintComponent": f"{SH}MinCountConstraintComponent",
        "resultSeverity": f"{SH}Violation",
        "resultMessage": "needs a name",
        "messages": [
            {"text": "benötigt", "language": "de"},
            {"text": "needs a name", "language": "en"},
        ],
        "data": {"file": "data.ttl", "line": 3, "column": 1},
        "shapes": {"file": "shapes.ttl", "line": 7, "column": 3},
    }
    (detail,) = content["results"][1]["details"]
    assert detail["value"] == '"x"'
    assert [inner["sourceShape"] for inner in detail["details"]] == [f"{E}B"]
    values = [r["value"] for r in content["results"] if r["sourceShape"] == f"{E}Values"]
    assert values[0] == '"01"^^<http://www.w3.org/2001/XMLSchema#integer>'
    assert values[5:] == ['"Grüße"@de-AT', "http://example.org/a b<c>", "_:shape-b1"]
    paths = [r["resultPath"] for r in content["results"] if r["sourceShape"] == f"{E}Paths"]
    assert paths[3] == f"<{E}name>|(<{E}code>/(^<{E}name>))"
    assert json.loads(written("json", NONE))["results"] == []


def test_csv_is_that_of_rfc_4180() -> None:
    text = written("csv")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    results = json.loads(written("json"))["results"]
    names = [name for name in rows[0] if not name.endswith("Position")]
    assert [{name: row[name] or None for name in names} for row in rows] == [
        {name: result[name] for name in names} for result in results
    ]
    assert rows[0]["dataPosition"] == "data.ttl:3:1"
    assert rows[0]["shapePosition"] == "shapes.ttl:7:3"
    assert text.startswith("focusNode,resultPath,value,sourceShape,")
    assert text.endswith("\r\n")
    assert written("csv", NONE).count("\r\n") == 1


def test_sarif() -> None:
    content = json.loads(written("sarif"))
    assert content["version"] == "2.1.0"
    assert content["$schema"].endswith("sarif-2.1.0.json")
    (run,) = content["runs"]
    rules = run["tool"]["driver"]["rules"]
    ids = [rule["id"] for rule in rules]
    assert len(set(ids)) == len(ids) == len({(r.shape, r.component) for r in ALL.results})
    results = run["results"]
    assert len(results) == len(ALL.results)
    for found in results:
        assert ids[found["ruleIndex"]] == found["ruleId"]
        assert found["level"] in ("error", "warning", "note")
        assert found["message"]["text"]
        check_locations(found)
    assert [found["level"] for found in results[:4]] == ["error", "warning", "error", "note"]
    first = results[0]
    assert first["message"]["text"] == "ex:alice ex:name: needs a name"
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "data.ttl"},
        "region": {"startLine": 3, "startColumn": 1},
    }
    (related,) = first["relatedLocations"]
    assert related["physicalLocation"]["region"]["startLine"] == 7
    assert "must be a number" in results[1]["message"]["text"]
    by_shape = results[4]["locations"][0]["physicalLocation"]
    assert by_shape["artifactLocation"] == {"uri": "shapes.ttl"}
    assert json.loads(written("sarif", NONE))["runs"][0]["results"] == []


def test_github() -> None:
    notes = read_annotations(written("github"))
    assert [note["level"] for note in notes[:4]] == ["error", "warning", "error", "notice"]
    results = json.loads(written("sarif"))["runs"][0]["results"]
    assert len(notes) == len(results)
    for note, result in zip(notes, results, strict=True):
        physical = result["locations"][0].get("physicalLocation")
        if physical is None:
            assert "file" not in note
        else:
            assert note["file"] == physical["artifactLocation"]["uri"]
            line = str(physical["region"]["startLine"]) if "region" in physical else None
            assert note.get("line") == line
        assert note["message"].startswith(result["message"]["text"].split("\n")[0])
    assert notes[0]["title"] == "sh:minCount at ex:name"
    assert notes[0]["message"].split("\n")[1:] == ["shapes.ttl:7:3: the constraint"]
    assert written("github", NONE) == ""


def check_locations(result: dict[str, Any]) -> None:
    (place,) = result["locations"]
    assert set(place) <= {"physicalLocation", "logicalLocations"}
    assert place["logicalLocations"][0]["fullyQualifiedName"]


# Text

TEXT = """\
a shape of ex:name
  sh:minCount at ex:name: 1 violation (shapes.ttl:7:3)
    ex:alice (data.ttl:3:1): needs a name

ex:Person
  sh:or: 1 warning (shapes.ttl:12:3)
    ex:alice (data.ttl:3:1): the value conforms to none of the shapes of the list
      sh:datatype at ex:code (shapes.ttl:15:3)
        ex:address has "x": must be a number
          sh:closed
            _:d1: the property is not one that the shape allows
  sh:sparql: 1 ex:Severe
    _:x: the query of the constraint finds the value, or the focus node
  sh:in at ex:name: 1 info
    ex:bob has 01: the value is not in the list

ex:Z
  sh:maxCount at ex:name: 4 violations (shapes.ttl:7:3)
    ex:n1: there are more values than are allowed
    ex:n1: there are more values than are allowed
    … 2 more

ex:Unused matched no target
a shape matched no target
not checked, waived as sh:sparql: sh:sparql of ex:S (shapes.ttl:20:3)
2 malformed lines left out (--lenient)

does not conform: 5 violations, 1 ex:Severe, 1 warning, 1 info
5 shapes, 1 focus node, 70 checks, 1000 triples; read in 0.25 s, validated in 1.50 s
"""


def test_text() -> None:
    given = report(reports.COUNT, reports.OR, reports.SPARQL, reports.INFO, *reports.EQUAL)
    text = "".join(to_text(given, locate, examples=2))
    assert text == TEXT
    assert "".join(to_text(given, locate, examples=4)).count("ex:n3") == 1


def test_text_names_some_shapes_without_targets() -> None:
    given = replace(NONE, unmatched=tuple(ex(f"S{number}") for number in range(13)))
    assert written("text", given).splitlines()[9:12] == [
        f"<{E}S9> matched no target",
        "… 3 more shapes matched no target",
        "",
    ]


def test_text_names_each_waiver_once() -> None:
    waivers = [m.Waiver("sh:rule", f"sh:rule of ex:S{line}", reports.at(line)) for line in (7, 8)]
    text = written("text", replace(NONE, unsupported=(*waivers, m.Waiver("sh:js", "x", None))))
    assert text.splitlines()[:2] == [
        "not checked, waived as sh:rule: sh:rule of ex:S7, and 1 more (shapes.ttl:7:3)",
        "not checked, waived as sh:js: x",
    ]
    assert (
        len(json.loads(written("json", replace(NONE, unsupported=(*waivers,))))["unsupported"])
        == 2
    )


def test_text_says_that_data_conform() -> None:
    assert written("text", NONE).splitlines()[0] == "conforms"


def test_text_tells_of_results_beyond_a_maximum() -> None:
    assert "9 results; of the 1 kept, 1 violation" in written(
        "text", report(reports.COUNT, found=9)
    )


def test_text_moves_no_cursor_and_is_short() -> None:
    long = replace(reports.INFO, value=m.Literal("x" * 5000, reports.STRING))
    text = "".join(to_text(report(*reports.OF_VALUES, long), locate))
    assert all(character.isprintable() for character in text.replace("\n", ""))
    assert max(map(len, text.splitlines())) < 400


def test_colours_are_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert style_for(Terminal()) == Style(True)
    assert style_for(io.StringIO()) == Style(False)
    monkeypatch.setenv("NO_COLOR", "1")
    assert style_for(Terminal()) == Style(False)
    monkeypatch.setenv("NO_COLOR", "")
    monkeypatch.setenv("TERM", "dumb")
    assert style_for(Terminal()) == Style(False)
    coloured = "".join(to_text(report(reports.COUNT), locate, style=Style(True)))
    assert "\033[31m1 violation\033[0m" in coloured
    assert "\033[1ma shape of ex:name\033[0m" in coloured


def test_the_words_of_pyshacl() -> None:
    text = to_pyshacl_text(report(reports.COUNT, reports.INFO), False)
    component = "MinCountConstraintComponent"
    assert text.startswith(
        "Validation Report\nConforms: False\nResults (2):\n"
        f"Constraint Violation in {component} ({SH}{component}):\n"
        "\tSeverity: sh:Violation\n\tSource Shape: _:b1\n\tFocus Node: ex:alice\n"
        "\tResult Path: ex:name\n\tMessage: benötigt\n\tMessage: needs a name\n"
        "Validation Result in InConstraintComponent"
    )
    assert '\tValue Node: Literal("01", datatype=xsd:integer)\n' in text
    assert text.endswith("\nNot checked, waived as sh:sparql: sh:sparql of ex:S\n")
    assert to_pyshacl_text(NONE, True) == "Validation Report\nConforms: True\n"


# Words and severities


def test_components_have_words() -> None:
    kinds = {kind.__name__.removesuffix("Constraint") for kind in get_args(m.Constraint)}
    kinds -= {"Property", "QualifiedValueShape", "Sparql", "Custom", "Unsupported"}
    for name in (*kinds, "QualifiedMinCount", "QualifiedMaxCount", "SPARQL"):
        made = replace(reports.INFO, component=reports.component(name))
        assert message(made) != "the constraint is violated", name


def test_prefixes_shorten_what_turtle_can_read() -> None:
    names = Names((("ex", E), ("sh", "http://example.org/sh#"), ("long", f"{E}long/")))
    assert names.iri(f"{E}a") == "ex:a"
    assert names.iri(f"{E}long/a") == "long:a"
    assert names.iri(f"{E}a/b") == f"<{E}a/b>"
    assert names.iri(f"{E}a.") == f"<{E}a.>"
    assert names.iri(f"{SH}path") == "sh:path"
    assert names.iri("http://example.org/sh#x") == "<http://example.org/sh#x>"


@pytest.mark.parametrize(
    ("results", "failing"),
    [
        ((), ()),
        ((reports.INFO,), ("info",)),
        ((reports.OR,), ("info", "warning")),
        ((reports.COUNT,), ("info", "warning", "violation")),
        ((reports.SPARQL,), ("info", "warning", "violation")),
    ],
)
def test_severities(results: tuple[Result, ...], failing: tuple[str, ...]) -> None:
    thresholds = ("info", "warning", "violation", "never")
    given = report(*results)
    assert tuple(t for t in thresholds if severity.fails(given, t)) == failing


def test_results_that_are_not_kept_count() -> None:
    given = report(reports.INFO, found=3)
    assert severity.fails(given, "violation")
    assert not severity.fails(given, "never")
    assert severity.count(given) == {"info": 1}


def test_many_results_are_written_in_parts() -> None:
    many = replace(NONE, results=reports.EQUAL * 100, found=400)
    for format_ in ("turtle", "json", "jsonld", "csv", "sarif", "github"):
        parts = list(WRITERS[format_](many, locate))
        assert len(parts) >= 400
        assert max(map(len, parts)) < 2000
    assert ex("n1") in {result.focus for result in many.results}
