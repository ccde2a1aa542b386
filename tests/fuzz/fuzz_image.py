# SPDX-License-Identifier: Apache-2.0
"""Bytes that libFuzzer makes of good and bad images, as images, under ASan and UBSan."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

from tests.bytecode import images
from tests.runtime import toolchain

SOURCE = Path(__file__).with_suffix(".c")
TEXTS = sorted((SOURCE.parent.parent / "bytecode").glob("*ted/*.txt"))


def run(seconds: int, seed: int) -> int:
    """Fuzz for about so long; return the number of cases.

    Raises AssertionError with the seed, the input, and what the sanitizer says, on a failure.
    """
    with tempfile.TemporaryDirectory() as folder:
        program, corpus = Path(folder, SOURCE.stem), Path(folder, "corpus")
        corpus.mkdir()
        for path in TEXTS:
            words = images.read_case(path).words()
            (corpus / path.stem).write_bytes(images.encode(words))
        sanitizers = ["-O1", "-g", "-fsanitize=fuzzer,address,undefined"]
        flags = [*toolchain.C11, *sanitizers, "-fno-sanitize-recover=all"]
        toolchain.compile_c("clang", *flags, SOURCE, *toolchain.CORE, output=program)
        return fuzz(program, corpus, seconds, seed)


def fuzz(program: Path, corpus: Path, seconds: int, seed: int) -> int:
    """Run the fuzzer from a corpus, to which it adds; return how many inputs it tried."""
    options = {
        "max_total_time": max(seconds, 1),
        "seed": seed % 2**32 or 1,  # 0 would be one of its own choice
        "max_len": 4096,
        "print_final_stats": 1,
        "artifact_prefix": f"{corpus}/",
    }
    words = [str(program), *(f"-{name}={value}" for name, value in options.items()), str(corpus)]
    result = subprocess.run(words, capture_output=True, text=True)
    assert result.returncode == 0, f"{' '.join(words)}\n{result.stderr}"
    found = re.search(r"number_of_executed_units: (\d+)", result.stderr)
    assert found is not None, result.stderr
    return int(found[1])
