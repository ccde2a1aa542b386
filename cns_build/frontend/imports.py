# SPDX-License-Identifier: Apache-2.0
"""Read the given files and what they import (owl:imports), from local files only.

An import is satisfied by a file that is already read and is that ontology, or else by the
catalog. Each file is read once. OWL allows ontologies to import each other, so a cycle of
imports is no error: the cycle ends at the first file that is read already. The vocabularies of
RDF, RDFS, OWL, XSD and SHACL are known and need not be found.
"""

from __future__ import annotations

import itertools
import os
import shlex
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cns_build.frontend.catalog import Catalog, same_name
from cns_build.frontend.parse import Document, base_iri, ontology_iris, read_document
from cns_build.frontend.report import Report
from cns_build.garbage import uncollected
from cns_build.model import IRI, Literal, Origin
from cns_build.vocabulary import OWL, RDF, RDFS, SH, XSD

_IMPORTS = OWL + "imports"
_BUILT_IN = frozenset(same_name(iri) for iri in (RDF, RDFS, OWL, XSD, SH))


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files read: those that contribute shapes, and the other ontologies.

    `documents` has all of them in reading order: as on the command line, then imports.
    `catalogs` are the OASIS catalogs that say where imports are.
    """

    documents: tuple[Document, ...]
    shapes: tuple[Document, ...]
    ontologies: tuple[Document, ...]
    catalogs: tuple[str, ...]


def read_all(
    ontologies: Sequence[str], shapes: Sequence[str], catalog: Sequence[str], report: Report
) -> Inputs:
    """Read the named files and their imports; what is wrong goes to `report`."""
    with uncollected():
        return _Loader(catalog, report).load(ontologies, shapes)


class _Loader:
    def __init__(self, catalog: Sequence[str], report: Report) -> None:
        labels = itertools.count()
        self._read: Callable[[str], Document] = lambda file: read_document(
            file, lambda: f"b{next(labels)}"
        )
        self._catalog = Catalog(catalog, report)
        self._report = report
        self._documents: dict[str, Document] = {}
        self._named: dict[str, Document] = {}
        self._unanswered: set[str] = set()

    def load(self, ontologies: Sequence[str], shapes: Sequence[str]) -> Inputs:
        """Read everything; the prefixes of shapes files go before those of ontologies."""
        given = [self._open(file) for file in ontologies]
        with_shapes = self._closure([self._open(file) for file in shapes])
        others = self._closure(given)
        prefixes: dict[str, str] = {}
        for document in (*with_shapes, *others):
            for prefix, iri in document.prefixes.items():
                prefixes.setdefault(prefix, iri)
        self._report.prefixes = prefixes
        documents = tuple(self._documents.values())
        known = {document.file for document in with_shapes}
        ontologies_only = tuple(d for d in others if d.file not in known)
        catalogs = tuple(self._catalog.oasis)
        return Inputs(documents, tuple(with_shapes), ontologies_only, catalogs)

    def _open(self, file: str) -> Document:
        path = os.path.realpath(file)
        document = self._documents.get(path)
        if document is None:
            document = self._documents[path] = self._read(file)
            self._report.diagnostics += document.diagnostics
            for iri in (base_iri(file), *ontology_iris(document.triples)):
                self._named.setdefault(same_name(iri), document)
        return document

    def _closure(self, documents: Sequence[Document]) -> list[Document]:
        """Return `documents` and what they import, each once."""
        found = {document.file: document for document in documents}
        pending = deque(found.values())
        while pending:
            for imported in self._imports(pending.popleft()):
                if imported.file not in found:
                    found[imported.file] = imported
                    pending.append(imported)
        return list(found.values())

    def _imports(self, document: Document) -> Iterator[Document]:
        for ordinal, (_, predicate, term) in enumerate(document.triples):
            if predicate != _IMPORTS:
                continue
            where = Origin(document.file, ordinal)
            if isinstance(term, IRI):
                yield from self._answer(term.value, where)
            else:
                what = f"{term}" if isinstance(term, Literal) else "a blank node"
                self._report.error(f"owl:imports needs an IRI, got {what}", where, "give an IRI")

    def _answer(self, iri: str, where: Origin) -> Iterator[Document]:
        """Yield the document that `iri` names; an error or a waiver where there is none."""
        name = same_name(iri)
        if name in _BUILT_IN and name not in self._named:
            return
        if name not in self._named and name not in self._unanswered:
            file = self._catalog.find(iri)
            if file is not None:
                self._named[name] = self._open(file)
        if name in self._named:
            yield self._named[name]
        elif not self._report.waived("import:", iri, f"import of <{iri}>", where):
            self._unanswered.add(name)
            waiver = shlex.quote(f"import:{iri}")
            fix = f"pass --catalog DIR with a folder that has it, or --waive {waiver}"
            self._report.error(f"<{iri}> is imported, and no given file has it", where, fix)
