# SPDX-License-Identifier: Apache-2.0
"""The tables of constraints and steps: what Python reads is what C has."""

from __future__ import annotations

import re
from pathlib import Path

from cns_build.graph import opcodes
from cns_build.graph.program import IN, KEEP, OUT, RULES
from tests.paths import RUNTIME
from tests.runtime import toolchain

HEADER = RUNTIME / "host" / "program.h"


def test_fingerprint_is_that_of_the_tables() -> None:
    found = re.search(r"#define CNS_PROGRAM_FINGERPRINT 0x([0-9A-F]{8})u", HEADER.read_text())
    assert found is not None
    assert int(found[1], 16) == opcodes.fingerprint(), f"0x{opcodes.fingerprint():08X}u"


def test_numbers_are_those_of_the_compiler(tmp_path: Path) -> None:
    named = {
        **{f"CNS_CONSTRAINT_{name}": o.number for name, o in opcodes.constraints().items()},
        **{f"CNS_STEP_{name}": o.number for name, o in opcodes.steps().items()},
        **{f"CNS_INFER_{name}": o.number for name, o in opcodes.rules().items()},
        "CNS_READ_OUT": OUT,
        "CNS_READ_IN": IN,
        "CNS_READ_RULES": RULES,
        "CNS_READ_KEEP": KEEP,
    }
    rows = "".join(f'    printf("{name} %u\\n", (unsigned){name});\n' for name in named)
    source = "#include <host/program.h>\n#include <stdio.h>\n"
    source += f"int main(void) {{\n{rows}    return 0;\n}}\n"
    program = tmp_path / "numbers"
    toolchain.compile_c("gcc", *toolchain.C11, f"-I{RUNTIME}", output=program, text=source)
    printed = dict(line.split() for line in toolchain.run_program(program).splitlines())
    assert {name: int(number) for name, number in printed.items()} == named


def test_all_rows_are_read() -> None:
    text = HEADER.read_text()
    rows = re.findall(r"^    X\([A-Z_]+, 0x", text, re.MULTILINE)
    tables = (opcodes.constraints(), opcodes.steps(), opcodes.rules())
    assert len(rows) == sum(map(len, tables))
