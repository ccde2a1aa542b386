# SPDX-License-Identifier: Apache-2.0
"""Validation of LUBM data with errors: a stand-alone program, both engines, and pySHACL.

The program is timed as a process, cold: it reads N-Triples and validates them. The engines are
timed in this process, over data that were read. pySHACL gets a part of the data, for which it is
compared with the program: both results and times. Where the data of the project's shared folder
are absent, departments are made up that break the same shapes.
"""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rdflib

from cns_build.cli import main
from cns_build.graph.data import read_file
from cns_build.graph.validator import Validator
from cns_build.vocabulary import RDF, SH
from tests.bench import Figure, figure
from tests.paths import SHARED

LUBM = SHARED / "data" / "lubm"
RESULTS = 711  # of LUBM-1 with errors
PERSON = "http://swat.cse.lehigh.edu/onto/univ-bench.owl#"
SAMPLED = "Department0.University0.edu"  # about a fifteenth of the data
ROUNDS = 11

MADE_SHAPES = f"""
@prefix sh: <{SH}> .
@prefix ub: <{PERSON}> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<s:Student> a sh:NodeShape ; sh:targetClass ub:Student ; sh:nodeKind sh:IRI ;
  sh:property [ sh:path ub:name ; sh:datatype xsd:string ; sh:minCount 1 ; sh:maxCount 1 ] ;
  sh:property [ sh:path ub:advisor ; sh:class ub:Professor ] ;
  sh:property [ sh:path ub:telephone ; sh:pattern "^[0-9-]+$" ] .
"""


@dataclass(frozen=True)
class Case:
    """Shapes and data, a part of the data, and how many results there are in all."""

    shapes: Path
    data: Path
    sample: Path
    results: int


def run() -> list[Figure]:
    """Return times in ms: of the program, of both engines, and beside pySHACL."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        case = lubm(folder) if LUBM.is_dir() else made(folder)
        program = folder / "check"
        if main(["validator", "--shapes", str(case.shapes), "-o", str(program)]) != 0:
            raise AssertionError("the program was not built")
        return [*of_program(case, program), *of_engines(case), *of_pyshacl(case, program)]


def lubm(folder: Path) -> Case:
    """LUBM-1, as it is."""
    data = gzip.decompress((LUBM / "lubm1-with-errors.nt.gz").read_bytes())
    return written(folder, LUBM / "lubm-shapes.ttl", data.decode().splitlines(True), RESULTS)


def made(folder: Path) -> Case:
    """Students and professors, of whom one in 50 breaks a shape."""
    shapes = folder / "shapes.ttl"
    shapes.write_text(MADE_SHAPES)
    chooser = random.Random(1)
    lines: list[str] = []
    wrong = 0
    for number in range(15_000):
        department = f"http://www.Department{number // 1000}.University0.edu"
        broken = chooser.randrange(4) if chooser.random() < 0.02 else None
        wrong += broken is not None
        lines += student(f"{department}/Student{number}", f"{department}/Professor", broken)
    return written(folder, shapes, lines, wrong)


def student(node: str, professor: str, broken: int | None) -> Iterator[str]:
    """The lines about a student, one of whose values is broken, if that is asked for."""
    advisor = node if broken == 1 else professor
    yield f"<{professor}> <{RDF}type> <{PERSON}Professor> .\n"
    yield f"<{node}> <{RDF}type> <{PERSON}Student> .\n"
    yield f"<{node}> <{PERSON}advisor> <{advisor}> .\n"
    yield f'<{node}> <{PERSON}telephone> "{"none" if broken == 2 else "555-1234"}" .\n'
    if broken != 0:
        yield f'<{node}> <{PERSON}name> "{node}" .\n'
    if broken == 3:
        yield f'<{node}> <{PERSON}name> "another" .\n'


def written(folder: Path, shapes: Path, lines: Sequence[str], results: int) -> Case:
    """The case with its data in files."""
    data, sample = folder / "data.nt", folder / "sample.nt"
    data.write_text("".join(lines))
    sample.write_text("".join(line for line in lines if f"<http://www.{SAMPLED}" in line[:40]))
    return Case(shapes, data, sample, results)


def milliseconds(start: float) -> float:
    return (time.perf_counter() - start) * 1000


def timed(program: Path, *arguments: object) -> tuple[float, Any]:
    """The ms that the process of the program took, and its report as an object."""
    words = [str(program), "--format", "json", "--fail-on", "never", *map(str, arguments)]
    start = time.perf_counter()
    done = subprocess.run(words, check=True, capture_output=True)
    return milliseconds(start), json.loads(done.stdout)


def of_program(case: Case, program: Path) -> list[Figure]:
    """Whole processes, from start to exit, and what they say of themselves."""
    samples: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for threads in (1, 2):
            took, report = timed(program, "--threads", threads, case.data)
            whole = f"program, {threads} thread{'s' if threads > 1 else ''}: process"
            samples.setdefault(whole, []).append(took)
            if report["found"] != case.results:
                raise AssertionError(f"{report['found']} results, not {case.results}")
            if threads == 1:
                numbers = report["statistics"]
                for part, key in (("read", "read_seconds"), ("validate", "seconds")):
                    name = f"program, 1 thread: {part}"
                    samples.setdefault(name, []).append(numbers[key] * 1000)
    return [figure(name, "ms", values) for name, values in samples.items()]


def of_engines(case: Case) -> list[Figure]:
    """Validation alone, in this process, after the data were read."""
    source = read_file(str(case.data))
    validators = {
        name: Validator.compile([str(case.shapes)], engine=name) for name in ("bytecode", "native")
    }
    samples: dict[str, list[float]] = {name: [] for name in validators}
    for _ in range(ROUNDS):
        reports = {name: v.validate([source]) for name, v in validators.items()}
        if reports["bytecode"].results != reports["native"].results:
            raise AssertionError("the engines differ")
        if reports["native"].found != case.results:
            raise AssertionError(f"{reports['native'].found} results, not {case.results}")
        for name, report in reports.items():
            samples[name].append(report.statistics.seconds * 1000)
    baseline = "in process: bytecode"
    return [
        figure(f"in process: {name}", "ms", values, None if name == "bytecode" else baseline)
        for name, values in samples.items()
    ]


def of_pyshacl(case: Case, program: Path) -> list[Figure]:
    """The part of the data, read and validated by both, in processes of their own."""
    slow: list[float] = []
    quick: list[float] = []
    for _ in range(3):
        start = time.perf_counter()
        words = [sys.executable, "-m", "pyshacl", "-f", "nt", "-s", str(case.shapes)]
        done = subprocess.run([*words, "-df", "nt", str(case.sample)], capture_output=True)
        slow.append(milliseconds(start))
        took, report = timed(program, case.sample)
        quick.append(took)
        expected = results_of(done.stdout.decode())
        found = Counter(
            (r["focusNode"], r["sourceConstraintComponent"]) for r in report["results"]
        )
        if expected != found or not found:
            raise AssertionError(f"pySHACL: {expected - found}, the program: {found - expected}")
    baseline = "a part: the program's process"
    return [
        figure(baseline, "ms", quick),
        figure("a part: pySHACL's process", "ms", slow, baseline),
    ]


def results_of(report: str) -> Counter[tuple[str, str]]:
    """Focus nodes and components of the results in a report, but for those that explain others."""
    graph = rdflib.Graph().parse(data=report, format="nt")
    sh = rdflib.Namespace(SH)
    return Counter(
        (
            str(graph.value(result, sh.focusNode)),
            str(graph.value(result, sh.sourceConstraintComponent)),
        )
        for result in graph.objects(None, sh.result)
    )
