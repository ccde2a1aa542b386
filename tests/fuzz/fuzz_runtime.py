# SPDX-License-Identifier: Apache-2.0
"""Random violations, terms and values through the C runtime, under ASan and UBSan."""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path

from tests.runtime import toolchain

SOURCE = Path(__file__).with_suffix(".c")
BATCH = 5_000


def run(seconds: int, seed: int) -> int:
    """Fuzz for about so long; return the number of cases.

    Raises AssertionError with the seed of the batch, and what the sanitizer says, on a failure.
    """
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, SOURCE.stem)
        toolchain.compile_c(
            "gcc", *toolchain.C11, *toolchain.SANITIZERS, SOURCE, *toolchain.CORE, output=program
        )
        return fuzz(program, seconds, seed)


def fuzz(program: Path, seconds: int, seed: int) -> int:
    """Run batches of consecutive seeds until the time is over, and at least one."""
    end = time.monotonic() + seconds
    batches = 0
    while batches == 0 or time.monotonic() < end:
        words = [str(program), str((seed + batches) % 2**32), str(BATCH)]
        result = subprocess.run(words, capture_output=True, text=True)
        assert result.returncode == 0, f"{' '.join(words)}\n{result.stderr}"
        batches += 1
    return batches * BATCH
