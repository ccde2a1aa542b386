# SPDX-License-Identifier: Apache-2.0
"""What the numbers in an image stand for, for people: from a program, or from its map."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cns_build.backend.types import scalar_type
from cns_build.bytecode.assemble import callers_first
from cns_build.bytecode.image import Words, to_bytes
from cns_build.bytecode.numbers import Numbers, fingerprint
from cns_build.bytecode.pool import pattern_words
from cns_build.ir import program as ir
from cns_build.ir.firmware import Firmware
from cns_build.ir.messages import prefixed
from cns_build.ir.patterns import tables_of
from cns_build.ir.record import Enum, ListOf, Record, Scalar, ValueType, record_of
from cns_build.ir.sparql import path_text, term_text


@dataclass(frozen=True, slots=True)
class ValueName:
    """A type of values: what its keys are keys of, a C type or "enum", or "" where it has none.

    `record` is the number of the record that describes such nodes, `items` the type of the members
    of such lists, `terms` what enumerators from 1 on stand for.
    """

    key: str = ""
    record: int | None = None
    items: int | None = None
    terms: tuple[str, ...] = ()

    @property
    def key_words(self) -> int:
        """Return how many words a key takes."""
        return 2 if self.key in ("int64_t", "uint64_t", "double") else 1


@dataclass(frozen=True, slots=True)
class RecordName:
    """A record: its name in C, and of each field the property and the type of its values."""

    name: str
    fields: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Legend:
    """What an image names by number; `layout` is the fingerprint that it states.

    `patterns` has the text of each pattern by a checksum of its words.
    """

    layout: int
    records: tuple[RecordName, ...]
    values: tuple[ValueName, ...]
    terms: tuple[str, ...]
    checks: tuple[str, ...]
    functions: tuple[str, ...]
    patterns: Mapping[int, str]


def legend_of(program: ir.Program, prefixes: Mapping[str, str]) -> Legend:
    """Return the legend of all images of a program."""
    checks = tuple(_check(info, prefixes) for info in program.checks)
    functions = tuple(_function(body) for body in callers_first(program))
    return legend_for(program, prefixes, checks, functions, _patterns(program))


def legend_for(
    model: ir.Program | Firmware,
    prefixes: Mapping[str, str],
    checks: tuple[str, ...],
    functions: tuple[str, ...],
    patterns: Mapping[int, str],
) -> Legend:
    """Return the legend of images that run on the records of a model."""
    numbers = Numbers(model)
    return Legend(
        layout=fingerprint(model),
        records=tuple(_record(record, numbers, prefixes) for record in model.records),
        values=tuple(_value(type_, numbers, prefixes) for type_ in numbers.values),
        terms=tuple(term_text(term, prefixes) for term in model.terms),
        checks=checks,
        functions=functions,
        patterns=patterns,
    )


def _record(record: Record, numbers: Numbers, prefixes: Mapping[str, str]) -> RecordName:
    fields = ((term_text(f.path, prefixes), numbers.values[f.type]) for f in record.fields)
    return RecordName(record.name, tuple(fields))


def _value(type_: ValueType, numbers: Numbers, prefixes: Mapping[str, str]) -> ValueName:
    record = record_of(type_)
    number = None if record is None else numbers.records[record]
    match type_:
        case Scalar(datatype):
            return ValueName(scalar_type(datatype))
        case Enum(terms):
            names = tuple(term_text(term, prefixes) for term in terms)
            return ValueName("enum", number, terms=names)
        case ListOf(items):
            return ValueName(items=numbers.values[items])
    return ValueName(record=number)


def _check(info: ir.CheckInfo, prefixes: Mapping[str, str]) -> str:
    return check_text(info.component, path_text(info.path, prefixes) if info.path else "")


def check_text(component: str, path: str) -> str:
    """Return what a check is about, in a few words."""
    return f"{prefixed(component)} of {path}" if path else prefixed(component)


def _function(body: ir.Function | ir.Procedure | ir.Test) -> str:
    return body.record if isinstance(body, ir.Function) else body.name


def _patterns(program: ir.Program) -> dict[int, str]:
    found = ir.all_conditions([*program.functions, *program.procedures], program.tests)
    matches = [cond for cond in found if isinstance(cond, ir.Matches)]
    return {
        pattern_key(pattern_words(tables_of(m.pattern, m.flags))): _pattern(m) for m in matches
    }


def pattern_key(words: Words) -> int:
    """Return the checksum of the words of a pattern."""
    return zlib.crc32(to_bytes(words))


def _pattern(cond: ir.Matches) -> str:
    return f"{cond.pattern!r} {cond.flags}".rstrip()


def to_map(legend: Legend) -> dict[str, Any]:
    """Return the part of a map that is about images alone; `decode.legend` reads all of it."""
    return {
        "functions": legend.functions,
        "patterns": {f"{key:08x}": text for key, text in legend.patterns.items()},
    }
