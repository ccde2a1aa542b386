# SPDX-License-Identifier: Apache-2.0
"""What closures are compared by: facts in the vocabulary of the input.

Left out are
- triples with blank nodes: those of anonymous classes and of lists have other names in each
  program, and cns does not write them;
- triples about classes, properties and other names of the vocabulary: a closed schema is asked
  for by other means, and its axiomatic triples differ by program;
- types that are built in, such as owl:Thing, which all that is typed has;
- that each thing is the same as itself;
- triples with literals as subjects, which RDF does not have.
Literals are compared by value: those of equal values stand for each other.
"""

from __future__ import annotations

from collections.abc import Iterable

from rdflib import Literal, URIRef
from rdflib.term import Node

from tests.owl import datatypes as dt
from tests.owl.triples import Triple
from tests.reference.terms import OWL, RDF, RDF_TYPE, RDFS, XSD

SAME_AS = OWL["sameAs"]
_BUILT_IN = tuple(map(str, (OWL, RDF, RDFS, XSD)))


def facts(triples: Iterable[Triple]) -> set[tuple[Node, Node, object]]:
    """The facts among the triples, with values in the place of literals."""
    found: set[tuple[Node, Node, object]] = set()
    for s, p, o in triples:
        if not isinstance(s, URIRef) or not isinstance(p, URIRef) or _built_in(s):
            continue
        if isinstance(o, Literal) and not _built_in(p):
            found.add((s, p, _value(o)))
        elif isinstance(o, URIRef) and _tells(s, p, o):
            found.add((s, p, o))
    return found


def _tells(s: URIRef, p: URIRef, o: URIRef) -> bool:
    if p == RDF_TYPE:
        return not _built_in(o)
    return s != o if p == SAME_AS else not _built_in(p)


def _built_in(term: URIRef) -> bool:
    return str(term).startswith(_BUILT_IN)


def _value(term: Literal) -> object:
    found = dt.value(term)
    return term if found is None else found
