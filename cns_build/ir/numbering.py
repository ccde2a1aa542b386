# SPDX-License-Identifier: Apache-2.0
"""Number what a program mentions: terms (classes first, each hierarchy in one piece) and kinds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias, TypeGuard

from cns_build import model as m
from cns_build import xsd
from cns_build.diagnostics import CompileError, Diagnostic
from cns_build.ir.layout import Layout
from cns_build.ir.program import (
    Check,
    CheckInfo,
    ClassSet,
    Cond,
    Entry,
    FocusIs,
    Function,
    HasDatatype,
    If,
    IsA,
    OneOf,
    Op,
    Precedes,
    Procedure,
    Program,
    Same,
    Test,
    all_conditions,
    conditions,
    walk,
)
from cns_build.ir.record import (
    INVALID,
    NIL,
    Enum,
    General,
    ListOf,
    Record,
    Typed,
    ValueType,
    invalid_term,
)
from cns_build.options import MAX_CAPACITY, Options
from cns_build.owl.order import nearest
from cns_build.tbox import Hierarchy
from cns_build.vocabulary import RDF, XSD

_Body: TypeAlias = Function | Procedure


def number(
    layout: Layout,
    functions: tuple[Function, ...],
    procedures: tuple[Procedure, ...],
    tests: tuple[Test, ...],
    checks: tuple[CheckInfo, ...],
    hierarchy: Hierarchy,
    options: Options,
) -> Program:
    """Return the program with its terms and kinds numbered. Raises CompileError."""
    bodies: tuple[_Body, ...] = (*functions, *procedures)
    queried = _queried_classes(bodies, tests)
    if layout.firmware:
        terms, class_count = layout.firmware.terms, layout.firmware.class_count
    else:
        classes = _ordered_classes(queried, layout, hierarchy)
        others = _mentioned_terms(layout.records, bodies, tests)
        properties = _properties(layout.records) if options.layout else ()
        terms, class_count = tuple(dict.fromkeys([*classes, *others, *properties])), len(classes)
    if len(terms) > MAX_CAPACITY:
        raise CompileError(
            Diagnostic(
                f"the shapes name {len(terms)} terms, and {MAX_CAPACITY} is the most",
                fix="compile them in parts: name some shapes with --record",
            )
        )
    ids = {term: number for number, term in enumerate(terms, 1)}
    kinds = _kinds(layout, options)
    return Program(
        name=options.name,
        records=layout.records,
        terms=terms,
        class_count=class_count,
        classes=tuple(_class_set(c, ids, hierarchy) for c in queried),
        checks=checks,
        functions=functions,
        tests=tests,
        entries=tuple(Entry(f.record, kinds[f.record]) for f in functions),
        procedures=procedures,
        depth=options.depth,
    )


def refuse_unknown_terms(program: Program, graph: m.ShapesGraph) -> None:
    """Raise CompileError for what conditions ask and a firmware has no id for.

    Read on the optimized program: what types decide needs no id.
    """
    known = set(program.terms)
    empty = {c.iri for c in program.classes if not (c.members or c.instances)}
    errors: dict[Diagnostic, None] = {}
    for origin, part in _placed(program, graph):
        asked = _reported_terms(part) if isinstance(part, Check | If) else _asked_terms(part)
        for term in asked:
            if isinstance(term, m.IRI) and term not in known:  # images hold literals themselves
                errors[_unknown(f"{_said(term)} has no id in the firmware", origin)] = None
        if isinstance(part, IsA) and part.iri in empty:
            what = f"the firmware knows neither class {part.iri} nor a subclass of it"
            errors[_unknown(what, origin)] = None
    if errors:
        raise CompileError(*errors)


def _placed(
    program: Program, graph: m.ShapesGraph
) -> Iterator[tuple[m.Origin | None, Check | If | Cond]]:
    """Yield what reports and every condition, with the constraint or shape that it comes from."""
    for body in program.bodies:
        for op in walk(body.body):
            if isinstance(op, Check | If):
                origin = program.checks[op.check].origin if isinstance(op, Check) else None
                yield origin, op
                yield from ((origin, cond) for cond in conditions(op.cond))
    for test in program.tests:
        yield from ((graph.shapes[test.shape].origin, c) for c in conditions(test.cond))


def _said(term: m.Term) -> str:
    return "a value outside of sh:in, as a node," if term == INVALID else str(term)


def _unknown(what: str, origin: m.Origin | None) -> Diagnostic:
    fix = "no record can hold it: leave it out, or build a new firmware from these shapes"
    return Diagnostic(what, origin, fix)


def _kinds(layout: Layout, options: Options) -> dict[str, int]:
    """Number the kinds: those that the build names first, the others from 0."""
    names = [root.record for root in layout.roots]
    for name in options.kinds:
        if name not in names:
            raise CompileError(
                Diagnostic(
                    f"--kind {name}: no record is called so",
                    fix=f"the records are: {', '.join(names)}",
                )
            )
    for name in options.unchecked:
        if name in names:
            raise CompileError(
                Diagnostic(
                    f"--unchecked {name}: a record is called so, and its signals are checked",
                    fix="choose another name, or give the record a number with --kind",
                )
            )
    taken = {**options.kinds, **options.unchecked}
    double = [n for n in taken if list(taken.values()).count(taken[n]) > 1]
    if double:
        raise CompileError(
            Diagnostic(
                f"kind {taken[double[0]]} is given to {' and '.join(double)}",
                fix="give each kind a number of its own",
            )
        )
    free = (n for n in range(2**32) if n not in taken.values())
    return {n: options.kinds[n] if n in options.kinds else next(free) for n in names}


def _ordered_classes(
    queried: Sequence[m.IRI], layout: Layout, hierarchy: Hierarchy
) -> list[m.IRI]:
    """Return all classes that matter, subclasses next to each other where possible."""
    wanted = set(hierarchy.all_subclasses(queried))
    for record in layout.records:
        wanted |= {c for c in (record.type, *record.tags) if c}
    below: dict[m.IRI, list[m.IRI]] = {}
    roots: list[m.IRI] = []
    for class_ in sorted(wanted):
        nearest = _nearest(class_, wanted, hierarchy)
        if nearest:
            below.setdefault(min(nearest), []).append(class_)
        else:
            roots.append(class_)
    ordered: dict[m.IRI, None] = {}
    waiting = [*reversed(roots)]
    while waiting:
        class_ = waiting.pop()
        if class_ not in ordered:
            ordered[class_] = None
            waiting += reversed(below.get(class_, []))
    for class_ in sorted(wanted):  # classes on a cycle hang below no root
        ordered.setdefault(class_)
    return list(ordered)


def _nearest(class_: m.IRI, wanted: set[m.IRI], hierarchy: Hierarchy) -> list[m.IRI]:
    """Return the wanted superclasses that have no other wanted superclass below them."""
    above = nearest(class_, hierarchy.classes.above, wanted)
    found = [upper for upper in above if isinstance(upper, m.IRI)]
    return [a for a in found if not any(b != a and hierarchy.is_subclass(b, a) for b in found)]


def _class_set(class_: m.IRI, ids: Mapping[m.Term, int], hierarchy: Hierarchy) -> ClassSet:
    """Return what records can name of a class; a firmware in the field may not know all of it."""
    members = [ids[c] for c in hierarchy.subclasses(class_) if c in ids]
    known = hierarchy.instances(class_)
    instances = [number for term, number in ids.items() if term in known]
    return ClassSet(class_, tuple(sorted(members)), tuple(sorted(instances)))


def _queried_classes(bodies: Sequence[_Body], tests: Sequence[Test]) -> list[m.IRI]:
    return sorted({c.iri for c in all_conditions(bodies, tests) if isinstance(c, IsA)})


def _mentioned_terms(
    records: Sequence[Record], bodies: Sequence[_Body], tests: Sequence[Test]
) -> Iterator[m.Term]:
    for record in records:
        for field in record.fields:
            yield from _type_terms(field.type)
    for cond in all_conditions(bodies, tests):
        yield from _asked_terms(cond)
    for body in bodies:
        for op in walk(body.body):
            yield from _reported_terms(op)


def _reported_terms(op: Op) -> Iterator[m.IRI]:
    """Yield what a violation names as its focus node where an enumerator names no term."""
    if isinstance(op, Check) and isinstance(op.focus.type, Enum):
        invalid = invalid_term(op.focus.type)
        if isinstance(invalid, m.IRI):
            yield invalid


def _asked_terms(cond: Cond) -> Iterator[m.Term]:
    """Yield the terms that a condition asks values for."""
    match cond:
        case OneOf(_, terms):
            yield from terms
            yield from (t.datatype for t in terms if _is_typed(t))
        case HasDatatype(_, datatype) if not datatype.value.startswith((XSD, RDF)):
            yield datatype
        case FocusIs(_, node):
            yield node
        case Same(var, other) | Precedes(var, other) if _by_terms(cond):
            yield from _compared_terms(var.type)
            yield from _compared_terms(other.type)


def _by_terms(cond: Same | Precedes) -> bool:
    """Whether a comparison may have to make terms of the values."""
    return isinstance(cond, Precedes) or cond.var.type != cond.other.type


def _compared_terms(type_: ValueType) -> Iterator[m.Term]:
    """Yield the nodes that a value may stand for when it is compared with one of another type."""
    match type_:
        case Enum(terms):
            yield from (t for t in (invalid_term(type_),) if isinstance(t, m.IRI))
            yield from (t.datatype for t in terms if _is_typed(t))
        case General(invalid_kind="IRI"):
            yield INVALID
        case ListOf():
            yield NIL


def _properties(records: Sequence[Record]) -> Iterator[m.IRI]:
    for record in records:
        yield from (field.path for field in record.fields)


def _is_typed(term: m.Term) -> TypeGuard[m.Literal]:
    """Whether a cns_term holds the literal by its lexical form and the id of its datatype."""
    if not isinstance(term, m.Literal) or term.language:
        return False
    return xsd.local_name(term.datatype.value) not in xsd.SCALARS


def _type_terms(type_: ValueType) -> Iterator[m.Term]:
    match type_:
        case Enum(terms):
            yield from terms
        case Typed(datatype):
            yield datatype
        case ListOf(items):
            yield from _type_terms(items)
