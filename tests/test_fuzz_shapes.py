# SPDX-License-Identifier: Apache-2.0
"""A short, repeatable run of the fuzzer of shapes; `./dev fuzz shapes` runs longer ones."""

from __future__ import annotations

import random

import pytest

from tests.fuzz import fuzz_shapes
from tests.test_denote import WEIRD

MODELS = 10


@pytest.mark.filterwarnings(WEIRD)
def test_random_models_answer_like_the_reference() -> None:
    compared = fuzz_shapes.run(seconds=3600, seed=1, most=MODELS)
    assert compared >= MODELS // 3, "most models are refused: the fuzzer finds little"


def test_a_seed_draws_the_same_models() -> None:
    first, again = (fuzz_shapes.Drawing(random.Random("7/0")).model() for _ in range(2))
    assert first == again != fuzz_shapes.Drawing(random.Random("7/1")).model()
