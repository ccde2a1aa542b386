# SPDX-License-Identifier: Apache-2.0
"""Where in the data a focus node is first a subject, for results that do not say it.

In N-Triples and N-Quads that is where a line begins with it. For Turtle and TriG, the parser does
not tell positions. So it is given the text a second time, line by line: a triple comes out at the
line of its object, and what is written for its subject is looked for from there backwards. A node
without a name is at the line of its first property.
"""

from __future__ import annotations

import io
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import pyoxigraph
from pyoxigraph import RdfFormat

from cns_build.diagnostics import Position
from cns_build.frontend.parse import MAX_ERRORS, base_iri
from cns_build.graph.compressed import plain_name
from cns_build.graph.data import Source
from cns_build.graph.report import Report, Result
from cns_build.graph.terms import to_ntriples
from cns_build.model import IRI, Term

_MOST_TEXT = 16_000_000  # bytes of Turtle, beyond which nothing is looked for
_MOST_LINES = 500_000_000  # bytes of N-Triples
_SUBJECT = re.compile(rb"^[ \t]*(<[^>]*>|_:[^ \t<]+)", re.MULTILINE)
_BACK = 100_000  # characters in which the subject of a triple is looked for
_BEFORE, _AFTER = " \t\r\n.{}", " \t\r\n"
_ENDS = (".", "{", "}", "")  # of what may stand before a statement


def with_places(report: Report, sources: Sequence[Source], examples: int | None = None) -> Report:
    """Return the report with the positions of focus nodes, as far as they can be told.

    Where there are `examples`, positions of more results of a constraint are not looked for.
    """
    wanted = set(_wanted(report.results, examples))
    places: dict[Term, Position] = {}
    for source in sources:
        left = {to_ntriples(term): term for term in wanted - places.keys()}
        if len(sources) > 1:  # labels are of one source
            left = {text: term for text, term in left.items() if isinstance(term, IRI)}
        if left and source.verbatim:
            places |= _find_in_lines(source, left)
        elif left and source.original is not None and len(source.original[0]) <= _MOST_TEXT:
            places |= _find(source, *source.original, left)
    if not places:
        return report
    return replace(report, results=tuple(_placed(r, places) for r in report.results))


def _wanted(results: Iterable[Result], examples: int | None) -> Iterator[Term]:
    met: Counter[object] = Counter()
    for result in results:
        constraint = result.shape, result.component, result.path
        met[constraint] += 1
        if result.position is None and (examples is None or met[constraint] <= examples):
            yield result.focus


def _placed(result: Result, places: Mapping[Term, Position]) -> Result:
    place = None if result.position else places.get(result.focus)
    return replace(result, position=place) if place else result


def _find_in_lines(source: Source, wanted: dict[str, Term]) -> dict[Term, Position]:
    """Return where terms are first a subject in N-Triples or N-Quads."""
    left = {text.encode(): term for text, term in wanted.items()}
    found: dict[Term, Position] = {}
    line = 1
    for part in _whole_lines(source):
        start = 0
        for subject in _SUBJECT.finditer(part):
            if subject[1] in left:
                line += part.count(b"\n", start, subject.start(1))
                start = subject.start(1)
                found[left.pop(subject[1])] = _position_in(part, start, source.name, line)
        line += part.count(b"\n", start)
        if not left:
            break
    return found


def _whole_lines(source: Source) -> Iterator[bytes]:
    """Yield the content in parts that end where a line does, up to _MOST_LINES bytes."""
    rest, size = b"", 0
    for chunk in source.chunks():
        head, newline, tail = chunk.rpartition(b"\n")
        if newline:
            yield rest + head + newline
            rest = b""
        rest += tail
        size += len(chunk)
        if size > _MOST_LINES:
            return
    yield rest


def _position_in(part: bytes, offset: int, name: str, line: int) -> Position:
    start = part.rfind(b"\n", 0, offset) + 1
    end = part.find(b"\n", offset)
    text = part[start : end if end >= 0 else None].decode("utf-8", "replace").rstrip("\r")
    return Position(name, line, offset - start + 1, text)


class _Lines:
    """A file object that gives out one line at each read; `number` counts those given."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)
        self._rest = b""
        self.number = 0

    def read(self, size: int) -> bytes:
        """Return the next line, or as much of it as `size` bytes hold."""
        if not self._rest:
            self._rest = self._data.readline()
            self.number += 1
        part, self._rest = self._rest[:size], self._rest[size:]
        return part


def _find(
    source: Source, data: bytes, format_: RdfFormat, wanted: dict[str, Term]
) -> dict[Term, Position]:
    """Return where terms are first a subject. `wanted` has them by how N-Triples writes them."""
    text = _Text(source, data.decode())
    lines = b"".join(source.chunks()).split(b"\n")
    subjects = (line.split(b" ", 1)[0].decode() for line in lines)
    found: dict[Term, Position] = {}
    for subject, line in zip(subjects, _lines(source, data, format_), strict=False):
        term = wanted.pop(subject, None)
        if term is not None:
            found[term] = text.subject(term, line)
            if not wanted:
                break
    return found


def _lines(source: Source, data: bytes, format_: RdfFormat) -> Iterator[int]:
    """Yield for each triple the line at which it comes out, in the order of the content."""
    feed = _Lines(data)
    parser = pyoxigraph.parse(
        feed,  # type: ignore[arg-type]  # it is asked for read() alone
        format_,
        base_iri=base_iri(plain_name(source.name)),
        lenient=True,
    )
    for _ in range(MAX_ERRORS):
        try:
            for _ in parser:
                yield feed.number
            return
        except SyntaxError:
            continue  # as when the content was read


class _Text:
    """A text in which subjects are looked for."""

    def __init__(self, source: Source, text: str) -> None:
        self._source = source
        self._text = text
        self._starts = [0]
        while (newline := text.find("\n", self._starts[-1])) >= 0:
            self._starts.append(newline + 1)

    def subject(self, term: Term, line: int) -> Position:
        """Return where the subject of a triple stands whose object is in this line."""
        number = min(line, len(self._starts))
        start = self._starts[number - 1]
        end = self._line_end(start)
        first = max(0, end - _BACK)
        found = [place for form in self._forms(term) for place in self._written(form, first, end)]
        offset = max(found, default=(False, -1))[1]
        if offset < 0:
            offset = start + len(self._text[start:end]) - len(self._text[start:end].lstrip())
        return self._position(offset)

    def _forms(self, term: Term) -> Iterator[str]:
        """Yield what may be written for a term."""
        yield to_ntriples(term)
        if isinstance(term, IRI):
            for prefix, namespace in self._source.prefixes.items():
                if namespace and term.value.startswith(namespace):
                    yield f"{prefix}:{term.value[len(namespace) :]}"

    def _written(self, form: str, first: int, end: int) -> Iterator[tuple[bool, int]]:
        """Yield where a word is written, from the end up to where it begins a statement."""
        text = self._text
        at = text.rfind(form, first, end)
        while at >= 0:
            after = at + len(form)
            if (not at or text[at - 1] in _BEFORE) and text[after : after + 1] in _AFTER:
                begins = text[max(first, at - 200) : at].rstrip()[-1:] in _ENDS
                yield begins, at
                if begins:
                    return
            at = text.rfind(form, first, at)

    def _position(self, offset: int) -> Position:
        line = bisect_right(self._starts, offset)
        start = self._starts[line - 1]
        text = self._text[start : self._line_end(start)].rstrip("\r")
        return Position(self._source.name, line, offset - start + 1, text)

    def _line_end(self, start: int) -> int:
        end = self._text.find("\n", start)
        return end if end >= 0 else len(self._text)
