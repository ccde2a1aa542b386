# SPDX-License-Identifier: Apache-2.0
"""What a C struct means: record types, their fields, and the types of values.

`docs/records.md` defines the graph that a record denotes; these types are what that page is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from cns_build.ir.binding import Always, Bound, Member
from cns_build.model import IRI, Literal, Origin, Term
from cns_build.vocabulary import RDF

# The step of a path that goes from the head of an RDF list to its members: rdf:rest*/rdf:first.
ITEMS = IRI("urn:cns:items")
TYPE = IRI(RDF + "type")
NIL = IRI(RDF + "nil")
INVALID = IRI("urn:cns:invalid")  # what no shape can name: it stands for values that are no terms


@dataclass(frozen=True, slots=True)
class Scalar:
    """A literal of an XSD datatype that has a C type; `datatype` is its local name.

    A string with `inline` lies in the record itself, in at most so many bytes of UTF-8.
    """

    datatype: str
    inline: int | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """A literal of a datatype outside XSD: a string that holds the lexical form."""

    datatype: IRI


@dataclass(frozen=True, slots=True)
class LangString:
    """Text with a language tag."""


@dataclass(frozen=True, slots=True)
class Enum:
    """One of `terms`; enumerators count from 1, anything else denotes no term of the list."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Tagged:
    """A literal of one of several datatypes, as a `cns_term`."""

    arms: tuple[Scalar | LangString, ...]


@dataclass(frozen=True, slots=True)
class Ref:
    """A node, as a `cns_ref`; `record` names the struct that describes it, if one may."""

    record: str | None


@dataclass(frozen=True, slots=True)
class Pointer:
    """A blank node, as a pointer to the struct that describes it."""

    record: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """An RDF list of at most `capacity` members."""

    items: ValueType
    capacity: int


@dataclass(frozen=True, slots=True)
class General:
    """Any term, as a `cns_term`; `record` names the struct of a node, if one may describe it.

    A tag out of range denotes an invalid literal, or an invalid IRI where the shapes demand a
    literal: always a term that violates.
    """

    record: str | None
    invalid_kind: str = "Literal"


@dataclass(frozen=True, slots=True)
class Self:
    """The node that a record describes: the type of a focus node."""

    record: str


@dataclass(frozen=True, slots=True)
class ClassOf:
    """The class of a node: the value of rdf:type. `fixed` when every such node has that one."""

    fixed: IRI | None


ValueType: TypeAlias = (
    Scalar | Typed | LangString | Enum | Tagged | Ref | Pointer | ListOf | General | Self | ClassOf
)


@dataclass(frozen=True, slots=True)
class Field:
    """A property of a record: at most `capacity` values of one type.

    A field of capacity 1 has a presence bit, any other a count; unless `member` says where the
    user's own struct holds it.
    """

    name: str
    path: IRI
    type: ValueType
    capacity: int
    shapes: tuple[str, ...] = ()
    labels: tuple[Literal, ...] = ()
    descriptions: tuple[Literal, ...] = ()
    origin: Origin | None = None
    member: Member | None = None

    @property
    def single(self) -> bool:
        """Whether the field has a presence bit rather than a count."""
        return self.capacity == 1

    @property
    def never_empty(self) -> bool:
        """Whether every struct holds a value."""
        if self.member is None or self.capacity == 0:
            return isinstance(self.type, ClassOf) and self.type.fixed is not None
        if self.single:
            return self.member.presence == Always()
        return isinstance(self.member.count, int)


@dataclass(frozen=True, slots=True)
class Record:
    """A struct.

    `type` is the class that the struct fixes, `tags` the subclasses that `class_id` may name.
    `has_class` and `has_id` say whether the struct has members `class_id` and `id`. `bound` is
    the user's struct, where that is to be used.
    """

    name: str
    iri: IRI | None
    type: IRI | None
    tags: tuple[IRI, ...]
    has_class: bool
    has_id: bool
    fields: tuple[Field, ...]
    labels: tuple[Literal, ...] = ()
    descriptions: tuple[Literal, ...] = ()
    origin: Origin | None = None
    bound: Bound | None = None


def record_of(type_: ValueType) -> str | None:
    """Return the name of the record that describes values of this type, if any does."""
    match type_:
        case Ref(record) | Pointer(record) | General(record=record) | Self(record):
            return record
    return None


def invalid_term(type_: Enum) -> Term:
    """Return the term that stands for an enumerator outside the list."""
    if all(isinstance(t, Literal) for t in type_.terms):
        return Literal("", INVALID)
    return INVALID
