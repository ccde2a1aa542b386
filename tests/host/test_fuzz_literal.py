# SPDX-License-Identifier: Apache-2.0
"""One batch of the fuzzer of literals under each compiler, and that it finds what is planted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.fuzz import fuzz_literal
from tests.runtime import toolchain


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_a_batch_finds_nothing(compiler: str, tmp_path: Path) -> None:
    toolchain.need_sanitizers(compiler, tmp_path)
    assert fuzz_literal.run(0, 1, compiler) == fuzz_literal.BATCH


@pytest.mark.parametrize(
    ("file", "good", "bad"),
    [
        ("literal_parts.h", "rest->at != rest->end && *rest", "*rest"),
        ("literal_number.c", "digits.length < room ?", "digits.length != room ?"),
        ("literal_number.c", "magnitude < far_exponent", "magnitude != far_exponent"),
        ("literal_number.c", "a->negative != b->negative", "a->negative && !b->negative"),
        ("literal_time.c", "rest->end - rest->at < 2", "rest->end - rest->at < 1"),
        ("literal_time.c", "-far_away < sum && sum", "sum"),
        ("literal_time.c", "order_of(apart - WIDEST", "order_of(apart + 1 - WIDEST"),
    ],
    ids=["letter", "digits", "exponent", "sign", "pair", "sum", "zone"],
)
def test_a_batch_finds_a_fault(
    file: str, good: str, bad: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for source in fuzz_literal.HOST[0].parent.glob("literal*"):
        shutil.copy(source, tmp_path)
    text = (tmp_path / file).read_text()
    assert text.count(good) == 1
    (tmp_path / file).write_text(text.replace(good, bad))
    monkeypatch.setattr(fuzz_literal, "HOST", sorted(tmp_path.glob("*.c")))
    with pytest.raises(AssertionError, match="fuzz_literal 1 "):
        fuzz_literal.run(0, 1)
