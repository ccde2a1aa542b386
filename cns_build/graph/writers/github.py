# SPDX-License-Identifier: Apache-2.0
"""Reports as annotations of GitHub: each result at the line of its focus node."""

from __future__ import annotations

from collections.abc import Iterator

from cns_build.diagnostics import Locate, printable
from cns_build.github import annotation
from cns_build.graph.report import Report, Result
from cns_build.graph.severity import LEVELS, WORDS
from cns_build.graph.writers.names import Names, constraint_name, result_lines


def to_github(report: Report, locate: Locate) -> Iterator[str]:
    """Yield an annotation for each result; where the data have no line, the constraint has."""
    names = Names(report.prefixes)
    for result in report.results:
        yield _annotation(result, names, locate)


def _annotation(result: Result, names: Names, locate: Locate) -> str:
    lines = [printable(line) for line in result_lines(result, names)]
    origin = locate(result.origin) if result.origin else None
    if origin and result.position:
        lines.append(printable(f"{origin}: the constraint"))
    title = constraint_name(result, names)
    severity = LEVELS[WORDS.get(result.severity.value, "violation")]
    return annotation(severity, result.position or origin, printable(title), "\n".join(lines))
