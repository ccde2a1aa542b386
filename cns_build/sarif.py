# SPDX-License-Identifier: Apache-2.0
"""What all SARIF 2.1.0 of cnsc has in common: the tool, and places in files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from cns_build import __version__
from cns_build.diagnostics import Position

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def driver(rules: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the tool that found the results, with the rules that they are of."""
    return {"driver": {"name": "cnsc", "version": __version__, "rules": list(rules)}}


def locations(position: Position | None) -> list[dict[str, Any]]:
    """Return the place as a list of one; of none where it is not known."""
    if position is None:
        return []
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(position.file)}}
    if position.line:
        physical["region"] = {"startLine": position.line, "startColumn": position.column}
    return [{"physicalLocation": physical}]


def _uri(file: str) -> str:
    """Return a relative reference, or a file: IRI for an absolute path."""
    path = quote(os.fsencode(file.replace(os.sep, "/")))
    return f"file://{path}" if os.path.isabs(file) else path
