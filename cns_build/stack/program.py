# SPDX-License-Identifier: Apache-2.0
"""Call graphs of many objects to one program: what each name means, and where handlers begin.

A call means the function of its own object with that title, else the one that another object
defines for all, else a function that no file describes. `cns_dispatch` calls what the tables of
the model hold: its adapters, named `MODEL_RECORD_handle`, and `MODEL_find`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cns_build.stack.bound import Function
from cns_build.stack.callgraph import INDIRECT, BrokenFile, CallGraph
from cns_build.stack.elf import Object

DISPATCH = "cns_dispatch"
_ADAPTERS = ("cns_handle_nothing", "cns_handle_unchecked")
_PART = re.compile(r"\.cold(\.\d+)?$")  # a part of a function that lies elsewhere


@dataclass(frozen=True, slots=True)
class Unit:
    """One object: the call graph that lies beside it, and what the object itself says."""

    file: str
    graph: CallGraph
    object: Object


@dataclass(frozen=True, slots=True)
class Program:
    """Functions by key: the symbol of what all objects see, `FILE:SYMBOL` of what one alone sees.

    `pointers` are functions that call through pointers, `growing` those without a fixed frame;
    each with its place in the source.
    """

    functions: Mapping[str, Function]
    pointers: Mapping[str, str]
    growing: Mapping[str, str]

    def handlers(self, model: str) -> list[str]:
        """Return the handlers of a model, by name."""
        name = re.compile(rf"{re.escape(model)}_\w+_validate")
        return sorted(key for key in self.functions if name.fullmatch(key))


def link(units: list[Unit], model: str) -> Program:
    """Return what the objects are together. Raises BrokenFile where they do not fit."""
    known: dict[str, str] = {}
    for unit in units:
        for title in unit.graph.frames:
            if not _is_static(title) and known.setdefault(title, unit.file) != unit.file:
                raise BrokenFile(f"{known[title]} and {unit.file} both define {title}")
    functions: dict[str, Function] = {}
    pointers: dict[str, str] = {}
    growing: dict[str, str] = {}
    data = {name for unit in units for name in unit.object.data}
    for unit in units:
        calls = _calls(unit, set(known), data)
        for title, frame in unit.graph.frames.items():
            key = _key(unit, title)
            functions[key] = Function(_symbol(title), frame.size, frozenset(calls[title]))
            if (title, INDIRECT) in unit.graph.calls and title != DISPATCH:
                pointers[key] = frame.place
            if not frame.fixed:
                growing[key] = frame.place
    if DISPATCH in functions:
        functions[DISPATCH] = _with_adapters(functions, model)
    return Program(functions, pointers, growing)


def _is_static(title: str) -> bool:
    return ":" in title


def _symbol(title: str) -> str:
    return title.rpartition(":")[2]


def _key(unit: Unit, title: str) -> str:
    return f"{unit.file}:{_symbol(title)}" if _is_static(title) else title


def _calls(unit: Unit, known: set[str], data: set[str]) -> dict[str, set[str]]:
    """Return the keys of what each title of an object calls, by call graph and by object."""
    titles = _titles(unit)
    calls: dict[str, set[str]] = {title: set() for title in unit.graph.frames}
    for caller, called in unit.graph.calls:
        if called == INDIRECT:
            continue
        # A second name of a function has no node of its own.
        own = called if called in unit.graph.frames else titles.get(called, called)
        calls[caller].add(_key(unit, own))
    for caller, called in unit.object.calls:
        if called not in data or called in known:
            calls[titles[_PART.sub("", caller)]].add(called)
    return calls


def _titles(unit: Unit) -> dict[str, str]:
    """Return the title of each symbol of an object; equal functions may share one."""
    titles = {_symbol(title): title for title in unit.graph.frames}
    for names in unit.object.functions.values():
        title = next((titles[name] for name in names if name in titles), None)
        for name in names:
            if name not in titles and title is not None:
                titles[name] = title
            elif name not in titles and not _PART.search(name):
                raise BrokenFile(f"{unit.file}: its call graph lacks {name}: is it an older one?")
    return titles


def _with_adapters(functions: Mapping[str, Function], model: str) -> Function:
    """Return cns_dispatch with calls of all that a model's tables hold."""
    name = re.compile(rf"{re.escape(model)}_(\w+_handle|find)")
    held = {
        key
        for key, function in functions.items()
        if key in _ADAPTERS or name.fullmatch(function.name)
    }
    dispatch = functions[DISPATCH]
    return Function(dispatch.name, dispatch.size, dispatch.calls | held)
