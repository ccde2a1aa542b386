# SPDX-License-Identifier: Apache-2.0
"""`cnsc` on good input: what it prints and writes, and what it leaves alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cns_build import __version__
from cns_build.cli import main
from cns_build.passes import PIPELINE
from tests.compiling import PREFIXES
from tests.paths import ROOT, RUNTIME

SHAPES = """
ex:S a sh:NodeShape ; sh:targetClass ex:Sensor ;
  sh:property [ sh:path ex:level ; sh:datatype xsd:double ; sh:minCount 1 ; sh:maxCount 1 ;
    sh:minInclusive -40 ; sh:maxInclusive 85.5 ; sh:message "level is wrong" ] ;
  sh:property [ sh:path ex:samples ; sh:datatype xsd:int ; sh:minInclusive 0 ] .
"""
WAIVED = SHAPES + 'ex:S sh:sparql [ sh:select "SELECT $this WHERE { }" ] .\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sensors.ttl").write_text(PREFIXES + SHAPES, "utf-8")
    (tmp_path / "waived.ttl").write_text(PREFIXES + WAIVED, "utf-8")
    return tmp_path


def compiling(*more: str, shapes: str = "sensors.ttl") -> list[str]:
    model = ["--shapes", shapes, "--name", "sensors"]
    return ["compile", *model, "-o", "sensors.c", "sensors.h", *more]


def usage_error(*arguments: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2


# compile


def test_compile_writes_source_and_header_and_says_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(compiling()) == 0
    assert sorted(p.name for p in folder.iterdir()) == [
        "sensors.c",
        "sensors.h",
        "sensors.ttl",
        "waived.ttl",
    ]
    assert "sensors_sensor_validate" in (folder / "sensors.c").read_text("utf-8")
    assert capsys.readouterr() == ("", "")


def test_unchanged_output_keeps_its_time(folder: Path) -> None:
    extra = ("--map", "m.json", "--summary", "s.json", "--depfile", "d.d")
    assert main(compiling(*extra)) == 0
    names = ["sensors.c", "sensors.h", "m.json", "s.json", "d.d"]
    for name in names:
        os.utime(name, ns=(10**18, 10**18))
    assert main(compiling(*extra)) == 0
    assert [Path(n).stat().st_mtime_ns for n in names] == [10**18] * 5
    # A comment moves lines, which only the map knows.
    text = Path("sensors.ttl").read_text("utf-8")
    Path("sensors.ttl").write_text("# A comment.\n" + text, "utf-8")
    assert main(compiling(*extra)) == 0
    changed = [n for n in names if Path(n).stat().st_mtime_ns != 10**18]
    assert changed == ["m.json"]
    Path("sensors.ttl").write_text(text.replace("85.5", "86.5"), "utf-8")
    assert main(compiling(*extra)) == 0
    assert Path("sensors.c").stat().st_mtime_ns != 10**18
    assert Path("sensors.h").stat().st_mtime_ns == 10**18


def test_a_stamp_has_the_time_of_each_run_and_is_what_the_depfile_is_about(folder: Path) -> None:
    stamped = ("--stamp", "sensors.stamp", "--depfile", "sensors.d")
    assert main(compiling(*stamped)) == 0
    for name in ("sensors.c", "sensors.stamp"):
        os.utime(name, ns=(10**18, 10**18))
    assert main(compiling(*stamped)) == 0
    assert Path("sensors.c").stat().st_mtime_ns == 10**18
    assert Path("sensors.stamp").stat().st_mtime_ns != 10**18
    assert Path("sensors.stamp").read_bytes() == b""
    rules = Path("sensors.d").read_text("utf-8").splitlines()
    assert rules[0].startswith("sensors.stamp: sensors.ttl ")
    assert [f"{file}:" for file in rules[0].split()[1:]] == rules[1:]
    os.utime("sensors.stamp", ns=(10**18, 10**18))
    Path("sensors.ttl").write_text("no Turtle\n", "utf-8")
    assert main(compiling(*stamped)) == 1
    assert Path("sensors.stamp").stat().st_mtime_ns == 10**18


def test_the_depfile_names_all_that_was_read(folder: Path) -> None:
    (folder / "more here.ttl").write_text(
        f"{PREFIXES}<http://example.org/more> a owl:Ontology .\n", "utf-8"
    )
    imports = "<http://example.org/o> a owl:Ontology ; owl:imports <http://example.org/more> .\n"
    (folder / "sensors.ttl").write_text(PREFIXES + imports + SHAPES, "utf-8")
    (folder / "classes.ttl").write_text(f"{PREFIXES}ex:A rdfs:subClassOf ex:Sensor .\n", "utf-8")
    mapped = "<catalog><uri name='http://example.org/more' uri='more here.ttl'/></catalog>"
    (folder / "catalog-v001.xml").write_text(mapped, "utf-8")
    catalog = ("--catalog", "catalog-v001.xml", "--depfile", "sensors.d")
    assert main(["compile", "classes.ttl", *compiling(*catalog)[1:]]) == 0
    outputs, _, inputs = (folder / "sensors.d").read_text("utf-8").partition(": ")
    assert outputs == "sensors.c sensors.h"
    assert inputs.endswith("\n")
    assert inputs.count("\n") == 1
    read = inputs.replace("\\ ", "\0").split()
    given = ["classes.ttl", "sensors.ttl", "more\0here.ttl", "catalog-v001.xml"]
    assert read[:4] == given
    own = {str(p) for p in (ROOT / "cns_build").rglob("*.py")}
    own.add(str(ROOT / "cns_build" / "pattern" / "unicode.txt"))
    own |= {str(p) for p in (ROOT / "templates").glob("*.j2")}
    own |= {str(ROOT / "runtime/include/cns" / name) for name in ("cns.h", "opcodes.h")}
    own.add(str(ROOT / "runtime/host/program.h"))
    own |= {str(p) for p in (ROOT / "cns_build").glob("_native.*.so")}  # where it is built
    assert {name.replace("\0", " ") for name in read[4:]} == own


def test_the_map_explains_numbers(folder: Path) -> None:
    assert main(compiling("--map", "m.json", "--kind", "sensor=7")) == 0
    content = json.loads((folder / "m.json").read_text("utf-8"))
    assert content["model"] == "sensors"
    assert content["kinds"] == {"7": "sensor"}
    assert content["terms"][0] == "<http://example.org/Sensor>"
    lines = (folder / "sensors.ttl").read_text("utf-8").splitlines()
    by_component = {(c["path"], c["component"]): c for c in content["checks"]}
    assert set(by_component) == {
        ("ex:level", "minCount"),
        ("ex:level", "minInclusive"),
        ("ex:level", "maxInclusive"),
        ("ex:samples", "minInclusive"),
    }
    check = by_component["ex:level", "maxInclusive"]
    assert check["message"] == "level is wrong"
    assert check["owner"] == "http://example.org/S"
    assert check["file"] == "sensors.ttl"
    assert "sh:maxInclusive 85.5" in lines[check["line"] - 1]
    assert check["severity"].endswith("#Violation")


def test_the_summary_counts_and_lists_waivers(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    waive = ("--waive", "sh:sparql", "--summary", "s.json")
    assert main(compiling(*waive, shapes="waived.ttl")) == 0
    content = json.loads((folder / "s.json").read_text("utf-8"))
    assert content["cns"] == __version__
    assert content["files"] == ["waived.ttl"]
    (record,) = content["records"]
    assert record["name"] == "sensor"
    assert record["fields"] == 2
    header = (folder / "sensors.h").read_text("utf-8")
    assert f"#define SENSORS_SENSOR_STEPS {record['steps']}u" in header
    assert content["checks"] == {"given": 7, "left": 4}
    (waived,) = content["waived"]
    assert waived["name"] == "sh:sparql"
    assert waived["file"] == "waived.ttl"
    line = (folder / "waived.ttl").read_text("utf-8").splitlines()[waived["line"] - 1]
    assert "sh:sparql" in line
    noted = capsys.readouterr().err
    assert noted.startswith(f"waived.ttl:{waived['line']}:")
    assert ": note: waived sh:sparql: " in noted


def test_a_header_of_another_name_is_included(folder: Path) -> None:
    (folder / "out").mkdir()
    model = ["--shapes", "sensors.ttl", "--name", "sensors"]
    assert main(["compile", *model, "-o", "out/a.c", "out/b.h"]) == 0
    assert '#include "b.h"' in (folder / "out" / "a.c").read_text("utf-8")


def test_a_tick_budget_is_kept_or_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(compiling("--tick-budget", "1")) == 1
    message = capsys.readouterr().err
    assert "record sensor can take" in message
    assert "tick budget of 1" in message
    assert not (folder / "sensors.c").exists()
    assert main(compiling("--tick-budget", "100000")) == 0


def test_no_tick_budget_holds_a_pattern_on_any_text(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "codes.ttl").write_text(
        """@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:S a sh:NodeShape ; sh:targetClass ex:Sensor ; sh:not ex:T ; sh:property [
  sh:path ex:p ; sh:datatype xsd:string ; sh:maxCount 1 ; sh:maxLength 8 ; sh:pattern "^a" ] .
ex:T a sh:NodeShape ; sh:property [ sh:path ex:p ; sh:pattern "b" ] .
""",
        "utf-8",
    )
    budget = compiling("--tick-budget", "100000", shapes="codes.ttl")
    assert main(budget) == 1
    message = capsys.readouterr().err
    assert 'codes.ttl:4:57: error: no budget holds the pattern "b"' in message
    assert 'codes.ttl:5:87: error: no budget holds the pattern "^a"' in message
    assert "--inline-strings" in message
    assert main([*budget, "--inline-strings"]) == 0


def test_capacities_by_property(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = "http://example.org/samples=5"
    assert main(compiling("--capacity", "3", "--capacity", whole)) == 0
    assert "SENSORS_SENSOR_SAMPLES_CAPACITY 5u" in Path("sensors.h").read_text("utf-8")
    assert main(compiling("--capacity", "3")) == 0
    assert "SENSORS_SENSOR_SAMPLES_CAPACITY 3u" in Path("sensors.h").read_text("utf-8")
    assert main(compiling("--capacity", "samples=0x10")) == 0
    assert "SENSORS_SENSOR_SAMPLES_CAPACITY 16u" in Path("sensors.h").read_text("utf-8")
    assert main(compiling("--capacity", "sample=4", "--capacity", "samples=4")) == 1
    assert capsys.readouterr().err.startswith("cnsc: error: --capacity sample: no record has")


@pytest.mark.parametrize(
    "wrong",
    [
        ("--capacity", "0"),
        ("--capacity", "samples=many"),
        ("--capacity", "65536"),
        ("--kind", "sensor"),
        ("--kind", "sensor=4294967296"),
        ("--tick-budget", "-1"),
        ("--report", "some"),
        ("--name", "Sensors"),
        ("--name", "int"),
        ("--name", "cns_mine"),
        ("--engine", "batch"),
        ("--record", ""),
        ("--waive", " "),
    ],
)
def test_wrong_usage_says_so(
    folder: Path, capsys: pytest.CaptureFixture[str], wrong: tuple[str, ...]
) -> None:
    usage_error(*compiling(*wrong))
    message = capsys.readouterr().err
    assert f"argument {wrong[0]}" in message
    assert "invalid _" not in message
    assert not Path("sensors.c").exists()


def test_a_kind_is_named_as_the_header_names_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    usage_error(*compiling("--kind", "Sensor=7"))
    message = capsys.readouterr().err
    assert "'Sensor' is no name in C: give it as the header has it" in message
    assert message.rstrip().endswith("e.g. reading=7")


# check and export


def test_check_takes_what_its_advice_names(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "sensors.ttl", "--capacity", "samples=5", "--inline-strings"]) == 0
    assert main(["check", "sensors.ttl", "--tick-budget", "1"]) == 1
    assert "tick budget of 1" in capsys.readouterr().err
    assert main(["check", "sensors.ttl", "--name", "own", "--kind", "own=7"]) != 0
    assert "sensor" in capsys.readouterr().err


def test_check_writes_nothing_and_counts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "sensors.ttl"]) == 0
    assert capsys.readouterr().out == "1 record, 4 of 7 checks are left at run time\n"
    assert sorted(p.name for p in folder.iterdir()) == ["sensors.ttl", "waived.ttl"]


def test_check_fails_with_positions(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "waived.ttl"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("waived.ttl:")
    assert ": error: " in captured.err
    assert "--waive sh:sparql" in captured.err
    assert main(["check", "waived.ttl", "--waive", "sh:sparql"]) == 0


def test_constraint_components_are_refused_unless_waived(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    component = """
ex:Component a sh:ConstraintComponent ; sh:parameter [ sh:path ex:low ] ;
  sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER ($value > $low) }" ] .
ex:S ex:low 1 , 2 .
"""
    (folder / "custom.ttl").write_text(PREFIXES + SHAPES + component, "utf-8")
    assert main(compiling(shapes="custom.ttl")) == 1
    errors = [line for line in capsys.readouterr().err.splitlines() if ": error: " in line]
    assert len(errors) == 2
    assert all("custom.ttl:" in line and "ex:low at shape ex:S" in line for line in errors)
    assert main(compiling("--waive", "ex:low", shapes="custom.ttl")) == 0
    assert capsys.readouterr().err.count(": note: waived ex:low: ") == 2


def test_export_writes_four_files(folder: Path) -> None:
    arguments = ["export", "--shapes", "sensors.ttl", "--name", "sensors", "-o", "deep/cns"]
    assert main(arguments) == 0
    made = sorted(p.name for p in (folder / "deep" / "cns").iterdir())
    assert made == ["cns.c", "cns.h", "sensors.c", "sensors.h"]
    for name in made:
        os.utime(folder / "deep" / "cns" / name, ns=(10**18, 10**18))
    assert main(arguments) == 0
    times = {(folder / "deep" / "cns" / name).stat().st_mtime_ns for name in made}
    assert times == {10**18}


# explain


def explaining(*more: str) -> list[str]:
    return ["explain", "--shapes", "sensors.ttl", "--name", "sensors", *more]


def test_explain_shows_every_part(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(explaining()) == 0
    text = capsys.readouterr().out
    titles = [
        "Layout: offset and size in bytes",
        "IR before the passes",
        "IR after the passes",
        "Handlers",
        "Bytes of code and tables",
    ]
    places = [text.index(f"{title}\n{'=' * len(title)}\n") for title in titles]
    assert places == sorted(places)
    assert "has bit 0" in text
    assert "sensors_sensor_validate(const sensors_sensor *record" in text
    assert sorted(p.name for p in folder.iterdir()) == ["sensors.ttl", "waived.ttl"]


def test_explain_shows_one_part(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(explaining("--only", "layout")) == 0
    text = capsys.readouterr().out
    assert "Handlers" not in text
    rows = [line.split() for line in text.splitlines()]
    assert ["level", "double", "ex:level", "has", "bit", "0", "8", "+8", "8", "+8"] in rows
    assert "  size in bytes: lp64 56, ilp32 56" in text.splitlines()


def test_explain_dumps_one_stage(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = {}
    for stage in ("build", *(name for name, _ in PIPELINE)):
        assert main(explaining("--dump-after", stage)) == 0
        texts[stage] = capsys.readouterr().out
        assert texts[stage].startswith("program sensors\n")
    assert "has-datatype" in texts["build"]
    assert "has-datatype" not in texts["static_facts"]
    assert "unless true" not in texts["fold"]
    assert "absent:" not in texts["fold"]
    assert "absent:" in texts["share_paths"]
    usage_error(*explaining("--dump-after", "inline"))
    message = capsys.readouterr().err
    assert "'inline' is no pass" in message
    assert all(name in message for name, _ in PIPELINE)


def test_explain_measures_or_says_why_not(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(explaining("--only", "bytes")) == 0
    shown = capsys.readouterr().out
    monkeypatch.setenv("PATH", str(folder))
    assert main(explaining("--only", "bytes")) == 0
    bare = capsys.readouterr().out
    assert "this machine: not measured, cc and size not installed" in bare
    assert not any(c.isdigit() for c in bare.replace("M0", ""))
    assert shown.count("\n") == bare.count("\n")
    fake = folder / "cc"
    fake.write_text("#!/bin/sh\necho 'cc: broken' >&2; exit 1\n", "utf-8")
    fake.chmod(0o755)
    (folder / "size").symlink_to(fake)
    monkeypatch.setenv("PATH", f"{folder}:/bin:/usr/bin")
    assert main(explaining("--only", "bytes")) == 0
    assert "this machine: not measured, cc -Os -c fails: cc: broken" in capsys.readouterr().out


# The program itself


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cns_build", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"},
    )


def test_version_and_folders() -> None:
    assert run("--version").stdout == f"cnsc {__version__}\n"
    assert run("--print", "runtime-dir").stdout == f"{RUNTIME}\n"
    assert run("--print", "include-dir").stdout == f"{RUNTIME / 'include'}\n"
    assert run("--print", "template-dir").stdout == f"{ROOT / 'templates'}\n"
    for name in ("cmake", "scons"):
        folder = ROOT / "cns_build" / "integration" / name
        assert run("--print", f"{name}-dir").stdout == f"{folder}\n"
    assert run("--print", "elsewhere").returncode == 2


@pytest.mark.parametrize(
    "command", [(), ("compile",), ("check",), ("explain",), ("export",), ("decode",)]
)
def test_help_teaches(command: tuple[str, ...]) -> None:
    shown = run(*command, "--help")
    assert shown.returncode == 0
    assert "examples:\n  cnsc " in shown.stdout
    assert max(map(len, shown.stdout.splitlines())) <= 100
    if command:
        assert f"  cnsc {command[0]} " in shown.stdout


def test_no_command_prints_help_and_fails() -> None:
    shown = run()
    assert shown.returncode == 2
    assert shown.stdout == ""
    assert "examples:" in shown.stderr


def test_compiling_imports_neither_rdflib_nor_numba(folder: Path) -> None:
    code = (
        "import sys; from cns_build.cli import main; code = main(sys.argv[1:]);"
        "heavy = {'rdflib', 'numba', 'numpy', 'rich'} & set(sys.modules);"
        "sys.exit(f'imported {heavy}' if heavy else code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *compiling()],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stderr) == (0, "")
