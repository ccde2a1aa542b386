# SPDX-License-Identifier: Apache-2.0
"""Diagnostics in SARIF 2.1.0, as continuous integration shows them beside the lines."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from cns_build.diagnostics import Diagnostic, Locate, Note, Position
from cns_build.frontend.rules import RULES, SPARQL_RULES
from cns_build.lint.names import WARNINGS
from cns_build.model import Origin
from cns_build.sarif import SCHEMA, driver, locations

OTHER = "compile"
"""The rule of errors that are no syntax rule of SHACL: what does not parse or compile."""


def to_sarif(diagnostics: Sequence[Diagnostic], locate: Locate) -> str:
    """Return one run with all diagnostics; columns count characters."""
    texts = {**RULES, **SPARQL_RULES, **WARNINGS, OTHER: "The file cannot be read or compiled."}
    used = sorted({d.rule or OTHER for d in diagnostics})
    run = {
        "tool": driver(_rules(used, texts)),
        "columnKind": "unicodeCodePoints",
        "results": [_result(d, used, locate) for d in diagnostics],
    }
    content = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _rules(used: Sequence[str], texts: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"id": rule, "shortDescription": {"text": texts[rule]}} for rule in used]


def _result(diagnostic: Diagnostic, used: Sequence[str], locate: Locate) -> dict[str, Any]:
    rule = diagnostic.rule or OTHER
    message = "; ".join(part for part in (diagnostic.message, diagnostic.fix) if part)
    return {
        "ruleId": rule,
        "ruleIndex": used.index(rule),
        "level": diagnostic.severity,
        "message": {"text": message},
        "locations": _locations(diagnostic.where, locate),
        "relatedLocations": [x for note in diagnostic.notes for x in _note(note, locate)],
    }


def _note(note: Note, locate: Locate) -> list[dict[str, Any]]:
    return [
        {**location, "message": {"text": note.message}}
        for location in _locations(note.where, locate)
    ]


def _locations(where: Origin | Position | None, locate: Locate) -> list[dict[str, Any]]:
    return locations(locate(where) if isinstance(where, Origin) else where)
