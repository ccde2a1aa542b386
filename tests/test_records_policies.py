# SPDX-License-Identifier: Apache-2.0
"""What a build may choose to hear changes how much handlers say, never what they decide."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cns_build.options import Options
from tests.records.answers import Answer
from tests.records.native import Native, compile_model
from tests.records.oracle import Oracle
from tests.records.session import draw

CASES = Path(__file__).parent / "records" / "cases"


def _compiled(case: str, folder: Path, report: str = "all", strings: str = "full") -> Native:
    folder.mkdir(parents=True)
    options = Options(name="m", report=report, strings=strings)
    return compile_model(folder, [CASES / f"{case}.ttl"], options)


@pytest.mark.parametrize(
    "case", ["class", "counts", "lists", "logic", "merged", "sequences", "languages", "orders"]
)
def test_policies_do_not_change_verdicts(case: str, tmp_path: Path) -> None:
    everything = _compiled(case, tmp_path / "all")
    oracle = Oracle(everything.graph, everything.program, [str(CASES / f"{case}.ttl")])
    values = draw(oracle, everything.program, count=20, seed=7)
    answers = everything.answers(values)
    several = [answer for answer in answers if len(answer.found) > 1]
    assert several, "some record has more than one violation"

    first = _compiled(case, tmp_path / "first", report="first").answers(values)
    assert _shown(first) == _shown([replace(a, found=a.found[:1]) for a in answers])

    verdicts = _compiled(case, tmp_path / "conforms", report="conforms").answers(values)
    assert _shown(verdicts) == _shown([replace(a, found=()) for a in answers])

    for strings in ("ids", "none"):
        terse = _compiled(case, tmp_path / strings, strings=strings).answers(values)
        assert _shown(terse) == _shown(answers)


def _shown(answers: list[Answer]) -> list[str]:
    """Answers as text, in which equal references look equal, without words for people."""
    return [str(replace(answer, texts=())) for answer in answers]
