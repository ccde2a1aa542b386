# SPDX-License-Identifier: Apache-2.0
"""Find the local file of an imported ontology.

A catalog entry is a file or a folder, searched with its subfolders in the order of names. Asked
for an IRI, in this order:

1. an OASIS catalog (`catalog-v001.xml`) in a folder, which maps IRIs to files;
2. a file that declares the IRI as its owl:Ontology or owl:versionIRI: all files are searched at
   their start (64 KiB), and only when none has it, to their end;
3. a file that at its start has the IRI as `@base`, `xml:base` or in a `# baseURI:` comment;
4. a file whose name, with or without extension, is the last part of the IRI.

A last `#` or `/` of an IRI does not count. The network is never asked.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence

from cns_build.diagnostics import Diagnostic, Position
from cns_build.frontend.parse import FORMATS, declared_ontologies
from cns_build.frontend.report import Report

_HEAD = 65536
_OASIS = "catalog-v001.xml"
_BASE = re.compile(
    rb"""(?:@?base\s*<|\#\s*baseURI:\s*|xml:base=["'])([^>"'\s]*?)[#/]?[>"'\s]""", re.IGNORECASE
)


class Catalog:
    """The files in which imports are looked up; folders are listed at the first question.

    `oasis` are the OASIS catalogs that were read for it.
    """

    def __init__(self, entries: Sequence[str], report: Report) -> None:
        self._entries = entries
        self._report = report
        self._files: list[str] | None = None
        self._mapped: dict[str, str] = {}
        self.oasis: list[str] = []
        self._ontologies: dict[tuple[str, int], frozenset[str]] = {}
        for entry in entries:
            if not os.path.exists(entry):
                message, fix = "no such catalog file or folder", "correct --catalog"
            elif os.path.isfile(entry) and not (_is_oasis(entry) or _is_rdf(entry)):
                message = "no extension of an RDF file, and not catalog-v001.xml"
                fix = f"give a folder, or a file that ends in one of {' '.join(FORMATS)}"
            else:
                continue
            report.diagnostics.append(Diagnostic(message, Position(entry), fix))

    def find(self, iri: str) -> str | None:
        """Return the file of the ontology `iri`, or None."""
        if self._files is None:
            self._files = list(self._list())
        name = same_name(iri)
        if name in self._mapped:
            return self._mapped[name]
        for size in (_HEAD, -1):
            for file in self._files:
                if name in self._declared(file, size):
                    return file
        for file in self._files:
            if _has_base(_read(file, _HEAD), name):
                return file
        last = name.replace("#", "/").rpartition("/")[2]
        for file in self._files:
            base = os.path.basename(file)
            if last in (base, os.path.splitext(base)[0]):
                return file
        return None

    def _list(self) -> Iterator[str]:
        for entry in self._entries:
            if os.path.isfile(entry):
                yield from self._entry(entry)
            else:
                for folder, folders, files in os.walk(entry):
                    folders.sort()
                    for file in sorted(files):
                        yield from self._entry(os.path.join(folder, file))

    def _entry(self, file: str) -> Iterator[str]:
        if _is_oasis(file):
            self._read_oasis(file)
        elif _is_rdf(file):
            yield file

    def _read_oasis(self, file: str) -> None:
        from xml.etree import ElementTree  # few catalogs have such a file

        self.oasis.append(file)
        try:
            tree = ElementTree.parse(file)
        except (OSError, ElementTree.ParseError) as error:
            where = Position(file)
            self._report.diagnostics.append(
                Diagnostic(f"cannot be read as an XML catalog: {error}", where, "correct it")
            )
            return
        for element in tree.iter():
            name, uri = element.get("name", ""), element.get("uri", "")
            if element.tag.rpartition("}")[2] == "uri" and "://" not in uri:
                path = os.path.join(os.path.dirname(file), uri)
                self._mapped.setdefault(same_name(name), path)

    def _declared(self, file: str, size: int) -> frozenset[str]:
        """Return the names of the ontologies that the first `size` bytes of `file` declare."""
        key = file, size
        if key not in self._ontologies:
            data = _read(file, size)
            names = declared_ontologies(file, data) if b"Ontology" in data else ()
            self._ontologies[key] = frozenset(map(same_name, names))
        return self._ontologies[key]


def _is_oasis(file: str) -> bool:
    return os.path.basename(file) == _OASIS


def _is_rdf(file: str) -> bool:
    return os.path.splitext(file)[1].lower() in FORMATS


def _read(file: str, size: int) -> bytes:
    """Return the first `size` bytes; none of a file that cannot be read, which is no catalog's."""
    try:
        with open(file, "rb") as stream:
            return stream.read(size)
    except OSError:
        return b""


def same_name(iri: str) -> str:
    """Return `iri` without a last `#` or `/`, in which imports and ontologies often differ."""
    return iri.rstrip("#/")


def _has_base(head: bytes, name: str) -> bool:
    """Whether `head` sets `name` as its base, or notes it as TopBraid does."""
    return any(base.decode("utf-8", "replace") == name for base in _BASE.findall(head))
