# SPDX-License-Identifier: Apache-2.0
"""What the compiler says about its input: `file:line:column: error: what, why, what to do`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cns_build.origin import Origin


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a text file; `line` and `column` count from 1, columns in characters.

    `text` is that line without its newline (empty where the file has no text to show).
    A position without a line (`line == 0`) names the file as a whole.
    """

    file: str
    line: int = 0
    column: int = 0
    text: str = ""

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Note:
    """A second place that explains a diagnostic: "the other bound is here"."""

    message: str
    where: Origin | Position | None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One error or warning. `message` says what is wrong and why; `fix` what to do about it.

    `rule` is the id of the syntax rule of SHACL that is broken, or the name of the warning;
    empty where there is none.
    """

    message: str
    where: Origin | Position | None = None
    fix: str = ""
    severity: str = "error"
    notes: tuple[Note, ...] = ()
    rule: str = ""


class CompileError(Exception):
    """The input cannot be compiled. Raised with at least one diagnostic of severity error."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("; ".join(d.message for d in diagnostics))
        self.diagnostics = diagnostics


class UsageError(CompileError):
    """An option of the command line does not fit: the input may be fine, the call is not."""


Locate = Callable[[Origin], Position]

_MESSAGE = 1200  # characters of a message, and of a line around its column, that are shown
_EXCERPT = 120


def render(diagnostics: Sequence[Diagnostic], locate: Locate) -> str:
    """Return the text for people and for problem matchers, one block per diagnostic.

    `locate` turns an origin into a position; it is only called for origins that are printed.
    """
    lines: list[str] = []
    for diagnostic in diagnostics:
        message = diagnostic.message
        if diagnostic.fix:
            message = f"{message}; {diagnostic.fix}"
        rule = f" [{diagnostic.rule}]" if diagnostic.rule else ""
        message = f"{_shortened(message)}{rule}"
        lines += _block(diagnostic.severity, message, diagnostic.where, locate)
        for note in diagnostic.notes:
            lines += _block("note", _shortened(note.message), note.where, locate)
    return "".join(f"{line}\n" for line in lines)


def _block(
    severity: str, message: str, where: Origin | Position | None, locate: Locate
) -> list[str]:
    position = locate(where) if isinstance(where, Origin) else where
    lines = [f"{printable(str(position or 'cnsc'))}: {severity}: {printable(message)}"]
    if position and position.line and position.text:
        text, column = _excerpt(position.text, position.column)
        indent = "".join("\t" if c == "\t" else " " for c in text[: column - 1])
        lines += [f"  {text}", f"  {indent}^"]
    return lines


def printable(text: str) -> str:
    """Return text in which nothing moves the cursor or hides: other characters as escapes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _shortened(message: str) -> str:
    """Leave out the middle of a message that quotes something very long."""
    if len(message) <= _MESSAGE:
        return message
    return f"{message[: _MESSAGE // 2]} … {message[-_MESSAGE // 2 :]}"


def _excerpt(line: str, column: int) -> tuple[str, int]:
    """Return what to show of a line, one character for each of its own, and the column there."""
    clean = "".join(c if c.isprintable() or c == "\t" else "\ufffd" for c in line)
    start = 0 if len(clean) <= 2 * _EXCERPT else max(column - 1 - _EXCERPT // 2, 0)
    end = len(clean) if len(clean) <= 2 * _EXCERPT else start + _EXCERPT
    before, after = "… " if start else "", " …" if end < len(clean) else ""
    return f"{before}{clean[start:end]}{after}", column - start + len(before)
