# SPDX-License-Identifier: Apache-2.0
"""Pre-binding against its definition (SHACL appendix A), which rdflib evaluates on its algebra.

There, each basic graph pattern and each GRAPH with a variable is joined with the table of the
values. Here, the values stand in the text of the query, for one focus node or many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any
from unittest.mock import patch

import pyoxigraph
import pytest
from rdflib import Dataset, Literal, URIRef, Variable
from rdflib.plugins.sparql.algebra import Join, ToMultiSet, translateQuery, traverse
from rdflib.plugins.sparql.evaluate import evalQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node

from cns_build.graph.sparql.prebinding import Prebound
from cns_build.graph.sparql.terms import from_store, to_store
from cns_build.model import IRI
from tests.graph.delegated import to_rdflib

DATA = """
<u:a> <u:p> 1 , 2 ; <u:q> <u:b> .  <u:b> <u:p> 3 ; <u:q> <u:a> , <u:c> .  <u:c> <u:q> <u:c> .
"""
SHAPES, OTHER = "u:shapes", "u:other"
NODES = [IRI("u:a"), IRI("u:b"), IRI("u:c"), IRI("u:none")]
BODIES = [
    "",
    "$this <u:p> ?x",
    "?x <u:q> $this . $this <u:q> ?y",
    "FILTER ($this = <u:a>)",
    "FILTER (!bound($this))",
    "BIND ($this AS ?x)",
    "{ FILTER ($this = <u:a>) } UNION { $this <u:p> ?x }",
    "OPTIONAL { $this <u:p> ?x FILTER (?x > 1) }",
    "OPTIONAL { FILTER ($this = <u:a>) BIND (1 AS ?x) }",
    "OPTIONAL { ?x <u:p> 3 FILTER ($this = <u:b>) } OPTIONAL { $this <u:q> ?y }",
    "$this <u:q> ?x OPTIONAL { { $this <u:p> ?y } }",
    "$this <u:q> ?x OPTIONAL { ?x <u:p> ?y }",
    "$this <u:q> ?x OPTIONAL { ?x <u:p> ?y FILTER ($this = <u:a> && ?y = 3) }",
    "$this <u:q> ?x OPTIONAL { ?x <u:p> ?y FILTER bound($this) FILTER (?y < 3) }",
    "?x <u:q> ?z OPTIONAL { ?z <u:p> ?y OPTIONAL { ?z <u:q> $this } FILTER ($this != ?x) }",
    "?x <u:p> ?y OPTIONAL { ?x <u:q> ?z FILTER EXISTS { $this <u:q> ?z } }",
    "{ ?x <u:q> ?y } UNION { ?x <u:p> ?y FILTER (?y != 1) }",
    "?x <u:p> ?y FILTER NOT EXISTS { ?x <u:q> ?z FILTER EXISTS { ?z <u:q> $this } }",
    "{ SELECT $this (MAX(?z) AS ?y) { ?x <u:p> ?z } GROUP BY $this }",
    "FILTER NOT EXISTS { $this <u:p> ?x }",
    "$this <u:q> ?x FILTER NOT EXISTS { ?x <u:p> ?y FILTER ($this != <u:b>) }",
    "{ SELECT $this ?x { $this <u:p> ?x } ORDER BY ?x LIMIT 1 }",
    "{ SELECT DISTINCT $this { ?x <u:p> ?y FILTER ($this != <u:a>) } } $this <u:q> ?x",
    "$this <u:q>+ ?x",
    "GRAPH <u:shapes> { $this <u:p> ?x }",
    "GRAPH ?x { $this <u:p> ?y FILTER ($this = <u:a>) }",
    "GRAPH ?x { OPTIONAL { $this <u:p> ?y } }",
    "GRAPH ?x { FILTER ($this = <u:a>) } GRAPH ?x { $this <u:p> ?y }",
    "BIND (EXISTS { $this <u:p> ?y } AS ?x)",
    "BIND (IF(EXISTS { FILTER ($this = <u:a>) }, 1, 2) AS ?x)",
]


# What rdflib does not evaluate as SPARQL has it: filters and BIND in inner groups, and GROUP BY
# without solutions. These solutions are found by hand.
BY_HAND = {
    "BIND ($this AS ?x) { BIND ($this AS ?y) FILTER (?y != <u:b>) }": [
        "<u:a> <u:a> <u:a>",
        "<u:c> <u:c> <u:c>",
        "<u:none> <u:none> <u:none>",
    ],
    "?x <u:q> ?z OPTIONAL { FILTER EXISTS { ?z <u:p> 3 } BIND ($this AS ?y) }": [
        f"{this} {found}"
        for this in ("<u:a>", "<u:b>", "<u:c>", "<u:none>")
        for found in (f"<u:a> {this}", "<u:b> -", "<u:b> -", "<u:c> -")
    ],
    "FILTER EXISTS { { FILTER ($this = <u:b>) } }": ["<u:b> - -"],
    "{ $this <u:q> ?x FILTER EXISTS { ?x <u:q> ?y BIND ($this AS ?z) FILTER (?z != ?y) } }": [
        "<u:a> <u:b> -",
        "<u:b> <u:c> -",
    ],
    "{ SELECT $this (COUNT(?z) AS ?x) { $this <u:p> ?z } GROUP BY $this }": [
        "<u:a> 2 -",
        "<u:b> 1 -",
    ],
    "$this <u:q> ?x { SELECT $this ?y { { BIND ($this AS ?y) } UNION { $this <u:q> ?y } } }": [
        "<u:a> <u:b> <u:a>",
        "<u:a> <u:b> <u:b>",
        *(f"<u:b> {x} {y}" for x in ("<u:a>", "<u:c>") for y in ("<u:b>", "<u:a>", "<u:c>")),
        "<u:c> <u:c> <u:c>",
        "<u:c> <u:c> <u:c>",
    ],
}


@pytest.fixture(scope="module")
def store() -> pyoxigraph.Store:
    made = pyoxigraph.Store()
    for graph in (None, SHAPES, OTHER):
        where = pyoxigraph.DefaultGraph() if graph is None else pyoxigraph.NamedNode(graph)
        made.load(DATA, format=pyoxigraph.RdfFormat.TURTLE, to_graph=where)
    return made


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    made = Dataset()
    for graph in (None, SHAPES, OTHER):
        target = made.default_graph if graph is None else made.graph(URIRef(graph))
        target.parse(data=DATA, format="turtle")
    return made


@pytest.mark.parametrize("body", BODIES)
def test_values_in_the_text_are_values_in_the_algebra(
    store: pyoxigraph.Store, dataset: Dataset, body: str
) -> None:
    query = f"SELECT $this ?x ?y {{ {body} }}"
    prebound = Prebound.of(query)
    expected = [by_definition(dataset, query, to_rdflib(node)) for node in NODES]
    assert [by_text(store, prebound, [node]) for node in NODES] == expected
    assert [by_function(store, prebound, node) for node in NODES] == expected
    if not prebound.splits:
        assert by_text(store, prebound, NODES) == sum(expected, Counter())


@pytest.mark.parametrize("body", BY_HAND)
def test_values_in_inner_groups(store: pyoxigraph.Store, body: str) -> None:
    prebound = Prebound.of(f"SELECT $this ?x ?y {{ {body} }}")
    assert not prebound.splits
    expected = Counter(BY_HAND[body])
    one_by_one: Counter[str] = sum((by_text(store, prebound, [n]) for n in NODES), Counter())
    assert one_by_one == by_text(store, prebound, NODES) == expected
    assert sum((by_function(store, prebound, node) for node in NODES), Counter()) == expected


def by_text(store: pyoxigraph.Store, prebound: Prebound, nodes: list[IRI]) -> Counter[str]:
    """The solutions of the store, with the values in the text."""
    text, _ = prebound.text(["this"], [(node,) for node in nodes], {})
    return _counted(store.query(text))


def by_function(store: pyoxigraph.Store, prebound: Prebound, node: IRI) -> Counter[str]:
    """The solutions of the store for a node as if queries could not name it."""
    with patch("cns_build.graph.sparql.prebinding.written", return_value=None):
        text, terms = prebound.text(["this"], [(node,)], {}, ["this"])
    functions: Any = {
        pyoxigraph.NamedNode(f): lambda term=t: to_store(term) for f, t in terms.items()
    }
    substitutions: Any = {pyoxigraph.Variable("this"): to_store(node)}
    return _counted(store.query(text, custom_functions=functions, substitutions=substitutions))


def _counted(answer: Any) -> Counter[str]:
    return Counter(
        shown(None if term is None else to_rdflib(from_store(term)) for term in found)
        for found in answer
    )


def by_definition(dataset: Dataset, query: str, this: Node) -> Counter[str]:
    """The solutions of rdflib, with the table of the value in the algebra."""
    parsed = translateQuery(parseQuery(query))
    table = {Variable("this"): this}

    def replace(part: Any) -> Any:
        if isinstance(part, CompValue) and part.name in ("BGP", "Graph"):
            return Join(part, ToMultiSet(CompValue("values", res=[table])))
        return None

    parsed.algebra = traverse(parsed.algebra, visitPost=replace)
    found = evalQuery(dataset, parsed)
    names = [Variable(name) for name in ("this", "x", "y")]
    return Counter(shown(row.get(name) for name in names) for row in found["bindings"])


def shown(terms: Iterable[Node | None]) -> str:
    """A solution as text."""
    return " ".join(
        "-" if t is None else str(t) if isinstance(t, Literal) else t.n3() for t in terms
    )
