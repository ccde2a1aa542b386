# SPDX-License-Identifier: Apache-2.0
"""Validation of a data graph against a shapes graph (SHACL 3.4)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager

from rdflib import Graph, Literal
from rdflib.term import Node

from .components import COMPONENTS, Case, Violation
from .errors import EvaluationFailure, RecursiveShape
from .paths import follow
from .report import Report, Result
from .shapes import Shapes, closure
from .terms import RDF_TYPE, Triples, canonical, sort_key

BeyondCore = Callable[[Node, Node, Sequence[Node]], list[Result]]
"""Gives the results of the constraints of a shape that are not SHACL Core, for a focus node and
its value nodes."""


def nothing(shape: Node, focus: Node, values: Sequence[Node]) -> list[Result]:
    """No results beyond SHACL Core."""
    return []


class Evaluator:
    """One data graph, one shapes graph, and the pairs of shape and node now being evaluated.

    With `detail`, results of sh:node, sh:and, sh:or and sh:xone have details.
    """

    def __init__(
        self,
        data: Triples,
        ontology: Triples,
        shapes: Shapes,
        *,
        detail: bool = False,
        beyond_core: BeyondCore = nothing,
    ):
        self.data = data
        self._beyond_core = beyond_core
        self._detail = detail
        self.shapes = shapes
        self._class_graphs = (data, ontology)
        self._closures: dict[Node, set[Node]] = {}
        self._active: set[tuple[Node, Node]] = set()

    def is_instance(self, node: Node, cls: Node) -> bool:
        """Membership in data and ontology together; a literal is an instance of nothing."""
        return not isinstance(node, Literal) and any(
            cls in self._closure(type_)
            for graph in self._class_graphs
            for type_ in graph.objects(node, RDF_TYPE)
        )

    def _closure(self, cls: Node) -> set[Node]:
        if cls not in self._closures:
            self._closures[cls] = closure(self._class_graphs, cls)
        return self._closures[cls]

    def targets(self, shape: Node) -> list[Node]:
        """The focus nodes that the shape's targets select (SHACL 2.1.3).

        Classes select nodes whose rdf:type is in the data; the ontology adds superclasses only.
        """
        classes = self.shapes.values(shape, "targetClass")
        if self.shapes.implicit_class(shape):
            classes.append(shape)
        selected = set(self.shapes.values(shape, "targetNode"))
        for node, type_ in self.data.pairs(RDF_TYPE):
            if any(cls in self._closure(type_) for cls in classes):
                selected.add(node)
        for name in self.shapes.values(shape, "targetSubjectsOf"):
            selected.update(subject for subject, _ in self.data.pairs(name))
        for name in self.shapes.values(shape, "targetObjectsOf"):
            selected.update(value for _, value in self.data.pairs(name))
        return sorted(selected, key=sort_key)

    def conforms(self, shape: Node, focus: Node) -> bool:
        """Whether validating the node against the shape gives no result."""
        detail, self._detail = self._detail, False
        try:
            return not self.results(shape, focus)
        finally:
            self._detail = detail

    def results(self, shape: Node, focus: Node) -> list[Result]:
        """All results of the node against the shape, those of its property shapes included."""
        if self.shapes.is_true(shape, "deactivated"):
            return []
        if (shape, focus) in self._active:
            raise RecursiveShape(f"{shape.n3()} depends on itself for {focus.n3()}")
        self._active.add((shape, focus))
        try:
            return self._results(shape, focus)
        finally:
            self._active.remove((shape, focus))

    def _results(self, shape: Node, focus: Node) -> list[Result]:
        path = self.shapes.path(shape)
        values = [focus] if path is None else follow(self.data, path, focus)
        case = Case(self, shape, focus, tuple(values))
        results = [
            self._result(case, violation)
            for component in COMPONENTS
            for violation in component(case)
        ]
        results += self._beyond_core(shape, focus, values)
        for property_shape in self.shapes.values(shape, "property"):
            for value in values:
                results += self.results(property_shape, value)
        return results

    def _result(self, case: Case, violation: Violation) -> Result:
        return Result(
            focus=case.focus,
            path=violation.path or self.shapes.path(case.shape),
            value=violation.value,
            source_shape=case.shape,
            component=violation.namespace[f"{violation.component}ConstraintComponent"],
            severity=self.shapes.severity(case.shape),
            messages=self.shapes.messages(case.shape),
            details=self._details(violation) if self._detail else (),
        )

    def _details(self, violation: Violation) -> tuple[Result, ...]:
        """What explains a violation: all results of the shapes that its value fails."""
        if violation.value is None:
            return ()
        found = [r for shape in violation.shapes for r in self.results(shape, violation.value)]
        return tuple(sorted(found, key=Result.sort_key))


class Reference:
    """A shapes graph and an ontology, checked once, to evaluate any number of data graphs.

    `ontology` takes part in class membership only. `strict` takes owl:Class out of the implicit
    class targets. `waived` holds IRIs: properties beyond SHACL Core to be ignored (SH["sparql"]),
    and shapes without triples that are to accept every node. `beyond_core` evaluates properties
    that are ignored.
    All methods raise EvaluationFailure: IllFormedShape, RecursiveShape or UnsupportedFeature.
    """

    def __init__(
        self,
        shapes: Graph,
        *,
        ontology: Graph | None = None,
        strict: bool = False,
        waived: Collection[Node] = (),
        beyond_core: BeyondCore = nothing,
    ):
        self._beyond_core = beyond_core
        with _bounded_nesting():
            self.shapes = Shapes(Triples(shapes), strict=strict, waived=waived)
        self.ontology = Triples(*([] if ontology is None else [ontology]))

    def evaluate(self, data: Graph, *, focus_nodes: Iterable[Node] | None = None) -> Report:
        """Validate every target of every shape, or those of them that are in `focus_nodes`."""
        evaluator = Evaluator(
            Triples(data), self.ontology, self.shapes, beyond_core=self._beyond_core
        )
        wanted = None if focus_nodes is None else {canonical(node) for node in focus_nodes}
        results: list[Result] = []
        with _bounded_nesting():
            for shape in self.shapes.targeted():
                for focus in evaluator.targets(shape):
                    if wanted is None or focus in wanted:
                        results += evaluator.results(shape, focus)
        return Report(tuple(sorted(results, key=Result.sort_key)))

    def validate_focus(self, data: Graph, shape: Node, focus: Node) -> list[Result]:
        """Validate one node against one shape, whether or not it is a target."""
        evaluator = Evaluator(Triples(data), self.ontology, self.shapes)
        with _bounded_nesting():
            results = evaluator.results(shape, canonical(focus))
        return sorted(results, key=Result.sort_key)


@contextmanager
def _bounded_nesting() -> Iterator[None]:
    try:
        yield
    except RecursionError as error:
        raise EvaluationFailure("shapes or paths nest more deeply than Python recurses") from error


def evaluate(
    data: Graph,
    shapes: Graph,
    *,
    ontology: Graph | None = None,
    focus_nodes: Iterable[Node] | None = None,
    strict: bool = False,
    waived: Collection[Node] = (),
    beyond_core: BeyondCore = nothing,
) -> Report:
    """`Reference.evaluate` for a single data graph."""
    reference = Reference(
        shapes, ontology=ontology, strict=strict, waived=waived, beyond_core=beyond_core
    )
    return reference.evaluate(data, focus_nodes=focus_nodes)


def validate_focus(
    data: Graph,
    shapes: Graph,
    shape: Node,
    focus: Node,
    *,
    ontology: Graph | None = None,
    strict: bool = False,
    waived: Collection[Node] = (),
) -> list[Result]:
    """`Reference.validate_focus` for a single data graph."""
    reference = Reference(shapes, ontology=ontology, strict=strict, waived=waived)
    return reference.validate_focus(data, shape, focus)
