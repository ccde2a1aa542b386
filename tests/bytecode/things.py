# SPDX-License-Identifier: Apache-2.0
"""Images for the records of optimize_layout.h, and what the optimizer makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cns_build.bytecode import image
from tests.runtime import native, toolchain

THING, PART = image.TYPE_RECORD, image.TYPE_RECORD | 1
INT, STRING, REFERENCE = 0, 1, 2
REGISTERS = 12

# A check for each type of value, by number.
CHECKS = (INT, STRING, REFERENCE, image.TYPE_CLASS, image.TYPE_FOCUS, image.TYPE_ABSENT)

# Ranges, and a set of ids and of classes behind them.
RANGES = (0, 100, 5, 9, 0, 1, 2, 7)
CONSTANTS = (*RANGES, 1, 3, 9, 1, 4, 4)
IDS, CLASSES = 8, 11

DRIVER = Path(__file__).resolve().parent / "optimize.c"
RULES = tuple(row[0] for row in native.rows("RULES"))


@dataclass(frozen=True)
class Outcome:
    """What became of an image; `removed` counts words by rule, where there are any."""

    verdict: str
    before: int = 0
    after: int = 0
    rounds: int = 0
    removed: dict[str, int] | None = None
    stable: bool = False
    image: image.Image | None = None


def image_of(codes: Sequence[image.Words], back_calls: int = 0) -> image.Image:
    """Return an image whose first function is for things, and the others for parts."""
    functions = [
        image.Function(code, REGISTERS, PART if number else THING, 2**24 >> 4 * number)
        for number, code in enumerate(codes)
    ]
    return image.Image(
        layout=0x1A707,
        entries=(0, image.NO_ENTRY),
        functions=tuple(functions),
        checks=tuple(image.CheckRow(1, 2, type_) for type_ in CHECKS),
        constants=CONSTANTS,
        registers=len(codes) * (REGISTERS + 1),
        back_calls=back_calls,
    )


def build_optimizer(folder: Path) -> Path:
    """Compile the driver and the runtime under the sanitizers."""
    toolchain.need_sanitizers("gcc", folder)
    flags = [*toolchain.C11, *toolchain.SANITIZERS]
    toolchain.compile_c("gcc", *flags, DRIVER, *toolchain.CORE, output=folder / "optimize")
    return folder / "optimize"


def optimize(
    driver: Path, images: Sequence[image.Image], folder: Path, *emulator: str
) -> list[Outcome]:
    """Optimize images by the driver, which an emulator may run."""
    files = [folder / f"{number}.cnsi" for number in range(len(images))]
    for file, one in zip(files, images, strict=True):
        file.write_bytes(image.to_bytes(image.to_words(one)))
    programs = [*map(Path, emulator), driver]
    lines = toolchain.run_program(programs[0], *programs[1:], *files).splitlines()
    return [_outcome(line, file) for line, file in zip(lines, files, strict=True)]


def _outcome(line: str, file: Path) -> Outcome:
    verdict, *words = line.split()
    if not words:
        return Outcome(verdict)
    before, after, rounds, *removed = map(int, words[:-1])
    counts = {name: n for name, n in zip(RULES, removed, strict=True) if n}
    made = image.from_words(image.to_image_words(file.read_bytes()))
    return Outcome(verdict, before, after, rounds, counts, words[-1] == "same", made)
