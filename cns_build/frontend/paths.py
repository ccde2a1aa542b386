# SPDX-License-Identifier: Apache-2.0
"""Property paths (SHACL 2.3.1)."""

from __future__ import annotations

from collections.abc import Callable

from cns_build.diagnostics import Diagnostic
from cns_build.frontend.graph import FIRST, NIL, REST, Graph, IllFormed, Value, read_list
from cns_build.frontend.terms import PROPERTY_PATHS
from cns_build.model import (
    IRI,
    AlternativePath,
    InversePath,
    Literal,
    OneOrMorePath,
    Path,
    PredicatePath,
    SequencePath,
    Term,
    ZeroOrMorePath,
    ZeroOrOnePath,
)
from cns_build.vocabulary import SH

MAX_DEPTH = 100
"""Levels of nesting in one path; a deeper one is an error."""

_UNARY: dict[str, Callable[[Path], Path]] = {
    SH + "inversePath": InversePath,
    SH + "zeroOrMorePath": ZeroOrMorePath,
    SH + "oneOrMorePath": OneOrMorePath,
    SH + "zeroOrOnePath": ZeroOrOnePath,
}


def read_path(graph: Graph, value: Value, warn: Callable[[Diagnostic], None]) -> Path:
    """Return the path that `value` denotes. Raises IllFormed; doubtful forms go to `warn`."""
    return _Reader(graph, warn).read(value, ())


class _Reader:
    def __init__(self, graph: Graph, warn: Callable[[Diagnostic], None]) -> None:
        self._graph = graph
        self._warn = warn

    def read(self, value: Value, above: tuple[Term, ...]) -> Path:
        """Return the path at `value`; `above` are the path nodes that lead to it."""
        node = value.term
        if node == NIL:
            raise self._error(value, "a path cannot be an empty list", "name a predicate")
        if isinstance(node, IRI):
            return PredicatePath(node)
        if isinstance(node, Literal):
            raise self._error(value, "a path cannot be a literal", "name a predicate")
        if node in above:
            raise self._error(value, "the path leads back into itself", "break the cycle")
        if len(above) == MAX_DEPTH:
            message = f"the path is nested deeper than {MAX_DEPTH} levels"
            raise self._error(value, message, "shorten it")
        statements = self._graph.statements(node)
        operators = [p for p in statements if p in PROPERTY_PATHS]
        if REST in statements or FIRST in statements:
            if operators:
                self._warn_mixed(value, operators[0])
            return self._sequence(value, above)
        if len(operators) != 1:
            raise self._no_operator(value, operators)
        operands = statements[operators[0]]
        if len(operands) != 1:
            name = f"sh:{operators[0].removeprefix(SH)}"
            raise self._error(operands[1], f"a path has two values of {name}", "keep one")
        return self._operator(operators[0], operands[0], (*above, node))

    def _operator(self, operator: str, operand: Value, above: tuple[Term, ...]) -> Path:
        if operator in _UNARY:
            return _UNARY[operator](self.read(operand, above))
        return self._members(operand, above, AlternativePath, "an alternative path")

    def _sequence(self, value: Value, above: tuple[Term, ...]) -> Path:
        return self._members(value, (*above, value.term), SequencePath, "a sequence path")

    def _members(
        self,
        head: Value,
        above: tuple[Term, ...],
        combine: Callable[[tuple[Path, ...]], Path],
        what: str,
    ) -> Path:
        paths = tuple(self.read(member, above) for member in read_list(self._graph, head))
        if not paths:
            raise self._error(head, f"{what} has no members", "list two paths or more")
        if len(paths) == 1:
            self._warn(self._diagnostic(head, f"{what} has one member", "list two or more"))
            return paths[0]
        return combine(paths)

    def _no_operator(self, value: Value, operators: list[str]) -> IllFormed:
        if not operators:
            return self._error(
                value,
                "not a path: the node is no predicate, no list, and has no path operator",
                "name a predicate, or use sh:inversePath, sh:alternativePath and the like",
            )
        names = " and ".join(f"sh:{p.removeprefix(SH)}" for p in operators)
        return self._error(value, f"a path node has both {names}", "nest one in the other")

    def _warn_mixed(self, value: Value, operator: str) -> None:
        name = f"sh:{operator.removeprefix(SH)}"
        message = f"the path is a list and has {name}; it is read as the list"
        self._warn(self._diagnostic(value, message, f"remove {name}"))

    def _diagnostic(self, value: Value, message: str, fix: str) -> Diagnostic:
        return Diagnostic(message, self._graph.origin(value.number), fix, "warning")

    def _error(self, value: Value, message: str, fix: str) -> IllFormed:
        return IllFormed(message, self._graph.origin(value.number), fix)
