# SPDX-License-Identifier: Apache-2.0
"""What Python programs give as graphs and nodes, in the ways that pySHACL takes them."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyoxigraph

from cns_build.frontend.convert import KEPT
from cns_build.graph.data import Source, read_file, read_object, read_text
from cns_build.graph.terms import bracketed
from cns_build.model import IRI

_TEXT = re.compile(r"[@#<{\[\s]|_:|(prefix|base)\s", re.IGNORECASE)
"""How text of RDF begins, and names of files do not."""


def source_of(given: Any, format_name: str | None, lenient: bool) -> Source:
    """Return data as pySHACL takes them: a file by name, text, an open file, or a graph."""
    given = content_of(given)
    if isinstance(given, os.PathLike):
        return read_file(os.fspath(given), format_name, lenient=lenient)
    if isinstance(given, bytes):
        return read_text(given, format_name, name="<data>", lenient=lenient)
    return read_object(given, "<data>")


def content_of(given: Any) -> Any:
    """Return a Path for the name of a file, bytes for text, a graph as it is."""
    if isinstance(given, str):
        if given.startswith(("http://", "https://")):
            raise NotImplementedError(f"cns_build.validate fetches nothing: download {given}")
        if _TEXT.match(given) or "\n" in given[:140] or len(given) > 1000:
            return given.encode()
        return Path(given.removeprefix("file://"))
    if hasattr(given, "read"):
        text = given.read()
        return text.encode() if isinstance(text, str) else text
    return given


def shapes_files(
    given: Iterable[Any], format_name: str | None, folder: str, name: str
) -> Iterator[str]:
    """Yield files of shapes or of ontologies: what is none is written into `folder`.

    Blank nodes of rdflib keep their labels, behind KEPT.
    """
    for number, one in enumerate(given):
        yield _shapes_file(content_of(one), format_name, os.path.join(folder, f"{name}{number}"))


def _shapes_file(given: Any, format_name: str | None, stem: str) -> str:
    if isinstance(given, os.PathLike) and format_name is None:
        return str(os.fspath(given))
    if is_rdflib(given):
        source = read_object(given, "<shapes>", label_prefix=KEPT)
    else:
        source = source_of(given, format_name, lenient=False)
    file = f"{stem}.{'nq' if source.quads else 'ttl'}"
    with open(file, "wb") as stream:
        if not source.quads:
            for prefix, iri in source.prefixes.items():
                stream.write(f"@prefix {prefix}: {bracketed(iri)} .\n".encode())
        stream.writelines(source.chunks())
    return file


def is_rdflib(given: Any) -> bool:
    """Whether this is a graph of rdflib, which is not imported to find out."""
    library = sys.modules.get("rdflib")
    return library is not None and isinstance(given, library.Graph)


def several(data: Any) -> list[Any]:
    """Return the data as a list; a list of quads is one graph."""
    kinds = (pyoxigraph.Quad, pyoxigraph.Triple)
    if isinstance(data, (list, tuple)) and not all(isinstance(one, kinds) for one in data):
        return [*data]
    return [data]


def prefixes_of(data: Sequence[Source], shapes: Any) -> dict[str, str]:
    """Return the prefixes by which focus_nodes and use_shapes may be named."""
    found = {prefix: iri for source in data for prefix, iri in source.prefixes.items()}
    if hasattr(shapes, "namespaces"):
        found |= {prefix: str(iri) for prefix, iri in shapes.namespaces()}
    return found


def iris(names: Iterable[str] | None, prefixes: Mapping[str, str]) -> list[IRI] | None:
    """Return IRIs, written as they are or with a prefix; None for none."""
    if not names:
        return None
    found = []
    for name in map(str, names):
        prefix, colon, local = name.partition(":")
        known = colon and prefix in prefixes and not local.startswith("//")
        found.append(IRI(prefixes[prefix] + local if known else name))
    return found
