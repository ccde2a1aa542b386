# SPDX-License-Identifier: Apache-2.0
"""Patterns: MB/s against POSIX regexec, `re` and memchr, compile time, flash, and instructions.

Flash is that of the patterns that real shapes write, where those are at hand: their tables, equal
ones once, and 28 bytes each for the struct on a 32-bit core.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from cns_build.backend.cstring import c_string
from cns_build.backend.patterns import Patterns
from cns_build.pattern import Tables, compile_pattern
from tests.bench import Figure, figure
from tests.qemu.machine import Machine, available
from tests.real_patterns import real_patterns
from tests.runtime import toolchain

SOURCE = Path(__file__).with_suffix(".c")
MATCHER = next(source for source in toolchain.CORE if source.name == "pattern.c")
RUNS = 9
STRUCT = 28
DATE = r"^\d\d\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$"

# Name, pattern of XPath, the same in POSIX and `re` (or none), text, whether it is found there.
CASES = [
    ("letters", "^[a-z0-9 ]*$", "^[a-z0-9 ]*$", "the quick brown fox 42 ", True),
    ("words", r"^([A-Z][a-z]*[,.]? )*$", "^([A-Z][a-z]*[,.]? )*$", "Some Words, And More. ", True),
    ("search", r"[0-9]{4}-[0-9]{2}$", "[0-9]{4}-[0-9]{2}$", "on 2024-02 or in 2025-1x, ", False),
    ("Unicode in ASCII", r"^[\w\s]*$", None, "the quick brown fox 42 ", True),
    ("Unicode in Greek", r"^[\w\s]*$", None, "η γρήγορη αλεπού ", True),
    ("any but one in Greek", r"^[^;]*$", None, "η γρήγορη αλεπού ", True),
]
TYPICAL = [DATE, r"^[A-Z]{2}\/.{14}\/(19|20)[0-9]{2}$", r"^\i\c*$", "^[a-zA-Z0-9._%+-]+@[^ @]+$"]
LARGE = [r"^\p{L}+$", r"[^x]", r"^[\w\s\-.]{1,64}$"]


def run() -> list[Figure]:
    """Return MB/s, ns for a short text, ms per pattern, and bytes."""
    return [*_throughput(), *_compile_time(), *_flash(), *_firmware()]


def _throughput() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "patterns.h").write_text(_header(), "utf-8")
        program = folder / SOURCE.stem
        flags = ["-std=c11", "-D_POSIX_C_SOURCE=200809L", "-O3", f"-I{folder}"]
        flags.append(f"-I{toolchain.INCLUDE}")
        toolchain.compile_c("gcc", *flags, SOURCE, *toolchain.CORE, output=program)
        outputs = [toolchain.run_program(program) for _ in range(RUNS)]
    samples: dict[tuple[str, str], list[float]] = {}
    for line in "".join(outputs).splitlines():
        what, unit, value = line.split("\t")
        samples.setdefault((what, unit), []).append(float(value))
    for name, _, same, part, found in CASES:
        if same is not None:
            samples[f"{name}, re", "MB/s"] = [_python(same, part, found) for _ in range(RUNS)]
    for (what, unit), values in samples.items():
        base = what.rsplit(", ", 1)[0] + ", cns"
        yield figure(what, unit, values, None if what == base or unit == "ns" else base)


def _header() -> str:
    patterns = Patterns("bench")
    rows = []
    for name, pattern, same, part, found in CASES:
        constant = patterns.add(pattern, "", compile_pattern(pattern, ""))
        posix = "NULL" if same is None else c_string(same)
        words = [c_string(name), f"&{constant}", posix, c_string(part), str(found).lower()]
        rows.append(f"    {{ {', '.join(words)} }},\n")
    cases = f"static const bench_case cases[] = {{\n{''.join(rows)}}};\n"
    short = _short(patterns)  # which renders the others too
    return f"{short}\n{cases}"


def _short(patterns: Patterns) -> str:
    name = patterns.add(DATE, "", compile_pattern(DATE, ""))
    return "\n".join([*patterns.render(comments=True), f"#define SHORT {name}\n"])


def _python(expression: str, part: str, found: bool) -> float:
    text = part * (2**20 // len(part))
    compiled = re.compile(expression)
    start = time.perf_counter()
    answer = compiled.search(text) is not None
    elapsed = time.perf_counter() - start
    assert answer is found
    return len(text) / elapsed / 1e6


def _compile_time() -> Iterator[Figure]:
    for name, patterns in (("typical", TYPICAL), ("large classes", LARGE)):
        samples = []
        for _ in range(RUNS):
            for pattern in patterns:
                compile_pattern.cache_clear()
                start = time.perf_counter()
                compile_pattern(pattern, "")
                samples.append((time.perf_counter() - start) * 1e3)
        yield figure(f"compile a pattern, {name}", "ms", samples)


def _flash() -> Iterator[Figure]:
    found = [compile_pattern(*pattern) for pattern in real_patterns()]
    if not found:
        return
    yield figure("states of a real pattern", "states", [t.live for t in found])
    columns = [len(t.next) // t.live for t in found if t.live]
    yield figure("classes of a real pattern", "classes", columns)
    yield figure("cells of a real pattern", "cells", [len(t.next) for t in found])
    yield figure("flash of a real pattern", "bytes", [t.size + STRUCT for t in found])
    arrays = {array for tables in found for array in _arrays(tables)}
    shared = sum(size for _, _, size in arrays) + STRUCT * len(found)
    yield figure(f"flash of all {len(found)} real patterns", "bytes", [shared])


def _firmware() -> Iterator[Figure]:
    """Code and instructions of the matcher on microcontrollers, optimized for size."""
    for name in ("cortex-m0", "cortex-m4"):
        if reason := available(name):
            print(f"  {name} is left out: {reason}")
            continue
        machine = Machine(name)
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            (folder / "short_pattern.h").write_text(_short(Patterns("bench")), "utf-8")
            includes = [folder, toolchain.INCLUDE]
            program = SOURCE.parent / "firmware" / "pattern.c"
            image = machine.build([program, *toolchain.CORE], includes, folder / "program", [])
            done = machine.run(image)
            assert done.exit_code == 0
            matcher = machine.compile(MATCHER, includes, folder / "matcher.o", [])
            code = machine.sections(matcher)
        size = sum(bytes_ for section, bytes_ in code.items() if section.startswith(".text"))
        yield figure(f"{name}, code of the matcher", "B", [size])
        (window,) = done.windows
        yield figure(f"{name}, a date and time of 20 bytes", "instr", [window - 1])


def _arrays(tables: Tables) -> Iterator[tuple[str, object, int]]:
    yield "next", tables.next, len(tables.next) * (2 if tables.wide else 1)
    yield "classes", tables.classes, len(tables.classes)
    yield "ranges", tables.ranges, 4 * len(tables.ranges)
    yield "range classes", tables.range_classes, len(tables.range_classes)
