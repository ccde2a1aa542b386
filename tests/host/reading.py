# SPDX-License-Identifier: Apache-2.0
"""Documents through the reader of N-Triples: reading.c as a library, and as programs."""

from __future__ import annotations

import ctypes
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph

from tests.runtime import toolchain

SOURCE = Path(__file__).with_suffix(".c")
HEADER = (toolchain.HOST / "ntriples.h").read_text()
FAULTS = ("OK", *re.findall(r"^    X\((\w+), ", HEADER, re.MULTILINE))
FOUND = {2**32 - 1: "no UTF-8", 2**32 - 2: "line end"}
KINDS = {1: "iri", 2: "blank", 4: "literal", 0: "none"}
QUADS, LENIENT = 1, 2
ALL = 2**62  # triples, or bytes in one piece

# A kind and texts: of a literal its lexical form, datatype and language tag.
Term = tuple[str, ...]


@dataclass(frozen=True)
class Fault:
    """The first fault, its name without CNS_NTRIPLES_."""

    place: str
    name: str
    found: str
    message: str


@dataclass(frozen=True)
class Reading:
    """What came of a document."""

    quads: tuple[tuple[int, Term, Term, Term, Term], ...]  # the line first, the graph last
    numbers: tuple[tuple[int, ...], ...]  # of the terms of each
    bytes: int
    lines: int
    triples: int
    kept: int
    malformed: int
    terms: int  # with xsd:string and rdf:langString
    done: bool
    fault: Fault | None

    @property
    def terms_of_quads(self) -> list[tuple[Term, ...]]:
        """The quads without their lines."""
        return [quad[1:] for quad in self.quads]


def build_library(folder: Path) -> ctypes.CDLL:
    """Compile the reader as a shared library."""
    library = folder / "reading.so"
    flags = [*toolchain.HOSTED_C11, "-O2", "-shared", "-fPIC"]
    toolchain.compile_c("gcc", *flags, SOURCE, *toolchain.HOSTED, output=library)
    loaded = ctypes.CDLL(str(library))
    loaded.read_document.restype = ctypes.c_void_p
    size = ctypes.c_size_t
    loaded.read_document.argtypes = [
        *(ctypes.c_char_p, size, size, size, ctypes.c_uint, ctypes.c_uint64, ctypes.c_char_p)
    ]
    loaded.free_text.argtypes = [ctypes.c_void_p]
    return loaded


def read(
    library: ctypes.CDLL,
    document: str | bytes,
    flags: int = 0,
    *,
    first: int = ALL,
    step: int = ALL,
    most: int = ALL,
    wanted: list[str] | None = None,
) -> Reading:
    """Read a document in pieces, the first of `first` bytes, the others of `step`."""
    data = document.encode() if isinstance(document, str) else document
    names = None if wanted is None else "".join(f"{iri}\n" for iri in wanted).encode()
    made = library.read_document(data, len(data), first, step, flags, most, names)
    text = ctypes.string_at(made)
    library.free_text(made)
    return parse(text.decode())


def read_by_program(
    program: Path, document: bytes, flags: int, *, first: int = ALL, step: int = ALL
) -> Reading:
    """Read a document with a program, which may have sanitizers."""
    words = [str(program), *(str(word) for word in (first, step, flags, ALL))]
    result = subprocess.run(words, input=document, capture_output=True)
    assert result.returncode == 0, f"{document!r}\n{result.stderr.decode()}"
    return parse(result.stdout.decode())


def parse(text: str) -> Reading:
    """Read what the C program prints."""
    quads = []
    numbers = []
    fault = None
    counts: list[int] = []
    for line in text.splitlines():
        word, _, rest = line.partition(" ")
        if word == "triple":
            row, *words = rest.split()
            subject, predicate, object_, graph = map(parse_term, words[4:])
            quads.append((int(row), subject, predicate, object_, graph))
            numbers.append(tuple(map(int, words[:4])))
        elif word == "counts":
            counts = list(map(int, rest.split()))
        else:
            row, column, kind, found, message = rest.split(" ", 4)
            character = FOUND.get(int(found)) or chr(int(found))
            fault = Fault(f"{row}:{column}", FAULTS[int(kind)], character, message)
    size, lines, triples, kept, malformed, known, done = counts
    return Reading(
        *(tuple(quads), tuple(numbers)),
        *(size, lines, triples, kept, malformed, known),
        done=done != 0,
        fault=fault,
    )


def parse_term(text: str) -> Term:
    """Read a term; the scope of a blank node is the one that reading.c states."""
    kind, *parts = text.split(":")
    if kind == "0":
        return ("none",)
    if KINDS[int(kind)] == "blank":
        assert parts.pop() == "7"
    return (KINDS[int(kind)], *(bytes.fromhex(part).decode() for part in parts))


def key(term: object) -> Term:
    """Return a term of pyoxigraph as one of the reader."""
    match term:
        case pyoxigraph.NamedNode():
            return ("iri", term.value)
        case pyoxigraph.BlankNode():
            return ("blank", term.value)
        case pyoxigraph.Literal():
            return ("literal", term.value, term.datatype.value, term.language or "")
    return ("none",)
