# SPDX-License-Identifier: Apache-2.0
"""Severities in order, and whether a report fails a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

from cns_build.graph.report import Report
from cns_build.vocabulary import SH

ORDER = ("info", "warning", "violation")
"""From the least severe; a severity that SHACL does not define counts as a violation."""

WORDS: Mapping[str, str] = MappingProxyType(
    {SH + "Info": "info", SH + "Warning": "warning", SH + "Violation": "violation"}
)

LEVELS: Mapping[str, str] = MappingProxyType(
    {"info": "note", "warning": "warning", "violation": "error"}
)
"""What compilers and code hosts call severities."""


def count(report: Report) -> dict[str, int]:
    """Return how many results are kept of each severity, by its word or IRI; the worst first."""
    found = Counter(result.severity.value for result in report.results)
    ordered = sorted(found.items(), key=lambda item: (-_rank(item[0]), item[0] not in WORDS, item))
    return {WORDS.get(severity, severity): number for severity, number in ordered}


def fails(report: Report, threshold: str) -> bool:
    """Whether there is a result of at least this severity; never, where that is the threshold.

    Results beyond a maximum, of which nothing is known, count as violations.
    """
    if threshold == "never":
        return False
    least = ORDER.index(threshold)
    kept = report.results
    return len(kept) < report.found or any(_rank(r.severity.value) >= least for r in kept)


def _rank(severity: str) -> int:
    return ORDER.index(WORDS.get(severity, "violation"))
