# SPDX-License-Identifier: Apache-2.0
"""Functions to the C source of a model: its handlers, and around them what they need."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cns_build import model as m
from cns_build.backend import bound
from cns_build.backend.cstring import c_paragraph
from cns_build.backend.ctext import fitted, negate, unwrap, wrap
from cns_build.backend.expr import Expressions
from cns_build.backend.lines import INDICES, Lines
from cns_build.backend.place import Place
from cns_build.backend.sound import Soundness
from cns_build.backend.tables import Tables, image_table
from cns_build.backend.types import Names
from cns_build.ir.messages import prefixed
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
    General,
    ListOf,
    Pointer,
    Record,
    Ref,
    Self,
    ValueType,
    record_of,
)
from cns_build.ir.sparql import path_text, term_text
from cns_build.options import Options
from cns_build.passes.fold import conjunction


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
    image: list[str]
    uses_float: bool


def source(
    program: Program, options: Options, prefixes: dict[str, str], image: Sequence[int] = ()
) -> Source:
    """Return the C text of a program's tables, of its handlers, and of its image."""
    writer = _Writer(program, options, prefixes)
    tests, handlers, procedures = writer.native() if options.runs_native else ([], [], [])
    readable = writer.soundness.adapters() if options.runs_images else None
    sound = [fitted(s) for s in writer.soundness.functions]
    rows = Tables(program, options, prefixes, writer.expressions.access, writer.reported)
    layout = rows.layout(readable)
    tables = rows.text()
    functions = [fitted(f) for f in writer.expressions.functions.render()]
    functions = [*writer.expressions.declarations("".join(functions)), *functions]
    text = "".join([*sound, *functions, *tests, *procedures, *handlers])
    return Source(
        assertions=list(bound.assertions(program, writer.names, prefixes)),
        constants=writer.expressions.constants.declarations(),
        patterns=writer.expressions.texts.patterns.render(options.strings != "none"),
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
        image=image_table(f"{writer.names.model}_image", image),
        uses_float="FLT_MAX" in text or "DBL_MAX" in text,
    )


@dataclass(slots=True)
class _Writer:
    program: Program
    options: Options
    prefixes: dict[str, str]
    names: Names = field(init=False)
    expressions: Expressions = field(init=False)
    soundness: Soundness = field(init=False)
    reported: dict[int, bound.Held] = field(init=False, default_factory=dict)
    _procedures: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.names = Names(self.program.name)
        self.expressions = Expressions(self.program, self.names)
        self._procedures = self.expressions.procedure_names()
        self.soundness = Soundness(
            self.program,
            self.expressions.access,
            self.expressions.functions.taken,
            self.options.trust_text,
            self.options.runs_images,
        )

    # Handlers

    def native(self) -> tuple[list[str], list[str], list[str]]:
        """Return the tests, the handlers and the procedures."""
        tests = [fitted(t) for t in self.expressions.tests()]
        handlers = [fitted(self.handler(f)) for f in self.program.functions]
        return tests, handlers, [fitted(p) for p in self.procedures()]

    def handler(self, function: Function) -> str:
        """Return the function that validates one record."""
        record = self.program.record(function.record)
        name = self.names.record(record.name)
        number = self.expressions.access.id_member(record, "record") if record.has_id else "0"
        place = Place("record", record.name, "record", number)
        shapes = [s for s in function.shapes if isinstance(s, m.IRI)]
        lines = Lines(owner=shapes[0] if len(shapes) == 1 else None)
        for line in self._what(record, shapes):
            lines.add(line)
        lines.add(f"cns_status\n{name}_validate(const {name} *record, cns_result *result)\n{{")
        lines.depth = 1
        lines.add(
            f"cns_result_begin(result, &{self.names.model}_model, "
            f"{self.names.record_macro(record.name)}_STEPS);"
        )
        # Without a body, nothing of the record is read: dispatch does not call the handler at all.
        needs_sound = function.body and self.soundness.needs_check(record.name)
        guard = f" || !{self.soundness.call(record.name, 'record')}" if needs_sound else ""
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
        lines = Lines(owner=shape, leave="return;")
        lines.names |= {"value", "id", "detail_of"}
        place = self.expressions.target_focus(procedure.focus.type)
        behind = place.record  # a reference: the record behind it, or the empty one
        if isinstance(procedure.focus.type, Ref | General) and behind != "NULL":
            place = replace(place, record="record")
        body = Lines(owner=shape, leave="return;", depth=1, names=lines.names)
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

    def _call(self, op: Call, place: Place, lines: Lines) -> None:
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

    def _body(self, body: tuple[Op, ...], places: dict[int, Place], lines: Lines) -> None:
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

    def _check(self, op: Check, places: dict[int, Place], lines: Lines, distinct: str) -> None:
        failed = self._negated(op, places)
        if failed == "!true":
            return  # a member of the user's own cannot hold what the check is for
        self._comment(op, lines)
        if op.cond == FALSE and not distinct:
            self._report(op, places, lines)
            return
        if distinct:
            failed = distinct if failed == "true" else f"{wrap(failed)} && {distinct}"
        names = lines.names
        lines.branch(failed)
        self._report(op, places, lines)
        lines.close()
        lines.names = names

    def _details(self, op: Check, places: dict[int, Place], lines: Lines) -> None:
        """Report what explains the violation that was reported last.

        The name of its variable stays taken in the block, which is the caller's.
        """
        parent = lines.parent
        lines.parent = lines.local("parent")
        lines.add(f"const uint16_t {lines.parent} = result->count;")
        self._body(op.detail, places, lines)
        lines.parent = parent

    def _comment(self, op: Check, lines: Lines) -> None:
        if self.options.strings != "none":
            lines.comment(self._purpose(self.program.checks[op.check], lines))

    def _negated(self, op: Check, places: dict[int, Place]) -> str:
        if op.cond == FALSE:
            return "true"
        return negate(self.expressions.cond(op.cond, places))

    def _purpose(self, info: CheckInfo, lines: Lines) -> str:
        """Return what a check is for; the first one of another shape says of which."""
        path = f"{path_text(info.path, self.prefixes)}: " if info.path else ""
        owner = ""
        if info.owner and info.owner != lines.owner:
            owner = f"{term_text(info.owner, self.prefixes)}: "
        lines.owner = info.owner
        return f"{owner}{path}{prefixed(info.component)}: {info.message}"

    def _report(self, op: Check, places: dict[int, Place], lines: Lines) -> None:
        if self.options.report == "conforms":
            failed = "cns_result_fail(result)"
            leave = lines.leave == "return;"
            lines.add(f"(void){failed};\nreturn;" if leave else f"return {failed};")
            return
        focus, focus_id = self._focus(op.focus, places[op.focus.number])
        value = "NULL" if op.value is None else self._value(op.value, places[op.value.number])
        held = None if op.value is None else places[op.value.number].held
        if held is not None:
            self.reported[op.check] = held
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

    def _each(self, op: Each, places: dict[int, Place], lines: Lines, distinct: str) -> None:
        """Run operations for each value; `distinct` is what has to hold before they report."""
        if _is_single(op):
            self._single(op, places, lines, distinct)
            return
        base, base_type = places[op.base.number], op.base.type
        index = INDICES[lines.loops]
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

    def _each_language(self, op: EachLanguage, places: dict[int, Place], lines: Lines) -> None:
        base = places[op.base.number]
        count = self.expressions.languages.count(op.base.type, base, op.branches)
        if self.options.report == "all":
            index = INDICES[lines.loops]
            lines.open(f"for (uint32_t {index} = {count}; {index} > 0; {index}--) {{")
        else:
            lines.open(f"if ({count} != 0) {{")
        lines.loops += 1
        self._body(op.body, places, lines)
        lines.loops -= 1
        lines.close()

    def _loop_body(
        self, body: tuple[Op, ...], places: dict[int, Place], lines: Lines, distinct: str
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

    def _single(self, op: Each, places: dict[int, Place], lines: Lines, distinct: str) -> None:
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

    def _pair(self, op: Each, places: dict[int, Place], lines: Lines, distinct: str) -> None:
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

    def _converted(self, place: Place, lines: Lines) -> tuple[Place, int]:
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

    def _local(self, op: Each, place: Place, type_: ValueType, lines: Lines) -> Place:
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

    # What functions refer to

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
    bases = [op.base.type, *(f.type for f in op.fields[:-1])]
    return all(f.single for f in op.fields) and not any(isinstance(b, ListOf) for b in bases)


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


def _initializer(literal: str) -> str:
    """Return the initializer of a compound literal; a scalar's without its braces."""
    inside = literal[literal.index("{") :]
    return inside if "," in inside else inside[2:-2]


def _mentions(text: str, name: str) -> bool:
    """Whether C code uses a variable, and not only a member, of this name."""
    return re.search(rf"(?<![.>\w]){name}\b", text) is not None
