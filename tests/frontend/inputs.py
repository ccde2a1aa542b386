# SPDX-License-Identifier: Apache-2.0
"""Small inputs for the front end, and its answers as text."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import pytest

from cns_build.diagnostics import CompileError, Diagnostic, Position, render
from cns_build.frontend import Sources, load
from cns_build.model import IRI, Origin, Shape, ShapesGraph

EX = "http://example.org/"
PREFIXES = """\
@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
"""Six lines: the text that follows begins in line 7."""


class Loader:
    """Writes texts into a folder and loads them from there."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        monkeypatch.chdir(folder)

    def write(self, text: str | bytes, name: str = "shapes.ttl") -> str:
        """Write a file; text gets the usual prefixes, bytes are written as they are."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = (PREFIXES + text).encode() if isinstance(text, str) else text
        path.write_bytes(data)
        return name

    def load(
        self,
        text: str,
        *,
        ontologies: Sequence[str] = (),
        catalog: Sequence[str] = (),
        waive: Collection[str] = (),
    ) -> ShapesGraph:
        """Load `text` as the only shapes file; it has no errors and no warnings."""
        files = [self.write(text)]
        graph, _, warnings = load(ontologies, files, catalog=catalog, waive=waive)
        assert [w.message for w in warnings] == []
        return graph

    def shape(self, text: str, name: str = "S") -> Shape:
        """Load `text` and return the shape `ex:S`."""
        return self.load(text).shapes[IRI(EX + name)]

    def warnings(self, text: str, waive: Collection[str] = ()) -> str:
        """Load `text` and return its warnings as they are printed."""
        _, sources, warnings = load([], [self.write(text)], waive=waive)
        assert {w.severity for w in warnings} <= {"warning"}
        return render(warnings, sources.locate)

    def errors(
        self,
        *shapes: str,
        ontologies: Sequence[str] = (),
        catalog: Sequence[str] = (),
        waive: Collection[str] = (),
    ) -> str:
        """Load files, which must fail, and return everything that is printed."""
        with pytest.raises(CompileError) as caught:
            load(ontologies, shapes, catalog=catalog, waive=waive)
        assert any(d.severity == "error" for d in caught.value.diagnostics)
        return render(caught.value.diagnostics, no_sources)


def no_sources(origin: Origin) -> Position:
    """Fail: the diagnostics of a CompileError carry positions, not origins."""
    raise AssertionError(f"{origin} has not been located")


def messages(diagnostics: Sequence[Diagnostic]) -> list[str]:
    """Return the messages alone."""
    return [d.message for d in diagnostics]


def positions(sources: Sources, origins: Sequence[Origin]) -> list[tuple[int, int]]:
    """Return lines and columns."""
    found = [sources.locate(origin) for origin in origins]
    return [(position.line, position.column) for position in found]
