# SPDX-License-Identifier: Apache-2.0
"""RDF terms and graphs with lexical identity: `01` and `1` are different terms.

rdflib rewrites literals when it constructs them, and its Turtle parser turns numbers into Python
values first. `load` therefore parses with pyoxigraph, and `literal` constructs exact literals.
A plain literal and the same literal with datatype xsd:string are one term (RDF 1.1 Concepts 3.3).
Language tags are equal case-insensitively, as RDF 1.1 has it and rdflib compares them; pyoxigraph
reads them in lower case, which therefore changes no term.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
SH = Namespace("http://www.w3.org/ns/shacl#")
CNS = Namespace("urn:cns:")

RDF_TYPE = RDF["type"]
RDF_FIRST = RDF["first"]
RDF_REST = RDF["rest"]
RDF_NIL = RDF["nil"]
LANG_STRING = RDF["langString"]
TRUE = Literal("true", datatype=XSD["boolean"], normalize=False)


def literal(lexical: str, datatype: str | None = None, language: str | None = None) -> Literal:
    """A literal with exactly this lexical form; xsd:string is spelled as no datatype.

    Raises ValueError for a malformed language tag.
    """
    if language:
        return Literal(lexical, lang=language, normalize=False)
    if datatype is None or datatype == str(XSD["string"]):
        return Literal(lexical, normalize=False)
    if not _rewrites(lexical, URIRef(datatype)):
        return Literal(lexical, datatype=URIRef(datatype), normalize=False)
    # Only a literal made without a datatype keeps its form.
    exact = Literal(lexical, normalize=False)
    exact._datatype = URIRef(datatype)
    return exact


def _rewrites(lexical: str, datatype: URIRef) -> bool:
    """Whether rdflib changes the form even when told not to, or warns about it."""
    if datatype == XSD["boolean"]:
        return lexical not in ("true", "false", "1", "0")
    return datatype in (XSD["token"], XSD["normalizedString"])


def canonical(term: Node) -> Node:
    """The one spelling of a term in which `==` is RDF term equality."""
    if isinstance(term, Literal) and term.datatype == XSD["string"]:
        return literal(str(term))
    return term


def datatype_of(term: Literal) -> URIRef:
    """The datatype IRI that the abstract syntax gives to the literal."""
    if term.datatype is not None:
        return term.datatype
    return LANG_STRING if term.language else XSD["string"]


def sort_key(term: Node) -> tuple[int, str, str, str]:
    """A total order of terms, for deterministic output only: blank nodes, IRIs, literals."""
    if isinstance(term, Literal):
        return (2, str(term), str(datatype_of(term)), (term.language or "").lower())
    return (1 if isinstance(term, URIRef) else 0, str(term), "", "")


def load(
    text: str | bytes,
    *,
    base: str | None = None,
    media: pyoxigraph.RdfFormat = pyoxigraph.RdfFormat.TURTLE,
    lenient: bool = False,
) -> Graph:
    """Parse a document without rewriting literals; blank nodes are new in every call.

    Raises SyntaxError as pyoxigraph does; `lenient` accepts IRIs that RFC 3987 refuses.
    """
    graph = Graph()
    blank: dict[str, BNode] = {}

    def term(parsed: object) -> Node:
        match parsed:
            case pyoxigraph.NamedNode():
                return URIRef(parsed.value)
            case pyoxigraph.BlankNode():
                return blank.setdefault(parsed.value, BNode())
            case pyoxigraph.Literal():
                return literal(parsed.value, parsed.datatype.value, parsed.language)
        raise ValueError(f"not an RDF 1.1 term: {parsed}")

    for quad in pyoxigraph.parse(text, media, base_iri=base, lenient=lenient):
        graph.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return graph


class Triples:
    """A set of triples, indexed both ways, with canonical terms. Answers are sorted."""

    def __init__(self, *graphs: Iterable[tuple[Node, Node, Node]]):
        triples = {
            (canonical(s), canonical(p), canonical(o)) for graph in graphs for s, p, o in graph
        }
        self.count = len(triples)
        self._objects: dict[Node, dict[Node, list[Node]]] = {}
        self._subjects: dict[Node, dict[Node, list[Node]]] = {}
        for s, p, o in sorted(triples, key=lambda triple: tuple(map(sort_key, triple))):
            self._objects.setdefault(s, {}).setdefault(p, []).append(o)
            self._subjects.setdefault(p, {}).setdefault(o, []).append(s)

    def objects(self, subject: Node, predicate: Node) -> list[Node]:
        """All o with (subject, predicate, o)."""
        return list(self._objects.get(subject, {}).get(predicate, ()))

    def subjects(self, predicate: Node, value: Node) -> list[Node]:
        """All s with (s, predicate, value)."""
        return list(self._subjects.get(predicate, {}).get(value, ()))

    def outgoing(self, subject: Node) -> dict[Node, list[Node]]:
        """The objects of a subject by predicate."""
        return self._objects.get(subject, {})

    def pairs(self, predicate: Node) -> Iterator[tuple[Node, Node]]:
        """All (s, o) with (s, predicate, o)."""
        for value, subjects in self._subjects.get(predicate, {}).items():
            for subject in subjects:
                yield subject, value

    def has(self, subject: Node, predicate: Node, value: Node) -> bool:
        """Whether the triple is in the set."""
        return value in self._objects.get(subject, {}).get(predicate, ())
