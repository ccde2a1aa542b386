# SPDX-License-Identifier: Apache-2.0
"""The core tests of the W3C SHACL suite, through the engines: no list of expected failures."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import URIRef

from cns_build.graph.validator import Validator
from tests.graph.reports import as_reference, source
from tests.reference import read_report, same_report
from tests.reference.matching import differences
from tests.reference.terms import Triples
from tests.test_reference_w3c import MF, SHT, core_tests, document, name_of, path_of


@pytest.mark.parametrize("test", core_tests(), ids=name_of)
def test_bytecode(test: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    manifest, iri = test
    graph = document(manifest)
    triples = Triples(graph)
    (action,) = triples.objects(URIRef(iri), MF["action"])
    (result,) = triples.objects(URIRef(iri), MF["result"])
    (data,) = triples.objects(action, SHT["dataGraph"])
    (shapes,) = triples.objects(action, SHT["shapesGraph"])
    # Relative IRIs are those of the file by its name; in the suite they are by its whole path.
    monkeypatch.setattr("cns_build.frontend.parse.base_iri", lambda file: Path(file).as_uri())

    validator = Validator.compile([str(path_of(shapes))], strict=True)
    actual = as_reference(validator.validate([source(path_of(data))]))

    expected = read_report(graph, result)
    assert same_report(expected, actual), "\n".join(differences(expected[1], actual.results))
