# SPDX-License-Identifier: Apache-2.0
"""Reports for people: results by shape and constraint, counted, with some examples of each.

ex:PersonShape
  sh:minCount at ex:name: 3 violations (people.shacl:9:7)
    ex:alice (data.ttl:3:1): needs a name
    … 2 more
"""

from __future__ import annotations

import itertools
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TextIO

from cns_build import model as m
from cns_build.diagnostics import Locate, Position, printable
from cns_build.graph import severity
from cns_build.graph.report import Report, Result, Statistics
from cns_build.graph.writers.names import Names, component_name, message, not_checked

EXAMPLES = 10
"""How many results of a constraint are shown, where nothing is said."""

_COLOURS: Mapping[str, str] = MappingProxyType(
    {"violation": "31", "warning": "33", "info": "36", "good": "32", "shape": "1", "place": "2"}
)
_LONGEST = 200  # characters of a value that are shown


@dataclass(frozen=True, slots=True)
class Style:
    """Marks words with colours, or leaves them as they are."""

    coloured: bool = False

    def mark(self, text: str, kind: str) -> str:
        """Return text in the colour of its kind."""
        code = _COLOURS.get(kind, _COLOURS["violation"])
        return f"\033[{code}m{text}\033[0m" if self.coloured else text


def style_for(stream: TextIO) -> Style:
    """Return colours for a terminal, unless NO_COLOR or TERM=dumb asks for none."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return Style(stream.isatty() and not plain)


def to_text(
    report: Report, locate: Locate, *, examples: int = EXAMPLES, style: Style = Style()
) -> Iterator[str]:
    """Yield the lines of a report, with at most `examples` results of a constraint of a shape."""
    writer = _Writer(Names(report.prefixes), locate, examples, style)
    yield from (f"{line}\n" for line in writer.lines(report))


@dataclass(frozen=True, slots=True)
class _Writer:
    names: Names
    locate: Locate
    examples: int
    style: Style

    def lines(self, report: Report) -> Iterator[str]:
        """Yield all lines: groups, what was not looked at, the summary."""
        for shape, results in itertools.groupby(report.results, key=lambda r: r.shape):
            yield from self._shape(shape, list(results))
            yield ""
        yield from self._left_out(report)
        yield self._summary(report)
        yield _statistics(report.statistics)

    def _shape(self, shape: m.Node, results: Sequence[Result]) -> Iterator[str]:
        yield self.style.mark(self._shape_name(shape, results[0].path), "shape")
        groups: dict[tuple[m.IRI, m.Path | None], list[Result]] = {}
        for result in results:
            groups.setdefault((result.component, result.path), []).append(result)
        for group in groups.values():
            yield from self._group(group)

    def _shape_name(self, shape: m.Node, path: m.Path | None) -> str:
        if isinstance(shape, m.IRI):
            return clean(self.names.iri(shape.value))
        return f"a shape of {clean(self.names.path(path))}" if path else "a shape"

    def _group(self, results: Sequence[Result]) -> Iterator[str]:
        counts = Counter(severity.WORDS.get(r.severity.value, r.severity.value) for r in results)
        counted = ", ".join(self._count(word, number) for word, number in counts.items())
        yield f"  {self._constraint(results[0])}: {counted}{self._origin(results[0])}"
        for result in results[: self.examples]:
            yield from self._result(result, "    ")
        if len(results) > self.examples:
            yield f"    … {len(results) - self.examples} more"

    def _constraint(self, result: Result) -> str:
        name = component_name(result.component, self.names)
        return clean(f"{name} at {self.names.path(result.path)}" if result.path else name)

    def _result(self, result: Result, indent: str) -> Iterator[str]:
        focus = clean(self.names.short(result.focus))
        value = ""
        if result.value is not None and result.value != result.focus:
            value = f" has {clean(self.names.short(result.value))}"
        where = self._place(result.position)
        yield f"{indent}{focus}{where}{value}: {clean(message(result))}"
        for detail in result.details:
            yield f"{indent}  {self._constraint(detail)}{self._origin(detail)}"
            yield from self._result(detail, f"{indent}    ")

    def _unmatched(self, shapes: Sequence[m.Node]) -> Iterator[str]:
        for shape in shapes[: self.examples]:
            yield f"{self._shape_name(shape, None)} matched no target"
        if len(shapes) > self.examples:
            yield f"… {_plural(len(shapes) - self.examples, 'more shape')} matched no target"

    def _left_out(self, report: Report) -> Iterator[str]:
        lines = [
            *self._unmatched(report.unmatched),
            *itertools.starmap(self._waived, not_checked(report.unsupported)),
        ]
        if report.skipped:
            lines.append(f"{_plural(report.skipped, 'malformed line')} left out (--lenient)")
        if lines:
            yield from (*lines, "")

    def _waived(self, what: str, origin: m.Origin | None) -> str:
        return f"{clean(what)}{self._place(self.locate(origin) if origin else None)}"

    def _summary(self, report: Report) -> str:
        if report.conforms:
            return self.style.mark("conforms", "good")
        counts = severity.count(report)
        counted = ", ".join(self._count(word, number) for word, number in counts.items())
        if (kept := len(report.results)) < report.found:
            counted = f"{_plural(report.found, 'result')}; of the {kept} kept, {counted}"
        return f"does not conform: {counted}"

    def _count(self, word: str, number: int) -> str:
        if word == "info":
            return self.style.mark(f"{number} info", word)
        name = word if word in severity.ORDER else clean(self.names.iri(word))
        text = _plural(number, name) if word in severity.ORDER else f"{number} {name}"
        return self.style.mark(text, word)

    def _origin(self, result: Result) -> str:
        return self._place(self.locate(result.origin)) if result.origin else ""

    def _place(self, position: Position | None) -> str:
        return f" ({self.style.mark(printable(str(position)), 'place')})" if position else ""


def clean(text: str) -> str:
    """Return text in which nothing moves the cursor; of what is very long, both ends."""
    shown = printable(text)
    if len(shown) <= _LONGEST:
        return shown
    return f"{shown[: _LONGEST // 2]} … {shown[-_LONGEST // 2 :]}"


def _statistics(numbers: Statistics) -> str:
    counted = ", ".join(
        (
            _plural(numbers.shapes, "shape"),
            _plural(numbers.focus_nodes, "focus node"),
            _plural(numbers.checks, "check"),
            _plural(numbers.triples, "triple"),
            *([f"{numbers.inferred} inferred"] if numbers.inferred else []),
        )
    )
    return f"{counted}; read in {numbers.read_seconds:.2f} s, validated in {numbers.seconds:.2f} s"


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
