# SPDX-License-Identifier: Apache-2.0
"""What the compiler says about its input: `file:line:column: error: what, why, what to do`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cns_build.model import Origin


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a text file; `line` and `column` count from 1, columns in characters.

    `text` is that line without its newline (empty where the file has no text to show).
    A position without a line (`line == 0`) names the file as a whole.
    """

    file: str
    line: int = 0
    column: int = 0
    text: str = ''

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f'{self.file}:{self.line}:{self.column}'


@dataclass(frozen=True, slots=True)
class Note:
    """A second place that explains a diagnostic: "the other bound is here"."""

    message: str
    where: Origin | Position | None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One error or warning. `message` says what is wrong and why; `fix` what to do about it."""

    message: str
    where: Origin | Position | None = None
    fix: str = ''
    severity: str = 'error'
    notes: tuple[Note, ...] = ()


class CompileError(Exception):
    """The input cannot be compiled. Raised with at least one diagnostic of severity error."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__('; '.join(d.message for d in diagnostics))
        self.diagnostics = diagnostics


Locate = Callable[[Origin], Position]


def render(diagnostics: Sequence[Diagnostic], locate: Locate) -> str:
    """Return the text for people and for problem matchers, one block per diagnostic.

    `locate` turns an origin into a position; it is only called for origins that are printed.
    """
    lines: list[str] = []
    for diagnostic in diagnostics:
        message = diagnostic.message
        if diagnostic.fix:
            message = f'{message}; {diagnostic.fix}'
        lines += _block(diagnostic.severity, message, diagnostic.where, locate)
        for note in diagnostic.notes:
            lines += _block('note', note.message, note.where, locate)
    return ''.join(f'{line}\n' for line in lines)


def _block(
    severity: str, message: str, where: Origin | Position | None, locate: Locate
) -> list[str]:
    position = locate(where) if isinstance(where, Origin) else where
    if position is None:
        return [f'cnsc: {severity}: {message}']
    lines = [f'{position}: {severity}: {message}']
    if position.line and position.text:
        indent = ''.join('\t' if c == '\t' else ' ' for c in position.text[: position.column - 1])
        lines += [f'  {position.text}', f'  {indent}^']
    return lines
