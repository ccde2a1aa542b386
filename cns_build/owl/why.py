# SPDX-License-Identifier: Apache-2.0
"""From which axioms something follows: one proof, a shortest where hierarchies are walked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from cns_build.model import IRI, Node
from cns_build.owl import axioms as a
from cns_build.owl.classes import ClassReason, Monotone
from cns_build.owl.closure import Closure
from cns_build.owl.properties import PropertyReason, inverted

Proof: TypeAlias = tuple[a.Axiom | a.Expression | a.Fact, ...]
"""The axioms, expressions and facts that something follows from, in the order of the steps."""

INHERITED = ("functional", "inverse functional", "asymmetric", "irreflexive")
"""What a property is if one above it is; the rest is shared by equivalent properties alone."""

_TURNED = {"functional": "inverse functional", "inverse functional": "functional"}


def why_subclass(closure: Closure, lower: Node, upper: Node) -> Proof:
    """Return why a class is under another, of which `closure` knows that it is."""
    path = closure.classes.path(lower, upper)
    assert path is not None
    return _once(step for reason in path for step in _steps(closure, reason))


def why_subproperty(closure: Closure, lower: a.Property, upper: a.Property) -> Proof:
    """Return why a property is under another, of which `closure` knows that it is."""
    path = closure.properties.path(lower, upper)
    assert path is not None
    return _once(path)


def domains_of(closure: Closure, property_: a.Property) -> dict[Node, Proof]:
    """Return all domains of a property, with those of an inverse being ranges, and why."""
    found: dict[Node, Proof] = {}
    for upper in closure.properties.all_above(property_):
        for class_, axiom in closure.domains.get(upper, {}).items():
            start = (*why_subproperty(closure, property_, upper), axiom)
            for above in closure.classes.all_above(class_):
                found.setdefault(above, _once((*start, *why_subclass(closure, class_, above))))
    return found


def characteristics_of(ontology: a.Ontology, closure: Closure, property_: IRI) -> dict[str, Proof]:
    """Return what a property is, functional for instance, and why."""
    found: dict[str, Proof] = {}
    above = closure.properties.all_above(property_)
    below = closure.properties.all_below(property_)
    for axiom in ontology.axioms:
        if isinstance(axiom, a.Characteristic):
            for stated, kind in _both_ways(axiom):
                over, under = stated in above, stated in below
                if over and (kind in INHERITED or under):
                    found.setdefault(kind, (*why_subproperty(closure, property_, stated), axiom))
                elif under and kind == "reflexive":
                    found.setdefault(kind, (*why_subproperty(closure, stated, property_), axiom))
    if inverted(property_) in above:
        found.setdefault("symmetric", why_subproperty(closure, property_, inverted(property_)))
    if "asymmetric" in found:
        found.setdefault("irreflexive", found["asymmetric"])
    return {kind: _once(proof) for kind, proof in sorted(found.items())}


def _both_ways(axiom: a.Characteristic) -> Iterator[tuple[a.Property, str]]:
    """Yield what an axiom says of a property, and of the inverse of it."""
    yield axiom.property, axiom.kind
    yield inverted(axiom.property), _TURNED.get(axiom.kind, axiom.kind)


def _steps(closure: Closure, reason: ClassReason) -> Iterator[a.Axiom | a.Expression | a.Fact]:
    """Yield a reason, or those of two restrictions and of what orders them."""
    waiting: list[ClassReason | PropertyReason | a.Expression] = [reason]
    while waiting:
        step = waiting.pop()
        if isinstance(step, Monotone):
            waiting += reversed(_between(closure, step))
        else:
            yield step


def _between(
    closure: Closure, reason: Monotone
) -> list[ClassReason | PropertyReason | a.Expression]:
    """Return two restrictions, and between them why the property and the filler are ordered."""
    lower, upper = reason.lower, reason.upper
    below, above = (upper, lower) if isinstance(lower, a.Only) else (lower, upper)
    steps: list[ClassReason | PropertyReason | a.Expression] = [lower]
    steps += closure.properties.path(below.property, above.property) or ()
    if not isinstance(lower, a.Has) and not isinstance(upper, a.Has):
        older = closure.classes.path(
            lower.filler,
            upper.filler,
            lambda r: not isinstance(r, Monotone) or r.number < reason.number,
        )
        steps += older or ()  # none from owl:Nothing, and none to owl:Thing
    return [*steps, upper]


def _once(steps: Iterable[a.Axiom | a.Expression | a.Fact]) -> Proof:
    return tuple(dict.fromkeys(steps))
