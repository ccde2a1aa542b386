# SPDX-License-Identifier: Apache-2.0
"""Results of SPARQL constraints and constraint components (SHACL 5.3 and 6.3).

The data are the default graph of an Oxigraph store, the shapes a named one if queries ask for
$shapesGraph. Queries have been checked (`check`) before they come here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias, TypeVar

import pyoxigraph

from cns_build.diagnostics import CompileError, Diagnostic
from cns_build.graph.report import Result
from cns_build.graph.sparql.check import prologue, query_of
from cns_build.graph.sparql.forms import Forms
from cns_build.graph.sparql.messages import fill
from cns_build.graph.sparql.prebinding import Prebound, as_select, ends_with_group, with_path
from cns_build.graph.sparql.terms import from_store, to_store, written
from cns_build.ir.sparql import path_text
from cns_build.model import IRI, Custom, Literal, Node, Path, PredicatePath, Shape, Sparql, Term
from cns_build.vocabulary import SH, XSD

Row: TypeAlias = tuple[Term, ...]
Solution: TypeAlias = Mapping[str, Term]
_Answer = TypeVar("_Answer")

BATCH = 200
"""Rows asked about at once: more are no faster, and slower in nested groups."""

_COMPONENT = IRI(SH + "SPARQLConstraintComponent")
_TRUE = Literal("true", IRI(XSD + "boolean"))
_NO_PREFIXES = {"rdf": "", "sh": "", "xsd": ""}


class Failure(CompileError):
    """What SHACL calls a failure (3.4.2): the constraint has no results, and no verdict."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A query for one shape: `names` are the variables of a row, `constants` have one value.

    `asks` is true of an ASK query, `as_rows` of one whose solutions are the rows that are true.
    """

    query: Prebound
    names: tuple[str, ...]
    constants: Solution
    asks: bool
    as_rows: bool


class Evaluator:
    """Evaluates constraints on a store whose default graph holds the data.

    `shapes_graph` is the graph of the store that holds the shapes, for $shapesGraph. `forms`
    knows the literals of the data, so that results have them as the data write them.
    """

    def __init__(
        self,
        store: pyoxigraph.Store,
        shapes_graph: pyoxigraph.NamedNode | None = None,
        forms: Forms | None = None,
    ) -> None:
        self._store = store
        self._shapes_graph = shapes_graph
        self._forms = forms or Forms()
        self._prepared: dict[tuple[Node, Sparql | Custom], _Prepared] = {}

    def results(
        self, shape: Shape, constraint: Sparql | Custom, focus: Term, values: Sequence[Term]
    ) -> list[Result]:
        """Return the results for one focus node and its value nodes. Raises Failure."""
        return self.results_of(shape, constraint, {focus: values})

    def results_of(
        self, shape: Shape, constraint: Sparql | Custom, nodes: Mapping[Term, Sequence[Term]]
    ) -> list[Result]:
        """Return the results for focus nodes, each with its value nodes, in their order.

        The results are those of `results` for one after the other. Raises Failure.
        """
        prepared = self._prepare(shape, constraint)
        make = partial(self._results, shape, constraint)
        if prepared.asks:
            true = self._true(constraint, prepared, nodes)
            return [
                result
                for focus, values in nodes.items()
                for value in values
                if self._stored((focus, value)) not in true
                for result in make(focus, [value], {"this": focus, "value": value})
            ]
        solutions = self._solutions(constraint, prepared, [(focus,) for focus in nodes])
        found: dict[Row, list[Solution]] = {}
        for row, solution in solutions:
            found.setdefault(row, []).append(solution)
        return [
            result
            for focus, values in nodes.items()
            for solution in found.get(self._stored((focus,)), ())
            for result in make(focus, values, solution)
        ]

    # Queries

    def _prepare(self, shape: Shape, constraint: Sparql | Custom) -> _Prepared:
        key = (shape.node, constraint)
        if key not in self._prepared:
            self._prepared[key] = self._make(shape, constraint)
        return self._prepared[key]

    def _make(self, shape: Shape, constraint: Sparql | Custom) -> _Prepared:
        query = query_of(constraint)
        text = prologue(query) + query.text
        if shape.path is not None:
            text = with_path(text, path_text(shape.path, _NO_PREFIXES))
        asks = isinstance(constraint, Custom) and constraint.asks
        as_rows = asks and ends_with_group(text)
        prebound = Prebound.of(as_select(text) if as_rows else text)
        constants: dict[str, Term] = {"currentShape": shape.node}
        if self._shapes_graph is not None:
            constants["shapesGraph"] = IRI(self._shapes_graph.value)
        elif "shapesGraph" in prebound.variables:
            message = "the query needs $shapesGraph, and the store has no graph of the shapes"
            raise Failure(Diagnostic(message, query.origin, "give Evaluator a shapes_graph"))
        if isinstance(constraint, Custom):
            constants.update(constraint.parameters)
        names = ("this", "value") if asks else ("this",)
        return _Prepared(prebound, names, constants, asks, as_rows)

    def _true(
        self,
        constraint: Sparql | Custom,
        prepared: _Prepared,
        nodes: Mapping[Term, Sequence[Term]],
    ) -> set[Row]:
        """Return the rows of focus and value node for which an ASK query is true."""
        rows = [(focus, value) for focus, values in nodes.items() for value in values]
        if prepared.as_rows:
            return {row for row, _ in self._solutions(constraint, prepared, rows)}
        asked = dict.fromkeys(map(self._stored, rows))
        return {row for row in asked if self._ask(constraint, prepared, [row], bool)}

    def _solutions(
        self, constraint: Sparql | Custom, prepared: _Prepared, rows: Iterable[Row]
    ) -> Iterator[tuple[Row, Solution]]:
        """Yield the solutions for rows, each with the row as the store has it."""
        for batch in _batches(dict.fromkeys(map(self._stored, rows)), prepared.query.splits):
            for solution in self._ask(constraint, prepared, batch, _solutions):
                if solution.get("failure") == _TRUE:
                    message = "the query says that it has failed: $failure is true"
                    raise Failure(Diagnostic(message, query_of(constraint).origin))
                row = tuple(solution[name] for name in prepared.names) if batch[1:] else batch[0]
                yield row, solution

    def _ask(
        self,
        constraint: Sparql | Custom,
        prepared: _Prepared,
        rows: Sequence[Row],
        read: Callable[[Any], _Answer],
    ) -> _Answer:
        """Return what `read` makes of the store's answer. Raises Failure."""
        given = _given(prepared, rows[0])
        text, terms = prepared.query.text(prepared.names, rows, prepared.constants, given)
        functions = {pyoxigraph.NamedNode(name): _function(term) for name, term in terms.items()}
        try:
            answer = self._store.query(
                text,
                custom_functions=functions or None,
                substitutions={pyoxigraph.Variable(n): to_store(given[n]) for n in given} or None,
            )
            return read(answer)
        except (SyntaxError, TypeError, RuntimeError, ValueError, OSError) as error:
            message = f"the query cannot be evaluated: {error}"
            raise Failure(Diagnostic(message, query_of(constraint).origin)) from error

    def _stored(self, row: Row) -> Row:
        return tuple(map(self._forms.stored, row))

    # Results

    def _results(
        self,
        shape: Shape,
        constraint: Sparql | Custom,
        focus: Term,
        values: Sequence[Term],
        solution: Solution,
    ) -> Iterator[Result]:
        """Yield the result of a solution: one for each form of its value among the value nodes."""
        for value in self._values(shape, focus, values, solution):
            known = {**solution, "this": focus} | ({} if value is None else {"value": value})
            yield Result(
                focus=focus,
                path=_path(shape, solution),
                value=value,
                shape=shape.node,
                component=constraint.component if isinstance(constraint, Custom) else _COMPONENT,
                severity=shape.severity,
                messages=_messages(shape, constraint, known),
                constraint=constraint.node if isinstance(constraint, Sparql) else None,
                origin=constraint.origin,
            )

    def _values(
        self, shape: Shape, focus: Term, values: Sequence[Term], solution: Solution
    ) -> Sequence[Term | None]:
        value = solution.get("value")
        if value is None:
            return [focus if shape.path is None else None]
        forms = [v for v in values if v == value or self._forms.stored(v) == value]
        return forms or [self._forms.original(value)]


def _batches(rows: Iterable[Row], one_by_one: bool) -> Iterator[Sequence[Row]]:
    """Yield rows that one query can ask about: a single one where a term cannot be written."""
    batch: list[Row] = []
    for row in rows:
        if one_by_one or any(written(term) is None for term in row):
            yield [row]
            continue
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _solutions(answer: Any) -> list[Solution]:
    """Return the solutions of a SELECT query, without what is unbound."""
    columns = [variable.value for variable in answer.variables]
    return [
        {
            name: from_store(term)
            for name, term in zip(columns, found, strict=True)
            if term is not None
        }
        for found in answer
    ]


def _given(prepared: _Prepared, row: Row) -> Solution:
    """Return the terms of a row that queries cannot name, where the store takes them.

    It takes those of variables that are projected.
    """
    if prepared.asks and not prepared.as_rows:
        return {}
    terms = zip(prepared.names, row, strict=True)
    return {name: term for name, term in terms if written(term) is None}


def _function(term: Term) -> Callable[[], Any]:
    return lambda: to_store(term)


def _path(shape: Shape, solution: Solution) -> Path | None:
    path = solution.get("path")
    return PredicatePath(path) if isinstance(path, IRI) else shape.path


def _messages(
    shape: Shape, constraint: Sparql | Custom, solution: Solution
) -> tuple[Literal, ...]:
    """Return the message of a solution, else those of the constraint (SHACL 5.3.2), else of the
    shape, else the labels of the component, with the values of variables."""
    message = solution.get("message")
    if isinstance(message, Literal):
        return (message,)
    known = dict(solution)
    labels: tuple[Literal, ...] = ()
    if isinstance(constraint, Custom):
        known, labels = {**dict(constraint.parameters), **solution}, constraint.labels
    prefixes = dict(query_of(constraint).prefixes)
    given = constraint.messages or shape.messages or labels
    return tuple(fill(text, known, prefixes) for text in given)
