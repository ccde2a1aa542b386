# SPDX-License-Identifier: Apache-2.0
"""Traces on Cortex-M0 and M4: instructions of a dispatch with and without, and bytes of flash.

Instructions are those of QEMU, with a trace that is full, so that each entry overwrites one.
`firmware/traced.c` checks its verdicts. Flash is the code and constants of the two files that a
trace adds to a program which only validates.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.bench import Figure, figure
from tests.bench.bench_firmware import FOLDER, MACHINES, generate, includes
from tests.paths import RUNTIME
from tests.qemu.machine import Machine, available
from tests.runtime import toolchain

FILES = ("trace.c", "reported.c")


def run() -> list[Figure]:
    """Return instructions per dispatch, and bytes per file, on each processor."""
    figures = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate("all", folder)
        for machine in MACHINES:
            if reason := available(machine):
                print(f"  {machine} is left out: {reason}")
                continue
            figures += instructions(machine, folder) + flash(machine, folder)
    return figures


def instructions(name: str, folder: Path) -> list[Figure]:
    """Return what a dispatch takes, of a message that conforms and of one with a violation."""
    machine = Machine(name)
    files = [FOLDER / "traced.c", folder / "message.c", *toolchain.CORE]
    done = machine.run(machine.build(files, includes(folder), folder / "program"))
    assert done.exit_code == 0, f"{name}: check {done.exit_code} of traced.c failed"
    plain = [f"{name}, {what}, dispatch" for what in ("good", "one violation")]
    # An empty window counts one instruction.
    counts = [window - 1 for window in done.windows]
    figures = []
    for index, label in enumerate(plain):
        figures.append(figure(label, "instr", counts[2 * index : 2 * index + 1]))
        traced = counts[2 * index + 1 : 2 * index + 2]
        figures.append(figure(f"{label} traced", "instr", traced, label))
    return figures


def flash(name: str, folder: Path) -> list[Figure]:
    """Return the bytes of code and constants of each file."""
    machine = Machine(name)
    figures = []
    for file in FILES:
        made = machine.compile(RUNTIME / file, includes(folder), folder / "object.o")
        sections = machine.sections(made).items()
        size = sum(n for section, n in sections if section.startswith((".text", ".rodata")))
        figures.append(figure(f"{name}, {file}", "B", [size]))
    return figures
