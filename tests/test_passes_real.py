# SPDX-License-Identifier: Apache-2.0
"""Passes and layouts on shapes that others wrote."""

from __future__ import annotations

import subprocess

import pytest

from cns_build.ir import verify
from cns_build.ir.cost import steps
from tests.compiling import Model, compile_files
from tests.interpreter import Interpreter, Memory
from tests.paths import shared
from tests.records.generate import Generator
from tests.reference.denote import BadRecord
from tests.runtime.toolchain import INCLUDE, need
from tests.test_layout import COMPILERS, expected

FILES = {
    "opcua/interfaces.shacl.ttl": (),
    "industryfusion/plasmacutter_shacl.ttl": (),
    "rec/rec.ttl": (
        "import:http://datashapes.org/dash",
        "import:https://brickschema.org/schema/1.3/Brick",
        "import:https://w3id.org/rec/brickpatches",
    ),
}
KINDS, RECORDS = 30, 4


def compiled(file: str) -> Model:
    path = shared(f"data/ontologies/{file}")
    return compile_files([path], waive=frozenset(FILES[file]))


@pytest.mark.parametrize("file", FILES)
def test_every_stage_reports_the_same_within_its_bound(file: str) -> None:
    model = compiled(file)
    naive = model.compiled.naive
    for program in model.stages.values():
        verify.verify(program)
    bounds = {stage: steps(program) for stage, program in model.stages.items()}
    generator = Generator(naive, seed=3)
    checked = 0
    for entry in naive.entries[:KINDS]:
        for _ in range(RECORDS):
            try:
                memory = Memory(naive, generator.record(entry.record))
            except BadRecord:
                continue
            reports = Interpreter(naive, memory).run()
            for stage, program in model.stages.items():
                interpreter = Interpreter(program, memory)
                assert interpreter.run() == reports, stage
                assert interpreter.steps <= bounds[stage][entry.record]
            checked += 1
    assert checked > len(naive.entries[:KINDS])


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("compiler", COMPILERS)
def test_members_lie_where_c_puts_them(file: str, compiler: str) -> None:
    command, flags, target = COMPILERS[compiler]
    path = need(command)
    model = compiled(file)
    same = '#define SAME(a, b) _Static_assert((a) == (b), #a " is not " #b)'
    text = "\n".join(["#include <stddef.h>", model.generate()[1], same, *expected(model, target)])
    done = subprocess.run(
        [path, *flags, "-std=c11", "-ffreestanding", f"-I{INCLUDE}", "-fsyntax-only", "-xc", "-"],
        input=text,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
