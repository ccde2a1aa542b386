# SPDX-License-Identifier: Apache-2.0
"""Constraints in SPARQL beside those of SHACL Core, in every engine: the W3C suite, and more."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from cns_build.diagnostics import CompileError
from cns_build.graph.data import Source
from cns_build.graph.report import Report
from cns_build.graph.sparql import Evaluator
from cns_build.graph.validator import Validator
from cns_build.model import IRI
from tests.graph.native import build_library, shapes_in
from tests.graph.references import as_reference, source
from tests.graph.test_sparql_w3c import FAILURES, IMPORTS, TESTS
from tests.reference import read_report, same_report
from tests.reference.matching import differences
from tests.test_reference_w3c import MF, SHT, document

SHAPES = """
@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

ex: sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .

ex:Person a sh:NodeShape ; sh:targetClass ex:Human ;
    sh:sparql [ sh:prefixes ex: ; sh:message "{$this} knows {?value}" ;
        sh:select "SELECT $this ?value WHERE { $this ex:knows ?value . ?value ex:bad true }" ] ;
    sh:property [ sh:path ex:name ; sh:minCount 1 ] .
ex:Team a sh:NodeShape ; sh:targetSubjectsOf ex:member ;
    sh:property [ sh:path ex:member ; sh:not ex:Lonely ] .
ex:Lonely sh:sparql [ sh:prefixes ex: ;
    sh:select "SELECT $this WHERE { $this ex:knows ?anyone }" ] .
"""
DATA = """
_:a <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example.org/Human> .
_:a <http://example.org/knows> _:b .
_:a <http://example.org/knows> <http://example.org/c> .
_:b <http://example.org/bad> "true"^^<http://www.w3.org/2001/XMLSchema#boolean> .
<http://example.org/c> <http://example.org/bad> "1"^^<http://www.w3.org/2001/XMLSchema#boolean> .
<http://example.org/t> <http://example.org/member> _:a .
<http://example.org/t> <http://example.org/member> _:b .
"""


@pytest.mark.parametrize("file", TESTS, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_w3c(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All tests of SHACL-SPARQL; those that must fail are refused when they are compiled."""
    monkeypatch.setattr("cns_build.frontend.parse.base_iri", lambda file: Path(file).as_uri())
    graph = document(file)
    (result,) = graph.objects(None, MF["result"])
    waive = [f"import:{IMPORTS[file.stem]}"] if file.stem in IMPORTS else []
    if result == SHT["Failure"]:
        with pytest.raises(CompileError, match=re.escape(FAILURES[file.stem])):
            Validator.compile([str(file)], strict=True, waive=waive)
        return
    validator = Validator.compile([str(file)], strict=True, waive=waive)
    actual = as_reference(validator.validate([source(file)]))
    expected = read_report(graph, result)
    assert same_report(expected, actual), "\n".join(differences(expected[1], actual.results))


@pytest.fixture(scope="module")
def validator(tmp_path_factory: pytest.TempPathFactory) -> Validator:
    file = tmp_path_factory.mktemp("hosted") / "shapes.ttl"
    file.write_text(SHAPES)
    return Validator.compile([str(file)])


def lines(report: Report) -> list[str]:
    return [
        f"{r.focus} {r.component.value.rpartition('#')[2]} {r.value} {r.messages[0].lexical}"
        for r in report.results
    ]


def test_results_have_their_values_and_blank_nodes(validator: Validator) -> None:
    report = validator.validate([Source("data.nt", DATA.encode(), False)])
    assert sorted(lines(report)) == [
        "<http://example.org/t> NotConstraintComponent _:b must not conform to Lonely",
        "_:a MinCountConstraintComponent None is missing",
        "_:a SPARQLConstraintComponent <http://example.org/c> _:a knows ex:c",
        "_:a SPARQLConstraintComponent _:b _:a knows _:b",
    ]
    assert [r.constraint is not None for r in report.results].count(True) == 2
    (warning,) = report.warnings
    assert '"1"^^' in warning.message


def test_engines_agree(validator: Validator, tmp_path: Path) -> None:
    library = build_library(tmp_path, {"people": validator.program})
    native = validator.with_shapes(shapes_in(library, "people"))
    data = [Source("data.nt", DATA.encode(), False)]
    assert native.validate(data).results == validator.validate(data).results
    for maximum in (1, 2, 3):
        assert len(validator.validate(data, maximum=maximum).results) == maximum
    assert len(validator.validate(data, first=True).results) == 1


def test_equal_labels_of_two_sources_are_two_nodes(validator: Validator) -> None:
    other = DATA.replace("_:b <http://example.org/bad>", "_:x <http://example.org/bad>")
    report = validator.validate(
        [Source("a.nt", DATA.encode(), False), Source("b.nt", other.encode(), False)]
    )
    found = [line for line in lines(report) if "SPARQL" in line]
    assert len(found) == 3
    assert len({line.split()[0] for line in found}) == 2


def test_sessions_ask_again(validator: Validator) -> None:
    session = validator.session([Source("data.nt", DATA.encode(), False)])
    assert session.report.found == 4
    cured = b'_:b <http://example.org/bad> "true"^^<http://www.w3.org/2001/XMLSchema#boolean> .\n'
    assert session.update(removed=cured).found == 3
    assert session.update(added=cured).found == 4
    known = b"_:b <http://example.org/knows> <http://example.org/c> .\n"
    assert session.update(added=known).found == 3


def test_one_named_graph(validator: Validator) -> None:
    quads = "".join(
        line.removesuffix(".") + "<http://example.org/g> .\n" for line in DATA.splitlines() if line
    )
    data = [Source("data.nq", quads.encode(), True)]
    assert validator.validate(data, graphs=[IRI("http://example.org/g")]).found == 4
    assert validator.validate(data, graphs=[None]).found == 0


def test_malformed_lines_are_left_out(validator: Validator) -> None:
    lines = [line for text in DATA.splitlines() for line in (text, "_:a oops .", "<x:a <x:b> 1")]
    report = validator.validate("\n".join(lines).encode(), lenient=True)
    assert report.found == 4
    assert report.skipped == len(lines) * 2 // 3


def test_a_failure_ends_the_validation(tmp_path: Path) -> None:
    failing = SHAPES.replace("SELECT $this ?value", "SELECT $this (true AS ?failure)")
    file = tmp_path / "shapes.ttl"
    file.write_text(failing)
    with pytest.raises(CompileError, match="failed"):
        Validator.compile([str(file)]).validate([Source("data.nt", DATA.encode(), False)])


def test_what_is_left_out_is_left_out_of_queries(validator: Validator) -> None:
    """The engine and the store have the same data, also those of a lenient reading."""
    bad = "<http://example.org/c> <http://example.org/bad> <http://example.org/a b> .\n"
    data = [Source("data.nt", (DATA + bad + "oops\n").encode(), False, verbatim=True)]
    report = validator.validate(data, lenient=True)
    assert (report.found, report.skipped) == (4, 2)


def test_equal_values_are_kept_apart_by_sessions(validator: Validator) -> None:
    """A store has "1" and "true" as one; removing one of them leaves the other."""
    boolean = "<http://www.w3.org/2001/XMLSchema#boolean>"
    one = f'_:b <http://example.org/bad> "1"^^{boolean} .\n'.encode()
    session = validator.session([Source("data.nt", DATA.encode() + one, False)])
    assert session.report.found == 4
    assert session.update(removed=one).found == 4


def test_colons_in_labels_are_no_colons_in_reports(validator: Validator) -> None:
    data = [Source("data.nt", DATA.replace("_:a ", "_:a:b ").encode(), False)]
    labels = {str(result.focus) for result in validator.validate(data).results}
    assert "_:a_b" in labels


def test_an_interrupt_ends_the_validation(
    validator: Validator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Evaluator, "results", interrupt)
    with pytest.raises(KeyboardInterrupt):
        validator.validate([Source("data.nt", DATA.encode(), False)])


def test_results_are_in_the_order_of_their_values(validator: Validator) -> None:
    boolean = '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
    lines_ = [f"_:a <http://example.org/knows> <x:{n}> .\n" for n in range(9)]
    lines_ += [f"<x:{n}> <http://example.org/bad> {boolean} .\n" for n in range(9)]
    random.Random(3).shuffle(lines_)
    data = [Source("data.nt", (DATA + "".join(lines_)).encode(), False)]
    values = [str(r.value) for r in validator.validate(data).results if r.constraint]
    assert values == sorted(values, key=lambda text: (text.startswith("<"), text))
    assert len(values) == 11
