# SPDX-License-Identifier: Apache-2.0
"""Functions that tell whether a record is sound: its counts, classes, pointers, text and depth.

A handler asks the one of its record first, so that what it reads afterwards is there.
"""

from __future__ import annotations

from cns_build import xsd
from cns_build.backend import bound
from cns_build.backend.ctext import joined, unwrap, wrap
from cns_build.backend.lines import Lines
from cns_build.backend.literals import intervals, text_of
from cns_build.backend.paths import Functions
from cns_build.backend.place import Access, Place
from cns_build.ir import binding
from cns_build.ir.binding import Member, Sentinel
from cns_build.ir.cycles import described, recursive_records
from cns_build.ir.program import Program
from cns_build.ir.record import (
    Field,
    General,
    LangString,
    ListOf,
    Pointer,
    Record,
    Ref,
    Scalar,
    Self,
    Tagged,
    Typed,
    ValueType,
    record_of,
)
from cns_build.options import MAX_CAPACITY


class Soundness:
    """The functions of one program, in order; records without one are always sound."""

    def __init__(
        self,
        program: Program,
        access: Access,
        taken: frozenset[str],
        trusts_text: bool,
        every: bool = False,
    ) -> None:
        """Write the functions for the records that handlers read, or for every root."""
        self.functions: list[str] = []
        self._every = every
        self._program = program
        self._access = access
        self._names = access.names
        self._taken = taken
        self._trusts_text = trusts_text
        self._records: set[str] = set()
        self._circles = recursive_records(program.records)
        self._checked = ""
        self._write()

    def needs_check(self, record: str) -> bool:
        """Whether C can hold a record of this kind that is not sound."""
        return record in self._records

    def _write(self) -> None:
        """Write, for each record that has counts or pointers, the function that checks them.

        Those that others call come first: of nested records, then of lists of them. Functions
        of records that can contain themselves take the depth that is left, and are declared
        in front.
        """
        lists = Functions(self._taken)
        records = _inner_first(self._program, self._every)
        for record in records:
            if record.name in self._circles:
                self._records.add(record.name)
                self.functions.append(f"static bool {self._prototype(record)};\n")
        for record in records:
            known = len(lists.texts)
            self._checked = record.name
            lines = self._record_lines(record, lists)
            self.functions += lists.render()[known:]
            if lines:
                self._records.add(record.name)
                self.functions.append(self._function(record, lines))
        self._checked = ""

    def _function(self, record: Record, body: list[str]) -> str:
        lines = Lines()
        lines.add(f"static bool\n{self._prototype(record)}\n{{")
        lines.depth = 1
        if record.name in self._circles:
            lines.add("if (depth == 0) {\n    return false;\n}")
        for line in body:
            lines.add(line)
        lines.add("return true;")
        lines.depth = 0
        lines.add("}")
        return lines.text()

    def _prototype(self, record: Record) -> str:
        name = self._names.record(record.name)
        depth = ", uint32_t depth" if record.name in self._circles else ""
        return f"{name}_sound(const {name} *record{depth})"

    def adapters(self) -> dict[str, str]:
        """Return, by root, the name of a function that any record can be passed to."""
        names = {}
        for entry in self._program.entries:
            if self.needs_check(entry.record):
                name = self._names.record(entry.record)
                names[entry.record] = f"{name}_readable"
                cast = f"(const {name} *)record"
                self.functions.append(
                    f"static bool\n{name}_readable(const void *record)\n{{\n"
                    f"    return {self.call(entry.record, cast)};\n}}\n"
                )
        return names

    def call(self, record: str, pointer: str) -> str:
        """Return whether a record is sound: one below another of its circle is a level deeper."""
        depth = ""
        if record in self._circles:
            inside = self._circles.get(self._checked) == self._circles[record]
            depth = ", depth - 1" if inside else f", {self._program.depth}u"
        return f"{self._names.record(record)}_sound({pointer}{depth})"

    def _record_lines(self, record: Record, lists: Functions) -> list[str]:
        """Return the lines that leave the function where a record is not sound."""
        out: list[str] = []
        if record.tags:
            ids = [self._program.terms.index(t) + 1 for t in (record.type, *record.tags) if t]
            held = self._access.class_member(record, "record")
            allowed = intervals(sorted(ids), held, self._access.name)
            out += _refused(f"{held} != 0 && !({allowed})")
        for item in record.fields:
            if item.capacity > 0:
                out += self._field_lines(record, item, lists)
        return out

    def _field_lines(self, record: Record, item: Field, lists: Functions) -> list[str]:
        """Return the lines that check a field: its number of values, then each of them."""
        place, self_ = Place("record", record.name, "record"), Self(record.name)
        element = self._access.element(place, self_, item, "i")
        if item.member is None:
            bad = self._unsound(item.type, element.value, lists)
        else:
            bad = self._unsound_member(item, item.member, element, lists)
        out = self._count_lines(record, item)
        if not bad:
            return out
        if not item.single:
            count = self._access.count(place, self_, item)
            lines = [f"    {line}" for line in _refused(unwrap(bad))]
            return [*out, f"for (uint32_t i = 0; i < {count}; i++) {{", *lines, "}"]
        present = self._access.present(place, self_, item)
        condition = unwrap(bad) if present == "true" else f"{wrap(present)} && {bad}"
        return [*out, *_refused(condition)]

    def _count_lines(self, record: Record, item: Field) -> list[str]:
        """Return the lines that check how many values an array says it has."""
        limit = self._names.capacity(record.name, item)
        if item.member is not None:
            if not isinstance(item.member.count, str):
                return []
            count = bound.lvalue("record", item.member.count)
            return _refused(f"(uint64_t){{ (uint64_t){count} }} > {limit}")
        if item.single or item.capacity >= MAX_CAPACITY:
            return []
        return _refused(f"record->{item.name}_count > {limit}")

    def _unsound_member(
        self, item: Field, member: Member, element: Place, lists: Functions
    ) -> str:
        """Return the condition that a member of the user's own cannot be read; empty if none."""
        match member.held:
            case binding.STRUCT | binding.POINTER:
                return self._unsound_struct(item, member, element)
            case binding.ID:
                return "" if member.presence == Sentinel("0") else f"{element.id} == 0"
        return self._unsound(item.type, element.value, lists)

    def _unsound_struct(self, item: Field, member: Member, place: Place) -> str:
        """Return the condition that a nested struct of the user's own, or its pointer, is bad."""
        record = record_of(item.type) or ""
        parts = [f"{place.record} == NULL"] if member.held == binding.POINTER else []
        if record in self._records:
            parts.append(f"!{self.call(record, unwrap(place.record))}")
        return joined(parts, " || ")

    def _unsound(self, type_: ValueType, value: str, lists: Functions) -> str:
        """Return the condition that a value has a bad pointer, count or text; empty if none."""
        match type_:
            case Scalar(_, inline) if inline is not None:
                return self._unsound_inline(type_, inline, value)
            case Typed() | LangString() | Tagged():
                return self._unsound_text(type_, value)
            case Scalar(datatype) if datatype in xsd.TEXTS:
                return self._unsound_text(type_, value)
            case General(record=record):
                text = self._unsound_text(type_, value)
                inner = self._unsound_record(record, f"{value}.as.node.record")
                return f"({text} || ({value}.tag == CNS_NODE && {inner}))" if inner else text
            case Ref(record):
                return self._unsound_record(record, f"{value}.record")
            case Pointer(record):
                if record not in self._records:
                    return f"{value} == NULL"
                return f"({value} == NULL || !{self.call(record, value)})"
            case ListOf(items, capacity):
                return self._unsound_list(type_, items, capacity, value, lists)
        return ""

    def _unsound_text(self, type_: ValueType, value: str) -> str:
        """Return the condition that text cannot be read or is not well-formed."""
        trusted = self._trusts_text
        match type_:
            case Tagged() | General():
                return f"!{'cns_term_sound' if trusted else 'cns_term_text_valid'}(&{value})"
            case LangString() if trusted:
                return f"(!cns_str_sound({value}.text) || !cns_str_sound({value}.language))"
            case LangString():
                return f"!cns_langstr_valid({value})"
        return f"!{'cns_str_sound' if trusted else 'cns_text_valid'}({value})"

    def _unsound_inline(self, type_: Scalar, inline: int, value: str) -> str:
        parts = [f"{value}.length > {inline}u"] if inline < MAX_CAPACITY else []
        if not self._trusts_text:
            parts.append(f"!cns_text_valid({text_of(type_, value)})")
        return joined(parts, " || ")

    def _unsound_record(self, record: str | None, pointer: str) -> str:
        if record is None or record not in self._records:
            return ""
        call = self.call(record, f"(const {self._names.record(record)} *){pointer}")
        return f"({pointer} != NULL && !{call})"

    def _unsound_list(
        self, type_: ListOf, items: ValueType, capacity: int, value: str, lists: Functions
    ) -> str:
        inner = self._unsound(items, "list->items[i]", lists)
        if capacity >= MAX_CAPACITY:
            limit = ""  # its count has no larger value
        else:
            limit = f"    if (list->count > {capacity}u) {{\n        return false;\n    }}\n"
        if not inner:
            return f"{value}.count > {capacity}u" if limit else ""
        c_type = self._names.value_type(type_)
        inside = "depth - 1" in inner
        parameter, argument = (", uint32_t depth", ", depth") if inside else ("", "")

        def text(function: str) -> str:
            return (
                f"static bool\n{function}(const {c_type} *list{parameter})\n{{\n"
                f"{limit}"
                "    for (uint32_t i = 0; i < list->count; i++) {\n"
                f"        if ({unwrap(inner)}) {{\n            return false;\n        }}\n    }}\n"
                "    return true;\n}\n"
            )

        return f"!{lists.add(f'{c_type}_sound', text)}(&{value}{argument})"


def _refused(condition: str) -> list[str]:
    return [f"if ({condition}) {{", "    return false;", "}"]


def _inner_first(program: Program, every: bool) -> list[Record]:
    """Return the records that handlers read, or all of roots; what others contain comes first."""
    ordered: dict[str, Record] = {}
    begun: set[str] = set()

    def visit(record: Record) -> None:
        if record.name in begun:
            return
        begun.add(record.name)
        for item in record.fields:
            name = described(item.type)
            if name and item.capacity > 0:
                visit(program.record(name))
        ordered[record.name] = record

    for function in program.functions:
        if function.body or every:
            visit(program.record(function.record))
    return list(ordered.values())
