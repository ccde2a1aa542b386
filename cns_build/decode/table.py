# SPDX-License-Identifier: Apache-2.0
"""Answers for people: a line for each signal, and below it a line for each violation."""

from __future__ import annotations

from collections.abc import Sequence

from cns_build.decode import contract
from cns_build.decode.answers import Answer, Decoded, Finding
from cns_build.decode.clock import Clock
from cns_build.diagnostics import printable
from cns_build.ir.messages import prefixed
from cns_build.ir.sparql import term_text
from cns_build.vocabulary import SH

_HEADS = ("entry", "time", "kind", "signal")
_SEVERITIES = {SH + "Info": "info", SH + "Warning": "warning", SH + "Violation": "violation"}


def to_table(decoded: Sequence[Decoded], clock: Clock) -> str:
    """Return one table for each dump."""
    return "\n".join(_table(one, clock) for one in decoded)


def _table(decoded: Decoded, clock: Clock) -> str:
    rows = [_cells(answer, clock) for answer in decoded.answers]
    widths = [max(map(len, column)) for column in zip(_HEADS, *rows, strict=True)]
    lines = [_title(decoded), _row(_HEADS, widths, "answer")]
    for answer, cells in zip(decoded.answers, rows, strict=True):
        lines.append(_row(cells, widths, verdict_text(answer)))
        lines += [f"    {printable(finding_text(finding, answer))}" for finding in answer.findings]
    return "".join(f"{line}\n" for line in lines)


def _title(decoded: Decoded) -> str:
    names = {a.model.model if a.model else f"unknown {a.fingerprint:08x}" for a in decoded.answers}
    models = f", of {', '.join(sorted(names))}" if names else ""
    entries = _many(len(decoded.dump.entries), "entry", "entries")
    lost = f"; {decoded.dump.lost} older ones were overwritten" if decoded.dump.lost else ""
    return printable(f"{decoded.file}: {entries}{models}{lost}")


def _cells(answer: Answer, clock: Clock) -> tuple[str, ...]:
    time = "-" if answer.timestamp is None else clock.shown(answer.timestamp)
    signal = "-" if answer.signal is None else str(answer.signal)
    return str(answer.sequence), time, printable(answer.kind or "-"), signal


def _row(cells: Sequence[str], widths: Sequence[int], last: str) -> str:
    entry, time, kind, signal = cells
    left = (entry.rjust(widths[0]), time.rjust(widths[1]), kind.ljust(widths[2]))
    return "  ".join((*left, signal.rjust(widths[3]), last))


def verdict_text(answer: Answer) -> str:
    """Return what was answered, in words."""
    verdict = answer.verdict
    if verdict is None:
        if answer.findings:
            return "violations; what came before them is not in the dump"
        return "no answer in the dump: the handler was at work, or the entry is lost"
    if verdict.status != contract.OK:
        return contract.status_text(verdict.status)
    found = verdict.count + verdict.truncated
    words = "conforms" if verdict.conforms else _many(found, "violation", "violations")
    if not verdict.conforms and not found:
        words = "does not conform"
    notes = [words, f"{verdict.steps} steps"]
    if verdict.truncated:
        notes.append(f"{verdict.truncated} had no room in the result")
    if answer.missing:
        notes.append(f"{answer.missing} not in the dump")
    return ", ".join(notes)


def finding_text(finding: Finding, answer: Answer) -> str:
    """Return the line that cns_violation_format writes, as far as the trace knows it."""
    because = "  because " if finding.detail_of else ""
    check = finding.check
    if check is None:
        value = f" {finding.value.text}" if finding.value else ""
        return f"{because}result:{value}: check {finding.number}"
    prefixes = answer.model.prefixes if answer.model else {}
    severity = _SEVERITIES.get(check.severity.value, "result")
    subject = _subject(finding, check.path, check.value)
    reason = check.message or f"check {finding.number}"
    owner = f" in {term_text(check.owner, prefixes)}" if check.owner else ""
    return f"{because}{severity}:{subject}: {reason} [{prefixed(check.component)}{owner}]"


def _subject(finding: Finding, path: str, reported: str | None) -> str:
    words = [] if finding.focus.blank else [finding.focus.text]
    if path:
        words.append(path)
    if reported == "list":
        words.append("a list")
    elif reported == "term":
        words.append(finding.value.text if finding.value else "no term")
    elif not words:
        words.append("focus node")
    return "".join(f" {word}" for word in words)


def _many(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"
