# SPDX-License-Identifier: Apache-2.0
"""Refuse shapes that refer to themselves, and shapes nested deeper than a stack should go."""

from __future__ import annotations

from collections.abc import Iterator

from cns_build import model as m
from cns_build.diagnostics import CompileError, Diagnostic

MAX_USES = 20_000  # each use of a shape by another one is laid out, so they multiply
MAX_DEPTH = 64  # shapes inside shapes; deeper ones would overflow the stack of small cores


def refuse_recursion(graph: m.ShapesGraph) -> None:
    """Raise CompileError with all shapes that refer to themselves, or too deep or often."""
    depth: dict[m.Node, int] = {}
    uses: dict[m.Node, int] = {}
    wrong: list[Diagnostic] = []
    for start in graph.shapes:
        chain: dict[m.Node, Iterator[tuple[m.Node, m.Origin]]] = {}
        if start not in depth:
            chain[start] = references(graph.shapes[start])
        while chain:
            node = next(reversed(chain))
            found = next(chain[node], None)
            if found is None:
                below = [depth.get(n, 0) for n, _ in references(graph.shapes[node])]
                own = _levels(graph.shapes[node])
                depth[node] = own + max(below, default=0)
                inner_uses = [uses.get(n, 0) for n, _ in references(graph.shapes[node])]
                uses[node] = 1 + sum(inner_uses)
                del chain[node]
                if uses[node] > MAX_USES >= max(inner_uses):
                    wrong.append(_too_many(graph.shapes[node]))
                if depth[node] > MAX_DEPTH >= depth[node] - own:
                    wrong.append(_too_deep(graph.shapes[node]))
                continue
            inner, origin = found
            if inner in chain:
                wrong.append(_recursion(inner, list(chain), origin))
            elif inner not in depth:
                chain[inner] = references(graph.shapes[inner])
    if wrong:
        raise CompileError(*wrong)


def references(shape: m.Shape) -> Iterator[tuple[m.Node, m.Origin]]:
    """Yield the shapes that an active shape refers to, with the place of each reference."""
    if shape.deactivated:
        return
    for constraint in shape.constraints:
        match constraint:
            case m.Not(inner) | m.NodeConstraint(inner) | m.Property(inner):
                yield inner, constraint.origin
            case m.QualifiedValueShape(shape=inner):
                yield inner, constraint.origin
            case m.And(inners) | m.Or(inners) | m.Xone(inners):
                for inner in inners:
                    yield inner, constraint.origin


def _levels(shape: m.Shape) -> int:
    """Return how many levels of records a shape can add: the steps of its path."""
    return _steps(shape.path) if shape.path else 1


def _steps(path: m.Path) -> int:
    match path:
        case m.SequencePath(paths):
            return sum(map(_steps, paths))
        case m.AlternativePath(paths):
            return max(map(_steps, paths))
    return 1


def _too_many(shape: m.Shape) -> Diagnostic:
    below = f" below {shape.node}" if isinstance(shape.node, m.IRI) else ""
    return Diagnostic(
        f"shapes refer to each other in more than {MAX_USES} ways{below}",
        shape.origin,
        "refer to each shape once, or to its class with sh:class",
    )


def _too_deep(shape: m.Shape) -> Diagnostic:
    below = f" below {shape.node}" if isinstance(shape.node, m.IRI) else ""
    return Diagnostic(
        f"shapes and paths are nested more than {MAX_DEPTH} levels deep{below}",
        shape.origin,
        "split the record: describe the inner node by a shape of its own",
    )


def _recursion(node: m.Node, chain: list[m.Node], origin: m.Origin) -> Diagnostic:
    names = [str(n) for n in chain[chain.index(node) :] if isinstance(n, m.IRI)]
    cycle = " -> ".join([*names, names[0]]) if names else "a blank node and back"
    return Diagnostic(
        f"not supported yet in records: recursive shapes ({cycle})",
        origin,
        "break the cycle, for example with sh:class or sh:nodeKind in place of sh:node",
    )
