# SPDX-License-Identifier: Apache-2.0
"""Results of SPARQL constraints and constraint components, and what their queries may not ask."""

from __future__ import annotations

import pyoxigraph
import pytest

from cns_build.graph.report import Result
from cns_build.graph.sparql import Evaluator, Failure, Forms
from cns_build.graph.sparql.check import query_of
from cns_build.graph.sparql.terms import to_store
from cns_build.model import IRI, BlankNode, Custom, InversePath, Literal, PredicatePath, Term
from cns_build.vocabulary import RDF, SH, XSD
from tests.graph.conftest import Read
from tests.graph.delegated import Delegated

EX = "http://example.org/"
A, B = IRI(EX + "a"), IRI(EX + "b")


def shape(query: str, more: str = "", where: str = "") -> str:
    """The node shape `ex:S` with one constraint, in which `more` stands, and `where` beside it."""
    quoted = query.replace("\\", "\\\\").replace('"', '\\"')
    return f"""ex:S a sh:NodeShape ; {where}
  sh:sparql [ sh:prefixes ex: ; {more} sh:select \"""{quoted}\""" ] .
"""


def text(value: str, language: str = "") -> Literal:
    return Literal(value, IRI(RDF + "langString" if language else XSD + "string"), language)


def number(lexical: str) -> Literal:
    return Literal(lexical, IRI(XSD + "integer"))


def values(results: list[Result]) -> list[Term | None]:
    return [result.value for result in results]


# Results


def test_a_result_says_where_it_comes_from(read: Read) -> None:
    both = read(
        """ex:a ex:p 1 .
        ex:S a sh:NodeShape ; sh:severity sh:Warning ; sh:sparql ex:constraint .
        ex:constraint sh:prefixes ex: ; sh:select "SELECT $this ?value { $this ex:p ?value }" ."""
    )
    (result,) = both.results("S", A)
    assert result == Result(
        focus=A,
        path=None,
        value=number("1"),
        shape=IRI(EX + "S"),
        component=IRI(SH + "SPARQLConstraintComponent"),
        severity=IRI(SH + "Warning"),
        constraint=IRI(EX + "constraint"),
        origin=both.constraints(IRI(EX + "S"))[0].origin,
    )
    assert both.results("S", B) == []


def test_the_focus_node_is_the_value_of_node_shapes(read: Read) -> None:
    assert values(read(shape("SELECT $this { }")).results("S", A)) == [A]


def test_property_shapes_have_a_value_only_where_the_query_says_so(read: Read) -> None:
    both = read(
        """ex:a ex:p 1 , 2 .
        ex:S a sh:PropertyShape ; sh:path ex:p ; sh:sparql
          [ sh:prefixes ex: ; sh:select "SELECT $this { }" ] ,
          [ sh:prefixes ex: ; sh:select "SELECT $this ?value { $this $PATH ?value }" ] ."""
    )
    results = both.results("S", A, [number("1"), number("2")])
    assert set(values(results)) == {None, number("1"), number("2")}
    assert {result.path for result in results} == {PredicatePath(IRI(EX + "p"))}


def test_each_solution_is_a_result(read: Read) -> None:
    both = read(f"ex:a ex:p 1 , 2 , 3 . {shape('SELECT $this { $this ex:p ?x }')}")
    assert values(both.results("S", A)) == [A, A, A]


def test_only_an_iri_is_a_path(read: Read) -> None:
    query = "SELECT $this ?path { $this ?p ?path } ORDER BY isIRI(?path)"
    first, second = read(f"ex:a ex:p 'x' , ex:q . {shape(query)}").results("S", A)
    assert first.path is None
    assert second.path == PredicatePath(IRI(EX + "q"))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("ex:p", [B]),
        ("[ sh:inversePath ex:p ]", [IRI(EX + "above")]),
        ("( ex:p rdf:type )", [IRI(EX + "C")]),
        ("[ sh:alternativePath ( ex:q [ sh:inversePath ex:p ] ) ]", [IRI(EX + "above")]),
        ("[ sh:oneOrMorePath ex:p ]", [B, IRI(EX + "c")]),
        ("[ sh:zeroOrMorePath ( ex:p ex:p ) ]", [A, IRI(EX + "c")]),
        ("( [ sh:zeroOrOnePath ex:p ] ex:p )", [B, IRI(EX + "c")]),
    ],
)
def test_a_path_stands_for_its_variable(read: Read, path: str, expected: list[Term]) -> None:
    both = read(
        f"""ex:above ex:p ex:a . ex:a ex:p ex:b . ex:b ex:p ex:c ; a ex:C .
        ex:S a sh:PropertyShape ; sh:path {path} ; sh:sparql
          [ sh:select "SELECT $this ?value {{ $this $PATH ?value }} ORDER BY ?value" ] ."""
    )
    assert both.check() == ""
    results = both.results("S", A)
    assert values(results) == expected
    assert {result.path for result in results} == {both.graph.shapes[IRI(EX + "S")].path}


def test_a_failure_is_raised(read: Read) -> None:
    both = read(shape("SELECT $this ?failure { BIND ($this = ex:a AS ?failure) }"))
    with pytest.raises(Failure, match="failed") as caught:
        both.results("S", A)
    (constraint,) = both.constraints(IRI(EX + "S"))
    assert caught.value.diagnostics[0].where == query_of(constraint).origin
    assert len(both.results("S", B)) == 1


def test_deactivated_constraints_have_no_results(read: Read) -> None:
    both = read(shape("SELECT $this { }", "sh:deactivated true ;"))
    assert both.results("S", A) == []


# Messages


def messages(both: Delegated, focus: Term = A) -> list[Literal]:
    (result,) = both.results("S", focus)
    return list(result.messages)


def test_templates_are_filled_in_each_language(read: Read) -> None:
    more = """sh:message "{$this} has {?value}, {?n}, {?none} {x}"@en , "{?value}"@de , "no" ;"""
    query = "SELECT $this ?value ?n { $this ex:p ?value BIND (<u:n> AS ?n) }"
    both = read(f"ex:a ex:p 1.50 . {shape(query, more)}")
    assert messages(both) == [
        text("ex:a has 1.50, u:n, {?none} {x}", "en"),
        text("1.50", "de"),
        text("no"),
    ]


def test_the_message_of_a_solution_goes_first(read: Read) -> None:
    query = 'SELECT $this (CONCAT("about ", STR($this)) AS ?message) { }'
    both = read(shape(query, "sh:message 'other' ;"))
    assert messages(both) == [text(f"about {EX}a")]


def test_the_message_of_the_shape_goes_last(read: Read) -> None:
    assert messages(read(shape("SELECT $this { }", where="sh:message 'shape' ;"))) == [
        text("shape")
    ]


def test_values_are_not_read_as_templates(read: Read) -> None:
    query = "SELECT $this ?value { $this ex:p ?value }"
    both = read("ex:a ex:p '{$this}' ." + shape(query, "sh:message 'got {?value}' ;"))
    assert messages(both) == [text("got {$this}")]


# Variables that have values beforehand


@pytest.mark.parametrize(
    "where",
    [
        "FILTER ($this = ex:a)",
        "FILTER (bound($this) && $this = ex:a)",
        "{ { { FILTER ($this = ex:a) } FILTER bound($this) } }",
        "{ FILTER (false) } UNION { FILTER ($this = ex:a) }",
        "OPTIONAL { ?x ex:none ?y } FILTER ($this = ex:a)",
        "OPTIONAL { FILTER ($this = ex:a) BIND (1 AS ?one) } FILTER (?one = 1)",
        "BIND ($this AS ?that) FILTER (?that = ex:a)",
        "BIND (COALESCE($this, ex:b) AS ?that) FILTER (?that = ex:a)",
        "{ BIND ($this AS ?that) } FILTER (?that = ex:a)",
        "FILTER EXISTS { FILTER ($this = ex:a) }",
        "FILTER NOT EXISTS { FILTER ($this != ex:a) }",
        "FILTER NOT EXISTS { { BIND ($this AS ?that) } FILTER (?that != ex:a) }",
        "FILTER EXISTS { { SELECT $this { { FILTER ($this = ex:a) } } } }",
        "{ SELECT $this { FILTER ($this = ex:a) } }",
        "{ SELECT $this (COUNT(*) AS ?n) { FILTER ($this = ex:a) } GROUP BY $this } FILTER (?n=1)",
        "{ SELECT * { $this ex:p ?x FILTER ($this = ex:a) } }",
        "GRAPH <urn:shapes> { FILTER ($this = ex:a) }",
        "GRAPH ?g { $this ex:p 1 . FILTER ($this = ex:a) }",
        "$this ex:p 1 FILTER ( # { not a group\n $this = ex:a && '{' != \"\"\"\"{\"\"\" )",
        "$this ex:p|ex:q+/ex:none? 1 FILTER ($this=ex:a&&1<2&&3>2)",
        "$this ( ex:p | ex:q ) + 1 FILTER ($this = ex:a && (1) + 2 = 3 && 2 * (3) = 6)",
    ],
)  # fmt: skip
def test_values_are_seen_everywhere(read: Read, where: str) -> None:
    both = read(f"ex:a ex:p 1 . ex:b ex:p 1 . {shape(f'SELECT $this {{ {where} }}')}")
    assert both.check() == ""
    assert len(both.results("S", A)) == 1
    assert both.results("S", B) == []
    node = BlankNode("new")
    assert both.results("S", node) == []


def test_the_variables_of_having_are_seen(read: Read) -> None:
    query = "SELECT $this { $this ex:p ?x } GROUP BY $this HAVING (COUNT(?x) > $low)"
    component = component_of("sh:nodeValidator", query)
    both = read(f"ex:a ex:p 1 , 2 . ex:b ex:p 1 . ex:S a sh:NodeShape ; ex:low 1 . {component}")
    assert len(both.results("S", A)) == 1
    assert both.results("S", B) == []


def test_the_current_shape_and_the_shapes_graph_are_seen(read: Read) -> None:
    path = f"<{SH}property>/<{SH}path>"
    query = f"SELECT $this ?value {{ GRAPH $shapesGraph {{ $currentShape {path} ?value }} }}"
    both = read(shape(query, where="sh:property [ sh:path ex:p ] ;"))
    assert values(both.results("S", A)) == [IRI(EX + "p")]


def test_a_subquery_sees_the_current_shape_if_it_projects_it(read: Read) -> None:
    sees = "{ SELECT $this $currentShape { FILTER bound($currentShape) } }"
    does_not = "{ SELECT $this { FILTER (!bound($currentShape)) } }"
    both = read(shape(f"SELECT $this {{ {sees} {does_not} FILTER bound($currentShape) }}"))
    assert both.check() == ""
    assert len(both.results("S", A)) == 1


def test_a_blank_node_is_seen_as_the_current_shape(read: Read) -> None:
    query = f"SELECT $this {{ GRAPH $shapesGraph {{ $currentShape <{SH}path> ex:p }} }}"
    both = read(
        f"""ex:a ex:p 1 . ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:property
        [ sh:path ex:p ; sh:sparql [ sh:prefixes ex: ; sh:select "{query}" ] ] ."""
    )
    assert len(both.report().results) == 1


def test_without_a_graph_of_the_shapes_asking_for_it_fails(read: Read) -> None:
    both = read(shape("SELECT $this { GRAPH $shapesGraph { ?s ?p ?o } }"))
    (constraint,) = both.constraints(IRI(EX + "S"))
    evaluator = Evaluator(both.store)
    with pytest.raises(Failure, match="shapesGraph"):
        evaluator.results(both.graph.shapes[IRI(EX + "S")], constraint, A, [])


def test_a_blank_node_can_be_focus_and_value(read: Read) -> None:
    query = "SELECT $this ?value { $this ex:q ?value FILTER NOT EXISTS { ?value ex:q $this } }"
    both = read(f"ex:a ex:p [ ex:q _:loop ] . _:loop ex:q _:loop . {shape(query)}")
    ((_, _, outer),) = [t for t in both.triples if t[1] == EX + "p"]
    ((_, _, loop),) = [t for t in both.triples if t[1] == EX + "q" and t[0] == outer]
    (result,) = both.results("S", outer)
    assert (result.focus, result.value) == (outer, loop)
    assert both.results("S", loop) == []


@pytest.mark.parametrize("iri", ["u:a b", "u:{a}", "u:#a#b", "u:\\", "a", "u:>"])
def test_an_iri_that_queries_cannot_write_is_found(read: Read, iri: str) -> None:
    both = read(shape("SELECT $this ?value { $this ex:p ?value }"))
    subject, predicate = to_store(IRI(iri)), pyoxigraph.NamedNode(EX + "p")
    assert isinstance(subject, pyoxigraph.NamedNode)
    both.store.add(pyoxigraph.Quad(subject, predicate, subject))
    assert values(both.results("S", IRI(iri))) == [IRI(iri)]


@pytest.mark.parametrize(
    "lexical", ['"', "\\", "\n\r\t", "'''", "\u0000", "{", "# x", "\U0001f600"]
)
def test_any_text_can_be_a_focus_node(read: Read, lexical: str) -> None:
    both = read(shape("SELECT $this (STRLEN($this) AS ?value) { }"))
    (result,) = both.results("S", text(lexical))
    assert result.focus == text(lexical)
    assert result.value == number(str(len(lexical)))


# Constraint components


def component_of(kind: str, query: str, parameters: str = "[ sh:path ex:low ]") -> str:
    """The component `ex:C` with one validator."""
    name, form = ("ask", "Ask") if query.startswith("ASK") else ("select", "Select")
    return f"""ex:C a sh:ConstraintComponent ; sh:parameter {parameters} ;
      sh:labelTemplate "at least {{$low}}" ; {kind} [ a sh:SPARQL{form}Validator ;
        sh:prefixes ex: ; sh:{name} \"\"\"{query}\"\"\" ] .
    """


def test_an_ask_query_is_about_each_value_node(read: Read) -> None:
    component = component_of("sh:validator", "ASK { FILTER ($value >= $low) }")
    both = read(
        f"""ex:a ex:p 1 , 2 , 3 , _:node . {component}
        ex:S a sh:PropertyShape ; sh:path ex:p ; ex:low 2 ; sh:targetNode ex:a ."""
    )
    results = both.results("S", A, [number("3"), number("1"), BlankNode("node"), number("2")])
    assert values(results) == [number("1"), BlankNode("node")]
    assert {result.component for result in results} == {IRI(EX + "C")}
    assert {result.constraint for result in results} == {None}
    assert {result.messages for result in results} == {(text("at least 2"),)}
    assert {result.path for result in results} == {PredicatePath(IRI(EX + "p"))}
    assert len(both.report().results) == 2


def test_an_ask_query_may_skip_solutions(read: Read) -> None:
    component = component_of("sh:validator", "ASK { $this ex:p ?x . BIND ($low AS ?y) } OFFSET 1")
    both = read(f"ex:a ex:p 1 , 2 . ex:b ex:p 1 . ex:S a sh:NodeShape ; ex:low 1 . {component}")
    assert both.check() == ""
    assert both.results("S", A, [A]) == []
    assert values(both.results("S", B, [B])) == [B]
    assert len(both.results("S", BlankNode("none"), [BlankNode("none")])) == 1


def test_a_select_validator_gets_path_and_parameters(read: Read) -> None:
    query = "SELECT DISTINCT $this ?value { $this $PATH ?value FILTER ($low = 2) }"
    both = read(
        f"""ex:a ex:p ex:b . {component_of("sh:propertyValidator", query)}
        ex:S a sh:PropertyShape ; sh:path [ sh:inversePath ex:p ] ; ex:low 2 ."""
    )
    (result,) = both.results("S", B)
    assert result.value == A
    assert result.path == InversePath(PredicatePath(IRI(EX + "p")))


def test_several_values_are_several_constraints(read: Read) -> None:
    component = component_of("sh:validator", "ASK { FILTER ($value >= $low) }")
    both = read(f"ex:S a sh:NodeShape ; ex:low 1 , 5 , 9 . {component}")
    results = both.results("S", number("3"), [number("3")])
    assert sorted(result.messages[0].lexical for result in results) == ["at least 5", "at least 9"]


def test_optional_parameters_are_unbound_without_a_value(read: Read) -> None:
    parameters = "[ sh:path ex:low ] , [ sh:path ex:high ; sh:optional true ]"
    query = "ASK { FILTER ($value >= $low && (!bound($high) || $value <= $high)) }"
    component = component_of("sh:validator", query, parameters)
    both = read(
        f"""ex:S a sh:NodeShape ; ex:low 1 . {component}
        ex:T a sh:NodeShape ; ex:low 1 ; ex:high 5 ."""
    )
    assert both.check() == ""
    seven = number("7")
    assert both.results("S", seven, [seven]) == []
    assert values(both.results("T", seven, [seven])) == [seven]


def test_a_parameter_may_be_a_blank_node(read: Read) -> None:
    query = "ASK { $low ex:q ?least FILTER ($value >= ?least) }"
    both = read(f"ex:S a sh:NodeShape ; ex:low [ ex:q 4 ] . {component_of('sh:validator', query)}")
    three, four = number("3"), number("4")
    assert values(both.results("S", three, [three])) == [three]
    assert both.results("S", four, [four]) == []


def test_components_count_inside_of_other_shapes(read: Read) -> None:
    component = component_of("sh:validator", "ASK { FILTER ($value >= $low) }")
    both = read(
        f"""ex:a ex:p 1 . ex:b ex:p 5 . {component}
        ex:S a sh:NodeShape ; sh:targetNode ex:a , ex:b ; sh:not [ sh:property
          [ sh:path ex:p ; ex:low 3 ] ] ."""
    )
    assert [str(result.focus) for result in both.report().results] == [EX + "b"]


# Many nodes at once


def test_many_nodes_have_the_results_of_one_after_the_other(read: Read) -> None:
    queries = [
        "SELECT $this ?value { $this ex:p ?value FILTER (?value > 3) }",
        "SELECT DISTINCT $this { $this ex:p ?x , ?y FILTER (?x < ?y) }",
        "SELECT $this ?value { ?value ex:next $this FILTER NOT EXISTS { $this ex:p ?v , 2 } }",
        "SELECT $this ?value { OPTIONAL { $this ex:p ?value FILTER (?value > 3) } }",
        "SELECT $this (SUM(?v) AS ?value) { $this ex:next*/ex:p ?v } GROUP BY $this",
        """SELECT $this ?value {
          { SELECT $this (MAX(?v) AS ?value) { $this ex:p ?v } GROUP BY $this }
          UNION { $this ex:next ?n { SELECT $this ?n { ?n ex:next $this } } } }""",
        "SELECT $this ?value { $this ex:p ?value } ORDER BY DESC(?value) LIMIT 1",
        """SELECT $this ?value {
          { SELECT $this ?value { $this ex:p ?value } ORDER BY ?value OFFSET 1 } }""",
        "SELECT $this ?value { $this ex:next+ ?value . ?value ex:p 5 }",
    ]
    data = [
        f"ex:n{i} ex:next ex:n{(i * 7 + 1) % 300} ; ex:p {i % 6} , {i % 4} .\n" for i in range(300)
    ]
    data += [shape(query).replace("ex:S", f"ex:S{i}") for i, query in enumerate(queries)]
    both = read("".join(data))
    assert both.check() == ""
    nodes: list[Term] = [IRI(f"{EX}n{i}") for i in range(300)]
    nodes += [BlankNode("none"), text("none"), number("01"), number("1")]
    for name, found in both.graph.shapes.items():
        (constraint,) = both.constraints(name)
        one_by_one = [
            result
            for node in nodes
            for result in both.evaluator.results(found, constraint, node, [node])
        ]
        at_once = both.evaluator.results_of(found, constraint, {node: [node] for node in nodes})
        assert sorted(map(str, at_once)) == sorted(map(str, one_by_one))
        assert [r.focus for r in at_once] == [r.focus for r in one_by_one]
        assert len(at_once) > 3


def test_many_value_nodes_are_asked_about_at_once(read: Read) -> None:
    component = component_of("sh:validator", "ASK { FILTER ($value >= $low && $value != $this) }")
    both = read(f"ex:S a sh:NodeShape ; ex:low 500 . {component}")
    (constraint,) = both.constraints(IRI(EX + "S"))
    assert isinstance(constraint, Custom)
    among: list[Term] = [number(str(i)) for i in range(490, 520)]
    nodes: dict[Term, list[Term]] = {number(str(i)): among for i in range(500, 510)}
    results = both.evaluator.results_of(both.graph.shapes[IRI(EX + "S")], constraint, nodes)
    assert [(r.focus, r.value) for r in results] == [
        (focus, value)
        for focus in nodes
        for value in among
        if isinstance(value, Literal) and (int(value.lexical) < 500 or value == focus)
    ]


# Lexical forms


def test_forms_of_the_data_come_back(read: Read) -> None:
    query = "SELECT $this ?value { $this ex:p ?value }"
    both = read(
        f"""ex:a ex:p 01 , "1"^^xsd:int , 2.50 , "2000-01-01T00:00:00+00:00"^^xsd:dateTime .
        {shape(query)}"""
    )
    data = [term for s, p, term in both.triples if p == EX + "p"]
    assert set(values(both.results("S", A, data))) == set(data)


def test_forms_that_are_not_value_nodes_come_back_too(read: Read) -> None:
    query = "SELECT $this ?value { ex:b ex:p ?value }"
    both = read(f"ex:b ex:p 2.50 . {shape(query)}")
    assert values(both.results("S", A)) == [Literal("2.50", IRI(XSD + "decimal"))]


def test_a_focus_node_keeps_its_form(read: Read) -> None:
    both = read(shape("SELECT $this { FILTER ($this = 1) }"))
    assert [r.focus for r in both.results("S", number("01"))] == [number("01")]
    assert values(both.results("S", number("01"))) == [number("01")]


def test_forms_that_the_store_rewrites_are_warned_of() -> None:
    assert Forms([number("1"), text("01")]).warning() is None
    warning = Forms([number("01"), number("1"), Literal("1", IRI(XSD + "int"))]).warning()
    assert warning is not None
    assert '"01"' in warning.message
    assert warning.severity == "warning"


@pytest.mark.parametrize(
    ("lexical", "datatype", "stored"),
    [
        ("+1", "integer", '"1"^^xsd:integer'),
        ("1", "nonNegativeInteger", '"1"^^xsd:integer'),
        ("1.0", "decimal", '"1"^^xsd:decimal'),
        ("1.0E0", "double", '"1"^^xsd:double'),
        ("1", "boolean", '"true"^^xsd:boolean'),
        ("2000-01-01T00:00:00Z", "dateTimeStamp", '"2000-01-01T00:00:00Z"^^xsd:dateTime'),
        ("P12M", "duration", '"P1Y"^^xsd:duration'),
        ("x", "integer", '"x"^^xsd:integer'),
        ("2000", "gYear", '"2000"^^xsd:gYear'),
        ("a", "anyURI", '"a"^^xsd:anyURI'),
    ],
)
def test_what_the_store_rewrites(lexical: str, datatype: str, stored: str) -> None:
    found = Forms().stored(Literal(lexical, IRI(XSD + datatype)))
    assert str(found).replace(f"<{XSD}", "xsd:").replace(">", "") == stored


# What queries may not ask


@pytest.mark.parametrize(
    ("query", "place", "said", "rule"),
    [
        ("SELECT $this { MINUS { ?a ?b ?c } }", "9:59", "no MINUS", "pre-binding-limitations"),
        ("SELECT $this { FILTER EXISTS { { ?a ?b ?c MINUS { ?c ?b ?a } } } }", "9:86", "no MINUS",
         "pre-binding-limitations"),
        ("SELECT $this { SERVICE <u:s> { ?a ?b ?c } }", "9:59", "no SERVICE",
         "pre-binding-limitations"),
        ("SELECT $this { VALUES ?x { 1 } }", "9:59", "no VALUES", "pre-binding-limitations"),
        ("SELECT $this { } VALUES ?x { 1 }", "9:61", "no VALUES", "pre-binding-limitations"),
        ("SELECT $this { BIND (1 AS ?this) }", "9:70", "$this has a value beforehand",
         "pre-binding-limitations"),
        ("SELECT (1 AS ?this) { }", "9:57", "$this has a value beforehand",
         "pre-binding-limitations"),
        ("SELECT ?this { } GROUP BY (1 AS ?this)", "9:76", "$this has a value beforehand",
         "pre-binding-limitations"),
        ("SELECT $this { BIND (1 AS ?currentShape) }", "9:70", "$currentShape has a value",
         "pre-binding-limitations"),
        ("SELECT $this { { SELECT ?x { ?x ?y ?z } } }", "9:61", "subquery does not project $this",
         "pre-binding-limitations"),
        ("SELECT $this { { SELECT * { FILTER bound($this) } } }", "9:61", "subquery does not",
         "pre-binding-limitations"),
        ("SELECT $this { FILTER EXISTS { SELECT ?x { ?x ?y ?z } } }", "9:75", "subquery does not",
         "pre-binding-limitations"),
        ("SELECT ?x { ?x ?y ?z }", "9:43", "does not project $this", "select-query-this"),
        ("SELECT $this { $PATH ex:p 1 }", "9:59", "$PATH", ""),
        ("ASK { }", "9:43", "not of the form SELECT", "select-query-valid"),
        ("SELECT $this {\\n  FILTER (?x = }", "9:76", "no SPARQL query", "select-query-valid"),
        ("SELECT $this { $this no:p 1 }", "9:65", "prefix no: is not", "select-query-valid"),
        ("SELECT $this (COUNT(?x) AS ?n) { $this ex:p ?x }", "9:92", "variable that is unbound",
         "select-query-valid"),
        ("SELECT $this { BIND (<u:f>($this) AS ?x) }", "9:43", "cannot be evaluated", ""),
    ],
)  # fmt: skip
def test_a_query_is_refused(read: Read, query: str, place: str, said: str, rule: str) -> None:
    both = read(f'ex:S a sh:NodeShape ;\n  sh:sparql [ sh:prefixes ex: ; sh:select "{query}" ] .')
    lines = both.check().splitlines()
    assert lines[0].startswith(f"both.ttl:{place}: error: ")
    assert said in lines[0]
    assert f" [{rule}]" in lines[0] if rule else not lines[0].endswith("]")
    assert sum(": error: " in line for line in lines) == 1


@pytest.mark.parametrize(
    "where", ["?x ?y $PATH", "?x ex:p ?y FILTER (?y = $PATH)", "BIND ($PATH AS ?path)"]
)
def test_a_path_stands_only_for_predicates(read: Read, where: str) -> None:
    both = read(
        f"""ex:S a sh:PropertyShape ; sh:path ex:p ; sh:sparql
        [ sh:prefixes ex: ; sh:select "SELECT $this {{ {where} }}" ] ."""
    )
    assert "only a predicate" in both.check()
    assert "[PATH-position]" in both.check()


@pytest.mark.parametrize(
    "query",
    [
        "ASK { BIND (1 AS ?value) }",
        "ASK { BIND (1 AS ?low) }",
        "ASK { BIND (1 AS ?high) }",
        "ASK { { SELECT $this $value $low { } } }",
    ],
)
def test_parameters_and_value_have_values_beforehand(read: Read, query: str) -> None:
    parameters = "[ sh:path ex:low ] , [ sh:path ex:high ; sh:optional true ]"
    component = component_of("sh:validator", query, parameters)
    both = read(f"ex:S a sh:NodeShape ; ex:low 1 . ex:T a sh:NodeShape ; ex:low 2 . {component}")
    (diagnostic,) = both.diagnostics()  # once, though two shapes use it
    assert diagnostic.rule == "pre-binding-limitations"


def test_value_is_a_variable_like_others_in_select(read: Read) -> None:
    query = "SELECT $this ?value { BIND (1 AS ?value) }"
    assert values(read(shape(query)).results("S", A)) == [number("1")]
    assert read(shape(query)).check() == ""
