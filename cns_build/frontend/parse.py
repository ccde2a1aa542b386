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
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

import pyoxigraph
from pyoxigraph import RdfFormat

from cns_build.diagnostics import Diagnostic, Position
from cns_build.frontend.convert import Converter, Labels
from cns_build.frontend.lexer import nesting
from cns_build.frontend.rdflib_formats import parse_with_rdflib
from cns_build.frontend.syntax import decoding_error, diagnose
from cns_build.model import IRI, Node, Term
from cns_build.vocabulary import OWL, RDF

Triple: TypeAlias = tuple[Node, str, Term]
"""Subject, predicate (the text of the IRI), object."""

FORMATS: Mapping[str, RdfFormat | str] = {
    ".ttl": RdfFormat.TURTLE,
    ".shacl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".n3": RdfFormat.N3,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
    ".json": RdfFormat.JSON_LD,
    ".trix": "trix",
    ".hext": "hext",
}
"""The format of a file name's extension: pyoxigraph's, or the name of an rdflib parser."""

TOKENIZED = (RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.N_QUADS, RdfFormat.TRIG)
"""The formats in which the position of a triple can be found."""

MAX_NESTING = 1000
"""Levels of JSON and of triple terms, for which pyoxigraph uses the stack of the process."""

MAX_ERRORS = 10_000
"""Errors of one file after which reading it ends."""

UTF8_MARK = b"\xef\xbb\xbf"

_UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
_TYPE, _VERSION_IRI = RDF + "type", OWL + "versionIRI"
_ONTOLOGY = IRI(OWL + "Ontology")


@dataclass(frozen=True, slots=True)
class Document:
    """One file: its text, its triples and prefixes in its order, and what is wrong with it.

    `format` is None for a file that could not be read.
    """

    file: str
    data: bytes = b""
    format: RdfFormat | str | None = None
    triples: tuple[Triple, ...] = ()
    prefixes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether the file has an error: then `triples` is not all that it says."""
        return any(d.severity == "error" for d in self.diagnostics)


def read_document(file: str, fresh_label: Callable[[], str]) -> Document:
    """Read and parse `file`. Blank nodes are named by `fresh_label` in order of occurrence.

    Never raises for bad input: what is wrong stands in the document's diagnostics.
    """
    try:
        with open(file, "rb") as stream:
            data = stream.read()
    except OSError as error:
        return Document(file, diagnostics=(_unreadable(file, error),))
    data = data.removeprefix(UTF8_MARK)
    format_ = format_of(file, data)
    if not data.strip():
        message, fix = "the file is empty", "give a file with RDF triples"
        return Document(file, data, diagnostics=(Diagnostic(message, Position(file, 1, 1), fix),))
    if format_ != RdfFormat.RDF_XML and (undecodable := decoding_error(file, data)):
        return Document(file, data, diagnostics=(undecodable,))
    if too_deep(data, format_):
        message, fix = f"nested deeper than {MAX_NESTING} levels", "give the inner nodes names"
        return Document(file, data, diagnostics=(Diagnostic(message, Position(file), fix),))
    if isinstance(format_, str):
        return _parse_other(file, data, format_, fresh_label)
    return _parse(file, data, format_, fresh_label)


def base_iri(file: str) -> str:
    """Return the IRI against which relative IRIs of `file` resolve."""
    name = os.path.basename(file).encode("utf-8", "surrogateescape")
    return "file:///" + "".join(chr(b) if b in _UNRESERVED else f"%{b:02X}" for b in name)


def ontology_iris(triples: Iterable[Triple]) -> Iterator[str]:
    """Yield the IRIs by which `triples` name the ontology that they are, and its version."""
    for subject, predicate, term in triples:
        if isinstance(subject, IRI):
            if predicate == _TYPE and term == _ONTOLOGY:
                yield subject.value
            elif predicate == _VERSION_IRI and isinstance(term, IRI):
                yield term.value


def declared_ontologies(file: str, data: bytes) -> Iterator[str]:
    """Yield what `ontology_iris` does for the start of a file, up to where it is cut or wrong."""
    format_ = format_of(file, data)
    if isinstance(format_, str) or too_deep(data, format_):
        return
    parser = pyoxigraph.parse(data, format_, base_iri=base_iri(file), lenient=True)
    convert = Converter(itertools.repeat("").__next__)
    with contextlib.suppress(SyntaxError):
        for quad in parser:
            predicate = quad.predicate.value
            if predicate in (_TYPE, _VERSION_IRI):
                triple = convert.node(quad.subject), predicate, convert.term(quad.object)
                yield from ontology_iris([triple])


def format_of(file: str, data: bytes) -> RdfFormat | str:
    """Return the format of a file, by its name; by its start where names are used for two."""
    format_ = FORMATS.get(os.path.splitext(file)[1].lower(), RdfFormat.TURTLE)
    if format_ == RdfFormat.RDF_XML and not data.lstrip().startswith((b"<?", b"<!", b"<rdf:")):
        return RdfFormat.TURTLE  # `.owl` is used for both
    return format_


def too_deep(data: bytes, format_: RdfFormat | str) -> bool:
    """Whether the text is nested deeper than MAX_NESTING."""
    if format_ == RdfFormat.JSON_LD:
        return nesting(data, json=True) > MAX_NESTING
    return data.count(b"<<") > MAX_NESTING and nesting(data, json=False) > MAX_NESTING


def _unreadable(file: str, error: OSError) -> Diagnostic:
    if os.path.isdir(file):
        message, fix = "is a folder", "name a file, or give the folder with --catalog"
    elif isinstance(error, FileNotFoundError):
        message, fix = "no such file", "check the path"
    else:
        reason = error.strerror or "unknown reason"
        message, fix = f"cannot be read: {reason}", "check the permissions of the file"
    return Diagnostic(message, Position(file), fix)


def _parse(file: str, data: bytes, format_: RdfFormat, fresh_label: Callable[[], str]) -> Document:
    """Parse strictly, then leniently where only strictness about IRIs is in the way."""
    triples, prefixes, refused = _run(file, data, format_, fresh_label, lenient=False)
    diagnostics: tuple[Diagnostic, ...] = ()
    if refused:
        triples, prefixes, remaining = _run(file, data, format_, fresh_label, lenient=True)
        diagnostics = diagnose(file, data, refused, remaining)
    elif not triples:
        message = "the file has no triples"
        where = Position(file)
        diagnostics = (Diagnostic(message, where, "", "warning", rule="no-triples"),)
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
    while len(errors) < MAX_ERRORS:
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
        wrong = Diagnostic(str(error), Position(file), "correct the syntax")
        return Document(file, data, format_, diagnostics=(wrong,))
    return Document(file, data, format_, triples, prefixes)
