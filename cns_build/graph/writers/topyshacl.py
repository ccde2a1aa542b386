# SPDX-License-Identifier: Apache-2.0
"""Reports in the words of pySHACL, for programs and people that read those."""

from __future__ import annotations

from collections.abc import Iterator

from cns_build import model as m
from cns_build.frontend.convert import KEPT
from cns_build.graph.report import Report, Result
from cns_build.graph.terms import STRING
from cns_build.graph.writers.names import Names, message, not_checked
from cns_build.vocabulary import SH


def to_pyshacl_text(report: Report, conforms: bool) -> str:
    """Return the text that pySHACL's validate gives, but for messages, blank nodes and waivers."""
    names = Names(report.prefixes)
    lines = ["Validation Report", f"Conforms: {conforms}"]
    if report.results:
        lines.append(f"Results ({len(report.results)}):")
    for result in report.results:
        lines += _result(result, names)
    lines += (what[0].upper() + what[1:] for what, _ in not_checked(report.unsupported))
    return "".join(f"{line}\n" for line in lines)


def _result(result: Result, names: Names) -> Iterator[str]:
    kind = "Validation Result"
    if result.severity.value == f"{SH}Violation":
        kind = "Constraint Violation"
    component = result.component.value
    name = component.removeprefix(SH) if component.startswith(SH) else names.iri(component)
    yield f"{kind} in {name} ({component}):"
    yield f"\tSeverity: {names.iri(result.severity.value)}"
    yield f"\tSource Shape: {_term(result.shape, names)}"
    yield f"\tFocus Node: {_term(result.focus, names)}"
    if result.value is not None:
        yield f"\tValue Node: {_term(result.value, names)}"
    if result.path is not None:
        yield f"\tResult Path: {names.path(result.path)}"
    if result.constraint is not None:
        yield f"\tSource Constraint: {_term(result.constraint, names)}"
    for text in sorted({t.lexical for t in result.messages}) or [message(result)]:
        yield f"\tMessage: {text}"


def _term(term: m.Term, names: Names) -> str:
    if isinstance(term, m.BlankNode):
        return f"_:{term.label.removeprefix(KEPT)}"
    if isinstance(term, m.IRI):
        return names.iri(term.value)
    if term.language:
        return f'Literal("{term.lexical}", lang={term.language})'
    if term.datatype == STRING:
        return f'Literal("{term.lexical}")'
    return f'Literal("{term.lexical}", datatype={names.iri(term.datatype.value)})'
