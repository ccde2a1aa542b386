# SPDX-License-Identifier: Apache-2.0
"""An index over the triples of the shapes files, and the reading of RDF lists."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cns_build.diagnostics import Diagnostic
from cns_build.frontend.parse import Document
from cns_build.model import IRI, BlankNode, Literal, Node, Origin, Term
from cns_build.vocabulary import RDF

FIRST, REST, NIL, TYPE = RDF + "first", RDF + "rest", IRI(RDF + "nil"), RDF + "type"


class Value(NamedTuple):
    """The object of a triple, and the triple's number over all files."""

    term: Term
    number: int


class Graph:
    """The triples of several documents, by subject and predicate; equal triples count once."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._files: list[str] = []
        self._starts: list[int] = []
        self._statements: dict[Node, list[tuple[str, Value]]] = {}
        self._parents: dict[Term, Node] | None = None
        number = 0
        for document in documents:
            self._files.append(document.file)
            self._starts.append(number)
            for subject, predicate, term in document.triples:
                statement = (predicate, Value(term, number))
                known = self._statements.get(subject)
                if known is None:
                    self._statements[subject] = [statement]
                else:
                    known.append(statement)
                number += 1

    def __contains__(self, node: object) -> bool:
        """Whether `node` is the subject of a triple."""
        return node in self._statements

    def __iter__(self) -> Iterator[Node]:
        """Yield the subjects in the order of their first triples."""
        return iter(self._statements)

    def number(self, node: Node) -> int:
        """Return the number of the first triple with the subject `node`."""
        return self._statements[node][0][1].number

    def raw(self, node: Node) -> Sequence[tuple[str, Value]]:
        """Return predicates and values of `node` as the text has them, duplicates included."""
        return self._statements.get(node, ())

    def statements(self, node: Node) -> Mapping[str, list[Value]]:
        """Return the values of each predicate of `node`, both in the order of the text."""
        values: dict[str, dict[Term, Value]] = {}
        for predicate, value in self._statements.get(node, ()):
            values.setdefault(predicate, {}).setdefault(value.term, value)
        return {predicate: list(terms.values()) for predicate, terms in values.items()}

    def values(self, node: Node, predicate: str) -> list[Value]:
        """Return the values of one predicate of `node` in the order of the text."""
        found: dict[Term, Value] = {}
        for name, value in self._statements.get(node, ()):
            if name == predicate:
                found.setdefault(value.term, value)
        return list(found.values())

    def parent(self, node: Node) -> Node | None:
        """Return the subject of the first triple that points to a blank node."""
        if self._parents is None:
            self._parents = {}
            for subject, statements in self._statements.items():
                for _, value in statements:
                    if isinstance(value.term, BlankNode):
                        self._parents.setdefault(value.term, subject)
        return self._parents.get(node)

    def predicates(self) -> Mapping[str, int]:
        """Return each predicate with the number of the first triple that has it."""
        first: dict[str, int] = {}
        for statements in self._statements.values():
            for predicate, value in statements:
                if value.number < first.get(predicate, value.number + 1):
                    first[predicate] = value.number
        return first

    def origin(self, number: int, part: str = "object") -> Origin:
        """Return where the triple with this number stands."""
        file = bisect_right(self._starts, number) - 1
        return Origin(self._files[file], number - self._starts[file], part)


class IllFormed(Exception):
    """A list, path or value that breaks a rule; raised and collected inside the front end."""

    def __init__(self, message: str, where: Origin, fix: str, rule: str = "") -> None:
        super().__init__(message)
        self.diagnostic = Diagnostic(message, where, fix, rule=rule)


def read_list(graph: Graph, head: Value) -> list[Value]:
    """Return the members of the list that starts at `head`. Raises IllFormed."""
    members: list[Value] = []
    seen: set[Term] = set()
    cell = head
    while cell.term != NIL:
        if isinstance(cell.term, Literal):
            raise _ill_formed(graph, cell, "it ends in a literal, not in rdf:nil")
        if cell.term in seen:
            raise _ill_formed(graph, cell, "it leads back into itself")
        seen.add(cell.term)
        members.append(_only_value(graph, cell, FIRST))
        cell = _only_value(graph, cell, REST)
    for predicate in (FIRST, REST):
        for value in graph.values(NIL, predicate):
            raise _ill_formed(graph, value, "rdf:nil, the empty list, has a value")
    return members


def _only_value(graph: Graph, cell: Value, predicate: str) -> Value:
    assert not isinstance(cell.term, Literal)
    values = graph.values(cell.term, predicate)
    if len(values) != 1:
        count = "no" if not values else f"{len(values)} values of"
        name = "rdf:first" if predicate == FIRST else "rdf:rest"
        raise _ill_formed(graph, values[1] if values else cell, f"a node has {count} {name}")
    return values[0]


def _ill_formed(graph: Graph, at: Value, reason: str) -> IllFormed:
    where = graph.origin(at.number)
    fix = "write the list as ( member … )"
    return IllFormed(f"ill-formed list: {reason}", where, fix, "SHACL-list")
