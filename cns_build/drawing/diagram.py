# SPDX-License-Identifier: Apache-2.0
"""What a drawing shows: a box for each class, or shape without one, and arrows to superclasses."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cns_build import model as m
from cns_build.diagnostics import Diagnostic, UsageError
from cns_build.ir.names import last_part
from cns_build.ir.sparql import path_text, term_text
from cns_build.model import IRI, in_english
from cns_build.owl import axioms as a
from cns_build.owl.hierarchy import named_hierarchies
from cns_build.vocabulary import SH

_NAMED = (m.ClassConstraint, m.Datatype)


@dataclass(frozen=True, slots=True)
class Row:
    """A property of a box: what its values are, and how many there may be, where that is said."""

    name: str
    type: str
    count: str


@dataclass(frozen=True, slots=True)
class Box:
    """A class, or a shape that is not one; `name` is as the files write it."""

    iri: IRI
    title: str
    name: str
    comment: str
    rows: tuple[Row, ...]
    is_class: bool
    deprecated: bool


@dataclass(frozen=True, slots=True)
class Diagram:
    """Boxes by IRI, those of classes first; `above` has the boxes that arrows lead to.

    Equivalent classes are above each other. `cut` are boxes below which more was left out.
    """

    boxes: Mapping[IRI, Box]
    above: Mapping[IRI, tuple[IRI, ...]]
    cut: frozenset[IRI] = frozenset()


def make_diagram(
    ontology: a.Ontology, shapes: Mapping[m.Node, m.Shape], prefixes: Mapping[str, str]
) -> Diagram:
    """Return the drawing of all that ontologies and shapes describe."""
    above = named_hierarchies(ontology).classes
    classes = sorted(iri for iri, entity in ontology.entities.items() if _is_class(entity))
    rows = _rows(ontology, shapes, prefixes)
    boxes = {
        iri: _class_box(ontology.entities[iri], tuple(rows.pop(iri, ())), prefixes)
        for iri in classes
    }
    for node, found in sorted(rows.items()):
        boxes[node] = _shape_box(node, shapes.get(node), tuple(found), prefixes)
    direct = {iri: [u for u in above.get(iri, ()) if u in boxes and u != iri] for iri in boxes}
    reduced = {iri: tuple(sorted(_nearest(iri, direct))) for iri in boxes}
    return Diagram(boxes, reduced)


def select(diagram: Diagram, root: IRI | None, levels: int | None, most: int) -> Diagram:
    """Return the part at and below `root`, down to a number of levels.

    Raises UsageError where there is no such box, or more of them than `most`.
    """
    if root is not None and root not in diagram.boxes:
        fix = "name a class of the files, by its IRI or prefixed name"
        raise UsageError(Diagnostic(f"--root {root.value}: no box is called so", fix=fix))
    depth = _depths(diagram, root)
    kept = {iri for iri, level in depth.items() if levels is None or level <= levels}
    if len(kept) > most:
        what = f"{len(kept)} boxes are more than a drawing of {most} holds"
        fix = "draw a part by --root CLASS or --levels N, or allow more with --most N"
        raise UsageError(Diagnostic(what, fix=fix))
    above = {
        iri: tuple(upper for upper in diagram.above[iri] if upper in kept)
        for iri in diagram.boxes
        if iri in kept
    }
    cut = {upper for lower in depth if lower not in kept for upper in diagram.above[lower]}
    boxes = {iri: box for iri, box in diagram.boxes.items() if iri in kept}
    return Diagram(boxes, above, frozenset(cut & kept))


def _depths(diagram: Diagram, root: IRI | None) -> dict[IRI, int]:
    """Return the levels below the root, or below all that have nothing above them."""
    below: dict[IRI, list[IRI]] = {}
    for lower, uppers in diagram.above.items():
        for upper in uppers:
            below.setdefault(upper, []).append(lower)
    starts = [root] if root else [iri for iri in diagram.boxes if not diagram.above[iri]]
    depths = dict.fromkeys(starts, 0)
    waiting = deque(starts)
    while waiting:
        at = waiting.popleft()
        for lower in below.get(at, ()):
            if lower not in depths:
                depths[lower] = depths[at] + 1
                waiting.append(lower)
    if root is None:  # circles that nothing leads to
        depths |= {iri: 0 for iri in diagram.boxes if iri not in depths}
    return depths


def _nearest(iri: IRI, above: Mapping[IRI, Collection[IRI]]) -> list[IRI]:
    """Return what is directly above, without what others of it are below."""
    return [
        upper
        for upper in above[iri]
        if not any(_leads(other, upper, iri, above) for other in above[iri] if other != upper)
    ]


def _leads(start: IRI, end: IRI, without: IRI, above: Mapping[IRI, Collection[IRI]]) -> bool:
    """Whether a way up from `start` leads to `end`, and none leads back."""
    return _reaches(start, end, without, above) and not _reaches(end, start, without, above)


def _reaches(start: IRI, end: IRI, without: IRI, above: Mapping[IRI, Collection[IRI]]) -> bool:
    seen = {start, without}
    waiting = [start]
    while waiting:
        at = waiting.pop()
        if at == end:
            return True
        new = [upper for upper in above.get(at, ()) if upper not in seen]
        seen.update(new)
        waiting += new
    return False


def _is_class(entity: a.Entity) -> bool:
    return "class" in entity.kinds and not entity.iri.value.startswith(SH)


# Boxes


def _class_box(entity: a.Entity, rows: tuple[Row, ...], prefixes: Mapping[str, str]) -> Box:
    return Box(
        entity.iri,
        in_english(entity.labels) or last_part(entity.iri.value),
        term_text(entity.iri, prefixes),
        in_english(entity.comments),
        rows,
        True,
        entity.deprecated,
    )


def _shape_box(
    node: IRI, shape: m.Shape | None, rows: tuple[Row, ...], prefixes: Mapping[str, str]
) -> Box:
    """Return the box of a shape without a class, or of a class that only shapes name."""
    names, descriptions = (shape.names, shape.descriptions) if shape else ((), ())
    title = in_english(names) or last_part(node.value)
    text = term_text(node, prefixes)
    return Box(node, title, text, in_english(descriptions), rows, shape is None, False)


# Rows


def _short(term: m.Node, prefixes: Mapping[str, str]) -> str:
    """Return a prefixed name, or the last part of an IRI that has none."""
    text = term_text(term, prefixes)
    return last_part(text[1:-1]) if text.startswith("<") else text


def _rows(
    ontology: a.Ontology, shapes: Mapping[m.Node, m.Shape], prefixes: Mapping[str, str]
) -> dict[IRI, list[Row]]:
    """Return the properties of classes and shapes: as shapes have them, else by their domains."""
    found: dict[IRI, dict[str, Row]] = {}
    for shape in shapes.values():
        rows = [] if shape.deactivated else list(_rows_of(shape, shapes, prefixes))
        if shape.path is None and rows:
            targets = [t.iri for t in shape.targets if isinstance(t, m.TargetClass)]
            owners = [iri for iri in targets or [shape.node] if isinstance(iri, IRI)]
            for owner in owners:
                known = found.setdefault(owner, {})
                for row in rows:
                    known[row.name] = _joined(known[row.name], row) if row.name in known else row
    for owner, row in _domain_rows(ontology, prefixes):
        found.setdefault(owner, {}).setdefault(row.name, row)
    return {owner: list(rows.values()) for owner, rows in found.items()}


def _joined(one: Row, other: Row) -> Row:
    """Return what two shapes of a class say of one property."""
    return replace(one, type=one.type or other.type, count=one.count or other.count)


def _rows_of(
    shape: m.Shape, shapes: Mapping[m.Node, m.Shape], prefixes: Mapping[str, str]
) -> Iterator[Row]:
    for constraint in shape.constraints:
        if isinstance(constraint, m.Property):
            inner = shapes[constraint.shape]
            if inner.path is not None and not inner.deactivated:
                name = _path(inner.path, prefixes)
                kept = inner.constraints
                yield Row(name, _type(kept, prefixes), _count(kept))


def _path(path: m.Path, prefixes: Mapping[str, str]) -> str:
    if isinstance(path, m.PredicatePath):
        return _short(path.iri, prefixes)
    return path_text(path, prefixes)


def _type(constraints: Sequence[m.Constraint], prefixes: Mapping[str, str]) -> str:
    """Return what the values of a property are, as far as few words say it."""
    words = [_short(c.iri, prefixes) for c in constraints if isinstance(c, _NAMED)]
    for constraint in constraints:
        match constraint:
            case m.NodeConstraint(IRI() as shape):
                words.append(_short(shape, prefixes))
            case m.In(values):
                words.append(f"one of {len(values)}")
            case m.NodeKind(kind) if not words:
                words.append(kind)
    return " ".join(dict.fromkeys(words))


def _count(constraints: Sequence[m.Constraint]) -> str:
    least = max((c.count for c in constraints if isinstance(c, m.MinCount)), default=0)
    most = min((c.count for c in constraints if isinstance(c, m.MaxCount)), default=None)
    if most is None:
        return f"{least}..*"
    return f"{least}" if least == most else f"{least}..{most}"


def _domain_rows(ontology: a.Ontology, prefixes: Mapping[str, str]) -> Iterator[tuple[IRI, Row]]:
    """Yield the properties that a class is the domain of, without counts: axioms have none."""
    ranges: dict[a.Property, list[str]] = {}
    for axiom in ontology.axioms:
        if isinstance(axiom, a.Range) and isinstance(axiom.class_, IRI):
            ranges.setdefault(axiom.property, []).append(_short(axiom.class_, prefixes))
    for axiom in ontology.axioms:
        match axiom:
            case a.Domain(IRI() as property_, IRI() as class_) if class_ in ontology.entities:
                name = _short(property_, prefixes)
                yield class_, Row(name, " ".join(ranges.get(property_, ())), "")
