# SPDX-License-Identifier: Apache-2.0
"""Each production and fault of N-Triples and N-Quads; pieces, options and counts."""

from __future__ import annotations

import ctypes
from pathlib import Path

import pytest

from tests.host import reading
from tests.host.documents import BAD, CASES, GOOD, OBJECT, PREDICATE, SUBJECT, data_of, of, text
from tests.host.reading import LENIENT, QUADS
from tests.runtime import toolchain


@pytest.mark.parametrize("name", GOOD)
def test_a_document(name: str, reader: ctypes.CDLL) -> None:
    case = GOOD[name]
    for flags in {case.flags, QUADS}:  # every document of N-Triples is one of N-Quads
        read = reading.read(reader, data_of(case), flags)
        assert read.fault is None
        assert read.done
        assert read.terms_of_quads == case.quads
        assert read.triples == read.kept == len(case.quads)
        assert read.malformed == 0
        assert read.bytes == len(data_of(case))


@pytest.mark.parametrize("name", BAD)
def test_a_fault(name: str, reader: ctypes.CDLL) -> None:
    case = BAD[name]
    read = reading.read(reader, data_of(case) + b"\n_:s <urn:p> _:o .", case.flags)
    assert read.fault is not None
    assert (read.fault.place, read.fault.name) == (case.place, case.fault)
    assert read.fault.found == case.found
    assert (read.done, read.malformed, read.quads) == (False, 1, ())
    assert read.terms == 2, "terms of a malformed line are there"
    # Also where the line is the last one, without its end.
    last = reading.read(reader, data_of(case), case.flags)
    assert last.fault == read.fault


def test_every_fault_of_syntax_has_a_case() -> None:
    others = {"OK", "NO_MEMORY", "STOPPED", "TOO_LONG"}
    assert set(reading.FAULTS) - others == {case.fault for case in BAD.values()}


@pytest.mark.parametrize("name", CASES)
def test_pieces_do_not_matter(name: str, reader: ctypes.CDLL) -> None:
    case = CASES[name]
    data = data_of(case) + b"\r\n_:s <urn:p> _:o ."
    whole = reading.read(reader, data, case.flags | LENIENT)
    assert whole.done
    for first in range(1, len(data)):
        assert reading.read(reader, data, case.flags | LENIENT, first=first) == whole
    for step in (1, 2, 3, 7):
        assert reading.read(reader, data, case.flags | LENIENT, first=step, step=step) == whole


def test_numbers_do_not_depend_on_pieces(reader: ctypes.CDLL) -> None:
    """What a batch of triples holds does: predicates, datatypes and tags come between."""
    kinds = [("", f"^^<urn:{i // 2}>", f"@x-{i // 5}")[i % 3] for i in range(60)]
    lines = [
        f'<urn:{i // 3}> <urn:p{i % 7}> "{i}"{kinds[i]} .\n'
        f"_:b{i} <urn:{i // 4}> <urn:p{i % 9}> <urn:{i // 40}> .\n"
        for i in range(60)
    ]
    document = "".join(lines)
    whole = reading.read(reader, document, QUADS)
    assert (whole.kept, whole.fault) == (120, None)
    names: dict[int, reading.Term] = {}
    for quad, numbers in zip(whole.quads, whole.numbers, strict=True):
        for term, number in zip(quad[1:], numbers, strict=True):
            assert names.setdefault(number, term) == term
    assert len(set(names.values())) == len(names)
    for step in (1, 10, 100, 1000):
        assert reading.read(reader, document, QUADS, first=step, step=step) == whole


def test_lines_are_counted_by_every_line_end(reader: ctypes.CDLL) -> None:
    document = "#\r#\n#\r\n\r\n\n\r\r<urn:s> <urn:p> <urn:o> .\r\r\n."
    read = reading.read(reader, document)
    assert [quad[0] for quad in read.quads] == [8]
    assert read.fault is not None
    assert read.fault.place == "10:1"
    assert read.lines == 9


def test_a_lenient_reader_goes_on(reader: ctypes.CDLL) -> None:
    document = (
        "<urn:s> <urn:p> <urn:o> .\nfirst\n<urn:s> <urn:p> <urn:new> <urn:g> .\n"
        '<urn:s> <urn:p> "\\x" .\r<urn:s> <urn:p> "é'
    )
    read = reading.read(reader, document + "\n<urn:s> <urn:p> <urn:s> .", LENIENT)
    assert read.done
    assert read.terms_of_quads == [of(OBJECT), of(SUBJECT)]
    assert (read.malformed, read.lines, read.triples, read.kept) == (4, 6, 2, 2)
    assert read.terms == 2 + 3, "a malformed line adds no terms"
    assert read.fault is not None
    assert (read.fault.place, read.fault.name, read.fault.found) == ("2:1", "SUBJECT", "f")


def test_an_error_says_what_to_do(reader: ctypes.CDLL) -> None:
    fault = reading.read(reader, "<urn:s> <urn:p> <urn:o> <urn:g> .").fault
    assert fault is not None
    assert fault.message == "expected a dot: end the triple with one; a fourth term needs N-Quads"


def test_what_is_not_wanted_is_checked_and_no_more(reader: ctypes.CDLL) -> None:
    document = (
        '<urn:a> <urn:p> <urn:o> .\n<urn:b> <urn:q> "q"@en .\n<urn:c> <urn:p> "1"^^<urn:d> .\n'
        "<urn:e> <urn:q> <urn:f> .\n<urn:e> <urn:r> _:r .\n<urn:a> <urn:\\u0070> <urn:p> .\n"
    )
    read = reading.read(reader, document, wanted=["urn:p"])
    assert read.terms_of_quads == [
        of(OBJECT, subject=("iri", "urn:a")),
        of(text("1", "urn:d"), subject=("iri", "urn:c")),
        of(PREDICATE, subject=("iri", "urn:a")),
    ]
    assert (read.triples, read.kept) == (6, 3)
    assert read.terms == 2 + len({"p", "a", "o", "c", "d", '"1"'})
    assert reading.read(reader, document, wanted=[]).terms == 2
    bad = reading.read(reader, '<urn:b> <urn:q> "q"@1 .\n', wanted=["urn:p"])
    assert bad.fault is not None
    assert bad.fault.place == "1:21"


def test_a_sink_stops_the_reading(reader: ctypes.CDLL) -> None:
    line = "<urn:s> <urn:p> <urn:o> .\n"
    for step in (1, 1000):
        read = reading.read(reader, line * 5, LENIENT, first=step, step=step, most=3)
        assert not read.done
        assert read.fault is not None
        assert (read.fault.name, read.fault.place) == ("STOPPED", "3:1")
        assert len(read.quads) == 3
        assert read.malformed == 0


def test_long_terms_and_many_terms(reader: ctypes.CDLL) -> None:
    iri = "urn:" + "ix" * 500_000
    lines = [f"<{iri}{i}> <urn:p> <{iri}{i}> .\n" for i in range(3)]
    lines += [f'<urn:{i}> <urn:p{i % 100}> "{i}"@x{"y" * (i % 300)} .\n' for i in range(20_000)]
    read = reading.read(reader, "".join(lines), step=65536, first=65536)
    assert read.fault is None
    subjects = [quad[1][1] for quad in read.quads]
    assert subjects == [*(f"{iri}{i}" for i in range(3)), *(f"urn:{i}" for i in range(20_000))]
    assert [quad[3][1] for quad in read.quads[3:]] == list(map(str, range(20_000)))
    assert read.terms == 2 + 3 + 1 + 100 + 20_000 + 300 + 20_000


@pytest.mark.parametrize(
    "compiler", ["gcc", pytest.param("clang", marks=pytest.mark.slow), "portable"]
)
def test_sanitizers_find_nothing(compiler: str, tmp_path: Path) -> None:
    """All documents, good and bad, in one; portable means without vectors."""
    flags = ["-U__SSE2__", "-U__SIZEOF_INT128__"] if compiler == "portable" else []
    compiler = "gcc" if compiler == "portable" else compiler
    toolchain.need_sanitizers(compiler, tmp_path)
    program = tmp_path / "reading"
    words = [*toolchain.HOSTED_C11, *toolchain.SANITIZERS, *flags, reading.SOURCE]
    toolchain.compile_c(compiler, *words, *toolchain.HOSTED, output=program)
    data = b"\n".join(data_of(case) for case in CASES.values())
    how = LENIENT | QUADS
    whole = reading.read_by_program(program, data, how)
    assert whole.malformed > len(BAD) / 2
    assert len(whole.quads) > len(GOOD) / 2
    for step in (1, 50):
        assert reading.read_by_program(program, data, how, first=step, step=step) == whole
