# SPDX-License-Identifier: Apache-2.0
"""Constraints that no value can satisfy together, that can never fail, or that are said twice.

Only what follows from the shapes alone is told: each finding holds for every data graph.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from cns_build import model as m
from cns_build import xsd
from cns_build.diagnostics import Diagnostic, Note
from cns_build.vocabulary import RDF, XSD

_BOUNDS = (m.MinExclusive, m.MinInclusive, m.MaxExclusive, m.MaxInclusive)

_KINDS: Mapping[str, frozenset[str]] = {
    "IRI": frozenset({"IRI"}),
    "BlankNode": frozenset({"BlankNode"}),
    "Literal": frozenset({"Literal"}),
    "BlankNodeOrIRI": frozenset({"BlankNode", "IRI"}),
    "BlankNodeOrLiteral": frozenset({"BlankNode", "Literal"}),
    "IRIOrLiteral": frozenset({"IRI", "Literal"}),
}
_EVERYTHING = ("", ".*", "^.*", ".*$", "^", "$")


def constraint_findings(shapes: Mapping[m.Node, m.Shape]) -> Iterator[Diagnostic]:
    """Yield what is wrong with the constraints of each active shape."""
    for shape in shapes.values():
        if shape.deactivated:
            continue
        constraints = shape.constraints
        for index, second in enumerate(constraints):
            yield from _alone(shape, second)
            for first in constraints[:index]:
                yield from _pair(first, second)
        yield from _property_shapes(shape, shapes)


# One constraint


def _alone(shape: m.Shape, constraint: m.Constraint) -> Iterator[Diagnostic]:
    match constraint:
        case m.In(()) | m.Or(()) | m.Xone(()) | m.LanguageIn(()):
            name = _name(constraint)
            what = f"nothing is in the empty list of {name}"
            yield _contradiction(what, constraint, fix="list what is allowed")
        case m.ClassConstraint(m.IRI(value)) if value.startswith(XSD):
            what = f"literals of xsd:{value.removeprefix(XSD)} have a datatype and no class"
            yield _contradiction(what, constraint, fix="use sh:datatype")
        case m.MinCount(0):
            yield _no_effect("sh:minCount 0 can never fail", constraint)
        case m.QualifiedValueShape(_, 0, None):
            yield _no_effect("sh:qualifiedMinCount 0 can never fail", constraint)
        case m.MinLength(0) if _has_text(shape):
            yield _no_effect("sh:minLength 0 can never fail", constraint)
        case m.Pattern(pattern, flags) if _has_text(shape) and _matches_all(pattern, flags):
            yield _no_effect(f'every text matches sh:pattern "{pattern}"', constraint)
        case m.UniqueLang() if any(_one_at_most(c) for c in shape.constraints):
            yield _no_effect("one value has no language twice", constraint)


def _has_text(shape: m.Shape) -> bool:
    """Whether no value node is blank: on blank nodes, lengths and patterns always fail."""
    for constraint in shape.constraints:
        match constraint:
            case m.Datatype():
                return True
            case m.NodeKind(kind) if "BlankNode" not in _KINDS[kind]:
                return True
    return False


def _matches_all(pattern: str, flags: str) -> bool:
    return "q" not in flags and (pattern in _EVERYTHING or (pattern == "^.*$" and "s" in flags))


def _one_at_most(constraint: m.Constraint) -> bool:
    return isinstance(constraint, m.MaxCount) and constraint.count <= 1


# Two constraints of the same values


def _pair(first: m.Constraint, second: m.Constraint) -> Iterator[Diagnostic]:
    """Yield what two constraints of one shape say about each other."""
    for one, two in ((first, second), (second, first)):
        reason = _clash(one, two)
        if reason:
            at = two if isinstance(two, (m.MaxCount, m.MaxLength, *_BOUNDS)) else second
            other = one if at is two else first
            yield _contradiction(reason, at, other)
            return
    for one, two in ((first, second), (second, first)):
        yield from _excluded(one, two)
        yield from _implied(one, two)


def _clash(one: m.Constraint, two: m.Constraint) -> str:
    """Return why no value satisfies both, or ''; asked in both orders."""
    match one, two:
        case m.MinCount(low), m.MaxCount(high) if low > high:
            return f"sh:minCount {low} is more than sh:maxCount {high}"
        case m.MinLength(low), m.MaxLength(high) if low > high:
            return f"sh:minLength {low} is more than sh:maxLength {high}"
        case ((m.MinExclusive() | m.MinInclusive()), (m.MaxExclusive() | m.MaxInclusive())):
            return _empty_range(one, two)
        case m.HasValue(value), m.MaxCount(0):
            return f"sh:hasValue requires {_show(value)}, and sh:maxCount is 0"
        case m.NodeKind(kind), _ if not _KINDS[kind] & _kinds_of(two):
            return f"sh:nodeKind sh:{kind} excludes every value that {_name(two)} allows"
        case m.Datatype(datatype), m.Datatype(other) if datatype != other:
            return f"a value of datatype {datatype} is none of {other}"
        case m.ClassConstraint(), m.Datatype():
            return "sh:class asks for nodes, and sh:datatype for literals, which have no class"
        case m.Datatype(datatype), m.LanguageIn() if datatype.value != RDF + "langString":
            return "only literals of datatype rdf:langString have a language (sh:languageIn)"
        case (
            m.Datatype(datatype),
            m.MinExclusive(bound)
            | m.MinInclusive(bound)
            | m.MaxExclusive(bound)
            | m.MaxInclusive(bound),
        ):
            return _incomparable(datatype.value, bound)
        case m.HasValue(value), _ if _violates(value, two):
            return f"{_name(two)} forbids {_show(value)}, which sh:hasValue requires"
        case m.In(values), _ if values and all(_violates(v, two) for v in values):
            return f"{_name(two)} forbids every member of sh:in"
    return ""


def _empty_range(
    low: m.MinExclusive | m.MinInclusive, high: m.MaxExclusive | m.MaxInclusive
) -> str:
    order = xsd.compare(xsd.parse(low.bound), xsd.parse(high.bound))
    closed = isinstance(low, m.MinInclusive) and isinstance(high, m.MaxInclusive)
    if order is None or order < 0 or (order == 0 and closed):
        return ""
    return (
        f"no value is within the range of {_name(low)} {low.bound.lexical} and "
        f"{_name(high)} {high.bound.lexical}"
    )


def _kinds_of(constraint: m.Constraint) -> frozenset[str]:
    """Return the kinds of nodes that a constraint lets pass."""
    match constraint:
        case m.Datatype() | m.LanguageIn():
            return _KINDS["Literal"]
        case m.MinExclusive() | m.MinInclusive() | m.MaxExclusive() | m.MaxInclusive():
            return _KINDS["Literal"]
        case m.ClassConstraint():
            return _KINDS["BlankNodeOrIRI"]
        case m.MinLength() | m.MaxLength() | m.Pattern():
            return _KINDS["IRIOrLiteral"]
        case m.NodeKind(kind):
            return _KINDS[kind]
    return frozenset({"IRI", "BlankNode", "Literal"})


def _incomparable(datatype: str, bound: m.Literal) -> str:
    mine, other = _family(datatype), _family(bound.datatype.value)
    if not mine or not other or mine == other:
        return ""
    return f"values of datatype <{datatype}> are not comparable with {_show(bound)}"


def _family(datatype: str) -> str:
    """Return what values of a datatype are compared with; '' for an unknown datatype."""
    name = xsd.local_name(datatype)
    if name in xsd.INTEGER_BOUNDS or name in (*xsd.REALS, "decimal"):
        return "number"
    if name in xsd.DURATIONS:
        return "duration"
    if name == "dateTimeStamp":
        return "dateTime"
    return name if name in ("boolean", "string", *xsd.INSTANTS) else ""


def _violates(term: m.Term, constraint: m.Constraint) -> bool:
    """Whether `term` surely breaks a constraint of its own shape."""
    match constraint:
        case m.NodeKind(kind):
            return type(term).__name__ not in _KINDS[kind]
        case m.Datatype(datatype):
            typed = isinstance(term, m.Literal) and term.datatype == datatype
            return not typed or (isinstance(term, m.Literal) and not xsd.well_typed(term))
        case m.ClassConstraint() | m.LanguageIn():
            return isinstance(term, m.Literal) == isinstance(constraint, m.ClassConstraint)
        case m.In(values):
            return term not in values
        case m.MinLength(length):
            return isinstance(term, m.BlankNode) or len(_text(term)) < length
        case m.MaxLength(length):
            return isinstance(term, m.BlankNode) or len(_text(term)) > length
        case m.MinExclusive() | m.MinInclusive() | m.MaxExclusive() | m.MaxInclusive():
            return not isinstance(term, m.Literal) or _out_of_range(term, constraint)
    return False


def _text(term: m.Term) -> str:
    return term.lexical if isinstance(term, m.Literal) else str(term).strip("<>")


def _out_of_range(
    term: m.Literal, limit: m.MinExclusive | m.MinInclusive | m.MaxExclusive | m.MaxInclusive
) -> bool:
    value, bound = xsd.parse(term), xsd.parse(limit.bound)
    order = xsd.compare(value, bound)
    if order is None:
        return False  # also what cns does not know
    match limit:
        case m.MinExclusive():
            return order <= 0
        case m.MinInclusive():
            return order < 0
        case m.MaxExclusive():
            return order >= 0
    return order > 0


def _excluded(one: m.Constraint, two: m.Constraint) -> Iterator[Diagnostic]:
    """Yield the members of sh:in that another constraint forbids."""
    match one, two:
        case m.In(values), m.HasValue():
            return
        case m.In(values), _:
            wrong = [value for value in values if _violates(value, two)]
            if wrong:
                shown = ", ".join(_show(value) for value in wrong[:3])
                more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
                yield Diagnostic(
                    f"{_name(two)} forbids {shown}{more}, which sh:in lists",
                    one.origin,
                    "remove it from the list, or correct it",
                    "warning",
                    (Note(f"{_name(two)} is here", two.origin),),
                    "excluded-value",
                )


def _implied(one: m.Constraint, two: m.Constraint) -> Iterator[Diagnostic]:
    """Yield `two` where it never fails, or never alone, beside `one`."""
    match one, two:
        case m.Datatype(datatype), m.UniqueLang() if datatype.value != RDF + "langString":
            yield _no_effect("without language tags, sh:uniqueLang can never fail", two, one)
        case m.Datatype(datatype), _ if isinstance(two, _BOUNDS):
            if _holds_anyway(datatype.value, two):
                what = f"every xsd:{datatype.value.removeprefix(XSD)} is within {_name(two)}"
                yield _no_effect(what, two, one)


def _holds_anyway(datatype: str, limit: m.Constraint) -> bool:
    low, high = xsd.INTEGER_BOUNDS.get(xsd.local_name(datatype) or "", (None, None))
    match limit:
        case m.MinInclusive(bound) | m.MinExclusive(bound):
            value = xsd.parse(bound)
            open_ = isinstance(limit, m.MinExclusive)
            return low is not None and isinstance(value, xsd.Exact) and value.number <= low - open_
        case m.MaxInclusive(bound) | m.MaxExclusive(bound):
            value = xsd.parse(bound)
            open_ = isinstance(limit, m.MaxExclusive)
            return (
                high is not None and isinstance(value, xsd.Exact) and value.number >= high + open_
            )
    return False


# Property shapes of one path


def _property_shapes(shape: m.Shape, shapes: Mapping[m.Node, m.Shape]) -> Iterator[Diagnostic]:
    by_path: dict[m.Path, list[tuple[m.Shape, m.Property]]] = {}
    for constraint in shape.constraints:
        if isinstance(constraint, m.Property) and constraint.shape in shapes:
            inner = shapes[constraint.shape]
            if inner.path is not None and not inner.deactivated and not inner.incomplete:
                by_path.setdefault(inner.path, []).append((inner, constraint))
    for same in by_path.values():
        for index, (second, at) in enumerate(same):
            for first, before in same[:index]:
                yield from _two_shapes(first, before, second, at)


def _two_shapes(
    first: m.Shape, before: m.Property, second: m.Shape, at: m.Property
) -> Iterator[Diagnostic]:
    if first.constraints and _said(first) == _said(second):
        yield Diagnostic(
            "two property shapes of one path say the same",
            at.origin,
            "remove one of them",
            "warning",
            (Note("the other one is here", before.origin),),
            "duplicate-property",
        )
    for one in first.constraints:
        for two in second.constraints:
            yield from (d for d in _pair(one, two) if d.rule == "contradiction")


def _said(shape: m.Shape) -> tuple[object, ...]:
    """Return what a shape means, apart from where it stands."""
    nowhere = m.Origin("", 0)
    return (
        sorted(repr(replace(c, origin=nowhere)) for c in shape.constraints),
        sorted(repr(replace(t, origin=nowhere)) for t in shape.targets),
        shape.severity,
        shape.messages,
    )


# Diagnostics


def _name(constraint: m.Constraint) -> str:
    """Return the parameter of a constraint, as people write it."""
    name = type(constraint).__name__.removesuffix("Constraint")
    return f"sh:{name[0].lower()}{name[1:]}"


def _show(term: m.Term) -> str:
    return "a blank node" if isinstance(term, m.BlankNode) else str(term)


def _contradiction(
    reason: str, at: m.Constraint, other: m.Constraint | None = None, fix: str = ""
) -> Diagnostic:
    return Diagnostic(
        f"this can never hold: {reason}",
        at.origin,
        fix or "change one of them",
        "warning",
        (Note(f"{_name(other)} is here", other.origin),) if other else (),
        "contradiction",
    )


def _no_effect(reason: str, at: m.Constraint, other: m.Constraint | None = None) -> Diagnostic:
    return Diagnostic(
        reason,
        at.origin,
        "remove it, or correct it",
        "warning",
        (Note(f"{_name(other)} is here", other.origin),) if other else (),
        "no-effect",
    )
