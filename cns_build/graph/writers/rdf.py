# SPDX-License-Identifier: Apache-2.0
"""Reports as RDF (SHACL 3.6): what Turtle, JSON-LD and rdflib write, in their own ways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from cns_build import model as m
from cns_build.frontend.convert import KEPT
from cns_build.graph.report import Report, Result
from cns_build.graph.terms import STRING
from cns_build.graph.writers.names import message

OPERATORS: Mapping[type, str] = MappingProxyType(
    {
        m.InversePath: "inversePath",
        m.ZeroOrMorePath: "zeroOrMorePath",
        m.OneOrMorePath: "oneOrMorePath",
        m.ZeroOrOnePath: "zeroOrOnePath",
    }
)
"""The property of a path of one other path."""


class Labels:
    """Blank nodes of the shapes and of the report, told apart from those of the data.

    The data's keep their labels; `b0` of the shapes is `shape-b0`.
    """

    def __init__(self, report: Report) -> None:
        self._taken = set(_labels(report.results))

    def of_shape(self, node: m.Node) -> m.Node:
        """Return a node of the shapes graph; one that a Python program knows keeps its label."""
        if isinstance(node, m.BlankNode) and node.label.startswith(KEPT):
            return m.BlankNode(node.label.removeprefix(KEPT))
        return node if isinstance(node, m.IRI) else m.BlankNode(self.fresh(f"shape-{node.label}"))

    def fresh(self, label: str) -> str:
        """Return a label that no node of the data has; the same one each time."""
        while label in self._taken:
            label += "_"
        return label


def _labels(results: Iterable[Result]) -> Iterator[str]:
    for result in results:
        for term in (result.focus, result.value):
            if isinstance(term, m.BlankNode):
                yield term.label
        yield from _labels(result.details)


def properties(result: Result, labels: Labels) -> Iterator[tuple[str, m.Term | m.Path | Result]]:
    """Yield the local name of each property in the SHACL namespace, and its value."""
    yield "focusNode", result.focus
    if result.path is not None:
        yield "resultPath", result.path
    if result.value is not None:
        yield "value", result.value
    yield "sourceShape", labels.of_shape(result.shape)
    if result.constraint is not None:
        yield "sourceConstraint", labels.of_shape(result.constraint)
    yield "sourceConstraintComponent", result.component
    yield "resultSeverity", result.severity
    for text in result.messages or (m.Literal(message(result), STRING),):
        yield "resultMessage", text
    for detail in result.details:
        yield "detail", detail
