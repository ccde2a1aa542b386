# SPDX-License-Identifier: Apache-2.0
"""Validate graphs with a compiled program, in this process: by its code, or compiled to C."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cns_build import _graph
from cns_build import model as m
from cns_build.diagnostics import CompileError, Diagnostic, Position, UsageError
from cns_build.frontend.positions import Sources
from cns_build.graph.compiling import compile_program
from cns_build.graph.data import Source
from cns_build.graph.image import to_image
from cns_build.graph.program import Check, Program
from cns_build.graph.report import Report, Result, Statistics
from cns_build.ir import messages
from cns_build.vocabulary import XSD

if TYPE_CHECKING:
    from cns_build.graph.session import Session

_STRING = m.IRI(XSD + "string")
_MOST = 2**32 - 1  # results that a run keeps; 0 is any number


@dataclass(frozen=True, slots=True)
class Validator:
    """A compiled shapes graph: reusable, and safe to use from several threads.

    `warnings` are about the shapes.
    """

    program: Program
    image: bytes
    warnings: tuple[Diagnostic, ...]
    _sources: Sources
    _loaded: _graph.Program
    _shapes: int = 0  # the address of shapes in C, or 0
    _library: object = None  # has them
    _locating: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def compile(
        cls,
        shapes: Sequence[str],
        ontologies: Sequence[str] = (),
        *,
        catalog: Sequence[str] = (),
        waive: Collection[str] = (),
        strict: bool = False,
        recursion: int = 0,
        engine: str = "bytecode",
    ) -> Validator:
        """Compile files of shapes; with the engine `native`, on to C. Raises CompileError."""
        made = compile_program(
            shapes, ontologies, catalog=catalog, waive=waive, strict=strict, recursion=recursion
        )
        image = to_image(made.program)
        loaded = _graph.Program(image)
        if engine == "bytecode":
            return cls(made.program, image, made.warnings, made.sources, loaded)
        from cns_build.graph.library import load_library

        library = load_library(made.program)
        return cls(
            made.program,
            image,
            made.warnings,
            made.sources,
            loaded,
            _shapes=library.shapes,
            _library=library,
        )

    def with_shapes(self, address: int) -> Validator:
        """Return a validator that runs shapes in C: an array of cns_native_shape."""
        return replace(self, _shapes=address)

    def locate(self, origin: m.Origin) -> Position:
        """Return where in the shapes something stands."""
        with self._locating:
            return self._sources.locate(origin)

    def validate(
        self,
        data: Sequence[Source],
        *,
        focus: Collection[m.IRI] | None = None,
        shapes: Collection[m.IRI] | None = None,
        graphs: Collection[m.IRI | None] | None = None,
        maximum: int | None = None,
        first: bool = False,
        lenient: bool = False,
        detail: bool = True,
    ) -> Report:
        """Validate data against all shapes with targets, or against `shapes`.

        `focus` are the only focus nodes to be validated; with `shapes`, whether these select them
        or not. Raises CompileError where data cannot be read, or recursive shapes go too deep.
        """
        start = time.perf_counter()
        graph = read_data(self._loaded, data, graphs, lenient, focus or ())
        middle = time.perf_counter()
        most = 0 if maximum is None else min(max(maximum, 1), _MOST)
        run = self._run(graph, most, first, detail)
        selected = self._selected(shapes)
        only = None
        if focus is not None:
            only = {graph.find_iri(iri.value) for iri in focus}
        counts = {}
        for shape in selected:
            if run.stopped:
                break
            if only is not None and shapes is not None:
                for node in sorted(only):
                    if not run.stopped:
                        with explained():
                            run.validate_node(shape, node)
                counts[shape] = len(only)
            else:
                with explained():
                    counts[shape] = run.validate(shape, only)
        report = self._report(graph, run, counts, (start, middle, time.perf_counter()))
        return replace(report, results=()) if maximum == 0 else report

    def session(
        self, data: Sequence[Source], *, graphs: Collection[m.IRI | None] | None = None
    ) -> Session:
        """Validate data that will change, and keep them. Raises CompileError."""
        from cns_build.graph.session import Session

        return Session(self, read_data(self._loaded, data, graphs, lenient=False))

    def _run(
        self, graph: _graph.Graph, maximum: int = 0, first: bool = False, detail: bool = True
    ) -> _graph.Run:
        return _graph.Run(
            graph,
            most=maximum,
            recursion=self.program.recursion,
            first=first,
            detail=detail,
            shapes=self._shapes,
        )

    def _report(
        self,
        graph: _graph.Graph,
        run: _graph.Run,
        counts: Mapping[int, int],
        times: tuple[float, float, float],
    ) -> Report:
        """Return what a run found; `counts` are the focus nodes of each shape that was run."""
        start, middle, end = times
        return Report(
            results=_Results(self.program, graph).all(run.findings()),
            found=run.found,
            unsupported=self.program.waivers,
            unmatched=tuple(
                self.program.shapes[n].node for n, count in counts.items() if not count
            ),
            statistics=Statistics(
                triples=graph.triples,
                terms=graph.terms,
                shapes=len(counts),
                focus_nodes=sum(counts.values()),
                checks=run.checked,
                read_seconds=middle - start,
                seconds=end - middle,
            ),
            prefixes=self.program.prefixes,
            skipped=graph.malformed,
        )

    def _selected(self, shapes: Collection[m.IRI] | None) -> list[int]:
        """Return the shapes to run. Raises UsageError for one that is not there."""
        if shapes is None:
            return sorted({target.shape for target in self.program.targets})
        numbers = {shape.node: number for number, shape in enumerate(self.program.shapes)}
        for iri in shapes:
            if iri not in numbers:
                what, fix = f"no shape {iri} in the shapes files", "correct the IRI"
                raise UsageError(Diagnostic(what, fix=fix))
        return [numbers[iri] for iri in shapes]


@contextmanager
def explained() -> Iterator[None]:
    """Turn what ends a run into a diagnostic."""
    try:
        yield
    except RecursionError as error:
        fix = "give --recursion a larger number"
        raise CompileError(Diagnostic(str(error), fix=fix)) from error


@contextmanager
def malformed_in(name: str) -> Iterator[None]:
    """Turn a malformed line into a diagnostic."""
    try:
        yield
    except _graph.MalformedLine as error:
        what, _, fix = str(error).partition(": ")
        where = Position(name, error.line, error.column)
        raise CompileError(Diagnostic(what, where, fix)) from error


def read_data(
    program: _graph.Program,
    data: Sequence[Source],
    graphs: Collection[m.IRI | None] | None,
    lenient: bool,
    focus: Collection[m.IRI] = (),
) -> _graph.Graph:
    """Return the closed graph of all sources, with nodes that may have no triples in it.

    Raises CompileError.
    """
    graph = _graph.Graph(program)
    if graphs is not None:
        graph.select([None if iri is None else iri.value for iri in graphs])
    for scope, source in enumerate(data, 1):
        with malformed_in(source.name):
            graph.read(source.chunks(), scope, source.quads, lenient)
    for iri in focus:
        graph.intern(iri.value)
    graph.close()
    return graph


class _Results:
    """Turns findings, which are numbers, into results."""

    def __init__(self, program: Program, graph: _graph.Graph) -> None:
        self._program = program
        self._graph = graph
        self._terms: dict[int, m.Term] = {}
        self._messages: dict[int, tuple[m.Literal, ...]] = {}
        self._labels = {term.label for term in program.terms if isinstance(term, m.BlankNode)}

    def all(self, findings: Sequence[tuple[int, int, int, int, int]]) -> tuple[Result, ...]:
        """Return the results that no other one has as a detail."""
        details: dict[int, list[int]] = {}
        for number, (*_, parent) in enumerate(findings, 1):
            details.setdefault(parent, []).append(number)

        def results(parent: int) -> Iterator[Result]:
            for number in details.get(parent, ()):
                yield self._result(findings[number - 1], tuple(results(number)))

        return tuple(results(0))

    def _result(
        self, finding: tuple[int, int, int, int, int], details: tuple[Result, ...]
    ) -> Result:
        number, focus, value, predicate, _ = finding
        check = self._program.checks[number]
        path = check.shape.path
        if predicate:
            iri = self._term(predicate)
            assert isinstance(iri, m.IRI)
            path = m.PredicatePath(iri)
        return Result(
            focus=self._term(focus),
            path=path,
            value=self._term(value) if value else None,
            shape=check.shape.node,
            component=check.component,
            severity=check.shape.severity,
            messages=self._message(number, check),
            details=details,
            origin=check.constraint.origin,
        )

    def _message(self, number: int, check: Check) -> tuple[m.Literal, ...]:
        if number not in self._messages:
            own = check.shape.messages
            demand = m.Literal(messages.demand(check.constraint), _STRING)
            self._messages[number] = own or (demand,)
        return self._messages[number]

    def _term(self, number: int) -> m.Term:
        if number not in self._terms:
            self._terms[number] = self._made(number)
        return self._terms[number]

    def _made(self, number: int) -> m.Term:
        kind, text, datatype, language = self._graph.term(number)
        if kind == "iri":
            return m.IRI(text)
        if kind == "literal":
            return m.Literal(text, m.IRI(datatype), language)
        return m.BlankNode(self._label(text))

    def _label(self, wanted: str) -> str:
        """Return a label that no other node of the report has: labels are of one file."""
        label, count = wanted, 1
        while label in self._labels:
            count += 1
            label = f"{wanted}.{count}"
        self._labels.add(label)
        return label
