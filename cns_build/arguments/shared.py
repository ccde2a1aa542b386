# SPDX-License-Identifier: Apache-2.0
"""Options that several commands have."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, TypeAlias

from cns_build.arguments.examples import EXAMPLES_OF
from cns_build.arguments.values import not_empty
from cns_build.options import DEFAULT_EXISTENCE, EXISTENCE, INFERRING, READINGS

if TYPE_CHECKING:  # the class takes no type arguments when the program runs
    Commands: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]
else:
    Commands = argparse._SubParsersAction

_WAIVE = (
    "accept what cannot be compiled, by the name in its error message: sh:sparql, import:IRI, "
    "shape:IRI, sh:inversePath, contradiction; listed in the output and in --summary"
)


def add_command(
    commands: Commands, name: str, short: str, description: str, more: str = ""
) -> argparse.ArgumentParser:
    """Add a command with its examples; `short` is its line in the list of commands."""
    return commands.add_parser(
        name,
        help=short,
        description=description,
        epilog=EXAMPLES_OF[name] + more,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def add_inputs(parser: argparse.ArgumentParser) -> None:
    """Add ontologies and shapes."""
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
    add_axioms(parser)
    add_search(parser)


def add_search(parser: argparse.ArgumentParser, waive: str = _WAIVE) -> None:
    """Add where imports are looked up, and what may be missing; `waive` is the help of that."""
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
        type=not_empty,
        metavar="NAME",
        help=waive,
    )


def add_axioms(parser: argparse.ArgumentParser) -> None:
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


def add_stamp(parser: argparse.ArgumentParser, kept: str) -> None:
    """Add --stamp; `kept` says why other files are older than a run."""
    parser.add_argument(
        "--stamp",
        metavar="FILE",
        help="give this empty file the time of each run, and write the depfile about it, as make "
        f"needs it: {kept} where nothing would change, and make would run for ever",
    )
