# SPDX-License-Identifier: Apache-2.0
"""Checks by constraint component: time, and instructions on a PC and on a Cortex-M0.

`components/comp.ttl` has a record type for each component, `by_hand.c` the same checks as one
would write them. All verdicts are compared on 20,000 random records; what is measured are
records that conform. Handlers are generated with `report: 'conforms'`. They check the contract
too, such as that text is UTF-8, which the hand-written checks leave to their callers.
"""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench import Figure, figure
from tests.paths import ROOT
from tests.qemu.machine import Machine, available
from tests.runtime import toolchain

FOLDER = Path(__file__).resolve().parent / "components"
CASES = re.findall(r"^    X\((\w+)\)", (FOLDER / "cases.h").read_text("utf-8"), re.MULTILINE)
WHO = ("by hand", "generated")
MACHINE = "cortex-m0"
PROCESSES = 3


def run() -> list[Figure]:
    """Return ns, million checks per second and instructions of each check."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(folder)
        return [*times(folder), *instructions(folder), *firmware(folder)]


def generate(folder: Path) -> None:
    """Compile comp.ttl to C in `folder`."""
    outputs = [f"{folder}/comp.c", f"{folder}/comp.h"]
    command = [sys.executable, "-m", "cns_build", "compile", "--strings", "none"]
    command += ["--report", "conforms", "--shapes", str(FOLDER / "comp.ttl")]
    command += ["--name", "comp", "-o", *outputs]
    subprocess.run(command, cwd=ROOT, check=True)


def compared(case: str, who: str, what: str, unit: str, samples: list[float]) -> Figure:
    """Return a figure; the hand-written check is the baseline of the generated one."""
    baseline = f"{case}, {what}: {WHO[0]}" if who != WHO[0] else None
    return figure(f"{case}, {what}: {who}", unit, samples, baseline)


def build(folder: Path, *flags: str) -> Path:
    """Build the program that compares and measures."""
    sources = [FOLDER / name for name in ("host.c", "by_hand.c", "records.c")]
    includes = [f"-I{folder}", f"-I{FOLDER}"]
    program = folder / "host"
    files = [*sources, folder / "comp.c", *toolchain.CORE]
    toolchain.compile_c("gcc", *toolchain.C11, "-O3", *flags, *includes, *files, output=program)
    return program


def times(folder: Path) -> list[Figure]:
    """Return nanoseconds per check, and how many checks a second that is."""
    program = build(folder, "-march=native")
    samples: dict[tuple[str, str], list[float]] = {}
    for _ in range(PROCESSES):
        for line in toolchain.run_program(program).splitlines():
            case, who, value = line.split("\t")
            samples.setdefault((case, who), []).append(float(value))
    assert {case for case, _ in samples} == set(CASES)
    figures = []
    for (case, who), values in samples.items():
        figures.append(compared(case, who, "time", "ns", values))
        figures.append(compared(case, who, "rate", "M/s", [1000 / value for value in values]))
    return figures


def instructions(folder: Path) -> list[Figure]:
    """Return instructions per check on this machine; none, and a word why, without valgrind."""
    if not shutil.which("valgrind"):
        print("  no valgrind: instructions are not counted (apt install valgrind)")
        return []
    # A processor may have instructions that valgrind does not know.
    flags = ["-march=x86-64-v3"] if platform.machine() == "x86_64" else []
    program = build(folder, *flags)
    return [
        compared(case, who, "instructions", "instr", [count(program, case, who)])
        for case in CASES
        for who in WHO
    ]


def count(program: Path, case: str, who: str) -> float:
    """Return instructions per record, the loop over the records included."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    command += ["--toggle-collect=check_*", str(program), case, who]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    collected = re.search(r"Collected : (\d+)", done.stderr)
    assert collected is not None, done.stderr
    return int(collected[1]) / int(done.stdout)


def firmware(folder: Path) -> list[Figure]:
    """Return instructions per check on a Cortex-M0; none, and a word why, without an emulator."""
    if reason := available(MACHINE):
        print(f"  {MACHINE} is left out: {reason}")
        return []
    machine = Machine(MACHINE)
    names = ("firmware.c", "by_hand.c", "records.c")
    sources = [*(FOLDER / name for name in names), folder / "comp.c", *toolchain.CORE]
    includes = [folder, FOLDER, toolchain.INCLUDE]
    done = machine.run(machine.build(sources, includes, folder / "program"))
    assert done.exit_code == 0, f"{CASES[done.exit_code - 1]}: the verdicts differ"
    share = len(done.windows) // len(CASES)
    figures = []
    for number, case in enumerate(CASES):
        windows = done.windows[number * share : (number + 1) * share]
        for place, who in ((1, WHO[0]), (0, WHO[1])):
            # An empty window counts one instruction.
            values = [float(window - 1) for window in windows[place::2]]
            figures.append(compared(case, who, f"{MACHINE} instructions", "instr", values))
    return figures
