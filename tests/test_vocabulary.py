# SPDX-License-Identifier: Apache-2.0
"""`cnsc compile` of ontologies without shapes: what the header says, and what its C answers."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cns_build.cli import main
from cns_build.owl import vocabulary
from tests.compiling import PREFIXES
from tests.meson import run
from tests.vocabularies import STRICT, Made, ask_all, expected, make

HOSTILE = r"a */ int x; /* ??/ \u202E\u0007 \\ %s // \nb"
SMALL = f"""
@prefix other: <http://example.com/other#> .
ex:Thermometer a owl:Class ; rdfs:subClassOf ex:Sensor ;
  rdfs:label "Thermomètre"@fr, "Thermometer"@en ; rdfs:comment "{HOSTILE}" .
ex:Hygrometer rdfs:subClassOf ex:Sensor ; owl:deprecated true .
ex:Sensor rdfs:subClassOf ex:Device .
other:Sensor owl:equivalentClass ex:Sensor .
ex:sensor a owl:Class .
ex:Nowhere a owl:Class ; rdfs:subClassOf owl:Nothing, ex:Device .
ex:int a owl:Class .
ex:hasPart a owl:ObjectProperty . ex:hasWheel rdfs:subPropertyOf ex:hasPart .
ex:Thermometer a rdf:Property .
ex:Room rdfs:subClassOf [ owl:intersectionOf ( ex:Place ex:Inside ) ] .
ex:Celsius a rdfs:Datatype .
ex:t1 a ex:Thermometer .
ex:Ünï a ex:Sensor .
"""


def compiled(folder: Path, text: str, *options: str, name: str = "home") -> Made:
    file = folder / f"{name}.ttl"
    file.write_text(PREFIXES + text, "utf-8")
    return make(folder, name, [file], *options)


def test_a_header_has_constants_with_what_they_are(tmp_path: Path) -> None:
    header = compiled(tmp_path, SMALL).header
    harmless = r"a * / int x; / * ? ?/ ?? \ %s // b"
    for line in (
        "#define HOME_CLASSES 11u",
        "#define HOME_PROPERTIES 2u",
        "#define HOME_DATATYPES 1u",
        "#define HOME_INDIVIDUALS 2u",
        "    /* other:Sensor */",
        "    /* ex:Nowhere (It can have no instance.) */",
        "    /* Deprecated: ex:Hygrometer */",
        rf"    /* ex:Thermometer: Thermometer: {harmless} (Also: property.) */",
    ):
        assert f"\n{line}\n" in header
    names = re.findall(r"^    HOME_(\w+?_\w+)(?: HOME_DEPRECATED)? = (\d+),?$", header, re.M)
    assert [int(number) for _, number in names] == list(range(1, 17))
    assert {name for name, _ in names} == {
        *("CLASS_DEVICE", "CLASS_EX_SENSOR", "CLASS_EX_SENSOR_2", "CLASS_HYGROMETER"),
        *("CLASS_INSIDE", "CLASS_INT_", "CLASS_NOWHERE", "CLASS_OTHER_SENSOR", "CLASS_PLACE"),
        *("CLASS_ROOM", "CLASS_THERMOMETER", "DATATYPE_CELSIUS", "INDIVIDUAL_T1"),
        *("INDIVIDUAL_UDC_N_UEF", "PROPERTY_HAS_PART", "PROPERTY_HAS_WHEEL"),
    }


def test_tests_follow_from_axioms(tmp_path: Path) -> None:
    made = compiled(tmp_path, SMALL)
    answers = ask_all([made], "-fsanitize=address,undefined")
    true = {
        test: {made.terms[i - 1].rpartition("/")[2] for i, yes in enumerate(found) if yes}
        for test, found in answers.items()
    }
    sensors = {"Sensor", "other#Sensor", "Thermometer", "Hygrometer"}
    assert true == {
        "home_is_device": {"Device", "Nowhere", *sensors},
        "home_is_ex_sensor": sensors,
        "home_is_other_sensor": sensors,
        "home_is_inside": {"Inside", "Room"},
        "home_is_place": {"Place", "Room"},
        "home_implies_has_part": {"hasPart", "hasWheel"},
    }


def test_a_class_without_instances_is_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "ex:A owl:disjointWith ex:B .\nex:C rdfs:subClassOf ex:A, ex:B .\n"
    header = compiled(tmp_path, text).header
    assert "/* ex:C (It can have no instance.) */" in header
    assert "/* ex:A */" in header
    first = PREFIXES.count("\n") + 1
    printed = re.sub(r"^\S*/", "", capsys.readouterr().err, flags=re.M)
    assert (
        f"home.ttl:{first + 1}:22: warning: the class <http://example.org/C> can have" in printed
    )
    for line, column in ((first, 23), (first + 1, 22), (first + 1, 28)):
        assert f"home.ttl:{line}:{column}: note: it follows from this" in printed


def test_queried_ones_alone_get_a_test(tmp_path: Path) -> None:
    made = compiled(tmp_path, SMALL, "--queried", "ex:Hygrometer", "<http://example.org/hasPart>")
    assert made.tests == ["home_is_hygrometer", "home_implies_has_part"]
    assert re.search(r"home_is_hygrometer\(uint32_t id\)\n\{\n    return id == \d+u;", made.header)


def test_random_hierarchies_answer_as_a_plain_closure_does(tmp_path: Path) -> None:
    chooser = random.Random(3)
    made: list[Made] = []
    wanted: dict[str, list[bool]] = {}
    for number in range(12):
        size = chooser.randint(2, 40)
        edges = [(chooser.randrange(size), chooser.randrange(size)) for _ in range(2 * size)]
        if number % 2:
            edges = [(max(edge), min(edge)) for edge in edges]  # without circles
        text = "".join(f"ex:C{a} rdfs:subClassOf ex:C{b} .\n" for a, b in edges)
        text += "".join(f"ex:p{a} rdfs:subPropertyOf ex:p{b} .\n" for a, b in edges[:size])
        made.append(compiled(tmp_path, f"{text}ex:p0 a owl:Class .\n", name=f"v{number}"))
        wanted |= expected(made[-1], [tmp_path / f"v{number}.ttl"], [])
    assert ask_all(made, "-fsanitize=undefined") == wanted
    assert sum("_row(id" in one.header for one in made) > 3


def test_owl_thing_may_be_empty_by_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "owl:Thing rdfs:subClassOf ex:C . ex:C rdfs:subClassOf owl:Nothing .\n"
    assert "#define HOME_CLASSES 1u" in compiled(tmp_path, text).header
    printed = capsys.readouterr().err
    for iri in ("http://www.w3.org/2002/07/owl#Thing", "http://example.org/C"):
        assert f"warning: the class <{iri}> can have no instance" in printed


def test_individuals_are_those_that_axioms_name(tmp_path: Path) -> None:
    text = """[] a owl:AllDifferent ; owl:members ( ex:a ex:b ) . ex:c owl:differentFrom ex:d .
    [] owl:sourceIndividual ex:e ; owl:assertionProperty ex:p ; owl:targetIndividual ex:f .
    [] owl:sourceIndividual ex:e ; owl:assertionProperty ex:p ; owl:targetValue 1 .
    ex:C owl:oneOf ( ex:g 1 ) .
    """
    header = compiled(tmp_path, text).header
    assert re.findall(r"HOME_INDIVIDUAL_(\w+)", header) == list("ABCDEFG")


def test_the_same_bytes_come_of_any_order_and_hash_seed(tmp_path: Path) -> None:
    chooser = random.Random(4)
    pairs = sorted({(chooser.randrange(40), chooser.randrange(20)) for _ in range(70)})
    lines = [f"ex:C{a} rdfs:subClassOf ex:C{b} .\n" for a, b in pairs]
    lines += [f"ex:I{a} a ex:C{b}, <http://example.com/C{a}> .\n" for a, b in pairs]
    made = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        folder.mkdir()
        chooser.shuffle(lines)
        (folder / "1.ttl").write_text(PREFIXES + "".join(lines[:50]), "utf-8")
        (folder / "2.ttl").write_text(PREFIXES + "".join(lines[50:]), "utf-8")
        words = ["compile", "1.ttl", "2.ttl", "--name", "home", "-o", "home.c", "home.h"]
        subprocess.run(
            [sys.executable, "-m", "cns_build", *words],
            cwd=folder,
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
        )
        made.append([(folder / name).read_text("utf-8") for name in ("home.c", "home.h")])
    assert made[0] == made[1]
    assert "HOME_CLASS_EX_C3 " in made[0][1]


def test_the_header_is_c_and_cpp_of_all_compilers(tmp_path: Path) -> None:
    made = compiled(tmp_path, SMALL)
    (tmp_path / "main.cpp").write_text(
        '#include "home.h"\nint main() { return home_is_device(HOME_CLASS_DEVICE) ? 0 : 1; }\n'
    )
    for compiler in ("gcc", "clang"):
        run(compiler, *STRICT, "-c", made.folder / "home.c", "-o", tmp_path / "home.o")
    strict = ("-std=c++17", "-Wall", "-Wextra", "-Wpedantic", "-Werror")
    run("g++", *strict, tmp_path / "main.cpp", "-o", tmp_path / "main")
    run(tmp_path / "main")
    (tmp_path / "old.c").write_text('#include "home.h"\nint old = HOME_CLASS_HYGROMETER;\n')
    said = run("gcc", *STRICT, "-c", tmp_path / "old.c", "-o", tmp_path / "old.o", status=1)
    assert "HOME_CLASS_HYGROMETER" in said
    assert "deprecated" in said


@pytest.mark.parametrize("strings", ["ids", "none"])
def test_strings_decide_on_tables_and_words(tmp_path: Path, strings: str) -> None:
    made = compiled(tmp_path, SMALL, "--strings", strings)
    assert "home_iri" not in made.header
    assert "example" not in (tmp_path / "home.c").read_text("utf-8")
    assert ("Thermometer: a" in made.header) == (strings == "ids")
    assert "ex:" not in made.header or strings == "ids"
    assert len(ask_all([made])) == 6


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "nothing to write; name source and header with -o FILE.c FILE.h"),
        (
            ("-o", "a.c", "a.h", "--engine", "both"),
            "--engine is about records, and there are none",
        ),
        (("-o", "a.c", "a.h", "--kind", "a=1"), "--kind is about records, and there are none"),
        (("-o", "a.c", "a.h", "--image", "a.cnsi"), "--image is about records"),
        (("--image", "a.cnsi"), "there are none without shapes; give --shapes FILE or --axioms"),
        (
            ("-o", "a.c", "a.h", "--infer", "domain"),
            "--infer is about axioms, which are not read; add --axioms constraints, or leave it",
        ),
        (("-o", "a.c", "a.h", "--exists", "info"), "--exists is about axioms, which are not read"),
        (("-o", "o.ttl", "a.h"), "o.ttl: error: is an input and would be overwritten"),
    ],
)
def test_what_is_about_records_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("o.ttl").write_text(PREFIXES + SMALL, "utf-8")
    assert main(["compile", "o.ttl", "--name", "a", *words]) == 2
    assert message in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["o.ttl"]


def test_many_tests_have_to_be_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(vocabulary, "MAX_TESTS", 4)
    made = compiled(tmp_path, SMALL)
    assert made.tests == ["home_implies_has_part"]
    what = "cnsc: warning: 5 classes have others below them, and none gets a test; name those that"
    assert what in capsys.readouterr().err
    assert len(compiled(tmp_path, SMALL, "--queried", "ex:Sensor").tests) == 1


def test_too_many_iris_for_a_table_are_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("cns_build.backend.vocabulary.MAX_KEYS", 15)
    (tmp_path / "o.ttl").write_text(PREFIXES + SMALL, "utf-8")
    outputs = ("-o", str(tmp_path / "a.c"), str(tmp_path / "a.h"))
    assert main(["compile", str(tmp_path / "o.ttl"), "--name", "a", *outputs]) == 1
    what = "the ontology names 16 IRIs, and a table has room for 15 at most; leave the tables"
    assert what in capsys.readouterr().err


def test_shapes_given_as_an_ontology_are_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shapes = "ex:S a sh:NodeShape ; sh:targetClass ex:A ; sh:property [ sh:path ex:p ] .\n"
    (tmp_path / "s.ttl").write_text(PREFIXES + shapes, "utf-8")
    outputs = ("-o", str(tmp_path / "a.c"), str(tmp_path / "a.h"))
    assert main(["compile", str(tmp_path / "s.ttl"), "--name", "a", *outputs]) == 1
    assert "files of shapes are given with --shapes" in capsys.readouterr().err
    assert not (tmp_path / "a.h").exists()


def test_a_class_that_is_not_there_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "o.ttl").write_text(PREFIXES + SMALL, "utf-8")
    outputs = ("-o", str(tmp_path / "a.c"), str(tmp_path / "a.h"))
    words = ["compile", str(tmp_path / "o.ttl"), "--name", "a", *outputs]
    assert main([*words, "--queried", "ex:Device", "ex:Cat", "ex:t1"]) == 1
    printed = capsys.readouterr().err
    for name in ("Cat", "t1"):
        what = f"--queried http://example.org/{name}: the ontology has no such class or property"
        assert what in printed
    assert not (tmp_path / "a.h").exists()
