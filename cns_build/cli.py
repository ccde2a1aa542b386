# SPDX-License-Identifier: Apache-2.0
"""`cnsc`: the command line. Exit code 0, 1 for bad input, 2 for bad usage, 130 for Ctrl-C.

`cnsc validate` has 1 for data that do not conform, and 2 for all errors.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from types import FrameType

from cns_build.arguments.parser import make_parser
from cns_build.diagnostics import CompileError, UsageError, printable


def main(argv: Sequence[str] | None = None) -> int:
    """Run `cnsc` and return its exit code."""
    _prepare_streams()
    failed = _error_status(argv)
    try:
        _take_signals()
        try:
            return _run(argv, failed)
        finally:
            sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _discard_output()
        return failed
    except OSError as error:
        _discard_output()
        _fail(f"{error.filename or 'the output'}: {error.strerror or error}")
        return failed
    except Exception as error:
        _internal_error(error)
        return failed


def _error_status(argv: Sequence[str] | None) -> int:
    """Return the exit code for errors, where 1 says that data do not conform."""
    words = sys.argv[1:] if argv is None else argv
    return 2 if words[:1] in (["validate"], ["materialize"]) else 1


def _run(argv: Sequence[str] | None, failed: int) -> int:
    parser = make_parser()
    arguments = parser.parse_args(argv)
    if arguments.print_dir:
        return _print_dir(arguments.print_dir)
    if not arguments.command:
        parser.print_help(sys.stderr)
        _fail("no command given; name one of those above")
        return 2
    try:
        return _command(arguments.command)(arguments)
    except CompileError as error:
        from cns_build.commands import render_error

        sys.stderr.write(render_error(error))
        return 2 if isinstance(error, UsageError) else failed


def _command(name: str) -> Callable[[argparse.Namespace], int]:
    """Return what a command does; some import no compiler of records, or not at once."""
    if name == "compile":
        from cns_build.compiling import compile_command

        return compile_command
    if name == "cache":
        from cns_build.cache import cache_command

        return cache_command
    if name == "validate":
        from cns_build.graph.command import validate_command

        return validate_command
    if name == "materialize":
        from cns_build.graph.materialize import materialize_command

        return materialize_command
    from cns_build.commands import COMMANDS

    return COMMANDS[name]


def _prepare_streams() -> None:
    """Give closed streams a sink, and let no character be one that cannot be written."""
    sink = io.TextIOWrapper(io.BytesIO(), "utf-8")
    sys.stdout, sys.stderr = sys.stdout or sink, sys.stderr or sink
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _discard_output() -> None:
    """Leave the interpreter nothing to flush at exit: it would complain a second time."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, sys.stdout.fileno())
    os.close(sink)


def _take_signals() -> None:
    """Let SIGTERM and SIGINT raise exceptions; a shell's background jobs ignore SIGINT."""
    with contextlib.suppress(ValueError):  # raised outside the main thread
        signal.signal(signal.SIGTERM, _stop)
        if signal.getsignal(signal.SIGINT) == signal.SIG_DFL:
            signal.signal(signal.SIGINT, signal.default_int_handler)


def _stop(number: int, frame: FrameType | None) -> None:
    """End by an exception, so that temporary files are removed."""
    raise SystemExit(128 + number)


def _fail(message: str) -> None:
    sys.stderr.write(f"cnsc: error: {printable(message)}\n")


def _internal_error(error: Exception) -> None:
    """Name a defect of cnsc in one line; CNSC_TRACEBACK=1 in the environment shows all of it."""
    if os.environ.get("CNSC_TRACEBACK"):
        traceback.print_exc()
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(frame.filename)}:{frame.lineno}"
    _fail(
        f"internal error: {type(error).__name__} at {where}: {error}; "
        "this is a defect of cnsc, not of the input: please report both"
    )


def _print_dir(which: str) -> int:
    from cns_build.integration.locations import data_dir, integration_dir, runtime_dir

    folders = {
        "cmake-dir": integration_dir("cmake"),
        "pkgconfig-dir": integration_dir("pkgconfig"),
        "scons-dir": integration_dir("scons"),
        "runtime-dir": runtime_dir(),
        "include-dir": runtime_dir() / "include",
        "template-dir": data_dir("templates"),
    }
    print(folders[which])
    return 0
