# SPDX-License-Identifier: Apache-2.0
"""Evaluate a path once for all checks that follow each other on it.

    before:  check 0 unless count $0.temperature within 1..
             each $1 in $0.temperature: check 1 unless …$1…
             each $2 in $0.temperature: check 2 unless …$2…
    after:   each $1 in $0.temperature:
               check 1 unless …$1…
               check 2 unless …$1…
             absent: check 0 unless false

requires: folded conditions
keeps:    the set of violations; checks of one path stay together, value by value
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TypeVar, cast

from cns_build.ir.program import (
    FALSE,
    Check,
    CountWithin,
    Each,
    EachLanguage,
    If,
    Op,
    Program,
    Var,
)

_T = TypeVar("_T")


def run(program: Program) -> Program:
    """Return the program with neighbouring loops over one field joined."""
    functions = tuple(replace(f, body=_share(f.body)) for f in program.functions)
    procedures = tuple(replace(p, body=_share(p.body)) for p in program.procedures)
    return replace(program, functions=functions, procedures=procedures)


def _share(body: tuple[Op, ...]) -> tuple[Op, ...]:
    shared: list[Op] = []
    for op in body:
        op = _as_loop(op)
        last = shared[-1] if shared else None
        if isinstance(op, Each) and isinstance(last, Each) and _same_values(op, last):
            shared[-1] = _joined(last, op)
        else:
            shared.append(op)
    return tuple(_share_inside(op) for op in shared)


def _share_inside(op: Op) -> Op:
    match op:
        case Each():
            return replace(op, body=_share(op.body), absent=_share(op.absent))
        case Check(detail=detail) if detail:
            return replace(op, detail=_share(detail))
        case If() | EachLanguage():
            return replace(op, body=_share(op.body))
    return op


def _as_loop(op: Op) -> Op:
    """Turn `at least one value of a single field` into the empty case of a loop over it."""
    match op:
        case Check(CountWithin(base, (field,), 1, None)) if field.single:
            absent = replace(op, cond=FALSE)
            return Each(Var(_unused(op), field.type), base, (field,), (), (absent,))
    return op


def _unused(op: Check) -> int:
    """Number a variable that no body mentions: -1 - check keeps it apart from all others."""
    return -1 - op.check


def _same_values(one: Each, two: Each) -> bool:
    return one.base == two.base and one.fields == two.fields


def _joined(first: Each, second: Each) -> Each:
    var = first.var if first.var.number > 0 else second.var
    body = tuple(
        _renamed(op, old, var)
        for each, old in ((first, first.var), (second, second.var))
        for op in each.body
    )
    return replace(first, var=var, body=body, absent=first.absent + second.absent)


def _renamed(part: _T, old: Var, new: Var) -> _T:
    """Return an operation or condition with one variable replaced by another."""
    if part == old:
        return cast(_T, new)
    if isinstance(part, tuple):
        return cast(_T, tuple(_renamed(p, old, new) for p in part))
    if not is_dataclass(part) or isinstance(part, type) or old == new:
        return part
    changes = {f.name: _renamed(getattr(part, f.name), old, new) for f in fields(part)}
    return cast(_T, replace(part, **changes))
