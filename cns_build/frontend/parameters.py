# SPDX-License-Identifier: Apache-2.0
"""Constraint parameters (SHACL 4): from the values of a shape to constraints.

`READERS` has one entry for each parameter that starts a constraint. A reader returns the
constraint for one value, or None where the value constrains nothing (`sh:closed false`), and
raises IllFormed where SHACL's syntax rules forbid the value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias, TypeVar

from cns_build.frontend.graph import FIRST, NIL, REST, Graph, IllFormed, Value, read_list
from cns_build.frontend.report import Report
from cns_build.model import (
    IRI,
    And,
    ClassConstraint,
    Closed,
    Constraint,
    Datatype,
    Disjoint,
    Equals,
    HasValue,
    In,
    LanguageIn,
    LessThan,
    LessThanOrEquals,
    Literal,
    MaxCount,
    MaxExclusive,
    MaxInclusive,
    MaxLength,
    MaxValues,
    MinCount,
    MinExclusive,
    MinInclusive,
    MinLength,
    Node,
    NodeConstraint,
    NodeKind,
    Not,
    Or,
    Origin,
    Pattern,
    Property,
    QualifiedValueShape,
    UniqueLang,
    ValueSpace,
    Xone,
)
from cns_build.vocabulary import CNS, RDF, SH, XSD

NODE_KINDS = (
    "BlankNode",
    "IRI",
    "Literal",
    "BlankNodeOrIRI",
    "BlankNodeOrLiteral",
    "IRIOrLiteral",
)
_STRING = IRI(XSD + "string")
_LANG_STRING = IRI(RDF + "langString")
_BOOLEAN = IRI(XSD + "boolean")
_INTEGER = IRI(XSD + "integer")

_Value = TypeVar("_Value")


class ShapeReader:
    """The values of one shape, read as the kinds that SHACL's syntax rules ask for."""

    def __init__(
        self, graph: Graph, statements: Mapping[str, list[Value]], report: Report
    ) -> None:
        self.graph = graph
        self.statements = statements
        self._report = report

    def origin(self, value: Value) -> Origin:
        """Return where `value` stands."""
        return self.graph.origin(value.number)

    def show(self, value: Value) -> str:
        """Return the term of `value` as people write it."""
        return self._report.show(value.term)

    def wrong(self, name: str, value: Value, wanted: str, rule: str) -> IllFormed:
        """Return the error that `name` has a value of the wrong kind.

        `rule` is the last part of the syntax rule's id: `datatype` of `minCount-datatype`.
        """
        message = f"{name} needs {wanted}, got {self.show(value)}"
        return IllFormed(message, self.origin(value), f"give {wanted}", _rule(name, rule))

    def refused(self, name: str, value: Value, wanted: str) -> IllFormed:
        """Return the error for a value that SHACL allows and that cannot be meant or held."""
        message = f"{name} needs {wanted}, got {self.show(value)}"
        return IllFormed(message, self.origin(value), f"give {wanted}")

    def iri(self, name: str, value: Value) -> IRI:
        """Return the IRI that `value` is. Raises IllFormed."""
        if isinstance(value.term, IRI):
            return value.term
        raise self.wrong(name, value, "an IRI", "nodeKind")

    def node(self, name: str, value: Value) -> Node:
        """Return the IRI or blank node of a shape. Raises IllFormed."""
        if isinstance(value.term, Literal):
            raise self.wrong(name, value, "a shape", "node")
        return value.term

    def literal(self, name: str, value: Value) -> Literal:
        """Return the literal that `value` is. Raises IllFormed."""
        if isinstance(value.term, Literal):
            return value.term
        raise self.wrong(name, value, "a literal", "nodeKind")

    def string(self, name: str, value: Value) -> str:
        """Return the text of an xsd:string. Raises IllFormed."""
        if isinstance(value.term, Literal) and value.term.datatype == _STRING:
            return value.term.lexical
        raise self.wrong(name, value, "a string", "datatype")

    def message(self, name: str, value: Value) -> Literal:
        """Return a string with or without a language tag. Raises IllFormed."""
        if isinstance(value.term, Literal) and value.term.datatype in (_STRING, _LANG_STRING):
            return value.term
        raise self.wrong(name, value, "a string, with or without a language tag", "datatype")

    def count(self, name: str, value: Value) -> int:
        """Return a number that is not negative. Raises IllFormed."""
        term = value.term
        if not isinstance(term, Literal) or term.datatype != _INTEGER:
            raise self.wrong(name, value, "an integer literal", "datatype")
        digits = term.lexical.strip(" \t\r\n")
        digits = digits[1:] if digits[:1] in ("+", "-") else digits
        if not (digits.isascii() and digits.isdigit()):
            raise self.wrong(name, value, "an integer literal", "datatype")
        if term.lexical.lstrip()[:1] == "-" and digits.strip("0"):
            raise self.refused(name, value, "an integer that is not negative")
        if len(digits) > 4000:
            raise self.refused(name, value, "an integer of fewer digits")
        return int(digits)

    def flag(self, name: str, value: Value) -> bool:
        """Return whether `value` is `true`; only this lexical form counts. Raises IllFormed."""
        term = value.term
        if not isinstance(term, Literal) or term.datatype != _BOOLEAN:
            raise self.wrong(name, value, "true or false", "datatype")
        if term.lexical not in ("true", "false"):
            if term.lexical not in ("1", "0") or name == "sh:deactivated":
                raise self.wrong(name, value, "true or false", "datatype")
            message = f"{name} has no effect: only the lexical form true switches it on"
            self._report.warn(message, self.origin(value), "write true or false", "switch")
        return term.lexical == "true"

    def members(self, name: str, head: Value) -> list[Value]:
        """Return the members of a list. Raises IllFormed."""
        if isinstance(head.term, Literal):
            raise self.wrong(name, head, "a list", "node")
        if head.term != NIL and head.term not in self.graph:
            message = f"{name} refers to {self._report.show(head.term)}, which has no triples"
            fix = "write the list as ( member … ), or give the file that has it with --shapes"
            raise IllFormed(message, self.origin(head), fix, _rule(name, "node"))
        if head.term != NIL and not self._is_list(head.term):
            raise self.wrong(name, head, "a list", "node")
        return read_list(self.graph, head)

    def _is_list(self, node: Node) -> bool:
        return any(predicate in (FIRST, REST) for predicate, _ in self.graph.raw(node))

    def shapes(self, name: str, head: Value) -> tuple[Node, ...]:
        """Return the members of a list of shapes. Raises IllFormed."""
        return tuple(self.node(f"a member of {name}", m) for m in self.members(name, head))

    def optional(
        self, local_name: str, read: Callable[[str, Value], _Value], absent: _Value
    ) -> _Value:
        """Return the value of a second parameter, or `absent`. Raises IllFormed."""
        values = self.statements.get(SH + local_name, ())
        return read(f"sh:{local_name}", values[0]) if values else absent


def _rule(name: str, what: str) -> str:
    """Return the id of a syntax rule: `in-node` for sh:in, `or-members-node` for members."""
    member = name.removeprefix("a member of ")
    return f"{member.removeprefix('sh:')}{'-members' if member != name else ''}-{what}"


Reader: TypeAlias = Callable[[ShapeReader, str, Value], "Constraint | None"]


def _node_kind(shape: ShapeReader, name: str, value: Value) -> NodeKind:
    for kind in NODE_KINDS:
        if value.term == IRI(SH + kind):
            return NodeKind(kind, shape.origin(value))
    wanted = "one of " + ", ".join(f"sh:{kind}" for kind in NODE_KINDS)
    message = f"{name} needs {wanted}, got {shape.show(value)}"
    raise IllFormed(message, shape.origin(value), "give one of them", _rule(name, "in"))


def _pattern(shape: ShapeReader, name: str, value: Value) -> Pattern:
    # Most shapes have no patterns, and do not wait for what reads them.
    from cns_build.pattern.syntax import PatternError, PatternLimit, parse

    text = shape.string(name, value)
    flags = shape.optional("flags", shape.string, "")
    try:
        parse(text, flags)
    except PatternError as error:
        where = replace(shape.origin(value), character=error.position)
        rule = "" if isinstance(error, PatternLimit) else _rule(name, "regex")
        raise IllFormed(f"{name}: {error.message}", where, error.fix, rule) from error
    return Pattern(text, flags, shape.origin(value))


def _language_in(shape: ShapeReader, name: str, value: Value) -> LanguageIn:
    members = shape.members(name, value)
    tags = tuple(shape.string(f"a member of {name}", member) for member in members)
    return LanguageIn(tags, shape.origin(value))


def _unique_lang(shape: ShapeReader, name: str, value: Value) -> UniqueLang | None:
    return UniqueLang(shape.origin(value)) if shape.flag(name, value) else None


def _closed(shape: ShapeReader, name: str, value: Value) -> Closed | None:
    if not shape.flag(name, value):
        return None
    return Closed(shape.optional("ignoredProperties", _iris(shape), ()), shape.origin(value))


def _iris(shape: ShapeReader) -> Callable[[str, Value], tuple[IRI, ...]]:
    def read(name: str, head: Value) -> tuple[IRI, ...]:
        return tuple(shape.iri(f"a member of {name}", m) for m in shape.members(name, head))

    return read


def _qualified(shape: ShapeReader, name: str, value: Value) -> QualifiedValueShape:
    low: int | None = shape.optional("qualifiedMinCount", shape.count, None)
    high: int | None = shape.optional("qualifiedMaxCount", shape.count, None)
    if low is None and high is None:
        message = f"{name} has neither sh:qualifiedMinCount nor sh:qualifiedMaxCount"
        raise IllFormed(message, shape.origin(value), "give one of them")
    disjoint = shape.optional("qualifiedValueShapesDisjoint", shape.flag, False)
    return QualifiedValueShape(shape.node(name, value), low, high, disjoint, shape.origin(value))


def _in(shape: ShapeReader, name: str, value: Value) -> In:
    return In(tuple(m.term for m in shape.members(name, value)), shape.origin(value))


def _of(
    read: Callable[[ShapeReader, str, Value], _Value], make: Callable[[_Value, Origin], Constraint]
) -> Reader:
    """Return the reader of a parameter whose constraint holds one value."""
    return lambda shape, name, value: make(read(shape, name, value), shape.origin(value))


_LOCAL_READERS: Mapping[str, Reader] = {
    "class": _of(ShapeReader.iri, ClassConstraint),
    "datatype": _of(ShapeReader.iri, Datatype),
    "nodeKind": _node_kind,
    "minCount": _of(ShapeReader.count, MinCount),
    "maxCount": _of(ShapeReader.count, MaxCount),
    "minExclusive": _of(ShapeReader.literal, MinExclusive),
    "minInclusive": _of(ShapeReader.literal, MinInclusive),
    "maxExclusive": _of(ShapeReader.literal, MaxExclusive),
    "maxInclusive": _of(ShapeReader.literal, MaxInclusive),
    "minLength": _of(ShapeReader.count, MinLength),
    "maxLength": _of(ShapeReader.count, MaxLength),
    "pattern": _pattern,
    "languageIn": _language_in,
    "uniqueLang": _unique_lang,
    "equals": _of(ShapeReader.iri, Equals),
    "disjoint": _of(ShapeReader.iri, Disjoint),
    "lessThan": _of(ShapeReader.iri, LessThan),
    "lessThanOrEquals": _of(ShapeReader.iri, LessThanOrEquals),
    "not": _of(ShapeReader.node, Not),
    "and": _of(ShapeReader.shapes, And),
    "or": _of(ShapeReader.shapes, Or),
    "xone": _of(ShapeReader.shapes, Xone),
    "node": _of(ShapeReader.node, NodeConstraint),
    "property": _of(ShapeReader.node, Property),
    "qualifiedValueShape": _qualified,
    "closed": _closed,
    "hasValue": lambda shape, name, value: HasValue(value.term, shape.origin(value)),
    "in": _in,
}

READERS: Mapping[str, Reader] = {
    **{SH + name: read for name, read in _LOCAL_READERS.items()},
    CNS + "valueSpace": _of(ShapeReader.iri, ValueSpace),
    CNS + "maxValues": _of(ShapeReader.count, MaxValues),
}

SECOND_PARAMETERS: Mapping[str, str] = {
    SH + "flags": "pattern",
    SH + "ignoredProperties": "closed",
    SH + "qualifiedMinCount": "qualifiedValueShape",
    SH + "qualifiedMaxCount": "qualifiedValueShape",
    SH + "qualifiedValueShapesDisjoint": "qualifiedValueShape",
}
"""Parameters that only mean something together with the one named."""

SECOND_READERS: Mapping[str, Callable[[ShapeReader, str, Value], object]] = {
    SH + "flags": ShapeReader.string,
    SH + "ignoredProperties": lambda shape, name, value: _iris(shape)(name, value),
    SH + "qualifiedMinCount": ShapeReader.count,
    SH + "qualifiedMaxCount": ShapeReader.count,
    SH + "qualifiedValueShapesDisjoint": ShapeReader.flag,
}
"""How the values of those are read, which have to be well-formed even without effect."""
