# SPDX-License-Identifier: Apache-2.0
"""Structs of the user's own for a program: drawn headers with their bind maps, and what they hold.

A plan says which member holds which field, in which C type. `Planner` draws one; `adapted` turns
a drawn record into the nearest one that the structs of a plan can hold.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from cns_build import xsd
from cns_build.backend.types import Names, scalar_type
from cns_build.ir.cycles import recursive_records
from cns_build.ir.program import Program
from cns_build.ir.record import (
    Enum,
    Field,
    General,
    LangString,
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

from .values import (
    DecimalValue,
    DurationValue,
    InstantValue,
    LangValue,
    NullText,
    RecordValue,
    RefValue,
    TermValue,
    Value,
    bytes_of,
)

INTEGERS = {
    f"{sign}int{bits}_t": (0, 2**bits - 1) if sign else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    for sign in ("", "u")
    for bits in (8, 16, 32, 64)
}


@dataclass(frozen=True)
class MemberPlan:
    """One member: how it holds the values of a field, and how many values there are.

    `held` is as in `cns_build.ir.binding`; `c_type` is that of an integer or real; `length` is
    that of an array, 0 for one value. `presence` is `always`, `flag`, `mask` or `absent` with the
    other member or the constant; `count` is a member or a number. `chars` is a text's size.
    """

    name: str
    held: str
    c_type: str = ""
    length: int = 0
    presence: tuple[str, str] = ("always", "")
    count: str | int | None = None
    scale: int = 0
    codes: tuple[int | None, ...] = ()
    chars: int = 0


@dataclass
class Plan:
    """The members of the bound records, by record and field; None for a field without values."""

    records: dict[str, dict[str, MemberPlan | None]] = field(default_factory=dict)

    def member(self, record: str, name: str) -> MemberPlan | None:
        """The plan of one field of a bound record."""
        return self.records[record][name]


class Planner:
    """Draws a plan for a program that is not bound; equal seeds give equal plans."""

    def __init__(self, program: Program, seed: int):
        self.program = program
        self.names = Names(program.name)
        self._random = random.Random(seed)
        self._flags = 0
        self.plan = Plan()
        self._recursive = frozenset(recursive_records(program.records))
        self._bound = self._bindable()
        for name in sorted(self._bound):
            record = program.record(name)
            self._flags = 0
            self.plan.records[name] = {f.name: self._draw(f) for f in record.fields}

    def _bindable(self) -> set[str]:
        """The records that no reference may leave without a struct."""
        names = {r.name for r in self.program.records if r.fields and self._random.random() < 0.9}
        circles = self._recursive
        while True:
            left = {
                described
                for record in self.program.records
                for item in record.fields
                for described in [record_of(_innermost(item.type))]
                if described in names
                and not _bindable_by(item, record.name in names and described not in circles)
            }
            if not left:
                return names
            names -= left

    # Members

    def _draw(self, item: Field) -> MemberPlan | None:
        if item.capacity == 0 or isinstance(item.type, ListOf):
            return None
        made = self._held(item.type, f"m_{item.name}")
        endless = made.held == "pointer" and record_of(item.type) in self._recursive
        if item.single and endless:
            return replace(made, presence=("absent", "NULL"))
        if item.single:
            return replace(made, presence=self._presence(item.type, made))
        made = replace(made, length=item.capacity + self._random.choice([0, 0, 2]))
        if self._random.random() < 0.2 and made.held != "id" and not endless:
            return replace(made, count=self._random.randint(1, min(item.capacity, 3)))
        return replace(made, count=f"n_{item.name}")

    def _held(self, type_: ValueType, name: str) -> MemberPlan:
        choose = self._random.choice
        match type_:
            case Scalar("boolean"):
                return MemberPlan(name, "exact", choose(["bool", "uint8_t", "int8_t"]))
            case Scalar("decimal") if self._random.random() < 0.7:
                c_type = choose(["int8_t", "int16_t", "uint16_t", "int32_t", "int64_t"])
                return MemberPlan(name, "scaled", c_type, scale=choose([0, 1, 2, 3, 9]))
            case Scalar("dateTime" | "dateTimeStamp") if self._random.random() < 0.6:
                c_type = choose(["int32_t", "uint32_t", "int64_t"])
                return MemberPlan(name, "unix", c_type)
            case Scalar("double"):
                return MemberPlan(name, "exact", choose(["double", "float"]))
            case Scalar("float"):
                return MemberPlan(name, "exact", "float")
            case Scalar(datatype) if datatype in xsd.INTEGER_BOUNDS:
                low, high = INTEGERS[scalar_type(datatype)]
                fitting = [t for t, (a, b) in INTEGERS.items() if low <= a and b <= high]
                return MemberPlan(name, "exact", choose(fitting))
            case Typed():
                return self._text(name)
            case Scalar(datatype) if datatype in xsd.TEXTS:
                return self._text(name)
            case Enum(terms):
                return self._enum(name, len(terms))
            case Ref(record):
                return MemberPlan(name, self._reference(record))
            case Pointer(record):
                return MemberPlan(name, self._struct(record))
        return MemberPlan(name, "exact")

    def _text(self, name: str) -> MemberPlan:
        held = self._random.choice(["chars", "chars", "c_string", "exact"])
        return MemberPlan(name, held, chars=self._random.choice([1, 4, 16, 500]))

    def _enum(self, name: str, count: int) -> MemberPlan:
        if self._random.random() < 0.2:
            return MemberPlan(name, "exact", "uint8_t" if count <= 255 else "uint16_t")
        wide = ["int16_t", "int32_t", "uint32_t"]
        c_type = self._random.choice(["int8_t", "uint8_t", *wide] if count < 100 else wide)
        low, high = INTEGERS[c_type]
        drawn = self._random.sample(range(max(low, -(2**31)), high + 1), count)
        codes = [None if self._random.random() < 0.1 else code for code in drawn]
        codes[0] = drawn[0]
        return MemberPlan(name, "codes", c_type, codes=tuple(codes))

    def _reference(self, record: str | None) -> str:
        if record in self._recursive:
            return "exact"
        if record in self._bound:
            return self._struct(record or "")
        return self._random.choice(["exact", "id", *(["pointer"] if record else [])])

    def _struct(self, record: str) -> str:
        if record not in self._bound or record in self._recursive:
            return "pointer"
        return self._random.choice(["struct", "pointer"])

    def _presence(self, type_: ValueType, made: MemberPlan) -> tuple[str, str]:
        ways = ["always", "mask", "flag", "absent"]
        way = self._random.choice(ways)
        if way == "mask":
            self._flags += 1
            return "mask", f"flags{(self._flags - 1) // 8} & {1 << (self._flags - 1) % 8:#04x}"
        if way == "flag":
            return "flag", f"has_{made.name}"
        if way == "absent":
            constant = self._sentinel(type_, made)
            if constant is not None:
                return "absent", constant
        return ("absent", "0") if made.held == "id" else ("always", "")

    def _sentinel(self, type_: ValueType, made: MemberPlan) -> str | None:
        choose = self._random.choice
        if made.held in ("chars", "c_string"):
            return choose(["", "NULL"]) if made.held == "c_string" else ""
        if made.held == "pointer":
            return "NULL"
        if made.c_type in ("float", "double"):
            return choose(["NaN", "-999.0", "0.5"])
        if made.c_type == "bool" or made.held == "id":
            return None
        if type_ == Scalar("boolean") and made.c_type == "int8_t":
            return None
        if made.held == "codes":
            low, high = INTEGERS[made.c_type]
            return next(str(n) for n in range(high, low, -1) if n not in made.codes)
        if made.c_type in INTEGERS:
            low, high = INTEGERS[made.c_type]
            return str(choose([max(low, -(2**63) + 1), min(high, 2**63 - 1), 3]))
        return None

    # Text

    def header(self) -> str:
        """The C header that declares the structs."""
        out = ["#include <cns/cns.h>", "", *(f"struct u_{name};" for name in self.plan.records)]
        for name in self._inner_first():
            record = self.program.record(name)
            out += [f"struct {self.names.record(n)};" for n in sorted(_unbound(record, self.plan))]
            out.append(f"struct u_{name} {{")
            out += [f"    {line};" for line in self._members(record)]
            out += ["};", ""]
        return "\n".join(out)

    def _inner_first(self) -> list[str]:
        ordered: dict[str, None] = {}

        def visit(name: str) -> None:
            if name in ordered:
                return
            for item in self.program.record(name).fields:
                made = self.plan.member(name, item.name)
                if made is not None and made.held == "struct":
                    visit(record_of(item.type) or "")
            ordered[name] = None

        for name in self.plan.records:
            visit(name)
        return list(ordered)

    def _members(self, record: Record) -> Iterator[str]:
        yield "uint8_t first"  # no nested struct has the address of the struct around it
        if record.has_id:
            yield "uint32_t node"
        if record.has_class:
            yield "uint32_t kind"
        for name in flag_members(self.plan.records[record.name]):
            yield f"uint8_t {name}"
        for item in record.fields:
            made = self.plan.member(record.name, item.name)
            if made is None:
                continue
            if made.presence[0] == "flag":
                yield f"uint16_t {made.presence[1]}"
            if isinstance(made.count, str):
                yield f"uint16_t {made.count}"
            array = f"[{made.length}]" if made.length else ""
            yield f"{self._declared(item.type, made, made.name + array)}"

    def _declared(self, type_: ValueType, made: MemberPlan, name: str) -> str:
        described = record_of(type_) or ""
        tag = f"u_{described}" if described in self.plan.records else self.names.record(described)
        match made.held:
            case "chars":
                return f"char {name}[{made.chars}]"
            case "c_string":
                return f"const char *{name}"
            case "struct":
                return f"struct {tag} {name}"
            case "pointer":
                return f"const struct {tag} *{name}"
            case "id":
                return f"uint32_t {name}"
        if isinstance(type_, Pointer):
            return f"const struct {tag} *{name}"
        text = Scalar(type_.datatype) if isinstance(type_, Scalar) else type_
        return f"{made.c_type or self.names.value_type(text)} {name}"

    def toml(self) -> str:
        """The bind map."""
        out: list[str] = []
        for name, members in self.plan.records.items():
            record = self.program.record(name)
            out += [f"[{name}]", f'struct = "struct u_{name}"', 'header = "user.h"']
            out += ['id = "node"'] * record.has_id + ['class_id = "kind"'] * record.has_class
            out.append(f"[{name}.members]")
            for item in record.fields:
                if item.capacity or members[item.name] is not None:
                    out.append(f'"{item.path.value}" = {{ {self._entry(item, members)} }}')
            out.append("")
        return "\n".join(out)

    def _entry(self, item: Field, members: dict[str, MemberPlan | None]) -> str:
        made = members[item.name]
        if made is None:
            return "absent = true"
        parts = [f'member = "{made.name}"']
        words = {word: word for word in ("chars", "id", "struct", "unix")} | {"c_string": "string"}
        if made.held in words or (made.held == "pointer" and isinstance(item.type, Ref)):
            parts.append(f'as = "{words.get(made.held, made.held)}"')
        if made.held == "scaled":
            parts.append(f"scale = {made.scale}")
        if made.held == "codes" and isinstance(item.type, Enum):
            pairs = zip(item.type.terms, made.codes, strict=True)
            table = ", ".join(f"{_quoted(str(t))} = {c}" for t, c in pairs if c is not None)
            parts.append(f"values = {{ {table} }}")
        if made.count is not None:
            parts.append(f"count = {made.count!r}".replace("'", '"'))
        way, what = made.presence
        if way in ("mask", "flag"):
            parts.append(f'present = "{what}"')
        if way == "absent":
            parts.append(
                f'absent = "{what}"' if what in ("", "NULL", "NaN") else f"absent = {what}"
            )
        return ", ".join(parts)


def _quoted(text: str) -> str:
    """The text as a basic string of TOML."""
    plain = "".join(c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in text)
    return f'"{plain}"'


def _innermost(type_: ValueType) -> ValueType:
    return _innermost(type_.items) if isinstance(type_, ListOf) else type_


def _bindable_by(item: Field, bound: bool) -> bool:
    """Whether the values of a field always have a struct."""
    return isinstance(item.type, Pointer) or (bound and isinstance(item.type, Ref))


def _unbound(record: Record, plan: Plan) -> set[str]:
    """The records of cns's own that a bound record points to."""
    found = {
        record_of(item.type)
        for item in record.fields
        for made in [plan.member(record.name, item.name)]
        if made is not None and made.held == "pointer"
    }
    return {name for name in found if name and name not in plan.records}


def flag_members(members: dict[str, MemberPlan | None]) -> list[str]:
    """The members that hold the bits of masks."""
    masks = [m.presence[1] for m in members.values() if m is not None and m.presence[0] == "mask"]
    return list(dict.fromkeys(mask.partition(" ")[0] for mask in masks))


# Values that bound structs can hold


class Adapter:
    """Turns drawn records into records that the structs of a plan can hold."""

    def __init__(self, program: Program, plan: Plan):
        self.program = program
        self.plan = plan
        self._plain: set[int] = set()

    def record(self, value: RecordValue) -> RecordValue:
        """The nearest record; equal structs stay shared where pointers lead to them."""
        self._plain = set()
        made = self._record(value, {})
        return self._replain(made, {}) if self._plain else made

    def _record(self, value: RecordValue, known: dict[int, RecordValue]) -> RecordValue:
        if id(value) in known:
            return known[id(value)]
        record = self.program.record(value.record)
        made = RecordValue(
            value.record, value.id * record.has_id, value.class_id * record.has_class
        )
        known[id(value)] = made
        for item in record.fields:
            values = value.fields.get(item.name, [])
            if value.record not in self.plan.records:
                made.fields[item.name] = [self._exact(v, known) for v in values]
                continue
            plan = self.plan.member(value.record, item.name)
            made.fields[item.name] = (
                [] if plan is None else self._values(item, plan, values, known)
            )
        return made

    def _values(
        self, item: Field, plan: MemberPlan, values: list[Value], known: dict[int, RecordValue]
    ) -> list[Value]:
        found = [self._value(item.type, plan, v, known) for v in values]
        found = [v for v in found if v is not _NOTHING]
        if isinstance(plan.count, int):
            while len(found) < plan.count:
                found.append(self._default(item.type, plan, known))
            return found[: plan.count]
        if plan.presence[0] == "always" and item.single and not found and plan.held != "id":
            return [self._default(item.type, plan, known)]
        if plan.presence[0] == "absent" and found and _is_sentinel(found[0], plan):
            return []
        return found

    def _default(self, type_: ValueType, plan: MemberPlan, known: dict[int, RecordValue]) -> Value:
        return self._value(type_, plan, _default(type_, plan), known)

    def _value(
        self, type_: ValueType, plan: MemberPlan, value: Value, known: dict[int, RecordValue]
    ) -> Value:
        match plan.held, value:
            case "exact", int() if plan.c_type in INTEGERS and type_ != Scalar("boolean"):
                return _wrapped(value, plan.c_type)
            case "exact", float() if plan.c_type == "float":
                return _single(value)
            case "scaled", DecimalValue(unscaled, scale):
                number = Fraction(unscaled) / Fraction(10) ** (scale if 0 <= scale <= 18 else 0)
                return DecimalValue(
                    _wrapped(int(number * 10**plan.scale), plan.c_type), plan.scale
                )
            case "unix", InstantValue(seconds):
                return InstantValue(_wrapped(seconds, plan.c_type), 0, 0)
            case "chars", str() | NullText():
                text = value.split("\0")[0] if isinstance(value, str) else ""
                while len(bytes_of(text)) > plan.chars:
                    text = text[:-1]
                return text
            case "c_string", str():
                return value.split("\0")[0]
            case "codes", int():
                known_code = 0 < value <= len(plan.codes) and plan.codes[value - 1] is not None
                return value if known_code else 0
            case "id", RefValue(number):
                self._plain |= {number} - {0}
                return RefValue(number) if number else _NOTHING
            case (("struct" | "pointer"), _):
                return self._nested(type_, plan, value, known)
        return self._exact(value, known)

    def _nested(
        self, type_: ValueType, plan: MemberPlan, value: Value, known: dict[int, RecordValue]
    ) -> Value:
        inner = value.record if isinstance(value, RefValue) else value
        if inner is None and (isinstance(type_, Ref) or plan.held == "struct"):
            if plan.length:
                return _NOTHING
            inner = RecordValue(record_of(type_) or "") if plan.presence[0] == "always" else None
            if inner is None:
                return _NOTHING
        if inner is None:
            return None
        assert isinstance(inner, RecordValue)
        made = self._record(inner, {} if plan.held == "struct" else known)
        return RefValue(0, 0, made) if isinstance(type_, Ref) else made

    def _exact(self, value: Value, known: dict[int, RecordValue]) -> Value:
        match value:
            case RecordValue():
                return self._record(value, known)
            case RefValue(number, class_id, RecordValue() as record):
                return RefValue(number, class_id, self._record(record, known))
            case TermValue(tag, RefValue() as ref):
                return TermValue(tag, self._exact(ref, known))
            case list():
                return [self._exact(v, known) for v in value]
        return value

    # A node that is mentioned by its id alone has no class and no struct elsewhere.

    def _replain(self, value: RecordValue, known: dict[int, RecordValue]) -> RecordValue:
        if id(value) not in known:
            known[id(value)] = value
            for name, values in value.fields.items():
                value.fields[name] = [self._plainly(v, known) for v in values]
            value.id = 0 if value.id in self._plain else value.id
        return value

    def _plainly(self, value: Value, known: dict[int, RecordValue]) -> Value:
        match value:
            case RecordValue():
                return self._replain(value, known)
            case RefValue(number, _, record):
                if number in self._plain:
                    return RefValue(number)
                if record is not None:
                    self._replain(record, known)
            case TermValue(tag, RefValue() as ref):
                return TermValue(tag, self._plainly(ref, known))
            case list():
                return [self._plainly(v, known) for v in value]
        return value


_NOTHING = NullText(-1)  # a value that the struct cannot hold


def _default(type_: ValueType, plan: MemberPlan) -> Value:
    match type_:
        case Scalar("float" | "double"):
            return 0.0
        case Scalar("decimal"):
            return DecimalValue(0, plan.scale)
        case Scalar(name) if name in xsd.INSTANTS:
            return InstantValue(0)
        case Scalar(name) if name in xsd.DURATIONS:
            return DurationValue(0, 0)
        case Scalar(name) if name in xsd.TEXTS:
            return ""
        case Typed():
            return ""
        case Scalar() | Enum():
            return 0
        case LangString():
            return LangValue("", "en")
        case Tagged() | General():
            return TermValue("none", None)
        case Ref(record):
            struct = RecordValue(record) if record and plan.held in ("struct", "pointer") else None
            return RefValue(0, 0, struct)
        case Pointer(record):
            return RecordValue(record)
    raise TypeError(f"no default of {type_}")


def _wrapped(number: int, c_type: str) -> int:
    low, high = INTEGERS[c_type]
    return number if low <= number <= high else (number - low) % (high - low + 1) + low


def _single(number: float) -> float:
    if number != number or number in (float("inf"), -float("inf")):
        return number
    rounded = xsd.to_single(Fraction(number))
    return -0.0 if rounded == 0 and str(number).startswith("-") else rounded


def _is_sentinel(value: Value, plan: MemberPlan) -> bool:
    constant = plan.presence[1]
    match value:
        case RefValue(number) if plan.held == "id":
            return number == 0
        case float():
            return value != value if constant == "NaN" else value == float(constant)
        case InstantValue(seconds):
            return seconds == int(constant)
        case DecimalValue(unscaled):
            return unscaled == int(constant)
        case str():
            return constant == "" and not value
        case None:
            return constant == "NULL"
        case NullText():
            return constant in ("", "NULL")
        case bool() | int() if plan.held != "codes":
            return int(value) == int(constant)
    return False
