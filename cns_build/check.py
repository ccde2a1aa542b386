# SPDX-License-Identifier: Apache-2.0
"""`cnsc check`: everything that the front end, the linter and the compiler say about shapes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from cns_build.diagnostics import CompileError, Diagnostic, Position, UsageError
from cns_build.frontend.load import Loaded, in_order
from cns_build.lint.run import lint
from cns_build.model import Origin, ShapesGraph
from cns_build.pipeline import Compiled


@dataclass(frozen=True, slots=True)
class Levels:
    """Which warnings are off, and which are errors, by name; `all` is every other one."""

    off: Collection[str] = ()
    errors: Collection[str] = ()

    def apply(self, diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
        """Return the diagnostics without the warnings that are off."""
        return [d for given in diagnostics if (d := self._one(given)) is not None]

    def _one(self, given: Diagnostic) -> Diagnostic | None:
        if given.severity != "warning":
            return given
        if given.rule in self.errors or self._are_all(given.rule, self.errors, self.off):
            return replace(given, severity="error")
        if given.rule in self.off or self._are_all(given.rule, self.off, self.errors):
            return None
        return given

    @staticmethod
    def _are_all(rule: str, these: Collection[str], others: Collection[str]) -> bool:
        return "all" in these and rule not in others


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found, in the order of files and lines, and the program where there is one."""

    diagnostics: tuple[Diagnostic, ...]
    compiled: Compiled | None

    @property
    def failed(self) -> bool:
        """Whether there is an error."""
        return any(d.severity == "error" for d in self.diagnostics)


def check(
    loaded: Loaded,
    named: Collection[str],
    compile_graph: Callable[[ShapesGraph], Compiled] | None,
    levels: Levels,
) -> Checked:
    """Lint what was loaded, and compile it where `compile_graph` is given and there is a target.

    `named` are the files in which shapes that nothing uses are told. Raises UsageError.
    """
    found = [*loaded.diagnostics, *lint(_without_axioms(loaded), frozenset(named))]
    compiled = None
    if loaded.graph is not None and compile_graph is not None:
        try:
            compiled = compile_graph(loaded.graph)
            found += compiled.warnings
        except UsageError:
            raise
        except CompileError as error:
            found += error.diagnostics
    once = _once(found, loaded)
    return Checked(tuple(in_order(levels.apply(once), loaded.sources)), compiled)


def _without_axioms(loaded: Loaded) -> Loaded:
    """Return what was loaded without the shapes that axioms became: nobody wrote these."""
    graph = loaded.graph
    if graph is None or not graph.of_axioms:
        return loaded
    written = {node: s for node, s in graph.shapes.items() if node not in graph.of_axioms}
    return replace(loaded, graph=replace(graph, shapes=MappingProxyType(written)))


def _once(found: Sequence[Diagnostic], loaded: Loaded) -> list[Diagnostic]:
    """Leave out what a second stage says of the same place; an error stands for a warning."""
    kept: dict[object, Diagnostic] = {}

    def place(where: Origin | Position | None) -> object:
        return loaded.sources.locate(where) if isinstance(where, Origin) else where

    for diagnostic in found:
        about = tuple(place(note.where) for note in diagnostic.notes) or diagnostic.message
        if diagnostic.rule in ("unused-shape", "unused-target"):
            about = diagnostic.rule
        key = (diagnostic.rule, place(diagnostic.where), about)
        if key not in kept or diagnostic.severity == "error":
            kept[key] = diagnostic
    return list(kept.values())


def has_target(graph: ShapesGraph) -> bool:
    """Whether a shape has a target; a graph without one is a library of shapes."""
    return any(shape.targets for shape in graph.shapes.values())


def counted(checked: Checked) -> str:
    """Return how many errors and warnings there are, in words; empty for none."""
    counts = [
        f"{count} {what}{'' if count == 1 else 's'}"
        for what in ("error", "warning")
        if (count := sum(d.severity == what for d in checked.diagnostics))
    ]
    return ", ".join(counts)
