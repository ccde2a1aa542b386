# SPDX-License-Identifier: Apache-2.0
"""docs/budgets.md: its shapes give the figures and the messages that it shows."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from cns_build.cli import main
from tests.paths import ROOT
from tests.runtime.toolchain import C11, CORE, INCLUDE, compile_c, need, run_program

PAGE = (ROOT / "docs" / "budgets.md").read_text("utf-8")
MODEL = ["--shapes", "gate.shacl", "--name", "gates", "--inline-strings"]


def block(language: str, number: int = 0) -> str:
    """The text of a code block of the page."""
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return found[number]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "gate.shacl").write_text(block("turtle"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_header_says_what_the_page_does(folder: Path) -> None:
    assert main(["compile", *MODEL, "-o", "gates.c", "gates.h"]) == 0
    lines = block("c").splitlines()
    assert len(lines) == 3
    assert set(lines) <= set((folder / "gates.h").read_text().splitlines())


def test_a_pool_is_as_large_as_the_page_makes_it(folder: Path) -> None:
    assert main(["compile", *MODEL, "-o", "gates.c", "gates.h"]) == 0
    pool = block("c", 1)
    code = f"""#include "gates.h"
        int main(void) {{
            cns_pool results;
            {pool}
            cns_result *result;
            if (status != CNS_OK || cns_result_take(&results, &result) != CNS_OK) {{
                return 1;
            }}
            return result->capacity == GATES_VIOLATIONS ? 0 : 2;
        }}"""
    compile_c("gcc", *C11, "-I.", *CORE, output=folder / "pool", text=code)
    run_program(folder / "pool")


def test_the_budget_says_what_the_page_does(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["compile", *MODEL, "-o", "gates.c", "gates.h", "--tick-budget", "200"]
    assert main(words) == 1
    printed = capsys.readouterr().err.splitlines()
    assert [line for line in printed if not line.startswith(" ")] == block("text").splitlines()


def test_the_stack_is_what_the_page_says(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    compiler = need("arm-none-eabi-gcc")
    command = [compiler, "-dumpversion"]
    version = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    if f"with gcc {version}," not in PAGE:
        pytest.skip(f"the page shows what another gcc makes than {version}")
    assert main(["compile", *MODEL, "-o", "gates.c", "gates.h"]) == 0
    flags = re.findall(r"arm-none-eabi-gcc (.*) \\\n", PAGE)[0].split()
    subprocess.run([compiler, *flags, f"-I{INCLUDE}", "-c", "gates.c", *CORE], check=True)
    objects = sorted(path.name for path in folder.glob("*.o"))
    assert main(["stack", "--name", "gates", *objects]) == 0
    assert capsys.readouterr().out == block("text", 1)
