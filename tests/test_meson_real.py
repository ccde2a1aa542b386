# SPDX-License-Identifier: Apache-2.0
"""Shapes that others wrote, in one real Meson build: every model in one program, warnings fatal.

What the handlers answer is compared with the reference in test_records_real; here the build makes
the same bytes from the same files, compiles them with its own flags, and the program runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from cns_build import pipeline
from cns_build.frontend import load
from cns_build.options import Options
from tests.meson import Project
from tests.paths import shared
from tests.real_files import RECIPES, Recipe

Write = Callable[[dict[str, str]], Project]

MODELS = (
    "automotive/hdmap.shacl",
    "automotive/ositrace.shacl",
    "industryfusion/kms-shacl",
    "industryfusion/plasmacutter_shacl",
    "opcua/interfaces.shacl",
    "rec/rec",
    "spdx/spdx-model-3.0",
)

BUILD = """\
project('real', 'c', default_options: ['c_std=c11', 'warning_level=3', 'werror=true'])
cns = import('cns')
models = []
{models}
test('empty records', executable('real', 'main.c', dependencies: models))
"""
MODEL = """\
models += cns.ontology('{name}', {ontologies}, shapes: {shapes},
  records: {records}, waive: {waive}, c_args: ['-Wconversion', '-Wshadow'])
"""
CALL = """\
    {{
        const {record} record = {init};
        cns_result result;

        cns_result_init(&result, NULL, 0);
        printf("{record} %d %d\\n", (int){record}_validate(&record, &result), result.conforms);
    }}
"""


def _name(file: str) -> str:
    return re.sub(r"\W", "_", Path(file).stem).split("_")[0].lower()


def _files(names: tuple[str, ...]) -> list[str]:
    return [str(shared(f"data/ontologies/{name}.ttl")) for name in names]


def _expected(file: str, recipe: Recipe) -> tuple[pipeline.Compiled, str, str]:
    options = Options(_name(file), records=recipe.some, waive=frozenset(recipe.waive))
    graph, _, _ = load(_files(recipe.ontologies), _files((file,)), waive=recipe.waive)
    compiled = pipeline.compile_shapes(graph, options)
    return compiled, *pipeline.generate(compiled, graph, options)


def test_real_shapes_build_with_meson_and_run(project: Write) -> None:
    recipes = {file: RECIPES[file] for file in MODELS}
    made = {file: _expected(file, recipe) for file, recipe in recipes.items()}
    declared = [
        MODEL.format(
            name=_name(file),
            ontologies=_files(recipe.ontologies),
            shapes=_files((file,)),
            records=list(recipe.some),
            waive=list(recipe.waive),
        )
        for file, recipe in recipes.items()
    ]
    calls = []
    for file, (compiled, _, _) in made.items():
        for entry in compiled.program.entries:
            record = f"{_name(file)}_{entry.record}"
            calls.append(CALL.format(record=record, init=f"{record.upper()}_INIT"))
    includes = "".join(f'#include "{_name(file)}.h"\n' for file in recipes)
    main = (
        f"{includes}#include <stdio.h>\n\nint\nmain(void)\n{{\n{''.join(calls)}    return 0;\n}}\n"
    )
    built = project({"meson.build": BUILD.format(models="".join(declared)), "main.c": main})
    built.setup()
    built.compile()
    for file, (_, source, header) in made.items():
        assert (built.build / f"{_name(file)}.c").read_text() == source
        assert (built.build / f"{_name(file)}.h").read_text() == header
    answers = built.program("real").splitlines()
    assert len(answers) == len(calls) > 20
    assert all(answer.split()[1] == "0" for answer in answers), "an empty record is well-formed"
    refused = [answer for answer in answers if answer.endswith(" 0")]
    assert "spdx_creation_info 0 0" in refused, "its created and createdBy are missing"
