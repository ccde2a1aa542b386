# SPDX-License-Identifier: Apache-2.0
"""Maps: what changes their fingerprint, which the model has too, and what they hold."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from cns_build.cli import main
from cns_build.decode.map import read_map
from tests.compiling import PREFIXES

SHAPES = """
ex:S a sh:NodeShape ; sh:targetClass ex:Reading ;
  sh:property [ sh:path ex:low ; sh:datatype xsd:int ; sh:minCount 1 ; sh:maxCount 1 ] ;
  sh:property [ sh:path ex:high ; sh:datatype xsd:int ; sh:minCount 1 ; sh:maxCount 1 ;
                sh:maxInclusive 85 ] .
"""
PATHS = """
ex:S a sh:NodeShape ; sh:targetClass ex:Reading ;
  sh:property [ sh:path ( ex:inside ex:low ) ; sh:datatype xsd:int ; sh:maxInclusive 1 ] ;
  sh:property [ sh:path [ sh:alternativePath ( ex:a ex:b ) ] ; sh:maxInclusive 1 ] ;
  sh:property [ sh:path ( ex:items [ sh:zeroOrMorePath rdf:rest ] rdf:first ) ;
                sh:datatype xsd:int ; sh:maxInclusive 1 ] .
"""
EX, RDF = "http://example.org/", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def compiled(folder: Path, shapes: str, *options: str) -> tuple[dict[str, Any], str]:
    """The map and the C source of shapes."""
    source = folder / "shapes.ttl"
    source.write_text(PREFIXES + shapes, "utf-8")
    outputs = [str(folder / name) for name in ("m.c", "m.h")]
    words = ["--shapes", str(source), "--name", "m", "--map", str(folder / "m.map.json")]
    assert main(["compile", *words, "-o", *outputs, *options]) == 0
    return json.loads((folder / "m.map.json").read_text()), Path(outputs[0]).read_text()


def fingerprint(folder: Path, shapes: str, *options: str) -> str:
    """The fingerprint of shapes, which map and model agree on."""
    content, source = compiled(folder, shapes, *options)
    found = re.search(r"\.fingerprint = 0x([0-9a-f]{8})u,", source)
    assert found is not None
    assert found[1] == content["fingerprint"]
    return found[1]


@pytest.mark.parametrize(
    "changed",
    [
        f"# A comment, and a line more.\n\n{SHAPES}",
        SHAPES.replace("xsd:int ; sh:minCount 1", "xsd:int ;\n    sh:minCount 1"),
    ],
    ids=["comment", "lines"],
)
def test_where_shapes_stand_is_no_part_of_the_fingerprint(changed: str, tmp_path: Path) -> None:
    assert fingerprint(tmp_path, changed) == fingerprint(tmp_path, SHAPES)


@pytest.mark.parametrize(
    "changed",
    [
        SHAPES.replace("85", "86"),
        SHAPES.replace("ex:low", "ex:swap").replace("ex:high", "ex:low").replace("swap", "high"),
        SHAPES.replace("sh:maxInclusive 85", "sh:maxInclusive 85 ; sh:severity sh:Warning"),
        SHAPES.replace("ex:Reading", "ex:Sample"),
    ],
    ids=["bound", "order", "severity", "class"],
)
def test_what_results_mean_is(changed: str, tmp_path: Path) -> None:
    assert fingerprint(tmp_path, changed) != fingerprint(tmp_path, SHAPES)


def test_kinds_are_part_of_it_and_in_the_map(tmp_path: Path) -> None:
    options = ["--kind", "reading=7", "--unchecked", "heartbeat=9"]
    content, _ = compiled(tmp_path, SHAPES, *options)
    assert (content["kinds"], content["unchecked"]) == ({"7": "reading"}, {"9": "heartbeat"})
    assert content["fingerprint"] != fingerprint(tmp_path, SHAPES)
    known = read_map(str(tmp_path / "m.map.json"))
    assert known.kinds == {0: "reading"}


def test_paths_are_whole(tmp_path: Path) -> None:
    content, _ = compiled(tmp_path, PATHS)
    alternative = {"alternativePath": [f"{EX}a", f"{EX}b"]}
    assert [check["resultPath"] for check in content["checks"]] == [
        {"sequencePath": [f"{EX}inside", f"{EX}low"]},
        alternative,
        alternative,  # a check for each branch
        {"sequencePath": [f"{EX}items", {"zeroOrMorePath": f"{RDF}rest"}, f"{RDF}first"]},
    ]
    known = read_map(str(tmp_path / "m.map.json"))
    assert known.checks[3].result_path == (
        f"( <{EX}items> [ <http://www.w3.org/ns/shacl#zeroOrMorePath> <{RDF}rest> ] <{RDF}first> )"
    )


def test_export_writes_the_map_too(tmp_path: Path) -> None:
    content, _ = compiled(tmp_path, SHAPES)
    words = ["--shapes", str(tmp_path / "shapes.ttl"), "--name", "m", "-o", str(tmp_path / "out")]
    assert main(["export", *words, "--map", str(tmp_path / "other.json")]) == 0
    assert json.loads((tmp_path / "other.json").read_text()) == content


def test_every_golden_case_has_a_map_that_is_read(tmp_path: Path) -> None:
    """Terms, paths and severities of all kinds come back from the JSON."""
    from tests.test_cli_output import golden
    from tests.test_golden import CASES

    read = 0
    for case in CASES:
        if case.stem.startswith(("contradiction", "bind")):
            continue
        shapes, options = golden(case.stem)
        words = [word for word in options if word]
        content, _ = compiled(tmp_path, shapes, *words)
        known = read_map(str(tmp_path / "m.map.json"))
        assert len(known.checks) == len(content["checks"])
        assert [str(term) for term in known.terms] == content["terms"]
        read += 1
    assert read > 20
