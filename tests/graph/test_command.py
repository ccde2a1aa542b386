# SPDX-License-Identifier: Apache-2.0
"""`cnsc validate`: what is read, what is written, and the exit status."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from cns_build.cli import main
from cns_build.graph.data import Source
from cns_build.graph.progress import Progress
from cns_build.graph.validator import Validator
from tests.annotations import read_annotations
from tests.compiling import PREFIXES
from tests.paths import ROOT
from tests.reference import read_report
from tests.reference.terms import load

SHAPES = """
ex:Person a sh:NodeShape ; sh:targetClass ex:Person ;
  sh:property ex:Name, [ sh:path ex:age ; sh:maxInclusive 120 ; sh:severity sh:Warning ] .
ex:Name a sh:PropertyShape ; sh:path ex:name ; sh:minCount 1 ; sh:message "needs a name" .
ex:Kind a sh:NodeShape ; sh:targetClass ex:Person ; sh:severity sh:Info ; sh:nodeKind sh:IRI .
"""
GOOD = 'ex:alice a ex:Person ; ex:name "Alice" .'
NAMELESS = "\n  ex:bob a ex:Person ."
OLD = 'ex:carol a ex:Person ; ex:name "Carol" ; ex:age 121 .'
FORMATS = ("text", "turtle", "json", "jsonld", "csv", "sarif", "github")
BLANK = '[] a ex:Person ; ex:name "Nobody" .'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with shapes.ttl, from which commands run."""
    monkeypatch.chdir(tmp_path)
    write("shapes.ttl", SHAPES)
    return tmp_path


def write(name: str, text: str) -> None:
    Path(name).write_text(PREFIXES + text, "utf-8")


def validate(*arguments: str, data: str = "data.ttl", status: int = 0) -> None:
    __tracebackhide__ = True
    assert main(["validate", "--shapes", "shapes.ttl", *arguments, data]) == status


def focus_nodes(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The local names of the focus nodes of a report in JSON."""
    return [r["focusNode"].rpartition("/")[2] for r in answer(capsys)["results"]]


def answer(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_the_page_shows_what_is_printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs" / "validate.md").read_text("utf-8")
    for name, text in re.findall(r"^```turtle (\S+)\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        Path(name).write_text(text, "utf-8")
    assert main(["validate", "--shapes", "people.shacl", "data.ttl"]) == 1
    (expected,) = re.findall(r"^```text\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert without_times(capsys.readouterr().out) == without_times(expected)


def without_times(text: str) -> str:
    return re.sub(r"[0-9.]+ s\b", "", text)


# Exit status


@pytest.mark.parametrize(
    ("data", "failing"),
    [
        (GOOD, ()),
        (BLANK, ("info",)),
        (OLD, ("info", "warning")),
        (GOOD + NAMELESS, ("info", "warning", "violation")),
    ],
)
def test_results_at_or_above_the_threshold_fail(
    folder: Path, data: str, failing: tuple[str, ...]
) -> None:
    write("data.ttl", data)
    for threshold in ("info", "warning", "violation", "never"):
        validate("--fail-on", threshold, status=int(threshold in failing))
    validate(status=int(bool(failing)))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--shapes", "none.ttl", "data.ttl"], "none.ttl: error: no such file"),
        (["--shapes", "shapes.ttl", "none.ttl"], "none.ttl: error: no such file"),
        (["--shapes", "shapes.ttl", "bad.ttl"], "bad.ttl:7:"),
        (["--shapes", "bad.ttl", "data.ttl"], "bad.ttl:7:"),
        (["--shapes", "shapes.ttl", "bad.nt"], "bad.nt:1:"),
        (["--shapes", "shapes.ttl", "-", "-"], "the standard input can be read once"),
        (["--shapes", "shapes.ttl", "--focus", "bob", "data.ttl"], "'bob' is no IRI"),
        (["--shapes", "shapes.ttl", "--input-format", "nt", "data.ttl"], "no data are read from"),
        (["data.ttl"], "no shapes: --shapes is not given"),
    ],
)
def test_errors_are_2_and_say_nothing_of_the_data(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], expected: str
) -> None:
    write("data.ttl", NAMELESS)
    write("bad.ttl", "ex:a ex:b .")
    Path("bad.nt").write_text("<a:b> <a:c> .\n")
    assert main(["validate", *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert expected in shown.err


def test_defects_are_2_too(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("data.ttl", GOOD)

    def fail(*arguments: object, **options: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Validator, "validate", fail)
    validate(status=2)
    assert "this is a defect of cnsc" in capsys.readouterr().err


def test_all_bad_files_are_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--shapes", "shapes.ttl", "one.nt", "two.nt"]) == 2
    shown = capsys.readouterr().err
    assert "one.nt: error" in shown
    assert "two.nt: error" in shown


# Reports


def test_text_names_lines_of_the_data(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write("data.ttl", GOOD + NAMELESS)
    validate(status=1)
    shown = capsys.readouterr()
    assert shown.err == ""
    assert shown.out.splitlines()[:3] == [
        "ex:Name",
        "  sh:minCount at ex:name: 1 violation (shapes.ttl:10:60)",
        "    ex:bob (data.ttl:8:3): needs a name",
    ]
    assert "does not conform: 1 violation" in shown.out
    assert "\033" not in shown.out


def test_formats(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write("data.ttl", GOOD + NAMELESS)
    shown = {}
    for name in FORMATS[1:]:
        validate("--format", name, status=1)
        shown[name] = capsys.readouterr().out
    conforms, results = read_report(load(shown["turtle"]))
    assert not conforms
    assert [str(r.focus) for r in results] == ["http://example.org/bob"]
    (result,) = json.loads(shown["json"])["results"]
    assert result["data"] == {"file": "data.ttl", "line": 8, "column": 3}
    assert json.loads(shown["jsonld"])["sh:conforms"] is False
    assert shown["csv"].count("\n") == 2
    assert len(json.loads(shown["sarif"])["runs"][0]["results"]) == 1
    (note,) = read_annotations(shown["github"])
    place = {"file": "data.ttl", "line": "8", "col": "3"}
    assert note.items() >= {"level": "error", **place}.items()


def test_max(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write("data.ttl", "".join(f"ex:n{number} a ex:Person .\n" for number in range(20)))
    validate("--format", "json", "--max", "3", status=1)
    found = answer(capsys)
    assert (len(found["results"]), found["found"]) == (3, 20)
    for most in (0, 10**17):
        validate("--format", "json", "--max", str(most), status=1)
        found = answer(capsys)
        assert (len(found["results"]), found["found"]) == (min(most, 20), 20)
    validate("--max", "3", status=1)
    shown = capsys.readouterr().out
    assert shown.count("needs a name") == 3
    assert "20 violations" in shown
    assert "… 17 more" in shown
    validate(status=1)
    assert "… 10 more" in capsys.readouterr().out


@pytest.mark.parametrize("format_", FORMATS)
def test_max_hides_nothing_from_the_exit_status(
    folder: Path, capsys: pytest.CaptureFixture[str], format_: str
) -> None:
    """An info comes first: it is all that --max leaves."""
    write(
        "shapes.ttl",
        """
        ex:A sh:targetSubjectsOf ex:p ; sh:severity sh:Info ; sh:nodeKind sh:IRI .
        ex:B sh:targetSubjectsOf ex:p ; sh:path ex:p ; sh:severity sh:Warning ; sh:maxCount 2 .
        ex:C sh:targetSubjectsOf ex:p ; sh:path ex:p ; sh:maxCount 3 .""",
    )
    failing = {"1": [], "1, 2, 3": ["warning"], "1, 2, 3, 4": ["warning", "violation"]}
    for values, expected in failing.items():
        write("data.ttl", f"[] ex:p 1 . [] ex:p 2 . [] ex:p {values} .")
        for threshold in ("info", "warning", "violation", "never"):
            status = int(threshold in ["info", *expected])
            options = ("--max", "1", "--fail-on", threshold, "--format", format_)
            validate(*options, status=status)
            shown = capsys.readouterr().out
            if format_ == "json":
                (kept,) = json.loads(shown)["results"]
                assert kept["resultSeverity"].endswith("#Info")


@pytest.mark.parametrize("format_", FORMATS)
def test_nothing_is_left_out_in_silence(
    folder: Path, capsys: pytest.CaptureFixture[str], format_: str
) -> None:
    write("shapes.ttl", SHAPES + 'ex:Kind sh:js [ sh:jsFunctionName "f" ] .')
    write("data.ttl", "ex:a a ex:Person . ex:b a ex:Person .")
    options = ["--waive", "sh:js", "--max", "1", "--format", format_]
    validate(*options, status=1)
    shown = capsys.readouterr()
    where = shown.out if format_ in ("text", "json") else shown.err
    assert "sh:js" in where
    expected = {"text": "… 1 more", "json": '"found": 2'}
    assert expected.get(format_, "1 of 2 results are written (--max)") in where


# Input


def test_focus_and_shape(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write("data.ttl", f"{NAMELESS} {OLD} {BLANK} ex:dan a ex:Person .")
    validate("--format", "json", "--focus", "ex:dan", status=1)
    assert focus_nodes(capsys) == ["dan"]
    names = ["--focus", "<http://example.org/dan>", "--focus", "http://example.org/bob"]
    validate("--format", "json", *names, status=1)
    assert focus_nodes(capsys) == ["bob", "dan"]
    validate("--format", "json", "--shape", "ex:Kind", status=1)
    assert focus_nodes(capsys) == ["_:anon-1"]


def test_focus_that_no_target_selects(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With a shape, a node is validated by it: SHACL lets any node be a focus node."""
    write("data.ttl", f"{GOOD} {NAMELESS} ex:rex a ex:Dog .")
    warning = "cnsc: warning: no target selects <http://example.org/{}>, which is to be validated"
    for typo in ("ex:typo", "ex:rex"):
        validate("--focus", typo, "--focus", "ex:bob", status=1)
        shown = capsys.readouterr()
        assert shown.err.count("warning") == 1
        assert warning.format(typo.removeprefix("ex:")) in shown.err
        assert "ex:bob" in shown.out
        validate("--format", "json", "--focus", typo, "--shape", "ex:Name", status=1)
        assert focus_nodes(capsys) == [typo.removeprefix("ex:")]


def test_a_shape_without_target_takes_focus(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write("data.ttl", GOOD + NAMELESS)
    for shapes in (["ex:Name"], ["ex:Kind", "ex:Name"]):
        validate(*(word for shape in shapes for word in ("--shape", shape)), status=2)
        shown = capsys.readouterr()
        assert shown.out == ""
        assert "shape <http://example.org/Name> has no target, or is deactivated" in shown.err
        assert "name nodes to be validated (--focus)" in shown.err
    validate("--shape", "ex:Nam", status=2)
    assert "no shape <http://example.org/Nam> in the shapes" in capsys.readouterr().err
    validate("--shape", "ex:Name", "--focus", "ex:alice")


def test_warnings_tell_that_nothing_was_validated(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write("data.ttl", GOOD)
    validate("--graph", "ex:none", "--shape", "ex:Kind")
    nothing = "cnsc: warning: nothing was validated: no target selects a node"
    assert f"{nothing} within --shape and --graph; check IRIs" in capsys.readouterr().err
    write("data.ttl", "ex:a a ex:Persn .")
    validate()
    assert "no target selects a node; check IRIs, of classes too" in capsys.readouterr().err
    write("data.ttl", "")
    validate()
    assert "cnsc: warning: the data have no triples; check" in capsys.readouterr().err


def test_graphs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write("data.trig", f"{NAMELESS} ex:g {{ ex:dan a ex:Person }} ex:h {{ ex:eve a ex:Person }}")
    chosen = {
        (): ["bob", "dan", "eve"],
        ("all",): ["bob", "dan", "eve"],
        ("default",): ["bob"],
        ("ex:g",): ["dan"],
        ("default", "http://example.org/h"): ["bob", "eve"],
    }
    for graphs, expected in chosen.items():
        options = [word for graph in graphs for word in ("--graph", graph)]
        validate("--format", "json", *options, data="data.trig", status=1)
        assert focus_nodes(capsys) == expected


def test_standard_input(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "<http://example.org/bob> a <http://example.org/Person> ."
    for options in ([], ["--input-format", "turtle"]):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        validate("--format", "json", *options, data="-", status=1)
        (result,) = answer(capsys)["results"]
        assert result["data"]["file"] == "<stdin>"


def test_ontologies(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write("data.ttl", "ex:dan a ex:Student .")
    write("classes.ttl", "ex:Student rdfs:subClassOf ex:Person . ex:eve a ex:Person .")
    validate()
    capsys.readouterr()
    validate("--format", "json", "--ontology", "classes.ttl", status=1)
    assert focus_nodes(capsys) == ["dan"]


def test_strict(folder: Path) -> None:
    write("shapes.ttl", "ex:C a owl:Class, sh:NodeShape ; sh:property ex:P . ex:P sh:path ex:p ;"
          " sh:minCount 1 .")  # fmt: skip
    write("data.ttl", "ex:a a ex:C .")
    validate(status=1)
    validate("--strict")


def test_lenient(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write("data.ttl", f"{GOOD}\nex:a ex:b .\nex:c ex:d ex:e .\n")
    validate(status=2)
    validate("--lenient")
    assert "data.ttl:8:11: warning: " in capsys.readouterr().err


def test_recursion(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write("shapes.ttl", "ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:node ex:S ] .")
    write("data.ttl", "ex:a ex:p ex:b . ex:b ex:p ex:c .")
    validate(status=2)
    validate("--recursion", "9")
    capsys.readouterr()
    validate("--recursion", "1", status=2)
    assert "give --recursion a larger number" in capsys.readouterr().err


@pytest.mark.usefixtures("cache")
def test_engines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write("data.ttl", GOOD + NAMELESS)
    shown = []
    for engine in ("bytecode", "native"):
        validate("--engine", engine, status=1)
        shown.append(without_times(capsys.readouterr().out))
    assert shown[0] == shown[1]


# Shapes that the data name


def test_data_name_their_shapes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write("data.ttl", f"{NAMELESS} <> sh:shapesGraph <shapes.ttl> .")
    assert main(["validate", "data.ttl"]) == 1
    assert "needs a name" in capsys.readouterr().out


def test_shapes_are_found_in_the_catalog(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "catalog").mkdir()
    write("catalog/people.ttl", f"<http://example.org/shapes> a owl:Ontology . {SHAPES}")
    write("data.ttl", f"{NAMELESS} ex:graph sh:shapesGraph <http://example.org/shapes> .")
    assert main(["validate", "data.ttl", "--catalog", "catalog"]) == 1
    capsys.readouterr()
    assert main(["validate", "data.ttl"]) == 2
    shown = capsys.readouterr().err
    assert "data.ttl: error: names <http://example.org/shapes> as its shapes graph" in shown


def test_shapes_are_not_found_in_strings(folder: Path) -> None:
    text = "<http://e/s> <http://www.w3.org/ns/shacl#shapesGraph> <http://e/g> ."
    write("data.ttl", f"{NAMELESS} ex:a ex:b '{text}' .")
    assert main(["validate", "data.ttl"]) == 2


# Terminals


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_told_on_terminals_after_a_while() -> None:
    terminal = Terminal()
    with Progress(terminal, patience=0.01) as progress:
        progress.say("compiling")
        deadline = time.monotonic() + 20
        while "compiling" not in terminal.getvalue() and time.monotonic() < deadline:
            time.sleep(0.01)
        source = progress.watch(Source("data.nt", [b"<a:b> ", b"<a:c> 1 ."], False))
        assert b"".join(source.chunks()) == b"<a:b> <a:c> 1 ."
    assert "\r\033[Kcompiling, 0 s" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\033[K")


def test_no_progress_elsewhere_or_early() -> None:
    pipe, terminal = io.StringIO(), Terminal()
    with Progress(pipe, patience=0) as progress:
        progress.say("compiling")
        source = Source("data.nt", [b""], False)
        assert progress.watch(source) is source
    with Progress(terminal, patience=60):
        pass
    assert (pipe.getvalue(), terminal.getvalue()) == ("", "")


def test_validating_imports_no_compiler_of_records(folder: Path) -> None:
    write("data.ttl", GOOD)
    program = """if True:
        import sys
        from cns_build.cli import main
        status = main(["validate", "--shapes", "shapes.ttl", "data.ttl"])
        print(status, *{"jinja2", "cns_build.commands", "cns_build.pipeline"} & set(sys.modules))
    """
    shown = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert shown.stdout.splitlines()[-1:] == ["0"]


def test_help_teaches() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "cns_build", "validate", "--help"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"},
    )
    assert shown.returncode == 0
    assert "examples:\n  cnsc validate " in shown.stdout
    assert "Constraints in SPARQL are evaluated" in shown.stdout
    assert max(map(len, shown.stdout.splitlines())) <= 100
