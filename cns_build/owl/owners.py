# SPDX-License-Identifier: Apache-2.0
"""Which classes a property belongs to: those of its domains, whose records have it as a field.

area domain Room, volume domain Room, volume domain Sealed       area: Room; volume: Vault
Vault ⊑ Room, Vault ⊑ Sealed                                     (several domains intersect)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from cns_build.model import IRI, Node
from cns_build.owl import axioms as a
from cns_build.owl.classes import THING, Classes


@dataclass(frozen=True, slots=True)
class Owners:
    """Answers by the hierarchy of an ontology."""

    ontology: a.Ontology
    classes: Classes

    def of_domains(self, domains: Iterable[Node]) -> tuple[IRI, ...]:
        """Return the highest classes that are in all of the domains; none where there is none."""
        parts = [part for domain in domains for part in self._parts(domain)]
        if not parts:
            return ()
        common: Set[Node] = self.classes.all_below(parts[0])
        for part in parts[1:]:
            common = common & self.classes.all_below(part)
        return self.highest(sorted(each for each in common if isinstance(each, IRI)))

    def highest(self, classes: Iterable[IRI]) -> tuple[IRI, ...]:
        """Return those of the classes that are below none of the others; one of equal ones."""
        found = tuple(dict.fromkeys(classes))
        above = {each: self.classes.all_above(each) for each in found}
        kept: list[IRI] = []
        for each in found:
            equal = (other for other in kept if other in above[each])
            higher = (o for o in found if o in above[each] and each not in above[o])
            if next(equal, None) is None and next(higher, None) is None:
                kept.append(each)
        return tuple(kept)

    def _parts(self, domain: Node) -> Iterator[Node]:
        """Yield the classes of which a domain is the intersection: itself, but for owl:Thing."""
        expressions = () if isinstance(domain, IRI) else self.ontology.expressions.get(domain, ())
        members = [e.members for e in expressions if isinstance(e, a.Intersection)]
        if members:
            for member in members[0]:
                yield from self._parts(member)
        elif domain != THING:
            yield domain
