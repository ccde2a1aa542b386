# SPDX-License-Identifier: Apache-2.0
"""Which shapes refer to themselves: what that means, and which of it has no meaning.

A shape may lead back to itself over a path, through sh:property, sh:node, sh:and, sh:or and
minimum qualified counts: whether a node conforms is then decided by the nodes below it, and a
record has a last one. Refused are circles that stay at one node, circles through what turns
`conforms` into `does not conform`, and shapes nested deeper than a stack should go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cns_build import model as m
from cns_build.diagnostics import CompileError, Diagnostic
from cns_build.ir.cycles import components
from cns_build.ir.qualified import siblings

MAX_USES = 20_000  # each use of a shape by another one is laid out, so they multiply
MAX_DEPTH = 64  # shapes inside shapes; deeper ones would overflow the stack of small cores


@dataclass(frozen=True, slots=True)
class Reference:
    """One shape refers to another; `parameter` says by what, without `sh:`.

    Negative references ask for what does not conform, also where they count at most so many.
    """

    shape: m.Node
    parameter: str
    origin: m.Origin
    negative: bool = False


@dataclass(frozen=True, slots=True)
class Recursion:
    """The shapes that circles are cut at: one at least in each circle of references.

    `tested` cuts the circles of all references, `reported` those that reports follow: of
    sh:property alone, unless details follow the others too.
    """

    tested: frozenset[m.Node]
    reported: frozenset[m.Node]


def find_recursion(graph: m.ShapesGraph, detail: bool = False) -> Recursion:
    """Return where shapes refer to themselves.

    Raises CompileError with all circles that have no meaning, and shapes nested too deep or
    referred to too often.
    """
    wrong = [*_meaningless(graph)]
    chosen = _cut(graph, properties_only=False)
    if not wrong:
        wrong += _too_large(graph, chosen)
    if wrong:
        raise CompileError(*wrong)
    return Recursion(chosen, chosen if detail else _cut(graph, properties_only=True))


def recursive_shapes(graph: m.ShapesGraph) -> frozenset[m.Node]:
    """Return the shapes that refer to themselves.

    Raises CompileError with all circles that have no meaning.
    """
    if wrong := [*_meaningless(graph)]:
        raise CompileError(*wrong)
    return frozenset(components(_nodes(_edges(graph))))


def callers_first(graph: m.ShapesGraph) -> list[m.Node]:
    """Return the shapes so that each is in front of those that it refers to, circles aside."""
    edges = _nodes(_edges(graph))
    done: dict[m.Node, None] = {}
    begun: set[m.Node] = set()
    for start in reversed(edges):
        waiting = [(start, False)]
        while waiting:
            node, left = waiting.pop()
            if left:
                done[node] = None
            elif node not in begun:
                begun.add(node)
                waiting.append((node, True))
                waiting += [(inner, False) for inner in edges[node]]
    return [*reversed(done)]


def references(shape: m.Shape) -> Iterator[Reference]:
    """Yield what an active shape refers to, in source order."""
    if shape.deactivated:
        return
    for constraint in shape.constraints:
        origin = constraint.origin
        match constraint:
            case m.Property(inner):
                yield Reference(inner, "property", origin)
            case m.NodeConstraint(inner):
                yield Reference(inner, "node", origin)
            case m.Not(inner):
                yield Reference(inner, "not", origin, negative=True)
            case m.QualifiedValueShape(shape=inner, max_count=most, disjoint=disjoint):
                parameter = "qualifiedMaxCount" if most is not None else "qualifiedValueShape"
                parameter = "qualifiedValueShapesDisjoint" if disjoint else parameter
                yield Reference(inner, parameter, origin, disjoint or most is not None)
            case m.And(inners):
                yield from (Reference(inner, "and", origin) for inner in inners)
            case m.Or(inners):
                yield from (Reference(inner, "or", origin) for inner in inners)
            case m.Xone(inners):
                yield from (Reference(inner, "xone", origin, negative=True) for inner in inners)


def _edges(graph: m.ShapesGraph) -> dict[m.Node, list[Reference]]:
    """Return what each shape refers to; named shapes come first, to be what circles are cut at.

    Qualified shapes that exclude those of their siblings refer to them as well.
    """
    named = sorted(graph.shapes, key=lambda node: isinstance(node, m.BlankNode))
    edges = {node: list(references(graph.shapes[node])) for node in named}
    for node, found in edges.items():
        shape = graph.shapes[node]
        found += [
            Reference(other, "qualifiedValueShapesDisjoint", c.origin, negative=True)
            for c in shape.constraints
            if isinstance(c, m.QualifiedValueShape) and not shape.deactivated
            for other in siblings(graph, shape, c)
        ]
    return edges


# Circles that have no meaning


def _meaningless(graph: m.ShapesGraph) -> Iterator[Diagnostic]:
    edges = _edges(graph)
    circles = components({node: [r.shape for r in found] for node, found in edges.items()})
    here = {
        node: [] if _moves(graph.shapes[node]) else [r.shape for r in found]
        for node, found in edges.items()
    }
    staying = components(here)
    all_edges = _nodes(edges)
    seen: set[int] = set()
    for node in graph.shapes:
        if node not in circles:
            continue
        for reference in edges[node]:
            inner = reference.shape
            if reference.negative and circles[node] == circles.get(inner):
                seen |= {staying[node]} if node in staying else set()
                yield _negative(node, _way(all_edges, inner, node), reference)
    for node in graph.shapes:
        for reference in edges[node]:
            inner = reference.shape
            circle = staying.get(node)
            if circle is not None and circle == staying.get(inner) and circle not in seen:
                seen.add(circle)
                yield _stays(node, _way(here, inner, node), reference)


def _moves(shape: m.Shape) -> bool:
    """Whether the shape is about other nodes than the one that it is asked for."""
    return shape.path is not None


def _nodes(edges: dict[m.Node, list[Reference]]) -> dict[m.Node, list[m.Node]]:
    return {node: [r.shape for r in found] for node, found in edges.items()}


def _way(edges: dict[m.Node, list[m.Node]], start: m.Node, end: m.Node) -> list[m.Node]:
    """Return the nodes of a shortest way between two nodes, without the last."""
    before: dict[m.Node, m.Node] = {}
    waiting = [start]
    for node in waiting:
        if node == end:
            break
        for following in edges[node]:
            if following not in before and following != start:
                before[following] = node
                waiting.append(following)
    way: list[m.Node] = []
    while end != start:
        end = before[end]
        way.insert(0, end)
    return way


def _circle(node: m.Node, way: list[m.Node]) -> str:
    """Return the named shapes of a circle that begins at a shape."""
    names = [str(n) for n in (node, *way) if isinstance(n, m.IRI)]
    return " -> ".join([*names, names[0]]) if names else "a blank node and back"


def _stays(node: m.Node, way: list[m.Node], reference: Reference) -> Diagnostic:
    return Diagnostic(
        f"a shape asks of a node that it conforms to the shape itself ({_circle(node, way)}, "
        f"here by sh:{reference.parameter}), which says nothing",
        reference.origin,
        f"remove this sh:{reference.parameter}, or give it to the values of a property (sh:path)",
    )


def _negative(node: m.Node, way: list[m.Node], reference: Reference) -> Diagnostic:
    return Diagnostic(
        f"a shape depends through sh:{reference.parameter} on what does not conform to itself "
        f"({_circle(node, way)}), which SHACL leaves undefined",
        reference.origin,
        "break the cycle, for example with sh:class or sh:nodeKind in place of the shape, or "
        "recurse through sh:property, sh:node, sh:and, sh:or or sh:qualifiedMinCount alone",
    )


# Cutting circles


def _cut(graph: m.ShapesGraph, properties_only: bool) -> frozenset[m.Node]:
    """Return the shapes that a depth-first walk comes back to: all circles pass one of them."""
    edges = {
        node: [r.shape for r in found if r.parameter == "property" or not properties_only]
        for node, found in _edges(graph).items()
    }
    circles = components(edges)
    done: set[m.Node] = set()
    chosen: set[m.Node] = set()
    for start in edges:
        if start in done or start not in circles:
            continue
        chain: dict[m.Node, Iterator[m.Node]] = {start: iter(edges[start])}
        while chain:
            node = next(reversed(chain))
            inner = next(chain[node], None)
            if inner is None:
                done.add(node)
                del chain[node]
            elif inner in chain:
                chosen.add(inner)
            elif inner in circles and inner not in done:
                chain[inner] = iter(edges[inner])
    return frozenset(chosen)


# Sizes


def _too_large(graph: m.ShapesGraph, cut: frozenset[m.Node]) -> Iterator[Diagnostic]:
    """Report shapes nested too deep or used too often; circles count once around."""
    depth: dict[m.Node, int] = {}
    uses: dict[m.Node, int] = {}
    inside: dict[m.Node, list[m.Node]] = {
        node: [r.shape for r in references(shape)] for node, shape in graph.shapes.items()
    }
    for start in (*(node for node in graph.shapes if node in cut), *graph.shapes):
        chain: dict[m.Node, Iterator[m.Node]] = {}
        if start not in depth:
            chain[start] = iter(inside[start])
        while chain:
            node = next(reversed(chain))
            inner = next(chain[node], None)
            if inner is not None:
                if inner not in chain and inner not in depth:
                    chain[inner] = iter(inside[inner])
                continue
            own = _levels(graph.shapes[node])
            depth[node] = own + max((depth.get(n, 0) for n in inside[node]), default=0)
            inner_uses = [uses.get(n, 0) for n in inside[node]]
            uses[node] = 1 + sum(inner_uses)
            del chain[node]
            if uses[node] > MAX_USES >= max(inner_uses):
                yield _too_many(graph.shapes[node])
            if depth[node] > MAX_DEPTH >= depth[node] - own:
                yield _too_deep(graph.shapes[node])


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
