# SPDX-License-Identifier: Apache-2.0
"""Axioms read as constraints, for a closed world: each becomes shapes, or it infers, never both.

    ex:Dog rdfs:subClassOf [ owl:onProperty ex:owner ; owl:maxCardinality 1 ]
        ex:Dog sh:property [ sh:path ex:owner ; cns:maxValues 1 ]
    ex:age rdfs:range xsd:integer
        [] sh:targetSubjectsOf ex:age ; sh:path ex:age ; cns:valueSpace xsd:integer

What infers: hierarchies of classes and properties, the sufficient half of an equivalence, inverse,
symmetric, transitive and reflexive properties, and chains. Names are unique: two of them are two
things. What properties say is asked of whatever has the property; owl/fields.py reads axioms for
records.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from types import MappingProxyType

from cns_build import model as m
from cns_build.owl import axioms as a
from cns_build.owl.classes import NOTHING, close_classes
from cns_build.owl.expressions import VIOLATION, NotExpressible, Requirement
from cns_build.owl.keys import query, shared_value
from cns_build.owl.order import Order
from cns_build.owl.properties import close_properties, inverted
from cns_build.owl.reading import Reading
from cns_build.owl.shapes import AxiomShapes, Shaper


def constraints(
    ontology: a.Ontology,
    reading: Reading,
    prefixes: Mapping[str, str],
    taken: Collection[m.Node] = (),
) -> AxiomShapes:
    """Return the shapes of all axioms that constrain; `taken` are nodes of other shapes."""
    if reading.records:
        from cns_build.owl.fields import FieldConstraints

        return FieldConstraints(ontology, reading, prefixes, taken).read()
    return Constraints(ontology, reading, prefixes, taken).read()


class Constraints(Shaper):
    """Reads axioms for graphs.

    What is asked of the values of an instance gathers in a shape with the name of the class.
    """

    def __init__(
        self,
        ontology: a.Ontology,
        reading: Reading,
        prefixes: Mapping[str, str],
        taken: Collection[m.Node],
    ) -> None:
        properties = close_properties(ontology)
        self.reading = reading
        self.classes = close_classes(ontology, properties)
        order = Order({}, {}) if reading.inferred else properties
        super().__init__(ontology, order, prefixes, inverses=not reading.records)
        self._taken = taken
        self._excluding: list[tuple[m.IRI, m.IRI, m.Origin]] = []
        self._parts: dict[m.IRI, tuple[m.Origin, list[m.Property]]] = {}

    def read(self) -> AxiomShapes:
        """Read all axioms, and definitions that stand with a class itself."""
        for axiom in self.ontology.axioms:
            with self.attempt(axiom.origin):
                self._axiom(axiom)
        for node, expressions in self.ontology.expressions.items():
            if isinstance(node, m.IRI) and not self.expressions.is_data_range(node):
                for each in expressions:
                    with self.attempt(each.origin):
                        self._require(node, self.expressions.of_expression(each), each.origin)
        return self._result()

    def _result(self) -> AxiomShapes:
        classes = {shape.node: shape for shape in self._class_shapes()}
        pairs = (
            (lower, upper)
            for lower, uppers in self.classes.above.items()
            for upper, reason in uppers.items()
            if not isinstance(reason, a.SubClass)
        )
        shapes = MappingProxyType({**classes, **self.drafts.shapes})
        return AxiomShapes(shapes, tuple(self.warnings), tuple(pairs), tuple(self._excluding))

    def _class_shapes(self) -> Iterator[m.Shape]:
        for iri, (origin, parts) in self._parts.items():
            known = self.ontology.entities.get(iri)
            yield m.Shape(
                self.drafts.name() if iri in self._taken else iri,
                origin,
                constraints=tuple(part for part in parts if part.shape in self.drafts.shapes),
                targets=(m.TargetClass(iri, False, origin),),
                names=known.labels if known else (),
                descriptions=known.comments if known else (),
            )

    def part(self, class_: m.IRI, shape: m.Shape) -> None:
        """Make a property shape part of the shape of a class."""
        self.of_class(class_, shape.origin).append(
            m.Property(self.drafts.add(shape), shape.origin)
        )

    def of_class(self, class_: m.IRI, origin: m.Origin) -> list[m.Property]:
        """Return the parts of the shape of a class."""
        return self._parts.setdefault(class_, (origin, []))[1]

    def infers(self, kind: str) -> bool:
        """Whether axioms of a kind of INFERRING infer."""
        return kind in self.reading.infer

    # Axioms

    def _axiom(self, axiom: a.Axiom) -> None:
        match axiom:
            case a.SubClass(lower, upper, origin):
                self._sub_class(lower, upper, origin)
            case a.EquivalentClasses(left, right, origin):
                self._sub_class(left, right, origin)
                self._sub_class(right, left, origin)
            case a.DisjointClasses(classes, origin):
                self._disjoint(classes, origin)
            case a.DisjointUnion(whole, members, origin):
                self._disjoint(members, origin)
                self._in_one_of(whole, members, origin)
            case a.Domain() if not self.infers("domain"):
                self.domain(axiom)
            case a.Range() if not self.infers("range"):
                self.range(axiom)
            case a.Characteristic():
                self._characteristic(axiom)
            case a.DisjointProperties(properties, origin):
                self.disjoint_properties(properties, origin)
            case a.Key() if not self.infers("hasKey"):
                self.key(axiom)
            case a.Different(individuals, origin):
                self.different(individuals, origin)
            case a.NegativeFact():
                self.negative(axiom)

    # Classes

    def _sub_class(self, lower: m.Node, upper: m.Node, origin: m.Origin) -> None:
        if self.is_of_data(lower, upper):
            return  # a definition, read where the datatype is used
        if isinstance(upper, m.IRI) and upper != NOTHING:
            return  # infers
        if isinstance(lower, m.IRI):
            self._require(lower, self.expressions.requirements(upper, origin), origin)
        else:
            self.among_members(lower, upper, origin)

    def _require(
        self, class_: m.IRI, requirements: Iterator[Requirement], origin: m.Origin
    ) -> None:
        for requirement in tuple(requirements):
            if not _infers(requirement):
                said = self.words.each(class_, requirement.expression)
                self._on_class(class_, requirement, said, origin)

    def _on_class(
        self, class_: m.IRI, requirement: Requirement, said: str, origin: m.Origin
    ) -> None:
        """Demand something of the instances of a class."""
        severity = self.reading.exists if requirement.exists else VIOLATION
        shape = self.shape(requirement.path, requirement.constraints, said, origin, severity)
        if requirement.path is None:
            target = m.TargetClass(class_, False, origin)
            self.drafts.add(replace(shape, targets=(target,)))
        else:
            self.part(class_, shape)

    def among_members(self, lower: m.Node, upper: m.Node, origin: m.Origin) -> None:
        """Demand something of the nodes that are in an expression, as far as data show it."""
        inside, then = (self.expressions.shape(each, origin) for each in (lower, upper))
        said = f"each {self.words.class_(lower)} is in {self.words.class_(upper)}"
        self.demand_of_members(inside, self.targets(lower, origin), then, said, origin)

    def _disjoint(self, classes: Sequence[m.Node], origin: m.Origin) -> None:
        for one, other in combinations(classes, 2):
            first, second = (one, other) if isinstance(one, m.IRI) else (other, one)
            said = self.words.disjoint(one, other)
            excluded = [self.expressions.shape(second, origin)]
            if isinstance(first, m.IRI) and isinstance(second, m.IRI):
                self._excluding.append((first, second, origin))
            if isinstance(first, m.IRI):
                not_both = (self.excluding(excluded, origin),)
                self._on_class(first, Requirement(None, None, not_both), said, origin)
            else:
                excluded.append(self.expressions.shape(first, origin))
                self.not_all(excluded, self.targets(first, origin), said, origin)

    def not_all(
        self, shapes: Sequence[m.Node], targets: Sequence[m.Target], said: str, origin: m.Origin
    ) -> None:
        """Demand that nodes do not conform to all of the shapes."""
        self.demand(targets, (self.excluding(shapes, origin),), said, origin)

    def _in_one_of(self, whole: m.Node, members: tuple[m.Node, ...], origin: m.Origin) -> None:
        if isinstance(whole, m.IRI):
            shapes = tuple(self.expressions.shape(each, origin) for each in members)
            said = f"each {self.words.term(whole)} is in {self.words.all(members, ' or ')}"
            either = Requirement(None, None, (m.Or(shapes, origin),))
            self._on_class(whole, either, said, origin)

    # Properties

    def domain(self, axiom: a.Domain) -> None:
        """Demand that what has a value is in the class."""
        conditions = self.expressions.conditions(axiom.class_, axiom.origin)
        targets = self.expressions.subjects(axiom.property, axiom.origin)
        self.demand(targets, conditions, self.words.domain(axiom), axiom.origin)

    def range(self, axiom: a.Range) -> None:
        """Demand that values are in the class or data range, of each property below by itself."""
        conditions = self.expressions.conditions(axiom.class_, axiom.origin)
        paths = self.expressions.each_path(axiom.property)
        targets = self.expressions.subjects(axiom.property, axiom.origin)
        for path, target in zip(paths, targets, strict=True):
            self.demand((target,), conditions, self.words.range(axiom), axiom.origin, path)

    def _characteristic(self, axiom: a.Characteristic) -> None:
        match axiom.kind:
            case "functional" if not self.infers("functional"):
                self.functional(axiom)
            case "inverse functional" if not self.infers("inverseFunctional"):
                self.inverse_functional(axiom)
            case "asymmetric":
                self.asymmetric(axiom.property, axiom.origin)
            case "irreflexive":
                self.irreflexive(axiom.property, axiom.origin)

    def functional(self, axiom: a.Characteristic) -> None:
        """Demand one value at most, those of properties below included."""
        self._at_most_one(axiom.property, self.words.functional(axiom), axiom.origin)

    def inverse_functional(self, axiom: a.Characteristic) -> None:
        """Demand one subject of a value at most."""
        said = f"a value of {self.words.property(axiom.property)} belongs to one subject at most"
        self._at_most_one(inverted(axiom.property), said, axiom.origin)

    def _at_most_one(self, property_: a.Property, said: str, origin: m.Origin) -> None:
        targets = self.expressions.subjects(property_, origin)
        path = self.expressions.path(property_)
        self.demand(targets, (m.MaxValues(1, origin),), said, origin, path)

    def key(self, axiom: a.Key) -> None:
        """Demand that no two instances have the same values."""
        class_, origin = axiom.class_, axiom.origin
        names = ", ".join(map(self.words.property, axiom.properties))
        said = f"no two {self.words.class_(class_)} have the same {names}"
        paths = [self.expressions.path(each) for each in axiom.properties]
        targets = self.targets(class_, origin)
        if len(paths) == 1:
            inside = self.expressions.shape(class_, origin)
            one = m.QualifiedValueShape(inside, None, 1, False, origin)
            self.demand(targets, (one,), said, origin, shared_value(paths[0]))
            return
        if not isinstance(class_, m.IRI):
            raise NotExpressible("a key of several properties is of a class with a name")
        below = sorted(c for c in self.classes.all_below(class_) if isinstance(c, m.IRI))
        shape = self.shape(None, (), said, origin)
        other = m.Sparql(self.drafts.name(), query(paths, below, origin), shape.messages, origin)
        self.drafts.add(replace(shape, constraints=(other,), targets=targets))


def _infers(requirement: Requirement) -> bool:
    """Whether all that is said is that a class is under another."""
    said = (isinstance(c, m.ClassConstraint | m.NodeKind) for c in requirement.constraints)
    return requirement.path is None and all(said)
