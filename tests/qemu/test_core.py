# SPDX-License-Identifier: Apache-2.0
"""The runtime's core on processors without an operating system."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.compiling import compile_text
from tests.paths import RUNTIME
from tests.qemu.machine import HERE, MACHINES, Machine, available

CORE = sorted(RUNTIME.glob("*.c"))
INCLUDE = RUNTIME / "include"
MEMORY_FUNCTIONS = {"memcpy", "memmove", "memset", "memcmp"}
# The files that load, verify, optimize and run images.
MACHINE_FILES = {"image", "operands", "vm", "walk"}

SHAPES = """
ex:Reading a sh:NodeShape ; sh:targetClass ex:Reading ;
  sh:property [ sh:path ex:celsius ; sh:datatype xsd:double ; sh:maxCount 1 ;
                sh:maxInclusive 85.0 ] ;
  sh:property [ sh:path ex:code ; sh:datatype xsd:string ; sh:maxCount 1 ; sh:pattern "^a+$" ] .
"""
# Dispatches a signal, of which the exit status tells whether the line about it was written.
PROGRAM = """
#include "m.h"
int main(void) {
    cns_violation found[4];
    cns_result result;
    cns_result_init(&result, found, 4);
    m_reading reading = M_READING_INIT;
    m_reading_set_celsius(&reading, 90.5);
    cns_signal signal = {.kind = M_KIND_READING, .payload = &reading};
    cns_dispatch(&m_model, &signal, &result);
    char line[160];
    cns_violation_format(&m_model, &found[0], line, sizeof line);
    return result.count == 1 && line[0] == 'v' ? 0 : 1;
}
"""


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


def runs_images(file: Path) -> bool:
    """Whether an object of the core is for images alone."""
    return file.stem in MACHINE_FILES or file.stem.startswith(("verify", "optimize"))


def functions(machine: Machine, files: list[Path]) -> set[str]:
    """Names that files define, static ones too, without those that compilers invent."""
    return {name for file in files for name in machine.addresses(file) if name.isidentifier()}


def test_a_native_program_links_nothing_of_the_bytecode_machine(
    machine: Machine, objects: list[Path], tmp_path: Path
) -> None:
    source, header = compile_text(tmp_path, SHAPES, name="m").generate()
    for name, text in (("main.c", PROGRAM), ("m.c", source), ("m.h", header)):
        (tmp_path / name).write_text(text, "utf-8")
    sources = [tmp_path / "main.c", tmp_path / "m.c", *CORE]
    image = machine.build(sources, [tmp_path, INCLUDE], tmp_path / "program")
    rest = functions(machine, [file for file in objects if not runs_images(file)])
    bytecode = functions(machine, [file for file in objects if runs_images(file)]) - rest
    assert {"cns_image_run", "cns_image_load", "cns_image_optimize", "settle"} <= bytecode
    linked = functions(machine, [image.elf])
    assert "cns_violation_format" in linked
    assert linked & bytecode == set()
    assert machine.run(image).exit_code == 0
