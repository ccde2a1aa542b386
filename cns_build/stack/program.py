# SPDX-License-Identifier: Apache-2.0
"""Call graphs of many objects to one program: what each name means, and where handlers begin.

A call means the function of its own object with that title, else the one that another object
defines for all, else a function that no file describes. The runtime calls through pointers what
the tables of a model hold: `cns_dispatch` its adapters, named `MODEL_RECORD_handle`, and
`MODEL_find`; what runs images, whether a record can be read: `MODEL_RECORD_readable`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cns_build.diagnostics import CompileError, Diagnostic, Position
from cns_build.stack.bound import Function
from cns_build.stack.callgraph import INDIRECT, CallGraph
from cns_build.stack.elf import Object

DISPATCH = "cns_dispatch"
_ADAPTERS = ("cns_handle_nothing", "cns_handle_unchecked")
_HELD = {DISPATCH: r"\w+_handle|find", "cns_image_run": r"\w+_readable"}
_RED_ZONE = "red zone"  # counts as a function that all call
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

    def handlers(self, model: str) -> dict[str, str]:
        """Return the key of each handler by the C name of its record.

        That is the adapter where records are not validated by native code.
        """
        found: dict[str, str] = {}
        for suffix in ("handle", "validate"):
            name = re.compile(rf"({re.escape(model)}_\w+)_{suffix}")
            for key, function in self.functions.items():
                if match := name.fullmatch(function.name):
                    found[match[1]] = key
        return dict(sorted(found.items()))


def link(units: list[Unit], model: str) -> Program:
    """Return what the objects are together. Raises CompileError where they do not fit."""
    known = _definitions(units)
    data = {name for unit in units for name in unit.object.data}
    functions: dict[str, Function] = {}
    pointers: dict[str, str] = {}
    growing: dict[str, str] = {}
    for unit in units:
        frames = unit.graph.frames
        calls = _calls(unit, known, data)
        through = {caller for caller, called in unit.graph.calls if called == INDIRECT}
        tables = [name for name in _HELD if name in frames]
        for title in through if tables else ():
            calls[title] |= _held_by_tables(units, model, tables[0])
        if unit.object.red_zone:
            functions[_RED_ZONE] = Function(_RED_ZONE, unit.object.red_zone, frozenset())
        for title, frame in frames.items():
            everywhere = {_RED_ZONE} if unit.object.red_zone else set()
            called = frozenset(calls[title] | everywhere)
            functions[_key(unit, title)] = Function(_symbol(title), frame.size, called)
            if not frame.fixed:
                growing[_key(unit, title)] = frame.place
            if title in through and not tables:
                pointers[_key(unit, title)] = frame.place
    return Program(functions, pointers, growing)


def _definitions(units: list[Unit]) -> set[str]:
    """Return the functions that all objects see."""
    known: dict[str, str] = {}
    for unit in units:
        for title in unit.graph.frames:
            if not _is_static(title) and known.setdefault(title, unit.file) != unit.file:
                what = f"it defines {title}, and so does {known[title]}"
                raise CompileError(Diagnostic(what, Position(unit.file), "give one of them"))
    return set(known)


def _held_by_tables(units: list[Unit], model: str, caller: str) -> set[str]:
    """Return the keys of what a function of the runtime finds in the tables of a model."""
    name = re.compile(rf"{re.escape(model)}_({_HELD[caller]})")
    own = {
        _key(unit, title)
        for unit in units
        for title in unit.graph.frames
        if _is_static(title) and name.fullmatch(_symbol(title))
    }
    shared = {title for unit in units for title in unit.graph.frames if title in _ADAPTERS}
    return own | shared if caller == DISPATCH else own


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
            title = titles.get(_PART.sub("", caller))
            if title is None:
                raise _other_graph(unit, caller)
            calls[title].add(called)
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
                raise _other_graph(unit, name)
    return titles


def _other_graph(unit: Unit, name: str) -> CompileError:
    what = f"the call graph beside it lacks {name}: it is of another compilation"
    return CompileError(Diagnostic(what, Position(unit.file), "compile it again"))
