# SPDX-License-Identifier: Apache-2.0
"""Classes: what all files say about them, apart from shapes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cns_build.frontend.graph import TYPE
from cns_build.frontend.parse import Document
from cns_build.model import (
    IRI,
    ClassConstraint,
    ClassInfo,
    Literal,
    Node,
    Origin,
    Shape,
    TargetClass,
)
from cns_build.vocabulary import OWL, RDFS

_LABEL, _COMMENT, _SUBCLASS_OF = RDFS + "label", RDFS + "comment", RDFS + "subClassOf"
_CLASSES = (RDFS + "Class", OWL + "Class")


@dataclass(slots=True)
class Classes:
    """The rdfs:subClassOf and rdf:type pairs, and the mentioned classes in source order."""

    subclasses: dict[tuple[Node, Node], None] = field(default_factory=dict)
    instances: dict[tuple[IRI, Node], None] = field(default_factory=dict)
    mentioned: dict[IRI, Origin | None] = field(default_factory=dict)
    infos: Mapping[IRI, ClassInfo] = field(default_factory=dict)


def read_classes(documents: Sequence[Document], shapes: Iterable[Shape]) -> Classes:
    """Return what `documents` and `shapes` say about classes."""
    found = Classes()
    for document in documents:
        _scan(document, found)
    for iri, origin in _used(shapes):
        found.mentioned.setdefault(iri, origin)
    found.infos = _describe(documents, found.mentioned)
    return found


def _scan(document: Document, found: Classes) -> None:
    for ordinal, (subject, predicate, term) in enumerate(document.triples):
        if isinstance(term, Literal):
            continue
        if predicate == TYPE and isinstance(subject, IRI):
            found.instances[subject, term] = None
            if isinstance(term, IRI) and term.value in _CLASSES:
                found.mentioned.setdefault(subject, Origin(document.file, ordinal, "subject"))
        elif predicate == _SUBCLASS_OF:
            found.subclasses[subject, term] = None
            if isinstance(subject, IRI):
                found.mentioned.setdefault(subject, Origin(document.file, ordinal, "subject"))
            if isinstance(term, IRI):
                found.mentioned.setdefault(term, Origin(document.file, ordinal))


def _used(shapes: Iterable[Shape]) -> Iterable[tuple[IRI, Origin]]:
    for shape in shapes:
        for part in (*shape.targets, *shape.constraints):
            if isinstance(part, (TargetClass, ClassConstraint)) and isinstance(part.iri, IRI):
                yield part.iri, part.origin


def _describe(
    documents: Sequence[Document], mentioned: Mapping[IRI, Origin | None]
) -> dict[IRI, ClassInfo]:
    labels: dict[IRI, dict[Literal, None]] = {}
    comments: dict[IRI, dict[Literal, None]] = {}
    for document in documents:
        for subject, predicate, term in document.triples:
            if predicate not in (_LABEL, _COMMENT) or not isinstance(term, Literal):
                continue
            if isinstance(subject, IRI) and subject in mentioned:
                texts = labels if predicate == _LABEL else comments
                texts.setdefault(subject, {})[term] = None
    return {
        iri: ClassInfo(iri, tuple(labels.get(iri, ())), tuple(comments.get(iri, ())), origin)
        for iri, origin in mentioned.items()
    }
