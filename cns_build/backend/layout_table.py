# SPDX-License-Identifier: Apache-2.0
"""The layout table of a model: where the members of its records lie, in the C compiler's words.

{ offsetof(m_room, alarm), offsetof(m_room, alarm_count), 4, 2, M_ROOM_ALARM_CAPACITY },
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cns_build import model as m
from cns_build.backend.ctext import table
from cns_build.backend.types import Names, has_words, singles, tag
from cns_build.bytecode.numbers import Numbers, fingerprint
from cns_build.ir.cycles import recursive_records
from cns_build.ir.program import Program
from cns_build.ir.record import (
    Enum,
    Field,
    General,
    LangString,
    ListOf,
    Record,
    Scalar,
    Tagged,
    ValueType,
    invalid_term,
    record_of,
)


@dataclass(slots=True)
class LayoutTable:
    """The C text of the table.

    `type_row` gives the cns_type of a value, `number_list` the name of an array of 16-bit numbers,
    `readable` the functions that tell whether records can be read; without them, the table is
    for reading alone, and no image runs by it.
    """

    program: Program
    type_row: Callable[[ValueType], str]
    number_list: Callable[[tuple[str, ...]], str]
    readable: Mapping[str, str] | None = None
    names: Names = field(init=False)
    numbers: Numbers = field(init=False)
    _circles: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.names = Names(self.program.name)
        self.numbers = Numbers(self.program)
        self._circles = recursive_records(self.program.records)

    def text(self) -> list[str]:
        """Return the tables, each after those that it refers to."""
        name = f"{self.names.model}_layout"
        values = [self._value(type_) for type_ in self.numbers.values]
        fields = [self._field_table(record) for record in self.program.records]
        records = [self._record(record) for record in self.program.records]
        members = {
            "model": f"&{self.names.model}_model",
            "records": f"{name}_records",
            "values": f"{name}_values" if values else "NULL",
            "record_count": f"{len(records)}",
            "value_count": f"{len(values)}",
            "depth": f"{self.program.depth}",
            "fingerprint": f"0x{fingerprint(self.program):08X}u",
            "empty": "NULL" if self.readable is None else f"&{name}_empty",
        }
        rows = "".join(f"    .{member} = {value},\n" for member, value in members.items())
        texts = [
            table(f"static const cns_value_layout {name}_values[]", values),
            *fields,
            "" if self.readable is None else self._empty(name),
            table(f"static const cns_record_layout {name}_records[]", records),
            f"const cns_layout {name} = {{\n{rows}}};\n",
        ]
        return [text for text in texts if text]

    def _empty(self, name: str) -> str:
        """Return zeros that stand for any record or value that is not there."""
        types = dict.fromkeys(self.names.record(record.name) for record in self.program.records)
        types |= dict.fromkeys(map(self.names.value_type, self.numbers.values))
        members = "".join(f"    {_member(t, n)};\n" for n, t in enumerate(types))
        return f"static const union {{\n{members}}} {name}_empty;\n"

    def _record(self, record: Record) -> str:
        name = self.names.record(record.name)
        classes = (record.type, *record.tags) if record.has_class else ()
        tags = [self.numbers.ids[class_] for class_ in classes if class_]
        members = [
            f"sizeof({name})",
            _offset(name, "has") if has_words(record) else "CNS_NO_MEMBER",
            _offset(name, "id") if record.has_id else "CNS_NO_MEMBER",
            _offset(name, "class_id") if record.has_class else "CNS_NO_MEMBER",
            f"{self.numbers.ids[record.type]}u" if record.type else "0",
            f"{len(tags)}",
            f"{len(record.fields)}",
            f"{self._circles[record.name] + 1}" if record.name in self._circles else "0",
            self.number_list(tuple(f"{t}u" for t in sorted(tags))) if tags else "NULL",
            f"{name}_layout" if record.fields else "NULL",
            (self.readable or {}).get(record.name, "NULL"),
        ]
        return f"{{ {', '.join(members)} }}"

    def _field_table(self, record: Record) -> str:
        rows = [self._field(record, item) for item in record.fields]
        name = self.names.record(record.name)
        return table(f"static const cns_field_layout {name}_layout[]", rows)

    def _field(self, record: Record, item: Field) -> str:
        name = self.names.record(record.name)
        offset, presence, capacity = "CNS_NO_MEMBER", "CNS_NO_MEMBER", f"{item.capacity}"
        if item.capacity:
            offset = _offset(name, item.name)
        if item.single:
            presence = f"{singles(record).index(item)}"
        elif item.capacity:
            presence = _offset(name, f"{item.name}_count")
            capacity = self.names.capacity(record.name, item)
        value = f"{self.numbers.values[item.type]}"
        members = [offset, presence, f"{self.numbers.ids.get(item.path, 0)}", value, capacity]
        return f"{{ {', '.join(members)} }}"

    def _value(self, type_: ValueType) -> str:
        """Return the row of a type."""
        inner, capacity, offset = self._inside(type_)
        size = f"sizeof({self.names.value_type(type_)})"
        members = [self._type(type_), size, offset, inner, capacity, _invalid(type_)]
        return f"{{ {', '.join(members)} }}"

    def _type(self, type_: ValueType) -> str:
        """Return the cns_type; where a value has one of several datatypes, it lists the tags."""
        if not isinstance(type_, Tagged):
            return self.type_row(type_)
        tags = [
            "CNS_LANG_STRING" if isinstance(arm, LangString) else tag(arm.datatype)
            for arm in type_.arms
        ]
        return f"{{ CNS_FORM_TERM, CNS_NONE, 0, {len(tags)}, {self.number_list(tuple(tags))} }}"

    def _inside(self, type_: ValueType) -> tuple[str, str, str]:
        """Return what a value holds, how many of them, and after how many bytes."""
        c_type = self.names.value_type(type_)
        match type_:
            case Scalar(_, int() as size):
                return "CNS_NO_RECORD", f"{size}", _offset(c_type, "bytes")
            case ListOf(items, capacity):
                return f"{self.numbers.values[items]}", f"{capacity}", _offset(c_type, "items")
        record = record_of(type_)
        if record is None:
            return "CNS_NO_RECORD", "0", "0"
        return f"{self.numbers.records[record]}", "0", "0"


def _member(type_: str, number: int) -> str:
    """Return the declaration of a member of a union."""
    return f"{type_}{'' if type_.endswith('*') else ' '}m{number}"


def _offset(struct: str, member: str) -> str:
    return f"offsetof({struct}, {member})"


def _invalid(type_: ValueType) -> str:
    """Return the tag of what denotes a value that C can hold and the type cannot."""
    match type_:
        case Enum():
            is_node = isinstance(invalid_term(type_), m.IRI)
        case General(invalid_kind=kind):
            is_node = kind == "IRI"
        case _:
            is_node = False
    return "CNS_NODE" if is_node else "CNS_TYPED"
