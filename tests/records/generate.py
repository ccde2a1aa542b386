# SPDX-License-Identifier: Apache-2.0
"""Seeded generation of records: what shapes are about, the edges of C types, and nonsense.

Values are drawn from the constants of a program and their neighbours, and from the edges of the
types. `Generator.improved` searches for records with few violations, so that a single wrong value
in an otherwise valid record is common.
"""

from __future__ import annotations

import math
import random
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from cns_build import model, xsd
from cns_build.ir.cycles import recursive_records
from cns_build.ir.program import (
    All,
    Check,
    Compares,
    Cond,
    CountWithin,
    Enumerated,
    FocusIs,
    HasDatatype,
    If,
    InOrder,
    Interval,
    LengthWithin,
    Matches,
    OneOf,
    Precedes,
    Program,
    Same,
    conditions,
    walk,
)
from cns_build.ir.record import (
    NIL,
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
)
from cns_build.vocabulary import XSD
from tests.reference.denote import is_too_deep

from .matching import drawer
from .values import (
    DecimalValue,
    DurationValue,
    InstantValue,
    LangValue,
    NullText,
    RecordValue,
    RefValue,
    TermValue,
    TypedValue,
    Value,
    reachable,
)

INVALID = model.IRI("urn:cns:invalid")

# Bytes that are no UTF-8, as `bytes_of` reads them: stray, cut, overlong, a surrogate, too high.
_NO_UTF8 = ("\udcff", "a\udcc3", "\udcc0\udc80", "\udced\udca0\udc80", "\udcf4\udc90\udc80\udc80")

_RANGES = {
    "byte": (-(2**7), 2**7 - 1),
    "short": (-(2**15), 2**15 - 1),
    "int": (-(2**31), 2**31 - 1),
    "unsignedByte": (0, 2**8 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedInt": (0, 2**32 - 1),
    **dict.fromkeys(("unsignedLong", "nonNegativeInteger", "positiveInteger"), (0, 2**64 - 1)),
    **dict.fromkeys(
        ("long", "integer", "negativeInteger", "nonPositiveInteger"), (-(2**63), 2**63 - 1)
    ),
}
_INT64 = _RANGES["long"]
_LETTERS = 'aZ0 é€𝄞ß"\\\n'
_DAY = 86400
_MAX_DEPTH = 6
# Days from 1970-01-01 to dates that are edges of a month, of a year, or of the types themselves.
_DAYS = (0, 730, 759, 788, 789, 790, 1095, 11016, 19782, -719528, -1000000, 10**9)


@dataclass
class Constants:
    """What a program compares with."""

    numbers: set[Fraction | float] = field(default_factory=set)
    lengths: set[int] = field(default_factory=set)
    patterns: set[tuple[str, str]] = field(default_factory=set)
    counts: set[int] = field(default_factory=set)
    literals: set[model.Literal] = field(default_factory=set)
    nodes: set[int] = field(default_factory=set)
    enumerators: set[int] = field(default_factory=set)
    datatypes: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, program: Program) -> Constants:
        """Collect the constants of all conditions and terms."""
        found = cls()
        for cond in _all_conditions(program):
            found._add(program, cond)
        found.literals |= {t for t in program.terms if isinstance(t, model.Literal)}
        for known in found.literals:
            value = xsd.parse(known)
            if isinstance(value, xsd.Exact | xsd.Real):
                found.numbers.add(value.number)
        return found

    def _add(self, program: Program, cond: Cond) -> None:
        match cond:
            case Compares(bound=bound) | InOrder(bound=bound):
                self.literals.add(bound)
            case Interval(low=low, high=high):
                self.numbers |= {n for n in (low, high) if n is not None}
            case LengthWithin(low=low, high=high):
                self.lengths |= {n for n in (low, high) if n is not None and n < 300}
            case Matches(pattern=pattern, flags=flags):
                self.patterns.add((pattern, flags))
            case OneOf(terms=terms):
                self.literals |= {t for t in terms if isinstance(t, model.Literal)}
                self.nodes |= {_id(program, t) for t in terms if isinstance(t, model.IRI)}
            case Enumerated(var=var, members=members) if isinstance(var.type, Enum):
                others = set(range(1, len(var.type.terms) + 1)) - members
                self.enumerators |= min(set(members), others, key=len)
            case HasDatatype(datatype=datatype):
                self.datatypes.add(datatype.value.removeprefix(XSD))
            case FocusIs(node=node):
                self.nodes.add(_id(program, node))
            case CountWithin(low=low, high=high):
                self.counts |= {n for n in (low, high) if n is not None}


def _id(program: Program, term: model.IRI) -> int:
    return program.terms.index(term) + 1


def _mentioned(program: Program) -> set[int]:
    """The ids of classes and enumerators: a record says nothing else about these nodes."""
    found = set(range(1, program.class_count + 1))
    waiting = [item.type for record in program.records for item in record.fields]
    while waiting:
        match waiting.pop():
            case ListOf(items):
                waiting.append(items)
            case Enum(terms):
                found |= {_id(program, t) for t in terms if isinstance(t, model.IRI)}
    return found


def _all_conditions(program: Program) -> Iterator[Cond]:
    conds = [t.cond for t in program.tests]
    for body in program.bodies:
        conds += [op.cond for op in walk(body.body) if isinstance(op, Check | If)]
    return conditions(All(tuple(conds)))


class Generator:
    """Draws records of a program; equal seeds give equal records."""

    def __init__(self, program: Program, seed: int):
        self.program = program
        self._random = random.Random(seed)
        self._constants = Constants.of(program)
        self._instants = self._parsed(xsd.Instant)
        self._durations = self._parsed(xsd.Duration)
        self._compares = any(isinstance(c, Same | Precedes) for c in _all_conditions(program))
        self._circles = recursive_records(program.records)
        self._recursion_limit = min(program.depth - 1, 4)
        self._wild = 0.1
        self._focus = 0
        self._plain = _mentioned(program)
        self._refs: dict[int, RefValue] = {}
        self._made: dict[str, list[RecordValue]] = {}
        self._blank: dict[int, tuple[int, RecordValue]] = {}

    def _parsed(self, kind: type[xsd.Value]) -> list[xsd.Value]:
        values = [xsd.parse(found) for found in sorted(self._constants.literals)]
        return [value for value in values if isinstance(value, kind)]

    # Records

    def record(self, name: str, *, wild: float = 0.1) -> RecordValue:
        """Draw a record; `wild` is the share of values that come without regard to constants."""
        value = self._drawn(name, wild)
        while is_too_deep(self.program, value):
            value = self._drawn(name, wild)
        return value

    def _drawn(self, name: str, wild: float) -> RecordValue:
        self._wild = wild
        self._refs, self._made, self._blank = {}, {}, {}
        record = self.program.record(name)
        value = RecordValue(name)
        if record.has_id and not self._chance(0.3):
            value.id = self._focus_id()
        if value.id:
            self._refs[value.id] = RefValue(0)
        self._focus = value.id
        self._fill(value, record, 0)
        return value

    def _focus_id(self) -> int:
        """Draw an id that is no class of a record: no rdf:type may lead back to it."""
        number = self._node_id()
        classes = [
            iri for r in self.program.records for iri in (r.type, *r.tags) if iri is not None
        ]
        return 0 if number in [_id(self.program, iri) for iri in classes] else number

    def _fill(self, value: RecordValue, record: Record, depth: int) -> None:
        if record.has_class and not self._chance(0.3):
            value.class_id = self._class_id(record)
        for item in record.fields:
            value.fields[item.name] = self._values(item, depth, value)
        self._made.setdefault(record.name, []).append(value)

    def _class_id(self, record: Record) -> int:
        if record.type is None:
            return self._any_class()
        return _id(self.program, self._random.choice((record.type, *record.tags)))

    def _any_class(self) -> int:
        number = self._some_class()
        return 0 if number == self._focus else number

    def _some_class(self) -> int:
        if self._chance(0.2) or not self.program.class_count:
            return self._random.choice([0, len(self.program.terms) + 7, 2**32 - 1])
        known = [c.iri for c in self.program.classes if c.iri in self.program.terms]
        if known and self._chance(0.4):
            return _id(self.program, self._random.choice(known))
        return self._random.randint(1, self.program.class_count)

    def _values(self, item: Field, depth: int, owner: RecordValue) -> list[Value]:
        """Draw the values of a field, sometimes those of another field of the struct."""
        if item.capacity == 0 or (item.single and self._chance(0.15)):
            return []
        if self._compares and self._chance(0.4):
            taken = self._taken(item, owner)
            if taken:
                return taken[: item.capacity]
        count = 1 if item.single else self._count(item.capacity)
        values = [self._value(item.type, depth) for _ in range(count)]
        if count > 1 and self._chance(0.3):
            values[-1] = values[0]
        return [v for v in values if v is not None]

    def _taken(self, item: Field, owner: RecordValue) -> list[Value]:
        """The values of another field, as values of this one, where they can be that."""
        others = [f for f in self.program.record(owner.record).fields if owner.fields.get(f.name)]
        if not others:
            return []
        source = self._random.choice(others)
        values = [self._as(item.type, source.type, v) for v in owner.fields[source.name]]
        return [v for v in values if v is not None]

    def _as(self, type_: ValueType, source: ValueType, value: Value) -> Value:
        """A value of another type as one of this type, the same term or number; else None."""
        if type_ == source:
            return value
        term = self._term_of(source, value)
        if term is None or term.tag in ("none", "typed") or isinstance(term.tag, int):
            return None
        match type_, term.value:
            case General(record), RefValue() as ref:
                return term if self._fits(ref, record) else None
            case General(), _:
                return term
            case Tagged(arms), _:
                tags = [a.datatype if isinstance(a, Scalar) else "langString" for a in arms]
                return term if term.tag in tags else None
            case LangString(), LangValue():
                return term.value
            case Ref(record), RefValue() as ref:
                return ref if self._fits(ref, record) else None
            case Enum(terms), RefValue(number) if number:
                named = [
                    self.program.terms.index(t) + 1 if t in self.program.terms else 0
                    for t in terms
                ]
                return (
                    named.index(number) + 1 if number in named and not term.value.record else None
                )
            case Scalar(name, int() as size), str() as text:
                fits = name == term.tag and len(text.encode()) <= size
                return text if fits else None
            case Scalar(name, None), _:
                return self._number_as(name, term)
        return None

    def _term_of(self, source: ValueType, value: Value) -> TermValue | None:
        match source, value:
            case Scalar(name), _:
                return TermValue(name, value)
            case LangString(), LangValue():
                return TermValue("langString", value)
            case ((General() | Tagged()), TermValue()):
                return value
            case Ref(), RefValue():
                return TermValue("node", value)
            case Enum(terms), int() if 0 < value <= len(terms):
                chosen = terms[value - 1]
                if isinstance(chosen, model.IRI):
                    return TermValue("node", RefValue(_id(self.program, chosen)))
            case Pointer(), RecordValue() as described:
                return TermValue("node", RefValue(0, 0, described))
            case ListOf(), []:
                if NIL in self.program.terms:
                    return TermValue("node", RefValue(_id(self.program, NIL)))
        return None

    def _number_as(self, name: str, term: TermValue) -> Value:
        """A number as one of another datatype, next to it where it does not fit exactly."""
        match term.value:
            case DecimalValue(unscaled, scale) if 0 <= scale <= 18:
                number = Fraction(unscaled, 10**scale)
            case float() if math.isfinite(term.value):
                number = Fraction(term.value)
            case int() if term.tag != "boolean":
                number = Fraction(term.value)
            case _:
                return term.value if term.tag == name else None
        if name in _RANGES:
            whole = math.floor(number) + self._random.choice([-1, 0, 0, 1])
            low, high = _RANGES[name]
            return whole if low <= whole <= high else None
        if name in xsd.REALS:
            rounded = _double(number)
            return _to_single(rounded) if name == "float" else rounded
        if name == "decimal":
            scaled = number
            scale = 0
            while scaled.denominator != 1 and scale < 18:
                scaled, scale = scaled * 10, scale + 1
            unscaled = math.floor(scaled) + self._random.choice([-1, 0, 0, 1])
            return DecimalValue(unscaled, scale) if _INT64[0] <= unscaled <= _INT64[1] else None
        return None

    def _count(self, capacity: int) -> int:
        options = [0, 1, 1, 2, 3, *self._constants.counts]
        if self._chance(0.2):
            return capacity if capacity <= 64 else 5
        return min(capacity, self._random.choice([n for n in options if n <= 12]))

    def _nested(self, name: str, depth: int) -> RecordValue | None:
        """Draw a struct that another one points to, or one that was drawn before."""
        made = self._made.get(name, ())
        if made and self._chance(0.2):
            return self._random.choice(made)
        if depth >= (self._recursion_limit if name in self._circles else _MAX_DEPTH):
            return None
        value = RecordValue(name)
        self._fill(value, self.program.record(name), depth + 1)
        return value

    def _pointed(self, name: str, depth: int) -> RecordValue | None:
        """Draw a struct for a pointer, which gives no class to the node."""
        value = self._nested(name, depth)
        if value is not None and self._class_of_blank(value, 0):
            return None
        return value

    # Values

    def _value(self, type_: ValueType, depth: int) -> Value:
        match type_:
            case Scalar(name, inline):
                return self._inline(inline) if inline is not None else self._scalar(name)
            case Typed(datatype):
                return self._text(datatype.value)
            case LangString():
                return self._lang()
            case Enum(terms):
                return self._enumerator(terms)
            case Tagged(arms):
                return self._tagged(arms)
            case General(record):
                return self._general(record, depth)
            case Ref(record):
                return self._ref(record, depth)
            case Pointer(record):
                return self._pointed(record, depth)
            case ListOf(items, capacity):
                members = [self._value(items, depth) for _ in range(self._count(capacity))]
                return [m for m in members if m is not None]
        raise TypeError(f"no values of {type_}")

    def _enumerator(self, terms: tuple[model.Term, ...]) -> int:
        count = len(terms)
        if self._chance(self._wild):
            return self._random.choice([0, count + 1, 255 if count <= 255 else 2**16 - 1])
        special = sorted(n for n in self._constants.enumerators if 0 < n <= count)
        number = self._random.randint(1, count)
        if special and self._chance(0.3):
            number = self._random.choice(special)
        chosen = terms[number - 1]
        is_focus = isinstance(chosen, model.IRI) and _id(self.program, chosen) == self._focus
        return 0 if is_focus else number

    def _tagged(self, arms: tuple[Scalar | LangString, ...]) -> TermValue:
        if self._chance(self._wild):
            return self._random.choice([self._bad_term(), self._literal_term()])
        arm = self._random.choice(arms)
        if isinstance(arm, LangString):
            return TermValue("langString", self._lang())
        return TermValue(arm.datatype, self._scalar(arm.datatype))

    def _general(self, record: str | None, depth: int) -> TermValue:
        if self._chance(0.3 * self._wild):
            return self._bad_term()
        if self._chance(0.4):
            return TermValue("node", self._ref(record, depth))
        return self._literal_term()

    def _bad_term(self) -> TermValue:
        tags: list[str | int] = ["none", 35, 200, 255]
        return TermValue(self._random.choice(tags), None)

    def _literal_term(self) -> TermValue:
        known = sorted(self._constants.literals)
        if known and self._chance(0.6):
            chosen = self._random.choice(known)
            name = xsd.local_name(chosen.datatype.value)
            if chosen.language:
                return TermValue("langString", self._lang())
            if name in xsd.SCALARS:
                return TermValue(name, self._scalar(name))
            if chosen.datatype in self.program.terms:
                datatype = _id(self.program, chosen.datatype)
                return TermValue("typed", TypedValue(chosen.lexical, datatype))
        if self._chance(0.1):
            return TermValue("langString", self._lang())
        if self._chance(0.1):
            return TermValue("typed", TypedValue(self._text(""), len(self.program.terms) + 9))
        asked = sorted(self._constants.datatypes.intersection(xsd.SCALARS))
        name = self._random.choice(asked if asked and self._chance(0.6) else xsd.SCALARS)
        value = self._scalar(name)
        if name in _RANGES and self._chance(self._wild):
            value = self._integer(_INT64 if _RANGES[name][0] else _RANGES["unsignedLong"])
        return TermValue(name, value)

    def _node_id(self) -> int:
        known = sorted(self._constants.nodes)
        if known and self._chance(0.5):
            return self._random.choice(known)
        last = len(self.program.terms)
        drawn = self._random.randint(1 if self._chance(0.3) else last + 1, last + 4)
        # The stand-in for bad enumerators is no node that an application names.
        return last + 1 if drawn <= last and self.program.terms[drawn - 1] == INVALID else drawn

    def _ref(self, record: str | None, depth: int) -> RefValue:
        """Draw a reference; equal ids in one record tree get equal references."""
        number = 0 if self._chance(0.4) else self._node_id()
        known = self._refs.get(number)
        if known is not None:
            if known.id and self._fits(known, record):
                return known
            number = 0  # the focus node, or what is being described: nothing refers back to it
        if number in self._plain:
            return RefValue(number)
        if number:
            self._refs[number] = RefValue(0)  # not for what lies below
        described = None
        if record is not None and not self._chance(0.25):
            described = self._nested(record, depth)
        class_id = 0 if self._chance(0.3) else self._any_class()
        if described is not None and not number:
            class_id = self._class_of_blank(described, class_id)
        ref = RefValue(number, class_id, described)
        if number:
            self._refs[number] = ref
        return ref

    def _class_of_blank(self, described: RecordValue, class_id: int) -> int:
        """The class that every reference to a struct's blank node gives to it."""
        return self._blank.setdefault(id(described), (class_id, described))[0]

    def _fits(self, ref: RefValue, record: str | None) -> bool:
        """Whether the reference may stand where structs of this type are expected."""
        return ref.record is None or ref.record.record == record

    # Scalars

    def _scalar(self, name: str) -> Value:
        if name == "boolean":
            return self._random.choice([0, 1, 0, 1, 0, 1, 2, 7, 255])
        if name in _RANGES:
            return self._integer(_RANGES[name])
        if name in xsd.REALS:
            return self._real(name)
        if name == "decimal":
            return self._decimal()
        if name in xsd.INSTANTS:
            return self._instant(name)
        if name in xsd.DURATIONS:
            return self._duration(name)
        return self._text(XSD + name)

    def _integer(self, limits: tuple[int, int]) -> int:
        low, high = limits
        near = [
            math.floor(n) + step
            for n in self._constants.numbers
            if not isinstance(n, float) or math.isfinite(n)
            for step in (-1, 0, 1)
        ]
        near = sorted(n for n in near if low <= n <= high)
        if near and not self._chance(max(self._wild, 0.15)):
            return self._random.choice(near)
        edges = [low, low + 1, high, high - 1, 0, 1, self._random.randint(low, high)]
        edges += [n for n in (-1, 2, 3, 50, 2**53 + 1, 2**24 + 1) if low <= n <= high]
        return self._random.choice(edges)

    def _real(self, name: str) -> float:
        rounded: Callable[[float], float] = _to_single if name == "float" else float
        # NaN is not below anything.
        finite = sorted(n for n in map(_double, self._constants.numbers) if abs(n) < 1e300)
        if finite and not self._chance(max(self._wild, 0.15)):
            middle = rounded(self._random.choice(finite))
            near = [middle, _next(middle, name, True), _next(middle, name, False)]
            return self._random.choice([*near, rounded(middle / 2), rounded(middle + 0.25)])
        edges = [math.nan, -0.0, 0.0, math.inf, -math.inf, 1.0, -1.0, 1e-45, 3.4e38, 16777216.0]
        if name == "double":
            edges += [5e-324, 1.7976931348623157e308, 0.1, 1e22, 1e23, 123456789012345.67]
        wide = self._random.uniform(-1000, 1000)
        return rounded(self._random.choice([*edges, wide, round(wide)]))

    def _decimal(self) -> DecimalValue:
        exact = sorted(
            n
            for n in (Fraction(n) for n in self._constants.numbers if math.isfinite(n))
            if _scale(n) is not None
        )
        if exact and not self._chance(max(self._wild, 0.15)):
            number = self._random.choice(exact)
            least = _scale(number) or 0
            scale = self._random.choice([least, least, min(least + 2, 18)])
            unscaled = int(number * 10**scale) + self._random.choice([-1, 0, 0, 1])
            if _INT64[0] <= unscaled <= _INT64[1]:
                return DecimalValue(unscaled, scale)
        scale = self._random.choice([0, 1, 2, 9, 18, 18, -1, 19, 127, -128])
        return DecimalValue(self._integer(_INT64), scale)

    def _instant(self, name: str) -> InstantValue:
        known = [v for v in self._instants if isinstance(v, xsd.Instant)]
        same = [v for v in known if v.family == ("dateTime" if "Stamp" in name else name)]
        if same and not self._chance(max(self._wild, 0.15)):
            middle = self._random.choice(same)
            value = InstantValue(middle.seconds, middle.nanoseconds, middle.zone)
        else:
            days = self._random.choice(_DAYS)
            value = InstantValue(days * _DAY, 0, self._zone())
        if self._chance(0.5):
            return value
        steps = [1, -1, 3600, _DAY, -_DAY, 31 * _DAY, 366 * _DAY, 14 * 3600, -14 * 3600 - 1]
        nanoseconds = self._random.choice([0, 0, 0, 1, 999999999, 500000000, 10**9, 2**32 - 1])
        seconds = value.seconds + self._random.choice(steps)
        if self._chance(0.05):
            seconds = self._random.choice(_INT64)
        return InstantValue(seconds, nanoseconds, self._zone())

    def _zone(self) -> int | None:
        return self._random.choice([None, None, 0, 60, -840, 840, 330, 841, -2000, 32767])

    def _duration(self, name: str) -> DurationValue:
        known = [v for v in self._durations if isinstance(v, xsd.Duration)]
        if known and not self._chance(max(self._wild, 0.15)):
            middle = self._random.choice(known)
            value = DurationValue(middle.months, middle.seconds, middle.nanoseconds)
            step = self._random.choice([0, 0, 1, -1])
            if name == "yearMonthDuration":
                return DurationValue(value.months + step, value.seconds, value.nanoseconds)
            return DurationValue(value.months, value.seconds + step, value.nanoseconds)
        months = self._random.choice([0, 0, 1, 12, -1, 13, 2**31 - 1, -(2**31)])
        days = self._random.choice([0, 0, 28, 29, 30, 31, 365, -30])
        seconds = self._random.choice([days * _DAY, days * _DAY + 1, 59, *_INT64])
        nanoseconds = self._random.choice([0, 0, 0, 1, -1, 10**9 - 1, 10**9, -(2**31)])
        return DurationValue(months, seconds, nanoseconds)

    # Text

    def _inline(self, size: int) -> str:
        text = self._text(XSD + "string", size)
        while len(text.encode()) > size:
            text = text[:-1]
        return text

    def _text(self, datatype: str, most: int = 400) -> str:
        known = sorted(t.lexical for t in self._constants.literals if t.datatype.value == datatype)
        if known and not self._chance(max(self._wild, 0.4)):
            return self._random.choice(known)
        patterns = sorted(self._constants.patterns)
        if patterns and not self._chance(max(self._wild, 0.2)):
            drawn = drawer(*self._random.choice(patterns))
            way = drawn.near if self._chance(0.3) else drawn.matching
            return way(self._random, most)
        lengths = [n + d for n in self._constants.lengths for d in (-1, 0, 1) if n + d >= 0]
        length = self._random.choice([0, 1, 5, *lengths])
        letters = self._random.choice([_LETTERS, "a", "€", "𝄞"])
        return "".join(self._random.choice(letters) for _ in range(min(length, most)))

    def _lang(self) -> LangValue:
        known = [t for t in sorted(self._constants.literals) if t.language]
        if known and not self._chance(0.3):
            chosen = self._random.choice(known)
            language = chosen.language.upper() if self._chance(0.3) else chosen.language
            return LangValue(chosen.lexical, language)
        return LangValue(self._text(""), self._random.choice(["en", "de", "de-AT", "EN"]))

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    # Search

    def improved(
        self, value: RecordValue, badness: Callable[[RecordValue], int], rounds: int = 60
    ) -> RecordValue:
        """Redraw fields while that leaves no more violations, until none is left."""
        least = badness(value)
        for _ in range(rounds):
            if least == 0:
                break
            undo = self.mutate(value, wild=0.02)
            found = badness(value)
            if found <= least:
                least = found
            else:
                undo()
        return value

    def mutate(self, value: RecordValue, *, wild: float) -> Callable[[], None]:
        """Redraw one field of one struct; return what takes that back."""
        self._wild = wild
        structs = [r for r in reachable(value) if self.program.record(r.record).fields]
        if not structs:
            return lambda: None
        target = self._random.choice(structs)
        item = self._random.choice(self.program.record(target.record).fields)
        before = target.fields.get(item.name, [])
        self._forget(value)
        target.fields[item.name] = self._values(item, _MAX_DEPTH - 3, target)

        def undo() -> None:
            target.fields[item.name] = before

        if is_too_deep(self.program, value):
            undo()
        return undo

    def _forget(self, root: RecordValue) -> None:
        """Know the references that the tree has now, and share no struct: that could cycle."""
        self._made = {}
        self._focus = root.id
        self._refs = {root.id: RefValue(0)} if root.id else {}
        for struct_value in reachable(root):
            for values in struct_value.fields.values():
                for ref in (r for v in values for r in _refs(v)):
                    if ref.id:
                        self._refs[ref.id] = ref


def broken(program: Program, value: RecordValue, chooser: random.Random) -> bool:
    """Break the contract of one struct in place, where it has something to break."""
    ways: list[Callable[[], None]] = []
    for target in reachable(value):
        record = program.record(target.record)
        if record.tags:
            ways.append(_breaker(target, "class_id", len(program.terms) + 3))
        for item in record.fields:
            ways += [_filler(target, item, values) for values in _bad_values(target, item)]
            ways += [_filler(target, item, values) for values in _circles(program, target, item)]
    if not ways:
        return False
    chooser.choice(ways)()
    return True


def _breaker(target: RecordValue, name: str, number: int) -> Callable[[], None]:
    return lambda: setattr(target, name, number)


def _filler(target: RecordValue, item: Field, values: list[Value]) -> Callable[[], None]:
    def fill() -> None:
        target.fields[item.name] = values

    return fill


def _bad_values(target: RecordValue, item: Field) -> Iterator[list[Value]]:
    """Lists of values for the field that no struct may hold."""
    values = target.fields.get(item.name) or []
    if item.capacity > 1 and values:
        yield (values * (item.capacity + 1))[: item.capacity + 1]
    if item.capacity == 0:
        return
    match item.type:
        case Scalar(name, inline) if name in xsd.TEXTS:
            yield [NullText(3)] if inline is None else ["x" * (inline + 1)]
            for text in _NO_UTF8:
                if inline is None or len(text) <= inline:
                    yield [text]
        case Typed():
            yield [NullText(1)]
            for text in _NO_UTF8:
                yield [text]
        case LangString():
            yield [LangValue(_NO_UTF8[0], "en")]
            for tag in ("", "-", "en-", "e1", "a" * 9):
                yield [LangValue("a", tag)]
        case Pointer():
            yield [None]
        case ListOf(_, capacity) if values and isinstance(values[0], list) and values[0]:
            yield [(values[0] * (capacity + 1))[: capacity + 1]]
        case General() | Tagged():
            yield [TermValue("string", NullText(2))]
            for text in _NO_UTF8:
                yield [TermValue("anyURI", text)]
            yield [TermValue("langString", LangValue("a", "en_GB"))]
            yield [TermValue("typed", TypedValue(_NO_UTF8[0], 1))]


def _circles(program: Program, target: RecordValue, item: Field) -> Iterator[list[Value]]:
    """Lists of values for the field that lead a struct back to itself."""
    if target.record not in recursive_records(program.records) or item.capacity == 0:
        return
    match item.type:
        case Pointer(target.record):
            yield [target]
        case Ref(target.record):
            yield [RefValue(0, 0, target)]
        case General(target.record):
            yield [TermValue("node", RefValue(0, 0, target))]
        case ListOf(Pointer(target.record)):
            yield [[target]]


def _refs(value: Value) -> Iterator[RefValue]:
    match value:
        case RefValue():
            yield value
        case TermValue(value=inner):
            yield from _refs(inner)
        case list():
            for member in value:
                yield from _refs(member)


def _double(number: Fraction | float) -> float:
    """The number, or NaN where a double cannot come near it."""
    try:
        return float(number)
    except OverflowError:
        return math.nan


def _to_single(number: float) -> float:
    try:
        return float(struct.unpack("<f", struct.pack("<f", number))[0])
    except OverflowError:
        return math.copysign(math.inf, number)


def _next(number: float, name: str, up: bool) -> float:
    """The neighbour of a finite number in its type."""
    if name == "double":
        return math.nextafter(number, math.inf if up else -math.inf)
    return xsd.next_single(number, up) if math.isfinite(number) else number


def _scale(number: Fraction) -> int | None:
    """The number of decimal digits behind the point, at most 18, or None."""
    return next((s for s in range(19) if (number * 10**s).denominator == 1), None)
