# SPDX-License-Identifier: Apache-2.0
"""The record cases again: native handlers, naive and optimized images answer alike.

Native handlers are held against the reference by tests/test_records_cases.py.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cns_build import pipeline
from cns_build.bytecode.image import to_words
from tests.records.answers import Answer
from tests.records.native import Native, compile_model
from tests.records.oracle import Oracle
from tests.records.session import draw
from tests.test_records_cases import CASES, options_of

POLICIES = ("all", "first", "conforms")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for all models, beside which the runtime is compiled once."""
    folder = tmp_path_factory.mktemp("engines") / "models"
    folder.mkdir()
    return folder


def _build(case: Path, folder: Path, report: str) -> tuple[Native, list[list[int]]]:
    """The model with both engines, and its images: naive, optimized."""
    folder.mkdir(parents=True)
    options = replace(options_of(case.read_text()), engine="both", report=report)
    if report != "all":
        options = replace(options, detail=False)
    native = compile_model(folder, [case], options)
    images = []
    for optimize in (False, True):
        compiled = pipeline.compile_shapes(native.graph, options)
        image = pipeline.make_image(compiled, native.graph, replace(options, optimize=optimize))
        assert image is not None
        images.append(to_words(image))
    return native, images


def _said(answer: Answer) -> str:
    """An answer without its steps, as text: NaN and references are themselves there."""
    return repr(replace(answer, steps=0))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_images_answer_as_native_handlers(case: Path, models: Path) -> None:
    native, (naive, optimized) = _build(case, models / case.stem, "all")
    oracle = Oracle(native.graph, native.program, [str(case)])
    values = draw(oracle, native.program, 40, seed=11)
    wanted = native.answers(values)
    plain, better = native.answers(values, naive), native.answers(values, optimized)
    for value, expected, one, two in zip(values, wanted, plain, better, strict=True):
        assert _said(one) == _said(expected), f"naive: {value}"
        assert _said(two) == _said(expected), f"optimized: {value}"
        assert two.steps <= one.steps, value
