# SPDX-License-Identifier: Apache-2.0
"""`cnsc decode`: read dumps or console lines, explain them by maps, write text."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from cns_build.decode.answers import Decoded, explain, unknown_models
from cns_build.decode.clock import Clock, read_epoch
from cns_build.decode.hextext import from_hex
from cns_build.decode.lines import complete
from cns_build.decode.map import ModelMap, read_map
from cns_build.decode.table import to_table
from cns_build.decode.tojson import to_json
from cns_build.decode.turtle import to_turtle
from cns_build.decode.wire import Dump, read_dumps
from cns_build.diagnostics import CompileError, Diagnostic, Position, UsageError, render

_FORMATS = {"table": to_table, "turtle": to_turtle, "json": to_json}


def decode_command(arguments: argparse.Namespace) -> int:
    """Write what the dumps say to the standard output; what is wrong with them, to the other."""
    _refuse_options(arguments)
    maps = _read_maps(arguments.map)
    inputs = [(_name(file), _read(file)) for file in arguments.dumps]
    if arguments.lines:
        for file, data in inputs:
            text, remarks = complete(data.decode("utf-8", "replace"), maps[0])
            sys.stdout.write(text)
            _warn(file, remarks)
        return 0
    decoded = [one for file, data in inputs for one in _decode(file, data, arguments.hex, maps)]
    sys.stdout.write(_FORMATS[arguments.format](decoded, _clock(arguments)))
    return 0


def _refuse_options(arguments: argparse.Namespace) -> None:
    """Raise UsageError for options that say nothing together."""
    if arguments.epoch is not None and arguments.rate is None:
        what = "--epoch says when tick 0 was, and not how long a tick is"
        raise UsageError(Diagnostic(what, fix="add --rate TICKS_PER_SECOND"))
    if arguments.lines and (arguments.hex or arguments.format != "table"):
        what = "--lines completes lines of text: it is no dump, and has no other format"
        raise UsageError(Diagnostic(what, fix="leave out --hex and --format"))
    if arguments.lines and len(arguments.map) > 1:
        what = "--lines takes one map: a line does not say which model it is of"
        raise UsageError(Diagnostic(what, fix="leave the other maps out"))
    if arguments.dumps.count("-") > 1:
        what = "the standard input can be read once"
        raise UsageError(Diagnostic(what, fix="give - once, or name files"))


def _read_maps(files: Sequence[str]) -> list[ModelMap]:
    """Read the maps; raise CompileError where two of them say they are of the same model."""
    maps = [read_map(file) for file in files]
    for index, one in enumerate(maps):
        for other in maps[:index]:
            shared = sorted({*one.names} & {*other.names})
            if shared and other.checks != one.checks:
                what = f"has the fingerprint {shared[0]:08x}, as {other.file} has"
                fix = "give only the map of the build that the device runs"
                raise CompileError(Diagnostic(what, Position(one.file), fix))
    return maps


def _name(file: str) -> str:
    return "<stdin>" if file == "-" else file


def _read(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        raise CompileError(
            Diagnostic(message, Position(file), "name a file, or - for the standard input")
        ) from error


def _decode(file: str, data: bytes, is_hex: bool, maps: Sequence[ModelMap]) -> Iterator[Decoded]:
    """Yield the dumps of one file. Raises CompileError where there is none, or no map fits."""
    remarks: list[str] = []
    if is_hex:
        data, remarks = from_hex(data.decode("utf-8", "replace"))
    dumps, around = read_dumps(data)
    if not dumps:
        raise CompileError(_no_dump(file, data, [*remarks, *around], is_hex))
    _warn(file, [*remarks, *around])
    for number, dump in enumerate(dumps, 1):
        name = file if len(dumps) == 1 else f"{file}, dump {number}"
        yield _explained(name, dump, maps)


def _explained(name: str, dump: Dump, maps: Sequence[ModelMap]) -> Decoded:
    decoded = explain(name, dump, maps)
    unknown = unknown_models(decoded)
    words = " and ".join(f"{one:08x}" for one in sorted(unknown))
    given = ", ".join(f"{one.file} is of {one.model} {one.fingerprint:08x}" for one in maps)
    fix = "give the map that was written when the device's program was built, with another --map"
    if decoded.answers and all(answer.model is None for answer in decoded.answers):
        what = f"is of model {words}, and no map is: {given}"
        raise CompileError(Diagnostic(what, Position(name), fix))
    _warn(name, dump.remarks)
    if unknown:
        many = sum(unknown.values())
        what = f"{many} answers are of model {words}, and no map is: they are shown as numbers"
        _warn(name, [f"{what}; {fix}"])
    return decoded


def _no_dump(file: str, data: bytes, remarks: Sequence[str], is_hex: bool) -> Diagnostic:
    """Return why there is no dump, as far as it can be told."""
    why = f"holds no dump of a trace: {remarks[-1]}" if remarks else "holds no dump of a trace"
    if not data:
        return Diagnostic("is empty", Position(file), "write it with cns_trace_dump")
    if not is_hex and all(byte < 0x80 for byte in data[:64]):
        fix = "for hex digits of a console add --hex, for lines of text --lines"
        return Diagnostic(why, Position(file), fix)
    return Diagnostic(why, Position(file), "copy all of the trace's storage, from its first byte")


def _warn(file: str, remarks: Sequence[str]) -> None:
    found = [Diagnostic(remark, Position(file), severity="warning") for remark in remarks]
    sys.stderr.write(render(found, lambda origin: Position(origin.file)))


def _clock(arguments: argparse.Namespace) -> Clock:
    rate = None if arguments.rate is None else Fraction(arguments.rate)
    return Clock(rate, read_epoch(arguments.epoch) if arguments.epoch else None)
