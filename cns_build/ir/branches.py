# SPDX-License-Identifier: Apache-2.0
"""Property paths as branches: sequences of predicates, of which a record follows every one.

before:  ex:part/(ex:size|ex:width)
after:   ex:part/ex:size, ex:part/ex:width
"""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TypeAlias

from cns_build import model as m
from cns_build.ir.record import ITEMS
from cns_build.vocabulary import RDF

MAX_BRANCHES = 64  # of one path; alternatives in a sequence multiply

Steps: TypeAlias = tuple[m.IRI, ...]

_REST, _FIRST = m.IRI(RDF + "rest"), m.IRI(RDF + "first")
_LIST_PATH = (m.ZeroOrMorePath(m.PredicatePath(_REST)), m.PredicatePath(_FIRST))
_OPERATORS: dict[type[m.Path], str] = {
    m.InversePath: "sh:inversePath",
    m.ZeroOrMorePath: "sh:zeroOrMorePath",
    m.OneOrMorePath: "sh:oneOrMorePath",
    m.ZeroOrOnePath: "sh:zeroOrOnePath",
}


def path_branches(path: m.Path) -> tuple[Steps, ...] | None:
    """Return the branches of a path, in source order and each once.

    None where records cannot follow it, or where there are more than MAX_BRANCHES.
    """
    if graph_operator(path) or _count(path) > MAX_BRANCHES:
        return None
    return tuple(dict.fromkeys(_branches(path)))


def graph_operator(path: m.Path) -> str:
    """Return the first operator of a path that only graphs can follow, empty if there is none."""
    match path:
        case m.PredicatePath():
            return ""
        case m.SequencePath():
            inner = _members(path)
        case m.AlternativePath(paths):
            inner = paths
        case _:
            return _OPERATORS[type(path)]
    return next((word for p in inner if (word := graph_operator(p))), "")


def _members(path: m.SequencePath) -> tuple[m.Path, ...]:
    """Return the paths of a sequence; `rdf:rest*/rdf:first` is one of them, the step ITEMS."""
    members: list[m.Path] = []
    for inner in path.paths:
        if members and (members[-1], inner) == _LIST_PATH:
            members[-1] = m.PredicatePath(ITEMS)
        else:
            members.append(inner)
    return tuple(members)


def _count(path: m.Path) -> int:
    match path:
        case m.SequencePath():
            return prod(map(_count, _members(path)))
        case m.AlternativePath(paths):
            return sum(map(_count, paths))
    return 1


def _branches(path: m.Path) -> tuple[Steps, ...]:
    match path:
        case m.PredicatePath(iri):
            return ((iri,),)
        case m.SequencePath():
            parts = (_branches(p) for p in _members(path))
            return tuple(sum(choice, ()) for choice in product(*parts))
        case m.AlternativePath(paths):
            return tuple(steps for p in paths for steps in _branches(p))
    raise AssertionError(path)
