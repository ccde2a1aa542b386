# SPDX-License-Identifier: Apache-2.0
"""Diagnostics for text that the parser refuses, and what is let pass with a warning.

The parser is strict about IRIs. Real files have IRIs with a space or with two `#`; they are
kept as written, with a warning, as long as they are absolute and stand on one line: an IRI over
several lines has lost its `>`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from cns_build.diagnostics import Diagnostic, Note, Position

_KEPT = re.compile(r'<[A-Za-z][A-Za-z0-9+.-]*:[^<>"]*>|@[A-Za-z0-9-]+|[^<>"\s]*:[^<>"\s]*')


_SHOWN = 20
"""How many diagnostics of one file are told; the others are counted."""


def decoding_error(file: str, data: bytes) -> Diagnostic | None:
    """Return the error at the first byte that is not UTF-8, or is NUL, or None."""
    nul = data.find(0)
    head = data if nul < 0 else data[:nul] + b"\xff"  # what is no text at all is told first
    try:
        head.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        text = _lines(data)[line - 1]
        byte = data[error.start]
        message = f"byte 0x{byte:02x} is not {'UTF-8' if byte else 'text'}"
        return Diagnostic(message, Position(file, line, column, text), "save the file as UTF-8")
    return None


def diagnose(
    file: str, data: bytes, refused: Sequence[SyntaxError], remaining: Sequence[SyntaxError]
) -> tuple[Diagnostic, ...]:
    """Return what to say about `refused`, the strict parser's errors.

    `remaining` are the errors of the lenient parser. An error is a warning where the lenient
    parser has none and the text is one that is kept as written.
    """
    lines = _lines(data)
    left = {(e.lineno, e.offset): e for e in reversed(remaining)}
    found = [_syntax_error(file, lines, error) for error in reversed(left.values())]
    for error in refused:
        if (error.lineno, error.offset) in left or "has not been declared" in error.msg:
            continue  # the latter follows from a refused declaration: else `remaining` has it
        term = _term(lines, error)
        if term is None or ("escaped" not in error.msg and _KEPT.fullmatch(term)):
            found.append(_kept(file, lines, error, term or ""))
        else:
            found.append(_syntax_error(file, lines, error))
    return _shortened(file, found)


def _shortened(file: str, found: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the first errors, or the first warnings where there is no error.

    A note to the last one counts the others.
    """
    grave = [diagnostic for diagnostic in found if diagnostic.severity == "error"] or found
    if len(grave) <= _SHOWN:
        return tuple(found) if len(found) <= _SHOWN else tuple(grave)
    grave = sorted(grave, key=_place)
    rest = Note(f"and {len(grave) - _SHOWN} more of this kind", Position(file))
    return (*grave[: _SHOWN - 1], replace(grave[_SHOWN - 1], notes=(rest,)))


def _place(diagnostic: Diagnostic) -> tuple[int, int]:
    where = diagnostic.where
    return (where.line, where.column) if isinstance(where, Position) else (0, 0)


def _lines(data: bytes) -> list[str]:
    return [line.rstrip("\r") for line in data.decode("utf-8", "replace").split("\n")]


def _term(lines: Sequence[str], error: SyntaxError) -> str | None:
    """Return the text that `error` is about; None where the parser does not tell its place."""
    if not error.lineno:
        return None
    if error.end_lineno != error.lineno or not error.offset or not error.end_offset:
        return "<"  # over several lines
    return lines[error.lineno - 1][error.offset - 1 : error.end_offset - 1]


def _syntax_error(file: str, lines: Sequence[str], error: SyntaxError) -> Diagnostic:
    message = _reason(error)
    fix = "correct the syntax"
    if "has not been declared" in message:
        fix = "declare it with @prefix"
    elif "triple term" in message:
        fix = "use a plain triple"
    elif error.end_lineno != error.lineno:
        fix = "close what begins here"
    return Diagnostic(message, _position(file, lines, error), fix)


def _kept(file: str, lines: Sequence[str], error: SyntaxError, term: str) -> Diagnostic:
    message = f"{_reason(error)}: {term}" if term else _reason(error)
    where = _position(file, lines, error)
    return Diagnostic(
        f"{message} (kept as written)", where, "correct it", "warning", rule="kept-iri"
    )


def _reason(error: SyntaxError) -> str:
    """Return the parser's message without the position that it puts before it."""
    reason = error.msg.partition(": ")[2] if error.lineno else error.msg
    if re.match("[A-Z][a-z]* (is not a valid|is not allowed)|[A-Z][A-Z]", reason):
        return reason  # it begins with a word of the file, or an abbreviation
    return reason[:1].lower() + reason[1:]


def _position(file: str, lines: Sequence[str], error: SyntaxError) -> Position:
    line, column = error.lineno or 0, error.offset or 1
    if not line:
        return Position(file)
    return Position(file, line, column, lines[line - 1] if line <= len(lines) else "")
