# SPDX-License-Identifier: Apache-2.0
"""The RDF graph that a record denotes: the definition. `docs/records.md` says it in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from rdflib import BNode, Graph, URIRef
from rdflib.term import Node

from cns_build import model
from cns_build.ir.cycles import described, recursive_records
from cns_build.ir.program import Program
from cns_build.ir.record import (
    Enum,
    General,
    LangString,
    ListOf,
    Pointer,
    Record,
    Ref,
    Scalar,
    Tagged,
    Typed,
    ValueType,
)
from tests.records.values import (
    DecimalValue,
    DurationValue,
    InstantValue,
    LangValue,
    NullText,
    RecordValue,
    RefValue,
    TermValue,
    TypedValue,
    Value,
    bytes_of,
    nested,
)

from . import lexical
from .terms import RDF_FIRST, RDF_NIL, RDF_REST, RDF_TYPE, XSD, literal

INVALID = "urn:cns:invalid"


class BadRecord(Exception):
    """The record breaks the contract of its struct: handlers answer CNS_BAD_RECORD."""


def denote(program: Program, value: RecordValue) -> tuple[Graph, Node]:
    """The graph of a record, and its focus node. Raises BadRecord."""
    denotation = Denotation(program)
    focus = denotation.add(value)
    return denotation.graph, focus


def is_too_deep(program: Program, root: RecordValue) -> bool:
    """Whether records that can contain themselves are nested deeper than the build states.

    A record that contains itself is; the walk ends, since it goes no further than that depth.
    """
    circles = recursive_records(program.records)
    waiting = [(root, program.depth)]
    while waiting:
        value, left = waiting.pop()
        if value.record in circles and left == 0:
            return True
        record = program.record(value.record)
        for field in record.fields:
            if not field.capacity or described(field.type) is None:
                continue
            for inner in (n for v in value.fields.get(field.name, []) for n in nested(v)):
                circle = circles.get(inner.record)
                inside = circle is not None and circles.get(value.record) == circle
                waiting.append((inner, left - 1 if inside else program.depth))
    return False


class Denotation:
    """The graph of records of a program, and the blank node of each struct that has one."""

    def __init__(self, program: Program):
        self.graph = Graph()
        self._program = program
        self._blank: dict[int, BNode] = {}
        self._properties: dict[int, list[tuple[Node, Node]]] = {}

    def add(self, value: RecordValue) -> Node:
        """Add what a record denotes; return its focus node. Raises BadRecord."""
        if is_too_deep(self._program, value):
            raise BadRecord(f"records lie more than {self._program.depth} deep inside each other")
        record = self._program.record(value.record)
        focus = self.node(value.id) if record.has_id and value.id else self.blank(value)
        self._describe(focus, value)
        return focus

    def blank(self, value: RecordValue) -> BNode:
        """The blank node of a struct."""
        return self._blank.setdefault(id(value), BNode())

    def node(self, number: int) -> URIRef:
        """The IRI of an id that is not 0."""
        terms = self._program.terms
        if 0 < number <= len(terms):
            term = terms[number - 1]
            if isinstance(term, model.IRI):
                return URIRef(term.value)
        return URIRef(f"urn:cns:id:{number}")

    def _describe(self, node: Node, value: RecordValue) -> None:
        """Add the triples of a struct with this subject.

        What a struct holds is denoted once, also where the struct describes several nodes.
        """
        if id(value) not in self._properties:
            self._properties[id(value)] = list(self._property_values(value))
        for predicate, term in self._properties[id(value)]:
            self.graph.add((node, predicate, term))

    def _property_values(self, value: RecordValue) -> Iterator[tuple[Node, Node]]:
        record = self._program.record(value.record)
        if record.has_class and value.class_id != 0:
            yield RDF_TYPE, self._class_of(record, value.class_id)
        elif record.type:
            yield RDF_TYPE, URIRef(record.type.value)
        for field in record.fields:
            values = value.fields.get(field.name, [])
            if len(values) > field.capacity:
                raise BadRecord(f"{field.name} has {len(values)} values")
            for element in values:
                yield URIRef(field.path.value), self.term(field.type, element)

    def _class_of(self, record: Record, class_id: int) -> Node:
        class_ = self.node(class_id)
        known = [str(class_) == tag.value for tag in (record.type, *record.tags) if tag]
        if record.type and not any(known):
            raise BadRecord(f"{record.name} has no class {class_id}")
        return class_

    # Terms

    def term(self, type_: ValueType, value: Value) -> Node:
        """The term that a value of a type denotes; what describes it is added."""
        match type_, value:
            case Scalar(name, inline), _:
                return self._scalar(name, value, inline)
            case Typed(iri), _:
                return literal(_text(value), iri.value)
            case LangString(), LangValue(text, language):
                _check_text(value)
                return literal(text, language=language)
            case Enum(terms), int():
                return _constant(terms[value - 1]) if 0 < value <= len(terms) else _invalid(terms)
            case Tagged(arms), TermValue(tag, held):
                _check_text(held)
                names = [arm.datatype if isinstance(arm, Scalar) else "langString" for arm in arms]
                return self._tagged(value) if tag in names else literal("", INVALID)
            case General(record, kind), TermValue():
                return self._general(record, kind, value)
            case Ref(record), RefValue():
                return self._ref(record, value)
            case Pointer(), RecordValue():
                self._describe(self.blank(value), value)
                return self.blank(value)
            case Pointer(), None:
                raise BadRecord("a pointer is NULL")
            case ListOf(items, capacity), list():
                return self._list(items, capacity, value)
        raise TypeError(f"{value!r} is no value of {type_}")

    def _scalar(self, name: str, value: Value, inline: int | None = None) -> Node:
        if name in ("string", "anyURI"):
            text = _text(value)
            if inline is not None and len(bytes_of(text)) > inline:
                raise BadRecord("text is longer than its place in the record")
            return literal(text, str(XSD[name]))
        form = _form(name, value)
        return literal("invalid" if form is None else form, str(XSD[name]))

    def _tagged(self, term: TermValue) -> Node:
        _check_text(term.value)
        match term:
            case TermValue("langString", LangValue(text, language)):
                return literal(text, language=language)
            case TermValue("typed", TypedValue(text, datatype)):
                return literal(text, str(self.node(datatype)))
            case TermValue(str() as name):
                return self._scalar(name, term.value)
        raise TypeError(f"{term!r} is no literal")

    def _general(self, record: str | None, invalid_kind: str, term: TermValue) -> Node:
        match term:
            case TermValue("none" | int()):
                return URIRef(INVALID) if invalid_kind == "IRI" else literal("", INVALID)
            case TermValue("node", RefValue() as ref):
                return self._ref(record, ref)
        return self._tagged(term)

    def _ref(self, record: str | None, ref: RefValue) -> Node:
        described = ref.record if record is not None else None
        if ref.id:
            node: Node = self.node(ref.id)
        else:
            node = BNode() if described is None else self.blank(described)
        if ref.class_id:
            self.graph.add((node, RDF_TYPE, self.node(ref.class_id)))
        if described is not None:
            self._describe(node, described)
        return node

    def _list(self, items: ValueType, capacity: int, members: list[Value]) -> Node:
        if len(members) > capacity:
            raise BadRecord(f"a list has {len(members)} members")
        head: Node = RDF_NIL
        for member in reversed(members):
            cell = BNode()
            self.graph.add((cell, RDF_FIRST, self.term(items, member)))
            self.graph.add((cell, RDF_REST, head))
            head = cell
        return head


def _form(name: str, value: Value) -> str | None:
    """The canonical form of a value of an XSD datatype, None when it is ill-formed."""
    match value:
        case bool() | int() if name == "boolean":
            return lexical.boolean(int(value))
        case int() if name not in ("float", "double", "decimal"):
            return str(value)
        case float() if name == "float":
            return lexical.single(value)
        case float() if name == "double":
            return lexical.double(value)
        case DecimalValue(unscaled, scale):
            return lexical.decimal(unscaled, scale)
        case InstantValue(seconds, nanoseconds, zone):
            return lexical.instant(name, seconds, nanoseconds, zone)
        case DurationValue(months, seconds, nanoseconds):
            return lexical.duration(name, months, seconds, nanoseconds)
    raise TypeError(f"{value!r} is no xsd:{name}")


def _text(value: Value) -> str:
    _check_text(value)
    return cast(str, value)


def _check_text(value: Value) -> None:
    """Raise BadRecord for text that cannot be read, or is no UTF-8, or has no language."""
    match value:
        case NullText():
            raise BadRecord("text of some length is at NULL")
        case LangValue(text, language):
            _check_text(text)
            if not re.fullmatch("[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*", language):
                raise BadRecord(f"{language!r} is no language tag")
        case TypedValue(text):
            _check_text(text)
        case str():
            try:
                bytes_of(value).decode()
            except UnicodeDecodeError as error:
                raise BadRecord("text is not UTF-8") from error


def _constant(term: model.Term) -> Node:
    match term:
        case model.IRI(iri):
            return URIRef(iri)
        case model.Literal(form, datatype, language):
            return literal(form, datatype.value, language)
    raise TypeError(f"{term} is no term of a list")


def _invalid(terms: tuple[model.Term, ...]) -> Node:
    """What an enumerator outside the list stands for: a literal if the list holds literals."""
    if all(isinstance(term, model.Literal) for term in terms):
        return literal("", INVALID)
    return URIRef(INVALID)
