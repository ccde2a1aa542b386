# SPDX-License-Identifier: Apache-2.0
"""The deepest path of calls: frames add up along it, circles as often as records lie inside.

A circle of functions is gone through once more for each record one level down, of which a build
bounds the number: so a walk among its functions is a path without repetition, and at most so many
circles. What no file describes takes what is assumed of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from cns_build.ir.cycles import components

_WALKS = 20_000  # walks that are tried in one circle, before all of its functions count


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the program: its frame, and the keys of what it calls."""

    name: str
    size: int
    calls: frozenset[str]


@dataclass(frozen=True, slots=True)
class Step:
    """One function on a path, or one circle of them, and what it takes in bytes.

    It is not `known` where no file describes it, and its size is assumed.
    """

    name: str
    size: int
    known: bool = True
    recursive: bool = False


@dataclass(frozen=True, slots=True)
class Deepest:
    """The deepest path from a function on."""

    size: int
    path: tuple[Step, ...]


class Recursive(Exception):
    """Functions call themselves, and nobody said how deep."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__()
        self.names = sorted(names)


class Depths:
    """The deepest path from each function; `assumed` is what a function takes that is not known.

    `depth` is how many records lie inside each other. Raises Recursive where it is not given, and
    functions call themselves.
    """

    def __init__(
        self, functions: Mapping[str, Function], depth: int | None, assumed: Callable[[str], int]
    ) -> None:
        self._functions = functions
        self._depth = depth
        self._assumed = assumed
        edges = {key: [c for c in f.calls if c in functions] for key, f in functions.items()}
        self._circles = components(edges)
        self._members: dict[int, list[str]] = {}
        for key, circle in self._circles.items():
            self._members.setdefault(circle, []).append(key)
        self._known: dict[str, Deepest] = {}

    def of(self, start: str) -> Deepest:
        """Return the deepest path from a function on."""
        waiting = [start]
        while waiting:
            if waiting[-1] in self._known:
                waiting.pop()
                continue
            group = self._group(waiting[-1])
            exits = sorted({c for key in group for c in self._calls(key)} - set(group))
            missing = [key for key in exits if key not in self._known]
            if missing:
                waiting += missing
                continue
            self._finish(group, exits)
        return self._known[start]

    def _group(self, key: str) -> list[str]:
        """Return a function alone, or all functions of its circle."""
        return sorted(self._members[self._circles[key]]) if key in self._circles else [key]

    def _calls(self, key: str) -> frozenset[str]:
        return self._functions[key].calls if key in self._functions else frozenset()

    def _finish(self, group: list[str], exits: list[str]) -> None:
        below = max((self._known[key] for key in exits), key=_size, default=Deepest(0, ()))
        step = self._step(group)
        found = Deepest(step.size + below.size, (step, *below.path))
        self._known.update(dict.fromkeys(group, found))

    def _step(self, group: list[str]) -> Step:
        key = group[0]
        if key in self._circles:
            return self._circle(group)
        if key in self._functions:
            return Step(self._functions[key].name, self._functions[key].size)
        return Step(key, self._assumed(key), known=False)

    def _circle(self, group: list[str]) -> Step:
        names = [self._functions[key].name for key in group]
        if self._depth is None:
            raise Recursive(names)
        path, circle = _longest(
            {key: self._functions[key].size for key in group},
            {key: sorted(self._calls(key) & set(group)) for key in group},
        )
        name = f"{', '.join(names)} (depth {self._depth})"
        return Step(name, path + self._depth * circle, recursive=True)


def _size(found: Deepest) -> int:
    return found.size


def _longest(sizes: Mapping[str, int], edges: Mapping[str, list[str]]) -> tuple[int, int]:
    """Return the most that a path and a circle among functions take, none of them twice.

    Where there are too many to try, all functions count.
    """
    path = circle = tried = 0
    for start in sizes:
        waiting = [(start, frozenset((start,)), sizes[start])]
        while waiting:
            node, seen, size = waiting.pop()
            tried += 1
            if tried > _WALKS:
                return sum(sizes.values()), sum(sizes.values())
            path = max(path, size)
            if start in edges[node]:
                circle = max(circle, size)
            waiting += [(n, seen | {n}, size + sizes[n]) for n in edges[node] if n not in seen]
    return path, circle
