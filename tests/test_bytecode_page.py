# SPDX-License-Identifier: Apache-2.0
"""docs/bytecode.md: its tables are those of the runtime, its example does what it shows."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from cns_build.bytecode import isa
from cns_build.bytecode.pool import MAX_WORDS
from cns_build.cli import main
from tests import bytecode_page
from tests.bytecode import things
from tests.meson import Project
from tests.paths import ROOT

PAGE = ROOT / "docs" / "bytecode.md"


def block(language: str, number: int = 0) -> str:
    """The text of a code block of the page."""
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return found[number]


def test_made_parts(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    old = PAGE.read_text("utf-8")
    made = bytecode_page.page(old, things.build_optimizer(tmp_path), tmp_path)
    if request.config.getoption("--update-docs"):
        PAGE.write_text(made, "utf-8")
        return
    assert made == old, "pytest tests/test_bytecode_page.py --update-docs"


def test_every_instruction_and_letter_is_in_the_manual() -> None:
    table, explained = bytecode_page.opcodes(), bytecode_page.letters()
    for opcode in isa.opcodes().values():
        assert f"| `{opcode.name}` | 0x{opcode.number:02x} | `{opcode.operands}` |" in table
        for letter in set(opcode.operands) - {"c"}:  # of REPORT: explained with M
            assert f"`{letter}`" in explained, opcode


def test_limits_are_those_of_the_code() -> None:
    page = PAGE.read_text("utf-8")
    for number in (isa.NO_REGISTER, isa.MAX_CHECKS, MAX_WORDS):
        assert f"| {number} |" in page


@pytest.fixture
def made(project: Callable[[dict[str, str]], Project]) -> Project:
    """The project of the page, built."""
    files = {"turtle": "reading.shacl", "meson": "meson.build", "c": "main.c"}
    made = project({file: block(language) for language, file in files.items()})
    made.setup("-Dwarning_level=3", "-Dwerror=true")
    made.compile()
    return made


def test_the_example_prints_what_the_page_shows(
    made: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(made.build)
    _image("stricter", block("turtle").replace("85.0", "60.0"))
    _image("kelvin", block("turtle").replace("ex:celsius", "ex:kelvin"))
    shutil.copy("stricter.cnsi", "damaged.cnsi")
    with Path("damaged.cnsi").open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\x01")
    words, shown = block("text").split("\n", 1)
    assert words.startswith("$ ./thermometer ")
    command = words.removeprefix("$ ").split()
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout == shown


def _image(name: str, shapes: str) -> None:
    Path(f"{name}.shacl").write_text(shapes)
    words = ["--shapes", f"{name}.shacl", "--name", "model", "--image", f"{name}.cnsi"]
    assert main(["compile", *words]) == 0


def test_explain_shows_what_the_page_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    _image("stricter", block("turtle").replace("85.0", "60.0"))
    words = ["--shapes", "stricter.shacl", "--name", "model", "--image", "stricter.cnsi"]
    assert main(["compile", *words, "--map", "stricter.map.json"]) == 0
    assert main(["explain", "--image", "stricter.cnsi", "--map", "stricter.map.json"]) == 0
    assert capsys.readouterr().out == block("text", 1)
