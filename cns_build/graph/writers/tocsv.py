# SPDX-License-Identifier: Apache-2.0
"""Reports in CSV (RFC 4180): a row for each result, without what explains it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cns_build.diagnostics import Locate, Position
from cns_build.graph.report import Report
from cns_build.graph.writers.names import message, plain, plain_path

_QUOTED = re.compile(r'[,"\r\n]')
_COLUMNS = (
    "focusNode",
    "resultPath",
    "value",
    "sourceShape",
    "sourceConstraintComponent",
    "resultSeverity",
    "resultMessage",
    "dataPosition",
    "shapePosition",
)


def to_csv(report: Report, locate: Locate) -> Iterator[str]:
    """Yield a line of names and one for each result; terms as in JSON."""
    yield _row(_COLUMNS)
    for result in report.results:
        yield _row(
            (
                plain(result.focus),
                plain_path(result.path),
                plain(result.value),
                plain(result.shape),
                plain(result.component),
                plain(result.severity),
                message(result),
                _place(result.position),
                _place(locate(result.origin) if result.origin else None),
            )
        )


def _row(fields: tuple[str | None, ...]) -> str:
    return ",".join(_field(text or "") for text in fields) + "\r\n"


def _field(text: str) -> str:
    if _QUOTED.search(text):
        return '"{}"'.format(text.replace('"', '""'))
    return text


def _place(position: Position | None) -> str:
    return str(position) if position else ""
