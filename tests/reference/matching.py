# SPDX-License-Identifier: Apache-2.0
"""Whether two reports are the same, by the rules of the W3C suite.

Reports match when both conform or neither does, and their results are equal as multisets of
(focus, path, value, source shape, component, severity), up to one renaming of blank nodes.
Messages do not count. Any engine whose results are `Result`s can be compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from .paths import read_path
from .report import Report, Result
from .terms import RDF_TYPE, SH, TRUE, Triples, canonical

Row = tuple[object, ...]


def read_report(graph: Graph, node: Node | None = None) -> tuple[bool, list[Result]]:
    """sh:conforms and the results of a report in a graph: of `node`, or of its only report.

    Raises StopIteration where a mandatory property is missing.
    """
    triples = Triples(graph)
    report = node or next(iter(triples.subjects(RDF_TYPE, SH["ValidationReport"])))
    results = [_read_result(triples, result) for result in triples.objects(report, SH["result"])]
    return triples.has(report, SH["conforms"], TRUE), results


def _read_result(triples: Triples, node: Node) -> Result:
    def optional(name: str) -> Node | None:
        return next(iter(triples.objects(node, SH[name])), None)

    def mandatory(name: str) -> Node:
        return next(iter(triples.objects(node, SH[name])))

    path = optional("resultPath")
    messages = triples.objects(node, SH["resultMessage"])
    return Result(
        focus=mandatory("focusNode"),
        path=None if path is None else read_path(triples, path),
        value=optional("value"),
        source_shape=mandatory("sourceShape"),
        component=URIRef(str(mandatory("sourceConstraintComponent"))),
        severity=URIRef(str(mandatory("resultSeverity"))),
        messages=tuple(message for message in messages if isinstance(message, Literal)),
    )


def row(result: Result) -> Row:
    """The part of a result that counts."""
    return (
        canonical(result.focus),
        result.path,
        None if result.value is None else canonical(result.value),
        result.source_shape,
        result.component,
        result.severity,
    )


def differences(expected: Iterable[Result], actual: Iterable[Result]) -> list[str]:
    """One line for each result that only one side has, with blank nodes taken as they are."""
    wanted, given = Counter(map(row, expected)), Counter(map(row, actual))
    lines = [f"missing {_show(item)}" for item in (wanted - given).elements()]
    return lines + [f"extra {_show(item)}" for item in (given - wanted).elements()]


def _show(item: Row) -> str:
    return " ".join(part.n3() if isinstance(part, Node) else str(part) for part in item)


def same_report(expected: tuple[bool, list[Result]], actual: Report) -> bool:
    """Whether the reports match by the suite's rules."""
    conforms, results = expected
    return conforms == actual.conforms and same_results(results, actual.results)


def same_results(expected: Iterable[Result], actual: Iterable[Result]) -> bool:
    """Whether the results are equal as multisets up to a renaming of blank nodes."""
    return isomorphic(list(map(row, expected)), list(map(row, actual)))


def isomorphic(left: list[Row], right: list[Row]) -> bool:
    """Whether a bijection of blank nodes turns one multiset of rows into the other.

    Blank nodes are told apart by colour refinement; ties are broken by trying every choice.
    """
    return _match(left, right, dict.fromkeys(_blank(left), 0), dict.fromkeys(_blank(right), 0))


def _blank(rows: list[Row]) -> list[BNode]:
    return sorted({part for item in rows for part in item if isinstance(part, BNode)})


Colours = dict[BNode, int]


def _match(left: list[Row], right: list[Row], lefts: Colours, rights: Colours) -> bool:
    lefts, rights = _refine(left, right, lefts, rights)
    # Nodes of one colour occur equally often, so equal paintings have as many nodes of each.
    if _painted(left, lefts) != _painted(right, rights):
        return False
    tied = [colour for colour, count in Counter(lefts.values()).items() if count > 1]
    if not tied:
        return True
    fresh = max(lefts.values()) + 1
    chosen = next(node for node, colour in lefts.items() if colour == tied[0])
    return any(
        _match(left, right, {**lefts, chosen: fresh}, {**rights, candidate: fresh})
        for candidate, colour in rights.items()
        if colour == tied[0]
    )


def _refine(
    left: list[Row], right: list[Row], lefts: Colours, rights: Colours
) -> tuple[Colours, Colours]:
    """Split colours by the rows that nodes occur in, until no colour splits any more."""
    while True:
        signatures: dict[tuple[int, frozenset[tuple[Row, int]]], int] = {}
        new_lefts = _recolour(left, lefts, signatures)
        new_rights = _recolour(right, rights, signatures)
        if len(set(new_lefts.values())) == len(set(lefts.values())):
            return new_lefts, new_rights
        lefts, rights = new_lefts, new_rights


def _recolour(
    rows: list[Row],
    colours: Colours,
    signatures: dict[tuple[int, frozenset[tuple[Row, int]]], int],
) -> Colours:
    seen: dict[BNode, list[Row]] = {node: [] for node in colours}
    for item in rows:
        for node in {part for part in item if isinstance(part, BNode)}:
            own = tuple(index for index, part in enumerate(item) if part == node)
            seen[node].append((own, *_paint(item, colours)))
    return {
        node: signatures.setdefault(
            (colours[node], frozenset(Counter(occurrences).items())), len(signatures)
        )
        for node, occurrences in seen.items()
    }


def _paint(item: Row, colours: Colours) -> Row:
    return tuple(("blank", colours[p]) if isinstance(p, BNode) else p for p in item)


def _painted(rows: list[Row], colours: Colours) -> Counter[Row]:
    return Counter(_paint(item, colours) for item in rows)
