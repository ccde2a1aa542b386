# SPDX-License-Identifier: Apache-2.0
"""The options of the commands about graphs: validate, materialize, validator."""

from __future__ import annotations

import argparse
import os

from cns_build.arguments.shared import Commands, add_axioms, add_command, add_search, add_stamp
from cns_build.arguments.values import count, not_empty
from cns_build.options import INFERENCES


def add_validate(commands: Commands) -> None:
    """Add `validate`: data against shapes."""
    parser = add_command(
        commands,
        "validate",
        "say what RDF data break of shapes",
        "Validate RDF data against SHACL shapes, and report what does not conform.\n"
        "Constraints in SPARQL are evaluated by an Oxigraph store, on a copy of the data.\n"
        "Exit status 0, 1 with results at or above --fail-on, 2 for errors: then nothing is said\n"
        "of the data. Nothing is fetched, and the data's own owl:imports are not followed.",
    )
    _add_data(parser)
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
    add_search(
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
        type=count,
        metavar="N",
        help="report N results at most; of text, N for each constraint of a shape (default 10)",
    )
    _add_selection(parser)
    _add_meaning(parser)
    _add_dynamic(parser)
    _add_lenient(parser)
    parser.add_argument(
        "--engine",
        choices=("native", "bytecode"),
        default="bytecode",
        help="what validates: bytecode (default), or native code, which takes a C compiler",
    )


def add_materialize(commands: Commands) -> None:
    """Add `materialize`: data with what follows from them."""
    parser = add_command(
        commands,
        "materialize",
        "RDF data, and what follows from them by an ontology",
        "Write RDF data and what follows from them, as N-Triples: types of nodes and\n"
        "triples of properties. The ontology is compiled into rules first. What contradicts it\n"
        "is reported, and then nothing is written.\n"
        "Exit status 0, 1 for data that contradict the ontology, 2 for errors.",
    )
    _add_data(parser, "; named graphs become one")
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
    _add_lenient(parser)
    add_search(parser)


def add_validator(commands: Commands) -> None:
    """Add `validator`: shapes to a native program."""
    parser = add_command(
        commands,
        "validator",
        "shapes to a native program that validates RDF data",
        "Compile shapes to a program that needs nothing but the C library, and\n"
        "validates data as cnsc validate does: ./check --help says how. Meson builds it.",
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
    add_search(
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
    add_stamp(parser, "the source keeps its time")


def _add_data(parser: argparse.ArgumentParser, more: str = "") -> None:
    parser.add_argument(
        "data",
        nargs="+",
        metavar="DATA",
        help="files of RDF (.nt .nq .ttl .trig .n3 .rdf .jsonld .trix .hext; also compressed: .gz "
        f".zst), or - for standard input{more}",
    )


def _add_lenient(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--lenient",
        action="store_true",
        help="leave out lines and statements of the data that are malformed, and say so",
    )


def _add_dynamic(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--dynamic-tbox",
        action="store_true",
        help="where the data state axioms that the ontologies lack, compile "
        "them too and begin again, which takes longer; without it, such data are an error",
    )


def _add_meaning(parser: argparse.ArgumentParser) -> None:
    """Add what decides where SHACL leaves a choice to whoever validates graphs."""
    parser.add_argument(
        "--strict",
        action="store_true",
        help="shapes that are an owl:Class have no implicit target, only those that are a "
        "rdfs:Class",
    )
    add_axioms(parser)
    parser.add_argument(
        "--inference",
        choices=INFERENCES,
        default="none",
        help="what the ontologies infer from the data first: rdfs (classes, properties, domains, "
        "ranges), owlrl (the rules of OWL 2 RL, and what contradicts them), or none (default)",
    )
    parser.add_argument(
        "--recursion",
        type=count,
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
        type=not_empty,
        metavar="IRI",
        help="validate only these of the nodes that targets select; with --shape, these, be they "
        "targets or not; may be given several times",
    )
    parser.add_argument(
        "--shape",
        action="append",
        default=[],
        type=not_empty,
        metavar="IRI",
        help="validate only by these shapes, and what they refer to: the nodes that their targets "
        "select, or those of --focus; may be given several times",
    )
    parser.add_argument(
        "--graph",
        action="append",
        default=[],
        type=not_empty,
        metavar="default|all|IRI",
        help="which graphs of the data are validated, as one: the default graph, a named one, or "
        "all of them (default); may be given several times",
    )
