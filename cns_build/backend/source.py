# SPDX-License-Identifier: Apache-2.0
"""Functions and tables to the C source of a model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from cns_build import model as m
from cns_build import xsd
from cns_build.backend import bound
from cns_build.backend.cstring import c_paragraph, c_string
from cns_build.backend.ctext import broken, fitted, negate, unwrap, wrap
from cns_build.backend.expr import Expressions
from cns_build.backend.layout_table import LayoutTable
from cns_build.backend.literals import intervals, text_of
from cns_build.backend.paths import Functions
from cns_build.backend.place import Place
from cns_build.backend.types import Names, tag
from cns_build.ir import binding
from cns_build.ir.cycles import described, recursive_records
from cns_build.ir.program import (
    FALSE,
    Call,
    Check,
    CheckInfo,
    Each,
    EachLanguage,
    Function,
    If,
    Op,
    Precedes,
    Procedure,
    Program,
    Same,
    Var,
    walk,
)
from cns_build.ir.record import (
    ClassOf,
    Enum,
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
from cns_build.ir.recursion import MAX_DEPTH
from cns_build.ir.sparql import path_text, term_text
from cns_build.options import MAX_CAPACITY, Options
from cns_build.passes.fold import conjunction
from cns_build.vocabulary import SH

_SEVERITIES = {
    SH + "Info": "CNS_INFO",
    SH + "Warning": "CNS_WARNING",
    SH + "Violation": "CNS_VIOLATION",
}
# Names of loop variables, by depth; shapes are nested at most MAX_DEPTH levels deep.
_INDICES = ("i", "j", "k", *(f"i{n}" for n in range(3, MAX_DEPTH + 3)))


@dataclass(frozen=True, slots=True)
class Source:
    """The parts of a C file, in order; the template only joins them."""

    assertions: list[str]
    constants: list[str]
    patterns: list[str]
    class_ids: list[str]
    codes: list[str]
    empties: list[str]
    sound: list[str]
    functions: list[str]
    tests: list[str]
    procedures: list[str]
    handlers: list[str]
    tables: list[str]
    layout: list[str]
    uses_float: bool


def source(program: Program, options: Options, prefixes: dict[str, str]) -> Source:
    """Return the C text of a program's tables and handlers."""
    writer = _Writer(program, options, prefixes)
    tests = [fitted(t) for t in writer.expressions.tests()]
    handlers = [fitted(writer.handler(f)) for f in program.functions]
    procedures = [fitted(p) for p in writer.procedures()]
    sound = [fitted(s) for s in writer.sound_functions]
    layout = writer.layout_table()
    tables = writer.tables()
    functions = [fitted(f) for f in writer.expressions.functions.render()]
    functions = [*writer.expressions.declarations("".join(functions)), *functions]
    text = "".join([*sound, *functions, *tests, *procedures, *handlers])
    return Source(
        assertions=list(bound.assertions(program, writer.names, prefixes)),
        constants=writer.constants(),
        patterns=writer.expressions.patterns.render(options.strings != "none"),
        class_ids=writer.class_ids(text),
        codes=[t for n, t in bound.code_functions(program, writer.names) if f"{n}(" in text],
        empties=writer.empties(text),
        sound=sound,
        functions=functions,
        tests=tests,
        procedures=procedures,
        handlers=handlers,
        tables=tables,
        layout=layout,
        uses_float="FLT_MAX" in text or "DBL_MAX" in text,
    )


@dataclass(slots=True)
class _Writer:
    program: Program
    options: Options
    prefixes: dict[str, str]
    names: Names = field(init=False)
    expressions: Expressions = field(init=False)
    sound_functions: list[str] = field(init=False, default_factory=list)
    _sound: set[str] = field(init=False, default_factory=set)
    _circles: dict[str, int] = field(init=False)
    _procedures: dict[str, str] = field(init=False)
    _types: dict[str, int] = field(init=False, default_factory=dict)
    _checked: str = field(init=False, default="")
    _lists: dict[tuple[str, ...], str] = field(init=False, default_factory=dict)
    _reported: dict[int, bound.Held] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.names = Names(self.program.name)
        self.expressions = Expressions(self.program, self.names)
        self._circles = recursive_records(self.program.records)
        self._procedures = self.expressions.procedure_names()
        self._write_sound_functions()

    # Handlers

    def handler(self, function: Function) -> str:
        """Return the function that validates one record."""
        record = self.program.record(function.record)
        name = self.names.record(record.name)
        number = self.expressions.access.id_member(record, "record") if record.has_id else "0"
        place = Place("record", record.name, "record", number)
        shapes = [s for s in function.shapes if isinstance(s, m.IRI)]
        lines = _Lines(owner=shapes[0] if len(shapes) == 1 else None)
        for line in self._what(record, shapes):
            lines.add(line)
        lines.add(f"cns_status\n{name}_validate(const {name} *record, cns_result *result)\n{{")
        lines.depth = 1
        lines.add(
            f"cns_result_begin(result, &{self.names.model}_model, "
            f"{self.names.record_macro(record.name)}_STEPS);"
        )
        # Without a body, nothing of the record is read: dispatch does not call the handler at all.
        needs_sound = function.body and record.name in self._sound
        guard = f" || !{self._sound_call(record.name, 'record')}" if needs_sound else ""
        lines.add(f"if (record == NULL{guard}) {{")
        lines.add("    return cns_result_reject(result);\n}")
        self._body(function.body, {0: place}, lines)
        lines.add("return CNS_OK;")
        lines.depth = 0
        lines.add("}")
        return lines.text()

    def procedures(self) -> list[str]:
        """Return the functions that validate what recursive shapes lead to, declared in front."""
        known = self.program.procedures
        declarations = [f"static void {self._prototype(p)};\n" for p in known]
        return [*declarations, *(self._procedure(p) for p in known)]

    def _prototype(self, procedure: Procedure) -> str:
        parameters = self.expressions.target_parameter(procedure.focus.type)
        parent = ", uint16_t detail_of" if self.options.detail else ""
        return f"{self._procedures[procedure.name]}({parameters}, cns_result *result{parent})"

    def _procedure(self, procedure: Procedure) -> str:
        """Return the function that validates one value; it calls itself for what lies below."""
        shape = procedure.shape if isinstance(procedure.shape, m.IRI) else None
        lines = _Lines(owner=shape, leave="return;")
        lines.names |= {"value", "id", "detail_of"}
        place = self.expressions.target_focus(procedure.focus.type)
        behind = place.record  # a reference: the record behind it, or the empty one
        if isinstance(procedure.focus.type, Ref | General) and behind != "NULL":
            place = replace(place, record="record")
        body = _Lines(owner=shape, leave="return;", depth=1, names=lines.names)
        body.parent = "detail_of" if self.options.detail else ""
        self._body(procedure.body, {0: place}, body)
        if shape and self.options.strings != "none":
            lines.comment(f"{term_text(shape, self.prefixes)}, for each value that it leads to.")
        lines.add(f"static void\n{self._prototype(procedure)}\n{{")
        if isinstance(procedure.focus.type, Self) and not _mentions(body.text(), "id"):
            lines.add("    (void)id;")
        if place.record != behind and _mentions(body.text(), "record"):
            name = self.names.record(record_of(procedure.focus.type) or "")
            lines.add(f"    const {name} *record = {behind};\n")
        return f"{lines.text()}{body.text()}}}\n"

    def _call(self, op: Call, place: Place, lines: _Lines) -> None:
        target = self.expressions.target(op.var.type, place)
        parent = f", {lines.parent or '0'}" if self.options.detail else ""
        lines.add(f"{self._procedures[op.procedure]}({target}, result{parent});")
        if self.options.report != "all":
            lines.add(f"if (!result->conforms) {{\n    {lines.leave}\n}}")

    def _what(self, record: Record, shapes: list[m.IRI]) -> list[str]:
        """Return the comment that says what a handler validates, and against which shapes."""
        if self.options.strings == "none" or not shapes:
            return []
        what = term_text(record.iri, self.prefixes) if record.iri else record.name
        return c_paragraph(f"{what}: {', '.join(term_text(s, self.prefixes) for s in shapes)}")

    def _body(self, body: tuple[Op, ...], places: dict[int, Place], lines: _Lines) -> None:
        for op in body:
            match op:
                case Check():
                    self._check(op, places, lines, "")
                case Each():
                    self._each(op, places, lines, "")
                case EachLanguage():
                    self._each_language(op, places, lines)
                case If(cond=cond, body=inner):
                    lines.branch(self.expressions.cond(cond, places))
                    self._body(inner, places, lines)
                    lines.close()
                case Call(var):
                    self._call(op, places[var.number], lines)

    def _check(self, op: Check, places: dict[int, Place], lines: _Lines, distinct: str) -> None:
        failed = self._negated(op, places)
        if failed == "!true":
            return  # a member of the user's own cannot hold what the check is for
        self._comment(op, lines)
        if op.cond == FALSE and not distinct:
            self._report(op, places, lines)
            return
        if distinct:
            failed = distinct if failed == "true" else f"{wrap(failed)} && {distinct}"
        lines.branch(failed)
        self._report(op, places, lines)
        lines.close()

    def _details(self, op: Check, places: dict[int, Place], lines: _Lines) -> None:
        """Report what explains the violation that was reported last."""
        names, parent = lines.names, lines.parent
        lines.parent = lines.local("parent")
        lines.add(f"const uint16_t {lines.parent} = result->count;")
        self._body(op.detail, places, lines)
        lines.names, lines.parent = names, parent

    def _comment(self, op: Check, lines: _Lines) -> None:
        if self.options.strings != "none":
            lines.comment(self._purpose(self.program.checks[op.check], lines))

    def _negated(self, op: Check, places: dict[int, Place]) -> str:
        if op.cond == FALSE:
            return "true"
        return negate(self.expressions.cond(op.cond, places))

    def _purpose(self, info: CheckInfo, lines: _Lines) -> str:
        """Return what a check is for; the first one of another shape says of which."""
        path = f"{path_text(info.path, self.prefixes)}: " if info.path else ""
        owner = ""
        if info.owner and info.owner != lines.owner:
            owner = f"{term_text(info.owner, self.prefixes)}: "
        lines.owner = info.owner
        return f"{owner}{path}sh:{info.component}: {info.message}"

    def _report(self, op: Check, places: dict[int, Place], lines: _Lines) -> None:
        if self.options.report == "conforms":
            failed = "cns_result_fail(result)"
            leave = lines.leave == "return;"
            lines.add(f"(void){failed};\nreturn;" if leave else f"return {failed};")
            return
        focus, focus_id = self._focus(op.focus, places[op.focus.number])
        value = "NULL" if op.value is None else self._value(op.value, places[op.value.number])
        held = None if op.value is None else places[op.value.number].held
        if held is not None:
            self._reported[op.check] = held
        what = f"{op.check}, {focus}, {focus_id}, {value}"
        if lines.parent:
            lines.add(f"cns_report_detail(result, {lines.parent}, {what});")
        else:
            lines.add(f"cns_report(result, {what});")
        if op.detail:
            self._details(op, places, lines)
        if self.options.report == "first":
            lines.add(lines.leave)

    def _focus(self, focus: Var, place: Place) -> tuple[str, str]:
        match focus.type:
            case Self() | Pointer():
                return place.record, place.id
            case Ref() | General():
                held = record_of(focus.type) is not None
                here = place.address or f"&{place.value}"
                return (place.record if held else here), place.id
            case ClassOf():
                return place.address, place.value
            case Enum():
                number = self.expressions.enumerated_id(focus.type, place)
                return place.address or f"&{place.value}", number
        return place.address or f"&{place.value}", "0"

    def _value(self, var: Var, place: Place) -> str:
        match var.type:
            case Self():
                return "NULL"
            case Pointer():
                return place.value
        return place.address or f"&{place.value}"

    def _each(self, op: Each, places: dict[int, Place], lines: _Lines, distinct: str) -> None:
        """Run operations for each value; `distinct` is what has to hold before they report."""
        if _is_single(op):
            self._single(op, places, lines, distinct)
            return
        base, base_type = places[op.base.number], op.base.type
        index = _INDICES[lines.loops]
        loops, place = self.expressions.paths.loops(base_type, base, op.fields, prefix=index)
        position = index
        if len(op.fields) > 1:
            position, counter = f"{index}_at", lines.local(f"{index}_n")
            lines.add(f"uint32_t {counter} = 0;")
        for line in loops.open:
            lines.add(line)
        lines.depth += len(loops.open)
        lines.loops += 1
        if position != index:
            lines.add(f"const uint32_t {position} = {counter}++;")
        known = lines.names
        place, start = self._converted(place, lines)
        first = self.expressions.paths.first_function(base_type, base, op.fields)
        own = f"{first}({base.record}, {position}, &{place.value})"
        distinct = f"{own} && {distinct}" if distinct else own
        self._loop_body(op.body, {**places, op.var.number: place}, lines, distinct)
        lines.drop_unused(start)
        lines.names = known
        lines.loops -= 1
        lines.depth -= len(loops.open)
        for line in loops.close:
            lines.add(line)

    def _each_language(self, op: EachLanguage, places: dict[int, Place], lines: _Lines) -> None:
        base = places[op.base.number]
        count = self.expressions.languages(op.base.type, base, op.branches)
        if self.options.report == "all":
            index = _INDICES[lines.loops]
            lines.open(f"for (uint32_t {index} = {count}; {index} > 0; {index}--) {{")
        else:
            lines.open(f"if ({count} != 0) {{")
        lines.loops += 1
        self._body(op.body, places, lines)
        lines.loops -= 1
        lines.close()

    def _loop_body(
        self, body: tuple[Op, ...], places: dict[int, Place], lines: _Lines, distinct: str
    ) -> None:
        """Equal values count once: reports, and what is nested, ask whether this is the first."""
        checks = [op for op in body if isinstance(op, Check)]
        if len(checks) == len(body) > 1:
            held = conjunction(op.cond for op in checks)
            failed = negate(self.expressions.cond(held, places))
            lines.open(f"if ({distinct if held == FALSE else f'{failed} && {distinct}'}) {{")
            self._body(body, places, lines)
            lines.close()
            return
        for op in body:
            if isinstance(op, Check):
                self._check(op, places, lines, distinct)
                continue
            if isinstance(op, Each) and _is_pair(op):
                self._each(op, places, lines, distinct)
                continue
            lines.open(f"if ({distinct}) {{")
            self._body((op,), places, lines)
            lines.close()

    def _single(self, op: Each, places: dict[int, Place], lines: _Lines, distinct: str) -> None:
        if _is_pair(op):
            self._pair(op, places, lines, distinct)
            return
        place, type_ = places[op.base.number], op.base.type
        opened = 0
        known = lines.names
        for item in op.fields:
            present = self.expressions.access.present(place, type_, item)
            place, type_ = self.expressions.access.element(place, type_, item, ""), item.type
            if present != "true":
                lines.branch(negate(present) if op.absent and not op.body else present)
                opened += 1
        if op.body:
            place, start = self._converted(place, lines)
            place = self._local(op, place, type_, lines)
            self._body(op.body, {**places, op.var.number: place}, lines)
            lines.drop_unused(start)
            if opened or not place.held:
                lines.names = known
            if op.absent and opened:
                lines.depth -= 1
                lines.add("} else {")
                lines.depth += 1
        if opened:
            self._body(op.absent, places, lines)
        for _ in range(opened):
            lines.close()

    def _pair(self, op: Each, places: dict[int, Place], lines: _Lines, distinct: str) -> None:
        """Compare two single values in one `if`, which asks first whether they are there."""
        conds: list[str] = []
        inner: Op = op
        while isinstance(inner, Each) and _is_single(inner):
            place, type_ = places[inner.base.number], inner.base.type
            for item in inner.fields:
                conds.append(self.expressions.access.present(place, type_, item))
                place = self.expressions.access.element(place, type_, item, "")
                type_ = item.type
            places = {**places, inner.var.number: place}
            inner = inner.body[0]
        present = [wrap(c) for c in conds if c != "true"]
        if isinstance(inner, Each):
            lines.branch(" && ".join(present) or "true")
            self._each(inner, places, lines, distinct)
            lines.close()
            return
        assert isinstance(inner, Check)
        failed = self._negated(inner, places)
        parts = [
            *present,
            *([wrap(failed)] if failed != "true" else []),
            *([distinct] * bool(distinct)),
        ]
        self._comment(inner, lines)
        lines.branch(" && ".join(parts) or "true")
        self._report(inner, places, lines)
        lines.close()

    def _converted(self, place: Place, lines: _Lines) -> tuple[Place, int]:
        """Convert a member of the user's own once, into a local variable; return its line."""
        if place.held is None or not place.held.converted:
            return place, -1
        item = place.held.item
        name = lines.local(item.name)
        start = len(lines.lines)
        lines.add(
            f"const {self.names.value_type(item.type)} {name} = {_initializer(place.value)};"
        )
        return replace(place, value=name), start

    def _local(self, op: Each, place: Place, type_: ValueType, lines: _Lines) -> Place:
        """Give the struct of a nested record a name of its own, where operations use it."""
        record = record_of(type_)
        starts = [o.fields for o in walk(op.body) if isinstance(o, Each) and o.base == op.var]
        if record is None or all(isinstance(fields[0].type, ClassOf) for fields in starts):
            return place
        name = lines.local(op.fields[-1].name)
        behind = unwrap(place.record) if place.held else place.record
        lines.add(f"const {self.names.record(record)} *{name} = {behind};")
        value = name if isinstance(type_, Pointer) else place.value
        return replace(place, value=value, record=name)

    # Soundness: counts and pointers

    def _write_sound_functions(self) -> None:
        """Write, for each record that has counts or pointers, the function that checks them.

        Those that others call come first: of nested records, then of lists of them. Functions
        of records that can contain themselves take the depth that is left, and are declared
        in front.
        """
        lists = Functions(self.expressions.functions.taken)
        records = _inner_first(self.program)
        for record in records:
            if record.name in self._circles:
                self._sound.add(record.name)
                self.sound_functions.append(f"static bool {self._sound_prototype(record)};\n")
        for record in records:
            known = len(lists.texts)
            self._checked = record.name
            lines = self._sound_lines(record, lists)
            self.sound_functions += lists.render()[known:]
            if lines:
                self._sound.add(record.name)
                self.sound_functions.append(self._sound_function(record, lines))
        self._checked = ""

    def _sound_function(self, record: Record, body: list[str]) -> str:
        lines = _Lines()
        lines.add(f"static bool\n{self._sound_prototype(record)}\n{{")
        lines.depth = 1
        if record.name in self._circles:
            lines.add("if (depth == 0) {\n    return false;\n}")
        for line in body:
            lines.add(line)
        lines.add("return true;")
        lines.depth = 0
        lines.add("}")
        return lines.text()

    def _sound_prototype(self, record: Record) -> str:
        name = self.names.record(record.name)
        depth = ", uint32_t depth" if record.name in self._circles else ""
        return f"{name}_sound(const {name} *record{depth})"

    def _sound_call(self, record: str, pointer: str) -> str:
        """Return whether a record is sound: one below another of its circle is a level deeper."""
        depth = ""
        if record in self._circles:
            inside = self._circles.get(self._checked) == self._circles[record]
            depth = ", depth - 1" if inside else f", {self.program.depth}u"
        return f"{self.names.record(record)}_sound({pointer}{depth})"

    def _sound_lines(self, record: Record, lists: Functions) -> list[str]:
        out: list[str] = []
        if record.tags:
            ids = [self.program.terms.index(t) + 1 for t in (record.type, *record.tags) if t]
            name = self.expressions.access.name
            held = self.expressions.access.class_member(record, "record")
            allowed = intervals(sorted(ids), held, name)
            out += [f"if ({held} != 0 && !({allowed})) {{", "    return false;", "}"]
        place = Place("record", record.name, "record")
        for item in record.fields:
            if item.capacity == 0:
                continue
            if item.member is not None:
                out += self._bound_sound_lines(record, item, place, lists)
                continue
            if not item.single and item.capacity < MAX_CAPACITY:
                limit = self.names.capacity(record.name, item)
                out += [f"if (record->{item.name}_count > {limit}) {{", "    return false;", "}"]
            value = self.expressions.access.element(place, Self(record.name), item, "i").value
            bad = self._unsound(item.type, value, lists)
            if not bad:
                continue
            if item.single:
                present = self.expressions.access.present(place, Self(record.name), item)
                out += [f"if (({present}) && {bad}) {{", "    return false;", "}"]
            else:
                out += [
                    f"for (uint32_t i = 0; i < record->{item.name}_count; i++) {{",
                    f"    if ({unwrap(bad)}) {{",
                    "        return false;",
                    "    }",
                    "}",
                ]
        return out

    def _bound_sound_lines(
        self, record: Record, item: Field, place: Place, lists: Functions
    ) -> list[str]:
        """Return the lines that check a member of the user's own: its count, its pointers."""
        member, access = item.member, self.expressions.access
        assert member is not None
        out: list[str] = []
        if isinstance(member.count, str):
            count = bound.lvalue("record", member.count)
            limit = self.names.capacity(record.name, item)
            out += [
                f"if ((uint64_t){{ (uint64_t){count} }} > {limit}) {{",
                "    return false;",
                "}",
            ]
        element = access.element(place, Self(record.name), item, "i")
        if member.held in (binding.STRUCT, binding.POINTER):
            bad = self._unsound_struct(item, element)
        elif member.held == binding.ID:
            bad = "" if member.presence == binding.Sentinel("0") else f"{element.id} == 0"
        else:
            bad = self._unsound(item.type, element.value, lists)
        if not bad:
            return out
        if not item.single:
            count = access.count(place, Self(record.name), item)
            loop = f"for (uint32_t i = 0; i < {count}; i++) {{"
            lines = [f"if ({unwrap(bad)}) {{", "    return false;", "}"]
            return [*out, loop, *(f"    {line}" for line in lines), "}"]
        present = access.present(place, Self(record.name), item)
        condition = unwrap(bad) if present == "true" else f"{wrap(present)} && {bad}"
        return [*out, f"if ({condition}) {{", "    return false;", "}"]

    def _unsound_struct(self, item: Field, place: Place) -> str:
        """Return the condition that a nested struct of the user's own, or its pointer, is bad."""
        record = record_of(item.type) or ""
        assert item.member is not None
        parts = [f"{place.record} == NULL"] if item.member.held == binding.POINTER else []
        if record in self._sound:
            parts.append(f"!{self._sound_call(record, unwrap(place.record))}")
        return f"({' || '.join(parts)})" if len(parts) > 1 else "".join(parts)

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
                if record not in self._sound:
                    return f"{value} == NULL"
                return f"({value} == NULL || !{self._sound_call(record, value)})"
            case ListOf(items, capacity):
                return self._unsound_list(type_, items, capacity, value, lists)
        return ""

    def _unsound_text(self, type_: ValueType, value: str) -> str:
        """Return the condition that text cannot be read or is not well-formed."""
        trusted = self.options.trust_text
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
        if not self.options.trust_text:
            parts.append(f"!cns_text_valid({text_of(type_, value)})")
        return f"({' || '.join(parts)})" if len(parts) > 1 else "".join(parts)

    def _unsound_record(self, record: str | None, pointer: str) -> str:
        if record is None or record not in self._sound:
            return ""
        call = self._sound_call(record, f"(const {self.names.record(record)} *){pointer}")
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
        c_type = self.names.value_type(type_)
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

    # Tables

    def tables(self) -> list[str]:
        """Return the tables that results are explained by, and the model itself."""
        reports = self.options.report != "conforms"  # a verdict refers to nothing
        full = self.options.strings == "full"
        infos = self.program.checks if reports else ()
        checks = [self._check_row(number, info) for number, info in enumerate(infos)]
        types = [self._type_table()] if reports else []
        out = [*self._number_tables(), *types]
        if checks:
            out.append(_table(f"static const cns_check {self.names.model}_checks[]", checks))
        if full and checks:
            rows = [self._text_row(info) for info in self.program.checks]
            out.append(_table(f"static const cns_check_text {self.names.model}_texts[]", rows))
        if self.options.names_terms and self.program.terms:
            rows = [c_string(str(t)) for t in self.program.terms]
            out.append(_table(f"static const char *const {self.names.model}_terms[]", rows))
        return [t for t in out if t]

    def layout_table(self) -> list[str]:
        """Return the table of where members lie, where the build asks for it."""
        if not self.options.layout:
            return []
        return LayoutTable(self.program, self._type_row, self._number_list).text()

    def _check_row(self, number: int, info: CheckInfo) -> str:
        component = "".join(f"_{c}" if c.isupper() else c.upper() for c in info.component)
        component = "SHAPE_NODE" if component == "NODE" else component
        severity = _SEVERITIES.get(info.severity.value, "CNS_OTHER_SEVERITY")
        return f"{{ CNS_COMPONENT_{component}, {severity}, {self._check_type(number, info)} }}"

    def _check_type(self, number: int, info: CheckInfo) -> int:
        """Return the number of the row that says how the value of a check is read."""
        if number not in self._reported:
            return self._type(info.value)
        held = self._reported[number]
        row = bound.row(self.names, held, self._term_list, self._code_list)
        if not row:
            return self._type(info.value)
        return self._types.setdefault(row, len(self._types))

    def _text_row(self, info: CheckInfo) -> str:
        shape = term_text(info.owner, self.prefixes) if info.owner else ""
        path = path_text(info.path, self.prefixes) if info.path else ""
        return f"{{ {c_string(shape)}, {c_string(path)}, {c_string(info.message)} }}"

    def _type(self, type_: ValueType | None) -> int:
        row = self._type_row(type_)
        return self._types.setdefault(row, len(self._types))

    def _type_row(self, type_: ValueType | None) -> str:
        match type_:
            case None:
                return "{ CNS_FORM_ABSENT, CNS_NONE, 0, 0, NULL }"
            case Self():
                return "{ CNS_FORM_FOCUS, CNS_NONE, 0, 0, NULL }"
            case Scalar(datatype, inline):
                form = "SCALAR" if inline is None else "INLINE"
                return f"{{ CNS_FORM_{form}, {tag(datatype)}, 0, 0, NULL }}"
            case Typed(datatype):
                return f"{{ CNS_FORM_TYPED, CNS_TYPED, 0, 1, {self._term_list((datatype,))} }}"
            case LangString():
                return "{ CNS_FORM_LANG, CNS_LANG_STRING, 0, 0, NULL }"
            case Enum(terms):
                size = 1 if len(terms) <= 255 else 2
                listed = self._term_list(terms)
                return f"{{ CNS_FORM_ENUM, CNS_NONE, {size}, {len(terms)}, {listed} }}"
            case Tagged() | General():
                return "{ CNS_FORM_TERM, CNS_NONE, 0, 0, NULL }"
            case Ref():
                return "{ CNS_FORM_REF, CNS_NODE, 0, 0, NULL }"
            case Pointer():
                return "{ CNS_FORM_RECORD, CNS_NODE, 0, 0, NULL }"
            case ListOf():
                return "{ CNS_FORM_LIST, CNS_NODE, 0, 0, NULL }"
            case ClassOf():
                return "{ CNS_FORM_ID, CNS_NODE, 0, 0, NULL }"
        raise AssertionError(type_)

    def _term_list(self, terms: tuple[m.Term, ...]) -> str:
        return self._number_list(tuple(f"{self.expressions.access.ids[t]}u" for t in terms))

    def _number_list(self, numbers: tuple[str, ...]) -> str:
        default = f"{self.names.model}_terms_{len(self._lists)}"
        return self._lists.setdefault(numbers, default)

    def _code_list(self, item: Field) -> str:
        return self._number_list(tuple(bound.code_rows(self.expressions.access.ids, item)))

    def _type_table(self) -> str:
        self._type(None)
        return _table(f"static const cns_type {self.names.model}_types[]", list(self._types))

    def _number_tables(self) -> Iterator[str]:
        for numbers, name in self._lists.items():
            yield _table(f"static const uint16_t {name}[]", list(numbers))

    # Constants

    def constants(self) -> list[str]:
        """Return the constants that expressions compare with."""
        out = []
        for key, name in self.expressions.constants.items():
            c_type, text = key.split(" = ", 1)
            base, _, size = c_type.partition(" ")
            out.append(f"static const {base} {name}{f'[{size}]' if size else ''} = {text};")
        return out

    def class_ids(self, text: str) -> list[str]:
        """Return the class ids that reports point to."""
        return [
            f"static const uint32_t {name} = {number}u;"
            for number, name in self.expressions.access.class_ids.items()
            if re.search(rf"\b{name}\b", text)
        ]

    def empties(self, text: str) -> list[str]:
        """Return, for records behind references, what stands in where there is no record."""
        out = []
        for record in self.expressions.access.used_empty:
            name = self.names.record(record)
            used = [render for render in (_of_ref, _of_term) if f"{render(name)[0]}(" in text]
            if used:
                out.append(f"static const {name} {name}_empty;\n")
            out += [render(name)[1] for render in used]
        return out


def _is_single(op: Each) -> bool:
    """Whether an operation runs for one value at most."""
    return all(f.single for f in op.fields) and not isinstance(op.base.type, ListOf)


def _is_pair(op: Each) -> bool:
    """Whether an operation only compares one value with another, or with those of a field."""
    match op:
        case Each(body=(Check(cond=Precedes() | Same()),), absent=()):
            return True
        case Each(body=(Each(body=(Check(),)) as inner,), absent=()):
            return not inner.absent and inner.base != op.var
    return False


def _of_ref(name: str) -> tuple[str, str]:
    """Return name and text of the function from a reference to the record behind it."""
    return f"{name}_of", (
        f"static const {name} *\n{name}_of(cns_ref ref)\n{{\n"
        f"    return ref.record != NULL ? (const {name} *)ref.record : &{name}_empty;\n}}\n"
    )


def _of_term(name: str) -> tuple[str, str]:
    """Return name and text of the function from a term to the record behind it."""
    return f"{name}_of_term", (
        f"static const {name} *\n{name}_of_term(const cns_term *term)\n{{\n"
        f"    if (term->tag != CNS_NODE || term->as.node.record == NULL) {{\n"
        f"        return &{name}_empty;\n    }}\n"
        f"    return (const {name} *)term->as.node.record;\n}}\n"
    )


@dataclass(slots=True)
class _Lines:
    """Lines of C, indented by depth, inside so many loops; `owner` is the shape of the last.

    `leave` ends the function; `parent` is the violation that the next ones explain, if any.
    """

    lines: list[str] = field(default_factory=list)
    depth: int = 0
    loops: int = 0
    owner: m.IRI | None = None
    names: frozenset[str] = frozenset({"record", "result", *_INDICES})
    leave: str = "return CNS_OK;"
    parent: str = ""

    def local(self, name: str) -> str:
        """Return a name for a local variable that no outer block uses."""
        number = 1
        unique = name
        while unique in self.names:
            number += 1
            unique = f"{name}_{number}"
        self.names |= {unique}
        return unique

    def add(self, text: str) -> None:
        self.lines += [f"{'    ' * self.depth}{line}" for line in text.split("\n")]

    def drop_unused(self, start: int) -> None:
        """Remove the variable that is declared at a line, if no line after it uses it."""
        if start < 0:
            return
        name = self.lines[start].partition(" =")[0].split()[-1]
        later = (re.sub(r"(->|\.)\w+", "", line) for line in self.lines[start + 1 :])
        code = (line for line in later if not line.lstrip().startswith(("/*", "*")))
        if not any(re.search(rf"\b{name}\b", line) for line in code):
            del self.lines[start]

    def comment(self, text: str) -> None:
        self.lines += c_paragraph(text, "    " * self.depth)

    def open(self, text: str) -> None:
        self.add(text)
        self.depth += 1

    def branch(self, condition: str) -> None:
        """Open an `if`, its condition broken at operators where the line would be long."""
        width = 92 - 4 * self.depth
        self.open(f"if ({broken(unwrap(condition), width, '    ')}) {{")

    def close(self) -> None:
        self.depth -= 1
        self.add("}")

    def text(self) -> str:
        return "".join(f"{line}\n" for line in self.lines)


def _initializer(literal: str) -> str:
    """Return the initializer of a compound literal; a scalar's without its braces."""
    inside = literal[literal.index("{") :]
    return inside if "," in inside else inside[2:-2]


def _mentions(text: str, name: str) -> bool:
    """Whether C code uses a variable, and not only a member, of this name."""
    return re.search(rf"(?<![.>\w]){name}\b", text) is not None


def _table(declaration: str, rows: list[str]) -> str:
    if not rows:
        return ""
    return f"{declaration} = {{\n" + "".join(f"    {row},\n" for row in rows) + "};\n"


def _inner_first(program: Program) -> list[Record]:
    """Return the records that handlers read, those that others contain first."""
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
        if function.body:
            visit(program.record(function.record))
    return list(ordered.values())
