# SPDX-License-Identifier: Apache-2.0
"""cns against the plain reasoner, over random ontologies and data.

Facts are compared in the vocabulary of the input (`named`), and whether there is a contradiction;
from one, anything follows, so that facts are then not compared.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.owl.cases import parse
from tests.owl.named import facts
from tests.owl.product import answer, ntriples
from tests.owl.reasoner import owl_rl
from tests.owl.strategies import Example, examples


def assert_agree(example: Example) -> None:
    expected = owl_rl(parse(example.text))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ontology.ttl"
        file.write_text(example.ontology_text)
        given = answer([file], ntriples(example.data_text))
    assert given.consistent == expected.consistent, set(expected.clashes)
    if expected.consistent:
        stated = facts(parse(example.ontology_text))
        assert facts(given.triples) | stated == facts(expected.triples)


@settings(
    max_examples=40, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)
@given(examples())
def test_what_follows(example: Example) -> None:
    assert_agree(example)


@pytest.mark.slow
@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(examples())
def test_what_follows_at_length(example: Example) -> None:
    """Other examples in each run."""
    assert_agree(example)
