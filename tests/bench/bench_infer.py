# SPDX-License-Identifier: Apache-2.0
"""Materialization of copies of LUBM-1, 1.3 million triples of text, by an ontology of our own.

The command is timed as a process, and its parts in this process. How much has to follow is
computed apart, by sets in Python that are closed over the ontology as rdflib reads it. `owlrl`
gets a part of the data, and finds the same; `reasonable` gets all, where it is installed. Parts
are in seconds of the processor, processes in seconds of the clock.
"""

from __future__ import annotations

import gzip
import importlib
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import rdflib
from rdflib import OWL, RDF, RDFS, URIRef
from rdflib.term import Node

from cns_build import _graph
from cns_build.graph.compiling import compile_program
from cns_build.graph.data import read_file
from cns_build.graph.validator import Validator
from tests.bench import Figure, figure
from tests.paths import SHARED

LUBM = SHARED / "data" / "lubm" / "lubm1-with-errors.nt.gz"
ONTOLOGY = Path(__file__).parent / "infer" / "university.ttl"
NAMESPACE = "http://swat.cse.lehigh.edu/onto/univ-bench.owl#"
COPIES = 13
SAMPLED = "http://www.Department0.University0.edu"
ROUNDS = 7

_NAMES = re.compile("<http://www[.](Department|University)")

Triple = tuple[str, str, str]


def run() -> list[Figure]:
    """Run the benchmark; nothing is measured where the data are absent."""
    if not LUBM.exists():
        print(f"  {LUBM} is absent: nothing is measured")
        return []
    text = gzip.decompress(LUBM.read_bytes()).decode()
    with tempfile.TemporaryDirectory() as name:
        data, sample = Path(name, "data.nt"), Path(name, "sample.nt")
        with data.open("w") as stream:
            for copy in range(COPIES):
                stream.write(_NAMES.sub(f"<http://copy{copy}.\\1", text))
        lines = text.splitlines(keepends=True)
        sample.write_text("".join(line for line in lines if line.startswith(f"<{SAMPLED}")))
        followed = closure(text) - set(triples_of(text))
        renamed = sum(any(_NAMES.match(term) for term in triple) for triple in followed)
        expected = COPIES * renamed + len(followed) - renamed
        return [
            *measure_parts(data, expected),
            *measure_command(data, expected),
            *compare_owlrl(sample),
            *compare_reasonable(data, expected),
        ]


# What follows, by other means


def triples_of(text: str) -> Iterator[Triple]:
    """Yield the triples of N-Triples, their terms as they are written."""
    for line in text.splitlines():
        subject, predicate, rest = line.split(" ", 2)
        yield subject, predicate, rest.removesuffix(" .")


def closure(text: str) -> set[Triple]:
    """Return what holds by the ontology, as far as its named classes and properties say it."""
    graph = rdflib.Graph().parse(ONTOLOGY)
    instances: defaultdict[str, set[str]] = defaultdict(set)
    pairs: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for s, p, o in triples_of(text):
        if p == RDF.type.n3():
            instances[o].add(s)
        else:
            pairs[p].add((s, o))
    before, count = -1, 0
    while before != count:
        before = count
        _step(graph, instances, pairs)
        count = sum(map(len, instances.values())) + sum(map(len, pairs.values()))
    found = {(s, RDF.type.n3(), c) for c, members in instances.items() for s in members}
    return found | {(s, p, o) for p, both in pairs.items() for s, o in both}


def _step(
    graph: rdflib.Graph,
    instances: defaultdict[str, set[str]],
    pairs: defaultdict[str, set[tuple[str, str]]],
) -> None:
    named = {p: [(s.n3(), o.n3()) for s, o in graph.subject_objects(p)] for p in _SCHEMA}
    for lower, upper in named[RDFS.subClassOf]:
        instances[upper] |= instances[lower]
    for lower, upper in named[RDFS.subPropertyOf]:
        pairs[upper] |= pairs[lower]
    for one, other in named[OWL.inverseOf]:
        pairs[one] |= {(y, x) for x, y in pairs[other]}
        pairs[other] |= {(y, x) for x, y in pairs[one]}
    for property_, class_ in named[RDFS.domain]:
        instances[class_] |= {x for x, _ in pairs[property_]}
    for property_, class_ in named[RDFS.range]:
        instances[class_] |= {y for _, y in pairs[property_]}
    for transitive in graph.subjects(RDF.type, OWL.TransitiveProperty):
        both = pairs[transitive.n3()]
        follow: defaultdict[str, set[str]] = defaultdict(set)
        for x, y in both:
            follow[x].add(y)
        both |= {(x, z) for x, y in both for z in follow.get(y, ())}
    for defined, node in graph.subject_objects(OWL.equivalentClass):
        kind, some = graph.items(_value(graph, node, OWL.intersectionOf))
        filler = instances[_value(graph, some, OWL.someValuesFrom).n3()]
        along = pairs[_value(graph, some, OWL.onProperty).n3()]
        having = {x for x, y in along if y in filler}
        instances[defined.n3()] |= instances[kind.n3()] & having


def _value(graph: rdflib.Graph, node: Node, predicate: URIRef) -> Node:
    found = graph.value(node, predicate)
    assert found is not None
    return found


_SCHEMA = (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.inverseOf)


# Measured


def compiled() -> Validator:
    """Return the ontology as a program that keeps all data."""
    return Validator.of(compile_program([], [str(ONTOLOGY)], inference="owlrl", keep=True))


def measure_parts(data: Path, expected: int) -> list[Figure]:
    """Return the seconds of each part, in this process."""
    samples = defaultdict[str, list[float]](list)
    for _ in range(ROUNDS):
        moments = [time.process_time()]
        validator = compiled()
        moments.append(time.process_time())
        graph = _graph.Graph(validator.loaded)
        graph.read(read_file(str(data)).chunks(), 1, False)
        moments.append(time.process_time())
        graph.infer()
        moments.append(time.process_time())
        with open(os.devnull, "wb") as stream:
            for part in graph.ntriples():
                stream.write(part)
        moments.append(time.process_time())
        assert graph.inferred == expected, (graph.inferred, expected)
        for number, name in enumerate(("compile", "read", "reason", "write")):
            samples[name].append(moments[number + 1] - moments[number])
        del graph
    print(f"  {expected:,} triples follow from {COPIES} copies of LUBM-1")
    return [figure(name, "s", seconds) for name, seconds in samples.items()]


_MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""


def measure_command(data: Path, expected: int) -> list[Figure]:
    """Return the seconds and megabytes of `cnsc materialize` as a process."""
    output = data.with_name("out.nt")
    words = [sys.executable, "-m", "cns_build", "materialize", "--ontology", str(ONTOLOGY)]
    words += [str(data), "-o", str(output)]
    figures: list[Figure] = []
    for name, more in (("command, only inferred", ["--only-inferred"]), ("command", [])):
        clock, processor, memory = [], [], []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            measured = [sys.executable, "-c", _MEASURED, *words, *more]
            used = subprocess.run(measured, check=True, capture_output=True, text=True).stdout
            clock.append(time.perf_counter() - start)
            processor.append(float(used.split()[0]))
            memory.append(float(used.split()[1]))
        lines = output.read_bytes().count(b"\n")
        given = 0 if more else data.read_bytes().count(b"\n")
        assert lines == given + expected, (lines, given, expected)
        figures += [figure(name, "s clock", clock), figure(f"{name}, CPU", "s", processor)]
        figures.append(figure(f"{name}, memory", "MB", memory))
    return figures


def compare_owlrl(sample: Path) -> list[Figure]:
    """Return the seconds that owlrl and the engine take for a part of the data."""
    if importlib.util.find_spec("owlrl") is None:
        print("  owlrl is not installed: it is not compared")
        return []
    owlrl: Any = importlib.import_module("owlrl")
    graph = rdflib.Graph().parse(ONTOLOGY)
    graph.parse(sample)
    start = time.process_time()
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    theirs = time.process_time() - start
    terms = {str(term) for term in rdflib.Graph().parse(sample).all_nodes()}
    found = {
        tuple(term.n3() for term in triple)
        for triple in graph
        if str(triple[0]) in terms and _is_named(triple)
    }
    validator = compiled()
    start = time.process_time()
    ours_graph = _graph.Graph(validator.loaded)
    ours_graph.read(read_file(str(sample)).chunks(), 1, False)
    ours_graph.infer()
    ours = time.process_time() - start
    text = b"".join(map(bytes, ours_graph.ntriples())).decode()
    assert set(triples_of(text)) == found
    return [
        figure("engine, a part", "s", [ours]),
        figure("owlrl, a part", "s", [theirs], "engine, a part"),
    ]


def _is_named(triple: Any) -> bool:
    """Whether a triple is about the named classes and properties of the ontology."""
    _, predicate, value = triple
    about = value if predicate == RDF.type else predicate
    return str(about).startswith(NAMESPACE)


_REASONABLE = """
import sys, time, reasonable
reasoner = reasonable.PyReasoner()
start = time.process_time()
for file in sys.argv[1:]:
    reasoner.load_file(file)
middle = time.process_time()
found = reasoner.reason()
print(middle - start, time.process_time() - middle, len(found))
"""


def compare_reasonable(data: Path, expected: int) -> list[Figure]:
    """Return the seconds that `reasonable` takes to load and to reason, where it is installed."""
    if importlib.util.find_spec("reasonable") is None:
        print("  reasonable is not installed: it is not compared")
        return []
    ontology = data.with_name("ontology.ttl")
    ontology.write_bytes(ONTOLOGY.read_bytes())
    turtle = data.with_suffix(".ttl")  # which N-Triples are, and it reads no other name
    turtle.hardlink_to(data)
    words = [sys.executable, "-c", _REASONABLE, str(ontology), str(turtle)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    load, reason, count = done.stdout.split()
    assert int(count) >= expected
    return [
        figure("reasonable, read", "s", [float(load)], "read"),
        figure("reasonable, reason", "s", [float(reason)], "reason"),
    ]
