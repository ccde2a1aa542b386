# SPDX-License-Identifier: Apache-2.0
"""Drawings as SVG: text that needs no font of its own, and no script."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from cns_build.diagnostics import printable
from cns_build.drawing.diagram import Box, Diagram
from cns_build.drawing.layout import (
    HEADER,
    LINE,
    PADDING,
    TEXT_SIZE,
    TITLE_SIZE,
    Layout,
    Place,
    lay_out,
    row_texts,
    shortened,
)

_STYLE = f"""\
text {{ font: {TEXT_SIZE}px Helvetica, Arial, sans-serif; fill: #1f2937; }}
.title {{ font-size: {TITLE_SIZE}px; font-weight: bold; }}
.name, .type {{ fill: #64748b; }}
.type {{ text-anchor: end; }}
.body {{ fill: #ffffff; stroke: #64748b; }}
.class {{ fill: #dbeafe; }}
.shape {{ fill: #fef3c7; }}
.rule {{ stroke: #cbd5e1; }}
.arrow {{ fill: none; stroke: #475569; stroke-width: 1.2; }}
.far {{ stroke: #94a3b8; stroke-dasharray: 5 3; }}
.deprecated {{ opacity: 0.55; }}
"""
_MARKERS = """\
<marker id="above" viewBox="0 0 12 12" refX="11" refY="6" markerWidth="11" markerHeight="11" \
orient="auto"><path d="M1 1 L11 6 L1 11 Z" fill="#ffffff" stroke="#475569"/></marker>
"""


def to_svg(diagram: Diagram, title: str) -> str:
    """Return a drawing as an SVG document."""
    layout = lay_out(diagram)
    width, height = round(layout.width), round(layout.height)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">',
        f"<title>{_text(title)}</title>",
        f"<style>\n{_STYLE}</style>",
        f"<defs>\n{_MARKERS}</defs>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *_arrows(diagram, layout),
        *(part for iri, box in diagram.boxes.items() for part in _box(box, diagram, layout)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _arrows(diagram: Diagram, layout: Layout) -> Iterator[str]:
    for lower, uppers in diagram.above.items():
        for upper in uppers:
            yield _arrow(layout.places[lower], layout.places[upper])


def _arrow(lower: Place, upper: Place) -> str:
    """Return the way from the left side of a box to the right side of one before it."""
    start, end = (lower.x, _middle(lower)), (upper.x + upper.width, _middle(upper))
    bend = 36.0
    kind = "arrow" if start[0] - end[0] < 100 else "arrow far"
    if start[0] < end[0]:  # equivalent classes stand in one column
        start, bend = (lower.x + lower.width, _middle(lower)), -36.0
    points = f"{_number(start[0] - bend)} {_number(start[1])} {_number(end[0] + abs(bend))}"
    return (
        f'<path class="{kind}" marker-end="url(#above)" d="M{_number(start[0])} '
        f"{_number(start[1])} C{points} {_number(end[1])} {_number(end[0] + 1)} "
        f'{_number(end[1])}"/>'
    )


def _box(box: Box, diagram: Diagram, layout: Layout) -> Iterator[str]:
    place = layout.places[box.iri]
    left, top = round(place.x, 1), round(place.y, 1)
    middle = _number(place.x + place.width / 2)
    classes = ' class="deprecated"' if box.deprecated else ""
    yield f"<g{classes}>"
    yield f"<title>{_text(_told(box, diagram))}</title>"
    size = f'width="{_number(place.width)}" rx="4"'
    corner = f'x="{_number(left)}" y="{_number(top)}"'
    yield f'<rect class="body" {corner} {size} height="{_number(place.height)}"/>'
    head = "class" if box.is_class else "shape"
    yield (
        f'<path class="{head}" d="M{_number(left + 0.5)} {_number(top + HEADER)} v-{HEADER - 4.5} '
        f'a4 4 0 0 1 4 -4 h{_number(place.width - 9)} a4 4 0 0 1 4 4 v{HEADER - 4.5} Z"/>'
    )
    yield _label("title", middle, top + 16, shortened(box.title), "middle")
    yield _label("name", middle, top + 31, shortened(box.name), "middle")
    if box.rows:
        line = _number(top + HEADER)
        right = _number(place.x + place.width)
        yield f'<line class="rule" x1="{_number(left)}" y1="{line}" x2="{right}" y2="{line}"/>'
    for number, row in enumerate(box.rows):
        y = top + HEADER + LINE * (number + 1)
        name, type_ = row_texts(row)
        yield _label("row", _number(place.x + PADDING), y, name)
        yield _label("type", _number(place.x + place.width - PADDING), y, type_)
    if box.iri in diagram.cut:
        x = _number(place.x + place.width + 6)
        yield _label("name", x, place.y + place.height / 2 + 4, "…")
    yield "</g>"


def _told(box: Box, diagram: Diagram) -> str:
    """Return what a box says when it is pointed at."""
    words = [str(box.iri)[1:-1], *([box.comment] if box.comment else [])]
    if box.deprecated:
        words.append("Deprecated.")
    if box.iri in diagram.cut:
        words.append("What is below it is left out.")
    return " – ".join(words)


def _label(class_: str, x: str, y: float, text: str, anchor: str = "") -> str:
    placed = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text class="{class_}" x="{x}" y="{_number(y)}"{placed}>{_text(text)}</text>'


def _middle(place: Place) -> float:
    return place.y + place.height / 2


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _text(text: str) -> str:
    return escape(printable(" ".join(text.split())))
