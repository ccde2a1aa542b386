# SPDX-License-Identifier: Apache-2.0
"""`cnsc validate`: read shapes and data, validate, and write the report."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace

from cns_build.diagnostics import CompileError, Diagnostic, UsageError, render
from cns_build.graph import severity
from cns_build.graph.data import Source, read_file
from cns_build.graph.engine import Engine, Selection
from cns_build.graph.places import with_places
from cns_build.graph.progress import Progress
from cns_build.graph.report import Report
from cns_build.graph.shapes_graph import shapes_files
from cns_build.graph.writers import WRITERS
from cns_build.graph.writers.text import EXAMPLES, style_for, to_text
from cns_build.model import IRI


def validate_command(arguments: argparse.Namespace) -> int:
    """Return 0, or 1 where a result is as severe as --fail-on. Raises CompileError."""
    if arguments.data.count("-") > 1:
        what = "the standard input can be read once"
        raise UsageError(Diagnostic(what, fix="give - once, or name files"))
    if arguments.input_format and "-" not in arguments.data:
        what = "--input-format is of the standard input, and no data are read from it"
        raise UsageError(Diagnostic(what, fix="add - to the data, or leave it out"))
    with Progress(sys.stderr) as progress:
        engine = _compile(arguments, arguments.shapes, progress) if arguments.shapes else None
        sources = [progress.watch(source) for source in _read(arguments, progress)]
        if engine is None:
            named = _shapes_of(sources, arguments.catalog)
            engine = _compile(arguments, named, progress)
        progress.say("validating")
        report = engine.validate(sources, _selection(arguments, sources))
        report = with_places(_with_prefixes(report, sources), sources)
    warnings = [*engine.warnings, *(w for source in sources for w in source.warnings)]
    sys.stderr.write(render(warnings, engine.locate))
    _write(report, engine, arguments)
    return 1 if severity.fails(report, arguments.fail_on) else 0


def _compile(arguments: argparse.Namespace, shapes: Sequence[str], progress: Progress) -> Engine:
    progress.say("compiling the shapes")
    return Engine.compile(
        shapes,
        arguments.ontology,
        catalog=arguments.catalog,
        waive=arguments.waive,
        strict=arguments.strict,
        engine=arguments.engine,
    )


def _read(arguments: argparse.Namespace, progress: Progress) -> list[Source]:
    """Return all data; raise CompileError with what is wrong in any of the files."""
    sources: list[Source] = []
    wrong: list[Diagnostic] = []
    for file in arguments.data:
        progress.say(f"reading {file}")
        named = arguments.input_format if file == "-" else None
        try:
            sources.append(read_file(file, named, lenient=arguments.lenient))
        except CompileError as error:
            wrong += error.diagnostics
    if wrong:
        raise CompileError(*wrong)
    return sources


def _shapes_of(sources: Sequence[Source], catalog: Sequence[str]) -> list[str]:
    named = shapes_files(sources, catalog)
    if not named:
        what = "no shapes: --shapes is not given, and the data name no sh:shapesGraph"
        fix = "pass --shapes FILE; data that hold their own shapes are given twice"
        raise UsageError(Diagnostic(what, fix=fix))
    return named


def _selection(arguments: argparse.Namespace, sources: Sequence[Source]) -> Selection:
    prefixes = {p: iri for source in sources for p, iri in source.prefixes.items()}
    graphs = None
    if arguments.graph and "all" not in arguments.graph:
        graphs = [None if g == "default" else _iri(g, prefixes) for g in arguments.graph]
    return Selection(
        focus=[_iri(name, prefixes) for name in arguments.focus] or None,
        shapes=[_iri(name, prefixes) for name in arguments.shape] or None,
        graphs=graphs,
        maximum=None if arguments.format == "text" else arguments.max,
        lenient=arguments.lenient,
    )


def _iri(name: str, prefixes: Mapping[str, str]) -> IRI:
    """Return the IRI of an IRI, `<IRI>`, or name with a prefix of the data."""
    if name.startswith("<") and name.endswith(">"):
        return IRI(name[1:-1])
    prefix, colon, local = name.partition(":")
    if colon and prefix in prefixes and not local.startswith("//"):
        return IRI(prefixes[prefix] + local)
    if not colon:
        what = f"{name!r} is no IRI"
        raise UsageError(Diagnostic(what, fix="give it in full, or with a prefix of the data"))
    return IRI(name)


def _with_prefixes(report: Report, sources: Sequence[Source]) -> Report:
    """Return the report with the prefixes of the data behind those of the shapes."""
    prefixes = dict(report.prefixes)
    for source in sources:
        for prefix, iri in source.prefixes.items():
            if iri not in prefixes.values():
                prefixes.setdefault(prefix, iri)
    return replace(report, prefixes=tuple(prefixes.items()))


def _write(report: Report, engine: Engine, arguments: argparse.Namespace) -> None:
    if arguments.format == "text":
        examples = EXAMPLES if arguments.max is None else arguments.max
        style = style_for(sys.stdout)
        parts = to_text(report, engine.locate, examples=examples, style=style)
    else:
        kept = replace(report, results=report.results[: arguments.max])
        parts = WRITERS[arguments.format](kept, engine.locate)
    for part in parts:
        sys.stdout.write(part)
