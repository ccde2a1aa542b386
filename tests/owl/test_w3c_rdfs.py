# SPDX-License-Identifier: Apache-2.0
"""The W3C's entailment tests for RDF and RDFS.

cns has what RDFS says of classes and properties (`inference: 'rdfs'`), and looks for
contradictions with `owlrl` alone, whose datatypes are those of RDFS. What it leaves out is listed
with the reason.
"""

from __future__ import annotations

import pytest

from tests.owl.cases import RdfCase, rdf_cases, read_file
from tests.owl.product import answer, facts_of, schema
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


_FORMS = "the conclusion has an equal literal in another form; cns keeps those that there are"
_ILL_TYPED = "ill-typed literals are found where shapes ask for their datatype"
_CONTAINERS = "rdf:_1, rdf:_2, … have no axiomatic triples: nobody asks for containers"
NOT_ANSWERED = {
    "datatypes-non-well-formed-literal-2": _ILL_TYPED,
    "datatypes-semantic-equivalence-within-type-1": _FORMS,
    "datatypes-semantic-equivalence-within-type-2": _FORMS,
    "datatypes-semantic-equivalence-between-datatypes": _FORMS,
    "rdfms-seq-representation-test002": _CONTAINERS,
    "rdfms-seq-representation-test003": _CONTAINERS,
    "rdfms-seq-representation-test004": _CONTAINERS,
    "rdfs-entailment-test001": _ILL_TYPED,
    "xmlsch-02-whitespace-facet-2": _ILL_TYPED,
    "xmlsch-02-whitespace-facet-4": _ILL_TYPED,
    "literal-type": "types of literals are no triples of RDF, and are not written",
    "float-round-same": _FORMS,
    "float-infinity": _FORMS,
    "double-round-same": _FORMS,
    "double-infinity": _FORMS,
}


@pytest.mark.parametrize("case", rdf_cases(), ids=lambda case: case.name)
def test_product(case: RdfCase) -> None:
    """Nothing is answered wrongly, and what follows is not said to in the listed cases alone."""
    inference = "owlrl" if case.result is None else "rdfs"
    given = answer([case.action], facts_of([case.action]), inference=inference)
    if case.result is None:
        follows = not given.consistent
    else:
        stated = [*read_file(case.action), *schema([case.action], inference=inference)]
        follows = given.entails(read_file(case.result), stated)
    assert follows == (case.positive and case.name not in NOT_ANSWERED)
