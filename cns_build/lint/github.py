# SPDX-License-Identifier: Apache-2.0
"""Diagnostics as annotations of GitHub."""

from __future__ import annotations

from collections.abc import Sequence

from cns_build.diagnostics import Diagnostic, Locate, Note, Position, printable
from cns_build.github import annotation
from cns_build.model import Origin


def to_github(diagnostics: Sequence[Diagnostic], locate: Locate) -> str:
    """Return an annotation for each diagnostic, with its notes as further lines."""
    return "".join(_annotation(diagnostic, locate) for diagnostic in diagnostics)


def _annotation(diagnostic: Diagnostic, locate: Locate) -> str:
    message = "; ".join(part for part in (diagnostic.message, diagnostic.fix) if part)
    lines = [printable(message), *(_note(note, locate) for note in diagnostic.notes)]
    title = f"cnsc: {diagnostic.rule}" if diagnostic.rule else "cnsc"
    where = _position(diagnostic.where, locate)
    return annotation(diagnostic.severity, where, title, "\n".join(lines))


def _note(note: Note, locate: Locate) -> str:
    where = _position(note.where, locate)
    return printable(f"{where}: {note.message}" if where else note.message)


def _position(where: Origin | Position | None, locate: Locate) -> Position | None:
    return locate(where) if isinstance(where, Origin) else where
