# SPDX-License-Identifier: Apache-2.0
"""From the entries of a dump to answers: a signal, its verdict and its violations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cns_build.decode import contract
from cns_build.decode.map import Check, ModelMap
from cns_build.decode.values import Value, node, read_value
from cns_build.decode.wire import Dispatch, Dump, Entry, Verdict, Violation


@dataclass(frozen=True, slots=True)
class Finding:
    """A violation; `check` is None where no map explains it. `detail_of` as in cns_violation."""

    number: int
    check: Check | None
    index: int
    detail_of: int
    focus: Value
    value: Value | None


@dataclass(slots=True)
class Answer:
    """What is left of one answer, from entry `sequence` on; `model` is None where no map fits."""

    sequence: int
    fingerprint: int
    model: ModelMap | None
    dispatch: Dispatch | None = None
    verdict: Verdict | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def signal(self) -> int | None:
        """The id of the signal; None when it is not known."""
        first = self.dispatch or self.verdict
        return first.signal if first else None

    @property
    def timestamp(self) -> int | None:
        """The application's clock, when the signal's entry is left."""
        return self.dispatch.timestamp if self.dispatch else None

    @property
    def kind(self) -> str | None:
        """The name of the kind or its number; None when it is not known."""
        first = self.dispatch or self.verdict
        if first is None or first.kind is None:
            return None
        names = self.model.kinds if self.model else {}
        return names.get(first.kind, str(first.kind))

    @property
    def conforms(self) -> bool | None:
        """Whether the record conforms; None when nothing was validated or the verdict is lost."""
        if self.verdict is None:
            return False if self.findings else None
        return self.verdict.conforms if self.verdict.status == contract.OK else None

    @property
    def missing(self) -> int:
        """How many violations of the result are not in the dump, as far as is known."""
        if self.verdict is None:
            return self.findings[0].index if self.findings else 0
        return max(self.verdict.count - len(self.findings), 0)


@dataclass(frozen=True, slots=True)
class Decoded:
    """One dump, explained; `file` is where it comes from."""

    file: str
    dump: Dump
    answers: tuple[Answer, ...]


def explain(file: str, dump: Dump, maps: Sequence[ModelMap]) -> Decoded:
    """Group the entries of a dump by what they answer."""
    known = {name: one for one in maps for name in one.names}
    answers: list[Answer] = []
    fingerprint, expected = dump.fingerprint, None
    for entry in dump.entries:
        if not isinstance(entry, Violation):
            fingerprint = entry.fingerprint
        follows = entry.sequence == expected
        if not (answers and follows and _continues(answers[-1], entry)):
            answers.append(Answer(entry.sequence, fingerprint, known.get(fingerprint)))
        _add(answers[-1], entry)
        expected = (entry.sequence + 1) % 2**32
    return Decoded(file, dump, tuple(answers))


def unknown_models(decoded: Decoded) -> Mapping[int, int]:
    """Return how many answers each model has that no map explains, by fingerprint."""
    counts: dict[int, int] = {}
    for answer in decoded.answers:
        if answer.model is None:
            counts[answer.fingerprint] = counts.get(answer.fingerprint, 0) + 1
    return counts


def _continues(answer: Answer, entry: Entry) -> bool:
    """Whether the entry belongs to the answer that the entry before it belongs to."""
    match entry:
        case Dispatch():
            return False
        case Verdict():
            return (
                answer.dispatch is not None
                and answer.verdict is None
                and not answer.findings
                and answer.fingerprint == entry.fingerprint
            )
        case Violation():
            in_turn = not answer.findings or entry.index == answer.findings[-1].index + 1
            return in_turn and (answer.verdict is not None or answer.dispatch is None)


def _add(answer: Answer, entry: Entry) -> None:
    match entry:
        case Dispatch():
            answer.dispatch = entry
        case Verdict():
            answer.verdict = entry
        case Violation():
            answer.findings.append(_finding(answer.model, entry))


def _finding(known: ModelMap | None, entry: Violation) -> Finding:
    checks = known.checks if known else ()
    return Finding(
        number=entry.check,
        check=checks[entry.check] if entry.check < len(checks) else None,
        index=entry.index,
        detail_of=entry.detail_of,
        focus=node(entry.focus, known),
        value=read_value(entry.tag, entry.value, known),
    )
