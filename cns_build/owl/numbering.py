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
from graphlib import TopologicalSorter
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
    edges = {rank: [ranks[upper] for upper in above.get(node, ())]
             for rank, node in enumerate(names)}  # fmt: skip
    asked = sorted(ranks[node] for node in queried)
    groups = _groups(_circles(edges), {rank: 1 << bit for bit, rank in enumerate(asked)})
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


def _circles(edges: Mapping[int, list[int]]) -> list[tuple[list[int], set[int]]]:
    """Return the nodes, those of a circle together, and the places of what is directly above.

    What is above comes first.
    """
    circle = components(edges)
    names = {node: -1 - circle[node] if node in circle else node for node in edges}
    members: dict[int, list[int]] = {}
    uppers: dict[int, set[int]] = {}
    for node, name in names.items():
        members.setdefault(name, []).append(node)
        uppers.setdefault(name, set()).update(names[upper] for upper in edges[node])
    for name, found in uppers.items():
        found.discard(name)
    places = {name: place for place, name in enumerate(TopologicalSorter(uppers).static_order())}
    return [(members[name], {places[upper] for upper in uppers[name]}) for name in places]


def _groups(
    circles: Sequence[tuple[list[int], set[int]]], bits: Mapping[int, int]
) -> dict[int, _Group]:
    """Return the groups by the sets of queried nodes above their members, as bits."""
    groups = {0: _Group([], set())}
    asked: list[int] = []
    for members, uppers in circles:
        over = {asked[place] for place in uppers}
        own = 0
        for part in (*over, *(bits.get(node, 0) for node in members)):
            own |= part
        asked.append(own)
        group = groups.setdefault(own, _Group([], set()))
        group.members += members
        group.above |= over - {own}
    return groups


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
