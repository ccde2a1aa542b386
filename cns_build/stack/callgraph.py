# SPDX-License-Identifier: Apache-2.0
"""Call graphs as gcc writes them beside an object (-fcallgraph-info=su): frames and calls.

    graph: { title: "m.c"
    node: { title: "m.c:m_tree_sound" label: "m_tree_sound\\nm.c:247:1\\n24 bytes (static)" }
    node: { title: "memcpy" label: "__builtin_memcpy\\n<built-in>" shape : ellipse }
    edge: { sourcename: "m.c:m_tree_sound" targetname: "memcpy" label: "m.c:256:14" }
    }

The title of a static function has its file in front. An ellipse is a function that is only called
here. Every line is of one of these forms, or the file is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

INDIRECT = "__indirect_call"  # the title of what is called through a pointer

_TEXT = r'"([^"]*)"'
_GRAPH = re.compile(rf"graph: \{{ title: {_TEXT}")
_NODE = re.compile(rf"node: \{{ title: {_TEXT} label: {_TEXT}( shape : ellipse)? \}}")
_EDGE = re.compile(rf"edge: \{{ sourcename: {_TEXT} targetname: {_TEXT}(?: label: {_TEXT})? \}}")
_SIZE = re.compile(r"(\d{1,9}) bytes \((static|dynamic|dynamic,bounded)\)")


class BrokenFile(Exception):
    """A file is not what gcc writes; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What one call of a function takes of the stack, in bytes, with its return address.

    `fixed` is false where the function takes more as it runs, and gcc knows no end to it.
    """

    size: int
    fixed: bool
    place: str


@dataclass(frozen=True, slots=True)
class CallGraph:
    """The functions of one object by title, and the calls between titles."""

    frames: dict[str, Frame]
    calls: frozenset[tuple[str, str]]


def parse(text: str) -> CallGraph:
    """Return the call graph of one object. Raises BrokenFile."""
    lines = text.splitlines()
    if not lines or not _GRAPH.fullmatch(lines[0]):
        raise BrokenFile("line 1: no call graph begins here")
    if lines[-1] != "}" or len(lines) == 1:
        raise BrokenFile(f"line {len(lines)}: the file ends inside the graph")
    frames: dict[str, Frame] = {}
    titles = {INDIRECT}
    calls: dict[tuple[str, str], int] = {}
    for number, line in enumerate(lines[1:-1], 2):
        if node := _NODE.fullmatch(line):
            titles.add(node[1])
            if not node[3]:
                frames[node[1]] = _larger(frames.get(node[1]), _frame(node[2], number))
        elif edge := _EDGE.fullmatch(line):
            calls.setdefault((edge[1], edge[2]), number)
        else:
            raise BrokenFile(f"line {number}: neither a node nor an edge")
    for (caller, called), number in calls.items():
        if caller not in frames or called not in titles:
            raise BrokenFile(f"line {number}: a call between functions that no node describes")
    return CallGraph(frames, frozenset(calls))


def _frame(label: str, number: int) -> Frame:
    """Return what a label says: the name, the place, the size, each behind a `\\n`."""
    parts = label.split("\\n")
    size = _SIZE.fullmatch(parts[2]) if len(parts) > 2 else None
    if size is None:
        what = "a function without the size of its frame; -fcallgraph-info=su, with =su, writes it"
        raise BrokenFile(f"line {number}: {what}")
    return Frame(int(size[1]), size[2] != "dynamic", parts[1])


def _larger(known: Frame | None, found: Frame) -> Frame:
    """Return what is worse of two functions with one title."""
    if known is None or not found.fixed:
        return found
    return known if not known.fixed or known.size > found.size else found
