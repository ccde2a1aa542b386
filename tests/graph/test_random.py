# SPDX-License-Identifier: Apache-2.0
"""A short, repeatable run of the fuzzer of graphs; `./dev fuzz graph_shapes` runs longer ones."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from cns_build.diagnostics import CompileError
from cns_build.graph.data import Source
from cns_build.graph.validator import Validator
from cns_build.model import IRI
from tests.compiling import PREFIXES
from tests.fuzz import fuzz_graph_shapes
from tests.graph.random_shapes import Drawing
from tests.test_denote import WEIRD

MODELS = 40


@pytest.mark.filterwarnings(WEIRD)
def test_random_models() -> None:
    compared = fuzz_graph_shapes.run(seconds=3600, seed=1, most=MODELS)
    assert compared >= MODELS * 3 // 4, "many models are refused: the fuzzer finds little"


def test_a_seed_draws_the_same_models() -> None:
    first, again = (Drawing(random.Random("7/0")) for _ in range(2))
    other = Drawing(random.Random("7/1"))
    assert (first.shapes, first.data) == (again.shapes, again.data)
    assert first.shapes != other.shapes


def test_most_models_are_accepted(tmp_path: Path) -> None:
    """A model is refused for recursion with no meaning alone."""
    for number in range(60):
        chance = random.Random(number)
        shapes = tmp_path / "shapes.ttl"
        recursive = chance.random() < 0.3
        shapes.write_text(PREFIXES + Drawing(chance, recursive=recursive).shapes, "utf-8")
        wrong = refusal(shapes)
        assert not wrong or (recursive and "leaves undefined" in wrong)


def refusal(shapes: Path) -> str:
    """Why shapes are refused, or nothing."""
    try:
        Validator.compile([str(shapes)], recursion=9)
    except CompileError as error:
        return error.diagnostics[0].message
    return ""


# What these found.


def compiled(tmp_path: Path, shapes: str) -> Validator:
    file = tmp_path / "shapes.ttl"
    file.write_text(PREFIXES + shapes, "utf-8")
    return Validator.compile([str(file)])


@pytest.mark.parametrize(("pattern", "results"), [("", 0), (".", 1), ("[^\\\\s\\\\S]", 2)])
def test_a_pattern_that_needs_no_look(tmp_path: Path, pattern: str, results: int) -> None:
    shapes = f'ex:S sh:targetObjectsOf ex:p ; sh:pattern "{pattern}" .'
    data = b"".join(b"<urn:a> <http://example.org/p> %s .\n" % text for text in (b'"a"', b'""'))
    found = compiled(tmp_path, shapes).validate([Source("data", data, quads=False)])
    assert found.found == results


def test_the_first_result_is_explained(tmp_path: Path) -> None:
    inner = "ex:T sh:property [ sh:path ex:p ; sh:minCount 1 ] ."
    shapes = f"ex:S sh:targetNode ex:a ; sh:node ex:T . {inner}"
    found = compiled(tmp_path, shapes).validate([], first=True)
    assert [len(result.details) for result in found.results] == [1]


def test_a_chosen_node_without_triples_is_validated(tmp_path: Path) -> None:
    validator = compiled(tmp_path, "ex:S a sh:NodeShape ; sh:nodeKind sh:Literal .")
    chosen = {"focus": [IRI("urn:nowhere")], "shapes": [IRI("http://example.org/S")]}
    assert validator.validate([], **chosen).found == 1  # type: ignore[arg-type]


@pytest.mark.parametrize(("declared", "results"), [("", 0), (", sh:NodeShape", 1)])
def test_a_class_with_constraints_is_a_target_where_it_is_declared_a_shape(
    tmp_path: Path, declared: str, results: int
) -> None:
    shapes = (
        f"ex:C a rdfs:Class{declared} ; sh:nodeKind sh:IRI . ex:S a sh:NodeShape ; sh:node ex:C ."
    )
    data = b"_:b <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example.org/C> ."
    found = compiled(tmp_path, shapes).validate([Source("data", data, quads=False)])
    assert found.found == results
