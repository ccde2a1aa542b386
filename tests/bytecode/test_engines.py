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
from cns_build.options import Options
from tests.records.answers import Answer
from tests.records.native import Native, compile_model
from tests.records.oracle import Oracle
from tests.records.session import draw
from tests.test_records_cases import CASES, options_of


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for all models, beside which the runtime is compiled once."""
    folder = tmp_path_factory.mktemp("engines") / "models"
    folder.mkdir()
    return folder


def images_of(native: Native, options: Options) -> list[list[int]]:
    """The words of the images of a model: naive, optimized."""
    compiled = pipeline.compile_shapes(native.graph, options)
    images = []
    for optimize in (False, True):
        image = pipeline.make_image(compiled, native.graph, replace(options, optimize=optimize))
        assert image is not None
        images.append(to_words(image))
    return images


def _build(case: Path, folder: Path, report: str) -> tuple[Native, list[list[int]]]:
    """The model with both engines, and its images."""
    folder.mkdir(parents=True)
    options = replace(options_of(case.read_text()), engine="both", report=report)
    if report != "all":
        options = replace(options, detail=False)
    native = compile_model(folder, [case], options)
    return native, images_of(native, options)


def said(answer: Answer) -> str:
    """An answer without its steps, as text: NaN and references are themselves there."""
    return repr(replace(answer, steps=0))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_images_answer_as_native_handlers(case: Path, models: Path) -> None:
    native, (naive, optimized) = _build(case, models / case.stem, "all")
    oracle = Oracle(native.graph, native.program, [str(case)])
    values = draw(oracle, native.program, 24, seed=11)
    wanted = native.answers(values)
    plain, better = native.answers(values, naive), native.answers(values, optimized)
    for value, expected, one, two in zip(values, wanted, plain, better, strict=True):
        assert said(one) == said(expected), f"naive: {value}"
        assert said(two) == said(expected), f"optimized: {value}"
        assert two.steps <= one.steps, value


@pytest.mark.parametrize("report", ["first", "conforms"])
@pytest.mark.parametrize("stem", ["counts", "lists", "recursive", "shared", "deep_logic"])
def test_images_stop_where_native_handlers_do(stem: str, report: str, models: Path) -> None:
    (case,) = (c for c in CASES if c.stem == stem)
    native, images = _build(case, models / f"{stem}_{report}", report)
    oracle = Oracle(native.graph, native.program, [str(case)])
    values = draw(oracle, native.program, 30, seed=12)
    wanted = native.answers(values)
    assert not all(a.conforms for a in wanted)
    for image in images:
        answers = native.answers(values, image)
        for value, expected, answer in zip(values, wanted, answers, strict=True):
            assert said(answer) == said(expected), value
