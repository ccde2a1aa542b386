# SPDX-License-Identifier: Apache-2.0
"""Validate graphs with a compiled program, in this process: by its code, or compiled to C."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cns_build import _graph
from cns_build import model as m
from cns_build.diagnostics import CompileError, Diagnostic, Position, UsageError
from cns_build.graph.compiling import Compiled, compile_program
from cns_build.graph.data import Source
from cns_build.graph.image import to_image
from cns_build.graph.program import Program
from cns_build.graph.report import Report, Statistics
from cns_build.graph.results import Results, Terms
from cns_build.vocabulary import XSD

if TYPE_CHECKING:
    from cns_build.graph.hosted import Hosted
    from cns_build.graph.session import Session

_STRING = m.IRI(XSD + "string")
_MOST = 2**32 - 1  # results that a run keeps; 0 is any number


@dataclass(frozen=True, slots=True)
class Validator:
    """A compiled shapes graph: reusable, and safe to use from several threads."""

    compiled: Compiled
    image: bytes
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
        validator = cls(made, image, _graph.Program(image))
        if engine == "bytecode":
            return validator
        from cns_build.graph.library import load_library

        library = load_library(made.program)
        return replace(validator, _shapes=library.shapes, _library=library)

    @property
    def program(self) -> Program:
        """The program that the shapes became."""
        return self.compiled.program

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What there is to say about the shapes."""
        return self.compiled.warnings

    def with_shapes(self, address: int) -> Validator:
        """Return a validator that runs shapes in C: an array of cns_native_shape."""
        return replace(self, _shapes=address)

    def locate(self, origin: m.Origin) -> Position:
        """Return where in the shapes something stands."""
        with self._locating:
            return self.compiled.sources.locate(origin)

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
        run = Running(self, graph, most, first, detail)
        only = None
        if focus is not None:
            only = {graph.find_iri(iri.value) for iri in focus}
        for shape in self.selected(shapes):
            if run.engine.stopped:
                break
            if only is not None and shapes is not None:
                run.validate_nodes(shape, sorted(only))
            else:
                run.validate(shape, only)
        report = run.report((start, middle, time.perf_counter()))
        return replace(report, results=()) if maximum == 0 else report

    def session(
        self, data: Sequence[Source], *, graphs: Collection[m.IRI | None] | None = None
    ) -> Session:
        """Validate data that will change, and keep them. Raises CompileError."""
        from cns_build.graph.session import Session

        graph = read_data(self._loaded, data, graphs, lenient=False)
        return Session(Running(self, graph))

    def selected(self, shapes: Collection[m.IRI] | None) -> list[int]:
        """Return the shapes to run. Raises UsageError for one that is not there."""
        if shapes is None:
            return sorted({target.shape for target in self.program.targets})
        numbers = {shape.node: number for number, shape in enumerate(self.program.shapes)}
        for iri in shapes:
            if iri not in numbers:
                what, fix = f"no shape {iri} in the shapes files", "correct the IRI"
                raise UsageError(Diagnostic(what, fix=fix))
        return [numbers[iri] for iri in dict.fromkeys(shapes)]


class Running:
    """A program over a graph: the engine, and what answers for it what is in SPARQL."""

    def __init__(
        self,
        validator: Validator,
        graph: _graph.Graph,
        maximum: int = 0,
        first: bool = False,
        detail: bool = True,
    ) -> None:
        self.validator = validator
        self.graph = graph
        self.counts: dict[int, int] = {}
        self.hosted: Hosted | None = None
        self._most, self._first, self._detail = maximum, first, detail
        self._terms = Terms(validator.program, graph)
        self.begin()

    def begin(self) -> None:
        """Begin anew, with the data as they are."""
        program = self.validator.program
        if program.host:
            from cns_build.graph.hosted import Hosted

            shapes = self.validator.compiled.shapes
            found = self.hosted.found if self.hosted else {}
            self.hosted = Hosted(program, shapes, self.graph, self._terms, found)
        hosted = self.hosted
        self.engine = _graph.Run(
            self.graph,
            most=self._most,
            recursion=self.validator.program.recursion,
            first=self._first,
            detail=self._detail,
            host=hosted.host(lambda: self.engine) if hosted else None,
            shapes=self.validator._shapes,
        )

    def validate(self, shape: int, only: Collection[int] | None = None) -> None:
        """Run a shape over its focus nodes, or those of them in `only`. Raises CompileError."""
        if self.hosted:
            nodes = self.engine.targets(shape)
            self.hosted.ask_ahead(shape, [n for n in nodes if only is None or n in only])
        with explained():
            self.counts[shape] = self.engine.validate(shape, only)

    def validate_nodes(self, shape: int, nodes: Sequence[int]) -> None:
        """Run a shape over nodes, targets or not. Raises CompileError."""
        self.counts[shape] = len(nodes)
        for node in nodes:
            if not self.engine.stopped:
                with explained():
                    self.engine.validate_node(shape, node)

    def report(self, times: tuple[float, float, float]) -> Report:
        """Return what was found, between the reading and the end of the validation."""
        start, middle, end = times
        program, graph, run = self.validator.program, self.graph, self.engine
        found = self.hosted.found if self.hosted else {}
        warning = self.hosted.warning() if self.hosted else None
        return Report(
            results=Results(program, self._terms, found).all(run.findings()),
            found=run.found,
            unsupported=program.waivers,
            unmatched=tuple(
                program.shapes[n].node for n, count in self.counts.items() if not count
            ),
            statistics=Statistics(
                triples=graph.triples,
                terms=graph.terms,
                shapes=len(self.counts),
                focus_nodes=sum(self.counts.values()),
                checks=run.checked,
                read_seconds=middle - start,
                seconds=end - middle,
            ),
            prefixes=program.prefixes,
            skipped=graph.malformed,
            warnings=(warning,) if warning else (),
        )


@contextmanager
def explained() -> Iterator[None]:
    """Turn what ends a run into a diagnostic."""
    try:
        yield
    except _graph.TooDeep as error:
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
            graph.read(source.chunks(), scope, source.quads, lenient, not source.verbatim)
    for iri in focus:
        graph.intern(iri.value)
    graph.close()
    return graph
