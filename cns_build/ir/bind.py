# SPDX-License-Identifier: Apache-2.0
"""Put the user's own structs in the place of records: what a `bind` map means for a layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cns_build import model as m
from cns_build import xsd
from cns_build.diagnostics import CompileError, Diagnostic, Note, Position
from cns_build.ir import binding
from cns_build.ir.binding import Member, MemberMap, RecordMap, Sentinel
from cns_build.ir.layout import Layout
from cns_build.ir.names import local_name
from cns_build.ir.program import Call, Each, Program, walk
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
    record_of,
)
from cns_build.ir.roots import expand
from cns_build.ir.sparql import term_text
from cns_build.options import MAX_CAPACITY


def bind(layout: Layout, maps: Sequence[RecordMap], graph: m.ShapesGraph) -> Layout:
    """Return the layout with the structs that maps name. Raises CompileError with every problem.

    A bound struct without a member for its id is a blank node, and one without `class_id` has the
    class of its record, or the `type` of its map.
    """
    if not maps:
        return layout
    binder = _Binder(layout, graph)
    for given in maps:
        binder.bind(given)
    binder.refuse_empty_structs()
    if binder.errors:
        raise CompileError(*binder.errors)
    return replace(layout, records=tuple(binder.records.values()))


def refuse_converted_calls(program: Program) -> None:
    """Raise CompileError where a recursive shape is handed values that are not as records are.

    The procedure of such a shape reports where the value lies that it is called with.
    """
    errors: dict[Diagnostic, None] = {}
    for body in program.bodies:
        ops = list(walk(body.body))
        fields = {op.var: op.fields[-1] for op in ops if isinstance(op, Each)}
        called = [fields[op.var] for op in ops if isinstance(op, Call) and op.var in fields]
        for item in called:
            if item.member is None or isinstance(item.type, Pointer):
                continue
            if item.member.held != binding.EXACT or isinstance(item.type, Scalar):
                message = f"{item.name} is bound, and its values are in a recursive shape"
                fix = "give the property shape sh:nodeKind sh:BlankNode, or leave it unbound"
                errors[Diagnostic(message, item.origin, fix)] = None
    if errors:
        raise CompileError(*errors)


class _Binder:
    def __init__(self, layout: Layout, graph: m.ShapesGraph) -> None:
        self.graph = graph
        self.records = {record.name: record for record in layout.records}
        self.errors: list[Diagnostic] = []
        self._maps: dict[str, RecordMap] = {}
        self._shapes = {
            root.record: [a.shape for a in root.applied if isinstance(a.shape, m.IRI)]
            for root in layout.roots
        }

    # Records

    def bind(self, given: RecordMap) -> None:
        """Put one struct in the place of its record."""
        record = self._find_record(given)
        if record is None:
            return
        self._maps[record.name] = given
        entries = self._entries(given, record)
        fields = tuple(self._field(f, entries.get(f.name), record, given) for f in record.fields)
        self.records[record.name] = replace(
            record,
            fields=fields,
            bound=given.bound,
            type=self._type(given, record),
            has_id=record.has_id and given.bound.id != "",
            has_class=record.has_class and given.bound.class_id != "",
            tags=record.tags if given.bound.class_id else (),
        )

    def _find_record(self, given: RecordMap) -> Record | None:
        full = expand(given.record, self.graph)
        found = [r for r in self.records.values() if self._answers_to(r, given.record, full)]
        if len(found) != 1:
            what = "several records answer to" if found else "no record is called"
            names = ", ".join(r.name for r in found or self.records.values())
            self._error(given.where[""], f"{what} {given.record}", f"the records are: {names}")
            return None
        if found[0].name in self._maps:
            first = self._maps[found[0].name]
            self._error(
                given.where[""],
                f"record {found[0].name} is bound twice",
                "remove one of the two",
                Note("the first time is here", first.where[""]),
            )
            return None
        for key, has in (("id", found[0].has_id), ("class_id", found[0].has_class)):
            if key in given.where and not has:
                message = f"record {found[0].name} has no {key}: no shape looks at it"
                self._error(given.where[key], message, "remove it")
        return found[0]

    def _answers_to(self, record: Record, name: str, full: str) -> bool:
        iris = [record.iri, *self._shapes.get(record.name, ())]
        return record.name == name or full in [iri.value for iri in iris if iri]

    def _type(self, given: RecordMap, record: Record) -> m.IRI | None:
        if not given.type:
            return record.type
        if record.type is not None:
            message = f"record {record.name} has the class {record.type}"
            self._error(given.where["type"], message, "remove type")
        return m.IRI(expand(given.type, self.graph))

    # Members

    def _entries(self, given: RecordMap, record: Record) -> dict[str, MemberMap]:
        """Return the entries of a map by the names of the fields that they are for."""
        found: dict[str, MemberMap] = {}
        for entry in given.members:
            full = expand(entry.property, self.graph)
            fields = [f for f in record.fields if entry.property == f.name or f.path.value == full]
            if not fields:
                names = ", ".join(term_text(f.path, self.graph.prefixes) for f in record.fields)
                message = f"record {record.name} has no property {entry.property}"
                self._error(entry.where[""], message, f"its properties are: {names}")
                continue
            name = fields[0].name
            if name in found:
                self._error(
                    entry.where[""],
                    f"{entry.property} is mapped twice",
                    "remove one of the two",
                    Note("the first time is here", found[name].where[""]),
                )
            found[name] = entry
        return found

    def _field(
        self, item: Field, entry: MemberMap | None, record: Record, given: RecordMap
    ) -> Field:
        """Return the field with its member; its capacity is 0 where no value ever comes."""
        if entry is None:
            if item.capacity > 0:
                name = term_text(item.path, self.graph.prefixes)
                where = given.where.get("members", given.where[""])
                self._error(
                    where,
                    f"the map of {record.name} leaves out {name}",
                    f'name its member, or write "{name}" = {{ absent = true }}',
                )
            return item
        if entry.member is None:
            return replace(item, capacity=0)
        if item.capacity == 0:
            message = f"{entry.property} has no values: sh:maxCount is 0"
            self._error(entry.where[""], message, "write { absent = true }")
            return item
        member = entry.member
        if isinstance(item.type, Pointer) and member.held == binding.EXACT:
            member = replace(member, held=binding.POINTER)
        member = replace(member, codes=self._codes(item, entry))
        self._check(item, entry, member)
        return replace(item, type=_out_of_line(item.type), member=member)

    def _check(self, item: Field, entry: MemberMap, member: Member) -> None:
        """Report what cannot hold values of the field."""
        where, name = entry.where, entry.property
        key = next((k for k in ("as", "scale", "values") if k in where), "")
        problem = _misfit(item.type, member.held)
        if problem:
            self._error(where[key], f"{name}: {problem}")
        if item.single and member.count is not None:
            self._error(where["count"], f"{name} has at most one value", "remove count")
        if not item.single:
            self._check_array(item, entry, member)
        if isinstance(member.presence, Sentinel) and "absent" in where:
            problem = _no_sentinel(item.type, member.held, member.presence.constant)
            if problem:
                self._error(where["absent"], f"{name}: {problem}")

    def _check_array(self, item: Field, entry: MemberMap, member: Member) -> None:
        where, name = entry.where, entry.property
        limit = f"{name} has up to {item.capacity} values, and its member is an array"
        for key in ("present", "absent"):
            if key in where:
                self._error(where[key], limit, "its count says how many there are")
        if member.count is None:
            fix = "name the member that counts them, or give their number: count = 4"
            self._error(where[""], limit, fix)
        elif isinstance(member.count, int) and member.count > item.capacity:
            fix = f"raise sh:maxCount, or pass --capacity {item.name}={member.count}"
            limit = f"{name} has up to {item.capacity} values, and the map says {member.count}"
            self._error(where["count"], limit, fix if member.count <= MAX_CAPACITY else "")

    # Enumerations

    def _codes(self, item: Field, entry: MemberMap) -> tuple[str, ...]:
        """Return the constants of an enumeration's terms."""
        if not entry.values or not isinstance(item.type, Enum):
            return ()
        codes = [""] * len(item.type.terms)
        for name, constant in entry.values:
            found = [n for n, t in enumerate(item.type.terms) if name in self._spellings(t)]
            if len(found) != 1:
                terms = ", ".join(term_text(t, self.graph.prefixes) for t in item.type.terms)
                what = "no term" if not found else "several terms"
                message = f"{what} of sh:in for {entry.property} can be called {name}"
                self._error(entry.where[f"values {name}"], message, f"the terms are: {terms}")
                continue
            if codes[found[0]]:
                message = f"{name} has a second constant {constant}"
                self._error(entry.where[f"values {name}"], message, "remove one of the two")
            codes[found[0]] = constant
        return tuple(codes)

    def _spellings(self, term: m.Term) -> set[str]:
        names = {str(term), term_text(term, self.graph.prefixes)}
        if isinstance(term, m.Literal):
            return names | {term.lexical}
        if isinstance(term, m.IRI):
            return names | {term.value, local_name(term.value)}
        return names

    # References

    def refuse_empty_structs(self) -> None:
        """Report bound structs behind references, which may come without a struct.

        There an empty struct stands in, and nothing says what a struct of the user's is when it
        is empty.
        """
        for record in self.records.values():
            for item in record.fields:
                described = record_of(_innermost(item.type))
                if described not in self._maps or item.capacity == 0:
                    continue
                if isinstance(item.type, Pointer) or (
                    item.member and item.member.held in (binding.STRUCT, binding.POINTER)
                ):
                    continue
                name = term_text(item.path, self.graph.prefixes)
                self._error(
                    self._maps[described].where[""],
                    f"{described} is bound, and {name} of {record.name} may refer to a node that "
                    "no struct describes",
                    "give the property shape sh:nodeKind sh:BlankNode, or bind that member too, "
                    'as = "struct" or as = "pointer"',
                )

    def _error(self, where: Position, message: str, fix: str = "", *notes: Note) -> None:
        self.errors.append(Diagnostic(message, where, fix, notes=notes))


def _out_of_line(type_: ValueType) -> ValueType:
    """Return a type of text as it is without --inline-strings: the member says where it lies."""
    return Scalar(type_.datatype) if isinstance(type_, Scalar) else type_


def _innermost(type_: ValueType) -> ValueType:
    return _innermost(type_.items) if isinstance(type_, ListOf) else type_


def _misfit(type_: ValueType, held: str) -> str:
    """Return why a member cannot hold values of a type in this way; "" where it can."""
    text = isinstance(type_, Typed) or (isinstance(type_, Scalar) and type_.datatype in xsd.TEXTS)
    node = isinstance(type_, Pointer | Ref) and record_of(type_) is not None
    fits = {
        binding.EXACT: not isinstance(type_, ListOf),
        binding.SCALED: type_ == Scalar("decimal"),
        binding.UNIX: type_ in (Scalar("dateTime"), Scalar("dateTimeStamp")),
        binding.CHARS: text,
        binding.C_STRING: text,
        binding.CODES: isinstance(type_, Enum),
        binding.ID: isinstance(type_, Ref),
        binding.STRUCT: node,
        binding.POINTER: node,
    }
    if fits[held]:
        return ""
    return f"{_MISFITS[held]}, and the values are {_said(type_)}"


_MISFITS = {
    binding.EXACT: "an RDF list has no member of the user's own: write { absent = true }",
    binding.SCALED: "scale is for xsd:decimal",
    binding.UNIX: 'as = "unix" is for xsd:dateTime',
    binding.CHARS: 'as = "chars" is for text',
    binding.C_STRING: 'as = "string" is for text',
    binding.CODES: "values are for the terms of sh:in",
    binding.ID: 'as = "id" is for references to nodes',
    binding.STRUCT: 'as = "struct" is for nodes that shapes describe',
    binding.POINTER: 'as = "pointer" is for nodes that shapes describe',
}


def _said(type_: ValueType) -> str:
    match type_:
        case Scalar(datatype):
            return f"xsd:{datatype}"
        case Typed(datatype):
            return f"literals of {datatype}"
        case Enum():
            return "terms of sh:in"
        case Ref() | Pointer():
            return "nodes"
        case ListOf():
            return "RDF lists"
        case General() | Tagged():
            return "terms of several types: give the property one sh:datatype"
    return "text with a language"


def _no_sentinel(type_: ValueType, held: str, constant: str) -> str:
    """Return why no value of a type can be this constant; "" where one can."""
    pointers = (binding.C_STRING, binding.POINTER)
    real = isinstance(type_, Scalar) and type_.datatype in xsd.REALS
    whole = isinstance(type_, Scalar) and (
        type_.datatype in xsd.INTEGER_BOUNDS or type_.datatype == "boolean"
    )
    numbers = (binding.SCALED, binding.UNIX, binding.CODES, binding.ID)
    number = held in numbers or isinstance(type_, Enum)
    match constant:
        case "NULL":
            return "" if held in pointers else "only a pointer can be NULL"
        case "":
            fits = held in (binding.CHARS, binding.C_STRING)
            return "" if fits else 'only text as = "chars" or "string" can be empty'
        case "NaN":
            return "" if real else "only xsd:float and xsd:double can be NaN"
    return "" if real or whole or number else f"{constant} is no value of such a member"
