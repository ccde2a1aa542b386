# SPDX-License-Identifier: Apache-2.0
"""How axioms are read as constraints: what a build decides."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from cns_build.diagnostics import Diagnostic, UsageError
from cns_build.model import IRI
from cns_build.options import DEFAULT_EXISTENCE, EXISTENCE
from cns_build.vocabulary import SH

SEVERITIES = {name: IRI(SH + name.capitalize()) for name in EXISTENCE}


@dataclass(frozen=True, slots=True)
class Reading:
    """How axioms are read as constraints.

    `infer` are kinds of INFERRING that infer instead. `exists` is the severity of what asks for
    values to be there (someValuesFrom, minimum cardinalities). `records` makes shapes for records;
    `all_classes` then has one for each class that is declared. `inferred` says that data hold what
    follows from hierarchies of properties.
    """

    infer: frozenset[str] = frozenset()
    exists: IRI = SEVERITIES[DEFAULT_EXISTENCE]
    records: bool = False
    all_classes: bool = False
    inferred: bool = False


def refuse_without_axioms(arguments: argparse.Namespace) -> None:
    """Raise UsageError where an option is about axioms, which are not read."""
    for option, given in (
        ("--infer", bool(arguments.infer)),
        ("--exists", arguments.exists != DEFAULT_EXISTENCE),
    ):
        if given:
            what = f"{option} is about axioms, which are not read"
            raise UsageError(Diagnostic(what, fix="add --axioms constraints, or leave it out"))


def reading_of(arguments: argparse.Namespace, *, records: bool) -> Reading | None:
    """Return what a command line says, or None where axioms are not read. Raises UsageError."""
    if arguments.axioms == "none":
        if records and not arguments.shapes:
            what = "no shapes are given"
            fix = "add --shapes FILE, or --axioms constraints to have an ontology for shapes"
            raise UsageError(Diagnostic(what, fix=fix))
        refuse_without_axioms(arguments)
        return None
    if not arguments.ontology:
        what = "--axioms constraints, and there is no ontology"
        raise UsageError(Diagnostic(what, fix="name the file that has the axioms"))
    return Reading(
        infer=frozenset(arguments.infer),
        exists=SEVERITIES[arguments.exists],
        records=records,
        all_classes=records and bool(arguments.record),
    )
