# SPDX-License-Identifier: Apache-2.0
"""Shapes that refer to themselves: refused, and bounded where that is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from cns_build.diagnostics import CompileError
from cns_build.graph.data import Source
from cns_build.graph.validator import Validator
from tests.graph.native import build_library, shapes_in

SHAPES = """
@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .

ex:List a sh:NodeShape ; sh:targetSubjectsOf ex:first ;
    sh:property [ sh:path ex:name ; sh:minCount 1 ] ;
    sh:property [ sh:path ex:next ; sh:node ex:List ] .
"""


def chain(length: int, *, end: int | None = None, unnamed: int | None = None) -> Source:
    """Nodes 0 to `length`, each the next of the one before; `end` leads on to that node."""
    lines = ["<x:0> <http://example.org/first> <x:1> ."]
    lines += [f"<x:{n}> <http://example.org/next> <x:{n + 1}> ." for n in range(length)]
    if end is not None:
        lines.append(f"<x:{length}> <http://example.org/next> <x:{end}> .")
    named = (n for n in range(length + 1) if n != unnamed)
    lines += [f'<x:{n}> <http://example.org/name> "{n}" .' for n in named]
    return Source("chain.nt", "\n".join(lines).encode(), False)


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("recursion") / "shapes.ttl"
    file.write_text(SHAPES)
    return file


def test_recursive_shapes_are_refused(shapes: Path) -> None:
    with pytest.raises(CompileError, match="refers to itself") as caught:
        Validator.compile([str(shapes)])
    (wrong,) = caught.value.diagnostics
    assert "--recursion" in wrong.fix


@pytest.mark.parametrize("engine", ["bytecode", "native"])
def test_recursion_is_bounded(shapes: Path, engine: str, tmp_path: Path) -> None:
    validator = Validator.compile([str(shapes)], recursion=100)
    if engine == "native":
        library = build_library(tmp_path, {"list": validator.program})
        validator = validator.with_shapes(shapes_in(library, "list"))
    assert validator.validate([chain(20)]).conforms
    assert validator.validate([chain(20, end=3)]).conforms  # a circle: nothing speaks against it
    assert [str(r.focus) for r in validator.validate([chain(20, unnamed=20)]).results] == ["<x:0>"]
    with pytest.raises(CompileError, match="nest deeper") as caught:
        validator.validate([chain(1000)])
    assert "--recursion" in caught.value.diagnostics[0].fix


def test_the_bound_holds_for_the_stack(shapes: Path) -> None:
    """The most that may be asked for, over data that are deeper."""
    validator = Validator.compile([str(shapes)], recursion=2000)
    with pytest.raises(CompileError, match="nest deeper"):
        validator.validate([chain(100_000)])
    with pytest.raises(CompileError, match="2001 nested calls"):
        Validator.compile([str(shapes)], recursion=2001)
