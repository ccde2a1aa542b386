# SPDX-License-Identifier: Apache-2.0
"""Terms in N-Triples, and from and to rdflib, with the lexical form that they have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cns_build.model import IRI, BlankNode, Literal, Node, Term
from cns_build.vocabulary import RDF, XSD

if TYPE_CHECKING:
    import rdflib
    from rdflib.term import Node as RdflibNode

STRING, LANG_STRING = IRI(XSD + "string"), IRI(RDF + "langString")

_IN_STRINGS = re.compile(r'[\x00-\x1f"\\\x7f]')
_IN_IRIS = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
_KEPT_FORMS = {
    XSD + "boolean": ("true", "false", "1", "0"),
    XSD + "token": (),
    XSD + "normalizedString": (),
}
"""Datatypes of which rdflib rewrites, or warns of, all forms but these."""


def quoted(text: str) -> str:
    """Return a string as N-Triples and Turtle write it."""
    return f'"{_IN_STRINGS.sub(lambda c: _SHORT.get(c[0], _code(c)), text)}"'


def bracketed(iri: str) -> str:
    """Return an IRI as N-Triples and Turtle write it."""
    return f"<{_IN_IRIS.sub(_code, iri)}>"


def _code(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04X}"


def to_ntriples(term: Term) -> str:
    """Return a term as N-Triples writes it."""
    match term:
        case IRI(value):
            return bracketed(value)
        case BlankNode(label):
            return f"_:{label}"
    if term.language:
        return f"{quoted(term.lexical)}@{term.language}"
    if term.datatype == STRING:
        return quoted(term.lexical)
    return f"{quoted(term.lexical)}^^{bracketed(term.datatype.value)}"


def from_rdflib(term: RdflibNode) -> Term:
    """Return a term of rdflib. Raises ValueError for what is none of RDF."""
    import rdflib

    if isinstance(term, rdflib.Literal):
        if term.language:
            return Literal(str(term), LANG_STRING, term.language)
        return Literal(str(term), IRI(str(term.datatype)) if term.datatype else STRING)
    if isinstance(term, rdflib.BNode):
        return BlankNode(str(term))
    if isinstance(term, rdflib.URIRef):
        return IRI(str(term))
    raise ValueError(f"{term!r} is no term of RDF")


def node_to_rdflib(node: Node) -> rdflib.URIRef | rdflib.BNode:
    """Return a node for rdflib; a blank node has its label."""
    import rdflib

    return rdflib.URIRef(node.value) if isinstance(node, IRI) else rdflib.BNode(node.label)


def to_rdflib(term: Term) -> rdflib.URIRef | rdflib.BNode | rdflib.Literal:
    """Return a term for rdflib, with exactly its lexical form."""
    import rdflib

    if not isinstance(term, Literal):
        return node_to_rdflib(term)
    if term.language:
        return rdflib.Literal(term.lexical, lang=term.language, normalize=False)
    if term.datatype == STRING:
        return rdflib.Literal(term.lexical, normalize=False)
    datatype = rdflib.URIRef(term.datatype.value)
    if term.lexical in _KEPT_FORMS.get(term.datatype.value, (term.lexical,)):
        return rdflib.Literal(term.lexical, datatype=datatype, normalize=False)
    exact = rdflib.Literal(term.lexical, normalize=False)  # without a datatype it keeps its form
    exact._datatype = datatype
    return exact
