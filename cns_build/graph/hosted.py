# SPDX-License-Identifier: Apache-2.0
"""Constraints in SPARQL, while the C engine runs: it asks, and an Oxigraph store answers.

The store holds the data once more. Blank nodes have the labels there that reports give them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import pyoxigraph

from cns_build import _graph
from cns_build import model as m
from cns_build.diagnostics import CompileError, Diagnostic
from cns_build.frontend.parse import Document
from cns_build.graph.program import Program
from cns_build.graph.report import Result
from cns_build.graph.results import Terms
from cns_build.graph.sparql import Evaluator, Forms
from cns_build.graph.sparql.terms import StoreTerm, to_store

_SHAPES = pyoxigraph.NamedNode("urn:cns:shapes")


class Hosted:
    """Answers for the data that a graph has; `found` are the results, by check and focus node."""

    def __init__(
        self,
        program: Program,
        shapes: Sequence[Document],
        graph: _graph.Graph,
        terms: Terms,
        found: dict[tuple[int, int], list[Result]],
    ) -> None:
        """Copy the graph; `found` are results that may still hold.

        Raises CompileError for a term that the store does not take.
        """
        self._program = program
        self._terms = terms
        self._forms = Forms()
        self._store = pyoxigraph.Store()
        self._store.extend(self._quads(graph))
        self._store.extend(_shapes_graph(shapes))
        self._evaluator = Evaluator(self._store, _SHAPES, self._forms)
        self._ahead: dict[tuple[int, int], list[Result]] = {}
        self.found = found

    def warning(self) -> Diagnostic | None:
        """Return what to say of literals that queries see otherwise than they are written."""
        return self._forms.warning()

    def ask_ahead(self, shape: int, nodes: Sequence[int]) -> None:
        """Evaluate the constraints of a node shape for all its focus nodes: that takes less time.

        Those of a property shape need its value nodes, which only the engine knows.
        """
        for number, check in enumerate(self._program.host):
            if check.shape.node != self._program.shapes[shape].node or check.shape.path:
                continue
            numbers = {self._terms[node]: node for node in nodes}
            for node in nodes:
                self._ahead[number, node] = []
            asked = {node: [node] for node in numbers}
            for result in self._evaluator.results_of(check.shape, _query(check.constraint), asked):
                self._ahead[number, numbers[result.focus]].append(result)

    def host(self, run: Callable[[], _graph.Run]) -> Callable[[int, int, int, list[int]], bool]:
        """Return what the engine calls: whether a constraint holds for a focus node."""

        def conforms(number: int, check: int, focus: int, values: list[int]) -> bool:
            results = sorted(self._results(number, focus, values), key=_order)
            if results and not run().testing:
                self.found[check, focus] = results
                for _ in results:
                    if not run().stopped:
                        run().fail(check, focus)
            return not results

        return conforms

    def _results(self, number: int, focus: int, values: Sequence[int]) -> list[Result]:
        if (number, focus) in self._ahead:
            return self._ahead[number, focus]
        check = self._program.host[number]
        return self._evaluator.results(
            check.shape,
            _query(check.constraint),
            self._terms[focus],
            [self._terms[value] for value in values],
        )

    def _quads(self, graph: _graph.Graph) -> Iterable[pyoxigraph.Quad]:
        made: dict[int, StoreTerm] = {}
        for triple in graph.each():
            for number in triple:
                if number not in made:
                    made[number] = self._made(number)
            subject, predicate, value = (made[number] for number in triple)
            assert not isinstance(subject, pyoxigraph.Literal)
            assert isinstance(predicate, pyoxigraph.NamedNode)
            yield pyoxigraph.Quad(subject, predicate, value)

    def _made(self, number: int) -> StoreTerm:
        term = self._terms[number]
        if isinstance(term, m.Literal):
            self._forms.add(term)
        try:
            return to_store(term)
        except ValueError as error:
            what = f"SPARQL constraints cannot be evaluated over {term}: {error}"
            raise CompileError(Diagnostic(what, fix="correct it, or waive them")) from error


def _order(result: Result) -> tuple[str, str, str]:
    """Return what results of one constraint and focus node are ordered by: path, then value."""
    value = result.value
    kind = "" if value is None else type(value).__name__
    return str(result.path), kind, str(value)


def _query(constraint: m.Constraint) -> m.Sparql | m.Custom:
    assert isinstance(constraint, m.Sparql | m.Custom)
    return constraint


def _shapes_graph(shapes: Sequence[Document]) -> Iterable[pyoxigraph.Quad]:
    for document in shapes:
        for subject, predicate, value in document.triples:
            named = pyoxigraph.NamedNode(predicate)
            node = to_store(subject)
            assert not isinstance(node, pyoxigraph.Literal)
            yield pyoxigraph.Quad(node, named, to_store(value), _SHAPES)
