# SPDX-License-Identifier: Apache-2.0
"""What refers to itself: circles among names, records and tests.

All nodes of a circle, and of circles that share a node, are one *component*.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from cns_build.ir.record import ListOf, Record, ValueType, record_of

_K = TypeVar("_K", bound=Hashable)


def components(edges: Mapping[_K, Iterable[_K]]) -> dict[_K, int]:
    """Return the number of its component for each node that can reach itself; others lack one.

    Components that others lead to come before those.

    Tarjan's algorithm with a stack of its own: circles may be as long as the input.
    """
    order: dict[_K, int] = {}
    lowest: dict[_K, int] = {}
    open_nodes: list[_K] = []
    closed: set[_K] = set()
    found: dict[_K, int] = {}
    for start in edges:
        if start in order:
            continue
        path = [(start, iter(edges[start]))]
        order[start] = lowest[start] = len(order)
        open_nodes.append(start)
        while path:
            node, rest = path[-1]
            following = next((n for n in rest if n not in closed), None)
            if following is not None:
                if following in order:
                    lowest[node] = min(lowest[node], order[following])
                else:
                    order[following] = lowest[following] = len(order)
                    open_nodes.append(following)
                    path.append((following, iter(edges[following])))
                continue
            path.pop()
            if path:
                above = path[-1][0]
                lowest[above] = min(lowest[above], lowest[node])
            if lowest[node] == order[node]:
                members = [open_nodes.pop()]
                while members[-1] != node:
                    members.append(open_nodes.pop())
                closed.update(members)
                if len(members) > 1 or node in edges[node]:
                    found.update(dict.fromkeys(members, order[node]))
    return found


def recursive_records(records: Iterable[Record]) -> dict[str, int]:
    """Return the component of each record that can contain a record of its own type."""
    return components(
        {
            record.name: tuple(
                name
                for field in record.fields
                if field.capacity and (name := described(field.type))
            )
            for record in records
        }
    )


def described(type_: ValueType) -> str | None:
    """Return the record of the values of a type, or of what its lists hold in the end."""
    return described(type_.items) if isinstance(type_, ListOf) else record_of(type_)
