# SPDX-License-Identifier: Apache-2.0
"""Axioms read as constraints: what each kind accepts and refuses, in both engines of graphs and
by the reference evaluator over the same shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat
from rdflib import URIRef

from cns_build.frontend import load
from cns_build.graph.compiling import compile_program
from cns_build.graph.data import Source
from cns_build.graph.report import Report
from cns_build.graph.validator import Validator
from cns_build.owl.expressions import MAX_NESTING, MAX_PARTS
from cns_build.owl.reading import SEVERITIES, Reading
from cns_build.vocabulary import RDFS
from tests.frontend.inputs import PREFIXES
from tests.graph import references
from tests.graph.native import build_library, shapes_in
from tests.owl.shapes_graph import shapes_graph
from tests.reference import Reference, same_results
from tests.reference.terms import load as load_graph

CASES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "someValuesFrom": (
            "ex:C rdfs:subClassOf [ owl:onProperty ex:p ; owl:someValuesFrom ex:D ] .",
            """ex:good a ex:C ; ex:p ex:d, 1 . ex:d a ex:D .
            ex:bad1 a ex:C ; ex:p ex:x . #! each ex:C: ex:p some ex:D (Warning)
            ex:bad2 a ex:C . #! each ex:C: ex:p some ex:D (Warning)""",
        ),
        "allValuesFrom": (
            "ex:C rdfs:subClassOf [ owl:onProperty ex:p ; owl:allValuesFrom ex:D ] .",
            """ex:good a ex:C ; ex:p ex:d . ex:d a ex:D . ex:free ex:p ex:x .
            ex:bad a ex:C ; ex:p ex:d, ex:x . #! each ex:C: ex:p only ex:D""",
        ),
        "hasValue": (
            "ex:C rdfs:subClassOf [ owl:onProperty ex:p ; owl:hasValue ex:v ] .",
            """ex:good a ex:C ; ex:p ex:v, ex:w .
            ex:bad a ex:C ; ex:p ex:w . #! each ex:C: ex:p value ex:v""",
        ),
        "hasSelf": (
            "ex:C rdfs:subClassOf [ owl:onProperty ex:p ; owl:hasSelf true ] .",
            """ex:good a ex:C ; ex:p ex:good .
            ex:bad a ex:C ; ex:p ex:good . #! each ex:C: ex:p Self""",
        ),
        "cardinalities": (
            """ex:C rdfs:subClassOf [ owl:onProperty ex:p ; owl:cardinality 2 ] .
            ex:E rdfs:subClassOf [ owl:onProperty ex:p ; owl:minCardinality 1 ] ,
              [ owl:onProperty ex:q ; owl:maxCardinality 1 ] .
            ex:r rdfs:subPropertyOf ex:q .""",
            """ex:good a ex:C ; ex:p 1, "1.0"^^xsd:decimal, 2 .
            ex:few a ex:C ; ex:p 1 . #! each ex:C: ex:p exactly 2 (Warning)
            ex:many a ex:C ; ex:p 1, 2, 3 . #! each ex:C: ex:p exactly 2
            ex:fine a ex:E ; ex:p 1 ; ex:q ex:x ; ex:r ex:x .
            ex:none a ex:E . #! each ex:E: ex:p min 1 (Warning)
            ex:two a ex:E ; ex:p 1 ; ex:q ex:x ; ex:r ex:y . #! each ex:E: ex:q max 1""",
        ),
        "qualified cardinalities": (
            """ex:C rdfs:subClassOf
              [ owl:onProperty ex:p ; owl:minQualifiedCardinality 2 ; owl:onClass ex:D ] ,
              [ owl:onProperty ex:q ; owl:maxQualifiedCardinality 0 ; owl:onClass ex:D ] .""",
            """ex:d a ex:D . ex:e a ex:D .
            ex:good a ex:C ; ex:p ex:d, ex:e, ex:x ; ex:q ex:x .
            ex:few a ex:C ; ex:p ex:d, ex:x . #! each ex:C: ex:p min 2 ex:D (Warning)
            ex:bad a ex:C ; ex:p ex:d, ex:e ; ex:q ex:d . #! each ex:C: ex:q max 0 ex:D""",
        ),
        "equivalentClass, its necessary half": (
            """ex:C owl:equivalentClass [ owl:intersectionOf ( ex:D
              [ owl:onProperty ex:p ; owl:allValuesFrom ex:E ] ) ] .
            [] rdfs:subClassOf ex:F ; owl:onProperty ex:q ; owl:someValuesFrom owl:Thing .""",
            """ex:free ex:p ex:x ; a ex:D . ex:e a ex:E . ex:good a ex:C ; ex:p ex:e .
            ex:alsoD a ex:C ; ex:isIn ex:D .
            ex:inferred ex:q ex:x .
            ex:bad a ex:C ; ex:p ex:x . #! each ex:C: ex:p only ex:E""",
        ),
        "unions and complements": (
            """ex:C rdfs:subClassOf [ owl:unionOf ( ex:D [ owl:complementOf ex:E ] ) ] .
            ex:F owl:complementOf ex:E .""",
            """ex:d a ex:C, ex:D, ex:E . ex:n a ex:C .
            ex:bad a ex:C, ex:E . #! each ex:C: ex:D or (not ex:E)
            ex:both a ex:E, ex:F . #! ex:F and ex:E are disjoint""",
        ),
        "oneOf": (
            """ex:C owl:oneOf ( ex:a ex:b ) .
            ex:p rdfs:range [ a rdfs:Datatype ; owl:oneOf ( "x" 2 ) ] .""",
            """ex:a a ex:C ; ex:p "x", 2 .
            ex:c a ex:C . #! each ex:C: {ex:a, ex:b}
            ex:d ex:p "y" . #! values of ex:p are in {x, 2}""",
        ),
        "disjointness": (
            """[] a owl:AllDisjointClasses ; owl:members ( ex:E ex:F ex:G ) .
            ex:C owl:disjointWith ex:D . ex:G2 rdfs:subClassOf ex:G .
            ex:H owl:disjointUnionOf ( ex:I ex:J ) .""",
            """ex:a a ex:C, ex:E .
            ex:b a ex:C, ex:D . #! ex:C and ex:D are disjoint
            ex:c a ex:F, ex:G2 . #! ex:F and ex:G are disjoint
            ex:d a ex:I, ex:J . #! ex:I and ex:J are disjoint
            ex:e a ex:H, ex:I .
            ex:f a ex:H . #! each ex:H is in ex:I or ex:J""",
        ),
        "a class without instances": (
            "ex:C rdfs:subClassOf owl:Nothing .",
            """ex:b a ex:D .
            ex:a a ex:C . #! ex:C has no instances""",
        ),
        "domains": (
            """ex:p rdfs:domain ex:C, [ owl:unionOf ( ex:D ex:E ) ] .
            ex:q rdfs:subPropertyOf ex:p . ex:i owl:inverseOf ex:p .""",
            """ex:a a ex:C, ex:D ; ex:p 1 . ex:b a ex:C, ex:E ; ex:q 1 .
            ex:c a ex:D ; ex:q 1 . #! what has ex:p is in ex:C
            ex:d a ex:C ; ex:p 1 . #! what has ex:p is in (ex:D or ex:E)
            ex:e a ex:C . ex:x ex:i ex:e . #! what has ex:p is in (ex:D or ex:E)""",
        ),
        "ranges": (
            """ex:p rdfs:range ex:D . ex:q rdfs:subPropertyOf ex:p . ex:i owl:inverseOf ex:p .
            ex:n rdfs:range xsd:integer . ex:t rdfs:range rdfs:Literal .
            ex:o rdfs:range owl:Thing . ex:r rdfs:range owl:real .
            ex:l rdfs:range rdf:PlainLiteral .""",
            """ex:d a ex:D . ex:a ex:p ex:d ; ex:n 1, "2.0"^^xsd:decimal, "3"^^xsd:byte .
            ex:b ex:t "x", 1 ; ex:o ex:x ; ex:r 1.5 ; ex:l "a", "b"@en .
            ex:c ex:q ex:x . #! values of ex:p are in ex:D
            ex:e ex:i ex:y . #! values of ex:p are in ex:D @ex:y
            ex:f ex:n 1.5 . #! values of ex:n are in xsd:integer
            ex:g ex:n "1"^^xsd:double . #! values of ex:n are in xsd:integer
            ex:h ex:t ex:x . #! values of ex:t are in rdfs:Literal
            ex:j ex:o 1 . #! values of ex:o are in owl:Thing
            ex:k ex:r 1.5e0 . #! values of ex:r are in owl:real
            ex:m ex:l 1 . #! values of ex:l are in rdf:PlainLiteral""",
        ),
        "facets and datatypes with names": (
            """ex:Percent a rdfs:Datatype ; owl:equivalentClass [ a rdfs:Datatype ;
              owl:onDatatype xsd:decimal ; owl:withRestrictions
              ( [ xsd:minInclusive 0 ] [ xsd:maxInclusive 100 ] ) ] .
            ex:p rdfs:range ex:Percent . ex:code rdfs:range [ a rdfs:Datatype ;
              owl:onDatatype xsd:string ; owl:withRestrictions
              ( [ xsd:pattern "[A-Z]+" ] [ xsd:length 3 ] ) ] .
            ex:Unknown a rdfs:Datatype . ex:u rdfs:range ex:Unknown .""",
            """ex:a ex:p 1, 99.5 ; ex:code "ABC" ; ex:u "x"^^ex:Unknown .
            ex:b ex:p 101 . #! values of ex:p are in ex:Percent
            ex:c ex:p "50"^^xsd:float . #! values of ex:p are in ex:Percent
            ex:d ex:code "ABCD" . #! values of ex:code are in xsd:string[pattern [A-Z]+, length 3]
            ex:e ex:code "xABC" . #! values of ex:code are in xsd:string[pattern [A-Z]+, length 3]
            ex:f ex:u "x" . #! values of ex:u are in ex:Unknown""",
        ),
        "functional": (
            """ex:p a owl:FunctionalProperty . ex:q rdfs:subPropertyOf ex:p .
            ex:i a owl:InverseFunctionalProperty .""",
            """ex:a ex:p 1, "1.0"^^xsd:decimal ; ex:i ex:x .
            ex:b ex:p ex:x ; ex:q ex:y . #! ex:p has one value at most
            ex:c ex:i ex:z .
            ex:d ex:i ex:z . #! a value of ex:i belongs to one subject at most @ex:z""",
        ),
        "asymmetric and irreflexive": (
            """ex:p a owl:AsymmetricProperty . ex:r a owl:IrreflexiveProperty .
            ex:i owl:inverseOf ex:p .""",
            """ex:a ex:p ex:b . ex:b ex:i ex:a .
            ex:c ex:p ex:d ; ex:i ex:d . #! ex:p does not lead back: it is asymmetric
            ex:e ex:p ex:e . #! ex:p does not lead back: it is asymmetric
            ex:f ex:r ex:f . #! nothing is a value of its own ex:r: it is irreflexive""",
        ),
        "disjoint properties": (
            "ex:p owl:propertyDisjointWith ex:q . ex:s rdfs:subPropertyOf ex:q .",
            """ex:a ex:p ex:x ; ex:q ex:y .
            ex:b ex:p ex:x ; ex:s ex:x . #! ex:p and ex:q share no value""",
        ),
        "a key": (
            "ex:C owl:hasKey ( ex:id ) .",
            """ex:a a ex:C ; ex:id 1 . ex:free ex:id 1 .
            ex:b a ex:C ; ex:id 2 . #! no two ex:C have the same ex:id
            ex:c a ex:C ; ex:id 2 . #! no two ex:C have the same ex:id""",
        ),
        "individuals": (
            """[] a owl:NegativePropertyAssertion ; owl:sourceIndividual ex:a ;
              owl:assertionProperty ex:p ; owl:targetIndividual ex:b .
            [] a owl:AllDifferent ; owl:distinctMembers ( ex:a ex:b ) .""",
            """ex:x ex:p ex:b . ex:a ex:p ex:c .
            ex:b owl:sameAs ex:a . #! ex:a and ex:b are different @ex:a
            ex:a ex:p ex:b . #! ex:a does not have the value ex:b of ex:p""",
        ),
        "more than two individuals": (
            "[] a owl:AllDifferent ; owl:members ( ex:a ex:b ex:c ex:d ) .",
            """ex:a owl:sameAs ex:a , ex:x .
            ex:b owl:sameAs ex:d . #! ex:b and ex:c, ex:d are different
            ex:d owl:sameAs ex:c . #! ex:c and ex:d are different @ex:c""",
        ),
        "a class expression below another": (
            """[] owl:onProperty ex:p ; owl:someValuesFrom ex:D ;
              rdfs:subClassOf [ owl:onProperty ex:q ; owl:allValuesFrom ex:E ] .""",
            """ex:d a ex:D . ex:e a ex:E . ex:a ex:p ex:d ; ex:q ex:e .
            ex:b ex:p ex:x ; ex:q ex:x .
            ex:c ex:p ex:d ; ex:q ex:x . #! each (ex:p some ex:D) is in (ex:q only ex:E)""",
        ),
    }
)
"""By what is shown: axioms, and data in which a line of the form `#! message` says what the node
that is the line's first word violates, or `@` another node."""


def expected(data: str) -> set[tuple[str, str, str]]:
    """The node, the severity and the message of each result, by the comments in the data."""
    found = set()
    for line in data.splitlines():
        triples, mark, said = line.partition("#!")
        if mark:
            message, _, node = said.strip().partition(" @")
            severity = "Warning" if message.endswith(" (Warning)") else "Violation"
            focus = node or triples.split()[0]
            found.add((focus, severity, message.removesuffix(" (Warning)")))
    return found


def said(report: Report) -> set[tuple[str, str, str]]:
    """The same of a report."""
    return {
        (
            f"ex:{str(result.focus)[1:-1].rpartition('/')[2]}",
            result.severity.value.rpartition("#")[2],
            result.messages[0].lexical,
        )
        for result in report.results
    }


def data_source(text: str) -> Source:
    """Turtle with the usual prefixes as data."""
    quads = pyoxigraph.parse(PREFIXES + text, RdfFormat.TURTLE)
    lines = pyoxigraph.serialize(quads, format=RdfFormat.N_QUADS)
    assert isinstance(lines, bytes)
    return Source("data.nt", lines, quads=False)


PLAIN = Reading()


def compiled(folder: Path, axioms: str, reading: Reading = PLAIN) -> Validator:
    """The validator of an ontology alone."""
    (folder / "o.ttl").write_text(PREFIXES + axioms)
    return Validator.compile([], [str(folder / "o.ttl")], axioms=reading)


@pytest.fixture(scope="module")
def validators(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Validator, Validator]]:
    """By case, the validator with bytecode, and that with C."""
    folder = tmp_path_factory.mktemp("axioms")
    named = {f"case_{n}": compiled(folder, axioms) for n, (axioms, _) in enumerate(CASES.values())}
    library = build_library(folder, {name: v.program for name, v in named.items()})
    pairs = ((v, v.with_shapes(shapes_in(library, name))) for name, v in named.items())
    return dict(zip(CASES, pairs, strict=True))


@pytest.mark.parametrize("name", CASES)
def test_good_and_bad_data(
    name: str, validators: dict[str, tuple[Validator, Validator]], tmp_path: Path
) -> None:
    axioms, data = CASES[name]
    bytecode, native = validators[name]
    assert not bytecode.warnings
    report = bytecode.validate([data_source(data)])
    assert said(report) == expected(data)
    assert report.results == native.validate([data_source(data)]).results
    reference = reference_of(tmp_path, axioms).evaluate(load_graph(PREFIXES + data))
    assert same_results([references.result(r) for r in report.results], reference.results)


def reference_of(folder: Path, axioms: str) -> Reference:
    """The reference evaluator of the same shapes."""
    (folder / "o.ttl").write_text(PREFIXES + axioms)
    graph, _, _ = load([str(folder / "o.ttl")], [], axioms=PLAIN)
    ontology = load_graph(PREFIXES + axioms)
    for lower, upper in graph.implied:
        pair = references.term(lower), references.term(upper)
        ontology.add((pair[0], URIRef(RDFS + "subClassOf"), pair[1]))
    return Reference(shapes_graph(graph.shapes.values()), ontology=ontology)


def test_a_key_of_several_properties(tmp_path: Path) -> None:
    validator = compiled(tmp_path, "ex:C owl:hasKey ( ex:p ex:q ) . ex:D rdfs:subClassOf ex:C .")
    data = """ex:a a ex:C ; ex:p 1 ; ex:q 2 . ex:b a ex:C ; ex:p 1 ; ex:q 3 .
    ex:free ex:p 1 ; ex:q 2 .
    ex:c a ex:D ; ex:p 5 ; ex:q 6 . #! no two ex:C have the same ex:p, ex:q
    ex:d a ex:C ; ex:p 5 ; ex:q 6 . #! no two ex:C have the same ex:p, ex:q"""
    assert said(validator.validate([data_source(data)])) == expected(data)


def test_what_is_waived_is_left_out(tmp_path: Path) -> None:
    axioms = "ex:C owl:hasKey ( ex:p ex:q ) . ex:p rdfs:range xsd:integer, ex:D ."
    (tmp_path / "o.ttl").write_text(PREFIXES + axioms)
    made = compile_program(
        [], [str(tmp_path / "o.ttl")], waive=["sh:sparql", "cns:valueSpace"], axioms=PLAIN,
        sparql=False,
    )  # fmt: skip
    assert [check.component.value.rpartition("#")[2] for check in made.program.checks] == [
        "ClassConstraintComponent"
    ]
    assert {waiver.name for waiver in made.program.waivers} == {"sh:sparql", "cns:valueSpace"}
    assert not made.warnings


def test_what_infers_does_not_constrain(tmp_path: Path) -> None:
    axioms = "ex:p rdfs:domain ex:C ; rdfs:range ex:D ; a owl:FunctionalProperty ."
    infer = frozenset({"domain", "range", "functional"})
    validator = compiled(tmp_path, axioms, Reading(infer=infer))
    assert not validator.program.shapes


@pytest.mark.parametrize("inference", ["rdfs", "owlrl"])
def test_what_constrains_does_not_infer(tmp_path: Path, inference: str) -> None:
    """Beside inference, an axiom does one of both: hierarchies and definitions infer."""
    axioms = """ex:Parent owl:equivalentClass [ owl:onProperty ex:child ;
      owl:someValuesFrom ex:Person ] . ex:Parent rdfs:subClassOf ex:Adult .
    ex:Adult rdfs:subClassOf [ owl:onProperty ex:age ; owl:hasValue 18 ] .
    ex:son rdfs:subPropertyOf ex:child ; rdfs:domain ex:Person ; a owl:FunctionalProperty .
    ex:Named owl:intersectionOf ( ex:Person [ owl:onProperty ex:name ; owl:hasValue 1 ] ) ."""
    data = """ex:tom a ex:Person . ex:ann a ex:Person ; ex:age 18 ; ex:son ex:tom .
    ex:bob ex:son ex:tom ; ex:age 18 . #! what has ex:son is in ex:Person"""
    by_rules = """
    ex:eve a ex:Person ; ex:son ex:tom . #! each ex:Adult: ex:age value 18
    ex:sam a ex:Person ; ex:age 18 ; ex:name 1 ; ex:son ex:tom, ex:tim . ex:tim a ex:Person .
    ex:sam ex:x ex:y . #! ex:son has one value at most"""
    (tmp_path / "o.ttl").write_text(PREFIXES + axioms)
    files = [str(tmp_path / "o.ttl")]
    validator = Validator.compile([], files, axioms=PLAIN, inference=inference)
    assert said(validator.validate([data_source(data)])) == expected(data)
    if inference == "owlrl":
        assert said(validator.validate([data_source(data + by_rules)])) == expected(
            data + by_rules
        )


def test_existence_is_as_severe_as_a_build_says(tmp_path: Path) -> None:
    axioms = "ex:C rdfs:subClassOf [ owl:onProperty ex:p ; owl:minCardinality 1 ] ."
    validator = compiled(tmp_path, axioms, Reading(exists=SEVERITIES["violation"]))
    (result,) = validator.validate([data_source("ex:a a ex:C .")]).results
    assert result.severity == SEVERITIES["violation"]


UNCHECKED = {
    "ex:C rdfs:subClassOf [ a owl:Class ] .": "a class expression is not one of OWL 2",
    "ex:p rdfs:range [ a rdfs:Datatype ; owl:onDatatype xsd:decimal ; "
    "owl:withRestrictions ( [ xsd:totalDigits 3 ] ) ] .": "totalDigits is no facet of OWL 2",
    "ex:p rdfs:range [ a rdfs:Datatype ; owl:onDatatype xsd:string ; owl:withRestrictions "
    '( [ xsd:pattern "[" ] ) ] .': "xsd:pattern '[': ",
    "[] owl:complementOf ex:C ; rdfs:subClassOf [ owl:complementOf ex:D ] .": "(not ex:C) is not "
    "what data select nodes by",
    "ex:Age owl:equivalentClass [ owl:onDatatype xsd:integer ; "
    "owl:withRestrictions ( [ xsd:minInclusive 0 ] ) ] .": "ex:Age is not declared as an rdfs:",
    "ex:C rdfs:subClassOf _:a . _:a owl:intersectionOf ( ex:D _:a ) .": "a class expression is ",
    "ex:C rdfs:subClassOf _:a . _:a owl:complementOf _:a .": "a class expression is not one of ",
    "ex:C rdfs:subClassOf [ owl:complementOf [ a owl:Class ] ] .": "a class expression is not one",
    "ex:p owl:propertyDisjointWith ex:q . ex:q a owl:SymmetricProperty .": "ex:q has inverses",
}


@pytest.mark.parametrize("axioms", UNCHECKED)
def test_what_is_not_checked_is_a_warning_at_the_axiom(tmp_path: Path, axioms: str) -> None:
    validator = compiled(tmp_path, axioms)
    (warning,) = validator.warnings
    assert warning.message.startswith(f"this axiom is not checked: {UNCHECKED[axioms]}")
    assert warning.rule == "unchecked-axiom"
    assert not validator.program.shapes


MISSPELT = """\
ex:C a owl:Clas ; rdfs:subclassOf ex:D ; rdfs:label "C" ; ex:Clas ex:D .
ex:p a owl:FuncionalProperty ; rdf:_1 ex:C ; rdfs:subPropertyOf owl:topObjectProperty .
ex:C owl:disjointUnion ( ex:D ) ; owl:wibble 1 .
"""


@pytest.mark.parametrize("inference", ["none", "owlrl"])
@pytest.mark.parametrize("reading", [None, PLAIN])
def test_what_is_misspelt_is_a_warning(
    tmp_path: Path, reading: Reading | None, inference: str
) -> None:
    (tmp_path / "o.ttl").write_text(PREFIXES + MISSPELT)
    files = [str(tmp_path / "o.ttl")]
    made = Validator.compile([], files, axioms=reading, inference=inference)
    told = [f"{w.message}; {w.fix}" for w in made.warnings]
    reads = reading is not None or inference != "none"
    assert told == reads * [
        "there is no owl:Clas; did you mean owl:Class?",
        "there is no rdfs:subclassOf; did you mean rdfs:subClassOf?",
        "there is no owl:FuncionalProperty; did you mean owl:FunctionalProperty?",
        "there is no owl:disjointUnion; did you mean owl:disjointUnionOf?",
        "there is no owl:wibble; correct it",
    ]


KINDS = (
    "owl:onProperty ex:p ; owl:someValuesFrom _:e{0}",
    "owl:onProperty ex:p ; owl:allValuesFrom _:e{0}",
    "owl:intersectionOf ( ex:D _:e{0} )",
    "owl:unionOf ( ex:D _:e{0} )",
    "owl:complementOf _:e{0}",
    "owl:onProperty ex:p ; owl:onClass _:e{0} ; owl:maxQualifiedCardinality 2",
)


def unchecked(folder: Path, axioms: str, inference: str) -> list[str]:
    """Why axioms are not checked: those that constrain, or with `inference`, contradictions."""
    (folder / "o.ttl").write_text(PREFIXES + axioms)
    reading = PLAIN if inference == "none" else None
    files = [str(folder / "o.ttl")]
    validator = Validator.compile([], files, axioms=reading, inference=inference)
    return [w.message for w in validator.warnings if w.rule == "unchecked-axiom"]


@pytest.mark.parametrize("inference", ["none", "owlrl"])
@pytest.mark.parametrize("kinds", [KINDS[:1], KINDS[1:2], KINDS])
def test_expressions_nest(tmp_path: Path, kinds: Sequence[str], inference: str) -> None:
    def nested(levels: int) -> str:
        lines = [f"_:e{n} {kinds[n % len(kinds)].format(n + 1)} ." for n in range(levels - 1)]
        inmost = f"_:e{levels - 1} owl:oneOf ( ex:i ) ."
        return "\n".join(["ex:C rdfs:subClassOf _:e0 .", *lines, inmost])

    assert unchecked(tmp_path, nested(MAX_NESTING), inference) == []
    deep = f"this axiom is not checked: expressions nest deeper than {MAX_NESTING} levels"
    assert unchecked(tmp_path, nested(5 * MAX_NESTING), inference) == [deep]


@pytest.mark.parametrize("inference", ["none", "owlrl"])
def test_axioms_that_would_be_endless_are_not_checked(tmp_path: Path, inference: str) -> None:
    ends = "_:a60 owl:complementOf ex:D . _:b60 owl:complementOf ex:E ."
    lines = [
        f"_:{one}{n} owl:intersectionOf ( _:a{n + 1} _:b{n + 1} ) ."
        for n in range(60)
        for one in "ab"
    ]
    text = "\n".join(["ex:C rdfs:subClassOf _:a0 .", *lines, ends])
    large = f"this axiom is not checked: it is made of more than {MAX_PARTS} expressions"
    assert unchecked(tmp_path, text, inference) == [large]
