# SPDX-License-Identifier: Apache-2.0
"""From findings, which are numbers, to results, which have terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from cns_build import _graph
from cns_build import model as m
from cns_build.graph.program import Check, Program
from cns_build.graph.report import Result
from cns_build.ir import messages
from cns_build.vocabulary import XSD

_STRING = m.IRI(XSD + "string")

Finding = tuple[int, int, int, int, int]
"""Check, focus, value, path and parent: numbers, 0 where there is none (`_graph.Run.findings`)."""


class Terms:
    """The terms of a graph by number, as a report names them.

    Blank nodes have the label that they have in their source, unless another one has that.
    """

    def __init__(self, program: Program, graph: _graph.Graph) -> None:
        self._graph = graph
        self._known: dict[int, m.Term] = {}
        self._blanks: dict[tuple[int, str], m.BlankNode] = {}
        self._labels = {term.label for term in program.terms if isinstance(term, m.BlankNode)}

    def __getitem__(self, number: int) -> m.Term:
        if number not in self._known:
            self._known[number] = self._made(number)
        return self._known[number]

    def _made(self, number: int) -> m.Term:
        kind, text, datatype, language = self._graph.term(number)
        if kind == "iri":
            return m.IRI(text)
        if kind == "literal":
            return m.Literal(text, m.IRI(datatype), language)
        return self.blank(int(datatype), text)

    def blank(self, scope: int, label: str) -> m.BlankNode:
        """Return the blank node with a label in a source, counted from 1."""
        key = scope, label
        if key not in self._blanks:
            plain = label.replace(":", "_")  # which Turtle does not take
            shown, count = plain, 1
            while shown in self._labels:
                count += 1
                shown = f"{plain}.{count}"
            self._labels.add(shown)
            self._blanks[key] = m.BlankNode(shown)
        return self._blanks[key]


class Results:
    """Makes results. `hosted` are those of constraints in SPARQL, by check and focus node."""

    def __init__(
        self,
        program: Program,
        terms: Terms,
        hosted: Mapping[tuple[int, int], Sequence[Result]],
    ) -> None:
        self._program = program
        self._terms = terms
        self._hosted = hosted
        self._taken: Counter[tuple[int, int]] = Counter()
        self._messages: dict[int, tuple[m.Literal, ...]] = {}

    def all(self, findings: Sequence[Finding]) -> tuple[Result, ...]:
        """Return the results that no other one has as a detail."""
        details: dict[int, list[int]] = {}
        for number, (*_, parent) in enumerate(findings, 1):
            details.setdefault(parent, []).append(number)

        def results(parent: int) -> Iterator[Result]:
            for number in details.get(parent, ()):
                yield self._result(findings[number - 1], tuple(results(number)))

        return tuple(results(0))

    def _result(self, finding: Finding, details: tuple[Result, ...]) -> Result:
        number, focus, value, predicate, _ = finding
        check = self._program.checks[number]
        if hosted := self._hosted.get((number, focus)):
            self._taken[number, focus] += 1
            return hosted[(self._taken[number, focus] - 1) % len(hosted)]
        path = check.shape.path
        if predicate:
            iri = self._terms[predicate]
            assert isinstance(iri, m.IRI)
            path = m.PredicatePath(iri)
        return Result(
            focus=self._terms[focus],
            path=path,
            value=self._terms[value] if value else None,
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
