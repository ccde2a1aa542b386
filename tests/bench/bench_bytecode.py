# SPDX-License-Identifier: Apache-2.0
"""Images of the shapes that others wrote: words, steps and bytes, naive and optimized.

Measured are the record types that the quick test of a file names. Steps are those of the machine
over records that are drawn, some valid and most mutated; naive and optimized images have to answer
alike.
Flash is that on a Cortex-M0 at -Os: an image without its texts beside what its model grows by when
it has native handlers too, their tables of checks included and the checks that a record can be
read left out, as both engines share these. Where the files are not at hand, the cases of
tests/records take their place.
"""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cns_build import pipeline
from cns_build.bytecode.assemble import assemble
from cns_build.bytecode.image import HEADER_WORDS, Image, to_words
from cns_build.bytecode.optimize import Counts, optimized
from cns_build.options import Options
from tests import real_files
from tests.bench import Figure, figure
from tests.bench.bench_corpus import COMPILER, sizes_of
from tests.paths import ONTOLOGIES, RUNTIME
from tests.qemu.machine import Machine, available
from tests.records.native import Native, compile_model
from tests.records.oracle import Oracle
from tests.records.session import draw
from tests.runtime import toolchain
from tests.test_records_cases import CASES, options_of

MACHINE = "cortex-m0"
RECORDS = 3  # of each type
SECTIONS = (
    *("entries", "functions", "code", "checks", "paths", "patterns", "enums", "constants"),
    "texts",
)
RULES = (
    *("loads", "truths", "moves", "dead", "negations", "threads", "unreachable", "branches"),
    *("fields", "checks"),
)
PARTS = {
    "machine": ("vm.c", "operands.c", "walk.c"),
    "loader": ("image.c", "verify.c", "verify_data.c", "verify_paths.c"),
    "optimizer": ("optimize.c", "optimize_facts.c", "optimize_flow.c", "optimize_rules.c"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """Shapes, and how they are compiled."""

    name: str
    shapes: list[Path]
    ontologies: list[Path]
    options: Options
    beyond: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """The two images of a program, what the optimizer did, and in which time."""

    naive: Image
    better: Image
    counts: Counts
    seconds: float


def run() -> list[Figure]:
    """Return words, steps and bytes per file and over all."""
    sums: Counter[str] = Counter()
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "models")
        folder.mkdir()
        for number, source in enumerate(sources()):
            target = folder / str(number)
            target.mkdir()
            found = measure(source, target)
            sums.update(found)
            figures += list(compared(source.name, found))
    return [*figures, *compared("all", sums), *shares("all", sums), *flash_of_parts()]


def sources() -> list[Source]:
    """Return what is measured."""
    if not ONTOLOGIES.exists():
        print(f"  without {ONTOLOGIES}: the cases of tests/records")
        options = [(case, bytecode(options_of(case.read_text()))) for case in CASES]
        return [Source(case.stem, [case], [], each) for case, each in options]
    return [real_source(name) for name in real_files.COMPILED]


def real_source(name: str) -> Source:
    """Return a file of the collection."""
    recipe = real_files.RECIPES[name]
    return Source(
        name,
        real_files.shapes(name),
        real_files.ontologies(name),
        bytecode(real_files.options(name, recipe.some)),
        recipe.beyond,
    )


def bytecode(options: Options) -> Options:
    """Return options for a model that only runs images."""
    return dataclasses.replace(options, engine="bytecode")


def measure(source: Source, folder: Path) -> Counter[str]:
    """Return what is counted of one file, by name."""
    native = compile_model(folder, source.shapes, source.options, ontologies=source.ontologies)
    pair = images(native, source.options)
    found: Counter[str] = Counter()
    for which, image in (("naive", pair.naive), ("optimized", pair.better)):
        words = to_words(image)
        found[f"words, {which}"] = image.code_words
        if image.back_calls == 0:  # with recursion, a limit says how many
            found[f"worst steps, {which}"] = sum(map(image.steps_of, range(len(image.entries))))
        found[f"image, {which}"] = 4 * (len(words) - words[HEADER_WORDS - 1])
        for section, length in zip(SECTIONS, words[8:HEADER_WORDS], strict=True):
            found[f"{section}, {which}"] = 4 * length
    for rule, removed in zip(RULES, pair.counts.removed, strict=True):
        found[f"rule {rule}"] = removed
    found["microseconds"] = round(1e6 * pair.seconds)
    found.update(native_flash(native, source.options))
    found.update(steps(source, native, pair))
    return found


def images(native: Native, options: Options) -> Pair:
    """Return the images of a program, and what lies between them."""
    naive = assemble(native.program, options, native.graph.prefixes)
    start = time.perf_counter()
    better, counts = optimized(naive, native.program)
    return Pair(naive, better, counts, time.perf_counter() - start)


def native_flash(native: Native, options: Options) -> dict[str, int]:
    """Return the bytes that native handlers add to a model; none without a compiler."""
    if not shutil.which(COMPILER):
        return {}
    compiled = pipeline.Compiled(native.naive, native.program, (), ())
    sizes = []
    for engine in ("bytecode", "both"):
        wanted = dataclasses.replace(options, engine=engine, strings="none")
        generated = pipeline.generate(compiled, native.graph, wanted)
        sizes.append(sum(sizes_of(wanted, *generated).values()))
    return {"native": sizes[1] - sizes[0]}


def steps(source: Source, native: Native, pair: Pair) -> dict[str, int]:
    """Return the steps of both images over records; raise AssertionError where answers differ."""
    files = [str(path) for path in source.shapes]
    waive = source.options.waive
    oracle = Oracle(native.graph, native.program, files, waive=waive, beyond=source.beyond)
    values = draw(oracle, native.program, RECORDS, seed=5)
    naive = native.answers(values, to_words(pair.naive))
    better = native.answers(values, to_words(pair.better))
    for one, two in zip(naive, better, strict=True):
        assert repr(dataclasses.replace(one, steps=0)) == repr(dataclasses.replace(two, steps=0))
    return {
        "steps, naive": sum(answer.steps for answer in naive),
        "steps, optimized": sum(answer.steps for answer in better),
    }


def compared(name: str, found: Counter[str]) -> Iterator[Figure]:
    """Yield what has two sides."""
    for what, unit in (("words", ""), ("steps", ""), ("worst steps", ""), ("image", "B")):
        yield from sides(name, what, unit, found)
    if found["native"]:
        yield figure(f"{name}, native handlers", "B", [found["native"]])
        image = found["image, optimized"]
        yield figure(f"{name}, image, flash", "B", [image], f"{name}, native handlers")


def sides(name: str, what: str, unit: str, found: Counter[str]) -> Iterator[Figure]:
    """Yield a naive figure and the optimized one beside it; nothing where there is nothing."""
    if found[f"{what}, naive"]:
        base = f"{name}, {what}, naive"
        yield figure(base, unit, [found[f"{what}, naive"]])
        yield figure(f"{name}, {what}, optimized", unit, [found[f"{what}, optimized"]], base)


def shares(name: str, found: Counter[str]) -> Iterator[Figure]:
    """Yield the bytes of each section, the words that each rule takes away, and the speed."""
    for section in SECTIONS:
        yield from sides(f"{name}, section", section, "B", found)
    for rule in RULES:
        yield figure(f"{name}, rule {rule}", "words", [found[f"rule {rule}"]])
    speed = 1e6 * found["words, naive"] / found["microseconds"]
    yield figure(f"{name}, optimizer, with Python around it", "words/s", [speed])


def flash_of_parts() -> Iterator[Figure]:
    """Yield the bytes of what a program needs to run, to load and to optimize images."""
    if reason := available(MACHINE):
        print(f"  {MACHINE} is left out: {reason}")
        return
    for part, names in PARTS.items():
        yield figure(f"{MACHINE}, flash of the {part}", "B", [part_size(names)])


def part_size(names: Sequence[str]) -> int:
    """Return the bytes of code and tables of files of the runtime."""
    machine = Machine(MACHINE)
    total = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            made = machine.compile(RUNTIME / name, [toolchain.INCLUDE], Path(folder, "part.o"))
            sections = machine.sections(made).items()
            total += sum(n for part, n in sections if part.startswith((".text", ".rodata")))
    return total
