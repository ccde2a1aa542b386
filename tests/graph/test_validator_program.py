# SPDX-License-Identifier: Apache-2.0
"""Stand-alone validators: what they read, write and answer, as cnsc validate does."""

from __future__ import annotations

import gzip
import os
import random
import re
from pathlib import Path

import pytest

from cns_build.cli import main
from cns_build.graph.data import read_file
from cns_build.graph.legend import legend_lines
from cns_build.graph.native import to_c
from cns_build.graph.validator import Validator
from cns_build.vocabulary import RDF, XSD
from tests.compiling import PREFIXES
from tests.graph.programs import (
    Answer,
    assert_same_reports,
    build_program,
    comparable,
    run,
    without_engine,
)
from tests.graph.references import source
from tests.graph.test_w3c import validator_of
from tests.test_reference_w3c import core_tests

SHAPES = """
@prefix odd: <http://example.org/odd#> .
ex:Person a sh:NodeShape ; sh:targetClass ex:Person ; sh:closed true ;
  sh:ignoredProperties ( rdf:type ex:age ex:knows ex:size ) ;
  sh:property ex:Name, [ sh:path ex:age ; sh:maxInclusive 120 ; sh:severity sh:Warning ],
    [ sh:path ( ex:knows [ sh:inversePath ex:knows ] ) ; sh:maxCount 1 ;
      sh:message "zu viele"@de, "too many \\"friends\\" \\\\ ???/"@en ] ;
  sh:or ( [ sh:path ex:size ; sh:datatype xsd:decimal ]
          [ sh:node [ sh:property [ sh:path ex:size ; sh:in ( "S" "M" ) ] ] ] ) .
ex:Name a sh:PropertyShape ; sh:path ex:name ; sh:minCount 1 ; sh:message "needs a name" .
ex:Kind a sh:NodeShape ; sh:targetClass ex:Person ; sh:severity sh:Info ; sh:nodeKind sh:IRI .
ex:Odd a sh:NodeShape ; sh:targetSubjectsOf odd:it ; sh:severity ex:Severe ;
  sh:property [ sh:path [ sh:zeroOrMorePath odd:it ] ; sh:hasValue ex:end ;
                sh:severity ex:Severe ] .
ex:Unused a sh:NodeShape ; sh:targetClass ex:Nothing ; sh:minLength 1 .
ex:Query a sh:NodeShape ; sh:targetNode ex:a ;
  sh:sparql [ sh:select "SELECT $this WHERE { $this ?p ?o }" ] .
"""
# Names in prefixes are written out by `triples`.
DATA = """\
<e:alice> <rdf:type> <e:Person> .
<e:alice> <e:age> "121"^^<xsd:integer> .
<e:alice> <e:size> "a \\"b\\\\ \\u0007\\u202E\\n\\u00FC" .
<e:alice> <e:size> "Größe"@de-AT .
<e:alice> <e:hair> "4.5"^^<xsd:decimal> .
<e:alice> <e:hair> "true"^^<xsd:boolean> .
<e:alice> <e:knows> _:shape-x .
_:f1-y <e:knows> _:shape-x .
_:shape-x <rdf:type> <e:Person> .
_:shape-x <e:name> "x" .
<e:long> <e:odd#it> "LONG"^^<e:other> .
"""
CONFORMING = """\
<e:a> <rdf:type> <e:Person> .
<e:a> <e:name> "A" .
<e:a> <e:size> "S" .
"""


def triples(text: str) -> str:
    for prefix, iri in (("e:", "http://example.org/"), ("rdf:", RDF), ("xsd:", XSD)):
        text = text.replace(f"<{prefix}", f"<{iri}")
    return text


DATA = triples(DATA).replace("LONG", "x" * 300)
CONFORMING = triples(CONFORMING)
WAIVE = ("--waive", "sh:sparql")


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("shapes") / "shapes.ttl"
    file.write_text(PREFIXES + SHAPES)
    return file


@pytest.fixture(scope="module")
def program(shapes: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shapes as a program, built with sanitizers."""
    folder = tmp_path_factory.mktemp("program")
    made = folder / "check.c"
    assert main(["validator", "--shapes", str(shapes), *WAIVE, "--emit-c", str(made)]) == 0
    return build_program(folder, [made])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    file = tmp_path / "data.nt"
    file.write_text(DATA, "utf-8")
    return file


@pytest.fixture
def conforming(tmp_path: Path) -> Path:
    file = tmp_path / "conforming.nt"
    file.write_text(CONFORMING, "utf-8")
    return file


# Reports


def test_reports_are_those_of_the_compiler(program: Path, shapes: Path, tmp_path: Path) -> None:
    file = tmp_path / "data.nt"
    # In one file, labels that reports use themselves are told apart: leave them out here.
    file.write_text(DATA.replace("shape-x", "x").replace("f1-y", "y"), "utf-8")
    validator = Validator.compile([str(shapes)], waive=["sh:sparql"])
    assert_same_reports(program, validator, read_file(str(file)))


def test_a_report_says_what_waivers_left_out(program: Path, data: Path) -> None:
    (left_out,) = run(program, "--format", "json", data).json["unsupported"]
    assert left_out["name"] == "sh:sparql"
    assert left_out["shapes"]["line"] > 1
    assert "not checked, waived as sh:sparql: " in run(program, data).out


def test_labels_of_data_and_shapes_are_told_apart(program: Path, data: Path) -> None:
    text = run(program, "--format", "turtle", data, data).out
    labels = set(re.findall(r"_:[\w-]+", text))
    assert {"_:f1-shape-x", "_:f2-shape-x"} < labels
    assert "_:shape-x" not in labels


def test_threads_change_nothing(program: Path, tmp_path: Path) -> None:
    file = tmp_path / "many.nt"
    people = (DATA.replace("alice", f"p{n}").replace("_:", f"_:n{n}") for n in range(300))
    file.write_text("".join(people), "utf-8")
    for name in ("text", "turtle"):
        one, *others = (
            run(program, "--format", name, "--threads", n, file).out for n in (1, 2, 7, 1000)
        )
        assert {without_engine(other) for other in others} == {without_engine(one)}
    one, other = (run(program, "--format", "json", "--threads", n, file).out for n in (1, 5))
    assert comparable(one) == comparable(other)
    assert comparable(one)["statistics"]["focus_nodes"] == 1202


def test_results_can_be_limited(program: Path, data: Path) -> None:
    whole = run(program, "--format", "json", data).json
    most = run(program, "--format", "json", "--max", 2, data).json
    assert most["results"] == whole["results"][:2]
    assert most["found"] == whole["found"] > 2
    turtle = run(program, "--format=turtle", "--max=2", data).out
    assert turtle.count("sh:result\n") + turtle.count("] ]]") == 1
    assert "… 1 more" in run(program, "--max", 1, data).out


# Exit status


@pytest.mark.parametrize(
    ("threshold", "status"), [("info", 1), ("warning", 1), ("violation", 1), ("never", 0)]
)
def test_violations_fail(program: Path, data: Path, threshold: str, status: int) -> None:
    assert run(program, "--fail-on", threshold, data).status == status


def test_the_least_severity_decides(program: Path, conforming: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.nt"
    old.write_text(
        '<http://example.org/a> <http://example.org/age> "121"^^'
        "<http://www.w3.org/2001/XMLSchema#integer> .\n"
    )
    assert run(program, conforming).status == 0
    assert "\nconforms\n" in f"\n{run(program, conforming).out}"
    assert run(program, conforming, old).status == 1
    assert run(program, "--fail-on", "warning", conforming, old).status == 1
    assert run(program, "--fail-on", "violation", conforming, old).status == 0


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["--format", "xml"], "--format is text, turtle or json, not xml"),
        (["--fail-on", "error"], "--fail-on is info, warning, violation or never, not error"),
        (["--max", "-1"], "--max is a number, not -1"),
        (["--max", "99999999999999999999999"], "--max is a number, not 9"),
        (["--threads", "0"], "--threads is a number from 1, not 0"),
        (["--threads"], "a value is missing for --threads"),
        (["--formats", "text"], "no such option: --formats"),
        (["-x"], "no such option: -x"),
    ],
)
def test_wrong_options_are_errors(program: Path, arguments: list[str], what: str) -> None:
    answer = run(program, *arguments)
    assert (answer.status, answer.out) == (2, "")
    assert f"error: {what}" in answer.err
    assert "--help" in answer.err


def test_help(program: Path) -> None:
    answer = run(program, "--help")
    assert answer.status == 0
    assert "--threads N" in answer.out


# Data


def test_the_standard_input_is_read(program: Path, data: Path) -> None:
    named = run(program, data)
    for arguments in ([], ["-"]):
        assert without_engine(run(program, *arguments, stdin=data.read_bytes()).out) == (
            without_engine(named.out)
        )


def test_graphs_of_quads_are_read_as_one(program: Path, data: Path, tmp_path: Path) -> None:
    quads = tmp_path / "data.nq"
    quads.write_text(DATA.replace(" .\n", " <http://example.org/graph> .\n"), "utf-8")
    assert without_engine(run(program, quads).out) == without_engine(run(program, data).out)


def malformed(answer: Answer) -> str:
    assert (answer.status, answer.out) == (2, "")
    return answer.err


def test_malformed_lines_are_errors(program: Path, tmp_path: Path) -> None:
    file = tmp_path / "bad.nt"
    file.write_text(f"{CONFORMING}<s:a> <s:b> c .\n")
    said = malformed(run(program, file))
    assert said.startswith(f"{file}:4:13: error: found 'c', expected an object: ")
    assert malformed(run(program, stdin=b"<s:a> <s:b>\n")).startswith(
        "<stdin>:1:12: error: found the end of the line, expected an object: "
    )
    assert "found U+0007" in malformed(run(program, stdin=b"<s:a> \x07\n"))
    assert "that are no UTF-8, expected UTF-8" in malformed(run(program, stdin=b"<s:\xff>\n"))


def test_lenient_reading_counts_malformed_lines(program: Path, tmp_path: Path) -> None:
    file = tmp_path / "bad.nt"
    file.write_text(f"nothing\n{CONFORMING}<s:a> <s:b> c .\n")
    answer = run(program, "--lenient", file)
    assert answer.status == 0
    assert "2 malformed lines left out (--lenient)\n" in answer.out
    assert run(program, "--lenient", "--format", "json", file).json["skipped"] == 2


def test_damaged_data_do_no_harm(program: Path, tmp_path: Path) -> None:
    chooser = random.Random(7)
    lines = DATA.encode().splitlines()
    file = tmp_path / "damaged.nt"
    damaged = [damage(chooser.choice(lines), chooser) for _ in range(3000)]
    file.write_bytes(b"\n".join(damaged))
    answer = run(program, "--lenient", "--format", "json", "--threads", 2, file)
    assert answer.status == 1
    assert 0 < answer.json["skipped"] < len(lines) * 3000
    for number, line in enumerate(damaged[:20]):
        file.write_bytes(line)
        assert run(program, file).status in (0, 1, 2), number


def damage(line: bytes, chooser: random.Random) -> bytes:
    """The line with a few bytes changed, put in or taken out."""
    made = bytearray(line)
    for _ in range(chooser.randint(1, 3)):
        at = chooser.randrange(len(made))
        made[at : at + chooser.randint(0, 1)] = bytes(
            [chooser.choice(b'\x00<>"\\\xff\xc3 _:@^.u')]
        )
    return bytes(made).replace(b"\n", b"")


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("gone.nt", "No such file"),
        ("data.rdf", "expected N-Triples, N-Quads or Turtle: convert the file"),
        ("data.nt.zst", "expected N-Triples, N-Quads or Turtle: convert the file"),
        ("data.nt.gz", "built without zlib: build it where zlib is installed"),
        ("data.ttl", "built without serd, which reads Turtle: build it where serd is installed"),
    ],
)
def test_files_that_cannot_be_read(program: Path, tmp_path: Path, name: str, what: str) -> None:
    file = tmp_path / name
    if name != "gone.nt":
        file.write_bytes(b"")
    said = malformed(run(program, file))
    assert said.startswith(f"{file}: error: ")
    assert what in said


# Building


def test_cnsc_builds_a_program(
    shapes: Path, data: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    built = tmp_path / "check"
    assert main(["validator", "--shapes", str(shapes), *WAIVE, "-o", str(built)]) == 0
    assert capfd.readouterr().err == ""
    answer = run(built, data)
    assert answer.status == 1
    assert "does not conform: " in answer.out
    if "as .gz" in run(built, "--help").out:
        packed = tmp_path / "data.nt.gz"
        packed.write_bytes(gzip.compress(data.read_bytes()))
        assert without_engine(run(built, packed).out) == without_engine(answer.out)
        packed.write_bytes(packed.read_bytes()[:-20])
        assert "is damaged or cut off" in malformed(run(built, packed))
    if "or Turtle" in run(built, "--help").out:
        turtle = tmp_path / "data.ttl"
        turtle.write_text(DATA, "utf-8")
        assert without_engine(run(built, turtle).out) == without_engine(answer.out)


def test_sparql_is_an_error_unless_waived(
    shapes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validator", "--shapes", str(shapes), "-o", str(tmp_path / "check")]) == 1
    line = next(n for n, t in enumerate((PREFIXES + SHAPES).split("\n"), 1) if "sh:sparql" in t)
    said = capsys.readouterr().err
    assert f"{shapes}:{line}:" in said
    assert "--waive sh:sparql" in said
    assert list(tmp_path.iterdir()) == []


RECURSIVE = """
ex:Node a sh:NodeShape ; sh:targetNode ex:n0 ;
  sh:property [ sh:path ex:next ; sh:node ex:Node ; sh:maxCount 1 ] .
"""


def test_recursive_shapes_have_a_limit(tmp_path: Path) -> None:
    file, made, chain = (tmp_path / name for name in ("shapes.ttl", "check.c", "chain.nt"))
    file.write_text(PREFIXES + RECURSIVE)
    words = ["validator", "--shapes", str(file), "--emit-c", str(made)]
    assert main(words) == 1
    assert main([*words, "--recursion", "20"]) == 0
    program = build_program(tmp_path, [made])
    links = [f"<e:n{n}> <e:next> <e:n{n + 1}> .\n" for n in range(100)]
    chain.write_text(triples("".join(links[:5])))
    assert run(program, chain).status == 0
    chain.write_text(triples("".join(links)))
    assert "build the program with a larger --recursion" in malformed(run(program, chain))


def test_a_failed_build_leaves_nothing_behind(
    shapes: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    built = tmp_path / "check"
    built.write_text("older")
    assert main(["validator", "--shapes", str(shapes), *WAIVE, "-o", str(built)]) == 1
    said = capsys.readouterr().err
    assert "no-such-compiler" in said
    assert "the program was not built; see above; install what is missing" in said
    assert [file.name for file in tmp_path.iterdir()] == ["check"]
    assert built.read_text() == "older"


def test_outputs_are_checked_first(shapes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validator", "--shapes", str(shapes)]) == 2
    assert "nothing to write" in capsys.readouterr().err
    assert main(["validator", "--shapes", str(shapes), *WAIVE, "-o", str(shapes)]) == 2
    assert "is an input and would be overwritten" in capsys.readouterr().err
    assert main(["validator", "--shapes", str(shapes), "-o", "a", "--depfile", "b"]) == 2
    assert "--depfile is of --emit-c" in capsys.readouterr().err
    assert main(["validator", "--shapes", str(shapes), "-o", "a", "--stamp", "b"]) == 2
    assert "--stamp is of --emit-c" in capsys.readouterr().err


def test_the_source_is_the_same_each_time(shapes: Path, tmp_path: Path) -> None:
    texts = []
    for name in ("a.c", "b.c"):
        made = tmp_path / name
        depfile = tmp_path / f"{name}.d"
        words = ["validator", "--shapes", str(shapes), *WAIVE, "--emit-c", str(made)]
        assert main([*words, "--depfile", str(depfile)]) == 0
        assert depfile.read_text().startswith(f"{made}: {shapes} ")
        texts.append(made.read_text())
    assert texts[0] == texts[1]
    stamp = tmp_path / "b.stamp"
    os.utime(made, ns=(10**18, 10**18))
    assert main([*words, "--depfile", str(depfile), "--stamp", str(stamp)]) == 0
    assert made.stat().st_mtime_ns == 10**18
    assert stamp.stat().st_mtime_ns != 10**18
    assert depfile.read_text().startswith(f"{stamp}: {shapes} ")


# The W3C suite


@pytest.mark.slow
def test_the_w3c_suite_is_reported_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All tests in one program, which takes the number of one as its first argument."""
    monkeypatch.setattr("cns_build.frontend.parse.base_iri", lambda file: Path(file).as_uri())
    sources = []
    tests = core_tests()
    for number, test in enumerate(tests):
        validator, _ = validator_of(test)
        made = tmp_path / f"test_{number}.c"
        legend = legend_lines(validator.program, validator.locate)
        made.write_text(to_c(validator.program, f"test_{number}", legend), "utf-8")
        sources.append(made)
    sources.append(tmp_path / "main.c")
    sources[-1].write_text(main_of(len(tests)))
    program = build_program(tmp_path, sources)
    for number, test in enumerate(tests):
        validator, file = validator_of(test)
        triples = tmp_path / f"data_{number}.nt"
        triples.write_bytes(b"".join(source(file).chunks()))
        assert_same_reports(program, validator, read_file(str(triples)), number)


def main_of(count: int) -> str:
    numbers = range(count)
    return "\n".join(
        [
            "#include <host/validator.h>",
            "#include <stdlib.h>",
            *(f"extern const cns_validator test_{n}_validator;" for n in numbers),
            "static const cns_validator *const all[] = {",
            *(f"    &test_{n}_validator," for n in numbers),
            "};",
            "int main(int argc, char **argv) {",
            "    return cns_validator_main(all[atoi(argv[1])], argc - 1, argv + 1);",
            "}",
            "",
        ]
    )
