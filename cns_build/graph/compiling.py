# SPDX-License-Identifier: Apache-2.0
"""Files of shapes to the program that validates graphs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cns_build.diagnostics import CompileError, Diagnostic
from cns_build.frontend.load import located, read
from cns_build.frontend.parse import Document
from cns_build.frontend.positions import Sources
from cns_build.graph.build import build
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
) -> Compiled:
    """Compile files of shapes. Raises CompileError, whose diagnostics have their places."""
    loaded = read(
        ontologies,
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
        program = build(loaded.graph, loaded.ontologies, recursion, sparql)
    except CompileError as error:
        raise CompileError(*(located(d, sources) for d in error.diagnostics)) from error
    return Compiled(program, sources, loaded.shapes, loaded.diagnostics)
