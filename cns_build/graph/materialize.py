# SPDX-License-Identifier: Apache-2.0
"""`cnsc materialize`: data, and what follows from them by an ontology, as N-Triples."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Sequence

from cns_build import _graph
from cns_build.diagnostics import Diagnostic, UsageError, render
from cns_build.graph.compiling import compile_program
from cns_build.graph.data import Source, files_of, read_file
from cns_build.graph.progress import Progress
from cns_build.graph.report import Report
from cns_build.graph.validator import (
    AddsToOntology,
    Running,
    Validator,
    read_data,
    warnings_of,
)
from cns_build.graph.writers.text import EXAMPLES, style_for, to_text
from cns_build.model import BlankNode
from cns_build.output import refuse_clashes, write_parts


def materialize_command(arguments: argparse.Namespace) -> int:
    """Return 0, or 1 where the data contradict the ontology. Raises CompileError."""
    if arguments.data.count("-") > 1:
        what = "the standard input can be read once"
        raise UsageError(Diagnostic(what, fix="give - once, or name files"))
    outputs = [arguments.output] if arguments.output else []
    refuse_clashes(outputs, [*arguments.ontology, *arguments.data])
    with Progress(sys.stderr) as progress:
        validator = _compile(arguments, progress)
        sources = [_read(file, arguments, progress) for file in arguments.data]
        start = time.perf_counter()
        try:
            graph = _inferred(validator, sources, arguments)
        except AddsToOntology:
            if not arguments.dynamic_tbox:
                raise
            with files_of(sources) as extending:
                validator = _compile(arguments, progress, extending)
            graph = _inferred(validator, sources, arguments)
        middle = time.perf_counter()
        progress.say("looking for contradictions")
        report = _contradictions(validator, graph, (start, middle))
        progress.say("writing")
        warnings = [*validator.warnings, *warnings_of(sources)]
        sys.stderr.write(render(warnings, validator.locate))
        _report(report, validator, arguments.allow_inconsistent)
        if report.conforms or arguments.allow_inconsistent:
            scoped = len(sources) > 1 or _has_blanks(validator)
            parts = graph.ntriples(data=not arguments.only_inferred, scoped=scoped)
            _write(parts, arguments.output)
    return 0 if report.conforms or arguments.allow_inconsistent else 1


def _compile(
    arguments: argparse.Namespace, progress: Progress, extending: Sequence[str] = ()
) -> Validator:
    progress.say("compiling the ontology")
    made = compile_program(
        [],
        arguments.ontology,
        catalog=arguments.catalog,
        waive=arguments.waive,
        inference=arguments.inference,
        extending=extending,
        keep=True,
    )
    return Validator.of(made)


def _read(file: str, arguments: argparse.Namespace, progress: Progress) -> Source:
    progress.say(f"reading {file}")
    named = arguments.input_format if file == "-" else None
    return progress.watch(read_file(file, named, lenient=arguments.lenient))


def _inferred(
    validator: Validator, sources: Sequence[Source], arguments: argparse.Namespace
) -> _graph.Graph:
    return read_data(validator.loaded, sources, None, arguments.lenient)


def _contradictions(
    validator: Validator, graph: _graph.Graph, times: tuple[float, float]
) -> Report:
    """Return what contradicts the axioms, which is what shapes of the program find."""
    run = Running(validator, graph, ())
    for shape in validator.selected():
        run.validate(shape)
    return run.report((*times, time.perf_counter()))


def _report(report: Report, validator: Validator, allowed: bool) -> None:
    """Say what contradicts the ontology, and what that means."""
    if report.conforms:
        return
    style = style_for(sys.stderr)
    for part in to_text(report, validator.locate, examples=EXAMPLES, style=style):
        sys.stderr.write(part)
    what = "the data contradict the ontology, from which anything follows"
    said = Diagnostic(what, None, "what is written is what rules infer", "warning")
    if not allowed:
        fix = "correct the data; or pass --allow-inconsistent, to have what rules infer"
        said = Diagnostic(f"{what}: nothing is written", fix=fix)
    sys.stderr.write(render([said], validator.locate))


def _has_blanks(validator: Validator) -> bool:
    return any(isinstance(term, BlankNode) for term in validator.program.terms)


def _write(parts: Iterable[memoryview], output: str | None) -> None:
    """Write N-Triples to a file, or to the standard output."""
    if output is not None:
        write_parts(output, parts)
        return
    sys.stdout.flush()
    for part in parts:
        sys.stdout.buffer.write(part)
    sys.stdout.buffer.flush()
