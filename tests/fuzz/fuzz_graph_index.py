# SPDX-License-Identifier: Apache-2.0
"""Random triples through the builder of graphs: lookups find what a plain table has."""

from __future__ import annotations

import random
import re
import subprocess
import tempfile
from pathlib import Path

from tests.fuzz.fuzz_graph_program import compile_fuzzer

SOURCE = Path(__file__).with_suffix(".c")
LONGEST = 1200


def run(seconds: int, seed: int) -> int:
    """Fuzz for about so long; return the number of cases. Raises AssertionError on a failure."""
    with tempfile.TemporaryDirectory() as folder:
        program = compile_fuzzer(SOURCE, Path(folder))
        corpus = Path(folder, "corpus")
        corpus.mkdir()
        chance = random.Random(seed)
        for number in range(20):
            (corpus / str(number)).write_bytes(chance.randbytes(chance.randrange(LONGEST)))
        options = {"max_total_time": max(seconds, 1), "seed": seed % 2**32 or 1, "timeout": 20}
        options["max_len"] = LONGEST
        words = [str(program), *(f"-{name}={value}" for name, value in options.items())]
        words += ["-print_final_stats=1", f"-artifact_prefix={corpus}/", str(corpus)]
        result = subprocess.run(words, capture_output=True, text=True, errors="replace")
        assert result.returncode == 0, f"{' '.join(words)}\n{result.stderr}"
        found = re.search(r"number_of_executed_units: (\d+)", result.stderr)
        assert found is not None, result.stderr
        return int(found[1])
