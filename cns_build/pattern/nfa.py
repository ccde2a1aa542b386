# SPDX-License-Identifier: Apache-2.0
"""Syntax trees to automata that may be in several states at once (Thompson's construction)."""

from __future__ import annotations

from dataclasses import dataclass, field

from cns_build.pattern.charset import CharSet
from cns_build.pattern.syntax import (
    Alternatives,
    Anchor,
    Chars,
    PatternError,
    Repeat,
    Sequence,
    Tree,
)

_MAX_STATES = 20000


@dataclass(slots=True)
class Nfa:
    """States are numbers. The text matches when `final` is reached from `start`.

    `moves[s]` is a character set, by its number in `sets`, and the state after it; `empty[s]` are
    the states that s may become at once, `anchors[s]` those that it may become where the text
    fits: each state has at most one of these.
    """

    sets: list[CharSet] = field(default_factory=list)
    moves: dict[int, tuple[int, int]] = field(default_factory=dict)
    empty: dict[int, tuple[int, ...]] = field(default_factory=dict)
    anchors: dict[int, tuple[str, int]] = field(default_factory=dict)
    start: int = 0
    final: int = 0
    _count: int = 0
    _numbers: dict[CharSet, int] = field(default_factory=dict)

    def state(self) -> int:
        """Return a new state. Raises PatternError when there are too many."""
        self._count += 1
        if self._count > _MAX_STATES:
            raise PatternError(
                f"the pattern repeats parts until it has more than {_MAX_STATES} places",
                None,
                "use smaller quantities, or sh:minLength and sh:maxLength",
            )
        return self._count - 1

    def set_number(self, chars: CharSet) -> int:
        """Return the number of a character set."""
        if chars not in self._numbers:
            self._numbers[chars] = len(self.sets)
            self.sets.append(chars)
        return self._numbers[chars]


def build(tree: Tree) -> Nfa:
    """Return the automaton of a tree. Raises PatternError."""
    nfa = Nfa()
    nfa.final = nfa.state()
    nfa.start = _add(nfa, tree, nfa.final)
    return nfa


def _add(nfa: Nfa, tree: Tree, after: int) -> int:
    """Add a tree in front of state `after`; return where it begins."""
    match tree:
        case Chars(chars):
            state = nfa.state()
            nfa.moves[state] = (nfa.set_number(chars), after)
            return state
        case Anchor(kind):
            state = nfa.state()
            nfa.anchors[state] = (kind, after)
            return state
        case Sequence(parts):
            for part in reversed(parts):
                after = _add(nfa, part, after)
            return after
        case Alternatives(parts):
            starts = tuple(_add(nfa, part, after) for part in parts)
            state = nfa.state()
            nfa.empty[state] = starts
            return state
        case Repeat():
            return _repeat(nfa, tree, after)
    raise AssertionError(tree)


def _repeat(nfa: Nfa, tree: Repeat, after: int) -> int:
    """Add copies: the last ones may be left out, and without a bound the last one repeats."""
    end = after
    if tree.high is None:
        loop = nfa.state()
        nfa.empty[loop] = (_add(nfa, tree.part, loop), end)
        after = loop
    else:
        for _ in range(tree.high - tree.low):
            state = nfa.state()
            nfa.empty[state] = (_add(nfa, tree.part, after), end)
            after = state
    for _ in range(tree.low):
        after = _add(nfa, tree.part, after)
    return after
