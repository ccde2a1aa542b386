# SPDX-License-Identifier: Apache-2.0
"""The examples, built by Meson as a reader would build them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.meson import MESON, compile_project, run, setup_project
from tests.paths import EXAMPLES

THERMOSTAT = EXAMPLES / "thermostat"
EXPECTED = (THERMOSTAT / "expected.txt").read_text()
DRIVER = EXAMPLES / "driver"
BOARDS = {
    "cortex-m0": ("arm-none-eabi-gcc", "qemu-system-arm"),
    "riscv32": ("riscv64-unknown-elf-gcc", "qemu-system-riscv32"),
}


def build(source: Path, folder: Path, *options: object) -> Path:
    """Configure and compile the project in `source`; return `folder`."""
    setup_project(source, folder, *options)
    compile_project(folder)
    return folder


def run_samples(folder: Path, status: int = 0) -> str:
    """Run an example as its Meson test, which may be in an emulator; return the output."""
    return run(*MESON, "test", "-C", folder, "--interactive", "--quiet", status=status)


def test_the_thermostat_says_what_is_wrong(tmp_path: Path) -> None:
    folder = build(THERMOSTAT, tmp_path / "build", "-Dwerror=true")
    assert run(folder / "thermostat") == EXPECTED
    assert EXPECTED in run_samples(folder)


@pytest.mark.parametrize("board", BOARDS)
def test_the_thermostat_says_the_same_on_a_board(board: str, tmp_path: Path) -> None:
    for tool in BOARDS[board]:
        if not shutil.which(tool):
            pytest.skip(f"no {tool}: ./dev test --setup")
    cross = EXAMPLES / "bare-metal" / f"{board}.ini"
    folder = build(THERMOSTAT, tmp_path / "build", "--cross-file", cross)
    assert EXPECTED in run_samples(folder)
    assert ram_of_tables(folder, BOARDS[board][0].replace("gcc", "size")) == 0


def test_a_driver_s_struct_is_read_in_place(tmp_path: Path) -> None:
    expected = (DRIVER / "expected.txt").read_text()
    folder = build(DRIVER, tmp_path / "build", "-Dwerror=true")
    assert run(folder / "driver") == expected
    assert expected in run_samples(folder)


def test_a_driver_s_struct_is_read_in_place_on_a_board(tmp_path: Path) -> None:
    for tool in BOARDS["cortex-m0"]:
        if not shutil.which(tool):
            pytest.skip(f"no {tool}: ./dev test --setup")
    cross = EXAMPLES / "bare-metal" / "cortex-m0.ini"
    folder = build(DRIVER, tmp_path / "build", "--cross-file", cross)
    assert (DRIVER / "expected.txt").read_text() in run_samples(folder)
    assert ram_of_tables(folder, "arm-none-eabi-size", "climate") == 0


def test_a_change_of_the_driver_s_struct_is_an_error(tmp_path: Path) -> None:
    source = tmp_path / "driver"
    shutil.copytree(DRIVER, source)
    folder = build(source, tmp_path / "build")
    edit(source / "hdc1080.h", "uint8_t humidity;", "uint32_t humidity;")
    wrong = "ex:ReadingShape: ex:humidity: struct hdc1080_data humidity is no integer that fits"
    assert wrong in compile_project(folder, status=1)


def ram_of_tables(folder: Path, size: str, model: str = "thermostat") -> int:
    """Return the bytes of RAM that the generated code takes: its data and bss sections."""
    header, *objects = run(size, folder / f"libcns_{model}.a").splitlines()
    assert header.split()[:3] == ["text", "data", "bss"]
    return sum(int(number) for line in objects for number in line.split()[1:3])


def test_the_thermostat_follows_its_shapes_and_classes(tmp_path: Path) -> None:
    source = tmp_path / "thermostat"
    shutil.copytree(THERMOSTAT, source)
    folder = build(source, tmp_path / "build")
    shapes, classes = source / "thermostat.shacl", source / "thermostat.ttl"
    edit(shapes, "sh:maxInclusive 185.0", "sh:maxInclusive 250.0")
    contact = "home:DoorContact a owl:Class ; rdfs:subClassOf "
    edit(classes, f"{contact}sosa:Sensor", f"{contact}home:Thermometer")
    compile_project(folder)
    gone = ("qudt:numericValue 230", "only a thermometer measures temperatures")
    kept = [line for line in EXPECTED.splitlines() if not any(text in line for text in gone)]
    kept[kept.index("refused a reading by a door")] = "ok      a reading by a door"
    assert "\n".join(kept) in run_samples(folder, status=1)


def edit(file: Path, old: str, new: str) -> None:
    """Replace the one occurrence of a text in a file."""
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))
