# SPDX-License-Identifier: Apache-2.0
"""The runtime's core on processors without an operating system."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.paths import RUNTIME
from tests.qemu.machine import HERE, MACHINES, Machine, available

CORE = sorted(RUNTIME.glob("*.c"))
INCLUDE = RUNTIME / "include"
MEMORY_FUNCTIONS = {"memcpy", "memmove", "memset", "memcmp"}


@pytest.fixture(params=MACHINES)
def machine(request: pytest.FixtureRequest) -> Machine:
    if reason := available(request.param):
        pytest.skip(reason)
    return Machine(request.param)


def support_routines(machine: Machine) -> set[str]:
    """Names that the compiler's own support library defines."""
    command = [*machine.compiler, *machine.compile_args, "-print-libgcc-file-name"]
    library = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout
    return machine.defined(Path(library.strip()))


@pytest.fixture
def objects(machine: Machine, tmp_path: Path) -> list[Path]:
    return [
        machine.compile(source, [INCLUDE], tmp_path / f"{source.stem}.o", ["-ffreestanding"])
        for source in CORE
    ]


def test_the_core_needs_four_functions_and_the_compilers_support(
    machine: Machine, objects: list[Path]
) -> None:
    needed = set().union(*map(machine.undefined, objects))
    own = set().union(*map(machine.defined, objects))
    assert "cns_dispatch" in own
    assert needed - own - support_routines(machine) <= MEMORY_FUNCTIONS


def test_the_core_has_no_writable_data(machine: Machine, objects: list[Path]) -> None:
    sizes = {
        (file.stem, section): size
        for file in objects
        for section, size in machine.sections(file).items()
        if section.startswith((".data", ".bss", ".sdata", ".sbss")) and size
    }
    assert sizes == {}


def test_the_core_works(machine: Machine, tmp_path: Path) -> None:
    image = machine.build([HERE / "smoke.c", *CORE], [INCLUDE], tmp_path / "smoke")
    assert machine.run(image).exit_code == 0
