# SPDX-License-Identifier: Apache-2.0
"""Refuse what a record cannot decide: constants that no C value equals, bounds and lengths that
its types cannot be compared with. Everything refused here would otherwise be wrong in silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from cns_build import model as m
from cns_build import xsd
from cns_build.diagnostics import Diagnostic
from cns_build.ir.patterns import tables_of
from cns_build.ir.record import (
    ClassOf,
    Enum,
    General,
    ListOf,
    Ref,
    Scalar,
    Tagged,
    ValueType,
)

_MOST_DIGITS = 1000


def vet(constraint: m.Constraint, type_: ValueType) -> Diagnostic | None:
    """Return why a constraint on a value of a type cannot be compiled, or None."""
    match constraint:
        case m.MinExclusive() | m.MinInclusive() | m.MaxExclusive() | m.MaxInclusive():
            return _vet_bound(constraint.bound, type_, constraint.origin)
        case m.MinLength() | m.MaxLength():
            return _vet_text(type_, "the length of", constraint.origin)
        case m.Pattern():
            too_large = _vet_pattern(constraint)
            return too_large or _vet_text(type_, "sh:pattern on", constraint.origin)
        case m.HasValue(value):
            return _vet_constant(value, type_, constraint.origin)
        case m.In(values):
            found = (_vet_constant(v, type_, constraint.origin) for v in values)
            return next((d for d in found if d), None)
    return None


def vet_order(
    pair: m.LessThan | m.LessThanOrEquals,
    one: ValueType,
    two: ValueType,
    terms: Sequence[m.Term],
) -> Diagnostic | None:
    """Return why two types cannot be ordered, or None; `terms` are all that the model names.

    Datatypes derived from xsd:string are ordered by their text, which has to be well-formed.
    """
    named = [t for type_ in (one, two) for t in _ordered_terms(type_, terms)]
    datatypes = (t.datatype if isinstance(t, m.Literal) else t for t in named)
    derived = (n for d in datatypes if (n := _xsd_name(d)) in xsd.UNCHECKED)
    name = next(derived, None)
    if name is None:
        return None
    return Diagnostic(
        f"not supported yet in records: the order of literals of datatype xsd:{name}",
        pair.origin,
        "use xsd:string, or leave the constraint out with --waive sh:"
        + ("lessThan" if isinstance(pair, m.LessThan) else "lessThanOrEquals"),
    )


def _ordered_terms(type_: ValueType, terms: Sequence[m.Term]) -> Sequence[m.Term]:
    """Return the terms that values of a type may be, or the datatypes that they may have."""
    match type_:
        case General():
            return terms
        case Enum(members):
            return members
    return ()


def _xsd_name(term: m.Term) -> str | None:
    return xsd.local_name(term.value) if isinstance(term, m.IRI) else None


def _vet_bound(bound: m.Literal, type_: ValueType, origin: m.Origin) -> Diagnostic | None:
    if _is_long(bound):
        return _too_long(origin)
    value = xsd.parse(bound)
    if not _is_held(value):
        return Diagnostic(
            f"the bound {bound.lexical} does not fit the C type of times and durations",
            origin,
            "use a bound nearer to zero",
        )
    if value is None:
        return Diagnostic(
            f"{bound} cannot bound a range: it is not a well-formed value of an ordered datatype",
            origin,
            "write a number, a string, a time or a duration",
        )
    names = _datatypes(type_)
    if "decimal" in names and isinstance(value, xsd.Real):
        return Diagnostic(
            f"not supported yet in records: a decimal compared with the {value.kind} {bound}",
            origin,
            "write the bound as a decimal, such as 0.5",
        )
    if "decimal" in names and isinstance(value, xsd.Exact) and not fits_decimal(value.number):
        return Diagnostic(
            f"the bound {bound.lexical} does not fit a decimal of 18 digits",
            origin,
            "use a bound with fewer digits",
        )
    return None


def _is_long(literal: m.Literal) -> bool:
    """Whether a number or a time has more digits than a record could ever hold."""
    name = xsd.local_name(literal.datatype.value)
    return len(literal.lexical) > _MOST_DIGITS and name in xsd.SCALARS and name not in xsd.TEXTS


def _too_long(origin: m.Origin) -> Diagnostic:
    return Diagnostic(
        f"a number or time of more than {_MOST_DIGITS} characters", origin, "use less digits"
    )


def _is_held(value: xsd.Value | None) -> bool:
    """Whether cns_datetime and cns_duration hold the value."""
    match value:
        case xsd.Instant(seconds):
            return xsd.INT64_MIN <= seconds <= xsd.INT64_MAX
        case xsd.Duration(months, seconds):
            return abs(months) < 2**31 and abs(seconds) <= xsd.INT64_MAX
    return True


def fits_decimal(number: Fraction) -> bool:
    """Whether cns_decimal holds the number: an int64 with at most 18 digits after the point."""
    scaled, scale = number, 0
    while scaled.denominator != 1 and scale < 18:
        scaled, scale = scaled * 10, scale + 1
    return scaled.denominator == 1 and xsd.INT64_MIN <= scaled <= xsd.INT64_MAX


def _datatypes(type_: ValueType) -> tuple[str, ...]:
    """Return the XSD datatypes that a value of a type may have."""
    match type_:
        case Scalar(datatype):
            return (datatype,)
        case Tagged(arms):
            return tuple(a.datatype for a in arms if isinstance(a, Scalar))
        case General():
            return xsd.SCALARS
    return ()


def _vet_pattern(constraint: m.Pattern) -> Diagnostic | None:
    from cns_build.pattern import PatternError

    try:
        tables_of(constraint.pattern, constraint.flags)
    except PatternError as error:
        where = replace(constraint.origin, character=error.position)
        return Diagnostic(f"sh:pattern: {error.message}", where, error.fix)
    return None


def _vet_text(type_: ValueType, asked: str, origin: m.Origin) -> Diagnostic | None:
    """Refuse a constraint on the text of values whose text a record does not hold."""
    match type_:
        case Ref() | ClassOf() | ListOf():
            return Diagnostic(
                f"not supported yet in records: {asked} an IRI, which a record holds as a number",
                origin,
                "constrain it with sh:in or sh:class, or waive the constraint by its name",
            )
        case General(invalid_kind="Literal"):
            return Diagnostic(
                f"not supported yet in records: {asked} values that may be IRIs, which a record "
                "holds as numbers",
                origin,
                "add sh:datatype xsd:string or sh:nodeKind sh:Literal",
            )
    return None


def _vet_constant(term: m.Term, type_: ValueType, origin: m.Origin) -> Diagnostic | None:
    if isinstance(term, m.BlankNode):
        return Diagnostic(
            "a blank node is no constant: no value of a record can be that node",
            origin,
            "give the node an IRI",
        )
    if isinstance(term, m.Literal) and _is_long(term):
        return _too_long(origin)
    if not isinstance(term, m.Literal) or isinstance(type_, Enum):
        return None
    name = xsd.local_name(term.datatype.value)
    if name is None or name not in _datatypes(type_):
        return None
    return _vet_literal(term, name, origin)


def _vet_literal(term: m.Literal, name: str, origin: m.Origin) -> Diagnostic | None:
    canonical = xsd.canonical(term)
    if canonical is None:
        return Diagnostic(
            f"{term} is not a well-formed xsd:{name}, so no value equals it",
            origin,
            "correct the literal",
        )
    if canonical != term.lexical:
        return Diagnostic(
            f"no value equals {term}: a record denotes the canonical form of this number or "
            f'time, which is "{canonical}"',
            origin,
            f'write "{canonical}"^^xsd:{name}',
        )
    value = xsd.parse(term)
    fits = _fits(value.number, name) if isinstance(value, xsd.Exact) else _is_held(value)
    if not fits:
        what = f"{term} does not fit the C type of xsd:{name}"
        return Diagnostic(what, origin, "use fewer digits")
    return None


def _fits(number: Fraction, name: str) -> bool:
    if name == "decimal":
        return fits_decimal(number)
    low, high = xsd.INTEGER_BOUNDS[name]
    least = xsd.INT64_MIN if low is None else low
    most = high if high is not None else xsd.UINT64_MAX if least >= 0 else xsd.INT64_MAX
    return least <= number <= most
