# SPDX-License-Identifier: Apache-2.0
"""From automata of many states at once to the least one of a single state (search semantics).

The alphabet is that of *classes*: characters that the pattern never tells apart. A text matches
when a part of it does, so the search begins anew at every character. Anchors depend on the
characters before and after a place; what is before is part of the state, what is after decides
when it is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from cns_build.pattern.charset import NEWLINE, CharSet, union
from cns_build.pattern.nfa import Nfa
from cns_build.pattern.syntax import PatternError

MAX_STATES = 4096
# Before minimization there may be more: equal ends of alternatives, for example.
_MAX_MADE = 4 * MAX_STATES
# NFA states in all states together, which bounds time and memory.
_MAX_WORK = 4_000_000

# What is before a place, and what is after it.
_START, _NEWLINE, _OTHER, _END = "start", "newline", "other", "end"

_State: TypeAlias = "tuple[frozenset[int], str]"

# The state after the pattern has been found.
_SURE: _State = (frozenset(), "sure")


@dataclass(frozen=True, slots=True)
class Dfa:
    """A minimal automaton, started in state 0.

    `next[s][c]` is the state after a character of class c. `accepts[s]` says whether a text that
    ends in s matches. `dead` and `sure` are the states, if any, that nothing leads out of, where
    no text matches and where every text does. `classes[c]` are the characters of class c.
    """

    next: tuple[tuple[int, ...], ...]
    accepts: tuple[bool, ...]
    dead: int | None
    sure: int | None
    classes: tuple[CharSet, ...]


def classes_of(sets: Sequence[CharSet]) -> tuple[tuple[CharSet, ...], list[int]]:
    """Divide all characters into classes that no set divides; return also, as bits, their sets."""
    toggles: dict[int, int] = {0: 0}
    for number, chars in enumerate(sets):
        for first, last in chars:
            toggles[first] = toggles.get(first, 0) ^ 1 << number
            toggles[last + 1] = toggles.get(last + 1, 0) ^ 1 << number
    ranges: dict[int, list[tuple[int, int]]] = {}
    inside = 0
    edges = sorted(toggles)
    for first, after in zip(edges, [*edges[1:], 0x110000], strict=True):
        inside ^= toggles[first]
        if first >= after:
            continue
        found = ranges.setdefault(inside, [])
        found.append((first, after - 1))
    return tuple(tuple(r) for r in ranges.values()), list(ranges)


def determinize(nfa: Nfa) -> Dfa:
    """Return the minimal automaton of a search for the pattern. Raises PatternError."""
    maker = _Maker(nfa)
    maker.make()
    return _minimize(maker.rows, maker.accepts, maker.classes)


class _Maker:
    """The subset construction. A state is a set of NFA states, and what stands before it."""

    def __init__(self, nfa: Nfa) -> None:
        self.nfa = nfa
        kinds = {kind for kind, _ in nfa.anchors.values()}
        self.by_lines = bool(kinds & {"m^", "m$"})
        self.anchored = bool(kinds)
        sets = [*nfa.sets, NEWLINE] if self.by_lines else nfa.sets
        self.classes, self.members = classes_of(sets)
        self.rows: list[list[int]] = []
        self.accepts: list[bool] = []
        self._newline = 1 << len(nfa.sets)
        self._numbers: dict[_State, int] = {}
        self._states: list[_State] = []
        self._work = 0

    def make(self) -> None:
        """Fill the rows, one for each state that a text can lead to."""
        self._number((frozenset([self.nfa.start]), _START if self.anchored else _OTHER))
        for state in self._states:  # which grows
            self.rows.append(self._row(state))
            self.accepts.append(state == _SURE or self._reach(state, _END)[1])

    def _number(self, state: _State) -> int:
        number = self._numbers.setdefault(state, len(self._states))
        if number == len(self._states):
            self._states.append(state)
            if number >= _MAX_MADE:
                raise too_large()
        return number

    def _row(self, state: _State) -> list[int]:
        if state == _SURE:
            return [self._number(_SURE)] * len(self.classes)
        if not self.by_lines:
            return self._steps(state, _OTHER, self.members)
        newline = next(m for m in self.members if m & self._newline)
        row = self._steps(state, _OTHER, self.members)
        row[self.members.index(newline)] = self._steps(state, _NEWLINE, [newline])[0]
        return row

    def _steps(self, state: _State, after: str, members: Sequence[int]) -> list[int]:
        """Return the states after one character of each class; `after` says what they are."""
        moves, matched = self._reach(state, after)
        if matched:
            return [self._number(_SURE)] * len(members)
        active = 0
        for number, _ in moves:
            active |= 1 << number
        known: dict[int, int] = {}
        row = []
        for sets in members:
            chosen = sets & active
            if chosen not in known:
                targets = [target for number, target in moves if chosen >> number & 1]
                known[chosen] = self._number((frozenset([self.nfa.start, *targets]), after))
            row.append(known[chosen])
        return row

    def _reach(self, state: _State, after: str) -> tuple[list[tuple[int, int]], bool]:
        """Return the moves possible in a state, and whether the pattern has been found."""
        states, before = state
        reached, waiting = set(states), list(states)
        moves = []
        while waiting:
            number = waiting.pop()
            if number in self.nfa.moves:
                moves.append(self.nfa.moves[number])
                continue
            following = self.nfa.empty.get(number, ())
            kind, target = self.nfa.anchors.get(number, ("", -1))
            if kind and _holds(kind, before, after):
                following = (target,)
            waiting += (s for s in following if s not in reached)
            reached.update(following)
        self._work += len(reached)
        if self._work > _MAX_WORK:
            raise too_large()
        return moves, self.nfa.final in reached


def _holds(kind: str, before: str, after: str) -> bool:
    """Whether an anchor fits a place (XPath Functions 3.1, 5.6.1.1, flag m)."""
    match kind:
        case "^":
            return before == _START
        case "$":
            return after == _END
        case "m^":
            return before == _START or (before == _NEWLINE and after != _END)
    return after == _NEWLINE or (after == _END and before != _NEWLINE)


# Minimization


def _minimize(rows: list[list[int]], accepts: list[bool], classes: tuple[CharSet, ...]) -> Dfa:
    """Join the states that no text tells apart, and the classes that no state does."""
    columns: dict[tuple[int, ...], list[CharSet]] = {}
    for column, chars in zip(zip(*rows, strict=True), classes, strict=True):
        columns.setdefault(column, []).append(chars)
    blocks = _blocks(list(columns), accepts)
    # A block is numbered by its first state: states are in breadth-first order, 0 the start.
    firsts = {block: state for state, block in reversed(list(enumerate(blocks)))}
    order = list(dict.fromkeys(blocks))
    if len(order) > MAX_STATES:
        raise too_large()
    rank = {block: number for number, block in enumerate(order)}
    first = [firsts[block] for block in order]
    joined: dict[tuple[int, ...], list[CharSet]] = {}
    for column, sets in columns.items():
        joined.setdefault(tuple(rank[blocks[column[s]]] for s in first), []).extend(sets)
    table = tuple(zip(*joined, strict=True))
    ends = tuple(accepts[s] for s in first)
    return Dfa(
        next=table,
        accepts=ends,
        dead=_sink(table, ends, False),
        sure=_sink(table, ends, True),
        classes=tuple(union(*sets) for sets in joined.values()),
    )


def _blocks(columns: list[tuple[int, ...]], accepts: list[bool]) -> list[int]:
    """Return for each state the number of its block of equal states (Hopcroft)."""
    into = [_inverse(column) for column in columns]
    of = [int(accept) for accept in accepts]
    blocks = [{s for s, number in enumerate(of) if number == block} for block in (0, 1)]
    waiting = {(min((0, 1), key=lambda b: len(blocks[b])), c) for c in range(len(columns))}
    while waiting:
        splitter, column = waiting.pop()
        parts: dict[int, set[int]] = {}
        for target in blocks[splitter]:
            for state in into[column].get(target, ()):
                parts.setdefault(of[state], set()).add(state)
        for block, part in parts.items():
            if len(part) == len(blocks[block]):
                continue
            _split(blocks, of, block, part, waiting, len(columns))
    return of


def _inverse(column: tuple[int, ...]) -> dict[int, list[int]]:
    states: dict[int, list[int]] = {}
    for state, target in enumerate(column):
        states.setdefault(target, []).append(state)
    return states


def _split(
    blocks: list[set[int]],
    of: list[int],
    block: int,
    part: set[int],
    waiting: set[tuple[int, int]],
    columns: int,
) -> None:
    """Give a part of a block, or the rest of it if that is smaller, a number of its own."""
    rest = blocks[block] - part
    small, large = (part, rest) if len(part) <= len(rest) else (rest, part)
    number = len(blocks)
    blocks[block] = large
    blocks.append(small)
    for state in small:
        of[state] = number
    # Where the block is waiting, both halves are then; where not, the smaller one is enough.
    waiting.update((number, column) for column in range(columns))


def _sink(
    table: tuple[tuple[int, ...], ...], accepts: tuple[bool, ...], accepting: bool
) -> int | None:
    for number, row in enumerate(table):
        if accepts[number] == accepting and all(target == number for target in row):
            return number
    return None


def too_large() -> PatternError:
    """Return the error that a pattern needs too many states."""
    return PatternError(
        f"the pattern needs an automaton of more than {MAX_STATES} states, or is in too many of "
        "its places at once: it must remember every place where a match may have begun",
        None,
        "anchor it with ^, use smaller quantities, or divide it into several sh:pattern",
    )
