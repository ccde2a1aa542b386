# SPDX-License-Identifier: Apache-2.0
"""The options of the commands about records: compile, check, explain, export, stack, decode."""

from __future__ import annotations

import argparse

from cns_build.arguments.shared import (
    Commands,
    add_axioms,
    add_command,
    add_inputs,
    add_search,
    add_stamp,
)
from cns_build.arguments.values import (
    C_NAME,
    c_name,
    capacity,
    count,
    date_time,
    depth,
    external,
    not_empty,
    number_of,
    rate,
    stage,
    warning,
    warning_names,
)
from cns_build.options import DEFAULT_BOXES, DEFAULT_DEPTH, DEFAULT_EXTERNAL


def add_compile(commands: Commands) -> None:
    """Add `compile`: shapes or an ontology to C."""
    parser = add_command(
        commands,
        "compile",
        "shapes, or an ontology, to a C source and header",
        "Compile shapes to a C source and header.\n"
        "The C code needs the runtime: see cnsc --print runtime-dir.\n"
        "Without shapes, ontologies become a vocabulary: constants and subclass tests.",
    )
    add_inputs(parser)
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
    add_stamp(parser, "source and header keep their time")
    _add_map(parser)
    parser.add_argument(
        "--summary", metavar="FILE", help="write what was compiled and what was waived, as JSON"
    )
    parser.add_argument(
        "--queried",
        nargs="+",
        action="extend",
        default=[],
        type=not_empty,
        metavar="IRI",
        help="without shapes: the classes and properties that get a test in C of what is below "
        "them (default: all that something is below)",
    )


def add_check(commands: Commands) -> None:
    """Add `check`: what is wrong with shapes."""
    parser = add_command(
        commands,
        "check",
        "say what is wrong with shapes",
        "Say what is wrong with shapes, what is surely not meant, and what records\n"
        "cannot hold; write nothing. Exit status 0 with warnings, 1 with errors, 2 for bad usage.",
        warning_names(),
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
        type=warning,
        metavar="NAME",
        help="leave out a warning, by the name in its brackets, or all",
    )
    parser.add_argument(
        "--error",
        action="append",
        default=[],
        type=warning,
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
    add_axioms(parser)
    add_search(parser)
    _add_model(parser, default_name="checked")


def add_explain(commands: Commands) -> None:
    """Add `explain`: what the compiler makes of its input."""
    parser = add_command(
        commands,
        "explain",
        "show what shapes become: layout, IR, C, bytecode, bytes; or what ontologies imply",
        "Show what shapes become: the layout of each record for two ABIs,\n"
        "the IR before and after the passes, the generated handler, bytecode before and after\n"
        "the optimizer, and sizes. Or show what is in an image of bytecode, or what follows\n"
        "about a class or a property, and from which axioms. Or draw the classes and shapes of\n"
        "files, as text on the standard output.",
    )
    add_inputs(parser)
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
        type=stage,
        help="print only the IR after this pass; build is the IR before the first",
    )
    for kind in ("class", "property"):
        parser.add_argument(
            f"--{kind}",
            dest=f"about_{kind}",
            action="append",
            default=[],
            type=not_empty,
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
        type=not_empty,
        metavar="CLASS",
        help="with --graph: draw only this class and what is below it",
    )
    parser.add_argument(
        "--levels",
        type=count,
        metavar="N",
        help="with --graph: draw N levels below the top at most",
    )
    parser.add_argument(
        "--most",
        type=count,
        default=DEFAULT_BOXES,
        metavar="N",
        help=f"with --graph: how many boxes a drawing may have (default {DEFAULT_BOXES})",
    )


def add_export(commands: Commands) -> None:
    """Add `export`: a folder of C that needs no generator."""
    parser = add_command(
        commands,
        "export",
        "model and runtime as four files, for projects without Meson",
        "Write cns.c, cns.h and the two files of the model into a folder, "
        "ready to be added to any C project.",
    )
    add_inputs(parser)
    _add_model(parser)
    parser.add_argument("-o", dest="folder", required=True, metavar="FOLDER")
    _add_map(parser)


def add_stack(commands: Commands) -> None:
    """Add `stack`: how much stack handlers take."""
    parser = add_command(
        commands,
        "stack",
        "how much stack compiled handlers can take",
        "Say how much stack the handlers of a compiled model can take, by the call\n"
        "graphs that gcc writes beside objects (-fcallgraph-info=su, gcc 11 or later). Give the\n"
        "objects of the model and of the runtime. Interrupts are not counted.",
    )
    parser.add_argument(
        "objects", nargs="+", metavar="OBJECT.o", help="beside each lies its OBJECT.ci"
    )
    parser.add_argument("--name", required=True, type=c_name, help="the model's name")
    parser.add_argument(
        "--budget",
        type=count,
        metavar="BYTES",
        help="fail when a handler, or cns_dispatch with it, can take more",
    )
    parser.add_argument(
        "--depth",
        type=depth,
        metavar="N",
        help="the --depth of cnsc compile, which bounds how often functions of recursive shapes "
        "call themselves; needed where they do",
    )
    parser.add_argument(
        "--external",
        action="append",
        default=[],
        type=external,
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


def add_decode(commands: Commands) -> None:
    """Add `decode`: what a device recorded, as text."""
    parser = add_command(
        commands,
        "decode",
        "say what a device traced, by the map of its model",
        "Say what a device traced: each signal, the answer, and each violation.\n"
        "A dump is what cns_trace_dump writes, or a copy of the trace's storage. What is missing\n"
        "from it or damaged is a warning, and the rest is decoded.",
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
        type=rate,
        metavar="N",
        help="timestamps count N ticks per second, such as 1000 for milliseconds",
    )
    parser.add_argument(
        "--epoch",
        type=date_time,
        metavar="TIME",
        help="when tick 0 was, such as 2026-01-01T00:00:00Z; with --rate",
    )


def _add_map(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--map",
        metavar="FILE",
        help="write what the ids in results mean, as JSON, for the host: for cnsc decode",
    )


def _add_model(
    parser: argparse.ArgumentParser, default_name: str = "", required: bool = True
) -> None:
    parser.add_argument(
        "--name",
        required=required and not default_name,
        default=default_name or None,
        type=c_name,
        help=f"the model's name: {C_NAME}"
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
        type=capacity,
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
        type=depth,
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
        type=not_empty,
        metavar="SHAPE_OR_CLASS",
        help="make structs only for these (default: all targets)",
    )
    parser.add_argument(
        "--kind",
        action="append",
        default=[],
        type=number_of,
        metavar="RECORD=NUMBER",
        help="give a record's signals a number of their own, such as a CAN id; RECORD is its name "
        "in C, as the header has it",
    )
    parser.add_argument(
        "--unchecked",
        action="append",
        default=[],
        type=number_of,
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
        type=count,
        metavar="N",
        help="fail when a handler can take more than N steps",
    )
    parser.add_argument(
        "--layout",
        action="store_true",
        help="add a table of where the members of records lie, by which cns_denote writes records "
        "as RDF; the properties get ids too",
    )
