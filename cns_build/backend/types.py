# SPDX-License-Identifier: Apache-2.0
"""C types of values and members of structs: the one place that knows how a record is laid out."""

from __future__ import annotations

from dataclasses import dataclass

from cns_build import xsd
from cns_build.ir.names import local_name, snake
from cns_build.ir.program import Program
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
from cns_build.model import IRI, Term

_SCALARS = {
    "boolean": "bool",
    "byte": "int8_t",
    "short": "int16_t",
    "int": "int32_t",
    "long": "int64_t",
    "unsignedByte": "uint8_t",
    "unsignedShort": "uint16_t",
    "unsignedInt": "uint32_t",
    "unsignedLong": "uint64_t",
    "integer": "int64_t",
    "negativeInteger": "int64_t",
    "nonPositiveInteger": "int64_t",
    "nonNegativeInteger": "uint64_t",
    "positiveInteger": "uint64_t",
    "float": "float",
    "double": "double",
    "decimal": "cns_decimal",
    **dict.fromkeys(xsd.INSTANTS, "cns_datetime"),
    **dict.fromkeys(xsd.DURATIONS, "cns_duration"),
    **dict.fromkeys(xsd.TEXTS, "cns_str"),
}
# Macros of what a handler needs, of one record and of all.
_BOUNDS = ("VIOLATIONS", "RESULT_SIZE", "STACK")
# Member of cns_term that holds a datatype (CNS_DATATYPES in cns.h).
_TERM_MEMBERS = {
    "bool": "boolean",
    "float": "single",
    "double": "real",
    "cns_decimal": "decimal",
    "cns_datetime": "datetime",
    "cns_duration": "duration",
    "cns_str": "string",
}


@dataclass(frozen=True, slots=True)
class Names:
    """The C names of one model; everything a header exports begins with the model's name."""

    model: str

    @property
    def macro(self) -> str:
        """The prefix of the model's macros."""
        return self.model.upper()

    def record(self, record: str) -> str:
        """Return the type of a record."""
        return f"{self.model}_{record}"

    def record_macro(self, record: str) -> str:
        """Return the prefix of a record's macros."""
        return f"{self.model}_{record}".upper()

    def layout(self, record: str) -> str:
        """Return the constant that numbers a record in the layout table."""
        return f"{self.macro}_LAYOUT_{record}".upper()

    def has(self, record: str, field: Field) -> str:
        """Return the mask of a field's presence bit."""
        return f"{self.record_macro(record)}_HAS_{field.name.upper()}"

    def capacity(self, record: str, field: Field) -> str:
        """Return the macro of an array's capacity."""
        return f"{self.record_macro(record)}_{field.name.upper()}_CAPACITY"

    def inline_type(self, size: int) -> str:
        """Return the type of a string of at most `size` bytes in place."""
        return f"{self.model}_str_{size}"

    def value_type(self, type_: ValueType) -> str:
        """Return the C type of a value."""
        match type_:
            case Scalar(_, inline) if inline is not None:
                return self.inline_type(inline)
            case Scalar(datatype):
                return _SCALARS[datatype]
            case Typed():
                return "cns_str"
            case LangString():
                return "cns_langstr"
            case Enum(terms):
                return "uint8_t" if len(terms) <= 255 else "uint16_t"
            case Tagged() | General():
                return "cns_term"
            case Ref():
                return "cns_ref"
            case Pointer(record) | Self(record):
                return f"const {self.record(record)} *"
            case ListOf():
                return f"{self.model}_{type_word(type_)}"
            case ClassOf():
                return "uint32_t"
        raise AssertionError(type_)


def type_word(type_: ValueType) -> str:
    """Return a word for a type, equal for types that are the same in C."""
    match type_:
        case Scalar(_, inline) if inline is not None:
            return f"str_{inline}"
        case Scalar(datatype):
            return snake(datatype).rstrip("_")  # a trailing _ sets apart whole words
        case Enum(terms):
            return "enum8" if len(terms) <= 255 else "enum16"
        case Pointer(record):
            return record
        case ListOf(items, capacity):
            return f"{type_word(items)}_list_{capacity}"
        case Typed():
            return "lexical"
        case LangString():
            return "langstr"
        case Ref():
            return "ref"
        case Tagged() | General():
            return "term"
    raise AssertionError(type_)


def scalar_type(datatype: str) -> str:
    """Return the C type of an XSD datatype."""
    return _SCALARS[datatype]


def term_member(datatype: str) -> str:
    """Return the member of cns_term's union that holds a datatype."""
    c_type = _SCALARS[datatype]
    if c_type in _TERM_MEMBERS:
        return _TERM_MEMBERS[c_type]
    return "natural" if c_type.startswith("u") else "integer"


def tag(datatype: str) -> str:
    """Return the cns_tag of an XSD datatype: CNS_UNSIGNED_BYTE for unsignedByte."""
    words = "".join(f"_{c}" if c.isupper() else c.upper() for c in datatype.replace("URI", "Uri"))
    return f"CNS_{words}"


def singles(record: Record) -> tuple[Field, ...]:
    """Return the fields that have a presence bit, in bit order."""
    return tuple(f for f in record.fields if f.capacity == 1)


def has_words(record: Record) -> int:
    """Return the number of 32-bit words that the presence bits need."""
    return (len(singles(record)) + 31) // 32


def has_word(record: Record, field: Field) -> str:
    """Return the member expression of the word that holds a field's presence bit."""
    if has_words(record) == 1:
        return "has"
    return f"has[{singles(record).index(field) // 32}]"


def has_bit(record: Record, field: Field) -> int:
    """Return the number of a field's presence bit within its word."""
    return singles(record).index(field) % 32


def term_constants(program: Program, names: Names) -> dict[int, str]:
    """Return the constants that a header gives to ids: CLASS_… for classes, TERM_… for nodes."""
    constants: dict[int, str] = {}
    taken = macros(program, names)
    for number, term in enumerate(program.terms, 1):
        if not isinstance(term, IRI):
            continue
        word = "CLASS" if number <= program.class_count else "TERM"
        name = f"{names.macro}_{word}_{snake(local_name(term.value)).upper()}"
        constants[number] = _free(name, number, taken)
    return constants


def macros(program: Program, names: Names) -> set[str]:
    """Return the macros and kinds of a header; a constant of the same name would vanish."""
    found = {f"{names.macro}_KIND_{snake(e.record).upper()}" for e in program.entries}
    found |= {f"{names.macro}_{bound}" for bound in _BOUNDS}
    for record in program.records:
        own = names.record_macro(record.name)
        found |= {f"{own}_INIT", f"{own}_STEPS", names.layout(record.name)}
        found |= {f"{own}_{bound}" for bound in _BOUNDS}
        found |= {names.has(record.name, f) for f in record.fields}
        found |= {names.capacity(record.name, f) for f in record.fields}
    return found


def enumerators(program: Program, names: Names) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the constants of each enumeration by record and field; the first has the value 1."""
    taken = macros(program, names) | set(term_constants(program, names).values())
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for record in program.records:
        for item in record.fields:
            type_ = item.type.items if isinstance(item.type, ListOf) else item.type
            if isinstance(type_, Enum):
                prefix = f"{names.record_macro(record.name)}_{item.name.upper()}"
                found[record.name, item.name] = tuple(
                    _free(f"{prefix}_{_enumerator(term)}".rstrip("_"), number, taken)
                    for number, term in enumerate(type_.terms, 1)
                )
    return found


def _enumerator(term: Term) -> str:
    text = local_name(term.value) if isinstance(term, IRI) else str(term).partition("^^")[0]
    return snake(text).upper()


def _free(name: str, number: int, taken: set[str]) -> str:
    """Return the name, with a number where it is taken, and take it."""
    while name in taken:
        name = f"{name}_{number}"
    taken.add(name)
    return name
