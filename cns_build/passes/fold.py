# SPDX-License-Identifier: Apache-2.0
"""Fold constants, and join sets of enumerators.

    before:  all(true, $1 in {1, 2}, $1 in {2, 3})     check 3 unless true
    after:   $1 in {2}                                 (nothing)

requires: nothing
keeps:    the order of the operations that remain
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial

from cns_build import xsd
from cns_build.ir.program import (
    FALSE,
    TRUE,
    All,
    Any,
    Call,
    Check,
    Cond,
    Conforms,
    Const,
    Counted,
    CountWhere,
    CountWithin,
    Each,
    EachLanguage,
    Enumerated,
    Every,
    ExactlyOne,
    If,
    Interval,
    Not,
    Op,
    Program,
    Some,
    Var,
    all_conditions,
)
from cns_build.ir.record import Enum, Scalar
from cns_build.ir.rewrite import rewrite


def run(program: Program) -> Program:
    """Return the folded program without the tests that nothing refers to any more."""
    decided: dict[str, Const] = {}
    while True:
        program = rewrite(program, partial(_fold, decided))
        more = {t.name: t.cond for t in program.tests if isinstance(t.cond, Const)}
        if more.keys() == decided.keys():
            break
        decided = more
    program = _pruned(program)
    used = _used_tests(program)
    return replace(program, tests=tuple(t for t in program.tests if t.name in used))


def conjunction(conds: Iterable[Cond]) -> Cond:
    """Return the folded condition that all of some folded conditions hold."""
    return _join(tuple(conds), All, neutral=TRUE, final=FALSE)


def _fold(decided: dict[str, Const], cond: Cond) -> Cond:
    match cond:
        case Conforms(test=test) if test in decided:
            return decided[test]
        case Enumerated():
            return _decide_set(cond)
        case Interval(Var(type=Scalar(name))) if name in xsd.INTEGER_BOUNDS:
            return TRUE if _covers(cond, *xsd.held_bounds(name)) else cond
        case Not(inner):
            return _negate(inner)
        case All(conds):
            return _join(conds, All, neutral=TRUE, final=FALSE)
        case Any(conds):
            return _join(conds, Any, neutral=FALSE, final=TRUE)
        case ExactlyOne(conds):
            return _exactly_one(conds)
        case Every() | Some():
            return _quantified(cond)
        case CountWhere():
            return _count_where(cond)
    return cond


def _decide_set(cond: Cond) -> Cond:
    """Decide a set of no enumerator, or of all of them and 0."""
    match cond:
        case Enumerated(Var(type=Enum(terms)), members):
            if not members:
                return FALSE
            return TRUE if len(members) == len(terms) + 1 else cond
    return cond


def _covers(cond: Interval, least: int, most: int) -> bool:
    """Whether every number that the C type of an integer can hold lies within."""
    low, high = cond.low, cond.high
    return (low is None or low <= least) and (high is None or high >= most)


def _negate(cond: Cond) -> Cond:
    match cond:
        case Const(truth):
            return Const(not truth)
        case Not(inner):
            return inner
        case Enumerated(Var(type=Enum(terms)) as var, members):
            return Enumerated(var, frozenset(range(len(terms) + 1)) - members)
    return Not(cond)


def _join(
    conds: tuple[Cond, ...], kind: type[All] | type[Any], neutral: Cond, final: Cond
) -> Cond:
    flat: list[Cond] = []
    for cond in _flatten(conds, kind):
        if cond == final:
            return final
        if cond != neutral and cond not in flat:
            flat.append(cond)
    joined = [_decide_set(c) for c in _join_enumerated(flat, kind)]
    if final in joined or _opposed(joined, kind):
        return final
    rest = tuple(c for c in joined if c != neutral)
    if not rest:
        return neutral
    return rest[0] if len(rest) == 1 else kind(rest)


def _opposed(conds: Sequence[Cond], kind: type[All] | type[Any]) -> bool:
    """Whether two counts of the same values exclude each other, or leave out no number."""
    counts = [c for c in conds if isinstance(c, CountWithin)]
    for few, many in itertools.permutations(counts, 2):
        if (few.base, few.fields) != (many.base, many.fields) or few.high is None:
            continue
        if kind is All and few.high < many.low:
            return True
        if kind is Any and few.low == 0 and many.high is None and many.low <= few.high + 1:
            return True
    return False


def _flatten(conds: Iterable[Cond], kind: type[All] | type[Any]) -> Iterable[Cond]:
    for cond in conds:
        if isinstance(cond, kind):
            yield from _flatten(cond.conds, kind)
        else:
            yield cond


def _join_enumerated(conds: list[Cond], kind: type[All] | type[Any]) -> list[Cond]:
    """Replace the sets of one variable by their intersection or union, in the first's place."""
    joined: list[Cond] = []
    place: dict[Var, int] = {}
    for cond in conds:
        if not isinstance(cond, Enumerated) or cond.var not in place:
            if isinstance(cond, Enumerated):
                place[cond.var] = len(joined)
            joined.append(cond)
            continue
        first = joined[place[cond.var]]
        assert isinstance(first, Enumerated)
        both = first.members & cond.members if kind is All else first.members | cond.members
        joined[place[cond.var]] = Enumerated(cond.var, both)
    return joined


def _quantified(cond: Every | Some) -> Cond:
    """Decide a condition on values that all or none of them satisfy: how many there are counts."""
    match cond:
        case Every(cond=Const(truth)):
            return TRUE if truth else _counted(cond, 0, 0)
        case Some(cond=Const(truth)):
            return _counted(cond, 1, None) if truth else FALSE
    return cond


def _count_where(cond: CountWhere) -> Cond:
    """Leave out what never counts; a count of one value is a question about that value."""
    counted = tuple(c for c in cond.counted if c.cond != FALSE)
    if not counted:
        return Const(cond.low == 0)
    match counted:
        case (Counted(_, fields, Const(True)),):
            return CountWithin(cond.base, fields, cond.low, cond.high)
        case (Counted(var, (item,), inner),) if item.single:
            if cond.low > 1:
                return FALSE
            found = Some(var, cond.base, item, inner)
            if cond.high == 0:
                return FALSE if cond.low else Not(found)
            return found if cond.low else TRUE
    return replace(cond, counted=counted)


def _counted(cond: Every | Some, low: int, high: int | None) -> Cond:
    """Ask whether there is a value, or none, unless the struct decides that."""
    if cond.field.never_empty:
        return Const(low == 1)
    return CountWithin(cond.base, (cond.field,), low, high)


def _exactly_one(conds: tuple[Cond, ...]) -> Cond:
    rest = tuple(c for c in conds if c != FALSE)
    certain = sum(c == TRUE for c in rest)
    if certain > 1 or not rest:
        return FALSE
    if certain == 1:
        others = tuple(c for c in rest if c != TRUE)
        return _negate(_join(others, Any, neutral=FALSE, final=TRUE))
    return rest[0] if len(rest) == 1 else ExactlyOne(rest)


def _pruned(program: Program) -> Program:
    """Return the program without operations that report nothing, and procedures of no others."""
    silent = {p.name for p in program.procedures}
    bodies = {p.name: p.body for p in program.procedures}
    while loud := {name for name in silent if _prune(bodies[name], silent)}:
        silent -= loud
    return replace(
        program,
        functions=tuple(replace(f, body=_prune(f.body, silent)) for f in program.functions),
        procedures=tuple(
            replace(p, body=_prune(p.body, silent))
            for p in program.procedures
            if p.name not in silent
        ),
    )


def _prune(body: tuple[Op, ...], silent: Collection[str]) -> tuple[Op, ...]:
    """Drop checks that always hold, and loops, branches and calls with nothing left to do."""
    kept: list[Op] = []
    for op in body:
        match op:
            case Check(cond=cond) if cond == TRUE:
                continue
            case Check(detail=detail) if detail:
                op = replace(op, detail=_prune(detail, silent))
            case Each(fields=fields):
                if any(f.capacity == 0 for f in fields):
                    continue
                absent = _prune(op.absent, silent)
                op = replace(op, body=_prune(op.body, silent), absent=absent)
                if not op.body and not op.absent:
                    continue
            case EachLanguage(branches=branches, body=inner):
                op = replace(op, body=_prune(inner, silent))
                if not op.body or not branches:
                    continue
            case If(cond=cond, body=inner):
                op = replace(op, body=_prune(inner, silent))
                if cond == FALSE or not op.body:
                    continue
                if cond == TRUE:
                    kept += op.body
                    continue
            case Call(procedure=name) if name in silent:
                continue
        kept.append(op)
    return tuple(kept)


def _used_tests(program: Program) -> set[str]:
    """Return the names of the tests that functions reach, through other tests too."""
    tests = {t.name: t for t in program.tests}
    roots = all_conditions(program.bodies, ())
    waiting = [c.test for c in roots if isinstance(c, Conforms)]
    used: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in used:
            used.add(name)
            inner = all_conditions((), (tests[name],))
            waiting += [c.test for c in inner if isinstance(c, Conforms)]
    return used
