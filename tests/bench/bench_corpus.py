# SPDX-License-Identifier: Apache-2.0
"""Flash of the shapes that others wrote, on a Cortex-M0 at -Os: handlers and tables of each file.

A property is a member of a struct. The runtime, which all models of a program share, comes on top.
The last figures are one file with each choice of `strings:` and `report:`; text and tables are
read-only. Sizes are those of the compiler at hand.
"""

from __future__ import annotations

import dataclasses
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path

from cns_build.options import Options
from cns_build.pipeline import compile_shapes, generate
from tests import real_files
from tests.bench import Figure, figure
from tests.paths import ONTOLOGIES
from tests.runtime.toolchain import CORTEX_M0, INCLUDE

COMPILER, SIZE = "arm-none-eabi-gcc", "arm-none-eabi-size"
CHOICES = "spdx/shacl2code-test"
PLAIN = "strings: none, report: all"


def run() -> list[Figure]:
    """Return bytes per property, of each file and over all, and bytes by choice of the build."""
    missing = [tool for tool in (COMPILER, SIZE) if not shutil.which(tool)]
    if missing or not ONTOLOGIES.exists():
        print(f"  left out: needs {', '.join(missing) or ONTOLOGIES}")
        return []
    figures = []
    code, tables = [], []
    for name in real_files.COMPILED:
        properties, sizes = measure(name, strings="none")
        if properties:
            code.append(sizes["text"] / properties)
            tables.append(sizes["rodata"] / properties)
            figures.append(figure(f"{name}, code per property", "B", code[-1:]))
    figures.append(figure("all files, code per property", "B", code))
    figures.append(figure("all files, tables per property", "B", tables))
    print(f"  mean over the files: code {statistics.mean(code):.0f} B per property")
    return figures + choices()


def choices() -> list[Figure]:
    """Return the flash of one file by what its build wants to be told."""
    figures = []
    for strings in ("none", "full"):
        for report in ("all", "first", "conforms"):
            _, sizes = measure(CHOICES, strings=strings, report=report)
            name = f"strings: {strings}, report: {report}"
            base = None if name == PLAIN else f"{CHOICES}, {PLAIN}"
            figures.append(figure(f"{CHOICES}, {name}", "B", [sum(sizes.values())], base))
    return figures


def measure(name: str, *, strings: str, report: str = "all") -> tuple[int, dict[str, int]]:
    """Return the number of properties of a file's structs, and the bytes of code and tables."""
    graph, compiled = real_files.compiled(name)
    wanted = dataclasses.replace(real_files.options(name), strings=strings, report=report)
    if report != "all":
        compiled = compile_shapes(graph, wanted)
    properties = sum(len(record.fields) for record in compiled.program.records)
    source, header = generate(compiled, graph, wanted)
    return properties, sizes_of(wanted, source, header)


def sizes_of(options: Options, source: str, header: str) -> dict[str, int]:
    """Compile generated C for a Cortex-M0; return the bytes of code and of tables."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / f"{options.name}.c").write_text(source, "utf-8")
        (folder / f"{options.name}.h").write_text(header, "utf-8")
        made = folder / "model.o"
        flags = ["-std=c11", "-Os", *CORTEX_M0, f"-I{INCLUDE}", f"-I{folder}"]
        compile_one = [COMPILER, *flags, "-c", f"{folder}/{options.name}.c", "-o", str(made)]
        subprocess.run(compile_one, check=True)
        command = [SIZE, "-A", str(made)]
        listed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    rows = [line.split() for line in listed.splitlines() if line.startswith(".")]
    return {
        what: sum(int(row[1]) for row in rows if row[0].startswith(f".{what}"))
        for what in ("text", "rodata")
    }
