# SPDX-License-Identifier: Apache-2.0
"""What cns says of an ontology and data: triples that follow, and what is inconsistent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph
from pyoxigraph import RdfFormat

from cns_build import _graph
from cns_build.graph.build import build
from cns_build.graph.image import to_image
from cns_build.graph.program import ALL
from cns_build.graph.terms import to_ntriples
from cns_build.model import IRI, BlankNode, Origin, ShapesGraph, Term
from cns_build.owl.axioms import Ontology
from cns_build.owl.closure import Closure, close, rdfs_part
from cns_build.owl.guard import schema_of
from cns_build.owl.inconsistencies import inconsistencies
from cns_build.owl.load import load_ontology
from cns_build.owl.rules_of import rules_of
from cns_build.vocabulary import OWL, RDF, RDFS
from tests.owl.cases import parse
from tests.owl.triples import Triple, Triples

_TYPE = IRI(RDF + "type")


@dataclass(frozen=True)
class Answer:
    """The closed graph, the closed schema, and how many results say that they contradict."""

    triples: list[Triple]
    schema: list[Triple]
    found: int

    @property
    def consistent(self) -> bool:
        """Whether nothing contradicts the axioms."""
        return self.found == 0

    def entails(self, asked: Sequence[Triple], stated: Sequence[Triple]) -> bool:
        """Whether triples follow, by what the input states, its facts and its schema."""
        known = Triples([*stated, *self.triples, *self.schema])
        return not self.consistent or known.entails(asked)


def ntriples(turtle: str) -> bytes:
    """Turtle as the engine reads data."""
    parsed = pyoxigraph.parse(turtle, RdfFormat.TURTLE)
    found = pyoxigraph.serialize(parsed, format=RdfFormat.N_TRIPLES)
    assert found is not None
    return found


def facts_of(files: Sequence[Path], catalog: Sequence[str] = ()) -> bytes:
    """What ontologies say of individuals, as data: no axiom, and no type that is an expression.

    Blank nodes are then those of the data, and no individuals of the ontologies.
    """
    ontology = load_ontology([str(file) for file in files], catalog=catalog).ontology
    facts: list[tuple[Term, ...]] = [
        (fact.subject, fact.predicate, fact.value)
        for fact in ontology.facts
        if not (fact.predicate == _TYPE and isinstance(fact.value, BlankNode))
    ]
    for entity in ontology.entities.values():
        if "individual" in entity.kinds:
            facts.append((entity.iri, _TYPE, IRI(OWL + "NamedIndividual")))
    return _lines(facts).encode()


def _lines(triples: Iterable[tuple[Term, ...]]) -> str:
    return "".join(f"{' '.join(map(to_ntriples, triple))} .\n" for triple in triples)


def answer(
    files: Sequence[Path],
    data: bytes = b"",
    catalog: Sequence[str] = (),
    inference: str = "owlrl",
) -> Answer:
    """Infer from data by ontologies. Raises CompileError."""
    loaded = load_ontology([str(file) for file in files], catalog=catalog)
    ontology = loaded.ontology
    if inference == "rdfs":
        ontology = rdfs_part(ontology)
    closure = close(ontology)
    rules = rules_of(ontology, closure, inference)
    shapes = inconsistencies(ontology, loaded.prefixes, Origin(str(files[0]), 0))
    program = build(ShapesGraph(shapes.shapes), rules=rules, same=True)
    program = replace(program, read=(*program.read, (0, ALL)))
    graph = _graph.Graph(_graph.Program(to_image(program)))
    graph.read([data], 1, False)
    graph.close()
    run = _graph.Run(graph)
    for shape in sorted({target.shape for target in program.targets}):
        run.validate(shape)
    inferred = b"".join(bytes(chunk) for chunk in graph.ntriples())
    schema = _lines(_schema(ontology, closure, inference))
    return Answer(
        parse(inferred.decode(), RdfFormat.N_TRIPLES),
        parse(schema, RdfFormat.N_TRIPLES),
        run.found,
    )


def _schema(ontology: Ontology, closure: Closure, inference: str) -> Iterator[tuple[Term, ...]]:
    """What follows of named classes and properties; RDFS extends no domains and ranges."""
    orders = (("subClassOf", closure.classes), ("subPropertyOf", closure.properties))
    for name, order in orders:
        for lower in order.above:
            for upper in order.all_above(lower):
                if isinstance(lower, IRI) and isinstance(upper, IRI):
                    yield lower, IRI(RDFS + name), upper
    if inference == "owlrl":
        yield from schema_of(ontology, closure)
