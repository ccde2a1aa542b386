# SPDX-License-Identifier: Apache-2.0
"""Sparse kinds on a Cortex-M0: the perfect hash beside a switch over the same kinds.

Flash is the code and the tables of the function that finds a handler; instructions are those of
QEMU for one call of it, of kinds and of other numbers in turn. Each handler knows its own number,
so that the program can tell whether the right one was found.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

from cns_build.backend.dispatch import lookup, switch
from cns_build.backend.perfect_hash import build
from cns_build.backend.types import Names
from tests.bench import Figure, figure
from tests.qemu.machine import Machine, available
from tests.runtime import toolchain

FOLDER = Path(__file__).resolve().parent / "dispatch"
MACHINE = "cortex-m0"
SIZES = (8, 16, 17, 32, 64, 256, 1000)
SAMPLES = 64
NAMES = Names("m")
EMPTY = 2  # instructions of a function that does nothing: movs r0, #0; bx lr
HANDLER = "cns_status h{0}(const void *record, cns_result *result)"


def run() -> list[Figure]:
    """Return flash in bytes, and instructions per look-up, of each set of kinds."""
    if reason := available(MACHINE):
        print(f"  {MACHINE} is left out: {reason}")
        return []
    draw = random.Random(1)
    sets = {f"{n} ids of 29 bits": sorted(draw.sample(range(2**29), n)) for n in SIZES}
    sets["100 ids of 11 bits"] = sorted(draw.sample(range(2**11), 100))
    sets["100 ids in a row"] = list(range(1000, 1100))
    sets["100 ids in a row, every other one"] = list(range(1000, 1200, 2))
    with tempfile.TemporaryDirectory() as folder:
        return [f for name, kinds in sets.items() for f in measure(name, kinds, Path(folder))]


def measure(name: str, kinds: Sequence[int], folder: Path) -> list[Figure]:
    """Return the figures of one set of kinds: the switch first, which is the baseline."""
    sparse = {kind: f"h{number}" for number, kind in enumerate(kinds)}
    hashed = build(kinds)
    assert hashed is not None
    ways = {"switch": [switch(NAMES, sparse)], "hash": lookup(NAMES, sparse, hashed)}
    figures = []
    for way, parts in ways.items():
        for what, (unit, samples) in measure_way(kinds, parts, folder).items():
            baseline = None if way == "switch" else f"{name}, switch, {what}"
            figures.append(figure(f"{name}, {way}, {what}", unit, samples, baseline))
    return figures


def measure_way(
    kinds: Sequence[int], parts: Sequence[str], folder: Path
) -> dict[str, tuple[str, list[int]]]:
    """Build the function, check what it finds, and return its samples by quantity."""
    samples = draw_samples(kinds)
    write(kinds, parts, samples, folder)
    machine = Machine(MACHINE)
    includes = [folder, toolchain.INCLUDE]
    function = machine.compile(folder / "find.c", includes, folder / "find.o")
    sources = [FOLDER / "main.c", folder / "handlers.c", function]
    done = machine.run(machine.build(sources, includes, folder / "program"))
    assert done.exit_code == 0, "a look-up has found the wrong handler"
    nothing, *windows = done.windows
    assert len(windows) == len(samples)
    # What is left of a window is the function and its return, as an empty one's is its return.
    counts = [window - nothing + EMPTY for window in windows]
    return {
        "flash": ("B", [flash(machine, function)]),
        "kinds": ("instr", counts[::2]),
        "others": ("instr", counts[1::2]),
    }


def draw_samples(kinds: Sequence[int]) -> list[tuple[int, int]]:
    """Return numbers to look up and the numbers of their handlers, -1 for none, in turn."""
    draw = random.Random(2)
    numbers = {kind: number for number, kind in enumerate(kinds)}
    samples = []
    for _ in range(SAMPLES):
        kind = draw.choice(kinds)
        other = next(n for n in iter(lambda: draw.randrange(2**29), None) if n not in numbers)
        samples += [(kind, numbers[kind]), (other, -1)]
    return samples


def write(
    kinds: Sequence[int], parts: Sequence[str], samples: Sequence[tuple[int, int]], folder: Path
) -> None:
    """Write the function, the handlers that it finds, and what is looked up."""
    handlers = [HANDLER.format(number) for number in range(len(kinds))]
    (folder / "find.h").write_text(
        "#include <cns/cns.h>\n"
        + "".join(f"{handler};\n" for handler in handlers)
        + "cns_handler find_sparse(uint32_t kind);\n"
        + "struct sample { uint32_t kind; int32_t number; };\n"
        + "extern const struct sample samples[];\nextern const uint32_t sample_count;\n"
    )
    find = "".join(parts).replace("static cns_handler\nm_find", "cns_handler\nfind_sparse")
    (folder / "find.c").write_text(f'#include "find.h"\n{find}')
    rows = "".join(f"    {{{kind}u, {number}}},\n" for kind, number in samples)
    (folder / "handlers.c").write_text(
        '#include "find.h"\n'
        f"const struct sample samples[] = {{\n{rows}}};\n"
        f"const uint32_t sample_count = {len(samples)};\n"
        + "".join(
            f"{handler} {{ (void)record; result->steps = {number}; return CNS_OK; }}\n"
            for number, handler in enumerate(handlers)
        )
    )


def flash(machine: Machine, function: Path) -> int:
    """Return the bytes of an object's code and constants."""
    sections = machine.sections(function)
    return sum(size for name, size in sections.items() if name.startswith((".text", ".rodata")))
