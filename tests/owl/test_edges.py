# SPDX-License-Identifier: Apache-2.0
"""Cycles, unsatisfiable classes, equality, punning, imports, and axioms in data."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat
from rdflib import URIRef

from cns_build.cli import main
from cns_build.graph.compiling import compile_program
from cns_build.graph.given import sources_of
from cns_build.graph.validator import AddsToOntology, Validator, read_data
from tests.owl.cases import parse
from tests.owl.edges import EDGES, FALSE, STRICTER
from tests.owl.examples import PREFIXES
from tests.owl.named import facts
from tests.owl.product import answer, ntriples
from tests.owl.reasoner import owl_rl
from tests.owl.strategies import Example
from tests.owl.test_random import assert_agree
from tests.owl.test_reasoner import EX, turtle


@pytest.mark.parametrize("name", EDGES)
def test_edge(name: str) -> None:
    """The plain reasoner finds what is expected, and cns the same facts as the reasoner."""
    ontology, data, expected = EDGES[name]
    closure = owl_rl(turtle(ontology + data))
    assert closure.consistent == (expected != FALSE)
    if closure.consistent:
        assert closure.entails(turtle(expected))
    assert_agree(Example((ontology,), (data,)))


@pytest.mark.parametrize("name", STRICTER)
def test_cns_is_stricter(name: str, tmp_path: Path) -> None:
    ontology, data, _ = STRICTER[name]
    assert owl_rl(turtle(ontology + data)).consistent
    file = write(tmp_path, "o.ttl", ontology)
    assert not answer([file], ntriples(PREFIXES + data)).consistent


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(PREFIXES + text)
    return file


def test_imports(tmp_path: Path) -> None:
    """What an imported file states counts, in a circle too."""
    (tmp_path / "imports").mkdir()
    write(tmp_path, "imports/upper.ttl", f"<{EX}upper> a owl:Ontology ; owl:imports <{EX}lower> ."
          " :B rdfs:subClassOf :C .")  # fmt: skip
    file = write(tmp_path, "lower.ttl", f"<{EX}lower> a owl:Ontology ; owl:imports <{EX}upper> ."
                 " :A rdfs:subClassOf :B .")  # fmt: skip
    given = answer([file], ntriples(PREFIXES + ":x a :A ."), [str(tmp_path / "imports")])
    assert set(turtle(":x a :A , :B , :C .")) == set(given.triples)


ONTOLOGY = (
    ":A rdfs:subClassOf :B . :p rdfs:subPropertyOf :q ; rdfs:domain :A ."
    ":C owl:equivalentClass [ owl:onProperty :p ; owl:someValuesFrom :D ] ."
    ":E owl:equivalentClass [ owl:onProperty :p ; owl:someValuesFrom :F ] ."
)


def test_subclass_triples_in_data(tmp_path: Path) -> None:
    """Data may put classes under others, where no restrictions depend on that."""
    file = write(tmp_path, "o.ttl", ONTOLOGY)
    added = ":New rdfs:subClassOf :A . :B rdfs:subClassOf :Top . :x a :New ."
    given = answer([file], ntriples(PREFIXES + added))
    expected = owl_rl(turtle(ONTOLOGY + added))
    wanted = turtle(":x a :A , :B , :Top .")
    assert expected.entails(wanted)
    assert set(wanted) <= set(given.triples)


REFUSED = [
    ":p rdfs:range :B .",
    ":q rdfs:subPropertyOf :r .",
    ":q a owl:TransitiveProperty .",
    ":A owl:disjointWith :B .",
    ":A owl:equivalentClass :B .",
    ":q owl:inverseOf :r .",
    ":D rdfs:subClassOf :F .",
    ":A owl:hasKey ( :p ) .",
    ":A rdfs:subClassOf [ owl:onProperty :p ; owl:allValuesFrom :B ] .",
    ":A owl:unionOf ( :B :D ) .",
    ":q owl:propertyChainAxiom ( :p :p ) .",
    "[] a owl:AllDifferent ; owl:members ( :x :y ) .",
]
REPEATED = [
    ":A rdfs:subClassOf :B .",
    ":p rdfs:subPropertyOf :q .",
    ":p rdfs:domain :A , :B .",
    ":p rdfs:subPropertyOf :p .",
]


@pytest.mark.parametrize("axiom", REFUSED)
def test_axioms_in_data_are_refused(axiom: str, tmp_path: Path) -> None:
    """The closure lacks what follows from them; the message names the triple."""
    file = write(tmp_path, "o.ttl", ONTOLOGY)
    with pytest.raises(AddsToOntology) as caught:
        answer([file], ntriples(PREFIXES + axiom))
    (found,) = caught.value.diagnostics
    predicate = found.message.split()[-2].strip("<>")
    assert predicate in {str(p) for _, p, _ in turtle(axiom)}


@pytest.mark.parametrize("axiom", REPEATED)
def test_axioms_that_data_repeat_are_none(axiom: str, tmp_path: Path) -> None:
    file = write(tmp_path, "o.ttl", ONTOLOGY)
    given = answer([file], ntriples(PREFIXES + axiom + ":x :p :y ."))
    assert set(turtle(":x a :A , :B ; :q :y .")) <= set(given.triples)


@pytest.mark.parametrize("axiom", REFUSED)
def test_axioms_in_data_are_compiled_on_demand(
    axiom: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = axiom + ":x a :A , :D ; :p :y . :y :p :z , :x . :z a :F ."
    files = write(tmp_path, "o.ttl", ONTOLOGY), write(tmp_path, "d.ttl", data)
    words = ["materialize", "--ontology", *map(str, files)]
    assert main(words) == 2
    expected = owl_rl(turtle(ONTOLOGY + data))
    status = main([*words, "--dynamic-tbox"])
    assert status == (0 if expected.consistent else 1)
    if expected.consistent:
        written = parse(capsys.readouterr().out, RdfFormat.N_TRIPLES)
        assert facts(written) == facts(expected.triples)


def test_transitive_over_cycles(tmp_path: Path) -> None:
    """In a cycle all lead to all: 100 cycles of 100 nodes each, a million triples."""
    file = write(tmp_path, "o.ttl", ":p a owl:TransitiveProperty .")
    data = "".join(
        f"<{EX}{c}-{i}> <{EX}p> <{EX}{c}-{(i + 1) % 100}> .\n"
        for c in range(100)
        for i in range(100)
    )
    program = compile_program([], [str(file)], inference="owlrl", keep=True)
    graph = read_data(Validator.of(program).loaded, sources_of(data.encode()), None, False)
    lines = b"".join(bytes(part) for part in graph.ntriples()).splitlines()
    assert len(lines) == len(set(lines)) == 100 * 100 * 100


def test_a_cycle_of_many_classes(tmp_path: Path) -> None:
    """Classes under each other, in a circle, are all equivalent."""
    count = 10_000
    text = "".join(f":C{i} rdfs:subClassOf :C{(i + 1) % count} .\n" for i in range(count))
    file = write(tmp_path, "o.ttl", text)
    given = answer([file], ntriples(PREFIXES + ":x a :C150 ."))
    assert {o for s, _, o in given.triples if s == URIRef(EX + "x")} == {
        URIRef(f"{EX}C{i}") for i in range(count)
    }
