# SPDX-License-Identifier: Apache-2.0
"""Answers as RDF: a sh:ValidationReport for each, in Turtle.

When: prov:generatedAtTime where the clock is known, else a time:TimePosition in the clock of the
application, <urn:cns:clock>. The id of the signal is its dcterms:identifier.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cns_build import model as m
from cns_build.decode import contract
from cns_build.decode.answers import Answer, Decoded, Finding
from cns_build.decode.clock import Clock
from cns_build.decode.table import verdict_text
from cns_build.decode.values import Value
from cns_build.diagnostics import printable
from cns_build.ir.messages import OWN
from cns_build.vocabulary import CNS, RDF, SH, XSD

_HEAD = f"""@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <{SH}> .
@prefix time: <http://www.w3.org/2006/time#> .
@prefix xsd: <{XSD}> .
"""
_CLOCK = "<urn:cns:clock>"


def to_turtle(decoded: Sequence[Decoded], clock: Clock) -> str:
    """Return one graph with the reports of all dumps; what validated nothing is a comment."""
    answers = [answer for one in decoded for answer in one.answers]
    reports = (_report(number, answer, clock) for number, answer in enumerate(answers))
    return "\n".join([_HEAD, *reports])


def _report(number: int, answer: Answer, clock: Clock) -> str:
    if answer.conforms is None or any(finding.check is None for finding in answer.findings):
        return _comment(answer)
    lines = [f"_:report{number} a sh:ValidationReport"]
    lines.append(f"sh:conforms {'true' if answer.conforms else 'false'}")
    if answer.signal is not None:
        lines.append(f'dcterms:identifier "{answer.signal}"^^xsd:unsignedInt')
    if answer.kind is not None:
        lines.append(f"rdfs:label {_quoted(answer.kind)}")
    if answer.timestamp is not None:
        lines.append(_time(answer.timestamp, clock))
    if _is_partial(answer):
        lines.append(f"rdfs:comment {_quoted(verdict_text(answer))}")
    here = {finding.index for finding in answer.findings}
    tops = [f for f in answer.findings if f.detail_of - 1 not in here]
    lines += [f"sh:result _:r{number}x{finding.index}" for finding in tops]
    results = [_result(number, finding, answer) for finding in answer.findings]
    return "".join([" ;\n    ".join(lines), " .\n", *results])


def _comment(answer: Answer) -> str:
    """Return a comment for a signal that was not validated, or whose model has no map."""
    what = answer.kind or f"model {answer.fingerprint:08x}"
    signal = "" if answer.signal is None else f", signal {answer.signal}"
    return f"# {printable(what)}{signal}: {verdict_text(answer)}\n"


def _is_partial(answer: Answer) -> bool:
    return answer.verdict is None or bool(answer.verdict.truncated or answer.missing)


def _time(ticks: int, clock: Clock) -> str:
    moment = clock.moment(ticks)
    if moment is not None:
        return f'prov:generatedAtTime "{moment}"^^xsd:dateTime'
    seconds = clock.seconds(ticks)
    unit = " ; time:unitType time:unitSecond" if seconds is not None else ""
    position = f'"{_decimal(ticks, clock)}"^^xsd:decimal'
    return f"time:inTimePosition [ time:hasTRS {_CLOCK} ; time:numericPosition {position}{unit} ]"


def _decimal(ticks: int, clock: Clock) -> str:
    seconds = clock.seconds(ticks)
    return str(ticks) if seconds is None else f"{float(seconds):.9f}".rstrip("0").rstrip(".")


def _result(number: int, finding: Finding, answer: Answer) -> str:
    check = finding.check
    assert check is not None
    component = contract.component(check.component)
    name = f"<{CNS}{component}>" if check.component in OWN else f"sh:{component}"
    lines = [f"_:r{number}x{finding.index} a sh:ValidationResult"]
    focus, value = _nodes(number, finding)
    lines.append(f"sh:focusNode {focus}")
    if check.result_path:
        lines.append(f"sh:resultPath {check.result_path}")
    if value:
        lines.append(f"sh:value {value}")
    lines.append(f"sh:sourceConstraintComponent {name}")
    lines.append(f"sh:sourceShape {_shape(check.shape, check.owner)}")
    lines.append(f"sh:resultSeverity {check.severity}")
    if check.message:
        lines.append(f"sh:resultMessage {_quoted(check.message)}")
    for other in answer.findings:
        if other.detail_of == finding.index + 1 and other.index > finding.index:
            lines.append(f"sh:detail _:r{number}x{other.index}")
    return " ;\n    ".join(lines) + " .\n"


def _nodes(number: int, finding: Finding) -> tuple[str, str]:
    """Return the focus node and the value, which is empty where the trace does not know it."""
    focus = f"_:f{number}x{finding.index}"
    if finding.focus.term is not None:
        focus = term(finding.focus.term)
    reported = finding.check.value if finding.check else None
    if reported == "focus":
        return focus, focus
    known = finding.value if reported == "term" else None
    return focus, _value(known)


def _value(value: Value | None) -> str:
    if value is None:
        return ""
    if value.blank:
        return "[]"
    return "" if value.term is None else term(value.term)


def _shape(shape: m.IRI | None, owner: m.IRI | None) -> str:
    if shape is not None:
        return str(shape)
    return f"[ rdfs:isDefinedBy {owner} ]" if owner is not None else "[]"


def term(value: m.Term) -> str:
    """Return a term in Turtle, with full IRIs."""
    if not isinstance(value, m.Literal):
        return str(value)
    if value.language:
        return f"{_quoted(value.lexical)}@{value.language}"
    if value.datatype.value in (XSD + "string", RDF + "langString"):
        return _quoted(value.lexical)
    return f"{_quoted(value.lexical)}^^{value.datatype}"


def _quoted(text: str) -> str:
    return f'"{"".join(_escaped(text))}"'


def _escaped(text: str) -> Iterator[str]:
    for letter in text:
        if letter in '"\\':
            yield f"\\{letter}"
        elif letter < " " or "\x7f" <= letter < "\xa0":
            yield f"\\u{ord(letter):04X}"
        else:
            yield letter
