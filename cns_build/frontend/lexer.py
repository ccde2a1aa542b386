# SPDX-License-Identifier: Apache-2.0
"""Split Turtle, TriG, N-Triples and N-Quads into tokens, and measure nesting.

The lexer takes text that a parser has accepted: it never fails, and checks nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
      [ \t\r\n]+ | \#[^\r\n]*
    | (?P<token>
        \"{3} [^"\\]* (?: (?: \\. | "(?!"") ) [^"\\]* )* \"{3}
      | '{3} [^'\\]* (?: (?: \\. | '(?!'') ) [^'\\]* )* '{3}
      | " [^"\\\r\n]* (?: \\. [^"\\\r\n]* )* "
      | ' [^'\\\r\n]* (?: \\. [^'\\\r\n]* )* '
      | << \(? | \)? >> | \^\^ | \{\| | \|\}
      | < [^<>\r\n]* >
      | (?: \\. | \.(?=[\w:.%\\+-]) | [^][\s<>"'(){},;.\\#^|] )+
      | .
      )
    """,
    re.VERBOSE | re.DOTALL,
)

_JSON_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[][{}]', re.DOTALL)


def tokens(text: str) -> Iterator[tuple[int, str]]:
    """Yield the offset and the text of each token, white space and comments left out."""
    for match in _TOKEN.finditer(text):
        token = match["token"]
        if token is not None:
            yield match.start(), token


def nesting(data: bytes, *, json: bool) -> int:
    """Return how many levels of JSON values, or of Turtle's triple terms, are open at once."""
    if json:
        words: Iterator[str] = (m[0].decode("latin-1") for m in _JSON_TOKEN.finditer(data))
        opening, closing = ("[", "{"), ("]", "}")
    else:
        words = (token for _, token in tokens(data.decode("utf-8", "replace")))
        opening, closing = ("<<", "<<("), (">>", ")>>")
    depth = deepest = 0
    for word in words:
        if word in opening:
            depth += 1
            deepest = max(deepest, depth)
        elif word in closing:
            depth -= 1
    return deepest
