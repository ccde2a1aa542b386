# SPDX-License-Identifier: Apache-2.0
"""The words of a constraint: its parameter's name, and what it demands, for reports."""

from __future__ import annotations

from cns_build import model as m
from cns_build.ir.names import local_name
from cns_build.ir.sparql import term_text
from cns_build.vocabulary import XSD

_PARAMETERS: dict[type[m.Constraint], str] = {
    m.ClassConstraint: "class",
    m.Datatype: "datatype",
    m.NodeKind: "nodeKind",
    m.MinCount: "minCount",
    m.MaxCount: "maxCount",
    m.MinExclusive: "minExclusive",
    m.MinInclusive: "minInclusive",
    m.MaxExclusive: "maxExclusive",
    m.MaxInclusive: "maxInclusive",
    m.MinLength: "minLength",
    m.MaxLength: "maxLength",
    m.Pattern: "pattern",
    m.LanguageIn: "languageIn",
    m.UniqueLang: "uniqueLang",
    m.Equals: "equals",
    m.Disjoint: "disjoint",
    m.LessThan: "lessThan",
    m.LessThanOrEquals: "lessThanOrEquals",
    m.Not: "not",
    m.And: "and",
    m.Or: "or",
    m.Xone: "xone",
    m.NodeConstraint: "node",
    m.Property: "property",
    m.QualifiedValueShape: "qualifiedValueShape",
    m.Closed: "closed",
    m.HasValue: "hasValue",
    m.In: "in",
    m.ValueSpace: "valueSpace",
    m.MaxValues: "maxValues",
}

OWN = ("valueSpace", "maxValues")
"""The parameters that are not in the namespace of SHACL."""


def parameter(constraint: m.Constraint) -> str:
    """Return the local name of the parameter, or the prefixed name of one that is not Core."""
    match constraint:
        case m.Unsupported(parameter=name) | m.Custom(parameter=name):
            return name
        case m.Sparql():
            return "sh:sparql"
        case m.QualifiedValueShape(min_count=int(), max_count=None):
            return "qualifiedMinCount"
        case m.QualifiedValueShape(min_count=None):
            return "qualifiedMaxCount"
    return _PARAMETERS[type(constraint)]


def prefixed(parameter: str) -> str:
    """Return the prefixed name of a parameter that `parameter` gives."""
    if ":" in parameter:
        return parameter
    return f"{'cns' if parameter in OWN else 'sh'}:{parameter}"


def text(constraint: m.Constraint, shape: m.Shape) -> str:
    """Return the message of a violation: the shape's own, English first, else what is demanded."""
    if shape.messages:
        return min(shape.messages, key=lambda t: not t.language.startswith("en")).lexical
    return demand(constraint)


def demand(constraint: m.Constraint) -> str:
    """Return what a constraint demands, in a few words."""
    match constraint:
        case m.ClassConstraint(iri):
            return f"must be a {_name(iri)}"
        case m.Datatype(iri):
            return f"must be a valid {_name(iri)}"
        case m.ValueSpace(iri):
            return f"must be a value of {_name(iri)}"
        case m.NodeKind(kind):
            return f"must be of node kind {kind}"
        case m.MinCount(count):
            return "is missing" if count == 1 else f"needs at least {count} values"
        case m.MaxCount(count):
            return f"takes at most {_values(count)}"
        case m.MaxValues(count):
            return f"takes at most {count} different value{'' if count == 1 else 's'}"
        case m.MinExclusive(bound):
            return f"must be more than {_bound(bound)}"
        case m.MinInclusive(bound):
            return f"must be at least {_bound(bound)}"
        case m.MaxExclusive(bound):
            return f"must be less than {_bound(bound)}"
        case m.MaxInclusive(bound):
            return f"must be at most {_bound(bound)}"
        case m.MinLength(length):
            return f"must have at least {length} character{'' if length == 1 else 's'}"
        case m.MaxLength(length):
            return f"must have at most {length} character{'' if length == 1 else 's'}"
        case m.Pattern(pattern, flags):
            return f'must match "{pattern}"{f" with flags {flags}" if flags else ""}'
        case m.Not(inner):
            return f"must not conform to {_shape(inner)}"
        case m.And(shapes):
            return f"must conform to all of {_shapes(shapes)}"
        case m.Or(shapes):
            return f"must conform to one or more of {_shapes(shapes)}"
        case m.Xone(shapes):
            return f"must conform to exactly one of {_shapes(shapes)}"
        case m.NodeConstraint(inner):
            return f"must conform to {_shape(inner)}"
        case m.LanguageIn(languages):
            return f"must have a language tag that matches {_any_of(languages)}"
        case m.UniqueLang():
            return "has more than one value with the same language tag"
        case m.Equals(iri):
            return f"must be the same values as those of {_name(iri)}"
        case m.Disjoint(iri):
            return f"must not be a value of {_name(iri)}"
        case m.LessThan(iri):
            return f"must be less than {_name(iri)}"
        case m.LessThanOrEquals(iri):
            return f"must be at most {_name(iri)}"
        case m.QualifiedValueShape(inner, low, high):
            return _qualified(inner, low, high)
        case m.Closed():
            return "is not allowed here: the shape is closed"
        case m.HasValue(value):
            return f"must have the value {_name(value)}"
        case m.In(values):
            names = [_name(v) for v in values[:6]] or ["nothing"]
            return f"must be one of {', '.join(names)}{', …' if len(values) > 6 else ''}"
    return parameter(constraint)


def _any_of(languages: tuple[str, ...]) -> str:
    named = ", ".join(languages[:6])
    return f"one of {named}{', …' if len(languages) > 6 else ''}" if languages else "nothing"


def _qualified(inner: m.Node, low: int | None, high: int | None) -> str:
    words = [] if low is None else [f"needs at least {_values(low)}"]
    words += [] if high is None else [f"takes at most {_values(high)}"]
    return f"{' and '.join(words)} conforming to {_shape(inner)}"


def _values(count: int) -> str:
    return f"{count} value{'' if count == 1 else 's'}"


def _bound(bound: m.Literal) -> str:
    is_text = bound.datatype.value == f"{XSD}string"
    return str(bound) if is_text else bound.lexical


def _name(term: m.Term) -> str:
    return local_name(term.value) if isinstance(term, m.IRI) else term_text(term, {})


def _shape(node: m.Node) -> str:
    return _name(node) if isinstance(node, m.IRI) else "the shape given"


def _shapes(nodes: tuple[m.Node, ...]) -> str:
    named = [_name(n) for n in nodes if isinstance(n, m.IRI)]
    return ", ".join(named) if len(named) == len(nodes) else f"{len(nodes)} shapes"
