# SPDX-License-Identifier: Apache-2.0
"""Load everything that one compilation reads: the only part of the compiler that opens input.

The shapes come from the shapes files and what they import. Ontologies and what they import say
which classes there are, and how they are ordered; shapes in them are not read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from types import MappingProxyType

from cns_build.diagnostics import CompileError, Diagnostic, Position
from cns_build.frontend.classes import read_classes
from cns_build.frontend.graph import Graph
from cns_build.frontend.imports import read_all
from cns_build.frontend.parse import Document
from cns_build.frontend.positions import Sources
from cns_build.frontend.report import Report
from cns_build.frontend.shapes import read_shapes
from cns_build.model import Node, Origin, ShapesGraph


def load(
    ontologies: Sequence[str],
    shapes: Sequence[str],
    *,
    catalog: Sequence[str] = (),
    waive: Collection[str] = (),
) -> tuple[ShapesGraph, Sources, list[Diagnostic]]:
    """Return the shapes graph of the files, their sources, and warnings.

    Raises CompileError with all errors and warnings, in the order of files and lines.
    """
    report = Report(waive)
    inputs = read_all(ontologies, shapes, catalog, report)
    documents = inputs.documents
    sources = Sources(documents)
    _stop_on_errors(report, sources)
    graph = Graph(inputs.shapes)
    found = read_shapes(graph, report, _owner(inputs.ontologies))
    if shapes and not found and not report.failed:
        message = "no shapes: no target, no sh:NodeShape and no sh:PropertyShape"
        where = Position(shapes[0])
        report.diagnostics.append(Diagnostic(message, where, "give a file with shapes"))
    report.warn_unused()
    warnings = _stop_on_errors(report, sources)
    classes = read_classes(documents, found.values())
    result = ShapesGraph(
        shapes=MappingProxyType(found),
        subclasses=tuple(classes.subclasses),
        instances=tuple(classes.instances),
        classes=MappingProxyType(dict(classes.infos)),
        prefixes=MappingProxyType(dict(report.prefixes)),
        files=tuple(document.file for document in documents),
        waivers=tuple(report.waivers),
    )
    return result, sources, warnings


def _owner(ontologies: Sequence[Document]) -> Callable[[Node], str]:
    """Return a function that names the ontology file with triples about a node."""

    def owner(node: Node) -> str:
        for document in ontologies:
            if any(subject == node for subject, _, _ in document.triples):
                return document.file
        return ""

    return owner


def _stop_on_errors(report: Report, sources: Sources) -> list[Diagnostic]:
    """Return the diagnostics in source order. Raises CompileError when one is an error."""
    rank = {file: number for number, file in enumerate(sources.files)}

    def key(diagnostic: Diagnostic) -> tuple[int, int, int]:
        where = diagnostic.where
        position = sources.locate(where) if isinstance(where, Origin) else where
        if position is None:
            return len(rank), 0, 0
        return rank.get(position.file, len(rank)), position.line, position.column

    ordered = sorted(report.diagnostics, key=key)
    if any(diagnostic.severity == "error" for diagnostic in ordered):
        raise CompileError(*(_located(diagnostic, sources) for diagnostic in ordered))
    return ordered


def _located(diagnostic: Diagnostic, sources: Sources) -> Diagnostic:
    """Return `diagnostic` with positions for origins: who catches it has no sources."""

    def position(where: Origin | Position | None) -> Position | None:
        return sources.locate(where) if isinstance(where, Origin) else where

    notes = tuple(replace(note, where=position(note.where)) for note in diagnostic.notes)
    return replace(diagnostic, where=position(diagnostic.where), notes=notes)
