# SPDX-License-Identifier: Apache-2.0
"""Shapes to conditions: whether a value conforms, as operations ask before they report.

A shape that describes nodes becomes a test, which others call; a constraint inside another one
is a condition in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from math import prod
from typing import TypeAlias

from cns_build import model as m
from cns_build.ir import messages
from cns_build.ir.branches import path_branches
from cns_build.ir.fields import Branches, Fields
from cns_build.ir.layout import Layout
from cns_build.ir.program import (
    FALSE,
    TRUE,
    All,
    Any,
    Compares,
    Cond,
    Conforms,
    Const,
    Counted,
    CountWhere,
    CountWithin,
    Every,
    ExactlyOne,
    HasDatatype,
    HasLanguageIn,
    IsA,
    KindIn,
    LanguagesUnique,
    LengthWithin,
    Matches,
    Not,
    OneOf,
    Precedes,
    Same,
    Some,
    Test,
    Var,
)
from cns_build.ir.qualified import bounds, siblings
from cns_build.ir.record import (
    TYPE,
    Field,
    ListOf,
    ValueType,
    record_of,
)
from cns_build.ir.recursion import Recursion, references
from cns_build.ir.spaces import in_space, may_repeat
from cns_build.options import Options

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
Pair: TypeAlias = m.Equals | m.Disjoint | m.LessThan | m.LessThanOrEquals


@dataclass(slots=True)
class Scope:
    """Hands out variable numbers within one function or test."""

    last: int = 0

    def var(self, type_: ValueType) -> Var:
        """Return a variable that is new in this scope."""
        self.last += 1
        return Var(self.last, type_)


class Conditions(Fields):
    """Writes the conditions of one program."""

    def __init__(
        self, graph: m.ShapesGraph, layout: Layout, recursion: Recursion, options: Options
    ) -> None:
        super().__init__(graph, layout, options)
        self.recursion = recursion
        self._tests: dict[tuple[m.Node, ValueType], Test | None] = {}
        self._test_names: dict[tuple[m.Node, ValueType], str] = {}
        self._ordered: list[tuple[m.LessThan | m.LessThanOrEquals, ValueType, ValueType]] = []
        self._scope = Scope()

    # Constraints on one value

    def _cond(self, constraint: m.Constraint, var: Var) -> Cond:
        """Return the condition that a constraint puts on one value node."""
        self._vet(constraint, var.type)
        match constraint:
            case m.ClassConstraint(m.IRI() as iri):
                return IsA(var, iri)
            case m.Datatype(iri):
                return HasDatatype(var, iri)
            case m.ValueSpace(iri):
                return in_space(var, iri)
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
        parameter = messages.prefixed(messages.parameter(constraint))
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

    # Shapes

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
        outer, self._scope = self._scope, Scope()
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

    # Constraints on sets of values

    def _constraint_cond(
        self, constraint: m.Constraint, shape: m.Shape, branches: Branches, focus: Var
    ) -> Cond:
        """Return the condition that one constraint puts on the value nodes of a path."""
        cond: Callable[[Var], Cond]
        match constraint:
            case m.MinCount() | m.MaxCount() | m.MaxValues() | m.HasValue():
                return self._set_cond(constraint, branches, focus)
            case m.UniqueLang():
                return LanguagesUnique(focus, self._all_reachable(branches, focus))
            case m.QualifiedValueShape():
                parts = bounds(constraint)
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

    def _pair_cond(self, pair: Pair, focus: Var, var: Var) -> Cond:
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

    def _none_missing(self, equals: m.Equals, branches: Branches, focus: Var) -> Cond:
        """Return the condition that every value of the other property is a value node."""

        def found(other: Var) -> Cond:
            return self._among(branches, focus, other) if branches else Same(focus, other)

        return self._every(((equals.predicate,),), focus, found)

    def _qualified(
        self, constraint: m.QualifiedValueShape, shape: m.Shape, branches: Branches, focus: Var
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

    def _every(self, branches: Branches, base: Var, cond: Callable[[Var], Cond]) -> Cond:
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

    def _among(self, branches: Branches, base: Var, value: Var) -> Cond:
        """Return the condition that a value is one of those that branches lead to."""
        reached = self._all_reachable(branches, base)
        found = tuple(self._some(fields, base, partial(Same, value)) for fields in reached)
        return _one_or_any(found) if found else FALSE

    def _set_cond(
        self,
        constraint: m.MinCount | m.MaxCount | m.MaxValues | m.HasValue,
        branches: Branches,
        base: Var,
    ) -> Cond:
        match constraint:
            case m.MinCount(count):
                return self._count(branches, base, count, None)
            case m.MaxCount(count):
                return self._count(branches, base, 0, count)
            case m.MaxValues(count):
                self._refuse_repeated(constraint, branches, base)
                return self._count(branches, base, 0, count)
            case m.HasValue(value):
                reached = self._all_reachable(branches, base)
                for fields in reached:
                    self._vet(constraint, fields[-1].type)
                found = (self._some(f, base, lambda v: OneOf(v, (value,))) for f in reached)
                return _one_or_any(tuple(found))

    def _refuse_repeated(self, constraint: m.MaxValues, branches: Branches, base: Var) -> None:
        """Report values of which a record cannot tell whether they are different."""
        reached = self._all_reachable(branches, base)
        room = sum(prod(field.capacity for field in fields) for fields in reached)
        types = [fields[-1].type for fields in reached]
        repeats = any(may_repeat(a, b) for a in types for b in types)
        if 0 < constraint.count < room and repeats:
            what = f"at most {constraint.count} different values, where terms may have equal ones"
            self._unsupported("cns:maxValues", what, constraint.origin)

    def _count(self, branches: Branches, base: Var, low: int, high: int | None) -> Cond:
        reached = self._all_reachable(branches, base)
        if not reached:
            return Const(low == 0)
        if len(reached) == 1:
            return CountWithin(base, reached[0], low, high)
        return self._count_where(branches, base, lambda _: TRUE, low, high)

    def _count_where(
        self,
        branches: Branches,
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


def _one_or_any(conds: tuple[Cond, ...]) -> Cond:
    return conds[0] if len(conds) == 1 else Any(conds)
