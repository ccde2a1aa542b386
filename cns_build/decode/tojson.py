# SPDX-License-Identifier: Apache-2.0
"""Answers for other programs: JSON with all that the dump holds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from cns_build.decode import contract
from cns_build.decode.answers import Answer, Decoded, Finding
from cns_build.decode.clock import Clock
from cns_build.decode.table import finding_text
from cns_build.decode.turtle import term


def to_json(decoded: Sequence[Decoded], clock: Clock) -> str:
    """Return an array with an object for each dump."""
    content = [_dump(one, clock) for one in decoded]
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _dump(decoded: Decoded, clock: Clock) -> dict[str, Any]:
    return {
        "file": decoded.file,
        "lost": decoded.dump.lost,
        "remarks": list(decoded.dump.remarks),
        "answers": [_answer(answer, clock) for answer in decoded.answers],
    }


def _answer(answer: Answer, clock: Clock) -> dict[str, Any]:
    dispatch, verdict, ticks = answer.dispatch, answer.verdict, answer.timestamp
    return {
        "sequence": answer.sequence,
        "model": answer.model.model if answer.model else None,
        "fingerprint": f"{answer.fingerprint:08x}",
        "kind": answer.kind,
        "signal": answer.signal,
        "flags": dispatch.flags if dispatch else None,
        "timestamp": ticks,
        "time": None if ticks is None else clock.moment(ticks),
        "status": contract.status_text(verdict.status) if verdict else None,
        "conforms": answer.conforms,
        "steps": verdict.steps if verdict else None,
        "count": verdict.count if verdict else None,
        "truncated": verdict.truncated if verdict else None,
        "missing": answer.missing,
        "violations": [_finding(finding, answer) for finding in answer.findings],
    }


def _finding(finding: Finding, answer: Answer) -> dict[str, Any]:
    check, value = finding.check, finding.value
    focus = finding.focus.term
    return {
        "index": finding.index,
        "detail_of": finding.detail_of,
        "check": finding.number,
        "focus": term(focus) if focus is not None else None,
        "value": term(value.term) if value and value.term is not None else None,
        "path": check.path if check else None,
        "component": check.component if check else None,
        "severity": check.severity.value if check else None,
        "shape": check.shape.value if check and check.shape else None,
        "message": check.message if check else None,
        "file": check.file if check else None,
        "line": check.line if check else None,
        "text": finding_text(finding, answer).strip(),
    }
