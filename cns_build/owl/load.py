# SPDX-License-Identifier: Apache-2.0
"""Load the ontologies of one compilation, and what they import."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from cns_build.diagnostics import CompileError, Diagnostic
from cns_build.frontend.imports import read_all
from cns_build.frontend.load import in_order, located
from cns_build.frontend.positions import Sources
from cns_build.frontend.report import Report
from cns_build.model import Waiver
from cns_build.owl.axioms import Ontology
from cns_build.owl.read import read_ontology


@dataclass(frozen=True, slots=True)
class LoadedOntology:
    """What files and their imports state, and the prefixes that they declare."""

    ontology: Ontology
    sources: Sources
    prefixes: Mapping[str, str]
    warnings: tuple[Diagnostic, ...]
    waivers: tuple[Waiver, ...]


def load_ontology(
    files: Sequence[str], *, catalog: Sequence[str] = (), waive: Collection[str] = ()
) -> LoadedOntology:
    """Return what the files state.

    Raises CompileError with all errors and warnings, in the order of files and lines.
    """
    report = Report(waive)
    documents = read_all(files, [], catalog, report).documents
    sources = Sources(documents)
    ontology = read_ontology(documents, report)
    report.warn_unused()
    diagnostics = in_order(report.diagnostics, sources)
    if report.failed:
        raise CompileError(*(located(diagnostic, sources) for diagnostic in diagnostics))
    waivers = tuple(report.waivers)
    return LoadedOntology(ontology, sources, report.prefixes, tuple(diagnostics), waivers)
