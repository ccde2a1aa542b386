# SPDX-License-Identifier: Apache-2.0
"""What SHACL asks of queries (5.2.1, 6.2.3, appendix A), before one is evaluated.

Oxigraph says whether a query is one, and what it projects. rdflib's parser gives the tree in
which what pre-binding forbids is looked for: an engine that only gives variables their values at
the start would answer such queries, and answer wrongly.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any

import pyoxigraph

from cns_build.diagnostics import Diagnostic
from cns_build.graph.sparql.prebinding import OPTIONAL
from cns_build.graph.sparql.tokens import Token, tokens
from cns_build.model import Custom, Query, Shape, Sparql

_FORBIDDEN = {
    "MinusGraphPattern": ("MINUS", "use FILTER NOT EXISTS"),
    "ServiceGraphPattern": ("SERVICE", "ask about the data at hand"),
    "InlineData": ("VALUES", "use FILTER ( … IN ( … ) )"),
    "ValuesClause": ("VALUES", "use FILTER ( … IN ( … ) )"),
}
_ANSWERS = {"ASK": pyoxigraph.QueryBoolean, "SELECT": pyoxigraph.QuerySolutions}
_PLACE = re.compile(r"error at (\d+):(\d+)")
_UNBOUND = "The SELECT contains a variable that is unbound"


def check(shapes: Iterable[Shape]) -> tuple[Diagnostic, ...]:
    """Return what is wrong with the queries of shapes, each query once."""
    found: dict[Diagnostic, None] = {}
    for shape in shapes:
        for constraint in shape.constraints:
            if isinstance(constraint, Sparql | Custom):
                found.update(dict.fromkeys(_Check(shape, constraint).diagnostics()))
    return tuple(found)


def query_of(constraint: Sparql | Custom) -> Query:
    """Return the query that decides a constraint."""
    return constraint.select if isinstance(constraint, Sparql) else constraint.validator


def prologue(query: Query) -> str:
    """Return the prefix declarations of a query, in one line."""
    return "".join(f"PREFIX {prefix}: <{name}> " for prefix, name in query.prefixes) + "\n"


class _Check:
    """A query, and the variables that are potentially pre-bound in it."""

    def __init__(self, shape: Shape, constraint: Sparql | Custom) -> None:
        self._query = query_of(constraint)
        self._asks = isinstance(constraint, Custom) and constraint.asks
        self._name = "sh:ask" if self._asks else "sh:select"
        self._is_property = shape.path is not None
        parameters = constraint.names if isinstance(constraint, Custom) else ()
        self._required = {"this", *parameters, *(["value"] if self._asks else [])}

    def diagnostics(self) -> Iterator[Diagnostic]:
        """Yield what is wrong: with the syntax, else with what is asked."""
        text = prologue(self._query) + self._query.text
        wrong = self._syntax(text)
        if wrong is not None:
            yield wrong
            return
        try:
            tree = _parse(text)
        except Exception as error:  # of many kinds, from deep inside the parser
            message = f"{self._name} cannot be checked for what SHACL forbids: {error}"
            yield self._wrong(message, "write it in SPARQL 1.1", "")
            return
        yield from self._forbidden(tree)
        yield from self._path(tree)

    # Syntax

    def _syntax(self, text: str) -> Diagnostic | None:
        rule = "ask-sparql" if self._asks else "select-query-valid"
        try:
            answer = pyoxigraph.Store().query(text)
        except SyntaxError as error:
            return self._unreadable(error, rule)
        except (RuntimeError, ValueError, OSError) as error:
            return self._wrong(f"{self._name} cannot be evaluated: {error}", "leave that out", "")
        form = "ASK" if self._asks else "SELECT"
        if not isinstance(answer, _ANSWERS[form]):
            return self._wrong(f"{self._name} is not of the form {form}", f"write {form}", rule)
        if isinstance(answer, pyoxigraph.QuerySolutions):
            names = [variable.value for variable in answer.variables]
            if "this" not in names:
                message, fix = "the query does not project $this", "add $this behind SELECT"
                return self._wrong(message, fix, "select-query-this")
        return None

    def _unreadable(self, error: SyntaxError, rule: str) -> Diagnostic:
        for token in tokens(self._query.text):
            prefix = token.text.partition(":")[0]
            if token.kind == "name" and prefix not in self._declared():
                message = f"the prefix {prefix}: is not declared for the query"
                fix = "declare it with sh:declare, and name what declares it with sh:prefixes"
                return self._wrong(message, fix, rule, token.start)
        reason = f": {_UNBOUND[0].lower()}{_UNBOUND[1:]}" if _UNBOUND in str(error) else ""
        place = _PLACE.search(str(error))
        at = None
        if place is not None and int(place.group(1)) > 1:  # the prefixes are line 1
            before = self._query.text.split("\n")[: int(place.group(1)) - 2]
            at = sum(len(line) + 1 for line in before) + int(place.group(2)) - 1
        return self._wrong(f"{self._name} is no SPARQL query{reason}", "correct it", rule, at)

    def _declared(self) -> set[str]:
        """Return the prefixes that the query may use; `_` is that of blank nodes."""
        found = {"_", *(prefix for prefix, _ in self._query.prefixes)}
        previous = ""
        for token in tokens(self._query.text):
            if previous == "PREFIX":
                found.add(token.text.partition(":")[0])
            previous = token.keyword
        return found

    # Restrictions

    def _forbidden(self, tree: Any) -> Iterator[Diagnostic]:
        rule = "pre-binding-limitations"
        for node in _nodes(tree):
            if node.name in _FORBIDDEN:
                word, fix = _FORBIDDEN[node.name]
                at = self._where(word)
                yield self._wrong(f"SHACL allows no {word} in queries", fix, rule, at)
            elif node.name in ("Bind", "GroupAs", "vars"):
                name = str(node.evar or "") if node.name == "vars" else str(node.var or "")
                if name in self._required | OPTIONAL:
                    message = f"${name} has a value beforehand and cannot get another by AS"
                    at = self._where(f"${name}", after="AS")
                    yield self._wrong(message, "take another variable", rule, at)
            elif node.name == "SubSelect":
                for name in sorted(self._required - _projected(node)):
                    message = f"a subquery does not project ${name}, which has a value beforehand"
                    at = self._where("SELECT", after="{")
                    yield self._wrong(message, f"add ${name} behind its SELECT", rule, at)

    def _path(self, tree: Any) -> Iterator[Diagnostic]:
        at = self._where("$PATH")
        if at is None:
            return
        if not self._is_property:
            message, fix = "a node shape has no path for $PATH", "use it in property shapes"
            yield self._wrong(message, fix, "", at)
        elif any(_misplaced(node) for node in _nodes(tree)):
            message = "$PATH stands for a path, and only a predicate can be one"
            yield self._wrong(message, "take another variable", "PATH-position", at)

    def _where(self, wanted: str, after: str = "") -> int | None:
        """Return where the first `KEYWORD` or `$variable` stands, behind the keyword `after`."""
        previous = ""
        for token in tokens(self._query.text):
            if after in ("", previous) and wanted in (token.keyword, f"${token.variable}"):
                return token.start
            previous = token.keyword
        return None

    def _wrong(self, message: str, fix: str, rule: str, at: int | None = None) -> Diagnostic:
        where = self._query.origin if at is None else replace(self._query.origin, character=at)
        return Diagnostic(message, where, fix, rule=rule)


def _parse(text: str) -> Any:
    from rdflib.plugins.sparql.parser import parseQuery  # only where there are queries: slow

    return parseQuery(_joined(text))


def _joined(text: str) -> str:
    """Return a query with `*`, `+` and `?` right behind paths, as rdflib wants them."""
    parts, at, previous = [], 0, Token("", "", 0)
    for token in tokens(text):
        if token.text in ("*", "+", "?") and (
            previous.kind in ("iri", "name") or previous.text == ")"
        ):
            parts.append(text[at : previous.end])
            at = token.start
        previous = token
    return "".join((*parts, text[at:]))


def _nodes(tree: Any) -> Iterator[Any]:
    """Yield the named nodes of rdflib's tree, outer ones first."""
    from rdflib.plugins.sparql.parserutils import CompValue

    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, CompValue):
            yield node
            pending += reversed(list(node.values()))
        elif isinstance(node, Collection) and not isinstance(node, str):
            pending += reversed(list(node))


def _projected(select: Any) -> set[str]:
    """Return the names that a subquery gives to the query around it."""
    if not select.projection:
        return set(_visible(select.where))
    return {str(part.evar or part.var) for part in select.projection}


def _visible(group: Any) -> Iterator[str]:
    """Yield the names of variables in scope at the end of a group (SPARQL 18.2.1)."""
    for part in group.part or ():
        match part.name:
            case "TriplesBlock":
                yield from (str(term) for triple in part.triples for term in triple)
            case "Bind":
                yield str(part.var)
            case "GraphGraphPattern":
                yield str(part.term)
                yield from _visible(part.graph)
            case "OptionalGraphPattern":
                yield from _visible(part.graph)
            case "GroupOrUnionGraphPattern":
                for inner in part.graph:
                    yield from _projected(inner) if inner.name == "SubSelect" else _visible(inner)


def _misplaced(node: Any) -> bool:
    """Whether the variable PATH is a direct part of a node, other than as a predicate."""
    from rdflib.term import Variable

    wanted = Variable("PATH")
    if node.name == "TriplesBlock":
        return any(
            term == wanted and number % 3 != 1
            for triples in node.triples
            for number, term in enumerate(triples)
        )
    direct = [x for v in node.values() for x in (v if isinstance(v, list) else [v])]
    return wanted in direct
