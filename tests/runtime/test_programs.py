# SPDX-License-Identifier: Apache-2.0
"""The C test programs, under every compiler, sanitized and optimized."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runtime import toolchain

PROGRAMS = sorted(toolchain.HERE.glob("test_*.c"))
MODES = {"sanitized": toolchain.SANITIZERS, "O3": ["-O3"], "Os": ["-Os"]}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_program(program: Path, compiler: str, mode: str, tmp_path: Path) -> None:
    if mode == "sanitized":
        toolchain.need_sanitizers(compiler, tmp_path)
    binary = tmp_path / program.stem
    toolchain.compile_c(
        compiler, *toolchain.C11, *MODES[mode], program, *toolchain.CORE, output=binary
    )
    toolchain.run_program(binary)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_program_on_a_big_endian_processor(program: Path, tmp_path: Path) -> None:
    emulator, binary = toolchain.need("qemu-s390x"), tmp_path / program.stem
    flags = [*toolchain.C11, "-O2", "-static"]
    toolchain.compile_c("s390x-linux-gnu-gcc", *flags, program, *toolchain.CORE, output=binary)
    toolchain.run_program(Path(emulator), binary)


def test_a_failed_check_fails_the_program(tmp_path: Path) -> None:
    source = '#include "check.h"\nint main(void) { CHECK(1 == 2); return check_status(); }\n'
    binary = tmp_path / "failing"
    toolchain.compile_c("gcc", *toolchain.C11, f"-I{toolchain.HERE}", text=source, output=binary)
    with pytest.raises(AssertionError, match="1 == 2"):
        toolchain.run_program(binary)
