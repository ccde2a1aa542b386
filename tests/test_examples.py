# SPDX-License-Identifier: Apache-2.0
"""The examples, built by Meson as a reader would build them."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
from pathlib import Path

import pyoxigraph
import pytest

from tests.meson import MESON, compile_project, run, setup_project
from tests.paths import EXAMPLES

THERMOSTAT = EXAMPLES / "thermostat"
EXPECTED = (THERMOSTAT / "expected.txt").read_text()
DRIVER = EXAMPLES / "driver"
# Examples that print the same on every processor, and their models.
SAMPLES = {
    "thermostat": "thermostat",
    "driver": "climate",
    "cbor": "air",
    "registers": "meter",
    "vocabulary": "greenhouse",
}
GATEWAY = EXAMPLES / "json"
SANITIZED = ("-Db_sanitize=address,undefined", "-Db_lundef=false")
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


@pytest.mark.parametrize("name", SAMPLES)
def test_an_example_says_what_is_wrong(name: str, tmp_path: Path) -> None:
    folder = build(EXAMPLES / name, tmp_path / "build", "-Dwerror=true", *SANITIZED)
    expected = (EXAMPLES / name / "expected.txt").read_text()
    assert run(folder / name) == expected
    assert expected in run_samples(folder)


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("board", BOARDS)
def test_an_example_says_the_same_on_a_board(board: str, name: str, tmp_path: Path) -> None:
    for tool in BOARDS[board]:
        if not shutil.which(tool):
            pytest.skip(f"no {tool}: ./dev test --setup")
    cross = EXAMPLES / "bare-metal" / f"{board}.ini"
    folder = build(EXAMPLES / name, tmp_path / "build", "--cross-file", cross)
    assert (EXAMPLES / name / "expected.txt").read_text() in run_samples(folder)
    library = next(folder.glob(f"libcns_{SAMPLES[name]}.a"))
    assert ram_of_tables(library, BOARDS[board][0].replace("gcc", "size")) == 0


def test_a_change_of_the_driver_s_struct_is_an_error(tmp_path: Path) -> None:
    source = tmp_path / "driver"
    shutil.copytree(DRIVER, source)
    folder = build(source, tmp_path / "build")
    edit(source / "hdc1080.h", "uint8_t humidity;", "uint32_t humidity;")
    wrong = "ex:ReadingShape: ex:humidity: struct hdc1080_data humidity is no integer that fits"
    assert wrong in compile_project(folder, status=1)


def ram_of_tables(library: Path, size: str) -> int:
    """Return the bytes of RAM that generated code takes: its data and bss sections."""
    header, *objects = run(size, library).splitlines()
    assert header.split()[:3] == ["text", "data", "bss"]
    return sum(int(number) for line in objects for number in line.split()[1:3])


def gateway_of(folder: Path) -> Path:
    return build(GATEWAY, folder, "-Dwerror=true", *SANITIZED) / "gateway"


def answer(gateway: Path, lines: bytes) -> tuple[int, str, str]:
    """Run the gateway; return its exit status, the RDF and the faults."""
    done = subprocess.run([gateway, "--rdf"], input=lines, capture_output=True, timeout=60)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_the_gateway_writes_what_conforms(tmp_path: Path) -> None:
    gateway = gateway_of(tmp_path / "build")
    status, triples, faults = answer(gateway, (GATEWAY / "sessions.jsonl").read_bytes())
    assert status == 1
    assert triples == (GATEWAY / "expected.nt").read_text()
    assert faults == (GATEWAY / "expected.txt").read_text()
    assert answer(gateway, b"") == (0, "", "")


def test_the_gateway_survives_damaged_lines(tmp_path: Path) -> None:
    """What it accepts is JSON to Python too, and what it writes is N-Triples."""
    gateway = gateway_of(tmp_path / "build")
    chooser = random.Random(5)
    good = (GATEWAY / "sessions.jsonl").read_bytes().splitlines()[:3]
    lines = [damaged(chooser.choice(good), chooser) for _ in range(4000)]
    status, triples, faults = answer(gateway, b"\n".join(lines))
    assert status == 1
    assert "Sanitizer" not in faults
    # The gateway checks the characters of IRIs as N-Triples does, not each scheme.
    assert list(pyoxigraph.parse(triples, pyoxigraph.RdfFormat.N_TRIPLES, lenient=True))
    found = re.findall(r"^line (\d+), byte (\d+): (.*)$", faults, re.MULTILINE)
    refused = {int(line) for line, _, _ in found}
    assert len({words for _, _, words in found}) > 20
    assert 0 < len(lines) - len(refused) < len(lines)
    for number, line in enumerate(lines, 1):
        if number not in refused and line:
            json.loads(line.decode())


def damaged(line: bytes, chooser: random.Random) -> bytes:
    """The line with one to three bytes changed, removed, or put in."""
    made = bytearray(line)
    for _ in range(chooser.randint(1, 3)):
        at = chooser.randrange(len(made))
        byte = chooser.choice(b'\x00\x1f"\\{}[]:,-+.eE019u\xc3\xff @')
        match chooser.randrange(4):
            case 0:
                made[at] = byte
            case 1:
                del made[at]
            case 2:
                made.insert(at, byte)
            case 3:
                made[at] ^= 1 << chooser.randrange(8)
    return bytes(made).replace(b"\n", b"")


def test_the_museum_checks_its_catalogue(tmp_path: Path) -> None:
    source = EXAMPLES / "validator"
    folder = build(source, tmp_path / "build", "-Dwerror=true", *SANITIZED)
    assert "1/2" in run(*MESON, "test", "-C", folder)
    said = run(folder / "check", source / "draft.nt", status=1)
    said = re.sub(r"(?<=\()[^ ]*(?=museum\.shacl:)|\d+ checks, |; read in .*", "", said)
    assert said == (source / "expected.txt").read_text()


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
