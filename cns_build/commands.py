# SPDX-License-Identifier: Apache-2.0
"""What each command of `cnsc` does: read, compile, write."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cns_build import __version__, pipeline
from cns_build.backend.map import model_map
from cns_build.diagnostics import CompileError, Diagnostic, Position, render
from cns_build.frontend import Sources, load
from cns_build.integration.locations import data_dir, runtime_dir
from cns_build.ir.cost import steps
from cns_build.model import Origin, ShapesGraph, Waiver
from cns_build.options import DEFAULT_CAPACITY, LATER_WAIVERS, Options


@dataclass(frozen=True, slots=True)
class Job:
    """One compilation: what was read, and what became of it."""

    graph: ShapesGraph
    sources: Sources
    options: Options
    compiled: pipeline.Compiled


class LocatedError(CompileError):
    """A CompileError whose origins can be found: it remembers the sources."""

    def __init__(self, error: CompileError, sources: Sources) -> None:
        super().__init__(*error.diagnostics)
        self.sources = sources


def render_error(error: CompileError) -> str:
    """Return the text of an error, with positions where its sources are known."""
    locate = error.sources.locate if isinstance(error, LocatedError) else _nowhere
    return render(error.diagnostics, locate)


def _nowhere(origin: Origin) -> Position:
    return Position(origin.file)


# Commands


def compile_command(arguments: argparse.Namespace) -> int:
    """Write source, header, and what else was asked for; nothing when there is an error."""
    job = _compile(arguments, arguments.ontology)
    source, header = pipeline.generate(job.compiled, job.graph, job.options)
    header_name = os.path.basename(arguments.outputs[1])  # -o may call it anything
    source = source.replace(f'#include "{job.options.name}.h"', f'#include "{header_name}"')
    outputs = {arguments.outputs[0]: source, arguments.outputs[1]: header}
    if arguments.map:
        outputs[arguments.map] = model_map(
            job.compiled.program, job.graph.prefixes, job.sources.locate
        )
    if arguments.summary:
        outputs[arguments.summary] = _summary(job)
    if arguments.depfile:
        outputs[arguments.depfile] = _depfile(arguments.outputs, job.sources)
    _write_all(outputs)
    _say_waived(job)
    return 0


def check_command(arguments: argparse.Namespace) -> int:
    """Compile and write nothing; the diagnostics are the result."""
    arguments.name = 'checked'
    _with_defaults(arguments)
    job = _compile(arguments, arguments.ontology)
    program = job.compiled.program
    _say_waived(job)
    print(
        f'{len(program.functions)} records, {len(program.checks)} of '
        f'{len(job.compiled.naive.checks)} checks are left at run time'
    )
    return 0


def explain_command(arguments: argparse.Namespace) -> int:
    """Print layout, IR, handler and bytes."""
    from cns_build.explain import explain

    job = _compile(arguments, arguments.ontology)
    print(explain(job.graph, job.options, arguments.only, arguments.dump_after), end='')
    return 0


def export_command(arguments: argparse.Namespace) -> int:
    """Write the model and the runtime as four files."""
    from cns_build.backend.export import amalgamate

    job = _compile(arguments, arguments.ontology)
    source, header = pipeline.generate(job.compiled, job.graph, job.options)
    runtime, public = amalgamate(runtime_dir())
    folder = Path(arguments.folder)
    folder.mkdir(parents=True, exist_ok=True)
    name = job.options.name
    flat = '#include <cns/cns.h>', '#include "cns.h"'
    _write_all(
        {
            str(folder / 'cns.c'): runtime,
            str(folder / 'cns.h'): public,
            str(folder / f'{name}.c'): source.replace(*flat),
            str(folder / f'{name}.h'): header.replace(*flat),
        }
    )
    _say_waived(job)
    return 0


def link_command(arguments: argparse.Namespace) -> int:
    """Link an editable install into its Python (integration.link)."""
    from cns_build.integration.link import main as link

    return link(arguments.arguments)


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = MappingProxyType(
    {
        'compile': compile_command,
        'check': check_command,
        'explain': explain_command,
        'export': export_command,
        'dev-link': link_command,
    }
)


# Compiling


def _compile(arguments: argparse.Namespace, ontologies: list[str]) -> Job:
    options = _options(arguments)
    graph, sources, warnings = load(
        ontologies, arguments.shapes, catalog=arguments.catalog, waive=arguments.waive
    )
    sys.stderr.write(render(warnings, sources.locate))
    try:
        compiled = pipeline.compile_shapes(graph, options)
        _check_capacities(compiled, options)
        _check_budget(compiled, options)
    except CompileError as error:
        raise LocatedError(error, sources) from error
    return Job(graph, sources, options, compiled)


def _options(arguments: argparse.Namespace) -> Options:
    general = [number for name, number in arguments.capacity if not name]
    return Options(
        name=arguments.name,
        report=arguments.report,
        strings=arguments.strings,
        capacity=general[-1] if general else DEFAULT_CAPACITY,
        capacities=MappingProxyType({name: n for name, n in arguments.capacity if name}),
        inline_strings=arguments.inline_strings,
        records=tuple(arguments.record),
        kinds=MappingProxyType(dict(arguments.kind)),
        unchecked=MappingProxyType(dict(arguments.unchecked)),
        tick_budget=arguments.tick_budget,
        waive=frozenset(arguments.waive),
    )


def _with_defaults(arguments: argparse.Namespace) -> None:
    """Give `check` the model options that it has no flags for."""
    defaults: dict[str, Any] = {
        'report': 'all',
        'strings': 'full',
        'capacity': [],
        'inline_strings': False,
        'kind': [],
        'unchecked': [],
        'tick_budget': None,
    }
    for name, value in defaults.items():
        setattr(arguments, name, value)


def _check_capacities(compiled: pipeline.Compiled, options: Options) -> None:
    """Raise CompileError for capacities of properties that no record has."""
    fields = [f for record in compiled.program.records for f in record.fields]
    known = {f.name for f in fields} | {f.path.value for f in fields}
    unknown = [name for name in options.capacities if name not in known]
    if unknown:
        raise CompileError(
            *(
                Diagnostic(
                    f'--capacity {name}: no record has such a property',
                    fix='give its IRI or the name of its member, as cnsc explain shows them',
                )
                for name in unknown
            )
        )


def _check_budget(compiled: pipeline.Compiled, options: Options) -> None:
    """Raise CompileError for handlers whose worst case exceeds the budget."""
    if options.tick_budget is None:
        return
    program = compiled.program
    over = [
        Diagnostic(
            f'record {function.record} can take {needed} steps, '
            f'more than the tick budget of {options.tick_budget}',
            program.record(function.record).origin,
            'lower the capacities of its arrays, or raise the budget',
        )
        for function in program.functions
        if (needed := steps(program, function)) > options.tick_budget
    ]
    if over:
        raise CompileError(*over)


# Writing


def _write_all(outputs: Mapping[str, str]) -> None:
    """Write all files or none: prepare each beside its place, then move them there.

    Files that would not change keep their time, so that nothing is compiled again.
    """
    prepared: list[tuple[str, str]] = []
    try:
        for path, text in outputs.items():
            content = text.encode()
            if _unchanged(path, content):
                continue
            prepared.append((_prepare(path, content), path))
        for temporary, path in prepared:
            os.replace(temporary, path)
    finally:
        for temporary, _ in prepared:
            if os.path.exists(temporary):
                os.unlink(temporary)


def _unchanged(path: str, content: bytes) -> bool:
    try:
        return Path(path).read_bytes() == content
    except OSError:
        return False


def _prepare(path: str, content: bytes) -> str:
    """Write the content next to its place, on the same file system; return its name."""
    folder = os.path.dirname(path) or '.'
    try:
        handle, temporary = tempfile.mkstemp(prefix='.cnsc-', dir=folder)
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from error
    try:
        with os.fdopen(handle, 'wb') as file:
            file.write(content)
        os.chmod(temporary, 0o666 & ~_umask())
    except OSError as error:
        os.unlink(temporary)
        raise OSError(error.errno, error.strerror, path) from error
    return temporary


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def _depfile(outputs: list[str], sources: Sources) -> str:
    """Return a make rule: what was read, the templates, and the compiler's own files."""
    package = Path(__file__).resolve().parent
    own = sorted(
        str(p)
        for folder, pattern in ((package, '**/*.py'), (data_dir('templates'), '*.j2'))
        for p in folder.glob(pattern)
    )
    read = [*sources.files, *own]
    return f'{" ".join(_escape(o) for o in outputs)}: {" ".join(_escape(r) for r in read)}\n'


def _escape(path: str) -> str:
    return path.replace('\\', '\\\\').replace(' ', '\\ ').replace('#', '\\#').replace('$', '$$')


# What is said beside the output


def _say_waived(job: Job) -> None:
    used = {waiver.name for waiver in job.compiled.waivers}
    for name in sorted((job.options.waive & LATER_WAIVERS) - used):
        unused = Diagnostic(
            f'--waive {name} matches nothing', None, 'remove it or correct the name', 'warning'
        )
        sys.stderr.write(render([unused], job.sources.locate))
    for waiver in job.compiled.waivers:
        where = job.sources.locate(waiver.origin) if waiver.origin else 'cnsc'
        sys.stderr.write(f'{where}: note: waived {waiver.name}: {waiver.what}\n')


def _summary(job: Job) -> str:
    program = job.compiled.program
    content = {
        'cns': __version__,
        'model': program.name,
        'files': [os.path.basename(f) for f in job.graph.files],
        'records': [
            {
                'name': function.record,
                'fields': len(program.record(function.record).fields),
                'steps': steps(program, function),
            }
            for function in program.functions
        ],
        'checks': {'given': len(job.compiled.naive.checks), 'left': len(program.checks)},
        'waived': [_waived(job, waiver) for waiver in job.compiled.waivers],
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + '\n'


def _waived(job: Job, waiver: Waiver) -> dict[str, Any]:
    where = job.sources.locate(waiver.origin) if waiver.origin else None
    return {
        'name': waiver.name,
        'what': waiver.what,
        'file': where.file if where else None,
        'line': where.line if where else None,
    }
