# SPDX-License-Identifier: Apache-2.0
"""Shapes that others wrote: handlers answer as the reference, and that as pySHACL, on records.

`real_files` says how each file is compiled. What cannot be a record program is pinned.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cns_build.diagnostics import CompileError
from cns_build.options import Options
from tests import real_files
from tests.real_files import COMPILED, LARGEST, RECIPES, REFUSED
from tests.records.native import Comparison, compile_model
from tests.records.oracle import Oracle
from tests.records.session import compare

peer = pytest.importorskip("tests.records.peer", reason="needs pyshacl")


def _comparison(name: str, records: tuple[str, ...], folder: Path) -> Comparison:
    recipe = RECIPES[name]
    shapes = real_files.shapes(name)
    target = folder / "model"
    target.mkdir()
    options = real_files.options(name, records)
    native = compile_model(target, shapes, options, ontologies=real_files.ontologies(name))
    files = [str(file) for file in shapes]
    oracle = Oracle(native.graph, native.program, files, waive=recipe.waive, beyond=recipe.beyond)
    return Comparison(native, oracle, peer.Peer(oracle).rows)


def _compare(comparison: Comparison, count: int, seed: int) -> list[str]:
    """Compare `count` records of each type; return the checks that never fired."""
    differences, silent = compare(comparison, count, seed)
    assert not differences, f"{len(differences)} differences, such as\n{differences[0][:4000]}"
    print(f"{len(silent)} of {len(comparison.native.program.checks)} checks never fired")
    print("\n".join(silent))
    print(dict(comparison.heard))
    assert comparison.heard["compared"] > comparison.heard.total() // 4
    return silent


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.slow) if n == LARGEST else n for n in COMPILED]
)
def test_handlers_answer_as_the_reference(name: str, tmp_path: Path) -> None:
    comparison = _comparison(name, RECIPES[name].some, tmp_path)
    silent = _compare(comparison, count=3, seed=3)
    assert len(silent) <= len(comparison.native.program.checks) // 3 + 1


@pytest.mark.slow
@pytest.mark.parametrize("name", COMPILED)
def test_all_handlers_answer_as_the_reference(name: str, tmp_path: Path) -> None:
    _compare(_comparison(name, (), tmp_path), count=20, seed=4)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str) -> None:
    with pytest.raises(CompileError) as caught:
        real_files.compiled(name)
    errors = [d.message for d in caught.value.diagnostics if d.severity == "error"]
    assert errors
    assert all(RECIPES[name].refused in error for error in errors), errors


def test_a_node_kind_in_the_place_of_a_shape_is_refused(tmp_path: Path) -> None:
    """wot/td-validation says `sh:node sh:IRI`."""
    with pytest.raises(CompileError) as caught:
        compile_model(tmp_path, [real_files.path("wot/td-validation")], Options(name="m"))
    found = [(d.message, d.fix) for d in caught.value.diagnostics if d.severity == "error"]
    message = "sh:node refers to shape sh:IRI, which has no triples in the shapes files"
    assert found == [(message, "did you mean sh:nodeKind?")]
