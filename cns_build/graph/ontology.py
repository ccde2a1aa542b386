# SPDX-License-Identifier: Apache-2.0
"""An ontology as what infers from data: its rules, and shapes that find contradictions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from cns_build import model as m
from cns_build.diagnostics import Diagnostic, UsageError
from cns_build.frontend.parse import Document
from cns_build.frontend.report import Report
from cns_build.graph.inference import Inferring
from cns_build.options import INFERENCES
from cns_build.owl.beyond import beyond_warnings
from cns_build.owl.closure import close
from cns_build.owl.inconsistencies import inconsistencies
from cns_build.owl.inferring import inferring_part
from cns_build.owl.read import read_ontology
from cns_build.owl.reading import Reading
from cns_build.owl.rules_of import rules_of


@dataclass(frozen=True, slots=True)
class WithInference:
    """Shapes with those that find contradictions, what infers, and what there is to say."""

    graph: m.ShapesGraph
    inferring: Inferring
    diagnostics: tuple[Diagnostic, ...]


def refuse_inference(inference: str) -> None:
    """Raise UsageError for what is no way to infer."""
    if inference not in INFERENCES:
        what = f"{inference!r} is no inference"
        raise UsageError(Diagnostic(what, fix=f"choose {', '.join(INFERENCES)}"))


def with_inference(
    graph: m.ShapesGraph,
    ontologies: Sequence[Document],
    inference: str,
    *,
    extending: Collection[str] = (),
    keep: bool = False,
    axioms: Reading | None = None,
) -> WithInference:
    """Return what infers by `rdfs` or `owlrl`, and shapes with it.

    Where axioms are read as constraints, these are the shapes, and the other axioms infer.

    The files `extending` are data that hold axioms: what else they state is not taken from here,
    and no axiom in them is refused.
    """
    report = Report(prefixes=graph.prefixes)
    ontology = read_ontology(ontologies, report)
    kept = tuple(fact for fact in ontology.facts if fact.origin.file not in extending)
    ontology = replace(ontology, facts=kept)
    if axioms is not None:
        ontology = inferring_part(ontology, axioms)
    closure = close(ontology)
    rules = rules_of(ontology, closure, inference)
    if extending:
        rules = replace(rules, guarded=(), sealed=())
    found: MappingProxyType[m.Node, m.Shape] = MappingProxyType({})
    warnings: tuple[Diagnostic, ...] = ()
    if inference == "owlrl" and axioms is None:
        origin = m.Origin(ontologies[0].file, 0) if ontologies else m.Origin("", 0)
        made = inconsistencies(ontology, graph.prefixes, origin)
        found = MappingProxyType(dict(made.shapes))
        warnings = (*made.warnings, *beyond_warnings(ontology))
    contradictions = frozenset(found)
    return WithInference(
        replace(graph, shapes=MappingProxyType({**graph.shapes, **found})),
        Inferring(rules, inference == "owlrl", contradictions, keep),
        (*report.diagnostics, *warnings),
    )
