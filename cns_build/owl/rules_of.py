# SPDX-License-Identifier: Apache-2.0
"""A closed ontology to the rules that infer over graphs: tables 4 to 8 of OWL 2 RL/RDF, unrolled.

    :hasPart a owl:TransitiveProperty ; rdfs:domain :Whole .        CHAIN hasPart hasPart hasPart
    :Car rdfs:subClassOf :Vehicle ;                           ─►    DOMAIN hasPart Whole
      owl:equivalentClass [ owl:onProperty :hasPart ;               SUBCLASS Car Vehicle
        owl:someValuesFrom :Engine ] .                              SOME hasPart Engine Car, …

What is decided here costs nothing later: rules that others imply, that nothing can make fire, and
that only make what nobody reads are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from typing import TypeAlias

from cns_build.garbage import uncollected
from cns_build.model import IRI, BlankNode, Literal, Node, Term
from cns_build.owl import axioms as a
from cns_build.owl.classes import (
    NOTHING,
    THING,
    ClassReason,
    Monotone,
    all_expressions,
    parts_of,
)
from cns_build.owl.closure import Closure, close, rdfs_part
from cns_build.owl.guard import guarded, schema_of, sealed_classes
from cns_build.owl.order import reachable
from cns_build.owl.properties import inverted
from cns_build.owl.prune import EQUALITIES, is_datatype, prune
from cns_build.owl.rules import Auxiliary, Relation, Rule, Rules, Triple
from cns_build.vocabulary import OWL, RDF

_Edge: TypeAlias = tuple[Node, Node, ClassReason]

TYPE, SAME_AS = IRI(RDF + "type"), IRI(OWL + "sameAs")


def rules_of(ontology: a.Ontology, closure: Closure, inference: str) -> Rules:
    """Return the rules of an ontology for `rdfs` or `owlrl`; `closure` is what `close` gives."""
    if inference == "rdfs":
        ontology = rdfs_part(ontology)
        closure = close(ontology)
    with uncollected():
        writer = _Writer(ontology, closure)
        writer.write()
        rules = prune(writer.rules, ontology)
        return Rules(
            rules,
            _facts(ontology, rules),
            schema_of(ontology, closure),
            guarded(inference),
            sealed_classes(ontology, closure),
        )


class _Writer:
    def __init__(self, ontology: a.Ontology, closure: Closure) -> None:
        self._ontology = ontology
        self._closure = closure
        self._written: dict[Rule, None] = {}
        self._inverses: dict[IRI, Relation] = {}
        self._chains: dict[tuple[Relation, Relation], Auxiliary] = {}
        self._auxiliaries = 0

    @property
    def rules(self) -> Sequence[Rule]:
        """The rules in the order in which they were written, each once."""
        return tuple(self._written)

    def write(self) -> None:
        """Write the rules of all axioms and expressions."""
        self._subclasses()
        for node, expression in all_expressions(self._ontology):
            self._expression(node, expression)
        for axiom in self._ontology.axioms:
            self._property(axiom)
        self._same_properties()
        self._domains()
        self._members()
        self._thing()

    def _put(self, op: str, *operands: Node | Relation | Term) -> None:
        self._written[Rule(op, operands)] = None

    # Classes

    def _subclasses(self) -> None:
        """Write the direct edges of the hierarchy, but those that other rules imply.

        What is in `∃p.Cat` by its values is in `∃p.Animal` by them, so that edge matters only
        where something is in `∃p.Cat` by its class. What `∀p.Cat` says of values implies what
        `∀p.Animal` says, so that edge matters only where something reads `∀p.Animal`.
        """
        classes = self._closure.classes
        edges = [(x, y, r) for x, uppers in classes.above.items() for y, r in uppers.items()]
        told, asked = self._outside(edges)
        up: dict[Node, list[Node]] = {}
        down: dict[Node, list[Node]] = {}
        for lower, upper, reason in edges:
            if isinstance(reason, Monotone):
                up.setdefault(lower, []).append(upper)
                down.setdefault(upper, []).append(lower)
        told, asked = reachable(told, up), reachable(asked, down)
        for lower, upper, reason in edges:
            if isinstance(reason, Monotone):
                implied = (
                    lower not in told or upper not in asked or isinstance(reason.lower, a.Has)
                )
            else:
                implied = lower == NOTHING
            if not implied:
                self._put("SUBCLASS", lower, upper)

    def _outside(self, edges: Iterable[_Edge]) -> tuple[Set[Node], Set[Node]]:
        """Return the classes that axioms or data fill, and those that they read."""
        told: dict[Node, None] = dict.fromkeys(self._ontology.entities)
        asked = dict(told)
        for fact in self._ontology.facts:
            if fact.predicate == TYPE and not isinstance(fact.value, Literal):
                told[fact.value] = None
        for lower, upper, reason in edges:
            if not isinstance(reason, Monotone):
                asked[lower] = told[upper] = None
        for node, expression in all_expressions(self._ontology):
            asked |= dict.fromkeys(parts_of(expression))
            if isinstance(expression, a.Only):
                told[expression.filler] = None
            if len(self._ontology.expressions[node]) > 1:
                asked[node] = told[node] = None  # each of them fills it for the others
        for axiom in self._ontology.axioms:
            match axiom:
                case a.Domain(_, class_) | a.Range(_, class_):
                    told[class_] = None
                case a.Key(class_):
                    asked[class_] = None
        return told.keys(), asked.keys()

    def _expression(self, node: Node, expression: a.Expression) -> None:
        match expression:
            case a.Some(property_, filler) if filler == THING:
                self._domain(property_, node)
            case a.Some(property_, filler):
                self._put("SOME", self._from(property_), filler, node)
            case a.Only(property_, filler):
                self._put("ONLY", node, self._from(property_), filler)
            case a.Has(property_, value):
                self._put("HAS", self._from(property_), value, node)
                self._put("GIVES", node, self._to(property_), value)
            case a.Intersection(members):
                self._intersection(node, members)
            case a.OneOf(values):
                for value in values:
                    self._put("MEMBER", value, node)
            case a.Count(property_, None, 1, filler) if not self._is_data(property_, filler):
                of = () if filler is None or filler == THING else (filler,)
                self._put("AT_MOST_ONE", node, self._from(property_), *of)

    def _intersection(self, node: Node, members: Sequence[Node]) -> None:
        asked = tuple(dict.fromkeys(m for m in members if m != THING))
        if len(asked) == 1:
            self._put("SUBCLASS", asked[0], node)
        elif asked:
            self._put("INTERSECTION", node, *asked)

    def _members(self) -> None:
        """Write of which expressions the files say that individuals are instances."""
        for fact in self._ontology.facts:
            if _is_of_expression(fact):
                self._put("MEMBER", fact.subject, fact.value)

    def _thing(self) -> None:
        """Where a rule asks for owl:Thing, write that all is in it which has a class."""
        asks = any(r.operands[0] == THING for r in self._written if r.op != "MEMBER")
        asks = asks or any(r.op == "SOME" and r.operands[1] == THING for r in self._written)
        if asks:
            top = self._closure.classes.all_above(THING)
            for iri in self._ontology.entities:
                if self._is_class(iri) and iri not in top and not self._has_class_over(iri):
                    self._put("SUBCLASS", iri, THING)

    def _is_class(self, node: Node) -> bool:
        entity = self._ontology.entities.get(node) if isinstance(node, IRI) else None
        return entity is not None and "class" in entity.kinds

    def _has_class_over(self, iri: IRI) -> bool:
        """Whether a class with a name is above one, and not equivalent to it."""
        classes = self._closure.classes
        uppers = classes.all_above(iri) - classes.all_below(iri)
        return any(map(self._is_class, uppers))

    # Properties

    def _property(self, axiom: a.Axiom) -> None:
        match axiom:
            case a.SubProperty(lower, upper):
                self._subproperty(lower, upper)
            case a.EquivalentProperties(left, right):
                self._subproperty(left, right)
                self._subproperty(right, left)
            case a.InverseProperties(left, right):
                self._subproperty(left, inverted(right))
                self._subproperty(right, inverted(left))
            case a.PropertyChain(properties, upper):
                self._chain(properties, upper)
            case a.Characteristic(property_, kind):
                self._characteristic(property_, kind)
            case a.Key(class_, properties) if properties:
                self._put("KEY", class_, *map(self._from, properties))

    def _subproperty(self, lower: a.Property, upper: a.Property) -> None:
        if isinstance(lower, a.Inverse):
            lower, upper = inverted(lower), inverted(upper)
        assert isinstance(lower, IRI)
        if isinstance(upper, a.Inverse):
            self._put("INVERSE", lower, upper.property)
        elif lower != upper:
            self._put("SUBPROPERTY", lower, upper)

    def _same_properties(self) -> None:
        """Write what files say of properties by owl:sameAs."""
        for lower, uppers in self._closure.properties.above.items():
            for upper, reason in uppers.items():
                if isinstance(reason, a.Fact):
                    self._subproperty(lower, upper)

    def _chain(self, properties: Sequence[a.Property], upper: a.Property) -> None:
        if len(properties) == 1:
            self._subproperty(properties[0], upper)
            return
        way = self._from(properties[0])
        for property_ in properties[1:-1]:
            pair = way, self._from(property_)
            if pair not in self._chains:
                self._chains[pair] = self._auxiliary()
                self._put("CHAIN", *pair, self._chains[pair])
            way = self._chains[pair]
        self._put("CHAIN", way, self._from(properties[-1]), self._to(upper))

    def _characteristic(self, property_: a.Property, kind: str) -> None:
        if isinstance(property_, a.Inverse):
            turned = {"functional": "inverse functional", "inverse functional": "functional"}
            property_, kind = property_.property, turned.get(kind, kind)
        if kind == "symmetric":
            self._put("INVERSE", property_, property_)
        elif kind == "transitive":
            self._put("CHAIN", property_, property_, property_)
        elif kind == "inverse functional" or (
            kind == "functional" and not self._is_data(property_, None)
        ):
            self._put(kind.upper().replace(" ", "_"), property_)

    def _is_data(self, property_: a.Property, filler: Node | None) -> bool:
        """Whether values are literals, of which two are never made the same."""
        if isinstance(property_, a.Inverse):
            return False
        entity = self._ontology.entities.get(property_)
        data = entity is not None and "data property" in entity.kinds
        return data or is_datatype(filler, self._ontology)

    def _domains(self) -> None:
        """Write domains and ranges, but those that a class or a property above implies."""
        domains = self._closure.domains
        for property_, classes in domains.items():
            same = self._closure.properties.equivalents(property_)
            uppers = [p for p in self._closure.properties.all_above(property_) if p not in same]
            inherited = [c for upper in uppers for c in domains.get(upper, ())]
            kept: list[Node] = []
            for class_ in classes:
                if not self._is_over(class_, inherited) and not self._is_over(class_, kept):
                    kept = [k for k in kept if not self._is_over(k, [class_])] + [class_]
            for class_ in kept:
                self._domain(property_, class_)

    def _is_over(self, class_: Node, lowers: Iterable[Node]) -> bool:
        return any(self._closure.classes.is_under(lower, class_) for lower in lowers)

    def _domain(self, property_: a.Property, class_: Node) -> None:
        if isinstance(property_, a.Inverse):
            self._put("RANGE", property_.property, class_)
        else:
            self._put("DOMAIN", property_, class_)

    # Relations

    def _from(self, property_: a.Property) -> Relation:
        """Return the relation that a rule reads a property from."""
        if isinstance(property_, IRI):
            return property_
        turned = property_.property
        if turned not in self._inverses:
            same = self._closure.properties.equivalents(property_)
            named = min((p for p in same if isinstance(p, IRI)), default=None)
            self._inverses[turned] = named or self._auxiliary()
            if named is None:
                self._put("INVERSE", turned, self._inverses[turned])
        return self._inverses[turned]

    def _to(self, property_: a.Property) -> Relation:
        """Return the relation that a rule writes a property to."""
        relation = self._from(property_)
        if isinstance(property_, a.Inverse) and isinstance(relation, Auxiliary):
            self._put("INVERSE", relation, property_.property)
        return relation

    def _auxiliary(self) -> Auxiliary:
        self._auxiliaries += 1
        return Auxiliary(self._auxiliaries - 1)


def _facts(ontology: a.Ontology, rules: Sequence[Rule]) -> tuple[Triple, ...]:
    """Return the facts that rules read, and all types; all, where individuals may be equal.

    Those of expressions are rules: in a graph, the classes of expressions have no names.
    """
    read = {operand for rule in rules for operand in rule.operands} | {TYPE}
    equal = any(rule.op in EQUALITIES for rule in rules)
    equal = equal or any(fact.predicate == SAME_AS for fact in ontology.facts)
    return tuple(
        (fact.subject, fact.predicate, fact.value)
        for fact in ontology.facts
        if (equal or fact.predicate in read) and not _is_of_expression(fact)
    )


def _is_of_expression(fact: a.Fact) -> bool:
    return fact.predicate == TYPE and isinstance(fact.value, BlankNode)
