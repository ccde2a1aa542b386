# SPDX-License-Identifier: Apache-2.0
"""`cnsc explain`: what shapes become, stage by stage, as text for a terminal."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from cns_build import pipeline
from cns_build.backend import abi
from cns_build.backend.source import source
from cns_build.backend.types import Names, has_bit, has_word
from cns_build.bytecode.annotate import annotated
from cns_build.bytecode.assemble import assemble
from cns_build.bytecode.image import Image, from_words, to_image_words
from cns_build.bytecode.legend import Legend, legend_of
from cns_build.bytecode.optimize import optimized, rules
from cns_build.decode.legend import legend_in
from cns_build.diagnostics import CompileError, Diagnostic, Position
from cns_build.integration.locations import runtime_dir
from cns_build.ir.binding import Bound, Flag, Sentinel
from cns_build.ir.program import Program
from cns_build.ir.record import Field, Record
from cns_build.ir.sparql import term_text
from cns_build.ir.text import to_text
from cns_build.model import ShapesGraph
from cns_build.options import Options

IMAGE_PARTS = ("bytecode", "optimized")


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is explained."""

    graph: ShapesGraph
    options: Options
    compiled: pipeline.Compiled


def explain(
    graph: ShapesGraph, options: Options, only: list[str] | None, dump_after: str | None
) -> str:
    """Return the parts named in `only`, or just the IR after one stage.

    Without `only`, these are all, and those about images for models that run some.

    `dump_after` is `build` or the name of a pass. Raises CompileError.
    """
    stages: dict[str, Program] = {}
    compiled = pipeline.compile_shapes(graph, options, stages.__setitem__)
    if dump_after:
        return to_text(stages[dump_after], graph.prefixes)
    subject = _Subject(graph, options, compiled)
    wanted = only or [n for n in _PARTS if options.runs_images or n not in IMAGE_PARTS]
    shown = [(name, part) for name, part in _PARTS.items() if name in wanted]
    return "\n".join(f"{_heading(_TITLES[name])}\n{part(subject)}" for name, part in shown)


def _heading(title: str) -> str:
    return f"{title}\n{'=' * len(title)}\n"


# Layout


def _layout(subject: _Subject) -> str:
    program = subject.compiled.program
    names = Names(program.name)
    prefixes = subject.graph.prefixes
    tables = (
        _bound_table(r, r.bound, prefixes) if r.bound else _record_table(r, names, prefixes)
        for r in program.records
    )
    return "\n".join(tables)


def _record_table(record: Record, names: Names, prefixes: Mapping[str, str]) -> str:
    layouts = [abi.lay_out(record, names, one) for one in abi.ABIS]
    what = term_text(record.iri, prefixes) if record.iri else "a nested record"
    rows = [("member", "C type", "property", "presence", *(a.name for a in abi.ABIS))]
    for placed in zip(*(layout.members for layout in layouts), strict=True):
        member = placed[0].member
        field = member.field
        rows.append(
            (
                member.name,
                f"{member.c_type}[{member.count}]" if member.count else member.c_type,
                term_text(field.path, prefixes) if field else "",
                _presence(record, member),
                *(f"{p.offset:5d} +{p.size}" for p in placed),
            )
        )
    sizes = ", ".join(f"{a.name} {s.size}" for a, s in zip(abi.ABIS, layouts, strict=True))
    lines = [f"struct {names.record(record.name)}: {what}", *_aligned(rows)]
    return "".join(f"{line}\n" for line in [*lines, f"  size in bytes: {sizes}"])


def _bound_table(record: Record, bound: Bound, prefixes: Mapping[str, str]) -> str:
    """Return the members of a struct of the user's own, whose places the C compiler knows."""
    what = term_text(record.iri, prefixes) if record.iri else "a nested record"
    rows = [("member", "property", "presence")]
    for item in record.fields:
        path = item.member.path if item.member and item.capacity else "none"
        rows.append((path, term_text(item.path, prefixes), _bound_presence(item)))
    lines = [f"{bound.struct} of {bound.header}: {what}", *_aligned(rows)]
    return "".join(f"{line}\n" for line in lines)


def _bound_presence(item: Field) -> str:
    member = item.member
    if member is None or item.capacity == 0:
        return "never"
    if member.count is not None:
        return f"{member.count} values" if isinstance(member.count, int) else member.count
    match member.presence:
        case Flag(flag, mask):
            return f"{flag} & {mask}" if mask else flag
        case Sentinel(constant):
            return f"unless {constant or 'empty'}"
    return "always"


def _presence(record: Record, member: abi.Member) -> str:
    if member.field is None:
        return ""
    if member.field.single:
        return f"{has_word(record, member.field)} bit {has_bit(record, member.field)}"
    return f"{member.name}_count"


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"  {'  '.join(cells)}".rstrip()


# IR and C


def _naive(subject: _Subject) -> str:
    return to_text(subject.compiled.naive, subject.graph.prefixes)


def _ir(subject: _Subject) -> str:
    return to_text(subject.compiled.program, subject.graph.prefixes)


def _handler(subject: _Subject) -> str:
    parts = source(subject.compiled.program, subject.options, dict(subject.graph.prefixes))
    blocks = [*parts.tests, *parts.procedures, *parts.handlers]
    return "\n".join(block.strip("\n") + "\n" for block in blocks)


# Images


def _bytecode(subject: _Subject) -> str:
    return annotated(_naive_image(subject), _legend(subject))


def _optimized(subject: _Subject) -> str:
    """Return the optimized image behind what the optimizer did to it."""
    program, naive = subject.compiled.program, _naive_image(subject)
    image, counts = optimized(naive, program)
    lines = [f"{counts.before} words become {counts.after} in {counts.rounds} rounds:"]
    lines += [
        f"  {name:<12}{count:>6}  {what}"
        for (name, what), count in zip(rules(), counts.removed, strict=True)
    ]
    lines += [
        f"steps of {record.name}: at most {naive.steps_of(n)} before, {image.steps_of(n)} after"
        for n, record in enumerate(program.records)
        if naive.steps_of(n)
    ]
    return "".join(f"{line}\n" for line in [*lines, ""]) + annotated(image, _legend(subject))


def _naive_image(subject: _Subject) -> Image:
    return assemble(subject.compiled.program, subject.options, subject.graph.prefixes)


def _legend(subject: _Subject) -> Legend:
    return legend_of(subject.compiled.program, subject.graph.prefixes)


def explain_image(file: str, map_file: str | None) -> str:
    """Return the image of a file as text, with the names that a map gives to its numbers.

    Raises CompileError for files that are none, and for a map of another image.
    """
    try:
        image = from_words(to_image_words(_read(file)))
    except ValueError as error:
        fix = "give a file that cnsc compile --image of the same version wrote"
        raise CompileError(Diagnostic(f"no image: {error}", Position(file), fix)) from error
    return annotated(image, None if map_file is None else _read_legend(map_file, image))


def _read(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        raise CompileError(
            Diagnostic(message, Position(file), "name a file that is there")
        ) from error


def _read_legend(file: str, image: Image) -> Legend:
    try:
        legend = legend_in(json.loads(_read(file)))
        if (legend.layout, len(legend.checks)) != (image.layout, len(image.checks)):
            raise ValueError("it is the map of another image")
    except (ValueError, RecursionError) as error:
        fix = "give the map that --map wrote beside this image: cnsc compile --image I --map M"
        raise CompileError(Diagnostic(f"no such map: {error}", Position(file), fix)) from error
    return legend


# Bytes: only what a compiler made, and `size` measured


@dataclass(frozen=True, slots=True)
class _Target:
    """A compiler, the tool that measures what it makes, and how to call it."""

    name: str
    compiler: str
    size: str
    flags: tuple[str, ...]


_TARGETS = (
    _Target("this machine", "cc", "size", ("-Os",)),
    _Target(
        "Cortex-M0",
        "arm-none-eabi-gcc",
        "arm-none-eabi-size",
        ("-Os", "-mcpu=cortex-m0", "-mthumb", "-ffreestanding"),
    ),
)
_SECTIONS = (".text", ".rodata", ".data.rel.ro")


def _bytes(subject: _Subject) -> str:
    texts = pipeline.generate(subject.compiled, subject.graph, subject.options)
    lines = (_measured(target, subject.options.name, *texts) for target in _TARGETS)
    note = "The model alone: handlers in .text, tables in .rodata; the runtime comes on top."
    return "".join(f"{line}\n" for line in (note, *lines))


def _measured(target: _Target, name: str, source_text: str, header_text: str) -> str:
    command = " ".join((target.compiler, *target.flags, "-c"))
    missing = [t for t in (target.compiler, target.size) if shutil.which(t) is None]
    if missing:
        return f"  {target.name}: not measured, {' and '.join(missing)} not installed"
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, f"{name}.o")
        Path(folder, f"{name}.c").write_text(source_text, "utf-8")
        Path(folder, f"{name}.h").write_text(header_text, "utf-8")
        include = f"-I{runtime_dir() / 'include'}"
        built = _run(
            target.compiler, *target.flags, include, "-c", f"{name}.c", "-o", made.name, at=folder
        )
        if built.returncode:
            return f"  {target.name}: not measured, {command} fails: {_first_line(built.stderr)}"
        measured = _run(target.size, "-A", made.name, at=folder)
    if measured.returncode:
        return f"  {target.name}: not measured: {_first_line(measured.stderr)}"
    text, rodata, relocated = (_section(measured.stdout, section) for section in _SECTIONS)
    return f"  {target.name}: .text {text}, .rodata {rodata + relocated} bytes ({command})"


def _run(*command: str, at: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=at, capture_output=True, text=True, check=False)


def _first_line(text: str) -> str:
    return (text.strip().splitlines() or ["no message"])[0]


def _section(report: str, name: str) -> int:
    """Return the bytes of a section and of its parts in the output of `size -A`."""
    rows: Iterable[list[str]] = (line.split() for line in report.splitlines())
    return sum(
        int(row[1]) for row in rows if row and (row[0] == name or row[0].startswith(f"{name}."))
    )


_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "layout": "Layout: offset and size in bytes",
        "naive": "IR before the passes",
        "ir": "IR after the passes",
        "handler": "Handlers",
        "bytecode": "Bytecode as it is first made",
        "optimized": "Bytecode, optimized",
        "bytes": "Bytes of code and tables",
    }
)
_PARTS: Mapping[str, Callable[[_Subject], str]] = MappingProxyType(
    {
        "layout": _layout,
        "naive": _naive,
        "ir": _ir,
        "handler": _handler,
        "bytecode": _bytecode,
        "optimized": _optimized,
        "bytes": _bytes,
    }
)
