# SPDX-License-Identifier: Apache-2.0
"""The W3C SHACL test suite for SPARQL: all tests pass, with no list of expected failures."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Namespace
from rdflib.namespace import RDF

from tests.graph.delegated import load
from tests.paths import W3C_SHACL, shared
from tests.reference import read_report, same_report
from tests.reference.matching import differences

SHT = Namespace("http://www.w3.org/ns/shacl-test#")
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
TESTS = sorted(f for f in W3C_SHACL.glob("sparql/*/*.ttl") if f.name != "manifest.ttl")
COUNT = 23
IMPORTS = {
    "prefixes-001": "http://datashapes.org/sh/tests/sparql/node/prefixes-001.test",
    "validator-001": "http://datashapes.org/dash",
}
"""Imports that no file answers, and no result needs."""

FAILURES = {
    "pre-binding-006": "subquery does not project $this",
    "unsupported-sparql-001": "no MINUS",
    "unsupported-sparql-002": "no VALUES",
    "unsupported-sparql-003": "no SERVICE",
    "unsupported-sparql-004": "subquery does not project $this",
    "unsupported-sparql-005": "$this has a value beforehand",
    "unsupported-sparql-006": "$value has a value beforehand",
}


def test_suite_is_complete() -> None:
    shared("data/w3c-shacl/sparql")
    assert len(TESTS) == COUNT


@pytest.mark.parametrize("file", TESTS, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_w3c(file: Path) -> None:
    delegated = load(file, [f"import:{IMPORTS[file.stem]}"] if file.stem in IMPORTS else [])
    (test,) = delegated.rdf.subjects(RDF.type, SHT["Validate"])
    (result,) = delegated.rdf.objects(test, MF["result"])
    if result == SHT["Failure"]:
        (diagnostic,) = set(delegated.diagnostics())
        assert diagnostic.rule == "pre-binding-limitations"
        assert FAILURES[file.stem] in diagnostic.message
        return
    assert file.stem not in FAILURES
    expected = read_report(delegated.rdf, result)
    actual = delegated.report()
    assert same_report(expected, actual), "\n".join(differences(expected[1], actual.results))
