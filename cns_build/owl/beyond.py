# SPDX-License-Identifier: Apache-2.0
"""What an ontology states and OWL 2 RL does not infer from, with the feature that would.

A class is *told* where something is said to be in it (a superclass, a range), and *asked* where
what is in it has consequences (a subclass). RL reads each kind of expression in some of the two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cns_build.diagnostics import Diagnostic
from cns_build.model import IRI, Literal, Node, Origin
from cns_build.owl import axioms as a
from cns_build.owl.classes import all_expressions, parts_of
from cns_build.owl.prune import is_datatype
from cns_build.vocabulary import RDF


@dataclass(frozen=True, slots=True)
class Beyond:
    """A feature that OWL 2 RL lacks, where it stands, and the class of the expression, if one."""

    feature: str
    node: Node | None
    origin: Origin


def beyond(ontology: a.Ontology) -> tuple[Beyond, ...]:
    """Return what infers nothing, or not all that it means, in the order of the text."""
    told, asked = _positions(ontology)
    data = data_ranges(ontology)
    found: dict[Beyond, None] = {}
    for node, expression in all_expressions(ontology):
        if node in told and node not in data and (feature := _told(expression)):
            found[Beyond(feature, node, expression.origin)] = None
        if node in asked and (feature := _asked(expression)):
            found[Beyond(feature, node, expression.origin)] = None
    for axiom in ontology.axioms:
        match axiom:
            case a.DisjointUnion():
                found[Beyond("owl:disjointUnionOf", axiom.whole, axiom.origin)] = None
            case a.Characteristic(_, "reflexive"):
                found[Beyond("owl:ReflexiveProperty", None, axiom.origin)] = None
    return tuple(found)


def beyond_warnings(ontology: a.Ontology) -> tuple[Diagnostic, ...]:
    """Return a warning that counts what is beyond OWL 2 RL, by feature; none where nothing is."""
    found = beyond(ontology)
    if not found:
        return ()
    counts = Counter(each.feature for each in found)
    features = ", ".join(f"{feature} ({count})" for feature, count in sorted(counts.items()))
    many = "axiom means" if len(found) == 1 else "axioms mean"
    what = f"{len(found)} {many} more than owlrl infers: {features}"
    fix = "cnsc explain --class IRI shows which of them are about a class"
    return (Diagnostic(what, found[0].origin, fix, "warning", rule="beyond-owlrl"),)


def _told(expression: a.Expression) -> str:
    """Return the feature that an expression needs where something is said to be in it."""
    match expression:
        case a.Some():
            return "owl:someValuesFrom in a superclass"
        case a.Union():
            return "owl:unionOf in a superclass"
        case a.OneOf():
            return "owl:oneOf in a superclass"
        case a.HasSelf():
            return "owl:hasSelf"
        case a.Count(_, int() as minimum, None) if minimum > 0:
            return "owl:minCardinality above 0"
        case a.Count(_, int(), int()):
            return "owl:cardinality"
        case a.Count(_, None, int() as maximum) if maximum > 1:
            return "owl:maxCardinality above 1"
    return ""


def _asked(expression: a.Expression) -> str:
    """Return the feature that an expression needs where what is in it has consequences."""
    match expression:
        case a.Only():
            return "owl:allValuesFrom in a subclass"
        case a.Complement():
            return "owl:complementOf in a subclass"
        case a.Count():
            return "cardinalities in a subclass"
        case a.HasSelf():
            return "owl:hasSelf"
        case a.Faceted():
            return "facets in a subclass"
    return ""


def _positions(ontology: a.Ontology) -> tuple[set[Node], set[Node]]:
    """Return the classes that are told, and those that are asked."""
    named = {node for node in ontology.expressions if isinstance(node, IRI)}
    told = named | {c for axiom in ontology.axioms for c in _said(axiom)}
    asked = named | {c for axiom in ontology.axioms for c in _needs(axiom)}
    for fact in ontology.facts:
        if fact.predicate.value == RDF + "type" and not isinstance(fact.value, Literal):
            told.add(fact.value)
    _into_parts(ontology, told, lambda e: not isinstance(e, a.Complement | a.Count))
    for node, expression in all_expressions(ontology):
        if node in told and isinstance(expression, a.Complement | a.Count):
            asked.update(parts_of(expression))
    _into_parts(ontology, asked, lambda e: not isinstance(e, a.Complement | a.Only))
    return told, asked


def _said(axiom: a.Axiom) -> tuple[Node, ...]:
    match axiom:
        case a.SubClass(_, upper):
            return (upper,)
        case a.EquivalentClasses(left, right):
            return left, right
        case a.Domain(_, class_) | a.Range(_, class_):
            return (class_,)
    return ()


def _needs(axiom: a.Axiom) -> tuple[Node, ...]:
    match axiom:
        case a.SubClass(lower, _):
            return (lower,)
        case a.EquivalentClasses(left, right):
            return left, right
        case a.Key(class_):
            return (class_,)
        case a.DisjointClasses(classes) | a.DisjointUnion(_, classes):
            return classes
    return ()


def _into_parts(
    ontology: a.Ontology, found: set[Node], passes: Callable[[a.Expression], bool]
) -> None:
    """Add the classes that expressions are made of, where these stand for them."""
    waiting: list[Node] = [node for node in ontology.expressions if node in found]
    while waiting:
        for expression in ontology.expressions.get(waiting.pop(), ()):
            parts: Iterable[Node] = parts_of(expression) if passes(expression) else ()
            for part in parts:
                if part not in found:
                    found.add(part)
                    waiting.append(part)


def data_ranges(ontology: a.Ontology) -> set[Node]:
    """Return the expressions that are data ranges, against which values are checked."""
    found: set[Node] = set()
    before = -1
    while len(found) > before:
        before = len(found)
        for node, expression in all_expressions(ontology):
            match expression:
                case a.Faceted():
                    found.add(node)
                case a.OneOf(values) if any(isinstance(value, Literal) for value in values):
                    found.add(node)
                case a.Intersection() | a.Union() | a.Complement():
                    parts = parts_of(expression)
                    if any(part in found or is_datatype(part, ontology) for part in parts):
                        found.add(node)
    return found
