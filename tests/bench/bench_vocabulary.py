# SPDX-License-Identifier: Apache-2.0
"""`cnsc compile` of ontologies to vocabularies, and the bytes of their tests on a Cortex-M0.

Each compilation is a process of its own, with files and Python's bytecode in the caches of the
system; imports that are not in the collection are waived. The baseline is a Python that does
nothing. Wall time depends on what else the machine does; processor time less so.

The large hierarchy is `generated(100_000)` of tests/vocabularies.py, and 64 of its classes are
queried: every so many of those with subclasses, and as the worst case the top 64. What the
compiled tests answer is checked by tests/test_vocabulary_real.py; here, their number is.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cns_build.cli import main
from tests.bench import Figure, figure
from tests.meson import run as call
from tests.paths import ONTOLOGIES, ROOT
from tests.vocabularies import as_turtle, generated

RUNS = 5
CLASSES = 100_000
QUERIED = 64
REAL = {
    "Brick": ("brick/Brick",),
    "QUDT units": ("qudt/VOCAB_QUDT-UNITS-ALL",),
    "SPDX 3": ("spdx/spdx-model-3.0",),
    "VSSo": ("vsso/vsso-core", "vsso/vss_rel_2.2"),
    "SAREF extensions": ("saref/saref4agri", "saref/saref4bldg", "saref/saref4envi"),
    "ERA": ("era/ontology",),
}
CORTEX_M0 = ("arm-none-eabi-gcc", "-Os", "-mcpu=cortex-m0", "-mthumb", "-ffreestanding")


def run() -> list[Figure]:
    """Return ms, MB and bytes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return [
            *_start(folder),
            *(part for what, files in REAL.items() for part in _real(what, files, folder)),
            *_large(folder),
        ]


def _start(folder: Path) -> list[Figure]:
    samples = [_measure(["-c", "pass"], folder)[0] for _ in range(RUNS)]
    return [figure("python -c pass", "ms", samples)]


def _real(what: str, files: tuple[str, ...], folder: Path) -> list[Figure]:
    paths = [str(ONTOLOGIES / f"{file}.ttl") for file in files]
    words = ["compile", *paths, "--name", "v", "-o", str(folder / "v.c"), str(folder / "v.h")]
    with contextlib.redirect_stderr(io.StringIO()) as printed:
        main(words)
    waived = re.findall(r"^\S+: error: .* --waive '?(import:[^\s']+)'?$", printed.getvalue(), re.M)
    for waiver in dict.fromkeys(waived):
        words += ["--waive", waiver]
    samples = [_measure(["-m", "cns_build", *words], folder) for _ in range(RUNS)]
    tests = (folder / "v.h").read_text("utf-8").count("static inline bool")
    assert tests or what == "QUDT units"
    return [
        figure(f"{what}, wall", "ms", [wall for wall, _, _ in samples], "python -c pass"),
        figure(f"{what}, processor", "ms", [busy for _, busy, _ in samples]),
    ]


def _large(folder: Path) -> list[Figure]:
    above = generated(CLASSES, 5)
    (folder / "large.ttl").write_text(as_turtle(above), "utf-8")
    inner = sorted({upper.value for uppers in above.values() for upper in uppers})
    chosen = {
        "spread": inner[:: len(inner) // QUERIED][:QUERIED],
        "top": [iri.value for iri in list(above)[:QUERIED]],
    }
    figures = []
    for which, queried in chosen.items():
        outputs = (str(folder / "large.c"), str(folder / "large.h"))
        words = ["compile", str(folder / "large.ttl"), "--name", "large", "--strings", "ids"]
        words += ["-o", *outputs, "--queried", *queried]
        samples = [_measure(["-m", "cns_build", *words], folder) for _ in range(RUNS)]
        what = f"{CLASSES} classes, {which} {QUERIED} queried"
        figures += [
            figure(f"{what}, wall", "ms", [wall for wall, _, _ in samples], "python -c pass"),
            figure(f"{what}, processor", "ms", [busy for _, busy, _ in samples]),
            figure(f"{what}, memory", "MB", [size for _, _, size in samples]),
        ]
        for section, size in _sizes(folder, QUERIED).items():
            figures.append(figure(f"{what}, {section} on Cortex-M0", "bytes", [size]))
    return figures


def _sizes(folder: Path, count: int) -> dict[str, float]:
    """Return the bytes of code and tables of a program that has each test once."""
    if not shutil.which(CORTEX_M0[0]):
        return {}
    header = (folder / "large.h").read_text("utf-8")
    tests = re.findall(r"^(large_is_\w+)\(uint32_t id\)$", header, re.M)
    assert len(tests) == count
    wrappers = (f"bool has_{t}(uint32_t id) {{ return {t}(id); }}\n" for t in tests)
    (folder / "tests.c").write_text('#include "large.h"\n' + "".join(wrappers), "utf-8")
    sizes = {"code": 0.0, "tables": 0.0}
    for name in ("tests", "large"):
        call(*CORTEX_M0, "-c", folder / f"{name}.c", "-o", folder / f"{name}.o")
        for line in call("arm-none-eabi-size", "-A", folder / f"{name}.o").splitlines():
            section, *numbers = line.split() or [""]
            if section.startswith((".text", ".rodata")):
                sizes["code" if section == ".text" else "tables"] += int(numbers[0])
    return sizes


def _measure(arguments: list[str], folder: Path) -> tuple[float, float, float]:
    """Run Python once; return ms of wall and processor time, and the most memory in MB."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": f"{folder}/bytecode"}
    begin = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, arguments
    return 1000 * wall, 1000 * (usage.ru_utime + usage.ru_stime), usage.ru_maxrss / 1024
