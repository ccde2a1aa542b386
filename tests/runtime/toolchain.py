# SPDX-License-Identifier: Apache-2.0
"""Compilers for the tests of the runtime; a missing one skips the test that asks for it."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.paths import RUNTIME

INCLUDE = RUNTIME / "include"
CORE = sorted(RUNTIME.glob("*.c"))
HOST = RUNTIME / "host"
HOSTED = [*sorted(HOST.glob("*.c")), *CORE]
HERE = Path(__file__).resolve().parent
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
C11 = ["-std=c11", *WARNINGS, f"-I{INCLUDE}"]
HOSTED_C11 = [*C11, f"-I{HOST}"]
SANITIZERS = ["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
CORTEX_M0 = ["-mcpu=cortex-m0", "-mthumb", "-ffreestanding"]


def need(tool: str) -> str:
    """Return the tool's path, or skip the test."""
    found = shutil.which(tool)
    if found is None:
        pytest.skip(f"{tool} is not installed")
    return found


def compile_c(
    compiler: str, *arguments: object, output: Path | None = None, text: str | None = None
) -> str:
    """Run a compiler; its messages fail the test. With `text`, that is the C source."""
    words = [need(compiler), *map(str, arguments)]
    if text is not None:
        words += ["-x", "c++" if compiler.endswith("++") else "c", "-"]
    if output is not None:
        words += ["-o", str(output)]
    result = subprocess.run(words, input=text, capture_output=True, text=True)
    assert result.returncode == 0, f"{shlex.join(words)}\n{result.stderr}"
    return result.stderr


def need_sanitizers(compiler: str, folder: Path) -> None:
    """Skip the test where the compiler has no run-time libraries for its sanitizers."""
    probe = [need(compiler), *SANITIZERS, "-x", "c", "-", "-o", str(folder / "probe")]
    source = "int main(void) { return 0; }\n"
    if subprocess.run(probe, input=source, capture_output=True, text=True).returncode != 0:
        pytest.skip(f"{compiler} has no libraries for AddressSanitizer")


def run_program(program: Path, *arguments: object) -> str:
    """Run a program that must succeed; return what it printed."""
    words = [str(program), *map(str, arguments)]
    result = subprocess.run(words, capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, f"{shlex.join(words)}\n{result.stdout}{result.stderr}"
    return result.stdout
