# SPDX-License-Identifier: Apache-2.0
"""What libFuzzer makes of N-Triples and N-Quads, through the reader under ASan and UBSan.

The seeds are the documents of tests/host, one for each production and fault.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.host.documents import CASES, data_of
from tests.paths import RUNTIME
from tests.runtime import toolchain

SOURCE = Path(__file__).with_suffix(".c")
CORE = RUNTIME / "text.c"  # what the reader needs of it
SANITIZERS = ("-g", "-fsanitize=address,undefined,fuzzer", "-fno-sanitize-recover=all")
# The first byte of an input: bit 0 N-Quads, bit 1 lenient, then the size of pieces, less 1.
HOWS = (b"\x00", b"\x03", b"\x11", b"\x42")


@dataclass(frozen=True)
class Counts:
    """How many inputs were tried and well-formed, and how many triples were read."""

    tried: int
    accepted: int
    triples: int


def run(seconds: int, seed: int) -> int:
    """Fuzz for about so long; return the number of cases.

    Raises AssertionError with the seed, the input, and what the sanitizer says, on a failure.
    """
    with tempfile.TemporaryDirectory() as folder:
        program = build(Path(folder))
        counts = fuzz(program, seeds(Path(folder)), seconds, seed)
    print(f"graph_reader: {counts.accepted} of {counts.tried} accepted, {counts.triples} triples")
    return counts.tried


def build(folder: Path, sources: Path = toolchain.HOST) -> Path:
    """Compile the fuzzer, with the files of runtime/host in `sources`."""
    program = folder / SOURCE.stem
    flags = (*toolchain.C11, f"-I{sources}", "-O1", *SANITIZERS)
    files = (sources / "ntriples.c", sources / "terms.c", CORE)
    toolchain.compile_c("clang", *flags, SOURCE, *files, output=program)
    return program


def seeds(folder: Path) -> Path:
    """Write the corpus that the fuzzer begins with."""
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, case in enumerate(CASES.values()):
        (corpus / str(number)).write_bytes(HOWS[number % len(HOWS)] + data_of(case))
    return corpus


def fuzz(program: Path, corpus: Path, seconds: int, seed: int) -> Counts:
    """Run the fuzzer from a corpus, to which it adds."""
    options = {
        "max_total_time": max(seconds, 1),
        "seed": seed % 2**32 or 1,  # 0 would be one of its own choice
        "max_len": 1024,
        "timeout": 20,
        "artifact_prefix": f"{corpus}/",
    }
    words = [str(program), *(f"-{name}={value}" for name, value in options.items()), str(corpus)]
    result = subprocess.run(words, capture_output=True, text=True, errors="replace")
    assert result.returncode == 0, f"{' '.join(words)}\n{result.stderr}"
    found = re.search(r"accepted: (\d+) of (\d+)\nstat::triples: (\d+)", result.stderr)
    assert found is not None, result.stderr
    return Counts(int(found[2]), int(found[1]), int(found[3]))
