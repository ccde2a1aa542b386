# SPDX-License-Identifier: Apache-2.0
"""The W3C's cases of entailment: for RDF and RDFS, and those of the OWL 2 working group."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyoxigraph import RdfFormat
from rdflib import Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from tests.owl.translations import TRANSLATIONS
from tests.owl.triples import Triple
from tests.paths import SHARED
from tests.reference.terms import OWL, RDF_TYPE, canonical, load, sort_key

_MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
_RDFT = Namespace("http://www.w3.org/ns/rdftest#")
_TEST = Namespace("http://www.w3.org/2007/OWL/testOntology#")


_FORMATS = {".ttl": RdfFormat.TURTLE, ".nt": RdfFormat.N_TRIPLES, ".rdf": RdfFormat.RDF_XML}


def parse(text: str, media: RdfFormat = RdfFormat.TURTLE, base: str | None = None) -> list[Triple]:
    """The triples of a document, each once and sorted; equal terms are one."""
    return triples_of(_load(text, media, base))


def triples_of(graph: Graph) -> list[Triple]:
    """The triples of a graph, each once and sorted; equal terms are one."""
    found = {(canonical(s), canonical(p), canonical(o)) for s, p, o in graph}
    return sorted(found, key=lambda triple: tuple(map(sort_key, triple)))


def read_file(path: Path) -> list[Triple]:
    """The triples of a file, whose format its name tells."""
    return parse(path.read_text(), _FORMATS[path.suffix], path.as_uri())


def _load(text: str, media: RdfFormat, base: str | None) -> Graph:
    if media == RdfFormat.RDF_XML:  # pyoxigraph reads entities in double quotes alone
        text = re.sub(r"(<!ENTITY\s+\w+\s+)'([^'\"]*)'", r'\1"\2"', text)
    return load(text, base=base, media=media, lenient=True)


# RDF and RDFS


@dataclass(frozen=True)
class RdfCase:
    """A case of the RDF semantics tests; `result` is None where it is a contradiction."""

    name: str
    positive: bool
    regime: str
    recognized: tuple[URIRef, ...]
    action: Path
    result: Path | None


def rdf_cases() -> list[RdfCase]:
    """The cases of the manifest, in its order; none where the suite is not here."""
    folder = SHARED / "data/w3c-rdf-mt"
    if not folder.exists():
        return []
    base = folder.as_uri() + "/manifest.ttl"
    graph = load((folder / "manifest.ttl").read_bytes(), base=base)
    (entries,) = graph.objects(URIRef(base), _MF["entries"])
    return [_rdf_case(graph, case, folder) for case in Collection(graph, entries)]


def _rdf_case(graph: Graph, case: Node, folder: Path) -> RdfCase:
    def one(predicate: URIRef) -> Node:
        (found,) = graph.objects(case, predicate)
        return found

    def path(term: Node) -> Path | None:
        name = str(term).removeprefix(folder.as_uri() + "/")
        return folder / name if isinstance(term, URIRef) else None

    action = path(one(_MF["action"]))
    assert action is not None
    recognized = Collection(graph, one(_MF["recognizedDatatypes"]))
    return RdfCase(
        name=str(one(_MF["name"])),
        positive=one(RDF_TYPE) == _MF["PositiveEntailmentTest"],
        regime=str(one(_MF["entailmentRegime"])),
        recognized=tuple(URIRef(str(datatype)) for datatype in recognized),
        action=action,
        result=path(one(_MF["result"])),
    )


# OWL 2


@dataclass(frozen=True)
class Document:
    """An ontology of a case: its text, in RDF/XML or, where it is translated by us, in Turtle."""

    text: str
    media: RdfFormat

    def triples(self) -> list[Triple]:
        """What it states."""
        return parse(self.text, self.media, "http://example.org/base")


@dataclass(frozen=True)
class OwlCase:
    """A case of the OWL 2 test suite. What it has only in functional syntax is None.

    `kinds` are its types, such as PositiveEntailmentTest, by their local names.
    """

    name: str
    kinds: frozenset[str]
    profiles: frozenset[str]
    semantics: frozenset[str]
    status: str
    premise: Document | None
    conclusion: Document | None
    nonconclusion: Document | None
    imports: tuple[tuple[str, Document | None], ...]

    def documents(self) -> dict[str, Document]:
        """The premise, and what it imports and they import in turn, by IRI; "" is the premise."""
        known = {iri: text for iri, text in self.imports if text is not None}
        assert self.premise is not None
        found, waiting = {}, {"": self.premise}
        while waiting:
            iri, document = waiting.popitem()
            found[iri] = document
            named = {str(o) for _, p, o in document.triples() if p == OWL["imports"]}
            waiting |= {iri: known[iri] for iri in named & known.keys() - found.keys()}
        return found

    def premises(self) -> list[Triple]:
        """What the premise and its imports state."""
        return [triple for text in self.documents().values() for triple in text.triples()]

    def asked(self) -> list[Triple]:
        """The triples that follow, or do not."""
        text = self.conclusion or self.nonconclusion
        return [] if text is None else text.triples()


@cache
def owl_cases() -> tuple[OwlCase, ...]:
    """The cases of the suite, by name, those aside that only tell profiles; none without it."""
    path = SHARED / "data/w3c-owl2/all.rdf"
    if not path.exists():
        return ()
    graph = _load(path.read_text(), RdfFormat.RDF_XML, path.as_uri())
    cases = (_owl_case(graph, case) for case in graph.subjects(RDF_TYPE, _TEST["TestCase"]))
    return tuple(sorted((c for c in cases if c.kinds), key=lambda case: case.name))


_KINDS = ("PositiveEntailmentTest", "NegativeEntailmentTest", "ConsistencyTest",
          "InconsistencyTest")  # fmt: skip


def _owl_case(graph: Graph, case: Node) -> OwlCase:
    name = str(graph.value(case, _TEST["identifier"]))

    def names(predicate: URIRef) -> frozenset[str]:
        return frozenset(str(o).rpartition("#")[2] for o in graph.objects(case, predicate))

    def document(kind: str) -> Document | None:
        found = graph.value(case, _TEST[f"rdfXml{kind}Ontology"])
        if found is not None:
            return Document(str(found), RdfFormat.RDF_XML)
        translated = TRANSLATIONS.get((name, kind))
        return None if translated is None else Document(translated, RdfFormat.TURTLE)

    def imported(node: Node) -> tuple[str, Document | None]:
        text = graph.value(node, _TEST["rdfXmlInputOntology"])
        iri = str(graph.value(node, _TEST["importedOntologyIRI"]))
        return iri, None if text is None else Document(str(text), RdfFormat.RDF_XML)

    return OwlCase(
        name=name,
        kinds=names(RDF_TYPE) & frozenset(_KINDS),
        profiles=names(_TEST["profile"]),
        semantics=names(_TEST["semantics"]),
        status="".join(names(_TEST["status"])),
        premise=document("Premise"),
        conclusion=document("Conclusion"),
        nonconclusion=document("NonConclusion"),
        imports=tuple(sorted(map(imported, graph.objects(case, _TEST["importedOntology"])),
                             key=lambda pair: pair[0])),
    )  # fmt: skip
