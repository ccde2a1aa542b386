# SPDX-License-Identifier: Apache-2.0
"""Load everything that one compilation reads: the only part of the compiler that opens input.

The shapes come from the shapes files and what they import. Ontologies and what they import say
which classes there are, and how they are ordered; shapes in them are not read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from cns_build.diagnostics import CompileError, Diagnostic, Position
from cns_build.frontend.classes import read_classes
from cns_build.frontend.graph import Graph
from cns_build.frontend.imports import Inputs, read_all
from cns_build.frontend.parse import Document
from cns_build.frontend.positions import Sources
from cns_build.frontend.report import Report
from cns_build.frontend.shapes import read_shapes
from cns_build.model import Constraint, MaxValues, Node, Origin, Shape, ShapesGraph

if TYPE_CHECKING:
    from cns_build.owl.reading import Reading
    from cns_build.owl.shapes import AxiomShapes


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was read: `graph` is None where there is an error.

    `diagnostics` are errors and warnings in the order of files and lines. `shapes` are the files
    that contribute shapes, `ontologies` the others.
    """

    graph: ShapesGraph | None
    sources: Sources
    diagnostics: tuple[Diagnostic, ...]
    shapes: tuple[Document, ...]
    ontologies: tuple[Document, ...]


def load(
    ontologies: Sequence[str],
    shapes: Sequence[str],
    *,
    catalog: Sequence[str] = (),
    waive: Collection[str] = (),
    axioms: Reading | None = None,
) -> tuple[ShapesGraph, Sources, list[Diagnostic]]:
    """Return the shapes graph of the files, their sources, and warnings.

    Raises CompileError with all errors and warnings, in the order of files and lines.
    """
    loaded = read(ontologies, shapes, catalog=catalog, waive=waive, axioms=axioms)
    sources = loaded.sources
    if loaded.graph is None:
        raise CompileError(*(located(d, sources) for d in loaded.diagnostics))
    return loaded.graph, sources, list(loaded.diagnostics)


def read(
    ontologies: Sequence[str],
    shapes: Sequence[str],
    *,
    catalog: Sequence[str] = (),
    waive: Collection[str] = (),
    strict: bool = False,
    declared: bool = False,
    axioms: Reading | None = None,
) -> Loaded:
    """Return what `load` does, with the errors where there are any.

    `strict` has instances of rdfs:Class alone be targets of themselves, and not of owl:Class;
    `declared` those alone that are declared to be shapes too. `axioms` says how axioms of all
    files are read as constraints, where they are.
    """
    report = Report(waive)
    inputs = read_all(ontologies, shapes, catalog, report)
    sources = Sources(inputs.documents, inputs.catalogs)
    graph = None
    if not report.failed:
        graph = _shapes_graph(inputs, shapes, report, strict, declared, axioms)
    diagnostics = tuple(in_order(report.diagnostics, sources))
    return Loaded(graph, sources, diagnostics, inputs.shapes, inputs.ontologies)


def _shapes_graph(
    inputs: Inputs,
    shapes: Sequence[str],
    report: Report,
    strict: bool,
    declared: bool,
    axioms: Reading | None,
) -> ShapesGraph | None:
    """Return the shapes graph, or None where `report` has errors."""
    documents = inputs.documents
    graph = Graph(inputs.shapes)
    found = read_shapes(graph, report, _owner(inputs.ontologies), strict, declared)
    if shapes and not found and not report.failed:
        message = "no shapes: no target, no sh:NodeShape and no sh:PropertyShape"
        where = Position(shapes[0])
        report.diagnostics.append(Diagnostic(message, where, "give a file with shapes"))
    made = _read_axioms(found, documents, axioms, report) if axioms else None
    if made is not None:
        found.update(made.shapes)
        report.diagnostics += made.warnings
    report.warn_unused()
    if report.failed:
        return None
    classes = read_classes(documents, found.values())
    return ShapesGraph(
        shapes=MappingProxyType(found),
        subclasses=tuple({**classes.subclasses, **dict.fromkeys(made.subclasses if made else ())}),
        implied=made.subclasses if made else (),
        disjoint=made.disjoint if made else (),
        of_axioms=frozenset(made.shapes if made else ()),
        instances=tuple(classes.instances),
        classes=MappingProxyType(dict(classes.infos)),
        prefixes=MappingProxyType(dict(report.prefixes)),
        files=tuple(document.file for document in documents),
        waivers=tuple(report.waivers),
    )


def _read_axioms(
    shapes: Collection[Node], documents: Sequence[Document], axioms: Reading, report: Report
) -> AxiomShapes:
    """Return what the axioms of all files became, beside the shapes that are there."""
    from cns_build.owl.constraints import constraints
    from cns_build.owl.read import read_ontology

    made = constraints(read_ontology(documents, report), axioms, report.prefixes, shapes)
    kept = {node: _without_waived(shape, report) for node, shape in made.shapes.items()}
    return replace(made, shapes=MappingProxyType(kept))


def _without_waived(shape: Shape, report: Report) -> Shape:
    """Return a shape without the constraints of which the user waives the parameter.

    Of bounds on different values, records leave out those that they cannot count.
    """
    from cns_build.ir.messages import parameter, prefixed

    def is_waived(constraint: Constraint) -> bool:
        if isinstance(constraint, MaxValues):
            return False
        name = prefixed(parameter(constraint))
        what = f"{name} of an axiom"
        return report.waived("", report.expand(name), what, constraint.origin)

    kept = tuple(c for c in shape.constraints if not (report.waive and is_waived(c)))
    if len(kept) == len(shape.constraints):
        return shape
    return replace(shape, constraints=kept, incomplete=True)


def _owner(ontologies: Sequence[Document]) -> Callable[[Node], str]:
    """Return a function that names the ontology file with triples about a node."""

    def owner(node: Node) -> str:
        for document in ontologies:
            if any(subject == node for subject, _, _ in document.triples):
                return document.file
        return ""

    return owner


def in_order(diagnostics: Iterable[Diagnostic], sources: Sources) -> list[Diagnostic]:
    """Return the diagnostics in the order of files and lines."""
    rank = {file: number for number, file in enumerate(sources.files)}

    def key(diagnostic: Diagnostic) -> tuple[int, int, int]:
        where = diagnostic.where
        position = sources.locate(where) if isinstance(where, Origin) else where
        if position is None:
            return len(rank), 0, 0
        return rank.get(position.file, len(rank)), position.line, position.column

    return sorted(diagnostics, key=key)


def located(diagnostic: Diagnostic, sources: Sources) -> Diagnostic:
    """Return `diagnostic` with positions for origins: who catches it has no sources."""

    def position(where: Origin | Position | None) -> Position | None:
        return sources.locate(where) if isinstance(where, Origin) else where

    notes = tuple(replace(note, where=position(note.where)) for note in diagnostic.notes)
    return replace(diagnostic, where=position(diagnostic.where), notes=notes)
