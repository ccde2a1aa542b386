# SPDX-License-Identifier: Apache-2.0
"""Patterns of a program, and their tables: what compiles them is imported when one is met."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cns_build import model as m
from cns_build import xsd
from cns_build.ir.program import (
    Check,
    Cond,
    Conforms,
    Matches,
    Program,
    conditions,
    walk,
)
from cns_build.ir.record import Scalar, Tagged, ValueType

if TYPE_CHECKING:
    from cns_build.pattern import Tables

_ILL_FORMED = len("invalid")  # the text of values that a datatype lacks


def tables_of(pattern: str, flags: str) -> Tables:
    """Return the tables of a pattern, compiled once. Raises PatternError."""
    from cns_build.pattern import compile_pattern

    return compile_pattern(pattern, flags)


def most_bytes(type_: ValueType) -> int | None:
    """Return how many bytes the text of a value has at most; None where nothing bounds it."""
    match type_:
        case Scalar(datatype, inline):
            return inline if datatype in xsd.TEXTS else max(_ILL_FORMED, _longest(datatype))
        case Tagged(arms):
            most = [most_bytes(arm) for arm in arms]
            return None if None in most else max(n or 0 for n in most)
    return None


def _longest(datatype: str) -> int:
    return xsd.form_lengths(datatype)[1]


def unbounded(program: Program) -> Iterator[tuple[Matches, m.Origin]]:
    """Yield the conditions that match text of any length, each with a check that asks it."""
    tests = {t.name: t.cond for t in program.tests}
    seen: set[str] = set()

    def inside(cond: Cond) -> Iterator[Matches]:
        for inner in conditions(cond):
            match inner:
                case Matches(var) if most_bytes(var.type) is None:
                    yield inner
                case Conforms(test=test) if test not in seen:
                    seen.add(test)
                    yield from inside(tests[test])

    for function in program.bodies:
        for op in walk(function.body):
            if isinstance(op, Check):
                origin = program.checks[op.check].origin
                yield from ((found, origin) for found in inside(op.cond))
