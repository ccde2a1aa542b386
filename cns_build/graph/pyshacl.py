# SPDX-License-Identifier: Apache-2.0
"""`cns_build.validate`: called and answering as pySHACL's validate, so that an import changes.

What cns cannot do yet is an error, never left out in silence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cns_build.graph import severity
from cns_build.graph.api import compile
from cns_build.graph.build import MAX_RECURSION
from cns_build.graph.data import Source, files_of
from cns_build.graph.given import content_of, iris, is_rdflib, prefixes_of, several, source_of
from cns_build.graph.report import Report
from cns_build.graph.validator import AddsToOntology, Validator
from cns_build.graph.writers.topyshacl import to_pyshacl_text
from cns_build.graph.writers.tordflib import OF_DATA, OF_SHAPES, describe, to_graph

if TYPE_CHECKING:
    import rdflib

_DEPTH = 15
"""What pySHACL has for max_validation_depth, where nothing is said."""

_INFERENCES = {"none": "none", "rdfs": "rdfs", "owlrl": "owlrl", "both": "owlrl"}

Answer = tuple[bool, "rdflib.Graph | bytes", str]
"""Whether the data conform, the report as a graph or serialized, and as text."""


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
    recursion: int | None = None,
    lenient: bool = False,
    graphs: Collection[str | None] | None = None,
    engine: str = "bytecode",
) -> Any:
    """Validate data, and return whether they conform, the report's graph and its text: an Answer.

    Graphs are of rdflib or pyoxigraph, files by name, text, or open files; the data also a
    sequence of them, validated as one. Without `shacl_graph`, the shapes are in the data.
    `allow_infos` and `allow_warnings` decide what conforms, as in pySHACL. Always on are
    `meta_shacl` (shapes are checked as they are compiled) and `do_owl_imports` (from `catalog`,
    never from the network). `inplace` and `debug` have nothing to change: data stay as they are.
    `max_validation_depth` bounds shapes that refer to themselves, and no others. `inference` is by
    the axioms of `ont_graph` and of the data: rdfs, owlrl, or both, which is owlrl.

    `waive` to `engine` are cns's own, as in `cnsc validate`; `recursion` comes before
    `max_validation_depth`, and in `graphs`, None is the default graph. With
    `multi_data_graphs_mode="validate_each"` there is an Answer for each number of a data graph,
    in a dict.

    Raises NotImplementedError for a parameter that asks for what cns cannot do, and CompileError
    for shapes and data that cannot be read.
    """
    _refuse(
        advanced=advanced,
        sparql_mode=sparql_mode,
        js=js,
        iterate_rules=iterate_rules,
        check_dash_result=check_dash_result,
    )
    given = [content_of(one) for one in several(data_graph)]
    data = [source_of(one, data_graph_format, lenient) for one in given]
    shapes = given if shacl_graph is None else [shacl_graph]
    shapes_format = data_graph_format if shacl_graph is None else shacl_graph_format
    ontologies = [] if ont_graph is None else [ont_graph]

    def compiled(extending: Sequence[str] = ()) -> Validator:
        return compile(
            shapes,
            ontologies,
            catalog=catalog,
            waive=waive,
            strict=strict,
            recursion=_depth(max_validation_depth) if recursion is None else recursion,
            engine=engine,
            inference=_inference(inference),
            extending=extending,
            shapes_format=shapes_format,
            ontologies_format=ont_graph_format,
        )

    validator = compiled()
    prefixes = prefixes_of(data, shacl_graph)
    threshold = _threshold(allow_infos, allow_warnings)
    first = bool(abort_on_first or abort_on_error)

    def validated(chosen: Validator, sources: Sequence[Source]) -> Report:
        return chosen.validate(
            sources,
            focus=iris(focus_nodes, prefixes),
            shapes=iris(use_shapes, prefixes),
            graphs=graphs,
            first=first and threshold == "info",
            lenient=lenient,
        )

    def answer(sources: Sequence[Source]) -> Answer:
        try:
            report = validated(validator, sources)
        except AddsToOntology:
            with files_of(sources) as extending:
                extended = compiled(extending)
            report = validated(extended, sources)
        report = replace(report, prefixes=tuple({**prefixes, **dict(report.prefixes)}.items()))
        if first:
            report = _up_to_failure(report, threshold)
        conforms = not severity.fails(report, threshold)
        graph = _graph_of(report, conforms, given, shapes)
        text = to_pyshacl_text(report, conforms)
        return conforms, _serialized(graph, serialize_report_graph), text

    match (multi_data_graphs_mode or "combine").lower():
        case "combine":
            return answer(data)
        case "validate_each":
            return {number: answer([source]) for number, source in enumerate(data)}
    raise ValueError(f"multi_data_graphs_mode={multi_data_graphs_mode!r}: combine, validate_each")


def _depth(most: int | None) -> int:
    """Return how deep recursive shapes may go: as pySHACL says, as far as the stack allows."""
    return min(_DEPTH if most is None else most, MAX_RECURSION)


def _inference(name: str | None) -> str:
    """Return which rules infer; `both`, RDFS and OWL 2 RL, are those of OWL 2 RL.

    Raises ValueError for a name that pySHACL has not either.
    """
    found = _INFERENCES.get((name or "none").lower())
    if found is None:
        raise ValueError(f"inference={name!r}: {', '.join(_INFERENCES)}")
    return found


def _refuse(**parameters: object) -> None:
    for name, value in parameters.items():
        if value:
            what = f"cns_build.validate does not support {name}={value!r}"
            raise NotImplementedError(f"{what}: leave it out, or use pySHACL")


def _threshold(allow_infos: bool | None, allow_warnings: bool | None) -> str:
    if allow_warnings:
        return "violation"
    return "warning" if allow_infos else "info"


def _up_to_failure(report: Report, threshold: str) -> Report:
    """Return the report up to the first result because of which the data do not conform."""
    for number, result in enumerate(report.results, 1):
        if severity.fails(replace(report, results=(result,), found=1), threshold):
            return replace(report, results=report.results[:number], found=number)
    return report


def _graph_of(
    report: Report, conforms: bool, data: Iterable[Any], shapes: Iterable[Any]
) -> rdflib.Graph:
    """Return the report as a graph that describes blank nodes of rdflib's graphs."""
    graph = to_graph(report, conforms)
    for properties, given in ((OF_DATA, data), (OF_SHAPES, shapes)):
        for source in filter(is_rdflib, given):
            describe(graph, properties, source)
    return graph


def _serialized(graph: rdflib.Graph, how: bool | str | None) -> rdflib.Graph | bytes:
    if not how:
        return graph
    format_ = how if isinstance(how, str) else "turtle"
    return graph.serialize(None, format=format_, encoding="utf-8")
