# SPDX-License-Identifier: Apache-2.0
"""The OWL 2 test suite. Its ProfileIdentification tests are not ours: cns tells no profiles.

The cases of OWL 2 RL all pass, but for those below, which need more than the profile's rules: they
entail what is not a fact of classes, properties or equality (OWL 2 Profiles, theorem PR1), so
that the rules may answer that they do not know.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat

from cns_build.diagnostics import CompileError
from tests.owl.cases import OwlCase, owl_cases
from tests.owl.product import answer, facts_of, schema
from tests.owl.reasoner import Closure, owl_rl
from tests.paths import shared

BEYOND_RL = {
    "DisjointClasses-001": "membership in a complement",
    "DisjointClasses-003": "membership in complements",
    "Disjoint_Props_via_Disjoint_Domains": "an axiom: disjoint properties, from their domains",
    "Disjoint_Props_via_Disjoint_Ranges": "an axiom: disjoint properties, from their ranges",
    "New-Feature-DisjointDataProperties-002": "inequality, by contraposition",
    "New-Feature-DisjointObjectProperties-001": "inequality, by contraposition",
    "New-Feature-DisjointObjectProperties-002": "inequality, by contraposition",
    "New-Feature-ObjectPropertyChain-BJP-002": "an axiom: a chain, from transitivity",
    "New-Feature-ObjectQCR-002": "membership in a complement, by contraposition",
    "New-Feature-ReflexiveProperty-001": "reflexive properties, which OWL 2 RL lacks",
    "WebOnt-I4.6-005-Direct": "annotations of equal classes, which mean nothing in RDF",
    "WebOnt-I5.26-010": "an axiom: an expression that the premise lacks",
    "WebOnt-I5.5-005": "an axiom: an expression that the premise lacks",
    "WebOnt-I5.8-006": "an axiom: a range, from that of a datatype derived from it",
    "WebOnt-I5.8-008": "an axiom: a range, from the intersection of two datatypes",
    "WebOnt-I5.8-009": "an axiom: a range, from the intersection of two datatypes",
    "WebOnt-differentFrom-001": "inequality, by its symmetry",
    "WebOnt-equivalentClass-008-Direct": "annotations of equal classes, which mean nothing in RDF",
    "chain2trans1": "an axiom: transitivity, from a chain",
    "owl2-rl-rules-fp-differentFrom": "inequality, by contraposition",
    "owl2-rl-rules-ifp-differentFrom": "inequality, by contraposition",
}
"""What the positive entailment of each case needs, beyond the rules."""

Test = tuple[OwlCase, str]


def cases_of(*, rl: bool) -> list[Test]:
    """Cases that are tagged as OWL 2 RL, or those that are not, with each of their kinds."""
    cases = (case for case in owl_cases() if ("RL" in case.profiles) == rl)
    return [(case, kind) for case in cases for kind in sorted(case.kinds)]


def name_of(test: Test) -> str:
    return f"{test[0].name}-{test[1]}"


def test_suite_is_complete() -> None:
    shared("data/w3c-owl2")
    kinds = Counter(kind for _, kind in cases_of(rl=True))
    assert kinds == {
        "PositiveEntailmentTest": 32,
        "NegativeEntailmentTest": 7,
        "ConsistencyTest": 79,
        "InconsistencyTest": 14,
    }
    assert BEYOND_RL.keys() <= {case.name for case, _ in cases_of(rl=True)}
    assert all(is_readable(*test) for test in cases_of(rl=True))


def passes(kind: str, *, consistent: bool, entails: bool) -> bool:
    """Whether a case of this kind is answered rightly."""
    return {
        "PositiveEntailmentTest": entails,
        "NegativeEntailmentTest": not entails,
        "ConsistencyTest": consistent,
        "InconsistencyTest": not consistent,
    }[kind]


def expected(case: OwlCase, kind: str) -> bool:
    """Whether a case is answered rightly by the rules of the profile."""
    return kind != "PositiveEntailmentTest" or case.name not in BEYOND_RL


@cache
def close(case: OwlCase) -> Closure:
    return owl_rl(case.premises(), case.asked())


@pytest.mark.parametrize("test", cases_of(rl=True), ids=name_of)
def test_reference(test: Test) -> None:
    case, kind = test
    closure = close(case)
    entails = closure.entails(case.asked())
    passed = passes(kind, consistent=closure.consistent, entails=entails)
    assert passed == expected(case, kind)


NOT_WRITTEN = {
    "WebOnt-I5.8-011": "an axiomatic triple: xsd:integer is a datatype, whatever the premise",
}
"""Positive entailments by the rules, of triples that cns does not write."""


def write(case: OwlCase, folder: Path) -> tuple[list[Path], list[str]]:
    """The file of the premise, and the folders in which its imports are found."""
    (folder / "imports").mkdir()
    files = []
    for number, text in enumerate(case.documents().values()):
        suffix = "rdf" if text.media == RdfFormat.RDF_XML else "ttl"
        files.append(folder / ("imports" if number else "") / f"{number}.{suffix}")
        files[-1].write_text(text.text)
    return files[:1], [str(folder / "imports")]


def passes_in_cns(case: OwlCase, kind: str, folder: Path) -> bool:
    """Ask cns, with the premise as ontology, and its facts as data too. Raises CompileError."""
    files, catalog = write(case, folder)
    given = answer(files, facts_of(files, catalog), catalog)
    entails = given.entails(case.asked(), [*case.premises(), *schema(files, catalog)])
    return passes(kind, consistent=given.consistent, entails=entails)


@pytest.mark.parametrize("test", cases_of(rl=True), ids=name_of)
def test_product(test: Test, tmp_path: Path) -> None:
    case, kind = test
    unwritten = kind == "PositiveEntailmentTest" and case.name in NOT_WRITTEN
    assert passes_in_cns(case, kind, tmp_path) == (expected(case, kind) and not unwritten)


# Its document is no RDF/XML.
UNREADABLE = frozenset({"FS2RDF-literals-ar"})

SOUND = ("ConsistencyTest", "NegativeEntailmentTest")


def is_readable(case: OwlCase, kind: str) -> bool:
    """Whether all that a case needs is there, and not in functional syntax alone."""
    needed = {
        "PositiveEntailmentTest": case.conclusion,
        "NegativeEntailmentTest": case.nonconclusion,
    }
    found = case.premise is not None and needed.get(kind, case.premise) is not None
    return found and case.name not in UNREADABLE


def others() -> list[Test]:
    """The cases that are not tagged as OWL 2 RL, and can be read."""
    return [test for test in cases_of(rl=False) if is_readable(*test)]


@pytest.mark.slow
def test_reference_is_sound_for_all_cases() -> None:
    """What is beyond OWL 2 RL may stay unknown, but nothing is answered wrongly."""
    answered: Counter[tuple[str, bool]] = Counter()
    for case, kind in others():
        closure = close(case)
        entails = closure.entails(case.asked())
        passed = passes(kind, consistent=closure.consistent, entails=entails)
        assert passed or kind not in SOUND, case.name
        answered[kind, passed] += 1
    assert answered == {
        ("PositiveEntailmentTest", True): 98,
        ("PositiveEntailmentTest", False): 76,
        ("InconsistencyTest", True): 25,
        ("InconsistencyTest", False): 78,
        ("ConsistencyTest", True): 269,
        ("NegativeEntailmentTest", True): 17,
    }


REFUSED = {
    "New-Feature-Rational-002": "a list that ends in a node other than rdf:nil",
    "New-Feature-Rational-003": "a list that ends in a node other than rdf:nil",
    "WebOnt-equivalentProperty-005": "a restriction on two properties",
    "WebOnt-extra-credit-002": "a cardinality that is no number",
    "WebOnt-extra-credit-003": "a cardinality that is no number",
    "WebOnt-extra-credit-004": "a cardinality that is no number",
}
"""Cases that are no OWL 2 by its mapping to RDF graphs, so that cns reports an error."""

WRONG = {
    "WebOnt-DatatypeProperty-001": "a data property that literals have: cns has no such triples",
    "WebOnt-miscellaneous-202": "XML literals that are equal, which cns takes by their text",
}
"""Cases outside OWL 2 RL that are consistent, and in which cns finds a contradiction."""


@pytest.mark.slow
def test_product_is_sound_for_all_cases(tmp_path: Path) -> None:
    """The same of cns; what is not OWL 2 is refused."""
    answered: Counter[tuple[str, bool]] = Counter()
    refused, wrong = set(), set()
    for number, (case, kind) in enumerate(others()):
        (tmp_path / str(number)).mkdir()
        try:
            passed = passes_in_cns(case, kind, tmp_path / str(number))
        except CompileError:
            refused.add(case.name)
            continue
        answered[kind, passed] += 1
        if kind in SOUND and not passed:
            wrong.add(case.name)
    assert refused == REFUSED.keys()
    assert wrong == WRONG.keys()
    assert answered == {
        ("PositiveEntailmentTest", True): 81,
        ("PositiveEntailmentTest", False): 89,
        ("InconsistencyTest", True): 27,
        ("InconsistencyTest", False): 75,
        ("ConsistencyTest", True): 262,
        ("ConsistencyTest", False): 2,
        ("NegativeEntailmentTest", True): 17,
    }
