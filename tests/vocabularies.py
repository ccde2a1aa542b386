# SPDX-License-Identifier: Apache-2.0
"""Ontologies to vocabularies in C, and programs that print what their tests answer."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cns_build.cli import main
from cns_build.frontend.report import Report
from cns_build.model import IRI
from cns_build.owl.hierarchy import named_hierarchies
from cns_build.owl.load import load_ontology
from tests.meson import run

STRICT = ("-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror")
_HEAD = """\
#include <stdio.h>
#include <string.h>

static char text[4096];

"""


@dataclass(frozen=True)
class Made:
    """A vocabulary in `folder`; `terms` are its IRIs in the order of their ids."""

    name: str
    folder: Path
    terms: list[str]

    @property
    def header(self) -> str:
        return (self.folder / f"{self.name}.h").read_text("utf-8")

    @property
    def tests(self) -> list[str]:
        """The functions in the header that answer for an id."""
        found: list[str] = re.findall(rf"^({self.name}_(?:is|implies)_\w+)\(", self.header, re.M)
        return found

    def tested(self, prefixes: Mapping[str, str]) -> dict[str, str]:
        """The IRI that each test is about, as the comment above it says."""
        text = re.sub(r"\s+(\* )?", " ", self.header)
        comment = (
            rf"Whether a \w+ is (\S+), or below it\. \*/ static inline bool ({self.name}_\w+)\("
        )
        report = Report(prefixes=prefixes)
        return {test: report.expand(iri) for iri, test in re.findall(comment, text)}


def make(folder: Path, name: str, files: list[Path], *options: str) -> Made:
    """Compile ontologies to `name.c` and `name.h` with a map. Asserts that this succeeds."""
    outputs = [str(folder / f"{name}{end}") for end in (".c", ".h", ".map.json")]
    words = ["compile", *map(str, files), "--name", name, "-o", *outputs[:2], "--map", outputs[2]]
    assert main([*words, *options]) == 0
    terms = json.loads((folder / f"{name}.map.json").read_text("utf-8"))["terms"]
    return Made(name, folder, terms)


def ask_all(made: list[Made], *flags: str) -> dict[str, list[bool]]:
    """What each test answers for each id from 0, and one behind the last.

    The program also asks for the IRI of each id, and for the id of each IRI.
    """
    folder = made[0].folder
    parts = [_HEAD, *(f'#include "{one.name}.h"\n' for one in made)]
    parts.append("int main(void) {\n    text[0] = 0;\n")
    for one in made:
        name, last = one.name, len(one.terms)
        if f"{name}_id(" in one.header:
            parts.append(
                f"    for (uint32_t id = 1; id <= {last}; id++) {{\n"
                f"        strcpy(text, {name}_iri(id));\n"
                f"        if ({name}_id(text, strlen(text)) != id) return 1;\n"
                f"        if ({name}_id(text, strlen(text) - 1) == id) return 2;\n"
                f"        text[strlen(text) - 1] ^= 2;\n"
                f"        if ({name}_id(text, strlen(text)) == id) return 3;\n    }}\n"
                f"    if ({name}_iri(0) || {name}_iri({last + 1})) return 4;\n"
                f"    if ({name}_id(text, 0)) return 5;\n"
            )
        for test in one.tests:
            parts.append(
                f"    for (uint32_t id = 0; id <= {last + 1}; id++) putchar('0' + {test}(id));\n"
                "    putchar('\\n');\n"
            )
    parts.append("    return 0;\n}\n")
    (folder / "ask.c").write_text("".join(parts), "utf-8")
    sources = [folder / f"{one.name}.c" for one in made]
    run("cc", *STRICT, *flags, folder / "ask.c", *sources, "-o", folder / "ask")
    lines = run(folder / "ask").splitlines()
    tests = [test for one in made for test in one.tests]
    assert len(lines) == len(tests)
    return {t: [c == "1" for c in line] for t, line in zip(tests, lines, strict=True)}


def expected(made: Made, files: list[Path], waive: list[str]) -> dict[str, list[bool]]:
    """What the tests answer by a plain closure of the edges that axioms state."""
    loaded = load_ontology([str(file) for file in files], waive=waive)
    below: dict[str, set[str]] = {}
    hierarchies = named_hierarchies(loaded.ontology)
    for above in (hierarchies.classes, hierarchies.properties):
        for lower, uppers in above.items():
            for upper in uppers:
                below.setdefault(upper.value, set()).add(lower.value)
    answers = {}
    for test, iri in made.tested(loaded.prefixes).items():
        found = plainly_below(iri, below)
        answers[test] = [False, *(term in found for term in made.terms), False]
    return answers


def plainly_below(iri: str, below: dict[str, set[str]]) -> set[str]:
    """An IRI and all that is below it."""
    found, waiting = {iri}, [iri]
    while waiting:
        new = below.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def generated(count: int, seed: int) -> dict[IRI, list[IRI]]:
    """A hierarchy like those of real ontologies: a tree, and a tenth with parents beside it.

    The parents of a class are in the order in which classes are made, so there are no circles.
    """
    chooser = random.Random(seed)
    names = [IRI(f"http://example.org/hierarchy#Class{n}") for n in range(count)]
    above: dict[IRI, list[IRI]] = {names[0]: []}
    for n in range(1, count):
        parent = chooser.randrange(n // 40, n // 8 + 1)
        parents = {min(parent, n - 1)}
        while chooser.random() < 0.1:
            parents.add(chooser.randrange(max(1, n // 8)))
        above[names[n]] = [names[parent] for parent in sorted(parents)]
    return above


def as_turtle(above: dict[IRI, list[IRI]]) -> str:
    """A hierarchy as a file."""
    lines = [
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .",
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .",
    ]
    for lower, uppers in above.items():
        superclasses = ", ".join(map(str, uppers))
        more = f" ; rdfs:subClassOf {superclasses}" if uppers else ""
        lines.append(f"{lower} a owl:Class{more} .")
    return "\n".join(lines) + "\n"
