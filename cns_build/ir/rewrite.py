# SPDX-License-Identifier: Apache-2.0
"""Rebuild a program bottom-up with a changed condition or operation here and there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cns_build.ir.program import (
    All,
    Any,
    Call,
    Check,
    Cond,
    CountWhere,
    Each,
    EachLanguage,
    Every,
    ExactlyOne,
    If,
    Not,
    Op,
    Program,
    Some,
)


def rewrite_cond(cond: Cond, change: Callable[[Cond], Cond]) -> Cond:
    """Return the condition with `change` applied to every part, innermost first."""
    match cond:
        case Not(inner) | Every(cond=inner) | Some(cond=inner):
            cond = replace(cond, cond=rewrite_cond(inner, change))
        case All(conds) | Any(conds) | ExactlyOne(conds):
            cond = replace(cond, conds=tuple(rewrite_cond(c, change) for c in conds))
        case CountWhere(counted=counted):
            parts = tuple(replace(c, cond=rewrite_cond(c.cond, change)) for c in counted)
            cond = replace(cond, counted=parts)
    return change(cond)


def rewrite_body(body: tuple[Op, ...], change: Callable[[Cond], Cond]) -> tuple[Op, ...]:
    """Return the operations with `change` applied to every condition."""
    return tuple(_rewrite_op(op, change) for op in body)


def _rewrite_op(op: Op, change: Callable[[Cond], Cond]) -> Op:
    match op:
        case Check(cond=cond, detail=detail):
            detail = rewrite_body(detail, change)
            return replace(op, cond=rewrite_cond(cond, change), detail=detail)
        case If(cond=cond, body=body):
            return replace(op, cond=rewrite_cond(cond, change), body=rewrite_body(body, change))
        case EachLanguage(body=body):
            return replace(op, body=rewrite_body(body, change))
        case Each(body=body, absent=absent):
            return replace(
                op, body=rewrite_body(body, change), absent=rewrite_body(absent, change)
            )
        case Call():
            return op
    raise AssertionError(op)


def rewrite(program: Program, change: Callable[[Cond], Cond]) -> Program:
    """Return the program with `change` applied to every condition of functions and tests."""
    return replace(
        program,
        functions=tuple(replace(f, body=rewrite_body(f.body, change)) for f in program.functions),
        procedures=tuple(
            replace(p, body=rewrite_body(p.body, change)) for p in program.procedures
        ),
        tests=tuple(replace(t, cond=rewrite_cond(t.cond, change)) for t in program.tests),
    )
