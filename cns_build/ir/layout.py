# SPDX-License-Identifier: Apache-2.0
"""From shapes to structs: which shapes apply to which node, and what C type holds its values.

A *draft* is everything that shapes say about one node. It is a function of the *applications*
that hold there, so equal applications share one draft, and one struct.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from cns_build import model as m
from cns_build import spaces, xsd
from cns_build.diagnostics import CompileError, Diagnostic, Note
from cns_build.ir import messages
from cns_build.ir.branches import Steps, path_branches
from cns_build.ir.conflicts import conflicts
from cns_build.ir.firmware import Firmware
from cns_build.ir.names import Namer, local_name
from cns_build.ir.qualified import siblings
from cns_build.ir.record import (
    ITEMS,
    TYPE,
    Enum,
    Field,
    General,
    LangString,
    ListOf,
    Pointer,
    Record,
    Ref,
    Scalar,
    Tagged,
    Typed,
    ValueType,
)
from cns_build.ir.roots import (
    Always,
    Applied,
    RootPlan,
    ValuesOf,
    WhenNode,
    WhenPresent,
    expand,
    select_roots,
)
from cns_build.options import MAX_CAPACITY, Options
from cns_build.tbox import Hierarchy
from cns_build.vocabulary import RDF

_NODE_KINDS = {"IRI", "BlankNode", "BlankNodeOrIRI"}


@dataclass(frozen=True, slots=True)
class Root:
    """A record type that the application fills, and the shapes that apply to it."""

    record: str
    applied: tuple[Applied, ...]


# Applications: why a node is constrained.


@dataclass(frozen=True, slots=True)
class At:
    """The shape applies to the node itself."""

    shape: m.Node
    conditional: bool


@dataclass(frozen=True, slots=True)
class Along:
    """The node is reached over the first `step` steps of a branch of a property shape's path."""

    shape: m.Node
    branch: Steps
    step: int
    conditional: bool


Application: TypeAlias = At | Along


@dataclass(frozen=True, slots=True)
class Fact:
    """A constraint on the node of a draft; conditional inside or, xone, not and guards."""

    constraint: m.Constraint
    shape: m.Shape
    conditional: bool


@dataclass(slots=True)
class Draft:
    """All that shapes say about one node; `uses` are the paths that leave it."""

    facts: list[Fact] = field(default_factory=list)
    uses: dict[m.IRI, list[Application]] = field(default_factory=dict)
    closed: bool = False

    @property
    def described(self) -> bool:
        """Whether a struct is needed to describe the node."""
        return any(step not in (ITEMS, TYPE) for step in self.uses) or self.closed


@dataclass(frozen=True, slots=True)
class Layout:
    """The records of a program, the roots in source order, and datatypes that exclude each other.

    Of such datatypes, the first one has chosen the C type. Where the records are those of a
    `firmware`, shapes may look at what they do not hold.
    """

    records: tuple[Record, ...]
    roots: tuple[Root, ...]
    contradictions: tuple[Diagnostic, ...]
    firmware: Firmware | None = None


def lay_out(graph: m.ShapesGraph, hierarchy: Hierarchy, options: Options) -> Layout:
    """Return the structs for all targets. Raises CompileError with every problem found."""
    builder = _Builder(graph, hierarchy, options)
    for root in [builder.plan(plan) for plan in select_roots(graph, hierarchy, options)]:
        builder.add_root(root)
    builder.refuse_unknown_capacities()
    if builder.errors:
        raise CompileError(*builder.errors)
    return Layout(
        tuple(builder.records.values()), tuple(builder.roots), tuple(builder.contradictions)
    )


@dataclass(frozen=True, slots=True)
class _Planned:
    """A root with a name and all the shapes that apply to it, not yet laid out."""

    plan: RootPlan
    applied: tuple[Applied, ...]
    draft: Draft
    name: str


_Description: TypeAlias = tuple[tuple[m.IRI, tuple[Application, ...]], ...]


def _described_by(draft: Draft) -> _Description:
    """Return what the struct of a draft depends on."""
    return tuple((step, tuple(uses)) for step, uses in draft.uses.items())


def _has_id(applied: Sequence[Applied], draft: Draft) -> bool:
    """Whether a shape or a target can tell the focus node from others."""
    guarded = any(isinstance(a.guard, WhenNode) for a in applied)
    return guarded or any(_observes_node(f) for f in draft.facts)


# Drafts and types


class _Builder:
    """Lays out one root after the other; equal parts become one record."""

    def __init__(self, graph: m.ShapesGraph, hierarchy: Hierarchy, options: Options) -> None:
        self.graph = graph
        self.hierarchy = hierarchy
        self.options = options
        self.records: dict[str, Record] = {}
        self.roots: list[Root] = []
        self.errors: list[Diagnostic] = []
        self.contradictions: list[Diagnostic] = []
        self._drafts: dict[tuple[Application, ...], Draft] = {}
        self._named: dict[_Description, str] = {}
        self._planned: dict[_Description, list[_Planned]] = {}
        self._namer = Namer()
        self._lists: list[_Description] = []
        self._capacities = {expand(n, graph): c for n, c in options.capacities.items()}
        self._seen_errors: set[tuple[object, ...]] = set()
        self._root_classes = {
            t.iri for s in graph.shapes.values() for t in s.targets if isinstance(t, m.TargetClass)
        }
        self._targeted = [
            s
            for s in graph.shapes.values()
            if not all(isinstance(t, m.TargetClass) for t in s.targets)
        ]

    # Drafts

    def draft(self, applications: Sequence[Application]) -> Draft:
        """Return what the applications say, each constraint once, unconditional if possible."""
        key = tuple(dict.fromkeys(applications))
        if key not in self._drafts:
            draft = self._drafts[key] = Draft()
            for application in key:
                match application:
                    case At(shape, conditional):
                        self._apply(draft, self.graph.shapes[shape], conditional)
                    case Along(shape, branch, step, conditional):
                        self._follow(draft, self.graph.shapes[shape], branch, step, conditional)
        return self._drafts[key]

    def _apply(self, draft: Draft, shape: m.Shape, conditional: bool) -> None:
        if shape.deactivated:
            return
        for constraint in shape.constraints:
            match constraint:
                case (
                    m.Equals(predicate)
                    | m.Disjoint(predicate)
                    | m.LessThan(predicate)
                    | m.LessThanOrEquals(predicate)
                ):
                    draft.uses.setdefault(predicate, [])
        if shape.path is None:
            self._constrain(draft, shape, conditional)
            return
        # Any other path is reported by ir.build, which knows what it is used for.
        for branch in path_branches(shape.path) or ():
            self._follow(draft, shape, branch, 0, conditional)

    def _follow(
        self, draft: Draft, shape: m.Shape, branch: Steps, step: int, conditional: bool
    ) -> None:
        if step == len(branch):
            self._constrain(draft, shape, conditional)
            return
        uses = draft.uses.setdefault(branch[step], [])
        application = Along(shape.node, branch, step + 1, conditional)
        if application not in uses:
            uses.append(application)

    def _constrain(self, draft: Draft, shape: m.Shape, conditional: bool) -> None:
        for constraint in shape.constraints:
            match constraint:
                case m.Property(inner):
                    self._apply(draft, self.graph.shapes[inner], conditional)
                    continue
                case m.NodeConstraint(inner):
                    self._apply(draft, self.graph.shapes[inner], conditional)
                case m.And(inners):
                    for inner in inners:
                        self._apply(draft, self.graph.shapes[inner], conditional)
                case m.Or(inners) | m.Xone(inners):
                    for inner in inners:
                        self._apply(draft, self.graph.shapes[inner], True)
                case m.Not(inner):
                    self._apply(draft, self.graph.shapes[inner], True)
                case m.QualifiedValueShape(inner):
                    if not conditional:
                        self._compare_counts(constraint, shape)
                    for counted in (inner, *siblings(self.graph, shape, constraint)):
                        self._apply(draft, self.graph.shapes[counted], True)
                case m.Closed():
                    draft.closed = True
            draft.facts.append(Fact(constraint, shape, conditional))

    # Roots

    def plan(self, plan: RootPlan) -> _Planned:
        """Decide the name of a root record, and which shapes apply to it."""
        applied, draft = self._close_targets(plan)
        name = self._namer.record(plan.name, plan.iri.value if plan.iri else None)
        planned = _Planned(plan, applied, draft, name)
        self._planned.setdefault(_described_by(draft), []).append(planned)
        return planned

    def add_root(self, root: _Planned) -> None:
        """Lay out a root record and everything below it."""
        self._lay_out(root.name, root.draft)
        self.records[root.name] = self._finish_root(root)
        self.roots.append(Root(root.name, root.applied))

    def _close_targets(self, plan: RootPlan) -> tuple[tuple[Applied, ...], Draft]:
        """Add the shapes that other targets bring in, until no new property appears."""
        applied = list(plan.applied)
        while True:
            draft = self._root_draft(applied)
            has_id = _has_id(applied, draft)
            more = [
                found
                for shape in self._targeted
                for found in self._selected_by(shape, draft, has_id)
                if found not in applied
                and (
                    isinstance(found.guard, ValuesOf)
                    or Applied(shape.node, Always()) not in applied
                )
            ]
            if not more:
                return tuple(applied), draft
            applied += more

    def _selected_by(self, shape: m.Shape, draft: Draft, has_id: bool) -> Iterator[Applied]:
        for target in shape.targets:
            match target:
                case m.TargetSubjectsOf(predicate) if predicate in draft.uses:
                    yield Applied(shape.node, WhenPresent(predicate))
                case m.TargetObjectsOf(predicate) if predicate in draft.uses:
                    yield Applied(shape.node, ValuesOf(predicate))
                case m.TargetNode(m.IRI() as node) if has_id:
                    yield Applied(shape.node, WhenNode(node))

    def _root_draft(self, applied: Sequence[Applied]) -> Draft:
        """Return the draft of a root; guarded shapes count as conditional."""
        own = [At(a.shape, False) for a in applied if not isinstance(a.guard, ValuesOf)]
        always = any(isinstance(a.guard, Always) for a in applied)
        if always:
            own = [
                At(a.shape, not isinstance(a.guard, Always))
                for a in applied
                if not isinstance(a.guard, ValuesOf)
            ]
        shared = self.draft(own)
        draft = Draft(list(shared.facts), {k: list(v) for k, v in shared.uses.items()})
        draft.closed = shared.closed
        for a in applied:
            match a.guard:
                case WhenPresent(path):
                    draft.uses.setdefault(path, [])
                case ValuesOf(path):
                    draft.uses.setdefault(path, []).append(At(a.shape, True))
        return draft

    # Records

    def _nested(self, draft: Draft, name: str, pointed: bool) -> str:
        """Return the record that describes nested nodes: a root's where it fits, else a new one.

        A root's struct has a class of its own, which has to be the one that the shapes demand;
        where they ask for the class of a node that is not just pointed to, the reference has it.
        """
        key = _described_by(draft)
        roots = self._planned.get(key, []) if pointed or TYPE not in draft.uses else []
        demanded = [
            f.constraint.iri for f in draft.facts if isinstance(f.constraint, m.ClassConstraint)
        ]
        if len(roots) == 1 and self._is_each(roots[0].plan.type, demanded):
            return roots[0].name
        if key not in self._named:
            self._named[key] = self._namer.record(name, None)
            self._lay_out(self._named[key], draft)
        return self._named[key]

    def _is_each(self, type_: m.IRI | None, classes: Sequence[m.Node]) -> bool:
        if type_ is None:
            return not classes
        return all(self.hierarchy.is_subclass(type_, c) for c in classes)

    def _lay_out(self, name: str, draft: Draft) -> None:
        """Add the record of a draft, after giving it its place in the order of records."""
        self.records[name] = Record(name, None, None, (), False, False, ())
        lists, self._lists = self._lists, []
        fields = tuple(self._fields(draft, name))
        self._lists = lists
        self.records[name] = replace(self.records[name], fields=fields)

    def _finish_root(self, root: _Planned) -> Record:
        plan = root.plan
        tags = self._tags(plan.type, root.draft) if plan.type else ()
        info = self.graph.classes.get(plan.type) if plan.type else None
        return replace(
            self.records[root.name],
            iri=plan.iri,
            type=plan.type,
            tags=tags,
            has_class=bool(tags),
            has_id=_has_id(root.applied, root.draft),
            labels=plan.shape.names or (info.labels if info else ()),
            descriptions=plan.shape.descriptions or (info.comments if info else ()),
            origin=plan.shape.origin,
        )

    def _tags(self, type_: m.IRI, draft: Draft) -> tuple[m.IRI, ...]:
        """Return the subclasses that a shape can tell from the class.

        Those to which further shapes apply, by a target of theirs or of another superclass,
        need a struct of their own.
        """
        observed = TYPE in draft.uses or any(
            isinstance(f.constraint, m.ClassConstraint)
            and not self.hierarchy.is_subclass(type_, f.constraint.iri)
            for f in draft.facts
        )
        if not observed:
            return ()
        elsewhere = self._root_classes - self.hierarchy.superclasses(type_)
        return tuple(
            lower
            for lower in self.hierarchy.subclasses(type_)
            if lower != type_ and elsewhere.isdisjoint(self.hierarchy.superclasses(lower))
        )

    # Fields

    def _fields(self, draft: Draft, record: str) -> Iterator[Field]:
        named: list[tuple[m.IRI, list[Application]]] = [
            (step, uses) for step, uses in draft.uses.items() if step not in (ITEMS, TYPE)
        ]
        iris = [step.value for step, _ in named]
        origins = [self.graph.shapes[uses[0].shape].origin if uses else None for _, uses in named]
        names = self._namer.fields(iris, self.graph.prefixes, origins)
        for (step, uses), name in zip(named, names, strict=True):
            yield self._field(step, uses, name, record)

    def _field(self, step: m.IRI, uses: list[Application], name: str, record: str) -> Field:
        values = self.draft(uses)
        shapes = [
            self.graph.shapes[u.shape]
            for u in uses
            if isinstance(u, Along) and u.branch == (step,)
        ]
        first = shapes[0] if shapes else None
        return Field(
            name=name,
            path=step,
            type=self._type(values, step, name, f"{record}_{name}"),
            capacity=self._capacity(step, name, uses),
            shapes=tuple(str(s.node) for s in shapes if isinstance(s.node, m.IRI)),
            labels=first.names if first else (),
            descriptions=first.descriptions if first else (),
            origin=first.origin if first else None,
        )

    def _is_predicate(self, shape: m.Node, step: m.IRI) -> bool:
        """Whether the path of a property shape leads over one property, and no other."""
        path = self.graph.shapes[shape].path
        return path is not None and path_branches(path) == ((step,),)

    def _capacity(self, step: m.IRI, name: str, uses: list[Application]) -> int:
        applied = [u.shape for u in uses if isinstance(u, Along) and not u.conditional]
        firm = [
            c
            for shape in applied
            if self._is_predicate(shape, step)
            for c in self.graph.shapes[shape].constraints
        ]
        bounds: list[m.MaxCount | m.MaxValues]
        bounds = [c for c in firm if isinstance(c, m.MaxCount)]
        bounds += [c for shape in applied for c in self._most_values(shape, step)]
        if not bounds:
            capacity = self._given_capacity(step, name)
            for c in firm:
                if isinstance(c, m.MinCount) and c.count > capacity:
                    self._error(_never_full(name, c, capacity))
            return capacity
        least = min(bounds, key=lambda c: c.count)
        if least.count > MAX_CAPACITY:
            self._error(_too_many(name, least))
        return min(least.count, MAX_CAPACITY)

    def _most_values(self, shape: m.Node, step: m.IRI) -> Iterator[m.MaxValues]:
        """Yield the bounds of a path of which the property is one branch."""
        path = self.graph.shapes[shape].path
        if path is not None and (step,) in (path_branches(path) or ()):
            found = self.graph.shapes[shape].constraints
            yield from (c for c in found if isinstance(c, m.MaxValues))

    def _given_capacity(self, step: m.IRI, name: str) -> int:
        for key in (step.value, name):
            if key in self._capacities:
                return self._capacities[key]
        return self.options.capacity

    def refuse_unknown_capacities(self) -> None:
        """Report capacities for properties that no record has."""
        fields = [f for record in self.records.values() for f in record.fields]
        known = {f.path.value for f in fields} | {f.name for f in fields}
        for name in sorted(self._capacities.keys() - known):
            self._error(
                Diagnostic(
                    f"--capacity {name}: no record has this property",
                    fix="give its full IRI, its prefixed name or its name in C",
                )
            )

    # Value types

    def _type(self, draft: Draft, step: m.IRI, name: str, nested: str) -> ValueType:
        if ITEMS in draft.uses:
            return self._list(draft, step, name, nested)
        firm = [f for f in draft.facts if not f.conditional]
        if self.graph.of_axioms:
            stated = [(f.shape.node, f.constraint) for f in firm]
            for found in conflicts(stated, self.graph, self.hierarchy):
                self._contradiction(found)
        scalar = self._datatype(firm)
        choice = next((f.constraint for f in firm if isinstance(f.constraint, m.In)), None)
        if scalar is not None and not (choice and _is_text(scalar)):
            return self._sized(scalar, firm, step, name)
        if choice and choice.values:
            if len(choice.values) > MAX_CAPACITY:
                self._error(_too_many_members(choice))
            return Enum(tuple(dict.fromkeys(choice.values)))
        arms = self._arms(firm)
        if arms:
            return Tagged(arms)
        return self._node_type(draft, firm, nested)

    def _list(self, draft: Draft, step: m.IRI, name: str, nested: str) -> ValueType:
        key = _described_by(draft)
        if key in self._lists:
            self._error(_list_of_itself(self.graph.shapes[draft.uses[ITEMS][0].shape]))
            return General(None)
        self._lists.append(key)
        items = self._type(self.draft(draft.uses[ITEMS]), step, name, f"{nested}_item")
        self._lists.pop()
        return ListOf(items, self._given_capacity(step, name))

    def _datatype(self, firm: list[Fact]) -> ValueType | None:
        found = [f.constraint for f in firm if isinstance(f.constraint, m.Datatype | m.ValueSpace)]
        for number, other in enumerate(found):
            for one in found[:number]:
                self._compare_datatypes(one, other)
        return self._literal_type(_narrowest(found)) if found else None

    def _compare_datatypes(
        self, one: m.Datatype | m.ValueSpace, two: m.Datatype | m.ValueSpace
    ) -> None:
        if not _exclude(one, two):
            return
        both = isinstance(one, m.Datatype) and isinstance(two, m.Datatype)
        self._contradiction(
            Diagnostic(
                f"no value has both datatypes {one.iri} and {two.iri}, which sh:datatype demands"
                if both
                else f"no value is one of both {one.iri} and {two.iri}",
                two.origin,
                "remove one of them, or pass --waive contradiction to report every value",
                notes=(Note(f"{one.iri} is demanded here", one.origin),),
            )
        )

    def _compare_counts(self, qualified: m.QualifiedValueShape, shape: m.Shape) -> None:
        """Find more values demanded that conform than values that may conform, or may be there."""
        low = qualified.min_count or 0
        counts = [c for c in shape.constraints if isinstance(c, m.MaxCount | m.MaxValues)]
        most = [(c.count, messages.prefixed(messages.parameter(c)), c.origin) for c in counts]
        if qualified.max_count is not None:
            most.append((qualified.max_count, "sh:qualifiedMaxCount", qualified.origin))
        for high, name, origin in most:
            if low > high:
                self._contradiction(
                    Diagnostic(
                        f"at least {low} values have to conform (sh:qualifiedMinCount), and "
                        f"{name} takes at most {high}",
                        qualified.origin,
                        "change one of them, or pass --waive contradiction to report every record",
                        notes=(Note(f"{name} is here", origin),),
                    )
                )

    def _literal_type(self, constraint: m.Datatype | m.ValueSpace) -> ValueType | None:
        iri = constraint.iri
        name = xsd.local_name(iri.value)
        if name in xsd.SCALARS:
            return Scalar(name)
        if name in spaces.FORMS and isinstance(constraint, m.ValueSpace):
            return Scalar("string")
        if iri.value == RDF + "langString":
            return LangString()
        if name in xsd.UNCHECKED:
            self._error(
                Diagnostic(
                    f"not supported yet in records: datatype xsd:{name}",
                    constraint.origin,
                    "use xsd:string, or pass --waive "
                    + messages.prefixed(messages.parameter(constraint)),
                )
            )
        return Typed(iri)

    def _sized(self, type_: ValueType, firm: list[Fact], step: m.IRI, name: str) -> ValueType:
        if not (isinstance(type_, Scalar) and type_.datatype in xsd.TEXTS):
            return type_
        if not self.options.inline_strings:
            return type_
        lengths = [f.constraint.length for f in firm if isinstance(f.constraint, m.MaxLength)]
        size = 4 * min(lengths) if lengths else self._given_capacity(step, name)
        if size > MAX_CAPACITY:
            self._error(_too_wide(name, size, firm))
        return Scalar(type_.datatype, max(size, 1))

    def _arms(self, firm: list[Fact]) -> tuple[Scalar | LangString, ...]:
        """Return the datatypes that an unconditional sh:or or sh:xone chooses between."""
        for fact in firm:
            if not isinstance(fact.constraint, m.Or | m.Xone):
                continue
            arms = [self._arm(shape) for shape in fact.constraint.shapes]
            if all(arms):
                return tuple(dict.fromkeys(a for a in arms if a))
        return ()

    def _arm(self, shape: m.Node) -> Scalar | LangString | None:
        draft = self.draft((At(shape, False),))
        for fact in draft.facts:
            if isinstance(fact.constraint, m.Datatype | m.ValueSpace) and not fact.conditional:
                type_ = self._literal_type(fact.constraint)
                return type_ if isinstance(type_, Scalar | LangString) else None
        return None

    def _node_type(self, draft: Draft, firm: list[Fact], nested: str) -> ValueType:
        kinds = {f.constraint.kind for f in firm if isinstance(f.constraint, m.NodeKind)}
        record = None
        if draft.described:
            record = self._nested(draft, _nested_name(firm, nested), "BlankNode" in kinds)
        if record and "BlankNode" in kinds:
            self._observe_class(draft, record)
            return Pointer(record)
        classed = any(isinstance(f.constraint, m.ClassConstraint) for f in firm)
        only_nodes = not any(_looks_at_literals(f) for f in draft.facts)
        if kinds & _NODE_KINDS or classed or (record and only_nodes):
            return Ref(record)
        return General(record, "IRI" if kinds == {"Literal"} else "Literal")

    def _observe_class(self, draft: Draft, record: str) -> None:
        """Give a struct behind a plain pointer a class, where sh:class asks for one."""
        asked = any(isinstance(f.constraint, m.ClassConstraint) for f in draft.facts)
        if asked and record in self._named.values():
            self.records[record] = replace(self.records[record], has_class=True)

    def _contradiction(self, diagnostic: Diagnostic) -> None:
        if diagnostic not in self.contradictions:
            self.contradictions.append(diagnostic)

    def _error(self, diagnostic: Diagnostic) -> None:
        key = (diagnostic.message, diagnostic.where)
        if key not in self._seen_errors:
            self._seen_errors.add(key)
            self.errors.append(diagnostic)


def _exclude(one: m.Datatype | m.ValueSpace, two: m.Datatype | m.ValueSpace) -> bool:
    """Whether no literal is as both constraints say."""
    if one.iri == two.iri:
        return False
    first, second = (xsd.local_name(each.iri.value) for each in (one, two))
    if first is None or second is None or (isinstance(one, m.Datatype) and type(one) is type(two)):
        return True
    return not spaces.overlap(first, second)


def _narrowest(
    found: Sequence[m.Datatype | m.ValueSpace],
) -> m.Datatype | m.ValueSpace:
    """Return the first sh:datatype, or else the value space that is in most of the others."""
    stated = next((c for c in found if isinstance(c, m.Datatype)), None)
    if stated is not None:
        return stated
    chosen = found[0]
    for each in found[1:]:
        name, best = (xsd.local_name(c.iri.value) for c in (each, chosen))
        if name and best and spaces.is_within(name, best):
            chosen = each
    return chosen


def _nested_name(firm: list[Fact], default: str) -> str:
    """Name a nested struct after the one shape that describes it, else after its place."""
    named = [
        f.constraint.shape
        for f in firm
        if isinstance(f.constraint, m.NodeConstraint) and isinstance(f.constraint.shape, m.IRI)
    ]
    return local_name(named[0].value) if len(named) == 1 else default


def _list_of_itself(shape: m.Shape) -> Diagnostic:
    return Diagnostic(
        "not supported yet in records: a list of lists of the same shape, without an end",
        shape.origin,
        "put a node with a property between a list and the lists inside it",
    )


def _too_many(name: str, constraint: m.MaxCount | m.MaxValues) -> Diagnostic:
    return Diagnostic(
        f"{name} would be an array of {constraint.count} elements, and {MAX_CAPACITY} is the most",
        constraint.origin,
        "lower sh:maxCount, or leave it out and give --capacity",
    )


def _too_many_members(constraint: m.In) -> Diagnostic:
    return Diagnostic(
        f"sh:in has {len(constraint.values)} members, and {MAX_CAPACITY} is the most",
        constraint.origin,
        "make a class of the members, and use sh:class",
    )


def _never_full(name: str, constraint: m.MinCount, capacity: int) -> Diagnostic:
    return Diagnostic(
        f"{name} needs at least {constraint.count} values, and its array holds {capacity}",
        constraint.origin,
        f"pass --capacity {name}={constraint.count}"
        if constraint.count <= MAX_CAPACITY
        else f"lower sh:minCount: no array holds more than {MAX_CAPACITY} values",
    )


def _too_wide(name: str, size: int, firm: list[Fact]) -> Diagnostic:
    lengths = [f.constraint for f in firm if isinstance(f.constraint, m.MaxLength)]
    return Diagnostic(
        f"{name} would hold {size} bytes in place (4 for each character), and {MAX_CAPACITY} is "
        "the most",
        min(lengths, key=lambda c: c.length).origin,
        "lower sh:maxLength, or leave out --inline-strings",
    )


def _is_text(type_: ValueType) -> bool:
    return type_ == LangString() or (isinstance(type_, Scalar) and type_.datatype in xsd.TEXTS)


def _observes_node(fact: Fact) -> bool:
    """Whether a constraint on a focus node tells IRIs from blank nodes, or one from another."""
    match fact.constraint:
        case m.NodeKind() | m.In() | m.HasValue():
            return True
    return False


def _looks_at_literals(fact: Fact) -> bool:
    match fact.constraint:
        case m.NodeKind(kind):
            return "Literal" in kind
        case m.In(values):
            return any(isinstance(v, m.Literal) for v in values)
        case m.HasValue(value):
            return isinstance(value, m.Literal)
        case (
            m.Datatype()
            | m.ValueSpace()
            | m.MinLength()
            | m.MaxLength()
            | m.Pattern()
            | m.MinInclusive()
            | m.MaxInclusive()
            | m.MinExclusive()
            | m.MaxExclusive()
            | m.LanguageIn()
            | m.UniqueLang()
            | m.LessThan()
            | m.LessThanOrEquals()
        ):
            return True
    return False
