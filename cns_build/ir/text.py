# SPDX-License-Identifier: Apache-2.0
"""Programs as text: what `--dump-after=PASS` prints and golden tests compare.

Canonical: equal programs give equal text on every machine. Blank nodes have no labels here, since
those change with unrelated edits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from cns_build import model as m
from cns_build.ir.names import local_name
from cns_build.ir.program import (
    All,
    Any,
    Call,
    Check,
    CheckInfo,
    Compares,
    Cond,
    Conforms,
    Const,
    Counted,
    CountWhere,
    CountWithin,
    Each,
    EachLanguage,
    Entry,
    Enumerated,
    Every,
    ExactlyOne,
    FocusIs,
    Function,
    HasDatatype,
    HasLanguageIn,
    If,
    InOrder,
    Interval,
    IsA,
    KindIn,
    LanguagesUnique,
    LengthWithin,
    Matches,
    Not,
    OneOf,
    Op,
    Precedes,
    Procedure,
    Program,
    Same,
    Some,
    Test,
    Var,
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
)
from cns_build.ir.sparql import path_text, term_text
from cns_build.vocabulary import XSD

_WIDTH = 96
_INDENT = "  "


def to_text(program: Program, prefixes: Mapping[str, str]) -> str:
    """Return all sections of a program as lines."""
    writer = _Writer(prefixes)
    sections = [
        [f"program {program.name}"],
        *(list(writer.record(r)) for r in program.records),
        list(writer.terms(program)),
        *(list(writer.function(f)) for f in program.functions),
        *(list(writer.procedure(p)) for p in program.procedures),
        *(list(writer.test(t)) for t in program.tests),
        list(writer.checks(program.checks)),
        list(writer.entries(program.entries)),
    ]
    return _joined(sections)


def records_text(program: Program, prefixes: Mapping[str, str]) -> str:
    """Return the records alone."""
    writer = _Writer(prefixes)
    return _joined(list(writer.record(r)) for r in program.records)


def code_text(program: Program, prefixes: Mapping[str, str]) -> str:
    """Return the functions, procedures and tests alone."""
    writer = _Writer(prefixes)
    bodies = (
        *(list(writer.function(f)) for f in program.functions),
        *(list(writer.procedure(p)) for p in program.procedures),
    )
    return _joined([*bodies, *(list(writer.test(t)) for t in program.tests)])


def _joined(sections: Iterable[list[str]]) -> str:
    return "\n".join("".join(f"{line}\n" for line in lines) for lines in sections if lines)


@dataclass(frozen=True, slots=True)
class _Writer:
    prefixes: Mapping[str, str]

    # Tables

    def record(self, record: Record) -> Iterator[str]:
        words = [f"record {record.name}"]
        if record.iri:
            words.append(f"for {self.term(record.iri)}")
        if record.type:
            words.append(f"class {self.term(record.type)}")
        words += ["with class_id"] * record.has_class + ["with id"] * record.has_id
        if record.tags:
            words.append(f"tags {self._list(record.tags)}")
        if record.bound:
            words.append(f"in {record.bound.struct}")
        yield " ".join(words)
        for field in record.fields:
            size = "" if field.single else f"[{field.capacity}]"
            path = self.term(field.path)
            held = f" in {field.member.path}" if field.member else ""
            yield f"{_INDENT}{field.name}{size}: {self.type(field.type)} at {path}{held}"

    def terms(self, program: Program) -> Iterator[str]:
        if not program.terms:
            return
        yield "terms"
        for number, term in enumerate(program.terms, 1):
            kind = " class" if number <= program.class_count else ""
            yield f"{_INDENT}{number}{kind} {self.term(term)}"
        for queried in program.classes:
            members = " ".join(map(str, queried.members))
            instances = " ".join(map(str, queried.instances))
            known = f", instances {instances}" if instances else ""
            yield f"{_INDENT}{self.term(queried.iri)} has subclasses {members}{known}"

    def checks(self, checks: tuple[CheckInfo, ...]) -> Iterator[str]:
        if not checks:
            return
        yield "checks"
        for number, info in enumerate(checks):
            words = [f"{number} {info.component}", self._shape(info)]
            if info.path:
                words.append(f"at {path_text(info.path, self.prefixes)}")
            if info.value:
                words.append(f"value {self.type(info.value)}")
            message = info.message.replace("\n", "\\n")
            severity = local_name(info.severity.value)
            yield f"{_INDENT}{' '.join(words)}: {severity}: {message}"

    def _shape(self, info: CheckInfo) -> str:
        if info.owner is None or info.owner == info.shape:
            return f"of {self.term(info.shape)}"
        return f"in {self.term(info.owner)}"

    def entries(self, entries: tuple[Entry, ...]) -> Iterator[str]:
        if not entries:
            return
        yield "entries"
        for entry in entries:
            yield f"{_INDENT}{entry.kind} {entry.record}{', zero-tick' if entry.zero_tick else ''}"

    # Functions and tests

    def function(self, function: Function) -> Iterator[str]:
        shapes = self._list(function.shapes)
        yield f"function {function.record}({_var(function.focus)}) for {shapes}:"
        yield from self._body(function.body, 1)

    def procedure(self, procedure: Procedure) -> Iterator[str]:
        focus = f"{_var(procedure.focus)}: {self.type(procedure.focus.type)}"
        yield f"procedure {procedure.name}({focus}) for {self.term(procedure.shape)}:"
        yield from self._body(procedure.body, 1)

    def test(self, test: Test) -> Iterator[str]:
        type_ = self.type(test.focus.type)
        yield f"test {test.name}({_var(test.focus)}: {type_}) for {self.term(test.shape)}:"
        yield from self._cond_lines("", test.cond, 1)

    def _body(self, body: tuple[Op, ...], depth: int) -> Iterator[str]:
        indent = _INDENT * depth
        if not body:
            yield f"{indent}nothing"
        for op in body:
            match op:
                case Check(cond, check, focus, value, detail):
                    about = f"{_var(focus)}, {_var(value)}" if value else _var(focus)
                    yield from self._cond_lines(f"check {check} at {about} unless ", cond, depth)
                    if detail:
                        yield f"{indent}because:"
                        yield from self._body(detail, depth + 1)
                case Each(var, base, fields, inner, absent):
                    yield f"{indent}each {_var(var)} in {_path(base, fields)}:"
                    yield from self._body(inner, depth + 1)
                    if absent:
                        yield f"{indent}absent:"
                        yield from self._body(absent, depth + 1)
                case If(cond, inner):
                    yield from self._cond_lines("if ", cond, depth)
                    yield from self._body(inner, depth + 1)
                case EachLanguage(base, branches, inner):
                    yield f"{indent}each language twice in {_paths(base, branches)}:"
                    yield from self._body(inner, depth + 1)
                case Call(var, procedure):
                    yield f"{indent}call {procedure}({_var(var)})"

    def _cond_lines(self, before: str, cond: Cond, depth: int) -> Iterator[str]:
        """Write a condition on one line, or one line for each part where it is too long."""
        indent = _INDENT * depth
        line = f"{indent}{before}{self.cond(cond)}"
        parts = _parts(cond)
        if len(line) <= _WIDTH or parts is None:
            yield line
            return
        head, inner = parts
        yield f"{indent}{before}{head}("
        for part in inner:
            yield from self._cond_lines("", part, depth + 1)
        yield f"{indent})"

    def _counted(self, base: Var, part: Counted) -> str:
        return f"{_var(part.var)} in {_path(base, part.fields)} where {self.cond(part.cond)}"

    # Conditions

    def cond(self, cond: Cond) -> str:
        """Return a condition on one line."""
        if parts := _parts(cond):
            head, inner = parts
            return f"{head}({', '.join(self.cond(c) for c in inner)})"
        match cond:
            case Const(truth):
                return "true" if truth else "false"
            case KindIn(var, kinds):
                return f"kind {_var(var)} in {'|'.join(sorted(kinds))}"
            case HasDatatype(var, datatype):
                return f"has-datatype {_var(var)} {self.term(datatype)}"
            case Compares(var, op, bound):
                return f"{_var(var)} {op} {self.term(bound)}"
            case Interval():
                return _interval(cond)
            case InOrder(var, datatype, op, bound):
                return f"{_var(var)} {op} {self.term(bound)} as {datatype}"
            case LengthWithin(var, low, high):
                return f"length {_var(var)} within {_range(low, high)}"
            case Matches(var, pattern, flags):
                text = self.term(m.Literal(pattern, m.IRI(XSD + "string")))
                return f"{_var(var)} matches {text}{f' flags {flags}' if flags else ''}"
            case OneOf(var, (term,)):
                return f"{_var(var)} = {self.term(term)}"
            case OneOf(var, terms):
                return f"{_var(var)} in {{{self._list(terms)}}}"
            case Enumerated(var, members):
                return f"{_var(var)} in {{{', '.join(map(str, sorted(members)))}}}"
            case IsA(var, iri):
                return f"{_var(var)} is-a {self.term(iri)}"
            case Conforms(var, test):
                return f"{test}({_var(var)})"
            case CountWithin(base, fields, low, high):
                return f"count {_path(base, fields)} within {_range(low, high)}"
            case HasLanguageIn(var, ranges):
                return f"language {_var(var)} in {{{', '.join(ranges)}}}"
            case CountWhere(base, counted, low, high):
                parts_text = ", ".join(self._counted(base, part) for part in counted)
                return f"count ({parts_text}) within {_range(low, high)}"
            case LanguagesUnique(base, branches):
                return f"languages unique in {_paths(base, branches)}"
            case Same(var, other):
                return f"{_var(var)} = {_var(other)}"
            case Precedes(var, other, or_equal):
                return f"{_var(var)} {'<=' if or_equal else '<'} {_var(other)}"
            case FocusIs(var, node):
                return f"focus {_var(var)} = {self.term(node)}"
        raise AssertionError(cond)

    # Types and terms

    def type(self, type_: ValueType) -> str:
        """Return a value type in a few words."""
        match type_:
            case Scalar(datatype, inline):
                return datatype if inline is None else f"{datatype} in {inline} bytes"
            case Typed(datatype):
                return f"literal {self.term(datatype)}"
            case LangString():
                return "langString"
            case Enum(terms):
                return f"enum {{{self._list(terms)}}}"
            case Tagged(arms):
                return f"tagged {'|'.join(self.type(a) for a in arms)}"
            case Ref(record):
                return f"ref {record}" if record else "ref"
            case Pointer(record):
                return f"pointer {record}"
            case ListOf(items, capacity):
                return f"list[{capacity}] of {self.type(items)}"
            case General(record, invalid_kind):
                described = f"term or {record}" if record else "term"
                return f"{described}, invalid {invalid_kind}"
            case Self(record):
                return f"self {record}"
            case ClassOf(fixed):
                return f"class {self.term(fixed)}" if fixed else "class"
        raise AssertionError(type_)

    def term(self, term: m.Term) -> str:
        match term:
            case m.BlankNode():
                return "[]"
            case m.Literal(datatype=datatype, language="") if str(term).endswith(">"):
                return f"{str(term)[: -len(str(datatype))]}{term_text(datatype, self.prefixes)}"
        return term_text(term, self.prefixes)

    def _list(self, terms: Iterable[m.Term]) -> str:
        return ", ".join(self.term(t) for t in terms)


def _parts(cond: Cond) -> tuple[str, tuple[Cond, ...]] | None:
    """Return how a condition with conditions inside begins, and those; None for any other."""
    match cond:
        case Not(inner):
            return "not", (inner,)
        case All(conds):
            return "all", conds
        case Any(conds):
            return "any", conds
        case ExactlyOne(conds):
            return "exactly-one", conds
        case Every(var, base, field, inner):
            return f"every {_var(var)} in {_path(base, (field,))} ", (inner,)
        case Some(var, base, field, inner):
            return f"some {_var(var)} in {_path(base, (field,))} ", (inner,)
    return None


def _var(var: Var) -> str:
    """Return the name of a variable; one that only an empty body could use has none."""
    return f"${var.number}" if var.number >= 0 else "_"


def _path(base: Var, fields: tuple[Field, ...]) -> str:
    return ".".join([_var(base), *(f.name for f in fields)])


def _paths(base: Var, branches: tuple[tuple[Field, ...], ...]) -> str:
    return " | ".join(_path(base, fields) for fields in branches)


def _range(low: int, high: int | None) -> str:
    return f"{low}..{'' if high is None else high}"


def _interval(cond: Interval) -> str:
    left, right = "(" if cond.low_open else "[", ")" if cond.high_open else "]"
    bounds = f"{left}{_number(cond.low)}, {_number(cond.high)}{right}"
    return f"{_var(cond.var)} in {bounds} as {cond.datatype}"


def _number(number: Fraction | float | None) -> str:
    return "" if number is None else str(number)
