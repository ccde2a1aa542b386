# SPDX-License-Identifier: Apache-2.0
"""Tick budgets: what an exceeded one names, and that the named steps are those of the bound."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cns_build.cli import main
from cns_build.ir.cost import shares, steps
from tests.compiling import PREFIXES, compile_text
from tests.test_recursion import LEVELS

SHAPES = """ex:S a sh:NodeShape ; sh:targetClass ex:C ;
  sh:property [ sh:path ex:few ; sh:datatype xsd:int ; sh:maxCount 2 ; sh:minInclusive 1 ] ;
  sh:property [ sh:path ex:many ; sh:datatype xsd:int ; sh:minInclusive 3 ] ;
  sh:property [ sh:path ex:code ; sh:datatype xsd:string ; sh:maxCount 1 ; sh:maxLength 5 ;
    sh:pattern "^a" ] ;
  sh:property [ sh:path ex:one ; sh:datatype xsd:int ; sh:maxCount 1 ; sh:minInclusive 4 ] .
"""


def place(shapes: str, words: str) -> str:
    """Line and column at which the last of some words begins."""
    before = (PREFIXES + shapes).partition(words)[0] + words.rpartition(" ")[0] + " "
    line = before.rpartition("\n")[2]
    return f"{before.count(chr(10)) + 1}:{len(line) + 1}"


def exceeded(
    folder: Path, shapes: str, *options: str, capsys: pytest.CaptureFixture[str]
) -> list[str]:
    """The errors and notes of a check; each line without the name of the file."""
    file = folder / "shapes.ttl"
    file.write_text(PREFIXES + shapes, "utf-8")
    assert main(["check", str(file), "--no-warn", "all", *options]) == 1
    lines = capsys.readouterr().err.splitlines()
    return [line.removeprefix(f"{file}:") for line in lines if line.startswith(str(file))]


def test_the_three_most_expensive_constraints_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--inline-strings", "--tick-budget", "20", "--name", "m")
    error, *notes = exceeded(tmp_path, SHAPES, *options, capsys=capsys)
    program = compile_text(tmp_path, SHAPES, inline_strings=True).compiled.program
    needed = steps(program)[program.functions[0].record]
    what = f"record c can take {needed} steps in m_c_validate, more than the tick budget of 20; "
    assert what in error
    # Of 8 values: 1 to ask for them, 1 each, 28 for their pairs. Of 2: 1, 2 and 1. Of a text,
    # for which sh:maxLength asks, 1 and its 20 bytes.
    assert notes == [
        f"{place(SHAPES, 'sh:minInclusive 3')}: note: sh:minInclusive of ex:many in ex:S takes 37 "
        "of these steps; lower sh:maxCount or --capacity of ex:many (now 8)",
        f"{place(SHAPES, 'sh:pattern X'.replace('X', chr(34) + '^a'))}: note: sh:pattern of "
        "ex:code in ex:S takes 21 of these steps; lower sh:maxLength of the text that a pattern "
        "reads",
        f"{place(SHAPES, 'sh:minInclusive 1')}: note: sh:minInclusive of ex:few in ex:S takes 4 "
        "of these steps; lower sh:maxCount or --capacity of ex:few (now 2)",
    ]


def test_recursive_shapes_are_told_of_the_depth(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, note = exceeded(tmp_path, LEVELS, "--tick-budget", "20", capsys=capsys)
    assert note.endswith("ex:next (now 2), or --depth of records inside each other")


def test_a_budget_that_is_just_enough_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = compile_text(tmp_path, SHAPES, inline_strings=True).compiled.program
    needed = steps(program)[program.functions[0].record]
    file = str(tmp_path / "shapes.ttl")
    for budget, status in ((needed, 0), (needed - 1, 1)):
        words = ["check", file, "--inline-strings", "--tick-budget", str(budget)]
        assert main([*words, "--no-warn", "all"]) == status
    assert re.search(f"tick budget of {needed - 1};", capsys.readouterr().err)


@pytest.mark.parametrize("shapes", [SHAPES, LEVELS])
def test_the_steps_of_all_checks_add_up(tmp_path: Path, shapes: str) -> None:
    program = compile_text(tmp_path, shapes).compiled.program
    (function,) = program.functions
    found = shares(program, function)
    assert found.total() == steps(program)[function.record]
    assert found.keys() - {None} == set(range(len(program.checks)))
