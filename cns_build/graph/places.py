# SPDX-License-Identifier: Apache-2.0
"""Where in the data a focus node is first a subject, for results that do not say it.

Positions are only looked for in text of at most 8 MB: the parser does not tell them, and finding
them takes a second run of it, token by token.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from cns_build.diagnostics import Position
from cns_build.frontend.parse import Document
from cns_build.frontend.positions import Sources
from cns_build.graph.data import Source
from cns_build.graph.report import Report, Result
from cns_build.graph.terms import to_ntriples
from cns_build.model import IRI, Origin, Term

_MOST = 8_000_000
_NONE = IRI("")


def with_places(report: Report, sources: Sequence[Source]) -> Report:
    """Return the report with the positions of focus nodes, as far as they can be told."""
    wanted = {result.focus for result in report.results if result.position is None}
    if not wanted:
        return report
    places: dict[Term, Position] = {}
    for source in sources:
        found = _find(source, {to_ntriples(term): term for term in wanted})
        places |= {term: place for term, place in found if term not in places}
    return replace(report, results=tuple(_placed(r, places) for r in report.results))


def _placed(result: Result, places: dict[Term, Position]) -> Result:
    return replace(result, position=result.position or places.get(result.focus))


def _find(source: Source, wanted: dict[str, Term]) -> Iterator[tuple[Term, Position]]:
    """Yield each term that is a subject, once, with its first position."""
    if source.original is None or len(source.original[0]) > _MOST:
        return
    text, format_ = source.original
    lines = b"".join(source.chunks()).decode().splitlines()
    triples = ((_NONE, "", _NONE),) * len(lines)  # only their number counts
    sources = Sources([Document(source.name, text, format_, triples)])
    for ordinal, line in enumerate(lines):
        term = wanted.pop(line.split(" ", 1)[0], None)
        if term is not None:
            place = sources.locate(Origin(source.name, ordinal, "subject"))
            if place.line:
                yield term, place
