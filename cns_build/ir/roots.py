# SPDX-License-Identifier: Apache-2.0
"""Which record types there are: one a target class, or one a shape that the build names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from cns_build import model as m
from cns_build.diagnostics import CompileError, Diagnostic
from cns_build.ir.names import local_name
from cns_build.options import Options
from cns_build.tbox import Hierarchy

# Guards: a shape of a record applies to every focus node, or only where its target selects it.


@dataclass(frozen=True, slots=True)
class Always:
    """Every record of this type is a focus node of the shape."""


@dataclass(frozen=True, slots=True)
class WhenInstance:
    """The record is a focus node when its class is this one or below (sh:targetClass).

    Only records of a firmware in the field need it: others have a struct for each such class.
    """

    iri: m.IRI


@dataclass(frozen=True, slots=True)
class WhenPresent:
    """The record is a focus node when it has the property (sh:targetSubjectsOf)."""

    path: m.IRI


@dataclass(frozen=True, slots=True)
class WhenNode:
    """The record is a focus node when it is this node (sh:targetNode)."""

    node: m.IRI


@dataclass(frozen=True, slots=True)
class ValuesOf:
    """The values of the property are the focus nodes (sh:targetObjectsOf)."""

    path: m.IRI


Guard: TypeAlias = Always | WhenInstance | WhenPresent | WhenNode | ValuesOf


@dataclass(frozen=True, slots=True)
class Applied:
    """A shape that applies to the focus node of a record."""

    shape: m.Node
    guard: Guard


@dataclass(frozen=True, slots=True)
class RootPlan:
    """A root before layout: a class or a shape, and the shapes that its targets select."""

    name: str
    iri: m.IRI | None
    type: m.IRI | None
    applied: tuple[Applied, ...]
    shape: m.Shape


def select_roots(
    graph: m.ShapesGraph, hierarchy: Hierarchy, options: Options
) -> Iterator[RootPlan]:
    """Yield the roots in source order. Raises CompileError when there is none."""
    plans = {plan.iri or plan.shape.node: plan for plan in _target_plans(graph, hierarchy)}
    if options.records:
        for name in options.records:
            yield _named_plan(name, plans, graph, hierarchy)
        return
    if not plans:
        raise CompileError(
            Diagnostic(
                "no shape has a target, so no struct can be made",
                fix="add sh:targetClass to a shape, or name a shape or a class with --record",
            )
        )
    yield from plans.values()


def _target_plans(graph: m.ShapesGraph, hierarchy: Hierarchy) -> Iterator[RootPlan]:
    seen: set[m.Node] = set()
    for shape in graph.shapes.values():
        for target in shape.targets:
            match target:
                case m.TargetClass(m.IRI() as iri) if iri not in seen:
                    seen.add(iri)
                    yield _class_plan(iri, shape, graph, hierarchy)
                case m.TargetClass():
                    continue
                case _ if shape.node not in seen and not _has_class_target(shape):
                    seen.add(shape.node)
                    yield _shape_plan(shape)


def _has_class_target(shape: m.Shape) -> bool:
    return any(isinstance(t, m.TargetClass) for t in shape.targets)


def _class_plan(
    iri: m.IRI, shape: m.Shape, graph: m.ShapesGraph, hierarchy: Hierarchy
) -> RootPlan:
    classes = hierarchy.superclasses(iri) | {iri}
    applied = [
        Applied(s.node, Always())
        for s in graph.shapes.values()
        for t in s.targets
        if isinstance(t, m.TargetClass) and t.iri in classes
    ]
    return RootPlan(local_name(iri.value), iri, iri, tuple(dict.fromkeys(applied)), shape)


def _shape_plan(shape: m.Shape) -> RootPlan:
    applied = []
    for target in shape.targets:
        match target:
            case m.TargetSubjectsOf(predicate):
                applied.append(Applied(shape.node, WhenPresent(predicate)))
            case m.TargetObjectsOf(predicate):
                applied.append(Applied(shape.node, ValuesOf(predicate)))
            case m.TargetNode(m.IRI() as node):
                applied.append(Applied(shape.node, WhenNode(node)))
    iri = shape.node if isinstance(shape.node, m.IRI) else None
    name = local_name(iri.value) if iri else "shape"
    return RootPlan(name, iri, None, tuple(applied), shape)


def _named_plan(
    name: str,
    plans: dict[m.Node, RootPlan],
    graph: m.ShapesGraph,
    hierarchy: Hierarchy,
) -> RootPlan:
    full = expand(name, graph)
    candidates = [n for n in (*plans, *graph.shapes) if _answers_to(n, name, full)]
    if not candidates:
        raise CompileError(
            Diagnostic(
                f"--record {name} names no shape and no target class",
                fix="give a full IRI, a prefixed name or the local name of a shape",
            )
        )
    found = candidates[0]
    if found in plans:
        return plans[found]
    shape = graph.shapes[found]
    targets = [t.iri for t in shape.targets if isinstance(t, m.TargetClass)]
    if targets and targets[0] in plans:
        return plans[targets[0]]
    iri = found if isinstance(found, m.IRI) else None
    applied = (Applied(shape.node, Always()),)
    return RootPlan(local_name(iri.value) if iri else "shape", iri, None, applied, shape)


def expand(name: str, graph: m.ShapesGraph) -> str:
    """Return the IRI that a prefixed name of the sources stands for, or the name itself."""
    prefix, colon, local = name.partition(":")
    if colon and prefix in graph.prefixes:
        return graph.prefixes[prefix] + local
    return name.strip("<>")


def _answers_to(node: m.Node, name: str, full: str) -> bool:
    return isinstance(node, m.IRI) and (node.value == full or local_name(node.value) == name)
