# SPDX-License-Identifier: Apache-2.0
"""Generated native handlers and images against hand-written C for the same checks, per record.

All get the same structs and fill the same kind of result. `native/bench.c` compares their results
on 100,000 records, spoiled in every field, then times them in turn. The message's text is checked
for being UTF-8 by the runtime's function in all or, where it is trusted, in none. The machine that runs images is also built with
a switch in the place of computed jumps; its baseline are generated handlers. Several
processes do so, as where a process lies in memory changes its branch prediction. Instructions are
counted by callgrind, for records that conform, in a build for x86-64-v3.
"""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench import Figure, figure
from tests.paths import ROOT
from tests.runtime import toolchain

FOLDER = Path(__file__).resolve().parent / "native"
MODELS = ("station", "numbers")
MESSAGES = ("message", "numbers")
HANDLERS = ("hand", "generated", "bytecode")
SWITCH = "bytecode, with a switch"
PROCESSES = 3


def run() -> list[Figure]:
    """Return ns and instructions per record of each handler, for two messages."""
    figures = []
    for trusted in (False, True):
        with tempfile.TemporaryDirectory() as name:
            figures += measure(Path(name), trusted)
    return figures


def measure(folder: Path, trusted: bool) -> list[Figure]:
    """Return the figures of one build, where text is trusted those of the message that has any."""
    generate(folder, *(["--trust-text"] if trusted else []))
    defines = ["-DTRUST_TEXT"] if trusted else []
    names = {"message": "message, text trusted"} if trusted else {n: n for n in MESSAGES}
    samples: dict[tuple[str, str], list[float]] = {}
    program = build(folder, "-march=native", *defines)
    switched = build(folder, "-march=native", "-DCNS_VM_GOTO=0", *defines, name="switch")
    for _ in range(PROCESSES):
        for what, handler, value in times(program, names):
            samples.setdefault((what, handler), []).append(value)
        for what, handler, value in times(switched, names):
            if handler == "bytecode":
                samples.setdefault((what, SWITCH), []).append(value)
    figures = [
        figure(f"{what}: {handler}", "ns", values, baseline(what, handler))
        for (what, handler), values in samples.items()
    ]
    return figures + instructions(folder, names, defines)


def times(program: Path, names: dict[str, str]) -> Iterator[tuple[str, str, float]]:
    """Yield what one process measures of the named messages: records, handler, ns."""
    for line in toolchain.run_program(program).splitlines():
        what, handler, value = line.split("\t")
        message, _, records = what.partition(", ")
        if message in names:
            yield f"{names[message]}, {records}", handler, float(value)


def baseline(what: str, handler: str) -> str | None:
    """Return the name of the figure that one is compared with: of the handler before it."""
    before = {"generated": "hand", "bytecode": "generated", SWITCH: "generated"}
    return f"{what}: {before[handler]}" if handler in before else None


def generate(folder: Path, *options: str) -> None:
    """Compile the shapes to C in `folder`, as a build does."""
    for model in MODELS:
        outputs = [f"{folder}/{model}.c", f"{folder}/{model}.h"]
        shapes = FOLDER / f"{model}.ttl"
        command = [sys.executable, "-m", "cns_build", "compile", "--strings", "none", *options]
        command += ["--engine", "both", "--shapes", str(shapes), "--name", model, "-o", *outputs]
        subprocess.run(command, cwd=ROOT, check=True)


def build(folder: Path, *flags: str, name: str = "bench") -> Path:
    """Build the benchmark from the generated files in `folder`; return the program."""
    program = folder / name
    sources = [*sorted(FOLDER.glob("*.c")), *sorted(folder.glob("*.c")), *toolchain.CORE]
    includes = [f"-I{folder}", f"-I{FOLDER}"]
    toolchain.compile_c(
        "gcc", *toolchain.C11, "-O3", *flags, *includes, *sources, "-lm", output=program
    )
    return program


def instructions(folder: Path, names: dict[str, str], defines: list[str]) -> list[Figure]:
    """Return instructions per record that conforms; none, and a word why, without valgrind."""
    if not shutil.which("valgrind"):
        print("  no valgrind: instructions are not counted (apt install valgrind)")
        return []
    # A processor may have instructions that valgrind does not know.
    flags = ["-march=x86-64-v3"] if platform.machine() == "x86_64" else []
    program = build(folder, *flags, *defines)
    figures = []
    for what, shown in names.items():
        for handler in HANDLERS:
            name = f"{shown}, all conform, instructions"
            counted = count(program, what, handler)
            found = figure(f"{name}: {handler}", "instr", [counted], baseline(name, handler))
            figures.append(found)
    return figures


def count(program: Path, what: str, handler: str) -> float:
    """Return the instructions per record of one handler, the loop over the records included."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    command += ["--toggle-collect=check_all*", str(program), what, handler, "0"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    collected = re.search(r"Collected : (\d+)", done.stderr)
    assert collected is not None, done.stderr
    records = int(done.stdout)
    assert int(collected[1]) > records
    return int(collected[1]) / records
