# SPDX-License-Identifier: Apache-2.0
"""From the number of a triple to its line and column, when a message or the map needs it.

The parser does not say where a triple stands. So the text is cut into tokens and given to a
second run of the same parser token by token: a triple comes out when its last token, or the
one after it, has gone in. This holds in whatever order the parser gives out triples. A file is
read no further than to the last triple that was asked for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pyoxigraph
from pyoxigraph import RdfFormat

from cns_build.diagnostics import Position
from cns_build.frontend.lexer import tokens
from cns_build.frontend.parse import TOKENIZED, Document, base_iri
from cns_build.model import Origin
from cns_build.vocabulary import RDF, XSD

_FIRST, _REST = RDF + "first", RDF + "rest"
_DIRECTIVES = {"prefix": 2, "base": 1, "version": 1}
_NUMBERS = tuple(XSD + name for name in ("integer", "decimal", "double", "boolean"))
_CLOSING = ("]", ")")
_LINES = (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)


class Sources:
    """The files of one compilation, and where things stand in them."""

    def __init__(self, documents: Sequence[Document], catalogs: Sequence[str] = ()) -> None:
        self._documents = {document.file: document for document in documents}
        self._catalogs = catalogs
        self._located: dict[str, _Located | None] = {}

    @property
    def files(self) -> tuple[str, ...]:
        """Every file read, imported ones too, in reading order; then OASIS catalogs."""
        return (*self._documents, *self._catalogs)

    def locate(self, origin: Origin) -> Position:
        """Return where `origin` stands; only its file where the format has no tokens."""
        if origin.file not in self._located:
            document = self._documents[origin.file]
            told = document.format in TOKENIZED and not document.failed
            self._located[origin.file] = _Located(document) if told else None
        located = self._located[origin.file]
        return located.position(origin) if located else Position(origin.file)


class _Token(NamedTuple):
    """A token with the tokens that it depends on, by their numbers (-1: none).

    `subject` and `predicate` are those of the statement around it; `list` is the innermost
    open `(`; `opening` is the bracket that a closing bracket closes.
    """

    offset: int
    text: str
    subject: int
    predicate: int
    list: int
    opening: int


class _Located:
    """The tokens of a file, and by triple that of its object, as far as triples were asked for."""

    def __init__(self, document: Document) -> None:
        self._file = document.file
        self._text = document.data.decode("utf-8", "replace")
        self._lines = [0]
        while (newline := self._text.find("\n", self._lines[-1])) >= 0:
            self._lines.append(newline + 1)
        feed = _Feed(_mark(self._text))
        self._tokens = feed.tokens
        self._objects: list[int] = []
        self._more = _objects(document, feed)

    def position(self, origin: Origin) -> Position:
        """Return where a part of a triple stands; only the file where that cannot be told."""
        try:
            while len(self._objects) <= origin.ordinal:
                self._objects.append(next(self._more))
        except (StopIteration, SyntaxError):
            return Position(self._file)
        token = self._tokens[self._objects[origin.ordinal]]
        number = {"subject": token.subject, "predicate": token.predicate}.get(origin.part, -1)
        offset = self._tokens[number].offset if number >= 0 else token.offset
        if origin.character is not None:
            offset += _inside(token.text, origin.character)
        line = bisect_right(self._lines, offset)
        start = self._lines[line - 1]
        end = self._text.find("\n", start)
        text = self._text[start : end if end >= 0 else None].rstrip("\r")
        return Position(self._file, line, offset - start + 1, text)


def _inside(token: str, character: int) -> int:
    """Return the offset, in a string as it is written, of a character of its text."""
    if token[0] not in "\"'":
        return 0
    at = 3 if token[:3] in ('"""', "'''") else 1
    for _ in range(character):
        escape = token[at : at + 2]
        at += {"\\u": 6, "\\U": 10}.get(escape, 2) if escape[:1] == "\\" else 1
    return at


class _Statement:
    """Where the reading of a statement, a `[` or a `(` has got to."""

    __slots__ = ("opening", "predicate", "slot", "subject")

    def __init__(self, opening: int, subject: int, predicate: int, slot: int) -> None:
        self.opening = opening
        self.subject = subject
        self.predicate = predicate
        self.slot = slot  # what comes next: 0 a subject, 1 a predicate, 2 an object


def _mark(text: str) -> Iterator[_Token]:
    """Yield the tokens of `text`, each with its place in the statements around it."""
    stack = [_Statement(-1, -1, -1, 0)]
    lists = [-1]
    skip = 0
    for number, (offset, token) in enumerate(tokens(text)):
        top = stack[-1]
        closes = top.opening if token in _CLOSING else -1
        yield _Token(offset, token, top.subject, top.predicate, lists[-1], closes)
        if skip:
            skip -= 1
        elif token == "[":
            stack.append(_Statement(number, number, -1, 1))
            lists.append(-1)
        elif token == "(":
            stack.append(_Statement(number, top.subject, top.predicate, 2))
            lists.append(number)
        elif token in _CLOSING and len(stack) > 1:
            stack.pop()
            lists.pop()
            _advance(stack[-1], top.opening)
        elif token == ";":
            top.slot = 1
        elif token in (".", "{", "}"):
            stack, lists = [_Statement(-1, -1, -1, 0)], [-1]
        elif top.slot == 0 and token.lower() in _DIRECTIVES:
            skip = _DIRECTIVES[token.lower()]
        elif token != ",":
            _advance(top, number)


def _advance(statement: _Statement, number: int) -> None:
    """Take the term at token `number` into `statement`."""
    if statement.slot == 0:
        statement.subject = number
        statement.slot = 1
    elif statement.slot == 1:
        statement.predicate = number
        statement.slot = 2


class _Feed:
    """A file object that gives out one token at each read, and keeps them in `tokens`."""

    def __init__(self, marked: Iterator[_Token]) -> None:
        self.tokens: list[_Token] = []
        self._marked = marked
        self._rest = b""

    def read(self, size: int) -> bytes:
        """Return the next token and white space, or as much of them as `size` bytes hold."""
        if not self._rest:
            token = next(self._marked, None)
            if token is None:
                return b""
            self.tokens.append(token)
            self._rest = token.text.encode() + (b"\n" if token.text == "." else b" ")
        part, self._rest = self._rest[:size], self._rest[size:]
        return part


def _objects(document: Document, feed: _Feed) -> Iterator[int]:
    """Yield the number of the token of each triple's object, in the parser's order.

    Ends where this run gives another triple than the first one gave.
    """
    parser = pyoxigraph.parse(
        feed,  # type: ignore[arg-type]  # it is asked for read() alone
        document.format,  # type: ignore[arg-type]  # one of TOKENIZED
        base_iri=base_iri(document.file),
        lenient=True,
    )
    marked = feed.tokens
    for quad, (_, predicate, _) in zip(parser, document.triples, strict=False):
        last = len(marked) - 1
        if quad.predicate.value != predicate:
            return
        if document.format in _LINES:  # at the end of the statement, which has one object
            yield marked[last].predicate + 1
        elif isinstance(quad.object, pyoxigraph.Literal):
            yield _literal_token(quad.object, marked, last)
        else:
            is_blank = isinstance(quad.object, pyoxigraph.BlankNode)
            yield _node_token(predicate, is_blank, marked, last)


def _literal_token(literal: pyoxigraph.Literal, marked: Sequence[_Token], last: int) -> int:
    """Return the token of a literal: `last` for a number, a string's is before `last`."""
    if literal.datatype.value in _NUMBERS and marked[last].text == literal.value:
        return last
    for number in range(last - 1, max(last - 4, -1), -1):
        if marked[number].text[0] in "\"'":
            return number
    return last


def _node_token(predicate: str, is_blank: bool, marked: Sequence[_Token], last: int) -> int:
    """Return the token of an IRI or blank node that came out after token `last`."""
    token = marked[last]
    if token.opening >= 0:
        return token.opening
    if not is_blank or predicate == _REST:
        return last
    if token.text.startswith("_:") and (predicate == _FIRST or token.list < 0):
        return last
    return token.list if token.list >= 0 else last
