# SPDX-License-Identifier: Apache-2.0
"""Random literals of graphs through the C that reads and compares them, under ASan and UBSan."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.fuzz import fuzz_runtime
from tests.paths import RUNTIME
from tests.runtime import toolchain

SOURCE = Path(__file__).with_suffix(".c")
HOST = sorted((RUNTIME / "host").glob("literal*.c"))
# What these need of the runtime.
CORE = [RUNTIME / name for name in ("order.c", "term.c", "text.c", "value.c")]
BATCH = 50_000


def run(seconds: int, seed: int, compiler: str = "gcc") -> int:
    """Fuzz for about so long; return the number of cases.

    Raises AssertionError with the seed of the batch, and what the sanitizer says, on a failure.
    """
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, SOURCE.stem)
        flags = [*toolchain.C11, *toolchain.SANITIZERS, f"-I{HOST[0].parent}"]
        toolchain.compile_c(compiler, *flags, SOURCE, *HOST, *CORE, output=program)
        return fuzz_runtime.fuzz(program, seconds, seed, BATCH)
