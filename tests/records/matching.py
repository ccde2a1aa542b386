# SPDX-License-Identifier: Apache-2.0
"""Texts that a pattern matches, and texts that it nearly does, drawn from its automaton."""

from __future__ import annotations

import functools
import random
import unicodedata

from cns_build.pattern import Tables, compile_pattern
from cns_build.pattern.charset import category, contains

_ASCII = [chr(code) for code in range(0x20, 0x7F)] + ["\n", "\t", "\r"]
_OTHERS = "éßæÉµſKıØ٣€中\u00a0\u2028𝄞𝟘"


class Drawer:
    """Draws texts for one pattern."""

    def __init__(self, tables: Tables):
        self._tables = tables
        self._letters = _letters(tables)
        self._columns = sorted(self._letters)
        self._distance = self._distances()

    def _distances(self) -> dict[int, int]:
        """How many characters lead from a state to a match, where any do."""
        tables = self._tables
        found = {s: 0 for s in range(tables.accepting, tables.live + 2) if s != tables.live}
        waiting = list(found)
        while waiting:
            near = set(waiting)
            waiting = []
            for state in range(tables.live):
                targets = {self._next(state, column) for column in self._columns}
                if state not in found and targets & near:
                    found[state] = 1 + min(found[t] for t in targets & near)
                    waiting.append(state)
        return found

    def _next(self, state: int, column: int) -> int:
        return self._tables.next[column * self._tables.live + state]

    def matching(self, chooser: random.Random, most: int) -> str:
        """A text that matches: some steps at random, then the shortest way."""
        state, text = self._tables.start, ""
        wander = chooser.choice([0, 0, 2, 10, 30])
        while state < self._tables.live and len(text) < most:
            after = {column: self._next(state, column) for column in self._columns}
            alive = {c: s for c, s in after.items() if s in self._distance}
            if not alive or (not wander and self._distance[state] == 0):
                break
            if wander:
                wander -= 1
            else:
                least = min(self._distance[s] for s in alive.values())
                alive = {c: s for c, s in alive.items() if self._distance[s] == least}
            column = chooser.choice(sorted(alive))
            text += chooser.choice(self._letters[column])
            state = after[column]
        return text

    def near(self, chooser: random.Random, most: int) -> str:
        """A text that matches, with a character left out, put in, doubled or changed."""
        text = self.matching(chooser, most)
        place = chooser.randint(0, len(text))
        letter = chooser.choice(self._letters[chooser.choice(self._columns)])
        rest = text[place + chooser.randint(0, 1) :]
        return text[:place] + chooser.choice(["", letter, letter + "\n"]) + rest


@functools.cache
def drawer(pattern: str, flags: str) -> Drawer:
    """The drawer of a pattern."""
    return Drawer(compile_pattern(pattern, flags))


def _letters(tables: Tables) -> dict[int, list[str]]:
    """Characters of each class; of those that Python's Unicode tables know as ours do."""
    found: dict[int, list[str]] = {}
    edges = [chr(code) for pair in tables.ranges[:: len(tables.ranges) // 40 + 1] for code in pair]
    for letter in [*_ASCII, *_OTHERS, *edges]:
        if _is_known(letter):
            column = found.setdefault(tables.class_of(ord(letter)), [])
            if len(column) < 200:
                column.append(letter)
    return found


def _is_known(letter: str) -> bool:
    name = unicodedata.category(letter)
    return name != "Cs" and contains(category(name) or (), ord(letter))
