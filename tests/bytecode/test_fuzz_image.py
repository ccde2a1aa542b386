# SPDX-License-Identifier: Apache-2.0
"""A second of the fuzzer of images, and that it finds what is planted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.fuzz import fuzz_image
from tests.paths import RUNTIME
from tests.runtime import toolchain


def need_fuzzer(folder: Path) -> None:
    """Skip the test where clang has no libraries for its sanitizers, of which libFuzzer is one."""
    toolchain.need_sanitizers("clang", folder)


def test_a_second_finds_nothing(tmp_path: Path) -> None:
    need_fuzzer(tmp_path)
    assert fuzz_image.run(1, 1) > len(fuzz_image.TEXTS)


@pytest.mark.parametrize(
    ("file", "good", "bad"),
    [
        ("verify_data.c", "count <= length - offset", "count <= length"),
        ("verify.c", "return number < v->function.registers ?", "return number < 255 ?"),
        ("verify.c", "skip >= left ||", "skip >= left + 64 ||"),
    ],
    ids=["length", "register", "jump"],
)
def test_the_fuzzer_finds_a_fault(
    file: str, good: str, bad: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need_fuzzer(tmp_path)
    for source in [*toolchain.CORE, *RUNTIME.glob("*.h")]:
        shutil.copy(source, tmp_path)
    text = (tmp_path / file).read_text()
    assert text.count(good) == 1
    (tmp_path / file).write_text(text.replace(good, bad))
    monkeypatch.setattr(toolchain, "CORE", sorted(tmp_path.glob("*.c")))
    with pytest.raises(AssertionError, match="Sanitizer"):
        fuzz_image.run(60, 1)  # it ends with the first one
