# SPDX-License-Identifier: Apache-2.0
"""`cnsc explain` shows bytecode: of shapes, and of files, which may be anything."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cns_build.backend.map import model_map
from cns_build.bytecode import image, isa, text
from cns_build.bytecode.annotate import functions
from cns_build.bytecode.assemble import assemble
from cns_build.bytecode.image import Image
from cns_build.bytecode.legend import Legend, legend_of
from cns_build.bytecode.optimize import optimized
from cns_build.cli import main
from cns_build.decode.legend import legend_in
from cns_build.diagnostics import Position
from tests.bytecode.lowered import record_images
from tests.compiling import PREFIXES, Model, compile_text

SHAPES = """ex:S a sh:NodeShape ; sh:targetClass ex:C ;
  sh:property [ sh:path ex:kind ; sh:in ( ex:a ex:b ex:c ) ; sh:maxCount 1 ] ;
  sh:property [ sh:path ex:ratio ; sh:datatype xsd:float ; sh:maxCount 1 ; sh:maxExclusive 0.5 ] ;
  sh:property [ sh:path ex:count ; sh:datatype xsd:unsignedInt ; sh:maxCount 1 ;
    sh:minInclusive 7 ] ;
  sh:property [ sh:path ex:code ; sh:datatype xsd:string ; sh:maxCount 1 ; sh:pattern "^[A-Z]$" ;
    sh:minLength 1 ] ;
  sh:property [ sh:path ex:price ; sh:datatype xsd:decimal ; sh:maxCount 1 ;
    sh:minInclusive -0.25 ] ;
  sh:property [ sh:path ex:flag ; sh:maxCount 1 ; sh:hasValue "x\\ny" ] .
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with shapes, their image, and its map."""
    (tmp_path / "s.shacl").write_text(PREFIXES + SHAPES)
    monkeypatch.chdir(tmp_path)
    words = ["--shapes", "s.shacl", "--name", "m", "--image", "m.cnsi", "--map", "m.json"]
    assert main(["compile", *words]) == 0
    return tmp_path


def notes_of(image_: Image, legend: Legend) -> dict[str, str]:
    """What is said of each instruction, by its text."""
    found = {}
    for line in functions(image_, legend):
        match = re.fullmatch(r" +\d+  (.*?) +; (.*)", line)
        if match:
            found[match[1]] = match[2]
    return found


def lowered(model: Model) -> tuple[Image, Legend]:
    program, prefixes = model.compiled.program, model.graph.prefixes
    return assemble(program, model.options, prefixes), legend_of(program, prefixes)


def test_notes_say_what_constants_are(tmp_path: Path) -> None:
    made, legend = lowered(compile_text(tmp_path, SHAPES))
    said = set(notes_of(made, legend).values())
    assert {
        "ex:kind",
        "ex:a, ex:b, ex:c",
        "at most 0.4999999701976776",
        "at least 7",
        r"'^[A-Z]$'",
        "at least 1",
        ">= -0.25",
        r'"x\ny"',
        "sh:minInclusive of ex:price",
    } <= said


@pytest.mark.parametrize("name", sorted(record_images()))
def test_everything_that_code_names_is_known(name: str) -> None:
    program, naive = record_images()[name]
    legend = legend_of(program, {})
    for made in (naive, optimized(naive, program)[0]):
        for line in functions(made, legend):
            assert "names what the image does not have" not in line
            words = line.split()
            opcode = isa.opcodes().get(words[1].partition(".")[0])
            if opcode and "S" in opcode.operands:
                assert ";" in words, line


def test_what_is_said_is_left_out_by_the_assembler(tmp_path: Path) -> None:
    made, legend = lowered(compile_text(tmp_path, SHAPES))
    lines = [line for line in functions(made, legend) if line.startswith(" ")]
    assert text.assemble("\n".join(lines)) == made.functions[0].code


def test_the_map_holds_the_legend(tmp_path: Path) -> None:
    model = compile_text(tmp_path, SHAPES, engine="both")
    _, legend = lowered(model)
    program, prefixes = model.compiled.program, model.graph.prefixes
    made = model_map(program, model.options, prefixes, lambda origin: Position(origin.file))
    assert legend_in(json.loads(made)) == legend


def test_explain_shows_both_images(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--shapes", "s.shacl", "--name", "m", "--only", "bytecode", "--only", "optimized"]
    assert main(["explain", *words]) == 0
    naive, better = capsys.readouterr().out.split("Bytecode, optimized\n")
    before, after, rounds = map(int, re.findall(r"\d+", better.splitlines()[2]))
    assert len(re.findall(r"^ +\d+  [A-Z_]", naive, re.MULTILINE)) == before
    assert len(re.findall(r"^ +\d+  [A-Z_]", better, re.MULTILINE)) == after
    removed = re.findall(r"^  [A-Z]+ +(\d+)  ", better, re.MULTILINE)
    assert sum(map(int, removed)) == before - after
    assert rounds > 1
    steps = re.findall(r"at most (\d+) steps", naive + better)
    assert "steps of c: at most {} before, {} after".format(*steps) in better


def test_explain_shows_images_only_where_the_model_has_some(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for engine, shown in (("native", False), ("bytecode", True), ("both", True)):
        assert main(["explain", "--shapes", "s.shacl", "--name", "m", "--engine", engine]) == 0
        assert ("Bytecode as it is first made" in capsys.readouterr().out) == shown


def test_an_image_alone_has_no_names(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--image", "m.cnsi"]) == 0
    bare = capsys.readouterr().out
    assert main(["explain", "--image", "m.cnsi", "--map", "m.json"]) == 0
    named = capsys.readouterr().out
    assert "; ex:ratio: at most 0.49" in named
    assert "; ex:ratio: " not in bare
    assert "; sh:maxExclusive of ex:ratio" in bare  # its own texts say so
    assert "; >= -0.25" in bare
    assert re.sub(" *;.*", "", named).replace(" (c)", "") == re.sub(" *;.*", "", bare)


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        ((), 2, "nothing to explain"),
        (("--shapes", "s.shacl"), 2, "nothing to explain"),
        (("--shapes", "s.shacl", "--name", "m", "--map", "m.json"), 2, "there is none"),
        (("--image", "m.cnsi", "--shapes", "s.shacl"), 2, "--image and shapes exclude"),
        (("--image", "m.cnsi", "--only", "ir"), 2, "--image and --only exclude"),
        (("--image", "m.cnsi", "--dump-after", "fold"), 2, "--image and --dump-after exclude"),
        (
            ("--shapes", "s.shacl", "--name", "m", "--only", "bytecode", "--bind", "m.toml"),
            2,
            "--only bytecode and --bind exclude",
        ),
        (("--image", "none.cnsi"), 1, "none.cnsi: error: cannot be read: No such file"),
        (("--image", "s.shacl"), 1, "s.shacl: error: no image: "),
        (("--image", "cut.cnsi"), 1, "cut.cnsi: error: no image: it is shorter or longer"),
        (("--image", "m.cnsi", "--map", "none.json"), 1, "none.json: error: cannot be read"),
        (("--image", "m.cnsi", "--map", "m.cnsi"), 1, "m.cnsi: error: no such map: "),
        (("--image", "m.cnsi", "--map", "native.json"), 1, "it explains no image"),
        (("--image", "m.cnsi", "--map", "part.json"), 1, "no such map: it has no 'functions'"),
        (("--image", "m.cnsi", "--map", "other.json"), 1, "it is the map of another image"),
    ],
)
def test_errors(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    status: int,
    message: str,
) -> None:
    Path("cut.cnsi").write_bytes(Path("m.cnsi").read_bytes()[:-4])
    known = json.loads(Path("m.json").read_text())
    Path("native.json").write_text(json.dumps({k: v for k, v in known.items() if k != "image"}))
    Path("part.json").write_text(json.dumps(known | {"image": {"patterns": {}}}))
    other = known | {"checks": known["checks"][1:]}
    Path("other.json").write_text(json.dumps(other))
    assert main(["explain", *words]) == status
    said = capsys.readouterr()
    assert message in said.err
    assert not said.out


def test_texts_of_an_image_move_no_cursor(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = text.assemble("REPORT - r0 #0\nWITHIN r9 60000\nIS r9 60000\nRETURN")
    made = Image(
        layout=1,
        entries=(0,),
        functions=(image.Function(code, 1, image.TYPE_RECORD, 2),),
        checks=(image.CheckRow(3, 2, image.TYPE_ABSENT),),
        texts=(("s", "a\x1b[2J\nb", "m"),),
    )
    file = tmp_path / "x.cnsi"
    file.write_bytes(image.to_bytes(image.to_words(made)))
    assert main(["explain", "--image", str(file)]) == 0
    shown = capsys.readouterr().out
    assert r"; sh:minCount of a\x1b[2J\nb" in shown
    assert shown.count("names what the image does not have") == 1
