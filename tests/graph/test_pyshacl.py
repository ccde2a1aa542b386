# SPDX-License-Identifier: Apache-2.0
"""`cns_build.validate` is called as pySHACL's validate, and answers the same."""

from __future__ import annotations

import inspect
import io
from pathlib import Path
from typing import Any

import pyoxigraph
import pyshacl
import pytest
import rdflib
from rdflib import BNode, Graph, URIRef
from rdflib.compare import isomorphic

import cns_build
from cns_build.diagnostics import CompileError, UsageError
from cns_build.vocabulary import SH
from tests.compiling import PREFIXES
from tests.reference import read_report, same_results

SHAPES = """
ex:Person a sh:NodeShape ; sh:targetClass ex:Person ; sh:property ex:Name, ex:Age ;
  sh:nodeKind sh:IRI .
ex:Name a sh:PropertyShape ; sh:path ex:name ; sh:minCount 1 ; sh:datatype xsd:string .
ex:Age a sh:PropertyShape ; sh:path ex:age ; sh:maxInclusive 120 ; sh:severity sh:Warning .
ex:Known a sh:NodeShape ; sh:targetSubjectsOf ex:knows ; sh:severity sh:Info ;
  sh:property ex:KnownTo .
ex:KnownTo a sh:PropertyShape ; sh:path ( ex:knows [ sh:inversePath ex:knows ] ) ;
  sh:class ex:Cat ; sh:severity sh:Info .
"""
CASES = {
    "conforms": 'ex:a a ex:Person ; ex:name "A" ; ex:age 3 .',
    "nameless": "ex:a a ex:Person ; ex:age 3 .",
    "datatype": "ex:a a ex:Person ; ex:name 5, 'b' .",
    "blank": "_:x a ex:Person ; ex:name 'x' .",
    "warning": "ex:a a ex:Person ; ex:name 'x' ; ex:age 121 .",
    "info": "ex:a ex:knows ex:b . ex:c ex:knows ex:b .",
    "all": "ex:a a ex:Person ; ex:age 121, 122 ; ex:knows _:b . _:b a ex:Person ; ex:name 1 .",
}


def graph(text: str) -> Graph:
    return Graph().parse(data=PREFIXES + text, format="turtle")


def results(found: object) -> tuple[bool, list[Any]]:
    assert isinstance(found, Graph)
    return read_report(found)


def both(data: str, **options: Any) -> tuple[Any, Any]:
    """Validate with both, each with graphs of its own."""
    return (
        pyshacl.validate(graph(data), shacl_graph=graph(SHAPES), **options),
        cns_build.validate(graph(data), shacl_graph=graph(SHAPES), **options),
    )


@pytest.mark.parametrize("options", [{}, {"allow_infos": True}, {"allow_warnings": True}])
@pytest.mark.parametrize("case", CASES)
def test_answers_are_the_same(case: str, options: dict[str, Any]) -> None:
    theirs, ours = both(CASES[case], inference="none", **options)
    assert ours[0] is theirs[0]
    (conforms, expected), (said, found) = results(theirs[1]), results(ours[1])
    assert said is conforms
    assert same_results(expected, found)
    assert ours[2].splitlines()[:3] == theirs[2].splitlines()[:3]


ONTOLOGY = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:Cat rdfs:subClassOf ex:Animal . ex:feeds rdfs:range ex:Cat ; rdfs:subPropertyOf ex:knows .
ex:knows a owl:SymmetricProperty . ex:Employee rdfs:subClassOf ex:Person .
"""
FED = """
ex:a a ex:Employee ; ex:feeds ex:tom . ex:b a ex:Employee ; ex:name 'B' ; ex:knows ex:c .
ex:c a ex:Person ; ex:name 'C', 'D' .
"""


@pytest.mark.parametrize("inference", ["rdfs", "owlrl", "both"])
@pytest.mark.parametrize("ontology", ["beside", "in the data"])
def test_inference_is_the_same(inference: str, ontology: str) -> None:
    beside = ontology == "beside"
    data = FED if beside else FED + ONTOLOGY
    options: dict[str, Any] = {"inference": inference}
    theirs, ours = (
        validate(
            graph(data),
            shacl_graph=graph(SHAPES),
            ont_graph=graph(ONTOLOGY) if beside else None,
            **options,
        )
        for validate in (pyshacl.validate, cns_build.validate)
    )
    (conforms, expected), (said, found) = results(theirs[1]), results(ours[1])
    assert said is conforms is False
    assert same_results(expected, found)


def test_an_inference_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(ValueError, match="none, rdfs, owlrl, both"):
        cns_build.validate(graph(FED), graph(SHAPES), inference="owl")


def line_kinds(text: str) -> list[str]:
    """The lines of a text in any order, without messages and blank nodes."""
    return sorted(line for line in text.splitlines() if "Message" not in line and "_:" not in line)


@pytest.mark.parametrize("case", ["nameless", "datatype", "warning"])
def test_texts_differ_in_messages_alone(case: str) -> None:
    theirs, ours = both(CASES[case])
    assert line_kinds(ours[2]) == line_kinds(theirs[2])


@pytest.mark.parametrize(
    "options",
    [
        {"focus_nodes": ["http://example.org/b"]},
        {"focus_nodes": [URIRef("http://example.org/b")]},
        {"focus_nodes": ["ex:b"]},
        {"use_shapes": ["ex:Age"], "focus_nodes": ["ex:b"]},
    ],
)
def test_selections(options: dict[str, Any]) -> None:
    data = "ex:a a ex:Person ; ex:age 130 . ex:b a ex:Person ; ex:age 130 ."
    theirs = pyshacl.validate(graph(data), shacl_graph=graph(SHAPES), **options)
    ours = cns_build.validate(graph(data), shacl_graph=graph(SHAPES), **options)
    assert ours[0] is theirs[0]
    assert same_results(results(theirs[1])[1], results(ours[1])[1])


def test_shapes_without_targets_need_focus_nodes() -> None:
    """PySHACL says that data conform."""
    with pytest.raises(UsageError, match="Age> has no target"):
        cns_build.validate(graph(CASES["warning"]), graph(SHAPES), use_shapes=["ex:Age"])


def test_shapes_keep_those_that_they_refer_to() -> None:
    """PySHACL forgets them where it is told which shapes to use."""
    data = "ex:a a ex:Person ; ex:age 130 ."
    _, found, _ = cns_build.validate(graph(data), graph(SHAPES), use_shapes=["ex:Person"])
    shapes = {str(r.source_shape) for r in results(found)[1]}
    assert shapes == {"http://example.org/Name", "http://example.org/Age"}


def test_data_hold_their_own_shapes() -> None:
    text = SHAPES + CASES["nameless"]
    theirs = pyshacl.validate(graph(text))
    ours = cns_build.validate(graph(text))
    assert not ours[0]
    assert same_results(results(theirs[1])[1], results(ours[1])[1])


def test_ontologies() -> None:
    ontology = graph("ex:Student rdfs:subClassOf ex:Person .")
    data = "ex:a a ex:Student ."
    theirs, ours = both(data, ont_graph=ontology)
    assert not ours[0]
    assert same_results(results(theirs[1])[1], results(ours[1])[1])


def test_first() -> None:
    data = "ex:a a ex:Person . ex:b a ex:Person ."
    _, found, _ = cns_build.validate(graph(data), graph(SHAPES), abort_on_first=True)
    assert len(results(found)[1]) == 1


def test_blank_shapes_are_those_of_the_graph() -> None:
    shapes = graph("""ex:S a sh:NodeShape ; sh:targetClass ex:Person ;
        sh:property [ sh:path ex:name ; sh:in ( 1 2 ) ], [ sh:path ex:age ; sh:minCount 1 ] .""")
    data = graph("[] a ex:Person ; ex:name 3 .")
    theirs = pyshacl.validate(data, shacl_graph=shapes)
    ours = cns_build.validate(data, shacl_graph=shapes)
    for found in (theirs[1], ours[1]):
        assert isinstance(found, Graph)
        found.remove((None, URIRef(f"{SH}resultMessage"), None))
        assert {*found.objects(None, URIRef(f"{SH}sourceShape"))} <= {*shapes.all_nodes()}
        assert {*found.objects(None, URIRef(f"{SH}focusNode"))} <= {*data.all_nodes()}
    assert isomorphic(theirs[1], ours[1])


def test_the_first_is_one_that_is_not_allowed() -> None:
    data = CASES["info"] + " ex:z a ex:Person ; ex:age 130 . ex:y a ex:Person . ex:x a ex:Person ."
    failing = {"allow_infos": {"Warning", "Violation"}, "allow_warnings": {"Violation"}}
    for allowed, severities in failing.items():
        options: dict[str, Any] = {allowed: True, "abort_on_first": True}
        conforms, found, _ = cns_build.validate(graph(data), graph(SHAPES), **options)
        assert not conforms
        kept = [str(r.severity).rpartition("#")[2] for r in results(found)[1]]
        assert sum(severity in severities for severity in kept) == 1


def test_serialized_reports() -> None:
    for asked, format_ in ((True, "turtle"), ("nt", "nt")):
        theirs, ours = both(CASES["nameless"], serialize_report_graph=asked)
        assert isinstance(ours[1], bytes)
        read = [Graph().parse(data=given[1], format=format_) for given in (theirs, ours)]
        assert same_results(results(read[0])[1], results(read[1])[1])


def test_data_stay_as_they_are() -> None:
    data, ontology = graph(CASES["nameless"]), graph("ex:A rdfs:subClassOf ex:B .")
    before = set(data)
    for inplace in (False, True):
        cns_build.validate(data, graph(SHAPES), ontology, inplace=inplace)
        assert set(data) == before


# Input


def test_kinds_of_input(tmp_path: Path) -> None:
    text = PREFIXES + CASES["nameless"]
    (tmp_path / "data.ttl").write_text(text)
    (tmp_path / "data.txt").write_text(graph(text).serialize(format="xml"))
    (tmp_path / "shapes.ttl").write_text(PREFIXES + SHAPES)
    shapes = str(tmp_path / "shapes.ttl")
    quads = list(pyoxigraph.parse(text.encode(), pyoxigraph.RdfFormat.TURTLE))
    dataset = rdflib.Dataset()
    dataset.parse(data=text, format="turtle")
    given: list[tuple[Any, str | None]] = [
        (tmp_path / "data.ttl", None),
        (str(tmp_path / "data.ttl"), None),
        (f"file://{tmp_path}/data.ttl", None),
        (str(tmp_path / "data.txt"), "xml"),
        (text, None),
        (text.encode(), "turtle"),
        (io.BytesIO(text.encode()), "turtle"),
        (io.StringIO(text), "turtle"),
        (graph(text).serialize(format="xml"), "xml"),
        (graph(text).serialize(format="json-ld"), "json-ld"),
        (quads, None),
        (pyoxigraph.Dataset(quads), None),
        (dataset, None),
        ([graph("ex:a a ex:Person ."), graph("ex:a ex:age 3 .")], None),
    ]
    for data, format_ in given:
        conforms, found, _ = cns_build.validate(data, shapes, data_graph_format=format_)
        assert not conforms
        assert [str(r.focus) for r in results(found)[1]] == ["http://example.org/a"]


def test_kinds_of_shapes(tmp_path: Path) -> None:
    text = PREFIXES + SHAPES
    (tmp_path / "shapes.txt").write_text(graph(text).serialize(format="xml"))
    dataset = rdflib.Dataset()
    dataset.parse(data=text, format="turtle")
    given = [
        (text, None),
        (io.StringIO(text), "turtle"),
        (str(tmp_path / "shapes.txt"), "xml"),
        (dataset, None),
        (list(pyoxigraph.parse(text.encode(), pyoxigraph.RdfFormat.TURTLE)), None),
    ]
    for shapes, format_ in given:
        answer = cns_build.validate(
            graph(CASES["nameless"]), shacl_graph=shapes, shacl_graph_format=format_
        )
        assert isinstance(answer, tuple)
        assert not answer[0]


def test_several_graphs_one_by_one() -> None:
    data = [graph(CASES["conforms"]), graph(CASES["nameless"])]
    options: dict[str, Any] = {"multi_data_graphs_mode": "validate_each"}
    ours = cns_build.validate(data, shacl_graph=graph(SHAPES), **options)
    theirs: Any = pyshacl.validate(data, shacl_graph=graph(SHAPES), **options)
    assert isinstance(ours, dict)
    assert {n: a[0] for n, a in ours.items()} == {n: a[0] for n, a in theirs.items()}


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_named_graphs() -> None:
    data = rdflib.Dataset()
    data.parse(data=f"{PREFIXES} ex:g {{ ex:a a ex:Person }} ex:b a ex:Person .", format="trig")
    for graphs, expected in (
        (None, {"a", "b"}),
        ([None], {"b"}),
        (["http://example.org/g"], {"a"}),
    ):
        _, found, _ = cns_build.validate(data, graph(SHAPES), graphs=graphs)
        assert {str(r.focus)[-1] for r in results(found)[1]} == expected


# Parameters


@pytest.mark.parametrize(
    ("options", "depth"),
    [
        ({}, 15),
        ({"max_validation_depth": 30}, 30),
        ({"max_validation_depth": 30, "recursion": 20}, 20),
    ],
)
def test_recursion_is_bounded_as_in_pyshacl(options: dict[str, Any], depth: int) -> None:
    shapes = graph("ex:S sh:targetNode ex:n0 ; sh:property [ sh:path ex:next ; sh:node ex:S ] .")

    def chain(length: int) -> Graph:
        return graph("".join(f"ex:n{n} ex:next ex:n{n + 1} ." for n in range(length)))

    assert cns_build.validate(chain(depth // 3), shapes, **options)[0]
    with pytest.raises(CompileError, match="deeper"):
        cns_build.validate(chain(2 * depth), shapes, **options)
    with pytest.raises(CompileError, match="refers to itself"):
        cns_build.validate(chain(1), shapes, **{**options, "recursion": 0})


@pytest.mark.parametrize(
    "options",
    [
        {"advanced": True},
        {"sparql_mode": True},
        {"js": True},
        {"iterate_rules": True},
        {"check_dash_result": True},
    ],
)
def test_what_cannot_be_done_is_an_error(options: dict[str, Any]) -> None:
    with pytest.raises(NotImplementedError, match=next(iter(options))):
        cns_build.validate(graph(CASES["conforms"]), graph(SHAPES), **options)


def test_nothing_is_fetched() -> None:
    with pytest.raises(NotImplementedError, match="fetches nothing"):
        cns_build.validate("http://example.org/data.ttl", graph(SHAPES))


@pytest.mark.parametrize(
    "options",
    [
        {"meta_shacl": True},
        {"do_owl_imports": True},
        {"inplace": True},
        {"max_validation_depth": 30},
        {"debug": False},
        {"advanced": None, "inference": None, "abort_on_first": None},
    ],
)
def test_what_changes_nothing_is_accepted(options: dict[str, Any]) -> None:
    conforms, *_ = cns_build.validate(graph(CASES["conforms"]), graph(SHAPES), **options)
    assert conforms


def test_all_parameters_of_pyshacl_are_there() -> None:
    theirs = inspect.signature(pyshacl.validate).parameters.values()
    ours = set(inspect.signature(cns_build.validate).parameters)
    assert {p.name for p in theirs if p.kind is p.KEYWORD_ONLY} <= ours


def test_errors_are_raised() -> None:
    with pytest.raises(CompileError):
        cns_build.validate("<a:b> <a:c> .\n", graph(SHAPES))
    with pytest.raises(CompileError):
        cns_build.validate(graph(""), graph("ex:S a sh:PropertyShape ; sh:minCount 1 ."))
    with pytest.raises(TypeError):
        cns_build.validate(5, graph(SHAPES))
    with pytest.raises(ValueError, match="combine"):
        cns_build.validate([graph("")], graph(SHAPES), multi_data_graphs_mode="other")


def test_waivers_and_catalogs_reach_the_compiler(tmp_path: Path) -> None:
    (tmp_path / "names.ttl").write_text(f"""{PREFIXES}
        <http://example.org/names> a owl:Ontology .
        ex:Name a sh:PropertyShape ; sh:path ex:name ; sh:minCount 1 .""")
    shapes = graph("""<http://example.org/people> owl:imports <http://example.org/names> .
        ex:Person a sh:NodeShape ; sh:targetClass ex:Person ; sh:property ex:Name ;
          sh:js [ sh:jsFunctionName "f" ] .""")
    own: dict[str, Any] = {"waive": ["sh:js"], "catalog": [str(tmp_path)]}
    conforms, _, text = cns_build.validate(graph(CASES["nameless"]), shapes, **own)
    assert not conforms
    assert "sh:js" in text
    for name in own:
        with pytest.raises(CompileError):
            cns_build.validate(graph(""), shapes, **{**own, name: []})


def test_blank_nodes_cannot_be_chosen() -> None:
    with pytest.raises(TypeError, match="chosen by their IRIs"):
        cns_build.validate(Graph(), graph(SHAPES), focus_nodes=[BNode()])


def test_any_depth_may_be_asked_for() -> None:
    assert cns_build.validate(Graph(), graph(SHAPES), max_validation_depth=100_000)[0]
