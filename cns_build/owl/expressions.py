# SPDX-License-Identifier: Apache-2.0
"""Class expressions and data ranges as constraints, for a closed world.

A *requirement* is one thing that an expression asks of a node, or of the values of a path from
it. What nests becomes shapes without names.

    owner some Person            path owner: at least one value that is a Person
    Dog and (not Puppy)          a Dog; and not a Puppy
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from cns_build import model as m
from cns_build import xsd
from cns_build.owl import axioms as a
from cns_build.owl.beyond import data_ranges
from cns_build.owl.classes import NOTHING, THING, parts_of
from cns_build.owl.properties import Properties
from cns_build.vocabulary import OWL, RDF, RDFS, SH, XSD

MAX_NESTING = 100  # expressions inside expressions, each of which takes some of the stack
MAX_PARTS = 100_000  # expressions that one axiom is made of; one that is shared counts again

UNSEEN_SELF = "a record does not show that it refers to itself"
VIOLATION = m.IRI(SH + "Violation")
_STRING, _DECIMAL = m.IRI(XSD + "string"), m.IRI(XSD + "decimal")
_LANG_STRING, _PLAIN = m.IRI(RDF + "langString"), m.IRI(RDF + "PlainLiteral")
_NUMBERS = (m.IRI(OWL + "real"), m.IRI(OWL + "rational"))
_LITERAL = m.IRI(RDFS + "Literal")
_RESOURCE = m.IRI(RDFS + "Resource")
_ANYTHING = (THING, _RESOURCE, _LITERAL)
_RDF_DATATYPES = (_LANG_STRING, _PLAIN, m.IRI(RDF + "XMLLiteral"), m.IRI(RDF + "HTML"))


class NotExpressible(Exception):
    """What is left out of an axiom, in words; nothing of the axiom is checked then."""


@dataclass(slots=True)
class Drafts:
    """Shapes in the making. Those without a name are numbered."""

    shapes: dict[m.Node, m.Shape] = field(default_factory=dict)
    _count: int = 0

    def name(self) -> m.BlankNode:
        """Return a name for a shape that has none."""
        self._count += 1
        return m.BlankNode(f"axiom{self._count}")

    def add(self, shape: m.Shape) -> m.Node:
        """Take a shape, and return its node."""
        self.shapes[shape.node] = shape
        return shape.node


@dataclass(frozen=True, slots=True)
class Requirement:
    """Constraints on a node, or on the values of a path from it.

    `exists` says that they ask for values to be there, which open worlds leave to be found.
    """

    expression: a.Expression | None
    path: m.Path | None
    constraints: tuple[m.Constraint, ...]
    exists: bool = False


class Expressions:
    """Makes constraints of the classes and data ranges of an ontology.

    Without `inverses`, paths lead from subjects to objects alone, as in records.
    """

    def __init__(
        self, ontology: a.Ontology, properties: Properties, drafts: Drafts, *, inverses: bool
    ) -> None:
        self._ontology = ontology
        self._properties = properties
        self._drafts = drafts
        self._inverses = inverses
        self._shapes: dict[m.Node, m.Node] = {}
        self._definitions = _definitions(ontology)
        self._data_ranges = data_ranges(ontology)
        self._depths = _depths(ontology)
        self.parts = 0  # how many expressions the axiom at hand has had so far

    def forget_from(self, number: int) -> None:
        """Take back all shapes that were made behind so many."""
        while len(self._drafts.shapes) > number:
            self._drafts.shapes.popitem()
        kept = self._drafts.shapes
        self._shapes = {class_: node for class_, node in self._shapes.items() if node in kept}

    # Paths

    def path(self, property_: a.Property) -> m.Path:
        """Return the path to all values of a property, those of properties below it included."""
        paths = tuple(self.each_path(property_))
        if not paths:
            raise NotExpressible("records hold no inverse of a property")
        return paths[0] if len(paths) == 1 else m.AlternativePath(paths)

    def each_path(self, property_: a.Property) -> Iterator[m.Path]:
        """Yield the paths of the properties below one, itself first."""
        for below in self._properties.all_below(property_):
            if not isinstance(below, a.Inverse):
                yield m.PredicatePath(below)
            elif self._inverses:
                yield m.InversePath(m.PredicatePath(below.property))

    # Classes

    def is_data_range(self, node: m.Node) -> bool:
        """Whether a node is a datatype, or an expression of literals."""
        if isinstance(node, m.IRI):
            entity = self._ontology.entities.get(node)
            declared = entity is not None and "datatype" in entity.kinds
            built_in = node.value.startswith(XSD) or node in (_LITERAL, *_NUMBERS, *_RDF_DATATYPES)
            return built_in or (declared and not (entity and "class" in entity.kinds))
        return node in self._data_ranges

    def refuse_large(self, class_: m.Node) -> None:
        """Count a part of an axiom. Raises NotExpressible where it nests deeply, or is large."""
        if self._depths.get(class_, 0) > MAX_NESTING:
            raise NotExpressible(f"expressions nest deeper than {MAX_NESTING} levels")
        self.parts += 1
        if self.parts > MAX_PARTS:
            raise NotExpressible(f"it is made of more than {MAX_PARTS} expressions")

    def conditions(self, class_: m.Node, origin: m.Origin) -> tuple[m.Constraint, ...]:
        """Return what is asked of a node that is in a class or data range; maybe nothing."""
        found: list[m.Constraint] = []
        for each in self.requirements(class_, origin):
            if each.path is None:
                found += each.constraints
            else:
                inner = m.Shape(self._drafts.name(), origin, each.path, each.constraints)
                found.append(m.Property(self._drafts.add(inner), origin))
        return tuple(found)

    def shape(self, class_: m.Node, origin: m.Origin) -> m.Node:
        """Return a shape that the nodes in a class conform to."""
        known = self._shapes.get(class_)
        if known is not None:
            return known
        node = self._drafts.name()
        self._shapes[class_] = node
        self._drafts.add(m.Shape(node, origin, constraints=self.conditions(class_, origin)))
        return node

    def requirements(self, class_: m.Node, origin: m.Origin) -> Iterator[Requirement]:
        """Yield what a class or data range asks, one by one."""
        if isinstance(class_, m.IRI):
            constraints = self._of_name(class_, origin)
            if constraints:
                yield Requirement(None, None, constraints)
            return
        self.refuse_large(class_)
        expressions = self._ontology.expressions.get(class_, ())
        if not expressions:
            raise NotExpressible("a class expression is not one of OWL 2")
        for expression in expressions:
            yield from self.of_expression(expression)

    def _of_name(self, name: m.IRI, origin: m.Origin) -> tuple[m.Constraint, ...]:
        if name == THING:
            return (m.NodeKind("BlankNodeOrIRI", origin),)
        if name == NOTHING:
            return (m.In((), origin),)
        if name == _RESOURCE:
            return ()
        if self.is_data_range(name):
            return self._of_datatype(name, origin)
        return (m.ClassConstraint(name, origin),)

    def _of_datatype(self, name: m.IRI, origin: m.Origin) -> tuple[m.Constraint, ...]:
        if name == _LITERAL:
            return (m.NodeKind("Literal", origin),)
        if name in _NUMBERS:
            return (m.ValueSpace(_DECIMAL, origin),)
        if name == _LANG_STRING:
            return (m.Datatype(name, origin),)
        if name == _PLAIN:
            return (m.Or(tuple(self.shape(n, origin) for n in (_STRING, _LANG_STRING)), origin),)
        definition = self._definitions.pop(name, None)
        if definition is None:
            return (m.ValueSpace(name, origin),)
        made = self.conditions(definition, origin)
        self._definitions[name] = definition
        return made

    # Expressions

    def of_expression(self, expression: a.Expression) -> Iterator[Requirement]:
        """Yield what an expression asks, one by one."""
        origin = expression.origin
        match expression:
            case a.Intersection(members):
                for member in members:
                    yield from self.requirements(member, origin)
            case a.Some(property_, filler):
                at_least = self._at_least(1, filler, origin)
                yield Requirement(expression, self.path(property_), at_least, exists=True)
            case a.Only(property_, filler):
                conditions = self.conditions(filler, origin)
                if conditions:
                    yield Requirement(expression, self.path(property_), conditions)
            case a.Has(property_, value):
                yield Requirement(expression, self.path(property_), (self.has(value, origin),))
            case a.Count(property_, minimum, maximum, filler):
                if minimum:
                    at_least = self._at_least(minimum, filler, origin)
                    yield Requirement(expression, self.path(property_), at_least, exists=True)
                if maximum is not None:
                    at_most = self._at_most(maximum, filler, origin)
                    yield Requirement(expression, self.path(property_), at_most)
            case _:
                yield Requirement(expression, None, self._of_node(expression))

    def _of_node(self, expression: a.Expression) -> tuple[m.Constraint, ...]:
        """Return the constraints of an expression that asks something of the node itself."""
        origin = expression.origin
        match expression:
            case a.HasSelf(property_):
                if not self._inverses:
                    raise NotExpressible(UNSEEN_SELF)
                return (m.Not(self._without_itself(property_, origin), origin),)
            case a.Union(members):
                return (m.Or(tuple(self.shape(each, origin) for each in members), origin),)
            case a.Complement(of):
                return (m.Not(self.shape(of, origin), origin),)
            case a.OneOf(values):
                return self._one_of(values, origin)
            case a.Faceted(datatype, facets):
                return (*self._of_name(datatype, origin), *_of_facets(facets, origin))
        raise AssertionError(expression)

    def _one_of(self, values: Sequence[m.Term], origin: m.Origin) -> tuple[m.Constraint, ...]:
        if not self._inverses or not any(map(_is_measured, values)):
            return (m.In(tuple(values), origin),)
        shapes = (self._equal(value, origin) for value in values)
        return (m.Or(tuple(shapes), origin),)

    def has(self, value: m.Term, origin: m.Origin) -> m.Constraint:
        """Return the constraint that a term, or in graphs its equal, is among values."""
        if not self._inverses or not _is_measured(value):
            return m.HasValue(value, origin)
        return m.QualifiedValueShape(self._equal(value, origin), 1, None, False, origin)

    def _equal(self, value: m.Term, origin: m.Origin) -> m.Node:
        """Return the shape of a term, and of the literals that are equal to it."""
        constraints: tuple[m.Constraint, ...] = (m.In((value,), origin),)
        if isinstance(value, m.Literal) and _is_measured(value):
            space = _PRIMITIVES[type(xsd.parse(value))](value)
            bounds = (m.MinInclusive(value, origin), m.MaxInclusive(value, origin))
            constraints = (m.ValueSpace(m.IRI(XSD + space), origin), *bounds)
        return self._drafts.add(m.Shape(self._drafts.name(), origin, constraints=constraints))

    def _at_least(
        self, count: int, filler: m.Node | None, origin: m.Origin
    ) -> tuple[m.Constraint, ...]:
        if filler is None or filler in _ANYTHING:
            return (m.MinCount(count, origin),)
        inner = self.shape(filler, origin)
        return (m.QualifiedValueShape(inner, count, None, False, origin),)

    def _at_most(
        self, count: int, filler: m.Node | None, origin: m.Origin
    ) -> tuple[m.Constraint, ...]:
        if filler is None or filler in _ANYTHING:
            return (m.MaxValues(count, origin),)
        inner = self.shape(filler, origin)
        return (m.QualifiedValueShape(inner, None, count, False, origin),)

    def _without_itself(self, property_: a.Property, origin: m.Origin) -> m.Node:
        """Return the shape of nodes that are no value of themselves, by any property below."""
        node = self._drafts.name()
        return self._drafts.add(m.Shape(node, origin, constraints=self.no_self(property_, origin)))

    def no_self(self, property_: a.Property, origin: m.Origin) -> tuple[m.Constraint, ...]:
        """Return constraints that a node which is a value of itself fails."""
        below = self._properties.all_below(property_)
        iris = (each.property if isinstance(each, a.Inverse) else each for each in below)
        return tuple(m.Disjoint(iri, origin) for iri in dict.fromkeys(iris))

    def subjects(self, property_: a.Property, origin: m.Origin) -> tuple[m.Target, ...]:
        """Return targets that select what has a value of a property."""
        return tuple(_target(below, origin) for below in self._properties.all_below(property_))


_PRIMITIVES: dict[type, Callable[[m.Literal], str]] = {
    xsd.Exact: lambda value: "decimal",
    xsd.Real: lambda value: value.datatype.value.removeprefix(XSD),
    xsd.Boolean: lambda value: "boolean",
    xsd.Instant: lambda value: value.datatype.value.removeprefix(XSD).removesuffix("Stamp"),
}
"""By kind of value: the datatype whose values it is one of, with others written in other ways."""


def _is_measured(value: m.Term) -> bool:
    """Whether a term is a literal that has an order, so that others may be equal to it."""
    return isinstance(value, m.Literal) and type(xsd.parse(value)) in _PRIMITIVES


def _target(property_: a.Property, origin: m.Origin) -> m.Target:
    if isinstance(property_, a.Inverse):
        return m.TargetObjectsOf(property_.property, origin)
    return m.TargetSubjectsOf(property_, origin)


def _depths(ontology: a.Ontology) -> dict[m.Node, int]:
    """Return how many levels of expressions without names each of them has; none is in itself."""
    parts: dict[m.Node, list[m.BlankNode]] = {
        node: [part for e in found for part in parts_of(e) if isinstance(part, m.BlankNode)]
        for node, found in ontology.expressions.items()
        if isinstance(node, m.BlankNode)
    }
    depths: dict[m.Node, int] = {}
    for start in parts:
        waiting: list[m.Node] = [start]
        while waiting:
            inner = parts.get(waiting[-1], ())
            unknown = [part for part in inner if part not in depths]
            if not unknown:
                depths[waiting.pop()] = 1 + max((depths[part] for part in inner), default=0)
            waiting += unknown
    return depths


def _definitions(ontology: a.Ontology) -> dict[m.IRI, m.Node]:
    """Return what datatypes with names are equivalent to: an expression, or another one."""
    found: dict[m.IRI, m.Node] = {}
    for axiom in ontology.axioms:
        if isinstance(axiom, a.EquivalentClasses):
            for name, other in ((axiom.left, axiom.right), (axiom.right, axiom.left)):
                entity = ontology.entities.get(name) if isinstance(name, m.IRI) else None
                if entity is not None and "datatype" in entity.kinds:
                    assert isinstance(name, m.IRI)
                    found.setdefault(name, other)
    return found


# Facets (OWL 2 Structural Specification, 4.1 to 4.7)


def _of_facets(
    facets: Sequence[tuple[m.IRI, m.Literal]], origin: m.Origin
) -> Iterator[m.Constraint]:
    for facet, value in facets:
        match facet.value.removeprefix(XSD):
            case "minInclusive":
                yield m.MinInclusive(value, origin)
            case "minExclusive":
                yield m.MinExclusive(value, origin)
            case "maxInclusive":
                yield m.MaxInclusive(value, origin)
            case "maxExclusive":
                yield m.MaxExclusive(value, origin)
            case "pattern":
                yield _whole(value.lexical, origin)
            case "length" | "minLength" | "maxLength" as name:
                yield from _of_length(name, value, origin)
            case name if name == RDF + "langRange":
                yield m.LanguageIn((value.lexical,), origin)
            case name:
                raise NotExpressible(f"{name} is no facet of OWL 2")


def _whole(pattern: str, origin: m.Origin) -> m.Pattern:
    """Return the pattern that a text has to match from its first to its last character."""
    from cns_build.pattern.syntax import PatternError, parse

    whole = f"^(?:{pattern})$"
    try:
        parse(whole, "")
    except PatternError as error:
        raise NotExpressible(f"xsd:pattern {pattern!r}: {error.message}") from error
    return m.Pattern(whole, "", origin)


def _of_length(name: str, value: m.Literal, origin: m.Origin) -> Iterator[m.Constraint]:
    digits = value.lexical.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 20):
        raise NotExpressible(f"xsd:{name} takes a number that is not negative")
    if name != "maxLength":
        yield m.MinLength(int(digits), origin)
    if name != "minLength":
        yield m.MaxLength(int(digits), origin)
