# SPDX-License-Identifier: Apache-2.0
"""Random and real documents through the reader, and through the parser of pyoxigraph."""

from __future__ import annotations

import ctypes
import gzip
import re

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.host import reading
from tests.host.reading import QUADS, Term
from tests.paths import SHARED, shared

FORMATS = {
    0: pyoxigraph.RdfFormat.N_TRIPLES,
    QUADS: pyoxigraph.RdfFormat.N_QUADS,
}
BY_SUFFIX = {
    ".ttl": pyoxigraph.RdfFormat.TURTLE,
    ".shacl": pyoxigraph.RdfFormat.TURTLE,
    ".rdf": pyoxigraph.RdfFormat.RDF_XML,
    ".owl": pyoxigraph.RdfFormat.RDF_XML,
}


def parsed(data: bytes, flags: int) -> list[tuple[Term, ...]] | None:
    """Return the quads that pyoxigraph reads, or None where it finds a fault."""
    try:
        quads = list(pyoxigraph.parse(data, format=FORMATS[flags]))
    except (SyntaxError, ValueError):
        return None
    return [
        tuple(map(reading.key, (quad.subject, quad.predicate, quad.object, quad.graph_name)))
        for quad in quads
    ]


def mostly(common: str) -> st.SearchStrategy[str]:
    """Texts of some letters, and sometimes of any others."""
    any_letter = st.characters(exclude_categories=["Cs"])
    return st.text(st.sampled_from(common) | any_letter, max_size=40)


@st.composite
def written(draw: st.DrawFn, text: str, special: str) -> str:
    """Write a text, some characters as escapes: those of `special` always."""
    made = ""
    for letter in text:
        style = draw(st.integers(0, 9)) if letter not in special else draw(st.integers(8, 9))
        small = ord(letter) <= 0xFFFF and style == 8
        escape = f"\\u{ord(letter):04x}" if small else f"\\U{ord(letter):08X}"
        made += letter if style < 8 else escape
    return made


# Not every IRI that N-Triples allows is one of RFC 3987, which pyoxigraph asks for: two slashes
# behind the scheme, for example, begin the name of a host.
IRI_TEXTS = st.text(st.sampled_from("abc/?é€:@._-~"), max_size=30).map("urn:a{}".format)
iris = IRI_TEXTS.flatmap(lambda text: written(text, "")).map("<{}>".format)
blanks = st.from_regex(r"[a-zA-Z0-9_é][a-z.\-·]{0,5}[a-z]?", fullmatch=True).map(
    lambda label: "_:" + label.rstrip(".")
)
strings = mostly("abc \t'é").flatmap(lambda text: written(text, '\n\r"\\')).map('"{}"'.format)
tags = st.from_regex(r"@[a-zA-Z]{2,3}(-[A-Z]{2})?", fullmatch=True)
literals = st.builds(str.__add__, strings, st.just("") | tags | iris.map("^^{}".format))
space = st.sampled_from(["", " ", "\t", "  "])
ends = st.sampled_from(["\n", "\r", "\r\n", "\n\n", " #\n", "# <urn:a> é\n", "\t\r"])


@st.composite
def lines(draw: st.DrawFn, quads: bool) -> str:
    subject = draw(iris | blanks)
    object_ = draw(iris | blanks | literals)
    graph = draw(st.just("") | iris | blanks) if quads else ""
    gaps = [draw(space) for _ in range(3)]
    # A label goes on over what follows without a blank.
    terms = [subject + " ", draw(iris) + gaps[0], object_ + " ", graph + " " * bool(graph)]
    return gaps[1] + "".join(terms) + "." + gaps[2] + draw(ends)


@st.composite
def documents(draw: st.DrawFn) -> tuple[bytes, int]:
    quads = draw(st.booleans())
    some = draw(st.lists(lines(quads), min_size=1, max_size=5))
    repeated = draw(st.lists(st.sampled_from(some), max_size=8))
    return "".join(some + repeated).encode(), QUADS if quads else 0


@settings(max_examples=400, deadline=None)
@given(document=documents(), step=st.integers(1, 50))
def test_random_documents(document: tuple[bytes, int], step: int, reader: ctypes.CDLL) -> None:
    data, flags = document
    read = reading.read(reader, data, flags, first=step, step=step)
    assert read.fault is None
    assert read.terms_of_quads == parsed(data, flags)


# N-Triples 1.1 has colons in labels of blank nodes; pyoxigraph has not, as 1.2 will.
COLON_IN_LABEL = re.compile(rb'_:[^\s<"]*:')


@settings(max_examples=400, deadline=None)
@given(
    document=documents(),
    at=st.integers(0, 10_000),
    put=st.sampled_from(['"', "<", ">", "\\", ".", " ", "\n", "_", "^", "@", "u", "#", "é", ""]),
    away=st.integers(0, 2),
)
def test_damaged_documents(
    document: tuple[bytes, int], at: int, put: str, away: int, reader: ctypes.CDLL
) -> None:
    data, flags = document
    text = data.decode()
    at %= len(text)
    damaged = (text[:at] + put + text[at + away :]).encode()
    read = reading.read(reader, damaged, flags)
    expected = parsed(damaged, flags)
    # pyoxigraph checks IRIs and tags more closely; what it accepts, the reader accepts too.
    if expected is not None:
        assert read.fault is None, damaged
        assert read.terms_of_quads == expected
    elif read.fault is None and not COLON_IN_LABEL.search(damaged):
        lenient = list(pyoxigraph.parse(damaged, format=FORMATS[flags], lenient=True))
        assert len(lenient) == read.kept


UNREAD = ("all.rdf",)
"""What pyoxigraph does not read: it wants the values of entities in double quotes."""


def files() -> list[str]:
    """Name the files below shared/data that are N-Triples, or that pyoxigraph can make such of."""
    folder = SHARED / "data"
    found = [p for p in folder.rglob("*") if p.suffix in BY_SUFFIX and p.name not in UNREAD]
    large = sorted(found, key=lambda path: -path.stat().st_size)[:12]
    plain = [*sorted(folder.rglob("*.nt"))[:40], *folder.rglob("*.nt.gz")]
    return sorted({str(path.relative_to(folder)) for path in (*large, *plain)})


def as_ntriples(data: bytes, form: pyoxigraph.RdfFormat) -> bytes:
    """Return what pyoxigraph reads as N-Triples."""
    quads = list(pyoxigraph.parse(data, format=form, base_iri="urn:base:"))
    made = pyoxigraph.serialize(quads, format=pyoxigraph.RdfFormat.N_TRIPLES)
    assert made is not None
    return made


@pytest.mark.parametrize("name", files() or ["lubm/lubm1-with-errors.nt.gz"])
def test_real_files(name: str, reader: ctypes.CDLL) -> None:
    path = shared(f"data/{name}")
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    if path.suffix in BY_SUFFIX:
        data = as_ntriples(data, BY_SUFFIX[path.suffix])
    read = reading.read(reader, data, first=65_536, step=65_536)
    assert read.fault is None
    assert read.terms_of_quads == parsed(data, 0)
