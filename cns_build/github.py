# SPDX-License-Identifier: Apache-2.0
"""Annotations of GitHub: lines in a job's output that stand beside the lines of a change."""

from __future__ import annotations

from cns_build.diagnostics import Position

_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}


def annotation(severity: str, position: Position | None, title: str, message: str) -> str:
    """Return one annotation; `severity` is error, warning or note, `message` may have lines."""
    properties = {"title": title}
    if position is not None:
        properties["file"] = position.file
        if position.line:
            properties |= {"line": str(position.line), "col": str(position.column)}
    words = ",".join(f"{name}={_property(properties[name])}" for name in sorted(properties))
    return f"::{_LEVELS[severity]} {words}::{_data(message)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
