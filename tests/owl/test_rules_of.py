# SPDX-License-Identifier: Apache-2.0
"""Which rules an ontology becomes, and which are left out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cns_build.frontend.report import Report
from cns_build.model import IRI
from cns_build.owl.closure import close
from cns_build.owl.read import read_ontology
from cns_build.owl.rules import Rules
from cns_build.owl.rules_of import rules_of
from tests.frontend.inputs import EX
from tests.owl import plain_closure as plain
from tests.owl.inputs import as_text, rules
from tests.owl.naive import Naive

CASES = {
    "hierarchy": (
        "ex:A rdfs:subClassOf ex:B, ex:A . ex:B owl:equivalentClass ex:C .",
        ["SUBCLASS A B", "SUBCLASS B C", "SUBCLASS C B"],
    ),
    "properties": (
        "ex:p rdfs:subPropertyOf ex:q ; owl:inverseOf ex:i . ex:s a owl:SymmetricProperty ."
        "ex:t a owl:TransitiveProperty . ex:e owl:equivalentProperty ex:p .",
        [
            *("SUBPROPERTY p q", "INVERSE p i", "INVERSE i p", "INVERSE s s", "CHAIN t t t"),
            *("SUBPROPERTY e p", "SUBPROPERTY p e"),
        ],
    ),
    "ends that a subclass or a superproperty implies": (
        "ex:p rdfs:domain ex:A, ex:B ; rdfs:range ex:B . ex:A rdfs:subClassOf ex:B ."
        "ex:q rdfs:subPropertyOf ex:p ; rdfs:domain ex:B ; rdfs:range ex:A ."
        "ex:i owl:inverseOf ex:q ; rdfs:domain ex:B ; rdfs:range ex:A .",
        [
            *("SUBCLASS A B", "SUBPROPERTY q p", "INVERSE i q", "INVERSE q i"),
            *("DOMAIN p A", "RANGE p B", "RANGE q A"),
        ],
    ),
    "a long chain, and its start shared": (
        "ex:r owl:propertyChainAxiom (ex:p ex:q ex:p) . ex:t owl:propertyChainAxiom (ex:p) ."
        "ex:s owl:propertyChainAxiom (ex:p ex:q ex:r) .",
        ["CHAIN p q 0", "CHAIN 0 p r", "CHAIN 0 r s", "SUBPROPERTY p t"],
    ),
    "inverses without a name": (
        "ex:A rdfs:subClassOf [ owl:onProperty [ owl:inverseOf ex:p ] ; owl:hasValue ex:x ] ."
        "ex:r owl:propertyChainAxiom ([ owl:inverseOf ex:p ] [ owl:inverseOf ex:q ]) ."
        "ex:q owl:inverseOf ex:i .",
        [
            *("SUBCLASS A _:b1", "INVERSE p 0", "HAS 0 x _:b1", "GIVES _:b1 0 x"),
            *("INVERSE 0 p", "CHAIN 0 i r", "INVERSE q i", "INVERSE i q"),
        ],
    ),
    "a class that is defined": (
        "ex:A owl:equivalentClass [ owl:intersectionOf (ex:B owl:Thing "
        "[ owl:onProperty ex:p ; owl:someValuesFrom ex:C ]) ] .",
        [
            *("SUBCLASS A _:b1", "SUBCLASS _:b1 A", "SUBCLASS _:b1 B", "SUBCLASS _:b1 _:b4"),
            *("SOME p C _:b4", "INTERSECTION _:b1 B _:b4"),
        ],
    ),
    "a value of any kind is a domain": (
        "[ owl:onProperty ex:p ; owl:someValuesFrom owl:Thing ] rdfs:subClassOf ex:A .",
        ["SUBCLASS _:b0 A", "DOMAIN p _:b0"],
    ),
    "restrictions in superclasses": (
        "ex:A rdfs:subClassOf [ owl:onProperty ex:p ; owl:someValuesFrom ex:B ],"
        "[ owl:onProperty ex:p ; owl:allValuesFrom ex:C ],"
        "[ owl:onProperty ex:p ; owl:maxCardinality 1 ],"
        "[ owl:onProperty ex:q ; owl:maxQualifiedCardinality 1 ; owl:onClass ex:C ],"
        "[ owl:unionOf (ex:B ex:C) ] .",
        [
            *("SUBCLASS A _:b1", "SUBCLASS A _:b2", "SUBCLASS A _:b3", "ONLY _:b1 p C"),
            *("AT_MOST_ONE _:b2 p", "AT_MOST_ONE _:b3 q C"),
        ],
    ),
    "restrictions under each other where a class fills them": (
        "ex:A owl:equivalentClass [ owl:onProperty ex:p ; owl:someValuesFrom ex:Cat ] ."
        "[ owl:onProperty ex:p ; owl:someValuesFrom ex:Animal ] rdfs:subClassOf ex:B ."
        "[ owl:onProperty ex:p ; owl:someValuesFrom ex:Tom ] rdfs:subClassOf ex:C ."
        "ex:Tom rdfs:subClassOf ex:Cat . ex:Cat rdfs:subClassOf ex:Animal .",
        [
            *("SUBCLASS A _:b0", "SUBCLASS _:b0 A", "SUBCLASS _:b0 _:b1", "SUBCLASS _:b1 B"),
            *("SUBCLASS Tom Cat", "SUBCLASS Cat Animal", "SOME p Cat _:b0"),
            *("SUBCLASS _:b2 C", "SOME p Animal _:b1", "SOME p Tom _:b2"),
        ],
    ),
    "restrictions under each other where ends or values fill them": (
        "ex:p rdfs:domain [ owl:onProperty ex:q ; owl:someValuesFrom ex:Cat ] ."
        "ex:A rdfs:subClassOf [ owl:onProperty ex:p ; owl:allValuesFrom"
        " [ owl:onProperty ex:r ; owl:someValuesFrom ex:Cat ] ] . ex:Cat rdfs:subClassOf ex:Pet ."
        "[ owl:onProperty ex:q ; owl:someValuesFrom ex:Pet ] rdfs:subClassOf ex:B ."
        "[ owl:onProperty ex:r ; owl:someValuesFrom ex:Pet ] rdfs:subClassOf ex:C .",
        [
            *("DOMAIN p _:b0", "SUBCLASS _:b0 _:b3", "SUBCLASS _:b3 B", "SUBCLASS A _:b1"),
            *("ONLY _:b1 p _:b2", "SUBCLASS _:b2 _:b4", "SUBCLASS _:b4 C", "SUBCLASS Cat Pet"),
            *("SOME q Cat _:b0", "SOME q Pet _:b3", "SOME r Cat _:b2", "SOME r Pet _:b4"),
        ],
    ),
    "equality": (
        "ex:f a owl:FunctionalProperty . ex:i a owl:InverseFunctionalProperty ."
        "ex:d a owl:FunctionalProperty, owl:DatatypeProperty . ex:A owl:hasKey (ex:d ex:f) .",
        ["FUNCTIONAL f", "INVERSE_FUNCTIONAL i", "KEY A d f"],
    ),
    "literals that are never made the same": (
        "ex:d a owl:DatatypeProperty . ex:A rdfs:subClassOf"
        " [ owl:onProperty ex:d ; owl:maxCardinality 1 ], [ owl:onProperty ex:p ;"
        " owl:maxQualifiedCardinality 1 ; owl:onDataRange xsd:string ] .",
        [],
    ),
    "literals": (
        "ex:A owl:equivalentClass [ owl:onProperty ex:d ; owl:someValuesFrom xsd:integer ] ."
        "ex:d rdfs:range xsd:integer . ex:B owl:oneOf (ex:x) .",
        [
            *("SUBCLASS A _:b0", "SUBCLASS _:b0 A", "SOME d integer _:b0", "MEMBER x B"),
            *("RANGE d integer", "DATATYPE integer integer"),
        ],
    ),
    "what is asked of all": (
        "owl:Thing rdfs:subClassOf ex:Top . ex:A rdfs:subClassOf ex:B ."
        "ex:p rdfs:domain owl:Thing .",
        ["SUBCLASS Thing Top", "SUBCLASS A B", "DOMAIN p Thing", "SUBCLASS B Thing"],
    ),
    "what nobody reads, and what nothing fills": (
        "ex:p rdfs:range xsd:string ; rdfs:domain rdfs:Resource . ex:A rdfs:subClassOf owl:Thing, "
        "[ owl:onProperty ex:p ; owl:minCardinality 1 ] ."
        "[ owl:onProperty ex:p ; owl:allValuesFrom ex:B ] rdfs:subClassOf ex:C .",
        [],
    ),
    "properties and classes that are the same": (
        "ex:A a owl:Class ; owl:sameAs ex:B . ex:B a owl:Class . ex:x owl:sameAs ex:y ."
        "ex:p a owl:ObjectProperty ; owl:sameAs ex:q . ex:q a owl:ObjectProperty .",
        ["SUBCLASS A B", "SUBCLASS B A", "SUBPROPERTY p q", "SUBPROPERTY q p"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_rules(name: str, tmp_path: Path) -> None:
    text, expected = CASES[name]
    assert sorted(map(as_text, rules(text, tmp_path).rules)) == sorted(expected)


def test_rdfs_reads_its_own_axioms_alone(tmp_path: Path) -> None:
    text = (
        "ex:A rdfs:subClassOf [ owl:unionOf (ex:B ex:C) ] ; owl:equivalentClass ex:D ."
        "ex:p rdfs:subPropertyOf ex:q ; rdfs:domain ex:A ; a owl:TransitiveProperty ."
    )
    found = rules(text, tmp_path, "rdfs")
    assert list(map(as_text, found.rules)) == ["SUBPROPERTY p q", "DOMAIN p A"]
    assert [iri.value.rpartition("#")[2] for iri in found.guarded] == [
        *("subPropertyOf", "domain", "range")
    ]


# What data may say of the schema


def _schema(found: Rules, predicate: str) -> set[tuple[str, str]]:
    return {
        (_local(s), _local(o)) for s, p, o in found.schema if p.value.endswith(f"#{predicate}")
    }


def _local(term: object) -> str:
    assert isinstance(term, IRI)
    return term.value.removeprefix(EX).rpartition("#")[2]


def test_data_may_repeat_what_follows(tmp_path: Path) -> None:
    found = rules(
        "ex:p rdfs:subPropertyOf ex:q ; a owl:SymmetricProperty . ex:q rdfs:domain ex:A ;"
        " owl:inverseOf ex:i . ex:A rdfs:subClassOf ex:B ; owl:disjointWith ex:C ."
        "ex:D rdfs:subClassOf ex:E . ex:E rdfs:subClassOf ex:D .",
        tmp_path,
    )
    follows = ("p", "q"), ("p", "i")  # p is its own inverse
    assert _schema(found, "subPropertyOf") == {*follows, ("p", "p"), ("q", "q"), ("i", "i")}
    assert _schema(found, "domain") == {(p, c) for p in "pq" for c in "AB"}
    assert _schema(found, "range") == {(p, c) for p in "pi" for c in "AB"}
    assert _schema(found, "inverseOf") == {("p", "p"), ("q", "i"), ("i", "q")}
    assert _schema(found, "equivalentClass") == {("D", "E"), ("E", "D")}
    assert _schema(found, "disjointWith") == {("A", "C"), ("C", "A")}
    assert _schema(found, "type") == {("p", "SymmetricProperty")}


def test_classes_by_which_restrictions_are_ordered_are_sealed(tmp_path: Path) -> None:
    found = rules(
        "ex:A rdfs:subClassOf [ owl:onProperty ex:p ; owl:allValuesFrom ex:Cat ],"
        " [ owl:onProperty ex:p ; owl:allValuesFrom ex:Dog ],"
        " [ owl:onProperty ex:q ; owl:allValuesFrom ex:Fish ] ."
        "ex:Cat rdfs:subClassOf ex:Pet . ex:Tom rdfs:subClassOf ex:Cat .",
        tmp_path,
    )
    assert [_local(c) for c in found.sealed] == ["Cat", "Dog", "Pet"]
    pairs = {(c, upper) for c in ("Cat", "Dog", "Pet") for upper in (c, "Thing")}
    assert _schema(found, "subClassOf") == pairs | {("Cat", "Pet")}


# Subclass triples in data are rules like others, unless classes are sealed

_INDIVIDUALS = st.sampled_from(["x", "y", "z"])
_FACTS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(plain.NAMED), _INDIVIDUALS),
        st.tuples(st.sampled_from(plain.PROPERTIES), _INDIVIDUALS, _INDIVIDUALS),
    ),
    min_size=1,
    max_size=5,
)
_NAMES = st.sampled_from(plain.NAMED)


def _rules(statements: list[plain.Statement]) -> Rules:
    report = Report()
    found = read_ontology([plain.document(statements)[0]], report)
    assert not report.failed
    return rules_of(found, close(found), "owlrl")


def _named_facts(
    found: Rules, subclasses: Iterable[tuple[str, str]], facts: Iterable[tuple[str, ...]]
) -> set[tuple[str, ...]]:
    """Return what follows about named classes and properties, with subclass triples as rules."""
    told = [("SUBCLASS", (lower, upper)) for lower, upper in subclasses]
    words = [as_text(rule).split() for rule in found.rules]
    closed = Naive([*told, *((op, tuple(names)) for op, *names in words)], facts).facts
    return {fact for fact in closed if fact[0] in (*plain.NAMED, *plain.PROPERTIES)}


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.one_of(plain.random_statements(), plain.nested_restrictions()), _FACTS)
def test_they_infer_what_plainly_follows(
    statements: list[plain.Statement], facts: list[tuple[str, ...]]
) -> None:
    expected = plain.instances(statements, facts)
    if not any(fact[0] == plain.NOTHING for fact in expected):
        found = _named_facts(_rules(statements), [], facts)
        assert found == {f for f in expected if f[0] in (*plain.NAMED, *plain.PROPERTIES)}


@settings(max_examples=200, deadline=None, derandomize=True)
@given(plain.random_statements(), _FACTS, st.lists(st.tuples(_NAMES, _NAMES), max_size=2))
def test_subclass_triples_in_data_are_as_good_as_axioms(
    statements: list[plain.Statement],
    facts: list[tuple[str, ...]],
    subclasses: list[tuple[str, str]],
) -> None:
    found = _rules(statements)
    sealed = set(map(_local, found.sealed))
    told = [(lower, upper) for lower, upper in subclasses if lower not in sealed]
    both = _rules([*statements, *(("sub", *pair) for pair in told)])
    assert _named_facts(found, told, facts) == _named_facts(both, [], facts)


def test_of_sealed_classes_they_are_not() -> None:
    statements = [
        *(("some", "n0", "p", "A"), ("some", "n1", "p", "B")),
        *(("sub", "A", "n0"), ("sub", "n1", "C")),
    ]
    found, both = _rules(statements), _rules([*statements, ("sub", "A", "B")])
    assert "A" in map(_local, found.sealed)
    with_rule = _named_facts(found, [("A", "B")], [("A", "x")])
    assert _named_facts(both, [], [("A", "x")]) - with_rule == {("C", "x")}
