# SPDX-License-Identifier: Apache-2.0
"""Diagnostics in SARIF 2.1.0, as continuous integration shows them beside the lines."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

from cns_build import __version__
from cns_build.diagnostics import Diagnostic, Locate, Note, Position
from cns_build.frontend.rules import RULES, SPARQL_RULES
from cns_build.lint.names import WARNINGS
from cns_build.model import Origin

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
OTHER = "compile"
"""The rule of errors that are no syntax rule of SHACL: what does not parse or compile."""


def to_sarif(diagnostics: Sequence[Diagnostic], locate: Locate) -> str:
    """Return one run with all diagnostics; columns count characters."""
    texts = {**RULES, **SPARQL_RULES, **WARNINGS, OTHER: "The file cannot be read or compiled."}
    used = sorted({d.rule or OTHER for d in diagnostics})
    run = {
        "tool": {"driver": {"name": "cnsc", "version": __version__, "rules": _rules(used, texts)}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(d, used, locate) for d in diagnostics],
    }
    content = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
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
    position = locate(where) if isinstance(where, Origin) else where
    if position is None:
        return []
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(position.file)}}
    if position.line:
        physical["region"] = {"startLine": position.line, "startColumn": position.column}
    return [{"physicalLocation": physical}]


def _uri(file: str) -> str:
    """Return a relative reference, or a file: IRI for an absolute path."""
    from urllib.parse import quote

    path = quote(os.fsencode(file.replace(os.sep, "/")))
    return f"file://{path}" if os.path.isabs(file) else path
