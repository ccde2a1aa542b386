# SPDX-License-Identifier: Apache-2.0
"""Run a model's handlers over records: the process that native code may bring down.

`python -m tests.records.worker LIBRARY` reads a pickled (program, records, plan, image) from
standard input and writes one pickled `Answer` for each record: of its handler, or of the machine
that runs the image where there is one.
"""

from __future__ import annotations

import ctypes
import pickle
import re
import sys
from collections.abc import Iterator, Sequence
from typing import Any, cast

from cns_build.ir.program import Check, Each, Program, Var, walk
from cns_build.ir.record import (
    ClassOf,
    Enum,
    General,
    LangString,
    ListOf,
    Pointer,
    Ref,
    Scalar,
    Self,
    Tagged,
    Typed,
    ValueType,
)
from cns_build.vocabulary import SH
from tests import structs
from tests.paths import RUNTIME
from tests.records import layout
from tests.records.answers import FOCUS, NIL, NOWHERE, Answer, Found, Struct
from tests.records.bound import MemberPlan, Plan
from tests.records.machine import Machine
from tests.records.values import (
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
    bytes_of,
    reachable,
)

CAPACITY = 4096
FORMS: dict[type, int] = {
    type(None): 0,
    Self: 1,
    Scalar: 2,
    LangString: 4,
    Enum: 5,
    Ref: 6,
    Pointer: 7,
    Tagged: 8,
    General: 8,
    ListOf: 9,
    Typed: 10,
    ClassOf: 11,
}
INLINE = 3
_SEVERITIES = {"Info": 0, "Warning": 1, "Violation": 2}
# The parameters of the components in the order of cns_component.
_COMPONENTS = re.findall(
    r'X\(\w+, "\w+", "(\w+)"\)',
    (RUNTIME / "include/cns/cns.h").read_text().partition("#define CNS_COMPONENTS(X)")[2],
)


class Marshal:
    """One record tree in C; memory lives as long as this object."""

    def __init__(self, structs: layout.Structs, root: RecordValue):
        self._structs = structs
        self._alive: list[Any] = []
        self._built: dict[int, Any] = {}
        if root.record not in structs.plan.records:  # a bound struct holds others in place
            for record in reversed(reachable(root)):
                self._build(record)
        self._build(root)
        self.addresses = {
            ctypes.addressof(self._built[id(r)]): n
            for n, r in enumerate(reachable(root))
            if id(r) in self._built  # one beyond the end of an array has no place
        }
        self.root = self._built[id(root)]

    def _build(self, value: RecordValue) -> Any:
        if id(value) in self._built:
            return self._built[id(value)]
        made = self._built[id(value)] = self._structs.struct(value.record)()
        if value.record in self._structs.plan.records:
            self._fill(made, value)
        else:
            self._fill_own(made, value)
        return made

    def _fill_own(self, made: Any, value: RecordValue) -> None:
        """Fill a struct of cns's own."""
        record = self._structs.program.record(value.record)
        if record.has_id:
            made.id = value.id
        if record.has_class:
            made.class_id = value.class_id
        bit = 0
        for item in record.fields:
            values = value.fields.get(item.name, [])
            if item.single:
                if values:
                    self._set_bit(made, bit)
                    setattr(made, item.name, self._value(item.type, values[0]))
                bit += 1
            elif item.capacity:
                setattr(made, f"{item.name}_count", len(values))
                for index, element in enumerate(values[: item.capacity]):
                    getattr(made, item.name)[index] = self._value(item.type, element)

    def _fill(self, made: Any, value: RecordValue) -> None:
        """Fill a struct of the user's own, where it lies."""
        record = self._structs.program.record(value.record)
        if record.has_id:
            made.node = value.id
        if record.has_class:
            made.kind = value.class_id
        for item in record.fields:
            plan = self._structs.plan.member(value.record, item.name)
            if plan is None:
                continue
            values = value.fields.get(item.name, [])
            if isinstance(plan.count, str):
                setattr(made, plan.count, len(values))
            if plan.length:
                for index, element in enumerate(values[: plan.length]):
                    self._put(getattr(made, plan.name), index, item.type, plan, element)
            elif values:
                self._mark_present(made, plan)
                self._put(made, plan.name, item.type, plan, values[0])
            elif plan.presence[0] == "absent":
                self._mark_absent(made, plan)

    def _mark_present(self, made: Any, plan: MemberPlan) -> None:
        way, what = plan.presence
        if way == "mask":
            name, _, mask = what.partition(" & ")
            setattr(made, name, getattr(made, name) | int(mask, 16))
        elif way == "flag":
            setattr(made, what, 256)

    def _mark_absent(self, made: Any, plan: MemberPlan) -> None:
        constant = plan.presence[1]
        if plan.held == "c_string" and constant == "":
            setattr(made, plan.name, self._c_string(""))
        elif constant not in ("", "NULL"):
            number = float(constant) if plan.c_type in ("float", "double") else int(constant)
            setattr(made, plan.name, number)

    def _put(
        self, holder: Any, key: str | int, type_: ValueType, plan: MemberPlan, value: Value
    ) -> None:
        """Put a value into a member or an element of an array."""
        if plan.held == "struct":
            inner = getattr(holder, key) if isinstance(key, str) else holder[key]
            nested = value.record if isinstance(value, RefValue) else value
            assert isinstance(nested, RecordValue)
            self._built[id(nested)] = inner
            self._fill(inner, nested)
            return
        held = self._held(type_, plan, value)
        if isinstance(key, str):
            setattr(holder, key, held)
        elif plan.held == "chars":
            holder[key].value = held
        else:
            holder[key] = held

    def _held(self, type_: ValueType, plan: MemberPlan, value: Value) -> Any:
        match plan.held, value:
            case "chars", str():
                return bytes_of(value)
            case "c_string", _:
                return self._c_string(value) if isinstance(value, str) else None
            case "scaled", DecimalValue(unscaled):
                return unscaled
            case "unix", InstantValue(seconds):
                return seconds
            case "codes", int():
                return self._code(plan, value)
            case "id", RefValue(number):
                return number
            case "pointer", RefValue(record=record):
                return self._address(record)
        return self._value(Scalar(type_.datatype) if isinstance(type_, Scalar) else type_, value)

    def _c_string(self, text: str) -> int:
        memory = ctypes.create_string_buffer(bytes_of(text))
        self._alive.append(memory)
        return ctypes.addressof(memory)

    def _code(self, plan: MemberPlan, number: int) -> int:
        """The constant of an enumerator; for 0, one that is in no table."""
        code = plan.codes[number - 1] if number else None
        unused = {int(plan.presence[1])} if plan.presence[0] == "absent" else set()
        if code is None:
            return next(n for n in range(1, 1000) if n not in plan.codes and n not in unused)
        return code

    def _set_bit(self, made: Any, bit: int) -> None:
        if isinstance(made.has, int):
            made.has |= 1 << bit
        else:
            made.has[bit // 32] |= 1 << bit % 32

    def _value(self, type_: ValueType, value: Value) -> Any:
        match type_, value:
            case Scalar(name, inline), _:
                return self._scalar(name, inline, value)
            case Typed(), _:
                return self._text(value)
            case Enum(), int():
                return value
            case LangString(), LangValue(text, language):
                return structs.LangStr(self._text(text), self._text(language))
            case Tagged() | General(), TermValue():
                return self._term(value)
            case Ref(), RefValue():
                return self._ref(value)
            case Pointer(), RecordValue():
                return self._address(value)
            case Pointer(), None:
                return None
            case ListOf(items, capacity), list():
                made = self._structs.value(type_)()
                made.count = len(value)
                for index, member in enumerate(value[:capacity]):
                    made.items[index] = self._value(items, member)
                return made
        raise TypeError(f"{value!r} is no value of {type_}")

    def _address(self, value: RecordValue | None) -> int | None:
        return None if value is None else ctypes.addressof(self._build(value))

    def _ref(self, ref: RefValue) -> structs.RefStruct:
        return structs.RefStruct(ref.id, ref.class_id, self._address(ref.record))

    def _text(self, value: Value) -> structs.Str:
        if isinstance(value, NullText):
            return structs.Str(None, value.length)
        assert isinstance(value, str)
        data = bytes_of(value)
        memory = (ctypes.c_char * len(data)).from_buffer_copy(data)
        self._alive.append(memory)
        return structs.Str(ctypes.addressof(memory) if data else None, len(data))

    def _scalar(self, name: str, inline: int | None, value: Value) -> Any:
        match value:
            case str() if inline is not None:
                made = self._structs.value(Scalar(name, inline))()
                data = bytes_of(value)
                made.length = len(data)
                ctypes.memmove(_bytes_of(made), data, min(len(data), inline))
                return made
            case str() | NullText():
                return self._text(value)
            case DecimalValue(unscaled, scale):
                return structs.Decimal(unscaled, scale)
            case InstantValue(seconds, nanoseconds, zone):
                return structs.DateTime(
                    seconds, nanoseconds, structs.NO_ZONE if zone is None else zone
                )
            case DurationValue(months, seconds, nanoseconds):
                return structs.Duration(seconds, months, nanoseconds)
        return value

    def _term(self, term: TermValue) -> structs.Term:
        made = structs.Term()
        made.tag = term.tag if isinstance(term.tag, int) else layout.TAGS.index(term.tag)
        match term:
            case TermValue("none" | int()):
                pass
            case TermValue("node", RefValue() as ref):
                made.as_.node = self._ref(ref)
            case TermValue("langString", LangValue(text, language)):
                made.as_.langstr = structs.LangStr(self._text(text), self._text(language))
            case TermValue("typed", TypedValue(lexical, datatype)):
                made.as_.typed = structs.TypedStr(self._text(lexical), datatype)
            case TermValue(str() as name, value):
                setattr(made.as_, layout.DATATYPES[name][0], self._scalar(name, None, value))
        return made


def _bytes_of(inline: Any) -> int:
    offset: int = type(inline).bytes.offset
    return ctypes.addressof(inline) + offset


class Reader:
    """Reads reported nodes back from C."""

    def __init__(self, structs: layout.Structs, addresses: dict[int, int]):
        self._structs = structs
        self._addresses = addresses

    def struct(self, address: int | None) -> Struct:
        """The struct at an address."""
        return Struct(self._addresses.get(address or 0, -1))

    def focus(self, type_: ValueType, violation: structs.Violation) -> int | Struct:
        """The focus node: an id or a struct."""
        if violation.focus_id:
            return cast(int, violation.focus_id)
        match type_:
            case Self() | Pointer() | Ref(str()) | General(str()):
                return self.struct(violation.focus)
            case ListOf():
                count = ctypes.c_uint16.from_address(violation.focus).value
                return NOWHERE if count else NIL
        return NOWHERE

    def value(self, type_: ValueType, address: int) -> Value | Struct:
        """The value at an address."""
        match type_:
            case Self():
                return FOCUS
            case Pointer():
                return self.struct(address)
            case ClassOf():
                return RefValue(ctypes.c_uint32.from_address(address).value)
            case ListOf():
                return NOWHERE if ctypes.c_uint16.from_address(address).value else NIL
        held = self._structs.value(type_).from_address(address)
        return self._held(type_, held)

    def _held(self, type_: ValueType, held: Any) -> Value | Struct:
        match type_:
            case Scalar(_, int()):
                return ctypes.string_at(_bytes_of(held), held.length).decode()
            case Scalar(name):
                return self._scalar(name, held)
            case Typed():
                return _read_text(held)
            case LangString():
                return LangValue(_read_text(held.text), _read_text(held.language))
            case Enum():
                return int(held.value)
            case Ref():
                return self._node(held)
            case Tagged() | General():
                return self._term(held)
        raise TypeError(f"{type_} is no type of a reported value")

    def term(self, type_: ValueType, term: Any) -> Value | Struct:
        """What the runtime read from a member of the user's own, as a value of the type."""
        if isinstance(type_, Enum):
            known = [self._structs.program.terms.index(t) + 1 for t in type_.terms]
            return known.index(term.as_.node.id) + 1 if term.tag else 0
        found = self._term(term)
        if isinstance(found, TermValue) and not isinstance(type_, Tagged | General):
            if isinstance(type_, Scalar):
                assert found.tag == type_.datatype
            held = found.value
            return held.lexical if isinstance(held, TypedValue) else cast(Value, held)
        return found

    def _node(self, held: Any) -> Value | Struct:
        return RefValue(held.id) if held.id else self.struct(held.record)

    def _term(self, held: Any) -> Value | Struct:
        if held.tag == 0 or held.tag >= len(layout.TAGS):
            return TermValue(int(held.tag), None)
        name = layout.TAGS[held.tag]
        match name:
            case "node":
                return self._node(held.as_.node)
            case "langString":
                text = held.as_.langstr
                return TermValue(name, LangValue(_read_text(text.text), _read_text(text.language)))
            case "typed":
                typed = held.as_.typed
                return TermValue(name, TypedValue(_read_text(typed.lexical), typed.datatype))
        return TermValue(name, self._scalar(name, getattr(held.as_, layout.DATATYPES[name][0])))

    def _scalar(self, name: str, held: Any) -> Value:
        match held:
            case structs.Str():
                return _read_text(held)
            case structs.Decimal():
                return DecimalValue(held.unscaled, held.scale)
            case structs.DateTime():
                zone = None if held.zone == structs.NO_ZONE else held.zone
                return InstantValue(held.seconds, held.nanoseconds, zone)
            case structs.Duration():
                return DurationValue(held.months, held.seconds, held.nanoseconds)
            case int() | float():
                return held
        number: int | float = held.value
        return number


def _read_text(text: structs.Str) -> str:
    return text.text().decode()


class Handlers:
    """The handlers of one model in a shared library."""

    def __init__(
        self, library: str, program: Program, plan: Plan | None, image: Sequence[int] | None
    ):
        self._library = ctypes.CDLL(library)
        self._program = program
        self._structs = layout.Structs(program, plan)
        self._machine = Machine(self._library, program, image) if image else None
        self._model = structs.Model.in_dll(self._library, f"{program.name}_model")
        if self._machine:
            self._model = self._machine.model
        self._check_of = self._library.cns_model_check
        self._check_of.restype = structs.CheckInfo
        self._format = self._library.cns_violation_format
        self._format.restype = ctypes.c_size_t
        self._value_of = self._library.cns_violation_value
        self._value_of.restype = structs.Term
        self._bound = _bound_checks(program)
        ops = [op for f in program.bodies for op in walk(f.body) if isinstance(op, Check)]
        self._vars: dict[int, tuple[Var, Var | None]] = {
            op.check: (op.focus, op.value) for op in ops
        }
        self._check_tables()

    def _check_tables(self) -> None:
        """The tables in C say what the program says."""
        if not (self._model.types or self._machine):  # a model that only gives verdicts
            assert self._model.check_count == 0
            return
        assert self._model.check_count == len(self._program.checks)
        for number, info in enumerate(self._program.checks):
            check = self._check_of(ctypes.byref(self._model), ctypes.c_uint16(number))
            assert _COMPONENTS[check.component] == info.component, info
            severity = info.severity.value.removeprefix(SH)
            assert _SEVERITIES.get(severity, len(_SEVERITIES)) == check.severity, info
            if number in self._bound:
                continue
            row = check.type[0]
            inline = isinstance(info.value, Scalar) and info.value.inline is not None
            assert row.form == (INLINE if inline else FORMS[type(info.value)]), info
            if isinstance(info.value, Scalar):
                assert layout.TAGS[row.tag] == info.value.datatype, info
            if isinstance(info.value, Enum):
                terms = [self._program.terms[row.terms[i] - 1] for i in range(row.count)]
                assert tuple(terms) == info.value.terms, info
            if check.text.message is not None:
                assert check.text.message.decode() == info.message

    def validate(self, value: RecordValue) -> Answer:
        """Call the handler of the record's type."""
        memory = Marshal(self._structs, value)
        reader = Reader(self._structs, memory.addresses)
        violations = (structs.Violation * CAPACITY)()
        result = structs.Result()
        self._library.cns_result_init(ctypes.byref(result), violations, CAPACITY)
        before = bytes(memory.root)
        if self._machine:
            number = [record.name for record in self._program.records].index(value.record)
            status = self._machine.run(number, memory.root, result)
            assert result.steps <= self._machine.steps(number), "more steps than stated"
        else:
            handler = getattr(self._library, f"{self._program.name}_{value.record}_validate")
            status = handler(ctypes.byref(memory.root), ctypes.byref(result))
        assert bytes(memory.root) == before, "the handler wrote into the record"
        assert status == result.status
        reported = [violations[i] for i in range(result.count)]
        return Answer(
            status,
            bool(result.conforms),
            result.truncated,
            tuple(self._found(reader, v) for v in reported),
            tuple(self._words(v) for v in reported[:20]),
            result.steps,
        )

    def _found(self, reader: Reader, violation: structs.Violation) -> Found:
        focus, value = self._vars[violation.check]
        node = reader.focus(focus.type, violation)
        if value is None:
            return Found(violation.check, node, None, violation.detail_of)
        if violation.check in self._bound:
            term = self._value_of(ctypes.byref(self._model), ctypes.byref(violation))
            held = reader.term(value.type, term)
        else:
            held = reader.value(value.type, violation.value)
        return Found(violation.check, node, held, violation.detail_of)

    def _words(self, violation: structs.Violation) -> str:
        buffer = ctypes.create_string_buffer(4096)
        length = self._format(
            ctypes.byref(self._model), ctypes.byref(violation), buffer, len(buffer)
        )
        assert length > 0
        return buffer.value.decode()


def _bound_checks(program: Program) -> set[int]:
    """The checks that report values of members of the user's own."""
    found: set[int] = set()
    for function in program.bodies:
        ops = list(walk(function.body))
        held = {o.var: o.fields[-1].member for o in ops if isinstance(o, Each)}
        found |= {
            o.check
            for o in ops
            if isinstance(o, Check) and o.value is not None and held.get(o.value) is not None
        }
    return found


def answers(
    library: str,
    program: Program,
    values: list[RecordValue],
    plan: Plan | None,
    image: Sequence[int] | None,
) -> Iterator[Answer]:
    """The answers of one model to records."""
    handlers = Handlers(library, program, plan, image)
    for value in values:
        yield handlers.validate(value)


def main() -> None:
    """Answer what standard input asks."""
    program, values, plan, image = pickle.load(sys.stdin.buffer)
    for answer in answers(sys.argv[1], program, values, plan, image):
        pickle.dump(answer, sys.stdout.buffer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
