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

_RULES: dict[str, str] = {
    SH + "inversePath": "path-inverse",
    SH + "zeroOrMorePath": "path-zero-or-more",
    SH + "oneOrMorePath": "path-one-or-more",
    SH + "zeroOrOnePath": "path-zero-or-one",
    SH + "alternativePath": "path-alternative",
}
"""The syntax rule of each operator: its node has that one triple, and no other."""


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
            message = "the path is an empty list; it is read as the predicate rdf:nil"
            self._warn(self._diagnostic(value, message, "name a predicate"))
        if isinstance(node, IRI):
            return PredicatePath(node)
        if isinstance(node, Literal):
            rule = "path-metarule" if above else "path-node"
            raise self._error(value, "a path cannot be a literal", "name a predicate", rule)
        if node in above:
            message, fix = "the path leads back into itself", "break the cycle"
            raise self._error(value, message, fix, "path-non-recursive")
        if len(above) == MAX_DEPTH:
            message = f"the path is nested deeper than {MAX_DEPTH} levels"
            raise self._error(value, message, "shorten it", "")
        statements = self._graph.statements(node)
        operators = [p for p in statements if p in PROPERTY_PATHS]
        if REST in statements or FIRST in statements:
            if operators:
                self._warn_mixed(value, operators[0])
            return self._sequence(value, above)
        if len(operators) != 1:
            raise self._no_operator(value, operators)
        operands = statements[operators[0]]
        name, rule = f"sh:{operators[0].removeprefix(SH)}", _RULES[operators[0]]
        if len(operands) != 1:
            message = f"a path has two values of {name}"
            raise self._error(operands[1], message, "keep one", rule)
        for predicate, values in statements.items():
            if predicate != operators[0]:
                message = f"a path node with {name} has another triple"
                where = self._graph.origin(values[0].number, "predicate")
                raise IllFormed(message, where, "move it to the shape", rule)
        return self._operator(operators[0], operands[0], (*above, node))

    def _operator(self, operator: str, operand: Value, above: tuple[Term, ...]) -> Path:
        if operator in _UNARY:
            return _UNARY[operator](self.read(operand, above))
        return AlternativePath(
            self._members(operand, above, "an alternative path", _RULES[operator])
        )

    def _sequence(self, value: Value, above: tuple[Term, ...]) -> Path:
        paths = self._members(value, (*above, value.term), "a sequence path", "path-sequence")
        return SequencePath(paths)

    def _members(
        self, head: Value, above: tuple[Term, ...], what: str, rule: str
    ) -> tuple[Path, ...]:
        members = read_list(self._graph, head)
        if len(members) < 2:
            count = "one member" if members else "no members"
            fix = "list two paths or more, or name the one without a list"
            raise self._error(head, f"{what} has {count}", fix, rule)
        return tuple(self.read(member, above) for member in members)

    def _no_operator(self, value: Value, operators: list[str]) -> IllFormed:
        if not operators:
            return self._error(
                value,
                "not a path: the node is no predicate, no list, and has no path operator",
                "name a predicate, or use sh:inversePath, sh:alternativePath and the like",
                "path-metarule",
            )
        names = " and ".join(f"sh:{p.removeprefix(SH)}" for p in operators)
        message, fix = f"a path node has both {names}", "nest one in the other"
        return self._error(value, message, fix, "path-metarule")

    def _warn_mixed(self, value: Value, operator: str) -> None:
        name = f"sh:{operator.removeprefix(SH)}"
        message = f"the path is a list and has {name}; it is read as the list"
        self._warn(self._diagnostic(value, message, f"remove {name}"))

    def _diagnostic(self, value: Value, message: str, fix: str) -> Diagnostic:
        where = self._graph.origin(value.number)
        return Diagnostic(message, where, fix, "warning", rule="odd-path")

    def _error(self, value: Value, message: str, fix: str, rule: str) -> IllFormed:
        return IllFormed(message, self._graph.origin(value.number), fix, rule)
