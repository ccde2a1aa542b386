# SPDX-License-Identifier: Apache-2.0
"""Where a model element comes from; apart from the model, of which diagnostics need no more."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """The triple that a model element comes from: the `ordinal`-th of its file, counted from 0.

    Line and column are found from it when a diagnostic or the map needs them
    (`frontend.positions`). `part` says which part of the triple to point at: `subject`,
    `predicate` or `object`. `character` points into the text of an object that is a string.
    """

    file: str
    ordinal: int
    part: str = "object"
    character: int | None = None
