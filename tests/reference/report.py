# SPDX-License-Identifier: Apache-2.0
"""The validation report: whether the data conforms, and a multiset of results (SHACL 3.6)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from rdflib import Literal, URIRef
from rdflib.term import Node

from .paths import Path
from .terms import sort_key


@dataclass(frozen=True)
class Result:
    """One validation result. `path` and `value` are None where the component gives none.

    `details` are the results that explain this one (sh:detail, SHACL 3.6.2.2), on request.
    """

    focus: Node
    path: Path | None
    value: Node | None
    source_shape: Node
    component: URIRef
    severity: URIRef
    messages: tuple[Literal, ...] = ()
    details: tuple[Result, ...] = ()

    def sort_key(self) -> tuple[object, ...]:
        """The order of design.md section 3: shape, focus, path, component, value."""
        value = () if self.value is None else sort_key(self.value)
        return (
            sort_key(self.source_shape),
            sort_key(self.focus),
            str(self.path or ""),
            str(self.component),
            value,
            str(self.severity),
        )


@dataclass(frozen=True)
class Report:
    """Results in their order; equal results of several constraints are kept."""

    results: tuple[Result, ...]

    @property
    def conforms(self) -> bool:
        """Whether there is no result, of any severity."""
        return not self.results

    def counts(self) -> Counter[Result]:
        """The results as a multiset."""
        return Counter(self.results)
