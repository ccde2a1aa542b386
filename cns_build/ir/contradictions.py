# SPDX-License-Identifier: Apache-2.0
"""Find constraints that no value can satisfy together, and name both places.

Read on the naive program, where every bound still is a literal of the source. Contradictory
datatypes are found by `ir.layout`, which has to choose a C type.
"""

from __future__ import annotations

from cns_build import xsd
from cns_build.diagnostics import Diagnostic, Note
from cns_build.ir.messages import prefixed
from cns_build.ir.program import (
    FALSE,
    Call,
    Check,
    CheckInfo,
    Compares,
    CountWithin,
    Each,
    If,
    LengthWithin,
    Op,
    Program,
    walk,
)
from cns_build.ir.record import Scalar
from cns_build.ir.sparql import path_text
from cns_build.model import Literal, Origin

_Place = tuple[object, ...]


def find(program: Program) -> tuple[Diagnostic, ...]:
    """Return where counts or ranges of one path exclude each other."""
    found: dict[tuple[Origin, Origin], Diagnostic] = {}
    for body in program.bodies:
        places: dict[_Place, list[Check]] = {}
        _collect(body.body, {0: ()}, places)
        for checks in places.values():
            for index, first in enumerate(checks):
                for second in checks[index + 1 :]:
                    _compare(program, first, second, found)
    return tuple(found.values())


def always_violated(program: Program) -> tuple[Diagnostic, ...]:
    """Return a warning for each constraint that no value of its C type can satisfy.

    Read on the optimized program. What is wrong with a value that is there at all, or is not
    there, is meant so and left out.
    """
    ops = [
        op for f in program.bodies for op in walk(f.body, details=False) if isinstance(op, Check)
    ]
    found = [program.checks[op.check] for op in ops if op.cond == FALSE]
    return tuple(
        Diagnostic(
            f"{prefixed(info.component)} never holds: every value here violates it "
            f"({info.message})",
            info.origin,
            "compare its datatype, node kind and class with those of the property",
            "warning",
            rule="always-violated",
        )
        for info in dict.fromkeys(found)
        if info.component not in ("closed", "minCount", "uniqueLang")
    )


def _collect(
    body: tuple[Op, ...], paths: dict[int, _Place], places: dict[_Place, list[Check]]
) -> None:
    """Group the unconditional checks by the path of the value or the values they are about."""
    for op in body:
        match op:
            case Check(CountWithin(base, fields)):
                place = (*paths[base.number], *(f.path for f in fields), "count")
                places.setdefault(place, []).append(op)
            case Check(Compares(var) | LengthWithin(var)):
                places.setdefault(paths[var.number], []).append(op)
            case Each(var, base, fields, inner):
                place = (*paths[base.number], *(f.path for f in fields))
                _collect(inner, {**paths, var.number: place}, places)
            case If() | Call():
                continue


def _compare(
    program: Program,
    first: Check,
    second: Check,
    found: dict[tuple[Origin, Origin], Diagnostic],
) -> None:
    one, two = program.checks[first.check], program.checks[second.check]
    match first.cond, second.cond:
        case CountWithin(low=low), CountWithin(high=high) if high is not None and low > high:
            found[one.origin, two.origin] = _counts(one, two, low, high)
        case CountWithin(high=high), CountWithin(low=low) if high is not None and low > high:
            found[two.origin, one.origin] = _counts(two, one, low, high)
        case Compares(), Compares():
            _compare_bounds(one, two, first.cond, second.cond, found)
        case LengthWithin(low=low), LengthWithin(high=high) if high is not None and low > high:
            found[one.origin, two.origin] = _lengths(one, two, low, high)
        case LengthWithin(high=high), LengthWithin(low=low) if high is not None and low > high:
            found[two.origin, one.origin] = _lengths(two, one, low, high)


def _counts(one: CheckInfo, two: CheckInfo, low: int, high: int) -> Diagnostic:
    path = path_text(two.path, {}) if two.path else "the path"
    return Diagnostic(
        f"{path} needs at least {low} values ({prefixed(one.component)}) and takes at most {high} "
        f"({prefixed(two.component)})",
        two.origin,
        "change one of them, or pass --waive contradiction to report every record",
        notes=(Note(f"{prefixed(one.component)} is here", one.origin),),
        rule="contradiction",
    )


def _lengths(one: CheckInfo, two: CheckInfo, low: int, high: int) -> Diagnostic:
    return Diagnostic(
        f"no text has at least {low} characters (sh:minLength) and at most {high} (sh:maxLength)",
        two.origin,
        "change one of them, or pass --waive contradiction to report every value",
        notes=(Note("sh:minLength is here", one.origin),),
        rule="contradiction",
    )


def _compare_bounds(
    one: CheckInfo,
    two: CheckInfo,
    first: Compares,
    second: Compares,
    found: dict[tuple[Origin, Origin], Diagnostic],
) -> None:
    if first.op[0] == second.op[0]:
        return
    if first.op[0] == "<":
        _compare_bounds(two, one, second, first, found)
        return
    order = xsd.compare(_held(first), _held(second))
    closed = first.op == ">=" and second.op == "<="
    if order is not None and (order > 0 or (order == 0 and not closed)):
        found[one.origin, two.origin] = _empty(one, two, first.bound, second.bound)


def _held(cond: Compares) -> xsd.Value | None:
    """Return the bound as a float or double meets it, since rounding joins close bounds."""
    value = xsd.parse(cond.bound)
    match cond.var.type:
        case Scalar("float" | "double" as kind) if isinstance(value, xsd.Exact | xsd.Real):
            single = kind == "float" and isinstance(value, xsd.Exact)
            return xsd.Real(xsd.promote(value, "float" if single else "double"), "double")
    return value


def _empty(one: CheckInfo, two: CheckInfo, low: Literal, high: Literal) -> Diagnostic:
    return Diagnostic(
        f"no value is within the range of {prefixed(one.component)} {low.lexical} and "
        f"{prefixed(two.component)} {high.lexical}",
        two.origin,
        "change one of the bounds, or pass --waive contradiction to report every value",
        notes=(Note(f"{prefixed(one.component)} is here", one.origin),),
        rule="contradiction",
    )
