# SPDX-License-Identifier: Apache-2.0
"""The fields that paths of shapes lead through, and what records cannot hold."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import TypeAlias

from cns_build import model as m
from cns_build.diagnostics import Diagnostic
from cns_build.ir.branches import MAX_BRANCHES, Steps, graph_operator, path_branches
from cns_build.ir.layout import Layout
from cns_build.ir.program import Var
from cns_build.ir.record import (
    ITEMS,
    TYPE,
    ClassOf,
    Field,
    General,
    ListOf,
    Pointer,
    Ref,
    Self,
    ValueType,
    record_of,
)
from cns_build.ir.sparql import path_text, term_text
from cns_build.ir.vet import vet
from cns_build.options import Options

Branches: TypeAlias = Sequence[Steps]


class Fields:
    """Looks fields up for one program; `errors` and `waivers` are what was found on the way."""

    def __init__(self, graph: m.ShapesGraph, layout: Layout, options: Options) -> None:
        self.graph = graph
        self.layout = layout
        self.options = options
        self.errors: list[Diagnostic] = []
        self.waivers: list[m.Waiver] = []
        self._records = {r.name: r for r in layout.records}
        self._fields = {r.name: {f.path: f for f in r.fields} for r in layout.records}
        self._reported: set[tuple[str, m.Origin]] = set()
        self._inside: list[m.Shape] = []

    def _branches(self, shape: m.Shape) -> Branches | None:
        assert shape.path is not None
        branches = path_branches(shape.path)
        word = graph_operator(shape.path)
        if branches is None and word:
            self._unsupported(word, f"a path with {word} needs profile graph", shape.origin)
        elif branches is None:
            self._refuse(
                f"a path of more than {MAX_BRANCHES} alternatives, multiplied by its sequences",
                "split the property shape into several",
            )
        return branches

    def _field(self, base: Var, step: m.IRI) -> Field:
        """Return the field that holds the values of a step from a node."""
        if step == ITEMS and isinstance(base.type, ListOf):
            return Field("items", ITEMS, base.type.items, base.type.capacity)
        if step == TYPE:
            return self._type_fields(base)[0]
        record = record_of(base.type)
        field = self._fields[record].get(step) if record else None
        if field is None:
            raise AssertionError(f"no field for {step} at {base.type}: the layout missed it")
        return field

    def _type_fields(self, base: Var) -> tuple[Field, ...]:
        """Return the pseudo-field of rdf:type, where a value of this type has a class at all."""
        record = self._records[name] if (name := record_of(base.type)) else None
        fixed = record.type if record and not record.has_class else None
        if isinstance(base.type, Ref | General):
            classed = record is not None and (record.type is not None or record.has_class)
            if classed or isinstance(base.type, General):
                self._refuse_type_of_reference(base.type)
            return (Field("type", TYPE, ClassOf(None), 1),)
        if record and (record.type or record.has_class):
            return (Field("type", TYPE, ClassOf(fixed), 1),)
        return ()

    def _all_reachable(self, branches: Branches, base: Var) -> tuple[tuple[Field, ...], ...]:
        reached = (self._reachable(steps, base) for steps in branches)
        return tuple(fields for fields in reached if fields is not None)

    def _reachable(self, steps: Sequence[m.IRI], base: Var) -> tuple[Field, ...] | None:
        """Return the fields along a path; None where the type of a value has no such property."""
        fields: list[Field] = []
        for step in steps:
            if not self._has_field(base, step):
                return None
            fields.append(self._field(base, step))
            base = Var(-1, fields[-1].type)
        return tuple(fields)

    def _has_field(self, base: Var, step: m.IRI) -> bool:
        if step == ITEMS and not isinstance(base.type, ListOf):
            described = isinstance(base.type, Self | Ref | Pointer | General)
            if described:
                self._refuse("the members of a list that is a record", "name the list's property")
            return False
        if isinstance(base.type, ListOf):
            if step != ITEMS:
                self._refuse(
                    f"the property {step} of a list", "use the path rdf:rest*/rdf:first alone"
                )
            return step == ITEMS
        if step == TYPE:
            return bool(self._type_fields(base))
        record = record_of(base.type)
        if record is not None and step in self._fields[record]:
            return True
        if self.layout.firmware and isinstance(base.type, Self | Ref | Pointer | General):
            self._refuse_missing(record, step)
        return False

    # What records cannot hold

    def _refuse_missing(self, record: str | None, step: m.IRI) -> None:
        """Report a property that the firmware's records do not hold."""
        name = term_text(step, self.graph.prefixes)
        holder = f"record {record} of the firmware" if record else "a node without a struct"
        self._demand_firmware(f"{holder} has no property {name}", "leave it out")

    def _refuse_never_full(self, constraint: m.Constraint, branches: Branches, base: Var) -> None:
        """Report more values demanded than the firmware's records have room for."""
        reached = self._all_reachable(branches, base)
        if not (self.layout.firmware and reached and isinstance(constraint, m.MinCount)):
            return
        room = sum(prod(f.capacity for f in fields) for fields in reached)
        if constraint.count > room:
            what = f"sh:minCount {constraint.count}, and the firmware has room for {room}"
            self._demand_firmware(what, "lower it")

    def _demand_firmware(self, what: str, fix: str) -> None:
        origin = self._inside[-1].origin if self._inside else None
        fix = f"{fix}, or build a new firmware, which has what the shapes ask for"
        diagnostic = Diagnostic(f"{what}{self._place()}", origin, fix)
        if diagnostic not in self.errors:
            self.errors.append(diagnostic)

    def _refuse_type_of_reference(self, type_: ValueType) -> None:
        """The node has a class of its own and maybe that of its record: two values."""
        record = record_of(type_)
        self._refuse(
            "rdf:type, or sh:closed, of a node that is "
            + (f"referred to and described by struct {record}" if record else "of any kind"),
            "demand sh:nodeKind sh:BlankNode of it, or ignore rdf:type in sh:ignoredProperties",
        )

    def _refuse_literal_focus(self, branches: Branches, base: Var) -> None:
        """A violation names its focus node by id or struct; a literal has neither."""
        types = [fields[-1].type for fields in self._all_reachable(branches, base)]
        if any(isinstance(t, General) and t.invalid_kind == "IRI" for t in types):
            self._refuse(
                "a property shape of values that sh:nodeKind makes literals",
                "remove it, or demand another node kind: literals have no properties",
            )

    def _vet(self, constraint: m.Constraint, type_: ValueType) -> None:
        if isinstance(type_, Self) and self._records[type_.record].has_id:
            type_ = Ref(type_.record)  # an IRI of which the record has the number
        diagnostic = vet(constraint, type_)
        if diagnostic and diagnostic not in self.errors:
            self.errors.append(diagnostic)

    def _unsupported(self, name: str, what: str, origin: m.Origin) -> None:
        if (name, origin) in self._reported:
            return
        self._reported.add((name, origin))
        if name in self.options.waive:
            self.waivers.append(m.Waiver(name, what, origin))
            return
        self.errors.append(
            Diagnostic(
                f"not supported yet in records: {what}{self._place()}",
                origin,
                f"leave it out of the checks with --waive {name}",
            )
        )

    def _refuse(self, what: str, fix: str) -> None:
        """Report what no waiver can leave out, at the shape that is being built."""
        origin = self._inside[-1].origin if self._inside else None
        diagnostic = Diagnostic(
            f"not supported yet in records: {what}{self._place()}", origin, fix
        )
        if diagnostic not in self.errors:
            self.errors.append(diagnostic)

    def _place(self) -> str:
        """Return the shape that is being built and its path, for diagnostics."""
        named = [s.node for s in self._inside if isinstance(s.node, m.IRI)]
        paths = [s.path for s in self._inside if s.path is not None]
        where = f" at shape {term_text(named[-1], self.graph.prefixes)}" if named else ""
        return where + (f", path {path_text(paths[-1], self.graph.prefixes)}" if paths else "")
