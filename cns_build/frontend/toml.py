# SPDX-License-Identifier: Apache-2.0
"""TOML with positions: what the standard library parses, and where each key stands."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cns_build.diagnostics import CompileError, Diagnostic, Position

Keys = tuple[str, ...]

_TOKEN = re.compile(
    r"""(?P<skip>[ \t\r]+|\#[^\n]*)
    |(?P<text>"{3}(?:\\[\s\S]|[^\\])*?"{3,5}(?!")|'{3}[\s\S]*?'{3,5}(?!')
        |"(?:\\.|[^"\\\n])*"|'[^'\n]*')
    |(?P<word>[A-Za-z0-9_-]+)
    |(?P<sign>[\s\S])""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Document:
    """The content of a TOML file; `offsets` say where keys begin, by their path from the root."""

    file: str
    text: str
    content: Mapping[str, Any]
    offsets: Mapping[Keys, int]

    def where(self, keys: Keys) -> Position:
        """Return the place of a key, of the nearest one around it where it has none."""
        while keys and keys not in self.offsets:
            keys = keys[:-1]
        if not keys:
            return Position(self.file)
        return _position(self.file, self.text, self.offsets[keys])


def parse(file: str, text: str) -> Document:
    """Return a document. Raises CompileError where the text is no TOML."""
    toml = _library()
    try:
        content = toml.loads(text)
    except toml.TOMLDecodeError as error:
        raise CompileError(_syntax_error(file, text, str(error))) from error
    return Document(file, text, content, _Keys(text, toml).found)


def _library() -> Any:
    """Import what parses TOML: its place in the standard library is as old as Python 3.11."""
    return importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")


def _syntax_error(file: str, text: str, message: str) -> Diagnostic:
    place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    if place is None:
        return Diagnostic(f"no TOML: {message}", Position(file))
    offset = len(text)
    if place[1]:
        starts = [0, *(m.end() for m in re.finditer("\n", text))]
        offset = starts[int(place[1]) - 1] + int(place[2]) - 1
    return Diagnostic(f"no TOML: {message[: place.start()]}", _position(file, text, offset))


def _position(file: str, text: str, offset: int) -> Position:
    start = text.rfind("\n", 0, offset) + 1
    line = text[start:].partition("\n")[0].rstrip("\r")
    return Position(file, text.count("\n", 0, offset) + 1, offset - start + 1, line)


class _Keys:
    """Finds the keys of a text that is known to be TOML; those inside arrays stay unknown."""

    def __init__(self, text: str, toml: Any) -> None:
        self.found: dict[Keys, int] = {}
        self._toml = toml
        self._tokens = [m for m in _TOKEN.finditer(text) if m.lastgroup != "skip"]
        self._next = 0
        self._document()

    def _peek(self) -> str:
        return self._tokens[self._next][0] if self._next < len(self._tokens) else ""

    def _take(self) -> re.Match[str]:
        self._next += 1
        return self._tokens[self._next - 1]

    def _document(self) -> None:
        table: Keys = ()
        while self._peek():
            if self._peek() == "\n":
                self._take()
            elif self._peek() == "[":
                while self._peek() == "[":
                    self._take()
                table = self._key(())
                while self._peek() == "]":
                    self._take()
            else:
                self._pair(table)

    def _key(self, outer: Keys) -> Keys:
        """Read a key with dots; the first mention of each part is its place."""
        keys = outer
        while True:
            token = self._take()
            keys = (*keys, self._word(token))
            self.found.setdefault(keys, token.start())
            if self._peek() != ".":
                return keys
            self._take()

    def _word(self, token: re.Match[str]) -> str:
        if token.lastgroup == "word":
            return token[0]
        value: str = self._toml.loads(f"key = {token[0]}")["key"]
        return value

    def _pair(self, table: Keys) -> None:
        keys = self._key(table)
        self._take()  # the =
        self._value(keys)

    def _value(self, keys: Keys) -> None:
        if self._peek() == "{":
            self._take()
            while self._peek() != "}":
                if self._peek() in (",", "\n"):
                    self._take()
                else:
                    self._pair(keys)
            self._take()
        elif self._peek() == "[":
            self._array()
        else:
            while self._peek() not in ("", "\n", ",", "}", "]"):
                self._take()

    def _array(self) -> None:
        depth = 0
        while True:
            token = self._take()[0]
            depth += (token in "[{") - (token in "]}")
            if depth == 0:
                return
