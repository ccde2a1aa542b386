# SPDX-License-Identifier: Apache-2.0
"""Random violations, terms and values through the C runtime, under ASan and UBSan."""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path

from cns_build.backend.patterns import Patterns
from cns_build.pattern import compile_pattern
from tests.runtime import toolchain

SOURCE = Path(__file__).with_suffix(".c")
BATCH = 5_000
# The first one is found where the letter is. The others have ranges of characters, tables of two
# sizes, anchors, and case.
PATTERNS = (
    ("a", ""),
    (r"^\p{L}[\p{L}\p{Nd}_]*$", ""),
    ("^[A-Z]{2}-[0-9]{1,4}$", "i"),
    ("^.{0,300}$", "s"),
    ("(a|é)[€-\uffff]|\\\\$", "m"),
    (r"\S\s\S", ""),
)


def run(seconds: int, seed: int) -> int:
    """Fuzz for about so long; return the number of cases.

    Raises AssertionError with the seed of the batch, and what the sanitizer says, on a failure.
    """
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, SOURCE.stem)
        Path(folder, "fuzz_patterns.h").write_text(_patterns(), "utf-8")
        flags = [*toolchain.C11, *toolchain.SANITIZERS, f"-I{folder}"]
        toolchain.compile_c("gcc", *flags, SOURCE, *toolchain.CORE, output=program)
        return fuzz(program, seconds, seed)


def _patterns() -> str:
    """Return C: the automata of the patterns, and an array of them."""
    made = Patterns("fuzz")
    names = [made.add(*pattern, compile_pattern(*pattern)) for pattern in PATTERNS]
    array = ", ".join(f"&{name}" for name in names)
    last = f"static const cns_pattern *const patterns[] = {{{array}}};\n"
    return "\n".join([*made.render(comments=False), "enum { LETTER_A };", last])


def fuzz(program: Path, seconds: int, seed: int, batch: int = BATCH) -> int:
    """Run batches of consecutive seeds until the time is over, and at least one."""
    end = time.monotonic() + seconds
    batches = 0
    while batches == 0 or time.monotonic() < end:
        words = [str(program), str((seed + batches) % 2**32), str(batch)]
        result = subprocess.run(words, capture_output=True, text=True)
        assert result.returncode == 0, f"{' '.join(words)}\n{result.stderr}"
        batches += 1
    return batches * batch
