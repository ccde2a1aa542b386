# SPDX-License-Identifier: Apache-2.0
"""A firmware in the field, as its map tells it: what an image for it cannot change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cns_build.ir.record import Record
from cns_build.model import Term


@dataclass(frozen=True, slots=True)
class Firmware:
    """The records and ids that a firmware was built with.

    `kinds` has the record of each kind of signal, which are the roots; `terms[i]` has id i + 1,
    the first `class_count` are classes. `fingerprint` is that of its layout.
    """

    model: str
    kinds: Mapping[str, int]
    unchecked: Mapping[str, int]
    terms: tuple[Term, ...]
    class_count: int
    records: tuple[Record, ...]
    depth: int
    fingerprint: int

    @property
    def roots(self) -> tuple[Record, ...]:
        """The records that signals carry, in the order of the layout."""
        return tuple(record for record in self.records if record.name in self.kinds)
