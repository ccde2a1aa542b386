# SPDX-License-Identifier: Apache-2.0
"""Ontologies to closures and rules, warm: processor time of each stage, beside that of parsing.

The last figures are a hierarchy of 100,000 classes with one to three parents each, in a process of
its own; its memory is the peak of that process. Answers are compared with plain walks.
"""

from __future__ import annotations

import itertools
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from cns_build.frontend.parse import Document, read_document
from cns_build.frontend.report import Report
from cns_build.garbage import uncollected
from cns_build.model import IRI, Node
from cns_build.owl.closure import Closure, close
from cns_build.owl.read import read_ontology
from cns_build.owl.rules_of import rules_of
from cns_build.vocabulary import RDFS
from tests.bench import Figure, figure
from tests.paths import ONTOLOGIES, ROOT

RUNS = 5
CLASSES = 100_000
FILES = (
    *("brick/Brick", "era/ontology", "qudt/VOCAB_QUDT-UNITS-ALL", "saref/saref4agri"),
    *("saref/saref4bldg", "saref/saref4envi", "spdx/spdx-model-3.0", "vsso/vss_rel_2.2"),
)
GENERATED = "100,000 classes"

_T = TypeVar("_T")


def run() -> list[Figure]:
    """Return ms of the stages of each file, of all of them together, and of many classes."""
    figures = []
    if not ONTOLOGIES.exists():
        print(f"  real ontologies are left out: needs {ONTOLOGIES}")
    for name in FILES if ONTOLOGIES.exists() else ():
        samples = [stages(ONTOLOGIES / f"{name}.ttl") for _ in range(RUNS)]
        figures += as_figures(name, samples)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "many.ttl")
        write_classes(file)
        process = (sys.executable, "-m", "tests.bench.bench_owl", str(file))
        made = [json.loads(subprocess.check_output(process, cwd=ROOT)) for _ in range(RUNS)]
    peaks = [one.pop("peak") for one in made]
    return [*figures, *as_figures(GENERATED, made), figure(f"{GENERATED}, peak", "MB", peaks)]


def as_figures(name: str, samples: list[dict[str, float]]) -> list[Figure]:
    """Return the figures of stages, and their sum beside parsing alone."""
    base = f"{name}, parse"
    figures = []
    for stage in samples[0]:
        times = [sample[stage] for sample in samples]
        figures.append(figure(f"{name}, {stage}", "ms", times, None if stage == "parse" else base))
    whole = [sum(sample.values()) for sample in samples]
    return [*figures, figure(f"{name}, all", "ms", whole, base)]


def stages(file: Path, *, rules: bool = True) -> dict[str, float]:
    """Return ms of processor time by stage, once the answers are checked."""
    labels = itertools.count()
    times: dict[str, float] = {}

    def timed(stage: str, work: Callable[[], _T]) -> _T:
        begin = time.process_time()
        made = work()
        times[stage] = 1000 * (time.process_time() - begin)
        return made

    report = Report()
    with uncollected():
        document = timed("parse", lambda: read_document(str(file), lambda: f"b{next(labels)}"))
        ontology = timed("read", lambda: read_ontology([document], report))
        closure = timed("close", lambda: close(ontology))
        if rules:
            timed("rules", lambda: rules_of(ontology, closure, "owlrl"))
    assert not report.failed, file
    check(document, closure)
    return times


def check(document: Document, closure: Closure) -> None:
    """Compare superclasses with walks over the triples, for some classes."""
    above: dict[Node, set[Node]] = {}
    for subject, predicate, term in document.triples:
        if predicate == RDFS + "subClassOf" and isinstance(term, IRI):
            above.setdefault(subject, set()).add(term)
    named = sorted(class_ for class_ in above if isinstance(class_, IRI))
    for class_ in named[:: len(named) // 50 + 1]:
        found: set[Node] = {class_}
        waiting: list[Node] = [class_]
        while waiting:
            new = above.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        assert found <= closure.classes.all_above(class_), class_


def write_classes(file: Path) -> None:
    """Write classes of which each is below one to three of those before it."""
    draw = random.Random(CLASSES)
    with file.open("w", encoding="utf-8") as out:
        out.write("@prefix c: <http://example.org/c#> .\n")
        out.write("@prefix owl: <http://www.w3.org/2002/07/owl#> .\n")
        out.write("@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n")
        for number in range(CLASSES):
            count = min(number, draw.randint(1, 3))
            parents = {draw.randrange(number // 8, number) for _ in range(count)}
            above = "".join(f" ; rdfs:subClassOf c:n{parent}" for parent in sorted(parents))
            out.write(f"c:n{number} a owl:Class{above} .\n")


if __name__ == "__main__":
    figures_of = stages(Path(sys.argv[1]), rules=False)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**figures_of, "peak": peak}))
