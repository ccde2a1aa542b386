# SPDX-License-Identifier: Apache-2.0
"""Reports in Turtle: a sh:ValidationReport with its results inside."""

from __future__ import annotations

from collections.abc import Iterator

from cns_build import model as m
from cns_build.diagnostics import Locate
from cns_build.graph.report import Report, Result
from cns_build.graph.terms import bracketed
from cns_build.graph.writers.names import Names
from cns_build.graph.writers.rdf import OPERATORS, Labels, properties


def to_turtle(report: Report, locate: Locate) -> Iterator[str]:
    """Yield one statement; literals with their lexical form, blank nodes with their labels."""
    names, labels = Names(report.prefixes), Labels(report)
    yield from (f"@prefix {p}: {bracketed(iri)} .\n" for p, iri in names.prefixes.items())
    yield "\n[] a sh:ValidationReport ;\n"
    yield f"  sh:conforms {'true' if report.conforms else 'false'}"
    for number, result in enumerate(report.results):
        yield ",\n    " if number else " ;\n  sh:result\n    "
        yield _result(result, names, labels, "    ")
    yield " .\n"


def _result(result: Result, names: Names, labels: Labels, indent: str) -> str:
    lines = ["[ a sh:ValidationResult"]
    for name, value in properties(result, labels):
        if isinstance(value, Result):
            text = _result(value, names, labels, f"{indent}  ")
        elif isinstance(value, (m.IRI, m.BlankNode, m.Literal)):
            text = names.exact(value)
        else:
            text = path_text(value, names)
        lines.append(f"{indent}  sh:{name} {text}")
    return " ;\n".join(lines) + " ]"


def path_text(path: m.Path, names: Names) -> str:
    """Return a property path as SHACL writes it in Turtle."""
    match path:
        case m.PredicatePath(iri):
            return names.iri(iri.value)
        case m.SequencePath(paths):
            return _list_text(paths, names)
        case m.AlternativePath(paths):
            return f"[ sh:alternativePath {_list_text(paths, names)} ]"
    return f"[ sh:{OPERATORS[type(path)]} {path_text(path.path, names)} ]"


def _list_text(paths: tuple[m.Path, ...], names: Names) -> str:
    return f"( {' '.join(path_text(path, names) for path in paths)} )"
