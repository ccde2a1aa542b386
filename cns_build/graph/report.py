# SPDX-License-Identifier: Apache-2.0
"""What a validation of graphs says: results (SHACL 3.6), and what was left out.

All engines give these; `graph.writers` writes them down.
"""

from __future__ import annotations

from dataclasses import dataclass

from cns_build.diagnostics import Diagnostic, Position
from cns_build.model import IRI, Literal, Node, Origin, Path, Term, Waiver


@dataclass(frozen=True, slots=True)
class Result:
    """One validation result.

    `path` and `value` are None where the component gives none. `constraint` is the node of a
    sh:sparql constraint (sh:sourceConstraint). `origin` is the triple of the shapes that asks for
    what is violated; `position` the line of the data where the focus node is first a subject, if
    that is known. `details` explain why the value does not conform to a nested shape (sh:detail).
    """

    focus: Term
    path: Path | None
    value: Term | None
    shape: Node
    component: IRI
    severity: IRI
    messages: tuple[Literal, ...] = ()
    constraint: Node | None = None
    details: tuple[Result, ...] = ()
    origin: Origin | None = None
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a validation had to do with. `seconds` are of validation alone, without reading.

    `inferred` are the triples that follow from those that were read, which is part of reading.
    """

    triples: int
    terms: int
    shapes: int
    focus_nodes: int
    checks: int
    read_seconds: float
    seconds: float
    inferred: int = 0
    infer_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """Results in the order of shape, focus node, path, component and value; equal ones stay.

    `found` counts all results, also those beyond a maximum. `unsupported` says what waivers left
    out, `unmatched` names the shapes with targets that select no node, where focus nodes are not
    chosen. `prefixes` are for people. `skipped` are malformed lines that a lenient reading went
    over. `warnings` are about the data.
    """

    results: tuple[Result, ...]
    found: int
    unsupported: tuple[Waiver, ...]
    unmatched: tuple[Node, ...]
    statistics: Statistics
    prefixes: tuple[tuple[str, str], ...] = ()
    skipped: int = 0
    warnings: tuple[Diagnostic, ...] = ()

    @property
    def conforms(self) -> bool:
        """Whether there is no result, of any severity."""
        return self.found == 0
