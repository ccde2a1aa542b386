# SPDX-License-Identifier: Apache-2.0
"""A second of the fuzzer of the reader, and that it finds what is planted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.fuzz import fuzz_graph_reader
from tests.host.documents import CASES, GOOD
from tests.runtime import toolchain

MOST_SECONDS = 60  # for a fault that is planted: the run ends with the first one

# By name: a file, what is right in it, and what is wrong.
FAULTS = {
    "newline": (
        "ntriples.c",
        "partial_length += size;\n        reader->after_return = false;",
        "partial_length += size;",
    ),
    "stride": ("ntriples.c", "for (; end - at >= 16; at", "for (; end - at >= 8; at"),
    "escape": ("ntriples.c", "*code > 0x10FFFF || ", ""),
    "unescaped": (
        "ntriples.c",
        "unescaped_length += (size_t)(to - room);",
        "unescaped_length = 0;",
    ),
    "room": ("ntriples.c", "reader->end) - reader->line_start)", "reader->end) - at)"),
    "leak": ("ntriples.c", "    free(reader->unescaped);\n", ""),
}


def test_a_second_finds_nothing(tmp_path: Path) -> None:
    toolchain.need_sanitizers("clang", tmp_path)
    program = fuzz_graph_reader.build(tmp_path)
    counts = fuzz_graph_reader.fuzz(program, fuzz_graph_reader.seeds(tmp_path), 1, seed=1)
    assert counts.tried > len(CASES)
    assert counts.accepted > len(GOOD)
    assert counts.triples > counts.tried / 20, "few lines are well-formed: little is read"


@pytest.mark.parametrize("name", FAULTS)
def test_the_fuzzer_finds_a_fault(name: str, tmp_path: Path) -> None:
    toolchain.need_sanitizers("clang", tmp_path)
    file, good, bad = FAULTS[name]
    sources = tmp_path / "sources"
    shutil.copytree(toolchain.HOST, sources)
    text = (sources / file).read_text()
    assert good in text
    (sources / file).write_text(text.replace(good, bad))
    program = fuzz_graph_reader.build(tmp_path, sources)
    with pytest.raises(AssertionError, match=r"Sanitizer|libFuzzer: deadly signal"):
        fuzz_graph_reader.fuzz(program, fuzz_graph_reader.seeds(tmp_path), MOST_SECONDS, seed=1)
