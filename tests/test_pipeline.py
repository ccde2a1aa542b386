# SPDX-License-Identifier: Apache-2.0
"""What the pipeline itself decides, beside calling its stages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cns_build.diagnostics import CompileError
from cns_build.ir.program import Program
from cns_build.passes import PIPELINE
from tests.compiling import compile_text

SHAPES = """
ex:S a sh:NodeShape ; sh:targetClass ex:C ;
  sh:property [ sh:path ex:a ; sh:datatype xsd:int ; sh:minCount 1 ; sh:maxCount 1 ] .
"""


@pytest.mark.parametrize("what", ["checks", "terms"])
def test_models_larger_than_their_results_are_refused(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def grow(program: Program, count: int) -> Program:
        return replace(program, **{what: getattr(program, what)[:1] * count})

    for count, refused in ((65535, False), (65536, True)):
        stage = ("grow", lambda program, n=count: grow(program, n))
        with monkeypatch.context() as patch:
            patch.setattr("cns_build.pipeline.PIPELINE", (*PIPELINE, stage))
            if refused:
                with pytest.raises(CompileError, match=f"65536 {what}"):
                    compile_text(tmp_path, SHAPES)
            else:
                compile_text(tmp_path, SHAPES)
