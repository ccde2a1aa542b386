# SPDX-License-Identifier: Apache-2.0
"""`cns_build.validate`: called and answering as pySHACL's validate, so that an import changes.

What cns cannot do yet is an error, never left out in silence.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph

from cns_build.graph import severity
from cns_build.graph.data import Source, read_file, read_object, read_text
from cns_build.graph.engine import Engine, Selection
from cns_build.graph.report import Report
from cns_build.graph.terms import bracketed
from cns_build.graph.writers.topyshacl import to_pyshacl_text
from cns_build.graph.writers.tordflib import to_graph
from cns_build.model import IRI

if TYPE_CHECKING:
    import rdflib

Answer = tuple[bool, "rdflib.Graph | bytes", str]
"""Whether the data conform, the report as a graph or serialized, and as text."""

_TEXT = ("@", "#", "<", "{", "[", "\n", "PREFIX", "BASE", "prefix", "base", "_:")


def validate(
    data_graph: Any,
    shacl_graph: Any = None,
    ont_graph: Any = None,
    *,
    advanced: bool | None = False,
    inference: str | None = None,
    inplace: bool | None = False,
    abort_on_first: bool | None = False,
    allow_infos: bool | None = False,
    allow_warnings: bool | None = False,
    max_validation_depth: int | None = None,
    sparql_mode: bool | None = False,
    focus_nodes: Iterable[str] | None = None,
    use_shapes: Iterable[str] | None = None,
    multi_data_graphs_mode: str | None = None,
    meta_shacl: bool | None = False,
    do_owl_imports: bool | None = False,
    data_graph_format: str | None = None,
    shacl_graph_format: str | None = None,
    ont_graph_format: str | None = None,
    serialize_report_graph: bool | str | None = False,
    abort_on_error: bool | None = False,
    js: bool | None = False,
    iterate_rules: bool | None = False,
    check_dash_result: bool | None = False,
    debug: bool | None = False,
    waive: Collection[str] = (),
    catalog: Sequence[str] = (),
    strict: bool = False,
    lenient: bool = False,
    graphs: Collection[str | None] | None = None,
    engine: str = "bytecode",
) -> Any:
    """Validate data, and return whether they conform, the report's graph and its text: an Answer.

    Graphs are of rdflib or pyoxigraph, files by name, text, or open files; the data also a
    sequence of them, validated as one. Without `shacl_graph`, the shapes are in the data.
    `allow_infos` and `allow_warnings` decide what conforms, as in pySHACL. Always on are
    `meta_shacl` (shapes are checked as they are compiled) and `do_owl_imports` (from `catalog`,
    never from the network). `inplace`, `max_validation_depth` and `debug` have nothing to
    change: data stay as they are, and no depth is too deep.

    `waive` to `engine` are cns's own, as in `cnsc validate`; in `graphs`, None is the default
    graph. With `multi_data_graphs_mode="validate_each"` there is an Answer for each number of
    a data graph, in a dict.

    Raises NotImplementedError for a parameter that asks for what cns cannot do, and CompileError
    for shapes and data that cannot be read.
    """
    _refuse(
        advanced=advanced,
        inference=inference not in (None, "none") and inference,
        sparql_mode=sparql_mode,
        js=js,
        iterate_rules=iterate_rules,
        check_dash_result=check_dash_result,
    )
    several = [_content(one) for one in _several(data_graph)]
    data = [_source(one, data_graph_format, lenient) for one in several]
    prefixes = _prefixes(data, shacl_graph)
    selection = Selection(
        focus=_iris(focus_nodes, prefixes),
        shapes=_iris(use_shapes, prefixes),
        graphs=None if graphs is None else [IRI(g) if g is not None else None for g in graphs],
        first=bool(abort_on_first or abort_on_error),
        lenient=lenient,
    )
    shapes = [shacl_graph] if shacl_graph is not None else several
    shapes_format = shacl_graph_format if shacl_graph is not None else data_graph_format
    ontologies = [] if ont_graph is None else [ont_graph]
    with tempfile.TemporaryDirectory(prefix="cns-") as folder:
        compiled = Engine.compile(
            [_file(one, shapes_format, folder, f"shapes{n}") for n, one in enumerate(shapes)],
            [_file(one, ont_graph_format, folder, f"ont{n}") for n, one in enumerate(ontologies)],
            catalog=catalog,
            waive=waive,
            strict=strict,
            engine=engine,
        )

    def answer(sources: Sequence[Source]) -> Answer:
        report = compiled.validate(sources, selection)
        known = dict(report.prefixes)
        more = ((p, iri) for p, iri in prefixes.items() if p not in known)
        report = replace(report, prefixes=(*report.prefixes, *more))
        return _answer(report, _threshold(allow_infos, allow_warnings), serialize_report_graph)

    match (multi_data_graphs_mode or "combine").lower():
        case "combine":
            return answer(data)
        case "validate_each":
            return {number: answer([source]) for number, source in enumerate(data)}
    raise ValueError(f"multi_data_graphs_mode={multi_data_graphs_mode!r}: combine, validate_each")


def _refuse(**parameters: object) -> None:
    for name, value in parameters.items():
        if value:
            what = f"cns_build.validate does not support {name}={value!r}"
            raise NotImplementedError(f"{what}: leave it out, or use pySHACL")


def _threshold(allow_infos: bool | None, allow_warnings: bool | None) -> str:
    if allow_warnings:
        return "violation"
    return "warning" if allow_infos else "info"


def _answer(report: Report, threshold: str, serialize: bool | str | None) -> Answer:
    conforms = not severity.fails(report, threshold)
    graph = to_graph(report, conforms)
    text = to_pyshacl_text(report, conforms)
    if not serialize:
        return conforms, graph, text
    format_ = serialize if isinstance(serialize, str) else "turtle"
    return conforms, graph.serialize(None, format=format_, encoding="utf-8"), text


# Input


def _source(given: Any, format_name: str | None, lenient: bool) -> Source:
    """Return data as pySHACL takes them: a file by name, text, an open file, or a graph."""
    given = _content(given)
    if isinstance(given, os.PathLike):
        return read_file(os.fspath(given), format_name, lenient=lenient)
    if isinstance(given, bytes):
        return read_text(given, format_name, name="<data>", lenient=lenient)
    return read_object(given, "<data>")


def _content(given: Any) -> Any:
    """Return a Path for the name of a file, bytes for text, a graph as it is."""
    if isinstance(given, str):
        if given.startswith(("http://", "https://")):
            raise NotImplementedError(f"cns_build.validate fetches nothing: download {given}")
        if given.startswith(_TEXT) or "\n" in given[:140] or len(given) > 1000:
            return given.encode()
        return Path(given.removeprefix("file://"))
    if hasattr(given, "read"):
        text = given.read()
        return text.encode() if isinstance(text, str) else text
    return given


def _file(given: Any, format_name: str | None, folder: str, name: str) -> str:
    """Return a file of shapes or of an ontology: what is none is written into `folder`."""
    given = _content(given)
    if isinstance(given, os.PathLike) and format_name is None:
        return str(os.fspath(given))
    source = _source(given, format_name, lenient=False)
    file = os.path.join(folder, f"{name}.{'nq' if source.quads else 'ttl'}")
    with open(file, "wb") as stream:
        if not source.quads:
            for prefix, iri in source.prefixes.items():
                stream.write(f"@prefix {prefix}: {bracketed(iri)} .\n".encode())
        stream.writelines(source.chunks())
    return file


def _several(data: Any) -> list[Any]:
    """Return the data as a list; a list of quads is one graph."""
    kinds = (pyoxigraph.Quad, pyoxigraph.Triple)
    if isinstance(data, (list, tuple)) and not all(isinstance(one, kinds) for one in data):
        return [*data]
    return [data]


def _prefixes(data: Sequence[Source], shapes: Any) -> dict[str, str]:
    """Return the prefixes by which focus_nodes and use_shapes may be named."""
    found = {prefix: iri for source in data for prefix, iri in source.prefixes.items()}
    if hasattr(shapes, "namespaces"):
        found |= {prefix: str(iri) for prefix, iri in shapes.namespaces()}
    return found


def _iris(names: Iterable[str] | None, prefixes: Mapping[str, str]) -> list[IRI] | None:
    if not names:
        return None
    found = []
    for name in map(str, names):
        prefix, colon, local = name.partition(":")
        known = colon and prefix in prefixes and not local.startswith("//")
        found.append(IRI(prefixes[prefix] + local if known else name))
    return found
