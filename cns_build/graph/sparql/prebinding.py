# SPDX-License-Identifier: Apache-2.0
"""Pre-binding (SHACL appendix A): queries in which variables have values beforehand.

SHACL joins the values of pre-bound variables with each basic graph pattern and path of the
query's algebra. Each of them stands in a group, so the values are written at the start of all:

    SELECT $this { FILTER NOT EXISTS { $this ex:p ?value } }
    SELECT $this { VALUES ($this) { (ex:a) } FILTER NOT EXISTS {
                   VALUES ($this) { (ex:a) } $this ex:p ?value } }

That is the same: a join with one solution may be repeated, and `check` has refused MINUS, the
only operator for which it may not. The group that is a subquery has no place for them, its WHERE
has. A subquery that does not project $shapesGraph or $currentShape does not see them. A group in
which a variable is not mentioned needs no value of it, since the group around has one; nor does
OPTIONAL, whose FILTER sees the group around. Oxigraph is much faster without.

Since every solution in which $this matters then has it, those of different focus nodes never meet
in an operator, and one query can ask about many: `Prebound.splits` says where that does not hold.
What no query can name, such as a blank node, is the value of a function:
`BIND (<urn:cns:term:this>() AS $this)`. The store can also be given it, which is fast; then no
function is needed in a group that begins with triples of the variable.

GROUP BY gets the variables as well, which are constant in each group, so that HAVING sees them.
Oxigraph leaves ?g unbound in `GRAPH ?g { VALUES … }`, so an empty `GRAPH ?g { }` goes before it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from cns_build.graph.sparql.terms import written
from cns_build.graph.sparql.tokens import Token, tokens
from cns_build.model import Term

FUNCTION = "urn:cns:term:"
"""The functions of terms that no query can name; a variable's name follows."""

OPTIONAL = frozenset(("shapesGraph", "currentShape"))
"""Pre-bound variables that a subquery may leave out."""

_AGGREGATES = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")
_ALL = "*"
_ROW = ("this", "value")


def with_path(text: str, path: str) -> str:
    """Return a query with the text of a path in place of the variable PATH."""
    parts, at = [], 0
    for token in tokens(text):
        if token.variable == "PATH":
            parts += [text[at : token.start], f"({path})"]
            at = token.end
    return "".join((*parts, text[at:]))


def ends_with_group(text: str) -> bool:
    """Whether an ASK query has nothing behind its group, so that `as_select` can be asked."""
    return [token.keyword for token in tokens(text)][-1:] == ["}"]


def as_select(text: str) -> str:
    """Return the query for the focus and value nodes for which an ASK query is true."""
    ask = next(token for token in tokens(text) if token.keyword == "ASK")
    return f"{text[: ask.start]}SELECT DISTINCT $this $value {text[ask.end :]}"


@dataclass(slots=True)
class _Select:
    """A SELECT with the names it projects; `_ALL` is one of them for `*`.

    `begun` says that its WHERE has been met.
    """

    projects: frozenset[str]
    begun: bool = False
    aggregates: bool = False
    groups: bool = False

    @property
    def hidden(self) -> frozenset[str]:
        """The pre-bound variables that have no values inside."""
        return frozenset() if _ALL in self.projects else OPTIONAL - self.projects


@dataclass(frozen=True, slots=True)
class _Hole:
    """Where values go in: for the variables that it `sees`, of which triples bind `bound`.

    At a GROUP BY, which `groups`, it is names that go in.
    """

    sees: Collection[str]
    bound: Collection[str]
    groups: bool


@dataclass(slots=True)
class Prebound:
    """A query, cut at the holes where values or names of pre-bound variables go in.

    `holes` say which variables a hole is for, and which of them triples bind in any case.
    `splits` says that the solutions for different focus nodes have to be asked for one by one.
    """

    variables: frozenset[str]
    splits: bool = False
    _parts: list[str] = field(default_factory=list)
    _holes: list[_Hole] = field(default_factory=list)

    @classmethod
    def of(cls, text: str) -> Prebound:
        """Cut a query that has been checked."""
        found = list(tokens(text))
        made = cls(frozenset(token.variable for token in found if token.variable))
        main = _Select(frozenset([_ALL]))
        selects, scopes = [main], [main]
        part, cut = "", 0
        for number, token in enumerate(found):
            following = found[number + 1] if number + 1 < len(found) else token
            select = scopes[-1]
            sees: set[str] | None = None
            match token.keyword:
                case "{" if following.keyword == "SELECT":
                    selects.append(_Select(_projection(found[number + 2 :])))
                    scopes.append(selects[-1])
                case "{":
                    scopes.append(select)
                    sees = _mentioned(found, number) if select.begun else {*made.variables, *_ROW}
                    select.begun = True
                case "}":
                    scopes.pop()
                case "BY" if found[number - 1].keyword == "GROUP":
                    select.groups, sees = True, {*made.variables, *_ROW}
                case "GRAPH" if following.variable:
                    part += f"{text[cut : token.start]}GRAPH {following.text} {{ }} "
                    cut = token.start
                case "LIMIT" | "OFFSET":
                    made.splits = True
                case name if name in _AGGREGATES and following.text == "(":
                    select.aggregates = True
            if sees is not None:
                made._parts.append(part + text[cut : token.end])
                bound = _leading(found[number + 1 :])
                made._holes.append(_Hole(sees - select.hidden, bound, token.text != "{"))
                part, cut = "", token.end
        made._parts.append(part + text[cut:])
        made.splits = made.splits or any(s.aggregates and not s.groups for s in selects)
        return made

    def text(
        self,
        names: Sequence[str],
        rows: Sequence[Sequence[Term]],
        constants: Mapping[str, Term],
        given: Collection[str] = (),
    ) -> tuple[str, dict[str, Term]]:
        """Return the query for rows of terms and constants, and the terms of its functions.

        Several rows are written, and so must have terms that queries can name. `given` are the
        variables that the store is given besides.
        """
        used = dict(constants)
        table = _values(names, rows)
        if len(rows) == 1:
            used.update(zip(names, rows[0], strict=True))
            table = ""
        terms: dict[str, Term] = {}
        holes = []
        for hole in self._holes:
            seen = {name: term for name, term in used.items() if name in hole.sees}
            if hole.groups:
                holes.append("".join(f" ${name}" for name in {**dict.fromkeys(names), **seen}))
                continue
            if not self.splits:
                seen = {n: t for n, t in seen.items() if n not in given or n not in hole.bound}
            some = any(name in hole.sees for name in names)
            holes.append((table if some else "") + _table(seen, terms))
        pieces = zip(self._parts, [*holes, ""], strict=True)
        return "".join(part + hole for part, hole in pieces), terms


def _mentioned(found: Sequence[Token], opening: int) -> set[str]:
    """Return the variables in the group that opens at a token, also those of groups inside.

    In an OPTIONAL, those of its own FILTERs are left out.
    """
    is_optional = found[opening - 1].keyword == "OPTIONAL"
    names: set[str] = set()
    braces = parentheses = 0
    in_filter = False
    for token in found[opening + 1 :]:
        braces += {"{": 1, "}": -1}.get(token.keyword, 0)
        parentheses += {"(": 1, ")": -1}.get(token.keyword, 0)
        if braces < 0:
            break
        if token.keyword == "FILTER" and braces == 0:
            in_filter = is_optional
        elif token.text in (")", "}") and braces == parentheses == 0:
            in_filter = False
        if braces or not in_filter:
            names.add(token.variable)
    return names


def _leading(rest: Sequence[Token]) -> set[str]:
    """Return the variables in the triples with which a group begins."""
    names: set[str] = set()
    for token in rest:
        if token.keyword in ("{", "}", "FILTER", "BIND", "OPTIONAL", "GRAPH"):
            break
        names.add(token.variable)
    return names


def _projection(rest: Sequence[Token]) -> frozenset[str]:
    """Return the variables that a SELECT projects by name, without expressions."""
    names, depth = [], 0
    for token in rest:
        if token.keyword in ("WHERE", "FROM", "{"):
            break
        depth += {"(": 1, ")": -1}.get(token.keyword, 0)
        if depth == 0:
            names.append(_ALL if token.text == "*" else token.variable)
    return frozenset(names)


def _table(values: Mapping[str, Term], terms: dict[str, Term]) -> str:
    """Return the clauses that give variables their only values; functions go to `terms`."""
    named = {name: term for name, term in values.items() if written(term) is not None}
    text = _values(tuple(named), [tuple(named.values())]) if named else ""
    for name, term in values.items():
        if name not in named:
            function = f"{FUNCTION}{name}"
            terms[function] = term
            text += f" BIND (<{function}>() AS ${name})"
    return text + " "


def _values(names: Sequence[str], rows: Sequence[Sequence[Term]]) -> str:
    heading = " ".join(f"${name}" for name in names)
    lines = " ".join(f"({' '.join(str(written(term)) for term in row)})" for row in rows)
    return f" VALUES ({heading}) {{ {lines} }} "
