# SPDX-License-Identifier: Apache-2.0
"""What Python programs give as graphs and nodes, in the ways that pySHACL takes them."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pyoxigraph

from cns_build.frontend.convert import KEPT
from cns_build.graph.data import Source, read_file, read_object, read_text
from cns_build.graph.terms import bracketed
from cns_build.model import IRI

_TEXT = re.compile(r"[@#<{\[\s]|_:|(prefix|base)\s", re.IGNORECASE)
"""How text of RDF begins, and names of files do not."""


Names: TypeAlias = str | IRI | Collection[str | IRI]
"""IRIs, which may be strings or of rdflib, or one of these."""

GraphNames: TypeAlias = str | IRI | Collection[str | IRI | None]
"""Names of graphs, None being that of the default graph."""


def source_of(given: Any, format_name: str | None, lenient: bool) -> Source:
    """Return data as pySHACL takes them: a file by name, text, an open file, or a graph."""
    given = content_of(given)
    if isinstance(given, os.PathLike):
        return read_file(os.fspath(given), format_name, lenient=lenient)
    if isinstance(given, bytes):
        return read_text(given, format_name, name="<data>", lenient=lenient)
    return read_object(given, "<data>")


def sources_of(data: Any, lenient: bool = False) -> list[Source]:
    """Return data as `Validator.validate` takes them, one or several."""
    return [_source(one, lenient) for one in several(data)]


def _source(given: Any, lenient: bool) -> Source:
    if isinstance(given, Source):
        return given
    if isinstance(given, bytes):
        return read_text(given, "nt", name="<data>")
    return source_of(given, None, lenient)


def content_of(given: Any) -> Any:
    """Return a Path for the name of a file, bytes for text, a graph as it is."""
    if isinstance(given, str):
        if given.startswith(("http://", "https://")):
            raise NotImplementedError(f"cns fetches nothing: download {given}")
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
    """Return what is given, one or several, as a list; a list of quads is one graph."""
    kinds = (pyoxigraph.Quad, pyoxigraph.Triple)
    if not isinstance(data, (list, tuple)) or (data and isinstance(data[0], kinds)):
        return [data]
    return [*data]


def prefixes_of(data: Sequence[Source], shapes: Any) -> dict[str, str]:
    """Return the prefixes by which focus_nodes and use_shapes may be named."""
    found = {prefix: iri for source in data for prefix, iri in source.prefixes.items()}
    if hasattr(shapes, "namespaces"):
        found |= {prefix: str(iri) for prefix, iri in shapes.namespaces()}
    return found


def iris_of(names: Names) -> list[IRI]:
    """Return IRIs, in their order. Raises TypeError for what names a blank node."""
    given = [names] if isinstance(names, (str, IRI)) else names
    return [_iri(name) for name in given]


def _iri(name: str | IRI) -> IRI:
    if isinstance(name, IRI):
        return name
    if not isinstance(name, str) or type(name).__name__ == "BNode":  # rdflib's is a str
        raise TypeError(f"nodes and shapes are chosen by their IRIs, and {name!r} is none")
    return IRI(str(name))


def graph_names(graphs: GraphNames) -> list[IRI | None]:
    """Return the names of graphs, in their order."""
    given = [graphs] if isinstance(graphs, (str, IRI)) else graphs
    return [iri for name in given for iri in ([None] if name is None else iris_of(name))]


def iris(names: Iterable[str] | None, prefixes: Mapping[str, str]) -> list[IRI] | None:
    """Return IRIs, written as they are or with a prefix; None for none.

    Raises TypeError for what names a blank node.
    """
    if not names:
        return None
    found = []
    for name in (_iri(name).value for name in names):
        prefix, colon, local = name.partition(":")
        known = colon and prefix in prefixes and not local.startswith("//")
        found.append(IRI(prefixes[prefix] + local if known else name))
    return found
