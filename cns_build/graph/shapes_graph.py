# SPDX-License-Identifier: Apache-2.0
"""The shapes graphs that data name by sh:shapesGraph (SHACL 3.1), as local files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urlsplit

from cns_build.diagnostics import CompileError, Diagnostic, Position
from cns_build.frontend.catalog import Catalog
from cns_build.frontend.report import Report
from cns_build.graph.data import Source

_NAMES = re.compile(
    rb"^\s*(?:<[^>]*>|_:\S+)\s*<http://www\.w3\.org/ns/shacl#shapesGraph>\s*<([^>]*)>",
    re.MULTILINE,
)


def shapes_files(sources: Sequence[Source], catalog: Sequence[str]) -> list[str]:
    """Return the files of the shapes graphs that the data name, each once.

    An IRI is that of a file beside the data, of a local file, or of an ontology in the catalog.
    Raises CompileError where there is none.
    """
    report = Report()
    search = Catalog(catalog, report)
    if report.failed:
        raise CompileError(*report.diagnostics)
    found: dict[str, None] = {}
    for source in sources:
        for iri in dict.fromkeys(_named(source)):
            file = _local(iri, source.name) or search.find(iri)
            if file is None:
                what = f"names <{iri}> as its shapes graph, and no file has it"
                fix = "pass --catalog DIR with a folder that has it, or --shapes FILE"
                raise CompileError(Diagnostic(what, Position(source.name), fix))
            found[file] = None
    return list(found)


def _named(source: Source) -> Iterator[str]:
    rest = b""
    for chunk in source.chunks():
        head, _, rest = (rest + chunk).rpartition(b"\n")
        yield from (found[1].decode("utf-8", "replace") for found in _NAMES.finditer(head))
    yield from (found[1].decode("utf-8", "replace") for found in _NAMES.finditer(rest))


def _local(iri: str, data: str) -> str | None:
    """Return the file of a file: IRI. Relative ones are `file:///NAME`, beside the data."""
    parts = urlsplit(iri)
    if parts.scheme != "file":
        return None
    path = unquote(parts.path)
    for file in (os.path.join(os.path.dirname(data), path.lstrip("/")), path):
        if os.path.isfile(file):
            return file
    return None
