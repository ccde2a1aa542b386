# SPDX-License-Identifier: Apache-2.0
"""The C test programs of runtime/host, under both compilers, sanitized and optimized."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runtime import toolchain

HERE = Path(__file__).resolve().parent
PROGRAMS = sorted(HERE.glob("test_*.c"))
MODES = {"sanitized": toolchain.SANITIZERS, "O3": ["-O3"]}
WRAPPED = [f"-Wl,--wrap={name}" for name in ("malloc", "calloc", "realloc", "free")]


def compile_program(source: Path, compiler: str, mode: str, folder: Path, *more: str) -> Path:
    if mode == "sanitized":
        toolchain.need_sanitizers(compiler, folder)
    program = folder / source.stem
    words = [*toolchain.HOSTED_C11, *MODES[mode], source, *toolchain.HOSTED, *more]
    toolchain.compile_c(compiler, *words, output=program)
    return program


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize("source", PROGRAMS, ids=lambda path: path.stem)
def test_program(source: Path, compiler: str, mode: str, tmp_path: Path) -> None:
    toolchain.run_program(compile_program(source, compiler, mode, tmp_path))


@pytest.mark.parametrize("mode", MODES)
def test_every_allocation_may_fail(mode: str, tmp_path: Path) -> None:
    source = HERE / "failing.c"
    toolchain.run_program(compile_program(source, "gcc", mode, tmp_path, *WRAPPED))


@pytest.mark.parametrize("source", PROGRAMS, ids=lambda path: path.stem)
def test_program_on_a_big_endian_processor(source: Path, tmp_path: Path) -> None:
    emulator, program = toolchain.need("qemu-s390x"), tmp_path / source.stem
    words = [*toolchain.HOSTED_C11, "-O2", "-static", source, *toolchain.HOSTED]
    toolchain.compile_c("s390x-linux-gnu-gcc", *words, output=program)
    toolchain.run_program(Path(emulator), program)


@pytest.mark.parametrize("name", ["ntriples", "terms"])
def test_static_analysis_finds_nothing(name: str, tmp_path: Path) -> None:
    flags = [*toolchain.HOSTED_C11, "-O1", "-fanalyzer", "-c", toolchain.HOST / f"{name}.c"]
    assert toolchain.compile_c("gcc", *flags, output=tmp_path / "out.o") == ""


@pytest.mark.parametrize("name", ["ntriples", "terms"])
def test_header_compiles_alone(name: str) -> None:
    text = f'#include "{name}.h"\n#include "{name}.h"\nint unused;\n'
    toolchain.compile_c("gcc", *toolchain.HOSTED_C11, "-fsyntax-only", text=text)
