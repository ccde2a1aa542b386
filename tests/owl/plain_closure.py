# SPDX-License-Identifier: Apache-2.0
"""What follows about classes and properties, in the most obvious way: rules until nothing is new.

A statement is a tuple, such as `("sub", "A", "B")` or `("some", "n0", "^p", "A")`; `^p` is the
inverse of p.
`random_statements` draws some, and `document` writes them as triples.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any, TypeAlias

from hypothesis import strategies as st

from cns_build.frontend.parse import Document
from cns_build.model import IRI, BlankNode, Node, Term
from cns_build.vocabulary import OWL, RDF, RDFS
from tests.frontend.inputs import EX

Statement: TypeAlias = tuple[Any, ...]

NAMED = ["A", "B", "C"]
NODES = ["n0", "n1", "n2", "n3"]
PROPERTIES = ["p", "q"]
SIGNED = [*PROPERTIES, *(f"^{name}" for name in PROPERTIES)]
THING, NOTHING = "Thing", "Nothing"

# The rules


def turned(name: str) -> str:
    """Return the inverse of a property."""
    return name[1:] if name.startswith("^") else f"^{name}"


def closed(statements: Iterable[Statement]) -> set[Statement]:
    """Return the statements and what follows from them."""
    found: set[Statement] = {("sub", c, c) for c in (*NAMED, *NODES, THING, NOTHING)}
    found |= {("sub", c, THING) for c in (*NAMED, *NODES)}
    found |= {("sub", NOTHING, c) for c in (*NAMED, *NODES, THING)}
    found |= {("subp", p, p) for p in SIGNED}
    found |= {("empty", NOTHING)} | set(statements)
    while True:
        new = set(_step(found)) - found
        if not new:
            return found
        found |= new


def _step(found: set[Statement]) -> Iterator[Statement]:
    for statement in found:
        yield from _alone(statement, found)
    by_kind = {kind: [s for s in found if s[0] == kind] for kind in {s[0] for s in found}}
    subs, subps = by_kind["sub"], by_kind["subp"]
    for (_, x, y), (_, u, v) in product(subs, subs):
        if y == u:
            yield "sub", x, v
    for (_, p, q), (_, u, v) in product(subps, subps):
        if q == u:
            yield "subp", p, v
    for _, p, c in by_kind.get("dom", ()):
        yield from (("dom", p, y) for _, x, y in subs if x == c)
        yield from (("dom", q, c) for _, q, u in subps if u == p)
    for kind in ("some", "only", "has"):
        uses = by_kind.get(kind, ())
        for (_, m, p, y), (_, n, q, z) in product(uses, uses):
            if p == q and kind != "has" and ("sub", y, z) in found:
                yield "sub", m, n
            if y == z and ("subp", p, q) in found:
                yield ("sub", n, m) if kind == "only" else ("sub", m, n)
    for (_, x, y), (_, u, v) in product(subs, subs):
        if x == u and ("dis", y, v) in found:
            yield "empty", x
    for _, c in by_kind["empty"]:
        yield from (("empty", x) for _, x, y in subs if y == c)
        yield from (("empty", n) for _, n, _, y in by_kind.get("some", ()) if y == c)
    for _, n, members in by_kind.get("or", ()):
        if all(("empty", m) in found for m in members):
            yield "empty", n


def _alone(statement: Statement, found: set[Statement]) -> Iterator[Statement]:
    match statement:
        case ("eqc", x, y):
            yield from (("sub", x, y), ("sub", y, x))
        case ("and", n, members):
            yield from (("sub", n, member) for member in members)
        case ("or", n, members):
            yield from (("sub", member, n) for member in members)
        case ("not", n, x) | ("dis", n, x):
            yield from (("dis", n, x), ("dis", x, n))
        case ("subp", p, q):
            yield "subp", turned(p), turned(q)
        case ("eqp", p, q):
            yield from (("subp", p, q), ("subp", q, p))
        case ("inv", p, q):
            yield from (("subp", p, turned(q)), ("subp", turned(q), p))
        case ("sym", p):
            yield "subp", p, turned(p)
        case ("rng", p, c):
            yield "dom", turned(p), c


# What follows about individuals

Fact: TypeAlias = tuple[str, ...]


def instances(statements: Iterable[Statement], facts: Iterable[Fact]) -> set[Fact]:
    """Return what follows from `("A", "x")` and `("p", "x", "y")`, these included."""
    schema = [s for s in closed(statements) if s[:2] != ("sub", NOTHING)]
    found = set(facts)
    while True:
        pairs = [fact for fact in found if len(fact) == 3]
        pairs += [(turned(p), y, x) for p, x, y in pairs]
        new = {f for statement in schema for f in _told(statement, found, pairs)} - found
        if not new:
            return found
        found |= new


def _told(statement: Statement, found: set[Fact], pairs: Sequence[Fact]) -> Iterator[Fact]:
    match statement:
        case ("sub", lower, upper):
            yield from ((upper, f[1]) for f in found if len(f) == 2 and f[0] == lower)
        case ("subp", lower, upper):
            yield from (_pair(upper, x, y) for p, x, y in pairs if p == lower)
        case ("dom", property_, class_):
            yield from ((class_, x) for p, x, _ in pairs if p == property_)
        case ("some", node_, property_, filler):
            values = [(x, y) for p, x, y in pairs if p == property_]
            yield from ((node_, x) for x, y in values if filler == THING or (filler, y) in found)
        case ("only", node_, property_, filler):
            values = [(x, y) for p, x, y in pairs if p == property_]
            yield from ((filler, y) for x, y in values if (node_, x) in found)
        case ("has", node_, property_, value):
            yield from ((node_, x) for p, x, y in pairs if (p, y) == (property_, value))
            members = [f[1] for f in found if len(f) == 2 and f[0] == node_]
            yield from (_pair(property_, x, value) for x in members)
        case ("and", node_, members):
            things = {fact[1] for fact in found if len(fact) == 2}
            yield from ((node_, x) for x in things if all((m, x) in found for m in members))


def _pair(property_: str, x: str, y: str) -> Fact:
    return (property_[1:], y, x) if property_.startswith("^") else (property_, x, y)


# Random ontologies

_class = st.sampled_from([*NAMED, *NODES])
_filler = st.sampled_from([*NAMED, *NAMED, *NODES, THING, NOTHING])
_property = st.sampled_from(PROPERTIES)
_used = st.sampled_from(["p", "p", "q", "^p"])
_members = st.lists(_class, min_size=1, max_size=3).map(tuple)
_expression = st.one_of(
    st.tuples(st.just("some"), _used, _filler),
    st.tuples(st.just("only"), _used, _filler),
    st.tuples(st.just("has"), _used, st.just("x")),
    st.tuples(st.sampled_from(["and", "or"]), _members),
    st.tuples(st.just("not"), _class),
)
_axiom = st.one_of(
    st.tuples(st.sampled_from(["sub", "sub", "sub", "eqc", "dis"]), _class, _class),
    st.tuples(st.sampled_from(["subp", "eqp", "inv"]), _property, _property),
    st.tuples(st.just("sym"), _property),
    st.tuples(st.sampled_from(["dom", "rng"]), _property, _class),
)


@st.composite
def random_statements(draw: st.DrawFn) -> list[Statement]:
    """Draw axioms, and an expression for each of some nodes."""
    expressions = draw(st.lists(_expression, min_size=2, max_size=len(NODES)))
    axioms = draw(st.lists(_axiom, min_size=2, max_size=10))
    return [(e[0], NODES[i], *e[1:]) for i, e in enumerate(expressions)] + axioms


@st.composite
def nested_restrictions(draw: st.DrawFn) -> list[Statement]:
    """Draw restrictions on few properties, in each other and at the ends of properties."""
    kinds, used = st.sampled_from(["some", "some", "only"]), st.sampled_from(["p", "p", "q"])
    node_ = st.sampled_from(NODES)
    restrictions = [(draw(kinds), name, draw(used), draw(_class)) for name in NODES]
    axiom = st.one_of(
        st.tuples(st.just("sub"), _class, _class),
        st.tuples(st.sampled_from(["dom", "rng"]), _property, node_),
        st.just(("subp", "p", "q")),
    )
    return [*restrictions, *draw(st.lists(axiom, min_size=3, max_size=8))]


# As triples

_PREDICATES = {
    "sub": RDFS + "subClassOf",
    "eqc": OWL + "equivalentClass",
    "dis": OWL + "disjointWith",
    "subp": RDFS + "subPropertyOf",
    "eqp": OWL + "equivalentProperty",
    "inv": OWL + "inverseOf",
    "dom": RDFS + "domain",
    "rng": RDFS + "range",
    "some": OWL + "someValuesFrom",
    "only": OWL + "allValuesFrom",
    "has": OWL + "hasValue",
    "and": OWL + "intersectionOf",
    "or": OWL + "unionOf",
    "not": OWL + "complementOf",
}


def node(name: str) -> Node:
    """Return the node of a class or an individual."""
    if name in (THING, NOTHING):
        return IRI(OWL + name)
    return BlankNode(name) if name in NODES else IRI(EX + name)


def document(statements: Sequence[Statement]) -> tuple[Document, dict[int, Statement]]:
    """Return the triples, and which of them stand for statements."""
    triples: list[tuple[Node, str, Term]] = []
    stated: dict[int, Statement] = {}
    for number, statement in enumerate(statements):
        kind, first, *rest = statement
        triples += _syntax(statement, number)
        stated[len(triples)] = statement
        if kind == "sym":
            triples.append((node(first), RDF + "type", IRI(OWL + "SymmetricProperty")))
        elif kind in ("and", "or"):
            triples.append((node(first), _PREDICATES[kind], BlankNode(f"list{number}-0")))
        else:
            triples.append((node(first), _PREDICATES[kind], node(rest[-1])))
    return Document("o.ttl", triples=tuple(triples)), stated


def _syntax(statement: Statement, number: int) -> Iterator[tuple[Node, str, Term]]:
    """Yield the triples that belong to the one that stands for a statement."""
    match statement:
        case ("some" | "only" | "has", name, property_, _):
            named = IRI(EX + property_.removeprefix("^"))
            used: Node = BlankNode(f"inverse{number}") if property_.startswith("^") else named
            if used != named:
                yield used, OWL + "inverseOf", named
            yield node(name), OWL + "onProperty", used
        case ("and" | "or", _, members):
            for place, member in enumerate(members):
                last = place + 1 == len(members)
                cell = BlankNode(f"list{number}-{place}")
                rest = IRI(RDF + "nil") if last else BlankNode(f"list{number}-{place + 1}")
                yield cell, RDF + "first", node(member)
                yield cell, RDF + "rest", rest
