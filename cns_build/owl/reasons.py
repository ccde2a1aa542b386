# SPDX-License-Identifier: Apache-2.0
"""The steps of proofs in a line each: `o.ttl:7:8: ex:Cat rdfs:subClassOf ex:Animal`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cns_build.diagnostics import Position
from cns_build.model import BlankNode, Literal, Node, Origin, Term
from cns_build.owl import axioms as a
from cns_build.owl.classes import all_expressions
from cns_build.owl.words import Words


@dataclass(frozen=True, slots=True)
class Reasons:
    """Writes steps by the words of an ontology, with their places."""

    words: Words
    locate: Callable[[Origin], Position]
    nodes: Mapping[a.Expression, Node]
    """The node of each expression."""

    @classmethod
    def of(
        cls,
        ontology: a.Ontology,
        prefixes: Mapping[str, str],
        locate: Callable[[Origin], Position],
    ) -> Reasons:
        """Return what writes about an ontology."""
        nodes = {expression: node for node, expression in all_expressions(ontology)}
        return cls(Words(ontology.expressions, prefixes), locate, nodes)

    def line(self, step: a.Axiom | a.Expression | a.Fact) -> str:
        """Return where a step stands, and what it says."""
        return f"{self.locate(step.origin)}: {self.text(step)}"

    def text(self, step: a.Axiom | a.Expression | a.Fact) -> str:
        """Return what a step says."""
        words = self.words
        match step:
            case a.SubClass(lower, upper):
                return f"{words.class_(lower)} rdfs:subClassOf {words.class_(upper)}"
            case a.EquivalentClasses(left, right):
                return f"{words.class_(left)} owl:equivalentClass {words.class_(right)}"
            case a.DisjointClasses(classes):
                return f"disjoint are {words.all(classes)}"
            case a.DisjointUnion(whole, members):
                return f"{words.class_(whole)} is the disjoint union of {words.all(members)}"
            case a.SubProperty(lower, upper):
                return f"{words.property(lower)} rdfs:subPropertyOf {words.property(upper)}"
            case a.PropertyChain(properties, upper):
                return f"{self._properties(properties, ' o ')} leads to {words.property(upper)}"
            case a.EquivalentProperties(left, right):
                return f"{words.property(left)} owl:equivalentProperty {words.property(right)}"
            case a.InverseProperties(left, right):
                return f"{words.property(left)} owl:inverseOf {words.property(right)}"
            case a.DisjointProperties(properties):
                return f"disjoint are {self._properties(properties, ', ')}"
            case a.Domain(property_, class_):
                return f"{words.property(property_)} rdfs:domain {words.class_(class_)}"
            case a.Range(property_, class_):
                return f"{words.property(property_)} rdfs:range {words.class_(class_)}"
            case a.Characteristic(property_, kind):
                return f"{words.property(property_)} is {kind}"
            case a.Key(class_, properties):
                keys = self._properties(properties, ", ")
                return f"{words.class_(class_)} owl:hasKey {keys}"
            case a.Different(individuals):
                return f"different are {words.values(individuals)}"
            case a.NegativeFact(subject, property_, value):
                fact = f"{words.term(subject)} {words.property(property_)} {words.term(value)}"
                return f"not {fact}"
            case a.Fact(subject, predicate, value):
                return f"{self._term(subject)} {words.term(predicate)} {self._term(value)}"
        return self._expression(step)

    def _expression(self, expression: a.Expression) -> str:
        node = self.nodes.get(expression)
        text = self.words.expression(expression)
        if node is None or isinstance(node, BlankNode):
            return text
        return f"{self.words.class_(node)} is {text}"

    def _term(self, term: Term) -> str:
        return self.words.term(term) if isinstance(term, Literal) else self.words.class_(term)

    def _properties(self, properties: Sequence[a.Property], joined: str) -> str:
        return joined.join(map(self.words.property, properties))
