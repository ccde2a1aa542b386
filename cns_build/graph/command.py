# SPDX-License-Identifier: Apache-2.0
"""`cnsc validate`: read shapes and data, validate, and write the report."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from cns_build.diagnostics import CompileError, Diagnostic, UsageError, render
from cns_build.graph import severity
from cns_build.graph.data import Source, files_of, read_file
from cns_build.graph.places import with_places
from cns_build.graph.progress import Progress
from cns_build.graph.report import Report
from cns_build.graph.shapes_graph import shapes_files
from cns_build.graph.validator import AddsToOntology, Validator
from cns_build.graph.writers import WRITERS
from cns_build.graph.writers.names import not_checked
from cns_build.graph.writers.text import EXAMPLES, style_for, to_text
from cns_build.model import IRI
from cns_build.owl.reading import Reading, reading_of

_COMPLETE = ("text", "json")
"""Formats that say what was left out."""

_WITHOUT_PLACES = ("turtle", "jsonld")
"""Formats that do not say where in the data anything stands."""


def validate_command(arguments: argparse.Namespace) -> int:
    """Return 0, or 1 where a result is as severe as --fail-on. Raises CompileError."""
    if arguments.data.count("-") > 1:
        what = "the standard input can be read once"
        raise UsageError(Diagnostic(what, fix="give - once, or name files"))
    if arguments.input_format and "-" not in arguments.data:
        what = "--input-format is of the standard input, and no data are read from it"
        raise UsageError(Diagnostic(what, fix="add - to the data, or leave it out"))
    with Progress(sys.stderr) as progress:
        axioms = reading_of(arguments, records=False)
        given = arguments.shapes or ([] if axioms or arguments.inference == "owlrl" else None)
        validator = None if given is None else _compile(arguments, given, axioms, progress)
        sources = [progress.watch(source) for source in _read(arguments, progress)]
        if validator is None:
            given = _shapes_of(sources, arguments.catalog)
            validator = _compile(arguments, given, axioms, progress)
        progress.say("validating")
        try:
            report = _validated(validator, sources, arguments)
        except AddsToOntology:
            if not arguments.dynamic_tbox:
                raise
            with files_of(sources) as extending:
                validator = _compile(arguments, given or [], axioms, progress, extending)
            report = _validated(validator, sources, arguments)
        report = _with_prefixes(report, sources)
        if arguments.format not in _WITHOUT_PLACES:
            progress.say("looking for the lines of the data")
            report = with_places(report, sources, _examples(arguments))
    warnings = [*validator.warnings, *report.warnings, *_nothing_validated(report, arguments)]
    sys.stderr.write(render(warnings, validator.locate))
    _write(report, validator, arguments)
    return 1 if severity.fails(report, arguments.fail_on) else 0


def _nothing_validated(report: Report, arguments: argparse.Namespace) -> Iterator[Diagnostic]:
    """Yield a warning where data conform because there is nothing to validate."""
    if not report.statistics.triples:
        yield Diagnostic("the data have no triples", None, "check what is read", "warning")
    elif not report.statistics.focus_nodes and not arguments.focus:
        named = [f"--{name}" for name in ("shape", "graph") if getattr(arguments, name)]
        within = f" within {' and '.join(named)}" if named else ""
        what = f"nothing was validated: no target selects a node{within}"
        yield Diagnostic(what, None, "check IRIs, of classes too", "warning")


def _examples(arguments: argparse.Namespace) -> int | None:
    """Return how many results of a constraint are shown; None for all."""
    if arguments.format != "text":
        return None
    return EXAMPLES if arguments.max is None else int(arguments.max)


def _compile(
    arguments: argparse.Namespace,
    shapes: Sequence[str],
    axioms: Reading | None,
    progress: Progress,
    extending: Sequence[str] = (),
) -> Validator:
    progress.say("compiling the shapes")
    return Validator.compile(
        shapes,
        arguments.ontology,
        catalog=arguments.catalog,
        waive=arguments.waive,
        strict=arguments.strict,
        recursion=arguments.recursion,
        engine=arguments.engine,
        axioms=axioms,
        inference=arguments.inference,
        extending=extending,
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


def _validated(
    validator: Validator, sources: Sequence[Source], arguments: argparse.Namespace
) -> Report:
    prefixes = {p: iri for source in sources for p, iri in source.prefixes.items()}
    graphs = None
    if arguments.graph and "all" not in arguments.graph:
        graphs = [None if g == "default" else _iri(g, prefixes) for g in arguments.graph]
    return validator.validate(
        sources,
        focus=[_iri(name, prefixes) for name in arguments.focus] or None,
        shapes=[_iri(name, prefixes) for name in arguments.shape] or None,
        graphs=graphs,
        maximum=arguments.max if _may_cut(arguments) else None,
        lenient=arguments.lenient,
    )


def _may_cut(arguments: argparse.Namespace) -> bool:
    """Whether results beyond a maximum need not be known: neither to count nor to fail."""
    return arguments.format != "text" and arguments.fail_on in ("info", "never")


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


def _write(report: Report, validator: Validator, arguments: argparse.Namespace) -> None:
    if arguments.format == "text":
        examples = _examples(arguments) or 0
        style = style_for(sys.stdout)
        parts = to_text(report, validator.locate, examples=examples, style=style)
    else:
        kept = replace(report, results=report.results[: arguments.max])
        parts = WRITERS[arguments.format](kept, validator.locate)
        if arguments.format not in _COMPLETE:
            sys.stderr.write(render(_left_out(kept), validator.locate))
    for part in parts:
        sys.stdout.write(part)


def _left_out(report: Report) -> list[Diagnostic]:
    """Return notes of what a report leaves out, for formats that have no place for it."""
    notes = [Diagnostic(what, origin) for what, origin in not_checked(report.unsupported)]
    if report.skipped:
        notes.append(Diagnostic(f"malformed lines left out (--lenient): {report.skipped}"))
    written = len(report.results)
    if written < report.found:
        notes.append(Diagnostic(f"{written} of {report.found} results are written (--max)"))
    return [replace(note, severity="note") for note in notes]
