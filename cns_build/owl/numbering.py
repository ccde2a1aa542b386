# SPDX-License-Identifier: Apache-2.0
"""Numbers for classes, or properties, so that asking what is below one takes few comparisons.

Nodes with the same queried nodes above them are alike to every test, so they stand side by side.
These groups form a tree, in which each lies below the group that it shares most with, and are
numbered in its order. Where each node has one node above it, what is below a node is one
*span* of numbers; each further one may cost a span. Nodes on a circle are equivalent: one group.

    ex:Sensor                               1      ex:Sensor is 1 to 3
      ex:Thermometer, ex:Heater also        3      ex:Heater is 3 to 4
    ex:Heater                               4
    (ex:Hygrometer below ex:Sensor alone    2)
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from cns_build.ir.cycles import components
from cns_build.model import IRI

Edges: TypeAlias = Mapping[IRI, Collection[IRI]]
"""What stands directly above a node."""

Span: TypeAlias = tuple[int, int]
"""The first and the last of numbers in a row."""


@dataclass(frozen=True, slots=True)
class Numbering:
    """`order` has each node once; `spans` has the places, from 0, of what is below a queried one.

    A queried node is below itself. Its spans are in order, and do not touch.
    """

    order: tuple[IRI, ...]
    spans: Mapping[IRI, tuple[Span, ...]]


def number(nodes: Collection[IRI], above: Edges, queried: Collection[IRI]) -> Numbering:
    """Return the numbering of `nodes`; what is above them is among them, the queried ones too.

    It depends on the arguments as sets, not on their order.
    """
    names = sorted(nodes, key=lambda node: node.value)
    ranks = {node: rank for rank, node in enumerate(names)}
    edges = {
        rank: [ranks[upper] for upper in above.get(node, ())] for rank, node in enumerate(names)
    }
    asked = sorted(ranks[node] for node in queried)
    groups = _groups(edges, {rank: 1 << bit for bit, rank in enumerate(asked)})
    ordered = _in_tree_order(groups)
    spans = _spans([(group, len(groups[group].members)) for group in ordered], len(asked))
    return Numbering(
        tuple(names[rank] for group in ordered for rank in sorted(groups[group].members)),
        {names[rank]: tuple(found) for rank, found in zip(asked, spans, strict=True)},
    )


@dataclass(slots=True)
class _Group:
    """Nodes that have the same queried nodes above them, and the groups directly above."""

    members: list[int]
    above: set[int]


def _groups(edges: Mapping[int, Collection[int]], bits: Mapping[int, int]) -> dict[int, _Group]:
    """Return the groups by the sets of queried nodes above their members, as bits."""
    circles = _circles(edges)
    if circles:
        edges = _without_circles(edges, circles)
    groups = {0: _Group([], set())}
    asked: dict[int, int] = {}
    for node in _from_the_top(edges):
        members = circles.get(node, [node])
        over = {asked[upper] for upper in edges[node]}
        own = 0
        for part in (*over, *(bits.get(member, 0) for member in members)):
            own |= part
        asked[node] = own
        group = groups.setdefault(own, _Group([], set()))
        group.members += members
        group.above |= over - {own}
    return groups


def _circles(edges: Mapping[int, Collection[int]]) -> dict[int, list[int]]:
    """Return the nodes on each circle, by the first of them."""
    members: dict[int, list[int]] = {}
    for node, circle in components(edges).items():
        members.setdefault(circle, []).append(node)
    return {min(nodes): nodes for nodes in members.values()}


def _without_circles(
    edges: Mapping[int, Collection[int]], circles: Mapping[int, list[int]]
) -> dict[int, set[int]]:
    """Return the edges with one node in the place of each circle."""
    firsts = {node: first for first, nodes in circles.items() for node in nodes}
    merged: dict[int, set[int]] = {}
    for node, uppers in edges.items():
        first = firsts.get(node, node)
        found = merged.setdefault(first, set())
        found |= {firsts.get(upper, upper) for upper in uppers} - {first}
    return merged


def _from_the_top(above: Mapping[int, Collection[int]]) -> list[int]:
    """Return the nodes, each behind all that are above it."""
    below: dict[int, list[int]] = {node: [] for node in above}
    waits_for = {}
    for node, uppers in above.items():
        waits_for[node] = len(uppers)
        for upper in uppers:
            below[upper].append(node)
    order = [node for node, count in waits_for.items() if not count]
    for node in order:  # which grows
        for lower in below[node]:
            waits_for[lower] -= 1
            if not waits_for[lower]:
                order.append(lower)
    return order


def _in_tree_order(groups: Mapping[int, _Group]) -> list[int]:
    """Return the groups, each behind the one above it that has most in common with it."""
    below: dict[int, list[int]] = {}
    for own, group in groups.items():
        if own:
            nearest = max(group.above | {0}, key=lambda other: (other.bit_count(), -other))
            below.setdefault(nearest, []).append(own)
    ordered = []
    waiting = [0]
    while waiting:
        ordered.append(waiting.pop())
        waiting += sorted(below.get(ordered[-1], ()), reverse=True)
    return ordered


def _spans(groups: Sequence[tuple[int, int]], bits: int) -> list[list[Span]]:
    """Return for each bit the spans in which it is set, given groups and their sizes."""
    spans: list[list[Span]] = [[] for _ in range(bits)]
    begun = [0] * bits
    place, before = 0, 0
    for group, size in (*groups, (0, 0)):
        for bit in _set_bits(before & ~group):
            spans[bit].append((begun[bit], place - 1))
        for bit in _set_bits(group & ~before):
            begun[bit] = place
        place, before = place + size, group
    return spans


def _set_bits(number: int) -> Iterator[int]:
    while number:
        yield (number & -number).bit_length() - 1
        number &= number - 1
