# SPDX-License-Identifier: Apache-2.0
"""The shapes graph: which nodes are shapes, whether they are well-formed, what they target."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cache

from rdflib import Literal, URIRef
from rdflib.term import Node

from .errors import IllFormedShape, RecursiveShape, UnsupportedFeature
from .numbers import exact_integer
from .paths import Path, Predicate, read_list, read_path
from .pattern import InvalidPattern, compile_pattern
from .terms import OWL, RDF_TYPE, RDFS, SH, TRUE, Triples
from .vocabulary import BEYOND_CORE, OTHERS, PARAMETERS, TARGETS

SHAPE_TYPES = (SH["NodeShape"], SH["PropertyShape"])


@cache
def _term(name: str) -> URIRef:
    return SH[name]


def closure(graphs: Iterable[Triples], cls: Node) -> set[Node]:
    """The class and everything that rdfs:subClassOf, in any of the graphs, leads to from it."""
    found: set[Node] = set()
    pending = [cls]
    while pending:
        current = pending.pop()
        if current not in found:
            found.add(current)
            for graph in graphs:
                pending.extend(graph.objects(current, RDFS["subClassOf"]))
    return found


def is_instance(graph: Triples, node: Node, cls: Node) -> bool:
    """SHACL instance: a type of the node is the class or a subclass of it (SHACL 1.1)."""
    return any(cls in closure([graph], type_) for type_ in graph.objects(node, RDF_TYPE))


class Shapes:
    """A shapes graph in which every shape is well-formed.

    `waived` names what is to be ignored: properties beyond SHACL Core, and shapes without triples.
    """

    def __init__(self, graph: Triples, *, strict: bool = False, waived: Collection[Node] = ()):
        self.graph = graph
        self.strict = strict
        self.waived = frozenset(waived)
        custom = {
            path
            for _, parameter in graph.pairs(SH["parameter"])
            for path in graph.objects(parameter, SH["path"])
        }
        self._beyond_core = {*BEYOND_CORE, *custom} - set(PARAMETERS)
        self._references: dict[Node, list[tuple[Node, bool]]] = {}
        self._check_all()

    # Reading

    def values(self, shape: Node, name: str) -> list[Node]:
        """The values of one property of a shape."""
        return self.graph.objects(shape, _term(name))

    def value(self, shape: Node, name: str) -> Node | None:
        """The only value of a property of a well-formed shape, or None."""
        return next(iter(self.values(shape, name)), None)

    def integer(self, shape: Node, name: str) -> int | None:
        """The value of an integer parameter, or None."""
        value = self.value(shape, name)
        return None if value is None else exact_integer(str(value))

    def is_true(self, shape: Node, name: str) -> bool:
        """Whether the value is the literal `true`; "1" is another term and does not count."""
        return TRUE in self.values(shape, name)

    def members(self, head: Node) -> list[Node]:
        """The members of a list."""
        return read_list(self.graph, head)

    def path(self, shape: Node) -> Path | None:
        """The path of a property shape; None for a node shape."""
        node = self.value(shape, "path")
        return None if node is None else read_path(self.graph, node)

    def severity(self, shape: Node) -> URIRef:
        """sh:severity, sh:Violation by default (SHACL 2.1.4)."""
        value = self.value(shape, "severity")
        return value if isinstance(value, URIRef) else SH["Violation"]

    def messages(self, shape: Node) -> tuple[Literal, ...]:
        """The values of sh:message."""
        return tuple(m for m in self.values(shape, "message") if isinstance(m, Literal))

    def siblings(self, shape: Node) -> list[Node]:
        """The sibling shapes of a qualified value shape (SHACL 4.7.3)."""
        if not self.is_true(shape, "qualifiedValueShapesDisjoint"):
            return []
        found = {
            qualified
            for parent in self.graph.subjects(SH["property"], shape)
            for property_shape in self.values(parent, "property")
            for qualified in self.values(property_shape, "qualifiedValueShape")
        }
        own = set(self.values(shape, "qualifiedValueShape"))
        return sorted(found - own, key=str)

    def allowed_properties(self, shape: Node) -> set[Node]:
        """What a closed shape allows: the IRI paths of its properties, and those ignored."""
        declared = {
            path.iri
            for property_shape in self.values(shape, "property")
            if isinstance(path := self.path(property_shape), Predicate)
        }
        ignored = self.value(shape, "ignoredProperties")
        return declared | set([] if ignored is None else self.members(ignored))

    def implicit_class(self, shape: Node) -> bool:
        """Whether the shape is a class, and so its own target (SHACL 2.1.3.3)."""
        if not any(is_instance(self.graph, shape, type_) for type_ in SHAPE_TYPES):
            return False
        classes = (RDFS["Class"],) if self.strict else (RDFS["Class"], OWL["Class"])
        return any(is_instance(self.graph, shape, cls) for cls in classes)

    def targeted(self) -> list[Node]:
        """The shapes that declare a target, implicit ones included."""
        return [
            shape
            for shape in self._references
            if self.implicit_class(shape) or any(map(self.graph.outgoing(shape).get, TARGETS))
        ]

    # Well-formedness

    def _check_all(self) -> None:
        pending = sorted(set(self._roots()), key=str, reverse=True)
        while pending:
            shape = pending.pop()
            if shape not in self._references:
                self._check(shape)
                self._references[shape] = list(self._uses(shape))
                pending.extend(used for used, _ in self._references[shape])
        self._check_recursion()
        for entailment in self.graph.pairs(SH["entailment"]):
            if SH["entailment"] not in self.waived:
                raise UnsupportedFeature(f"sh:entailment {entailment[1].n3()}")

    def _roots(self) -> Iterator[Node]:
        """The nodes that are shapes by what they are or declare (SHACL 2.1)."""
        for node, _ in self.graph.pairs(RDF_TYPE):
            if any(is_instance(self.graph, node, shape_type) for shape_type in SHAPE_TYPES):
                yield node
        for name in (*TARGETS, *PARAMETERS):
            for shape, _ in self.graph.pairs(name):
                yield shape

    def _check(self, shape: Node) -> None:
        outgoing = self.graph.outgoing(shape)
        if not outgoing and shape not in self.waived:
            raise IllFormedShape(shape, "is used as a shape but has no triples")
        self._check_kind(shape)
        for name, rule in {**PARAMETERS, **TARGETS, **OTHERS}.items():
            values = outgoing.get(name, [])
            if rule.single and len(values) > 1:
                raise IllFormedShape(shape, f"has more than one {_short(name)}")
            for value in values:
                members = self.members(value) if rule.refers_to == "members" else [value]
                if not all(map(rule.accepts, members)):
                    raise IllFormedShape(shape, f"{_short(name)} must be {rule.expected}")
        self._check_pattern(shape)
        for used in outgoing:
            if used in self._beyond_core and used not in self.waived:
                raise UnsupportedFeature(f"{shape.n3()}: {_short(used)} is not SHACL Core")

    def _check_kind(self, shape: Node) -> None:
        """Property shapes have one path, node shapes none (SHACL 2.2, 2.3)."""
        is_property = bool(self.values(shape, "path"))
        if is_property:
            self.path(shape)
            if is_instance(self.graph, shape, SH["NodeShape"]):
                raise IllFormedShape(shape, "a node shape has no sh:path")
            if self.graph.subjects(SH["node"], shape):
                raise IllFormedShape(shape, "a value of sh:node has no sh:path")
            return
        if is_instance(self.graph, shape, SH["PropertyShape"]):
            raise IllFormedShape(shape, "a property shape needs a sh:path")
        for name, rule in PARAMETERS.items():
            if rule.only_property_shapes and self.graph.objects(shape, name):
                raise IllFormedShape(shape, f"{_short(name)} is for property shapes only")
        if self.graph.subjects(SH["property"], shape) and shape not in self.waived:
            raise IllFormedShape(shape, "a value of sh:property needs a sh:path")

    def _check_pattern(self, shape: Node) -> None:
        flags = str(self.value(shape, "flags") or "")
        for pattern in self.values(shape, "pattern"):
            try:
                compile_pattern(str(pattern), flags)
            except InvalidPattern as error:
                raise IllFormedShape(shape, f"sh:pattern {pattern!s}: {error}") from error

    def _uses(self, shape: Node) -> Iterator[tuple[Node, bool]]:
        """The shapes that a shape refers to, and whether through negation."""
        for name, rule in PARAMETERS.items():
            if not rule.refers_to.startswith("shape"):
                continue
            negative = name in (SH["not"], SH["xone"]) or (
                name == SH["qualifiedValueShape"] and bool(self.values(shape, "qualifiedMaxCount"))
            )
            for value in self.graph.objects(shape, name):
                for used in self.members(value) if rule.refers_to == "shapes" else [value]:
                    if isinstance(used, Literal):
                        raise IllFormedShape(shape, f"{_short(name)} must be {rule.expected}")
                    yield used, negative
        for sibling in self.siblings(shape):
            yield sibling, True

    def _check_recursion(self) -> None:
        """Refuse shapes that depend on their own negation, which have no agreed meaning."""
        for shape, uses in self._references.items():
            for used, negative in uses:
                if negative and shape in self._reachable(used):
                    raise RecursiveShape(f"{shape.n3()} depends on its own negation")

    def _reachable(self, start: Node) -> set[Node]:
        found: set[Node] = set()
        pending = [start]
        while pending:
            shape = pending.pop()
            if shape not in found:
                found.add(shape)
                pending.extend(used for used, _ in self._references[shape])
        return found


def _short(name: Node) -> str:
    return str(name).replace(str(SH), "sh:")
