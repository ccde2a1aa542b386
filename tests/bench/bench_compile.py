# SPDX-License-Identifier: Apache-2.0
"""`cnsc compile` of the thermostat, each time as a new process, beside a Python that does nothing.

Wall time depends on what else the machine does; processor time, user and system, less so. Python's
bytecode is cached, as it is after an installation. The output is compared from run to run.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench import Figure, figure
from tests.paths import EXAMPLES, ROOT

RUNS = 25
THERMOSTAT = EXAMPLES / "thermostat"
NOTHING = ("-c", "pass")


def run() -> list[Figure]:
    """Return ms of wall and processor time of both, which take turns."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": f"{folder}/bytecode"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        commands = {"python -c pass": NOTHING, "cnsc compile": compile_command(folder)}
        for command in commands.values():
            measure(command, environment)
        expected = outputs(folder)
        samples: dict[str, list[tuple[float, float]]] = {what: [] for what in commands}
        for _ in range(RUNS):
            for what, command in commands.items():
                samples[what].append(measure(command, environment))
            assert outputs(folder) == expected
    figures = []
    for index, kind in enumerate(("wall", "processor")):
        for what, pairs in samples.items():
            values = [pair[index] for pair in pairs]
            base = None if what == "python -c pass" else f"python -c pass, {kind}"
            figures.append(figure(f"{what}, {kind}", "ms", values, base))
    return figures


def compile_command(folder: Path) -> tuple[str, ...]:
    """Return what follows `python` to compile the thermostat to C in `folder`."""
    return (
        *("-m", "cns_build", "compile", str(THERMOSTAT / "thermostat.ttl")),
        *("--shapes", str(THERMOSTAT / "thermostat.shacl"), "--name", "thermostat"),
        *("--depfile", str(folder / "thermostat.d")),
        *("-o", str(folder / "thermostat.c"), str(folder / "thermostat.h")),
    )


def measure(arguments: tuple[str, ...], environment: dict[str, str]) -> tuple[float, float]:
    """Run Python once; return its wall and processor time in ms."""
    begin = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, arguments
    return 1000 * wall, 1000 * (usage.ru_utime + usage.ru_stime)


def outputs(folder: Path) -> tuple[str, str]:
    """Return source and header, which have to name what was compiled; remove them."""
    texts = []
    for name in ("thermostat.c", "thermostat.h"):
        texts.append((folder / name).read_text())
        (folder / name).unlink()
    source, header = texts
    assert "thermostat_reading_validate" in source
    assert "struct thermostat_reading {" in header
    return source, header
