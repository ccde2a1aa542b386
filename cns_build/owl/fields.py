# SPDX-License-Identifier: Apache-2.0
"""Axioms read as constraints on records: a property is a field of the classes that it belongs to.

Those are the classes of its domains, and those whose axioms mention it; their subclasses inherit
it. A record shows what leads from it. What leads to it, and what other records hold, it does not:
such axioms are left to graphs, with a warning.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from cns_build import model as m
from cns_build.owl import axioms as a
from cns_build.owl.constraints import Constraints
from cns_build.owl.expressions import UNSEEN_SELF, NotExpressible
from cns_build.owl.owners import Owners
from cns_build.owl.reading import Reading
from cns_build.owl.shapes import AxiomShapes


class FieldConstraints(Constraints):
    """Reads axioms for records."""

    fix = "validate graphs for it (cnsc validate)"

    def __init__(
        self,
        ontology: a.Ontology,
        reading: Reading,
        prefixes: Mapping[str, str],
        taken: Collection[m.Node],
    ) -> None:
        super().__init__(ontology, reading, prefixes, taken)
        self._owners = Owners(ontology, self.classes)
        self._mentioned: dict[m.IRI, dict[m.IRI, None]] = {}  # classes, by property
        self._axioms: dict[a.Property, list[a.Domain | a.Range | a.Characteristic]] = {}
        for axiom in ontology.axioms:
            if isinstance(axiom, a.Domain | a.Range | a.Characteristic):
                self._axioms.setdefault(axiom.property, []).append(axiom)

    def part(self, class_: m.IRI, shape: m.Shape) -> None:
        """Make a property shape part of the shape of a class, which has the field then."""
        super().part(class_, shape)
        for property_ in _predicates(shape.path):
            self._mentioned.setdefault(property_, {})[class_] = None

    def _result(self) -> AxiomShapes:
        if self.reading.all_classes:
            for iri, entity in self.ontology.entities.items():
                if "class" in entity.kinds:
                    self.of_class(iri, entity.origin)
        for iri, entity in self.ontology.entities.items():
            if any(kind.endswith("property") for kind in entity.kinds):
                for class_ in self._classes_with(iri):
                    self._add_field(class_, iri, entity.origin)
        return super()._result()

    def _classes_with(self, property_: m.IRI) -> tuple[m.IRI, ...]:
        """Return the highest classes whose records have a field for a property."""
        domains = (
            axiom.class_
            for upper in self.properties.all_above(property_)
            for axiom in self._axioms.get(upper, ())
            if isinstance(axiom, a.Domain)
        )
        found = (*self._owners.of_domains(domains), *self._mentioned.get(property_, ()))
        return self._owners.highest(found)

    def _add_field(self, class_: m.IRI, property_: m.IRI, origin: m.Origin) -> None:
        path = m.PredicatePath(property_)
        self.part(class_, m.Shape(self.drafts.name(), origin, path))
        for upper in self.properties.all_above(property_):
            for axiom in self._axioms.get(upper, ()):
                with self.attempt(axiom.origin):
                    for shape in self._of_field(path, axiom):
                        self.part(class_, shape)

    def _of_field(self, path: m.PredicatePath, axiom: a.Axiom) -> Iterator[m.Shape]:
        match axiom:
            case a.Range(_, class_, origin) if not self.infers("range"):
                conditions = self.expressions.conditions(class_, origin)
                if conditions:
                    yield self.shape(path, conditions, self.words.range(axiom), origin)
            case a.Characteristic(upper, "functional", origin) if not self.infers("functional"):
                said = self.words.functional(axiom)
                values = self.expressions.path(upper)
                yield self.shape(values, (m.MaxValues(1, origin),), said, origin)

    # What fields have read, and what records do not show

    def domain(self, axiom: a.Domain) -> None:
        """Do nothing: a domain says which records have the field."""

    def range(self, axiom: a.Range) -> None:
        """Do nothing: a range is of the fields."""

    def functional(self, axiom: a.Characteristic) -> None:
        """Do nothing: a functional property is a field with one value."""

    def inverse_functional(self, axiom: a.Characteristic) -> None:
        """Refuse what is about other records."""
        raise NotExpressible("a record does not show who else has a value")

    def asymmetric(self, property_: a.Property, origin: m.Origin) -> None:
        """Refuse what is about other records."""
        raise NotExpressible("a record does not show what leads to it")

    def irreflexive(self, property_: a.Property, origin: m.Origin) -> None:
        """Refuse what is about the identity of nodes."""
        raise NotExpressible(UNSEEN_SELF)

    def disjoint_properties(self, properties: Sequence[a.Property], origin: m.Origin) -> None:
        """Refuse what may be about any two fields."""
        raise NotExpressible("fields of records are not compared with all others")

    def key(self, axiom: a.Key) -> None:
        """Refuse what is about other records."""
        raise NotExpressible("a record does not show other records")

    def different(self, individuals: Sequence[m.Node], origin: m.Origin) -> None:
        """Refuse what is about single nodes."""
        raise NotExpressible("a record does not show which nodes are the same")

    def negative(self, axiom: a.NegativeFact) -> None:
        """Refuse what is about single nodes."""
        raise NotExpressible("a record is of a class, not of a single node")

    def among_members(self, lower: m.Node, upper: m.Node, origin: m.Origin) -> None:
        """Refuse what is not about a class with a name."""
        raise NotExpressible("a record is of a class with a name")

    def not_all(
        self, shapes: Sequence[m.Node], targets: Sequence[m.Target], said: str, origin: m.Origin
    ) -> None:
        """Refuse what is not about a class with a name."""
        raise NotExpressible("a record is of a class with a name")


def _predicates(path: m.Path | None) -> Iterator[m.IRI]:
    """Yield the properties whose values a path of one step leads to."""
    match path:
        case m.PredicatePath(iri):
            yield iri
        case m.AlternativePath(paths):
            for each in paths:
                yield from _predicates(each)
