# SPDX-License-Identifier: Apache-2.0
"""Constraints in SPARQL, while the C engine runs: it asks, and an Oxigraph store answers.

The store holds the data once more. Blank nodes have the labels there that reports give them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

import pyoxigraph

from cns_build import _graph
from cns_build import model as m
from cns_build.diagnostics import Diagnostic
from cns_build.frontend.parse import Document
from cns_build.graph.data import Source
from cns_build.graph.program import Program
from cns_build.graph.report import Result
from cns_build.graph.results import Terms
from cns_build.graph.sparql import Evaluator, Forms
from cns_build.graph.sparql.terms import from_store, to_store

_SHAPES = pyoxigraph.NamedNode("urn:cns:shapes")
_N_TRIPLES, _N_QUADS = pyoxigraph.RdfFormat.N_TRIPLES, pyoxigraph.RdfFormat.N_QUADS


class Hosted:
    """Answers for one validation; `found` are the results, by check and focus node."""

    def __init__(
        self,
        program: Program,
        shapes: Sequence[Document],
        graph: _graph.Graph,
        terms: Terms,
        data: Sequence[Source],
        graphs: Collection[m.IRI | None] | None,
    ) -> None:
        self._program = program
        self._graph = graph
        self._terms = terms
        self._forms = Forms()
        self._store = pyoxigraph.Store()
        for scope, source in enumerate(data, 1):
            self._store.extend(self._quads(source.chunks(), scope, source.quads, graphs))
        self._store.extend(_shapes_graph(shapes))
        self._evaluator = Evaluator(self._store, _SHAPES, self._forms)
        self._ahead: dict[tuple[int, int], list[Result]] = {}
        self.found: dict[tuple[int, int], list[Result]] = {}

    def warning(self) -> Diagnostic | None:
        """Return what to say of literals that queries see otherwise than they are written."""
        return self._forms.warning()

    def change(self, added: bytes, removed: bytes, scope: int) -> None:
        """Change the data by N-Triples, which the engine has read without an error."""
        for quad in self._quads([removed], scope, False, None):
            self._store.remove(quad)
        self._store.extend(self._quads([added], scope, False, None))
        self._ahead.clear()
        self.found.clear()

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
            results = self._results(number, focus, values)
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

    def _named(self, term: Any, scope: int) -> Any:
        if isinstance(term, pyoxigraph.BlankNode):
            return pyoxigraph.BlankNode(self._terms.blank(scope, term.value).label)
        return term

    def _quads(
        self,
        chunks: Iterable[bytes],
        scope: int,
        quads: bool,
        graphs: Collection[m.IRI | None] | None,
    ) -> Iterable[pyoxigraph.Quad]:
        """Yield the triples of selected graphs, all of them in the default graph."""
        names = None if graphs is None else {None if g is None else g.value for g in graphs}
        text = b"".join(chunks)
        for quad in pyoxigraph.parse(text, _N_QUADS if quads else _N_TRIPLES, lenient=True):
            name = quad.graph_name
            if names is not None and getattr(name, "value", None) not in names:
                continue
            subject, value = self._named(quad.subject, scope), self._named(quad.object, scope)
            if isinstance(value, pyoxigraph.Literal):
                literal = from_store(value)
                assert isinstance(literal, m.Literal)
                self._forms.add(literal)
            yield pyoxigraph.Quad(subject, quad.predicate, value)


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
