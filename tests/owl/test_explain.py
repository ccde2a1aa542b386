# SPDX-License-Identifier: Apache-2.0
"""`cnsc explain --class` and `--property`: what follows, and from which lines."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cns_build.cli import main
from tests.frontend.inputs import PREFIXES
from tests.paths import ROOT

ONTOLOGY = """\
ex:Person owl:disjointWith ex:Organization .
ex:ResearchGroup rdfs:subClassOf ex:Organization .
ex:Employee owl:equivalentClass ex:Worker ,
  [ owl:onProperty ex:worksFor ; owl:someValuesFrom ex:Organization ] .
ex:Researcher rdfs:subClassOf ex:Person , [ a owl:Restriction ;
  owl:onProperty ex:worksFor ; owl:someValuesFrom ex:ResearchGroup ] .
ex:Robot rdfs:subClassOf ex:Researcher , ex:Organization .
ex:headOf rdfs:subPropertyOf ex:worksFor .
ex:worksFor a owl:FunctionalProperty ; rdfs:domain ex:Person ; owl:inverseOf ex:staff .
"""

RESEARCHER = """\
class ex:Researcher

superclasses:
  ex:Employee, directly
      o.ttl:11:43: ex:Researcher rdfs:subClassOf (ex:worksFor some ex:ResearchGroup)
      o.ttl:12:51: ex:worksFor some ex:ResearchGroup
      o.ttl:8:34: ex:ResearchGroup rdfs:subClassOf ex:Organization
      o.ttl:10:53: ex:worksFor some ex:Organization
      o.ttl:10:3: ex:Employee owl:equivalentClass (ex:worksFor some ex:Organization)
  ex:Person, directly
      o.ttl:11:31: ex:Researcher rdfs:subClassOf ex:Person
  ex:Worker
      o.ttl:11:43: ex:Researcher rdfs:subClassOf (ex:worksFor some ex:ResearchGroup)
      o.ttl:12:51: ex:worksFor some ex:ResearchGroup
      o.ttl:8:34: ex:ResearchGroup rdfs:subClassOf ex:Organization
      o.ttl:10:53: ex:worksFor some ex:Organization
      o.ttl:10:3: ex:Employee owl:equivalentClass (ex:worksFor some ex:Organization)
      o.ttl:9:33: ex:Employee owl:equivalentClass ex:Worker

restrictions:
  (ex:worksFor some ex:Organization), beyond OWL 2 RL: owl:someValuesFrom in a superclass
      o.ttl:11:43: ex:Researcher rdfs:subClassOf (ex:worksFor some ex:ResearchGroup)
      o.ttl:12:51: ex:worksFor some ex:ResearchGroup
      o.ttl:8:34: ex:ResearchGroup rdfs:subClassOf ex:Organization
      o.ttl:10:53: ex:worksFor some ex:Organization
  (ex:worksFor some ex:ResearchGroup), beyond OWL 2 RL: owl:someValuesFrom in a superclass
      o.ttl:11:43: ex:Researcher rdfs:subClassOf (ex:worksFor some ex:ResearchGroup)

subclasses:
  ex:Robot, directly
      o.ttl:13:26: ex:Robot rdfs:subClassOf ex:Researcher

disjoint with:
  ex:Organization
      o.ttl:11:31: ex:Researcher rdfs:subClassOf ex:Person
      o.ttl:7:28: disjoint are ex:Person, ex:Organization
"""
STAFF = """\
property ex:staff

is:
  inverse functional
      o.ttl:15:78: ex:worksFor owl:inverseOf ex:staff
      o.ttl:15:15: ex:worksFor is functional

equivalent properties:
  inverse ex:worksFor
      o.ttl:15:78: ex:worksFor owl:inverseOf ex:staff

inverse properties:
  ex:worksFor
      o.ttl:15:78: ex:worksFor owl:inverseOf ex:staff

subproperties:
  inverse ex:headOf
      o.ttl:14:30: ex:headOf rdfs:subPropertyOf ex:worksFor
      o.ttl:15:78: ex:worksFor owl:inverseOf ex:staff

ranges:
  ex:Person
      o.ttl:15:78: ex:worksFor owl:inverseOf ex:staff
      o.ttl:15:52: ex:worksFor rdfs:domain ex:Person
"""
EMPTY = """
unsatisfiable: it can have no instance
      o.ttl:13:26: ex:Robot rdfs:subClassOf ex:Researcher
      o.ttl:11:31: ex:Researcher rdfs:subClassOf ex:Person
      o.ttl:13:42: ex:Robot rdfs:subClassOf ex:Organization
      o.ttl:7:28: disjoint are ex:Person, ex:Organization
"""
ENDS = """
is the domain of:
  ex:headOf
      o.ttl:14:30: ex:headOf rdfs:subPropertyOf ex:worksFor
      o.ttl:15:52: ex:worksFor rdfs:domain ex:Person
"""
ERRORS = {
    "o.ttl --class ex:No": (1, "--class ex:No: the ontology has no such class"),
    "o.ttl --property ex:Robot": (1, "--property ex:Robot: the ontology has no such property"),
    "--class ex:Robot": (2, "--class and --property are about ontologies, and there are none"),
    "o.ttl --class ex:Robot --only ir": (2, "--only shows something else"),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "o.ttl").write_text(PREFIXES + ONTOLOGY, "utf-8")
    return tmp_path


def _explained(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["explain", "o.ttl", *words]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    return printed.out


@pytest.mark.usefixtures("folder")
def test_classes_and_properties(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--class", "ex:Researcher", "--property", "http://example.org/staff")
    assert _explained(capsys, *words) == f"{RESEARCHER}\n{STAFF}"
    assert EMPTY in _explained(capsys, "--class", "ex:Robot")
    assert ENDS in _explained(capsys, "--class", "ex:Person")


def test_circles_and_deep_nests_take_no_stack(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nest = "_:{0}{1} owl:onProperty ex:p ; owl:someValuesFrom _:{0}{2} ."
    lines = [nest.format(which, n, n + 1) for n in reversed(range(1200)) for which in "rs"]
    (folder / "o.ttl").write_text(
        f"{PREFIXES} ex:A rdfs:subClassOf _:r0 , _:u . _:s0 rdfs:subClassOf ex:Z ."
        "_:r1200 rdfs:subClassOf ex:B . _:s1200 owl:equivalentClass ex:B ."
        f"_:u owl:unionOf (_:u ex:B) . {' '.join(lines)}",
        "utf-8",
    )
    printed = _explained(capsys, "--class", "ex:A")
    assert "\n  ex:Z, directly\n" in printed
    assert "((((((((… or ex:B) or ex:B)" in printed


@pytest.mark.usefixtures("folder")
def test_imports_are_explained_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "other").mkdir()
    (folder / "other" / "p.ttl").write_text(
        f"{PREFIXES}<http://example.org/p> a owl:Ontology ; owl:imports <http://example.org/o> .\n"
        "ex:Person rdfs:subClassOf ex:Agent .\n",
        "utf-8",
    )
    (folder / "o.ttl").write_text(
        f"{PREFIXES}<http://example.org/o> a owl:Ontology ; owl:imports <http://example.org/p> .\n"
        "ex:Robot rdfs:subClassOf ex:Person .\n",
        "utf-8",
    )
    printed = _explained(capsys, "--catalog", "other", "--class", "ex:Robot")
    proof = [line.strip() for line in printed.partition("ex:Agent\n")[2].splitlines()[:2]]
    assert proof == [
        "o.ttl:8:26: ex:Robot rdfs:subClassOf ex:Person",
        "other/p.ttl:8:27: ex:Person rdfs:subClassOf ex:Agent",
    ]


@pytest.mark.usefixtures("folder")
def test_the_page_shows_what_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs" / "inference.md").read_text("utf-8")
    section = page[page.index("## Why something follows") :]
    text, printed = re.findall(r"^```(?:turtle|text)\n(.*?)^```$", section, re.M | re.S)
    Path("pets.ttl").write_text(text, "utf-8")
    assert main(["explain", "pets.ttl", "--class", "ex:CatKeeper", "--class", "ex:ToyCat"]) == 0
    assert capsys.readouterr().out == printed


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("words", ERRORS)
def test_errors(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, message = ERRORS[words]
    assert main(["explain", *words.split()]) == status
    printed = capsys.readouterr()
    assert (printed.out, message in printed.err) == ("", True)
