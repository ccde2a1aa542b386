# SPDX-License-Identifier: Apache-2.0
"""The constraint components of SHACL Core, in the order of section 4 of the specification; and
behind them those of axioms, which SHACL lacks.

Each function yields the violations of one shape's constraints for one focus node. Deactivated
shapes never get here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from rdflib import BNode, Literal, Namespace, URIRef
from rdflib.term import Node

from .paths import Path, Predicate
from .pattern import compile_pattern
from .report import Result
from .shapes import Shapes
from .terms import CNS, SH, Triples, datatype_of
from .values import is_same, is_value_of, is_well_typed, less, less_or_equal


@dataclass(frozen=True)
class Violation:
    """A result before the shape's own properties are added. `path` overrides the shape's.

    `shapes` are those of which the value's results explain this one.
    """

    component: str
    value: Node | None = None
    path: Path | None = None
    shapes: tuple[Node, ...] = ()
    namespace: Namespace = SH


class Context(Protocol):
    """What a component may ask of the evaluator."""

    data: Triples
    shapes: Shapes

    def conforms(self, shape: Node, focus: Node) -> bool:
        """Whether the node conforms to the shape."""
        ...

    def results(self, shape: Node, focus: Node) -> list[Result]:
        """The results of the node against the shape."""
        ...

    def is_instance(self, node: Node, cls: Node) -> bool:
        """Whether the node is a SHACL instance of the class."""
        ...


@dataclass(frozen=True)
class Case:
    """One shape, one focus node and its value nodes."""

    context: Context
    shape: Node
    focus: Node
    values: tuple[Node, ...]

    def parameters(self, name: str) -> list[Node]:
        """The values of one parameter."""
        return self.context.shapes.values(self.shape, name)

    def integer(self, name: str) -> int | None:
        """The value of an integer parameter."""
        return self.context.shapes.integer(self.shape, name)

    def others(self, name: Node) -> list[Node]:
        """The values that the focus node has for another property."""
        return self.context.data.objects(self.focus, name)


Component = Callable[[Case], Iterator[Violation]]


# 4.1 Value type


def class_(case: Case) -> Iterator[Violation]:
    for cls in case.parameters("class"):
        for value in case.values:
            if not case.context.is_instance(value, cls):
                yield Violation("Class", value)


def datatype(case: Case) -> Iterator[Violation]:
    for wanted in case.parameters("datatype"):
        for value in case.values:
            if not (
                isinstance(value, Literal)
                and datatype_of(value) == wanted
                and is_well_typed(value)
            ):
                yield Violation("Datatype", value)


def node_kind(case: Case) -> Iterator[Violation]:
    for wanted in case.parameters("nodeKind"):
        for value in case.values:
            # sh:BlankNodeOrIRI and its like are named after the kinds that they allow.
            if _kind(value) not in str(wanted).removeprefix(str(SH)).split("Or"):
                yield Violation("NodeKind", value)


def _kind(node: Node) -> str:
    if isinstance(node, BNode):
        return "BlankNode"
    return "IRI" if isinstance(node, URIRef) else "Literal"


# 4.2 Cardinality


def min_count(case: Case) -> Iterator[Violation]:
    bound = case.integer("minCount")
    if bound is not None and len(case.values) < bound:
        yield Violation("MinCount")


def max_count(case: Case) -> Iterator[Violation]:
    bound = case.integer("maxCount")
    if bound is not None and len(case.values) > bound:
        yield Violation("MaxCount")


# 4.3 Value range


def _range(name: str, component: str, holds: Callable[[Literal, Literal], bool]) -> Component:
    def evaluate(case: Case) -> Iterator[Violation]:
        for bound in case.parameters(name):
            for value in case.values:
                if not _both_literals(value, bound, holds):
                    yield Violation(component, value)

    return evaluate


def _both_literals(left: Node, right: Node, holds: Callable[[Literal, Literal], bool]) -> bool:
    return isinstance(left, Literal) and isinstance(right, Literal) and holds(left, right)


def _greater(value: Literal, bound: Literal) -> bool:
    return less(bound, value)


def _greater_or_equal(value: Literal, bound: Literal) -> bool:
    return less_or_equal(bound, value)


# 4.4 Strings


def min_length(case: Case) -> Iterator[Violation]:
    bound = case.integer("minLength")
    for value in case.values:
        if bound is not None and (isinstance(value, BNode) or len(str(value)) < bound):
            yield Violation("MinLength", value)


def max_length(case: Case) -> Iterator[Violation]:
    bound = case.integer("maxLength")
    for value in case.values:
        if bound is not None and (isinstance(value, BNode) or len(str(value)) > bound):
            yield Violation("MaxLength", value)


def pattern(case: Case) -> Iterator[Violation]:
    flags = "".join(map(str, case.parameters("flags")))
    for wanted in case.parameters("pattern"):
        expression = compile_pattern(str(wanted), flags)
        for value in case.values:
            if isinstance(value, BNode) or expression.search(str(value)) is None:
                yield Violation("Pattern", value)


def language_in(case: Case) -> Iterator[Violation]:
    for head in case.parameters("languageIn"):
        ranges = [str(member) for member in case.context.shapes.members(head)]
        for value in case.values:
            tag = value.language if isinstance(value, Literal) else None
            if not tag or not any(language_matches(tag, wanted) for wanted in ranges):
                yield Violation("LanguageIn", value)


def language_matches(tag: str, wanted: str) -> bool:
    """SPARQL's langMatches: basic filtering of RFC 4647."""
    tag, wanted = tag.lower(), wanted.lower()
    return wanted == "*" or tag == wanted or tag.startswith(f"{wanted}-")


def unique_lang(case: Case) -> Iterator[Violation]:
    if case.context.shapes.is_true(case.shape, "uniqueLang"):
        tags = [
            value.language.lower()
            for value in case.values
            if isinstance(value, Literal) and value.language
        ]
        for _ in {tag for tag in tags if tags.count(tag) > 1}:
            yield Violation("UniqueLang")


# 4.5 Property pairs


def equals(case: Case) -> Iterator[Violation]:
    for name in case.parameters("equals"):
        others = case.others(name)
        for value in case.values:
            if value not in others:
                yield Violation("Equals", value)
        for other in others:
            if other not in case.values:
                yield Violation("Equals", other)


def disjoint(case: Case) -> Iterator[Violation]:
    for name in case.parameters("disjoint"):
        for value in case.values:
            if value in case.others(name):
                yield Violation("Disjoint", value)


def _pair(name: str, component: str, holds: Callable[[Literal, Literal], bool]) -> Component:
    """One result for each pair that is out of order or incomparable."""

    def evaluate(case: Case) -> Iterator[Violation]:
        for other_property in case.parameters(name):
            for value in case.values:
                for other in case.others(other_property):
                    if not _both_literals(value, other, holds):
                        yield Violation(component, value)

    return evaluate


# 4.6 Logic


def not_(case: Case) -> Iterator[Violation]:
    for negated in case.parameters("not"):
        for value in case.values:
            if case.context.conforms(negated, value):
                yield Violation("Not", value)


def _logic(name: str, component: str, holds: Callable[[int, int], bool]) -> Component:
    """`holds` tells the verdict from the numbers of conforming and of all members."""

    def evaluate(case: Case) -> Iterator[Violation]:
        for head in case.parameters(name):
            members = case.context.shapes.members(head)
            for value in case.values:
                conforming = sum(case.context.conforms(member, value) for member in members)
                if not holds(conforming, len(members)):
                    yield Violation(component, value, shapes=tuple(members))

    return evaluate


# 4.7 Shapes. sh:property adds the results of the property shape itself: see Evaluator.results.


def node(case: Case) -> Iterator[Violation]:
    for wanted in case.parameters("node"):
        for value in case.values:
            if not case.context.conforms(wanted, value):
                yield Violation("Node", value, shapes=(wanted,))


def qualified_value_shape(case: Case) -> Iterator[Violation]:
    siblings = case.context.shapes.siblings(case.shape)
    for wanted in case.parameters("qualifiedValueShape"):
        count = sum(
            case.context.conforms(wanted, value)
            and not any(case.context.conforms(sibling, value) for sibling in siblings)
            for value in case.values
        )
        least, most = case.integer("qualifiedMinCount"), case.integer("qualifiedMaxCount")
        if least is not None and count < least:
            yield Violation("QualifiedMinCount")
        if most is not None and count > most:
            yield Violation("QualifiedMaxCount")


# 4.8 Other


def closed(case: Case) -> Iterator[Violation]:
    if case.context.shapes.is_true(case.shape, "closed"):
        allowed = case.context.shapes.allowed_properties(case.shape)
        for value in case.values:
            for name, objects in case.context.data.outgoing(value).items():
                if name not in allowed and isinstance(name, URIRef):
                    for found in objects:
                        yield Violation("Closed", found, Predicate(name))


def has_value(case: Case) -> Iterator[Violation]:
    for wanted in case.parameters("hasValue"):
        if wanted not in case.values:
            yield Violation("HasValue")


def in_(case: Case) -> Iterator[Violation]:
    for head in case.parameters("in"):
        members = case.context.shapes.members(head)
        for value in case.values:
            if value not in members:
                yield Violation("In", value)


# Axioms


def value_space(case: Case) -> Iterator[Violation]:
    for wanted in case.context.shapes.graph.objects(case.shape, CNS["valueSpace"]):
        for value in case.values:
            if not (isinstance(value, Literal) and is_value_of(value, str(wanted))):
                yield Violation("ValueSpace", value, namespace=CNS)


def max_values(case: Case) -> Iterator[Violation]:
    for bound in case.context.shapes.graph.objects(case.shape, CNS["maxValues"]):
        different: list[Node] = []
        for value in case.values:
            if not any(_are_same(value, other) for other in different):
                different.append(value)
        if len(different) > int(str(bound)):
            yield Violation("MaxValues", namespace=CNS)


def _are_same(left: Node, right: Node) -> bool:
    return left == right or _both_literals(left, right, is_same)


COMPONENTS: tuple[Component, ...] = (
    class_,
    datatype,
    node_kind,
    min_count,
    max_count,
    _range("minExclusive", "MinExclusive", _greater),
    _range("minInclusive", "MinInclusive", _greater_or_equal),
    _range("maxExclusive", "MaxExclusive", less),
    _range("maxInclusive", "MaxInclusive", less_or_equal),
    min_length,
    max_length,
    pattern,
    language_in,
    unique_lang,
    equals,
    disjoint,
    _pair("lessThan", "LessThan", less),
    _pair("lessThanOrEquals", "LessThanOrEquals", less_or_equal),
    not_,
    _logic("and", "And", lambda conforming, total: conforming == total),
    _logic("or", "Or", lambda conforming, total: conforming > 0),
    _logic("xone", "Xone", lambda conforming, total: conforming == 1),
    node,
    qualified_value_shape,
    closed,
    has_value,
    in_,
    value_space,
    max_values,
)
