# SPDX-License-Identifier: Apache-2.0
"""What values of two types may have in common: whether they can be one term, have an order, or
share a language. Where they cannot, nothing is left to ask at run time.
"""

from __future__ import annotations

from cns_build import model as m
from cns_build import xsd
from cns_build.ir.record import (
    INVALID,
    ClassOf,
    Enum,
    General,
    LangString,
    ListOf,
    Ref,
    Scalar,
    Self,
    Tagged,
    Typed,
    ValueType,
    invalid_term,
    record_of,
)
from cns_build.vocabulary import RDF, XSD

LANG_STRING = m.IRI(RDF + "langString")
_NUMBERS = (*xsd.INTEGER_BOUNDS, *xsd.REALS, "decimal")


def may_be_same(one: ValueType, two: ValueType) -> bool:
    """Whether values of two types can be the same term.

    The node that is validated is no value of its own properties: no struct is reachable from
    itself, and nothing refers back to it.
    """
    if isinstance(one, Self) or isinstance(two, Self):
        return False
    if isinstance(one, Enum) and isinstance(two, Enum):
        return bool(_terms(one) & _terms(two))
    return _share_nodes(one, two) or _share_literals(one, two)


def _terms(type_: Enum) -> frozenset[m.Term]:
    """Return the terms of an enumeration, and what stands for any other enumerator."""
    return frozenset(map(_folded, (*type_.terms, invalid_term(type_))))


def _folded(term: m.Term) -> m.Term:
    """Return the term, a language tag without case."""
    if isinstance(term, m.Literal):
        return m.Literal(term.lexical, term.datatype, term.language.lower())
    return term


def _share_nodes(one: ValueType, two: ValueType) -> bool:
    """Whether both may be one IRI, or the blank node of one struct."""
    described = record_of(one)
    return (_may_be_iri(one) and _may_be_iri(two)) or (
        described is not None and described == record_of(two)
    )


def _may_be_iri(type_: ValueType) -> bool:
    """Whether values of a type may be IRIs; a list is rdf:nil when it is empty."""
    match type_:
        case Ref() | General() | ClassOf() | ListOf():
            return True
        case Enum(terms):
            return any(isinstance(t, m.IRI) for t in terms)
    return False


def _share_literals(one: ValueType, two: ValueType) -> bool:
    first, second = datatypes(one), datatypes(two)
    if first is None or second is None:
        return first != frozenset() and second != frozenset()
    return bool(first & second)


def datatypes(type_: ValueType) -> frozenset[m.IRI] | None:
    """Return the datatypes that literals of a type may have; None for any."""
    match type_:
        case General():
            return None
        case Scalar(name):
            return frozenset({m.IRI(XSD + name)})
        case Typed(datatype):
            return frozenset({datatype})
        case LangString():
            return frozenset({LANG_STRING})
        case Tagged(arms):
            names = (
                m.IRI(XSD + a.datatype) if isinstance(a, Scalar) else LANG_STRING for a in arms
            )
            return frozenset({*names, INVALID})
        case Enum(terms):
            literals = (t for t in (*terms, invalid_term(type_)) if isinstance(t, m.Literal))
            return frozenset(t.datatype for t in literals)
    return frozenset()


def may_be_ordered(one: ValueType, two: ValueType) -> bool:
    """Whether a value of one type can precede a value of the other."""
    return bool(orders(one) & orders(two))


def orders(type_: ValueType) -> frozenset[str]:
    """Return the orders that values of a type take part in: number, text, duration, date, …"""
    found = datatypes(type_)
    if found is None:
        found = frozenset(m.IRI(XSD + name) for name in xsd.SCALARS)
    names = (xsd.local_name(iri.value) for iri in found)
    return frozenset(order for name in names if name and (order := _order(name)))


def _order(name: str) -> str:
    if name in _NUMBERS:
        return "number"
    if name in xsd.DURATIONS:
        return "duration"
    if name == "string":
        return "text"
    if name in xsd.INSTANTS:
        return "dateTime" if name == "dateTimeStamp" else name
    return name if name == "boolean" else ""


def may_have_language(type_: ValueType) -> bool:
    """Whether a value of a type can have a language tag."""
    found = datatypes(type_)
    return found is None or LANG_STRING in found
