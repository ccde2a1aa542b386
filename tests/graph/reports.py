# SPDX-License-Identifier: Apache-2.0
"""A report with everything that results can have."""

from __future__ import annotations

from cns_build import model as m
from cns_build.diagnostics import Position
from cns_build.graph.report import Report, Result, Statistics
from cns_build.vocabulary import RDF, SH, XSD

E = "http://example.org/"
STRING, LANG_STRING = m.IRI(XSD + "string"), m.IRI(RDF + "langString")
PREFIXES = (("ex", E), ("", "http://example.com/other#"), ("odd.", "http://example.net/"))

LINES = {7: "  sh:minCount 1 ;", 12: "  sh:or ( ex:A ex:B ) .", 20: "ex:S sh:sparql [] ."}


def locate(origin: m.Origin) -> Position:
    """The ordinal of a triple is its line."""
    return Position(origin.file, origin.ordinal, 3, LINES.get(origin.ordinal, ""))


def ex(name: str) -> m.IRI:
    return m.IRI(E + name)


def sh(name: str) -> m.IRI:
    return m.IRI(SH + name)


def component(name: str) -> m.IRI:
    return sh(f"{name}ConstraintComponent")


def literal(lexical: str, datatype: m.IRI = STRING, language: str = "") -> m.Literal:
    return m.Literal(lexical, datatype, language)


def at(line: int) -> m.Origin:
    return m.Origin("shapes.ttl", line)


NAME, CODE = m.PredicatePath(ex("name")), m.PredicatePath(ex("code"))
TYPE = m.PredicatePath(m.IRI(RDF + "type"))
PATHS: tuple[m.Path, ...] = (
    NAME,
    m.InversePath(NAME),
    m.SequencePath((TYPE, m.ZeroOrMorePath(CODE))),
    m.AlternativePath((NAME, m.SequencePath((CODE, m.InversePath(NAME))))),
    m.OneOrMorePath(m.AlternativePath((NAME, CODE))),
    m.ZeroOrOnePath(m.InversePath(m.ZeroOrMorePath(NAME))),
)
VALUES: tuple[m.Term, ...] = (
    literal("01", m.IRI(XSD + "integer")),
    literal("TRUE", m.IRI(XSD + "boolean")),
    literal(" a ", m.IRI(XSD + "token")),
    literal('"quoted"\\\r\n\t\x00, é; \x1b[31m'),
    literal("", ex("datatype")),
    literal("Grüße", LANG_STRING, "de-AT"),
    m.IRI("http://example.org/a b<c>"),
    m.BlankNode("shape-b1"),
)

DETAIL = Result(
    ex("address"),
    CODE,
    literal("x"),
    m.BlankNode("b3"),
    component("Datatype"),
    sh("Violation"),
    (literal("must be a number"),),
    details=(
        Result(m.BlankNode("d1"), None, None, ex("B"), component("Closed"), sh("Violation")),
    ),
    origin=at(15),
)
COUNT = Result(
    ex("alice"), NAME, None, m.BlankNode("b1"), component("MinCount"), sh("Violation"),
    (literal("benötigt", LANG_STRING, "de"), literal("needs a name", LANG_STRING, "en")),
    origin=at(7), position=Position("data.ttl", 3, 1, "ex:alice"),
)  # fmt: skip
OR = Result(
    ex("alice"), None, ex("alice"), ex("Person"), component("Or"), sh("Warning"),
    details=(DETAIL,), origin=at(12), position=Position("data.ttl", 3, 1),
)  # fmt: skip
SPARQL = Result(
    m.BlankNode("x"), None, None, ex("Person"), component("SPARQL"), ex("Severe"),
    constraint=m.BlankNode("b9"),
)  # fmt: skip
INFO = Result(ex("bob"), NAME, VALUES[0], ex("Person"), component("In"), sh("Info"))
EQUAL = tuple(
    Result(ex(f"n{number}"), NAME, None, ex("Z"), component("MaxCount"), sh("Violation"),
           origin=at(7))
    for number in (1, 1, 2, 3)
)  # fmt: skip
OF_PATHS = tuple(
    Result(ex("a"), path, VALUES[1], ex("Paths"), component("Class"), sh("Violation"))
    for path in PATHS
)
OF_VALUES = tuple(
    Result(ex("a"), NAME, value, ex("Values"), component("NodeKind"), sh("Violation"))
    for value in VALUES
)
STATISTICS = Statistics(
    triples=1000, terms=300, shapes=5, focus_nodes=1, checks=70, read_seconds=0.25, seconds=1.5
)


def report(*results: Result, found: int | None = None) -> Report:
    """A report of these results, with something that was left out."""
    return Report(
        results,
        len(results) if found is None else found,
        (m.Waiver("sh:sparql", "sh:sparql of ex:S", at(20)),),
        (ex("Unused"), m.BlankNode("b5")),
        STATISTICS,
        PREFIXES,
        skipped=2,
    )


ALL = report(COUNT, OR, SPARQL, INFO, *EQUAL, *OF_PATHS, *OF_VALUES)
NONE = Report((), 0, (), (), STATISTICS)
