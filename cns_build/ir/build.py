# SPDX-License-Identifier: Apache-2.0
"""Shapes and records to IR: one naive operation per constraint and value, in source order.

The passes make it small; this module only has to be right. Every constraint of every shape that
applies to a root becomes a check, a condition (`ir.conditions`), or a diagnostic (`ir.fields`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from cns_build import model as m
from cns_build.diagnostics import CompileError, Diagnostic
from cns_build.ir import messages
from cns_build.ir.conditions import Conditions, Pair, Scope
from cns_build.ir.fields import Branches
from cns_build.ir.layout import Layout, Root
from cns_build.ir.numbering import number
from cns_build.ir.program import (
    FALSE,
    TRUE,
    Any,
    Call,
    Check,
    CheckInfo,
    Cond,
    CountWithin,
    Each,
    EachLanguage,
    FocusIs,
    Function,
    If,
    IsA,
    Not,
    Op,
    Procedure,
    Program,
    Same,
    Var,
)
from cns_build.ir.qualified import bounds
from cns_build.ir.record import (
    Self,
    ValueType,
)
from cns_build.ir.recursion import Recursion
from cns_build.ir.roots import Always, Guard, ValuesOf, WhenInstance, WhenNode, WhenPresent
from cns_build.ir.vet import vet_order
from cns_build.options import Options
from cns_build.tbox import Hierarchy

# A recursive shape at a type of values; a blank node reports in the name of the shape around it.
_Called: TypeAlias = tuple[m.Node, ValueType, "m.IRI | None"]


def build(
    graph: m.ShapesGraph,
    hierarchy: Hierarchy,
    layout: Layout,
    recursion: Recursion,
    options: Options,
) -> tuple[Program, tuple[m.Waiver, ...]]:
    """Return the program, and what the waivers left out. Raises CompileError."""
    builder = _Builder(graph, hierarchy, layout, recursion, options)
    functions = tuple(builder.function(root) for root in layout.roots)
    if builder.errors:
        raise CompileError(*sorted(builder.errors, key=partial(_source_order, graph)))
    return builder.finish(functions), tuple(builder.waivers)


def _source_order(graph: m.ShapesGraph, diagnostic: Diagnostic) -> tuple[int, int]:
    where = diagnostic.where
    if not isinstance(where, m.Origin):
        return -1, 0
    return graph.files.index(where.file), where.ordinal


class _Builder(Conditions):
    """Writes the operations that report."""

    def __init__(
        self,
        graph: m.ShapesGraph,
        hierarchy: Hierarchy,
        layout: Layout,
        recursion: Recursion,
        options: Options,
    ) -> None:
        super().__init__(graph, layout, recursion, options)
        self.hierarchy = hierarchy
        self._checks: list[CheckInfo] = []
        self._procedures: dict[_Called, Procedure] = {}
        self._procedure_names: dict[_Called, str] = {}
        self._owner: m.IRI | None = None

    # Functions and procedures

    def function(self, root: Root) -> Function:
        """Return the naive function that validates a root record."""
        self._scope = Scope()
        focus = Var(0, Self(root.record))
        body: list[Op] = []
        guards: dict[m.Node, list[Guard]] = {}
        for applied in root.applied:
            guards.setdefault(applied.shape, []).append(applied.guard)
        for node, found in guards.items():
            body += self._guarded_ops(self.graph.shapes[node], found, focus)
        return Function(root.record, tuple(guards), focus, tuple(body))

    def _guarded_ops(self, shape: m.Shape, guards: list[Guard], focus: Var) -> Iterator[Op]:
        """Validate a node once, however many targets of the shape select it."""
        own = [g for g in guards if not isinstance(g, ValuesOf)]
        if Always() in own:
            yield from self._shape_ops(shape, focus)
        elif own:
            conds = tuple(self._selects(guard, focus) for guard in own)
            yield If(Any(conds), tuple(self._shape_ops(shape, focus)))
        paths = [(g.path,) for g in guards if isinstance(g, ValuesOf)]
        yield from self._each(paths, focus, partial(self._shape_ops, shape))

    def _selects(self, guard: Guard, focus: Var) -> Cond:
        match guard:
            case WhenInstance(iri):
                return IsA(focus, iri)
            case WhenNode(node):
                return FocusIs(focus, node)
            case WhenPresent(path):
                return CountWithin(focus, (self._field(focus, path),), 1, None)
        raise AssertionError(guard)

    def _shape_ops(self, shape: m.Shape, focus: Var) -> Iterator[Op]:
        if shape.deactivated:
            return
        if shape.node in self.recursion.reported:
            yield Call(focus, self._procedure(shape, focus.type))
        else:
            yield from self._own_ops(shape, focus)

    def _procedure(self, shape: m.Shape, type_: ValueType) -> str:
        """Return the name of the procedure that validates values of a type against a shape."""
        owner = self._owner if isinstance(shape.node, m.BlankNode) else None
        key = (shape.node, type_, owner)
        if key not in self._procedure_names:
            name = self._procedure_names[key] = f"procedure_{len(self._procedure_names) + 1}"
            outer, self._scope = self._scope, Scope()
            focus = Var(0, type_)
            body = tuple(self._own_ops(shape, focus))
            self._scope = outer
            self._procedures[key] = Procedure(name, shape.node, focus, body)
        return self._procedure_names[key]

    def _own_ops(self, shape: m.Shape, focus: Var) -> Iterator[Op]:
        outer = self._owner
        self._inside.append(shape)
        if isinstance(shape.node, m.IRI):
            self._owner = shape.node
        if shape.path is not None:
            yield from self._property_ops(shape, focus)
        else:
            yield from self._node_ops(shape, focus)
        self._owner = outer
        self._inside.pop()

    # Operations

    def _node_ops(self, shape: m.Shape, focus: Var) -> Iterator[Op]:
        for constraint in shape.constraints:
            match constraint:
                case m.Property(inner):
                    yield from self._shape_ops(self.graph.shapes[inner], focus)
                case m.Closed():
                    yield from self._closed_ops(constraint, shape, focus, focus)
                case m.Equals():
                    yield from self._pair_ops(constraint, shape, focus, focus)
                    yield from self._missing_ops(constraint, shape, (), focus)
                case m.Disjoint():
                    yield from self._pair_ops(constraint, shape, focus, focus)
                case _:
                    cond = self._cond(constraint, focus)
                    # sh:hasValue is about the set of value nodes, and reports none of them.
                    value = None if isinstance(constraint, m.HasValue) else focus
                    yield self._check(constraint, shape, cond, focus, value)

    def _property_ops(self, shape: m.Shape, focus: Var) -> Iterator[Op]:
        branches = self._branches(shape)
        if branches is None:
            return
        for constraint in shape.constraints:
            yield from self._constraint_ops(constraint, shape, branches, focus)

    def _constraint_ops(
        self, constraint: m.Constraint, shape: m.Shape, branches: Branches, focus: Var
    ) -> Iterator[Op]:
        """Validate the value nodes of a property shape against one of its constraints."""
        body: Callable[[Var], Iterator[Op]]
        match constraint:
            case m.MinCount() | m.MaxCount() | m.MaxValues() | m.HasValue():
                cond = self._set_cond(constraint, branches, focus)
                self._refuse_never_full(constraint, branches, focus)
                yield self._check(constraint, shape, cond, focus, None)
                return
            case m.UniqueLang():
                check = self._check(constraint, shape, FALSE, focus, None)
                yield EachLanguage(focus, self._all_reachable(branches, focus), (check,))
                return
            case m.QualifiedValueShape():
                for part in bounds(constraint):
                    cond = self._qualified(part, shape, branches, focus)
                    yield self._check(part, shape, cond, focus, None)
                return
            case m.Property(inner):
                self._refuse_literal_focus(branches, focus)
                body = partial(self._shape_ops, self.graph.shapes[inner])
            case m.Closed():
                body = partial(self._closed_ops, constraint, shape, focus)
            case m.Equals() | m.Disjoint() | m.LessThan() | m.LessThanOrEquals():
                body = partial(self._pair_ops, constraint, shape, focus)
            case _:
                body = partial(self._value_ops, constraint, shape, focus)
        yield from self._each(branches, focus, body)
        if isinstance(constraint, m.Equals):
            yield from self._missing_ops(constraint, shape, branches, focus)

    def _value_ops(
        self, constraint: m.Constraint, shape: m.Shape, focus: Var, var: Var
    ) -> Iterator[Op]:
        yield self._check(constraint, shape, self._cond(constraint, var), focus, var)

    def _pair_ops(self, pair: Pair, shape: m.Shape, focus: Var, var: Var) -> Iterator[Op]:
        """Compare a value node with the values of the other property of the focus node.

        Order is asked of each pair: one with more than one greater value is reported as often
        as it has values that it does not precede (SHACL 4.5.3).
        """
        match pair:
            case m.Equals() | m.Disjoint():
                yield self._check(pair, shape, self._pair_cond(pair, focus, var), focus, var)
            case m.LessThan() | m.LessThanOrEquals():
                yield from self._each(
                    ((pair.predicate,),), focus, partial(self._order_ops, pair, shape, focus, var)
                )

    def _order_ops(
        self,
        pair: m.LessThan | m.LessThanOrEquals,
        shape: m.Shape,
        focus: Var,
        var: Var,
        other: Var,
    ) -> Iterator[Op]:
        yield self._check(pair, shape, self._precedes(pair, var, other), focus, var)

    def _missing_ops(
        self, equals: m.Equals, shape: m.Shape, branches: Branches, focus: Var
    ) -> Iterator[Op]:
        """Report the values of the other property that are no value nodes."""

        def body(other: Var) -> Iterator[Op]:
            found = self._among(branches, focus, other) if branches else Same(focus, other)
            yield self._check(equals, shape, found, focus, other)

        yield from self._each(((equals.predicate,),), focus, body)

    def _each(
        self, branches: Branches, base: Var, body: Callable[[Var], Iterator[Op]]
    ) -> Iterator[Op]:
        """Run operations for each value node: once, also where several branches lead to it."""
        for index, steps in enumerate(branches):
            fields = self._reachable(steps, base)
            if fields is None:
                continue
            var = self._scope.var(fields[-1].type)
            ops = tuple(body(var))
            seen = self._among(branches[:index], base, var)
            yield Each(var, base, fields, _unless(seen, ops))

    def _closed_ops(self, closed: m.Closed, shape: m.Shape, focus: Var, node: Var) -> Iterator[Op]:
        """Report every value of a property of a value node that a closed shape does not name.

        The focus node of the results is that of the shape (SHACL 3.6.2.1, 4.8.1).
        """
        for field in self._other_fields(closed, shape, node):
            var = self._scope.var(field.type)
            check = self._check(closed, shape, FALSE, focus, var, m.PredicatePath(field.path))
            yield Each(var, node, (field,), (check,))

    def _check(
        self,
        constraint: m.Constraint,
        shape: m.Shape,
        cond: Cond,
        focus: Var,
        value: Var | None,
        path: m.Path | None = None,
    ) -> Check:
        info = CheckInfo(
            component=messages.parameter(constraint),
            shape=shape.node,
            owner=self._owner,
            path=path or shape.path,
            severity=shape.severity,
            message=messages.text(constraint, shape),
            value=value.type if value else None,
            origin=constraint.origin,
        )
        self._checks.append(info)
        number = len(self._checks) - 1
        detail = tuple(self._detail_ops(constraint, value)) if value and cond != TRUE else ()
        return Check(cond, number, focus, value, detail)

    def _detail_ops(self, constraint: m.Constraint, value: Var) -> Iterator[Op]:
        """Report why a value does not conform, where the build asks for it.

        A shape that the value conforms to reports nothing, so all of them are asked.
        """
        if not self.options.detail:
            return
        match constraint:
            case m.NodeConstraint(inner):
                inners: tuple[m.Node, ...] = (inner,)
            case m.And(inners) | m.Or(inners) | m.Xone(inners):
                pass
            case _:
                return
        for inner in inners:
            shape = self.graph.shapes[inner]
            if isinstance(inner, m.IRI) and not shape.deactivated:
                yield Call(value, self._procedure(shape, value.type))
            else:
                yield from self._shape_ops(shape, value)

    # The program

    def finish(self, functions: tuple[Function, ...]) -> Program:
        """Return the program with its terms and kinds numbered."""
        tests = tuple(t for t in self._tests.values() if t)
        program = number(
            self.layout,
            functions,
            tuple(self._procedures.values()),
            tests,
            tuple(self._checks),
            self.hierarchy,
            self.options,
        )
        found = (vet_order(pair, one, two, program.terms) for pair, one, two in self._ordered)
        refused = dict.fromkeys(d for d in found if d)
        if refused:
            raise CompileError(*refused)
        return program


def _unless(seen: Cond, ops: tuple[Op, ...]) -> tuple[Op, ...]:
    """Leave out a value that is seen; checks ask that last, when they would report it."""
    if seen == FALSE:
        return ops
    checks = [op for op in ops if isinstance(op, Check)]
    if len(checks) == len(ops):
        return tuple(replace(c, cond=Any((c.cond, seen))) for c in checks)
    return (If(Not(seen), ops),)
