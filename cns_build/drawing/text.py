# SPDX-License-Identifier: Apache-2.0
"""Drawings as text for other programs: Graphviz and Mermaid."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from cns_build.diagnostics import printable
from cns_build.drawing.diagram import Box, Diagram

_TABLE = '<table border="0" cellborder="1" cellspacing="0" cellpadding="5" color="#64748b">'
_CLASS, _SHAPE = "#dbeafe", "#fef3c7"
_HARMLESS = str.maketrans('"<>(){}~`', "'‹›[][]-'")


def to_dot(diagram: Diagram, title: str) -> str:
    """Return a drawing in the language of Graphviz."""
    names = {iri: f"b{number}" for number, iri in enumerate(diagram.boxes, 1)}
    lines = [
        f"digraph {_quoted(title)} {{",
        "  rankdir=RL;",
        '  node [shape=plain, fontname="Helvetica", fontsize=11];',
        '  edge [arrowhead=empty, color="#475569"];',
        *(f"  {names[iri]} [label=<{_table(box)}>];" for iri, box in diagram.boxes.items()),
    ]
    for lower, uppers in diagram.above.items():
        lines += [f"  {names[lower]} -> {names[upper]};" for upper in uppers]
    return "\n".join([*lines, "}"]) + "\n"


def _table(box: Box) -> str:
    colour = _CLASS if box.is_class else _SHAPE
    head = f"<b>{_html(box.title)}</b><br/>{_html(box.name)}"
    rows = "".join(f'{_html(line)}<br align="left"/>' for line in _lines(box))
    body = f'<tr><td align="left" balign="left">{rows}</td></tr>' if rows else ""
    return f'{_TABLE}<tr><td bgcolor="{colour}">{head}</td></tr>{body}</table>'


def to_mermaid(diagram: Diagram) -> str:
    """Return a drawing in the language of Mermaid."""
    names = {iri: f"b{number}" for number, iri in enumerate(diagram.boxes, 1)}
    lines = ["classDiagram", "  direction RL"]
    for iri, box in diagram.boxes.items():
        lines.append(f'  class {names[iri]}["{_member(box.title)}"] {{')
        lines.append(f"    <<{_member(box.name)}>>")
        lines += [f"    {_member(line)}" for line in _lines(box)]
        lines.append("  }")
    for lower, uppers in diagram.above.items():
        lines += [f"  {names[upper]} <|-- {names[lower]}" for upper in uppers]
    return "\n".join(lines) + "\n"


def _lines(box: Box) -> Iterator[str]:
    for row in box.rows:
        type_ = f": {row.type}" if row.type else ""
        count = f" [{row.count}]" if row.count else ""
        yield f"{row.name}{type_}{count}"


def _quoted(text: str) -> str:
    plain = printable(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'


def _html(text: str) -> str:
    return escape(printable(" ".join(text.split())))


def _member(text: str) -> str:
    """Return text without what means something to Mermaid: the rest it shows as it is."""
    return printable(" ".join(text.split())).translate(_HARMLESS)
