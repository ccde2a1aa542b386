# SPDX-License-Identifier: Apache-2.0
"""Constraints, steps of paths and rules, as the tables in C state them: runtime/host/program.h."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from cns_build.integration.locations import runtime_dir

_ROW = re.compile(r'X\((\w+), (0x[0-9a-f]{2}), "(.*?)",\s*((?:"[^"]*"\s*)+)\)')


@dataclass(frozen=True, slots=True)
class Opcode:
    """A row of a table; `operands` are letters, the last of them maybe followed by `*` or `+`."""

    name: str
    number: int
    operands: str
    meaning: str


@cache
def constraints() -> MappingProxyType[str, Opcode]:
    """Return the constraints by name, in the order of the table."""
    return _table("CNS_CONSTRAINTS")


@cache
def steps() -> MappingProxyType[str, Opcode]:
    """Return the steps of paths by name, in the order of the table."""
    return _table("CNS_STEPS")


@cache
def rules() -> MappingProxyType[str, Opcode]:
    """Return the rules by name, in the order of the table."""
    return _table("CNS_INFERENCES")


@cache
def fingerprint() -> int:
    """Return what a program has to say of its tables: CNS_PROGRAM_FINGERPRINT.

    Numbers and operands make it up, not the words of the tables.
    """
    all_ = (*constraints().values(), *steps().values(), *rules().values())
    rows = [f"{o.name} {o.number} {o.operands}\n" for o in all_]
    return zlib.crc32("".join(rows).encode("ascii"))


def _table(name: str) -> MappingProxyType[str, Opcode]:
    text = (runtime_dir() / "host/program.h").read_text(encoding="ascii").replace("\\\n", "\n")
    rows = text.partition(f"#define {name}(X)")[2].partition("\n\n")[0]
    found = (
        Opcode(n, int(number, 16), ops, "".join(re.findall('"([^"]*)"', words)))
        for n, number, ops, words in _ROW.findall(rows)
    )
    return MappingProxyType({opcode.name: opcode for opcode in found})
