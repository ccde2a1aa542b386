# SPDX-License-Identifier: Apache-2.0
"""Value spaces in records: whether the value of a C type is one of a datatype.

integer in xsd:byte      HasDatatype integer, >= -128, <= 127
string in xsd:token      HasDatatype string, Matches "^…$"
double in xsd:decimal    never
"""

from __future__ import annotations

from collections.abc import Iterable

from cns_build import spaces, xsd
from cns_build.ir.program import FALSE, All, Any, Compares, Cond, HasDatatype, Matches, OneOf, Var
from cns_build.ir.record import Enum, General, Scalar, Tagged, Typed, ValueType
from cns_build.model import IRI, Literal
from cns_build.vocabulary import XSD

_CANONICAL = {
    "dateTimeStamp": "(Z|[+-][0-9]{2}:[0-9]{2})$",
    "yearMonthDuration": "^-?P([0-9]+Y)?([0-9]+M)?$|^PT0S$",
    "dayTimeDuration": "^-?P([0-9]+D)?(T.*)?$",
}
"""By datatype, what the canonical forms of its values have in a datatype that has more."""

_MOMENTS = (*xsd.INSTANTS, *xsd.DURATIONS)


def in_space(var: Var, datatype: IRI) -> Cond:
    """Return the condition that a value is one of a datatype."""
    name = xsd.local_name(datatype.value)
    match var.type:
        case Enum(members):
            inside = (m for m in members if isinstance(m, Literal))
            return OneOf(var, tuple(m for m in inside if spaces.has_value(datatype, m)))
        case Scalar(own) if name is not None:
            return _of(var, own, name)
        case Tagged(arms) if name is not None:
            named = [arm.datatype for arm in arms if isinstance(arm, Scalar)]
            return _any_of(var, named, name)
        case General() if name in xsd.SCALARS or name in spaces.FORMS:
            return _any_of(var, xsd.SCALARS, name)
    return HasDatatype(var, datatype)


def _any_of(var: Var, datatypes: Iterable[str], name: str) -> Cond:
    found = (_of(var, own, name) for own in datatypes)
    return Any(tuple(cond for cond in found if cond != FALSE))


def _of(var: Var, own: str, name: str) -> Cond:
    """Return the condition for a value that has one datatype, and may be one of another."""
    has = HasDatatype(var, IRI(XSD + own))
    if spaces.is_within(own, name):
        return has
    if not spaces.overlap(own, name):
        return FALSE
    if own == "string":
        return All((has, Matches(var, spaces.FORMS[name], "")))
    if own not in (*xsd.INTEGER_BOUNDS, "decimal"):
        return All((has, Matches(var, _CANONICAL[name], "")))
    whole = (Matches(var, "^-?[0-9]+$", ""),) if own == "decimal" else ()
    low, high = xsd.INTEGER_BOUNDS[name]
    bounds = ((">=", low), ("<=", high))
    compared = (Compares(var, op, _integer(n)) for op, n in bounds if n is not None)
    return All((has, *whole, *compared))


def _integer(number: int) -> Literal:
    return Literal(str(number), IRI(XSD + "integer"))


def may_repeat(one: ValueType, two: ValueType) -> bool:
    """Whether values of two types may be different terms of one value.

    Terms of one datatype are canonical: those of times keep their zones, and few durations are
    equal in other units.
    """
    if not (_has_literals(one) and _has_literals(two)):
        return False
    return one != two or not isinstance(one, Scalar | Typed) or one.datatype in _MOMENTS


def _has_literals(type_: ValueType) -> bool:
    return isinstance(type_, Scalar | Typed | Tagged | General | Enum)
