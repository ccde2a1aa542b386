# SPDX-License-Identifier: Apache-2.0
"""Where values live in C: lvalues of fields, presence, counts, and the structs behind nodes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cns_build import model as m
from cns_build.backend import bound
from cns_build.backend.types import Names, enumerators, has_word, term_constants
from cns_build.ir import binding
from cns_build.ir.program import Program
from cns_build.ir.record import (
    ClassOf,
    Field,
    General,
    ListOf,
    Pointer,
    Record,
    Ref,
    ValueType,
    record_of,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a variable lives in C: an lvalue, and the name of its list type where it has one.

    `record` is the expression of the struct pointer that describes the node, if there is one;
    `id` that of the node's id; `address` that of the value's address, where it is not `&value`.
    `held` is the member that holds the value, in a struct of the user's own.
    """

    value: str
    path: str
    record: str = ""
    id: str = "0"
    address: str = ""
    held: bound.Held | None = None


class Access:
    """Finds the values of one program's records; remembers which structs need an empty one."""

    def __init__(self, program: Program, names: Names) -> None:
        self.program = program
        self.names = names
        self.used_empty: dict[str, None] = {}
        self.ids = {term: number for number, term in enumerate(program.terms, 1)}
        self.class_ids: dict[int, str] = {}
        self._constants = term_constants(program, names)
        self._enumerators = {
            f"{record}_{field}": constants
            for (record, field), constants in enumerators(program, names).items()
        }

    def place(self, type_: ValueType, value: str, path: str) -> Place:
        """Return the place of a value of a type at an lvalue."""
        match type_:
            case Pointer():
                return Place(value, path, value)
            case Ref(record):
                return Place(value, path, self.deref(record, value), f"{value}.id")
            case General(record=record):
                node = f"{value}.as.node"
                described = self.deref_term(record, value)
                return Place(value, path, described, f"({value}.tag == CNS_NODE ? {node}.id : 0)")
            case ListOf():
                return Place(value, path, f"&{value}")
        return Place(value, path)

    def deref(self, record: str | None, ref: str) -> str:
        """Return the struct behind a reference: its record, or the empty one."""
        if record is None:
            return "NULL"
        self.used_empty[record] = None
        return f"{self.names.record(record)}_of({ref})"

    def deref_term(self, record: str | None, term: str) -> str:
        """Return the struct behind a term that may be a node."""
        if record is None:
            return "NULL"
        self.used_empty[record] = None
        return f"{self.names.record(record)}_of_term(&{term})"

    def element(self, base: Place, base_type: ValueType, item: Field, index: str) -> Place:
        """Return the place of one value of a field; `index` is used where there are several."""
        path = base.path
        if not isinstance(base_type, ListOf):
            path = f"{record_of(base_type) or base.path}_{item.name}"
        match item.type:
            case ClassOf():
                return Place(
                    self.class_value(base, base_type),
                    path,
                    address=self._class_address(base, base_type),
                )
        if isinstance(base_type, ListOf):
            return self.place(item.type, f"{base.value}.items[{index}]", path)
        if item.member is not None:
            return self._bound_element(base, self.record(base_type), item, index, path)
        member = f"{base.record}->{item.name}"
        return self.place(item.type, member if item.single else f"{member}[{index}]", path)

    def _bound_element(
        self, base: Place, record: Record, item: Field, index: str, path: str
    ) -> Place:
        """Return the place of a value in a struct of the user's own."""
        assert item.member is not None
        held = bound.lvalue(base.record, item.member.path) + ("" if item.single else f"[{index}]")
        value = bound.value(record.name, item, held, self.names)
        place = self.place(item.type, value, path)
        if item.member.held in (binding.STRUCT, binding.POINTER):
            behind = bound.struct_behind(item.member, held)
            place = replace(place, record=f"({behind})" if behind[0] == "&" else behind)
            if item.single:  # in an array, whatever is asked mentions the element
                place = replace(place, id="0")
        if item.member.held == binding.ID:
            place = replace(place, id=held)
        address = bound.address(item.member, held)
        return replace(place, address=address, held=bound.Held(record.name, item, held))

    def class_value(self, base: Place, base_type: ValueType) -> str:
        """Return the id of a node's class."""
        if isinstance(base_type, Ref):
            return f"{base.value}.class_id"
        record = self.record(base_type)
        if not record.has_class:
            return self.number(record.type)
        member = self.class_member(record, base.record)
        if record.type is None:
            return member
        return f"({member} != 0 ? {member} : {self.number(record.type)})"

    def _class_address(self, base: Place, base_type: ValueType) -> str:
        """Return a pointer to the class of a node: to its member, or to a constant."""
        if isinstance(base_type, Ref):
            return f"&{base.value}.class_id"
        record = self.record(base_type)
        member = self.class_member(record, base.record)
        if record.type is None:
            return f"&{member}"
        number = self.ids[record.type]
        fixed = self.class_ids.setdefault(number, f"{self.names.model}_class_{number}")
        return f"({member} != 0 ? &{member} : &{fixed})" if record.has_class else f"&{fixed}"

    def class_member(self, record: Record, pointer: str) -> str:
        """Return the member that holds the id of a node's class."""
        return bound.lvalue(pointer, record.bound.class_id if record.bound else "class_id")

    def id_member(self, record: Record, pointer: str) -> str:
        """Return the member that holds the id of a focus node."""
        return bound.lvalue(pointer, record.bound.id if record.bound else "id")

    def record(self, type_: ValueType) -> Record:
        """Return the record that describes values of a type which has one."""
        name = record_of(type_)
        assert name is not None
        return self.program.record(name)

    def number(self, term: m.Term | None) -> str:
        """Return the id of a term: a constant of the header for IRIs, a number for literals."""
        assert term is not None
        return self.name(self.ids[term])

    def name(self, number: int) -> str:
        """Return the constant of the header for an id, or the number where it has none."""
        return self._constants.get(number, f"{number}u")

    def enumerator(self, place: Place, number: int) -> str:
        """Return the constant of an enumerator, or its number where the field is not known."""
        known = self._enumerators.get(place.path)
        return known[number - 1] if known and number <= len(known) else f"{number}u"

    def present(self, base: Place, base_type: ValueType, item: Field) -> str:
        """Return the condition that a field has at least one value."""
        if isinstance(item.type, ClassOf):
            record = self.record(base_type) if record_of(base_type) else None
            if record and record.type and not isinstance(base_type, Ref):
                return "true"
            return f"{self.class_value(base, base_type)} != 0"
        if item.capacity == 0:
            return "false"
        if item.member is not None:
            return bound.present(base.record, item, item.member)
        if item.single and not isinstance(base_type, ListOf):
            record = self.record(base_type)
            mask = self.names.has(record.name, item)
            return f"({base.record}->{has_word(record, item)} & {mask}) != 0"
        return f"{self.count(base, base_type, item)} != 0"

    def count(self, base: Place, base_type: ValueType, item: Field) -> str:
        """Return the number of values that an array or list holds."""
        if isinstance(base_type, ListOf):
            return f"{base.value}.count"
        if item.member is not None:
            return bound.count(base.record, item.member)
        return f"{base.record}->{item.name}_count"
