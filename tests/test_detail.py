# SPDX-License-Identifier: Apache-2.0
"""What explains violations: asked for by the build, and only then in the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from cns_build.cli import main
from cns_build.ir.program import Check, walk
from cns_build.options import Options
from tests.compiling import PREFIXES, compile_text
from tests.records.native import compile_model
from tests.records.values import RecordValue, TermValue

SHAPES = """ex:S a sh:NodeShape ; sh:targetClass ex:C ;
  sh:property [ sh:path ex:part ; sh:nodeKind sh:BlankNode ; sh:node ex:Part ; sh:maxCount 1 ] ;
  sh:property [ sh:path ex:v ; sh:maxCount 1 ;
    sh:xone ( [ sh:datatype xsd:int ] [ sh:datatype xsd:string ] [ sh:in ( 1 ) ] ) ] .
ex:Part a sh:NodeShape ;
  sh:property [ sh:path ex:x ; sh:datatype xsd:int ; sh:minCount 1 ; sh:maxCount 1 ] ;
  sh:property [ sh:path ex:inner ; sh:nodeKind sh:BlankNode ; sh:node ex:Part ; sh:maxCount 1 ] .
"""


def test_only_the_option_brings_details(tmp_path: Path) -> None:
    plain = compile_text(tmp_path, SHAPES)
    detailed = compile_text(tmp_path, SHAPES, detail=True)
    assert "detail" not in "".join(plain.generate())
    assert "cns_report_detail" in detailed.generate()[0]
    ops = [o for b in plain.compiled.program.bodies for o in walk(b.body) if isinstance(o, Check)]
    assert all(op.detail == () for op in ops)


def test_details_name_their_violation_and_nest(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "shapes.ttl").write_text(PREFIXES + SHAPES, "utf-8")
    native = compile_model(folder, [folder / "shapes.ttl"], Options(name="m", detail=True))
    inner = RecordValue("part")
    part = RecordValue("part", fields={"x": [1], "inner": [inner]})
    (answer,) = native.answers([RecordValue("c", fields={"part": [part]})])
    components = [native.program.checks[f.check].component for f in answer.found]
    assert components == ["node", "node", "minCount"]
    assert [f.detail_of for f in answer.found] == [0, 1, 2]
    assert [text.startswith("  because violation: ") for text in answer.texts] == [
        False,
        True,
        True,
    ]


def test_what_holds_explains_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "shapes.ttl").write_text(
        PREFIXES + SHAPES.replace("sh:in ( 1 )", "sh:datatype xsd:int"), "utf-8"
    )
    native = compile_model(folder, [folder / "shapes.ttl"], Options(name="m", detail=True))
    (answer,) = native.answers([RecordValue("c", fields={"v": [TermValue("int", 1)]})])
    checks = [native.program.checks[f.check] for f in answer.found]
    assert [c.component for c in checks] == ["xone", "datatype"]  # the string's branch alone
    assert checks[1].message == "must be a valid string"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--report", "first"), "--detail explains violations"),
        (("--bind", "map.toml"), "not supported yet: --detail with --bind"),
    ],
)
def test_details_exclude_other_options(
    tmp_path: Path, words: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "shapes.ttl").write_text(PREFIXES + SHAPES, "utf-8")
    shapes = str(tmp_path / "shapes.ttl")
    assert main(["explain", "--shapes", shapes, "--name", "m", "--detail", *words]) == 2
    assert message in capsys.readouterr().err
