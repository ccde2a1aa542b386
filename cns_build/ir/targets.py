# SPDX-License-Identifier: Apache-2.0
"""Targets that no struct can stand for, and shapes and targets that no record answers to."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from types import MappingProxyType

from cns_build import model as m
from cns_build.diagnostics import CompileError, Diagnostic
from cns_build.ir.layout import Layout
from cns_build.ir.record import TYPE
from cns_build.ir.recursion import references
from cns_build.ir.roots import ValuesOf, WhenNode, WhenPresent


def keep_supported(
    graph: m.ShapesGraph, waive: Collection[str]
) -> tuple[m.ShapesGraph, tuple[m.Waiver, ...]]:
    """Return the graph without the targets that are waived. Raises CompileError for the others."""
    errors: list[Diagnostic] = []
    waivers: list[m.Waiver] = []
    shapes: dict[m.Node, m.Shape] = {}
    for shape in graph.shapes.values():
        kept = []
        for target in shape.targets:
            name, what = _unsupported(target)
            if not name:
                kept.append(target)
            elif name in waive:
                waivers.append(m.Waiver(name, f"{what} of shape {shape.node}", target.origin))
            else:
                errors.append(
                    Diagnostic(
                        f"not supported yet in records: {what} of shape {shape.node}",
                        target.origin,
                        f"leave the target out with --waive {name}",
                    )
                )
        shapes[shape.node] = replace(shape, targets=tuple(kept))
    if errors:
        raise CompileError(*errors)
    return replace(graph, shapes=MappingProxyType(shapes)), tuple(waivers)


def _unsupported(target: m.Target) -> tuple[str, str]:
    """Return the parameter and what is wrong with a target that records cannot have, or ''."""
    match target:
        case m.TargetNode(m.Literal() | m.BlankNode()):
            return "sh:targetNode", "sh:targetNode with a literal or blank node"
        case m.TargetClass(m.BlankNode()):
            return "sh:targetClass", "sh:targetClass with a blank node"
        case m.TargetSubjectsOf(predicate) if predicate == TYPE:
            return "sh:targetSubjectsOf", "sh:targetSubjectsOf rdf:type"
        case m.TargetObjectsOf(predicate) if predicate == TYPE:
            return "sh:targetObjectsOf", "sh:targetObjectsOf rdf:type"
    return "", ""


def unanswered(graph: m.ShapesGraph, layout: Layout) -> Iterator[Diagnostic]:
    """Yield a warning for each shape that no record is checked against, and each such target."""
    applied = {(a.shape, a.guard) for root in layout.roots for a in root.applied}
    reached = _reached(graph, [shape for shape, _ in applied])
    for shape in graph.shapes.values():
        if shape.deactivated or not (shape.constraints and isinstance(shape.node, m.IRI)):
            continue
        if shape.node not in reached:
            yield Diagnostic(
                f"no record is checked against shape {shape.node}: no target that "
                "records can follow leads to it",
                shape.origin,
                "give it a target, or a struct with --record",
                "warning",
                rule="unused-shape",
            )
            continue
        for target in shape.targets:
            guard = _guard(target)
            if guard is not None and (shape.node, guard) not in applied:
                yield Diagnostic(
                    f"no record stands for the nodes that this target of {shape.node} selects "
                    "beside those of its class",
                    target.origin,
                    "move the target to a shape of its own, which gets a struct",
                    "warning",
                    rule="unused-target",
                )


def _guard(target: m.Target) -> WhenNode | WhenPresent | ValuesOf | None:
    match target:
        case m.TargetNode(m.IRI() as node):
            return WhenNode(node)
        case m.TargetSubjectsOf(predicate):
            return WhenPresent(predicate)
        case m.TargetObjectsOf(predicate):
            return ValuesOf(predicate)
    return None


def _reached(graph: m.ShapesGraph, start: list[m.Node]) -> set[m.Node]:
    reached: set[m.Node] = set()
    waiting = list(start)
    while waiting:
        node = waiting.pop()
        if node not in reached:
            reached.add(node)
            waiting += [r.shape for r in references(graph.shapes[node])]
    return reached
