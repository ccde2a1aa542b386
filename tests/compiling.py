# SPDX-License-Identifier: Apache-2.0
"""Shapes as text to programs, for tests of everything behind the front end."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cns_build import pipeline
from cns_build.commands import LocatedError
from cns_build.diagnostics import CompileError
from cns_build.frontend import load
from cns_build.ir.program import Program
from cns_build.model import ShapesGraph
from cns_build.options import Options

PREFIXES = """@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


@dataclass(frozen=True)
class Model:
    """What one text of shapes becomes; `stages` are the programs after each stage."""

    graph: ShapesGraph
    options: Options
    compiled: pipeline.Compiled
    stages: dict[str, Program]

    def generate(self) -> tuple[str, str]:
        """The C source and header."""
        return pipeline.generate(self.compiled, self.graph, self.options)


def compile_text(folder: Path, shapes: str, **options: Any) -> Model:
    """Compile shapes, given without prefixes, from a file in `folder`. Raises CompileError."""
    file = folder / "shapes.ttl"
    file.write_text(PREFIXES + shapes, "utf-8")
    return compile_files([file], **options)


def compile_files(files: list[Path], **options: Any) -> Model:
    """Compile files of shapes. Raises LocatedError, which knows its files, or CompileError."""
    waive = options.get("waive", frozenset())
    graph, sources, _ = load([], [str(f) for f in files], catalog=[], waive=sorted(waive))
    made = Options(**{"name": "demo", **options})
    stages: dict[str, Program] = {}
    try:
        compiled = pipeline.compile_shapes(graph, made, stages.__setitem__)
    except CompileError as error:
        raise LocatedError(error, sources) from error
    return Model(graph, made, compiled, stages)
