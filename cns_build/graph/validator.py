# SPDX-License-Identifier: Apache-2.0
"""Validate graphs with a compiled program, in this process: by its code, or compiled to C."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from cns_build import _graph
from cns_build import model as m
from cns_build.diagnostics import CompileError, Diagnostic, Position, UsageError
from cns_build.graph.compiling import Compiled, compile_program
from cns_build.graph.data import Source
from cns_build.graph.given import GraphNames, Names, graph_names, iris_of, sources_of
from cns_build.graph.image import to_image
from cns_build.graph.program import Program
from cns_build.graph.report import Report, Statistics
from cns_build.graph.results import Results, Terms

if TYPE_CHECKING:
    from cns_build.graph.hosted import Hosted
    from cns_build.graph.session import Session
    from cns_build.owl.reading import Reading

ENGINES = ("bytecode", "native")
_MOST = 2**32 - 1  # results that the engine can keep


@dataclass(frozen=True, slots=True)
class Validator:
    """A compiled shapes graph: reusable, and safe to use from several threads."""

    compiled: Compiled
    image: bytes
    loaded: _graph.Program
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
        axioms: Reading | None = None,
        inference: str = "none",
        extending: Sequence[str] = (),
    ) -> Validator:
        """Compile files of shapes; with the engine `native`, on to C. Raises CompileError.

        `cns_build.compile` takes shapes that are no files, too. `inference` says by which rules
        the ontologies infer: none, rdfs or owlrl; files of data that are `extending` state axioms
        too.
        """
        if engine not in ENGINES:
            raise ValueError(f"engine={engine!r}: {', '.join(ENGINES)}")
        made = compile_program(
            shapes,
            ontologies,
            catalog=catalog,
            waive=waive,
            strict=strict,
            recursion=recursion,
            axioms=axioms,
            inference=inference,
            extending=extending,
        )
        validator = cls.of(made)
        if engine == "bytecode":
            return validator
        from cns_build.graph.library import load_library

        library = load_library(made.program)
        return replace(validator, _shapes=library.shapes, _library=library)

    @classmethod
    def of(cls, made: Compiled) -> Validator:
        """Return a validator that runs the code of a program."""
        image = to_image(made.program)
        return cls(made, image, _graph.Program(image))

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
        data: Any,
        *,
        focus: Names | None = None,
        shapes: Names | None = None,
        graphs: GraphNames | None = None,
        maximum: int | None = None,
        first: bool = False,
        lenient: bool = False,
        detail: bool = True,
    ) -> Report:
        """Validate data against all shapes with targets, or against `shapes`.

        Data are files by name, Turtle as a string, N-Triples as bytes, graphs and datasets of
        rdflib and pyoxigraph, iterables of quads, Sources, or a list of these, validated as one.
        `focus` are the only focus nodes to be validated; with `shapes`, whether targets select
        them or not. `graphs` are the named graphs, None among them being the default graph. One
        of any of these may stand alone. `maximum` is how many results are kept, with what explains
        them; `first` ends with one. `lenient` goes over malformed lines and statements.

        Raises CompileError where data cannot be read, or recursive shapes go too deep, and
        UsageError for a shape that is not there, or has no target where there is no `focus`.
        """
        numbers = self.selected(shapes, focused=focus is not None)
        start = time.perf_counter()
        sources = sources_of(data, lenient)
        chosen = [] if focus is None else iris_of(focus)
        named = None if graphs is None else graph_names(graphs)
        graph = read_data(self.loaded, sources, named, lenient, chosen)
        middle = time.perf_counter()
        most = 0 if maximum is None else min(max(maximum, 1), _MOST)  # to the engine, 0 is all
        run = Running(self, graph, warnings_of(sources), most, first, detail)
        nodes = {graph.find_iri(iri.value): iri for iri in chosen}
        for shape in numbers:
            if run.engine.stopped:
                break
            if focus is None:
                run.validate(shape)
            elif shapes is None:
                run.validate_nodes(shape, nodes.keys() & run.engine.targets(shape))
            else:
                run.validate_nodes(shape, nodes.keys())
        run.warn_of_others(nodes)
        report = run.report((start, middle, time.perf_counter()))
        return replace(report, results=report.results[:maximum])

    def session(self, data: Any, *, graphs: GraphNames | None = None) -> Session:
        """Validate data that will change, and keep them: as `validate` takes them.

        Raises CompileError.
        """
        from cns_build.graph.session import Session

        sources = sources_of(data)
        named = None if graphs is None else graph_names(graphs)
        graph = read_data(self.loaded, sources, named, lenient=False)
        return Session(Running(self, graph, warnings_of(sources)))

    def selected(self, shapes: Names | None = None, *, focused: bool = True) -> list[int]:
        """Return the shapes to run: those with targets, or `shapes`.

        Raises UsageError for one that is not there, or has no target where no node is `focused`.
        """
        targeted = {target.shape for target in self.program.targets}
        if shapes is None:
            return sorted(targeted)
        numbers = {shape.node: number for number, shape in enumerate(self.program.shapes)}
        found: dict[int, None] = {}
        for iri in iris_of(shapes):
            if iri not in numbers:
                raise UsageError(
                    Diagnostic(f"no shape {iri} in the shapes", fix="correct the IRI")
                )
            if not focused and numbers[iri] not in targeted:
                what = f"shape {iri} has no target, or is deactivated"
                fix = "name nodes to be validated (--focus), or a shape that selects some"
                raise UsageError(Diagnostic(what, fix=fix))
            found[numbers[iri]] = None
        return list(found)


class Running:
    """A program over a graph: the engine, and what answers for it what is in SPARQL."""

    def __init__(
        self,
        validator: Validator,
        graph: _graph.Graph,
        warnings: Sequence[Diagnostic],
        maximum: int = 0,
        first: bool = False,
        detail: bool = True,
    ) -> None:
        self.validator = validator
        self.graph = graph
        self.counts: dict[int, int] = {}  # focus nodes by shape
        self.selected: dict[int, int] = {}  # of these, what targets select
        self.hosted: Hosted | None = None
        self.warnings = [*warnings]
        self._validated: set[int] = set()
        targets = validator.program.targets
        self._of_axioms = {target.shape for target in targets if target.everywhere}
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

    def validate(self, shape: int) -> None:
        """Run a shape over its focus nodes. Raises CompileError."""
        if self.hosted:
            self.hosted.ask_ahead(shape, self.engine.targets(shape))
        with explained():
            self.counts[shape] = self.selected[shape] = self.engine.validate(shape)

    def validate_nodes(self, shape: int, nodes: Collection[int]) -> None:
        """Run a shape over nodes, targets or not. Raises CompileError."""
        ordered = sorted(nodes)
        if self.hosted:
            self.hosted.ask_ahead(shape, ordered)
        self.counts[shape] = len(ordered)
        self._validated.update(ordered)
        for node in ordered:
            if self.engine.stopped:
                break
            with explained():
                self.engine.validate_node(shape, node)

    def warn_of_others(self, nodes: Mapping[int, m.IRI]) -> None:
        """Warn of nodes that no shape has been run over, where that is not because of `first`."""
        for node, iri in nodes.items():
            if node not in self._validated and not self.engine.stopped:
                what = f"no target selects {iri}, which is to be validated"
                fix = "correct the IRI, or name the shape to validate it by (--shape)"
                self.warnings.append(Diagnostic(what, None, fix, "warning"))

    def report(self, times: tuple[float, float, float]) -> Report:
        """Return what was found, between the reading and the end of the validation."""
        start, middle, end = times
        program, graph, run = self.validator.program, self.graph, self.engine
        found = self.hosted.found if self.hosted else {}
        forms = self.hosted.warning() if self.hosted else None
        return Report(
            results=Results(program, self._terms, found).all(run.findings()),
            found=run.found,
            unsupported=program.waivers,
            unmatched=tuple(
                program.shapes[n].node
                for n, count in self.selected.items()
                if not count and n not in self._of_axioms
            ),
            statistics=Statistics(
                triples=graph.triples,
                terms=graph.terms,
                shapes=len(self.counts),
                focus_nodes=sum(self.counts.values()),
                checks=run.checked,
                read_seconds=middle - start,
                seconds=end - middle,
                inferred=graph.inferred,
                infer_seconds=graph.infer_seconds,
            ),
            prefixes=program.prefixes,
            skipped=graph.malformed,
            warnings=(*self.warnings, *([forms] if forms else [])),
        )


@contextmanager
def explained() -> Iterator[None]:
    """Turn what ends a run into a diagnostic."""
    try:
        yield
    except _graph.TooDeep as error:
        fix = "give --recursion a larger number"
        raise CompileError(Diagnostic(str(error), fix=fix)) from error


class AddsToOntology(CompileError):
    """Data state an axiom that the ontology lacks: what follows from it was not compiled."""


@contextmanager
def inferred() -> Iterator[None]:
    """Turn what ends inference into a diagnostic."""
    try:
        yield
    except _graph.ExtendsOntology as error:
        triple = " ".join(map(_shown, error.triple))
        what = f"the data add to the ontology, which is compiled without them: {triple}"
        fix = "put it into an ontology (--ontology), or have data compiled too (--dynamic-tbox)"
        raise AddsToOntology(Diagnostic(what, fix=fix)) from error
    except _graph.TooManyTriples as error:
        what = "more follows from the data than there is space for"
        fix = (
            "look for a key or functional property with one value for most nodes, or a long "
            "transitive chain"
        )
        raise CompileError(Diagnostic(what, fix=fix)) from error


def _shown(term: tuple[str, str, str, str]) -> str:
    kind, text, datatype, language = term
    if kind == "literal":
        return str(m.Literal(text, m.IRI(datatype), language))
    return str(m.IRI(text) if kind == "iri" else m.BlankNode(text))


@contextmanager
def malformed_in(name: str) -> Iterator[None]:
    """Turn a malformed line into a diagnostic."""
    try:
        yield
    except _graph.MalformedLine as error:
        what, _, fix = str(error).partition(": ")
        where = Position(name, error.line, error.column)
        raise CompileError(Diagnostic(what, where, fix)) from error


def warnings_of(data: Sequence[Source]) -> list[Diagnostic]:
    """Return what was let pass as the data were read."""
    return [warning for source in data for warning in source.warnings]


def read_data(
    program: _graph.Program,
    data: Sequence[Source],
    graphs: Collection[m.IRI | None] | None,
    lenient: bool,
    focus: Collection[m.IRI] = (),
) -> _graph.Graph:
    """Return the closed graph of all sources, with nodes that may have no triples in it.

    Raises CompileError, and AddsToOntology.
    """
    graph = _graph.Graph(program)
    if graphs is not None:
        graph.select([None if iri is None else iri.value for iri in graphs])
    for scope, source in enumerate(data, 1):
        with malformed_in(source.name):
            graph.read(source.chunks(), scope, source.quads, lenient, not source.verbatim)
    for iri in focus:
        graph.intern(iri.value)
    with inferred():
        graph.close()
    return graph
