# SPDX-License-Identifier: Apache-2.0
"""What the handlers of a model take of the stack: errors, a table for people, a header for C."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cns_build import __version__
from cns_build.backend.cstring import c_paragraph
from cns_build.diagnostics import CompileError, Diagnostic
from cns_build.stack.bound import Deepest, Depths, Recursive, Step
from cns_build.stack.program import DISPATCH, Program


@dataclass(frozen=True, slots=True)
class Stack:
    """The deepest path of each handler of a model, and of cns_dispatch where that is known.

    Handlers go by the C name of their record.
    """

    model: str
    depth: int | None
    handlers: dict[str, Deepest]
    dispatch: Deepest | None

    @property
    def deepest(self) -> Deepest:
        """The deepest path of all."""
        found = [*self.handlers.values(), *([self.dispatch] if self.dispatch else [])]
        return max(found, key=lambda path: path.size)

    @property
    def assumed(self) -> list[Step]:
        """What no file describes and the deepest paths end in."""
        paths = (*self.handlers.values(), self.deepest)
        steps = {step for deepest in paths for step in deepest.path if not step.known}
        return sorted(steps, key=lambda step: step.name)


def measure(
    program: Program, model: str, depth: int | None, assumed: Callable[[str], int]
) -> Stack:
    """Return what the handlers of a model take. Raises CompileError where that has no bound."""
    handlers = program.handlers(model)
    if not handlers:
        raise CompileError(
            Diagnostic(
                f"no object has a handler of the model {model}, which are named "
                f"{model}_RECORD_validate or {model}_RECORD_handle",
                fix="give its objects, and the --name of cnsc compile; a vocabulary has no "
                "handlers, and takes no stack budget",
            )
        )
    starts = [*handlers.values(), *([DISPATCH] if DISPATCH in program.functions else [])]
    _refuse_incomplete(program, starts)
    _refuse_unbounded(program, starts)
    depths = Depths(program.functions, depth, assumed)
    try:
        found = {start: depths.of(start) for start in starts}
    except Recursive as error:
        raise CompileError(
            Diagnostic(
                f"recursive shapes: {_themselves(error.names)}, and nothing says how deep",
                fix="give the --depth of cnsc compile (8 where it was not given)",
            )
        ) from error
    by_record = {record: found[key] for record, key in handlers.items()}
    return Stack(model, depth, by_record, found.get(DISPATCH))


def _themselves(names: list[str]) -> str:
    if len(names) == 1:
        return f"{names[0]} calls itself"
    return f"{', '.join(names)} call each other"


def _refuse_incomplete(program: Program, starts: list[str]) -> None:
    """Raise CompileError where the runtime that handlers call is missing."""
    called = {c for key in _reached(program, starts) for c in program.functions[key].calls}
    missing = sorted(c for c in called - program.functions.keys() if c.startswith("cns_"))
    if missing:
        what = f"no object defines {', '.join(missing)}"
        raise CompileError(Diagnostic(what, fix="give the objects of the runtime, too"))


def _refuse_unbounded(program: Program, starts: list[str]) -> None:
    """Raise CompileError for functions that handlers reach and whose stack nothing bounds."""
    found = []
    for key in _reached(program, starts):
        name = program.functions[key].name
        if key in program.growing:
            what = f"{name} ({program.growing[key]}) has a frame without a fixed size"
            found.append(Diagnostic(what, fix="leave out alloca and arrays of variable length"))
        if key in program.pointers:
            what = (
                f"{name} ({program.pointers[key]}) calls through a pointer, which may be anything"
            )
            found.append(Diagnostic(what, fix="call functions by name"))
    if found:
        raise CompileError(*found)


def _reached(program: Program, starts: list[str]) -> list[str]:
    seen, waiting = set(starts), list(starts)
    while waiting:
        calls = program.functions[waiting.pop()].calls
        new = {key for key in calls if key in program.functions and key not in seen}
        seen |= new
        waiting += new
    return sorted(seen)


def check(stack: Stack, budget: int) -> None:
    """Raise CompileError where the deepest path exceeds the budget."""
    over = [
        Diagnostic(
            f"{name} can take {deepest.size} bytes of stack, more than the stack budget of "
            f"{budget}: {path_text(deepest)}",
            fix=", ".join([*_ways_out(deepest), "compile with -Os, or raise the budget"]),
        )
        for name, deepest in _entries(stack)
        if deepest.size > budget
    ]
    if over:
        raise CompileError(*over)


def _ways_out(deepest: Deepest) -> Iterator[str]:
    """Yield what would shorten a path."""
    if any(step.recursive for step in deepest.path):
        yield "lower --depth"
    for step in deepest.path:
        if not step.known:
            yield f"say with --external {step.name}=BYTES what it takes"


def path_text(deepest: Deepest) -> str:
    """Return `cns_dispatch 16 + m_tree_handle 8 + …`."""
    return " + ".join(f"{step.name} {step.size}" for step in deepest.path)


def _entries(stack: Stack) -> Iterator[tuple[str, Deepest]]:
    for deepest in stack.handlers.values():
        yield deepest.path[0].name, deepest
    if stack.dispatch is not None:
        yield DISPATCH, stack.dispatch


def table(stack: Stack) -> str:
    """Return a line for each handler, the deepest path, and what is assumed."""
    entries = list(_entries(stack))
    width = max(len(name) for name, _ in entries)
    lines = [f"{name:{width}} {deepest.size:6}" for name, deepest in entries]
    lines.append(f"deepest: {path_text(stack.deepest)}")
    if stack.assumed:
        lines.append(f"assumed: {_assumed_text(stack)}")
    return "".join(f"{line}\n" for line in lines)


def _assumed_text(stack: Stack) -> str:
    return ", ".join(f"{step.size} bytes for {step.name}" for step in stack.assumed)


def header(stack: Stack) -> str:
    """Return the C header with a macro for each handler, and one for all."""
    macro = stack.model.upper()
    comment = ["The bytes of stack that a call takes at most, its return address included."]
    comment.append(f"The deepest path: {path_text(stack.deepest)}.")
    if stack.assumed:
        comment.append(f"Assumed: {_assumed_text(stack)}.")
    handlers = [
        f"#define {record.upper()}_STACK {deepest.size}u"
        for record, deepest in stack.handlers.items()
    ]
    through = "cns_dispatch" if stack.dispatch else "the deepest of them"
    lines = [
        f"/* Generated by cnsc {__version__} from gcc's call graphs. Do not edit. */",
        f"#ifndef {macro}_STACK_H",
        f"#define {macro}_STACK_H",
        "",
        *c_paragraph(" ".join(comment)),
        *handlers,
        "",
        f"/* The same for {through}. */",
        f"#define {macro}_STACK {stack.deepest.size}u",
        "",
        "#endif",
    ]
    return "".join(f"{line}\n" for line in lines)
