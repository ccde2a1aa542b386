# SPDX-License-Identifier: Apache-2.0
"""What cns says of an ontology and data: triples that follow, and what is inconsistent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph
from pyoxigraph import RdfFormat

from cns_build import _graph
from cns_build.graph.build import build
from cns_build.graph.image import to_image
from cns_build.graph.program import ALL
from cns_build.model import Origin, ShapesGraph
from cns_build.owl.closure import close
from cns_build.owl.inconsistencies import inconsistencies
from cns_build.owl.load import load_ontology
from cns_build.owl.rules_of import rules_of
from tests.owl.cases import triples_of
from tests.owl.triples import Triple
from tests.reference.terms import load


@dataclass(frozen=True)
class Answer:
    """The closed graph, and how many results say that it is inconsistent."""

    triples: list[Triple]
    found: int

    @property
    def consistent(self) -> bool:
        return self.found == 0


def ntriples(turtle: str) -> bytes:
    """The data as the engine reads them."""
    parsed = pyoxigraph.parse(turtle, RdfFormat.TURTLE)
    return pyoxigraph.serialize(parsed, format=RdfFormat.N_TRIPLES)


def answer(files: Sequence[Path], data: bytes = b"", catalog: Sequence[str] = ()) -> Answer:
    """Infer from data by ontologies, with owlrl. Raises CompileError."""
    loaded = load_ontology([str(file) for file in files], catalog=catalog)
    ontology = loaded.ontology
    rules = rules_of(ontology, close(ontology), "owlrl")
    origin = Origin(str(files[0]), 0)
    shapes = inconsistencies(ontology, loaded.prefixes, origin)
    program = build(ShapesGraph(shapes.shapes), rules=rules, same=True)
    program = replace(program, read=(*program.read, (0, ALL)))
    graph = _graph.Graph(_graph.Program(to_image(program)))
    graph.read([data], 1, False)
    graph.close()
    run = _graph.Run(graph)
    for shape in sorted({target.shape for target in program.targets}):
        run.validate(shape)
    text = b"".join(bytes(chunk) for chunk in graph.ntriples())
    return Answer(triples_of(load(text, media=RdfFormat.N_TRIPLES, lenient=True)), run.found)
