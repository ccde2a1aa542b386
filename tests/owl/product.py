# SPDX-License-Identifier: Apache-2.0
"""What cns says of an ontology and data: triples that follow, and what is inconsistent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph
from pyoxigraph import RdfFormat

from cns_build.graph.compiling import compile_program
from cns_build.graph.given import sources_of
from cns_build.graph.terms import to_ntriples
from cns_build.graph.validator import Running, Validator, read_data
from cns_build.model import IRI, BlankNode, Term
from cns_build.owl.closure import close, rdfs_part
from cns_build.owl.guard import schema_of
from cns_build.owl.load import load_ontology
from cns_build.owl.order import Order
from cns_build.vocabulary import OWL, RDF, RDFS
from tests.owl.cases import parse
from tests.owl.triples import Triple, Triples

_TYPE = IRI(RDF + "type")


@dataclass(frozen=True)
class Answer:
    """The closed graph, and how many results say that it contradicts the axioms."""

    triples: list[Triple]
    found: int

    @property
    def consistent(self) -> bool:
        """Whether nothing contradicts the axioms."""
        return self.found == 0

    def entails(self, asked: Sequence[Triple], stated: Sequence[Triple]) -> bool:
        """Whether triples follow, by the graph and what is `stated`."""
        return not self.consistent or Triples([*stated, *self.triples]).entails(asked)


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
    """Infer from N-Triples by ontologies. Raises CompileError."""
    named = [str(file) for file in files]
    made = compile_program([], named, catalog=catalog, inference=inference, keep=True)
    validator = Validator.of(made)
    graph = read_data(validator.loaded, sources_of(data), None, False)
    run = Running(validator, graph, ())
    for shape in validator.selected():
        run.validate(shape)
    triples = b"".join(bytes(chunk) for chunk in graph.ntriples()).decode()
    return Answer(parse(triples, RdfFormat.N_TRIPLES), run.engine.found)


def schema(
    files: Sequence[Path], catalog: Sequence[str] = (), inference: str = "owlrl"
) -> list[Triple]:
    """What follows of named classes and properties, all pairs of a hierarchy included."""
    found = _schema([str(file) for file in files], catalog, inference)
    return parse(_lines(found), RdfFormat.N_TRIPLES)


def _schema(
    files: Sequence[str], catalog: Sequence[str], inference: str
) -> Iterator[tuple[Term, ...]]:
    # RDFS extends no domains and ranges.
    ontology = load_ontology(files, catalog=catalog).ontology
    if inference == "rdfs":
        ontology = rdfs_part(ontology)
    closure = close(ontology)
    yield from _pairs("subClassOf", closure.classes)
    yield from _pairs("subPropertyOf", closure.properties)
    if inference == "owlrl":
        yield from schema_of(ontology, closure)


def _pairs(name: str, order: Order[Any, Any]) -> Iterator[tuple[Term, ...]]:
    for lower in order.above:
        for upper in order.all_above(lower):
            if isinstance(lower, IRI) and isinstance(upper, IRI):
                yield lower, IRI(RDFS + name), upper
