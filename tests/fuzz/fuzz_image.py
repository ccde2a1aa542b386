# SPDX-License-Identifier: Apache-2.0
"""Images that libFuzzer makes of others, loaded, run and optimized under ASan and UBSan.

The seeds are texts of images: of those that the tests of the verifier load, and in images/.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cns_build.bytecode.image import NO_ENTRY
from tests.bytecode import images
from tests.runtime import toolchain

SOURCE = Path(__file__).with_suffix(".c")
TEXTS = (
    *sorted((SOURCE.parent.parent / "bytecode").glob("*ted/*.txt")),
    *sorted((SOURCE.parent / "images").glob("*.txt")),
)
RECORDS = 3  # of image_records.h
SANITIZERS = ("-g", "-fsanitize=address,undefined,fuzzer-no-link", "-fno-sanitize-recover=all")
FLAGS = (*toolchain.C11, "-O1", *SANITIZERS)
BY_SWITCH = ("-DCNS_VM_GOTO=0", "-Dcns_image_run=cns_image_run_by_switch")


@dataclass(frozen=True)
class Counts:
    """How many inputs were tried, how many of them accepted, and on how many records these ran."""

    tried: int
    accepted: int
    run: int


def run(seconds: int, seed: int) -> int:
    """Fuzz for about so long; return the number of cases.

    Raises AssertionError with the seed, the input, and what the sanitizer says, on a failure.
    """
    with tempfile.TemporaryDirectory() as folder:
        objects = Path(folder, "objects")
        objects.mkdir()
        for source in (SOURCE, *toolchain.CORE):
            compile_source(source, objects)
        program = link(objects, Path(folder))
        counts = fuzz(program, seeds(Path(folder)), seconds, seed)
    print(f"image: {counts.accepted} of {counts.tried} accepted, {counts.run} records")
    return counts.tried


def compile_source(source: Path, folder: Path) -> None:
    """Compile a source; the machine twice, once such that it finds instructions by a switch."""
    toolchain.compile_c("clang", *FLAGS, "-c", source, output=folder / f"{source.stem}.o")
    if source.name == "vm.c":
        other = folder / "by_switch.o"
        toolchain.compile_c("clang", *FLAGS, *BY_SWITCH, "-c", source, output=other)


def link(objects: Path, folder: Path) -> Path:
    """Make the fuzzer of the objects in a folder."""
    program = folder / SOURCE.stem
    files = sorted(objects.glob("*.o"))
    toolchain.compile_c("clang", *SANITIZERS, "-fsanitize=fuzzer", *files, output=program)
    return program


def seeds(folder: Path) -> Path:
    """Write the corpus that the fuzzer begins with."""
    corpus = folder / "corpus"
    corpus.mkdir()
    for path in TEXTS:
        case = images.read_case(path)
        entries = case.sections["entries"]
        entries += [NO_ENTRY] * (RECORDS - len(entries))
        (corpus / path.stem).write_bytes(images.encode(case.words()))
    return corpus


def fuzz(program: Path, corpus: Path, seconds: int, seed: int) -> Counts:
    """Run the fuzzer from a corpus, to which it adds."""
    options = {
        "max_total_time": max(seconds, 1),
        "seed": seed % 2**32 or 1,  # 0 would be one of its own choice
        "max_len": 4096,
        "timeout": 20,  # for one input: what is accepted ends
        "artifact_prefix": f"{corpus}/",
    }
    words = [str(program), *(f"-{name}={value}" for name, value in options.items()), str(corpus)]
    result = subprocess.run(words, capture_output=True, text=True, errors="replace")
    assert result.returncode == 0, f"{' '.join(words)}\n{result.stderr}"
    found = re.search(r"accepted: (\d+) of (\d+)\nstat::run: (\d+)", result.stderr)
    assert found is not None, result.stderr
    return Counts(int(found[2]), int(found[1]), int(found[3]))
