# SPDX-License-Identifier: Apache-2.0
"""Which types the registers have at each instruction, for code that the verifier accepts.

Code goes forward, and at the head of a loop its registers are those of the way in: one look at
each instruction is enough.
"""

from __future__ import annotations

from collections.abc import Iterator

from cns_build.bytecode import isa
from cns_build.bytecode.image import TYPE_CLASS, TYPE_NUMBER, TYPE_RECORD, Function
from cns_build.bytecode.legend import Legend, ValueName

Types = dict[int, int]


def register_types(function: Function, legend: Legend) -> list[Types]:
    """Return the types of registers in front of each instruction, without what is unknown."""
    before: list[Types | None] = [None] * (len(function.code) + 2)
    before[0] = {0: function.parameter}
    for place, word in enumerate(function.code):
        types = before[place]
        found = isa.known(word)
        if types is None or found is None:
            continue
        after = types | _written(found, types, legend)
        for target in _targets(found, place):
            if place < target < len(before):
                known = before[target]
                before[target] = after if known is None else dict(known.items() & after.items())
    return [types or {} for types in before[: len(function.code)]]


def _targets(found: isa.Instruction, place: int) -> Iterator[int]:
    if found.opcode.name not in ("JUMP", "RETURN"):
        yield place + 1
    if found.form:
        yield place + 2
    if found.jump is not None:
        yield place + 1 + found.jump
    if found.decides:
        yield place + 1 + found.decides


def _written(found: isa.Instruction, types: Types, legend: Legend) -> Types:
    """Return the types of the registers that an instruction writes, as far as they are known."""
    match found.opcode.name:
        case "VALUE" | "OPEN":
            return _known(found.a, field_type(types.get(found.b), found.c, legend))
        case "FIELD" | "EACH" | "FIELD_WITHIN":
            return _known(found.a + 1, field_type(types.get(found.a), found.b, legend))
        case isa.CHECKS:
            return _known(found.record + 1, field_type(types.get(found.record), found.b, legend))
        case "FOLLOW":
            value = value_name(types.get(found.b), legend)
            record = value.record if value else None
            return _known(found.a, None if record is None else TYPE_RECORD | record)
        case "ITEMS":
            value = value_name(types.get(found.b), legend)
            return _known(found.a, value.items if value else None)
        case "CLASS":
            return {found.a: TYPE_CLASS}
        case "MOVE":
            return _known(found.a, types.get(found.b))
        case "ZERO":
            return {found.a: TYPE_NUMBER}
    return {}


def _known(register: int, type_: int | None) -> Types:
    return {} if type_ is None else {register: type_}


def value_name(type_: int | None, legend: Legend) -> ValueName | None:
    """Return what is known of a type of values; None for another type."""
    return legend.values[type_] if type_ is not None and type_ < len(legend.values) else None


def field_type(record: int | None, slot: int, legend: Legend) -> int | None:
    """Return the type of a field's values; None where it is unknown."""
    found = field_of(record, slot, legend)
    return found[1] if found else None


def field_of(record: int | None, slot: int, legend: Legend) -> tuple[str, int] | None:
    """Return property and type of a field in a record, which a register's type names."""
    number = -1 if record is None or not record & TYPE_RECORD else record & ~TYPE_RECORD
    if not 0 <= number < len(legend.records) or slot >= len(legend.records[number].fields):
        return None
    return legend.records[number].fields[slot]
