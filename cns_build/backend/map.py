# SPDX-License-Identifier: Apache-2.0
"""The map of a model: what the numbers in its results mean, for people and hosts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from cns_build import __version__
from cns_build import model as m
from cns_build.diagnostics import Position
from cns_build.ir.program import CheckInfo, Program
from cns_build.ir.sparql import path_text
from cns_build.model import Origin


def model_map(
    program: Program, prefixes: Mapping[str, str], locate: Callable[[Origin], Position]
) -> str:
    """Return the map as JSON text, deterministic.

    `checks[i]` explains check i: shape, path, component, severity, message, file and line;
    `terms[i]` is the term of id i + 1; `kinds` names the records.
    """
    content: dict[str, Any] = {
        "cns": __version__,
        "model": program.name,
        "kinds": {str(e.kind): e.record for e in sorted(program.entries, key=lambda e: e.kind)},
        "terms": [str(term) for term in program.terms],
        "checks": [_check(info, prefixes, locate) for info in program.checks],
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _check(
    info: CheckInfo, prefixes: Mapping[str, str], locate: Callable[[Origin], Position]
) -> dict[str, Any]:
    where = locate(info.origin)
    return {
        "shape": info.shape.value if isinstance(info.shape, m.IRI) else None,
        "owner": info.owner.value if info.owner else None,
        "path": path_text(info.path, prefixes) if info.path else None,
        "component": info.component,
        "severity": info.severity.value,
        "message": info.message,
        "file": where.file,
        "line": where.line,
    }
