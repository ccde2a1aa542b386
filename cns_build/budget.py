# SPDX-License-Identifier: Apache-2.0
"""Tick budgets: the handlers that can take more steps than a build allows, and what takes most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from cns_build import model as m
from cns_build.backend.types import Names
from cns_build.bytecode.image import Image
from cns_build.diagnostics import CompileError, Diagnostic, Note
from cns_build.ir.cost import MAX_STEPS, shares, steps
from cns_build.ir.cycles import described, recursive_records
from cns_build.ir.messages import prefixed
from cns_build.ir.patterns import unbounded
from cns_build.ir.program import (
    Check,
    CheckInfo,
    Cond,
    Conforms,
    CountWhere,
    CountWithin,
    Each,
    EachLanguage,
    Every,
    Function,
    If,
    LanguagesUnique,
    Matches,
    Op,
    Program,
    Some,
    conditions,
)
from cns_build.ir.record import ITEMS, Field
from cns_build.ir.sparql import path_text, term_text
from cns_build.options import Options

_SHOWN = 3  # constraints that a diagnostic names

_Key: TypeAlias = tuple[str, m.Node, m.Origin]


def check_budget(
    program: Program, options: Options, image: Image | None, prefixes: Mapping[str, str]
) -> None:
    """Raise CompileError for native handlers, or functions of an image, beyond the tick budget.

    Without a budget it is what the count of a result can hold.
    """
    budget = options.tick_budget
    most = MAX_STEPS if budget is None else min(budget, MAX_STEPS)
    over: list[Diagnostic] = []
    if options.runs_native:
        needs = steps(program)
        over += [
            _exceeding(program, f, needs[f.record], budget, prefixes)
            for f in program.functions
            if needs[f.record] > most
        ]
    if image is not None:
        over += [
            _exceeding(program, f, needed, budget, prefixes, in_image=True)
            for f, needed in _image_steps(program, image)
            if needed > most
        ]
    if budget is not None:
        over += _without_bound(program)
    if over:
        raise CompileError(*over)


def _image_steps(program: Program, image: Image) -> Iterator[tuple[Function, int]]:
    """Yield each function and the most steps that the image takes for its record."""
    numbers = {record.name: n for n, record in enumerate(program.records)}
    for function in program.functions:
        yield function, image.steps_of(numbers[function.record])


def _without_bound(program: Program) -> Iterator[Diagnostic]:
    for cond, origin in unbounded(program):
        yield Diagnostic(
            f'no budget holds the pattern "{cond.pattern}" on text of any length, of which it '
            "reads every byte",
            origin,
            "put the text into the record with --inline-strings and a sh:maxLength, or leave "
            "out the tick budget",
        )


def _exceeding(
    program: Program,
    function: Function,
    needed: int,
    budget: int | None,
    prefixes: Mapping[str, str],
    in_image: bool = False,
) -> Diagnostic:
    what = f"the tick budget of {budget}"
    if budget is None or budget > MAX_STEPS:
        what = f"its count can hold, which is {MAX_STEPS}"
    where, share = f"{Names(program.name).record(function.record)}_validate", "these steps"
    if in_image:
        native = steps(program)[function.record]
        where, share = "its image", f"the {native} steps of native code"
    return Diagnostic(
        f"record {function.record} can take {needed} steps in {where}, more than {what}",
        program.record(function.record).origin,
        "lower what its constraints look at, or raise the budget",
        notes=tuple(_most_expensive(program, function, prefixes, share)),
    )


# The constraints that cost most


@dataclass(slots=True)
class _Seen:
    """What a constraint looks at: arrays, each with its capacity; texts; records in records."""

    arrays: dict[m.IRI, int] = field(default_factory=dict)
    texts: bool = False
    recursive: bool = False


def _most_expensive(
    program: Program, function: Function, prefixes: Mapping[str, str], share: str
) -> Iterator[Note]:
    """Yield the constraints that cost most, each with its part of `share`."""
    cost: Counter[_Key] = Counter()
    infos: dict[_Key, CheckInfo] = {}
    for check, number in shares(program, function).items():
        if check is not None:
            info = program.checks[check]
            infos[_key(info)] = info
            cost[_key(info)] += number
    seen = _Reader(program).found
    for key, number in cost.most_common(_SHOWN):
        what, fix = _named(infos[key], prefixes), _to_lower(seen[key], prefixes)
        yield Note(f"{what} takes {number} of {share}{fix}", infos[key].origin)


def _key(info: CheckInfo) -> _Key:
    """Return what tells constraints apart: one may have several checks, such as sh:equals."""
    return info.component, info.shape, info.origin


def _named(info: CheckInfo, prefixes: Mapping[str, str]) -> str:
    """Return the words for a constraint: `sh:minInclusive of ex:celsius in ex:ReadingShape`."""
    path = f" of {path_text(info.path, prefixes)}" if info.path else ""
    owner = f" in {term_text(info.owner, prefixes)}" if info.owner else ""
    return f"{prefixed(info.component)}{path}{owner}"


def _to_lower(seen: _Seen, prefixes: Mapping[str, str]) -> str:
    """Return what makes a constraint look at less, as the end of a sentence."""
    ways = []
    if seen.arrays:
        arrays = (f"{term_text(p, prefixes)} (now {n})" for p, n in seen.arrays.items())
        ways.append(f"sh:maxCount or --capacity of {', '.join(arrays)}")
    if seen.texts:
        ways.append("sh:maxLength of the text that a pattern reads")
    if seen.recursive:
        ways.append("--depth of records inside each other")
    return f"; lower {', or '.join(ways)}" if ways else ""


class _Reader:
    """Finds what each constraint of a program looks at."""

    def __init__(self, program: Program) -> None:
        self.found: dict[_Key, _Seen] = {}
        self._program = program
        self._circles = recursive_records(program.records)
        self._tests = {t.name: t.cond for t in program.tests}
        for function in program.bodies:
            self._visit(function.body, ())

    def _visit(self, body: tuple[Op, ...], way: tuple[Field, ...]) -> None:
        for op in body:
            match op:
                case Check(cond, check, detail=detail):
                    seen = self.found.setdefault(_key(self._program.checks[check]), _Seen())
                    self._follow(seen, way)
                    self._ask(seen, cond, set())
                    self._visit(detail, way)
                case Each(fields=fields, body=inner, absent=absent):
                    self._visit((*inner, *absent), (*way, *fields))
                case If(body=inner):
                    self._visit(inner, way)
                case EachLanguage(branches=branches, body=inner):
                    self._visit(inner, (*way, *(item for fields in branches for item in fields)))

    def _ask(self, seen: _Seen, cond: Cond, known: set[str]) -> None:
        for inner in conditions(cond):
            seen.texts |= isinstance(inner, Matches)
            for fields in _paths(inner):
                self._follow(seen, fields)
            if isinstance(inner, Conforms) and inner.test not in known:
                known.add(inner.test)
                self._ask(seen, self._tests[inner.test], known)

    def _follow(self, seen: _Seen, fields: tuple[Field, ...]) -> None:
        owner = m.IRI("")
        for item in fields:
            owner = owner if item.path == ITEMS else item.path  # a list is named by its property
            if item.capacity > 1:
                seen.arrays[owner] = item.capacity
            seen.recursive |= described(item.type) in self._circles


def _paths(cond: Cond) -> tuple[tuple[Field, ...], ...]:
    """Return the paths that a condition follows itself."""
    match cond:
        case Every(field=item) | Some(field=item):
            return ((item,),)
        case CountWithin(fields=fields):
            return (fields,)
        case CountWhere(counted=counted):
            return tuple(c.fields for c in counted)
        case LanguagesUnique(branches=branches):
            return branches
    return ()
