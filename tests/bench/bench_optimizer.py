# SPDX-License-Identifier: Apache-2.0
"""The optimizer of bytecode: words a second beside the loader's, and what is left of random code.

What comes out is run over records that are drawn, and has to report the same. Flash is that of the
optimizer's own files.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from cns_build.bytecode import image
from tests.bench import Figure, figure
from tests.bytecode import random_code, things
from tests.bytecode.abstract_machine import Machine
from tests.runtime import toolchain

SOURCE = Path(__file__).with_suffix(".c")
FILES = [source for source in toolchain.CORE if source.stem.startswith("optimize")]
SEEDS = range(1000, 1400)
FUNCTIONS = 300
RUNS = 5


def run() -> list[Figure]:
    """Return words a second, words, steps and bytes."""
    with tempfile.TemporaryDirectory() as name:
        return [*_speed(Path(name)), *_gain(Path(name)), *_flash(Path(name))]


def _images() -> Iterator[image.Image]:
    for seed in SEEDS:
        try:
            yield things.image_of(random_code.random_codes(seed))
        except ValueError:  # a jump that is too far for FIELD or EACH
            continue


def _speed(folder: Path) -> Iterator[Figure]:
    """Time one image of many functions, each of which nobody calls."""
    codes = [one.functions[0].code for one in _images() if len(one.functions) == 1]
    functions = things.image_of(codes[:1]).functions[:1]
    functions += tuple(
        image.Function(code, things.REGISTERS, things.THING, 2**20) for code in codes[1:FUNCTIONS]
    )
    made = image.Image(
        layout=0x1A707,
        entries=(0, image.NO_ENTRY),
        functions=functions,
        checks=things.image_of(codes[:1]).checks,
        constants=things.CONSTANTS,
        registers=2 * things.REGISTERS,
    )
    (folder / "one.cnsi").write_bytes(image.to_bytes(image.to_words(made)))
    flags = ["-std=c11", "-D_POSIX_C_SOURCE=200809L", "-O3", f"-I{toolchain.INCLUDE}"]
    toolchain.compile_c("gcc", *flags, SOURCE, *toolchain.CORE, output=folder / "bench")
    lines = [toolchain.run_program(folder / "bench", folder / "one.cnsi") for _ in range(RUNS)]
    rows = [[float(word) for word in line.split()] for line in lines]
    assert rows[0][0] == made.code_words
    assert rows[0][1] < made.code_words
    yield figure("optimizer", "words/s", [row[3] for row in rows], "loader")
    yield figure("loader", "words/s", [row[4] for row in rows])
    yield figure("rounds", "", [row[2] for row in rows])


def _gain(folder: Path) -> Iterator[Figure]:
    """Compare random code with what becomes of it."""
    driver = things.build_optimizer(folder)
    images = list(_images())
    outcomes = things.optimize(driver, images, folder)
    steps = [0, 0]
    for before, outcome in zip(images, outcomes, strict=True):
        assert outcome.image is not None
        steps[0] += _steps(before, outcome.image, 0)
        steps[1] += _steps(before, outcome.image, 1)
    yield figure("words, naive", "", [sum(o.before for o in outcomes)])
    yield figure("words, optimized", "", [sum(o.after for o in outcomes)], "words, naive")
    yield figure("steps, naive", "", [steps[0]])
    yield figure("steps, optimized", "", [steps[1]], "steps, naive")


def _steps(before: image.Image, after: image.Image, which: int) -> int:
    """Return the steps of one of two images over three records, which report the same."""
    total = 0
    for record in range(3):
        machines: Sequence[Machine] = [Machine(before, record), Machine(after, record)]
        for machine in machines:
            machine.run()
        assert machines[0].trace == machines[1].trace
        total += machines[which].steps
    return total


def _flash(folder: Path) -> Iterator[Figure]:
    compiler = "arm-none-eabi-gcc"
    if shutil.which(compiler) is None:
        return
    objects = [folder / f"{source.stem}.o" for source in FILES]
    for source, output in zip(FILES, objects, strict=True):
        flags = [*toolchain.C11, *toolchain.CORTEX_M0, "-Os", "-c"]
        toolchain.compile_c(compiler, *flags, source, output=output)
    printed = toolchain.run_program(Path(shutil.which("arm-none-eabi-size") or ""), *objects)
    sizes = [sum(map(int, line.split()[:3])) for line in printed.splitlines()[1:]]
    yield figure("flash, Cortex-M0 -Os", "bytes", [sum(sizes)])
