# SPDX-License-Identifier: Apache-2.0
"""The same input gives the same bytes: in any folder, by any Python, and mostly in any order.

What the tests compare is all that `cnsc compile`, `export` and `validator --emit-c` write.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.compiling import PREFIXES
from tests.meson import run
from tests.paths import ROOT
from tests.test_cli_output import SHAPES
from tests.test_golden import CASES, read_case
from tests.test_packaging import new_venv

PYTHONS = ("3.10", "3.11", "3.12", "3.13")
MORE = """
ex:M a sh:NodeShape ; sh:targetClass ex:Room ;
  sh:property [ sh:path ex:has ; sh:class ex:Sensor ; sh:minCount 1 ] ;
  sh:property [ sh:path ex:label ; sh:datatype xsd:string ; sh:maxCount 1 ;
    sh:pattern "^[a-z]+\\\\d$" ; sh:maxLength 9 ] .
"""
IMPORTS = "<> owl:imports <http://example.org/base> .\n"
FILES = {
    "shapes.ttl": PREFIXES + IMPORTS + SHAPES,
    "more.ttl": PREFIXES + MORE,
    "units.ttl": PREFIXES + "ex:Kelvin a ex:Unit . ex:Celsius a ex:Unit . ex:Unit a owl:Class .",
    "kinds.ttl": PREFIXES
    + "ex:Watch rdfs:subClassOf ex:Sensor . ex:Hall rdfs:subClassOf ex:Room .",
    "lib/base.ttl": PREFIXES + "ex:Base rdfs:subClassOf ex:Thing .",
    "lib/a.ttl": PREFIXES + "<http://example.org/base> a owl:Ontology .",
    "lib/b.ttl": PREFIXES + "<http://example.org/base> a owl:Ontology .",
    **{f"{p.stem}.ttl": PREFIXES + read_case(p.read_text("utf-8"))["shapes"] for p in CASES},
}
INPUTS = ("units.ttl", "kinds.ttl", "shapes.ttl", "more.ttl")

# Runs each of a list of command lines, which come as JSON, in one process.
PROGRAM = """
import json, sys
from cns_build.cli import main
for arguments in json.load(sys.stdin):
    assert main(arguments) == 0, arguments
"""


def compiling(name: str, first: list[str], *options: str) -> list[str]:
    """The command line that writes all that `cnsc compile` can write."""
    files = [f"{name}.{end}" for end in ("c", "h", "cnsi", "json", "txt", "d")]
    outputs = ["-o", *files[:2], "--image", files[2], "--map", files[3]]
    more = ["--summary", files[4], "--depfile", files[5], "--layout", "--engine", "both"]
    return ["compile", *first, "--name", name, *outputs, *more, *options]


def validating(name: str, first: list[str]) -> list[str]:
    """The command line that writes the C of a program that validates graphs."""
    return ["validator", *first, "--emit-c", f"{name}.c", "--depfile", f"{name}.d"]


def commands(*options: str) -> list[list[str]]:
    """All that is compiled: files that import others, and every golden case."""
    units, kinds, *shapes = INPUTS
    given = ["--shapes", *shapes, "--catalog", "lib"]
    classes = ["--ontology", units, kinds]
    made = [
        compiling("model", [units, kinds, *given], *options),
        compiling("small", [units, kinds, *given], *options, "--strings", "ids"),
        ["export", units, kinds, *given, "--name", "model", "-o", "out"],
        validating("check", [*given, *classes]),
    ]
    for number, case in enumerate(CASES):
        one = ["--shapes", f"{case.stem}.ttl", "--waive", "contradiction"]
        made.append(compiling(f"m{number}", one, *options))
    return made


def written(
    folder: Path,
    *options: str,
    python: str = sys.executable,
    seed: str = "0",
    backward: bool = False,
) -> dict[str, bytes]:
    """What cnsc writes, in a folder of its own, of files that are made in this order or that."""
    for name, text in sorted(FILES.items(), reverse=backward):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    done = subprocess.run(
        [python, "-c", PROGRAM],
        input=json.dumps(commands(*options)),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return {name: (folder / name).read_bytes() for name in sorted(found) if name not in FILES}


def different(one: Mapping[str, object], other: Mapping[str, object]) -> list[str]:
    """The names of files that are not the same, or only in one."""
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))


def test_bytes_do_not_depend_on_hashes_or_folders(tmp_path: Path) -> None:
    first = written(tmp_path / "a")
    assert len(first) == 2 * 6 + 4 + 2 + 6 * len(CASES)
    for number, seed in enumerate(("1", "random", "random")):
        folder = tmp_path.joinpath(*f"{number}/deeper/and/deeper".split("/"))
        assert different(written(folder, seed=seed, backward=number == 0), first) == []
    assert str(tmp_path).encode() not in b"".join(first.values())


def find_python(version: str) -> str:
    """An interpreter of this version, on the PATH or from pyenv; skips where there is none."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    installed = sorted(root.glob(f"versions/{version}.*/bin/python"))
    for python in (shutil.which(f"python{version}"), *map(str, installed)):
        if python and subprocess.run([python, "-c", ""], capture_output=True).returncode == 0:
            return python
    pytest.skip(f"no python{version}")


@pytest.mark.slow
@pytest.mark.parametrize("version", PYTHONS)
def test_bytes_do_not_depend_on_the_python(tmp_path: Path, version: str) -> None:
    python = find_python(version)
    needs = ("jinja2", "pyoxigraph", "rdflib", *(["tomli"] if version == "3.10" else []))
    programs = new_venv(tmp_path / "venv", *needs, python=python)
    # The optimizer of images is compiled for one Python.
    first = written(tmp_path / "own", "--no-optimize")
    other = written(tmp_path / "other", "--no-optimize", python=str(programs / "python"))
    assert different(other, first) == []


# Orders


def in_order(folder: Path, classes: list[str], shapes: list[str]) -> dict[str, str]:
    """What cnsc writes of files that are given in this order."""
    given = ["--shapes", *shapes, "--catalog", "lib"]
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    for arguments in (
        compiling("model", [*classes, *given]),
        validating("check", [*given, "--ontology", *classes]),
    ):
        run(
            sys.executable,
            "-m",
            "cns_build",
            *arguments,
            cwd=folder,
            env={"PYTHONPATH": str(ROOT)},
        )
    return {
        path.name: path.read_bytes().decode("utf-8", "backslashreplace")
        for path in folder.iterdir()
        if path.stem in ("model", "check")
    }


def without_files(text: str) -> str:
    """Generated C without the line that names the files in the order in which they were read."""
    first, _, rest = text.partition("\n")
    assert re.match(r"/\* Generated by cnsc \S+ from .*\. Do not edit\. \*/", first)
    return rest


def test_orders_that_mean_nothing_change_nothing(tmp_path: Path) -> None:
    units, kinds, *shapes = INPUTS
    first = in_order(tmp_path / "first", [units, kinds], shapes)
    turned = in_order(tmp_path / "turned", [kinds, units], shapes)
    ordered = ["check.d", "model.c", "model.d", "model.h", "model.txt"]  # these name the files
    assert different(first, turned) == ordered
    for name in ("model.c", "model.h"):
        assert without_files(first[name]) == without_files(turned[name])
    for name in ("check.d", "model.d"):
        assert sorted(first[name].split()) == sorted(turned[name].split())


def test_the_order_of_shapes_numbers_what_they_say_and_changes_none_of_it(tmp_path: Path) -> None:
    units, kinds, *shapes = INPUTS
    first, turned = (
        json.loads(in_order(tmp_path / name, [units, kinds], order)["model.json"])
        for name, order in (("first", shapes), ("turned", shapes[::-1]))
    )
    assert first["checks"] != turned["checks"]
    assert said(first) == said(turned)


def said(model_map: dict[str, Any]) -> list[object]:
    """What a map says, without numbers and orders."""
    words = ("path", "component", "message", "shape", "severity")
    checks = ([check.get(word) for word in words] for check in model_map["checks"])
    numbered = (model_map["terms"], model_map["kinds"].values())
    return [sorted(checks, key=json.dumps), *map(sorted, numbered)]
