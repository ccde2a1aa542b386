# SPDX-License-Identifier: Apache-2.0
"""The core tests of the W3C SHACL suite, through the engines: no list of expected failures."""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import Path

import pytest
from rdflib import URIRef

from cns_build.graph.validator import Validator
from tests.graph.native import build_library, shapes_in
from tests.graph.references import as_reference, source
from tests.reference import read_report, same_report
from tests.reference.matching import differences
from tests.reference.terms import Triples
from tests.test_reference_w3c import MF, SHT, core_tests, document, name_of, path_of


@pytest.fixture(autouse=True)
def _whole_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the suite, relative IRIs are those of files by their whole paths."""
    monkeypatch.setattr("cns_build.frontend.parse.base_iri", lambda file: Path(file).as_uri())


@cache
def validator_of(test: tuple[Path, str]) -> tuple[Validator, Path]:
    manifest, iri = test
    triples = Triples(document(manifest))
    (action,) = triples.objects(URIRef(iri), MF["action"])
    (data,) = triples.objects(action, SHT["dataGraph"])
    (shapes,) = triples.objects(action, SHT["shapesGraph"])
    return Validator.compile([str(path_of(shapes))], strict=True), path_of(data)


def assert_passes(test: tuple[Path, str], validator: Validator, data: Path) -> None:
    manifest, iri = test
    graph = document(manifest)
    (result,) = Triples(graph).objects(URIRef(iri), MF["result"])
    expected = read_report(graph, result)
    actual = as_reference(validator.validate([source(data)]))
    assert same_report(expected, actual), "\n".join(differences(expected[1], actual.results))


@pytest.mark.parametrize("test", core_tests(), ids=name_of)
def test_bytecode(test: tuple[Path, str]) -> None:
    assert_passes(test, *validator_of(test))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    """All tests of the suite, compiled into one library."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cns_build.frontend.parse.base_iri", lambda file: Path(file).as_uri())
        programs = {
            f"test_{number}": validator_of(test)[0].program
            for number, test in enumerate(core_tests())
        }
    return build_library(tmp_path_factory.mktemp("w3c"), programs)


@pytest.mark.parametrize("test", core_tests(), ids=name_of)
def test_native(test: tuple[Path, str], library: ctypes.CDLL) -> None:
    validator, data = validator_of(test)
    address = shapes_in(library, f"test_{core_tests().index(test)}")
    assert_passes(test, validator.with_shapes(address), data)


def test_programs_in_c_differ(library: ctypes.CDLL) -> None:
    """What runs is the library: a validator with the shapes of another test fails."""
    tests = core_tests()
    validator, data = validator_of(tests[0])
    wrong = shapes_in(library, f"test_{len(tests) - 1}")
    with pytest.raises((AssertionError, IndexError)):
        assert_passes(tests[0], validator.with_shapes(wrong), data)
