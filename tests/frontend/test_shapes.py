# SPDX-License-Identifier: Apache-2.0
"""Shapes: which there are, their order, constraints, targets and texts; waivers; classes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cns_build.frontend import load
from cns_build.model import (
    IRI,
    And,
    BlankNode,
    ClassConstraint,
    Closed,
    Constraint,
    Datatype,
    Disjoint,
    Equals,
    HasValue,
    In,
    LanguageIn,
    LessThan,
    LessThanOrEquals,
    Literal,
    MaxCount,
    MaxExclusive,
    MaxInclusive,
    MaxLength,
    MinCount,
    MinExclusive,
    MinInclusive,
    MinLength,
    NodeConstraint,
    NodeKind,
    Not,
    Or,
    Origin,
    Pattern,
    PredicatePath,
    Property,
    QualifiedValueShape,
    TargetClass,
    TargetNode,
    TargetObjectsOf,
    TargetSubjectsOf,
    UniqueLang,
    Unsupported,
    Waiver,
    Xone,
)
from cns_build.vocabulary import RDF, SH, XSD
from tests.frontend.inputs import EX, Loader, positions

T, U = IRI(EX + "T"), IRI(EX + "U")
ANY = Origin("", 0)


def literal(lexical: str, datatype: str = "string") -> Literal:
    return Literal(lexical, IRI(XSD + datatype))


def text(lexical: str, language: str) -> Literal:
    return Literal(lexical, IRI(RDF + "langString"), language)


def without_origin(constraint: Constraint) -> Constraint:
    fields = {name: getattr(constraint, name) for name in constraint.__dataclass_fields__}
    return type(constraint)(**(fields | {"origin": ANY}))


CONSTRAINTS = [
    ("sh:class ex:T", ClassConstraint(T, ANY)),
    ("sh:datatype xsd:int", Datatype(IRI(XSD + "int"), ANY)),
    *((f"sh:nodeKind sh:{k}", NodeKind(k, ANY)) for k in ("IRI", "BlankNode", "Literal")),
    *((f"sh:nodeKind sh:{k}", NodeKind(k, ANY)) for k in ("BlankNodeOrIRI", "IRIOrLiteral")),
    ("sh:nodeKind sh:BlankNodeOrLiteral", NodeKind("BlankNodeOrLiteral", ANY)),
    ("sh:minCount 1", MinCount(1, ANY)),
    ('sh:minCount "007"^^xsd:integer', MinCount(7, ANY)),
    ('sh:minCount "-0"^^xsd:integer', MinCount(0, ANY)),
    ('sh:minCount " +1 "^^xsd:integer', MinCount(1, ANY)),
    ("sh:maxCount 0", MaxCount(0, ANY)),
    ("sh:minExclusive 1.0", MinExclusive(literal("1.0", "decimal"), ANY)),
    ("sh:minInclusive 01", MinInclusive(literal("01", "integer"), ANY)),
    ("sh:maxExclusive 1e0", MaxExclusive(literal("1e0", "double"), ANY)),
    ('sh:maxInclusive "2026-01-01"^^xsd:date', MaxInclusive(literal("2026-01-01", "date"), ANY)),
    ("sh:minLength 2", MinLength(2, ANY)),
    ("sh:maxLength 3", MaxLength(3, ANY)),
    ('sh:pattern "^a"', Pattern("^a", "", ANY)),
    ('sh:pattern "^a\\\\." ; sh:flags "i"', Pattern("^a\\.", "i", ANY)),
    ('sh:languageIn ( "en" "de-AT" )', LanguageIn(("en", "de-AT"), ANY)),
    ("sh:uniqueLang true", UniqueLang(ANY)),
    ("sh:equals ex:T", Equals(T, ANY)),
    ("sh:disjoint ex:T", Disjoint(T, ANY)),
    ("sh:lessThan ex:T", LessThan(T, ANY)),
    ("sh:lessThanOrEquals ex:T", LessThanOrEquals(T, ANY)),
    ("sh:not ex:T", Not(T, ANY)),
    ("sh:and ( ex:T ex:U )", And((T, U), ANY)),
    ("sh:or ( ex:U ex:T )", Or((U, T), ANY)),
    ("sh:xone ( ex:T )", Xone((T,), ANY)),
    ("sh:and ()", And((), ANY)),
    ("sh:node ex:T", NodeConstraint(T, ANY)),
    ("sh:property ex:P", Property(IRI(EX + "P"), ANY)),
    (
        "sh:qualifiedValueShape ex:T ; sh:qualifiedMinCount 1",
        QualifiedValueShape(T, 1, None, False, ANY),
    ),
    (
        "sh:qualifiedMaxCount 2 ; sh:qualifiedValueShape ex:T ;"
        " sh:qualifiedValueShapesDisjoint true",
        QualifiedValueShape(T, None, 2, True, ANY),
    ),
    ("sh:closed true", Closed((), ANY)),
    ("sh:closed true ; sh:ignoredProperties ( ex:T )", Closed((T,), ANY)),
    ("sh:hasValue ()", HasValue(IRI(RDF + "nil"), ANY)),
    ('sh:hasValue "01"^^xsd:integer', HasValue(literal("01", "integer"), ANY)),
    ("sh:in ()", In((), ANY)),
    ('sh:in ( ex:T 1 "a"@en () )', In((T, literal("1", "integer"), text("a", "en"),
                                       IRI(RDF + "nil")), ANY)),
]  # fmt: skip
OTHER_SHAPES = "ex:T a sh:NodeShape . ex:U a sh:NodeShape . ex:P sh:path ex:p ."


@pytest.mark.parametrize(("turtle", "expected"), CONSTRAINTS)
def test_constraints(loader: Loader, turtle: str, expected: Constraint) -> None:
    shape = loader.shape(f"ex:S a sh:PropertyShape ; sh:path ex:p ; {turtle} .\n{OTHER_SHAPES}")
    assert [without_origin(c) for c in shape.constraints] == [expected]


@pytest.mark.parametrize("turtle", ["sh:uniqueLang false", "sh:closed false"])
def test_switched_off(loader: Loader, turtle: str) -> None:
    assert loader.shape(f"ex:S a sh:PropertyShape ; sh:path ex:p ; {turtle} .").constraints == ()


@pytest.mark.parametrize("name", ["uniqueLang", "closed"])
def test_only_the_lexical_form_true_switches_on(loader: Loader, name: str) -> None:
    name_of_shape = "ex:S a sh:PropertyShape ; sh:path ex:p"
    printed = loader.warnings(f'{name_of_shape} ; sh:{name} "1"^^xsd:boolean .')
    assert f"warning: sh:{name} has no effect: only the lexical form true switches it" in printed


def test_constraints_come_in_source_order_with_their_positions(loader: Loader) -> None:
    name = loader.write(
        "ex:S sh:maxLength 5 ; sh:targetClass ex:C ;\n"
        "  sh:class ex:B, ex:A ; sh:property [ sh:path ex:p ; sh:minCount 1 ] ;\n"
        "  sh:minLength 2 ; sh:or ( [ sh:in ( 1 ) ] ) .\n"
        "ex:S sh:nodeKind sh:IRI ; sh:class ex:B ."
    )
    graph, sources, _ = load([], [name])
    constraints = graph.shapes[IRI(EX + "S")].constraints
    assert [type(c).__name__ for c in constraints] == [
        "MaxLength",
        "ClassConstraint",
        "ClassConstraint",
        "Property",
        "MinLength",
        "Or",
        "NodeKind",
    ]
    assert positions(sources, [c.origin for c in constraints]) == [
        (7, 19),
        (8, 12),
        (8, 18),
        (8, 37),
        (9, 16),
        (9, 26),
        (10, 18),
    ]


def test_shapes_come_in_source_order(loader: Loader) -> None:
    graph = loader.load(
        "ex:Z a sh:NodeShape ; sh:node ex:M .\n"
        "ex:A sh:targetNode ex:n ; sh:not [ sh:class ex:C ] .\n"
        "ex:M sh:nodeKind sh:IRI ."
    )
    names = [node.value[-1] if isinstance(node, IRI) else "_" for node in graph.shapes]
    assert names == ["Z", "A", "_", "M"]


def test_positions_of_shapes(loader: Loader) -> None:
    name = loader.write("ex:S\n  a sh:NodeShape ; sh:not\n  [ sh:class ex:C ] ; sh:or ( [] ) .")
    graph, sources, _ = load([], [name])
    assert positions(sources, [s.origin for s in graph.shapes.values()]) == [
        (7, 1),
        (9, 3),
        (9, 29),
    ]


@pytest.mark.parametrize(
    "turtle",
    [
        "ex:S a sh:NodeShape .",
        "ex:S a sh:PropertyShape ; sh:path ex:p .",
        "ex:S a ex:MyShape . ex:MyShape rdfs:subClassOf sh:NodeShape .",
        "ex:S sh:targetClass ex:C .",
        "ex:S sh:targetNode ex:C .",
        "ex:S sh:targetSubjectsOf ex:C .",
        "ex:S sh:targetObjectsOf ex:C .",
        "ex:S a rdfs:Class ; sh:nodeKind sh:IRI .",
        "ex:S a owl:Class ; sh:property [ sh:path ex:p ] .",
        "ex:S sh:target [ a ex:Target ] .",
    ],
)
def test_what_is_a_shape(loader: Loader, turtle: str) -> None:
    assert IRI(EX + "S") in loader.load(turtle).shapes


@pytest.mark.parametrize(
    "turtle",
    [
        "ex:S a owl:Class .",
        "ex:S sh:nodeKind sh:IRI .",
        "ex:S a ex:C ; sh:property [ sh:path ex:p ] .",
    ],
)
def test_what_is_no_shape(loader: Loader, turtle: str) -> None:
    assert list(loader.load(f"{turtle} ex:T a sh:NodeShape .").shapes) == [T]


def test_targets(loader: Loader) -> None:
    shape = loader.shape(
        "ex:S sh:targetObjectsOf ex:T ; sh:targetNode ex:T, 1, () ; a owl:Class, sh:NodeShape ;"
        " sh:targetClass ex:U ; sh:targetSubjectsOf ex:T ."
    )
    assert [type(t)(**{**{f: getattr(t, f) for f in t.__dataclass_fields__}, "origin": ANY})
            for t in shape.targets] == [
        TargetObjectsOf(T, ANY),
        TargetNode(T, ANY),
        TargetNode(literal("1", "integer"), ANY),
        TargetNode(IRI(RDF + "nil"), ANY),
        TargetClass(IRI(EX + "S"), True, ANY),
        TargetClass(U, False, ANY),
        TargetSubjectsOf(T, ANY),
    ]  # fmt: skip


def test_implicit_targets_follow_subclasses_of_class(loader: Loader) -> None:
    shape = loader.shape(
        "ex:S a ex:Meta, sh:NodeShape . ex:Meta rdfs:subClassOf ex:M2 ."
        " ex:M2 rdfs:subClassOf rdfs:Class ."
    )
    assert [t.iri for t in shape.targets if isinstance(t, TargetClass) and t.implicit] == [
        IRI(EX + "S")
    ]


def test_a_class_that_is_only_referred_to_is_a_target_too(loader: Loader) -> None:
    shape = loader.shape("ex:T a sh:NodeShape ; sh:node ex:S . ex:S a rdfs:Class .")
    assert len(shape.targets) == 1


def test_a_class_of_an_ontology_is_no_implicit_target(loader: Loader) -> None:
    loader.write("ex:S a owl:Class .", "o.ttl")
    graph = loader.load("ex:S a sh:NodeShape .", ontologies=["o.ttl"])
    assert graph.shapes[IRI(EX + "S")].targets == ()


def test_texts_and_flags(loader: Loader) -> None:
    shape = loader.shape(
        'ex:S a sh:NodeShape ; rdfs:label "label"@en ; sh:name "name", "Name"@de ;'
        ' sh:description "d" ; rdfs:comment "c", ex:not_a_text ; sh:message "m1"@en, "m2" ;'
        " sh:severity ex:Bad ; sh:deactivated true ; sh:order 1 ; sh:group ex:g ."
    )
    assert shape.names == (literal("name"), text("Name", "de"), text("label", "en"))
    assert shape.descriptions == (literal("d"), literal("c"))
    assert shape.messages == (text("m1", "en"), literal("m2"))
    assert shape.severity == IRI(EX + "Bad")
    assert shape.deactivated
    assert shape.constraints == ()


def test_defaults(loader: Loader) -> None:
    shape = loader.shape("ex:S a sh:NodeShape ; sh:deactivated false .")
    assert (shape.severity, shape.messages, shape.deactivated, shape.path) == (
        IRI(SH + "Violation"),
        (),
        False,
        None,
    )


def test_blank_nodes_without_triples_are_empty_shapes(loader: Loader) -> None:
    graph = loader.load("ex:S a sh:NodeShape ; sh:not [] .")
    (constraint,) = graph.shapes[IRI(EX + "S")].constraints
    assert isinstance(constraint, Not)
    assert isinstance(constraint.shape, BlankNode)
    assert graph.shapes[constraint.shape].constraints == ()


def test_recursive_shapes_are_read(loader: Loader) -> None:
    text = "ex:S sh:targetNode 1 ; sh:property ex:P . ex:P sh:path ex:p ; sh:node ex:S ."
    graph = loader.load(text)
    assert len(graph.shapes) == 2
    assert graph.shapes[IRI(EX + "P")].path == PredicatePath(IRI(EX + "p"))


def test_equal_triples_count_once(loader: Loader) -> None:
    loader.write("ex:S sh:class ex:C ; sh:minLength 1 .", "more.ttl")
    name = loader.write("ex:S a sh:NodeShape ; sh:class ex:C, ex:C ; sh:minLength 1 .")
    graph, _, _ = load([], [name, "more.ttl"])
    assert len(graph.shapes[IRI(EX + "S")].constraints) == 2


@pytest.mark.parametrize(
    ("turtle", "parameter"),
    [
        ("sh:js [ sh:jsFunctionName 'f' ]", "sh:js"),
        ("sh:rule [ a sh:TripleRule ]", "sh:rule"),
        ("sh:expression ex:e", "sh:expression"),
        ("sh:target [ a sh:SPARQLTarget ]", "sh:target"),
        ("sh:memberShape ex:T", "sh:memberShape"),
        ("<http://datashapes.org/dash#uniqueValueForClass> ex:C",
         "<http://datashapes.org/dash#uniqueValueForClass>"),
        ("ex:max3 1", "ex:max3"),
    ],
)  # fmt: skip
def test_unsupported(loader: Loader, turtle: str, parameter: str) -> None:
    component = "ex:Component a sh:ConstraintComponent ; sh:parameter [ sh:path ex:max3 ] ."
    shape = loader.shape(f"ex:S a sh:NodeShape ; {turtle} ; ex:other 1 . {component}")
    (constraint,) = shape.constraints
    assert isinstance(constraint, Unsupported)
    assert constraint.parameter == parameter


def test_a_deactivated_sparql_constraint_is_left_out(loader: Loader) -> None:
    shape = loader.shape("ex:S a sh:NodeShape ; sh:sparql [ sh:deactivated true ] .")
    assert shape.constraints == ()


@pytest.mark.parametrize(
    ("term", "advice"),
    [
        ("sh:minCont", "did you mean sh:minCount?"),
        ("sh:targetclass", "did you mean sh:targetClass?"),
        ("sh:propertys", "did you mean sh:property?"),
        ("sh:nodeShape", "did you mean sh:node?"),
        ("sh:resultPth", "did you mean sh:resultPath?"),
        ("sh:xyzzyxyzzy", "remove it, or use another namespace"),
    ],
)
def test_unknown_terms(loader: Loader, term: str, advice: str) -> None:
    printed = loader.warnings(f"ex:S a sh:NodeShape ;\n  {term} 1 .")
    assert printed.startswith(f"shapes.ttl:8:3: warning: {term} is no term of SHACL")
    assert advice in printed


def test_terms_of_reports_rules_and_functions_are_known(loader: Loader) -> None:
    loader.load(
        "ex:S a sh:NodeShape . ex:r a sh:ValidationReport ; sh:conforms true ; sh:result"
        " [ sh:focusNode ex:f ; sh:resultPath ex:p ; sh:value 1 ; sh:sourceShape ex:S ] ."
        " <> sh:declare [ sh:prefix 'ex' ; sh:namespace 'http://example.org/'^^xsd:anyURI ] ."
    )


@pytest.mark.parametrize(
    ("turtle", "message"),
    [
        ('sh:flags "i"', "sh:flags has no effect without sh:pattern"),
        ("sh:ignoredProperties ()", "sh:ignoredProperties has no effect without sh:closed"),
        ("sh:qualifiedMinCount 1", "has no effect without sh:qualifiedValueShape"),
    ],
)
def test_second_parameters_alone(loader: Loader, turtle: str, message: str) -> None:
    assert message in loader.warnings(f"ex:S a sh:PropertyShape ; sh:path ex:p ; {turtle} .")


def test_a_qualified_shape_needs_a_count(loader: Loader) -> None:
    loader.write("ex:S a sh:PropertyShape ; sh:path ex:p ; sh:qualifiedValueShape ex:S .")
    printed = loader.errors("shapes.ttl")
    assert "has neither sh:qualifiedMinCount nor sh:qualifiedMaxCount" in printed


# Waivers


@pytest.mark.parametrize(
    "name", ["sh:sparql", "s:sparql", "http://www.w3.org/ns/shacl#sparql", f"<{SH}sparql>"]
)
def test_a_waived_parameter(loader: Loader, name: str) -> None:
    graph = loader.load(
        f"@prefix s: <{SH}> . ex:S a sh:NodeShape ; sh:class ex:C ; sh:sparql [], ex:q .",
        waive=[name],
    )
    assert [type(c) for c in graph.shapes[IRI(EX + "S")].constraints] == [ClassConstraint]
    assert graph.waivers == tuple(
        Waiver(name, "sh:sparql of shape ex:S", Origin("shapes.ttl", n)) for n in (2, 3)
    )


def test_a_waived_parameter_may_have_any_value(loader: Loader) -> None:
    shape = loader.load("ex:S a sh:NodeShape ; sh:pattern 1 .", waive=["sh:pattern"])
    assert shape.shapes[IRI(EX + "S")].constraints == ()


@pytest.mark.parametrize(
    ("turtle", "kind"), [("sh:node ex:Gone", NodeConstraint), ("sh:or ( ex:T ex:Gone )", Or)]
)
@pytest.mark.parametrize("name", ["shape:http://example.org/Gone", "shape:ex:Gone"])
def test_a_waived_shape_is_empty(
    loader: Loader, turtle: str, kind: Callable[..., Constraint], name: str
) -> None:
    graph = loader.load(f"ex:S a sh:NodeShape ; {turtle} . ex:T a sh:NodeShape .", waive=[name])
    assert [type(c) for c in graph.shapes[IRI(EX + "S")].constraints] == [kind]
    assert graph.shapes[IRI(EX + "Gone")].constraints == ()
    assert [w.name for w in graph.waivers] == [name]


def test_a_waived_property_shape_is_left_out(loader: Loader) -> None:
    graph = loader.load("ex:S a sh:NodeShape ; sh:property ex:Gone .", waive=["shape:ex:Gone"])
    assert [(node, s.constraints) for node, s in graph.shapes.items()] == [(IRI(EX + "S"), ())]
    assert len(graph.waivers) == 1


# Classes


def test_classes_of_all_files(loader: Loader) -> None:
    loader.write(
        'ex:A a owl:Class ; rdfs:label "a", "A"@en ; rdfs:comment "about" ;'
        " rdfs:subClassOf ex:B, [ a owl:Restriction ] . ex:i a ex:A .",
        "o.ttl",
    )
    graph = loader.load(
        "ex:S a sh:NodeShape ; sh:targetClass ex:D ; sh:class ex:E ."
        " ex:C a rdfs:Class ; rdfs:subClassOf ex:A .",
        ontologies=["o.ttl"],
    )
    a, b, c, d, e = (IRI(EX + name) for name in "ABCDE")
    assert [pair for pair in graph.subclasses if isinstance(pair[1], IRI)] == [(a, b), (c, a)]
    assert (IRI(EX + "i"), a) in graph.instances
    assert list(graph.classes) == [a, b, c, d, e]
    assert graph.classes[a].labels == (literal("a"), text("A", "en"))
    assert graph.classes[a].comments == (literal("about"),)
    assert graph.classes[a].origin == Origin("o.ttl", 0, "subject")


def test_waivers_name_the_shape_around_a_blank_node(loader: Loader) -> None:
    graph = loader.load(
        """
ex:S a sh:NodeShape ; sh:pattern "a" ;
  sh:property [ a sh:PropertyShape ; sh:path ex:p ; sh:pattern "b" ;
    sh:or ( [ sh:pattern "c" ] [ sh:path ex:q ; sh:pattern "d" ] ) ] .
[] sh:targetClass ex:C ; sh:pattern "e" .
""",
        waive=["sh:pattern"],
    )
    assert sorted(waiver.what for waiver in graph.waivers) == [
        "sh:pattern of shape a blank node",
        "sh:pattern of shape ex:S",
        "sh:pattern of shape ex:S at ex:p",
        "sh:pattern of shape ex:S at ex:p",
        "sh:pattern of shape ex:S at ex:p/ex:q",
    ]
