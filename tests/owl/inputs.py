# SPDX-License-Identifier: Apache-2.0
"""Small ontologies as text, and rules as text."""

from __future__ import annotations

import itertools
from pathlib import Path

from cns_build.diagnostics import render
from cns_build.frontend.parse import Document, read_document
from cns_build.frontend.positions import Sources
from cns_build.frontend.report import Report
from cns_build.model import IRI, BlankNode
from cns_build.owl.axioms import Ontology
from cns_build.owl.closure import close
from cns_build.owl.read import read_ontology
from cns_build.owl.rules import Auxiliary, Rule, Rules
from cns_build.owl.rules_of import rules_of
from tests.frontend.inputs import EX, PREFIXES


def document(text: str, folder: Path, name: str = "o.ttl") -> Document:
    """Return Turtle with the usual prefixes as a document; its blank nodes are b0, b1, …"""
    path = folder / name
    path.write_text(PREFIXES + text, "utf-8")
    labels = itertools.count()
    return read_document(str(path), lambda: f"b{next(labels)}")


def ontology(text: str, folder: Path) -> Ontology:
    """Return what Turtle states; it is well-formed."""
    read = document(text, folder)
    report = Report()
    found = read_ontology([read], report)
    assert render([*read.diagnostics, *report.diagnostics], Sources([read]).locate) == ""
    return found


def rules(text: str, folder: Path, inference: str = "owlrl") -> Rules:
    """Return the rules of Turtle."""
    found = ontology(text, folder)
    return rules_of(found, close(found), inference)


def as_text(rule: Rule) -> str:
    """Return a rule with local names, `_:b0` for expressions and `0` for auxiliary relations."""
    return " ".join((rule.op, *map(_operand, rule.operands)))


def _operand(operand: object) -> str:
    match operand:
        case Auxiliary(number):
            return str(number)
        case IRI(value) if value.startswith(EX):
            return value.removeprefix(EX)
        case IRI(value):
            return value.rpartition("#")[2]
        case BlankNode():
            return str(operand)
    return str(operand)
