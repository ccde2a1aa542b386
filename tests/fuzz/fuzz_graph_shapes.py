# SPDX-License-Identifier: Apache-2.0
"""Random shapes and graphs: both engines and the reference evaluator find the same results."""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path

from cns_build.diagnostics import CompileError
from tests.graph.agreement import Model, disagreements
from tests.graph.native import build_library, build_runtime, shapes_in
from tests.graph.random_shapes import Drawing
from tests.reference import EvaluationFailure

BATCH = 40  # models in one library
MOST_CASES = 10**9


def run(seconds: int, seed: int, most: int = MOST_CASES) -> int:
    """Compare for about so long; return how many models were compared.

    Raises AssertionError with the seed and the documents of a model in which something differs.
    """
    end = time.monotonic() + seconds
    cases = compared = 0
    with tempfile.TemporaryDirectory() as folder:
        runtime = build_runtime(Path(folder))
        while cases == 0 or (time.monotonic() < end and cases < most):
            batch = Path(folder, str(cases))
            batch.mkdir()
            names = [f"{seed}/{cases + number}" for number in range(min(BATCH, most - cases))]
            compared += check(names, batch, runtime)
            cases += len(names)
    return compared


def check(names: list[str], folder: Path, runtime: list[Path]) -> int:
    """Compare the models that names stand for; return how many cns accepts."""
    models = {}
    for number, name in enumerate(names):
        try:
            models[f"model_{number}"] = name, make(name, folder)
        except CompileError:
            continue
    programs = {key: model.validator.program for key, (_, model) in models.items()}
    library = build_library(folder, programs, runtime=runtime, optimize="-O0")
    for key, (name, model) in models.items():
        chance = random.Random(name)
        try:
            found = disagreements(model, shapes_in(library, key), chance)
        except Exception as error:
            what = f"case {name}: {type(error).__name__}: {error}\n{model.text()}"
            raise AssertionError(what) from error
        assert not found, f"case {name}: " + "\n".join(found) + f"\n{model.text()}"
    return len(models)


def make(name: str, folder: Path) -> Model:
    """Draw a model. Raises CompileError where cns refuses it; what the reference refuses too."""
    chance = random.Random(name)
    blank = chance.random() < 0.15
    recursive = not blank and chance.random() < 0.2
    drawing = Drawing(chance, blank=blank, recursive=recursive)
    try:
        return Model.compile(drawing, folder, exact=not blank)
    except EvaluationFailure as error:
        text = f"{drawing.shapes}\n{drawing.ontology}"
        raise AssertionError(f"case {name}: cns accepts what is wrong: {error}\n{text}") from error
