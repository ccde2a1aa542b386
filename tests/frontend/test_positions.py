# SPDX-License-Identifier: Apache-2.0
"""Positions: each triple's subject, predicate and object point at the right token."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cns_build.diagnostics import Position
from cns_build.frontend.parse import Document, read_document
from cns_build.frontend.positions import Sources
from cns_build.model import IRI, BlankNode, Literal, Origin, Term
from cns_build.vocabulary import RDF
from tests.frontend.inputs import PREFIXES
from tests.paths import ONTOLOGIES


def read(file: Path) -> tuple[Document, Sources]:
    labels = itertools.count()
    document = read_document(str(file), lambda: f"b{next(labels)}")
    return document, Sources([document])


def rest_of_line(position: Position) -> str:
    assert position.line > 0
    return position.text[position.column - 1 :]


def at(tmp_path: Path, text: str, part: str = "object") -> list[tuple[str, str, str]]:
    """Return for each triple: predicate, object, and the text that its position points at."""
    file = tmp_path / "x.ttl"
    file.write_text(PREFIXES + text)
    document, sources = read(file)
    return [
        (
            predicate.rpartition("/")[2].rpartition("#")[2],
            str(term).rpartition("/")[2].rstrip(">"),
            rest_of_line(sources.locate(Origin(str(file), n, part))),
        )
        for n, (_, predicate, term) in enumerate(document.triples)
    ]


def test_objects(tmp_path: Path) -> None:
    line1 = 'ex:s ex:p ex:o1 , <http://example.org/o2>,"o3"@en,"""o'
    line2 = '"5"^^xsd:int,6;ex:q true.'
    text = f'{line1}\n4""" ,\n{line2}'
    found = [(p, where) for p, _, where in at(tmp_path, text)]
    assert found == [
        ("p", line1[10:]),
        ("p", line1[18:]),
        ("p", line1[42:]),
        ("p", line1[50:]),
        ("p", line2),
        ("p", line2[13:]),
        ("q", line2[20:]),
    ]


def test_nested_nodes_and_lists_point_at_their_brackets(tmp_path: Path) -> None:
    text = "ex:s ex:p [ ex:q ( ex:a ( [] ) 'b' 'c' ) ] ; ex:r () ."
    found = {(p, where[:3]) for p, _, where in at(tmp_path, text) if p != "rest"}
    assert found == {
        ("p", "[ e"),
        ("q", "( e"),
        ("first", "ex:"),
        ("first", "( ["),
        ("first", "[] "),
        ("first", "'b'"),
        ("first", "'c'"),
        ("r", "() "),
    }


def test_subject_and_predicate(tmp_path: Path) -> None:
    text = "ex:s a ex:C ;\n  ex:p [ ex:q 1 ; ex:r 2 ] .\n[ ex:t 3 ] ex:u 4 . [] ex:v 5 ."
    subjects = [(p, where[:4]) for p, _, where in at(tmp_path, text, "subject")]
    assert subjects == [
        ("type", "ex:s"),
        ("q", "[ ex"),
        ("r", "[ ex"),
        ("p", "ex:s"),
        ("t", "[ ex"),
        ("u", "[ ex"),
        ("v", "[] e"),
    ]
    for name, _, where in at(tmp_path, text, "predicate"):
        assert where.startswith("a " if name == "type" else f"ex:{name} ")


def test_directives_without_dots_and_comments(tmp_path: Path) -> None:
    text = "PREFIX y: <http://y/> # ex:no ex:no ex:no .\nBASE <http://z/>\ny:s ex:p# '\n<o>."
    assert [where for _, _, where in at(tmp_path, text)] == ["<o>."]
    assert [where for _, _, where in at(tmp_path, text, "subject")] == ["y:s ex:p# '"]


def test_dots_in_names_and_numbers(tmp_path: Path) -> None:
    text = r"ex:a.b ex:p ex:c.d, 1.5, ex:e\,f, .5e1, ex:g%20h, -1 .ex:a ex:p ex:z."
    found = [where.split(",")[0] for _, _, where in at(tmp_path, text)]
    assert found[:5] == ["ex:c.d", "1.5", "ex:e\\", ".5e1", "ex:g%20h"]
    assert found[5:] == ["-1 .ex:a ex:p ex:z.", "ex:z."]


def test_columns_count_characters_and_lines_end_in_any_way(tmp_path: Path) -> None:
    file = tmp_path / "x.ttl"
    file.write_bytes((PREFIXES + '\r\nex:s\tex:ü "ä\U0001f600" , ex:o .\r\n').encode())
    _, sources = read(file)
    position = sources.locate(Origin(str(file), 1))
    assert (position.line, position.column) == (8, 18)
    assert position.text == 'ex:s\tex:ü "ä\U0001f600" , ex:o .'


def test_byte_order_mark_takes_no_column(tmp_path: Path) -> None:
    file = tmp_path / "x.ttl"
    file.write_bytes(b"\xef\xbb\xbf<http://s> <http://p> <http://o> .")
    _, sources = read(file)
    assert str(sources.locate(Origin(str(file), 0))) == f"{file}:1:23"


def test_other_formats_give_their_file(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonld"
    file.write_text('{"@id": "http://s", "http://p": 1}')
    _, sources = read(file)
    assert sources.locate(Origin(str(file), 0)) == Position(str(file))


def test_n_triples(tmp_path: Path) -> None:
    file = tmp_path / "x.nt"
    file.write_text('_:s <http://p> "a" .\n_:s <http://p> _:o .\n')
    _, sources = read(file)
    assert [str(sources.locate(Origin(str(file), n))) for n in range(2)] == [
        f"{file}:1:16",
        f"{file}:2:16",
    ]


def test_n_quads(tmp_path: Path) -> None:
    file = tmp_path / "x.nq"
    file.write_text('<s:s> <p:p> "a"^^<d:d> <g:g> .\n<s:s> <p:p> <o:o> <g:g> .\n')
    _, sources = read(file)
    assert [sources.locate(Origin(str(file), n)).column for n in range(2)] == [13, 13]


def test_a_string_longer_than_the_parsers_buffer(tmp_path: Path) -> None:
    text = f"ex:s ex:p '{'x' * 100_000}', ex:o ."
    assert [where[:4] for _, _, where in at(tmp_path, text)] == ["'xxx", "ex:o"]


# Random statements in which every object is unique, so that text and position must agree.

_COUNTER = itertools.count()


def leaf(form: str) -> str:
    return form.format(next(_COUNTER))


NODES = ("ex:o{}", "<http://example.org/i{}>", "{}", "{}.5", "_:n{}")
TEXTS = ('"s{}"', "'''l{}\n'''", '"t{}"@en', '"u{}"^^xsd:x', '"v{}" ^^ # c\n <http://d>')
LEAVES = st.sampled_from((*NODES, *TEXTS)).map(leaf)
SEPARATORS = st.sampled_from([" ", "\n", " # '<[(\n", "\t"])


def nodes(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    lists = st.lists(children, max_size=4).map(lambda items: f"( {' '.join(items)} )")
    pairs = st.lists(children, min_size=1, max_size=3)
    blanks = pairs.map(lambda objects: "[ " + " ; ".join(f"ex:p {o}" for o in objects) + " ]")
    return lists | blanks


OBJECTS = st.recursive(LEAVES, nodes, max_leaves=12)


@settings(max_examples=200, deadline=None)
@given(statements=st.lists(st.tuples(OBJECTS, OBJECTS, SEPARATORS), min_size=1, max_size=4))
def test_random_statements(
    tmp_path_factory: pytest.TempPathFactory, statements: list[tuple[str, str, str]]
) -> None:
    file = tmp_path_factory.mktemp("positions") / "x.ttl"
    lines = [f"ex:s ex:p{gap}{one} ,{gap}{two} ;{gap}ex:q 0 ." for one, two, gap in statements]
    file.write_text(PREFIXES + "\n".join(lines))
    document, sources = read(file)
    assert not document.failed
    assert_positions(document, sources)


def assert_positions(document: Document, sources: Sources) -> None:
    """Check every triple: its position shows the object (the predicate, the subject)."""
    prefixes = [(p, namespace) for p, namespace in document.prefixes.items()]
    for n, (subject, predicate, term) in enumerate(document.triples):
        if predicate == RDF + "rest":
            continue
        where = sources.locate(Origin(document.file, n))
        assert shows(term, where, prefixes), f"{where}: {term}"
        if predicate != RDF + "first":
            where = sources.locate(Origin(document.file, n, "predicate"))
            is_a = predicate == RDF + "type" and rest_of_line(where)[:1] == "a"
            assert is_a or shows(IRI(predicate), where, prefixes), f"{where}: {predicate}"
            where = sources.locate(Origin(document.file, n, "subject"))
            assert shows(subject, where, prefixes), f"{where}: {subject}"


def shows(term: Term, where: Position, prefixes: list[tuple[str, str]]) -> bool:
    text = rest_of_line(where)
    match term:
        case IRI(value) if value == RDF + "nil" and text.startswith("("):
            return True
        case IRI(value) if text.startswith("<"):
            return value.endswith(text[1:].partition(">")[0])
        case IRI(value):
            plain = text.replace("\\", "")
            return any(
                value.startswith(namespace) and plain.startswith(f"{p}:{value[len(namespace) :]}")
                for p, namespace in prefixes
            )
        case BlankNode():
            return text[0] in "[(_"
        case Literal() if text[0] in "\"'":
            first = term.lexical.partition("\n")[0]
            return "\\" in text or '"""' in text or first in text
        case Literal():
            return text.startswith(term.lexical)
    return False


@pytest.mark.parametrize(
    "file",
    sorted(
        p.relative_to(ONTOLOGIES).as_posix()
        for p in ONTOLOGIES.glob("*/*.ttl")
        if p.stat().st_size <= 1_000_000 or "Brick" in p.name  # which stands for its size
    )
    or [pytest.param("", marks=pytest.mark.skip(f"needs {ONTOLOGIES}"))],
)
def test_real_files(file: str) -> None:
    document, sources = read(ONTOLOGIES / file)
    assert_positions(document, sources)
