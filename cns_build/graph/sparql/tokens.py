# SPDX-License-Identifier: Apache-2.0
"""The tokens of a SPARQL query, as far as the places of braces, variables and keywords ask."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
    (?P<space> \s+ | \#[^\n\r]* )
  | (?P<iri> <[^<>"{}|^`\x00-\x20]*> )
  | (?P<string> \"{3}(?:[^"\\]|\\.|"(?!""))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
              | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*' )
  | (?P<tag> @[A-Za-z]+(?:-[A-Za-z0-9]+)* )
  | (?P<variable> [?$][\w\u00b7\u203f\u2040]+ )
  | (?P<name> (?:[^\W\d_](?:[\w\u00b7.-]*[\w\u00b7-])?|_)? : (?:[\w\u00b7:.%-]|\\.)* )
  | (?P<word> [^\W\d]\w* )
  | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A token: its kind, its text, and where that begins."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the text ends."""
        return self.start + len(self.text)

    @property
    def variable(self) -> str:
        """The name of a variable; empty for other tokens."""
        return self.text[1:] if self.kind == "variable" else ""

    @property
    def keyword(self) -> str:
        """A keyword, or the name of a function, in capitals; a sign as it is; else empty."""
        return self.text.upper() if self.kind in ("word", "other") else ""


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a query, without white space and comments."""
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup
        if kind and kind != "space":
            yield Token(kind, found.group(), found.start())
