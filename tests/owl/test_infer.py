# SPDX-License-Identifier: Apache-2.0
"""The engine that infers against rules evaluated naively."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cns_build import _graph
from cns_build.graph import opcodes
from cns_build.model import IRI
from cns_build.owl.rules import Rules
from cns_build.vocabulary import RDF, RDFS
from tests.owl.engine import EX, as_data, closed, facts_in, program_of, rule_of
from tests.owl.naive import SAME, Fact, Naive, Rule

CLASSES = ("A", "B", "C", "D", "_c0", "_c1")
RELATIONS = ("p", "q", "r", "_p0")
TERMS = ("x", "y", "z", "v", "w")
LITERALS = ('"1', '"01', '"2')
EQUALITY = ("FUNCTIONAL", "INVERSE_FUNCTIONAL", "AT_MOST_ONE", "KEY")


def _operands(op: str) -> st.SearchStrategy[tuple[str, ...]]:
    letters = opcodes.rules()[op].operands
    of = {
        "U": st.sampled_from(CLASSES),
        "B": st.sampled_from(RELATIONS),
        "T": st.sampled_from(TERMS + LITERALS),
    }
    named = [of[letter] for letter in letters if letter not in "+*"]
    if letters.endswith("+"):
        more = st.lists(named.pop(), min_size=1, max_size=3)
        return st.tuples(*named, more).map(lambda found: (*found[:-1], *found[-1]))
    if letters.endswith("*"):
        return st.one_of(st.tuples(*named), st.tuples(*named[:-1]))
    return st.tuples(*named)


def _rules(*without: str) -> st.SearchStrategy[list[Rule]]:
    ops = [op for op in opcodes.rules() if op not in without]
    one = st.sampled_from(ops).flatmap(lambda op: st.tuples(st.just(op), _operands(op)))
    return st.lists(one, max_size=14)


_named = st.sampled_from([c for c in CLASSES if not c.startswith("_")])
_facts = st.lists(
    st.one_of(
        st.tuples(_named, st.sampled_from(TERMS)),
        st.tuples(
            st.sampled_from((*(r for r in RELATIONS if not r.startswith("_")), SAME)),
            st.sampled_from(TERMS),
            st.sampled_from(TERMS + LITERALS),
        ),
    ),
    max_size=14,
)


def _expected(rules: list[Rule], facts: list[Fact]) -> set[Fact]:
    """What follows and can be written: of named classes and properties, with RDF's subjects."""
    return {
        fact
        for fact in Naive(rules, facts).facts
        if not fact[0].startswith("_")
        and not fact[1].startswith('"')
        and (fact[0] != SAME or fact[1] != fact[2])
    }


def _found(rules: list[Rule], facts: list[Fact]) -> set[Fact]:
    compiled = Rules(tuple(map(rule_of, rules)), (), (), (), ())
    found = facts_in(closed(program_of(compiled), as_data(facts)))
    return {fact for fact in found if fact[0] != SAME or fact[1] != fact[2]}


@settings(max_examples=200, deadline=None)
@given(_rules("DATATYPE", "MEMBER", *EQUALITY), _facts)
def test_what_is_derived(rules: list[Rule], facts: list[Fact]) -> None:
    assert _found(rules, facts) == _expected(rules, facts)


@settings(max_examples=300, deadline=None)
@given(_rules("DATATYPE"), _facts)
def test_what_is_the_same(rules: list[Rule], facts: list[Fact]) -> None:
    assert _found(rules, facts) == _expected(rules, facts)


_pairs = st.tuples(st.sampled_from("tu"), st.sampled_from(TERMS), st.sampled_from(TERMS))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(("INVERSE", "SUBPROPERTY")),
            st.tuples(st.sampled_from("tu"), st.sampled_from("tu")),
        ),
        max_size=3,
    ),
    st.lists(_pairs, max_size=9),
)
def test_transitive_relations_that_hand_pairs_on(rules: list[Rule], facts: list[Fact]) -> None:
    transitive: list[Rule] = [("CHAIN", ("t", "t", "t")), ("CHAIN", ("u", "u", "u"))]
    assert _found([*rules, *transitive], facts) == _expected([*rules, *transitive], facts)


def test_each_node_of_a_long_circle_reaches_all() -> None:
    nodes = [f"n{number}" for number in range(200)]
    facts: list[Fact] = [("p", x, y) for x, y in zip(nodes, nodes[1:] + nodes[:1], strict=True)]
    found = _found([("CHAIN", ("p", "p", "p"))], facts)
    assert found == {("p", x, y) for x in nodes for y in nodes}


@pytest.mark.parametrize(
    ("rule", "facts"),
    [
        (("INVERSE_FUNCTIONAL", ("p",)), [("p", f"n{i}", '"1') for i in range(10_000)]),
        (
            ("KEY", ("A", "p", "q", "r")),
            [("A", "x"), *((p, "x", f"v{i}") for p in "pqr" for i in range(300))],
        ),
        pytest.param(
            ("CHAIN", ("p", "q", "r")),
            [f for i in range(5_000) for f in (("p", f"x{i}", "hub"), ("q", "hub", f"y{i}"))],
            marks=pytest.mark.slow,  # it takes a gigabyte
        ),
    ],
    ids=["one value of many nodes", "many values of one node", "many ways through one node"],
)
def test_what_has_no_end_in_sight_is_refused(rule: Rule, facts: list[Fact]) -> None:
    with pytest.raises(_graph.TooManyTriples):
        _found([rule], facts)


_GUARDED = Rules(
    rules=(rule_of(("SUBCLASS", ("A", "B"))), rule_of(("DOMAIN", ("p", "A")))),
    facts=(),
    schema=((IRI(EX + "A"), IRI(RDFS + "subClassOf"), IRI(EX + "B")),),
    guarded=(IRI(RDFS + "subClassOf"), IRI(RDFS + "domain"), IRI(RDF + "Property")),
    sealed=(IRI(EX + "D"),),
)


def _line(s: str, p: str, o: str) -> str:
    return f"<{EX}{s}> <{p}> <{o if ':' in o else EX + o}> .\n"


def test_subclass_triples_of_data_are_rules_too() -> None:
    data = (
        _line("x", EX + "p", "y")
        + _line("A", RDFS + "subClassOf", "B")
        + _line("B", RDFS + "subClassOf", "New")
        + _line("New", RDFS + "subClassOf", "Newer")
    )
    found = facts_in(closed(program_of(_GUARDED), data))
    assert {fact[0] for fact in found if fact[1:] == ("x",)} == {"A", "B", "New", "Newer"}


@pytest.mark.parametrize(
    "triple",
    [
        ("p", RDFS + "domain", "B"),
        ("n", RDF + "type", RDF + "Property"),
        ("D", RDFS + "subClassOf", "A"),
    ],
)
def test_data_that_add_to_the_ontology_are_refused(triple: tuple[str, str, str]) -> None:
    data = _line("A", RDFS + "subClassOf", "B") + _line(*triple)
    with pytest.raises(_graph.ExtendsOntology) as caught:
        closed(program_of(_GUARDED), data)
    texts = tuple(term[1].removeprefix(EX) for term in caught.value.triple)
    assert texts == tuple(word.removeprefix(EX) for word in triple)
