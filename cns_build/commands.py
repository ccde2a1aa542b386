# SPDX-License-Identifier: Apache-2.0
"""What each command of `cnsc` does: read, compile, write."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cns_build import __version__, pipeline
from cns_build.backend.map import model_map
from cns_build.budget import check_budget
from cns_build.bytecode.image import WORD_CHECKSUM, Image, to_bytes, to_words
from cns_build.diagnostics import CompileError, Diagnostic, Position, UsageError, printable, render
from cns_build.frontend import Sources, load, read
from cns_build.integration.locations import generator_files, runtime_dir
from cns_build.ir.binding import RecordMap
from cns_build.ir.cost import steps
from cns_build.model import Origin, ShapesGraph, Waiver
from cns_build.options import (
    DEFAULT_BOXES,
    DEFAULT_CAPACITY,
    DEFAULT_DEPTH,
    DEFAULT_EXTERNAL,
    LATER_WAIVERS,
    Options,
)
from cns_build.output import make_folder, refuse_clashes, write_all
from cns_build.owl.reading import reading_of


@dataclass(frozen=True, slots=True)
class Job:
    """One compilation: what was read, and what became of it."""

    graph: ShapesGraph
    sources: Sources
    options: Options
    compiled: pipeline.Compiled
    image: Image | None = None


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
    if not arguments.shapes and arguments.axioms == "none":
        from cns_build.owl.command import vocabulary_command

        return vocabulary_command(arguments)
    _check_outputs(arguments)
    stamps = [arguments.stamp] if arguments.stamp is not None else []
    optional = (arguments.image, arguments.map, arguments.summary, arguments.depfile, *stamps)
    sources = arguments.outputs or []
    paths = [*sources, *(path for path in optional if path is not None)]
    maps = [*arguments.bind, *([arguments.onto] if arguments.onto else [])]
    refuse_clashes(paths, [*arguments.ontology, *arguments.shapes, *maps])
    job = _compile(arguments, arguments.ontology)
    outputs: dict[str, str | bytes] = {}
    if sources:
        header_name = os.path.basename(sources[1])
        texts = pipeline.generate(job.compiled, job.graph, job.options, header_name, job.image)
        outputs |= dict(zip(sources, texts, strict=True))
    if arguments.image is not None:
        assert job.image is not None
        outputs[arguments.image] = to_bytes(to_words(job.image))
    if arguments.map is not None:
        outputs[arguments.map] = _map(job)
    if arguments.summary is not None:
        outputs[arguments.summary] = _summary(job)
    if arguments.depfile is not None:
        made = [*sources, *([arguments.image] if arguments.image else [])]
        outputs[arguments.depfile] = depfile(stamps or made, [*job.sources.files, *maps])
    outputs |= dict.fromkeys(stamps, "")
    refuse_clashes(paths, job.sources.files)
    write_all(outputs)
    for stamp in stamps:
        os.utime(stamp)
    _say_waived(job)
    return 0


def _check_outputs(arguments: argparse.Namespace) -> None:
    """Raise UsageError where nothing is to be written, or an image that nothing can run."""
    if arguments.queried:
        what = "--queried chooses the tests of a vocabulary, and shapes say what they test"
        raise UsageError(Diagnostic(what, fix="leave out --queried, or the shapes"))
    if arguments.onto is not None and (arguments.image is None or arguments.outputs):
        what = "--onto makes an image for a firmware that is there, and nothing else"
        raise UsageError(Diagnostic(what, fix="pass --image FILE.cnsi, and no -o"))
    if arguments.image is None:
        if not arguments.outputs:
            what = "nothing to write"
            fix = "name source and header with -o FILE.c FILE.h, or an image with --image FILE"
            raise UsageError(Diagnostic(what, fix=fix))
    elif arguments.outputs is None:
        arguments.engine = "bytecode"
    elif arguments.engine == "native":
        what = "--image with --engine native: the model beside it cannot run images"
        raise UsageError(Diagnostic(what, fix="pass --engine bytecode or --engine both"))


def check_command(arguments: argparse.Namespace) -> int:
    """Lint and compile, and write nothing; the diagnostics are the result."""
    from cns_build.check import Levels, check, counted, has_target

    options = _options(arguments)
    loaded = read(
        arguments.ontology,
        arguments.shapes,
        catalog=arguments.catalog,
        waive=arguments.waive,
        axioms=reading_of(arguments, records=True),
    )

    def compile_graph(graph: ShapesGraph) -> pipeline.Compiled:
        compiled = pipeline.compile_shapes(graph, options)
        image = pipeline.make_image(compiled, graph, options)
        check_budget(compiled.program, options, image, graph.prefixes)
        return compiled

    graph = loaded.graph
    library = graph is None or not (has_target(graph) or options.records)
    compiler = None if library or arguments.no_compile else compile_graph
    levels = Levels(frozenset(arguments.no_warn), frozenset(arguments.error))
    named = () if options.records else arguments.shapes  # --record uses shapes of any kind
    checked = check(loaded, named, compiler, levels)
    if arguments.format == "sarif":
        from cns_build.lint.sarif import to_sarif

        sys.stdout.write(to_sarif(checked.diagnostics, loaded.sources.locate))
        return 1 if checked.failed else 0
    sys.stderr.write(render(checked.diagnostics, loaded.sources.locate))
    if graph is not None and checked.compiled is not None:
        job = Job(graph, loaded.sources, options, checked.compiled)
        _say_waived(job)
        if not checked.failed:
            _say_records(job)
    elif graph is not None and not checked.failed:
        count = len(graph.shapes)
        print(f"{count} shape{'' if count == 1 else 's'}, none compiled")
    if checked.diagnostics:
        sys.stderr.write(f"cnsc: {counted(checked)}\n")
    return 1 if checked.failed else 0


def _say_records(job: Job) -> None:
    program = job.compiled.program
    records = len(program.functions)
    print(
        f"{records} record{'' if records == 1 else 's'}, {len(program.checks)} of "
        f"{len(job.compiled.naive.checks)} checks are left at run time"
    )


def explain_command(arguments: argparse.Namespace) -> int:
    """Print layout, IR, handler, bytecode and bytes; an image; a drawing; or what follows."""
    if arguments.graph is not None:
        from cns_build.drawing.command import draw_command

        return draw_command(arguments)
    if (arguments.root, arguments.levels, arguments.most) != (None, None, DEFAULT_BOXES):
        what = "--root, --levels and --most choose what is drawn, and nothing is"
        raise UsageError(Diagnostic(what, fix="add --graph svg, or leave them out"))
    if arguments.about_class or arguments.about_property:
        from cns_build.owl.command import explain_command

        return explain_command(arguments)
    from cns_build.explain import IMAGE_PARTS, explain, explain_image

    _check_subject(arguments)
    if arguments.image is not None:
        print(explain_image(arguments.image, arguments.map), end="")
        return 0
    if arguments.engine == "native" and set(arguments.only or ()) & set(IMAGE_PARTS):
        _refuse_bind(arguments)
        arguments.engine = "both"
    job = _compile(arguments, arguments.ontology)
    print(explain(job.graph, job.options, arguments.only, arguments.dump_after), end="")
    return 0


def _refuse_bind(arguments: argparse.Namespace) -> None:
    if arguments.bind:
        what = f"--only {arguments.only[0]} and --bind exclude each other: images look at structs"
        raise UsageError(Diagnostic(f"{what} that cns makes", fix="leave one of them out"))


def _check_subject(arguments: argparse.Namespace) -> None:
    """Raise UsageError unless there is one thing to explain: shapes, or an image."""
    if arguments.image is None:
        if not arguments.name:
            what = "nothing to explain"
            fix = (
                "give --shapes FILE and --name NAME, an image with --image FILE, --graph svg, or "
                "ontologies with --class IRI or --property IRI"
            )
            raise UsageError(Diagnostic(what, fix=fix))
        if arguments.map is not None:
            what = "--map names what is in an image, and there is none"
            raise UsageError(Diagnostic(what, fix="add --image FILE, or leave --map out"))
        return
    given = {
        "shapes": arguments.shapes or arguments.ontology,
        "--only": arguments.only,
        "--dump-after": arguments.dump_after,
    }
    for name, value in given.items():
        if value:
            what = f"--image and {name} exclude each other: an image is all that is shown"
            raise UsageError(Diagnostic(what, fix="leave one of them out"))


def export_command(arguments: argparse.Namespace) -> int:
    """Write the model and the runtime as four files."""
    from cns_build.backend.export import amalgamate

    job = _compile(arguments, arguments.ontology)
    source, header = pipeline.generate(job.compiled, job.graph, job.options, image=job.image)
    runtime, public = amalgamate(runtime_dir())
    folder = Path(arguments.folder)
    name = job.options.name
    flat = "#include <cns/cns.h>", '#include "cns.h"'
    outputs = {
        str(folder / "cns.c"): runtime,
        str(folder / "cns.h"): public,
        str(folder / f"{name}.c"): source.replace(*flat),
        str(folder / f"{name}.h"): header.replace(*flat),
    }
    paths = list(outputs)
    if arguments.map is not None:
        paths.append(arguments.map)
        outputs[arguments.map] = _map(job)
    refuse_clashes(paths, job.sources.files)
    make_folder(arguments.folder)
    write_all(outputs)
    _say_waived(job)
    return 0


def stack_command(arguments: argparse.Namespace) -> int:
    """Bound the stack of a model's handlers by gcc's call graphs, and hold it to a budget."""
    from cns_build.stack import files, program, report

    known = {name: size for name, size in arguments.external if name}
    general = [size for name, size in arguments.external if not name]
    assumed = general[-1] if general else DEFAULT_EXTERNAL
    units = files.read_units(arguments.objects)
    linked = program.link(units, arguments.name)
    stack = report.measure(
        linked, arguments.name, arguments.depth, lambda name: known.get(name, assumed)
    )
    if arguments.budget is not None:
        report.check(stack, arguments.budget)
    if arguments.header is None:
        print(report.table(stack), end="")
    else:
        refuse_clashes([arguments.header], arguments.objects)
        write_all({arguments.header: report.header(stack)})
    return 0


def decode_command(arguments: argparse.Namespace) -> int:
    """Explain what a device gave back (decode.command)."""
    from cns_build.decode.command import decode_command as decode

    return decode(arguments)


def validator_command(arguments: argparse.Namespace) -> int:
    """Compile shapes to a program that validates data (graph.standalone)."""
    from cns_build.graph.standalone import validator_command as make_validator

    return make_validator(arguments)


def link_command(arguments: argparse.Namespace) -> int:
    """Link an editable install into its Python (integration.link)."""
    from cns_build.integration.link import main as link

    return link(arguments.arguments)


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = MappingProxyType(
    {
        "compile": compile_command,
        "check": check_command,
        "explain": explain_command,
        "export": export_command,
        "stack": stack_command,
        "decode": decode_command,
        "validator": validator_command,
        "dev-link": link_command,
    }
)


# Compiling


def _compile(arguments: argparse.Namespace, ontologies: list[str]) -> Job:
    options = _options(arguments)
    graph, sources, warnings = load(
        ontologies,
        arguments.shapes,
        catalog=arguments.catalog,
        waive=arguments.waive,
        axioms=reading_of(arguments, records=True),
    )
    sys.stderr.write(render(warnings, sources.locate))
    try:
        compiled = pipeline.compile_shapes(graph, options)
        image = pipeline.make_image(compiled, graph, options)
        check_budget(compiled.program, options, image, graph.prefixes)
        sys.stderr.write(render(compiled.warnings, sources.locate))
    except UsageError:
        raise
    except CompileError as error:
        raise LocatedError(error, sources) from error
    return Job(graph, sources, options, compiled, image)


def _options(arguments: argparse.Namespace) -> Options:
    if arguments.detail and arguments.report != "all":
        what = (
            f"--detail explains violations, and --report {arguments.report} has no room for more"
        )
        raise UsageError(Diagnostic(what, fix="leave one of them out"))
    _refuse_equal_kinds([*arguments.kind, *arguments.unchecked])
    if arguments.detail and arguments.bind:
        what = "not supported yet: --detail with --bind, whose values have no place to point to"
        raise UsageError(Diagnostic(what, fix="leave one of them out"))
    if arguments.layout and arguments.bind:
        what = "--layout and --bind exclude each other: the table is of structs that cns makes"
        raise UsageError(Diagnostic(what, fix="leave one of them out"))
    if arguments.engine != "native" and arguments.bind:
        what = f"--engine {arguments.engine} and --bind exclude each other: images look at structs"
        fix = "use the native engine for structs of your own, or leave --bind out"
        raise UsageError(Diagnostic(f"{what} that cns makes", fix=fix))
    general = [number for name, number in arguments.capacity if not name]
    options = Options(
        name=arguments.name,
        report=arguments.report,
        strings=arguments.strings,
        capacity=general[-1] if general else DEFAULT_CAPACITY,
        capacities=MappingProxyType({name: n for name, n in arguments.capacity if name}),
        inline_strings=arguments.inline_strings,
        depth=arguments.depth,
        detail=arguments.detail,
        records=tuple(arguments.record),
        kinds=MappingProxyType(dict(arguments.kind)),
        unchecked=MappingProxyType(dict(arguments.unchecked)),
        tick_budget=arguments.tick_budget,
        layout=arguments.layout,
        trust_text=arguments.trust_text,
        waive=frozenset(arguments.waive),
        bind=_read_bind(arguments.bind),
        engine=arguments.engine,
        optimize=not arguments.no_optimize,
    )
    return _onto(options, arguments) if getattr(arguments, "onto", None) else options


def _onto(options: Options, arguments: argparse.Namespace) -> Options:
    """Return the options with what the firmware has decided. Raises UsageError or CompileError."""
    from cns_build.decode.firmware import read_firmware

    for name in ("capacity", "inline_strings", "kind", "unchecked", "bind", "layout"):
        if getattr(arguments, name):
            option = f"--{name.replace('_', '-')}"
            what = f"{option} and --onto exclude each other: the firmware has its records already"
            raise UsageError(Diagnostic(what, fix=f"leave {option} out"))
    firmware = read_firmware(arguments.onto)
    if firmware.model != options.name:
        what = f"--name {options.name}, and the map is of model {firmware.model}"
        raise UsageError(Diagnostic(what, fix=f"pass --name {firmware.model}, or its own map"))
    if options.depth not in (DEFAULT_DEPTH, firmware.depth):
        what = f"--depth {options.depth}, and the firmware was built with {firmware.depth}"
        raise UsageError(Diagnostic(what, fix="leave --depth out"))
    return replace(
        options,
        depth=firmware.depth,
        kinds=firmware.kinds,
        unchecked=firmware.unchecked,
        onto=firmware,
    )


def _read_bind(files: list[str]) -> tuple[RecordMap, ...]:
    """Read the maps of the user's own structs; what parses TOML is only imported for them."""
    if not files:
        return ()
    from cns_build.frontend.bind import read

    return read(files)


def _refuse_equal_kinds(kinds: list[tuple[str, int]]) -> None:
    """Raise UsageError when a name has two numbers, or a number two names."""
    for index, (name, number) in enumerate(kinds):
        for other, taken in kinds[:index]:
            if name == other or number == taken:
                what = f"{other}={taken} and {name}={number}: one number for each kind of signal"
                fix = "give each kind a number of its own"
                raise UsageError(Diagnostic(f"--kind and --unchecked: {what}", fix=fix))


# What is written beside the C code


def _map(job: Job) -> str:
    program, prefixes = job.compiled.program, job.graph.prefixes
    checksum = to_words(job.image)[WORD_CHECKSUM] if job.image else None
    return model_map(program, job.options, prefixes, job.sources.locate, checksum)


def depfile(outputs: Sequence[str], files: Sequence[str]) -> str:
    """Return a make rule: what was read, the templates, and the compiler's own files."""
    read = [*files, *generator_files()]
    return f"{' '.join(_escape(o) for o in outputs)}: {' '.join(_escape(r) for r in read)}\n"


def _escape(path: str) -> str:
    return path.replace("\\", "\\\\").replace(" ", "\\ ").replace("#", "\\#").replace("$", "$$")


# What is said beside the output


def _say_waived(job: Job) -> None:
    used = {waiver.name for waiver in job.compiled.waivers}
    for name in sorted((job.options.waive & LATER_WAIVERS) - used):
        unused = Diagnostic(
            f"--waive {name} matches nothing",
            None,
            "remove it or correct the name",
            "warning",
            rule="unused-waiver",
        )
        sys.stderr.write(render([unused], job.sources.locate))
    say_waived(job.compiled.waivers, job.sources)


def say_waived(waivers: Sequence[Waiver], sources: Sources) -> None:
    """Print what waivers let pass, on the standard error."""
    for waiver in waivers:
        where = sources.locate(waiver.origin) if waiver.origin else "cnsc"
        line = printable(f"{where}: note: waived {waiver.name}: {waiver.what}")
        sys.stderr.write(f"{line}\n")


def _summary(job: Job) -> str:
    program = job.compiled.program
    content = {
        "cns": __version__,
        "model": program.name,
        "files": [os.path.basename(f) for f in job.graph.files],
        "records": [
            {
                "name": function.record,
                "fields": len(program.record(function.record).fields),
                "steps": steps(program, function),
            }
            for function in program.functions
        ],
        "checks": {"given": len(job.compiled.naive.checks), "left": len(program.checks)},
        "waived": [_waived(job, waiver) for waiver in job.compiled.waivers],
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _waived(job: Job, waiver: Waiver) -> dict[str, Any]:
    where = job.sources.locate(waiver.origin) if waiver.origin else None
    return {
        "name": waiver.name,
        "what": waiver.what,
        "file": where.file if where else None,
        "line": where.line if where else None,
    }
