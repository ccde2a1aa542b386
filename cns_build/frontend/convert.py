# SPDX-License-Identifier: Apache-2.0
"""From the parser's terms to the model's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyoxigraph

from cns_build.model import IRI, BlankNode, Literal, Node, Term

KEPT = "cns·kept·"
"""How labels begin that stay: of blank nodes that a Python program knows by them."""


class Labels:
    """The blank nodes of one file, renamed in order of occurrence."""

    def __init__(self, fresh_label: Callable[[], str]) -> None:
        self._fresh_label = fresh_label
        self._blank_nodes: dict[str, BlankNode] = {}

    def blank_node(self, label: str) -> BlankNode:
        """Return the blank node that has `label` in this file."""
        found = self._blank_nodes.get(label)
        if found is None:
            name = label if label.startswith(KEPT) else self._fresh_label()
            found = self._blank_nodes[label] = BlankNode(name)
        return found


class Converter:
    """Turns the parser's terms into the model's; equal IRIs become one object."""

    def __init__(self, fresh_label: Callable[[], str]) -> None:
        self._labels = Labels(fresh_label)
        self._iris: dict[str, IRI] = {}

    def term(self, term: Any) -> Term:
        """Return the model's term. Raises SyntaxError for a triple term (RDF 1.2)."""
        if isinstance(term, pyoxigraph.Literal):
            return Literal(term.value, self.iri(term.datatype.value), term.language or "")
        return self.node(term)

    def node(self, node: Any) -> Node:
        """Return the model's node. Raises SyntaxError for a triple term (RDF 1.2)."""
        if isinstance(node, pyoxigraph.NamedNode):
            return self.iri(node.value)
        if isinstance(node, pyoxigraph.BlankNode):
            return self._labels.blank_node(node.value)
        raise SyntaxError("a triple term (RDF 1.2) is not supported")

    def iri(self, value: str) -> IRI:
        """Return the one IRI object of `value`."""
        found = self._iris.get(value)
        if found is None:
            found = self._iris[value] = IRI(value)
        return found
