# SPDX-License-Identifier: Apache-2.0
"""Worst-case steps: how many conditions a function can evaluate on any record.

One step for each condition and each presence test; loops count their body as often as their
capacity allows, and twice more for finding equal values. Texts count as one step: they are
compared with constants only up to the constant's length. A pattern reads all of a text, one step
for each byte that the record has room for; the bytes of a text behind a pointer are not counted.
"""

from __future__ import annotations

from functools import reduce

from cns_build.ir.patterns import most_bytes
from cns_build.ir.program import (
    Check,
    Cond,
    Conforms,
    CountWhere,
    CountWithin,
    Each,
    EachLanguage,
    Every,
    Function,
    If,
    LanguagesUnique,
    Matches,
    Op,
    Program,
    Some,
    children,
)
from cns_build.ir.record import Field


def steps(program: Program, function: Function) -> int:
    """Return the worst-case number of steps of a function."""
    costs: dict[str, int] = {}
    waiting = {t.name: t.cond for t in program.tests}

    def of_test(name: str) -> int:
        if name not in costs:
            costs[name] = 1 + of_cond(waiting[name])
        return costs[name]

    def of_cond(cond: Cond) -> int:
        match cond:
            case Conforms(test=test):
                return of_test(test)
            case Every(field=item, cond=inner) | Some(field=item, cond=inner):
                return 1 + _most((item,)) * of_cond(inner)
            case Matches(var):
                return 1 + (most_bytes(var.type) or 0)
            case CountWithin(fields=fields):
                return _asked(fields) + _distinct(fields)
            case CountWhere(counted=counted):
                return 1 + sum(
                    _asked(c.fields) + _distinct(c.fields) + _most(c.fields) * of_cond(c.cond)
                    for c in counted
                )
            case LanguagesUnique(branches=branches):
                return 1 + _languages(branches)
        return 1 + sum(of_cond(c) for c in children(cond))

    def of_op(op: Op) -> int:
        match op:
            case Check(cond=cond):
                return of_cond(cond)
            case If(cond=cond, body=body):
                return of_cond(cond) + of_body(body)
            case Each(fields=fields, body=body, absent=absent):
                most = _most(fields)
                inner = most * of_body(body) + _distinct(fields) * max(1, len(body))
                return _asked(fields) + max(inner, of_body(absent))
            case EachLanguage(branches=branches, body=body):
                tags = sum(map(_most, branches)) // 2
                return 1 + _languages(branches) + tags * of_body(body)
        raise AssertionError(op)

    def of_body(body: tuple[Op, ...]) -> int:
        return sum(of_op(op) for op in body)

    return of_body(function.body)


def _most(fields: tuple[Field, ...]) -> int:
    return reduce(lambda product, item: product * item.capacity, fields, 1)


def _asked(fields: tuple[Field, ...]) -> int:
    """Return the nodes on the way along a path that are asked for their values."""
    return sum(_most(fields[:step]) for step in range(len(fields)))


def _distinct(fields: tuple[Field, ...]) -> int:
    """Return the comparisons that tell equal values of a path apart."""
    most = _most(fields)
    return most * (most - 1) // 2 if most > 1 else 0


def _languages(branches: tuple[tuple[Field, ...], ...]) -> int:
    """Return the comparisons that find the language tags of two values, each value with all."""
    most = sum(map(_most, branches))
    return sum(map(_asked, branches)) + most * (most - 1) // 2
