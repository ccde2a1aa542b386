# SPDX-License-Identifier: Apache-2.0
"""Reports in JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from cns_build.diagnostics import Locate, Position
from cns_build.graph.report import Report, Result
from cns_build.graph.writers.jsontext import JSON, streamed
from cns_build.graph.writers.names import message, plain, plain_path
from cns_build.model import Literal, Origin, Waiver


def to_json(report: Report, locate: Locate) -> Iterator[str]:
    """Yield one object; `docs/validate.md` describes it."""
    results = (result_object(result, locate) for result in report.results)
    tail = {
        "found": report.found,
        "unsupported": [waiver_object(waiver, locate) for waiver in report.unsupported],
        "unmatched": [plain(shape) for shape in report.unmatched],
        "skipped": report.skipped,
        "statistics": asdict(report.statistics),
    }
    yield from streamed({"conforms": report.conforms}, "results", results, tail)
    yield "\n"


def result_object(result: Result, locate: Locate) -> JSON:
    """Return a result as an object."""
    content: JSON = {
        "focusNode": plain(result.focus),
        "resultPath": plain_path(result.path),
        "value": plain(result.value),
        "sourceShape": plain(result.shape),
        "sourceConstraintComponent": plain(result.component),
        "resultSeverity": plain(result.severity),
        "resultMessage": message(result),
    }
    if len(result.messages) > 1 or any(text.language for text in result.messages):
        content["messages"] = [_message(text) for text in result.messages]
    if result.constraint is not None:
        content["sourceConstraint"] = plain(result.constraint)
    if result.position is not None:
        content["data"] = _place(result.position)
    if result.origin is not None:
        content["shapes"] = _place(locate(result.origin))
    if result.details:
        content["details"] = [result_object(detail, locate) for detail in result.details]
    return content


def _message(text: Literal) -> JSON:
    return {"text": text.lexical, "language": text.language}


def waiver_object(waiver: Waiver, locate: Locate) -> JSON:
    """Return what a waiver left out as an object."""
    return {"name": waiver.name, "what": waiver.what, **_origin(waiver.origin, locate)}


def _origin(origin: Origin | None, locate: Locate) -> JSON:
    return {"shapes": _place(locate(origin))} if origin else {}


def _place(position: Position) -> JSON:
    if not position.line:
        return {"file": position.file}
    return {"file": position.file, "line": position.line, "column": position.column}
