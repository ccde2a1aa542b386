# SPDX-License-Identifier: Apache-2.0
"""The program to an image: its functions, callers first, and what they and their results name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from cns_build.backend.tables import COMPONENTS, severity_number
from cns_build.bytecode import isa
from cns_build.bytecode.image import (
    NO_ENTRY,
    NOTHING,
    TYPE_ABSENT,
    TYPE_FOCUS,
    CheckRow,
    Function,
    Image,
)
from cns_build.bytecode.lower import Lowered, lower
from cns_build.bytecode.numbers import Numbers, fingerprint
from cns_build.bytecode.pool import MAX_WORDS, Pool
from cns_build.bytecode.writer import MAX_STEPS
from cns_build.diagnostics import CompileError, Diagnostic
from cns_build.ir import cost
from cns_build.ir import program as ir
from cns_build.ir.cycles import components
from cns_build.ir.record import Self, ValueType
from cns_build.ir.sparql import path_text, term_text
from cns_build.options import Options

_Body: TypeAlias = "ir.Function | ir.Procedure | ir.Test"


def assemble(program: ir.Program, options: Options, prefixes: Mapping[str, str]) -> Image:
    """Return the naive image of a program. Raises CompileError where it has too much of a kind."""
    numbers = Numbers(program)
    pool = Pool(program, numbers.ids)
    bodies = callers_first(program)
    callees = {b.name: n for n, b in enumerate(bodies) if not isinstance(b, ir.Function)}
    lowered = [lower(body, numbers, pool, callees) for body in bodies]
    back_calls = any(callee <= n for n, one in enumerate(lowered) for callee, _ in one.calls)
    functions = _with_steps(lowered)
    _refuse_large(program, pool)
    reports = options.report != "conforms"
    return Image(
        layout=fingerprint(program),
        entries=_entries(program, bodies),
        functions=functions,
        checks=tuple(_check_row(info, numbers) for info in program.checks),
        paths=pool.paths,
        patterns=pool.patterns,
        enums=pool.enums,
        constants=pool.constants,
        texts=_texts(program, prefixes) if reports and options.strings == "full" else (),
        report=options.report,
        registers=_registers(lowered, program.depth),
        back_calls=_most_calls(program) if back_calls else 0,
    )


# Functions


def callers_first(program: ir.Program) -> list[_Body]:
    """Return all bodies so that each is behind those that call it, unless they call each other."""
    inner: dict[str, _Body] = {p.name: p for p in program.procedures}
    inner |= {t.name: t for t in program.tests}
    calls = {name: _called(body) for name, body in inner.items()}
    ordered: dict[str, None] = {}
    begun: set[str] = set()
    for name in inner:
        _visit(name, calls, begun, ordered)
    return [*program.functions, *(inner[name] for name in reversed(ordered))]


def _visit(
    start: str, calls: Mapping[str, Sequence[str]], begun: set[str], ordered: dict[str, None]
) -> None:
    """Add a body behind all that it calls."""
    waiting = [(start, False)]
    while waiting:
        name, done = waiting.pop()
        if done:
            ordered[name] = None
        elif name not in begun:
            begun.add(name)
            waiting.append((name, True))
            waiting += [(callee, False) for callee in reversed(calls[name])]


def _called(body: _Body) -> list[str]:
    if isinstance(body, ir.Test):
        return [c.test for c in ir.conditions(body.cond) if isinstance(c, ir.Conforms)]
    found = []
    for op in ir.walk(body.body):
        match op:
            case ir.Call(procedure=name):
                found.append(name)
            case ir.Check(cond=cond) | ir.If(cond=cond):
                inner = ir.conditions(cond)
                found += [c.test for c in inner if isinstance(c, ir.Conforms)]
    return found


def _with_steps(lowered: Sequence[Lowered]) -> tuple[Function, ...]:
    """Add what called functions take to those that call them; a call that leads back counts 1."""
    steps = [one.function.steps for one in lowered]
    for caller in reversed(range(len(lowered))):
        for callee, times in lowered[caller].calls:
            if callee > caller:
                steps[caller] += times * steps[callee]
        steps[caller] = min(steps[caller], MAX_STEPS)
    return tuple(
        Function(one.function.code, one.function.registers, one.function.parameter, most)
        for one, most in zip(lowered, steps, strict=True)
    )


def _registers(lowered: Sequence[Lowered], depth: int) -> int:
    """Return how many registers the longest chain of calls needs, with a return address each.

    Functions that call each other do so for every record that lies inside another, `depth` times
    and once for a reference beyond.
    """
    edges = {n: {callee for callee, _ in one.calls} for n, one in enumerate(lowered)}
    circles = components(edges)
    chain: dict[int, int] = {}
    for n in reversed(range(len(lowered))):
        members = [n]
        if n in circles:
            members = [m for m, circle in circles.items() if circle == circles[n]]
        if n != min(members):
            continue  # the first of a circle is in front of all that its members call
        size = sum(lowered[m].function.registers + 1 for m in members)
        beyond = [chain[c] for m in members for c in edges[m] if c not in members]
        most = size * (depth + 1 if n in circles else 1) + max(beyond, default=0)
        chain |= dict.fromkeys(members, most)
    return max(chain.values(), default=0)


def _most_calls(program: ir.Program) -> int:
    """Return how often a run can call a function: never more than a handler has steps."""
    return max(cost.steps(program).values())


# Tables


def _entries(program: ir.Program, bodies: Sequence[_Body]) -> tuple[int, ...]:
    zero = {entry.record for entry in program.entries if entry.zero_tick}
    found = {
        body.record: NOTHING if body.record in zero else n
        for n, body in enumerate(bodies)
        if isinstance(body, ir.Function)
    }
    return tuple(found.get(record.name, NO_ENTRY) for record in program.records)


def _check_row(info: ir.CheckInfo, numbers: Numbers) -> CheckRow:
    return CheckRow(
        COMPONENTS.index(info.component),
        severity_number(info.severity),
        _reported(info.value, numbers),
    )


def _reported(type_: ValueType | None, numbers: Numbers) -> int:
    if type_ is None:
        return TYPE_ABSENT
    return TYPE_FOCUS if isinstance(type_, Self) else numbers.type(type_)


def _texts(program: ir.Program, prefixes: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (
            term_text(info.owner, prefixes) if info.owner else "",
            path_text(info.path, prefixes) if info.path else "",
            info.message,
        )
        for info in program.checks
    )


def _refuse_large(program: ir.Program, pool: Pool) -> None:
    """Raise CompileError where code cannot name everything of a kind."""
    parts = (
        ("checks", len(program.checks), isa.MAX_CHECKS),
        ("words of constants", len(pool.constants), MAX_WORDS),
        ("paths of several steps", len(pool.paths), 256),
        ("patterns", len(pool.patterns), 65536),
    )
    for what, count, most in parts:
        if count > most:
            raise CompileError(
                Diagnostic(
                    f"the model has {count} {what}, and bytecode has room for {most}",
                    fix="make several models, each with some of the records (--record), or use "
                    "the native engine",
                )
            )
