# SPDX-License-Identifier: Apache-2.0
"""The program to code, one function for each of its own: naive, and easily seen to be right.

Every use of a value loads it again from the record, every condition leaves its answer in the flag,
and the order is that of the source:

    each $1 in $0.temperature:            HAS r0 2
      check 1 unless $1 in [-40, 85]      JUMP_UNLESS @7
                                          VALUE r1 r0 2
                                          WITHIN r1 0
                                          JUMP_IF @7
                                          VALUE r1 r0 2
                                          REPORT r1 r0 #1

What can be left out is left to the optimizer (runtime/optimize.c), which removes nothing that it
cannot prove. Each variable has a register of its own while it is in scope; the record behind a
node has the one after it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from math import prod
from typing import TypeAlias

from cns_build.bytecode import isa
from cns_build.bytecode.image import Function
from cns_build.bytecode.numbers import Numbers
from cns_build.bytecode.places import is_single
from cns_build.bytecode.pool import Pool
from cns_build.bytecode.tests import Tests
from cns_build.bytecode.writer import Label, Writer
from cns_build.ir import program as ir
from cns_build.ir.record import Enum, Field, ListOf, ValueType

# Writes what jumps to a label unless no equal value came before; None where none can have.
_Distinct: TypeAlias = "Callable[[Label], None] | None"
_Branches: TypeAlias = tuple[tuple[Field, ...], ...]


@dataclass(frozen=True, slots=True)
class Lowered:
    """A function, without the steps of those that it calls: `calls` has each, and how often."""

    function: Function
    calls: tuple[tuple[int, int], ...]


def lower(
    body: ir.Function | ir.Procedure | ir.Test,
    numbers: Numbers,
    pool: Pool,
    callees: dict[str, int],
) -> Lowered:
    """Return the code of a body; `callees` numbers the functions of procedures and tests.

    Raises CompileError where something does not fit into the bits of an instruction.
    """
    name = f"record {body.record}" if isinstance(body, ir.Function) else f"shape {body.shape}"
    writer = Writer(name)
    lowering = _Lowering(writer, numbers, pool, callees)
    lowering.start(body.focus)
    if isinstance(body, ir.Test):
        lowering.cond(body.cond)
    else:
        lowering.body(body.body)
    writer.emit("RETURN")
    parameter = numbers.type(body.focus.type)
    function = Function(writer.finish(), writer.registers, parameter, writer.steps)
    return Lowered(function, tuple(writer.calls))


class _Lowering(Tests):
    """Writes the code of one function."""

    def __init__(
        self, writer: Writer, numbers: Numbers, pool: Pool, callees: dict[str, int]
    ) -> None:
        super().__init__(writer, numbers, pool)
        self.callees = callees

    # Operations

    def body(self, ops: Sequence[ir.Op]) -> None:
        """Run operations, one after the other."""
        for op in ops:
            self._op(op, None)

    def _op(self, op: ir.Op, distinct: _Distinct) -> None:
        match op:
            case ir.Check():
                self._check(op, distinct)
            case ir.Each():
                self._each(op)
            case ir.EachLanguage(base, branches, body):
                self._each_language(base, branches, body)
            case ir.If(cond, body):
                end = self.writer.label()
                self.cond(cond)
                self.writer.jump("JUMP_UNLESS", end)
                self.body(body)
                self.writer.here(end)
            case ir.Call(var, procedure):
                self.writer.call(self.load(var), self.callees[procedure])

    def _check(self, op: ir.Check, distinct: _Distinct) -> None:
        """Report unless the condition holds; of equal values, the first."""
        end = self.writer.label()
        if op.cond != ir.FALSE:
            self.cond(op.cond)
            self.writer.jump("JUMP_IF", end)
        if distinct:
            distinct(end)
        if isinstance(op.focus.type, Enum):  # the id of a node that an enumerator names
            self.know_terms(op.focus.type)
        focus = self.load(op.focus)
        value = isa.NO_REGISTER if op.value is None else self.load(op.value)
        self.writer.report(value, focus, op.check)
        if op.detail:
            with self.writer.scope():
                parent = self.writer.take()
                self.writer.emit("EXPLAIN", parent)
                self.body(op.detail)
                self.writer.emit("RESUME", parent)
        self.writer.here(end)

    def _each(self, op: ir.Each) -> None:
        if op.absent:
            (item,) = op.fields
            present = self.writer.label()
            self.present(op.base, item)
            self.writer.jump("JUMP_IF", present)
            self.body(op.absent)
            self.writer.here(present)
        if op.body:
            if is_single(op.base.type, op.fields):
                self._place_ranges(op.body)
            self._loop(op.base, op.fields, op.var, partial(self._each_value, op.body))

    def _place_ranges(self, body: Sequence[ir.Op]) -> None:
        for one, two in pairwise(body):
            if isinstance(one, ir.Check) and isinstance(two, ir.Check):
                self.place_ranges(one.cond, two.cond)

    def _each_value(self, body: Sequence[ir.Op], distinct: _Distinct) -> None:
        """Run operations for a value: checks ask last, others first, whether it is the first."""
        for op in body:
            if distinct is None or isinstance(op, ir.Check):
                self._op(op, distinct)
                continue
            end = self.writer.label()
            distinct(end)
            self._op(op, None)
            self.writer.here(end)

    def _each_language(self, base: ir.Var, branches: _Branches, body: Sequence[ir.Op]) -> None:
        end, head = self.writer.label(), self.writer.label()
        with self.writer.scope():
            cursor = self._languages(base, branches)
            self.writer.jump("JUMP_UNLESS", end)
            self.writer.here(head)
            with self.writer.rounds(_most_of(branches) // 2):
                self.body(body)
                self.writer.jump("NEXT", head, cursor)
        self.writer.here(end)

    def _languages(self, base: ir.Var, branches: _Branches) -> int:
        """Set the flag if two values have one language; the cursor has a round for each."""
        for fields in branches:
            self.know_terms(fields[-1].type)
        number = self.pool.path([self._path(base.type, fields) for fields in branches])
        cursor = self.writer.take()
        most = _most_of(branches)
        pairs = most * (most - 1) // 2
        self.writer.emit("LANGUAGES", cursor, self.record(base), number, extra=pairs)
        return cursor

    def _path(self, base: ValueType, fields: Sequence[Field]) -> int:
        steps = []
        for item in fields:
            steps.append(self.numbers.step(base, item))
            base = item.type
        return self.pool.path(steps)

    # Loops

    def _loop(
        self,
        base: ir.Var,
        fields: tuple[Field, ...],
        var: ir.Var,
        body: Callable[[_Distinct], None],
    ) -> None:
        """Run `body` for each value of a path; it is told how equal values are left out.

        Values of a path of several steps are numbered, in the register in front of theirs.
        """
        if any(item.capacity == 0 for item in fields):
            return
        if is_single(base.type, fields):
            with self.writer.scope():
                self._enter(base, fields, var, lambda: body(None))
            return
        if len(fields) == 1:
            with self.writer.scope():
                self._enter(base, fields, var, lambda: body(partial(self._unless_first, var)))
            return
        vars_ = [self.unnamed(item.type) for item in fields[:-1]]
        with self.writer.scope():
            for on_the_way, start, item in zip(vars_, [base, *vars_], fields, strict=False):
                self.reserve(on_the_way, start, item)
            position = self.writer.take()
            self.reserve(var, vars_[-1], fields[-1])
            self.writer.emit("ZERO", position)
            path = self._path(base.type, fields)

            most = prod(item.capacity for item in fields)

            def numbered() -> None:
                body(partial(self._unless_first_of, base, var, position, path, most))
                self.writer.emit("COUNT", position)

            self._enter_reserved([base, *vars_, var], fields, numbered)

    def _enter(
        self, base: ir.Var, fields: tuple[Field, ...], var: ir.Var, inside: Callable[[], None]
    ) -> None:
        """Write what runs for each value at the end of a path."""
        vars_ = [base, *(self.unnamed(item.type) for item in fields[:-1]), var]
        for on_the_way, start, item in zip(vars_[1:], vars_, fields, strict=False):
            self.reserve(on_the_way, start, item)
        self._enter_reserved(vars_, fields, inside)

    def _enter_reserved(
        self, vars_: Sequence[ir.Var], fields: Sequence[Field], inside: Callable[[], None]
    ) -> None:
        if not fields:
            inside()
            return
        base, var, item = vars_[0], vars_[1], fields[0]
        end = self.writer.label()
        if self.is_field(base, item):
            self.present(base, item)
            self.writer.jump("JUMP_UNLESS", end)
            self._enter_reserved(vars_[1:], fields[1:], inside)
        else:
            self._open(base, item, var)
            self.writer.jump("JUMP_UNLESS", end)
            head = self.writer.label()
            self.writer.here(head)
            with self.writer.rounds(item.capacity):
                self._enter_reserved(vars_[1:], fields[1:], inside)
                self.writer.jump("NEXT", head, self.load(var))
        self.writer.here(end)

    def _open(self, base: ir.Var, item: Field, var: ir.Var) -> None:
        """Let a cursor stand at the first value of an array or list; set the flag if it can."""
        start = self.record(base)
        if isinstance(base.type, ListOf):
            self.writer.emit("ITEMS", self.load(var), start)
        else:
            self.writer.emit("OPEN", self.load(var), start, self.numbers.slot(base.type, item))

    def _unless_first(self, var: ir.Var, end: Label) -> None:
        most = self.capacity(var)
        self.writer.emit("FIRST", self.load(var), extra=max(0, most - 1))
        self.writer.jump("JUMP_UNLESS", end)

    def _unless_first_of(
        self, base: ir.Var, var: ir.Var, position: int, path: int, most: int, end: Label
    ) -> None:
        register = self.load(var)
        assert register == position + 1
        self.writer.emit("FIRST_OF", self.record(base), position, path, extra=max(0, most - 1))
        self.writer.jump("JUMP_UNLESS", end)

    # Conditions

    def cond(self, cond: ir.Cond) -> None:
        """Set the flag to whether a condition holds."""
        match cond:
            case ir.Const(truth):
                self.truth(truth)
            case ir.Not(inner):
                self.cond(inner)
                self.writer.emit("NOT")
            case ir.All(conds):
                self.all([partial(self.cond, c) for c in conds])
            case ir.Any(conds):
                self.any([partial(self.cond, c) for c in conds])
            case ir.ExactlyOne(conds):
                self._exactly_one(conds)
            case ir.Every() | ir.Some():
                self._asked(cond, isinstance(cond, ir.Every))
            case ir.CountWithin():
                self._count_within(cond)
            case ir.CountWhere(base, counted, low, high):
                self._counted(base, [(c.fields, c.var, c.cond) for c in counted], low, high)
            case ir.LanguagesUnique(base, branches):
                with self.writer.scope():
                    self._languages(base, branches)
                    self.writer.emit("NOT")
            case ir.Conforms(var, test):
                self.writer.call(self.load(var), self.callees[test])
            case _:
                self.value_cond(cond)

    def _exactly_one(self, conds: Sequence[ir.Cond]) -> None:
        with self.writer.scope():
            count = self.writer.take()
            self.writer.emit("ZERO", count)
            for cond in conds:
                other = self.writer.label()
                self.cond(cond)
                self.writer.jump("JUMP_UNLESS", other)
                self.writer.emit("COUNT", count)
                self.writer.here(other)
            self.writer.emit("NUMBER", count, self.pool.counts(1, 1))

    def _asked(self, cond: ir.Every | ir.Some, every: bool) -> None:
        """Leave at the first value that decides; the answer is `every` where there is none."""
        if cond.field.capacity == 0:
            self.truth(every)
            return
        end = self.writer.label()
        with self.writer.scope():
            self.reserve(cond.var, cond.base, cond.field)
            single = self.is_field(cond.base, cond.field)
            if single:
                self.present(cond.base, cond.field)
            else:
                self._open(cond.base, cond.field, cond.var)
            if every:
                self.writer.emit("NOT")
            self.writer.jump("JUMP_IF" if every else "JUMP_UNLESS", end)
            if single:
                self.cond(cond.cond)
            else:
                self._rounds(cond, "JUMP_UNLESS" if every else "JUMP_IF", end)
        self.writer.here(end)

    def _rounds(self, cond: ir.Every | ir.Some, leave: str, end: Label) -> None:
        head = self.writer.label()
        self.writer.here(head)
        with self.writer.rounds(cond.field.capacity):
            self.cond(cond.cond)
            self.writer.jump(leave, end)
            self.writer.jump("NEXT", head, self.load(cond.var))

    def _count_within(self, cond: ir.CountWithin) -> None:
        """Ask for presence where that decides, and else count."""
        low, high = cond.low, cond.high
        if len(cond.fields) == 1 and (low, high) == (1, None):
            self.present(cond.base, cond.fields[0])
        elif len(cond.fields) == 1 and high == 0:
            self.present(cond.base, cond.fields[0])
            self.writer.emit("NOT")
        else:
            var = self.unnamed(cond.fields[-1].type)
            self._counted(cond.base, [(cond.fields, var, ir.TRUE)], low, high)

    def _counted(
        self,
        base: ir.Var,
        counted: Sequence[tuple[tuple[Field, ...], ir.Var, ir.Cond]],
        low: int,
        high: int | None,
    ) -> None:
        """Set the flag if the number of distinct values that satisfy their condition fits.

        The count is behind the registers of the loops, which then follow those that they begin at.
        """
        room = max((self.loop_registers(fields) for fields, *_ in counted), default=0)
        with self.writer.behind(room) as count:
            self.writer.emit("ZERO", count)
            for fields, var, cond in counted:
                self._loop(base, fields, var, partial(self._count, count, cond))
            self.writer.emit("NUMBER", count, self.pool.counts(low, high))

    def _count(self, count: int, cond: ir.Cond, distinct: _Distinct) -> None:
        end = self.writer.label()
        if cond != ir.TRUE:
            self.cond(cond)
            self.writer.jump("JUMP_UNLESS", end)
        if distinct:
            distinct(end)
        self.writer.emit("COUNT", count)
        self.writer.here(end)


def _most_of(branches: _Branches) -> int:
    """Return how many values branches have together, at most."""
    return sum(prod(f.capacity for f in fields) for fields in branches)
