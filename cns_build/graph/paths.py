# SPDX-License-Identifier: Apache-2.0
"""Property paths to steps over sets of terms (runtime/host/program.h says what steps do)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cns_build import model as m
from cns_build.graph.program import Step


def steps(path: m.Path, number: Callable[[m.IRI], int]) -> tuple[Step, ...]:
    """Return the steps of a path; `number` gives the term of a predicate."""
    return tuple(_steps(path, number, inverse=False))


def _steps(path: m.Path, number: Callable[[m.IRI], int], inverse: bool) -> Iterator[Step]:
    """Yield steps; the inverse of a path has the inverses of its parts, from the last one on."""
    match path:
        case m.PredicatePath(iri):
            yield Step("BACK" if inverse else "OUT", number(iri))
        case m.InversePath(inner):
            yield from _steps(inner, number, not inverse)
        case m.SequencePath(parts):
            for part in reversed(parts) if inverse else parts:
                yield from _steps(part, number, inverse)
        case m.AlternativePath(parts):
            for part in parts[:-1]:
                yield Step("FORK")
                yield from _steps(part, number, inverse)
                yield Step("SWAP")
            yield from _steps(parts[-1], number, inverse)
            yield from [Step("JOIN")] * (len(parts) - 1)
        case m.ZeroOrOnePath(inner):
            yield Step("FORK")
            yield from _steps(inner, number, inverse)
            yield Step("JOIN")
        case m.ZeroOrMorePath(inner) | m.OneOrMorePath(inner):
            repeated = tuple(_steps(inner, number, inverse))
            yield Step("STAR" if isinstance(path, m.ZeroOrMorePath) else "PLUS")
            yield from repeated
            yield Step("AGAIN", len(repeated))
