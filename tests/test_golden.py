# SPDX-License-Identifier: Apache-2.0
"""Golden cases: shapes, and what the stages of the compiler make of them (tests/golden)."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from cns_build.backend.header import header
from cns_build.backend.source import source
from cns_build.bytecode.annotate import functions
from cns_build.bytecode.assemble import assemble
from cns_build.bytecode.legend import legend_of
from cns_build.bytecode.optimize import optimized
from cns_build.commands import render_error
from cns_build.diagnostics import CompileError
from cns_build.frontend.bind import read
from cns_build.ir.text import code_text, records_text, to_text
from tests.bytecode.lowered import assert_as_promised
from tests.compiling import Model, compile_text
from tests.paths import ROOT

CASES = sorted((ROOT / "tests" / "golden").glob("*.txt"))
GIVEN = ("", "options", "shapes", "map")


def read_case(text: str) -> dict[str, str]:
    """The sections of a case, in order; the text before the first is called ``."""
    sections: dict[str, str] = {}
    name = ""
    for line in text.splitlines(keepends=True):
        if line.startswith("[") and line.endswith("]\n") and " " not in line:
            name = line[1:-2]
            assert name not in sections
            sections[name] = ""
        else:
            sections[name] = sections.get(name, "") + line
    return {name: body.strip("\n") + "\n" for name, body in sections.items()}


def write_case(sections: dict[str, str]) -> str:
    parts = (f"[{name}]\n{body}" if name else body for name, body in sections.items())
    return "\n".join(parts)


def read_options(text: str) -> dict[str, Any]:
    pairs = (line.split(" = ", 1) for line in text.splitlines() if line)
    return {name: ast.literal_eval(value) for name, value in pairs}


def read_given(folder: Path, sections: dict[str, str]) -> dict[str, Any]:
    """The options of a case, its map of structs among them."""
    options = read_options(sections.get("options", ""))
    if "map" in sections:
        (folder / "map.toml").write_text(sections["map"], "utf-8")
        options["bind"] = read([str(folder / "map.toml")])
    return options


def section(model: Model, name: str) -> str:
    """What the compiler says now for one section."""
    prefixes = model.graph.prefixes
    program = model.compiled.program
    match name:
        case "records":
            return records_text(program, prefixes)
        case "naive":
            return code_text(model.compiled.naive, prefixes)
        case "ir":
            return to_text(program, prefixes)
        case "c":
            parts = source(program, model.options, dict(prefixes))
            blocks = (*parts.codes, *parts.tests, *parts.procedures, *parts.handlers)
            return "\n".join(b.strip("\n") + "\n" for b in blocks)
        case "layout":
            return "\n".join(source(program, model.options, dict(prefixes)).layout)
        case "assertions":
            parts = source(program, model.options, dict(prefixes))
            return "".join(f"{line}\n" for line in parts.assertions)
        case "bytecode":
            return image_text(model, optimize=False)
        case "optimized":
            return image_text(model, optimize=True)
        case "structs":
            structs = header(program, model.options, prefixes).structs
            return "".join(f"{line}\n" for s in structs for line in (*s.comment, s.name))
    return code_text(model.stages[name], prefixes)


def image_text(model: Model, *, optimize: bool) -> str:
    """The functions of the model's image, with what numbers stand for."""
    program, prefixes = model.compiled.program, model.graph.prefixes
    image = assemble(program, model.options, prefixes)
    if optimize:
        image = optimized(image, program)[0]
    return "".join(f"{line}\n" for line in functions(image, legend_of(program, prefixes)))


def outcome(folder: Path, sections: dict[str, str]) -> dict[str, str]:
    """The sections that the compiler writes, from those that are given."""
    options = read_given(folder, sections)
    wanted = [name for name in sections if name not in GIVEN]
    if wanted == ["error"]:
        with pytest.raises(CompileError) as caught:
            compile_text(folder, sections["shapes"], **options)
        return {"error": render_error(caught.value).replace(f"{folder}/", "")}
    model = compile_text(folder, sections["shapes"], **options)
    return {name: section(model, name) for name in wanted}


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_case(case: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    text = case.read_text("utf-8")
    sections = read_case(text)
    found = {**sections, **outcome(tmp_path, sections)}
    if request.config.getoption("--update-golden"):
        case.write_text(write_case(found), "utf-8")
        return
    assert write_case(found) == text


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_lines_fit(case: Path, tmp_path: Path) -> None:
    """Generated C has 99 columns; lines with strings may be longer."""
    sections = read_case(case.read_text("utf-8"))
    if "error" in sections:
        return
    options = read_given(tmp_path, sections)
    if options.get("report", "all") == "all" and "map" not in sections:
        options.update(detail=True, layout=True)
    for text in compile_text(tmp_path, sections["shapes"], **options).generate():
        long = [line for line in text.split("\n") if len(line) > 99 and '"' not in line]
        assert not long


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_lowering_keeps_the_order_of_the_source(case: Path, tmp_path: Path) -> None:
    sections = read_case(case.read_text("utf-8"))
    if "error" in sections or "map" in sections:  # no image looks at structs of the user's own
        return
    model = compile_text(tmp_path, sections["shapes"], **read_given(tmp_path, sections))
    program = model.compiled.program
    assert_as_promised(program, assemble(program, model.options, model.graph.prefixes))


def test_cases_are_there() -> None:
    assert len(CASES) >= 20
