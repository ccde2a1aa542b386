# SPDX-License-Identifier: Apache-2.0
"""One batch of the runtime's fuzzer, and that it finds what is planted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.fuzz import fuzz_runtime
from tests.paths import RUNTIME
from tests.runtime import toolchain


def test_a_batch_finds_nothing() -> None:
    assert fuzz_runtime.run(0, 1) == fuzz_runtime.BATCH


@pytest.mark.parametrize(
    ("file", "good", "bad"),
    [
        ("format.c", "count <= out->room - out->written", "count <= out->room - out->written + 1"),
        ("text.c", "length > available", "length > available + 1"),
        ("value.c", " && value.scale <= MAX_SCALE", ""),
        ("text.c", "second > 0x9F", "second > 0xAF"),
        ("text.c", " || range.length == 0", ""),
        ("order.c", "a_beyond ? CNS_GREATER : CNS_LESS", "CNS_GREATER"),
    ],
    ids=["buffer", "character", "scale", "surrogate", "range", "order"],
)
def test_a_batch_finds_a_fault(
    file: str, good: str, bad: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for source in [*toolchain.CORE, *RUNTIME.glob("*.h")]:
        shutil.copy(source, tmp_path)
    text = (tmp_path / file).read_text()
    assert text.count(good) == 1
    (tmp_path / file).write_text(text.replace(good, bad))
    monkeypatch.setattr(toolchain, "CORE", sorted(tmp_path.glob("*.c")))
    with pytest.raises(AssertionError, match="fuzz_runtime 1 "):
        fuzz_runtime.run(0, 1)
