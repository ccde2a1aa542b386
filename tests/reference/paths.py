# SPDX-License-Identifier: Apache-2.0
"""Property paths (SHACL 2.3.1): read from a shapes graph, and followed in a data graph."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import URIRef
from rdflib.term import Node

from .errors import IllFormedShape
from .terms import RDF_FIRST, RDF_NIL, RDF_REST, SH, Triples, sort_key


@dataclass(frozen=True)
class Predicate:
    """One property."""

    iri: URIRef

    def __str__(self) -> str:
        return f"<{self.iri}>"


@dataclass(frozen=True)
class Inverse:
    """The path from object to subject."""

    path: Path

    def __str__(self) -> str:
        return f"^({self.path})"


@dataclass(frozen=True)
class Sequence:
    """Two or more paths, one after the other."""

    paths: tuple[Path, ...]

    def __str__(self) -> str:
        return "(" + "/".join(map(str, self.paths)) + ")"


@dataclass(frozen=True)
class Alternative:
    """Any of two or more paths."""

    paths: tuple[Path, ...]

    def __str__(self) -> str:
        return "(" + "|".join(map(str, self.paths)) + ")"


@dataclass(frozen=True)
class Repeat:
    """A path repeated: `?`, `*` or `+`, as in SPARQL."""

    path: Path
    modifier: str

    def __str__(self) -> str:
        return f"({self.path}){self.modifier}"


Path = Predicate | Inverse | Sequence | Alternative | Repeat

_MODIFIERS = {
    SH["zeroOrOnePath"]: "?",
    SH["zeroOrMorePath"]: "*",
    SH["oneOrMorePath"]: "+",
}
_OPERATORS = (SH["alternativePath"], SH["inversePath"], *_MODIFIERS)


def read_list(graph: Triples, head: Node) -> list[Node]:
    """The members of a SHACL list; IllFormedShape when it branches, breaks off or cycles."""
    members: list[Node] = []
    seen: set[Node] = set()
    while head != RDF_NIL:
        first, rest = graph.objects(head, RDF_FIRST), graph.objects(head, RDF_REST)
        if len(first) != 1 or len(rest) != 1 or head in seen:
            raise IllFormedShape(head, "is not a well-formed RDF list")
        seen.add(head)
        members.append(first[0])
        head = rest[0]
    if graph.objects(head, RDF_FIRST) or graph.objects(head, RDF_REST):
        raise IllFormedShape(head, "rdf:nil has rdf:first or rdf:rest")
    return members


def read_path(graph: Triples, node: Node, above: frozenset[Node] = frozenset()) -> Path:
    """The path that a node of the shapes graph stands for.

    A blank node with rdf:rest is a sequence, whatever else it has. Raises IllFormedShape.
    """
    if isinstance(node, URIRef):
        return Predicate(node)
    if node in above:
        raise IllFormedShape(node, "the path contains itself")
    inner = above | {node}
    if graph.objects(node, RDF_REST):
        return Sequence(_read_paths(graph, node, inner))
    operators = [(name, arg) for name in _OPERATORS for arg in graph.objects(node, name)]
    if len(operators) != 1:
        raise IllFormedShape(node, f"a path needs one path operator, not {len(operators)}")
    operator, argument = operators[0]
    if operator == SH["alternativePath"]:
        return Alternative(_read_paths(graph, argument, inner))
    path = read_path(graph, argument, inner)
    return Inverse(path) if operator == SH["inversePath"] else Repeat(path, _MODIFIERS[operator])


def _read_paths(graph: Triples, head: Node, above: frozenset[Node]) -> tuple[Path, ...]:
    members = read_list(graph, head)
    if len(members) < 2:
        raise IllFormedShape(head, "a sequence or alternative path needs two members")
    return tuple(read_path(graph, member, above) for member in members)


def follow(data: Triples, path: Path, start: Node) -> list[Node]:
    """The nodes that the path reaches from `start`: a set, as a sorted list."""
    return sorted(_reach(data, path, {start}, backwards=False), key=sort_key)


def _reach(data: Triples, path: Path, starts: set[Node], *, backwards: bool) -> set[Node]:
    match path:
        case Predicate(iri) if backwards:
            return {end for start in starts for end in data.subjects(iri, start)}
        case Predicate(iri):
            return {end for start in starts for end in data.objects(start, iri)}
        case Inverse(inner):
            return _reach(data, inner, starts, backwards=not backwards)
        case Sequence(paths):
            for inner in reversed(paths) if backwards else paths:
                starts = _reach(data, inner, starts, backwards=backwards)
            return starts
        case Alternative(paths):
            return {
                end for inner in paths for end in _reach(data, inner, starts, backwards=backwards)
            }
        case Repeat(inner, "?"):
            return starts | _reach(data, inner, starts, backwards=backwards)
        case Repeat(inner, modifier):
            ends = set(starts) if modifier == "*" else set()
            frontier = starts
            while frontier:
                frontier = _reach(data, inner, frontier, backwards=backwards) - ends
                ends |= frontier
            return ends
    raise AssertionError(path)
