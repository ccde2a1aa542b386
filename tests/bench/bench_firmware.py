# SPDX-License-Identifier: Apache-2.0
"""A message of 8 fields and 10 checks on Cortex-M0 and M4: hand-written C, generated handlers.

Flash is what a program grows by when it checks, library functions that this needs included. RAM
is the record and the answer. Instructions are those of QEMU for each of 8 messages, of which the
median is shown. `firmware/main.c` compares the verdicts with what they have to be.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench import Figure, figure
from tests.paths import ROOT
from tests.qemu.machine import Machine, available
from tests.runtime import toolchain

FOLDER = Path(__file__).resolve().parent / "firmware"
MACHINES = ("cortex-m0", "cortex-m4")
SAMPLES = 8

# Violations that an answer has space for.
STORAGE = {"conforms": 0, "first": 1, "all": 10}


def run() -> list[Figure]:
    """Return flash and RAM in bytes, and instructions per message, of each variant."""
    figures = []
    with tempfile.TemporaryDirectory() as name:
        for machine in MACHINES:
            if reason := available(machine):
                print(f"  {machine} is left out: {reason}")
                continue
            figures += measure_machine(machine, Path(name))
    return figures


def measure_machine(name: str, folder: Path) -> list[Figure]:
    """Return the figures of one processor."""
    machine = Machine(name)
    generate("all", folder)
    empty = machine.build(sources("nothing.c"), includes(folder), folder / "nothing").flash_bytes
    figures = measure(machine, f"{name}, by hand", "by_hand.c", folder, empty, None)
    for report in STORAGE:
        generate(report, folder)
        variant = f"{name}, generated, {report}"
        figures += measure(machine, variant, "generated.c", folder, empty, report)
    generate("all", folder, "--trust-text")
    variant = f"{name}, generated, all, text trusted"
    return figures + measure(machine, variant, "generated.c", folder, empty, "all")


def measure(
    machine: Machine, variant: str, source: str, folder: Path, empty: int, report: str | None
) -> list[Figure]:
    """Build one variant, check its verdicts and return its figures."""
    args: list[str] = []
    files = sources(source)
    if report is not None:
        args.append(f"-DSTORAGE={STORAGE[report]}")
        files += [folder / "message.c", *toolchain.CORE]
    image = machine.build(files, includes(folder), folder / "program", args)
    done = machine.run(image)
    assert done.exit_code == 0, f"{variant}: message {done.exit_code} has a wrong verdict"
    assert len(done.windows) == SAMPLES
    values = {
        "flash": ("B", [image.flash_bytes - empty]),
        "RAM": ("B", [ram(machine, folder, FOLDER / source, args)]),
        # An empty window counts one instruction.
        "instructions": ("instr", [window - 1 for window in done.windows]),
    }
    return [
        figure(f"{variant}, {what}", unit, samples, baseline(variant, what))
        for what, (unit, samples) in values.items()
    ]


def baseline(variant: str, what: str) -> str | None:
    """Return the name of the hand-written figure that a generated one is compared with."""
    machine, way, *_ = variant.split(", ")
    return f"{machine}, by hand, {what}" if way == "generated" else None


def ram(machine: Machine, folder: Path, source: Path, args: list[str]) -> int:
    """Return the bytes of a file's static objects: the record and the answer."""
    sections = machine.sections(
        machine.compile(source, includes(folder), folder / "object.o", args)
    )
    return sum(size for name, size in sections.items() if name.startswith((".bss", ".data")))


def includes(folder: Path) -> list[Path]:
    """Return where headers lie, generated ones in `folder`."""
    return [folder, toolchain.INCLUDE]


def sources(name: str) -> list[Path]:
    """Return the program's files with one of those that answer for verdict.h."""
    return [FOLDER / "main.c", FOLDER / name]


def generate(report: str, folder: Path, *options: str) -> None:
    """Compile message.ttl to C in `folder`."""
    outputs = [f"{folder}/message.c", f"{folder}/message.h"]
    command = [sys.executable, "-m", "cns_build", "compile", "--strings", "none", *options]
    command += ["--report", report, "--shapes", str(FOLDER / "message.ttl")]
    command += ["--name", "message", "-o", *outputs]
    subprocess.run(command, cwd=ROOT, check=True)
