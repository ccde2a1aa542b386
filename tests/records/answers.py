# SPDX-License-Identifier: Apache-2.0
"""What a handler says about a record, in Python."""

from __future__ import annotations

from dataclasses import dataclass

from .values import Value


@dataclass(frozen=True)
class Struct:
    """A node that a reachable struct describes: the struct's number; or one of those below."""

    number: int


NOWHERE, NIL, FOCUS = Struct(-1), Struct(-2), Struct(-3)  # no struct, rdf:nil, the focus node


@dataclass(frozen=True)
class Found:
    """One violation: the check, the nodes as ids, structs and values, and what it explains.

    `detail_of` is 0, or 1 + the index of an earlier violation.
    """

    check: int
    focus: int | Struct
    value: Value | Struct
    detail_of: int


@dataclass(frozen=True)
class Answer:
    """What a handler said; `texts` are the violations as the runtime words them.

    `steps` is what a machine took; a native handler says its worst case.
    """

    status: int
    conforms: bool
    truncated: int
    found: tuple[Found, ...]
    texts: tuple[str, ...]
    steps: int


@dataclass(frozen=True)
class Denoted:
    """What `cns_denote` said: N-Triples unless the status is an error."""

    status: int
    text: str
