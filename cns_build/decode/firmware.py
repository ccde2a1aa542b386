# SPDX-License-Identifier: Apache-2.0
"""The records in the map of a firmware, as `backend.layout_map` writes them, read back."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from cns_build import model as m
from cns_build import xsd
from cns_build.bytecode import isa
from cns_build.bytecode.numbers import fingerprint
from cns_build.decode.map import hex_word, iri, kind_names, member, term, text
from cns_build.diagnostics import CompileError, Diagnostic, Position
from cns_build.ir.firmware import Firmware
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
    record_of,
)
from cns_build.options import MAX_CAPACITY, MAX_DEPTH

_C_NAME = re.compile("[A-Za-z_][A-Za-z0-9_]*")
_FIX = (
    "give the map that cnsc compile --map wrote when the firmware was built, with --engine "
    "bytecode or both"
)


def read_firmware(file: str) -> Firmware:
    """Read what a map says of its firmware. Raises CompileError when it holds no layout."""
    try:
        return firmware_in(json.loads(Path(file).read_bytes()))
    except OSError as error:
        _refuse(file, f"cannot be read: {error.strerror or error}")
    except (ValueError, RecursionError) as error:
        reason = "its values lie too deep" if isinstance(error, RecursionError) else str(error)
        _refuse(file, f"is no map of a firmware that runs images: {reason}")


def _refuse(file: str, message: str) -> NoReturn:
    raise CompileError(Diagnostic(message, Position(file), _FIX))


def firmware_in(content: Any) -> Firmware:
    """Return what a map says of its firmware. Raises ValueError when it holds no layout."""
    layout = member(content, "layout", dict)
    if hex_word(layout, "isa") != isa.fingerprint():
        raise ValueError("its firmware runs another instruction set: use the cnsc that built it")
    terms = tuple(term(each) for each in member(content, "terms", list))
    records = tuple(_record(each, terms) for each in member(layout, "records", list))
    _refuse_loose_names(records)
    firmware = Firmware(
        model=member(content, "model", str),
        kinds={name: n for n, name in kind_names(member(content, "kinds", dict)).items()},
        unchecked={name: n for n, name in kind_names(member(content, "unchecked", dict)).items()},
        terms=terms,
        class_count=_number(layout, "classes", len(terms)),
        records=records,
        depth=_number(layout, "depth", MAX_DEPTH),
        fingerprint=hex_word(layout, "fingerprint"),
    )
    unknown = firmware.kinds.keys() - {record.name for record in records}
    if unknown or not firmware.kinds:
        raise ValueError(f"its kinds name no record {', '.join(sorted(unknown))}".rstrip())
    if fingerprint(firmware) != firmware.fingerprint:
        raise ValueError("its records or terms are not those of its fingerprint: it was changed")
    return firmware


def _number(content: Any, key: str, most: int) -> int:
    number: int = member(content, key, int)
    if not 0 <= number <= most:
        raise ValueError(f"its {key!r} is not from 0 to {most}")
    return number


def _refuse_loose_names(records: Sequence[Record]) -> None:
    """Raise ValueError for names that two records have, and for records that are not there."""
    names = {record.name for record in records}
    if len(names) != len(records):
        raise ValueError("two of its records have one name")
    for record in records:
        for item in record.fields:
            inner = item.type
            while isinstance(inner, ListOf):
                inner = inner.items
            described = record_of(inner)
            if described is not None and described not in names:
                raise ValueError(f"{record.name}.{item.name} refers to no record {described!r}")


# Records


def _record(content: Any, terms: Sequence[m.Term]) -> Record:
    fields = tuple(_field(each, terms) for each in member(content, "fields", list))
    name = _name(content)
    if len({item.path for item in fields}) != len(fields):
        raise ValueError(f"two fields of {name} hold one property")
    return Record(
        name=name,
        iri=_optional(content, "iri"),
        type=_optional(content, "type"),
        tags=tuple(iri(tag) for tag in member(content, "tags", list)),
        has_class=_truth(content, "has_class"),
        has_id=_truth(content, "has_id"),
        fields=fields,
    )


def _field(content: Any, terms: Sequence[m.Term]) -> Field:
    return Field(
        name=_name(content),
        path=iri(member(content, "path", str)),
        type=_type(member(content, "type", dict), terms),
        capacity=_number(content, "capacity", MAX_CAPACITY),
    )


def _name(content: Any) -> str:
    name: str = member(content, "name", str)
    if not _C_NAME.fullmatch(name):
        raise ValueError(f"{text(name)!r} is no name in C")
    return name


def _optional(content: dict[str, Any], key: str) -> m.IRI | None:
    return None if content.get(key) is None else iri(content[key])


def _truth(content: dict[str, Any], key: str) -> bool:
    if not isinstance(content.get(key), bool):
        raise ValueError(f"its {key!r} is neither true nor false")
    return bool(content[key])


# Types of values


def _type(content: Any, terms: Sequence[m.Term]) -> ValueType:
    match content:
        case {"scalar": _} | {"langString": _}:
            return _literal(content)
        case {"typed": datatype}:
            return Typed(iri(datatype))
        case {"enum": [_, *_] as ids}:
            return Enum(tuple(_term_of(each, terms) for each in ids))
        case {"tagged": [_, *_] as arms}:
            return Tagged(tuple(_literal(arm) for arm in arms))
        case {"ref": None | str() as record}:
            return Ref(record)
        case {"pointer": str() as record}:
            return Pointer(record)
        case {"list": dict() as items}:
            return ListOf(_type(items, terms), _number(content, "capacity", MAX_CAPACITY))
        case {"general": None | str() as record, "invalid": "IRI" | "Literal" as kind}:
            return General(record, kind)
    raise ValueError(f"{str(content)[:80]!r} is no type of values")


def _literal(content: Any) -> Scalar | LangString:
    match content:
        case {"langString": True}:
            return LangString()
        case {"scalar": str() as datatype, "inline": _} if datatype in xsd.TEXTS:
            return Scalar(datatype, _number(content, "inline", MAX_CAPACITY))
        case {"scalar": str() as datatype} if datatype in xsd.SCALARS and len(content) == 1:
            return Scalar(datatype)
    raise ValueError(f"{str(content)[:80]!r} is no type of literals")


def _term_of(number: Any, terms: Sequence[m.Term]) -> m.Term:
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number <= len(terms):
        raise ValueError(f"{str(number)[:80]!r} is the id of no term")
    return terms[number - 1]
