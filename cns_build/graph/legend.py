# SPDX-License-Identifier: Apache-2.0
"""What reports of stand-alone validators say of shapes, as C: a cns_legend, ready-written.

The words are those of `graph.writers`: only terms of the data are left for the program to write.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from cns_build import model as m
from cns_build.backend.cstring import c_string
from cns_build.diagnostics import Locate, printable
from cns_build.graph import severity
from cns_build.graph.program import Check, Program
from cns_build.graph.report import Result
from cns_build.graph.writers.names import Names, component_name, message, plain
from cns_build.graph.writers.text import clean
from cns_build.graph.writers.tojson import result_object, waiver_object
from cns_build.graph.writers.turtle import path_text
from cns_build.ir import messages
from cns_build.vocabulary import XSD

_OF_DATA = ("focusNode", "resultPath", "value")
_STRING = m.IRI(XSD + "string")


def legend_lines(program: Program, locate: Locate) -> list[str]:
    """Return the C that defines `static const cns_legend legend`."""
    writer = _Writer(program, locate)
    tables = {
        "checks": list(writer.checks()),
        "shapes": list(writer.shapes()),
        "severities": list(writer.severities()),
        "waivers": list(writer.waivers()),
        "prefixes": list(writer.prefixes()),
    }
    types = ("check", "shape", "severity", "waiver", "prefix")
    lines: list[str] = []
    for (name, rows), type_ in zip(tables.items(), types, strict=True):
        lines += [f"static const cns_legend_{type_} {name}_legend[] = {{"]
        lines += rows or ["    {0},"]
        lines += ["};", ""]
    counted = [str(len(tables[name])) for name in ("severities", "waivers", "prefixes")]
    named = [f"{name}_legend" for name in tables]
    return [
        *lines,
        "static const cns_legend legend = {",
        f"    {', '.join([*named, *counted])}}};",
        "",
    ]


class _Writer:
    def __init__(self, program: Program, locate: Locate) -> None:
        self._program = program
        self._locate = locate
        self._names = Names(program.prefixes)
        found = {check.shape.severity.value for check in program.checks}
        self._severities = sorted(found, key=lambda s: (-_rank(s), s not in severity.WORDS, s))

    def checks(self) -> Iterator[str]:
        """Yield a row for each check."""
        groups: dict[tuple[m.Node, m.IRI], int] = {}
        for number, check in enumerate(self._program.checks):
            group = groups.setdefault((check.shape.node, check.component), number)
            rank = self._severities.index(check.shape.severity.value)
            path = check.shape.path
            result = _result(check)
            row = [
                str(group),
                str(rank),
                c_string(clean(component_name(check.component, self._names))),
                _c_text(clean(self._names.path(path)) if path else None),
                c_string(clean(message(result))),
                c_string(self._place(result.origin)),
                _c_text(path_text(path, self._names) if path else None),
                c_string(self._turtle(result)),
                *map(c_string, self._json(result)),
            ]
            yield _row(row)

    def shapes(self) -> Iterator[str]:
        """Yield a row for each shape."""
        paths = {check.shape.node: check.shape.path for check in self._program.checks}
        for shape in self._program.shapes:
            path = paths.get(shape.node)
            name = shape.node.value if isinstance(shape.node, m.IRI) else None
            yield _row(
                [
                    _c_text(name and clean(self._names.iri(name))),
                    _c_text(None if name or not path else clean(self._names.path(path))),
                    c_string(_dumped(plain(shape.node))),
                ]
            )

    def severities(self) -> Iterator[str]:
        """Yield a row for each severity, the worst first."""
        for iri in self._severities:
            word = severity.WORDS.get(iri) or clean(self._names.iri(iri))
            several = f"{word}s" if word in ("warning", "violation") else word
            yield _row([c_string(word), c_string(several), str(_rank(iri))])

    def waivers(self) -> Iterator[str]:
        """Yield a row for each waiver that left something out."""
        for waiver in self._program.waivers:
            what = f"not checked, waived as {clean(waiver.name)}: {waiver.what}"
            written = _dumped(waiver_object(waiver, self._locate))
            yield _row([c_string(what + self._place(waiver.origin)), c_string(written)])

    def prefixes(self) -> Iterator[str]:
        """Yield a row for each prefix, the longest IRI first."""
        for prefix, iri in sorted(
            self._names.prefixes.items(), key=lambda item: (-len(item[1].encode()), item[0])
        ):
            yield _row([c_string(prefix), c_string(iri)])

    def _place(self, origin: m.Origin | None) -> str:
        return f" ({printable(str(self._locate(origin)))})" if origin else ""

    def _turtle(self, result: Result) -> str:
        shape = result.shape
        if isinstance(shape, m.BlankNode):
            shape = m.BlankNode(f"shape-{shape.label}")
        properties: list[tuple[str, m.Term]] = [
            ("sourceShape", shape),
            ("sourceConstraintComponent", result.component),
            ("resultSeverity", result.severity),
            *(("resultMessage", text) for text in result.messages),
        ]
        return "".join(f" ;\n    sh:{name} {self._names.exact(v)}" for name, v in properties)

    def _json(self, result: Result) -> tuple[str, str]:
        """Return the path, and the members that are the same in all results of a check."""
        members = result_object(result, self._locate)
        rest = {key: value for key, value in members.items() if key not in _OF_DATA}
        return _dumped(members["resultPath"]), f", {_dumped(rest)[1:-1]}"


def _result(check: Check) -> Result:
    """Return a result of a check, with all that does not come from data."""
    demand = m.Literal(messages.demand(check.constraint), _STRING)
    return Result(
        focus=check.shape.node,
        path=check.shape.path,
        value=None,
        shape=check.shape.node,
        component=check.component,
        severity=check.shape.severity,
        messages=check.shape.messages or (demand,),
        origin=check.constraint.origin,
    )


def _rank(iri: str) -> int:
    return severity.ORDER.index(severity.WORDS.get(iri, "violation"))


def _row(cells: Sequence[str]) -> str:
    return f"    {{{', '.join(cells)}}},"


def _c_text(text: str | None) -> str:
    return "NULL" if text is None else c_string(text)


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
