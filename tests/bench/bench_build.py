# SPDX-License-Identifier: Apache-2.0
"""A project of many models, each of 50 shapes, built by Meson and ninja.

The baseline is the same project with a script of rdflib and Jinja for each file, as people write
it who have no generator (`naive_generator`): it makes headers of inline functions, which know
three of the things that shapes can say. Seconds are of the whole build; processor time is of all
its processes. Objects come from no cache, and Python's bytecode does, as after an installation.
CNS_BENCH_MODELS is the number of models: 20, or 200 for a large project.
"""

from __future__ import annotations

import os
import re
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests import meson as tool
from tests.bench import Figure, figure
from tests.paths import ROOT

MODELS = int(os.environ.get("CNS_BENCH_MODELS", "20"))
SHAPES = 50
ROUNDS = 5
NAIVE = ROOT / "tests" / "bench" / "naive_generator.py"
PREFIXES = """\
@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""
CLASS = """\
ex:{name} a owl:Class ; rdfs:subClassOf ex:Thing ; rdfs:label "{name}" .
"""
SHAPE = """\
ex:{name}Shape a sh:NodeShape ; sh:targetClass ex:{name} ;
  sh:property [ sh:path ex:count ; sh:datatype xsd:int ; sh:minCount 1 ; sh:maxCount 1 ;
    sh:minInclusive {least} ; sh:maxInclusive {most} ] ;
  sh:property [ sh:path ex:level ; sh:datatype xsd:double ; sh:maxCount 1 ;
    sh:minInclusive -40.0 ; sh:maxInclusive 85.5 ] ;
  sh:property [ sh:path ex:label ; sh:datatype xsd:string ; sh:maxCount 1 ; sh:maxLength 16 ] .

"""
CNS_MESON = """\
project('many', 'c', default_options: 'buildtype=debug')
cns = import('cns')
models = []
foreach n : range({models})
  models += cns.ontology(f'm@n@', f'm@n@.ttl', shapes: f'm@n@.shacl')
endforeach
executable('many', 'main.c', dependencies: models)
"""
NAIVE_MESON = """\
project('many', 'c', default_options: 'buildtype=debug')
headers = []
foreach n : range({models})
  headers += custom_target(input: [f'm@n@.ttl', f'm@n@.shacl'], output: f'm@n@.h',
    command: ['{python}', '{naive}', f'm@n@', '@OUTPUT@', '@INPUT@'], depend_files: '{naive}')
endforeach
executable('many', 'main.c', headers)
"""
CNS_CHECK = """\
  m{n}_c{s} r{n} = M{n}_C{s}_INIT;
  cns_result a{n};
  cns_result_init(&a{n}, NULL, 0);
  m{n}_c{s}_set_count(&r{n}, 50);
  m{n}_c{s}_set_level(&r{n}, 90.0);
  m{n}_c{s}_validate(&r{n}, &a{n});
  printf("%u ", (unsigned)a{n}.truncated);
"""
NAIVE_CHECK = """\
  m{n}_c{s} r{n} = {{.has_count = true, .count = 50, .has_level = true, .level = 90.0}};
  printf("%d ", m{n}_c{s}_violations(&r{n}));
"""

GENERATED = re.compile(r"(?:--name|naive_generator\.py) (m\d+) ")
COMPILED = re.compile(r" -c (?:\S*/)?(\S+\.c)$", re.MULTILINE)


@dataclass(frozen=True)
class Builds:
    """Samples of builds by their kind: seconds, and seconds of processor time."""

    folder: Path
    wall: dict[str, list[float]] = field(default_factory=dict)
    processor: dict[str, list[float]] = field(default_factory=dict)

    def run(self, *command: object, **more: str) -> str:
        """Run a command, without caches of objects; return what it printed."""
        environment = {
            "CC": os.environ.get("CC", "cc"),  # named, it is not called by way of a cache
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(self.folder / "bytecode"),
            **more,
        }
        return tool.run(*command, env=environment)

    def set_up(self, build: Path) -> None:
        """Configure a build."""
        self.run(*tool.MESON, "setup", build, self.folder)

    def timed(self, kind: str, build: Path, *targets: str, **more: str) -> str:
        """Build; return the commands and what they printed."""
        before, begin = processor_time(), time.perf_counter()
        printed = self.run("ninja", "-v", "-C", build, *targets, **more)
        self.wall.setdefault(kind, []).append(time.perf_counter() - begin)
        self.processor.setdefault(kind, []).append(processor_time() - before)
        return printed


def run() -> list[Figure]:
    """Return seconds, and seconds of processor time, of each kind of build and project."""
    print(f"  {MODELS} models of {SHAPES} shapes")
    samples = measure()
    figures = []
    for time_of in ("wall", "processor"):
        for kind in samples["cns"].wall:
            base = f"{kind.partition(', ')[0]}, rdflib + Jinja, {time_of}"
            values = getattr(samples["rdflib + Jinja"], time_of).get(kind)
            if values is not None:
                figures.append(figure(base, "s", values))
            values = getattr(samples["cns"], time_of)[kind]
            figures.append(figure(f"{kind}, cns, {time_of}", "s", values, base))
    return figures


def measure() -> dict[str, Builds]:
    """Build both projects in every way; return the samples."""
    samples = {}
    for what, meson, check, end in (
        ("cns", CNS_MESON, CNS_CHECK, "c"),
        ("rdflib + Jinja", NAIVE_MESON, NAIVE_CHECK, "h"),
    ):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_project(folder, meson, check)
            sources = [f"m{n}.{end}" for n in range(MODELS)]
            samples[what] = build_project(folder, sources)
            if what == "cns":
                build_cached(samples[what], sources)
    return samples


def build_project(folder: Path, sources: Sequence[str]) -> Builds:
    """Build a project in every way, and look at what was done; return the samples."""
    builds, build, warm = Builds(folder), folder / "build", folder / "warm"
    builds.set_up(warm)
    builds.run("ninja", "-C", warm, sources[0])
    builds.set_up(build)
    printed = builds.timed("all generators", build, *sources)
    assert len(GENERATED.findall(printed)) == MODELS
    builds.timed("all of C", build)
    assert violations(build) == [1] * MODELS
    for number in range(ROUNDS):
        assert "no work to do" in builds.timed("nothing to do", build)
        changed = number % MODELS
        write_shapes(folder, changed, most=49)
        printed = builds.timed("one file changed", build)
        assert GENERATED.findall(printed) == [f"m{changed}"]
        assert len(COMPILED.findall(printed)) == 1
        assert violations(build) == [2 if n == changed else 1 for n in range(MODELS)]
        write_shapes(folder, changed, most=99)
        builds.run("ninja", "-C", build)
    return builds


def build_cached(builds: Builds, sources: Sequence[str]) -> None:
    """Run all generators twice, in new build folders: the first fills a cache."""
    expected = [(builds.folder / "build" / source).read_bytes() for source in sources]
    for kind in ("all generators, to a cache", "all generators, from a cache"):
        build = builds.folder / kind.rpartition(", ")[2]
        builds.set_up(build)
        builds.timed(kind, build, *sources, CNS_CACHE_DIR=str(builds.folder / "cache"))
        assert [(build / source).read_bytes() for source in sources] == expected


def write_project(folder: Path, meson: str, check: str) -> None:
    """Write a project whose program makes one record of each model."""
    names = {"models": MODELS, "python": sys.executable, "naive": NAIVE}
    (folder / "meson.build").write_text(meson.format(**names), "utf-8")
    lines = ["#include <stdio.h>", *(f'#include "m{n}.h"' for n in range(MODELS))]
    lines += ["", "int", "main(void)", "{"]
    lines += [check.format(n=n, s=SHAPES - 1) for n in range(MODELS)]
    (folder / "main.c").write_text("\n".join([*lines, "    return 0;", "}", ""]), "utf-8")
    for model in range(MODELS):
        classes = (CLASS.format(name=f"C{number}") for number in range(SHAPES))
        (folder / f"m{model}.ttl").write_text(PREFIXES + "".join(classes), "utf-8")
        write_shapes(folder, model, most=99)


def write_shapes(folder: Path, model: int, most: int) -> None:
    """Write the shapes of a model, whose counts are at most `most`."""
    shapes = (SHAPE.format(name=f"C{n}", least=-n, most=most) for n in range(SHAPES))
    (folder / f"m{model}.shacl").write_text(PREFIXES + "".join(shapes), "utf-8")


def violations(build: Path) -> list[int]:
    """Return how many violations the program finds in a record of each model."""
    return [int(word) for word in tool.run(build / "many").split()]


def processor_time() -> float:
    """Return the seconds of processor time, user and system, of all that has been run."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
