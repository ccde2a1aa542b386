# SPDX-License-Identifier: Apache-2.0
"""The loader and the verifier: each reason to refuse an image, and images with any bit turned."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.bytecode import images
from tests.runtime import native, toolchain

HERE = Path(__file__).resolve().parent
DRIVER = HERE / "load.c"
REJECTED = sorted((HERE / "rejected").glob("*.txt"))
ACCEPTED = sorted((HERE / "accepted").glob("*.txt"))


def write_image(case: images.Case, folder: Path) -> Path:
    """Write the image of a text."""
    file = folder / "case.cnsi"
    file.write_bytes(images.encode(case.words()))
    return file


def expected(case: images.Case) -> str:
    """Return what the driver prints for the text."""
    return f"{case.expected} {case.offset() if case.section else 0}\n"


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The driver and the runtime under the sanitizers."""
    folder = tmp_path_factory.mktemp("load")
    toolchain.need_sanitizers("gcc", folder)
    flags = [*toolchain.C11, *toolchain.SANITIZERS]
    toolchain.compile_c("gcc", *flags, DRIVER, *toolchain.CORE, output=folder / "load")
    return folder / "load"


@pytest.mark.parametrize("path", [*REJECTED, *ACCEPTED], ids=lambda path: path.stem)
def test_verdict(path: Path, driver: Path, tmp_path: Path) -> None:
    case = images.read_case(path)
    printed = toolchain.run_program(driver, *case.limits, write_image(case, tmp_path))
    assert printed == expected(case)


def test_each_reason_has_a_case() -> None:
    reasons = {row[0] for row in native.rows("REASONS")}
    assert {images.read_case(path).expected for path in [*REJECTED, *ACCEPTED]} == reasons


def test_each_instruction_is_accepted_somewhere() -> None:
    text = "\n".join(path.read_text() for path in ACCEPTED)
    used = set(re.findall(r"^(?:code:)? +(\w+)", text, re.MULTILINE))
    assert used == set(images.OPCODES)


@pytest.mark.parametrize("path", ACCEPTED, ids=lambda path: path.stem)
def test_turned_bits_and_cut_ends(path: Path, driver: Path, tmp_path: Path) -> None:
    # The driver sees to it that none is accepted without a new checksum.
    file = write_image(images.read_case(path), tmp_path)
    found = re.fullmatch(r"(\d+) of (\d+)\n", toolchain.run_program(driver, "turn", file))
    assert found is not None
    assert int(found[2]) == 8 * file.stat().st_size
    assert 0 < int(found[1]) < int(found[2])


def test_verdicts_on_a_big_endian_machine(tmp_path: Path) -> None:
    emulator = toolchain.need("qemu-s390x")
    program = tmp_path / "load"
    flags = [*toolchain.C11, "-O2", "-static", DRIVER, *toolchain.CORE]
    toolchain.compile_c("s390x-linux-gnu-gcc", *flags, output=program)
    for path in [*REJECTED, *ACCEPTED]:
        case = images.read_case(path)
        words = [emulator, program, *case.limits, write_image(case, tmp_path)]
        run = subprocess.run(list(map(str, words)), capture_output=True, text=True)
        assert (run.returncode, run.stdout) == (0, expected(case)), path.stem
