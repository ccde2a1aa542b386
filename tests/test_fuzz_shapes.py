# SPDX-License-Identifier: Apache-2.0
"""A short, repeatable run of the fuzzer of shapes; `./dev fuzz shapes` runs longer ones."""

from __future__ import annotations

import random

import pytest

from tests.fuzz import fuzz_shapes
from tests.test_denote import WEIRD

MODELS = 6
LIST_OF_ONE = """ex:S a sh:NodeShape ; sh:targetClass ex:A ; sh:property
  [ sh:path ( ex:q [ sh:zeroOrMorePath rdf:rest ] rdf:first ) ; sh:minInclusive 2.5 ] ,
  [ sh:path ex:q ; sh:maxCount 1 ] .
"""


@pytest.mark.filterwarnings(WEIRD)
def test_random_models_answer_like_the_reference() -> None:
    compared = fuzz_shapes.run(seconds=3600, seed=1, most=MODELS)
    assert compared >= MODELS // 3, "most models are refused: the fuzzer finds little"


def test_a_seed_draws_the_same_models() -> None:
    first, again = (fuzz_shapes.Drawing(random.Random("7/0")).model() for _ in range(2))
    assert first == again != fuzz_shapes.Drawing(random.Random("7/1")).model()


@pytest.mark.filterwarnings(WEIRD)
def test_lists_of_one_member_are_lists() -> None:
    """A capacity of 1, which the build may choose, makes no member of the record of them."""
    assert fuzz_shapes.check(LIST_OF_ONE, "seed 4001, case 7") == "compared"
