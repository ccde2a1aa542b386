# SPDX-License-Identifier: Apache-2.0
"""Two values in C: whether they are the same term, and which of them comes first.

Values of one type are compared as they are. Those of different types are made `cns_term`s first,
by one function for each type.
"""

from __future__ import annotations

from cns_build import model as m
from cns_build import xsd
from cns_build.backend.constants import Constants, tagged_text
from cns_build.backend.ctext import broken
from cns_build.backend.literals import has_arm, text_of, valid
from cns_build.backend.paths import Functions, Paths
from cns_build.backend.place import Access, Place
from cns_build.backend.types import scalar_type, tag, term_member, type_word
from cns_build.ir.names import snake
from cns_build.ir.record import (
    INVALID,
    NIL,
    ClassOf,
    Enum,
    General,
    LangString,
    ListOf,
    Pointer,
    Ref,
    Scalar,
    Tagged,
    Typed,
    ValueType,
)

_NO_TERM = "{ CNS_NONE, { .natural = 0 } }"


class Comparisons:
    """Renders comparisons of two values that places hold."""

    def __init__(
        self,
        access: Access,
        functions: Functions,
        paths: Paths,
        constants: Constants,
    ) -> None:
        self.access = access
        self.names = access.names
        self.functions = functions
        self.paths = paths
        self.constants = constants

    # Term equality

    def same(self, one: ValueType, a: Place, two: ValueType, b: Place) -> str:
        """Return whether two values are the same term."""
        if a.value == b.value:  # a property compared with itself
            return "true"
        if one == two:
            same = self.paths.same(one, a.value, b.value)
            if isinstance(one, Ref | General | ListOf):  # also where both are in one place
                return f"({address(one, a)} == {address(one, b)} || {same})"
            return same
        match one, two:
            case Scalar(), Scalar():
                return f"cns_str_equal({text_of(one, a.value)}, {text_of(two, b.value)})"
            case Ref(), Ref():
                return f"cns_ref_same({a.value}, {b.value})"
            case (Ref(), Pointer()) | (Pointer(), Ref()):
                ref, node = (a, b) if isinstance(one, Ref) else (b, a)
                return f"({ref.value}.id == 0 && {ref.value}.record == {node.value})"
            case (Ref(), ClassOf()) | (ClassOf(), Ref()):
                ref, node = (a, b) if isinstance(one, Ref) else (b, a)
                return f"({node.value} != 0 && {ref.value}.id == {node.value})"
            case ListOf(), ListOf():
                return f"({a.value}.count == 0 && {b.value}.count == 0)"
            case General(invalid_kind=first), General(invalid_kind=second) if first == second:
                return f"cns_term_same(&{a.value}, &{b.value})"
        return self._by_terms("same", "cns_term_same({}, {})", one, a, two, b)

    def _by_terms(
        self, word: str, call: str, one: ValueType, a: Place, two: ValueType, b: Place
    ) -> str:
        """Return the call of a function that compares two values as terms."""
        first, before_first = self._as_term(one, "a", "x")
        second, before_second = self._as_term(two, "b", "y")

        def text(function: str) -> str:
            return (
                f"static bool\n{function}({self.parameter(one, 'a')}, "
                f"{self.parameter(two, 'b')})\n{{\n{before_first}{before_second}"
                f"    return {call.format(first, second)};\n}}\n"
            )

        name = f"{self.names.model}_{word}_{_name(one)}_{_name(two)}"
        return f"{self.functions.add(name, text)}({address(one, a)}, {address(two, b)})"

    def _as_term(self, type_: ValueType, value: str, local: str) -> tuple[str, str]:
        """Return a pointer to the term that a parameter is, and what is declared for it."""
        if isinstance(type_, General) and type_.invalid_kind == "Literal":
            return value, ""
        made = self._term_function(type_)
        return f"&{local}", f"    const cns_term {local} = {made}({value});\n"

    def _term_function(self, type_: ValueType) -> str:
        """Return the function from a value of a type to its term."""
        body = self._term_body(type_)

        def text(function: str) -> str:
            return (
                f"static cns_term\n{function}({self.parameter(type_, 'value')})\n{{\n"
                f"{body}    return term;\n}}\n"
            )

        return self.functions.add(f"{self.names.model}_term_of_{_name(type_)}", text)

    def _term_body(self, type_: ValueType) -> str:
        match type_:
            case Scalar("boolean"):
                return (
                    "    cns_term term = { CNS_BOOLEAN, { .natural = 0 } };\n"
                    "    /* Byte by byte: it may be another than 0 and 1. */\n"
                    "    *(unsigned char *)&term.as.boolean = "
                    "(unsigned char)cns_bool_byte(value);\n"
                )
            case Scalar(name):
                held = text_of(type_, "(*value)") if type_.inline is not None else "*value"
                text = f"{{ {tag(name)}, {{ .{term_member(name)} = {held} }} }}"
            case Typed(datatype):
                number = self.access.number(datatype)
                text = f"{{ CNS_TYPED, {{ .typed = {{ *value, {number} }} }} }}"
            case LangString():
                text = "{ CNS_LANG_STRING, { .langstr = *value } }"
            case Tagged(arms):
                none = self.constants.add("cns_term", _NO_TERM)
                return _chosen(has_arm(arms, "value->"), "*value", none)
            case General():
                other = self.constants.add("cns_term", self._node(self.access.number(INVALID)))
                invalid = "cns_term_kind_in(value, CNS_KIND_INVALID)"
                return _chosen(invalid, other, "*value")
            case Enum(terms):
                table = self._enumerated(terms)
                index = f"*value <= {len(terms)}u ? *value : 0"
                if len(terms) in (255, 65535):  # of the enumeration's type
                    index = "*value"
                return f"    const cns_term term = {table}[{index}];\n"
            case Ref():
                text = "{ CNS_NODE, { .node = *value } }"
            case Pointer():
                text = "{ CNS_NODE, { .node = { 0, 0, value } } }"
            case ClassOf():
                text = self._node("value")
            case ListOf():
                nil = self.access.number(NIL)
                text = self._node(f"value->count == 0 ? {nil} : 0")
            case _:
                raise AssertionError(type_)
        return f"    const cns_term term = {text};\n"

    def _node(self, number: str) -> str:
        return f"{{ CNS_NODE, {{ .node = {{ {number}, 0, NULL }} }} }}"

    def _enumerated(self, terms: tuple[m.Term, ...]) -> str:
        """Return the table of the terms of an enumeration; the first stands for all others."""
        invalid = _NO_TERM
        if not all(isinstance(t, m.Literal) for t in terms):
            invalid = self._node(self.access.number(INVALID))
        rows = [invalid]
        for term in terms:
            if isinstance(term, m.Literal):
                rows.append(self.constants.literal(term))
            else:
                rows.append(self._node(self.access.number(term)))
        return self.constants.add(f"cns_term {len(rows)}", _rows(rows))

    # Order

    def precedes(self, one: ValueType, a: Place, two: ValueType, b: Place, or_equal: bool) -> str:
        """Return whether the first value is below the second, or not above it."""
        order = "cns_is_at_most" if or_equal else "cns_is_less"
        if a.value == b.value and not or_equal:
            return "false"
        if a.value != b.value and isinstance(one, Scalar) and isinstance(two, Scalar):
            sign = "<=" if or_equal else "<"
            found = _precedes(one, a.value, two, b.value, sign, order)
            if found:
                return found
        return self._by_terms(order[7:], f"{order}(cns_term_compare({{}}, {{}}))", one, a, two, b)

    # Languages

    def language(self, type_: ValueType, value: str) -> str:
        """Return a pointer to the text with a language that a value is, or to none."""
        match type_:
            case LangString():
                return f"&{value}"
            case Enum(terms):
                rows = ["{ { NULL, 0 }, { NULL, 0 } }", *map(self._language_row, terms)]
                table = self.constants.add(f"cns_langstr {len(rows)}", _rows(rows))
                if len(terms) in (255, 65535):
                    return f"&{table}[{value}]"
                return f"&{table}[{value} <= {len(terms)}u ? {value} : 0]"
        return f"cns_term_langstr(&{value})"

    def _language_row(self, term: m.Term) -> str:
        if isinstance(term, m.Literal) and term.language:
            return tagged_text(term)
        return "{ { NULL, 0 }, { NULL, 0 } }"

    # Values as arguments

    def parameter(self, type_: ValueType, name: str) -> str:
        """Return the parameter that takes what `address` gives."""
        match type_:
            case Pointer(record):
                return f"const {self.names.record(record)} *{name}"
            case ClassOf():
                return f"uint32_t {name}"
        return f"const {self.names.value_type(type_)} *{name}"

    def place(self, type_: ValueType, name: str) -> Place:
        """Return the place of a parameter."""
        if isinstance(type_, Pointer | ClassOf):
            return self.access.place(type_, name, name)
        return self.access.place(type_, f"(*{name})", name)


def address(type_: ValueType, place: Place) -> str:
    """Return a pointer to a value; the value itself where it is one, or is computed."""
    if isinstance(type_, Pointer | ClassOf):
        return place.value
    if place.value.startswith("(*") and place.value[2:-1].isidentifier():
        return place.value[2:-1]
    return f"&{place.value}"


def _rows(rows: list[str]) -> str:
    """Return the initializer of an array, one element a line."""
    return "".join(["{\n", *(f"    {row},\n" for row in rows), "}"])


def _chosen(condition: str, one: str, other: str) -> str:
    condition = broken(condition, 70)
    return f"    const cns_term term = {condition}\n        ? {one}\n        : {other};\n"


def _name(type_: ValueType) -> str:
    return "class" if isinstance(type_, ClassOf) else snake(type_word(type_)).strip("_")


def _precedes(one: Scalar, a: str, two: Scalar, b: str, sign: str, order: str) -> str:
    """Return the comparison of two scalars, empty where it takes terms."""
    first, second = one.datatype, two.datatype
    if first in xsd.INTEGER_BOUNDS and second in xsd.INTEGER_BOUNDS:
        parts = [_in_range(first, a), _in_range(second, b), _integers(first, a, second, b, sign)]
        return _all(parts)
    if first in xsd.REALS or second in xsd.REALS:
        if "decimal" in (first, second):
            return ""
        kind = "double" if "double" in (first, second) else "float"
        left, right = _real(first, a, kind), _real(second, b, kind)
        return _all([_in_range(first, a), _in_range(second, b), f"{left} {sign} {right}"])
    if first == second == "boolean":
        x, y = f"cns_bool_byte(&{a})", f"cns_bool_byte(&{b})"
        return f"({x} {sign} {y} && {y} <= 1)"
    if first in xsd.TEXTS:
        return f"{order}(cns_str_compare({text_of(one, a)}, {text_of(two, b)}))"
    if scalar_type(first) != scalar_type(second):
        return ""
    compared = f"{order}({scalar_type(first)}_compare({a}, {b}))"
    return _all([valid(first, a), valid(second, b), compared])


def _all(parts: list[str]) -> str:
    needed = [p for p in parts if p != "true"]
    return f"({' && '.join(needed)})"


def _in_range(name: str, value: str) -> str:
    """Return whether an integer is one of its datatype, which may be narrower than its C type."""
    ranges = {
        "negativeInteger": f"{value} < 0",
        "nonPositiveInteger": f"{value} <= 0",
        "positiveInteger": f"{value} != 0",
    }
    return ranges.get(name, "true")


def _integers(first: str, a: str, second: str, b: str, sign: str) -> str:
    types = scalar_type(first), scalar_type(second)
    if types[0].startswith("u") == types[1].startswith("u"):
        return f"{a} {sign} {b}"
    if types[0] == "uint64_t":
        return f"{b} >= 0 && {a} {sign} (uint64_t){b}"
    if types[1] == "uint64_t":
        return f"({a} < 0 || (uint64_t){a} {sign} {b})"
    wide = [
        f"(int64_t){v}" if t.startswith("u") else v for t, v in zip(types, (a, b), strict=True)
    ]
    return f"{wide[0]} {sign} {wide[1]}"


def _real(name: str, value: str, kind: str) -> str:
    """Return a number as a float or double, to which SPARQL promotes both."""
    return value if name == kind else f"({kind}){value}"
