# SPDX-License-Identifier: Apache-2.0
"""The plain reasoner: each rule alone, by an example of which it needs every triple."""

from __future__ import annotations

import pytest
from rdflib import URIRef

from tests.owl.cases import parse
from tests.owl.examples import EXAMPLES, FALSE, PREFIXES
from tests.owl.lists import LIST_RULES
from tests.owl.reasoner import owl_rl, rdfs
from tests.owl.rules import OWL2_RL
from tests.owl.triples import Triple, Triples
from tests.reference.terms import RDF_FIRST, RDF_NIL, RDF_REST, RDFS

EX = "http://example.org/"
OF_LITERALS = {"dt-type2", "dt-eq", "dt-diff", "dt-not-type"}


def turtle(text: str) -> list[Triple]:
    return parse(PREFIXES + text)


def follows(rule: str, premise: list[Triple], conclusion: str) -> bool:
    closure = owl_rl(premise, only={rule})
    if conclusion == FALSE:
        return {clash.rule for clash in closure.clashes} == {rule}
    return closure.triples.entails(turtle(conclusion))


@pytest.mark.parametrize("rule", EXAMPLES)
def test_a_rule_makes_of_its_example_what_the_specification_says(rule: str) -> None:
    text, conclusion = EXAMPLES[rule]
    premise = turtle(text)
    assert conclusion == FALSE or not Triples(premise).entails(turtle(conclusion))
    assert follows(rule, premise, conclusion)


@pytest.mark.parametrize("rule", EXAMPLES)
def test_a_rule_needs_each_triple_of_its_example(rule: str) -> None:
    text, conclusion = EXAMPLES[rule]
    premise = turtle(text)
    for triple in premise:
        rest = [other for other in premise if other is not triple]
        assert not follows(rule, rest, conclusion), triple


def test_all_rules_of_tables_4_to_9_have_an_example() -> None:
    names = {rule.name for rule in OWL2_RL} | LIST_RULES.keys() | OF_LITERALS | {"dt-type1"}
    assert len(names) == 78
    assert names == EXAMPLES.keys() | OF_LITERALS


def test_a_list_whose_cells_are_equal_to_others_has_the_members_of_both() -> None:
    closure = owl_rl(turtle(":C owl:intersectionOf ( :D :E ) . :x a :D , :F . :E owl:sameAs :F ."))
    assert closure.entails(turtle(":x a :C ."))


def test_a_list_that_never_ends_is_no_list() -> None:
    cell = URIRef(EX + "cell")
    graph = Triples([(cell, RDF_FIRST, cell), (cell, RDF_REST, cell)])
    assert list(graph.lists(cell)) == []
    graph.add((cell, RDF_REST, RDF_NIL))
    assert list(graph.lists(cell)) == [[cell]]


def test_blank_nodes_of_a_conclusion_are_any_terms_and_one_each() -> None:
    graph = Triples(turtle(":a :p :b . :b :p :c . :b :q 1 ."))
    assert graph.entails(turtle("_:x :p _:y . _:y :p _:z ; :q _:one ."))
    assert not graph.entails(turtle("_:x :p _:y . _:y :p _:x ."))
    assert not graph.entails(turtle("_:x :p _:y ; :q _:z . :a :p _:y ."))


def test_from_a_contradiction_everything_follows() -> None:
    closure = owl_rl(turtle(":x owl:sameAs :y ; owl:differentFrom :y ."))
    assert not closure.consistent
    assert closure.entails(turtle(":anything :at :all ."))


def test_rdfs_knows_resources_classes_and_containers() -> None:
    closure = rdfs(turtle(":x rdf:_1 :y . :p rdfs:range :C . :z :p :w ."))
    assert closure.consistent
    assert closure.entails(
        turtle(":x rdfs:member :y . :w a :C , rdfs:Resource . :C a rdfs:Class .")
    )
    assert not closure.entails(turtle(":x rdfs:member :w ."))
    assert (URIRef(EX + "C"), RDFS["subClassOf"], RDFS["Resource"]) in closure.triples
