# SPDX-License-Identifier: Apache-2.0
"""The W3C's entailment tests for RDF and RDFS."""

from __future__ import annotations

import pytest

from tests.owl.cases import RdfCase, rdf_cases, read_file
from tests.owl.reasoner import Closure, rdf, rdfs
from tests.owl.triples import Triple, Triples
from tests.paths import shared


def test_suite_is_complete() -> None:
    shared("data/w3c-rdf-mt")
    cases = rdf_cases()
    assert len(cases) == 48
    assert sum(case.positive for case in cases) == 25
    assert [case.regime for case in cases].count("RDFS") == 24


def _close(case: RdfCase, triples: list[Triple], asked: list[Triple]) -> Closure:
    match case.regime:
        case "RDF":
            return rdf(triples, case.recognized, asked)
        case "RDFS":
            return rdfs(triples, case.recognized, asked)
    return Closure(Triples(triples))


@pytest.mark.parametrize("case", rdf_cases(), ids=lambda case: case.name)
def test_reference(case: RdfCase) -> None:
    asked = [] if case.result is None else read_file(case.result)
    closure = _close(case, read_file(case.action), asked)
    follows = not closure.consistent if case.result is None else closure.entails(asked)
    assert follows == case.positive
