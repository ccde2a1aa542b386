# SPDX-License-Identifier: Apache-2.0
"""Leave out the checks that no operation reports any more, and number the others anew.

    before:  checks 0 … 20, of which the functions report 3, 4 and 9
    after:   checks 0 … 2

requires: all passes that remove operations have run
keeps:    the order of checks
"""

from __future__ import annotations

from dataclasses import replace

from cns_build.ir.program import Call, Check, Each, EachLanguage, If, Op, Program, walk


def run(program: Program) -> Program:
    """Return the program with a table of only the checks that can be reported."""
    used = sorted(
        {op.check for f in program.bodies for op in walk(f.body) if isinstance(op, Check)}
    )
    numbers = {old: new for new, old in enumerate(used)}
    return replace(
        program,
        checks=tuple(program.checks[old] for old in used),
        functions=tuple(replace(f, body=_renumber(f.body, numbers)) for f in program.functions),
        procedures=tuple(replace(p, body=_renumber(p.body, numbers)) for p in program.procedures),
    )


def _renumber(body: tuple[Op, ...], numbers: dict[int, int]) -> tuple[Op, ...]:
    return tuple(_renumber_op(op, numbers) for op in body)


def _renumber_op(op: Op, numbers: dict[int, int]) -> Op:
    match op:
        case Check(check=check):
            return replace(op, check=numbers[check], detail=_renumber(op.detail, numbers))
        case Each():
            return replace(
                op, body=_renumber(op.body, numbers), absent=_renumber(op.absent, numbers)
            )
        case If() | EachLanguage():
            return replace(op, body=_renumber(op.body, numbers))
        case Call():
            return op
    raise AssertionError(op)
