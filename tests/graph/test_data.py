# SPDX-License-Identifier: Apache-2.0
"""Reading data: one graph in all formats, terms as written, and what is wrong with files."""

from __future__ import annotations

import gzip
import io
import os
import sys
import threading
from pathlib import Path
from types import ModuleType

import pyoxigraph
import pytest
import rdflib

from cns_build.diagnostics import CompileError, Diagnostic, render
from cns_build.graph import compressed
from cns_build.graph.data import Source, read_file, read_object, read_text
from cns_build.graph.places import with_places
from cns_build.graph.report import Report, Result, Statistics
from cns_build.graph.terms import from_rdflib, quoted, to_rdflib
from cns_build.model import IRI, BlankNode, Literal, Term
from cns_build.vocabulary import RDF, SH, XSD

E = "http://example.org/"
LINES = {
    f'<{E}a> <{E}p> "01"^^<{XSD}integer> .',
    f'<{E}a> <{E}p> "1"^^<{XSD}integer> .',
    f'<{E}a> <{E}p> "tab\\t quote\\" \\\\ é"@en-gb .',
    f"<{E}a> <{E}q> _:x .",
    f'_:x <{E}p> "" .',
}
BODY = (
    f'ex:a ex:p "01"^^<{XSD}integer>, 1, "tab\\t quote\\" \\\\ é"@en-gb ; ex:q _:x . _:x ex:p "" .'
)
TURTLE = f"@prefix ex: <{E}> . {BODY}"
RDF_XML = f"""<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="{RDF}" xmlns:ex="{E}">
<rdf:Description rdf:about="{E}a">
<ex:p rdf:datatype="{XSD}integer">01</ex:p><ex:p rdf:datatype="{XSD}integer">1</ex:p>
<ex:p xml:lang="en-gb">tab&#9; quote" \\ é</ex:p><ex:q rdf:nodeID="x"/></rdf:Description>
<rdf:Description rdf:nodeID="x"><ex:p></ex:p></rdf:Description></rdf:RDF>"""
JSON_LD = f"""{{"@context": {{"ex": "{E}", "xsd": "{XSD}"}}, "@id": "ex:a",
"ex:p": [{{"@value": "01", "@type": "xsd:integer"}}, 1,
{{"@value": "tab\\t quote\\" \\\\ é", "@language": "en-gb"}}],
"ex:q": {{"@id": "_:x", "ex:p": ""}}}}"""
TRIX = f"""<TriX xmlns="http://www.w3.org/2004/03/trix/trix-1/"><graph>
<triple><uri>{E}a</uri><uri>{E}p</uri>
<typedLiteral datatype="{XSD}integer">01</typedLiteral></triple>
<triple><uri>{E}a</uri><uri>{E}p</uri>
<typedLiteral datatype="{XSD}integer">1</typedLiteral></triple>
<triple><uri>{E}a</uri><uri>{E}p</uri>
<plainLiteral xml:lang="en-gb">tab&#9; quote" \\ é</plainLiteral></triple>
<triple><uri>{E}a</uri><uri>{E}q</uri><id>x</id></triple>
<triple><id>x</id><uri>{E}p</uri><plainLiteral></plainLiteral></triple>
</graph></TriX>"""
HEXT = "\n".join(
    (
        f'["{E}a", "{E}p", "01", "{XSD}integer", "", ""]',
        f'["{E}a", "{E}p", "1", "{XSD}integer", "", ""]',
        f'["{E}a", "{E}p", "tab\\t quote\\" \\\\ é", "{RDF}langString", "en-gb", ""]',
        f'["{E}a", "{E}q", "_:x", "localId", "", ""]',
        f'["_:x", "{E}p", "", "{XSD}string", "", ""]',
    )
)
FORMATS = {
    "nt": "\n".join(sorted(LINES)),
    "nq": "\n".join(sorted(LINES)),
    "ttl": TURTLE,
    "trig": f"@prefix ex: <{E}> . {{ {BODY} }}",
    "n3": TURTLE,
    "rdf": RDF_XML,
    "owl": RDF_XML,
    "jsonld": JSON_LD,
    "trix": TRIX,
    "hext": HEXT,
}


def lines(source: Source) -> set[str]:
    return set(b"".join(source.chunks()).decode().splitlines())


def unlabelled(found: set[str]) -> set[str]:
    """Lines with the label that a parser gave up."""
    return {line.replace("_:anon-1", "_:x") for line in found}


def message(error: pytest.ExceptionInfo[CompileError]) -> str:
    def nowhere(origin: object) -> None:
        raise AssertionError(origin)

    return render(error.value.diagnostics, nowhere)  # type: ignore[arg-type]  # never called


# Formats


@pytest.mark.parametrize("ending", FORMATS)
def test_formats_hold_the_same_triples(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"data.{ending}"
    file.write_text(FORMATS[ending], "utf-8")
    source = read_file(str(file))
    assert source.warnings == ()
    assert unlabelled(lines(source)) == LINES
    if ending != "hext":
        assert lines(source) == LINES


@pytest.mark.parametrize("ending", FORMATS)
def test_standard_input_has_a_named_format(ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(FORMATS[ending].encode())))
    source = read_file("-", ending)
    assert unlabelled(lines(source)) == LINES
    assert source.name == "<stdin>"


@pytest.mark.parametrize("ending", ["ttl", "rdf", "jsonld", "nt"])
def test_formats_of_text_are_guessed(ending: str) -> None:
    assert lines(read_text(FORMATS[ending].encode(), None)) == LINES


def test_named_graphs_stay() -> None:
    source = read_text(f"<{E}g> {{ <{E}a> <{E}b> [] }} <{E}a> <{E}b> 1 .".encode(), "trig")
    assert source.quads
    assert lines(source) == {
        f"<{E}a> <{E}b> _:anon-1 <{E}g> .",
        f'<{E}a> <{E}b> "1"^^<{XSD}integer> .',
    }


def test_n_triples_pass_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "data.nt"
    text = b'# comment\r\n<a:b>  <a:c>\t"\\u0041"@EN . \r\nnot RDF'
    file.write_bytes(b"\xef\xbb\xbf" + text)
    source = read_file(str(file))
    assert not source.quads
    assert b"".join(source.chunks()) == text
    assert b"".join(source.chunks()) == text  # again


def test_pipes_are_read_once(tmp_path: Path) -> None:
    pipe = tmp_path / "data.nt"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(FORMATS["nt"], "utf-8"))
    writer.start()
    source = read_file(str(pipe))
    writer.join()
    assert lines(source) == lines(source) == LINES


def test_generated_labels_are_the_same_in_each_run() -> None:
    text = f"@prefix ex: <{E}> . [] ex:p [], ( _:anon-1 _:b1 ) .".encode()
    first, second = read_text(text, "turtle"), read_text(text, "turtle")
    assert first == second
    labels = {word for line in lines(first) for word in line.split() if word.startswith("_:")}
    assert labels == {"_:b1", *(f"_:anon-{number}" for number in range(1, 6))}


def test_endings_of_compression(tmp_path: Path) -> None:
    for ending in ("nt", "ttl", "rdf"):
        file = tmp_path / f"data.{ending}.gz"
        file.write_bytes(gzip.compress(FORMATS[ending].encode()))
        assert lines(read_file(str(file))) == LINES


def test_zstd_is_read_by_a_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("zstandard")
    module.open = gzip.open  # type: ignore[attr-defined]
    module.ZstdError = ValueError  # type: ignore[attr-defined]
    file = tmp_path / "data.nt.zst"
    file.write_bytes(gzip.compress(FORMATS["nt"].encode()))
    monkeypatch.setitem(sys.modules, "compression.zstd", None)
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(CompileError) as error:
        read_file(str(file))
    assert "pip install 'cns[zstd]'" in message(error)
    monkeypatch.setitem(sys.modules, "zstandard", module)
    assert lines(read_file(str(file))) == LINES


# Libraries


def test_graphs_of_rdflib_keep_forms_and_labels() -> None:
    graph = rdflib.Graph()
    subject = rdflib.BNode("x")
    exact = to_rdflib(Literal("01", IRI(XSD + "integer")))
    graph.add((subject, rdflib.URIRef(E + "p"), exact))
    graph.add((subject, rdflib.URIRef(E + "p"), rdflib.BNode("not a label")))
    source = read_object(graph, "<data>")
    assert lines(source) == {
        f'_:x <{E}p> "01"^^<{XSD}integer> .',
        f"_:x <{E}p> _:anon-1 .",
    }
    assert not source.quads


@pytest.mark.parametrize("kind", [rdflib.Dataset, rdflib.ConjunctiveGraph])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_datasets_of_rdflib_keep_named_graphs(kind: type[rdflib.ConjunctiveGraph]) -> None:
    data = kind()
    a, b = rdflib.URIRef(E + "a"), rdflib.URIRef(E + "b")
    data.add((a, b, rdflib.Literal("x")))
    data.get_context(rdflib.URIRef(E + "g")).add((a, b, rdflib.Literal("y")))
    source = read_object(data, "<data>")
    assert source.quads
    assert lines(source) == {f'<{E}a> <{E}b> "x" .', f'<{E}a> <{E}b> "y" <{E}g> .'}


def test_pyoxigraph() -> None:
    quads = list(pyoxigraph.parse(TURTLE.encode(), pyoxigraph.RdfFormat.TURTLE))
    assert lines(read_object(quads, "<data>")) == LINES
    assert lines(read_object(pyoxigraph.Dataset(quads), "<data>")) == LINES
    assert lines(read_object([quad.triple for quad in quads], "<data>")) == LINES
    store = pyoxigraph.Store()
    store.extend(quads)
    assert len(lines(read_object(store, "<data>"))) == 4  # it rewrites "01"
    with pytest.raises(TypeError, match="int"):
        read_object([1], "<data>")


def test_what_is_no_rdf_is_refused() -> None:
    graph = rdflib.Graph()
    graph.add((rdflib.Literal("a"), rdflib.URIRef(E + "p"), rdflib.Literal("b")))
    with pytest.raises(CompileError) as error:
        read_object(graph, "<data>")
    assert "a literal is no subject" in message(error)


@pytest.mark.parametrize(
    "term",
    [
        Literal("01", IRI(XSD + "integer")),
        Literal(" a  b ", IRI(XSD + "token")),
        Literal("TRUE", IRI(XSD + "boolean")),
        Literal("1.50", IRI(XSD + "decimal")),
        Literal("a\r\n", IRI(XSD + "string")),
        Literal("a", IRI(RDF + "langString"), "en-GB"),
        IRI(E),
        BlankNode("b"),
    ],
)
def test_terms_survive_rdflib(term: IRI | BlankNode | Literal) -> None:
    assert from_rdflib(to_rdflib(term)) == term


def test_strings_are_escaped() -> None:
    assert quoted('\x00"\\\n\r\t\x7fé') == '"\\u0000\\"\\\\\\n\\r\\t\\u007Fé"'


# Errors


def test_errors_name_their_line(tmp_path: Path) -> None:
    file = tmp_path / "data.ttl"
    text = "ex:a ex:p ex:b .\nex:a ex:p .\nex:skipped ex:p ex:too .\nex:c ex:p ex:d .\n"
    file.write_text(f"@prefix ex: <{E}> .\n{text}")
    with pytest.raises(CompileError) as error:
        read_file(str(file))
    assert message(error).startswith(f"{file}:3:11: error: ")
    source = read_file(str(file), lenient=True)
    assert lines(source) == {f"<{E}a> <{E}p> <{E}b> .", f"<{E}c> <{E}p> <{E}d> ."}
    assert [w.severity for w in source.warnings] == ["warning"]
    assert "left out" in source.warnings[0].fix


def test_odd_iris_are_kept_with_a_warning() -> None:
    source = read_text(b"<http://e/a\\u0020b> <a:b> <a:c> .", "turtle")
    assert lines(source) == {"<http://e/a\\u0020b> <a:b> <a:c> ."}
    assert [w.severity for w in source.warnings] == ["warning"]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("data.rdf", b"<?xml version='1.0'?><rdf:RDF", "error"),
        ("data.jsonld", b'{"@id": ', "error"),
        ("data.trix", b"<TriX>", "correct the syntax"),
        ("data.ttl", b"<a:b> <a:c> '\xff' .", "not UTF-8"),
        ("data.ttl", b"<a:b> <a:c> <<( <a:b> <a:c> 1 )>> .", "RDF 1.2"),
        ("data.nt.gz", b"no gzip", "damaged"),
        ("data.nt.gz", gzip.compress(b"a" * 4000, mtime=0)[:-9], "damaged"),
    ],
)
def test_bad_files_are_errors(tmp_path: Path, name: str, content: bytes, expected: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(CompileError) as error:
        list(read_file(str(file)).chunks())
    assert expected in message(error)
    assert message(error).startswith(str(file))


def test_missing_files_folders_and_formats(tmp_path: Path) -> None:
    for file, expected in ((tmp_path / "none.nt", "no such file"), (tmp_path, "is a folder")):
        with pytest.raises(CompileError) as error:
            read_file(str(file))
        assert expected in message(error)
    with pytest.raises(CompileError) as error:
        read_text(b"", "csv")
    assert "no format" in message(error)


def test_endings() -> None:
    assert compressed.plain_name("a/b.nt.gz") == "a/b.nt"
    assert compressed.plain_name("b.ttl.ZST") == "b.ttl"
    assert compressed.plain_name("b.ttl") == "b.ttl"


# Places


def test_focus_nodes_are_found_in_turtle() -> None:
    lines = [
        f"@prefix ex: <{E}> . # ex:b",
        "ex:x ex:p 'ex:b a .' . ex:a ex:p [",
        '  ex:q "é", """',
        'ex:b""" ; ex:r ex:a ] . _:c ex:p 1 .',
        "  ex:b",
        "    ex:p ex:a .",
        f" <{E}long> ex:q 2 . ex:b ex:q ex:c .",
    ]
    source = read_text("\n".join(lines).encode(), None, name="data.ttl")
    expected: dict[Term, str] = {
        IRI(E + "x"): "data.ttl:2:1",
        IRI(E + "b"): "data.ttl:5:3",
        IRI(E + "a"): "data.ttl:2:24",
        IRI(E + "long"): "data.ttl:7:2",
        BlankNode("c"): "data.ttl:4:25",
        BlankNode("anon-1"): "data.ttl:3:3",
        IRI(E + "absent"): "None",
        IRI(E + "c"): "None",
    }
    assert dict(zip(expected, placed([source], *expected), strict=True)) == expected


def placed(sources: list[Source], *terms: Term) -> list[str]:
    """The positions of terms in the sources."""
    shape, component = IRI(E + "S"), IRI(SH + "MinCountConstraintComponent")
    found = [Result(t, None, None, shape, component, IRI(SH + "Violation")) for t in terms]
    report = Report(tuple(found), len(found), (), (), Statistics(0, 0, 0, 0, 0, 0, 0))
    return [str(result.position) for result in with_places(report, sources).results]


def test_focus_nodes_are_found_in_lines(tmp_path: Path) -> None:
    file = tmp_path / "data.nt.gz"
    lines = f"# <{E}a>\n<{E}b> <{E}p> <{E}a> .\r\n\n \t<{E}a>\t<{E}p> 'x' .\n_:x<{E}p> _:y ."
    file.write_bytes(gzip.compress(lines.encode()))
    terms: list[Term] = [IRI(E + "a"), IRI(E + "b"), BlankNode("x"), BlankNode("y")]
    source = read_file(str(file))
    assert placed([source], *terms) == [f"{file}:4:3", f"{file}:2:1", f"{file}:5:1", "None"]
    halves = Source("d", [lines[:50].encode(), lines[50:].encode()], False, verbatim=True)
    assert placed([halves], *terms) == ["d:4:3", "d:2:1", "d:5:1", "None"]


def test_places_are_looked_for_where_they_are_shown() -> None:
    source = read_text("".join(f"<{E}n{n}> <a:b> 1 .\n" for n in range(5)).encode(), "nt")
    shape, severity = IRI(E + "S"), IRI(SH + "Violation")
    kinds = [IRI(f"{SH}{name}ConstraintComponent") for name in ("MinCount", "MaxCount")]
    found = [
        Result(IRI(f"{E}n{n}"), None, None, shape, kind, severity)
        for kind, numbers in zip(kinds, ((0, 1, 2), (3, 4)), strict=True)
        for n in numbers
    ]
    report = Report(tuple(found), 5, (), (), Statistics(0, 0, 0, 0, 0, 0, 0))
    lines = [r.position and r.position.line for r in with_places(report, [source], 2).results]
    assert lines == [1, 2, None, 4, 5]


def test_labels_are_of_one_source() -> None:
    one, two = (read_text(f"_:x <a:b> 1 . <{E}a> <a:b> 2 .".encode(), None) for _ in range(2))
    assert placed([one, two], IRI(E + "a"), BlankNode("x")) == ["<stdin>:1:15", "None"]


def test_converted_lines_are_nobody_s() -> None:
    source = read_text(RDF_XML.encode(), None)
    assert placed([source], IRI(E + "a")) == ["None"]


def test_only_newlines_end_lines() -> None:
    text = f"<{E}a> <a:b> 1 .\r<{E}b> <a:b> 1 .\r\n<{E}c> <a:b> 1 ."
    source = read_text(text.encode(), "turtle")
    terms = [IRI(E + name) for name in "abc"]
    assert [p.split(":")[1] for p in placed([source], *terms)] == ["1", "1", "2"]


def test_warnings_are_diagnostics() -> None:
    source = read_text(b"<http://e/a\\u0020b> <a:b> <a:c> .", "turtle")
    assert all(isinstance(warning, Diagnostic) for warning in source.warnings)
