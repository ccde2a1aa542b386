# SPDX-License-Identifier: Apache-2.0
"""Write records as N-Triples: the process that native code may bring down.

`python -m tests.records.denoting LIBRARY` reads a pickled (program, records) from standard input
and writes one pickled `Denoted` for each record.
"""

from __future__ import annotations

import ctypes
import pickle
import sys
from collections.abc import Iterator

from cns_build.ir.program import Program
from cns_build.ir.record import (
    Enum,
    Field,
    General,
    ListOf,
    Pointer,
    Record,
    Ref,
    Scalar,
    Tagged,
    Typed,
    ValueType,
)
from cns_build.model import Literal
from tests import structs
from tests.records import layout
from tests.records.answers import Denoted
from tests.records.values import RecordValue
from tests.records.worker import FORMS, INLINE, Marshal

OK, NO_SPACE = 0, 5
NO_MEMBER, NO_RECORD = 2**32 - 1, 2**16 - 1
_WRITE = ctypes.CFUNCTYPE(ctypes.c_size_t, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)


class TableCheck:
    """The layout table in C says what the program and ctypes say."""

    def __init__(self, program: Program, structs: layout.Structs, table: structs.LayoutTable):
        self._program = program
        self._structs = structs
        self._table = table
        self._numbers = {term: number for number, term in enumerate(program.terms, 1)}

    def run(self) -> None:
        """Compare all rows, and see that each row of values is used."""
        used: set[int] = set()
        assert self._table.record_count == len(self._program.records)
        for number, record in enumerate(self._program.records):
            row = self._table.records[number]
            self._check_record(record, row)
            for index, item in enumerate(record.fields):
                self._check_field(record, item, row.fields[index], used)
        assert used == set(range(self._table.value_count))

    def _check_record(self, record: Record, row: structs.RecordLayout) -> None:
        struct = self._structs.struct(record.name)
        assert row.size == ctypes.sizeof(struct)
        for member in ("has", "id", "class_id"):
            assert getattr(row, member) == _offset(struct, member), (record.name, member)
        assert row.type == (self._numbers[record.type] if record.type else 0)
        assert row.field_count == len(record.fields)
        classes = {self._numbers[c] for c in (record.type, *record.tags) if c}
        if record.has_class:
            assert {row.classes[n] for n in range(row.class_count)} == classes

    def _check_field(
        self, record: Record, item: Field, row: structs.FieldLayout, used: set[int]
    ) -> None:
        struct = self._structs.struct(record.name)
        assert row.offset == _offset(struct, item.name)
        assert row.property == self._numbers[item.path]
        assert row.capacity == item.capacity
        if item.single:
            assert row.presence == [f for f in record.fields if f.single].index(item)
        else:
            assert row.presence == _offset(struct, f"{item.name}_count")
        self._check_value(item.type, row.value, used)

    def _check_value(self, type_: ValueType, index: int, used: set[int]) -> None:
        used.add(index)
        row = self._table.values[index]
        c_type = self._structs.value(type_)
        assert row.size == ctypes.sizeof(c_type)
        inline = isinstance(type_, Scalar) and type_.inline is not None
        assert row.type.form == (INLINE if inline else FORMS[type(type_)])
        listed = [row.type.terms[n] for n in range(row.type.count)]
        match type_:
            case Scalar(name, size):
                assert layout.TAGS[row.type.tag] == name
                assert row.capacity == (size or 0)
                assert row.offset == (c_type.bytes.offset if inline else 0)
            case Enum(terms):
                assert listed == [self._numbers[term] for term in terms]
                literals = all(isinstance(term, Literal) for term in terms)
                assert layout.TAGS[row.invalid] == ("typed" if literals else "node")
            case Tagged(arms):
                names = [arm.datatype if isinstance(arm, Scalar) else "langString" for arm in arms]
                assert [layout.TAGS[tag] for tag in listed] == names
            case General(record, kind):
                assert layout.TAGS[row.invalid] == ("node" if kind == "IRI" else "typed")
                assert not listed
                assert self._inner(row) == record
            case Ref(record) | Pointer(record):
                assert self._inner(row) == record
            case Typed(datatype):
                assert listed == [self._numbers[datatype]]
            case ListOf(items, capacity):
                assert (row.offset, row.capacity) == (c_type.items.offset, capacity)
                self._check_value(items, row.inner, used)

    def _inner(self, row: structs.ValueLayout) -> str | None:
        if row.inner == NO_RECORD:
            return None
        return self._program.records[int(row.inner)].name


def _offset(struct: layout.CType, member: str) -> int:
    offset: int = getattr(struct, member).offset if hasattr(struct, member) else NO_MEMBER
    return offset


class Denoter:
    """`cns_denote` of one model in a shared library."""

    def __init__(self, library: str, program: Program):
        self._library = ctypes.CDLL(library)
        self._program = program
        self._structs = layout.Structs(program)
        table = structs.LayoutTable.in_dll(self._library, f"{program.name}_layout")
        TableCheck(program, self._structs, table).run()
        self._how = structs.Denoter(ctypes.addressof(table), None, None, None)
        self._numbers = {record.name: number for number, record in enumerate(program.records)}

    def denote(self, value: RecordValue) -> Denoted:
        """The text of a record: the same in pieces, in a buffer that fits, and in none."""
        memory = Marshal(self._structs, value)
        root = ctypes.byref(memory.root)
        before = bytes(memory.root)
        number = self._numbers[value.record]
        pieces: list[bytes] = []

        def write(to: int, text: int, length: int) -> int:
            pieces.append(ctypes.string_at(text, length))
            return length

        status = self._library.cns_denote(
            ctypes.byref(self._how), number, root, _WRITE(write), None
        )
        text = b"".join(pieces)
        assert status == OK or not text, "an error after some text was written"
        if status == OK:
            self._check_buffers(number, root, text)
            self._check_full_sink(number, root, len(pieces))
        assert bytes(memory.root) == before, "the record was written to"
        return Denoted(status, text.decode())

    def _check_buffers(self, number: int, root: object, text: bytes) -> None:
        """The buffer's version says the length always, and writes all of the text or none."""
        for size in (0, 1, len(text), len(text) + 1, len(text) + 7):
            buffer = ctypes.create_string_buffer(b"#" * (size + 4), size + 4)
            length = ctypes.c_size_t()
            status = self._library.cns_denote_text(
                ctypes.byref(self._how),
                number,
                root,
                buffer if size else None,
                ctypes.c_size_t(size),
                ctypes.byref(length),
            )
            assert length.value == len(text)
            assert status == (OK if size > len(text) else NO_SPACE)
            assert buffer.raw[size:] == b"####"
            if size:
                assert buffer.value == (text if size > len(text) else b"")

    def _check_full_sink(self, number: int, root: object, calls: int) -> None:
        """A sink that takes no more is called no more."""
        left = calls - 1

        def write(to: int, text: int, length: int) -> int:
            nonlocal left
            left -= 1
            return length if left >= 0 else length - 1

        how = ctypes.byref(self._how)
        status = self._library.cns_denote(how, number, root, _WRITE(write), None)
        assert (status, left) == ((NO_SPACE, -1) if calls else (OK, -1))


def texts(library: str, program: Program, values: list[RecordValue]) -> Iterator[Denoted]:
    """What records of one model denote."""
    denoter = Denoter(library, program)
    for value in values:
        yield denoter.denote(value)


def main() -> None:
    """Write what standard input asks."""
    program, values, *_ = pickle.load(sys.stdin.buffer)
    for denoted in texts(sys.argv[1], program, values):
        pickle.dump(denoted, sys.stdout.buffer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
