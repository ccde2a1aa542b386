# SPDX-License-Identifier: Apache-2.0
"""The evaluator by hand, where the W3C suite is silent or design.md section 3 decides."""

from __future__ import annotations

import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from tests.reference import (
    SH,
    EvaluationFailure,
    IllFormedShape,
    RecursiveShape,
    Reference,
    Report,
    Result,
    UnsupportedFeature,
    evaluate,
    literal,
    load,
    validate_focus,
)
from tests.reference.terms import XSD, datatype_of

EX = "http://example.org/"
PREFIXES = f"""
@prefix : <{EX}> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def graph(text: str) -> Graph:
    return load(PREFIXES + text)


def ex(name: str) -> URIRef:
    return URIRef(EX + name)


def short(node: Node | None) -> str:
    if node is None:
        return "-"
    if isinstance(node, BNode):
        return "[]"
    if isinstance(node, Literal):
        suffix = f"@{node.language}" if node.language else ""
        datatype = str(datatype_of(node)).removeprefix(str(XSD))
        return f"{node}{suffix or ('' if datatype == 'string' else '^' + datatype)}"
    return str(node).removeprefix(EX)


def line(result: Result) -> str:
    component = str(result.component).removeprefix(str(SH)).removesuffix("ConstraintComponent")
    path = str(result.path or "-").replace(EX, "")
    return f"{short(result.focus)} {path} {component} {short(result.value)}"


def lines(report: Report | list[Result]) -> list[str]:
    return sorted(map(line, report if isinstance(report, list) else report.results))


def check(shapes: str, data: str) -> list[str]:
    return lines(evaluate(graph(data), graph(shapes)))


# One property shape :P with path :p at :S, which targets :a. Constraint, data of :a, results
# without "a <p>".
PROPERTY = [
    ("sh:minCount 2", ":p 1, 01", ""),
    ("sh:maxCount 1", ":p 1, 01", "MaxCount -"),
    ("sh:minCount 1", ":q 1", "MinCount -"),
    ("sh:minCount 0", ":q 1", ""),
    ("sh:maxCount 0", ":p 1", "MaxCount -"),
    ("sh:in (1)", ":p 01", "In 01^integer"),
    ("sh:in (1)", ":p 1", ""),
    ('sh:in ("a"^^xsd:string)', ':p "a"', ""),
    ('sh:in ("a"@en)', ':p "a"@EN', ""),
    ("sh:in ()", ":p 1", "In 1^integer"),
    ("sh:hasValue 1", ":p 01", "HasValue -"),
    ("sh:hasValue 1, 2", ":p 1, 2", ""),
    ("sh:hasValue 1, 2", ":p 1", "HasValue -"),
    ("sh:datatype xsd:byte", ":p 1", "Datatype 1^integer"),
    ("sh:datatype xsd:byte", ':p "128"^^xsd:byte', "Datatype 128^byte"),
    ("sh:datatype xsd:string", ':p "a"@en', "Datatype a@en"),
    ("sh:datatype rdf:langString", ':p "a"@en', ""),
    ("sh:datatype xsd:string", ":p :x", "Datatype x"),
    ("sh:datatype :unknown", ':p "a"^^:unknown', ""),
    ("sh:nodeKind sh:IRIOrLiteral", ":p :x, 1, []", "NodeKind []"),
    ("sh:nodeKind sh:BlankNodeOrIRI", ":p :x, 1, []", "NodeKind 1^integer"),
    ("sh:nodeKind sh:BlankNodeOrLiteral", ":p :x, 1, []", "NodeKind x"),
    ("sh:class :C", ":p 1, :x, :y . :y a :D . :D rdfs:subClassOf :C", "Class 1^integer|Class x"),
    ("sh:class :C, :E", ":p :y . :y a :C", "Class y"),
    ("sh:minInclusive 1", ":p 1, 1.0, 1e0, 0", "MinInclusive 0^integer"),
    ("sh:minExclusive 1", ":p 1, 1.0, 2", "MinExclusive 1^integer|MinExclusive 1.0^decimal"),
    ("sh:maxInclusive 1", ':p "NaN"^^xsd:double', "MaxInclusive NaN^double"),
    (
        "sh:maxInclusive 1",
        ':p :x, "1", [], "0"@en',
        "MaxInclusive 0@en|MaxInclusive 1|MaxInclusive []|MaxInclusive x",
    ),
    ("sh:maxInclusive 1", ':p "0.5"^^xsd:integer', "MaxInclusive 0.5^integer"),
    ('sh:maxInclusive "x"^^xsd:integer', ":p 1", "MaxInclusive 1^integer"),
    ("sh:minLength 2", ':p "\U0001f600", "ab", 12, [] , :x', "MinLength []|MinLength \U0001f600"),
    ("sh:maxLength 1", ':p "\U0001f600", "ab"', "MaxLength ab"),
    ("sh:maxLength 0", ":p []", "MaxLength []"),
    ('sh:pattern "^1"', ":p 1, 2, []", "Pattern 2^integer|Pattern []"),
    ('sh:pattern "^http"', ":p :x", ""),
    ('sh:pattern "^A" ; sh:flags "i"', ':p "a"', ""),
    (
        'sh:languageIn ("en" "fr-BE")',
        ':p "a"@en-GB, "b"@FR-be, "c"@fr, "d", 1, :x',
        "LanguageIn 1^integer|LanguageIn c@fr|LanguageIn d|LanguageIn x",
    ),
    ('sh:languageIn ("e" "en-G")', ':p "a"@en-gb', "LanguageIn a@en-gb"),
    ('sh:languageIn ("*")', ':p "a"@en, "b"', "LanguageIn b"),
    ("sh:uniqueLang true", ':p "a"@en, "b"@EN, "c"@fr, "d", "e"', "UniqueLang -"),
    ("sh:uniqueLang true", ':p "a"@en, "b"@en-GB', ""),
    ("sh:uniqueLang true", ':p "a"@en, "b"@en, "c"@fr, "d"@fr', "UniqueLang -|UniqueLang -"),
    ("sh:equals :q", ":p 1, 2 ; :q 2, 3", "Equals 1^integer|Equals 3^integer"),
    ("sh:equals :q", ":p 1 ; :q 01", "Equals 01^integer|Equals 1^integer"),
    ("sh:disjoint :q", ":p 1, 2, 3 ; :q 2, 03", "Disjoint 2^integer"),
    ("sh:lessThan :q", ":p 1, 2 ; :q 2, 3", "LessThan 2^integer"),
    ("sh:lessThan :q", ":p 5 ; :q 2, 3", "LessThan 5^integer|LessThan 5^integer"),
    ("sh:lessThan :q", ":p 1", ""),
    ("sh:lessThan :q", ":p :x ; :q 1", "LessThan x"),
    ("sh:lessThanOrEquals :q", ":p 1 ; :q 1.0", ""),
    ("sh:not [ sh:datatype xsd:integer ]", ":p 1, 1.0", "Not 1^integer"),
    ("sh:or ()", ":p 1", "Or 1^integer"),
    ("sh:and ()", ":p 1", ""),
    ("sh:xone ()", ":p 1", "Xone 1^integer"),
    ("sh:xone ([ sh:minInclusive 0 ] [ sh:maxInclusive 0 ])", ":p 0, 1", "Xone 0^integer"),
    ("sh:node [ sh:severity sh:Info ; sh:nodeKind sh:IRI ]", ":p 1", "Node 1^integer"),
    ("sh:node [ sh:deactivated true ; sh:nodeKind sh:IRI ]", ":p 1", ""),
    ("sh:not [ sh:deactivated true ; sh:nodeKind sh:IRI ]", ":p 1", "Not 1^integer"),
    ("sh:deactivated true ; sh:maxCount 0", ":p 1", ""),
    (
        "sh:qualifiedValueShape [ sh:minInclusive 2 ] ; sh:qualifiedMinCount 2 ",
        ":p 1, 2",
        "QualifiedMinCount -",
    ),
    (
        "sh:qualifiedValueShape [ sh:minInclusive 2 ] ; sh:qualifiedMaxCount 1 ",
        ":p 1, 2, 3",
        "QualifiedMaxCount -",
    ),
]


@pytest.mark.parametrize(("constraint", "data", "expected"), PROPERTY)
def test_property_constraint(constraint: str, data: str, expected: str) -> None:
    shape = f":S sh:targetNode :a ; sh:property [ sh:path :p ; {constraint} ] ."
    wanted = sorted(f"a <p> {item}" for item in expected.split("|") if item)
    assert check(shape, f":a {data} .") == wanted


PATHS = [
    (":p", "b"),
    ("[ sh:inversePath :p ]", "z"),
    ("( :p :p )", "c"),
    ("( :p [ sh:inversePath :q ] )", "a d"),
    ("[ sh:inversePath ( :p :p ) ]", "y"),
    ("[ sh:inversePath [ sh:inversePath :p ] ]", "b"),
    ("[ sh:inversePath ( :p :loop ) ]", "f"),
    ("[ sh:inversePath [ sh:alternativePath ( :loop ( :p :loop ) ) ] ]", "e f"),
    ("[ sh:alternativePath ( :p :q [ sh:inversePath :p ] ) ]", "b z"),
    ("[ sh:zeroOrOnePath :p ]", "a b"),
    ("[ sh:zeroOrMorePath :p ]", "a b c"),
    ("[ sh:oneOrMorePath :p ]", "b c"),
    ("[ sh:oneOrMorePath [ sh:inversePath :p ] ]", "y z"),
    ("[ sh:inversePath [ sh:zeroOrMorePath :p ] ]", "a y z"),
    ("[ sh:oneOrMorePath :loop ]", "a e"),
    ("[ sh:zeroOrMorePath [ sh:alternativePath ( :p [ sh:inversePath :p ] ) ] ]", "a b c y z"),
    ("( [ sh:zeroOrMorePath :p ] [ sh:zeroOrMorePath :p ] )", "a b c"),
    ("[ sh:zeroOrOnePath ( :p :none ) ]", "a"),
    ("rdf:nil", ""),
]


@pytest.mark.parametrize(("path", "reached"), PATHS)
def test_paths(path: str, reached: str) -> None:
    data = ":y :p :z . :z :p :a . :a :p :b . :b :p :c . :a :q :b . :d :q :b . "
    data += ":a :loop :e . :e :loop :a . :f :p :e ."
    report = evaluate(graph(data), graph(f":S sh:targetNode :a ; sh:path {path} ; sh:in () ."))
    assert " ".join(sorted(short(result.value) for result in report.results)) == reached


def test_a_literal_is_a_focus_node() -> None:
    shapes = ":S sh:targetNode 1 ; sh:path [ sh:inversePath :p ] ; sh:maxCount 1 ; sh:equals :q ."
    assert check(shapes, ":a :p 1 . :b :p 1, 01 .") == [
        "1^integer ^(<p>) Equals a",
        "1^integer ^(<p>) Equals b",
        "1^integer ^(<p>) MaxCount -",
    ]


def test_a_closed_shape_reports_each_triple_of_each_value_node() -> None:
    closed = "sh:closed true ; sh:property [ sh:path :q ; sh:deactivated true ], "
    closed += "[ sh:path ( :r :s ) ] ; sh:ignoredProperties ( :t )"
    data = ":a :p :x . :x :q 1 ; :r 2, 3 ; :t 4 ; rdf:type :C ."
    expected = ["<r> Closed 2^integer", "<r> Closed 3^integer"]
    type_path = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> Closed C"
    assert check(f":S sh:targetNode :x ; {closed} .", data) == [
        *(f"x {item}" for item in [type_path, *expected])
    ]
    assert check(f":S sh:targetNode :a ; sh:path :p ; {closed} .", data) == [
        *(f"a {item}" for item in [type_path, *expected])
    ]


def test_only_the_form_true_activates() -> None:
    data = ':a :p "x"@en, "y"@en ; :q :b .'
    one = '"1"^^xsd:boolean'
    assert check(f":S sh:targetNode :a ; sh:path :p ; sh:uniqueLang {one} .", data) == []
    assert check(f":S sh:targetNode :a ; sh:closed {one} .", data) == []
    active = f":S sh:targetNode :a ; sh:path :q ; sh:maxCount 0 ; sh:deactivated {one} ."
    assert check(active, data) == ["a <q> MaxCount -"]


def test_language_tags_are_equal_in_any_case() -> None:
    data, focus = Graph(), ex("a")
    for text, tag in [("x", "en"), ("y", "EN")]:
        data.add((focus, ex("p"), literal(text, language=tag)))
    unique = graph(":S sh:targetNode :a ; sh:path :p ; sh:uniqueLang true .")
    assert lines(evaluate(data, unique)) == ["a <p> UniqueLang -"]
    assert evaluate(
        data, graph(':S sh:targetNode :a ; sh:path :p ; sh:in ("x"@En "y"@eN) .')
    ).conforms


def test_node_shape_constraints_apply_to_the_focus_node() -> None:
    shapes = ":S sh:targetNode :a, 1 ; sh:equals :p ; sh:disjoint :q ; sh:hasValue :a ."
    assert check(shapes, ":a :p :b ; :q :a .") == [
        "1^integer - Equals 1^integer",
        "1^integer - HasValue -",
        "a - Disjoint a",
        "a - Equals a",
        "a - Equals b",
    ]


def test_results_are_a_multiset() -> None:
    shapes = ":S sh:targetNode :a ; sh:property :P, :Q . :P sh:path :p ; sh:property :R . "
    shapes += ":Q sh:path :q ; sh:property :R . :R sh:path :r ; sh:minCount 1 ."
    assert check(shapes, ":a :p :b ; :q :b .") == ["b <r> MinCount -", "b <r> MinCount -"]


def test_sibling_shapes_are_excluded_by_name() -> None:
    shapes = """:S sh:targetNode :a ; sh:property :P, :Q .
      :P sh:path :p ; sh:qualifiedValueShape :X ; sh:qualifiedMinCount 2 ;
         sh:qualifiedValueShapesDisjoint true .
      :Q sh:path :p ; sh:qualifiedValueShape :Y ; sh:qualifiedMinCount 1 .
      :X sh:minInclusive 1 . :Y sh:minInclusive 3 ."""
    assert check(shapes, ":a :p 1, 2 .") == ["a <p> QualifiedMinCount -"]
    assert check(shapes, ":a :p 1, 2, 3 .") == []
    # 3 conforms to both: for :P it does not count, for :Q, which is not disjoint, it does.
    assert check(shapes, ":a :p 1, 3 .") == ["a <p> QualifiedMinCount -"]


TARGETS = [
    ("sh:targetNode :nowhere, 1", "1 nowhere"),
    ("sh:targetClass :C", "c d"),
    ("sh:targetClass :D", "d"),
    ("sh:targetSubjectsOf :p", "c x"),
    ("sh:targetObjectsOf :p", "1 y"),
    ("sh:targetSubjectsOf :p ; sh:targetClass :C ; sh:targetNode :c", "c d x"),
    ("a sh:NodeShape, rdfs:Class", "s"),
    ("a sh:NodeShape, owl:Class", "s"),
    ("a sh:NodeShape, :Metaclass . :Metaclass rdfs:subClassOf rdfs:Class", "s"),
    ("a :Kind, owl:Class . :Kind rdfs:subClassOf sh:NodeShape", "s"),
    ("a sh:NodeShape", ""),
]


@pytest.mark.parametrize(("target", "selected"), TARGETS)
def test_targets(target: str, selected: str) -> None:
    data = ":c a :C ; :p 1 . :d a :D . :D rdfs:subClassOf :C . :x :p :y . :s a :S ."
    report = evaluate(graph(data), graph(f":S {target} . :S sh:in () ."))
    assert sorted(str(result.focus).removeprefix(EX) for result in report.results) == (
        selected.split()
    )


def test_strict_takes_owl_classes_out_of_the_implicit_targets() -> None:
    data, shapes = graph(":s a :S ."), graph(":S a sh:NodeShape, owl:Class ; sh:in () .")
    assert not evaluate(data, shapes).conforms
    assert evaluate(data, shapes, strict=True).conforms


def test_the_ontology_gives_classes_but_no_focus_nodes() -> None:
    data = graph(":d a :D ; :p :e, :f .")
    ontology = graph(":D rdfs:subClassOf :C . :e a :D . :d :p :g . :g :p :h .")
    shapes = graph(
        ":S sh:targetClass :C ; sh:targetSubjectsOf :p ; sh:property :P ."
        ":P sh:path :p ; sh:class :C ."
    )
    assert lines(evaluate(data, shapes, ontology=ontology)) == ["d <p> Class f"]


def test_focus_nodes_narrow_the_targets() -> None:
    data, shapes = graph(":a :p 1 . :b :p 2 ."), graph(":S sh:targetSubjectsOf :p ; sh:in () .")
    assert lines(evaluate(data, shapes, focus_nodes=[ex("b"), ex("c")])) == ["b - In b"]


def test_one_focus_node_against_one_shape() -> None:
    data = graph(":a :p 1 .")
    shapes = graph(":S sh:property :P . :P sh:path :p ; sh:maxCount 0 .")
    assert lines(validate_focus(data, shapes, ex("S"), ex("a"))) == ["a <p> MaxCount -"]
    assert lines(validate_focus(data, shapes, ex("P"), ex("a"))) == ["a <p> MaxCount -"]
    assert validate_focus(data, shapes, ex("S"), ex("b")) == []


def test_severity_and_messages_belong_to_the_shape() -> None:
    shapes = """:S sh:targetNode :a ; sh:severity sh:Warning ; sh:message "outer" ; sh:in () ;
      sh:property [ sh:path :p ; sh:minCount 1 ; sh:message "one"@en, "eins"@de ] ."""
    report = evaluate(graph(""), graph(shapes))
    found = {str(r.path): (r.severity, r.messages) for r in report.results}
    german, english = literal("eins", language="de"), literal("one", language="en")
    assert found == {
        "None": (SH["Warning"], (literal("outer"),)),
        f"<{EX}p>": (SH["Violation"], (german, english)),
    }
    assert not evaluate(
        graph(""), graph(":S sh:targetNode :a ; sh:severity sh:Info ; sh:in () .")
    ).conforms


ILL_FORMED = [
    ":S sh:targetNode :a ; sh:minCount 1",
    ":S sh:targetNode :a ; sh:uniqueLang true",
    ":S sh:targetNode :a ; sh:lessThan :p",
    ":S sh:targetNode :a ; sh:qualifiedValueShape [ sh:in () ] ; sh:qualifiedMinCount 1",
    ':S sh:path :p ; sh:minCount "1"',
    ':S sh:path :p ; sh:minCount "1"^^xsd:int',
    ':S sh:path :p ; sh:minCount "x"^^xsd:integer',
    ":S sh:path :p ; sh:minCount 1.0",
    ":S sh:path :p ; sh:minCount 1, 2",
    ":S sh:path :p ; sh:maxCount :x",
    ":S sh:path :p, :q ; sh:maxCount 1",
    ":S sh:path 1 ; sh:maxCount 1",
    ":S a sh:NodeShape ; sh:path :p",
    ":S a sh:PropertyShape",
    ":S sh:property [ sh:in () ]",
    ':S sh:property "x"',
    ":S sh:node :missing",
    ":S sh:node [ sh:path :p ; sh:in () ]",
    ":S sh:or ( :missing )",
    ":S sh:or ( 1 )",
    ":S sh:or :S",
    ":S sh:or [ rdf:first [ sh:in () ] ]",
    ":S sh:in :list . :list rdf:first 1 ; rdf:rest :list",
    ":S sh:in [ rdf:first 1, 2 ; rdf:rest () ]",
    ":S sh:in (1), (2)",
    ":S sh:datatype xsd:string, xsd:integer",
    ':S sh:datatype "x"',
    ":S sh:class 1",
    ":S sh:class []",
    ":S sh:nodeKind :IRI",
    ":S sh:minInclusive :x",
    ":S sh:minInclusive 1, 2",
    ":S sh:minLength 1.5",
    ':S sh:pattern "("',
    ':S sh:pattern "a" ; sh:flags "g"',
    ':S sh:pattern "a"@en',
    ':S sh:languageIn ( "en"@en )',
    ":S sh:equals 1",
    ':S sh:closed "true"',
    ":S sh:closed true ; sh:ignoredProperties ( 1 )",
    ":S sh:targetClass 1",
    ":S sh:targetNode []",
    ":S sh:targetNode :a ; sh:severity 1",
    ":S sh:targetNode :a ; sh:severity sh:Info, sh:Warning",
    ":S sh:targetNode :a ; sh:message 1",
    ':S sh:targetNode :a ; sh:deactivated "yes"',
    ":S sh:path ( :p ) ; sh:maxCount 1",
    ":S sh:path [ sh:alternativePath ( :p ) ] ; sh:maxCount 1",
    ":S sh:path [ sh:inversePath :p ; sh:zeroOrOnePath :p ] ; sh:maxCount 1",
    ":S sh:path [ sh:inversePath :p, :q ] ; sh:maxCount 1",
    ":S sh:path [] ; sh:maxCount 1",
    ":S sh:path _:p ; sh:maxCount 1 . _:p sh:inversePath _:p",
    ":S sh:path _:p ; sh:maxCount 1 . _:p sh:inversePath [ sh:zeroOrOnePath _:p ]",
]


@pytest.mark.parametrize("shapes", ILL_FORMED)
def test_ill_formed_shapes_fail(shapes: str) -> None:
    with pytest.raises(IllFormedShape):
        check(f"{shapes} .", ":a :p 1 .")


def test_nodes_that_no_shape_reaches_may_be_ill_formed() -> None:
    assert check(":S sh:targetNode :a . :x sh:path () . [] sh:inversePath 1 .", "") == []


@pytest.mark.parametrize(
    "shapes",
    [
        ":S sh:not :S",
        ":S sh:not [ sh:property [ sh:path :p ; sh:node :S ] ]",
        ":S sh:xone ( :S )",
        ":S sh:property [ sh:path :p ; sh:qualifiedValueShape :S ; sh:qualifiedMaxCount 1 ]",
        ":S sh:targetNode :a ; sh:property [ sh:path :p ; sh:node :S ]",
        ":S sh:targetNode :a ; sh:node :S",
        # :S by way of its sibling's shape: the sibling counts only where :X fails.
        """:S sh:property :P, :Q . :P sh:path :p ; sh:qualifiedMinCount 1 ;
             sh:qualifiedValueShape :X ; sh:qualifiedValueShapesDisjoint true . :X sh:in () .
           :Q sh:path :p ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape [ sh:node :S ]""",
    ],
)
def test_recursion_fails(shapes: str) -> None:
    with pytest.raises(RecursiveShape):
        check(f"{shapes} .", ":a :p :b . :b :p :a .")


def test_positive_recursion_ends_where_the_data_does() -> None:
    shapes = ":S sh:targetNode :a ; sh:nodeKind sh:IRI ; sh:property [ sh:path :p ; sh:node :S ] ."
    assert check(shapes, ":a :p :b . :b :p :c .") == []
    assert check(shapes, ":a :p :b . :b :p 1 .") == ["a <p> Node b"]


@pytest.mark.parametrize(
    ("shapes", "waived"),
    [
        (':S sh:targetNode :a ; sh:sparql [ sh:select "" ]', SH["sparql"]),
        (":S sh:in () ; sh:target []", SH["target"]),
        (":S sh:in () ; sh:js []", SH["js"]),
        (":S sh:in () . :S sh:entailment :x", SH["entailment"]),
        (":S sh:in () ; :custom 1 . [] sh:parameter [ sh:path :custom ]", ex("custom")),
        (":S sh:targetNode :a ; sh:node :missing", ex("missing")),
    ],
)
def test_nothing_is_skipped_unless_waived(shapes: str, waived: URIRef) -> None:
    with pytest.raises((UnsupportedFeature, IllFormedShape)):
        check(f"{shapes} .", "")
    assert evaluate(graph(""), graph(f"{shapes} ."), waived=[waived]).conforms


def test_one_reference_serves_many_data_graphs() -> None:
    reference = Reference(
        graph(":S sh:targetSubjectsOf :p ; sh:path :p ; sh:class :C ."),
        ontology=graph(":D rdfs:subClassOf :C ."),
    )
    assert lines(reference.evaluate(graph(":a :p :b . :b a :D ."))) == []
    assert lines(reference.evaluate(graph(":a :p :b . :b a :E ."))) == ["a <p> Class b"]
    with_classes = graph(":a :p :b . :b a :E . :E rdfs:subClassOf :D .")
    assert reference.validate_focus(with_classes, ex("S"), ex("a")) == []


def test_very_deep_paths_are_a_failure() -> None:
    path = "[ sh:inversePath " * 3000 + ":p" + " ]" * 3000
    with pytest.raises(EvaluationFailure):
        check(f":S sh:targetNode :a ; sh:path {path} .", "")


def test_very_deep_nesting_is_a_failure() -> None:
    chain = " ".join(f":S{i} sh:node :S{i + 1} ." for i in range(3000))
    with pytest.raises(EvaluationFailure):
        check(f":S0 sh:targetNode :a . {chain} :S3000 sh:nodeKind sh:IRI .", "")
