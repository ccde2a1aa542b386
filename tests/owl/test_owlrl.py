# SPDX-License-Identifier: Apache-2.0
"""cns and the plain reasoner against owlrl, by the facts that `named` compares."""

from __future__ import annotations

import gzip
from itertools import islice
from pathlib import Path

import owlrl
import pytest
from hypothesis import HealthCheck, given, settings
from pyoxigraph import RdfFormat, serialize
from pyoxigraph import parse as parse_rdf
from rdflib import Graph
from rdflib.term import Node

from tests.owl.cases import parse, read_file, triples_of
from tests.owl.named import facts
from tests.owl.product import answer
from tests.owl.reasoner import owl_rl
from tests.owl.strategies import Example, examples
from tests.owl.triples import Triple
from tests.paths import ROOT, shared

UNIVERSITY = ROOT / "tests/bench/infer/university.ttl"


def by_owlrl(triples: list[Triple]) -> set[tuple[Node, Node, object]]:
    graph = Graph()
    for triple in triples:
        graph.add(triple)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return facts(triples_of(graph))


@settings(
    max_examples=15, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)
@given(examples())
def test_reference_on_random_graphs(example: Example) -> None:
    """Contradictory graphs aside: of equal literals, owlrl merges fewer there."""
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
    stated = [*read_file(ontology), *parse(data.decode(), RdfFormat.N_TRIPLES)]
    found = facts(given.triples)
    assert found == by_owlrl(stated)
    assert len(found) > len(facts(stated))


def test_cns_on_a_part_of_lubm() -> None:
    assert_equal(UNIVERSITY, university(3000))


@pytest.mark.slow
def test_cns_on_lubm() -> None:
    assert_equal(UNIVERSITY, university(None))


@pytest.mark.slow
def test_cns_on_brick() -> None:
    model = shared("data/brick-model/soda_brick.ttl")
    data = serialize(parse_rdf(path=model), format=RdfFormat.N_TRIPLES)
    assert data is not None
    assert_equal(shared("data/ontologies/brick/Brick.ttl"), data)
