# SPDX-License-Identifier: Apache-2.0
"""The layout in a map: the records that images rely on, in full. `decode.firmware` reads it back.

A type of values is an object whose first key says which: `scalar`, `typed`, `langString`, `enum`,
`tagged`, `ref`, `pointer`, `list` or `general`. Terms are named by their ids in the map.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cns_build import model as m
from cns_build.bytecode import isa
from cns_build.bytecode.numbers import fingerprint
from cns_build.ir.program import Program
from cns_build.ir.record import (
    Enum,
    Field,
    General,
    LangString,
    ListOf,
    Pointer,
    Record,
    Ref,
    Scalar,
    Tagged,
    Typed,
    ValueType,
)


def layout_map(program: Program) -> dict[str, Any]:
    """Return the layout of a program, as values of JSON."""
    ids = {term: number for number, term in enumerate(program.terms, 1)}
    return {
        "fingerprint": f"{fingerprint(program):08x}",
        "isa": f"{isa.fingerprint():08x}",
        "depth": program.depth,
        "classes": program.class_count,
        "records": [_record(record, ids) for record in program.records],
    }


def _record(record: Record, ids: Mapping[m.Term, int]) -> dict[str, Any]:
    return {
        "name": record.name,
        "iri": record.iri.value if record.iri else None,
        "type": record.type.value if record.type else None,
        "tags": [tag.value for tag in record.tags],
        "has_class": record.has_class,
        "has_id": record.has_id,
        "fields": [_field(item, ids) for item in record.fields],
    }


def _field(item: Field, ids: Mapping[m.Term, int]) -> dict[str, Any]:
    return {
        "name": item.name,
        "path": item.path.value,
        "capacity": item.capacity,
        "type": _type(item.type, ids),
    }


def _type(type_: ValueType, ids: Mapping[m.Term, int]) -> dict[str, Any]:
    match type_:
        case Scalar(datatype, None):
            return {"scalar": datatype}
        case Scalar(datatype, inline):
            return {"scalar": datatype, "inline": inline}
        case Typed(datatype):
            return {"typed": datatype.value}
        case LangString():
            return {"langString": True}
        case Enum(terms):
            return {"enum": [ids[term] for term in terms]}
        case Tagged(arms):
            return {"tagged": [_type(arm, ids) for arm in arms]}
        case Ref(record):
            return {"ref": record}
        case Pointer(record):
            return {"pointer": record}
        case ListOf(items, capacity):
            return {"list": _type(items, ids), "capacity": capacity}
        case General(record, kind):
            return {"general": record, "invalid": kind}
    raise AssertionError(type_)
