# SPDX-License-Identifier: Apache-2.0
"""Files of shapes to the program that validates graphs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cns_build.diagnostics import CompileError, Diagnostic
from cns_build.frontend.load import in_order, located, read
from cns_build.frontend.parse import Document
from cns_build.frontend.positions import Sources
from cns_build.graph.build import build
from cns_build.graph.ontology import refuse_inference, with_inference
from cns_build.graph.program import Program

if TYPE_CHECKING:
    from cns_build.owl.reading import Reading


@dataclass(frozen=True, slots=True)
class Compiled:
    """A program, the files that it was made of, and what there is to say about these."""

    program: Program
    sources: Sources
    shapes: tuple[Document, ...]
    warnings: tuple[Diagnostic, ...]


def compile_program(
    shapes: Sequence[str],
    ontologies: Sequence[str] = (),
    *,
    catalog: Sequence[str] = (),
    waive: Collection[str] = (),
    strict: bool = False,
    recursion: int = 0,
    sparql: bool = True,
    axioms: Reading | None = None,
    inference: str = "none",
    extending: Sequence[str] = (),
    keep: bool = False,
) -> Compiled:
    """Compile files of shapes. Raises CompileError, whose diagnostics have their places.

    With an `inference`, `rdfs` or `owlrl`, the ontologies infer from data; `extending` are files
    of data that state axioms beside these. `keep` is for data that are written again.
    """
    refuse_inference(inference)
    if axioms is not None:
        axioms = replace(axioms, inferred=inference != "none")
    loaded = read(
        [*ontologies, *extending],
        shapes,
        catalog=catalog,
        waive=waive,
        strict=strict,
        declared=True,
        axioms=axioms,
    )
    sources = loaded.sources
    try:
        if loaded.graph is None:
            raise CompileError(*loaded.diagnostics)
        graph, inferring, diagnostics = loaded.graph, None, loaded.diagnostics
        if inference != "none":
            made = with_inference(
                graph,
                loaded.ontologies,
                inference,
                extending=extending,
                keep=keep,
                axioms=axioms,
            )
            graph, inferring = made.graph, made.inferring
            both = dict.fromkeys([*diagnostics, *made.diagnostics])  # axioms may be read twice
            diagnostics = tuple(in_order(both, sources))
            if any(diagnostic.severity == "error" for diagnostic in diagnostics):
                raise CompileError(*diagnostics)
        program = build(graph, loaded.ontologies, recursion, sparql, inferring)
    except CompileError as error:
        raise CompileError(*(located(d, sources) for d in error.diagnostics)) from error
    return Compiled(program, sources, loaded.shapes, diagnostics)
