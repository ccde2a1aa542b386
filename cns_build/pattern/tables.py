# SPDX-License-Identifier: Apache-2.0
"""Automata as the tables that the runtime reads (`cns_pattern` in cns.h, runtime/pattern.c).

An ASCII character is its own index into a small map of classes, trimmed to the part that is not
of class 0. Other characters are of class `beyond`, or they are decoded and looked up in sorted
ranges. A Unicode class such as \\d so costs its ranges once, where an automaton over single bytes
would repeat the inner bytes of its characters in many states.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from cns_build.pattern.automaton import Dfa
from cns_build.pattern.charset import LAST, CharSet, contains
from cns_build.pattern.syntax import PatternError

MAX_CLASSES = 256
_SPAN = 2048  # characters of a range at most, so that 32 bits hold where it begins and how long


@dataclass(frozen=True, slots=True)
class Tables:
    """What the runtime needs to match a pattern.

    States 0 to `live` - 1 have successors; those from `accepting` on accept. State `live` never
    matches, `live` + 1 always does. `next[c * live + s]` is the state after a character of class
    c. `classes` are the classes of the characters from `first` on, class 0 those of ASCII outside.
    `ranges` are first and last characters, in order, of those that are not of class `beyond`;
    `range_classes` are their classes, or nothing where all of them are of class `within`.
    """

    start: int
    live: int
    accepting: int
    next: tuple[int, ...]
    first: int
    classes: tuple[int, ...]
    beyond: int
    within: int
    ranges: tuple[tuple[int, int], ...]
    range_classes: tuple[int, ...]

    @property
    def wide(self) -> bool:
        """Whether a state needs 16 bits: there are two more than `live`."""
        return self.live + 2 > 256

    @property
    def always(self) -> bool | None:
        """The answer where it is the same for every text, else None."""
        return None if self.start < self.live else self.start > self.live

    @property
    def size(self) -> int:
        """The bytes of the tables, without the struct that points to them."""
        cells = len(self.next) * (2 if self.wide else 1)
        return cells + len(self.classes) + 4 * len(self.ranges) + len(self.range_classes)

    def class_of(self, code: int) -> int:
        """Return the class of a character."""
        if code < 0x80:
            inside = self.first <= code < self.first + len(self.classes)
            return self.classes[code - self.first] if inside else 0
        index = bisect_right(self.ranges, (code, LAST)) - 1
        if index < 0 or code > self.ranges[index][1]:
            return self.beyond
        return self.range_classes[index] if self.range_classes else self.within

    def matches(self, text: str) -> bool:
        """Return whether the pattern is found in a text."""
        state = self.start
        for character in text:
            if state >= self.live:
                break
            state = self.next[self.class_of(ord(character)) * self.live + state]
        return state >= self.accepting and state != self.live


def lay_out(dfa: Dfa) -> Tables:
    """Return the tables of an automaton. Raises PatternError."""
    if len(dfa.classes) > MAX_CLASSES:
        raise PatternError(
            f"the pattern tells {len(dfa.classes)} kinds of characters apart, and {MAX_CLASSES} "
            "is the most",
            None,
            "divide it into several sh:pattern",
        )
    sinks = (dfa.dead, dfa.sure)
    states = [s for s in range(len(dfa.next)) if s not in sinks]
    states.sort(key=lambda s: dfa.accepts[s])
    live = len(states)
    numbers = {state: number for number, state in enumerate(states)}
    numbers |= {sink: live + index for index, sink in enumerate(sinks) if sink is not None}
    order, first, classes = _ascii(dfa.classes)
    rank = {old: new for new, old in enumerate(order)}
    beyond, spans = _others(dfa.classes)
    numbered = {rank[c] for _, _, c in spans}
    return Tables(
        start=numbers[0],
        live=live,
        accepting=sum(not dfa.accepts[s] for s in states),
        next=tuple(numbers[dfa.next[s][c]] for c in order for s in states),
        first=first,
        classes=tuple(rank[c] for c in classes),
        beyond=rank[beyond],
        within=min(numbered, default=0),
        ranges=tuple((first, last) for first, last, _ in spans),
        range_classes=tuple(rank[c] for _, _, c in spans) if len(numbered) > 1 else (),
    )


def _ascii(classes: tuple[CharSet, ...]) -> tuple[list[int], int, list[int]]:
    """Return the classes in their new order, and the part of ASCII not of the first one."""
    of = [next(n for n, c in enumerate(classes) if contains(c, code)) for code in range(0x80)]
    trimmed = []
    for outer in (of[0], of[-1]):
        inside = [code for code, number in enumerate(of) if number != outer] or [0]
        trimmed.append((inside[-1] - inside[0], inside[0], outer))
    length, first, outer = min(trimmed)
    order = [outer, *(n for n in range(len(classes)) if n != outer)]
    return order, first, of[first : first + length + 1]


def _others(classes: tuple[CharSet, ...]) -> tuple[int, list[tuple[int, int, int]]]:
    """Return the class of most characters beyond ASCII, and the ranges of all others."""
    counts = [sum(last - max(first, 0x80) + 1 for first, last in _beyond(c)) for c in classes]
    beyond = counts.index(max(counts))
    spans = []
    for number, chars in enumerate(classes):
        if number != beyond:
            for first, last in _beyond(chars):
                for start in range(first, last + 1, _SPAN):
                    spans.append((start, min(last, start + _SPAN - 1), number))
    return beyond, sorted(spans)


def _beyond(chars: CharSet) -> Iterator[tuple[int, int]]:
    return ((max(first, 0x80), last) for first, last in chars if last >= 0x80)
