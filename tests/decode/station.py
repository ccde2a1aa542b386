# SPDX-License-Identifier: Apache-2.0
"""Builds station.c for several processors; what it printed, and its dump."""

from __future__ import annotations

import functools
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from cns_build.cli import main
from cns_build.decode.hextext import from_hex
from tests.qemu.machine import Machine, available
from tests.runtime.toolchain import C11, CORE, INCLUDE, SANITIZERS, compile_c, need, run_program

HERE = Path(__file__).resolve().parent
PROCESSORS = ("host", "s390x", "cortex-m0")
_S390X = ("s390x-linux-gnu-gcc", "qemu-s390x")


@dataclass(frozen=True, slots=True)
class Printed:
    """A violation as station.c printed it."""

    check: int
    focus: int
    detail_of: int
    line: str


@dataclass(frozen=True, slots=True)
class Result:
    """A result as station.c printed it."""

    kind: int
    signal: int
    status: int
    conforms: bool
    count: int
    truncated: int
    steps: int
    violations: tuple[Printed, ...]


@dataclass(frozen=True, slots=True)
class Station:
    """One run: the results of the handlers, the dump, and where the map of the model is."""

    results: tuple[Result, ...]
    hex: str
    map: Path

    @property
    def dump(self) -> bytes:
        return from_hex(self.hex)[0]


@functools.cache
def model(strings: str = "full") -> Path:
    """Compile the shapes; return the folder of the C files and the map."""
    folder = Path(tempfile.mkdtemp(prefix="cns-station-"))
    outputs = ["-o", str(folder / "station.c"), str(folder / "station.h")]
    options = ["--detail", "--strings", strings, "--map", str(folder / "station.map.json")]
    shapes = ["--shapes", str(HERE / "station.ttl"), "--name", "station"]
    assert main(["compile", *shapes, *options, *outputs]) == 0
    return folder


@functools.cache
def run_station(processor: str = "host", entries: int = 64, strings: str = "full") -> Station:
    """Build and run station.c with a trace of so many entries; skip without the tools."""
    folder = model(strings)
    binary = folder / f"station-{processor}-{entries}"
    sources = [HERE / "station.c", folder / "station.c"]
    if processor == "cortex-m0":
        return _station(folder, _on_board(processor, sources, folder, binary, entries))
    define = f"-DENTRIES={entries}"
    if processor == "s390x":
        compiler, emulator = map(need, _S390X)
        flags = [*C11, "-static", "-O1", f"-I{folder}", define]
        compile_c(compiler, *flags, *sources, *CORE, output=binary)
        return _station(folder, run_program(Path(emulator), binary))
    flags = [*C11, *SANITIZERS, f"-I{folder}", define]
    compile_c("gcc", *flags, *sources, *CORE, output=binary)
    return _station(folder, run_program(binary))


def _on_board(name: str, sources: list[Path], folder: Path, binary: Path, entries: int) -> str:
    if reason := available(name):
        pytest.skip(reason)
    machine = Machine(name)
    define = [f"-DENTRIES={entries}"]
    image = machine.build([*sources, *CORE], [INCLUDE, folder], binary, define)
    run = machine.run(image)
    assert run.exit_code == 0
    return run.output


def _station(folder: Path, output: str) -> Station:
    said, _, dump = output.partition("dump\n")
    results: list[Result] = []
    for block in re.split(r"^result ", said, flags=re.MULTILINE)[1:]:
        head, *lines = block.rstrip("\n").split("\n")
        kind, signal, status, conforms, count, truncated, steps = map(int, head.split())
        found = tuple(_printed(line) for line in lines)
        counts = (count, truncated, steps)
        results.append(Result(kind, signal, status, bool(conforms), *counts, found))
    return Station(tuple(results), dump, folder / "station.map.json")


def _printed(line: str) -> Printed:
    _, check, focus, detail_of, text = line.split(" ", 4)
    return Printed(int(check), int(focus), int(detail_of), text)
