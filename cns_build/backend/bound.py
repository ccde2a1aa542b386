# SPDX-License-Identifier: Apache-2.0
"""Structs of the user's own in C: where values lie, and what the C compiler is asked about them.

A member is read in place, as a value of the C type that the record would have. Where it has
another type, its place is a compound literal, whose address expressions may take too; what is
reported is the member itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from cns_build import model as m
from cns_build import xsd
from cns_build.backend.cstring import c_integer, c_string
from cns_build.backend.ctext import enclosed
from cns_build.backend.types import Names, scalar_type, tag
from cns_build.ir import binding
from cns_build.ir.binding import Always, Flag, Member, Sentinel
from cns_build.ir.program import Program
from cns_build.ir.record import (
    Enum,
    Field,
    Record,
    Ref,
    Scalar,
    Typed,
    ValueType,
    record_of,
)
from cns_build.ir.sparql import term_text


@dataclass(frozen=True, slots=True)
class Held:
    """A field of a record that a member holds; `value` is the member in C, as it is."""

    record: str
    item: Field
    value: str

    @property
    def scale(self) -> int | None:
        """The decimal digits of an integer that is a decimal; None for everything else."""
        member = self.item.member
        return member.scale if member and member.held == binding.SCALED else None

    @property
    def converted(self) -> bool:
        """Whether reading the value takes more than the member."""
        member, type_ = self.item.member, self.item.type
        if member is None or member.held in (binding.STRUCT, binding.POINTER):
            return False
        exact = member.held == binding.EXACT
        return not exact or (isinstance(type_, Scalar) and _converts(type_.datatype))


def lvalue(pointer: str, member: str) -> str:
    """Return a member of the struct behind a pointer."""
    if pointer.startswith("(&") and enclosed(pointer):
        return f"{pointer[2:-1]}.{member}"
    return f"{pointer}->{member}"


def present(pointer: str, item: Field, member: Member) -> str:
    """Return the condition that the struct holds a value of a field."""
    if not item.single:
        return "true" if isinstance(member.count, int) else f"{count(pointer, member)} != 0"
    held = lvalue(pointer, member.path)
    match member.presence:
        case Always():
            return "true"
        case Flag(flag, ""):
            return f"{lvalue(pointer, flag)} != 0"
        case Flag(flag, mask):
            return f"((uint32_t){lvalue(pointer, flag)} & (uint32_t){mask}) != 0"
        case Sentinel("NaN"):
            return f"{held} == {held}"
        case Sentinel("NULL"):
            return f"{held} != NULL"
        case Sentinel(""):
            first = f"{held}[0] != '\\0'"
            return f"({held} != NULL && {first})" if member.held == binding.C_STRING else first
        case Sentinel(constant) if isinstance(item.type, Scalar) and _is_real(item.type):
            return f"{held} != {constant}"
        case Sentinel(constant):
            return f"(int64_t){held} != (int64_t){constant}"
    raise AssertionError(member)


def count(pointer: str, member: Member) -> str:
    """Return the number of elements of an array."""
    if isinstance(member.count, int):
        return f"{member.count}u"
    assert member.count is not None
    return f"(uint32_t){lvalue(pointer, member.count)}"


def value(record: str, item: Field, held: str, names: Names) -> str:
    """Return the value of a member `held`, as an lvalue of the C type that the record has."""
    member = item.member
    assert member is not None
    match member.held, item.type:
        case binding.EXACT, Scalar("boolean"):
            return f"(*(const bool *)&{held})"
        case binding.EXACT, Scalar(datatype) if _converts(datatype):
            return f"({scalar_type(datatype)}){{ {held} }}"
        case binding.SCALED, _:
            return f"(cns_decimal){{ {held}, {member.scale} }}"
        case binding.UNIX, _:
            return f"(cns_datetime){{ {held}, 0, 0 }}"
        case binding.CHARS, _:
            chars = f"(const char *){held}"
            return f"(cns_str){{ {chars}, cns_chars_length({chars}, sizeof {held}) }}"
        case binding.C_STRING, _:
            return f"(cns_str){{ {held}, cns_chars_length({held}, UINT32_MAX) }}"
        case binding.CODES, _:
            code = code_function(names, record, item)
            return f"({names.value_type(item.type)}){{ {code}((uint32_t){held}) }}"
        case binding.ID, _:
            return f"(cns_ref){{ {held}, 0, NULL }}"
        case ((binding.STRUCT | binding.POINTER), Ref()):
            return f"(cns_ref){{ 0, 0, {struct_behind(member, held)} }}"
        case ((binding.STRUCT | binding.POINTER), _):
            return f"({names.value_type(item.type)}){{ {struct_behind(member, held)} }}"
    return held


def struct_behind(member: Member, held: str) -> str:
    """Return the pointer to a nested struct."""
    return f"&{held}" if member.held == binding.STRUCT else held


def address(member: Member, held: str) -> str:
    """Return what a violation points to, where that is not the place of the value itself."""
    return held if member.held in (binding.C_STRING, binding.POINTER) else f"&{held}"


def code_function(names: Names, record: str, item: Field) -> str:
    """Return the name of the function from constants of the user's to enumerators."""
    return f"{names.record(record)}_{item.name}_code"


def _converts(datatype: str) -> bool:
    """Whether members of several C types can hold a datatype."""
    return datatype in xsd.INTEGER_BOUNDS or datatype == "double"


def _is_real(type_: Scalar) -> bool:
    return type_.datatype in xsd.REALS


def scaled_order(held: Held, op: str, bound: m.Literal) -> str:
    """Return `value OP bound` for an integer that is a decimal, compared as an integer."""
    parsed = xsd.parse(bound)
    assert isinstance(parsed, xsd.Exact)
    assert held.scale is not None
    raw = parsed.number * 10**held.scale
    limit = {">=": math.ceil(raw), ">": math.floor(raw) + 1}.get(op)
    if limit is None:
        limit = math.floor(raw) if op == "<=" else math.ceil(raw) - 1
    above = op in (">", ">=")
    if limit < xsd.INT64_MIN or limit > xsd.INT64_MAX:
        return "true" if above == (limit < 0) else "false"
    return f"(int64_t){{ {held.value} }} {'>=' if above else '<='} {c_integer(limit, 'int64_t')}"


# Reported values


def row(
    names: Names,
    held: Held,
    terms: Callable[[tuple[m.Term, ...]], str],
    codes: Callable[[Field], str],
) -> str:
    """Return how a violation's value is read, as a row of the table of types; "" as ever.

    `terms` and `codes` return the names of tables, of term ids and of constants.
    """
    item, member = held.item, held.item.member
    assert member is not None
    static = _static(names, held.record, item)
    match member.held, item.type:
        case binding.EXACT, Scalar("double"):
            form = f"_Generic({static}, float: CNS_FORM_FLOAT, default: CNS_FORM_SCALAR)"
            return f"{{ {form}, CNS_DOUBLE, 0, 0, NULL }}"
        case ((binding.EXACT | binding.SCALED | binding.UNIX), Scalar(datatype)) if (
            datatype in xsd.INTEGER_BOUNDS or member.held != binding.EXACT
        ):
            form = f"CNS_INTEGER_FORM({static})"
            return f"{{ {form}, {tag(datatype)}, sizeof {static}, {member.scale}, NULL }}"
        case ((binding.CHARS | binding.C_STRING), _):
            most = f"sizeof {static}" if member.held == binding.CHARS else "0"
            return _text_row(item.type, most, terms)
        case binding.CODES, _:
            count = sum(1 for code in member.codes if code)
            return f"{{ CNS_FORM_CODE, CNS_NONE, sizeof {static}, {count}, {codes(item)} }}"
        case binding.ID, _:
            return "{ CNS_FORM_ID, CNS_NODE, 0, 0, NULL }"
        case ((binding.STRUCT | binding.POINTER), _):
            return "{ CNS_FORM_RECORD, CNS_NODE, 0, 0, NULL }"
    return ""


def _text_row(type_: ValueType, most: str, terms: Callable[[tuple[m.Term, ...]], str]) -> str:
    if isinstance(type_, Typed):
        return f"{{ CNS_FORM_CHARS, CNS_TYPED, 0, {most}, {terms((type_.datatype,))} }}"
    assert isinstance(type_, Scalar)
    return f"{{ CNS_FORM_CHARS, {tag(type_.datatype)}, 0, {most}, NULL }}"


def code_rows(ids: Mapping[m.Term, int], item: Field) -> Iterator[str]:
    """Yield the table of an enumeration's constants: term id, lower and upper 16 bits."""
    assert isinstance(item.type, Enum)
    assert item.member is not None
    for term, code in zip(item.type.terms, item.member.codes, strict=True):
        if code:
            yield f"{ids[term]}u, (uint16_t){code}, (uint16_t)((uint32_t){code} >> 16)"


def code_functions(program: Program, names: Names) -> Iterator[tuple[str, str]]:
    """Yield name and text of the functions from constants of the user's to enumerators."""
    for record in program.records:
        for item in record.fields:
            if item.member is None or item.member.held != binding.CODES or item.capacity == 0:
                continue
            name = code_function(names, record.name, item)
            lines = [f"static {names.value_type(item.type)}\n{name}(uint32_t code)\n{{"]
            lines.append("    switch (code) {")
            for number, code in enumerate(item.member.codes, 1):
                if code:
                    lines.append(f"    case (uint32_t){code}:\n        return {number};")
            lines += ["    default:", "        return 0;", "    }", "}", ""]
            yield name, "\n".join(lines)


# What the C compiler is asked


def assertions(program: Program, names: Names, prefixes: Mapping[str, str]) -> Iterator[str]:
    """Yield the assertions that members exist and can hold what the map says they hold."""
    for record in program.records:
        if record.bound is None:
            continue
        owner = _owner(program, record, prefixes)
        for what in ("id", "class_id"):
            path = getattr(record.bound, what)
            if path:
                held = f"CNS_MEMBER({names.record(record.name)}, {path})"
                words = f"{owner}: {record.bound.struct} {path}"
                yield from _claims(words, [(f"CNS_IS_OF({held}, uint32_t)", "is no uint32_t")])
        for item in record.fields:
            if item.member is not None and item.capacity > 0:
                yield from _member_assertions(record, item, names, owner, prefixes)


def _owner(program: Program, record: Record, prefixes: Mapping[str, str]) -> str:
    """Return the shapes that apply to a record, in words; else its class or its name."""
    for function in program.functions:
        shapes = [term_text(s, prefixes) for s in function.shapes if isinstance(s, m.IRI)]
        if function.record == record.name and shapes:
            return ", ".join(shapes)
    return term_text(record.iri, prefixes) if record.iri else record.name


def _claims(words: str, claims: list[tuple[str, str]]) -> Iterator[str]:
    """Yield assertions with their words on one line each: compilers quote the line of an error."""
    for condition, wrong in claims:
        yield f"_Static_assert({condition}, {c_string(f'{words} {wrong}')});"


def _member_assertions(
    record: Record, item: Field, names: Names, owner: str, prefixes: Mapping[str, str]
) -> Iterator[str]:
    member, struct = item.member, names.record(record.name)
    assert member is not None
    assert record.bound is not None
    words = f"{owner}: {term_text(item.path, prefixes)}: {record.bound.struct} {member.path}"
    claims = [(f"offsetof({struct}, {member.path}) < sizeof({struct})", "is missing")]
    if not item.single:
        array = f"CNS_MEMBER({struct}, {member.path})"
        limit = names.capacity(record.name, item)
        claims += [
            (f"offsetof({struct}, {member.path}[0]) < sizeof({struct})", "is no array"),
            (
                f"sizeof({array}) / sizeof({array}[0]) >= {limit}",
                f"has fewer than {item.capacity} elements",
            ),
        ]
    claims += _type_claims(item, member, _static(names, record.name, item), names)
    yield from _claims(words, claims)
    yield from _presence_assertions(record, item, member, names, words)


def _static(names: Names, record: str, item: Field) -> str:
    """Return a member, or the first element of its array, for what C does not evaluate."""
    assert item.member is not None
    index = "" if item.single else "[0]"
    return f"CNS_MEMBER({names.record(record)}, {item.member.path}{index})"


def _type_claims(item: Field, member: Member, held: str, names: Names) -> list[tuple[str, str]]:
    """Return conditions on the type of a member, and what is wrong where they do not hold."""
    exact = names.value_type(item.type)
    match member.held:
        case binding.SCALED | binding.UNIX:
            return [(f"CNS_FITS_SIGNED({held}, 8)", "is no integer that fits into 64 bits")]
        case binding.CHARS:
            return [
                (f"CNS_IS_CHARS({held})", "is no array of char"),
                (f"sizeof {held} <= UINT16_MAX", "has more than 65535 bytes"),
            ]
        case binding.C_STRING:
            return [(f"CNS_IS_C_STRING({held})", "is no pointer to char")]
        case binding.CODES:
            small = f"CNS_IS_INTEGER({held}) && sizeof {held} <= 4"
            return [(small, "is no integer of at most 32 bits")] + [
                (f"CNS_CAN_BE({held}, {code})", f"cannot be {code}")
                for code in member.codes
                if code
            ]
        case binding.ID:
            return [(f"CNS_IS_OF({held}, uint32_t)", "is no uint32_t")]
        case binding.STRUCT:
            nested = names.record(record_of(item.type) or "")
            return [(f"CNS_IS_OF({held}, {nested})", f"is no {nested}")]
        case binding.POINTER:
            nested = names.record(record_of(item.type) or "")
            return [(f"CNS_IS_POINTER_TO({held}, {nested})", f"is no pointer to {nested}")]
    return [_exact_claim(item.type, held, exact)]


def _exact_claim(type_: ValueType, held: str, exact: str) -> tuple[str, str]:
    match type_:
        case Scalar("boolean"):
            return f"CNS_IS_BYTE({held})", "is neither bool nor uint8_t"
        case Scalar("float"):
            return f"CNS_IS_FLOAT({held})", "is no float, as xsd:float is"
        case Scalar("double"):
            return f"CNS_IS_REAL({held})", "is neither double nor float"
        case Scalar(datatype) if datatype in xsd.INTEGER_BOUNDS:
            sign, size = ("UNSIGNED" if exact[0] == "u" else "SIGNED"), _bytes(exact)
            return (
                f"CNS_FITS_{sign}({held}, {size})",
                f"is no integer that fits into {exact}, as xsd:{datatype} is",
            )
    return f"CNS_IS_OF({held}, {exact})", f"is no {exact}"


def _bytes(c_type: str) -> int:
    return int("".join(c for c in c_type if c.isdigit())) // 8


def _presence_assertions(
    record: Record, item: Field, member: Member, names: Names, words: str
) -> Iterator[str]:
    """Yield assertions on what tells whether there is a value, and how many."""
    struct = names.record(record.name)
    held = _static(names, record.name, item)
    if isinstance(member.count, str):
        counts = f"CNS_MEMBER({struct}, {member.count})"
        wrong = f"is counted by {member.count}, which is no integer"
        yield from _claims(words, [(f"CNS_IS_INTEGER({counts})", wrong)])
    match member.presence:
        case Flag(flag, mask) if mask:
            flags = f"CNS_MEMBER({struct}, {flag})"
            yield from _claims(
                words,
                [
                    (
                        f"CNS_IS_INTEGER({flags}) && sizeof {flags} <= 4",
                        f"is present by {flag}, which is no integer of at most 32 bits",
                    ),
                    (
                        f"(uint32_t){mask} != 0 && "
                        f"(uintmax_t){mask} >> (8 * sizeof {flags} - 1) >> 1 == 0",
                        f"is present by {mask}, which is no mask of {flag}",
                    ),
                ],
            )
        case Sentinel(constant) if constant not in ("NaN", "NULL", "") and not (
            isinstance(item.type, Scalar) and _is_real(item.type)
        ):
            wrong = f"is absent as {constant}, which it cannot be"
            yield from _claims(words, [(f"CNS_CAN_BE({held}, {constant})", wrong)])
