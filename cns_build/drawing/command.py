# SPDX-License-Identifier: Apache-2.0
"""`cnsc explain --graph`: a drawing of the class hierarchy and the shapes of files."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from cns_build.diagnostics import Diagnostic, UsageError, render
from cns_build.drawing.diagram import Diagram, make_diagram, select
from cns_build.drawing.svg import to_svg
from cns_build.drawing.text import to_dot, to_mermaid
from cns_build.frontend import load
from cns_build.frontend.report import Report
from cns_build.garbage import uncollected
from cns_build.model import IRI
from cns_build.owl.load import load_ontology


def draw_command(arguments: argparse.Namespace) -> int:
    """Print a drawing of what the files describe."""
    for option, value in _of_others(arguments):
        if value:
            what = f"--graph and {option} exclude each other: a drawing is all that is shown"
            raise UsageError(Diagnostic(what, fix="leave one of them out"))
    files = [*arguments.ontology, *(arguments.shapes or [])]
    if not files:
        fix = "name ontologies, or files of shapes with --shapes"
        raise UsageError(Diagnostic("nothing to draw", fix=fix))
    with uncollected():
        diagram = _diagram(arguments, files)
    title = ", ".join(Path(file).name for file in files)
    match arguments.graph:
        case "svg":
            text = to_svg(diagram, title)
        case "dot":
            text = to_dot(diagram, title)
        case _:
            text = to_mermaid(diagram)
    print(text, end="")
    return 0


def _of_others(arguments: argparse.Namespace) -> Iterator[tuple[str, object]]:
    """Yield the options about what else `cnsc explain` shows."""
    for name in ("image", "map", "only", "dump_after"):
        yield f"--{name.replace('_', '-')}", getattr(arguments, name)
    yield "--class", arguments.about_class
    yield "--property", arguments.about_property


def _diagram(arguments: argparse.Namespace, files: list[str]) -> Diagram:
    shapes = {}
    if arguments.shapes:
        graph, sources, warnings = load(
            arguments.ontology,
            arguments.shapes,
            catalog=arguments.catalog,
            waive=arguments.waive,
        )
        sys.stderr.write(render(warnings, sources.locate))
        shapes = dict(graph.shapes)
    loaded = load_ontology(files, catalog=arguments.catalog, waive=arguments.waive)
    if not arguments.shapes:
        sys.stderr.write(render(loaded.warnings, loaded.sources.locate))
    diagram = make_diagram(loaded.ontology, shapes, loaded.prefixes)
    root = Report(prefixes=loaded.prefixes).expand(arguments.root) if arguments.root else None
    return select(diagram, IRI(root) if root else None, arguments.levels, arguments.most)
