# SPDX-License-Identifier: Apache-2.0
"""Shapes and records to IR: one naive operation per constraint and value, in source order.

The passes make it small; this module only has to be right. Every constraint of every shape that
applies to a root becomes a check, a condition, or a diagnostic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

from cns_build import model as m
from cns_build.diagnostics import CompileError, Diagnostic
from cns_build.ir import messages
from cns_build.ir.branches import MAX_BRANCHES, Steps, graph_operator, path_branches
from cns_build.ir.layout import Layout, Root
from cns_build.ir.numbering import number
from cns_build.ir.program import (
    FALSE,
    TRUE,
    All,
    Any,
    Call,
    Check,
    CheckInfo,
    Compares,
    Cond,
    Conforms,
    Const,
    Counted,
    CountWhere,
    CountWithin,
    Each,
    EachLanguage,
    Every,
    ExactlyOne,
    FocusIs,
    Function,
    HasDatatype,
    HasLanguageIn,
    If,
    IsA,
    KindIn,
    LanguagesUnique,
    LengthWithin,
    Matches,
    Not,
    OneOf,
    Op,
    Precedes,
    Procedure,
    Program,
    Same,
    Some,
    Test,
    Var,
)
from cns_build.ir.qualified import siblings
from cns_build.ir.record import (
    ITEMS,
    TYPE,
    ClassOf,
    Field,
    General,
    ListOf,
    Pointer,
    Ref,
    Self,
    ValueType,
    record_of,
)
from cns_build.ir.recursion import Recursion, references
from cns_build.ir.roots import Always, Guard, ValuesOf, WhenNode, WhenPresent
from cns_build.ir.sparql import path_text, term_text
from cns_build.ir.vet import vet, vet_order
from cns_build.options import Options
from cns_build.tbox import Hierarchy

_KINDS = {
    "IRI": frozenset({"IRI"}),
    "BlankNode": frozenset({"BlankNode"}),
    "Literal": frozenset({"Literal"}),
    "BlankNodeOrIRI": frozenset({"BlankNode", "IRI"}),
    "BlankNodeOrLiteral": frozenset({"BlankNode", "Literal"}),
    "IRIOrLiteral": frozenset({"IRI", "Literal"}),
}
_COMPARISONS: dict[type[m.Constraint], str] = {
    m.MinExclusive: ">",
    m.MinInclusive: ">=",
    m.MaxExclusive: "<",
    m.MaxInclusive: "<=",
}
# The components that compare values with those of another property (SHACL 4.5).
_Pair: TypeAlias = m.Equals | m.Disjoint | m.LessThan | m.LessThanOrEquals
_Branches: TypeAlias = Sequence[Steps]

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


@dataclass(slots=True)
class _Scope:
    """Hands out variable numbers within one function or test."""

    last: int = 0

    def var(self, type_: ValueType) -> Var:
        self.last += 1
        return Var(self.last, type_)


class _Builder:
    def __init__(
        self,
        graph: m.ShapesGraph,
        hierarchy: Hierarchy,
        layout: Layout,
        recursion: Recursion,
        options: Options,
    ) -> None:
        self.graph = graph
        self.hierarchy = hierarchy
        self.layout = layout
        self.recursion = recursion
        self.options = options
        self.errors: list[Diagnostic] = []
        self.waivers: list[m.Waiver] = []
        self._records = {r.name: r for r in layout.records}
        self._fields = {r.name: {f.path: f for f in r.fields} for r in layout.records}
        self._checks: list[CheckInfo] = []
        self._tests: dict[tuple[m.Node, ValueType], Test | None] = {}
        self._test_names: dict[tuple[m.Node, ValueType], str] = {}
        self._procedures: dict[_Called, Procedure] = {}
        self._procedure_names: dict[_Called, str] = {}
        self._reported: set[tuple[str, m.Origin]] = set()
        self._ordered: list[tuple[m.LessThan | m.LessThanOrEquals, ValueType, ValueType]] = []
        self._scope = _Scope()
        self._owner: m.IRI | None = None
        self._inside: list[m.Shape] = []

    # Functions

    def function(self, root: Root) -> Function:
        """Return the naive function that validates a root record."""
        self._scope = _Scope()
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
            outer, self._scope = self._scope, _Scope()
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
        self, constraint: m.Constraint, shape: m.Shape, branches: _Branches, focus: Var
    ) -> Iterator[Op]:
        """Validate the value nodes of a property shape against one of its constraints."""
        body: Callable[[Var], Iterator[Op]]
        match constraint:
            case m.MinCount() | m.MaxCount() | m.HasValue():
                cond = self._set_cond(constraint, branches, focus)
                yield self._check(constraint, shape, cond, focus, None)
                return
            case m.UniqueLang():
                check = self._check(constraint, shape, FALSE, focus, None)
                yield EachLanguage(focus, self._all_reachable(branches, focus), (check,))
                return
            case m.QualifiedValueShape():
                for part in _bounds(constraint):
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

    def _pair_ops(self, pair: _Pair, shape: m.Shape, focus: Var, var: Var) -> Iterator[Op]:
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
        self, equals: m.Equals, shape: m.Shape, branches: _Branches, focus: Var
    ) -> Iterator[Op]:
        """Report the values of the other property that are no value nodes."""

        def body(other: Var) -> Iterator[Op]:
            found = self._among(branches, focus, other) if branches else Same(focus, other)
            yield self._check(equals, shape, found, focus, other)

        yield from self._each(((equals.predicate,),), focus, body)

    def _each(
        self, branches: _Branches, base: Var, body: Callable[[Var], Iterator[Op]]
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

    def _among(self, branches: _Branches, base: Var, value: Var) -> Cond:
        """Return the condition that a value is one of those that branches lead to."""
        reached = self._all_reachable(branches, base)
        found = tuple(self._some(fields, base, partial(Same, value)) for fields in reached)
        return _one_or_any(found) if found else FALSE

    def _all_reachable(self, branches: _Branches, base: Var) -> tuple[tuple[Field, ...], ...]:
        reached = (self._reachable(steps, base) for steps in branches)
        return tuple(fields for fields in reached if fields is not None)

    def _closed_ops(self, closed: m.Closed, shape: m.Shape, focus: Var, node: Var) -> Iterator[Op]:
        """Report every value of a property of a value node that a closed shape does not name.

        The focus node of the results is that of the shape (SHACL 3.6.2.1, 4.8.1).
        """
        for field in self._other_fields(closed, shape, node):
            var = self._scope.var(field.type)
            check = self._check(closed, shape, FALSE, focus, var, m.PredicatePath(field.path))
            yield Each(var, node, (field,), (check,))

    def _other_fields(self, closed: m.Closed, shape: m.Shape, node: Var) -> Iterator[Field]:
        """Yield the fields of a node that a closed shape does not name."""
        if isinstance(node.type, ListOf):
            self._unsupported("sh:closed", "sh:closed on an RDF list", closed.origin)
        allowed = self._allowed(closed, shape)
        record_name = record_of(node.type)
        fields = self._records[record_name].fields if record_name else ()
        yield from (field for field in fields if field.path not in allowed)
        if TYPE not in allowed:
            yield from self._type_fields(node)

    def _allowed(self, closed: m.Closed, shape: m.Shape) -> set[m.IRI]:
        paths = [
            self.graph.shapes[c.shape].path for c in shape.constraints if isinstance(c, m.Property)
        ]
        return {p.iri for p in paths if isinstance(p, m.PredicatePath)} | set(closed.ignored)

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

    # Fields

    def _branches(self, shape: m.Shape) -> _Branches | None:
        assert shape.path is not None
        branches = path_branches(shape.path)
        word = graph_operator(shape.path)
        if branches is None and word:
            self._unsupported(word, f"a path with {word} needs profile graph", shape.origin)
        elif branches is None:
            self._refuse(
                f"a path of more than {MAX_BRANCHES} alternatives, multiplied by its sequences",
                "split the property shape into several",
            )
        return branches

    def _field(self, base: Var, step: m.IRI) -> Field:
        """Return the field that holds the values of a step from a node."""
        if step == ITEMS and isinstance(base.type, ListOf):
            return Field("items", ITEMS, base.type.items, base.type.capacity)
        if step == TYPE:
            return self._type_fields(base)[0]
        record = record_of(base.type)
        field = self._fields[record].get(step) if record else None
        if field is None:
            raise AssertionError(f"no field for {step} at {base.type}: the layout missed it")
        return field

    def _type_fields(self, base: Var) -> tuple[Field, ...]:
        """Return the pseudo-field of rdf:type, where a value of this type has a class at all."""
        record = self._records[name] if (name := record_of(base.type)) else None
        fixed = record.type if record and not record.has_class else None
        if isinstance(base.type, Ref | General):
            classed = record is not None and (record.type is not None or record.has_class)
            if classed or isinstance(base.type, General):
                self._refuse_type_of_reference(base.type)
            return (Field("type", TYPE, ClassOf(None), 1),)
        if record and (record.type or record.has_class):
            return (Field("type", TYPE, ClassOf(fixed), 1),)
        return ()

    # Conditions

    def _cond(self, constraint: m.Constraint, var: Var) -> Cond:
        """Return the condition that a constraint puts on one value node."""
        self._vet(constraint, var.type)
        match constraint:
            case m.ClassConstraint(m.IRI() as iri):
                return IsA(var, iri)
            case m.Datatype(iri):
                return HasDatatype(var, iri)
            case m.NodeKind(kind):
                return KindIn(var, _KINDS[kind])
            case m.MinExclusive() | m.MinInclusive() | m.MaxExclusive() | m.MaxInclusive():
                return Compares(var, _COMPARISONS[type(constraint)], constraint.bound)
            case m.MinLength(length):
                return LengthWithin(var, length, None)
            case m.MaxLength(length):
                return LengthWithin(var, 0, length)
            case m.LanguageIn(ranges):
                return HasLanguageIn(var, ranges)
            case m.Pattern(pattern, flags):
                return Matches(var, pattern, flags)
            case m.In(values):
                return OneOf(var, values)
            case m.HasValue(value):
                return OneOf(var, (value,))
            case m.Not() | m.Xone() if self._is_undecided(constraint):
                return TRUE
            case m.Not(inner):
                return Not(self._conforms(inner, var))
            case m.And(inners):
                return All(tuple(self._conforms(i, var) for i in inners))
            case m.Or(inners):
                return Any(tuple(self._conforms(i, var) for i in inners))
            case m.Xone(inners):
                return ExactlyOne(tuple(self._conforms(i, var) for i in inners))
            case m.NodeConstraint(inner):
                return self._conforms(inner, var)
        name = messages.parameter(constraint)
        parameter = name if ":" in name else f"sh:{name}"
        self._unsupported(parameter, parameter, constraint.origin)
        return TRUE

    def _conforms(self, node: m.Node, var: Var) -> Cond:
        """Return the condition that a value conforms to a shape: a test where one is worth it."""
        shape = self.graph.shapes[node]
        if shape.deactivated or not shape.constraints:
            return TRUE
        if isinstance(node, m.BlankNode) or not self._describes(shape):
            return self._shape_cond(shape, var)
        return self._tested(shape, var)

    def _tested(self, shape: m.Shape, var: Var) -> Cond:
        key = (shape.node, var.type)
        if key not in self._tests:
            self._make_test(shape, var.type)
        return Conforms(var, self._test_names[key])

    def _is_undecided(self, constraint: m.Not | m.Xone) -> bool:
        """Whether a waiver left out a part of what must not hold, or of what only one may.

        Without that part, more would conform than should: the constraint is left out as well.
        """
        inners = (constraint.shape,) if isinstance(constraint, m.Not) else constraint.shapes
        if not any(self._is_incomplete(inner) for inner in inners):
            return False
        name = messages.parameter(constraint)
        what = f"sh:{name}, a part of which is waived{self._place()}"
        waiver = m.Waiver(f"sh:{name}", what, constraint.origin)
        if waiver not in self.waivers:
            self.waivers.append(waiver)
        return True

    def _is_incomplete(self, node: m.Node) -> bool:
        seen: set[m.Node] = set()
        waiting = [node]
        while waiting:
            node = waiting.pop()
            shape = self.graph.shapes[node]
            if node in seen or shape.deactivated:
                continue
            seen.add(node)
            if shape.incomplete or (shape.path is not None and path_branches(shape.path) is None):
                return True
            waiting += [reference.shape for reference in references(shape)]
        return False

    def _describes(self, shape: m.Shape) -> bool:
        return shape.path is not None or any(isinstance(c, m.Property) for c in shape.constraints)

    def _make_test(self, shape: m.Shape, type_: ValueType) -> None:
        key = (shape.node, type_)
        self._tests[key] = None
        self._test_names[key] = f"test_{len(self._tests)}"
        outer, self._scope = self._scope, _Scope()
        focus = Var(0, type_)
        cond = self._own_cond(shape, focus)
        self._scope = outer
        self._tests[key] = Test(self._test_names[key], shape.node, focus, cond)

    def _shape_cond(self, shape: m.Shape, var: Var) -> Cond:
        if shape.deactivated:
            return TRUE
        if shape.node in self.recursion.tested:
            return self._tested(shape, var)
        return self._own_cond(shape, var)

    def _own_cond(self, shape: m.Shape, var: Var) -> Cond:
        self._inside.append(shape)
        cond = self._node_cond(shape, var)
        self._inside.pop()
        return cond

    def _node_cond(self, shape: m.Shape, var: Var) -> Cond:
        if shape.path is not None:
            return self._property_cond(shape, var)
        conds: list[Cond] = []
        for constraint in shape.constraints:
            match constraint:
                case m.Property(inner):
                    conds.append(self._shape_cond(self.graph.shapes[inner], var))
                case m.Closed():
                    conds.append(self._closed_cond(constraint, shape, var))
                case m.Equals() | m.Disjoint():
                    conds.append(self._pair_cond(constraint, var, var))
                    if isinstance(constraint, m.Equals):
                        conds.append(self._none_missing(constraint, (), var))
                case _:
                    conds.append(self._cond(constraint, var))
        return All(tuple(conds))

    def _property_cond(self, shape: m.Shape, focus: Var) -> Cond:
        branches = self._branches(shape)
        if branches is None:
            return TRUE
        conds = (self._constraint_cond(c, shape, branches, focus) for c in shape.constraints)
        return All(tuple(conds))

    def _constraint_cond(
        self, constraint: m.Constraint, shape: m.Shape, branches: _Branches, focus: Var
    ) -> Cond:
        """Return the condition that one constraint puts on the value nodes of a path."""
        cond: Callable[[Var], Cond]
        match constraint:
            case m.MinCount() | m.MaxCount() | m.HasValue():
                return self._set_cond(constraint, branches, focus)
            case m.UniqueLang():
                return LanguagesUnique(focus, self._all_reachable(branches, focus))
            case m.QualifiedValueShape():
                parts = _bounds(constraint)
                return All(tuple(self._qualified(p, shape, branches, focus) for p in parts))
            case m.Property(inner):
                cond = partial(self._shape_cond, self.graph.shapes[inner])
            case m.Closed():
                cond = partial(self._closed_cond, constraint, shape)
            case m.Equals() | m.Disjoint() | m.LessThan() | m.LessThanOrEquals():
                cond = partial(self._pair_cond, constraint, focus)
            case _:
                cond = partial(self._cond, constraint)
        each = self._every(branches, focus, cond)
        if isinstance(constraint, m.Equals):
            return All((each, self._none_missing(constraint, branches, focus)))
        return each

    def _pair_cond(self, pair: _Pair, focus: Var, var: Var) -> Cond:
        """Return the condition that a pair constraint puts on one value node."""
        others = ((pair.predicate,),)
        match pair:
            case m.Equals():
                return self._among(others, focus, var)
            case m.Disjoint():
                return Not(self._among(others, focus, var))
        return self._every(others, focus, partial(self._precedes, pair, var))

    def _precedes(self, pair: m.LessThan | m.LessThanOrEquals, var: Var, other: Var) -> Cond:
        self._ordered.append((pair, var.type, other.type))
        return Precedes(var, other, isinstance(pair, m.LessThanOrEquals))

    def _none_missing(self, equals: m.Equals, branches: _Branches, focus: Var) -> Cond:
        """Return the condition that every value of the other property is a value node."""

        def found(other: Var) -> Cond:
            return self._among(branches, focus, other) if branches else Same(focus, other)

        return self._every(((equals.predicate,),), focus, found)

    def _qualified(
        self, constraint: m.QualifiedValueShape, shape: m.Shape, branches: _Branches, focus: Var
    ) -> Cond:
        """Return the condition on the number of value nodes that conform (SHACL 4.7.3)."""
        others = siblings(self.graph, shape, constraint)

        def counts(var: Var) -> Cond:
            inner = self._conforms(constraint.shape, var)
            return All((inner, *(Not(self._conforms(other, var)) for other in others)))

        low, high = constraint.min_count or 0, constraint.max_count
        return self._count_where(branches, focus, counts, low, high)

    def _closed_cond(self, closed: m.Closed, shape: m.Shape, focus: Var) -> Cond:
        others = self._other_fields(closed, shape, focus)
        return All(tuple(CountWithin(focus, (field,), 0, 0) for field in others))

    def _every(self, branches: _Branches, base: Var, cond: Callable[[Var], Cond]) -> Cond:
        """Return the condition that all value nodes satisfy one."""
        reached = self._all_reachable(branches, base)
        parts = tuple(self._every_of(fields, base, cond) for fields in reached)
        return parts[0] if len(parts) == 1 else All(parts)

    def _every_of(self, fields: tuple[Field, ...], base: Var, cond: Callable[[Var], Cond]) -> Cond:
        var = self._scope.var(fields[0].type)
        inner = self._every_of(fields[1:], var, cond) if fields[1:] else cond(var)
        return Every(var, base, fields[0], inner)

    def _some(self, fields: tuple[Field, ...], base: Var, cond: Callable[[Var], Cond]) -> Cond:
        var = self._scope.var(fields[0].type)
        inner = self._some(fields[1:], var, cond) if fields[1:] else cond(var)
        return Some(var, base, fields[0], inner)

    def _set_cond(
        self, constraint: m.MinCount | m.MaxCount | m.HasValue, branches: _Branches, base: Var
    ) -> Cond:
        match constraint:
            case m.MinCount(count):
                return self._count(branches, base, count, None)
            case m.MaxCount(count):
                return self._count(branches, base, 0, count)
            case m.HasValue(value):
                reached = self._all_reachable(branches, base)
                for fields in reached:
                    self._vet(constraint, fields[-1].type)
                found = (self._some(f, base, lambda v: OneOf(v, (value,))) for f in reached)
                return _one_or_any(tuple(found))

    def _count(self, branches: _Branches, base: Var, low: int, high: int | None) -> Cond:
        reached = self._all_reachable(branches, base)
        if not reached:
            return Const(low == 0)
        if len(reached) == 1:
            return CountWithin(base, reached[0], low, high)
        return self._count_where(branches, base, lambda _: TRUE, low, high)

    def _count_where(
        self,
        branches: _Branches,
        base: Var,
        cond: Callable[[Var], Cond],
        low: int,
        high: int | None,
    ) -> Cond:
        """Return the condition on the number of value nodes that satisfy one."""
        if (low, high) in ((1, None), (0, 0)):  # whether there is one: none has to be told apart
            reached = self._all_reachable(branches, base)
            found = _one_or_any(tuple(self._some(fields, base, cond) for fields in reached))
            return found if low else Not(found)
        counted: list[Counted] = []
        for index, steps in enumerate(branches):
            fields = self._reachable(steps, base)
            if fields is None:
                continue
            var = self._scope.var(fields[-1].type)
            seen = self._among(branches[:index], base, var)
            new = () if seen == FALSE else (Not(seen),)
            counted.append(Counted(var, fields, All((cond(var), *new)) if new else cond(var)))
        return CountWhere(base, tuple(counted), low, high) if counted else Const(low == 0)

    def _reachable(self, steps: Sequence[m.IRI], base: Var) -> tuple[Field, ...] | None:
        """Return the fields along a path; None where the type of a value has no such property."""
        fields: list[Field] = []
        for step in steps:
            if not self._has_field(base, step):
                return None
            fields.append(self._field(base, step))
            base = Var(-1, fields[-1].type)
        return tuple(fields)

    def _has_field(self, base: Var, step: m.IRI) -> bool:
        if step == ITEMS and not isinstance(base.type, ListOf):
            described = isinstance(base.type, Self | Ref | Pointer | General)
            if described:
                self._refuse("the members of a list that is a record", "name the list's property")
            return False
        if isinstance(base.type, ListOf):
            if step != ITEMS:
                self._refuse(
                    f"the property {step} of a list", "use the path rdf:rest*/rdf:first alone"
                )
            return step == ITEMS
        if step == TYPE:
            return bool(self._type_fields(base))
        record = record_of(base.type)
        return record is not None and step in self._fields[record]

    def _refuse_type_of_reference(self, type_: ValueType) -> None:
        """The node has a class of its own and maybe that of its record: two values."""
        record = record_of(type_)
        self._refuse(
            "rdf:type, or sh:closed, of a node that is "
            + (f"referred to and described by struct {record}" if record else "of any kind"),
            "demand sh:nodeKind sh:BlankNode of it, or ignore rdf:type in sh:ignoredProperties",
        )

    # What records cannot hold yet

    def _refuse_literal_focus(self, branches: _Branches, base: Var) -> None:
        """A violation names its focus node by id or struct; a literal has neither."""
        types = [fields[-1].type for fields in self._all_reachable(branches, base)]
        if any(isinstance(t, General) and t.invalid_kind == "IRI" for t in types):
            self._refuse(
                "a property shape of values that sh:nodeKind makes literals",
                "remove it, or demand another node kind: literals have no properties",
            )

    def _vet(self, constraint: m.Constraint, type_: ValueType) -> None:
        if isinstance(type_, Self) and self._records[type_.record].has_id:
            type_ = Ref(type_.record)  # an IRI of which the record has the number
        diagnostic = vet(constraint, type_)
        if diagnostic and diagnostic not in self.errors:
            self.errors.append(diagnostic)

    def _unsupported(self, name: str, what: str, origin: m.Origin) -> None:
        if (name, origin) in self._reported:
            return
        self._reported.add((name, origin))
        if name in self.options.waive:
            self.waivers.append(m.Waiver(name, what, origin))
            return
        self.errors.append(
            Diagnostic(
                f"not supported yet in records: {what}{self._place()}",
                origin,
                f"leave it out of the checks with --waive {name}",
            )
        )

    def _refuse(self, what: str, fix: str) -> None:
        """Report what no waiver can leave out, at the shape that is being built."""
        origin = self._inside[-1].origin if self._inside else None
        diagnostic = Diagnostic(
            f"not supported yet in records: {what}{self._place()}", origin, fix
        )
        if diagnostic not in self.errors:
            self.errors.append(diagnostic)

    def _place(self) -> str:
        """Return the shape that is being built and its path, for diagnostics."""
        named = [s.node for s in self._inside if isinstance(s.node, m.IRI)]
        paths = [s.path for s in self._inside if s.path is not None]
        where = f" at shape {term_text(named[-1], self.graph.prefixes)}" if named else ""
        return where + (f", path {path_text(paths[-1], self.graph.prefixes)}" if paths else "")

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


def _bounds(constraint: m.QualifiedValueShape) -> Iterator[m.QualifiedValueShape]:
    """Yield one constraint for each of the two components, with one bound."""
    if constraint.min_count is not None:
        yield replace(constraint, max_count=None)
    if constraint.max_count is not None:
        yield replace(constraint, min_count=None)


def _one_or_any(conds: tuple[Cond, ...]) -> Cond:
    return conds[0] if len(conds) == 1 else Any(conds)
