# SPDX-License-Identifier: Apache-2.0
"""Terms of the model and of the store. Blank nodes keep their labels."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeAlias

import pyoxigraph

from cns_build.model import IRI, BlankNode, Literal, Term

StoreTerm: TypeAlias = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal


def to_store(term: Term) -> StoreTerm:
    """Return the store's term."""
    match term:
        case IRI(value):
            return _named(value)[0]
        case BlankNode(label):
            return pyoxigraph.BlankNode(label)
        case Literal(lexical, _, language) if language:
            return pyoxigraph.Literal(lexical, language=language)
        case Literal(lexical, datatype, _):
            return pyoxigraph.Literal(lexical, datatype=_named(datatype.value)[0])
    raise AssertionError(term)


def from_store(term: Any) -> Term:
    """Return the model's term. Raises TypeError for a triple term (RDF 1.2)."""
    match term:
        case pyoxigraph.NamedNode():
            return IRI(term.value)
        case pyoxigraph.BlankNode():
            return BlankNode(term.value)
        case pyoxigraph.Literal():
            return Literal(term.value, IRI(term.datatype.value), term.language or "")
    raise TypeError(f"a triple term (RDF 1.2) is not supported: {term}")


def written(term: Term) -> str | None:
    """Return a term as queries write it; None for one that no query can name."""
    match term:
        case BlankNode():
            return None
        case IRI(value) | Literal(datatype=IRI(value)) if not _named(value)[1]:
            return None
    return str(to_store(term))


@lru_cache(maxsize=4096)
def _named(iri: str) -> tuple[pyoxigraph.NamedNode, bool]:
    """Return the store's IRI, and whether queries can write it.

    Data may have IRIs that are not valid (`frontend.parse`). Only a parser makes these.
    """
    try:
        return pyoxigraph.NamedNode(iri), True
    except ValueError:
        escaped = "".join(f"\\U{ord(c):08X}" for c in iri)
        line = f"<{escaped}> <u:p> <u:o> ."
        (quad,) = pyoxigraph.parse(line, pyoxigraph.RdfFormat.N_TRIPLES, lenient=True)
        assert isinstance(quad.subject, pyoxigraph.NamedNode)
        return quad.subject, False
