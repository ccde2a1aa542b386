# SPDX-License-Identifier: Apache-2.0
"""cns and the plain reasoner against owlrl, by the facts that `named` compares."""

from __future__ import annotations

import gzip
from itertools import islice
from pathlib import Path

import owlrl
import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings
from pyoxigraph import RdfFormat
from rdflib import Graph
from rdflib.namespace import SKOS
from rdflib.term import Node

from tests.owl.cases import parse, read_file, triples_of
from tests.owl.named import facts
from tests.owl.product import answer, ntriples
from tests.owl.reasoner import owl_rl
from tests.owl.strategies import Example, examples
from tests.owl.triples import Triple
from tests.paths import ROOT, shared
from tests.reference.terms import OWL, RDFS, SH

UNIVERSITY = ROOT / "tests/bench/infer/university.ttl"


_LEFT_OUT = tuple(str(name) for name in (SH, RDFS["label"], RDFS["comment"], SKOS, OWL["imports"]))


def by_owlrl(triples: list[Triple]) -> set[tuple[Node, Node, object]]:
    graph = Graph()
    for triple in triples:
        graph.add(triple)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return facts(triples_of(graph))


@settings(
    max_examples=15, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)
@given(examples().filter(lambda example: "owl:hasKey" not in example.text))
def test_reference_on_random_graphs(example: Example) -> None:
    """Without keys: to owlrl, what has no values agrees with all (prp-key asks for a common one).

    Contradictory graphs aside: of equal literals, owlrl merges fewer there.
    """
    triples = parse(example.text)
    closure = owl_rl(triples)
    if closure.consistent:
        assert facts(closure.triples) == by_owlrl(triples)


def university(count: int | None) -> bytes:
    """The first triples of LUBM-1, as N-Triples; all, where there is no count."""
    with gzip.open(shared("data/lubm/lubm1-with-errors.nt.gz")) as lines:
        return b"".join(islice(lines, count))


def assert_equal(ontology: Path, data: bytes) -> None:
    given = answer([ontology], data)
    schema, stated = read_file(ontology), parse(data.decode(), RdfFormat.N_TRIPLES)
    found = facts([*given.triples, *schema])
    assert found == by_owlrl([*schema, *stated])
    assert len(found) > len(facts([*schema, *stated]))


def test_cns_on_a_part_of_lubm() -> None:
    assert_equal(UNIVERSITY, university(3000))


@pytest.mark.slow
def test_cns_on_lubm() -> None:
    assert_equal(UNIVERSITY, university(None))


@pytest.mark.slow
def test_cns_on_brick(tmp_path: Path) -> None:
    """Without texts and shapes, which OWL 2 RL infers nothing from, and without imports."""
    brick = shared("data/ontologies/brick/Brick.ttl").read_bytes()
    kept = (
        quad.triple
        for quad in pyoxigraph.parse(brick, RdfFormat.TURTLE)
        if not quad.predicate.value.startswith(_LEFT_OUT)
    )
    ontology = tmp_path / "brick.nt"
    pyoxigraph.serialize(kept, ontology, format=RdfFormat.N_TRIPLES)
    data = ntriples(shared("data/brick-model/soda_brick.ttl").read_text())
    assert_equal(ontology, data)
