# SPDX-License-Identifier: Apache-2.0
"""Small models, one for each constraint and type: handlers answer as the reference does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cns_build.options import DEFAULT_DEPTH, Options
from tests.records.native import Comparison, compile_model
from tests.records.oracle import Oracle
from tests.records.session import compare

CASES = sorted((Path(__file__).parent / "records" / "cases").glob("*.ttl"))


def options_of(text: str) -> Options:
    """What the comments of a case ask: `# record: NAME`, `# depth: N`, `# inline`, `# detail`."""
    depth = re.findall(r"^# depth: (\d+)$", text, re.MULTILINE)
    return Options(
        name="m",
        records=tuple(re.findall(r"^# record: (.*)$", text, re.MULTILINE)),
        inline_strings="\n# inline\n" in text,
        detail="\n# detail\n" in text,
        depth=int(depth[0]) if depth else DEFAULT_DEPTH,
    )


def _comparison(case: Path, folder: Path) -> Comparison:
    target = folder / case.stem
    target.mkdir(parents=True)
    options = options_of(case.read_text())
    native = compile_model(target, [case], options)
    oracle = Oracle(native.graph, native.program, [str(case)], detail=options.detail)
    return Comparison(native, oracle)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for all models, beside which the runtime is compiled once."""
    folder = tmp_path_factory.mktemp("records") / "models"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_handlers_answer_as_the_reference(case: Path, models: Path) -> None:
    comparison = _comparison(case, models)
    differences, silent = compare(comparison, count=40, seed=7)
    assert not differences, f"{len(differences)} differences, such as\n{differences[0]}"
    # Checks that the type of a value makes impossible to violate are there, and stay silent.
    allowed = int((re.findall(r"^# silent: (\d+)", case.read_text(), re.MULTILINE) or ["0"])[0])
    assert len(silent) <= allowed, "\n".join(silent)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_handlers_answer_as_the_reference_on_many_records(case: Path, models: Path) -> None:
    differences, _ = compare(_comparison(case, models / "many"), count=300, seed=8)
    assert not differences, f"{len(differences)} differences, such as\n{differences[0]}"
