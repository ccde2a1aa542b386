# SPDX-License-Identifier: Apache-2.0
"""The syntax rules of SHACL, against SHACL-SHACL as the reference evaluator reads it.

Both are asked of every shape that a target, a declaration or another shape leads to. Where the
prose of the specification and SHACL-SHACL differ, the prose decides: DIFFERENCES lists where.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import OWL, RDF, RDFS, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from cns_build.diagnostics import CompileError, Diagnostic
from cns_build.frontend import load
from cns_build.frontend.rules import RULES, SPARQL_RULES
from cns_build.frontend.terms import PROPERTY_PATHS, TARGETS
from tests.paths import ONTOLOGIES, ROOT, W3C_SHACL, shared
from tests.reference import SH, Result, evaluate, literal
from tests.reference import load as read_graph

BAD_INPUT = sorted((ROOT / "tests" / "bad_input").glob("*.ttl"))
SUITE = sorted(W3C_SHACL.glob("core/**/*.ttl"))
MOST_BYTES = 1_000_000  # larger files hold no shapes but data, and take the evaluator minutes
REAL = sorted(f for f in ONTOLOGIES.glob("*/*.ttl") if f.stat().st_size <= MOST_BYTES)
NEEDS_SHARED = [pytest.param(None, marks=pytest.mark.skip(f"needs {ONTOLOGIES}"))]
MUTATIONS = 800

Triple = tuple[Node, Node, Node]

DIFFERENCES = {
    "NodeShape-path-maxCount": "SHACL-SHACL asks that a shape is of one kind, not of its own",
    "PropertyShape-path-minCount": "SHACL-SHACL takes a declared one without a path as a node "
    "shape",
    "path-non-recursive": "SHACL-SHACL has no recursion with which to say it",
    "pattern-regex": "SHACL-SHACL does not implement it, as it says",
    "not-node": "a literal has no triples, so SHACL-SHACL takes it as a shape without any; in "
    "prose a shape is an IRI or a blank node",
    "node-node": "as for not-node",
    "and-members-node": "as for not-node",
    "or-members-node": "as for not-node",
    "xone-members-node": "as for not-node",
    "qualifiedValueShape-node": "as for not-node",
}
"""Rules by which the prose, and so cns, may refuse what SHACL-SHACL accepts."""


def test_each_rule_has_an_input_that_breaks_it() -> None:
    cases = {case.stem.removeprefix("rule_"): case for case in BAD_INPUT if "rule_" in case.name}
    assert sorted(cases) == sorted(RULES)
    for rule, case in cases.items():
        errors = [x for x in case.read_text("utf-8").splitlines() if x.startswith("#! ")]
        assert errors[0].endswith(f"[{rule}]")


@pytest.mark.parametrize("case", BAD_INPUT, ids=[case.stem for case in BAD_INPUT])
def test_bad_input(case: Path) -> None:
    compare(case)


@pytest.mark.parametrize("file", SUITE or NEEDS_SHARED, ids=lambda f: f and f.stem)
def test_w3c_suite(file: Path) -> None:
    compare(file)


@pytest.mark.parametrize("file", REAL or NEEDS_SHARED, ids=lambda f: f and f.stem)
def test_real_files(file: Path) -> None:
    compare(file)


@pytest.mark.parametrize("seed", range(8))
def test_mutations(seed: int, tmp_path: Path) -> None:
    shared("data/w3c-shacl/core")
    chance = random.Random(seed)
    verdicts = set()
    for _ in range(MUTATIONS // 8):
        changed = Graph()
        for triple in mutate(_in_order(chance.choice(SUITE)), chance):
            changed.add(triple)
        file = tmp_path / "mutant.nt"
        file.write_text(changed.serialize(format="nt"), "utf-8")
        verdicts.add(compare(file))
    assert verdicts == {True, False}


# The two verdicts


def compare(file: Path) -> bool:
    """Compare both verdicts about a file, and return whether it is accepted.

    A file that is no RDF has no verdict and counts as accepted.
    """
    broken = rules_broken(file)
    graph = _parsed(file)
    if graph is None:
        assert not broken
        return True
    results = shacl_shacl(graph)
    if broken and not results:
        assert broken <= DIFFERENCES.keys(), f"only cns refuses {file}: {broken}"
    if results and not _follows_operator_of_list(graph):
        said = [(r.focus, r.path, r.value, r.component) for r in results]
        assert broken, f"only SHACL-SHACL refuses {file}: {said}"
    return not broken


def _follows_operator_of_list(graph: Graph) -> bool:
    """Whether SHACL-SHACL asks for paths that are none in prose.

    A list that has a path operator too is a sequence: path-inverse and the like do not apply to
    it, but SHACL-SHACL follows the operator.
    """
    operators = [URIRef(iri) for iri in PROPERTY_PATHS]
    return any(
        (cell, operator, None) in graph
        for cell in graph.subjects(RDF.rest)
        for operator in operators
    )


def rules_broken(file: Path) -> set[str]:
    """Return the rules of SHACL Core that cns says are broken; other errors have none."""
    diagnostics = errors(file, ())
    missing = [d.message for d in diagnostics if "> is imported, " in d.message]
    if missing:
        waive = [f"import:{message[1 : message.index('>')]}" for message in missing]
        diagnostics = errors(file, waive)
    rules = {d.rule for d in diagnostics if d.severity == "error"} - {""}
    assert rules <= RULES.keys() | SPARQL_RULES.keys()
    return rules - SPARQL_RULES.keys()


def errors(file: Path, waive: Collection[str]) -> tuple[Diagnostic, ...]:
    """Return all that cns says where it refuses a file."""
    try:
        load([], [str(file)], waive=waive)
    except CompileError as error:
        return error.diagnostics
    return ()


def shacl_shacl(graph: Graph) -> list[Result]:
    """Return the results of SHACL-SHACL about what shapes lead to."""
    checked = set(_checked(graph))
    return [r for r in evaluate(graph, _shapes_of_shapes()).results if r.focus in checked]


@cache
def _shapes_of_shapes() -> Graph:
    return read_graph(shared("data/ontologies/w3c/shacl-shacl.ttl").read_bytes())


def _parsed(file: Path) -> Graph | None:
    try:
        return read_graph(file.read_bytes(), base="file:///x", lenient=True)
    except SyntaxError:
        return None


def _in_order(file: Path) -> list[Triple]:
    """Return the triples as the text has them; blank nodes are numbered, so runs repeat."""
    names: dict[str, BNode] = {}

    def term(parsed: object) -> Node:
        match parsed:
            case pyoxigraph.NamedNode():
                return URIRef(parsed.value)
            case pyoxigraph.Literal():
                return literal(parsed.value, parsed.datatype.value, parsed.language)
            case pyoxigraph.BlankNode():
                return names.setdefault(parsed.value, BNode(f"b{len(names)}"))
        raise AssertionError(parsed)

    quads = pyoxigraph.parse(
        file.read_bytes(), pyoxigraph.RdfFormat.TURTLE, base_iri="file:///x", lenient=True
    )
    return [(term(q.subject), term(q.predicate), term(q.object)) for q in quads]


# What is checked: the shapes, and the lists and IRIs of graphs beside them

ONE = [SH[name] for name in ("property", "node", "not", "qualifiedValueShape")]
LISTS = [SH[name] for name in ("and", "or", "xone")]


def _checked(graph: Graph) -> Iterator[Node]:
    for name in ("shapesGraph", "entailment"):
        yield from graph.objects(None, SH[name])
    pending = list(_roots(graph))
    found: set[Node] = set()
    while pending:
        shape = pending.pop()
        if shape in found:
            continue
        found.add(shape)
        yield shape
        for name in ONE:
            pending += graph.objects(shape, name)
        for name in LISTS:
            for head in graph.objects(shape, name):
                if not _has_parameter(graph, head):  # else it is taken for a shape
                    yield head
                pending += _members(graph, head)


def _roots(graph: Graph) -> Iterator[Node]:
    for kind in (SH["NodeShape"], SH["PropertyShape"]):
        for type_ in graph.transitive_subjects(RDFS.subClassOf, kind):
            yield from graph.subjects(RDF.type, type_)
    for target in (*TARGETS, *(str(SH[n]) for n in ("target", "targetShape", "targetWhere"))):
        yield from graph.subjects(URIRef(target))
    for metaclass in (RDFS.Class, OWL.Class):
        for type_ in graph.transitive_subjects(RDFS.subClassOf, metaclass):
            yield from (c for c in graph.subjects(RDF.type, type_) if _has_parameter(graph, c))


def _has_parameter(graph: Graph, node: Node) -> bool:
    named = _shapes_of_shapes().objects(None, SH["targetSubjectsOf"])
    return any((node, name, None) in graph for name in named)


def _members(graph: Graph, head: Node) -> Iterator[Node]:
    seen: set[Node] = set()
    pending = [head]
    while pending:
        cell = pending.pop()
        if cell not in seen:
            seen.add(cell)
            yield from graph.objects(cell, RDF.first)
            pending += graph.objects(cell, RDF.rest)


# Mutations: one edit of a triple about shapes

OBJECTS = (
    Literal("x"),
    Literal("x", lang="en"),
    Literal(1),
    Literal("1.5", datatype=URIRef("http://www.w3.org/2001/XMLSchema#decimal")),
    literal("many", "http://www.w3.org/2001/XMLSchema#integer"),
    Literal(True),
    Literal("1", datatype=URIRef("http://www.w3.org/2001/XMLSchema#boolean")),
    URIRef("http://example.org/x"),
    SH["IRI"],
    RDF.nil,
    BNode("new"),
)
LOCAL_NAMES = {rule.split("-")[0] for rule in RULES} - {"SHACL", "multiple", "implicit"}
PREDICATES = sorted(
    {
        *(SH[name] for name in LOCAL_NAMES if name[0].islower()),
        *(URIRef(iri) for iri in (*PROPERTY_PATHS, *TARGETS)),
        *(RDF.first, RDF.rest),
    }
)
TYPES = (SH["NodeShape"], SH["PropertyShape"], RDFS.Class)


def mutate(triples: list[Triple], chance: random.Random) -> list[Triple]:
    """Return the triples with one of them changed, dropped, or another one added."""
    about = [t for t in triples if t[1] in PREDICATES] or triples
    subject, predicate, value = picked = chance.choice(about)
    others = [v for _, _, v in about]
    new_value = chance.choice((*OBJECTS, *chance.sample(others, min(6, len(others)))))
    new_predicate = chance.choice(PREDICATES)
    rest = [t for t in triples if t != picked]
    match chance.randrange(7):
        case 0:
            return rest
        case 1 | 2:
            return [*rest, (subject, predicate, new_value)]
        case 3:
            return [*triples, (subject, predicate, new_value)]
        case 4:
            return [*rest, (subject, new_predicate, value)]
        case 5:
            return [*triples, (subject, new_predicate, new_value)]
    return [*triples, (subject, RDF.type, chance.choice(TYPES))]
