# SPDX-License-Identifier: Apache-2.0
"""Structs of the user's own, drawn for the models of the records: handlers answer as ever."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from pathlib import Path

import pytest

from cns_build import pipeline
from cns_build.frontend import load
from cns_build.frontend.bind import read
from cns_build.options import DEFAULT_DEPTH, Options
from tests.records.bound import Adapter, Planner
from tests.records.native import Comparison, compile_model
from tests.records.oracle import Oracle
from tests.records.session import draw

# Each of their records is behind a reference, or without properties: no struct is bound.
UNBOUND = {"recursive_deep_path", "recursive_list", "recursive_qualified", "type_values"}
ALL = sorted((Path(__file__).parent / "records" / "cases").glob("*.ttl"))
CASES = [case for case in ALL if case.stem not in UNBOUND]


def _options(text: str) -> Options:
    depth = re.findall(r"^# depth: (\d+)$", text, re.MULTILINE)
    return Options(
        name="m",
        depth=int(depth[0]) if depth else DEFAULT_DEPTH,
        records=tuple(re.findall(r"^# record: (.*)$", text, re.MULTILINE)),
        inline_strings="\n# inline\n" in text,
        waive=frozenset({"contradiction"}),
    )


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for all models, beside which the runtime is compiled once."""
    folder = tmp_path_factory.mktemp("bound") / "models"
    folder.mkdir()
    return folder


def _planner(case: Path, seed: int) -> Planner:
    graph, _, _ = load([], [str(case)])
    return Planner(pipeline.compile_shapes(graph, _options(case.read_text())).program, seed)


def _differences(case: Path, folder: Path, seed: int, count: int) -> list[str]:
    folder.mkdir(parents=True)
    options = _options(case.read_text())
    planner = _planner(case, seed)
    if not planner.plan.records:
        pytest.skip("each record is behind a reference, or without properties")
    (folder / "user.h").write_text(planner.header())
    (folder / "map.toml").write_text(planner.toml())
    bound = replace(options, bind=read([str(folder / "map.toml")]))
    native = compile_model(folder, [case], bound, plan=planner.plan)
    oracle = Oracle(native.graph, native.program, [str(case)])
    adapter = Adapter(native.program, planner.plan)
    drawn = [adapter.record(v) for v in draw(oracle, native.program, count, seed)]
    random.Random(seed).shuffle(drawn)
    return Comparison(native, oracle).differences(drawn)


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_bound_structs_are_read_in_place(case: Path, models: Path) -> None:
    differences = _differences(case, models / case.stem, seed=3, count=30)
    assert not differences, f"{len(differences)} differences, such as\n{differences[0]}"


@pytest.mark.parametrize("case", [c for c in ALL if c.stem in UNBOUND], ids=lambda c: c.stem)
def test_some_cases_have_nothing_to_bind(case: Path) -> None:
    assert not _planner(case, seed=3).plan.records


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4, 9))
@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_other_bound_structs_are_read_in_place(case: Path, seed: int, models: Path) -> None:
    differences = _differences(case, models / f"{case.stem}_{seed}", seed=seed, count=60)
    assert not differences, f"{len(differences)} differences, such as\n{differences[0]}"
