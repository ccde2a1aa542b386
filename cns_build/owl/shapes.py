# SPDX-License-Identifier: Apache-2.0
"""Axioms as shapes: what reading them as constraints, and looking for inconsistency, share.

Each axiom becomes shapes of its own, with targets, so that a result names the axiom: by its
message, by the place of the constraint, and by what it asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import combinations
from types import MappingProxyType

from cns_build import model as m
from cns_build.diagnostics import Diagnostic
from cns_build.ir.cycles import components
from cns_build.owl import axioms as a
from cns_build.owl.classes import parts_of
from cns_build.owl.expressions import VIOLATION, Drafts, Expressions, NotExpressible
from cns_build.owl.properties import Properties, inverted
from cns_build.owl.words import Words
from cns_build.vocabulary import OWL, XSD

_SAME_AS = m.PredicatePath(m.IRI(OWL + "sameAs"))
_STRING = m.IRI(XSD + "string")


@dataclass(frozen=True, slots=True)
class AxiomShapes:
    """What axioms became. `warnings` name those that are not checked, and why.

    `subclasses` are pairs of a class and one above it, by other axioms than rdfs:subClassOf;
    `disjoint` pairs of classes with a name.
    """

    shapes: Mapping[m.Node, m.Shape]
    warnings: tuple[Diagnostic, ...]
    subclasses: tuple[tuple[m.Node, m.Node], ...] = ()
    disjoint: tuple[tuple[m.IRI, m.IRI, m.Origin], ...] = ()


class Shaper:
    """Makes shapes of what axioms say of graphs; `properties` is the order of properties."""

    fix = ""
    """What to do about an axiom that is not checked."""

    def __init__(
        self,
        ontology: a.Ontology,
        properties: Properties,
        prefixes: Mapping[str, str],
        *,
        inverses: bool = True,
    ) -> None:
        ontology = _without_circles(ontology)
        self.ontology = ontology
        self.properties = properties
        self.words = Words(ontology.expressions, prefixes)
        self.drafts = Drafts()
        self.expressions = Expressions(ontology, properties, self.drafts, inverses=inverses)
        self.warnings: dict[Diagnostic, None] = {}

    @contextmanager
    def attempt(self, origin: m.Origin) -> Iterator[None]:
        """Read an axiom; where it cannot be expressed, take back what was made, and say so."""
        before = len(self.drafts.shapes)
        self.expressions.parts = 0
        try:
            yield
        except NotExpressible as error:
            self.expressions.forget_from(before)
            what = f"this axiom is not checked: {error}"
            warning = Diagnostic(what, origin, self.fix, "warning", rule="unchecked-axiom")
            self.warnings[warning] = None

    # Shapes

    def demand(
        self,
        targets: Sequence[m.Target],
        constraints: Sequence[m.Constraint],
        said: str,
        origin: m.Origin,
        path: m.Path | None = None,
    ) -> None:
        """Demand something of what targets select, or of the values of a path from there."""
        if constraints and targets:
            shape = self.shape(path, constraints, said, origin)
            self.drafts.add(replace(shape, targets=tuple(targets)))

    def shape(
        self,
        path: m.Path | None,
        constraints: Sequence[m.Constraint],
        said: str,
        origin: m.Origin,
        severity: m.IRI = VIOLATION,
    ) -> m.Shape:
        """Return a shape that says in words what it demands."""
        return m.Shape(
            self.drafts.name(),
            origin,
            path,
            tuple(constraints),
            severity=severity,
            messages=(m.Literal(said, _STRING),),
        )

    def targets(self, class_: m.Node, origin: m.Origin) -> tuple[m.Target, ...]:
        """Return targets that select all nodes of a class, and maybe others."""
        if isinstance(class_, m.IRI):
            return (m.TargetClass(class_, False, origin),)
        self.expressions.refuse_large(class_)
        for expression in self.ontology.expressions.get(class_, ()):
            match expression:
                case a.Some(property_) | a.Has(property_) | a.HasSelf(property_):
                    return self.expressions.subjects(property_, origin)
                case a.Count(property_, minimum) if minimum:
                    return self.expressions.subjects(property_, origin)
                case a.Intersection(members):
                    return self.targets(members[0], origin)
                case a.Union(members):
                    return tuple(t for each in members for t in self.targets(each, origin))
                case a.OneOf(values):
                    return tuple(m.TargetNode(value, origin) for value in values)
        what = f"{self.words.class_(class_)} is not what data select nodes by"
        raise NotExpressible(what)

    def is_of_data(self, lower: m.Node, upper: m.Node) -> bool:
        """Whether an axiom is about data ranges. Raises NotExpressible where one is a class."""
        ranges = [node for node in (lower, upper) if self.expressions.is_data_range(node)]
        for node in (lower, upper):
            if any(isinstance(r, m.BlankNode) for r in ranges) and node not in ranges:
                what = f"{self.words.class_(node)} is not declared as an rdfs:Datatype"
                raise NotExpressible(what)
        return bool(ranges)

    def demand_of_members(
        self,
        inside: m.Node,
        targets: Sequence[m.Target],
        then: m.Node,
        said: str,
        origin: m.Origin,
    ) -> None:
        """Demand that nodes which conform to the shape `inside` conform to `then` too."""
        not_inside = m.Shape(self.drafts.name(), origin, constraints=(m.Not(inside, origin),))
        either = m.Or((self.drafts.add(not_inside), then), origin)
        self.demand(targets, (either,), said, origin)

    def excluding(self, shapes: Sequence[m.Node], origin: m.Origin) -> m.Constraint:
        """Return the constraint that a node does not conform to all of the shapes."""
        if len(shapes) == 1:
            return m.Not(shapes[0], origin)
        all_ = m.And(tuple(shapes), origin)
        return m.Not(
            self.drafts.add(m.Shape(self.drafts.name(), origin, constraints=(all_,))), origin
        )

    # Properties

    def asymmetric(self, property_: a.Property, origin: m.Origin) -> None:
        """Demand that a property does not lead back, as stated or by its inverses."""
        said = f"{self.words.property(property_)} does not lead back: it is asymmetric"
        for each in (property_, inverted(property_)):
            below = [b for b in self.properties.all_below(each) if isinstance(b, m.IRI)]
            excluded = [m.Disjoint(iri, origin) for iri in below]
            targets = [m.TargetSubjectsOf(iri, origin) for iri in below]
            if below:
                back = self.expressions.path(inverted(each))
                self.demand(targets, excluded, said, origin, back)

    def irreflexive(self, property_: a.Property, origin: m.Origin) -> None:
        """Demand that nothing is a value of itself."""
        name = self.words.property(property_)
        said = f"nothing is a value of its own {name}: it is irreflexive"
        targets = self.expressions.subjects(property_, origin)
        self.demand(targets, self.expressions.no_self(property_, origin), said, origin)

    def said_of_disjoint(self, one: a.Property, other: a.Property) -> str:
        """Return that two properties are disjoint, in words."""
        return f"{self.words.property(one)} and {self.words.property(other)} share no value"

    def excluded_values(self, other: a.Property, origin: m.Origin) -> tuple[m.Constraint, ...]:
        """Return the constraints that values are not those of a property."""
        below = self.properties.all_below(other)
        if any(isinstance(each, a.Inverse) for each in below):
            raise NotExpressible(f"{self.words.property(other)} has inverses")
        return tuple(m.Disjoint(each, origin) for each in below if isinstance(each, m.IRI))

    def disjoint_properties(self, properties: Sequence[a.Property], origin: m.Origin) -> None:
        """Demand that each two properties share no value."""
        for one, other in combinations(properties, 2):
            if isinstance(other, a.Inverse):
                one, other = inverted(one), inverted(other)
            targets = self.expressions.subjects(one, origin)
            excluded = self.excluded_values(other, origin)
            path = self.expressions.path(one)
            self.demand(targets, excluded, self.said_of_disjoint(one, other), origin, path)

    # Individuals

    def different(self, individuals: Sequence[m.Node], origin: m.Origin) -> None:
        """Demand that no two of the individuals are the same: of each, those behind it."""
        same = m.AlternativePath((_SAME_AS, m.InversePath(_SAME_AS)))
        for number, one in enumerate(individuals, 1):
            others = dict.fromkeys(individuals[number:])
            name, target = self.words.term(one), (m.TargetNode(one, origin),)
            if one in others:
                said = f"{name} and {name} are different"
                self.demand(target, (m.In((), origin),), said, origin)
                del others[one]
            if others:
                among = m.Shape(
                    self.drafts.name(), origin, constraints=(m.In(tuple(others), origin),)
                )
                said = f"{name} and {self.words.values(tuple(others))} are different"
                excluded = m.Not(self.drafts.add(among), origin)
                self.demand(target, (excluded,), said, origin, same)

    def negative(self, axiom: a.NegativeFact) -> None:
        """Demand that a triple does not hold."""
        value, name = self.words.term(axiom.value), self.words.property(axiom.property)
        said = f"{self.words.term(axiom.subject)} does not have the value {value} of {name}"
        path = self.expressions.path(axiom.property)
        self._without(axiom.subject, path, axiom.value, said, axiom.origin)

    def _without(
        self, node: m.Node, path: m.Path, value: m.Term, said: str, origin: m.Origin
    ) -> None:
        """Demand that a node does not have a value."""
        has = m.Shape(self.drafts.name(), origin, path, (self.expressions.has(value, origin),))
        excluded = m.Not(self.drafts.add(has), origin)
        self.demand((m.TargetNode(node, origin),), (excluded,), said, origin)


def _without_circles(ontology: a.Ontology) -> a.Ontology:
    """Return the ontology without expressions that are parts of themselves, and mean nothing."""
    blank = {n: e for n, e in ontology.expressions.items() if isinstance(n, m.BlankNode)}
    parts = {
        n: [p for e in found for p in parts_of(e) if p in blank] for n, found in blank.items()
    }
    circles = components(parts)
    if not circles:
        return ontology
    kept = {node: e for node, e in ontology.expressions.items() if node not in circles}
    return replace(ontology, expressions=MappingProxyType(kept))
