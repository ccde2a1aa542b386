# SPDX-License-Identifier: Apache-2.0
"""Inputs that are large or deep on purpose: `python -m tests.graph.hostile NAME MEGABYTES`.

Prints how many results were found, and the seconds that compiling, reading and validating took;
the memory limit is the process's own.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from cns_build.diagnostics import CompileError
from cns_build.graph.data import Source
from cns_build.graph.validator import Validator
from tests.compiling import PREFIXES

MILLION = 1_000_000
P, Q = b"<http://example.org/p>", b"<http://example.org/q>"
TYPE = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
SUBCLASS = b"<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
FIRST = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#first>"
REST = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#rest>"
NIL = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#nil>"
LIST = "( ex:p [ sh:zeroOrMorePath rdf:rest ] rdf:first )"


def validate(
    shapes: str, lines: Iterator[bytes], *, recursion: int = 0, maximum: int | None = None
) -> int:
    """Return how many results there are; print the time that it took."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "shapes.ttl")
        file.write_text(PREFIXES + shapes, "utf-8")
        start = time.perf_counter()
        validator = Validator.compile([str(file)], recursion=recursion)
    compiled = time.perf_counter() - start
    report = validator.validate([Source("data", _chunks(lines), quads=False)], maximum=maximum)
    told = report.statistics
    print(f"compile {compiled:.2f} read {told.read_seconds:.2f} validate {told.seconds:.2f}")
    assert maximum is None or len(report.results) == min(maximum, report.found)
    return report.found


def _chunks(lines: Iterator[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    for line in lines:
        held.append(line)
        if len(held) == 1000:
            yield b"".join(held)
            held.clear()
    yield b"".join(held)


# Wide


def many_values() -> int:
    """A million values of one property of one node, each of a wrong datatype."""
    shapes = """ex:S sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; sh:maxCount 2 ;
      sh:uniqueLang true ; sh:equals ex:p ; sh:datatype xsd:string ] ."""
    lines = (b'<urn:a> %s "%d"^^<urn:d> .\n' % (P, n) for n in range(MILLION))
    return validate(shapes, lines, maximum=10)


def many_predicates() -> int:
    """A closed node with 300,000 predicates."""
    lines = (b"<urn:a> <urn:p%d> <urn:b> .\n" % n for n in range(300_000))
    shapes = "ex:S sh:targetNode <urn:a> ; sh:closed true ; sh:ignoredProperties ( <urn:p7> ) ."
    return validate(shapes, lines, maximum=10)


def many_pairs() -> int:
    """All pairs of two properties are out of order: 10,000 by 10,000 results."""
    lines = (
        b'<urn:a> %s "%d"^^<http://www.w3.org/2001/XMLSchema#integer> .\n' % (p, n + more)
        for n in range(10_000)
        for p, more in ((P, 20_000), (Q, 0))
    )
    shapes = "ex:S sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; sh:lessThan ex:q ] ."
    return validate(shapes, lines, maximum=10)


def many_members() -> int:
    """sh:in with 100,000 members, and as many values."""
    members = " ".join(f"<urn:n{n}>" for n in range(100_000))
    shapes = (
        f"ex:S sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; sh:in ( {members} ) ] ."
    )
    return validate(shapes, (b"<urn:a> %s <urn:n%d> .\n" % (P, n) for n in range(1, 100_001)))


def many_shapes() -> int:
    """10,000 shapes, each with a class and targets of other kinds, and a node for each."""
    shapes = "\n".join(
        f"ex:S{n} a sh:NodeShape ; sh:targetClass <urn:C{n}> ; sh:targetSubjectsOf <urn:p{n}> ;"
        f" sh:targetObjectsOf <urn:p{n}> ; sh:nodeKind sh:Literal ."
        for n in range(10_000)
    )

    def lines() -> Iterator[bytes]:
        for n in range(10_000):
            yield b"<urn:a%d> %s <urn:C%d> .\n" % (n, TYPE, n)
            yield b"<urn:b%d> <urn:p%d> <urn:c%d> .\n" % (n, n, n)

    return validate(shapes, lines(), maximum=10)


def large_terms() -> int:
    """An IRI of a megabyte, and a literal of 100."""
    shapes = """ex:S sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; sh:maxLength 10 ;
      sh:pattern "^x*$" ] ."""

    def lines() -> Iterator[bytes]:
        yield b"<urn:%s> %s " % (b"a" * MILLION, P)
        yield b'"'
        for _ in range(100):
            yield b"x" * MILLION
        yield b'y" .\n'

    return validate(shapes, lines(), maximum=10)


# Deep


def _list(count: int, last: bytes) -> Iterator[bytes]:
    yield b"<urn:a> %s _:n0 .\n" % P
    for n in range(count):
        rest = b"_:n%d" % (n + 1) if n + 1 < count else last
        yield b'_:n%d %s "%d" .\n_:n%d %s %s .\n' % (n, FIRST, n, n, REST, rest)


def long_list() -> int:
    """A list of a million members, of which each is wrong."""
    shapes = f"ex:S sh:targetNode <urn:a> ; sh:property [ sh:path {LIST} ; sh:nodeKind sh:IRI ] ."
    return validate(shapes, _list(MILLION, NIL), maximum=10)


def cyclic_list() -> int:
    """A list of a million members that leads back to its middle."""
    shapes = f"ex:S sh:targetNode <urn:a> ; sh:property [ sh:path {LIST} ; sh:nodeKind sh:IRI ] ."
    return validate(shapes, _list(MILLION, b"_:n500000"), maximum=10)


def repeated_repetition() -> int:
    """A path that repeats what repeats, over a chain on which each step leads a little further."""
    path = "[ sh:zeroOrMorePath ( [ sh:zeroOrMorePath ex:p ] ex:q ) ]"
    shapes = (
        f"ex:S sh:targetNode <urn:0> ; sh:property [ sh:path {path} ; sh:nodeKind sh:Literal ] ."
    )

    def lines() -> Iterator[bytes]:
        for n in range(10_000):
            yield b"<urn:%d> %s <urn:%d> .\n" % (n, Q, n + 1)
            yield b"<urn:%d> %s <urn:hub> .\n" % (n, P)
            yield b"<urn:hub> %s <urn:leaf%d> .\n" % (P, n)

    return validate(shapes, lines(), maximum=10)


def complete_graph() -> int:
    """A star over a graph in which each of 1,000 nodes leads to all."""
    shapes = """ex:S sh:targetNode <urn:0> ; sh:property
      [ sh:path [ sh:zeroOrMorePath ex:p ] ; sh:nodeKind sh:Literal ] ."""
    lines = (b"<urn:%d> %s <urn:%d> .\n" % (a, P, b) for a in range(1000) for b in range(1000))
    return validate(shapes, lines, maximum=10)


def deep_classes() -> int:
    """A chain of 100,000 classes that ends in a circle, and an instance of the lowest one."""

    def lines() -> Iterator[bytes]:
        yield b"<urn:a> %s <urn:C0> .\n" % TYPE
        for n in range(100_000):
            yield b"<urn:C%d> %s <urn:C%d> .\n" % (n, SUBCLASS, n + 1)
        yield b"<urn:C100000> %s <urn:C99000> .\n" % SUBCLASS

    shapes = "ex:S sh:targetClass <urn:C100000> ; sh:class <urn:C99500> ; sh:class <urn:D> ."
    return validate(shapes, lines())


def asked_classes() -> int:
    """A chain of 4,000 classes, all of which are asked for."""
    shapes = "\n".join(
        f"ex:S{n} sh:targetClass <urn:C{n}> ; sh:nodeKind sh:Literal ." for n in range(4000)
    )

    def lines() -> Iterator[bytes]:
        yield b"<urn:a> %s <urn:C0> .\n" % TYPE
        for n in range(4000):
            yield b"<urn:C%d> %s <urn:C%d> .\n" % (n, SUBCLASS, n + 1)

    return validate(shapes, lines(), maximum=10)


def _nested(levels: int) -> str:
    shapes = [
        f"ex:S{n} a sh:NodeShape ; sh:node ex:S{n + 1} ; sh:nodeKind sh:IRI ."
        for n in range(levels - 1)
    ]
    shapes.append(f"ex:S{levels - 1} a sh:NodeShape ; sh:nodeKind sh:Literal .")
    return "\n".join([*shapes, "ex:S0 sh:targetNode <urn:a> ."])


def nested_shapes() -> int:
    """500 shapes, each inside the other."""
    return validate(_nested(500), iter(()))


def nested_too_deep() -> int:
    """One shape more is refused."""
    return _refused(lambda: validate(_nested(501), iter(())), "nest deeper than 500 levels")


RECURSIVE = """ex:S a sh:NodeShape ; sh:targetNode <urn:0> ; sh:property
  [ sh:path ex:p ; sh:node ex:S ; sh:minCount 1 ] ."""


def deep_recursion() -> int:
    """A recursive shape over a chain of a million nodes: an error, and no overflow."""
    lines = (b"<urn:%d> %s <urn:%d> .\n" % (n, P, n + 1) for n in range(MILLION))
    validated = partial(validate, RECURSIVE, lines, recursion=2000)
    return _refused(validated, "recursive shapes nest deeper in the data than allowed")


def long_recursion() -> int:
    """A recursive shape over a chain as long as may be, in a thread with a small stack."""
    lines = (b"<urn:%d> %s <urn:%d> .\n" % (n, P, n + 1) for n in range(990))
    found: list[int] = []
    thread = threading.Thread(
        target=lambda: found.append(validate(RECURSIVE, lines, recursion=2000))
    )
    thread.start()
    thread.join()
    return found[0]


def recursion_without_bound() -> int:
    """More recursion than the stack has space for is no option."""
    lines = (b"<urn:%d> %s <urn:%d> .\n" % (n, P, n + 1) for n in range(MILLION))
    return _refused(lambda: validate(RECURSIVE, lines, recursion=10**9), "recursi")


def _refused(run: Callable[[], int], what: str) -> int:
    with pytest.raises(CompileError, match=what):
        run()
    return -1


def main() -> None:
    """Run what the command line names."""
    name, megabytes = sys.argv[1], int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    run = globals()[name]
    print(f"found {run()}")


if __name__ == "__main__":
    main()
