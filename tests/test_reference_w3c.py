# SPDX-License-Identifier: Apache-2.0
"""The W3C SHACL test suite: all core tests pass, with no list of expected failures."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from rdflib import BNode, Graph, Namespace, URIRef
from rdflib.term import Node

from tests.paths import W3C_SHACL, shared
from tests.reference import evaluate, load, read_report, same_report
from tests.reference.matching import differences
from tests.reference.paths import read_list
from tests.reference.terms import Triples

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
CORE_TESTS = 98


@cache
def document(path: Path) -> Graph:
    return load(path.read_bytes(), base=path.as_uri())


def path_of(iri: Node) -> Path:
    return Path(str(iri).removeprefix("file://"))


def entries(manifest: Path) -> list[tuple[Path, str]]:
    """The tests of a manifest and of those that it includes: (document, IRI)."""
    triples = Triples(document(manifest))
    node = URIRef(manifest.as_uri())
    found = [
        (manifest, str(entry))
        for head in triples.objects(node, MF["entries"])
        for entry in read_list(triples, head)
    ]
    for included in triples.objects(node, MF["include"]):
        found += entries(path_of(included))
    return found


def core_tests() -> list[tuple[Path, str]]:
    manifest = W3C_SHACL / "core" / "manifest.ttl"
    return entries(manifest) if manifest.exists() else []


def name_of(test: tuple[Path, str]) -> str:
    return f"{test[0].parent.name}-{test[0].stem}"


def test_suite_is_complete() -> None:
    shared("data/w3c-shacl")
    assert len(core_tests()) == CORE_TESTS


@pytest.mark.parametrize("test", core_tests(), ids=name_of)
def test_core(test: tuple[Path, str]) -> None:
    manifest, iri = test
    graph = document(manifest)
    triples = Triples(graph)
    (action,) = triples.objects(URIRef(iri), MF["action"])
    (result,) = triples.objects(URIRef(iri), MF["result"])
    (data,) = triples.objects(action, SHT["dataGraph"])
    (shapes,) = triples.objects(action, SHT["shapesGraph"])

    actual = evaluate(document(path_of(data)), document(path_of(shapes)), strict=True)

    expected = read_report(graph, result)
    assert same_report(expected, actual), "\n".join(differences(expected[1], actual.results))


def test_messages_are_copied() -> None:
    """The suite's comparison leaves messages out, and this test's comment asks for them."""
    graph = document(shared("data/w3c-shacl/core/misc/message-001.ttl"))
    (expected,) = read_report(graph)[1]
    (actual,) = evaluate(graph, graph).results
    assert not isinstance(expected.focus, BNode)
    assert actual == expected
