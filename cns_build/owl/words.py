# SPDX-License-Identifier: Apache-2.0
"""Axioms and class expressions in words, for messages: expressions as Manchester syntax has them.

`Dog and (owner some Person)`: names are shortened by the prefixes of the files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cns_build.ir.sparql import term_text
from cns_build.model import IRI, Literal, Node, Term
from cns_build.owl import axioms as a
from cns_build.vocabulary import OWL, RDFS, XSD

_KNOWN = {"owl": OWL, "rdfs": RDFS}
_FACETS = {
    XSD + "minInclusive": ">=",
    XSD + "minExclusive": ">",
    XSD + "maxInclusive": "<=",
    XSD + "maxExclusive": "<",
}
_MOST_VALUES = 6  # of an enumeration, that are written out


@dataclass(frozen=True, slots=True)
class Words:
    """Writes nodes of an ontology by what its expressions say, down to some levels."""

    expressions: Mapping[Node, tuple[a.Expression, ...]]
    prefixes: Mapping[str, str]
    levels: int = 8

    def term(self, term: Term) -> str:
        """Return a term, shortened; numbers and strings without their datatypes."""
        if isinstance(term, Literal):
            return term.lexical if term.lexical and not term.language else str(term)
        return term_text(term, {**_KNOWN, **self.prefixes})

    def property(self, property_: a.Property) -> str:
        """Return a property, or `inverse ex:p`."""
        if isinstance(property_, a.Inverse):
            return f"inverse {self.term(property_.property)}"
        return self.term(property_)

    def class_(self, node: Node) -> str:
        """Return a class or data range: an expression of several words in parentheses."""
        if isinstance(node, IRI):
            return self.term(node)
        if not self.levels:
            return "…"
        found = self.expressions.get(node, ())
        inside = replace(self, levels=self.levels - 1)
        texts = [inside._grouped(each) for each in found]
        return texts[0] if len(texts) == 1 else self._joined(texts, " and ")

    def all(self, nodes: Sequence[Node], joined: str = ", ") -> str:
        """Return several classes, the first of them where they are many."""
        texts = [self.class_(node) for node in nodes[:_MOST_VALUES]]
        return joined.join([*texts, *(["…"] if len(nodes) > _MOST_VALUES else [])])

    def values(self, terms: Sequence[Term]) -> str:
        """Return several values, the first of them where they are many."""
        texts = [self.term(term) for term in terms[:_MOST_VALUES]]
        return ", ".join([*texts, *(["…"] if len(terms) > _MOST_VALUES else [])])

    def expression(self, expression: a.Expression) -> str:
        """Return what an expression says."""
        match expression:
            case a.Some(property_, filler):
                return f"{self.property(property_)} some {self.class_(filler)}"
            case a.Only(property_, filler):
                return f"{self.property(property_)} only {self.class_(filler)}"
            case a.Has(property_, value):
                return f"{self.property(property_)} value {self.term(value)}"
            case a.HasSelf(property_):
                return f"{self.property(property_)} Self"
            case a.Count():
                return self._count(expression)
            case a.Intersection(members):
                return self.all(members, " and ")
            case a.Union(members):
                return self.all(members, " or ")
            case a.Complement(of):
                return f"not {self.class_(of)}"
            case a.OneOf(values):
                return f"{{{self.values(values)}}}"
            case a.Faceted(datatype, facets):
                bounds = [f"{_facet(iri)} {value.lexical}" for iri, value in facets]
                return f"{self.term(datatype)}[{', '.join(bounds)}]"

    # Axioms

    def each(self, class_: Node, expression: a.Expression | None) -> str:
        """Return that instances of a class are in an expression; None stands for owl:Nothing."""
        name = self.class_(class_)
        match expression:
            case None:
                return f"{name} has no instances"
            case a.Complement(of):
                return self.disjoint(class_, of)
        return f"each {name}: {self.expression(expression)}"

    def disjoint(self, one: Node, other: Node) -> str:
        """Return that two classes are disjoint."""
        return f"{self.class_(one)} and {self.class_(other)} are disjoint"

    def domain(self, axiom: a.Domain) -> str:
        """Return what has a property is in its domain."""
        return f"what has {self.property(axiom.property)} is in {self.class_(axiom.class_)}"

    def range(self, axiom: a.Range) -> str:
        """Return that the values of a property are in its range."""
        return f"values of {self.property(axiom.property)} are in {self.class_(axiom.class_)}"

    def functional(self, axiom: a.Characteristic) -> str:
        """Return that a property is functional."""
        return f"{self.property(axiom.property)} has one value at most"

    def _count(self, count: a.Count) -> str:
        word, number = "min", count.minimum
        if count.minimum is None:
            word, number = "max", count.maximum
        elif count.maximum is not None:
            word = "exactly"
        text = f"{self.property(count.property)} {word} {number}"
        return text if count.filler is None else f"{text} {self.class_(count.filler)}"

    def _grouped(self, expression: a.Expression) -> str:
        text = self.expression(expression)
        return text if isinstance(expression, a.OneOf | a.Faceted) else f"({text})"

    def _joined(self, texts: Sequence[str], word: str) -> str:
        return f"({word.join(texts)})" if texts else "an expression that is not understood"


def _facet(iri: IRI) -> str:
    return _FACETS.get(iri.value) or iri.value.rpartition("#")[2]
