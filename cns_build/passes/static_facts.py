# SPDX-License-Identifier: Apache-2.0
"""Decide what the C type of a value already guarantees, and make the rest concrete.

    before:  has-datatype $1 xsd:double      with $1 a C double
             $1 >= "0.5"^^xsd:decimal
             count $0.temperature within 0..1
    after:   true
             $1 in [0.5, ]                   as a double
             true

requires: a verified program; every OneOf constant vetted by ir.build
keeps:    operations and their order
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial
from math import prod

from cns_build import model as m
from cns_build import xsd
from cns_build.ir.overlap import (
    LANG_STRING,
    may_be_ordered,
    may_be_same,
    may_have_language,
)
from cns_build.ir.patterns import tables_of
from cns_build.ir.program import (
    FALSE,
    TRUE,
    Any,
    Check,
    ClassSet,
    Compares,
    Cond,
    Const,
    Counted,
    CountWhere,
    CountWithin,
    Each,
    EachLanguage,
    Enumerated,
    Every,
    FocusIs,
    HasDatatype,
    HasLanguageIn,
    If,
    InOrder,
    Interval,
    IsA,
    KindIn,
    LanguagesUnique,
    LengthWithin,
    Matches,
    OneOf,
    Op,
    Precedes,
    Program,
    Same,
    Some,
    Var,
)
from cns_build.ir.record import (
    NIL,
    ClassOf,
    Enum,
    Field,
    General,
    LangString,
    ListOf,
    Pointer,
    Ref,
    Scalar,
    Self,
    Tagged,
    Typed,
    invalid_term,
)
from cns_build.ir.rewrite import rewrite
from cns_build.vocabulary import XSD

_ANY_URI = m.IRI(XSD + "anyURI")  # which has no order
_NUMBERS = (*xsd.INTEGER_BOUNDS, *xsd.REALS, "decimal")
_ALWAYS_VALID = {
    *(n for n, (low, high) in xsd.INTEGER_BOUNDS.items() if low is not None and high is not None),
    "integer",
    *xsd.REALS,
    *xsd.TEXTS,
}


def run(program: Program) -> Program:
    """Return the program with every condition decided that types decide."""
    program = rewrite(program, partial(_decide, program))
    functions = tuple(replace(f, body=_languages(f.body)) for f in program.functions)
    procedures = tuple(replace(p, body=_languages(p.body)) for p in program.procedures)
    return replace(program, functions=functions, procedures=procedures)


def _languages(body: tuple[Op, ...]) -> tuple[Op, ...]:
    """Ask only values that can have a language tag for it."""
    kept: list[Op] = []
    for op in body:
        match op:
            case EachLanguage(branches=branches):
                op = replace(op, branches=_tagged(branches))
                if not op.branches:
                    continue
            case Each():
                op = replace(op, body=_languages(op.body))
            case If():
                op = replace(op, body=_languages(op.body))
            case Check(detail=detail) if detail:
                op = replace(op, detail=_languages(detail))
        kept.append(op)
    return tuple(kept)


def _tagged(branches: tuple[tuple[Field, ...], ...]) -> tuple[tuple[Field, ...], ...]:
    """Return the branches whose values can have a language tag, if they have more than one."""
    found = tuple(b for b in branches if may_have_language(b[-1].type))
    return found if sum(map(_most, found)) > 1 else ()


def _most(fields: tuple[Field, ...]) -> int:
    """Return the most values that the fields can lead to."""
    return prod(f.capacity for f in fields)


def _decide(program: Program, cond: Cond) -> Cond:
    match cond:
        case Every(field=item) if item.capacity == 0:
            return TRUE
        case Some(field=item) if item.capacity == 0:
            return FALSE
        case CountWithin():
            return _count(cond)
        case CountWhere():
            return _count_where(cond)
        case LanguagesUnique(base, branches):
            left = _tagged(branches)
            return LanguagesUnique(base, left) if left else TRUE
        case Same(var, other):
            return cond if may_be_same(var.type, other.type) else FALSE
        case Precedes(var, other):
            return cond if may_be_ordered(var.type, other.type) else FALSE
        case FocusIs(Var(type=Self(record))) if not program.record(record).has_id:
            return FALSE
        case (
            KindIn(var)
            | HasDatatype(var)
            | Compares(var)
            | LengthWithin(var)
            | HasLanguageIn(var)
            | Matches(var)
            | OneOf(var)
            | IsA(var)
        ) if isinstance(var.type, Enum):
            return _enumerate(program, cond, var, var.type)
        case KindIn(var, kinds):
            return _kind(program, cond, var, kinds)
        case HasDatatype(var, datatype):
            return _datatype(cond, var, datatype)
        case Compares(var, op, bound):
            return _compare(var, op, bound)
        case LengthWithin(var):
            return _length(cond, var)
        case HasLanguageIn(var, ranges):
            return cond if ranges and may_have_language(var.type) else FALSE
        case Matches(var):
            return _match(cond, var)
        case OneOf(var, terms):
            return _one_of(program, cond, var, terms)
        case IsA(var, iri):
            return _is_a(program, cond, var, iri)
    return cond


def _count(cond: CountWithin) -> Cond:
    most = prod(f.capacity for f in cond.fields)
    low, high = cond.low, None if cond.high is None or cond.high >= most else cond.high
    if low > most:
        return FALSE
    if all(f.never_empty for f in cond.fields):
        if high == 0:
            return FALSE
        low = 0 if low == 1 else low
    if low == 0 and high is None:
        return TRUE
    return CountWithin(cond.base, cond.fields, low, high)


def _count_where(cond: CountWhere) -> Cond:
    """Leave out what never counts; what always counts is a count of values."""
    counted = tuple(c for c in cond.counted if c.cond != FALSE and _most(c.fields))
    most = sum(_most(c.fields) for c in counted)
    if cond.low > most:
        return FALSE
    high = None if cond.high is None or cond.high >= most else cond.high
    if cond.low == 0 and high is None:
        return TRUE
    match counted:
        case (Counted(_, fields, Const(True)),):
            return _count(CountWithin(cond.base, fields, cond.low, high))
    return CountWhere(cond.base, counted, cond.low, high)


# Enumerations: every condition on one value is a set of enumerators


def _enumerate(program: Program, cond: Cond, var: Var, type_: Enum) -> Cond:
    members = {n for n, term in enumerate(type_.terms, 1) if _holds(program, cond, term)}
    if _holds(program, cond, invalid_term(type_)):
        members.add(0)
    return Enumerated(var, frozenset(members))


def _holds(program: Program, cond: Cond, term: m.Term) -> bool:
    match cond:
        case KindIn(_, kinds):
            return ("Literal" if isinstance(term, m.Literal) else "IRI") in kinds
        case HasDatatype(_, datatype):
            return isinstance(term, m.Literal) and term.datatype == datatype and _valid(term)
        case Compares(_, op, bound):
            order = None
            if isinstance(term, m.Literal) and _ANY_URI not in (term.datatype, bound.datatype):
                order = xsd.compare(xsd.parse(term), xsd.parse(bound))
            return order is not None and satisfies(order, op)
        case LengthWithin(_, low, high):
            text = _text(term)
            return low <= len(text) and (high is None or len(text) <= high)
        case HasLanguageIn(_, ranges):
            language = term.language if isinstance(term, m.Literal) else ""
            return any(language_matches(language, r) for r in ranges)
        case Matches(_, pattern, flags):
            return tables_of(pattern, flags).matches(_text(term))
        case OneOf(_, terms):
            return term in terms
        case IsA(_, iri):
            ids = _class_set(program, iri).instances
            return term in program.terms and program.terms.index(term) + 1 in ids
    raise AssertionError(cond)


def _text(term: m.Term) -> str:
    return term.lexical if isinstance(term, m.Literal) else str(term)[1:-1]


def _valid(term: m.Literal) -> bool:
    return xsd.well_typed(term)


def language_matches(tag: str, range_: str) -> bool:
    """Whether a language tag matches a range (SPARQL's langMatches); no tag matches none."""
    tag, range_ = tag.lower(), range_.lower()
    return bool(tag) and (range_ == "*" or f"{tag}-".startswith(f"{range_}-"))


def satisfies(order: int, op: str) -> bool:
    """Whether the outcome of a comparison (-1, 0, 1) satisfies an operator."""
    return {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[op]


def _class_set(program: Program, iri: m.IRI) -> ClassSet:
    return next(c for c in program.classes if c.iri == iri)


# Node kinds and datatypes


def _kind(program: Program, cond: Cond, var: Var, kinds: frozenset[str]) -> Cond:
    match var.type:
        case Scalar() | Typed() | LangString() | Tagged():
            return Const("Literal" in kinds)
        case Pointer():
            return Const("BlankNode" in kinds)
        case ClassOf():
            return Const("IRI" in kinds)
        case Self(record) if not program.record(record).has_id:
            return Const("BlankNode" in kinds)
        case Ref() | Self() | ListOf():
            if {"IRI", "BlankNode"} <= kinds:
                return TRUE
            return cond if {"IRI", "BlankNode"} & kinds else FALSE
        case General():
            return TRUE if len(kinds) == 3 else cond
    return cond


def _datatype(cond: Cond, var: Var, datatype: m.IRI) -> Cond:
    match var.type:
        case Scalar(name):
            if datatype.value != XSD + name:
                return FALSE
            if name in _ALWAYS_VALID:
                return TRUE
            if name in xsd.INTEGER_BOUNDS:
                low, high = xsd.INTEGER_BOUNDS[name]
                return Interval(var, name, _exact(low), False, _exact(high), False)
            return cond
        case Typed(own):
            return Const(own == datatype)
        case LangString():
            return Const(datatype == LANG_STRING)
        case Tagged() | General():
            return cond
    return FALSE


def _exact(number: int | None) -> Fraction | None:
    return None if number is None else Fraction(number)


# Ranges


def _compare(var: Var, op: str, bound: m.Literal) -> Cond:
    match var.type:
        case Scalar(name):
            return compare_scalar(var, name, op, bound)
        case Tagged(arms):
            names = [a.datatype for a in arms if isinstance(a, Scalar)]
        case General():
            names = [*_NUMBERS, "boolean", "string", *xsd.INSTANTS, *xsd.DURATIONS]
        case _:
            return FALSE
    conds = (compare_scalar(var, name, op, bound) for name in names)
    return Any(tuple(c for c in conds if c != FALSE))


def compare_scalar(var: Var, name: str, op: str, bound: m.Literal) -> Cond:
    """Return `value OP bound` for a value held as datatype `name`; FALSE if never comparable."""
    value = xsd.parse(bound)
    match value:
        case xsd.Exact() | xsd.Real() if name in xsd.INTEGER_BOUNDS:
            return _integer_interval(var, name, op, value)
        case xsd.Exact() | xsd.Real() if name in xsd.REALS:
            return _real_interval(var, name, op, value)
        case xsd.Exact() if name == "decimal":
            return InOrder(var, name, op, bound)
        case xsd.Instant(family=family) if family == ("dateTime" if "Stamp" in name else name):
            return InOrder(var, name, op, bound)
        case xsd.Duration() if name in xsd.DURATIONS:
            return InOrder(var, name, op, bound)
        case xsd.Text() if name == "string" and bound.datatype.value == f"{XSD}string":
            return InOrder(var, name, op, bound)
        case xsd.Boolean(truth) if name == "boolean":
            members = [Fraction(b) for b in (0, 1) if satisfies(b - truth, op)]
            if members:
                return Interval(var, name, members[0], False, members[-1], False)
    return FALSE


def _integer_interval(var: Var, name: str, op: str, value: xsd.Exact | xsd.Real) -> Cond:
    """Find the integers that satisfy the comparison by bisection: promotion is monotone."""
    low, high = xsd.INTEGER_BOUNDS[name]
    least, most = xsd.held_bounds(name)
    wide_low, wide_high = least if low is None else low, most if high is None else high

    def holds(number: int) -> bool:
        order = xsd.compare(xsd.Exact(Fraction(number)), value)
        return order is not None and satisfies(order, op)

    if op in (">", ">="):
        if not holds(wide_high):
            return FALSE
        first = _first(wide_low, wide_high, holds)
        return Interval(var, name, Fraction(first), False, _exact(high), False)
    if not holds(wide_low):
        return FALSE
    last = _first(wide_low, wide_high + 1, lambda n: n > wide_high or not holds(n)) - 1
    return Interval(var, name, _exact(low), False, Fraction(last), False)


def _first(low: int, high: int, holds: object) -> int:
    """Return the least number for which `holds`; it holds at `high` and is monotone."""
    assert callable(holds)
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _real_interval(var: Var, name: str, op: str, value: xsd.Exact | xsd.Real) -> Cond:
    if name == "float" and isinstance(value, xsd.Real) and value.kind == "double":
        return _single_against_double(var, op, value.number)
    bound = xsd.promote(value, "double" if name == "double" else "float")
    if bound != bound:
        return FALSE
    opened = op in ("<", ">")
    if op in (">", ">="):
        return Interval(var, name, bound, opened, None, False)
    return Interval(var, name, None, False, bound, opened)


def _single_against_double(var: Var, op: str, bound: float) -> Cond:
    """Replace a double bound by the float that separates the same floats."""
    if bound != bound:
        return FALSE
    near = xsd.to_single(Fraction(bound)) if abs(bound) != float("inf") else bound
    if near == bound:
        return _real_interval(var, "float", op, xsd.Real(near, "float"))
    if op in (">", ">="):
        least = near if near > bound else xsd.next_single(near, up=True)
        return Interval(var, "float", least, False, None, False)
    most = near if near < bound else xsd.next_single(near, up=False)
    return Interval(var, "float", None, False, most, False)


# Lengths, patterns, equality, classes


def _length(cond: LengthWithin, var: Var) -> Cond:
    match var.type:
        case Scalar(datatype) if datatype not in xsd.TEXTS:
            return _form_length(cond, var, datatype)
        case Scalar() | Typed() | LangString() | Tagged():
            return TRUE if cond.low == 0 and cond.high is None else cond
        case General():
            return cond
    return FALSE  # blank nodes have no length; ir.build refuses the rest


def _form_length(cond: LengthWithin, var: Var, datatype: str) -> Cond:
    """Decide the length of a canonical form where the datatype alone bounds it."""
    high = cond.high
    least, most = xsd.form_lengths(datatype)
    has_other = datatype not in _ALWAYS_VALID and datatype not in xsd.INTEGER_BOUNDS
    ill_formed = len("invalid")
    other_fits = cond.low <= ill_formed and (high is None or ill_formed <= high)
    if cond.low <= least and (high is None or most <= high):
        return TRUE if other_fits or not has_other else HasDatatype(var, m.IRI(XSD + datatype))
    if (cond.low > most or (high is not None and high < least)) and not (has_other and other_fits):
        return FALSE
    return cond


def _match(cond: Matches, var: Var) -> Cond:
    match var.type:
        case Scalar() | Typed() | LangString() | Tagged():
            always = tables_of(cond.pattern, cond.flags).always
            return cond if always is None else Const(always)
        case General():
            return cond
    return FALSE  # blank nodes have no text; ir.build refuses the rest


def _one_of(program: Program, cond: OneOf, var: Var, terms: tuple[m.Term, ...]) -> Cond:
    match var.type:
        case General():
            return cond if terms else FALSE
        case ClassOf(fixed) if fixed:
            return Const(fixed in terms)
        case Pointer():
            return FALSE
        case Self(record) if not program.record(record).has_id:
            return FALSE
    possible = tuple(t for t in terms if _can_be(var, t))
    return OneOf(var, possible) if possible else FALSE


def _can_be(var: Var, term: m.Term) -> bool:
    if isinstance(var.type, Tagged):
        return any(_can_be(Var(var.number, arm), term) for arm in var.type.arms)
    match var.type, term:
        case (Scalar(name), m.Literal(datatype=datatype)):
            return datatype.value == XSD + name
        case (Typed(own), m.Literal(datatype=datatype)):
            return own == datatype
        case (LangString(), m.Literal(language=language)):
            return bool(language)
        case (ListOf(), _):
            return term == NIL
        case ((Ref() | Self() | ClassOf()), m.IRI()):
            return True
    return False


def _is_a(program: Program, cond: Cond, var: Var, iri: m.IRI) -> Cond:
    match var.type:
        case Ref() | General():
            return cond
        case ClassOf(fixed):
            return (
                Const(program.terms.index(fixed) + 1 in _class_set(program, iri).instances)
                if (fixed)
                else cond
            )
        case Pointer(name) | Self(name):
            record = program.record(name)
            members = _class_set(program, iri).members
            known = [c for c in (record.type, *record.tags) if c]
            inside = {program.terms.index(c) + 1 in members for c in known}
            identified = isinstance(var.type, Self) and record.has_id
            if inside == {True} or not (record.has_class or identified):
                return Const(inside == {True})
            return cond
    return FALSE
