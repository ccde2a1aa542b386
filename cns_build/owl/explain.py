# SPDX-License-Identifier: Apache-2.0
"""`cnsc explain --class` and `--property`: what follows about one of them, and from what."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from cns_build.diagnostics import CompileError, Diagnostic
from cns_build.frontend.report import Report
from cns_build.model import IRI, BlankNode, Node
from cns_build.owl import axioms as a
from cns_build.owl.beyond import beyond
from cns_build.owl.classes import THING
from cns_build.owl.closure import Closure, close
from cns_build.owl.load import LoadedOntology
from cns_build.owl.order import nearest
from cns_build.owl.properties import inverted
from cns_build.owl.reasons import Reasons
from cns_build.owl.unsatisfiable import exclusions, unsatisfiable, why_empty
from cns_build.owl.why import (
    Proof,
    characteristics_of,
    domains_of,
    why_subclass,
    why_subproperty,
)


def explain_class(loaded: LoadedOntology, name: str) -> str:
    """Return what follows about a class. Raises CompileError where there is none of the name."""
    return "\n".join(_Explainer.of(loaded).about_class(_find(loaded, name, "class"))) + "\n"


def explain_property(loaded: LoadedOntology, name: str) -> str:
    """Return what follows about a property. Raises CompileError where there is none."""
    return "\n".join(_Explainer.of(loaded).about_property(_find(loaded, name, "property"))) + "\n"


def _find(loaded: LoadedOntology, name: str, kind: str) -> IRI:
    iri = IRI(Report(prefixes=loaded.prefixes).expand(name))
    entity = loaded.ontology.entities.get(iri)
    if entity is None or not any(each.endswith(kind) for each in entity.kinds):
        what = f"--{kind} {name}: the ontology has no such {kind}"
        fix = "give an IRI, or a prefixed name as the files write it"
        raise CompileError(Diagnostic(what, fix=fix))
    return iri


def _named(nodes: Iterable[Node]) -> list[Node]:
    return [*sorted(node for node in nodes if isinstance(node, IRI))]


@dataclass(frozen=True, slots=True)
class _Explainer:
    ontology: a.Ontology
    closure: Closure
    reasons: Reasons

    @classmethod
    def of(cls, loaded: LoadedOntology) -> _Explainer:
        ontology = loaded.ontology
        reasons = Reasons.of(ontology, loaded.prefixes, loaded.sources.locate)
        return cls(ontology, close(ontology), reasons)

    def about_class(self, class_: IRI) -> Iterator[str]:
        """Yield the lines about a class."""
        classes = self.closure.classes
        yield f"class {self._name(class_)}"
        causes = unsatisfiable(self.ontology, self.closure)
        if class_ in causes:
            yield from ("", "unsatisfiable: it can have no instance")
            yield from self._proof(why_empty(self.closure, causes, class_))
        same = classes.equivalents(class_)
        above, below = classes.all_above(class_), classes.all_below(class_)
        yield from self._classes("equivalent classes", same - {class_}, self._up(class_))
        uppers, lowers = _named(above - same), _named(below - same)
        direct = nearest(class_, classes.above, uppers)
        yield from self._classes("superclasses", uppers, self._up(class_), direct)
        yield from self._restrictions(class_, above - {class_})
        direct = nearest(class_, classes.below, lowers)
        yield from self._classes("subclasses", lowers, self._down(class_), direct)
        yield from self._section("disjoint with", self._disjoint(class_))
        for title, turned in (("is the domain of", False), ("is the range of", True)):
            yield from self._section(title, self._ends_at(class_, turned))

    def about_property(self, property_: IRI) -> Iterator[str]:
        """Yield the lines about a property."""
        properties = self.closure.properties
        yield f"property {self._name(property_)}"
        characteristics = characteristics_of(self.ontology, self.closure, property_)
        yield from self._section("is", characteristics.items())
        turned = inverted(property_)
        same = properties.equivalents(property_)
        above, below = properties.all_above(property_), properties.all_below(property_)
        for title, found, up in (
            ("equivalent properties", same - {property_}, True),
            ("inverse properties", properties.equivalents(turned) - {turned}, True),
            ("superproperties", above - same, True),
            ("subproperties", below - same, False),
        ):
            start = turned if title == "inverse properties" else property_
            yield from self._section(title, self._properties(start, found, up))
        for title, end in (("domains", property_), ("ranges", turned)):
            ends = domains_of(self.closure, end)
            yield from self._section(
                title, sorted((self._name(c), proof) for c, proof in ends.items() if c != THING)
            )

    # Classes

    def _classes(
        self,
        title: str,
        found: Iterable[Node],
        why: Callable[[Node], Proof],
        direct: Collection[Node] = (),
    ) -> Iterator[str]:
        items = [
            (self._name(node) + (", directly" if node in direct else ""), why(node))
            for node in _named(found)
        ]
        yield from self._section(title, items)

    def _up(self, class_: Node) -> Callable[[Node], Proof]:
        return lambda other: why_subclass(self.closure, class_, other)

    def _down(self, class_: Node) -> Callable[[Node], Proof]:
        return lambda other: why_subclass(self.closure, other, class_)

    def _restrictions(self, class_: IRI, above: Iterable[Node]) -> Iterator[str]:
        """Yield the expressions that all instances are in, and what is not inferred from them."""
        beyond_rl = {b.node: b.feature for b in beyond(self.ontology) if b.node is not None}
        found = []
        for node in above:
            if isinstance(node, BlankNode):
                feature = beyond_rl.get(node)
                note = f", beyond OWL 2 RL: {feature}"
                proof = why_subclass(self.closure, class_, node)
                found.append((self._name(node) + (note if feature else ""), proof))
        yield from self._section("restrictions", sorted(found, key=lambda item: item[0]))

    def _disjoint(self, class_: IRI) -> Iterator[tuple[str, Proof]]:
        above = self.closure.classes.all_above(class_)
        for classes, axiom in exclusions(self.ontology):
            for one in classes:
                others = [c for c in classes if c != one] if one in above else []
                proof = (*why_subclass(self.closure, class_, one), axiom) if others else ()
                for other in others:
                    yield self._name(other), proof

    def _ends_at(self, class_: IRI, turned: bool) -> Iterator[tuple[str, Proof]]:
        """Yield the properties of which a class is the domain, or with `turned`, the range."""
        for iri, entity in sorted(self.ontology.entities.items()):
            if any(kind.endswith("property") for kind in entity.kinds):
                ends = domains_of(self.closure, inverted(iri) if turned else iri)
                if class_ in ends:
                    yield self._name(iri), ends[class_]

    # Properties

    def _properties(
        self, start: a.Property, found: Iterable[a.Property], up: bool
    ) -> Iterator[tuple[str, Proof]]:
        for other in sorted(found, key=str):
            lower, upper = (start, other) if up else (other, start)
            proof = why_subproperty(self.closure, lower, upper)
            yield self.reasons.words.property(other), proof

    # Text

    def _name(self, node: Node) -> str:
        return self.reasons.words.class_(node)

    def _section(self, title: str, items: Iterable[tuple[str, Proof]]) -> Iterator[str]:
        """Yield a title and items with their proofs; nothing where there are no items."""
        for number, (text, proof) in enumerate(items):
            if number == 0:
                yield from ("", f"{title}:")
            yield f"  {text}"
            yield from self._proof(proof)

    def _proof(self, proof: Proof) -> Iterator[str]:
        for step in proof:
            yield f"      {self.reasons.line(step)}"
