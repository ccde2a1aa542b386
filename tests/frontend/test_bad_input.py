# SPDX-License-Identifier: Apache-2.0
"""Input that cannot be compiled: where the message points, what it says, what it advises."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator

import pytest

from cns_build.frontend import load
from cns_build.model import IRI, In
from tests.frontend.inputs import EX, PREFIXES, Loader

SHAPE = "ex:S a sh:NodeShape ; sh:targetClass ex:C ;\n"
NOBODY = 65534


def test_missing_file(loader: Loader) -> None:
    assert loader.errors("none.ttl") == "none.ttl: error: no such file; check the path\n"


def test_folder(loader: Loader) -> None:
    os.mkdir("folder.ttl")
    printed = loader.errors("folder.ttl")
    assert printed.startswith("folder.ttl: error: is a folder; name a file")


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    """Give up the rights of root, who reads everything, for a while."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    yield
    os.seteuid(before)


def test_unreadable_file(loader: Loader) -> None:
    os.chmod(loader.write(SHAPE + "."), 0)
    with as_nobody():
        printed = loader.errors("shapes.ttl")
    assert "shapes.ttl: error: cannot be read: Permission denied" in printed


def test_file_below_a_file(loader: Loader) -> None:
    loader.write(SHAPE + ".", "a.ttl")
    assert "a.ttl/b.ttl: error: cannot be read: Not a directory" in loader.errors("a.ttl/b.ttl")


@pytest.mark.parametrize("data", [b"", b" \n\t\n", b"\xef\xbb\xbf"])
def test_empty_file(loader: Loader, data: bytes) -> None:
    loader.write(data, "empty.ttl")
    assert loader.errors("empty.ttl").startswith("empty.ttl:1:1: error: the file is empty")


def test_file_without_triples(loader: Loader) -> None:
    loader.write("# nothing\n", "nothing.ttl")
    printed = loader.errors("nothing.ttl")
    assert "nothing.ttl: warning: the file has no triples" in printed
    assert "nothing.ttl: error: no shapes" in printed


def test_invalid_utf8_points_at_the_byte(loader: Loader) -> None:
    loader.write(PREFIXES.encode() + 'ex:S ex:é "ä\udcff" .\n'.encode("utf-8", "surrogateescape"))
    printed = loader.errors("shapes.ttl").splitlines()
    assert printed[0] == ("shapes.ttl:7:13: error: byte 0xff is not UTF-8; save the file as UTF-8")
    assert printed[2].index("^") == printed[1].index("\ufffd")
    assert len(printed) == 3


def test_utf16(loader: Loader) -> None:
    loader.write((PREFIXES + SHAPE + ".").encode("utf-16"))
    assert "shapes.ttl:1:1: error: byte 0xff is not UTF-8" in loader.errors("shapes.ttl")


def test_every_syntax_error_is_told(loader: Loader) -> None:
    loader.write('ex:S a "p" "q" .\nex:S "p" ex:o .\nex:a ex:b ex:c .\nex:S [] ex:o .\n')
    printed = re.findall(r"shapes\.ttl:(\d+):(\d+): error: ", loader.errors("shapes.ttl"))
    assert printed == [("7", "12"), ("8", "6"), ("10", "6")]


def test_unknown_prefix(loader: Loader) -> None:
    loader.write("ex:S a sh:NodeShape ;\n  sh:datatype xs:string .\n")
    assert loader.errors("shapes.ttl") == (
        "shapes.ttl:8:15: error: the prefix xs: has not been declared; declare it with @prefix\n"
        "    sh:datatype xs:string .\n"
        "                ^\n"
    )


def test_unclosed_string(loader: Loader) -> None:
    loader.write('ex:S sh:message "abc .\nex:a ex:b ex:c .\n')
    printed = loader.errors("shapes.ttl")
    assert printed.startswith("shapes.ttl:7:17: error: ")


def test_unclosed_iri_does_not_swallow_the_next_statement(loader: Loader) -> None:
    loader.write("ex:S sh:targetClass <http://example.org/C .\nex:S a <http://example.org/D> .\n")
    printed = loader.errors("shapes.ttl")
    assert printed.startswith("shapes.ttl:7:21: error: invalid IRI code point")
    assert "close what begins here" in printed


def test_errors_of_several_files_come_in_the_order_of_the_command_line(loader: Loader) -> None:
    loader.write("ex:S a .", "b.ttl")
    loader.write("ex:S a .", "a.ttl")
    loader.write("ex:S a .", "o.ttl")
    printed = loader.errors("b.ttl", "a.ttl", "none.ttl", ontologies=["o.ttl"])
    assert re.findall(r"^(\w+\.ttl)\S* error", printed, re.M) == [
        "o.ttl",
        "b.ttl",
        "a.ttl",
        "none.ttl",
    ]


def test_missing_import(loader: Loader) -> None:
    loader.write("<> owl:imports ex:other .\n" + SHAPE + ".")
    assert loader.errors("shapes.ttl") == (
        "shapes.ttl:7:16: error: <http://example.org/other> is imported, and no given file has it;"
        " pass --catalog DIR with a folder that has it,"
        " or --waive import:http://example.org/other\n"
        "  <> owl:imports ex:other .\n"
        "                 ^\n"
    )


def test_import_of_a_literal(loader: Loader) -> None:
    loader.write('<> owl:imports "other.ttl" .\n' + SHAPE + ".")
    assert 'owl:imports needs an IRI, got "other.ttl"' in loader.errors("shapes.ttl")


def test_no_shapes(loader: Loader) -> None:
    loader.write("ex:C a owl:Class .")
    assert loader.errors("shapes.ttl").startswith("shapes.ttl: error: no shapes: ")


@pytest.mark.parametrize(
    ("triples", "reason", "at"),
    [
        ("ex:l rdf:first 1 .", "a node has no rdf:rest", (8, 7)),
        ("ex:l rdf:rest () .", "a node has no rdf:first", (8, 7)),
        ("ex:l rdf:first 1 ; rdf:rest ex:l .", "it leads back into itself", (9, 29)),
        ("ex:l rdf:first 1, 2 ; rdf:rest () .", "a node has 2 values of rdf:first", (9, 19)),
        ("ex:l rdf:first 1 ; rdf:rest (), ( 2 ) .", "a node has 2 values of rdf:rest", (9, 35)),
        ("ex:l rdf:first 1 ; rdf:rest 2 .", "it ends in a literal", (9, 29)),
        ("ex:l rdf:first 1 ; rdf:rest ex:m .", "a node has no rdf:first", (9, 29)),
    ],
)
def test_ill_formed_list(loader: Loader, triples: str, reason: str, at: tuple[int, int]) -> None:
    loader.write(f"{SHAPE}sh:in ex:l .\n{triples}")
    printed = loader.errors("shapes.ttl")
    line, column = at
    assert printed.startswith(f"shapes.ttl:{line}:{column}: error: ill-formed list: {reason}")
    assert "write the list as ( member … )" in printed


def test_list_that_is_an_ordinary_node(loader: Loader) -> None:
    loader.write(SHAPE + "sh:in ex:nothing .")
    assert "sh:in refers to ex:nothing, which has no triples" in loader.errors("shapes.ttl")


WRONG_VALUES = [
    ("sh:minCount", '"three"', "an integer literal"),
    ("sh:minCount", "1.0", "an integer literal"),
    ("sh:minCount", '"1_0"^^xsd:integer', "an integer literal"),
    ("sh:minCount", '"٣"^^xsd:integer', "an integer literal"),
    ("sh:maxCount", "-1", "an integer that is not negative"),
    ("sh:maxCount", "ex:many", "an integer literal"),
    ("sh:minLength", '"2"^^xsd:string', "an integer literal"),
    ("sh:maxLength", "[]", "an integer literal"),
    ("sh:datatype", '"string"', "an IRI"),
    ("sh:datatype", "[]", "an IRI"),
    ("sh:class", '"C"', "an IRI"),
    ("sh:nodeKind", "sh:Resource", "one of sh:BlankNode, sh:IRI, "),
    ("sh:nodeKind", "ex:IRI", "one of sh:BlankNode, sh:IRI, "),
    ("sh:nodeKind", '"IRI"', "one of sh:BlankNode, sh:IRI"),
    ("sh:minInclusive", "ex:one", "a literal"),
    ("sh:maxExclusive", "[]", "a literal"),
    ("sh:pattern", "ex:p", "a string"),
    ("sh:pattern", '"p"@en', "a string"),
    ("sh:languageIn", '"en"', "a list"),
    ("sh:languageIn", "( ex:en )", "a string"),
    ("sh:uniqueLang", '"yes"', "true or false"),
    ("sh:uniqueLang", '"yes"^^xsd:boolean', "true or false"),
    ("sh:equals", '"p"', "an IRI"),
    ("sh:lessThan", "[]", "an IRI"),
    ("sh:in", '"a"', "a list"),
    ("sh:and", '"a"', "a list"),
    ("sh:or", '( "a" )', "a shape"),
    ("sh:not", "1", "a shape"),
    ("sh:node", '"a"', "a shape"),
    ("sh:property", '"a"', "a shape"),
    ("sh:closed", "1", "true or false"),
    ("sh:deactivated", '"true"', "true or false"),
    ("sh:severity", '"Warning"', "an IRI"),
    ("sh:message", "1", "a string, with or without a language tag"),
    ("sh:targetClass", '"C"', "an IRI"),
    ("sh:targetNode", "[]", "an IRI or a literal"),
    ("sh:targetSubjectsOf", "1", "an IRI"),
    ("sh:targetObjectsOf", "[]", "an IRI"),
]


@pytest.mark.parametrize(("parameter", "value", "wanted"), WRONG_VALUES)
def test_parameter_of_the_wrong_kind(
    loader: Loader, parameter: str, value: str, wanted: str
) -> None:
    text = f"ex:S a sh:PropertyShape ; sh:path ex:p ;\n  {parameter}\n    {value} ."
    loader.write(text)
    printed = loader.errors("shapes.ttl")
    column = 5 + (value.startswith("( ") and 2)
    assert printed.startswith(f"shapes.ttl:9:{column}: error: ")
    assert f"{parameter} needs {wanted}" in printed


def test_wrong_value_is_quoted(loader: Loader) -> None:
    loader.write('ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:minCount "three" ] .')
    printed = loader.errors("shapes.ttl")
    assert printed.startswith(
        'shapes.ttl:7:69: error: sh:minCount needs an integer literal, got "three"; '
    )


SINGLE = """closed datatype flags ignoredProperties in languageIn maxCount maxExclusive
maxInclusive maxLength minCount minExclusive minInclusive minLength nodeKind pattern
qualifiedMaxCount qualifiedMinCount qualifiedValueShape qualifiedValueShapesDisjoint uniqueLang
severity deactivated"""


@pytest.mark.parametrize("parameter", SINGLE.split())
def test_parameter_given_twice(loader: Loader, parameter: str) -> None:
    loader.write(
        "ex:S a sh:PropertyShape ; sh:path ex:p ;\n"
        f"  sh:{parameter} ex:one ;\n  sh:{parameter} ex:two ."
    )
    printed = loader.errors("shapes.ttl")
    name = len(parameter) + 7
    assert (
        f"shapes.ttl:9:{name}: error: ex:S has 2 values of sh:{parameter}, one is allowed"
        in printed
    )
    assert f"shapes.ttl:8:{name}: note: the first value" in printed


@pytest.mark.parametrize("parameter", ["sh:minCount 1", "sh:maxCount 1", "sh:uniqueLang true"])
def test_parameter_of_property_shapes_on_a_node_shape(loader: Loader, parameter: str) -> None:
    loader.write(f"{SHAPE}  {parameter} .")
    printed = loader.errors("shapes.ttl")
    assert printed.startswith(f"shapes.ttl:8:3: error: {parameter.split()[0]} is for property")


def test_property_shape_without_path(loader: Loader) -> None:
    loader.write("ex:S a sh:PropertyShape ; sh:minCount 1 .")
    printed = loader.errors("shapes.ttl")
    assert printed.startswith("shapes.ttl:7:8: error: ex:S is a sh:PropertyShape and has no sh:pa")
    assert printed.count("error:") == 1


def test_property_without_path(loader: Loader) -> None:
    loader.write(SHAPE + "sh:property [ sh:minCount 1 ] .")
    printed = loader.errors("shapes.ttl")
    assert printed.startswith("shapes.ttl:8:13: error: sh:property refers to a blank node, which ")
    assert printed.count("error:") == 1


def test_node_shape_with_path(loader: Loader) -> None:
    loader.write(SHAPE + "sh:path ex:p .")
    assert "shapes.ttl:8:1: error: ex:S is a sh:NodeShape and has a sh:path" in loader.errors(
        "shapes.ttl"
    )


def test_two_paths(loader: Loader) -> None:
    loader.write("ex:S a sh:PropertyShape ; sh:path ex:p, ex:q .")
    assert "shapes.ttl:7:41: error: ex:S has 2 values of sh:path" in loader.errors("shapes.ttl")


def test_sh_node_of_a_property_shape(loader: Loader) -> None:
    loader.write(SHAPE + "sh:node ex:P . ex:P a sh:PropertyShape ; sh:path ex:p .")
    assert "sh:node refers to ex:P, which is a property shape" in loader.errors("shapes.ttl")


@pytest.mark.parametrize(
    ("reference", "column"),
    [
        ("sh:node ex:Gone", 9),
        ("sh:property ex:Gone", 13),
        ("sh:not ex:Gone", 8),
        ("sh:and ( ex:T ex:Gone )", 15),
        ("sh:or ( ex:T ex:Gone )", 14),
        ("sh:xone ( ex:T ex:Gone )", 16),
    ],
)
def test_reference_to_a_missing_shape(loader: Loader, reference: str, column: int) -> None:
    loader.write(f"{SHAPE}{reference} .\nex:T a sh:NodeShape .")
    printed = loader.errors("shapes.ttl")
    name = reference.split()[0]
    assert f"error: {name} refers to shape ex:Gone, which has no triples" in printed
    assert "pass --waive shape:http://example.org/Gone" in printed
    assert printed.startswith("shapes.ttl:8:")


def test_missing_shape_that_stands_in_an_ontology(loader: Loader) -> None:
    loader.write(SHAPE + "sh:node ex:T .")
    loader.write("ex:T a sh:NodeShape .", "o.ttl")
    assert "give o.ttl with --shapes" in loader.errors("shapes.ttl", ontologies=["o.ttl"])


def test_node_instead_of_node_kind(loader: Loader) -> None:
    loader.write(SHAPE + "sh:node sh:IRI .")
    assert "did you mean sh:nodeKind?" in loader.errors("shapes.ttl")


def test_entailment(loader: Loader) -> None:
    loader.write("<> sh:entailment <http://www.w3.org/ns/entailment/RDFS> .\n" + SHAPE + ".")
    assert "shapes.ttl:7:18: error: sh:entailment is not supported" in loader.errors("shapes.ttl")


def test_all_errors_of_a_file_are_told_in_source_order(loader: Loader) -> None:
    loader.write(
        """\
ex:A a sh:NodeShape ; sh:property [ sh:path ex:p ; sh:minCount "x" ] ;
  sh:nodeKind ex:None .
ex:B a sh:NodeShape ; sh:node ex:Gone ; sh:in ex:gone .
ex:C sh:targetClass 1 ; sh:property [ sh:path [] ] .
"""
    )
    found = re.findall(r"shapes\.ttl:(\d+):(\d+): error", loader.errors("shapes.ttl"))
    assert found == [
        ("7", "64"),
        ("8", "15"),
        ("9", "31"),
        ("9", "47"),
        ("10", "21"),
        ("10", "47"),
    ]


def test_ten_thousand_nested_shapes_load(loader: Loader) -> None:
    depth = 10_000
    text = f"{SHAPE}{'sh:not [ ' * depth}sh:nodeKind sh:IRI{' ]' * depth} ."
    assert len(loader.load(text).shapes) == depth + 1


def test_ten_thousand_nested_lists(loader: Loader) -> None:
    depth = 10_000
    loader.write(f"{SHAPE}sh:in {'( ' * depth}1{' )' * depth} .")
    graph, _, _ = load([], ["shapes.ttl"])
    assert len(graph.shapes) == 1


def test_path_nested_ten_thousand_levels(loader: Loader) -> None:
    depth = 10_000
    path = f"{'[ sh:inversePath ' * depth}ex:p{' ]' * depth}"
    loader.write(f"{SHAPE}sh:property [ sh:path {path} ] .")
    printed = loader.errors("shapes.ttl")
    assert "error: the path is nested deeper than 100 levels" in printed
    assert printed.startswith("shapes.ttl:8:")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("deep.ttl", "<< :a :b " * 100_000 + ":c" + " >>" * 100_000 + " :p :o ."),
        ("deep.ttl", ":s :p " + "<<( :a :b " * 100_000 + ":c" + " )>>" * 100_000 + " ."),
        ("deep.jsonld", '{"http://example.org/p": ' * 100_000 + "1" + "}" * 100_000),
        ("deep.jsonld", '{"http://example.org/p": ' + "[" * 100_000 + "]" * 100_000 + "}"),
    ],
)
def test_nesting_that_would_overflow_the_parser(loader: Loader, name: str, text: str) -> None:
    prefix = "@prefix : <http://example.org/> .\n" if name == "deep.ttl" else ""
    loader.write((prefix + text).encode(), name)
    assert "error: nested deeper than 1000 levels" in loader.errors(name)


def test_triple_terms(loader: Loader) -> None:
    loader.write("ex:S ex:p <<( ex:a ex:b ex:c )>> .")
    assert "shapes.ttl: error: a triple term (RDF 1.2) is not supported" in loader.errors(
        "shapes.ttl"
    )


def test_list_of_100_000_members(loader: Loader) -> None:
    members = " ".join(str(n) for n in range(100_000))
    shape = loader.load(f"{SHAPE}sh:in ( {members} ) .").shapes[IRI(EX + "S")]
    (constraint,) = shape.constraints
    assert isinstance(constraint, In)
    assert str(constraint.values[-1]).startswith('"99999"')
    assert len(constraint.values) == 100_000
