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


WARNED = {
    "no record is checked against shape <http://example.org/T>": """
ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:path ex:a ; sh:minCount 1 ] .
ex:T a sh:NodeShape ; sh:property [ sh:path ex:a ; sh:minCount 1 ] .
""",
    "no record stands for the nodes that this target of <http://example.org/S> selects": """
ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:targetNode ex:a ;
  sh:property [ sh:path ex:a ; sh:minCount 1 ] .
""",
    "sh:in never holds": """
ex:S a sh:NodeShape ; sh:targetClass ex:C ;
  sh:property [ sh:path ex:a ; sh:datatype xsd:int ; sh:in ( 1 2 ) ; sh:maxCount 1 ] .
""",
}


@pytest.mark.parametrize("message", WARNED)
def test_what_is_not_checked_or_cannot_hold_is_warned_of(message: str, tmp_path: Path) -> None:
    warnings = compile_text(tmp_path, WARNED[message]).compiled.warnings
    assert len(warnings) == 1
    assert warnings[0].message.startswith(message)
    assert warnings[0].severity == "warning"
    assert warnings[0].where is not None
    assert compile_text(tmp_path, SHAPES).compiled.warnings == ()


def test_negations_of_waived_parts_are_left_out_and_listed(tmp_path: Path) -> None:
    shapes = """
ex:S a sh:NodeShape ; sh:targetClass ex:C ;
  sh:property [ sh:path ex:a ; sh:datatype xsd:string ; sh:maxCount 1 ;
    sh:not [ sh:pattern "x" ] ; sh:xone ( [ sh:pattern "a" ] [ sh:maxLength 3 ] ) ] .
"""
    compiled = compile_text(tmp_path, shapes, waive={"sh:pattern"}).compiled
    assert compiled.program.checks == ()
    names = sorted(waiver.name for waiver in compiled.waivers)
    assert names == ["sh:not", "sh:pattern", "sh:pattern", "sh:xone"]
