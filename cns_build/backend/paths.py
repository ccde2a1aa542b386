# SPDX-License-Identifier: Apache-2.0
"""Paths in C: loops over the values of fields, their number, and which of them are equal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cns_build import xsd
from cns_build.backend.ctext import joined, negate
from cns_build.backend.literals import has_arm, text_of
from cns_build.backend.place import Access, Place
from cns_build.backend.types import scalar_type, tag
from cns_build.ir.program import CountWithin
from cns_build.ir.record import (
    ClassOf,
    Enum,
    Field,
    General,
    LangString,
    ListOf,
    Pointer,
    Ref,
    Scalar,
    Tagged,
    Typed,
    ValueType,
    record_of,
)


@dataclass(slots=True)
class Functions:
    """Static functions that expressions need, in the order of their first use.

    `taken` are the names that records have.
    """

    taken: frozenset[str]
    texts: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, render: Callable[[str], str]) -> str:
        """Return the name of a function with this text; an equal one is shared."""
        anonymous = render("@")
        for existing, text in self.texts.items():
            if text == anonymous:
                return existing
        unique, number = name, 2
        while unique in self.texts or unique in self.taken:
            unique, number = f"{name}_{number}", number + 1
        self.texts[unique] = anonymous
        return unique

    def render(self) -> list[str]:
        """Return the text of every function."""
        return [text.replace("@", name) for name, text in self.texts.items()]


@dataclass(slots=True)
class Loops:
    """The lines that open and close nested loops."""

    open: list[str] = field(default_factory=list)
    close: list[str] = field(default_factory=list)
    indent: str = ""

    def enter(self, line: str) -> None:
        """Add a line that opens a block inside the others."""
        self.open.append(self.indent + line)
        self.close.insert(0, self.indent + "}")
        self.indent += "    "


class Paths:
    """Renders what is asked of all values of a path."""

    def __init__(self, access: Access, functions: Functions) -> None:
        self.access = access
        self.names = access.names
        self.functions = functions

    def base_place(self, base: Place) -> Place:
        """Return the place of a path's start inside a function of its own."""
        return Place("(*base)", base.path, "base")

    def base_parameter(self, type_: ValueType) -> str:
        """Return the parameter that passes a path's start to a function."""
        if isinstance(type_, ListOf):
            return f"const {self.names.value_type(type_)} *base"
        name = record_of(type_)
        assert name is not None
        return f"const {self.names.record(name)} *base"

    def start(
        self, type_: ValueType, base: Place, branches: Sequence[tuple[Field, ...]]
    ) -> tuple[Place, str, str]:
        """Return place, parameter and argument of the start of several branches.

        The class of a reference is in the reference, not in the struct behind it.
        """
        if isinstance(type_, Ref) and any(isinstance(b[0].type, ClassOf) for b in branches):
            own = self.access.place(type_, "(*base)", base.path)
            return own, "const cns_ref *base", f"&{base.value}"
        return self.base_place(base), self.base_parameter(type_), base.record

    def count_within(self, cond: CountWithin, base: Place) -> str:
        """Return whether the number of distinct values of a path is within bounds."""
        if len(cond.fields) == 1:
            item = cond.fields[0]
            present = self.access.present(base, cond.base.type, item)
            if (cond.low, cond.high) == (1, None):
                return present
            if cond.high == 0:
                return "false" if present == "true" else negate(present)
        if all(f.single for f in cond.fields):
            return self._path_present(cond, base)
        count = self._count_call(cond, base)
        parts = [f"{count} >= {cond.low}u"] if cond.low else []
        if cond.high is not None:
            parts.append(f"{count} <= {cond.high}u")
        return joined(parts, " && ")

    def _path_present(self, cond: CountWithin, base: Place) -> str:
        """At most one value can be there: counting is asking whether every step is present."""
        parts, place, type_ = [], base, cond.base.type
        for item in cond.fields:
            parts.append(f"({self.access.present(place, type_, item)})")
            place, type_ = self.access.element(place, type_, item, ""), item.type
        present = " && ".join(parts)
        if cond.low > 1:
            return "false"
        return f"({present})" if cond.low == 1 else f"!({present})"

    def _count_call(self, cond: CountWithin, base: Place) -> str:
        first = self.first_function(cond.base.type, base, cond.fields)
        type_ = cond.base.type
        loops, place = self.loops(type_, self.base_place(base), cond.fields)
        body = [
            *loops.open,
            *(
                f"{loops.indent}{line}"
                for line in (
                    f"if ({first}(base, position, &{place.value})) {{",
                    "    count++;",
                    "}",
                    "position++;",
                )
            ),
            *loops.close,
        ]

        def text(function: str) -> str:
            return (
                f"static uint32_t\n{function}({self.base_parameter(type_)})\n{{\n"
                "    uint32_t count = 0;\n    uint32_t position = 0;\n\n"
                + "".join(f"    {line}\n" for line in body)
                + "    return count;\n}\n"
            )

        name = f"{self.names.model}_count_{place.path}"
        return f"{self.functions.add(name, text)}({base.record})"

    def first_function(self, type_: ValueType, base: Place, fields: tuple[Field, ...]) -> str:
        """Return a function that tells whether a value of a path has not come before."""
        loops, place = self.loops(type_, self.base_place(base), fields)
        last = fields[-1].type
        body = [
            *loops.open,
            f"{loops.indent}if (n++ == position) {{",
            f"{loops.indent}    return true;",
            f"{loops.indent}}}",
            f"{loops.indent}if ({self._same_on_path(fields, place.value)}) {{",
            f"{loops.indent}    return false;",
            f"{loops.indent}}}",
            *loops.close,
        ]
        c_type = self.names.value_type(last)
        pointer = f"{c_type}const *value" if c_type.endswith("*") else f"const {c_type} *value"

        def text(function: str) -> str:
            return (
                f"CNS_COLD static bool\n{function}({self.base_parameter(type_)}, "
                f"uint32_t position, {pointer})\n{{\n"
                "    uint32_t n = 0;\n\n"
                + "".join(f"    {line}\n" for line in body)
                + "    return true;\n}\n"
            )

        return self.functions.add(f"{self.names.model}_first_{place.path}", text)

    def loops(
        self, type_: ValueType, base: Place, fields: tuple[Field, ...], prefix: str = "i"
    ) -> tuple[Loops, Place]:
        """Return nested loops over the values of a path, and the place of the innermost."""
        loops, place = Loops(), base
        for depth, item in enumerate(fields):
            index = f"{prefix}{depth}" if len(fields) > 1 else prefix
            if item.single and not isinstance(type_, ListOf):
                loops.enter(f"if ({self.access.present(place, type_, item)}) {{")
            else:
                count = self.access.count(place, type_, item)
                loops.enter(f"for (uint32_t {index} = 0; {index} < {count}; {index}++) {{")
            place, type_ = self.access.element(place, type_, item, index), item.type
        return loops, place

    def _same_on_path(self, fields: tuple[Field, ...], value: str) -> str:
        """Return whether `value` is the term `*value`; a path may reach one place twice."""
        type_ = fields[-1].type
        same = self.same(type_, value, "(*value)")
        if len(fields) > 1 and isinstance(type_, Ref | General | ListOf):
            return f"&{value} == value || {same}"
        return same

    def same(self, type_: ValueType, a: str, b: str) -> str:
        """Return whether two values of a type are the same term."""
        match type_:
            case Scalar("float" | "double" as kind):
                return f"cns_{kind}_same({a}, {b})"
            case Scalar("boolean"):
                x, y = f"cns_bool_byte(&{a})", f"cns_bool_byte(&{b})"
                return f"({x} == {y} || ({x} > 1 && {y} > 1))"
            case Scalar(datatype) if datatype in xsd.TEXTS:
                return f"cns_str_equal({text_of(type_, a)}, {text_of(type_, b)})"
            case Scalar("decimal" | "duration" | "dateTime" as name):
                return f"{scalar_type(name)}_same({a}, {b})"
            case Scalar(datatype) if datatype in (*xsd.INSTANTS, *xsd.DURATIONS):
                return f"{scalar_type(datatype)}_same_as({a}, {b}, {tag(datatype)})"
            case Scalar() | Pointer() | ClassOf():
                return f"{a} == {b}"
            case Typed():
                return f"cns_str_equal({a}, {b})"
            case LangString():
                return f"cns_langstr_equal({a}, {b})"
            case Enum(terms):
                last = len(terms)
                invalid = " && ".join(f"({x} == 0 || {x} > {last}u)" for x in (a, b))
                return f"({a} == {b} || ({invalid}))"
            case Ref():
                return f"cns_ref_same({a}, {b})"
            case Tagged(arms):
                same = f"cns_term_same(&{a}, &{b})"
                return f"({same} || (!{has_arm(arms, a)} && !{has_arm(arms, b)}))"
            case General():
                return f"cns_term_same(&{a}, &{b})"
            case ListOf():
                return f"({a}.count == 0 && {b}.count == 0)"
        raise AssertionError(type_)
