# SPDX-License-Identifier: Apache-2.0
"""`cns_build.compile`, and what one Validator is asked: in all forms of data, again, at once."""

from __future__ import annotations

import doctest
import io
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
import rdflib

import cns_build
from cns_build.cli import main
from cns_build.diagnostics import CompileError
from cns_build.graph.data import Source
from cns_build.graph.report import Report
from cns_build.graph.validator import Validator
from cns_build.model import IRI
from tests.compiling import PREFIXES
from tests.paths import ROOT

E = "http://example.org/"
SHAPES = f"""{PREFIXES}
ex: sh:declare [ sh:prefix "ex" ; sh:namespace "{E}"^^xsd:anyURI ] .
ex:Person a sh:NodeShape ; sh:targetClass ex:Person ; sh:property ex:Name .
ex:Name a sh:PropertyShape ; sh:path ex:name ; sh:minCount 1 ; sh:pattern "^[A-Z]" .
"""
ASKING = f"""{SHAPES}
ex:Person sh:sparql [ sh:prefixes ex: ; sh:message "{{$this}} is the boss of {{?value}}" ;
    sh:select "SELECT $this ?value WHERE {{ $this ex:boss+ ?value . ?value ex:boss+ $this }}" ] .
"""
DATA = f"""{PREFIXES}
ex:a a ex:Person . ex:b a ex:Person ; ex:name "b" . ex:c a ex:Person ; ex:name "C" .
"""
MORE = f"{PREFIXES} ex:More a sh:NodeShape ; sh:targetClass ex:None ; sh:nodeKind sh:IRI ."


def quads(text: str) -> list[pyoxigraph.Quad]:
    return list(pyoxigraph.parse(text.encode(), pyoxigraph.RdfFormat.TURTLE))


def n_triples(text: str) -> bytes:
    return "".join(f"{quad} .\n" for quad in quads(text)).encode()


def in_rdflib(text: str, kind: type[rdflib.Graph] = rdflib.Graph) -> rdflib.Graph:
    return kind().parse(data=text, format="turtle")


def store(text: str) -> pyoxigraph.Store:
    made = pyoxigraph.Store()
    made.extend(quads(text))
    return made


def file(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder / name


def focus_nodes(report: Report) -> list[str]:
    return [str(result.focus) for result in report.results]


# Pages


def test_the_page_shows_what_is_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "validate.md").read_text("utf-8")
    for name, text in re.findall(r"^```turtle (\S+)\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        file(tmp_path, name, text)
    shown = "".join(re.findall(r"^```pycon\n(.*?)^```", page, re.MULTILINE | re.DOTALL))
    test = doctest.DocTestParser().get_doctest(shown, {}, "validate.md", None, None)
    assert len(test.examples) == 9
    assert doctest.DocTestRunner().run(test).failed == 0


def test_the_readme_shows_a_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "README.md").read_text("utf-8")
    blocks = dict(re.findall(r"^```(\w+)\n(.*?)^```", page, re.MULTILINE | re.DOTALL))
    file(tmp_path, "reading.shacl", blocks["turtle"])
    file(tmp_path, "readings.ttl", f"{PREFIXES} ex:r a ex:Reading ; ex:celsius 90.5e0 .")
    exec(blocks["python"], {})
    assert capsys.readouterr().out == "False 1\n"
    assert main(blocks["sh"].split()[1:]) == 1
    assert "ex:r" in capsys.readouterr().out


# Forms of data and shapes


FORMS: dict[str, Callable[[str, Path], Any]] = {
    "path": lambda text, folder: file(folder, "given.ttl", text),
    "name": lambda text, folder: str(file(folder, "given.ttl", text)),
    "text": lambda text, folder: text,
    "N-Triples": lambda text, folder: n_triples(text),
    "open file": lambda text, folder: io.BytesIO(text.encode()),
    "rdflib graph": lambda text, folder: in_rdflib(text),
    "rdflib dataset": lambda text, folder: in_rdflib(text, rdflib.Dataset),
    "store": lambda text, folder: store(text),
    "dataset": lambda text, folder: pyoxigraph.Dataset(quads(text)),
    "quads": lambda text, folder: quads(text),
    "iterator": lambda text, folder: iter(quads(text)),
    "several": lambda text, folder: [in_rdflib(text), file(folder, "more.ttl", MORE)],
}


@pytest.fixture(scope="module")
def validator() -> Validator:
    return cns_build.compile(SHAPES)


@pytest.mark.parametrize("form", FORMS)
def test_forms_of_data(validator: Validator, tmp_path: Path, form: str) -> None:
    for _ in range(2):
        report = validator.validate(FORMS[form](DATA, tmp_path))
        assert focus_nodes(report) == [f"<{E}a>", f"<{E}b>"]
    session = validator.session(FORMS[form](DATA, tmp_path))
    assert session.report.results == report.results
    assert session.update(f'<{E}a> <{E}name> "A" .'.encode()).found == 1


def test_sources_are_data_as_they_are(validator: Validator) -> None:
    source = Source("data.nt", n_triples(DATA), False)
    assert validator.validate(source).found == validator.validate([source]).found == 2


@pytest.mark.parametrize("form", FORMS)
def test_forms_of_shapes(tmp_path: Path, form: str) -> None:
    validator = cns_build.compile(FORMS[form](SHAPES, tmp_path))
    assert focus_nodes(validator.validate(DATA)) == [f"<{E}a>", f"<{E}b>"]


def test_ontologies_are_several(tmp_path: Path) -> None:
    ontologies = [
        in_rdflib(f"{PREFIXES} ex:Poet rdfs:subClassOf ex:Artist ."),
        file(tmp_path, "classes.ttl", f"{PREFIXES} ex:Artist rdfs:subClassOf ex:Person ."),
    ]
    report = cns_build.compile(SHAPES, ontologies).validate(f"{PREFIXES} ex:d a ex:Poet .")
    assert focus_nodes(report) == [f"<{E}d>"]


def test_formats_that_nothing_tells() -> None:
    xml = io.StringIO(in_rdflib(SHAPES).serialize(format="xml"))
    validator = cns_build.compile(xml, shapes_format="xml")
    assert validator.validate(DATA).found == 2


def test_no_data(validator: Validator) -> None:
    none: Any
    for none in ([], (), b"", rdflib.Graph()):
        report = validator.validate(none)
        assert report.conforms
        assert report.statistics.triples == 0


def test_what_is_no_data(validator: Validator, tmp_path: Path) -> None:
    for wrong in (5, [5], [None]):
        with pytest.raises(TypeError, match="no RDF"):
            validator.validate(wrong)
    with pytest.raises(CompileError, match="no such file"):
        validator.validate(tmp_path / "none.ttl")
    with pytest.raises(CompileError, match="found 'a', expected a subject"):
        validator.validate(b"a b c .")
    with pytest.raises(ValueError, match="bytecode, native"):
        cns_build.compile(SHAPES, engine="nativ")


def test_data_that_are_read_with_warnings(validator: Validator) -> None:
    report = validator.validate(f"{DATA} ex:a ex:b .", lenient=True)
    assert report.found == 2
    assert [w.severity for w in report.warnings] == ["warning"]


# Selections


@pytest.mark.parametrize("name", [str, IRI, rdflib.URIRef])
def test_names(validator: Validator, name: Callable[[str], Any]) -> None:
    focus, shape, graph = name(f"{E}b"), name(f"{E}Person"), name(f"{E}g")
    assert validator.validate(DATA, focus=[focus], shapes=[shape, shape]).found == 1
    quads = n_triples(DATA).replace(b" .\n", f" <{E}g> .\n".encode())
    for graphs, found in (([graph], 2), ([None], 0), ([None, graph], 2)):
        data = Source("data.nq", quads, True)
        assert validator.validate(data, graphs=graphs).found == found
    assert validator.validate(data, focus=focus, shapes=shape, graphs=graph).found == 1
    assert validator.session(data, graphs=graph).report.found == 2


def test_shapes_match_where_nodes_are_chosen(validator: Validator) -> None:
    assert validator.validate(b"").unmatched == (IRI(f"{E}Person"),)
    assert validator.validate(DATA, focus=f"{E}typo").unmatched == ()


def test_first_ends_in_focus_too(validator: Validator) -> None:
    chosen: dict[str, Any] = {"focus": [f"{E}a", f"{E}b"], "shapes": [f"{E}Name"]}
    assert validator.validate(DATA, **chosen).found == 2
    for options in (chosen, {"focus": chosen["focus"]}):
        report = validator.validate(DATA, first=True, **options)
        assert report.found == len(report.results) == 1
        assert report.warnings == ()


def test_a_maximum_keeps_what_explains_the_results() -> None:
    shapes = f"""{PREFIXES}
        ex:S sh:targetClass ex:Person ; sh:node ex:N ; sh:nodeKind sh:Literal .
        ex:N sh:property [ sh:path ex:name ; sh:minCount 1 ; sh:minLength 2 ], [ sh:path ex:age ;
          sh:minCount 1 ] ."""
    validator = cns_build.compile(shapes)
    whole = validator.validate(DATA)
    assert [len(r.details) for r in whole.results] == [2, 0, 2, 0, 2, 0]
    for maximum in (*range(8), 2**32, 10**18):
        report = validator.validate(DATA, maximum=maximum)
        assert report.found == 6
        assert len(report.results) == min(maximum, 6)
        assert set(report.results) <= set(whole.results)


# Threads


def people(number: int) -> bytes:
    """Data of which no two numbers have the same results; some names are ordered in circles."""
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    lines = []
    for person in range(300):
        this = f"_:p{person}" if person % 3 else f"<{E}p{person}>"
        lines.append(f"{this} {kind} <{E}Person> .")
        if person % (number + 2):
            lines.append(f'{this} <{E}name> "{"aA"[person % 2]}{number}" .')
        if not person % 3:
            boss = (person // 30 * 30 + (person + 3) % 30) % (290 + number)
            lines.append(f"{this} <{E}boss> <{E}p{boss}> .")
    return "\n".join(lines).encode()


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("engine", ["bytecode", "native"])
@pytest.mark.parametrize("shapes", [SHAPES, ASKING], ids=["core", "sparql"])
def test_threads_find_what_one_finds(engine: str, shapes: str) -> None:
    validator = cns_build.compile(shapes, engine=engine)
    data = [people(number) for number in range(8)]
    expected = [validator.validate(one).results for one in data]
    assert len({len(results) for results in expected}) > 4
    assert any("SPARQL" in r.component.value for r in expected[0]) is (shapes is ASKING)

    def repeatedly(number: int) -> bool:
        for _ in range(3):
            same = validator.validate(data[number]).results == expected[number]
            session = validator.session(data[number - 1])
            if not same or session.report.results != expected[number - 1]:
                return False
            places = {str(validator.locate(r.origin)) for r in expected[number] if r.origin}
            if not all(":" in place for place in places):
                return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(repeatedly, range(8)))
