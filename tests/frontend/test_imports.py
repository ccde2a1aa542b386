# SPDX-License-Identifier: Apache-2.0
"""owl:imports: from given files and local catalogs, each file once, never the network."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pytest

from cns_build.frontend import load
from cns_build.model import IRI, Origin, Waiver
from tests.frontend.inputs import EX, Loader, messages

SHAPES = "ex:shapes owl:imports {} .\nex:shapes a owl:Ontology . ex:S a sh:NodeShape ."


def files(
    loader: Loader,
    imported: str,
    catalog: Sequence[str] = (),
    ontologies: Sequence[str] = (),
    waive: Collection[str] = (),
) -> list[str]:
    """Load shapes that import `imported`, and return the other files read."""
    name = loader.write(SHAPES.format(imported))
    graph, sources, _ = load(ontologies, [name], catalog=catalog, waive=waive)
    catalogs = sources.files[len(graph.files) :]
    assert sources.files == (*graph.files, *catalogs)
    assert all(name.endswith("catalog-v001.xml") for name in catalogs)
    return [file for file in graph.files if file != name]


@pytest.mark.parametrize(
    "text",
    [
        "<http://example.org/other> a owl:Ontology .",
        "<http://example.org/other#> a owl:Ontology .",
        "ex:other rdf:type owl:Ontology .",
        "ex:any a owl:Ontology ; owl:versionIRI ex:other .",
        "@base <http://example.org/other> . <> a owl:Ontology .",
        "# baseURI: http://example.org/other\n<http://elsewhere> a owl:Ontology .",
        "@base <http://example.org/other#> . <x> a ex:C .",
    ],
)
@pytest.mark.parametrize("catalog", ["catalog", "catalog/in/file.ttl"])
def test_the_catalog_finds_an_ontology(loader: Loader, text: str, catalog: str) -> None:
    loader.write("ex:decoy owl:imports ex:other .", "catalog/a.ttl")
    loader.write(text, "catalog/in/file.ttl")
    assert files(loader, "ex:other", [catalog]) == ["catalog/in/file.ttl"]


def test_the_catalog_finds_rdf_xml(loader: Loader) -> None:
    loader.write(
        b'<?xml version="1.0"?>\n'
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        b' xmlns:owl="http://www.w3.org/2002/07/owl#">'
        b'<owl:Ontology rdf:about="http://example.org/other"/></rdf:RDF>',
        "catalog/x.owl",
    )
    assert files(loader, "ex:other", ["catalog"]) == ["catalog/x.owl"]


def test_the_name_of_a_file_is_the_last_resort(loader: Loader) -> None:
    loader.write("ex:x a owl:Class .", "catalog/other.ttl")
    assert files(loader, "ex:other", ["catalog"]) == ["catalog/other.ttl"]
    loader.write("ex:other a owl:Ontology .", "catalog/z.ttl")
    assert files(loader, "ex:other", ["catalog"]) == ["catalog/z.ttl"]


def test_an_ontology_that_is_declared_late(loader: Loader) -> None:
    early = "".join(f"ex:c{n} a owl:Class .\n" for n in range(10_000))
    loader.write(early + "ex:other a owl:Ontology .", "catalog/late.ttl")
    assert files(loader, "ex:other", ["catalog"]) == ["catalog/late.ttl"]


def test_the_first_catalog_wins(loader: Loader) -> None:
    for folder in ("one", "two"):
        loader.write("ex:other a owl:Ontology .", f"{folder}/x.ttl")
    assert files(loader, "ex:other", ["two", "one"]) == ["two/x.ttl"]


def test_an_ontology_that_is_only_mentioned_is_not_it(loader: Loader) -> None:
    loader.write("ex:decoy a owl:Ontology ; owl:imports ex:other .", "catalog/a.ttl")
    loader.write(SHAPES.format("ex:other"))
    assert "<http://example.org/other> is imported" in loader.errors(
        "shapes.ttl", catalog=["catalog"]
    )


def test_an_oasis_catalog(loader: Loader) -> None:
    loader.write("ex:x a owl:Class .", "catalog/files/x.ttl")
    loader.write(
        b'<?xml version="1.0"?>\n'
        b'<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog"><group>'
        b'<uri name="http://example.org/far" uri="http://example.org/far.ttl"/>'
        b'<uri id="a" name="http://example.org/other" uri="files/x.ttl"/></group></catalog>',
        "catalog/catalog-v001.xml",
    )
    assert files(loader, "ex:other", ["catalog"]) == ["catalog/files/x.ttl"]
    loader.write(SHAPES.format("ex:far"))
    assert "<http://example.org/far> is imported" in loader.errors(
        "shapes.ttl", catalog=["catalog"]
    )


def test_an_oasis_catalog_may_be_given_itself_or_be_broken(loader: Loader) -> None:
    loader.write("ex:x a owl:Class .", "c/x.ttl")
    text = b'<catalog><uri name="http://example.org/other" uri="x.ttl"/></catalog>'
    loader.write(text, "c/catalog-v001.xml")
    assert files(loader, "ex:other", ["c/catalog-v001.xml"]) == ["c/x.ttl"]
    loader.write(b"<catalog>", "c/catalog-v001.xml")
    printed = loader.errors("shapes.ttl", catalog=["c/catalog-v001.xml"])
    assert "c/catalog-v001.xml: error: cannot be read as an XML catalog" in printed


def test_an_oasis_catalog_that_names_a_missing_file(loader: Loader) -> None:
    text = b'<catalog><uri name="http://example.org/other" uri="gone.ttl"/></catalog>'
    loader.write(text, "c/catalog-v001.xml")
    loader.write(SHAPES.format("ex:other"))
    assert "c/gone.ttl: error: no such file" in loader.errors("shapes.ttl", catalog=["c"])


def test_a_missing_catalog(loader: Loader) -> None:
    loader.write(SHAPES.format("ex:other"))
    printed = loader.errors("shapes.ttl", catalog=["none"])
    assert "none: error: no such catalog file or folder; correct --catalog" in printed


def test_a_given_file_satisfies_an_import(loader: Loader) -> None:
    loader.write("<http://example.org/other#> a owl:Ontology .", "o.ttl")
    assert files(loader, "ex:other", ontologies=["o.ttl"]) == ["o.ttl"]


def test_a_file_next_to_it_is_imported_by_its_name(loader: Loader) -> None:
    loader.write("ex:C a owl:Class .", "other.ttl")
    assert files(loader, "<other.ttl>", ontologies=["other.ttl"]) == ["other.ttl"]
    assert files(loader, "<other.ttl>", ["."]) == ["./other.ttl"]


def test_known_vocabularies_need_no_file(loader: Loader) -> None:
    assert files(loader, "sh:, <http://www.w3.org/2002/07/owl>, rdf:, rdfs:, xsd:") == []


def test_imports_of_imports_and_cycles(loader: Loader) -> None:
    loader.write("ex:a a owl:Ontology ; owl:imports ex:b .", "c/a.ttl")
    loader.write("ex:b a owl:Ontology ; owl:imports ex:a, ex:shapes, ex:b .", "c/b.ttl")
    assert files(loader, "ex:a", ["c"]) == ["c/a.ttl", "c/b.ttl"]


def test_a_file_is_read_once_under_any_name(loader: Loader) -> None:
    loader.write("ex:S a sh:NodeShape ; sh:property [ sh:path ex:p ] .", "a.ttl")
    graph, sources, _ = load(["./a.ttl"], ["a.ttl", str(loader.folder / "a.ttl")])
    assert sources.files == ("./a.ttl",)
    assert len(graph.shapes[IRI(EX + "S")].constraints) == 1


def test_shapes_come_from_imports_of_shapes_only(loader: Loader) -> None:
    loader.write("ex:b a owl:Ontology . ex:B a sh:NodeShape .", "c/b.ttl")
    loader.write("<o> owl:imports ex:b . ex:O a sh:NodeShape, rdfs:Class .", "o.ttl")
    name = loader.write("ex:S a sh:NodeShape .")
    graph, _, _ = load(["o.ttl"], [name], catalog=["c"])
    assert graph.files == ("o.ttl", name, "c/b.ttl")
    assert list(graph.shapes) == [IRI(EX + "S")]
    name = loader.write("ex:S a sh:NodeShape . <x> owl:imports ex:b .")
    graph, _, _ = load(["o.ttl"], [name], catalog=["c"])
    assert list(graph.shapes) == [IRI(EX + "S"), IRI(EX + "B")]
    assert set(graph.classes) == {IRI(EX + "O")}


@pytest.mark.parametrize("name", ["import:http://example.org/x", "import:<http://example.org/x>"])
def test_a_waived_import(loader: Loader, name: str) -> None:
    loader.write(SHAPES.format("ex:x"))
    graph, _, warnings = load([], ["shapes.ttl"], waive=[name])
    assert messages(warnings) == []
    where = Origin("shapes.ttl", 0)
    assert graph.waivers == (Waiver(name, "import of <http://example.org/x>", where),)


def test_a_waiver_that_matches_nothing(loader: Loader) -> None:
    loader.write(SHAPES.format("owl:"))
    names = {"import:http://example.org/y", "sh:sparql", "nonsense"}
    _, _, warnings = load([], ["shapes.ttl"], waive=names)
    assert messages(warnings) == [
        "--waive import:http://example.org/y matches nothing",
        "--waive nonsense matches nothing",
        "--waive sh:sparql matches nothing",
    ]


def test_every_missing_import_is_told_once_for_each_place(loader: Loader) -> None:
    loader.write("<x> owl:imports ex:gone, ex:lost .\n<y> owl:imports ex:gone .")
    printed = loader.errors("shapes.ttl")
    assert [line[:15] for line in printed.splitlines()[::3]] == [
        "shapes.ttl:7:17",
        "shapes.ttl:7:26",
        "shapes.ttl:8:17",
    ]


def test_a_catalog_file_that_is_no_rdf_is_an_error(loader: Loader) -> None:
    loader.write("ex:other a owl:Ontology .", "other.txt")
    loader.write("ex:S a sh:NodeShape .", "shapes.ttl")
    printed = loader.errors("shapes.ttl", catalog=["other.txt"])
    assert printed.startswith("other.txt: error: no extension of an RDF file")
    assert ".ttl" in printed
