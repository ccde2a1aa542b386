# SPDX-License-Identifier: Apache-2.0
"""`cnsc check`: what it says of each input, and of real shapes, and what options change.

Each file in `lint` is named for the one warning that it shows; its first lines state all that
is said, as those in `bad_input` do. `#$` gives arguments.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from cns_build.cli import main
from cns_build.frontend.rules import RULES, SPARQL_RULES
from cns_build.lint.names import WARNINGS
from tests.annotations import read_annotations
from tests.compiling import PREFIXES
from tests.paths import ONTOLOGIES, ROOT, shared
from tests.reference import SH, Result, evaluate, literal
from tests.reference import load as read_graph

FOLDER = ROOT / "tests" / "lint"
CASES = sorted(FOLDER.glob("*.ttl"))
XSD = "http://www.w3.org/2001/XMLSchema#"
GOOD = (
    "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:maxCount 1 ] .\n"
)
IDLE = GOOD + "ex:T a sh:NodeShape ; sh:property [ sh:path ex:q ; sh:minCount 0 ] .\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(text: str, name: str = "shapes.ttl") -> str:
    """Write shapes behind the usual prefixes, which are lines 1 to 6."""
    Path(name).write_text(PREFIXES + text, "utf-8")
    return name


def said(printed: str, file: str) -> list[str]:
    """Return each error and warning as `LINE:COLUMN: message [name]`."""
    found = re.findall(r"^(\S+?): (?:warning|error): (.*)$", printed, re.MULTILINE)
    places = [place.replace(f"{file}:", "").replace(file, "file") for place, _ in found]
    return [f"{place}: {what}" for place, (_, what) in zip(places, found, strict=True)]


def names(printed: str) -> Counter[str]:
    """Return how often each name stands in brackets."""
    return Counter(re.findall(r" \[([A-Za-z-]+)\]$", printed, re.MULTILINE))


# Each warning


def test_each_warning_has_an_input() -> None:
    assert [case.stem for case in CASES] == sorted(WARNINGS)


@pytest.mark.parametrize("case", CASES, ids=[case.stem for case in CASES])
def test_warning(
    case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(FOLDER)
    lines = case.read_text("utf-8").splitlines()
    expected = [line.removeprefix("#! ") for line in lines if line.startswith("#! ")]
    arguments = [a for line in lines if line.startswith("#$ ") for a in line[3:].split()]
    status = main(["check", case.name, *arguments])
    printed = capsys.readouterr().err
    assert said(printed, case.name) == expected
    assert status == (1 if ": error: " in printed else 0)
    assert set(names(printed)) == {case.stem}


def test_compile_has_no_opinions(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shapes = write(GOOD + "ex:x a xsd:strng ; sh:minCount 0 .\n")
    outputs = ["-o", "demo.c", "demo.h"]
    assert main(["compile", "--shapes", shapes, "--name", "demo", *outputs]) == 0
    assert capsys.readouterr().err == ""
    assert main(["check", shapes]) == 0
    assert names(capsys.readouterr().err) == {"unknown-term": 1}


# The claims of the linter, against the reference: they hold for every value

VALUES: tuple[Node, ...] = (
    URIRef("http://example.org/a"),
    URIRef("http://example.org/c"),
    BNode(),
    Literal("a"),
    Literal("abc"),
    Literal("a", lang="en"),
    literal("1", XSD + "integer"),
    literal("0", XSD + "unsignedByte"),
    literal("255", XSD + "unsignedByte"),
    literal("7", XSD + "int"),
    literal("7", XSD + "long"),
    literal("2000-01-01", XSD + "date"),
    literal("x", XSD + "integer"),
)


def results(case: str, values: tuple[Node, ...]) -> Iterator[tuple[Node, list[Result]]]:
    """Yield each path of the first shape of an input, with the results for some values of it."""
    shapes = read_graph((FOLDER / f"{case}.ttl").read_bytes(), base="file:///x")
    shape, focus = URIRef("http://example.org/S"), URIRef("http://example.org/focus")
    by_path = {
        path for p in shapes.objects(shape, SH["property"]) for path in shapes[p : SH["path"]]
    }
    for path in sorted(by_path):
        data = Graph()
        for value in values:
            data.add((focus, path, value))
        data.add((focus, URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), C))
        found = [r for r in evaluate(data, shapes).results if str(r.path) == path.n3()]
        yield path, found


C = URIRef("http://example.org/C")


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_contradictions_hold_for_every_value(value: Node) -> None:
    for path, found in results("contradiction", (value,)):
        assert found, path


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_constraints_without_effect_never_fail(value: Node) -> None:
    effective = {"DatatypeConstraintComponent", "NodeKindConstraintComponent"}
    for path, found in results("no-effect", (value,)):
        failed = {str(r.component).partition("#")[2] for r in found}
        if not failed & effective:
            assert not failed, path


# Options


def test_levels(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shapes = write(IDLE)

    def check(*arguments: str) -> tuple[int, list[str]]:
        status = main(["check", shapes, *arguments])
        printed = capsys.readouterr().err
        levels = re.findall(r": (error|warning): .*\[(.*)\]$", printed, re.MULTILINE)
        return status, [f"{name} {level}" for level, name in levels]

    idle, effect = "unused-shape", "no-effect"
    assert check() == (0, [f"{idle} warning", f"{effect} warning"])
    assert check("--no-warn", idle) == (0, [f"{effect} warning"])
    assert check("--no-warn", "all") == (0, [])
    assert check("--error", effect) == (1, [f"{idle} warning", f"{effect} error"])
    assert check("--error", "all") == (1, [f"{idle} error", f"{effect} error"])
    assert check("--error", "all", "--no-warn", effect) == (1, [f"{idle} error"])
    assert check("--no-warn", "all", "--error", effect) == (1, [f"{effect} error"])


def test_unknown_names_are_usage(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["check", write(GOOD), "--no-warn", "unused"])
    assert stopped.value.code == 2
    assert "'unused' is no warning; there are all, always-violated," in capsys.readouterr().err


def test_summary_counts(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", write(GOOD)]) == 0
    assert capsys.readouterr().err == ""
    assert main(["check", write(IDLE)]) == 0
    assert capsys.readouterr().err.endswith("\ncnsc: 2 warnings\n")
    broken = write("ex:T a sh:NodeShape ; sh:minCount 1 ; sh:minCuont 1 .\n", "b.ttl")
    assert main(["check", broken]) == 1
    assert capsys.readouterr().err.endswith("\ncnsc: 1 error, 1 warning\n")


def test_files_are_one_graph(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = write("ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:node ex:T .\n", "a.ttl")
    second = write("ex:T a sh:NodeShape ; sh:nodeKind sh:IRI .\n", "b.ttl")
    assert main(["check", first, second]) == 0
    assert capsys.readouterr().err == ""


def test_a_library_has_no_idle_shapes(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    library = write("ex:T a sh:NodeShape ; sh:nodeKind sh:IRI .\n", "library.ttl")
    assert main(["check", library]) == 0
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("1 shape, none compiled\n", "")
    assert main(["check", write(GOOD), library]) == 0
    assert "[unused-shape]" in capsys.readouterr().err  # of the compiler: no record has it
    assert main(["check", write(GOOD), library, "--no-compile"]) == 0
    assert capsys.readouterr().err == ""


def test_records_may_be_idle_shapes(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", write(IDLE), "--record", "ex:T"]) == 0
    assert names(capsys.readouterr().err) == {"no-effect": 1}


def test_no_compile_leaves_records_out(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shapes = write("ex:S a sh:NodeShape ; sh:targetNode 1 ; sh:nodeKind sh:Literal .\n")
    assert main(["check", shapes]) == 1
    assert "not supported yet in records" in capsys.readouterr().err
    assert main(["check", shapes, "--no-compile"]) == 0
    assert capsys.readouterr().err == ""


def test_a_contradiction_is_told_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shapes = write(
        "ex:S a sh:NodeShape ; sh:targetClass ex:C ;\n"
        "  sh:property [ sh:path ex:p ; sh:minCount 2 ; sh:maxCount 1 ] .\n"
    )
    assert main(["check", shapes]) == 1
    printed = capsys.readouterr().err
    assert [line.partition(": ")[0] for line in said(printed, shapes)] == ["8:60"]
    assert ": error: " in printed


def test_errors_and_misspelt_terms_are_told_together(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shapes = write(
        "ex:S a sh:Nodeshape ; sh:targetclass ex:C .\nex:T a sh:NodeShape, sh:PropertyShape .\n"
    )
    assert main(["check", shapes]) == 1
    assert said(capsys.readouterr().err, shapes) == [
        "7:8: there is no sh:Nodeshape; did you mean sh:NodeShape? [unknown-term]",
        "7:23: sh:targetclass is no term of SHACL and has no effect; did you mean "
        "sh:targetClass? [unknown-term]",
        "8:22: ex:T is a sh:PropertyShape and has no sh:path; give it a sh:path, or make it a "
        "sh:NodeShape [PropertyShape-path-minCount]",
    ]


# SARIF


def test_sarif_says_the_same(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shapes = write(
        "# ü\nex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property\n"
        "  [ sh:path ex:p ; sh:minCount 0 ; sh:hasValue 'ü' ; sh:maxCount 0 ; sh:minCuont 1 ] .\n"
    )
    assert main(["check", shapes, "--no-compile"]) == 0
    text = said(capsys.readouterr().err, shapes)
    assert main(["check", shapes, "--no-compile", "--format", "sarif"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    content = json.loads(captured.out)
    assert content["version"] == "2.1.0"
    (run,) = content["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == ["contradiction", "no-effect", "unknown-term"]
    again = []
    for result in run["results"]:
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        assert physical["artifactLocation"] == {"uri": "shapes.ttl"}
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] == "warning"
        place = "{startLine}:{startColumn}".format(**physical["region"])
        again.append(f"{place}: {result['message']['text']} [{result['ruleId']}]")
    assert again == text
    (note,) = [x for result in run["results"] for x in result["relatedLocations"]]
    assert note["message"] == {"text": "sh:hasValue is here"}
    assert note["physicalLocation"]["region"] == {"startLine": 9, "startColumn": 48}


def test_sarif_of_errors(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "no file.ttl", "--format", "sarif"]) == 1
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    (result,) = run["results"]
    assert (result["ruleId"], result["level"]) == ("compile", "error")
    assert result["locations"] == [
        {"physicalLocation": {"artifactLocation": {"uri": "no%20file.ttl"}}}
    ]


# GitHub


def test_annotations_say_the_same(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        "# ü\nex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property\n"
        "  [ sh:path ex:p ; sh:hasValue '50 %, %0A::' ; sh:maxCount 0 ; sh:minCuont 1 ] .\n"
    )
    shapes = "a, 50%3A: b.ttl"
    (here / shapes).write_text(PREFIXES + text, "utf-8")
    for level in ("warning", "error"):
        options = ("--error", "all") if level == "error" else ()
        status = int(level == "error")
        assert main(["check", shapes, "--no-compile", *options]) == status
        printed = capsys.readouterr().err.splitlines()
        assert main(["check", shapes, "--no-compile", "--format", "github", *options]) == status
        captured = capsys.readouterr()
        assert captured.err == ""
        again = []
        for note in read_annotations(captured.out):
            message, *more = note["message"].split("\n")
            rule = note["title"].removeprefix("cnsc: ")
            place = "{file}:{line}:{col}: {level}".format(**note)
            again.append(f"{place}: {message} [{rule}]")
            again += [line.replace(": sh:", ": note: sh:") for line in more]
        assert again == [line for line in printed if line.startswith(shapes)]
        assert {line.split(": ")[2] for line in again} == {level, "note"}


def test_annotations_of_files_that_cannot_be_read(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "no file.ttl", "--format", "github"]) == 1
    (note,) = read_annotations(capsys.readouterr().out)
    assert (note["level"], note["title"], note["file"]) == ("error", "cnsc", "no file.ttl")
    assert "line" not in note


# The hook


def test_the_hook_of_pre_commit_is_a_command(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hooks = (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
    ((program, *arguments),) = (line.split() for line in re.findall("entry: (.*)", hooks))
    assert program == "cnsc"
    assert main([*arguments, write(IDLE)]) == 0
    assert "[unused-shape]" in capsys.readouterr().err
    (pattern,) = re.findall("files: (.*)", hooks)
    assert re.search(pattern, "a/b.shacl")
    assert not re.search(pattern, "a.shacl/b.ttl")


# The page


def test_the_page_lists_all_names() -> None:
    page = (ROOT / "docs" / "check.md").read_text("utf-8")
    rows = re.findall(r"^\| `([A-Za-z-]+)` \| (.*) \|$", page, re.MULTILINE)
    assert rows == [*WARNINGS.items(), *RULES.items(), *SPARQL_RULES.items()]


# Real shapes

# File, errors, warnings. Imports that are not here are waived; shapes that are not are errors.
FOUND: dict[str, tuple[int, dict[str, int]]] = {
    "automotive/hdmap.shacl.ttl": (8, {}),
    "automotive/openscenario.shacl.ttl": (0, {}),
    "automotive/ositrace.shacl.ttl": (7, {}),
    "brick/Brick.ttl": (
        0,
        {"contradiction": 2, "no-effect": 1, "unknown-term": 1, "unused-shape": 4},
    ),
    "brick/ref-schema.ttl": (0, {"no-effect": 1}),
    "brick/root_class_shapes.ttl": (0, {}),
    "brick/rules.ttl": (0, {}),
    "brick/validation.ttl": (0, {}),
    "era/RINF-contact-line-systems.ttl": (0, {}),
    "era/RINF-etcs.ttl": (0, {}),
    "era/RINF-op-tracks.ttl": (0, {}),
    "era/RINF-signal.ttl": (0, {}),
    "era/RINF-tunnels.ttl": (0, {}),
    "g36/4.1-vav-cooling-only.ttl": (0, {"no-effect": 5}),
    "g36/4.6-multiple-zone-vav-AHU.ttl": (5, {}),
    "g36/5.16.14-multiple-zone-vav-ahu-afdd.ttl": (1, {}),
    "industryfusion/kms-shacl.ttl": (0, {"no-effect": 4, "unknown-term": 1}),
    "industryfusion/plasmacutter_shacl.ttl": (0, {"kept-iri": 3, "no-effect": 1}),
    "opcua/interfaces.shacl.ttl": (0, {"no-effect": 21}),
    "opcua/pumps_instanceexample.shacl.ttl": (0, {"no-effect": 632}),
    "qudt/COLLECTION_QUDT_QA_TESTS_ALL.ttl": (0, {}),
    "qudt/SCHEMA_QUDT-DATATYPES_NoOWL.ttl": (19, {}),
    "qudt/SCHEMA_QUDT_NoOWL.ttl": (8, {}),
    "qudt/SHACL-SCHEMA-SUPPLEMENT_QUDT.ttl": (82, {}),
    "rec/rec.ttl": (0, {}),
    "samm/aspect-meta-model-shapes.ttl": (6, {}),
    "samm/characteristic-shapes.ttl": (2, {}),
    "spdx/shacl2code-test.ttl": (0, {"no-effect": 1, "unknown-term": 3, "unused-shape": 1}),
    "spdx/spdx-model-3.0.ttl": (0, {}),
    "w3c/shacl-shacl.ttl": (0, {}),
    "wot/td-validation.ttl": (1, {}),
}
SUITE: dict[str, dict[str, int]] = {
    "minCount-002.ttl": {"no-effect": 1},
    "path-strange-001.ttl": {"odd-path": 1},
    "path-strange-002.ttl": {"odd-path": 1},
    "qualified-001-shapes.ttl": {"lone-parameter": 3, "switch": 1},
    "qualifiedValueShape-001.ttl": {"unknown-term": 1},
    "uniqueLang-002-shapes.ttl": {"switch": 1},
}


def checked(file: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, Counter[str]]:
    """Return the number of errors and of each warning of a file, apart from records."""
    arguments = ["check", str(file), "--no-compile"]
    main(arguments)
    printed = capsys.readouterr().err
    missing = re.findall(r"error: <(\S+)> is imported", printed)
    if missing:
        main([*arguments, *(f"--waive=import:{iri}" for iri in missing)])
        printed = capsys.readouterr().err
    if "error: no shapes: " in printed:
        return -1, Counter()
    warnings = re.findall(r": warning: .* \[([a-z-]+)\]$", printed, re.MULTILINE)
    return printed.count(": error: "), Counter(warnings)


def test_real_shapes(capsys: pytest.CaptureFixture[str]) -> None:
    files = sorted(shared("data/ontologies").glob("*/*.ttl"))
    found = {f.relative_to(ONTOLOGIES).as_posix(): checked(f, capsys) for f in files}
    assert {name: what for name, what in found.items() if what[0] >= 0} == FOUND


def test_shapes_of_the_w3c_suite(capsys: pytest.CaptureFixture[str]) -> None:
    files = sorted(shared("data/w3c-shacl/core").rglob("*.ttl"))
    found = {f.name: checked(f, capsys) for f in files}
    assert {name: counts for name, (_, counts) in found.items() if counts} == SUITE
    assert {errors for errors, _ in found.values()} <= {0, -1}
