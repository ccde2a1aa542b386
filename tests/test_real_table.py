# SPDX-License-Identifier: Apache-2.0
"""docs/real-files.md: what becomes of each file of shapes that others wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from cns_build.diagnostics import CompileError
from cns_build.model import Property
from cns_build.options import DEFAULT_CAPACITY
from tests import real_files
from tests.paths import ONTOLOGIES, ROOT
from tests.real_files import RECIPES, Recipe
from tests.records.oracle import read_triples

PAGE = ROOT / "docs" / "real-files.md"
INTRO = """\
# Shapes that others wrote

What `cnsc` makes of every file with SHACL shapes in a collection of public ontologies. A test
makes this page (`tests/test_real_table.py`) and keeps it true; another compares the generated
handlers of each file with a reference evaluator and with pySHACL, on the graphs of valid and
invalid records (`tests/test_records_real.py`).

*Given* are the checks that the shapes ask for, one for each constraint at each place of a record;
*left* those that the C does at run time. The others are decided at compile time, most of them by C
types. Constraints are counted without `sh:property`. What is waived is not checked, and the build
says so.
"""
COLUMNS = ("file", "triples", "shapes", "constraints", "records", "given", "left", "decided")


def _row(name: str, recipe: Recipe) -> tuple[str, ...]:
    triples = f"{len(set(read_triples(str(real_files.path(name))))):,}"
    try:
        graph, compiled = real_files.compiled(name)
    except CompileError as error:
        errors = [d for d in error.diagnostics if d.severity == "error"]
        return name, triples, *([""] * 5), f"refused: {len(errors)} errors"
    shapes = [s for s in graph.shapes.values() if s.origin.file == str(real_files.path(name))]
    given, left = len(compiled.naive.checks), len(compiled.program.checks)
    decided = f"{100 * (given - left) / given:.0f} %" if given else ""
    constraints = sum(not isinstance(c, Property) for s in shapes for c in s.constraints)
    numbers = (len(shapes), constraints, len(compiled.program.functions), given, left)
    return name, triples, *(f"{number:,}" for number in numbers), decided


def _needs(name: str, recipe: Recipe) -> Iterator[str]:
    """What a file needs to be compiled, or why it cannot be."""
    if recipe.refused:
        yield f"  - refused: {recipe.refused}"
    with_files = [*recipe.with_shapes, *recipe.ontologies]
    if with_files:
        yield f"  - with {', '.join(f'`{other}`' for other in with_files)}"
    if recipe.records:
        yield f"  - the records {', '.join(recipe.records)}: one model has room for 65,535 checks"
    if recipe.capacity != DEFAULT_CAPACITY:
        yield f"  - `capacity: {recipe.capacity}`"
    if recipe.beyond:
        names = " and ".join(f"`{name}`" for name in recipe.beyond)
        yield f"  - no record answers to its shapes with {names}, and the build warns of them"
    reasons: dict[str, list[str]] = {}
    for waiver in sorted(recipe.waive):
        reasons.setdefault(real_files.reason(waiver), []).append(waiver)
    for why, waivers in reasons.items():
        kind = waivers[0].partition(":")[0]
        many = len(waivers) > 2 and kind in ("import", "shape")
        what = f"{len(waivers)} × `{kind}:…`" if many else ", ".join(f"`{w}`" for w in waivers)
        yield f"  - waived {what}: {why}"


def page() -> str:
    """The page; the calling test skips without the collection."""
    rows = [_row(name, recipe) for name, recipe in RECIPES.items()]
    lines = [f"| {' | '.join(COLUMNS)} |", f"|---|{'--:|' * (len(COLUMNS) - 1)}"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    needs = []
    for name, recipe in RECIPES.items():
        found = list(_needs(name, recipe))
        needs += [f"- `{name}`", *found] if found else []
    as_is = [f"`{name}`" for name, recipe in RECIPES.items() if not list(_needs(name, recipe))]
    parts = [
        INTRO,
        "\n".join(lines),
        "\n## What they need\n",
        f"Compiled as they are: {', '.join(as_is)}.\n",
        "\n".join(needs),
    ]
    return "\n".join(parts) + "\n"


def test_page(request: pytest.FixtureRequest) -> None:
    found = page()
    if request.config.getoption("--update-docs"):
        PAGE.write_text(found, "utf-8")
        return
    assert found == PAGE.read_text("utf-8"), "pytest tests/test_real_table.py --update-docs"


def test_every_file_of_shapes_has_a_recipe() -> None:
    if not ONTOLOGIES.exists():
        pytest.skip(f"needs {ONTOLOGIES}, which is not here")
    uses = re.compile(r"<http://www\.w3\.org/ns/shacl#>")
    files = {
        path.relative_to(ONTOLOGIES).with_suffix("").as_posix()
        for path in ONTOLOGIES.glob("*/*.ttl")
        if uses.search(path.read_text("utf-8"))
    }
    assert files == set(RECIPES)


def test_every_waiver_has_a_reason() -> None:
    waivers = {waiver for recipe in RECIPES.values() for waiver in recipe.waive}
    assert all(map(real_files.reason, waivers))
