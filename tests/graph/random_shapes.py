# SPDX-License-Identifier: Apache-2.0
"""Random shapes, data and ontologies for graphs: all of SHACL Core, small and well-formed.

Equal chances draw equal texts. Shapes have IRIs unless `blank`; a shape refers to new ones, to
shared ones that refer to nothing back, or, where `recursive`, to any named one over a property.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from tests.compiling import PREFIXES

T = TypeVar("T")

DEPTH = 3  # of shapes in shapes
NODES = ("ex:a", "ex:b", "ex:c", "ex:d", "_:x1", "_:x2", "_:x3")
IRIS = ("ex:a", "ex:b", "ex:c", "ex:d", "ex:nowhere")
CLASSES = ("ex:A", "ex:B", "ex:C", "ex:D", "ex:E")
PROPERTIES = ("ex:p", "ex:q", "ex:r")
LITERALS = (
    *('"1"^^xsd:integer', '"01"^^xsd:integer', '"2"^^xsd:byte', '"300"^^xsd:byte', '"3"^^xsd:int'),
    *('"1.0"^^xsd:decimal', '"1.50"^^xsd:decimal', '"-0"^^xsd:integer', '"x"^^xsd:integer'),
    *('"1.5e0"^^xsd:double', '"NaN"^^xsd:double', '"-INF"^^xsd:float', '"0.1"^^xsd:float'),
    *('"true"^^xsd:boolean', '"1"^^xsd:boolean', '"yes"^^xsd:boolean'),
    *(
        '"a"',
        '""',
        '"abc"',
        '"Z"',
        '"a"@en',
        '"b"@en',
        '"a"@EN-gb',
        '"c"@de',
        '"äöü\\n\\U0001F600"',
    ),
    *('"2024-02-29T12:00:00Z"^^xsd:dateTime', '"2024-02-29T12:00:00"^^xsd:dateTime'),
    *('"2023-02-29"^^xsd:date', '"2024-02-29"^^xsd:date', '"12:00:00"^^xsd:time'),
    *('"P1M"^^xsd:duration', '"P30D"^^xsd:duration', '"PT1S"^^xsd:dayTimeDuration'),
    *('"2024"^^xsd:gYear', '"u"^^ex:unit', '"0A"^^xsd:hexBinary', '"a b"^^xsd:NCName'),
)
BOUNDS = tuple(text for text in LITERALS if "@" not in text)
DATATYPES = (
    *("xsd:integer", "xsd:byte", "xsd:int", "xsd:decimal", "xsd:double", "xsd:float"),
    *("xsd:boolean", "xsd:string", "rdf:langString", "xsd:dateTime", "xsd:date", "xsd:time"),
    *(
        "xsd:duration",
        "xsd:dayTimeDuration",
        "xsd:gYear",
        "ex:unit",
        "xsd:hexBinary",
        "xsd:NCName",
    ),
)
KINDS = ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
TAGS = ('"en"', '"EN"', '"de"', '"*"', '"en-gb"', '"fr"')
PATTERNS = ("^a", "b$", "^[a-c]*$", "", ".", "^.{2}", r"\\p{L}+", "example", "^-?[0-9]+$")


class Drawing:
    """One model: `shapes`, `data` and `ontology` are documents, without prefixes."""

    def __init__(self, chance: random.Random, *, blank: bool = False, recursive: bool = False):
        self._chance = chance
        self._blank = blank
        self._recursive = recursive
        self._made: list[str] = []
        self._shared: list[str] = []
        # Few literals in a model meet more often than many.
        self._literals = chance.sample(LITERALS, 10)
        self._bounds = [*(text for text in self._literals if "@" not in text), self._one(*BOUNDS)]
        self.shapes = self._draw_shapes()
        self.data = self._draw_data()
        self.ontology = self._draw_ontology()

    # Documents

    def _draw_shapes(self) -> str:
        for _ in range(self._below(3)):
            self._shared.append(self._shape(1, named=True))
        for _ in range(1 + self._below(3)):
            self._shape(DEPTH, named=True, target=True)
        if self._often(0.3):
            sort = self._one("rdfs:Class", "owl:Class")
            name = self._one(*CLASSES)
            lines = self._constraints(1, is_property=False)
            self._made.append(" ;\n  ".join([f"{name} a {sort} , sh:NodeShape", *lines]) + " .")
        if self._recursive:
            self._made.append("ex:Literals a sh:NodeShape ; sh:nodeKind sh:Literal .")
        return "\n".join(self._made) + "\n"

    def _draw_data(self) -> str:
        lines = [f"{self._one(*NODES)} a {self._one(*CLASSES)} ." for _ in range(self._below(8))]
        for _ in range(4 + self._below(24)):
            predicate = self._one(*PROPERTIES, *PROPERTIES, "ex:unread")
            term = self._one(*NODES) if self._often(0.5) else self._one(*self._literals)
            lines.append(f"{self._one(*NODES)} {predicate} {term} .")
        for _ in range(self._below(4)):
            lines.append(f"{self._one(*CLASSES)} rdfs:subClassOf {self._one(*CLASSES)} .")
        self._chance.shuffle(lines)
        return "\n".join([*lines, *lines[: self._below(3)]]) + "\n"

    def _draw_ontology(self) -> str:
        """Return a hierarchy of classes, with circles, blank nodes and instances; or nothing."""
        if self._often(0.5):
            return ""
        classes = (*CLASSES, "_:union")
        lines = [
            f"{self._one(*classes)} rdfs:subClassOf {self._one(*classes)} ."
            for _ in range(self._below(5))
        ]
        lines += [f"{self._one(*IRIS)} a {self._one(*CLASSES)} ." for _ in range(self._below(3))]
        return "\n".join(lines) + "\n"

    # Shapes

    def _shape(
        self, depth: int, *, named: bool = False, target: bool = False, path: bool | None = None
    ) -> str:
        """Make a shape, and return its name."""
        is_property = self._often(0.4) if path is None else path
        number = len(self._made)
        name = f"_:s{number}" if self._blank and not named else f"ex:S{number}"
        self._made.append("")
        parts = [f"{name} a sh:{'Property' if is_property else 'Node'}Shape"]
        if target:
            parts += {self._target() for _ in range(1 + self._below(2))}
        if is_property:
            parts.append(f"sh:path {self._path(3)}")
        parts += self._constraints(depth, is_property)
        parts += self._words()
        self._made[number] = " ;\n  ".join(sorted(set(parts), key=parts.index)) + " ."
        return name

    def _target(self) -> str:
        node = self._one(*IRIS, *self._literals)
        return self._one(
            f"sh:targetNode {node}",
            f"sh:targetClass {self._one(*CLASSES)}",
            f"sh:targetSubjectsOf {self._one(*PROPERTIES, 'rdf:type', 'rdfs:subClassOf')}",
            f"sh:targetObjectsOf {self._one(*PROPERTIES, 'rdf:type')}",
        )

    def _words(self) -> list[str]:
        parts = []
        if self._often(0.15):
            parts.append(f"sh:severity {self._one('sh:Info', 'sh:Warning', 'ex:Grave')}")
        if self._often(0.15):
            parts.append('sh:message "wrong \\"x\\""@en , "falsch"@de')
        if self._often(0.06):
            parts.append(f"sh:deactivated {self._one('true', 'true', 'false')}")
        return parts

    def _path(self, depth: int) -> str:
        if depth == 0 or self._often(0.4):
            return self._one(*PROPERTIES, *PROPERTIES, "rdf:type", "rdfs:subClassOf")
        inner = [self._path(depth - 1) for _ in range(2 + self._below(2))]
        return self._one(
            f"[ sh:inversePath {inner[0]} ]",
            f"[ sh:inversePath {inner[0]} ]",
            f"( {' '.join(inner)} )",
            f"[ sh:alternativePath ( {' '.join(inner)} ) ]",
            f"[ sh:zeroOrMorePath {inner[0]} ]",
            f"[ sh:oneOrMorePath {inner[0]} ]",
            f"[ sh:zeroOrOnePath {inner[0]} ]",
        )

    # Constraints

    def _constraints(self, depth: int, is_property: bool) -> list[str]:
        draw: list[Callable[[], str]] = [
            lambda: f"sh:class {self._one(*CLASSES)}",
            lambda: f"sh:datatype {self._one(*DATATYPES)}",
            lambda: f"<urn:cns:valueSpace> {self._one(*DATATYPES)}",
            lambda: f"sh:nodeKind sh:{self._one(*KINDS)}",
            self._bound,
            self._bound,
            lambda: f"sh:{self._one('minLength', 'maxLength')} {self._below(4)}",
            self._pattern,
            lambda: f"sh:languageIn ( {' '.join(self._some(TAGS))} )",
            lambda: f"sh:{self._one('equals', 'disjoint')} {self._one(*PROPERTIES)}",
            lambda: f"sh:in ( {' '.join(self._some((*IRIS, *self._literals)))} )",
            lambda: f"sh:hasValue {self._one(*IRIS, *self._literals)}",
            self._closed,
        ]
        if is_property:
            draw += [self._count, self._count, self._less, self._less]
            draw += [lambda: "sh:uniqueLang true"]
            draw += [lambda: f"<urn:cns:maxValues> {self._below(3)}"]
        if depth > 0:
            nested = [self._not, self._logic, self._logic, self._node, self._property]
            nested += [self._property, self._qualified]
            draw += [partial(method, depth - 1) for method in nested] * 2
        found: dict[str, str] = {}
        for _ in range(self._one(0, 1, 1, 2, 2, 3, 4)):
            part = self._one(*draw)()
            found.setdefault(part.split()[0], part)
        if found.pop("sh:qualified", ""):
            found["sh:property"] = self._siblings(depth - 1)
        return list(found.values())

    def _bound(self) -> str:
        which = self._one("minInclusive", "minExclusive", "maxInclusive", "maxExclusive")
        return f"sh:{which} {self._one(*self._bounds)}"

    def _pattern(self) -> str:
        flags = self._one("", "", ' ; sh:flags "i"', ' ; sh:flags "s"')
        return f'sh:pattern "{self._one(*PATTERNS)}"{flags}'

    def _count(self) -> str:
        return f"sh:{self._one('minCount', 'maxCount')} {self._below(4)}"

    def _less(self) -> str:
        return f"sh:{self._one('lessThan', 'lessThanOrEquals')} {self._one(*PROPERTIES)}"

    def _closed(self) -> str:
        ignored = " ".join(self._some(("rdf:type", *PROPERTIES)))
        closed = self._one("true", "true", "false")
        return f"sh:closed {closed} ; sh:ignoredProperties ( {ignored} )"

    def _not(self, depth: int) -> str:
        return f"sh:not {self._inner(depth)}"

    def _logic(self, depth: int) -> str:
        members = " ".join(self._inner(depth) for _ in range(self._below(4)))
        return f"sh:{self._one('and', 'or', 'xone')} ( {members} )"

    def _node(self, depth: int) -> str:
        return f"sh:node {self._inner(depth, path=False)}"

    def _property(self, depth: int) -> str:
        if self._recursive and self._often(0.3):
            open_ = [f"ex:S{n}" for n, text in enumerate(self._made) if not text]
            again = self._one(*open_, "ex:Literals")
            number = len(self._made)
            way = self._one(f"sh:or ( {again} ex:Literals )", f"sh:and ( {again} )")
            self._made.append(f"ex:S{number} sh:path {self._path(1)} ; {way} .")
            return f"sh:property ex:S{number}"
        return f"sh:property {self._shape(depth, path=True)}"

    def _qualified(self, depth: int) -> str:
        return f"sh:qualified {depth}"  # replaced by siblings

    def _siblings(self, depth: int) -> str:
        """Return property shapes of which each counts what conforms to a shape."""
        names = []
        path = self._path(1)
        for _ in range(1 + self._below(3)):
            inner = self._inner(depth)
            bounds = self._one(
                f"sh:qualifiedMinCount {self._below(3)}",
                f"sh:qualifiedMaxCount {self._below(3)}",
                f"sh:qualifiedMinCount {self._below(3)} ; sh:qualifiedMaxCount {self._below(3)}",
            )
            disjoint = self._one("", "", " ; sh:qualifiedValueShapesDisjoint true")
            own = path if self._often(0.8) else self._path(1)
            text = f"sh:path {own} ; sh:qualifiedValueShape {inner} ; {bounds}{disjoint}"
            number = len(self._made)
            name = f"_:s{number}" if self._blank else f"ex:S{number}"
            self._made.append(f"{name} {text} .")
            names.append(name)
        return f"sh:property {' , '.join(names)}"

    def _inner(self, depth: int, path: bool | None = None) -> str:
        shared = [name for name in self._shared if path is None or self._is_node_shape(name)]
        if shared and self._often(0.2):
            return self._one(*shared)
        return self._shape(depth, path=path)

    def _is_node_shape(self, name: str) -> bool:
        return "sh:NodeShape" in self._made[int(name[4:])]

    # Chance

    def _often(self, probability: float) -> bool:
        return self._chance.random() < probability

    def _below(self, bound: int) -> int:
        return self._chance.randrange(bound)

    def _one(self, *choices: T) -> T:
        return self._chance.choice(choices)

    def _some(self, choices: tuple[str, ...]) -> list[str]:
        return self._chance.sample(choices, self._below(min(len(choices), 4)))


def with_prefixes(text: str) -> str:
    """Return a document that can be parsed."""
    return PREFIXES + text
