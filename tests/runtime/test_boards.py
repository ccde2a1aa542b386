# SPDX-License-Identifier: Apache-2.0
"""The C test programs on 32-bit processors, in QEMU."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.qemu.machine import MACHINES, Machine, available
from tests.runtime import toolchain

PROGRAMS = sorted(set(toolchain.HERE.glob("test_*.c")) - {toolchain.HERE / "test_large_pool.c"})


# Of the five, a Cortex-M33 has the least that the others have not.
BOARDS = [
    pytest.param(name, marks=pytest.mark.slow) if name == "cortex-m33" else name
    for name in MACHINES
]


@pytest.mark.parametrize("board", BOARDS)
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_program_on_a_board(program: Path, board: str, tmp_path: Path) -> None:
    if reason := available(board):
        pytest.skip(reason)
    machine = Machine(board)
    sources = [program, *toolchain.CORE]
    image = machine.build(sources, [toolchain.INCLUDE], tmp_path / program.stem, toolchain.C11)
    run = machine.run(image)
    assert run.exit_code == 0, run.output
