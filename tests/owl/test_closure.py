# SPDX-License-Identifier: Apache-2.0
"""The closure of the schema against rules that are applied until nothing is new."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings

from cns_build.frontend.report import Report
from cns_build.model import IRI
from cns_build.owl import axioms as a
from cns_build.owl.beyond import beyond, beyond_warnings
from cns_build.owl.closure import Closure, close
from cns_build.owl.order import Edges
from cns_build.owl.read import read_ontology
from cns_build.owl.unsatisfiable import unsatisfiable, why_empty
from cns_build.owl.why import (
    Proof,
    characteristics_of,
    domains_of,
    why_subclass,
    why_subproperty,
)
from tests.frontend.inputs import EX
from tests.owl import plain_closure as plain
from tests.owl.inputs import ontology

CLASSES = [*plain.NAMED, *plain.NODES]


class Case:
    """A random ontology, its closure, and what plainly follows."""

    def __init__(self, statements: list[plain.Statement]) -> None:
        document, self._stated = plain.document(statements)
        report = Report()
        self.ontology = read_ontology([document], report)
        assert not report.failed
        self.closure = close(self.ontology)
        self.plain = plain.closed(statements)

    def proves(self, proof: Proof, statement: plain.Statement) -> bool:
        """Whether the axioms of a proof alone are enough."""
        return statement in plain.closed(self._stated[step.origin.ordinal] for step in proof)


def _property(name: str) -> a.Property:
    named = IRI(EX + name.removeprefix("^"))
    return a.Inverse(named) if name.startswith("^") else named


@settings(max_examples=300, deadline=None, derandomize=True)
@given(plain.random_statements())
def test_it_is_what_the_rules_give(statements: list[plain.Statement]) -> None:
    case = Case(statements)
    closure = case.closure
    for lower in CLASSES:
        above = closure.classes.all_above(plain.node(lower))
        below = closure.classes.all_below(plain.node(lower))
        for upper in CLASSES:
            expected = ("sub", lower, upper) in case.plain
            assert (plain.node(upper) in above) == expected
            assert (plain.node(upper) in below) == (("sub", upper, lower) in case.plain)
            if expected:
                proof = why_subclass(closure, plain.node(lower), plain.node(upper))
                assert case.proves(proof, ("sub", lower, upper))
    for lower in plain.SIGNED:
        for upper in plain.SIGNED:
            expected = ("subp", lower, upper) in case.plain
            assert closure.properties.is_under(_property(lower), _property(upper)) == expected
            if expected:
                proof = why_subproperty(closure, _property(lower), _property(upper))
                assert case.proves(proof, ("subp", lower, upper))
    _check_domains(case)
    _check_cycles(closure)


def _check_domains(case: Case) -> None:
    for name in plain.SIGNED:
        found = domains_of(case.closure, _property(name))
        found.pop(plain.node(plain.THING), None)
        expected = [c for c in CLASSES if ("dom", name, c) in case.plain]
        assert found.keys() == set(map(plain.node, expected))
        for class_ in expected:
            assert case.proves(found[plain.node(class_)], ("dom", name, class_))


def _check_cycles(closure: Closure) -> None:
    cycles = [set(cycle) for cycle in closure.classes.cycles()]
    for class_ in map(plain.node, CLASSES):
        same = closure.classes.equivalents(class_)
        assert [cycle for cycle in cycles if class_ in cycle] == ([same] if len(same) > 1 else [])


@settings(deadline=None, derandomize=True)
@given(plain.random_statements())
def test_the_same_classes_are_empty(statements: list[plain.Statement]) -> None:
    case = Case(statements)
    found = unsatisfiable(case.ontology, case.closure)
    expected = [c for c in CLASSES if ("empty", c) in case.plain]
    assert {plain.node(c) for c in CLASSES} & found.keys() == set(map(plain.node, expected))
    for class_ in expected:
        proof = why_empty(case.closure, found, plain.node(class_))
        assert case.proves(proof, ("empty", class_))


# Cases that random ontologies do not reach


def _names(nodes: Iterable[object]) -> list[str]:
    return sorted(n.value.removeprefix(EX) for n in nodes if isinstance(n, IRI))


def test_restrictions_inside_restrictions_are_ordered(tmp_path: Path) -> None:
    found = ontology(
        "ex:A owl:equivalentClass [ owl:onProperty ex:p ; owl:someValuesFrom"
        " [ owl:onProperty ex:q ; owl:allValuesFrom ex:Cat ] ] . ex:Cat rdfs:subClassOf ex:Pet ."
        "ex:B owl:equivalentClass [ owl:onProperty ex:p ; owl:someValuesFrom"
        " [ owl:onProperty ex:q ; owl:allValuesFrom ex:Pet ] ] .",
        tmp_path,
    )
    closure = close(found)
    assert closure.classes.is_under(IRI(EX + "A"), IRI(EX + "B"))
    assert not closure.classes.is_under(IRI(EX + "B"), IRI(EX + "A"))


def test_restrictions_are_ordered_by_their_properties(tmp_path: Path) -> None:
    restriction = "ex:{} owl:equivalentClass [ owl:onProperty ex:{} ; owl:{} ex:x ] ."
    kinds = ("someValuesFrom", "allValuesFrom", "hasValue")
    text = "".join(restriction.format(f"{k}-{p}", p, k) for k in kinds for p in "pq")
    classes = close(ontology(f"{text} ex:p rdfs:subPropertyOf ex:q .", tmp_path)).classes

    def is_under(kind: str, lower: str, upper: str) -> bool:
        return classes.is_under(IRI(f"{EX}{kind}-{lower}"), IRI(f"{EX}{kind}-{upper}"))

    assert [is_under(kind, "p", "q") for kind in kinds] == [True, False, True]
    assert [is_under(kind, "q", "p") for kind in kinds] == [False, True, False]


def test_deep_hierarchies_and_their_cycles_take_no_stack() -> None:
    edges: Edges[int, str] = Edges()
    for number in range(50_000):
        edges.add(number, number + 1, "up")
    edges.add(50_000, 25_000, "back")
    order = edges.order()
    assert [len(cycle) for cycle in order.cycles()] == [25_001]
    assert len(order.all_above(0)) == 50_001
    assert order.path(10, 50_000) == ("up",) * 49_990


def test_what_a_property_is_follows_from_others(tmp_path: Path) -> None:
    found = ontology(
        "ex:q a owl:FunctionalProperty, owl:TransitiveProperty . ex:p rdfs:subPropertyOf ex:q ."
        "ex:i owl:inverseOf ex:p . ex:s owl:inverseOf ex:s . ex:t owl:equivalentProperty ex:q ."
        "ex:a a owl:AsymmetricProperty . ex:u rdfs:subPropertyOf ex:s . ex:b owl:inverseOf ex:a ."
        "ex:l a owl:ReflexiveProperty ; rdfs:subPropertyOf ex:m .",
        tmp_path,
    )
    closure = close(found)
    kinds = {n: list(characteristics_of(found, closure, IRI(EX + n))) for n in "qpistaubm"}
    assert kinds == {
        "q": ["functional", "transitive"],
        "p": ["functional"],
        "i": ["inverse functional"],
        "s": ["symmetric"],
        "t": ["functional", "transitive"],
        "a": ["asymmetric", "irreflexive"],
        "u": [],
        "b": ["asymmetric", "irreflexive"],
        "m": ["reflexive"],
    }


def test_what_is_empty_of_itself(tmp_path: Path) -> None:
    found = ontology(
        "ex:Self owl:disjointWith ex:Self . ex:None owl:oneOf () ."
        "ex:Under rdfs:subClassOf owl:Nothing . ex:Lower rdfs:subClassOf ex:Under ."
        "ex:Whole owl:disjointUnionOf (ex:One ex:Two) . ex:Both rdfs:subClassOf ex:One, ex:Two ."
        "[ a owl:AllDisjointClasses ; owl:members (ex:R ex:S ex:T) ] ."
        "ex:RT rdfs:subClassOf ex:R, ex:T . ex:Fine rdfs:subClassOf ex:R ."
        "ex:Needs rdfs:subClassOf [ owl:onProperty ex:p ; owl:minQualifiedCardinality 2 ;"
        " owl:onClass ex:RT ] ."
        "ex:May rdfs:subClassOf [ owl:onProperty ex:p ; owl:maxQualifiedCardinality 2 ;"
        " owl:onClass ex:RT ] .",
        tmp_path,
    )
    empty = unsatisfiable(found, close(found))
    assert _names(empty) == ["Both", "Lower", "Needs", "None", "RT", "Self", "Under"]


def test_a_name_may_be_of_a_class_and_a_property(tmp_path: Path) -> None:
    found = ontology(
        "ex:A a owl:Class, owl:ObjectProperty ; rdfs:subClassOf ex:B ; rdfs:subPropertyOf ex:C .",
        tmp_path,
    )
    closure = close(found)
    assert _names(closure.classes.all_above(IRI(EX + "A"))) == ["A", "B"]
    assert _names(closure.properties.all_above(IRI(EX + "A"))) == ["A", "C"]


BEYOND = {
    "ex:A rdfs:subClassOf [ owl:onProperty ex:p ; owl:someValuesFrom ex:B ]": [
        "owl:someValuesFrom in a superclass"
    ],
    "[ owl:onProperty ex:p ; owl:someValuesFrom ex:B ] rdfs:subClassOf ex:A": [],
    "ex:A owl:equivalentClass [ owl:onProperty ex:p ; owl:allValuesFrom ex:B ]": [
        "owl:allValuesFrom in a subclass"
    ],
    "ex:p rdfs:range [ owl:unionOf (ex:A ex:B) ]": ["owl:unionOf in a superclass"],
    "ex:p rdfs:range [ a rdfs:Datatype ; owl:unionOf (xsd:int xsd:string) ]": [],
    'ex:p rdfs:range [ a rdfs:Datatype ; owl:oneOf ("a") ]': [],
    "ex:A rdfs:subClassOf [ owl:onProperty ex:p ; owl:cardinality 1 ]": ["owl:cardinality"],
    "ex:A rdfs:subClassOf [ owl:onProperty ex:p ; owl:maxCardinality 1 ]": [],
    "ex:A rdfs:subClassOf [ owl:complementOf ex:B ]": [],
    "[ owl:complementOf ex:B ] rdfs:subClassOf ex:A": ["owl:complementOf in a subclass"],
    "ex:A owl:disjointUnionOf (ex:B ex:C)": ["owl:disjointUnionOf"],
    "ex:A owl:disjointWith [ owl:onProperty ex:p ; owl:allValuesFrom ex:B ]": [
        "owl:allValuesFrom in a subclass"
    ],
    "ex:A owl:onProperty ex:p ; owl:someValuesFrom ex:B": ["owl:someValuesFrom in a superclass"],
    "ex:A rdfs:subClassOf [ owl:complementOf [ owl:complementOf ex:B ] ]": [
        "owl:complementOf in a subclass"
    ],
    "ex:p a owl:ReflexiveProperty": ["owl:ReflexiveProperty"],
    "ex:A owl:equivalentClass [ owl:onProperty ex:p ; owl:hasSelf true ]": ["owl:hasSelf"],
}


@pytest.mark.parametrize("text", BEYOND)
def test_what_rl_does_not_infer_from_is_listed(text: str, tmp_path: Path) -> None:
    found = beyond(ontology(f"{text} .", tmp_path))
    assert [each.feature for each in found] == BEYOND[text]


def test_what_rl_does_not_infer_from_is_counted(tmp_path: Path) -> None:
    restricted = "ex:{} rdfs:subClassOf [ owl:onProperty ex:p ; owl:minCardinality 1 ] ."
    text = "".join(map(restricted.format, "AB")) + "ex:q a owl:ReflexiveProperty ."
    (warning,) = beyond_warnings(ontology(text, tmp_path))
    assert warning.message == (
        "3 axioms mean more than owlrl infers: "
        "owl:ReflexiveProperty (1), owl:minCardinality above 0 (2)"
    )
    assert beyond_warnings(ontology("ex:A rdfs:subClassOf ex:B .", tmp_path)) == ()
