# SPDX-License-Identifier: Apache-2.0
"""Read one file of triples.

Triples keep the parser's order: that of the text, except that the triples of a nested node come
before the triple that points to it. Lexical forms are kept as written; language tags come in
lower case. The named graphs of a file are read as one graph. A relative IRI without `@base`
resolves against `file:///NAME`, where NAME is the last component of the file's path, so that
the result is the same in every folder and on every machine.
"""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias
from urllib.parse import quote

import pyoxigraph
from pyoxigraph import RdfFormat

from cns_build.diagnostics import Diagnostic, Position
from cns_build.frontend.lexer import nesting
from cns_build.frontend.rdflib_formats import parse_with_rdflib
from cns_build.model import IRI, BlankNode, Literal, Node, Term
from cns_build.vocabulary import OWL, RDF

Triple: TypeAlias = tuple[Node, str, Term]
"""Subject, predicate (the text of the IRI), object."""

FORMATS: Mapping[str, RdfFormat | str] = {
    '.ttl': RdfFormat.TURTLE,
    '.shacl': RdfFormat.TURTLE,
    '.nt': RdfFormat.N_TRIPLES,
    '.nq': RdfFormat.N_QUADS,
    '.trig': RdfFormat.TRIG,
    '.n3': RdfFormat.N3,
    '.rdf': RdfFormat.RDF_XML,
    '.owl': RdfFormat.RDF_XML,
    '.xml': RdfFormat.RDF_XML,
    '.jsonld': RdfFormat.JSON_LD,
    '.json': RdfFormat.JSON_LD,
    '.trix': 'trix',
    '.hext': 'hext',
}
"""The format of a file name's extension: pyoxigraph's, or the name of an rdflib parser."""

TOKENIZED = (RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.N_QUADS, RdfFormat.TRIG)
"""The formats in which the position of a triple can be found."""

MAX_NESTING = 1000
"""Levels of JSON and of triple terms, for which pyoxigraph uses the stack of the process."""

_MAX_ERRORS = 20
_UTF8_MARK = b'\xef\xbb\xbf'
_TYPE, _VERSION_IRI = RDF + 'type', OWL + 'versionIRI'
_ONTOLOGY = IRI(OWL + 'Ontology')


@dataclass(frozen=True, slots=True)
class Document:
    """One file: its text, its triples and prefixes in its order, and what is wrong with it.

    `format` is None for a file that could not be read.
    """

    file: str
    data: bytes = b''
    format: RdfFormat | str | None = None
    triples: tuple[Triple, ...] = ()
    prefixes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether the file has an error: then `triples` is not all that it says."""
        return any(d.severity == 'error' for d in self.diagnostics)


def read_document(file: str, fresh_label: Callable[[], str]) -> Document:
    """Read and parse `file`. Blank nodes are named by `fresh_label` in order of occurrence.

    Never raises for bad input: what is wrong stands in the document's diagnostics.
    """
    try:
        with open(file, 'rb') as stream:
            data = stream.read()
    except OSError as error:
        return Document(file, diagnostics=(_unreadable(file, error),))
    data = data.removeprefix(_UTF8_MARK)
    format_ = _format_of(file, data)
    if not data.strip():
        return _failed(file, data, 'the file is empty', 'give a file with RDF triples')
    if data[:2] in (b'\xff\xfe', b'\xfe\xff'):
        return _failed(file, data, 'the file is UTF-16, not UTF-8', 'save it as UTF-8')
    if _too_deep(data, format_):
        return _failed(
            file, data, f'nested deeper than {MAX_NESTING} levels', 'give the inner nodes names'
        )
    if isinstance(format_, str):
        return _parse_other(file, data, format_, fresh_label)
    return _parse(file, data, format_, fresh_label)


def base_iri(file: str) -> str:
    """Return the IRI against which relative IRIs of `file` resolve."""
    return f'file:///{quote(os.path.basename(file))}'


def ontology_iris(triples: Iterable[Triple]) -> Iterator[str]:
    """Yield the IRIs by which `triples` name the ontology that they are, and its version."""
    for subject, predicate, term in triples:
        if isinstance(subject, IRI):
            if predicate == _TYPE and term == _ONTOLOGY:
                yield subject.value
            elif predicate == _VERSION_IRI and isinstance(term, IRI):
                yield term.value


def triples_of_head(file: str, head: bytes) -> Iterator[Triple]:
    """Yield the triples of the start of a file, up to where it is cut or wrong."""
    format_ = _format_of(file, head)
    if isinstance(format_, str) or _too_deep(head, format_):
        return
    parser = pyoxigraph.parse(head, format_, base_iri=base_iri(file), lenient=True)
    with contextlib.suppress(SyntaxError):
        yield from _triples(parser, Converter(itertools.repeat('').__next__))


def _format_of(file: str, data: bytes) -> RdfFormat | str:
    format_ = FORMATS.get(os.path.splitext(file)[1].lower(), RdfFormat.TURTLE)
    if format_ == RdfFormat.RDF_XML and not data.lstrip().startswith(b'<'):
        return RdfFormat.TURTLE
    if format_ == RdfFormat.RDF_XML and data.lstrip()[:2] not in (b'<?', b'<!', b'<r'):
        return RdfFormat.TURTLE
    return format_


def _too_deep(data: bytes, format_: RdfFormat | str) -> bool:
    if format_ == RdfFormat.JSON_LD:
        return nesting(data, json=True) > MAX_NESTING
    return data.count(b'<<') > MAX_NESTING and nesting(data, json=False) > MAX_NESTING


def _unreadable(file: str, error: OSError) -> Diagnostic:
    if os.path.isdir(file):
        message, fix = 'is a folder', 'name a file, or give the folder with --catalog'
    elif isinstance(error, FileNotFoundError):
        message, fix = 'no such file', 'check the path'
    else:
        reason = error.strerror or 'unknown reason'
        message, fix = f'cannot be read: {reason}', 'check the permissions of the file'
    return Diagnostic(message, Position(file), fix)


def _failed(file: str, data: bytes, message: str, fix: str) -> Document:
    return Document(file, data, diagnostics=(Diagnostic(message, Position(file, 1, 1), fix),))


def _parse(file: str, data: bytes, format_: RdfFormat, fresh_label: Callable[[], str]) -> Document:
    """Parse strictly, then leniently where only strictness about IRIs is in the way."""
    triples, prefixes, refused = _run(file, data, format_, fresh_label, lenient=False)
    if not refused:
        return Document(file, data, format_, triples, prefixes)
    triples, prefixes, errors = _run(file, data, format_, fresh_label, lenient=True)
    lines = data.decode('utf-8', 'replace').splitlines()
    if errors:
        diagnostics = tuple(_syntax_error(file, lines, error) for error in errors)
    else:
        diagnostics = tuple(_accepted(file, lines, e) for e in refused if not _follows(e))
    return Document(file, data, format_, triples, prefixes, diagnostics)


def _run(
    file: str,
    data: bytes,
    format_: RdfFormat,
    fresh_label: Callable[[], str],
    *,
    lenient: bool,
) -> tuple[tuple[Triple, ...], Mapping[str, str], list[SyntaxError]]:
    parser = pyoxigraph.parse(data, format_, base_iri=base_iri(file), lenient=lenient)
    convert = Converter(fresh_label)
    triples: list[Triple] = []
    errors: list[SyntaxError] = []
    while len(errors) < _MAX_ERRORS:
        try:
            triples.extend(_triples(parser, convert))
            break
        except SyntaxError as error:  # the parser goes on after the statement
            errors.append(error)
    return tuple(triples), parser.prefixes, errors


def _triples(parser: pyoxigraph.QuadParser, convert: Converter) -> Iterator[Triple]:
    for quad in parser:
        yield convert.node(quad.subject), quad.predicate.value, convert.term(quad.object)


def _parse_other(file: str, data: bytes, format_: str, fresh_label: Callable[[], str]) -> Document:
    try:
        labels = Labels(fresh_label)
        triples, prefixes = parse_with_rdflib(data, format_, base_iri(file), labels)
    except ValueError as error:
        wrong = Diagnostic(str(error), Position(file), 'correct the syntax')
        return Document(file, data, format_, diagnostics=(wrong,))
    return Document(file, data, format_, triples, prefixes)


class Labels:
    """The blank nodes of one file, renamed in order of occurrence."""

    def __init__(self, fresh_label: Callable[[], str]) -> None:
        self._fresh_label = fresh_label
        self._blank_nodes: dict[str, BlankNode] = {}

    def blank_node(self, label: str) -> BlankNode:
        """Return the blank node that has `label` in this file."""
        found = self._blank_nodes.get(label)
        if found is None:
            found = self._blank_nodes[label] = BlankNode(self._fresh_label())
        return found


class Converter:
    """Turns the parser's terms into the model's; equal IRIs become one object."""

    def __init__(self, fresh_label: Callable[[], str]) -> None:
        self._labels = Labels(fresh_label)
        self._iris: dict[str, IRI] = {}

    def term(self, term: Any) -> Term:
        """Return the model's term. Raises SyntaxError for a triple term (RDF 1.2)."""
        if isinstance(term, pyoxigraph.Literal):
            return Literal(term.value, self.iri(term.datatype.value), term.language or '')
        return self.node(term)

    def node(self, node: Any) -> Node:
        """Return the model's node. Raises SyntaxError for a triple term (RDF 1.2)."""
        if isinstance(node, pyoxigraph.NamedNode):
            return self.iri(node.value)
        if isinstance(node, pyoxigraph.BlankNode):
            return self._labels.blank_node(node.value)
        raise SyntaxError('a triple term (RDF 1.2) is not supported')

    def iri(self, value: str) -> IRI:
        """Return the one IRI object of `value`."""
        found = self._iris.get(value)
        if found is None:
            found = self._iris[value] = IRI(value)
        return found


def _syntax_error(file: str, lines: Sequence[str], error: SyntaxError) -> Diagnostic:
    message = _reason(error)
    if 'has not been declared' in message:
        fix = 'declare it with @prefix'
    elif 'UTF-8' in message:
        fix = 'save the file as UTF-8'
    elif 'triple term' in message:
        fix = 'use a plain triple'
    else:
        fix = 'correct the syntax'
    return Diagnostic(message, _position(file, lines, error), fix)


def _accepted(file: str, lines: Sequence[str], error: SyntaxError) -> Diagnostic:
    """Return the warning for a term that only the strict parser refuses."""
    where = _position(file, lines, error)
    end = error.end_offset if error.end_lineno == error.lineno else None
    term = where.text[where.column - 1 : end - 1 if end else None]
    message = f'{_reason(error)}: {term}' if term else _reason(error)
    return Diagnostic(f'{message} (kept as written)', where, 'correct it', 'warning')


def _follows(error: SyntaxError) -> bool:
    """Whether a strict error only follows from a refused declaration."""
    return 'has not been declared' in error.msg


def _reason(error: SyntaxError) -> str:
    """Return the parser's message without the position that it puts around it."""
    reason = error.msg.partition(': ')[2] if error.lineno else error.msg
    return reason[:1].lower() + reason[1:]


def _position(file: str, lines: Sequence[str], error: SyntaxError) -> Position:
    line, column = error.lineno or 0, error.offset or 1
    if not line:
        return Position(file)
    return Position(file, line, column, lines[line - 1] if line <= len(lines) else '')
