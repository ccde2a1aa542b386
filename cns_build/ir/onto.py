# SPDX-License-Identifier: Apache-2.0
"""Shapes onto the records of a firmware in the field: which of them apply to which record.

The records are those that the firmware was built with, so nothing is laid out: each target is
asked which of them it can select. What a shape looks at and no record holds is found by
`ir.build`, terms without an id by `ir.numbering`, which see what is really asked.
"""

from __future__ import annotations

from collections.abc import Iterator

from cns_build import model as m
from cns_build.diagnostics import CompileError, Diagnostic
from cns_build.ir.firmware import Firmware
from cns_build.ir.layout import Layout, Root
from cns_build.ir.names import local_name
from cns_build.ir.record import Record
from cns_build.ir.roots import (
    Always,
    Applied,
    Guard,
    ValuesOf,
    WhenInstance,
    WhenNode,
    WhenPresent,
    expand,
)
from cns_build.options import Options
from cns_build.tbox import Hierarchy


def lay_onto(
    graph: m.ShapesGraph, hierarchy: Hierarchy, firmware: Firmware, options: Options
) -> Layout:
    """Return the firmware's records, and the shapes that apply to each. Raises CompileError.

    A record to which none applies has nothing to check.
    """
    named = [_find_root(name, graph, firmware) for name in options.records]
    roots = []
    for record in firmware.roots:
        applied: dict[Applied, None] = {}
        if not named or any(found == record for found, _ in named):
            applied |= dict.fromkeys(_selected(record, graph, hierarchy))
        applied |= {Applied(s.node, Always()): None for r, s in named if s and r == record}
        roots.append(Root(record.name, tuple(applied)))
    if not named:
        _refuse_new_roots(graph, roots, firmware)
    return Layout(firmware.records, tuple(roots), (), firmware)


# Targets


def _selected(record: Record, graph: m.ShapesGraph, hierarchy: Hierarchy) -> Iterator[Applied]:
    """Yield the shapes that have a target which can select a record.

    Those by class come first, then that which the record was made for.
    """
    always: set[m.Node] = set()
    for shape in graph.shapes.values():
        for target in shape.targets:
            if isinstance(target, m.TargetClass):
                found = _class_guard(target, record, hierarchy)
                if found:
                    yield Applied(shape.node, found)
                if found == Always():
                    always.add(shape.node)
    for shape in sorted(graph.shapes.values(), key=lambda s: s.node != record.iri):
        for target in shape.targets:
            guard = _guard(target, record)
            if guard and (isinstance(guard, ValuesOf) or shape.node not in always):
                yield Applied(shape.node, guard)


def _class_guard(
    target: m.TargetClass, record: Record, hierarchy: Hierarchy
) -> Always | WhenInstance | None:
    """Return when a record is an instance of a class: its `class_id` may name several."""
    known = [class_ for class_ in (record.type, *record.tags) if class_]
    inside = [hierarchy.is_subclass(class_, target.iri) for class_ in known]
    if not any(inside) or not isinstance(target.iri, m.IRI):
        return None
    return Always() if all(inside) else WhenInstance(target.iri)


def _guard(target: m.Target, record: Record) -> Guard | None:
    """Return when a target other than a class selects a record, or its values."""
    paths = {item.path for item in record.fields}
    match target:
        case m.TargetSubjectsOf(predicate) if predicate in paths:
            return WhenPresent(predicate)
        case m.TargetObjectsOf(predicate) if predicate in paths:
            return ValuesOf(predicate)
        case m.TargetNode(m.IRI() as node) if record.has_id:
            return WhenNode(node)
    return None


def _refuse_new_roots(graph: m.ShapesGraph, roots: list[Root], firmware: Firmware) -> None:
    """Raise CompileError for shapes whose targets select no record of the firmware."""
    applied = {a.shape for root in roots for a in root.applied}
    new = [s for s in graph.shapes.values() if s.targets and s.node not in applied]
    names = ", ".join(record.name for record in firmware.roots)
    errors = [
        Diagnostic(
            f"no record of the firmware answers to a target of shape {shape.node}",
            shape.targets[0].origin,
            f"its records are {names}: build a new firmware, or name what to check with --record",
        )
        for shape in new
        if not shape.deactivated
    ]
    if errors:
        raise CompileError(*errors)


# Names


def _find_root(
    name: str, graph: m.ShapesGraph, firmware: Firmware
) -> tuple[Record, m.Shape | None]:
    """Return the record that --record names, and the shape where only that name applies it."""
    full = expand(name, graph)
    for record in firmware.roots:
        if record.name == name or (record.iri and _answers_to(record.iri, name, full)):
            return record, _untargeted(record.iri, graph)
    shapes = (s for s in graph.shapes.values() if _answers_to(s.node, name, full))
    classes = [t.iri for s in shapes for t in s.targets if isinstance(t, m.TargetClass)]
    for record in firmware.roots:
        if record.type in classes:
            return record, None
    names = ", ".join(record.name for record in firmware.roots)
    raise CompileError(
        Diagnostic(
            f"--record {name} names no record of the firmware",
            fix=f"its records are {names}; others need a new firmware",
        )
    )


def _untargeted(iri: m.IRI | None, graph: m.ShapesGraph) -> m.Shape | None:
    shape = graph.shapes.get(iri) if iri else None
    return shape if shape and not shape.targets else None


def _answers_to(node: m.Node, name: str, full: str) -> bool:
    return isinstance(node, m.IRI) and (node.value == full or local_name(node.value) == name)
