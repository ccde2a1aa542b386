# SPDX-License-Identifier: Apache-2.0
"""Broken input of any kind gives diagnostics that can be printed, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cns_build.diagnostics import CompileError, render
from cns_build.frontend import load
from tests.frontend.inputs import PREFIXES

SHAPES = (
    PREFIXES
    + """\
<> a owl:Ontology ; owl:imports sh: .
ex:S a sh:NodeShape, owl:Class ; sh:targetClass ex:C ; rdfs:label "S"@en, 'ä' ;
  sh:property [ sh:path ( ex:p [ sh:inversePath ex:q ] ) ; sh:minCount 1 ; sh:in ( 1 2.0 "x" ) ] ;
  sh:or ( [ sh:not ex:T ] ex:T ) ; sh:closed true ; sh:ignoredProperties ( rdf:type ) .
ex:T a sh:PropertyShape ; sh:path [ sh:alternativePath ( ex:p ex:q ) ] ; sh:pattern "^a" ;
  sh:flags "i" ; sh:qualifiedValueShape [ sh:class ex:C ] ; sh:qualifiedMaxCount 3 .
"""
).encode()
WORDS = SHAPES.replace(b"\n", b" ").split(b" ")

EDITS = st.tuples(
    st.integers(0, len(SHAPES)),
    st.integers(0, 40),
    st.one_of(st.binary(max_size=8), st.sampled_from(WORDS), st.sampled_from([b"[", b")", b'"'])),
)


def check(folder: pytest.TempPathFactory, name: str, data: bytes) -> None:
    file = folder.mktemp("random") / name
    file.write_bytes(data)
    try:
        _, sources, warnings = load([], [str(file)])
    except CompileError as error:
        printed = render(error.diagnostics, lambda origin: pytest.fail(f"{origin} not located"))
        assert printed.startswith(str(file))
    else:
        render(warnings, sources.locate)


@settings(max_examples=300, deadline=None)
@given(edits=st.lists(EDITS, min_size=1, max_size=4))
def test_edited_shapes(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[int, int, bytes]]
) -> None:
    data = SHAPES
    for start, length, text in edits:
        data = data[:start] + text + data[start + length :]
    check(tmp_path_factory, "x.ttl", data)


@pytest.mark.parametrize(
    "name", ["x.ttl", "x.nt", "x.rdf", "x.jsonld", "x.n3", "x.hext", "x.trix"]
)
@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=60) | st.text(alphabet='<>{}[]":a@.#1\n ', max_size=60))
def test_noise(tmp_path_factory: pytest.TempPathFactory, name: str, data: bytes | str) -> None:
    check(tmp_path_factory, name, data.encode() if isinstance(data, str) else data)
