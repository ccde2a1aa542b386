# SPDX-License-Identifier: Apache-2.0
"""What images name of a model's records: numbers of records, fields and values.

The firmware holds the layout table under the same numbers (`backend.layout_table`), so an image
names no offset. The fingerprint is that of everything that these numbers stand for.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from cns_build import model as m
from cns_build.bytecode.image import STEP_CLASS, STEP_ITEMS, TYPE_CLASS, TYPE_RECORD
from cns_build.ir.firmware import Firmware
from cns_build.ir.program import Program
from cns_build.ir.record import ITEMS, ClassOf, Field, ListOf, Record, Self, ValueType, record_of


class Numbers:
    """The numbers of one model: `values` are types of values, in the order of the table."""

    def __init__(self, model: Program | Firmware) -> None:
        self.records = {record.name: n for n, record in enumerate(model.records)}
        self.ids: dict[m.Term, int] = {term: n for n, term in enumerate(model.terms, 1)}
        self.values: dict[ValueType, int] = {}
        self._slots = {
            record.name: {item.path: n for n, item in enumerate(record.fields)}
            for record in model.records
        }
        for record in model.records:
            for item in record.fields:
                self._number(item.type)

    def _number(self, type_: ValueType) -> None:
        """Number a type of values, those of the members of a list first."""
        if isinstance(type_, ListOf):
            self._number(type_.items)
        self.values.setdefault(type_, len(self.values))

    def type(self, type_: ValueType) -> int:
        """Return the type of a register that holds a value of this type."""
        match type_:
            case Self(record):
                return TYPE_RECORD | self.records[record]
            case ClassOf():
                return TYPE_CLASS
        return self.values[type_]

    def slot(self, base: ValueType, item: Field) -> int:
        """Return the number of a field in the record that describes a value of type `base`."""
        record = record_of(base)
        assert record is not None
        return self._slots[record][item.path]

    def step(self, base: ValueType, item: Field) -> int:
        """Return the step of a path that a field is."""
        if isinstance(item.type, ClassOf):
            return STEP_CLASS
        if isinstance(base, ListOf):
            assert item.path == ITEMS
            return STEP_ITEMS
        return self.slot(base, item)


def fingerprint(model: Program | Firmware) -> int:
    """Return 32 bits that change with what images rely on: records, their types, term ids."""
    digest = hashlib.sha256()
    for record in model.records:
        digest.update(repr(_bare(record)).encode())
    for term in model.terms:
        digest.update(f"{term}\n".encode())
    digest.update(f"depth {model.depth}".encode())
    return int.from_bytes(digest.digest()[:4], "little")


def _bare(record: Record) -> Record:
    """Return a record without what is written for people, and where it was read."""
    fields = tuple(
        replace(f, shapes=(), labels=(), descriptions=(), origin=None) for f in record.fields
    )
    return replace(record, fields=fields, labels=(), descriptions=(), origin=None)
