# SPDX-License-Identifier: Apache-2.0
"""Inference around validation: what is compiled, what is refused, what commands write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import cns_build
from cns_build.cli import main
from cns_build.graph.report import Report
from cns_build.graph.validator import Validator
from tests.graph import programs

PREFIXES = """@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
ONTOLOGY = """
ex:Dog rdfs:subClassOf ex:Animal ; owl:disjointWith ex:Cat .
ex:owns rdfs:range ex:Animal ; owl:inverseOf ex:owner ; rdfs:subPropertyOf ex:knows .
ex:chip a owl:InverseFunctionalProperty .
ex:rex a ex:Dog ; ex:owner ex:zoe .
"""
SHAPES = """
ex:AnimalShape a sh:NodeShape ; sh:targetClass ex:Animal ;
  sh:property [ sh:path ex:owner ; sh:maxCount 1 ; sh:class ex:Person ] .
ex:OwnerShape a sh:NodeShape ; sh:targetSubjectsOf ex:owns ;
  sh:property [ sh:path ex:knows ; sh:minCount 1 ] .
"""
DATA = """
ex:ann ex:owns ex:tom , ex:rex . ex:tom a ex:Cat ; ex:chip "01"^^xsd:integer .
ex:ben a ex:Person ; ex:owns ex:kit . ex:kit ex:chip 1 .
"""
RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
SAME_AS = "<http://www.w3.org/2002/07/owl#sameAs>"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with an ontology, shapes and data."""
    for name, text in (("o", ONTOLOGY), ("s", SHAPES), ("d", DATA)):
        (tmp_path / f"{name}.ttl").write_text(PREFIXES + text, encoding="utf-8")
    return tmp_path


def found(report: Report) -> set[tuple[str, str]]:
    """Focus nodes and components of the results, by their local names."""
    return {
        (str(r.focus).strip("<>").rpartition("/")[2], r.component.value.rpartition("#")[2])
        for r in report.results
    }


def validator(inference: str, ontology: str = ONTOLOGY) -> Validator:
    return cns_build.compile(PREFIXES + SHAPES, PREFIXES + ontology, inference=inference)


def test_shapes_look_at_what_follows() -> None:
    owners = {("tom", "ClassConstraintComponent"), ("rex", "ClassConstraintComponent")}
    two = {(n, "MaxCountConstraintComponent") for n in ("tom", "kit", "rex")}
    data = PREFIXES + DATA
    assert found(validator("none").validate(data)) == {
        ("ann", "MinCountConstraintComponent"),
        ("ben", "MinCountConstraintComponent"),
    }
    assert not found(validator("rdfs").validate(data))  # there are no owners
    rules = validator("owlrl").validate(data)
    kit = {("kit", "ClassConstraintComponent")}
    assert found(rules) == owners | two | kit
    assert rules.statistics.inferred > 10


def test_nodes_of_the_ontology_alone_are_no_focus_nodes() -> None:
    report = validator("owlrl").validate(PREFIXES + "ex:ben a ex:Person ; ex:owns ex:tom .")
    assert report.conforms, found(report)  # ex:rex would have an owner that is no person


def test_contradictions_name_their_axiom() -> None:
    report = validator("owlrl").validate(PREFIXES + DATA + "ex:tom a ex:Dog .")
    results = [r for r in report.results if r.component.value.endswith("#NotConstraintComponent")]
    assert {str(r.focus) for r in results} == {
        f"<http://example.org/{name}>" for name in ("tom", "kit")
    }
    assert all("disjoint" in result.messages[0].lexical for result in results)
    nodes = ONTOLOGY + "ex:z a ex:Dog , ex:Cat ."
    assert not validator("owlrl", nodes).validate(PREFIXES + "ex:a ex:b ex:c .").conforms


def test_a_session_takes_back_what_followed() -> None:
    session = validator("owlrl").session(PREFIXES + DATA)
    before = found(session.report)
    line = b"<http://example.org/kit> <http://example.org/chip> "
    one = line + b'"1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
    found_apart = found(session.update(removed=one))
    assert before - found_apart == {
        ("tom", "MaxCountConstraintComponent"),
        ("kit", "MaxCountConstraintComponent"),
        ("kit", "ClassConstraintComponent"),
    }
    assert found(session.update(added=one)) == before


def test_axioms_in_data_are_refused(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = files / "d.ttl"
    data.write_text(data.read_text() + "ex:likes rdfs:domain ex:Fan . ex:ann ex:likes ex:tom .")
    words = ["validate", "--ontology", str(files / "o.ttl"), "--shapes", str(files / "s.ttl")]
    words += ["--inference", "rdfs", str(data), "--format", "json"]
    assert main(words) == 2
    error = capsys.readouterr().err
    assert "<http://example.org/likes>" in error
    assert "--dynamic-tbox" in error
    assert main([*words, "--dynamic-tbox"]) == 0
    assert json.loads(capsys.readouterr().out)["conforms"]


def test_negative_facts_in_data_need_no_type(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = files / "d.ttl"
    negative = "owl:sourceIndividual ex:kit ; owl:assertionProperty ex:chip ; owl:targetValue 1"
    data.write_text(data.read_text() + f"[] {negative} .")
    words = ["validate", "--ontology", str(files / "o.ttl"), "--inference", "owlrl", str(data)]
    assert main(words) == 2
    assert "#sourceIndividual> <http://example.org/kit>; put it" in capsys.readouterr().err
    assert main([*words, "--dynamic-tbox"]) == 1
    told = capsys.readouterr().out
    assert "ex:kit does not have the value 1 of ex:chip" in told
    assert f"({data}:{len(data.read_text().splitlines())}:" in told


def test_materialize(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["materialize", "--ontology", str(files / "o.ttl"), str(files / "d.ttl")]
    output = files / "out.nt"
    assert main([*words, "--only-inferred", "-o", str(output)]) == 0
    inferred = output.read_text().splitlines()
    assert f"<http://example.org/tom> {SAME_AS} <http://example.org/kit> ." in inferred
    assert f"<http://example.org/kit> {RDF_TYPE} <http://example.org/Cat> ." in inferred
    assert main([*words, "-o", str(output)]) == 0
    everything = output.read_text().splitlines()
    assert sorted(set(everything)) == sorted(everything)
    assert set(inferred) < set(everything)
    assert len(everything) == len(inferred) + 7
    assert main([*words, "--inference", "rdfs", "--only-inferred", "-o", str(output)]) == 0
    assert set(output.read_text().splitlines()) < set(everything)
    data = files / "d.ttl"
    data.write_text(data.read_text() + "ex:tom a ex:Dog .")
    before = output.read_text()
    assert main([*words, "-o", str(output)]) == 1
    assert output.read_text() == before
    assert "are disjoint" in capsys.readouterr().err
    assert main([*words, "-o", str(output), "--allow-inconsistent"]) == 0
    assert output.read_text() != before


def test_labels_of_several_files_stay_apart(files: Path) -> None:
    for name in ("a", "b"):
        (files / f"{name}.nt").write_text("_:x <http://example.org/owns> _:y .\n")
    output = files / "out.nt"
    words = ["materialize", "--ontology", str(files / "o.ttl"), "-o", str(output)]
    assert main([*words, str(files / "a.nt"), str(files / "b.nt")]) == 0
    lines = output.read_text().splitlines()
    owners = {line.split()[0] for line in lines if "/owns>" in line and line.startswith("_:")}
    assert len(owners) == 2


@pytest.mark.slow
def test_programs_infer(files: Path) -> None:
    made = files / "check.c"
    words = ["validator", "--ontology", str(files / "o.ttl"), "--shapes", str(files / "s.ttl")]
    assert main([*words, "--inference", "owlrl", "--emit-c", str(made)]) == 0
    program = programs.build_program(files, [made])
    data = files / "d.nt"
    data.write_text("<http://e/a> <http://example.org/owns> <http://e/b> .\n")
    answer = programs.run(program, "--format", "json", data)
    assert answer.status == 1
    assert "ClassConstraintComponent" in answer.out
    data.write_text("<http://e/p> <http://www.w3.org/2000/01/rdf-schema#domain> <http://e/c> .\n")
    answer = programs.run(program, data)
    assert answer.status == 2
    assert "rdf-schema#domain> <http://e/c>; build" in answer.err
