# SPDX-License-Identifier: Apache-2.0
"""The formats that pyoxigraph does not know (TriX, HexTuples), read through rdflib.

rdflib is imported here and only when such a file is read. Triples come subject by subject, in
the order in which rdflib met them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cns_build.model import IRI, Literal, Node, Term
from cns_build.vocabulary import RDF, XSD

if TYPE_CHECKING:
    import rdflib

    from cns_build.frontend.convert import Labels
    from cns_build.frontend.parse import Triple


def parse_with_rdflib(
    data: bytes, format_: str, base: str, labels: Labels
) -> tuple[tuple[Triple, ...], dict[str, str]]:
    """Return the triples and prefixes of `data`. Raises ValueError with the parser's reason."""
    dataset = read_dataset(data, format_, base)
    triples = tuple((_node(s, labels), str(p), _term(o, labels)) for s, p, o, _ in dataset.quads())
    return triples, {prefix: str(iri) for prefix, iri in dataset.namespaces()}


def read_dataset(data: bytes, format_: str, base: str) -> rdflib.Dataset:
    """Return what rdflib reads, with lexical forms as written. Raises ValueError, as above."""
    import rdflib

    normalize = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False
    dataset = rdflib.Dataset()
    try:
        dataset.parse(data=data, format=format_, publicID=base)
    except Exception as error:  # rdflib's parsers raise whatever they run into
        raise ValueError(str(error) or type(error).__name__) from error
    finally:
        rdflib.NORMALIZE_LITERALS = normalize
    return dataset


def _term(term: Any, labels: Labels) -> Term:
    import rdflib

    if not isinstance(term, rdflib.Literal):
        return _node(term, labels)
    if term.language:
        return Literal(str(term), IRI(RDF + "langString"), str(term.language).lower())
    return Literal(str(term), IRI(str(term.datatype or XSD + "string")))


def _node(node: Any, labels: Labels) -> Node:
    import rdflib

    if isinstance(node, rdflib.BNode):
        return labels.blank_node(str(node))
    return IRI(str(node))
