# SPDX-License-Identifier: Apache-2.0
"""Inference where memory fails, under sanitizers."""

from __future__ import annotations

from pathlib import Path

import pytest

from cns_build.graph.image import to_image
from cns_build.owl.rules import Rules
from tests.graph.native import HOST
from tests.host.test_programs import WRAPPED
from tests.owl.engine import as_data, closed, program_of, rule_of
from tests.owl.naive import SAME, Fact, Rule
from tests.paths import RUNTIME
from tests.runtime import toolchain

SOURCE = Path(__file__).parents[1] / "host" / "inferring.c"

RULES: list[Rule] = [
    ("SUBCLASS", ("A", "_c0")),
    ("SUBCLASS", ("_c0", "B")),
    ("INTERSECTION", ("C", "B", "D")),
    ("SOME", ("p", "C", "A")),
    ("ONLY", ("B", "q", "D")),
    ("DOMAIN", ("p", "D")),
    ("RANGE", ("q", "A")),
    ("HAS", ("r", '"1', "E")),
    ("GIVES", ("E", "q", "x")),
    ("SUBPROPERTY", ("p", "q")),
    ("INVERSE", ("q", "_p0")),
    ("CHAIN", ("_p0", "p", "p")),
    ("CHAIN", ("t", "t", "t")),
    ("MEMBER", ("x", "B")),
    ("MEMBER", ('"01', "L")),
    ("SOME", ("r", "L", "E")),
    ("FUNCTIONAL", ("f",)),
    ("INVERSE_FUNCTIONAL", ("r",)),
    ("AT_MOST_ONE", ("A", "f", "B")),
    ("KEY", ("B", "r", "f")),
]


def _facts() -> list[Fact]:
    found: list[Fact] = [(SAME, "n1", "n2")]
    for number in range(20):
        found += [
            ("p", f"n{number}", f"n{number + 1}"),
            ("t", f"n{number}", f"n{(number + 7) % 20}"),
            ("r", f"n{number}", f'"{number // 2}'),
            ("f", f"n{number % 3}", f"m{number}"),
            ("A", f"n{number}"),
            ("other", f"m{number}", "n2"),
        ]
    return found


@pytest.mark.parametrize("compiler", ["gcc", pytest.param("clang", marks=pytest.mark.slow)])
def test_every_allocation_may_fail(compiler: str, tmp_path: Path) -> None:
    toolchain.need_sanitizers(compiler, tmp_path)
    program = program_of(Rules(tuple(map(rule_of, RULES)), (), (), (), ()))
    data = as_data(_facts())
    expected = closed(program, data).inferred
    assert expected > 1000
    image, lines = tmp_path / "image", tmp_path / "data.nt"
    image.write_bytes(to_image(program))
    lines.write_text(data, encoding="utf-8")
    flags = (*toolchain.C11, *toolchain.SANITIZERS, f"-I{RUNTIME}", f"-I{RUNTIME / 'host'}")
    made = tmp_path / "inferring"
    files = [SOURCE, *HOST, *toolchain.CORE]
    toolchain.compile_c(compiler, *flags, *WRAPPED, *files, "-lm", "-pthread", output=made)
    toolchain.run_program(made, image, lines, expected)
