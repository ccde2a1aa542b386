# SPDX-License-Identifier: Apache-2.0
"""Shapes that others wrote: images answer as native handlers, before and after the optimizer.

Native handlers are held against the reference by tests/test_records_real.py.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cns_build.bytecode.image import from_words
from tests import real_files
from tests.bytecode.test_engines import images_of, said
from tests.real_files import COMPILED, RECIPES
from tests.records.generate import Generator
from tests.records.native import compile_model

_RECORDS = 4  # of each type


# By default a third of the files; ./dev test --all takes all.
@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=[pytest.mark.slow] if i % 3 else []) for i, n in enumerate(COMPILED)],
)
def test_images_answer_as_native_handlers(name: str, tmp_path: Path) -> None:
    options = replace(real_files.options(name, RECIPES[name].some), engine="both")
    folder = tmp_path / "model"
    folder.mkdir()
    native = compile_model(
        folder, real_files.shapes(name), options, ontologies=real_files.ontologies(name)
    )
    generator = Generator(native.program, seed=5)
    names = [function.record for function in native.program.functions] * _RECORDS
    values = [generator.record(n, wild=0.15 * (i % 4)) for i, n in enumerate(names)]
    naive, optimized = images_of(native, options)
    wanted = native.answers(values)
    before, after = native.answers(values, naive), native.answers(values, optimized)
    for value, expected, one, two in zip(values, wanted, before, after, strict=True):
        assert said(one) == said(expected), f"naive: {value}"
        assert said(two) == said(expected), f"optimized: {value}"
        assert two.steps <= one.steps, value
    assert from_words(optimized).code_words <= from_words(naive).code_words
