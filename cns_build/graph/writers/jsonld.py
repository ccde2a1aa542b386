# SPDX-License-Identifier: Apache-2.0
"""Reports in JSON-LD 1.1: the same triples as in Turtle, with all IRIs of terms in full."""

from __future__ import annotations

from collections.abc import Iterator

from cns_build import model as m
from cns_build.diagnostics import Locate
from cns_build.graph.report import Report, Result
from cns_build.graph.terms import STRING
from cns_build.graph.writers.jsontext import JSON, streamed
from cns_build.graph.writers.rdf import OPERATORS, Labels, properties
from cns_build.vocabulary import SH

_REPEATED = ("resultMessage", "detail")


def to_jsonld(report: Report, locate: Locate) -> Iterator[str]:
    """Yield one object: the report, with its results inside."""
    labels = Labels(report)
    head = {
        "@context": {"sh": SH},
        "@type": "sh:ValidationReport",
        "sh:conforms": report.conforms,
    }
    results = (_result(result, labels) for result in report.results)
    yield from streamed(head, "sh:result", results, {})
    yield "\n"


def _result(result: Result, labels: Labels) -> JSON:
    content: JSON = {"@type": "sh:ValidationResult"}
    for name, value in properties(result, labels):
        written = _result(value, labels) if isinstance(value, Result) else _value(value)
        if name in _REPEATED:
            content.setdefault(f"sh:{name}", []).append(written)
        else:
            content[f"sh:{name}"] = written
    return content


def _value(value: m.Term | m.Path) -> JSON:
    match value:
        case m.IRI(iri) | m.PredicatePath(m.IRI(iri)):
            return {"@id": iri}
        case m.BlankNode(label):
            return {"@id": f"_:{label}"}
        case m.Literal(lexical, datatype, language):
            return _literal(lexical, datatype, language)
        case m.SequencePath(paths):
            return _list(paths)
        case m.AlternativePath(paths):
            return {"sh:alternativePath": _list(paths)}
    return {f"sh:{OPERATORS[type(value)]}": _value(value.path)}


def _literal(lexical: str, datatype: m.IRI, language: str) -> JSON:
    if language:
        return {"@value": lexical, "@language": language}
    return {"@value": lexical} | ({} if datatype == STRING else {"@type": datatype.value})


def _list(paths: tuple[m.Path, ...]) -> JSON:
    return {"@list": [_value(path) for path in paths]}
