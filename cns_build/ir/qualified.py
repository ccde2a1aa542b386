# SPDX-License-Identifier: Apache-2.0
"""Sibling shapes of qualified value shapes that are disjoint (SHACL 4.7.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cns_build import model as m


def siblings(
    graph: m.ShapesGraph, shape: m.Shape, constraint: m.QualifiedValueShape
) -> tuple[m.Node, ...]:
    """Return the shapes to which a value that counts must not conform, each once.

    They are the qualified value shapes of all property shapes that share a parent with `shape`.
    """
    if not constraint.disjoint:
        return ()
    found = (
        qualified.shape
        for parent in graph.parents.get(shape.node, ())
        for other in graph.shapes[parent].constraints
        if isinstance(other, m.Property)
        for qualified in graph.shapes[other.shape].constraints
        if isinstance(qualified, m.QualifiedValueShape)
    )
    return tuple(node for node in dict.fromkeys(found) if node != constraint.shape)


def bounds(constraint: m.QualifiedValueShape) -> Iterator[m.QualifiedValueShape]:
    """Yield one constraint for each of the two components, with one bound."""
    if constraint.min_count is not None:
        yield replace(constraint, max_count=None)
    if constraint.max_count is not None:
        yield replace(constraint, min_count=None)
