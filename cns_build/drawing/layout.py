# SPDX-License-Identifier: Apache-2.0
"""Where boxes lie: the top of a hierarchy at the left, what is below a box to the right of it.

Each box is a column right of all above it. It hangs at one of those in the column before, and
the boxes that hang at one share a band, so that neither boxes nor the arrows between columns that
follow each other cross. Boxes without arrows are lined up below. Measures are in CSS pixels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from cns_build.drawing.diagram import Diagram, Row
from cns_build.ir.cycles import components
from cns_build.model import IRI

TITLE_SIZE, TEXT_SIZE = 13, 11
HEADER, LINE, PADDING = 38, 17, 10
_COLUMN_GAP, _GAP, _MARGIN = 64, 14, 24
_LEAST_WIDTH, _MOST_CHARACTERS = 120, 44
_NARROW, _WIDE = frozenset("fijlrtI.,:;'|!()[]/ "), frozenset("mwMW@%—")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a box lies."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of all boxes, and the size of the whole."""

    places: Mapping[IRI, Place]
    width: float
    height: float


def lay_out(diagram: Diagram) -> Layout:
    """Return the places of the boxes of a drawing."""
    linked = {upper for uppers in diagram.above.values() for upper in uppers}
    linked |= {lower for lower, uppers in diagram.above.items() if uppers}
    sizes = {iri: _size(diagram, iri) for iri in diagram.boxes}
    columns = _columns({iri: diagram.above[iri] for iri in diagram.boxes if iri in linked})
    places = _in_columns(columns, diagram.above, sizes)
    bottom = max((place.y + place.height for place in places.values()), default=_MARGIN - _GAP)
    right = max((place.x + place.width for place in places.values()), default=0.0)
    alone = [iri for iri in diagram.boxes if iri not in linked]
    places |= _lined_up(alone, sizes, bottom + _GAP, max(right, 900.0))
    return Layout(
        places,
        max((place.x + place.width for place in places.values()), default=0.0) + _MARGIN,
        max((place.y + place.height for place in places.values()), default=0.0) + _MARGIN,
    )


def shortened(text: str) -> str:
    """Return a text that a box has room for."""
    return text if len(text) <= _MOST_CHARACTERS else f"{text[: _MOST_CHARACTERS - 1]}…"


def text_width(text: str, size: float) -> float:
    """Return about how wide a text is, at most: fonts like Verdana are wider than Helvetica."""
    return size * sum(_width(character) for character in text)


def row_texts(row: Row) -> tuple[str, str]:
    """Return what stands at the left and at the right of a row."""
    count = f"[{row.count}]" if row.count else ""
    return shortened(row.name), f"{shortened(row.type)} {count}".strip()


def _width(character: str) -> float:
    if character in _NARROW:
        return 0.4
    if character in _WIDE:
        return 0.98
    if ord(character) > 0x2E80:
        return 1.0
    return 0.74 if character.isupper() else 0.62


def _size(diagram: Diagram, iri: IRI) -> tuple[float, float]:
    box = diagram.boxes[iri]
    widths = [
        text_width(shortened(box.title), TITLE_SIZE * 1.06),  # it is bold
        text_width(shortened(box.name), TEXT_SIZE),
    ]
    for row in box.rows:
        left, right = row_texts(row)
        widths.append(text_width(left, TEXT_SIZE) + text_width(right, TEXT_SIZE) + 18)
    rows = LINE * len(box.rows) + (8 if box.rows else 0)
    return max(_LEAST_WIDTH, max(widths) + 2 * PADDING), HEADER + rows


def _columns(above: Mapping[IRI, Sequence[IRI]]) -> dict[IRI, int]:
    """Return the column of each box: behind all above it, and the same on a circle."""
    circle = components(above)
    columns: dict[IRI, int] = {}

    def settled(iri: IRI) -> bool:
        return all(u in columns or _together(circle, iri, u) for u in above[iri])

    waiting = list(above)
    while waiting:
        ready = [iri for iri in waiting if all(settled(o) for o in _around(circle, iri, waiting))]
        for iri in ready:
            group = _around(circle, iri, ready)
            uppers = [u for o in group for u in above[o] if not _together(circle, o, u)]
            columns[iri] = max((columns[u] + 1 for u in uppers), default=0)
        waiting = [iri for iri in waiting if iri not in columns]
    return columns


def _together(circle: Mapping[IRI, int], one: IRI, other: IRI) -> bool:
    return one in circle and circle[one] == circle.get(other)


def _around(circle: Mapping[IRI, int], iri: IRI, boxes: Sequence[IRI]) -> list[IRI]:
    """Return those of the boxes that are on a circle with one, at least itself."""
    return [other for other in boxes if _together(circle, iri, other)] if iri in circle else [iri]


def _in_columns(
    columns: Mapping[IRI, int],
    above: Mapping[IRI, Sequence[IRI]],
    sizes: Mapping[IRI, tuple[float, float]],
) -> dict[IRI, Place]:
    """Return the places of boxes that arrows join."""
    hanging: dict[IRI | None, list[IRI]] = {}
    for iri, column in columns.items():
        before = [upper for upper in above[iri] if columns[upper] == column - 1]
        hanging.setdefault(min(before) if before else None, []).append(iri)
    widths = [0.0] * (max(columns.values(), default=-1) + 1)
    for iri, column in columns.items():
        widths[column] = max(widths[column], sizes[iri][0])
    lefts = reduce(lambda xs, w: [*xs, xs[-1] + w + _COLUMN_GAP], widths, [float(_MARGIN)])
    heights = _band_heights(columns, hanging, sizes)
    places: dict[IRI, Place] = {}
    tops: list[tuple[IRI | None, float]] = [(None, float(_MARGIN))]
    while tops:
        upper, top = tops.pop()
        below = hanging.get(upper, [])
        if upper is not None:
            own = sizes[upper][1]
            middle = top + heights[upper] / 2
            places[upper] = Place(
                lefts[columns[upper]], middle - own / 2, widths[columns[upper]], own
            )
            top += (heights[upper] - _stacked(below, heights)) / 2
        for iri in below:
            tops.append((iri, top))
            top += heights[iri] + _GAP
    return places


def _band_heights(
    columns: Mapping[IRI, int],
    hanging: Mapping[IRI | None, Sequence[IRI]],
    sizes: Mapping[IRI, tuple[float, float]],
) -> dict[IRI, float]:
    """Return the heights that boxes take with all that hangs at them."""
    heights: dict[IRI, float] = {}
    for iri in sorted(columns, key=lambda iri: -columns[iri]):
        heights[iri] = max(sizes[iri][1], _stacked(hanging.get(iri, ()), heights))
    return heights


def _stacked(boxes: Sequence[IRI], heights: Mapping[IRI, float]) -> float:
    return sum(heights[iri] + _GAP for iri in boxes) - _GAP if boxes else 0.0


def _lined_up(
    boxes: Sequence[IRI], sizes: Mapping[IRI, tuple[float, float]], top: float, right: float
) -> dict[IRI, Place]:
    """Return places in lines from the left, each as high as the highest box in it."""
    places: dict[IRI, Place] = {}
    x, y, highest = float(_MARGIN), top, 0.0
    for iri in boxes:
        width, height = sizes[iri]
        if x > _MARGIN and x + width > right:
            x, y, highest = float(_MARGIN), y + highest + _GAP, 0.0
        places[iri] = Place(x, y, width, height)
        x, highest = x + width + _GAP, max(highest, height)
    return places
