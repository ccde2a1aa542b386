# SPDX-License-Identifier: Apache-2.0
"""What makes a graph inconsistent, as shapes over all that follows from it.

These are the rules of OWL 2 RL that conclude `false` (OWL 2 Profiles, tables 4 to 8), one shape
for each axiom that is in them. The graph is closed: it holds the types, triples and owl:sameAs
that follow. Classes of expressions have no types in it, so whether a node is in one is asked by
what proves it: a value, a member, a type.

    ex:Cat owl:disjointWith ex:Dog               ex:Cat sh:not [ sh:class ex:Dog ]
    ex:Orphan rdfs:subClassOf [ owl:onProperty ex:parent ; owl:maxCardinality 0 ]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from types import MappingProxyType

from cns_build import model as m
from cns_build.owl import axioms as a
from cns_build.owl.classes import NOTHING, THING, all_expressions
from cns_build.owl.expressions import Requirement
from cns_build.owl.order import Order
from cns_build.owl.shapes import AxiomShapes, Shaper
from cns_build.vocabulary import OWL, RDF

_TYPE = m.IRI(RDF + "type")
_SAME_AS, _DIFFERENT = m.IRI(OWL + "sameAs"), m.IRI(OWL + "differentFrom")


def inconsistencies(
    ontology: a.Ontology, prefixes: Mapping[str, str], origin: m.Origin
) -> AxiomShapes:
    """Return a shape for each way in which data may contradict the axioms.

    `origin` is where those are placed that come from the meaning of OWL and from no axiom.
    """
    return _Inconsistencies(ontology, Order({}, {}), prefixes).read(origin)


class _Inconsistencies(Shaper):
    def read(self, origin: m.Origin) -> AxiomShapes:
        """Read all axioms, and definitions that stand with a class itself."""
        self._built_in(origin)
        for axiom in self.ontology.axioms:
            with self.attempt(axiom.origin):
                self._axiom(axiom)
        for node, expression in all_expressions(self.ontology):
            if isinstance(node, m.IRI) and not self.expressions.is_data_range(node):
                with self.attempt(expression.origin):
                    self._refute(node, self._of_expression(expression), expression.origin)
        for fact in self.ontology.facts:
            if fact.predicate == _TYPE and isinstance(fact.value, m.BlankNode):
                with self.attempt(fact.origin):
                    self._member(fact.subject, fact.value, fact.origin)
        return AxiomShapes(MappingProxyType(self.drafts.shapes), tuple(self.warnings))

    def _built_in(self, origin: m.Origin) -> None:
        nothing = (m.TargetClass(NOTHING, False, origin),)
        self.demand(nothing, (m.In((), origin),), "owl:Nothing has no instances", origin)
        targets = (m.TargetSubjectsOf(_DIFFERENT, origin),)
        different = (m.Disjoint(_DIFFERENT, origin),)
        said = "what is the same is not different"
        self.demand(targets, different, said, origin, m.PredicatePath(_SAME_AS))
        self.demand(targets, different, "nothing is different from itself", origin)

    def _axiom(self, axiom: a.Axiom) -> None:
        match axiom:
            case a.SubClass(lower, upper, origin):
                self._sub_class(lower, upper, origin)
            case a.EquivalentClasses(left, right, origin):
                self._sub_class(left, right, origin)
                self._sub_class(right, left, origin)
            case a.DisjointClasses(classes, origin) | a.DisjointUnion(_, classes, origin):
                self._disjoint(classes, origin)
            case a.Domain(property_, class_, origin):
                targets = self.expressions.subjects(property_, origin)
                for each in self._of_class(class_, origin):
                    said = self.words.domain(axiom)
                    self.demand(targets, each.constraints, said, origin, each.path)
            case a.Range(property_, class_, origin):
                targets = self.expressions.subjects(property_, origin)
                refuting = self._gathered(self._of_class(class_, origin), origin)
                path = self.expressions.path(property_)
                self.demand(targets, refuting, self.words.range(axiom), origin, path)
            case a.Characteristic():
                self._characteristic(axiom)
            case a.DisjointProperties(properties, origin):
                self.disjoint_properties(properties, origin)
            case a.Different(individuals, origin):
                self.different(individuals, origin)
            case a.NegativeFact():
                self.negative(axiom)

    # Classes

    def _sub_class(self, lower: m.Node, upper: m.Node, origin: m.Origin) -> None:
        if self.is_of_data(lower, upper):
            return  # a definition, read where the datatype is used
        refuting = tuple(self._of_class(upper, origin))
        if isinstance(lower, m.IRI):
            self._refute(lower, refuting, origin)
            return
        inside = self._proof(lower, origin)
        if inside is not None and refuting:
            constraints = self._gathered(refuting, origin)
            then = m.Shape(self.drafts.name(), origin, constraints=constraints)
            said = f"each {self.words.class_(lower)} is in {self.words.class_(upper)}"
            targets = self.targets(lower, origin)
            self.demand_of_members(inside, targets, self.drafts.add(then), said, origin)

    def _refute(self, class_: m.IRI, refuting: Iterable[Requirement], origin: m.Origin) -> None:
        """Demand of the instances of a class what is not inferred of them."""
        target = (m.TargetClass(class_, False, origin),)
        for each in refuting:
            said = self.words.each(class_, each.expression)
            self.demand(target, each.constraints, said, origin, each.path)

    def _member(self, node: m.Node, class_: m.Node, origin: m.Origin) -> None:
        """Demand of an individual what the expression does that it is an instance of."""
        target = (m.TargetNode(node, origin),)
        said = f"{self.words.term(node)} is in {self.words.class_(class_)}"
        for each in self._of_class(class_, origin):
            self.demand(target, each.constraints, said, origin, each.path)

    def _gathered(
        self, refuting: Iterable[Requirement], origin: m.Origin
    ) -> tuple[m.Constraint, ...]:
        """Return requirements as constraints on the node itself."""
        found: list[m.Constraint] = []
        for each in refuting:
            if each.path is None:
                found += each.constraints
            else:
                inner = m.Shape(self.drafts.name(), origin, each.path, each.constraints)
                found.append(m.Property(self.drafts.add(inner), origin))
        return tuple(found)

    def _disjoint(self, classes: Sequence[m.Node], origin: m.Origin) -> None:
        for one, other in combinations(classes, 2):
            first, second = (one, other) if isinstance(one, m.IRI) else (other, one)
            shapes = [self._proof(each, origin) for each in (second, first)]
            proofs = [shape for shape in shapes if shape is not None]
            if len(proofs) == len(shapes):
                excluded = self.excluding(proofs[: 1 if isinstance(first, m.IRI) else 2], origin)
                said = self.words.disjoint(one, other)
                self.demand(self.targets(first, origin), (excluded,), said, origin)

    def _of_class(self, class_: m.Node, origin: m.Origin) -> Iterator[Requirement]:
        """Yield what contradicts that a node is in a class, and is not inferred."""
        if self.expressions.is_data_range(class_):
            yield Requirement(None, None, self.expressions.conditions(class_, origin))
        elif class_ == NOTHING:
            yield Requirement(None, None, (m.In((), origin),))
        elif not isinstance(class_, m.IRI):
            self.expressions.refuse_large(class_)
            for expression in self.ontology.expressions.get(class_, ()):
                yield from self._of_expression(expression)

    def _of_expression(self, expression: a.Expression) -> Iterator[Requirement]:
        origin = expression.origin
        match expression:
            case a.Intersection(members):
                for member in members:
                    yield from self._of_class(member, origin)
            case a.Only(property_, filler):
                inner = self._gathered(self._of_class(filler, origin), origin)
                if inner:
                    yield Requirement(expression, self.expressions.path(property_), inner)
            case a.Complement(of):
                proof = self._proof(of, origin)
                if proof is not None:
                    yield Requirement(expression, None, (m.Not(proof, origin),))
            case a.Count(property_, _, 0, filler) if filler is not None and filler != THING:
                proof = self._proof(filler, origin)
                if proof is not None:
                    none = (m.QualifiedValueShape(proof, None, 0, False, origin),)
                    yield Requirement(expression, self.expressions.path(property_), none)
            case a.Count(property_, _, int() as most) if most == 0 or self._has_literals(
                property_
            ):
                values = (m.MaxValues(most, origin),)
                yield Requirement(expression, self.expressions.path(property_), values)

    def _proof(self, class_: m.Node, origin: m.Origin) -> m.Node | None:
        """Return a shape of nodes that are proven to be in a class, or None where none can be."""
        if isinstance(class_, m.IRI) or self.expressions.is_data_range(class_):
            return self.expressions.shape(class_, origin)
        self.expressions.refuse_large(class_)
        found = [self._proofs(e) for e in self.ontology.expressions.get(class_, ())]
        if not found or None in found:
            return None
        constraints = tuple(c for each in found if each is not None for c in each)
        return self.drafts.add(m.Shape(self.drafts.name(), origin, constraints=constraints))

    def _proofs(self, expression: a.Expression) -> tuple[m.Constraint, ...] | None:
        origin = expression.origin
        match expression:
            case a.Intersection(members):
                parts = [self._proof(each, origin) for each in members]
                shapes = tuple(part for part in parts if part is not None)
                return (m.And(shapes, origin),) if len(shapes) == len(parts) else None
            case a.Union(members):
                parts = [self._proof(each, origin) for each in members]
                return (m.Or(tuple(part for part in parts if part is not None), origin),)
            case a.Some(property_, filler):
                proof = self._proof(filler, origin)
                if proof is None:
                    return None
                one = (m.QualifiedValueShape(proof, 1, None, False, origin),)
                return self._gathered(
                    [Requirement(expression, self.expressions.path(property_), one)], origin
                )
            case a.Has() | a.OneOf() | a.HasSelf() | a.Count(minimum=1, maximum=None, filler=None):
                return self._gathered(self.expressions.of_expression(expression), origin)
        return None

    # Properties

    def _has_literals(self, property_: a.Property) -> bool:
        """Whether different values are different things, so that none are made the same."""
        entity = self.ontology.entities.get(property_) if isinstance(property_, m.IRI) else None
        return entity is not None and "data property" in entity.kinds

    def _characteristic(self, axiom: a.Characteristic) -> None:
        match axiom.kind:
            case "functional" if self._has_literals(axiom.property):
                targets = self.expressions.subjects(axiom.property, axiom.origin)
                one = (m.MaxValues(1, axiom.origin),)
                path = self.expressions.path(axiom.property)
                self.demand(targets, one, self.words.functional(axiom), axiom.origin, path)
            case "asymmetric":
                self.asymmetric(axiom.property, axiom.origin)
            case "irreflexive":
                self.irreflexive(axiom.property, axiom.origin)
