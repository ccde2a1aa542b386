# SPDX-License-Identifier: Apache-2.0
"""N-Triples: what the reader takes for a file of 20 MB, against the parser of pyoxigraph.

The file describes rooms: types, labels in two languages, numbers, times, a note with escapes, and
links to other rooms. The reader gives each term a number, with a processor's time for reading and
numbering; `one predicate` keeps the areas alone. pyoxigraph numbers nothing, but makes Python
objects of each triple. All count the triples, and the reader's terms are counted in Python too.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph

from tests.bench import Figure, figure
from tests.host import reading
from tests.runtime import toolchain

SOURCE = Path(__file__).with_suffix(".c")
SIZE = 20_000_000
RUNS = 7
BASE = "http://example.org/building/"
SCHEMA = "http://example.org/schema#"
AREA = f"{SCHEMA}area"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


def run() -> list[Figure]:
    """Return MB/s and millions of triples per second."""
    with tempfile.TemporaryDirectory() as folder:
        path, program = Path(folder, "rooms.nt"), Path(folder, "bench_reader")
        path.write_text(document(), "utf-8")
        flags = [*toolchain.HOSTED_C11, "-O3"]
        toolchain.compile_c("gcc", *flags, SOURCE, *toolchain.HOSTED, output=program)
        triples, areas, terms = answer(path)
        size = path.stat().st_size
        seconds: dict[str, list[float]] = {"pyoxigraph": [], "reader": [], "one predicate": []}
        for _ in range(RUNS):
            seconds["pyoxigraph"].append(time_pyoxigraph(path, triples))
            seconds["reader"].append(time_reader(program, path, (triples, triples, terms)))
            # Two datatypes, the predicate, xsd:decimal, rooms and areas.
            some = (triples, areas[0], 4 + areas[1])
            seconds["one predicate"].append(time_reader(program, path, some, AREA))
    return [
        figure(
            f"{name}, {unit}", unit, [count / 1e6 / took for took in times], f"pyoxigraph, {unit}"
        )
        for unit, count in (("MB/s", size), ("M triples/s", triples))
        for name, times in seconds.items()
    ]


def room(number: int, generator: random.Random) -> Iterator[str]:
    """Yield the triples of a room, without their dots."""
    subject = f"<{BASE}{number % 97}/room/{number}>"
    yield f"{subject} <{RDF}type> <{SCHEMA}{generator.choice(['Office', 'Hall', 'Laboratory'])}>"
    yield f'{subject} <{LABEL}> "Room {number}"@en'
    yield f'{subject} <{LABEL}> "Büro {number}"@de'
    yield f'{subject} <{AREA}> "{generator.randrange(8, 90)}.5"^^<{XSD}decimal>'
    yield f'{subject} <{SCHEMA}seats> "{generator.randrange(40)}"^^<{XSD}integer>'
    note = generator.randrange(10**9)
    yield f'{subject} <{SCHEMA}note> "of \\"{note}\\", cleaned daily by two"'
    day = f"2026-{generator.randrange(1, 13):02}-{generator.randrange(1, 29):02}T08:00:00Z"
    yield f'{subject} <{SCHEMA}inspected> "{day}"^^<{XSD}dateTime>'
    for _ in range(2):
        other = generator.randrange(number + 1)
        yield f"{subject} <{SCHEMA}beside> <{BASE}{other % 97}/room/{other}>"


def document() -> str:
    """Return N-Triples of about SIZE bytes, always the same."""
    generator, made, size, number = random.Random(1), list[str](), 0, 0
    while size < SIZE:
        for triple in room(number, generator):
            made.append(f"{triple} .\n")
            size += len(made[-1])
        number += 1
    return "".join(made)


def answer(path: Path) -> tuple[int, tuple[int, int], int]:
    """Return the numbers of triples, of those of AREA and their nodes, and of all terms."""
    terms: set[reading.Term] = {("iri", f"{XSD}string"), ("iri", f"{RDF}langString")}
    some: set[object] = set()
    triples = areas = 0
    for triple in pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.N_TRIPLES):
        triples += 1
        parts = [reading.key(part) for part in (triple.subject, triple.predicate, triple.object)]
        terms.update(parts)
        if parts[2][0] == "literal":
            terms |= {("iri", parts[2][2]), ("tag", parts[2][3])}
        if parts[1][1] == AREA:
            areas += 1
            some |= {parts[0], parts[2]}
    return triples, (areas, len(some)), len(terms - {("tag", "")})


def time_pyoxigraph(path: Path, triples: int) -> float:
    """Return the seconds that pyoxigraph takes to parse the file."""
    start = time.process_time()
    found = sum(1 for _ in pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.N_TRIPLES))
    took = time.process_time() - start
    assert found == triples
    return took


def time_reader(program: Path, path: Path, expected: tuple[int, ...], *wanted: str) -> float:
    """Return the seconds that the reader takes; it counts triples, kept ones, and terms."""
    took, *counts = toolchain.run_program(program, path, *wanted).split()
    assert tuple(map(int, counts)) == expected
    return float(took)
