# SPDX-License-Identifier: Apache-2.0
"""Literals that the store holds in another form: `"01"^^xsd:integer` as 1, xsd:int as xsd:integer.

Oxigraph keeps numbers, booleans, dates, times and durations as values where it can read them. So
a query sees the canonical form, and xsd:integer, xsd:dateTime in place of the types derived from
them. Results get the forms of the data back where these are known. A verdict that depends on the
form, by STR, DATATYPE, sameTerm or a regular expression, may be wrong: `Forms.warning` says so.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph

from cns_build.diagnostics import Diagnostic
from cns_build.graph.sparql.terms import from_store, to_store
from cns_build.model import Literal, Term
from cns_build.vocabulary import XSD

_S = pyoxigraph.NamedNode("urn:cns:s")
_SHOWN = 3


class Forms:
    """The forms that literals of the data have in the store."""

    def __init__(self, literals: Iterable[Literal] = ()) -> None:
        self._scratch = pyoxigraph.Store()
        self._stored: dict[Literal, Literal] = {}
        self._originals: dict[Literal, list[Literal]] = {}
        for literal in literals:
            self.add(literal)

    def add(self, literal: Literal) -> None:
        """Note that the data have a literal."""
        stored = self.stored(literal)
        assert isinstance(stored, Literal)
        known = self._originals.setdefault(stored, [])
        if literal not in known:
            known.append(literal)

    def stored(self, term: Term) -> Term:
        """Return the term that the store holds for a term of the data."""
        if not isinstance(term, Literal) or term.datatype.value == f"{XSD}string":
            return term
        if not term.datatype.value.startswith(XSD):
            return term
        if term not in self._stored:
            self._stored[term] = self._round_trip(term)
        return self._stored[term]

    def original(self, term: Term) -> Term:
        """Return a term of the data for one of the store; the first of several forms."""
        if not isinstance(term, Literal):
            return term
        known = self._originals.get(term, [term])
        return term if term in known else known[0]

    def warning(self) -> Diagnostic | None:
        """Return what to say of data that the store rewrites, or None where it rewrites none."""
        changed = [x for known in self._originals.values() for x in known if self.stored(x) != x]
        if not changed:
            return None
        shown = ", ".join(f"{x} as {self.stored(x)}" for x in changed[:_SHOWN])
        more = f" and {len(changed) - _SHOWN} more" if len(changed) > _SHOWN else ""
        return Diagnostic(
            f"SPARQL constraints see values, not how the data write them: {shown}{more}",
            fix="do not ask for lexical forms or derived datatypes of such literals",
            severity="warning",
            rule="lexical-form",
        )

    def _round_trip(self, literal: Literal) -> Literal:
        quad = pyoxigraph.Quad(_S, _S, to_store(literal))
        self._scratch.add(quad)
        (stored,) = self._scratch
        self._scratch.remove(quad)
        found = from_store(stored.object)
        assert isinstance(found, Literal)
        return found
