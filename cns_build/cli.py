# SPDX-License-Identifier: Apache-2.0
"""`cnsc`: the command line. Exit code 0, 1 for bad input, 2 for bad usage, 130 for Ctrl-C.

`cnsc validate` has 1 for data that do not conform, and 2 for all errors.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import signal
import sys
import textwrap
import traceback
from collections.abc import Callable, Sequence
from types import FrameType

from cns_build import __version__
from cns_build.diagnostics import CompileError, UsageError, printable
from cns_build.options import (
    DEFAULT_BOXES,
    DEFAULT_DEPTH,
    DEFAULT_EXISTENCE,
    DEFAULT_EXTERNAL,
    EXISTENCE,
    INFERENCES,
    INFERRING,
    MAX_DEPTH,
    READINGS,
)

_EXAMPLES = """examples:
  cnsc compile --shapes sensors.shacl --name sensors -o sensors.c sensors.h
  cnsc check sensors.shacl
  cnsc explain --shapes sensors.shacl --name sensors
  cnsc export --shapes sensors.shacl --name sensors -o firmware/cns
  cnsc decode --map sensors.map.json trace.bin
  cnsc validate --shapes sensors.shacl readings.ttl
  cnsc validator --shapes sensors.shacl -o check
  cc -I $(cnsc --print include-dir) main.c sensors.c $(cnsc --print runtime-dir)/*.c
"""
_EXAMPLES_OF = {
    "compile": """examples:
  cnsc compile --shapes sensors.shacl --name sensors -o sensors.c sensors.h
  cnsc compile --shapes sensors.shacl --name sensors --image sensors.cnsi
  cnsc compile --shapes new.shacl --name sensors --image update.cnsi --onto sensors.map.json
  cnsc compile sosa.ttl --shapes sensors.shacl --name sensors -o sensors.c sensors.h \\
      --capacity 4 --capacity samples=64 --report first --depfile sensors.d
  cnsc compile sosa.ttl --name sosa -o sosa.c sosa.h --queried sosa:System sosa:Platform
""",
    "check": """examples:
  cnsc check sensors.shacl
  cnsc check sensors.shacl --catalog ontologies/ --waive sh:sparql
  cnsc check sensors.shacl --ontology sosa.ttl --no-warn no-effect --error likely-typo
  cnsc check shapes/*.ttl --no-compile --format sarif > shapes.sarif
  cnsc check sensors.shacl --capacity samples=64 --inline-strings
""",
    "explain": """examples:
  cnsc explain --shapes sensors.shacl --name sensors --only layout
  cnsc explain --shapes sensors.shacl --name sensors --dump-after fold
  cnsc explain --shapes sensors.shacl --name sensors --only optimized
  cnsc explain --image sensors.cnsi --map sensors.map.json
  cnsc explain sosa.ttl --class sosa:Sensor --property sosa:hosts
  cnsc explain --graph svg sosa.ttl --shapes sensors.shacl --root sosa:System > sensors.svg
""",
    "export": """examples:
  cnsc export --shapes sensors.shacl --name sensors -o firmware/cns
  cc -c firmware/cns/cns.c firmware/cns/sensors.c
""",
    "validate": """examples:
  cnsc validate --shapes sensors.shacl readings.ttl
  cnsc validate --shapes sensors.shacl --ontology sosa.ttl readings/*.nt.gz --fail-on violation
  cnsc validate --shapes sensors.shacl --format sarif readings.ttl > readings.sarif
  cnsc validate --shapes sensors.shacl --focus http://example.org/s1 readings.ttl
  curl -s https://example.org/readings.nt |
      cnsc validate --shapes sensors.shacl --input-format nt -
""",
    "materialize": """examples:
  cnsc materialize --ontology univ-bench.owl data.nt > closed.nt
  cnsc materialize --ontology brick.ttl --inference rdfs --only-inferred building.ttl -o more.nt
  zcat data.nt.gz | cnsc materialize --ontology a.ttl --ontology b.ttl --input-format nt - | wc -l
""",
    "validator": """examples:
  cnsc validator --shapes sensors.shacl -o check && ./check readings.nt
  cnsc validator --shapes sensors.shacl --ontology sosa.ttl --march x86-64-v3 -o check
  cnsc validator --shapes sensors.shacl --emit-c check.c --depfile check.d
""",
    "stack": """examples:
  arm-none-eabi-gcc -Os -fcallgraph-info=su -c sensors.c cns.c
  cnsc stack --name sensors sensors.o cns.o
  cnsc stack --name sensors --budget 512 -o sensors_stack.h sensors.o cns.o
  cnsc stack --name sensors --depth 4 --external memcmp=8 --external 64 sensors.o cns.o
""",
    "decode": """examples:
  cnsc decode --map sensors.map.json trace.bin
  cnsc decode --map sensors.map.json --rate 1000 --epoch 2026-01-01T00:00:00Z trace.bin
  cnsc decode --map sensors.map.json --hex --format turtle console.log > report.ttl
  cnsc decode --map sensors.map.json --lines - < console.log
  gdb -p 4711 -batch -ex 'dump binary value trace.bin storage'
""",
}
_C_NAME = "a C identifier in lower case of at most 63 characters that does not begin with cns"
_WAIVE = (
    "accept what cannot be compiled, by the name in its error message: sh:sparql, import:IRI, "
    "shape:IRI, sh:inversePath, contradiction; listed in the output and in --summary"
)


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
    parser = _parser()
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cnsc",
        description="Compile SHACL shapes ahead of time into C records and checks.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"cnsc {__version__}")
    parser.add_argument(
        "--print",
        dest="print_dir",
        choices=(
            *("runtime-dir", "include-dir", "template-dir"),
            *("cmake-dir", "scons-dir", "pkgconfig-dir"),
        ),
        help="print a folder of the installation and exit",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_compile(commands)
    _add_check(commands)
    _add_explain(commands)
    _add_export(commands)
    _add_stack(commands)
    _add_decode(commands)
    _add_validate(commands)
    _add_validator(commands)
    cache = commands.add_parser("cache", help="say what CNS_CACHE_DIR holds, or clear it")
    cache.add_argument("--clear", action="store_true", help="remove all entries")
    _add_materialize(commands)
    link = commands.add_parser("dev-link", help="make `import('cns')` work in an editable install")
    link.add_argument("arguments", nargs="*", metavar="ARG")
    return parser


def _add_compile(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "compile",
        help="shapes, or an ontology, to a C source and header",
        description="Compile shapes to a C source and header.\n"
        "The C code needs the runtime: see cnsc --print runtime-dir.\n"
        "Without shapes, ontologies become a vocabulary: constants and subclass tests.",
        epilog=_EXAMPLES_OF["compile"],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_inputs(parser)
    _add_model(parser)
    parser.add_argument(
        "-o",
        dest="outputs",
        nargs=2,
        metavar=("FILE.c", "FILE.h"),
        help="where to write source and header; files that would not change are left alone",
    )
    parser.add_argument(
        "--image",
        metavar="FILE.cnsi",
        help="write the checks as an image of bytecode, for a firmware that was built from the "
        "same records with --engine bytecode or both; with or without -o",
    )
    parser.add_argument(
        "--onto",
        metavar="MAP",
        help="make the image for the records of a firmware in the field, by the map that its "
        "build wrote, whatever records these shapes would have; what they ask of it that it does "
        "not hold is an error; depth, kinds and capacities are the firmware's",
    )
    parser.add_argument("--depfile", metavar="FILE", help="write what was read, for ninja or make")
    _add_stamp(parser, "source and header keep their time")
    _add_map(parser)
    parser.add_argument(
        "--summary", metavar="FILE", help="write what was compiled and what was waived, as JSON"
    )
    parser.add_argument(
        "--queried",
        nargs="+",
        action="extend",
        default=[],
        type=_not_empty,
        metavar="IRI",
        help="without shapes: the classes and properties that get a test in C of what is below "
        "them (default: all that something is below)",
    )


def _add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "check",
        help="say what is wrong with shapes",
        description="Say what is wrong with shapes, what is surely not meant, and what records\n"
        "cannot hold; write nothing. Exit status 0 with warnings, 1 with errors, 2 for bad usage.",
        epilog=_EXAMPLES_OF["check"] + _warning_names(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("shapes", nargs="*", metavar="SHAPES", help="files with SHACL shapes")
    parser.add_argument(
        "--ontology",
        action="append",
        default=[],
        metavar="FILE",
        help="a file with classes and their hierarchy; may be given several times",
    )
    parser.add_argument(
        "--no-warn",
        action="append",
        default=[],
        type=_warning,
        metavar="NAME",
        help="leave out a warning, by the name in its brackets, or all",
    )
    parser.add_argument(
        "--error",
        action="append",
        default=[],
        type=_warning,
        metavar="NAME",
        help="make a warning an error, by the name in its brackets, or all of them",
    )
    parser.add_argument(
        "--format",
        choices=("text", "sarif", "github"),
        default="text",
        help="text (default); for code hosts, on the standard output: SARIF 2.1.0, or annotations "
        "of GitHub",
    )
    parser.add_argument(
        "--no-compile",
        action="store_true",
        help="check the shapes alone, not whether C records can hold what they describe",
    )
    _add_axioms(parser)
    _add_search(parser)
    _add_model(parser, default_name="checked")


def _add_explain(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "explain",
        help="show what shapes become: layout, IR, C, bytecode, bytes; or what ontologies imply",
        description="Show what shapes become: the layout of each record for two ABIs,\n"
        "the IR before and after the passes, the generated handler, bytecode before and after\n"
        "the optimizer, and sizes. Or show what is in an image of bytecode, or what follows\n"
        "about a class or a property, and from which axioms. Or draw the classes and shapes of\n"
        "files, as text on the standard output.",
        epilog=_EXAMPLES_OF["explain"],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_inputs(parser)
    _add_model(parser, required=False)
    parser.add_argument(
        "--only",
        action="append",
        choices=("layout", "naive", "ir", "handler", "bytecode", "optimized", "bytes"),
        help="show only this part; may be given several times; bytecode and optimized are shown "
        "for any engine then, else for --engine bytecode and both",
    )
    parser.add_argument(
        "--image",
        metavar="FILE.cnsi",
        help="show this image instead of what shapes become",
    )
    parser.add_argument(
        "--map",
        metavar="FILE",
        help="with --image: the map that cnsc compile --map wrote beside it, which has the names "
        "of properties, functions and patterns",
    )
    parser.add_argument(
        "--dump-after",
        metavar="PASS",
        type=_stage,
        help="print only the IR after this pass; build is the IR before the first",
    )
    for kind in ("class", "property"):
        parser.add_argument(
            f"--{kind}",
            dest=f"about_{kind}",
            action="append",
            default=[],
            type=_not_empty,
            metavar="IRI",
            help=f"show what follows about this {kind} of the ontologies, and from which axioms; "
            "an IRI, or a prefixed name as the files write it; may be given several times",
        )
    parser.add_argument(
        "--graph",
        choices=("svg", "dot", "mermaid"),
        help="draw classes with their properties, and who is a subclass of whom: as SVG, or as "
        "text for Graphviz or Mermaid",
    )
    parser.add_argument(
        "--root",
        type=_not_empty,
        metavar="CLASS",
        help="with --graph: draw only this class and what is below it",
    )
    parser.add_argument(
        "--levels",
        type=_count,
        metavar="N",
        help="with --graph: draw N levels below the top at most",
    )
    parser.add_argument(
        "--most",
        type=_count,
        default=DEFAULT_BOXES,
        metavar="N",
        help=f"with --graph: how many boxes a drawing may have (default {DEFAULT_BOXES})",
    )


def _add_export(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "export",
        help="model and runtime as four files, for projects without Meson",
        description="Write cns.c, cns.h and the two files of the model into a folder, "
        "ready to be added to any C project.",
        epilog=_EXAMPLES_OF["export"],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_inputs(parser)
    _add_model(parser)
    parser.add_argument("-o", dest="folder", required=True, metavar="FOLDER")
    _add_map(parser)


def _add_decode(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "decode",
        help="say what a device traced, by the map of its model",
        description="Say what a device traced: each signal, the answer, and each violation.\n"
        "A dump is what cns_trace_dump writes, or a copy of the trace's storage. What is missing\n"
        "from it or damaged is a warning, and the rest is decoded.",
        epilog=_EXAMPLES_OF["decode"],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("dumps", nargs="+", metavar="DUMP", help="a file, or - for standard input")
    parser.add_argument(
        "--map",
        action="append",
        required=True,
        metavar="FILE",
        help="the map that cnsc compile --map wrote for the program on the device; one for each "
        "model in the dumps",
    )
    parser.add_argument(
        "--format",
        choices=("table", "turtle", "json"),
        default="table",
        help="a table for people (default), Turtle with a sh:ValidationReport for each answer, or "
        "JSON with all that the dump holds",
    )
    parser.add_argument(
        "--hex",
        action="store_true",
        help="the dumps are printed as hex digits: two for each byte, in any lines; also what xxd "
        "and x/xb of gdb print",
    )
    parser.add_argument(
        "--lines",
        action="store_true",
        help="no dumps, but lines of cns_violation_format from a model with --strings ids: put "
        "in paths, messages and shapes, and leave other lines as they are",
    )
    parser.add_argument(
        "--rate",
        type=_rate,
        metavar="N",
        help="timestamps count N ticks per second, such as 1000 for milliseconds",
    )
    parser.add_argument(
        "--epoch",
        type=_date_time,
        metavar="TIME",
        help="when tick 0 was, such as 2026-01-01T00:00:00Z; with --rate",
    )


def _add_validate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "validate",
        help="say what RDF data break of shapes",
        description="Validate RDF data against SHACL shapes, and report what does not conform.\n"
        "Constraints in SPARQL are evaluated by an Oxigraph store, on a copy of the data.\n"
        "Exit status 0, 1 with results at or above --fail-on, 2 for errors: then nothing is said\n"
        "of the data. Nothing is fetched, and the data's own owl:imports are not followed.",
        epilog=_EXAMPLES_OF["validate"],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "data",
        nargs="+",
        metavar="DATA",
        help="files of RDF (.nt .nq .ttl .trig .n3 .rdf .jsonld .trix .hext; also compressed: .gz "
        ".zst), or - for standard input",
    )
    parser.add_argument(
        "--shapes",
        action="append",
        metavar="FILE",
        help="a file with SHACL shapes; may be given several times; without it, the data say by "
        "sh:shapesGraph which they are",
    )
    parser.add_argument(
        "--ontology",
        action="append",
        default=[],
        metavar="FILE",
        help="a file with classes and their hierarchy, whose nodes are not validated; may be "
        "given several times",
    )
    parser.add_argument(
        "--input-format",
        metavar="NAME",
        help="the format of the standard input: nt, nq, turtle, trig, n3, rdf, jsonld, trix or "
        "hext; without it, Turtle, or what the first characters say: RDF/XML or JSON-LD",
    )
    _add_search(
        parser,
        "leave out what cannot be checked, by the name in its error message: sh:js, import:IRI, "
        "shape:IRI; every report lists it",
    )
    parser.add_argument(
        "--format",
        choices=("text", "turtle", "json", "jsonld", "csv", "sarif", "github"),
        default="text",
        help="text for people (default); a sh:ValidationReport in Turtle or JSON-LD; JSON or CSV; "
        "SARIF 2.1.0 or annotations of GitHub for code hosts",
    )
    parser.add_argument(
        "--fail-on",
        choices=("info", "warning", "violation", "never"),
        default="info",
        help="the least severity of a result that makes the exit status 1 (default info: any)",
    )
    parser.add_argument(
        "--max",
        type=_count,
        metavar="N",
        help="report N results at most; of text, N for each constraint of a shape (default 10)",
    )
    _add_selection(parser)
    _add_meaning(parser)
    _add_dynamic(parser)
    parser.add_argument(
        "--lenient",
        action="store_true",
        help="leave out lines and statements of the data that are malformed, and say so",
    )
    parser.add_argument(
        "--engine",
        choices=("native", "bytecode"),
        default="bytecode",
        help="what validates: bytecode (default), or native code, which takes a C compiler",
    )


def _add_materialize(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "materialize",
        help="RDF data, and what follows from them by an ontology",
        description="Write RDF data and what follows from them, as N-Triples: types of nodes and\n"
        "triples of properties. The ontology is compiled into rules first. What contradicts it\n"
        "is reported, and then nothing is written.\n"
        "Exit status 0, 1 for data that contradict the ontology, 2 for errors.",
        epilog=_EXAMPLES_OF["materialize"],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "data",
        nargs="+",
        metavar="DATA",
        help="files of RDF (.nt .nq .ttl .trig .n3 .rdf .jsonld .trix .hext; also compressed: .gz "
        ".zst), or - for standard input; named graphs become one",
    )
    parser.add_argument(
        "--ontology",
        action="append",
        required=True,
        metavar="FILE",
        help="a file with axioms, which is not written; may be given several times",
    )
    parser.add_argument(
        "--inference",
        choices=INFERENCES[1:],
        default="owlrl",
        help="rdfs: subclasses, subproperties, domains and ranges; owlrl (default): the rules of "
        "OWL 2 RL",
    )
    parser.add_argument(
        "--only-inferred",
        action="store_true",
        help="write what follows, and not the data",
    )
    parser.add_argument("-o", dest="output", metavar="FILE", help="where to write N-Triples")
    parser.add_argument(
        "--allow-inconsistent",
        action="store_true",
        help="write what rules infer although the data contradict the ontology; exit status 0",
    )
    _add_dynamic(parser)
    parser.add_argument(
        "--input-format",
        metavar="NAME",
        help="the format of the standard input, as for cnsc validate",
    )
    parser.add_argument(
        "--lenient",
        action="store_true",
        help="leave out lines and statements of the data that are malformed, and say so",
    )
    _add_search(parser)


def _add_dynamic(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--dynamic-tbox",
        action="store_true",
        help="where the data state axioms that the ontologies lack, compile "
        "them too and begin again, which takes longer; without it, such data are an error",
    )


def _add_validator(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "validator",
        help="shapes to a native program that validates RDF data",
        description="Compile shapes to a program that needs nothing but the C library, and\n"
        "validates data as cnsc validate does: ./check --help says how. Meson builds it.",
        epilog=_EXAMPLES_OF["validator"],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--shapes",
        nargs="+",
        action="extend",
        default=[],
        metavar="FILE",
        help="files with SHACL shapes",
    )
    parser.add_argument(
        "--ontology",
        nargs="+",
        action="extend",
        default=[],
        metavar="FILE",
        help="files with classes and their hierarchy, whose nodes are not validated",
    )
    _add_search(
        parser,
        "leave out what cannot be compiled, by the name in its error message: sh:sparql, sh:js, "
        "import:IRI, shape:IRI; every report lists it",
    )
    _add_meaning(parser)
    parser.add_argument("-o", dest="output", metavar="FILE", help="where to write the program")
    parser.add_argument(
        "--buildtype",
        choices=("plain", "debug", "debugoptimized", "release", "minsize"),
        default="release",
        help="how Meson compiles the program (default release: -O3)",
    )
    parser.add_argument(
        "--march",
        default=os.environ.get("CNS_MARCH", "native"),
        metavar="CPU",
        help="the processor that the program runs on, in the compiler's words (default native: "
        "this one, or CNS_MARCH of the environment); '' for any",
    )
    parser.add_argument(
        "--emit-c",
        metavar="FILE.c",
        help="write the source of the program, to be compiled with the runtime: with all C files "
        "in cnsc --print runtime-dir and in its folder host",
    )
    parser.add_argument(
        "--depfile", metavar="FILE", help="write what was read for --emit-c, for ninja or make"
    )
    _add_stamp(parser, "the source keeps its time")


def _add_meaning(parser: argparse.ArgumentParser) -> None:
    """Add what decides where SHACL leaves a choice to whoever validates graphs."""
    parser.add_argument(
        "--strict",
        action="store_true",
        help="shapes that are an owl:Class have no implicit target, only those that are a "
        "rdfs:Class",
    )
    _add_axioms(parser)
    parser.add_argument(
        "--inference",
        choices=INFERENCES,
        default="none",
        help="what the ontologies infer from the data first: rdfs (classes, properties, domains, "
        "ranges), owlrl (the rules of OWL 2 RL, and what contradicts them), or none (default)",
    )
    parser.add_argument(
        "--recursion",
        type=_count,
        default=0,
        metavar="N",
        help="let shapes refer to themselves, where that is no contradiction: a node conforms to "
        "a shape that it is being validated by; more than N levels are an error (default 0: "
        "such shapes are one)",
    )


def _add_selection(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--focus",
        action="append",
        default=[],
        type=_not_empty,
        metavar="IRI",
        help="validate only these of the nodes that targets select; with --shape, these, be they "
        "targets or not; may be given several times",
    )
    parser.add_argument(
        "--shape",
        action="append",
        default=[],
        type=_not_empty,
        metavar="IRI",
        help="validate only by these shapes, and what they refer to: the nodes that their targets "
        "select, or those of --focus; may be given several times",
    )
    parser.add_argument(
        "--graph",
        action="append",
        default=[],
        type=_not_empty,
        metavar="default|all|IRI",
        help="which graphs of the data are validated, as one: the default graph, a named one, or "
        "all of them (default); may be given several times",
    )


def _add_axioms(parser: argparse.ArgumentParser) -> None:
    """Add how axioms of ontologies are read."""
    parser.add_argument(
        "--axioms",
        choices=READINGS,
        default="none",
        help="constraints: read the axioms of the ontologies as constraints too, in a closed "
        "world; none (default): only their class hierarchy counts",
    )
    parser.add_argument(
        "--infer",
        action="append",
        default=[],
        choices=INFERRING,
        help="with --axioms constraints: let axioms of this kind infer and not constrain; may be "
        "given several times",
    )
    parser.add_argument(
        "--exists",
        choices=EXISTENCE,
        default=DEFAULT_EXISTENCE,
        help="with --axioms constraints: the severity of values that have to be there, by "
        f"someValuesFrom and minimum cardinalities (default {DEFAULT_EXISTENCE})",
    )


def _add_map(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--map",
        metavar="FILE",
        help="write what the ids in results mean, as JSON, for the host: for cnsc decode",
    )


def _add_stamp(parser: argparse.ArgumentParser, kept: str) -> None:
    parser.add_argument(
        "--stamp",
        metavar="FILE",
        help="give this empty file the time of each run, and write the depfile about it, as make "
        f"needs it: {kept} where nothing would change, and make would run for ever",
    )


def _add_stack(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "stack",
        help="how much stack compiled handlers can take",
        description="Say how much stack the handlers of a compiled model can take, by the call\n"
        "graphs that gcc writes beside objects (-fcallgraph-info=su, gcc 11 or later). Give the\n"
        "objects of the model and of the runtime. Interrupts are not counted.",
        epilog=_EXAMPLES_OF["stack"],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "objects", nargs="+", metavar="OBJECT.o", help="beside each lies its OBJECT.ci"
    )
    parser.add_argument("--name", required=True, type=_c_name, help="the model's name")
    parser.add_argument(
        "--budget",
        type=_count,
        metavar="BYTES",
        help="fail when a handler, or cns_dispatch with it, can take more",
    )
    parser.add_argument(
        "--depth",
        type=_depth,
        metavar="N",
        help="the --depth of cnsc compile, which bounds how often functions of recursive shapes "
        "call themselves; needed where they do",
    )
    parser.add_argument(
        "--external",
        action="append",
        default=[],
        type=_external,
        metavar="[FUNCTION=]BYTES",
        help="what functions take that no object defines, such as memcmp and the compiler's soft "
        f"float; for all (default {DEFAULT_EXTERNAL}) or for one",
    )
    parser.add_argument(
        "-o",
        dest="header",
        metavar="FILE.h",
        help="write the bounds as macros, to size a task's stack by, instead of printing them",
    )


def _add_inputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "ontology",
        nargs="*",
        metavar="ONTOLOGY",
        help="files with classes and their hierarchy (.ttl, .nt, .rdf, .jsonld)",
    )
    parser.add_argument(
        "--shapes",
        nargs="+",
        action="extend",
        default=[],
        metavar="FILE",
        help="files with SHACL shapes",
    )
    _add_axioms(parser)
    _add_search(parser)


def _add_search(parser: argparse.ArgumentParser, waive: str = _WAIVE) -> None:
    parser.add_argument(
        "--catalog",
        action="append",
        default=[],
        metavar="PATH",
        help="a file or folder in which owl:imports are found; the network never is",
    )
    parser.add_argument(
        "--waive",
        action="append",
        default=[],
        type=_not_empty,
        metavar="NAME",
        help=waive,
    )


def _add_model(
    parser: argparse.ArgumentParser, default_name: str = "", required: bool = True
) -> None:
    parser.add_argument(
        "--name",
        required=required and not default_name,
        default=default_name or None,
        type=_c_name,
        help=f"the model's name: {_C_NAME}"
        + (f" (default {default_name})" if default_name else ""),
    )
    parser.add_argument(
        "--engine",
        choices=("native", "bytecode", "both"),
        default="native",
        help="what validates: native code (default), an image of bytecode that the small machine "
        "of the runtime runs and that can be replaced in the field, or both",
    )
    parser.add_argument(
        "--no-optimize",
        action="store_true",
        help="leave images of bytecode as they are first made",
    )
    parser.add_argument(
        "--report",
        choices=("all", "first", "conforms"),
        default="all",
        help="how much a result says: all violations (default), the first, or only the verdict",
    )
    parser.add_argument(
        "--strings",
        choices=("none", "ids", "full"),
        default="full",
        help="what goes into flash for people: everything (default), or only numbers: ids, which "
        "the map explains, or none, where no map is kept and handlers carry no comments; ids and "
        "none are the same machine code",
    )
    parser.add_argument(
        "--capacity",
        action="append",
        default=[],
        type=_capacity,
        metavar="[PROPERTY=]N",
        help="elements of arrays and lists without sh:maxCount, bytes of inline strings without "
        "sh:maxLength; for all (default 8) or for one property, by IRI or C name",
    )
    parser.add_argument(
        "--inline-strings", action="store_true", help="put strings into the records"
    )
    parser.add_argument(
        "--trust-text",
        action="store_true",
        help="do not check that text is UTF-8 and language tags are well-formed: the application "
        "has done so",
    )
    parser.add_argument(
        "--depth",
        type=_depth,
        default=DEFAULT_DEPTH,
        metavar="N",
        help="how many records of recursive shapes lie inside each other, at most (default 8); "
        "one nested deeper is CNS_BAD_RECORD, and the stack of a handler grows with N",
    )
    parser.add_argument(
        "--detail",
        action="store_true",
        help="report behind each violation of sh:node, sh:and, sh:or or sh:xone what explains it: "
        "sh:detail; only with --report all",
    )
    parser.add_argument(
        "--record",
        action="append",
        default=[],
        type=_not_empty,
        metavar="SHAPE_OR_CLASS",
        help="make structs only for these (default: all targets)",
    )
    parser.add_argument(
        "--kind",
        action="append",
        default=[],
        type=_number_of,
        metavar="RECORD=NUMBER",
        help="give a record's signals a number of their own, such as a CAN id; RECORD is its name "
        "in C, as the header has it",
    )
    parser.add_argument(
        "--unchecked",
        action="append",
        default=[],
        type=_number_of,
        metavar="NAME=NUMBER",
        help="declare a kind of signal that is answered CNS_NOT_CHECKED: heartbeats, tests",
    )
    parser.add_argument(
        "--bind",
        action="append",
        default=[],
        metavar="FILE.toml",
        help="read records from structs of your own, in place: which member of which struct holds "
        "which property; may be given several times",
    )
    parser.add_argument(
        "--tick-budget",
        type=_count,
        metavar="N",
        help="fail when a handler can take more than N steps",
    )
    parser.add_argument(
        "--layout",
        action="store_true",
        help="add a table of where the members of records lie, by which cns_denote writes records "
        "as RDF; the properties get ids too",
    )


def _c_name(text: str) -> str:
    from cns_build.ir.names import is_model_name

    if not is_model_name(text):
        raise argparse.ArgumentTypeError(f"{_quoted(text)} is not {_C_NAME}")
    return text


def _stage(text: str) -> str:
    from cns_build.passes import PIPELINE

    stages = ["build", *(name for name, _ in PIPELINE)]
    if text not in stages:
        raise argparse.ArgumentTypeError(f"{text!r} is no pass; there are {', '.join(stages)}")
    return text


def _count(text: str) -> int:
    if not re.fullmatch("0x[0-9a-fA-F]{1,16}|[0-9]{1,18}", text):
        raise argparse.ArgumentTypeError(f"{_quoted(text)} is not a whole number from 0")
    return int(text, 16 if text.startswith("0x") else 10)


def _capacity(text: str) -> tuple[str, int]:
    name, equals, number = text.rpartition("=")
    value = _count(number)
    if not 1 <= value <= 65535:
        raise argparse.ArgumentTypeError(f"{_quoted(text)}: a capacity is from 1 to 65535")
    if equals and not name:
        raise argparse.ArgumentTypeError(f"{_quoted(text)} names no property before the =")
    return name, value


def _external(text: str) -> tuple[str, int]:
    name, equals, number = text.rpartition("=")
    if equals and not re.fullmatch(r"\w+", name):
        raise argparse.ArgumentTypeError(f"{_quoted(text)}: {_quoted(name)} is no function")
    return name, _count(number)


def _depth(text: str) -> int:
    value = _count(text)
    if not 1 <= value <= MAX_DEPTH:
        what = f"{_quoted(text)}: a depth is from 1 to {MAX_DEPTH}"
        raise argparse.ArgumentTypeError(what)
    return value


def _number_of(text: str) -> tuple[str, int]:
    name, equals, number = text.partition("=")
    value = _count(number) if equals and number else -1
    if not 0 <= value < 2**32:
        raise argparse.ArgumentTypeError(
            f"{_quoted(text)} is not NAME=NUMBER with a number below 2^32, e.g. reading=7"
        )
    if not re.fullmatch("[a-z][a-z0-9_]*", name):
        raise argparse.ArgumentTypeError(
            f"{_quoted(name)} is no name in C: give it as the header has it, in lower case, "
            f"e.g. reading={number}"
        )
    return name, value


def _rate(text: str) -> str:
    if not re.fullmatch(r"[0-9]{1,18}(\.[0-9]{1,18})?", text) or not float(text):
        raise argparse.ArgumentTypeError(f"{_quoted(text)} is not a number above 0, such as 1000")
    return text


def _date_time(text: str) -> str:
    from cns_build.decode.clock import read_epoch

    if read_epoch(text) is None:
        raise argparse.ArgumentTypeError(
            f"{_quoted(text)} is not a time like 2026-01-01T00:00:00Z (xsd:dateTime)"
        )
    return text


def _warning(text: str) -> str:
    from cns_build.lint.names import WARNINGS

    if text not in (*WARNINGS, "all"):
        raise argparse.ArgumentTypeError(
            f"{_quoted(text)} is no warning; there are all, {', '.join(WARNINGS)}"
        )
    return text


def _warning_names() -> str:
    from cns_build.lint.names import WARNINGS

    words = textwrap.fill(", ".join(WARNINGS), 76, break_on_hyphens=False)
    return f"\nwarnings:\n{textwrap.indent(words, '  ')}\n"


def _not_empty(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("the name is empty")
    return text


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 80 else f"{text[:80]}…")
