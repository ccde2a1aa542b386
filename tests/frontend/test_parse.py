# SPDX-License-Identifier: Apache-2.0
"""Triples as written: formats, lexical forms, blank nodes, relative and strange IRIs."""

from __future__ import annotations

import itertools
import subprocess
import sys

import pytest

from cns_build.frontend import load
from cns_build.frontend.parse import Document, read_document
from cns_build.model import IRI, BlankNode, Literal, TargetClass
from cns_build.vocabulary import RDF, XSD
from tests.frontend.inputs import EX, PREFIXES, Loader, messages
from tests.paths import ROOT


def read(file: str) -> Document:
    labels = itertools.count()
    return read_document(file, lambda: f"b{next(labels)}")


def literal(lexical: str, datatype: str = "string", language: str = "") -> Literal:
    return Literal(lexical, IRI(XSD + datatype), language)


def test_lexical_forms_are_kept(loader: Loader) -> None:
    text = 'ex:s ex:p "01"^^xsd:integer, 007, +1.50, 1E0, "TRUE"^^xsd:boolean, " x "^^xsd:token .'
    terms = [term for _, _, term in read(loader.write(text)).triples]
    assert terms == [
        literal("01", "integer"),
        literal("007", "integer"),
        literal("+1.50", "decimal"),
        literal("1E0", "double"),
        literal("TRUE", "boolean"),
        literal(" x ", "token"),
    ]


def test_language_tags(loader: Loader) -> None:
    (triple,) = read(loader.write('ex:s ex:p "x"@de-AT .')).triples
    assert triple[2] == Literal("x", IRI(RDF + "langString"), "de-at")


FORMATS = {
    "x.ttl": '<http://s> <http://p> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .',
    "x.shacl": '<http://s> <http://p> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .',
    "x.unknown": '<http://s> <http://p> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .',
    "x.owl": '<http://s> <http://p> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .',
    "x.nt": '<http://s> <http://p> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .\n',
    "x.nq": '<http://s> <http://p> "01"^^<http://www.w3.org/2001/XMLSchema#integer> <http://g> .',
    "x.trig": "<http://g> { <http://s> <http://p> "
    '"01"^^<http://www.w3.org/2001/XMLSchema#integer> }',
    "x.n3": '<http://s> <http://p> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .',
    "x.jsonld": '{"@id": "http://s", "http://p": {"@value": "01", '
    '"@type": "http://www.w3.org/2001/XMLSchema#integer"}}',
    "x.rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:h="http://">'
    '<rdf:Description rdf:about="http://s"><h:p '
    'rdf:datatype="http://www.w3.org/2001/XMLSchema#integer">01</h:p></rdf:Description></rdf:RDF>',
    "x.trix": '<TriX xmlns="http://www.w3.org/2004/03/trix/trix-1/"><graph><triple>'
    "<uri>http://s</uri><uri>http://p</uri><typedLiteral "
    'datatype="http://www.w3.org/2001/XMLSchema#integer">01</typedLiteral></triple></graph></TriX>',
    "x.hext": '["http://s", "http://p", "01", "http://www.w3.org/2001/XMLSchema#integer", "", ""]',
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_triple(loader: Loader, name: str) -> None:
    document = read(loader.write(FORMATS[name].encode(), name))
    assert messages(document.diagnostics) == []
    assert document.triples == ((IRI("http://s"), "http://p", literal("01", "integer")),)


@pytest.mark.parametrize("name", ["x.trix", "x.hext", "x.rdf", "x.jsonld", "x.json"])
def test_broken_files_of_other_formats(loader: Loader, name: str) -> None:
    loader.write(b'<?xml version="1.0"?><a><b>["', name)
    printed = loader.errors(name)
    assert printed.startswith(name)
    assert "error: " in printed


def test_json_ld_never_asks_the_network(loader: Loader) -> None:
    loader.write(b'{"@context": "http://schema.org/", "@id": "http://s", "name": "n"}', "x.jsonld")
    assert "x.jsonld: error: no LoadDocumentCallback" in loader.errors("x.jsonld")


def test_blank_nodes_are_named_in_order_and_apart_for_each_file(loader: Loader) -> None:
    one = loader.write("_:x ex:p _:y . [ ex:p _:x ] .", "one.ttl")
    two = loader.write("_:x ex:p _:x .", "two.ttl")
    labels = itertools.count()
    documents = [read_document(f, lambda: f"b{next(labels)}") for f in (one, two)]
    nodes = [[(s, o) for s, _, o in d.triples] for d in documents]
    b = [BlankNode(f"b{n}") for n in range(4)]
    assert nodes == [[(b[0], b[1]), (b[2], b[0])], [(b[3], b[3])]]


def test_relative_iris_do_not_depend_on_the_folder(loader: Loader) -> None:
    loader.write("<> ex:p <#a>, </b>, <c.ttl> .", "deep/in/a folder/x ä.ttl")
    document = read(str(loader.folder / "deep/in/a folder/x ä.ttl"))
    terms = [document.triples[0][0], *(term for _, _, term in document.triples)]
    assert [str(term) for term in terms] == [
        "<file:///x%20%C3%A4.ttl>",
        "<file:///x%20%C3%A4.ttl#a>",
        "<file:///b>",
        "<file:///c.ttl>",
    ]


def test_base_is_used(loader: Loader) -> None:
    document = read(loader.write("@base <http://b/> . <s> <p> <o> ."))
    assert document.triples == ((IRI("http://b/s"), "http://b/p", IRI("http://b/o")),)


@pytest.mark.parametrize(
    ("iri", "reason"),
    [
        ("http://example.org/a#b#c", "invalid IRI code point '#'"),
        ("http://example.org/a b", "invalid IRI code point ' '"),
        ("http://example.org/{a}|b", "invalid IRI code point '{'"),
        ("http://example.org/%zz", "invalid IRI percent encoding '%zz'"),
    ],
)
def test_strange_iris_are_kept_with_a_warning(loader: Loader, iri: str, reason: str) -> None:
    text = f"ex:S a sh:NodeShape ; sh:targetClass\n <{iri}> ."
    printed = loader.warnings(text)
    assert printed.splitlines() == [
        f"shapes.ttl:8:2: warning: {reason}: <{iri}> (kept as written); correct it [kept-iri]",
        f"   <{iri}> .",
        "   ^",
    ]
    graph, _, _ = load([], ["shapes.ttl"])
    (target,) = graph.shapes[IRI(EX + "S")].targets
    assert isinstance(target, TargetClass)
    assert target.iri == IRI(iri)


def test_many_strange_iris_are_counted_and_do_not_hide_an_error(loader: Loader) -> None:
    many = "".join(f"ex:s ex:p <http://example.org/a#{n}#> .\n" for n in range(50))
    printed = loader.warnings(f"{many} ex:S a sh:NodeShape .")
    assert printed.count("(kept as written)") == 20
    assert printed.endswith("shapes.ttl: note: and 30 more of this kind\n")
    assert printed.startswith("shapes.ttl:7:")
    loader.write(f"{many} ex:S a <http://example.org/a .\nex:S a <http://example.org/b> .")
    assert "shapes.ttl:57:9: error: invalid IRI code point" in loader.errors("shapes.ttl")


def test_strange_namespace_warns_once_and_expands(loader: Loader) -> None:
    text = "@prefix s: <http://s/a b#> . s:S a sh:NodeShape ."
    assert loader.warnings(text).count("warning:") == 1
    graph, _, _ = load([], ["shapes.ttl"])
    assert list(graph.shapes) == [IRI("http://s/a b#S")]


def test_relative_iri_in_n_triples_is_an_error(loader: Loader) -> None:
    loader.write(b"<http://s> <http://p> <o> .\n", "x.nt")
    assert loader.errors("x.nt").startswith("x.nt:1:23: error: no scheme found")


def test_prefixes_of_shapes_come_before_those_of_ontologies(loader: Loader) -> None:
    loader.write(b"@prefix p: <http://shapes/> . p:S a <http://www.w3.org/ns/shacl#NodeShape> .")
    loader.write(b"@prefix p: <http://o/> . @prefix q: <http://q/> . p:C a p:D .", "o.ttl")
    graph, _, _ = load(["o.ttl"], ["shapes.ttl"])
    assert dict(graph.prefixes) == {"p": "http://shapes/", "q": "http://q/"}


def test_the_usual_way_does_not_import_rdflib(loader: Loader) -> None:
    loader.write("<> owl:imports <other.ttl> . ex:S a sh:NodeShape ; sh:in ( 1 ) .")
    loader.write("ex:C a owl:Class .", "catalog/other.ttl")
    program = (
        "import sys; from cns_build.frontend import load\n"
        "load([], ['shapes.ttl'], catalog=['catalog'])\n"
        "print([m for m in ('rdflib', 'numpy', 'xml', 'difflib', 'urllib') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"


def test_reading_twice_gives_equal_results(loader: Loader) -> None:
    name = loader.write("ex:S a sh:NodeShape ; sh:property [ sh:path [ sh:inversePath ex:p ] ] .")
    assert load([], [name])[0] == load([], [name])[0]


def test_prefix_lines_are_counted() -> None:
    assert PREFIXES.count("\n") == 6
