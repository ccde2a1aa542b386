# SPDX-License-Identifier: Apache-2.0
"""Records to the C header of a model: structs, constants, setters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cns_build import model as m
from cns_build.backend.cstring import c_comment, c_paragraph
from cns_build.backend.types import (
    Names,
    enumerators,
    has_bit,
    has_word,
    has_words,
    term_constants,
)
from cns_build.bytecode.image import Image, to_words
from cns_build.ir.cost import steps
from cns_build.ir.cycles import described
from cns_build.ir.names import snake
from cns_build.ir.program import Entry, Program
from cns_build.ir.record import Enum, Field, ListOf, Record, Scalar, ValueType
from cns_build.ir.sparql import term_text
from cns_build.ir.violations import violations
from cns_build.options import Options


@dataclass(frozen=True, slots=True)
class Constant:
    """One enumerator or macro, with the words beside it."""

    name: str
    value: str
    comment: str


@dataclass(frozen=True, slots=True)
class Struct:
    """One record in C: its comment, its members and what goes with it.

    A struct of the user's own is without members.
    """

    name: str
    macro: str
    comment: list[str]
    constants: list[Constant]
    enums: list[list[Constant]]
    members: list[str]
    setters: list[str]
    bounds: Bounds | None
    validates: bool


@dataclass(frozen=True, slots=True)
class Bounds:
    """The worst case of a handler: steps, violations reported, steps of the image."""

    steps: int | None
    violations: int
    image_steps: int | None


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What loading the image of a model needs: its words, registers, and numbers of scratch."""

    words: int
    registers: int
    scratch: int


@dataclass(frozen=True, slots=True)
class Header:
    """The parts of a C header, in order; the template only joins them."""

    guard: str
    macro: str
    layout: list[Constant]
    image: ImageFacts | None
    kinds: list[Constant]
    large_kinds: list[Constant]
    terms: list[Constant]
    types: list[str]
    structs: list[Struct]
    forward: list[str]
    headers: list[str]
    violations: int


def header(
    program: Program,
    options: Options,
    prefixes: Mapping[str, str],
    image: Image | None = None,
) -> Header:
    """Return the C text of a program's records and constants."""
    names = Names(program.name)
    ordered = _inner_first(program.records)
    constants = enumerators(program, names)
    kinds = list(_kinds(program, options, names))
    bounds = _bounds(program, options, image)
    return Header(
        guard=f"{names.macro}_H",
        macro=names.macro,
        layout=_layout(program, names) if options.has_layout else [],
        image=_image_facts(image) if image else None,
        kinds=[kind for kind in kinds if not kind.value.endswith("u")],
        large_kinds=[kind for kind in kinds if kind.value.endswith("u")],
        terms=list(_terms(program, names, prefixes)),
        types=list(dict.fromkeys(t for r in ordered for t in _helper_types(r, names))),
        structs=[
            _struct(program, r, names, prefixes, constants, bounds.get(r.name)) for r in ordered
        ],
        forward=[_forward(r, names) for r in ordered],
        headers=list(dict.fromkeys(r.bound.header for r in ordered if r.bound)),
        violations=max((b.violations for b in bounds.values()), default=0),
    )


def _bounds(program: Program, options: Options, image: Image | None) -> dict[str, Bounds]:
    """Return the bounds of each function, by the name of its record."""
    native = steps(program) if options.runs_native else {}
    reported = violations(program, options.report)
    return {
        record.name: Bounds(
            native.get(record.name),
            reported[record.name],
            image.steps_of(number) if image else None,
        )
        for number, record in enumerate(program.records)
        if record.name in reported
    }


def _image_facts(image: Image) -> ImageFacts:
    longest = max(len(f.code) for f in image.functions)
    return ImageFacts(len(to_words(image)), image.registers, longest)


def _layout(program: Program, names: Names) -> list[Constant]:
    return [
        Constant(names.layout(record.name), f"{number}", "")
        for number, record in enumerate(program.records)
    ]


def _inner_first(records: tuple[Record, ...]) -> list[Record]:
    return sorted(records, key=lambda r: r.iri is not None)  # stable: nested records first


def _forward(record: Record, names: Names) -> str:
    """Return what a typedef of a record says; a struct of the user's own has a comment here."""
    name = names.record(record.name)
    return f"{record.bound.struct} {name}" if record.bound else f"struct {name} {name}"


def _kinds(program: Program, options: Options, names: Names) -> Iterator[Constant]:
    """Yield the kinds in order; those that an enumerator, an int, cannot hold are unsigned."""
    unchecked = {Entry(name, kind): True for name, kind in options.unchecked.items()}
    entries = [*program.entries, *unchecked]
    for entry in sorted(entries, key=lambda e: e.kind):
        comment = ""
        if entry.zero_tick:
            comment = "nothing is left to check at run time"
        if entry in unchecked:
            comment = "declared as not checked"
        name = f"{names.macro}_KIND_{snake(entry.record).upper()}"
        yield Constant(name, f"{entry.kind}u" if entry.kind >= 2**31 else str(entry.kind), comment)


def _terms(program: Program, names: Names, prefixes: Mapping[str, str]) -> Iterator[Constant]:
    for number, name in term_constants(program, names).items():
        comment = c_comment(term_text(program.terms[number - 1], prefixes))
        yield Constant(name, str(number), comment)


def _helper_types(record: Record, names: Names) -> Iterator[str]:
    for item in record.fields if record.bound is None else ():
        yield from _helper_type(item.type, names)


def _helper_type(type_: ValueType, names: Names) -> Iterator[str]:
    match type_:
        case Scalar(_, inline) if inline is not None:
            name = names.inline_type(inline)
            yield (
                f"/* At most {inline} bytes of UTF-8, in place. */\n"
                f"#ifndef {name.upper()}_DEFINED\n#define {name.upper()}_DEFINED\n"
                f"typedef struct {name} {{\n    uint16_t length;\n    char bytes[{inline}];\n"
                f"}} {name};\n#endif\n"
            )
        case ListOf(items, capacity):
            yield from _helper_type(items, names)
            name = names.value_type(type_)
            yield (
                f"/* An RDF list of at most {capacity} members; empty, it is rdf:nil. */\n"
                f"typedef struct {name} {{\n    uint16_t count;\n"
                f"    {_declare(names.value_type(items), f'items[{max(capacity, 1)}]')};\n"
                f"}} {name};\n"
            )


def _declare(c_type: str, name: str) -> str:
    return f"{c_type}{name}" if c_type.endswith("*") else f"{c_type} {name}"


def _struct(
    program: Program,
    record: Record,
    names: Names,
    prefixes: Mapping[str, str],
    constants: Mapping[tuple[str, str], tuple[str, ...]],
    bounds: Bounds | None,
) -> Struct:
    return Struct(
        name=names.record(record.name),
        macro=names.record_macro(record.name),
        comment=_struct_comment(program, record, prefixes),
        constants=[
            *(() if record.bound else _masks(record, names)),
            *_capacities(record, names),
        ],
        enums=list(_enums(record, constants)),
        members=[] if record.bound else list(_members(record, names, prefixes)),
        setters=[]
        if record.bound
        else [s for f in record.fields for s in _setters(record, f, names)],
        bounds=bounds,
        validates=bounds is not None and bounds.steps is not None,
    )


def _struct_comment(program: Program, record: Record, prefixes: Mapping[str, str]) -> list[str]:
    what = term_text(record.iri, prefixes) if record.iri else _place(program, record, prefixes)
    words = [m.in_english(record.labels), m.in_english(record.descriptions)]
    return c_paragraph(": ".join([what, *(w for w in words if w)]))


def _place(program: Program, record: Record, prefixes: Mapping[str, str]) -> str:
    """Say which nodes a struct without a class describes."""
    for function in program.functions:
        shapes = [term_text(s, prefixes) for s in function.shapes if isinstance(s, m.IRI)]
        if function.record == record.name and shapes:
            return f"Focus nodes of {', '.join(shapes)}"
    places = [
        f"{term_text(item.path, prefixes)} in {_name(outer, prefixes)}"
        for outer in program.records
        for item in outer.fields
        if described(item.type) == record.name
    ]
    return f"Values of {', '.join(places)}" if places else "Nested record"


def _name(record: Record, prefixes: Mapping[str, str]) -> str:
    return term_text(record.iri, prefixes) if record.iri else record.name


def _masks(record: Record, names: Names) -> Iterator[Constant]:
    for item in record.fields:
        if item.single:
            value = f"(UINT32_C(1) << {has_bit(record, item)})"
            yield Constant(names.has(record.name, item), value, "")


def _capacities(record: Record, names: Names) -> Iterator[Constant]:
    for item in record.fields:
        if item.capacity > 1:
            yield Constant(names.capacity(record.name, item), f"{item.capacity}u", "")


def _enums(
    record: Record, constants: Mapping[tuple[str, str], tuple[str, ...]]
) -> Iterator[list[Constant]]:
    for item in record.fields:
        type_ = item.type.items if isinstance(item.type, ListOf) else item.type
        if isinstance(type_, Enum):
            yield _enumerators(type_, constants[record.name, item.name])


def _enumerators(type_: Enum, names: tuple[str, ...]) -> list[Constant]:
    return [
        Constant(name, str(number), c_comment(str(term)))
        for number, (name, term) in enumerate(zip(names, type_.terms, strict=True), 1)
    ]


def _members(record: Record, names: Names, prefixes: Mapping[str, str]) -> Iterator[str]:
    words = has_words(record)
    macro = names.record_macro(record.name)
    if words:
        yield f"uint32_t has{f'[{words}]' if words > 1 else ''}; /* {macro}_HAS_… */"
    if record.has_id:
        yield "uint32_t id; /* the focus node: 0 is a blank node */"
    if record.has_class:
        own = term_text(record.type, prefixes) if record.type else "none"
        yield f"uint32_t class_id; /* {names.macro}_CLASS_…; 0: {c_comment(own)} */"
    for item in record.fields:
        yield from _member(item, names, record, prefixes)
    if not (words or record.has_id or record.has_class or any(f.capacity for f in record.fields)):
        yield "uint8_t unused; /* C has no empty structs */"


def _member(
    item: Field, names: Names, record: Record, prefixes: Mapping[str, str]
) -> Iterator[str]:
    if item.capacity == 0:
        return
    comment = c_comment(_member_words(item, prefixes))
    c_type = names.value_type(item.type)
    if item.single:
        yield f"{_declare(c_type, item.name)}; /* {comment} */"
        return
    yield f"uint16_t {item.name}_count;"
    limit = names.capacity(record.name, item)
    yield f"{_declare(c_type, f'{item.name}[{limit}]')}; /* {comment} */"


def _member_words(item: Field, prefixes: Mapping[str, str]) -> str:
    words = [m.in_english(item.labels), m.in_english(item.descriptions)]
    return ": ".join([term_text(item.path, prefixes), *(w for w in words if w)])


def _setters(record: Record, item: Field, names: Names) -> Iterator[str]:
    if item.capacity == 0:
        return
    name, c_type = names.record(record.name), names.value_type(item.type)
    value = _declare(c_type, "value")
    if item.single:
        word = has_word(record, item)
        yield (
            f"static inline void\n{name}_set_{item.name}({name} *record, {value})\n{{\n"
            f"    record->{item.name} = value;\n"
            f"    record->{word} |= {names.has(record.name, item)};\n}}\n"
        )
        return
    yield (
        f"/* Returns false when the array is full. */\nstatic inline bool\n"
        f"{name}_add_{item.name}({name} *record, {value})\n{{\n"
        f"    if (record->{item.name}_count >= {names.capacity(record.name, item)}) {{\n"
        "        return false;\n    }\n"
        f"    record->{item.name}[record->{item.name}_count++] = value;\n    return true;\n}}\n"
    )
