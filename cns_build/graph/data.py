# SPDX-License-Identifier: Apache-2.0
"""Sources of data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """One source of data, in N-Quads where `quads`, else in N-Triples."""

    name: str
    content: bytes | Iterable[bytes]
    quads: bool

    def chunks(self) -> Iterator[bytes]:
        """Yield the content in parts."""
        return iter([self.content] if isinstance(self.content, bytes) else self.content)
