# SPDX-License-Identifier: Apache-2.0
"""A message of 8 fields and 10 checks on Cortex-M0 and M4: by hand, generated, and as an image.

Flash is what a program grows by when it checks, library functions that this needs included. RAM
is the record and the answer. Instructions are those of QEMU for each of 8 messages, of which the
median is shown. `firmware/main.c` compares the verdicts with what they have to be.

An image is compared with the generated handler that reports all violations. Its flash is that of
the machine, the loader and all that these call, which many images share; what it takes itself is
shown on its own. Loading is counted in instructions for each word.
"""

from __future__ import annotations

import re
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
WINDOWS = ROOT / "tests" / "qemu"
SAMPLES = 8
IMAGES: dict[str, tuple[str, ...]] = {"image": (), "image, not optimized": ("--no-optimize",)}
COMPARED = ("flash", "RAM", "instructions")

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
    figures += measure(machine, variant, "generated.c", folder, empty, "all")
    for variant, options in IMAGES.items():
        generate("all", folder, "--engine", "bytecode", *options)
        figures += measure(machine, f"{name}, {variant}", "image.c", folder, empty, "all")
    return figures


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
    windows = done.windows[-SAMPLES:]
    assert len(windows) == SAMPLES
    values: dict[str, tuple[str, list[float]]] = {
        "flash": ("B", [image.flash_bytes - empty]),
        "RAM": ("B", [ram(machine, folder, FOLDER / source, args)]),
        # An empty window counts one instruction.
        "instructions": ("instr", [window - 1 for window in windows]),
    }
    if source == "image.c":
        words = image_words(folder / "message.h")
        (load,) = done.windows[:-SAMPLES]
        values["image itself"] = ("B", [4 * words])
        values["loading, for each word"] = ("instr", [(load - 1) / words])
    return [
        figure(f"{variant}, {what}", unit, samples, baseline(variant, what))
        for what, (unit, samples) in values.items()
    ]


def image_words(header: Path) -> int:
    """Return the words of the image that a generated header declares."""
    found = re.search(r"_IMAGE_WORDS (\d+)u", header.read_text("utf-8"))
    assert found is not None
    return int(found[1])


def baseline(variant: str, what: str) -> str | None:
    """Return the name of the figure that one is compared with."""
    machine, way, *_ = variant.split(", ")
    if way == "generated":
        return f"{machine}, by hand, {what}"
    if way == "image" and what in COMPARED:
        return f"{machine}, generated, all, {what}"
    return None


def ram(machine: Machine, folder: Path, source: Path, args: list[str]) -> int:
    """Return the bytes of a file's static objects: the record and the answer."""
    sections = machine.sections(
        machine.compile(source, includes(folder), folder / "object.o", args)
    )
    return sum(size for name, size in sections.items() if name.startswith((".bss", ".data")))


def includes(folder: Path) -> list[Path]:
    """Return where headers lie, generated ones in `folder`."""
    return [folder, toolchain.INCLUDE, WINDOWS]


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
