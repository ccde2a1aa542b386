# SPDX-License-Identifier: Apache-2.0
"""Read data: files, text and graphs of Python libraries, as N-Triples or N-Quads.

N-Triples and N-Quads pass through as they are, a part at a time. All else is parsed and written
again, triple by triple in the parser's order, with lexical forms as written. Labels of blank nodes
stay; those without one are `anon-1`, `anon-2`, … in order of occurrence. Labels are of one source:
equal ones in two sources are two nodes. Language tags that are parsed come in lower case.
Nothing is fetched: owl:imports of data are triples like others.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pyoxigraph
from pyoxigraph import RdfFormat

from cns_build.diagnostics import CompileError, Diagnostic, Position
from cns_build.frontend.parse import (
    FORMATS,
    MAX_ERRORS,
    MAX_NESTING,
    TOKENIZED,
    UTF8_MARK,
    base_iri,
    format_of,
    too_deep,
)
from cns_build.frontend.rdflib_formats import read_dataset
from cns_build.frontend.syntax import decoding_error, diagnose
from cns_build.graph.compressed import opened, plain_name
from cns_build.graph.terms import bracketed, from_rdflib, to_ntriples
from cns_build.model import IRI, BlankNode, Literal

if TYPE_CHECKING:
    import rdflib

STANDARD_INPUT = "<stdin>"

INPUT_FORMATS: Mapping[str, RdfFormat | str] = MappingProxyType(
    {ending[1:]: format_ for ending, format_ in FORMATS.items()}
    | {
        "turtle": RdfFormat.TURTLE,
        "longturtle": RdfFormat.TURTLE,
        "text/turtle": RdfFormat.TURTLE,
        "ntriples": RdfFormat.N_TRIPLES,
        "nt11": RdfFormat.N_TRIPLES,
        "application/n-triples": RdfFormat.N_TRIPLES,
        "nquads": RdfFormat.N_QUADS,
        "application/n-quads": RdfFormat.N_QUADS,
        "application/trig": RdfFormat.TRIG,
        "text/n3": RdfFormat.N3,
        "rdfxml": RdfFormat.RDF_XML,
        "pretty-xml": RdfFormat.RDF_XML,
        "application/rdf+xml": RdfFormat.RDF_XML,
        "json-ld": RdfFormat.JSON_LD,
        "application/ld+json": RdfFormat.JSON_LD,
    }
)
"""Formats by the names that people give them: endings of files, rdflib's names, media types."""

_PASSED = (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)
_NAMED = ((".ttl", RdfFormat.TURTLE), (".trig", RdfFormat.TRIG))
_WITH_GRAPHS = (RdfFormat.N_QUADS, RdfFormat.TRIG, RdfFormat.JSON_LD, "trix", "hext")
_CHUNK = 1 << 20
_NUMBERED = re.compile("anon-[0-9]+")
_GENERATED = re.compile(f"[a-f][0-9a-f]{{23,31}}|N[0-9a-f]{{32}}|{_NUMBERED.pattern}")
"""Labels that a parser made up, at random, and those that stand for them."""
_LABEL = re.compile(r"\w([\w.-]*[\w-])?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Source:
    """One source of data, in N-Quads where `quads`, else in N-Triples.

    `name` is for messages. `content` can be iterated again. `warnings` are what was let pass.
    `original` is the text that was parsed, where places in it can be found, with its format;
    `verbatim` says that the content itself is what somebody wrote.
    """

    name: str
    content: bytes | Iterable[bytes]
    quads: bool
    prefixes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    warnings: tuple[Diagnostic, ...] = ()
    original: tuple[bytes, RdfFormat] | None = None
    verbatim: bool = False

    def chunks(self) -> Iterator[bytes]:
        """Yield the content in parts. Raises CompileError where a file cannot be read."""
        return iter([self.content] if isinstance(self.content, bytes) else self.content)


@dataclass(frozen=True, slots=True)
class _File:
    """A file that is read in parts, each time it is iterated."""

    name: str

    def __iter__(self) -> Iterator[bytes]:
        with opened(self.name) as stream:
            chunk = stream.read(_CHUNK).removeprefix(UTF8_MARK)
            while chunk:
                yield chunk
                chunk = stream.read(_CHUNK)


def read_file(file: str, format_name: str | None = None, *, lenient: bool = False) -> Source:
    """Return the data of a file, `-` being the standard input. Raises CompileError.

    Its format is `format_name` or follows from its name. `lenient` goes over statements that
    cannot be parsed, with a warning.
    """
    if file == "-":
        return read_text(sys.stdin.buffer.read(), format_name, lenient=lenient)
    with opened(file) as stream:
        format_ = _file_format(file, format_name, b"<?")
        if format_ in _PASSED and os.path.isfile(file):  # a pipe cannot be read again
            return Source(file, _File(file), format_ == RdfFormat.N_QUADS, verbatim=True)
        data = stream.read()
    return _parsed(file, data, _file_format(file, format_name, data), lenient)


@contextmanager
def files_of(sources: Sequence[Source]) -> Iterator[list[str]]:
    """Yield files with the content of sources, for as long as they are needed.

    A file that was read as it is stands for itself, so that places in it are those of the text.
    """
    with tempfile.TemporaryDirectory(prefix="cns-") as folder:
        files: list[str] = []
        for number, source in enumerate(sources, 1):
            if _is_file(source):
                files.append(source.name)
                continue
            files.append(os.path.join(folder, f"data{number}.{'nq' if source.quads else 'nt'}"))
            with open(files[-1], "wb") as stream:
                stream.writelines(source.chunks())
        yield files


def _is_file(source: Source) -> bool:
    """Whether a source is a whole file whose name tells its format."""
    ending = os.path.splitext(source.name)[1]
    if source.warnings or not os.path.isfile(source.name):
        return False
    if source.original is not None:
        return (ending, source.original[1]) in _NAMED
    return source.verbatim and ending in (".nt", ".nq")


def read_text(
    data: bytes, format_name: str | None, *, name: str = STANDARD_INPUT, lenient: bool = False
) -> Source:
    """Return the data of a text; its format is `format_name` or is guessed from its start."""
    return _parsed(
        name, data, _named_format(format_name) if format_name else _guess(data), lenient
    )


def read_object(graph: Any, name: str, *, label_prefix: str = "") -> Source:
    """Return the data of a graph or dataset of rdflib or pyoxigraph, or of many Quads or Triples.

    Labels of rdflib's blank nodes begin with `label_prefix`. Raises CompileError for what RDF does
    not allow, and TypeError for anything else.
    """
    library = sys.modules.get("rdflib")
    if library is not None and isinstance(graph, library.Graph):
        quads, labels = _rdflib_quads(graph), _Labels(_NUMBERED, label_prefix)
        content = "".join(_rdflib_lines(quads, name, labels)).encode()
        prefixes = {prefix: str(iri) for prefix, iri in graph.namespaces()}
        has_names = isinstance(graph, library.ConjunctiveGraph)
        return Source(name, content, has_names, MappingProxyType(prefixes))
    content = "".join(_pyoxigraph_lines(graph, name)).encode()
    return Source(name, content, True)


# Parsing


def _named_format(name: str) -> RdfFormat | str:
    found = INPUT_FORMATS.get(name.lower())
    if found is None:
        what = f"{name!r} is no format of RDF that cns reads"
        raise CompileError(Diagnostic(what, fix=f"name one of {', '.join(INPUT_FORMATS)}"))
    return found


def _file_format(file: str, format_name: str | None, data: bytes) -> RdfFormat | str:
    return _named_format(format_name) if format_name else format_of(plain_name(file), data)


def _guess(data: bytes) -> RdfFormat:
    start = data.removeprefix(UTF8_MARK).lstrip()[:200]
    if start.startswith((b"<?xml", b"<!", b"<rdf:RDF")):
        return RdfFormat.RDF_XML
    if re.match(rb'\{\s*["}]|\[\s*\{', start):
        return RdfFormat.JSON_LD
    return RdfFormat.TURTLE


def _parsed(name: str, data: bytes, format_: RdfFormat | str, lenient: bool) -> Source:
    data = data.removeprefix(UTF8_MARK)
    quads = format_ in _WITH_GRAPHS
    if format_ in _PASSED or not data.strip():
        return Source(name, data, quads, verbatim=True)
    if format_ != RdfFormat.RDF_XML and (undecodable := decoding_error(name, data)):
        raise CompileError(undecodable)
    if too_deep(data, format_):
        what = f"nested deeper than {MAX_NESTING} levels"
        raise CompileError(Diagnostic(what, Position(name), "give the inner nodes names"))
    if isinstance(format_, str):
        return _parsed_by_rdflib(name, data, format_)
    lines, prefixes, refused = _run(name, data, format_, lenient=False)
    warnings: tuple[Diagnostic, ...] = ()
    if refused:
        lines, prefixes, remaining = _run(name, data, format_, lenient=True)
        found = diagnose(name, data, refused, remaining)
        warnings = _let_pass(found, lenient and format_ in TOKENIZED)
    original = (data, format_) if format_ in TOKENIZED else None
    content = "".join(lines).encode()
    return Source(name, content, quads, MappingProxyType(dict(prefixes)), warnings, original)


def _run(
    name: str, data: bytes, format_: RdfFormat, *, lenient: bool
) -> tuple[list[str], Mapping[str, str], list[SyntaxError]]:
    parser = pyoxigraph.parse(data, format_, base_iri=base_iri(plain_name(name)), lenient=lenient)
    labels = _Labels()
    lines: list[str] = []
    errors: list[SyntaxError] = []
    while len(errors) < MAX_ERRORS:
        try:
            lines.extend(_lines(parser, labels, escape=lenient))
            break
        except SyntaxError as error:  # the parser goes on after the statement
            errors.append(error)
    return lines, parser.prefixes, errors


def _let_pass(found: Iterable[Diagnostic], lenient: bool) -> tuple[Diagnostic, ...]:
    """Return warnings. Raises CompileError where there is an error and reading is not lenient."""
    diagnostics = tuple(found)
    if lenient:
        fix = "left out up to the next full stop (--lenient)"
        return tuple(
            replace(d, severity="warning", fix=fix) if d.severity == "error" else d
            for d in diagnostics
        )
    if any(d.severity == "error" for d in diagnostics):
        raise CompileError(*diagnostics)
    return diagnostics


def _lines(
    quads: Iterable[pyoxigraph.Quad], labels: _Labels, escape: bool = False
) -> Iterator[str]:
    """Yield a line for each quad. Raises SyntaxError for a triple term (RDF 1.2).

    `escape` is for IRIs that a lenient parser lets pass, with characters that N-Triples lacks.
    """
    for quad in quads:
        line = str(quad)
        if "<<(" in line and isinstance(quad.object, pyoxigraph.Triple):
            raise SyntaxError("a triple term (RDF 1.2) is not supported")
        yield f"{labels.line(quad, escape) if escape or '_:' in line else line} .\n"


def _escaped(term: Any) -> str:
    """Return a term in N-Triples, with what an IRI may not have as \\u and its number."""
    if isinstance(term, pyoxigraph.NamedNode):
        return bracketed(term.value)
    if isinstance(term, pyoxigraph.Literal) and not term.language:
        return to_ntriples(Literal(term.value, IRI(term.datatype.value)))
    return str(term)


class _Labels:
    """Names blank nodes of one source that have no label, or none that N-Triples can write."""

    def __init__(self, renamed: re.Pattern[str] = _GENERATED, prefix: str = "") -> None:
        self._renamed: dict[str, str] = {}
        self._pattern = renamed
        self._prefix = prefix

    def line(self, quad: pyoxigraph.Quad, escape: bool) -> str:
        """Return a quad without its full stop."""
        write = _escaped if escape else str
        terms = [quad.subject, quad.predicate, quad.object]
        if not isinstance(quad.graph_name, pyoxigraph.DefaultGraph):
            terms.append(quad.graph_name)
        return " ".join(
            f"_:{self.name(term.value)}" if isinstance(term, pyoxigraph.BlankNode) else write(term)
            for term in terms
        )

    def name(self, label: str) -> str:
        """Return the label by which a blank node is written."""
        if _LABEL.fullmatch(label) and not self._pattern.fullmatch(label):
            return self._prefix + label
        return self._renamed.setdefault(label, f"anon-{len(self._renamed) + 1}")


# Other libraries


def _parsed_by_rdflib(name: str, data: bytes, format_: str) -> Source:
    try:
        dataset = read_dataset(data, format_, base_iri(plain_name(name)))
    except ValueError as error:
        raise CompileError(Diagnostic(str(error), Position(name), "correct the syntax")) from error
    quads = _rdflib_quads(dataset, anonymous=format_ != "trix")
    content = "".join(_rdflib_lines(quads, name, _Labels())).encode()
    prefixes = {prefix: str(iri) for prefix, iri in dataset.namespaces()}
    return Source(name, content, True, MappingProxyType(prefixes))


def _rdflib_lines(quads: Iterable[tuple[Any, ...]], name: str, labels: _Labels) -> Iterator[str]:
    for terms in quads:
        try:
            subject, predicate, value, *rest = map(from_rdflib, terms)
        except ValueError as error:
            raise CompileError(Diagnostic(str(error), Position(name))) from error
        if isinstance(subject, Literal) or isinstance(predicate, (BlankNode, Literal)):
            what = f"is no RDF: {subject} {predicate} {value}"
            fix = "a literal is no subject, and a predicate is an IRI"
            raise CompileError(Diagnostic(what, Position(name), fix))
        words = (
            f"_:{labels.name(term.label)}" if isinstance(term, BlankNode) else to_ntriples(term)
            for term in (subject, predicate, value, *rest)
        )
        yield f"{' '.join(words)} .\n"


def _rdflib_quads(graph: rdflib.Graph, *, anonymous: bool = True) -> Iterator[tuple[Any, ...]]:
    """Yield triples of the default graph, and quads of named ones.

    A blank node names a graph where `anonymous`; in TriX it stands for no name.
    """
    import rdflib
    from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

    if not isinstance(graph, rdflib.ConjunctiveGraph):
        yield from graph
        return
    default = {None, DATASET_DEFAULT_GRAPH_ID}
    if not isinstance(graph, rdflib.Dataset):
        default.add(graph.default_context.identifier)
    for subject, predicate, value, context in graph.quads():
        named = getattr(context, "identifier", context)
        if named in default or (isinstance(named, rdflib.BNode) and not anonymous):
            yield subject, predicate, value
        else:
            yield subject, predicate, value, named


def _pyoxigraph_lines(graph: Any, name: str) -> Iterator[str]:
    quads = list(graph) if isinstance(graph, Iterable) else [graph]
    kinds = (pyoxigraph.Quad, pyoxigraph.Triple)
    for wrong in (type(one).__name__ for one in quads if not isinstance(one, kinds)):
        raise TypeError(f"{name} is no RDF that cns reads: {wrong}")
    try:
        for quad in quads:
            if isinstance(quad.object, pyoxigraph.Triple):
                raise SyntaxError("a triple term (RDF 1.2) is not supported")
            yield f"{quad} .\n"
    except SyntaxError as error:
        raise CompileError(Diagnostic(str(error), Position(name))) from error
