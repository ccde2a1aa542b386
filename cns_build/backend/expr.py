# SPDX-License-Identifier: Apache-2.0
"""Conditions to C expressions.

Loops inside a condition become static functions (`backend.paths`); expressions then only call
them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from cns_build import model as m
from cns_build import xsd
from cns_build.backend import bound
from cns_build.backend.compare import Comparisons, address
from cns_build.backend.constants import Constants
from cns_build.backend.cstring import c_integer
from cns_build.backend.ctext import broken, joined, negate, unwrap, wrap
from cns_build.backend.languages import Languages
from cns_build.backend.literals import (
    bits,
    interval,
    intervals,
    real_equals,
    spans,
    text_of,
    valid,
)
from cns_build.backend.paths import Functions, Paths
from cns_build.backend.place import Access, Place
from cns_build.backend.texts import Texts
from cns_build.backend.types import (
    Names,
    scalar_type,
    tag,
    term_member,
)
from cns_build.ir.names import local_name, snake
from cns_build.ir.program import (
    TRUE,
    All,
    Any,
    ClassSet,
    Cond,
    Conforms,
    Const,
    Counted,
    CountWhere,
    CountWithin,
    Enumerated,
    Every,
    ExactlyOne,
    FocusIs,
    HasDatatype,
    HasLanguageIn,
    InOrder,
    Interval,
    IsA,
    KindIn,
    LanguagesUnique,
    LengthWithin,
    Matches,
    Not,
    OneOf,
    Precedes,
    Procedure,
    Program,
    Same,
    Some,
    Test,
    Var,
    conditions,
    free_vars,
)
from cns_build.ir.record import (
    NIL,
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
    invalid_term,
)
from cns_build.vocabulary import RDF

_KIND_BITS = {"IRI": "CNS_KIND_IRI", "BlankNode": "CNS_KIND_BLANK", "Literal": "CNS_KIND_LITERAL"}
_ORDER = {
    "<": "cns_is_less",
    "<=": "cns_is_at_most",
    ">": "cns_is_more",
    ">=": "cns_is_at_least",
}


class Expressions:
    """Renders the conditions of one program."""

    def __init__(self, program: Program, names: Names) -> None:
        self.program = program
        self.names = names
        self.access = Access(program, names)
        self.functions = Functions(frozenset(names.record(r.name) for r in program.records))
        self.paths = Paths(self.access, self.functions)
        self.constants = Constants(self.access)
        self.comparisons = Comparisons(self.access, self.functions, self.paths, self.constants)
        self.languages = Languages(self.paths, self.comparisons)
        self.texts = Texts(self.access, self.functions)
        self._tests = {t.name: t for t in program.tests}
        self._test_names = _name_after_shapes(program.tests, "is", program, names)

    # Conditions

    def cond(self, cond: Cond, places: dict[int, Place]) -> str:
        """Return a C expression of type bool or int; safe as an operand of !, && and ||."""
        match cond:
            case Const(truth):
                return "true" if truth else "false"
            case Not(inner):
                return negate(self.cond(inner, places))
            case All(conds):
                return self._all(conds, places)
            case Any(conds) if _by_tag(conds):
                return self._switched(conds, places)
            case Any(conds):
                return self._joined(conds, " || ", places)
            case ExactlyOne(conds):
                ones = " + ".join(f"({self.cond(c, places)} ? 1 : 0)" for c in conds)
                return f"({ones} == 1)"
            case Every() | Some():
                return self._quantified(cond, places)
            case CountWithin():
                return self.paths.count_within(cond, places[cond.base.number])
            case CountWhere():
                return self._count_where(cond, places)
            case LanguagesUnique(base, branches):
                return f"{self.languages.count(base.type, places[base.number], branches)} == 0"
            case Same(var, other):
                one, two = places[var.number], places[other.number]
                return self.comparisons.same(var.type, one, other.type, two)
            case Precedes(var, other, or_equal):
                one, two = places[var.number], places[other.number]
                return self.comparisons.precedes(var.type, one, other.type, two, or_equal)
        return self._value_cond(cond, places[cond.var.number])

    def _joined(self, conds: Sequence[Cond], operator: str, places: dict[int, Place]) -> str:
        parts = [wrap(self.cond(c, places)) for c in conds]
        return joined(parts, operator)

    def _all(self, conds: Sequence[Cond], places: dict[int, Place]) -> str:
        """Ask first which fields are present: what their values satisfy then needs no absence."""
        asked = [c for c in conds if isinstance(c, CountWithin) and _is_presence(c)]
        known = {(c.base, c.fields[0]) for c in asked}
        parts = [wrap(self.cond(c, places)) for c in asked]
        for cond in conds:
            if isinstance(cond, Every) and (cond.base, cond.field) in known:
                place = self._single_value(cond, places)
                parts.append(wrap(self.cond(cond.cond, {**places, cond.var.number: place})))
            elif cond not in asked:
                parts.append(wrap(self.cond(cond, places)))
        return joined(parts, " && ")

    def _single_value(self, cond: Every | Some, places: dict[int, Place]) -> Place:
        base = places[cond.base.number]
        return self.access.element(base, cond.base.type, cond.field, "")

    def _switched(self, conds: Sequence[Cond], places: dict[int, Place]) -> str:
        """Return the call of a function that asks a cns_term by its tag, one case a datatype."""
        cases: dict[str, list[str]] = {}
        for cond in conds:
            assert isinstance(cond, Interval | InOrder)
            value = f"value->as.{term_member(cond.datatype)}"
            cases.setdefault(self._ordered(cond, value), []).append(tag(cond.datatype))
            place = places[cond.var.number]

        def text(function: str) -> str:
            lines = [
                f"static bool\n{function}(const cns_term *value)\n{{",
                "    switch (value->tag) {",
            ]
            for test, tags in cases.items():
                lines += [f"    case {t}:" for t in tags]
                lines.append(f"        return {unwrap(test)};")
            return "\n".join([*lines, "    default:", "        return false;", "    }", "}", ""])

        name = self.functions.add(f"{self.names.model}_within_{place.path}", text)
        return f"{name}(&{place.value})"

    def _ordered(self, cond: Interval | InOrder, value: str) -> str:
        if isinstance(cond, Interval):
            return interval(cond, value, wide=not isinstance(cond.var.type, Scalar))
        bound = self.constants.value(cond.bound, cond.datatype)
        held = text_of(cond.var.type, value) if cond.datatype == "string" else value
        order = f"{_ORDER[cond.op]}({scalar_type(cond.datatype)}_compare({held}, {bound}))"
        well_formed = valid(cond.datatype, value)
        return order if well_formed == "true" else f"({well_formed} && {order})"

    def _value_cond(self, cond: Cond, place: Place) -> str:
        match cond:
            case KindIn(var, kinds):
                return self._kind(var.type, kinds, place)
            case InOrder(op=op, bound=limit) if place.held and place.held.scale is not None:
                return bound.scaled_order(place.held, op, limit)
            case HasDatatype() if place.held and place.held.scale is not None:
                return "true"
            case HasDatatype(var, datatype):
                return self._has_datatype(var.type, datatype, place)
            case Interval() | InOrder() if isinstance(cond.var.type, Scalar):
                return self._ordered(cond, place.value)
            case Interval() | InOrder():
                held = self._ordered(cond, f"{place.value}.as.{term_member(cond.datatype)}")
                return f"({place.value}.tag == {tag(cond.datatype)} && {held})"
            case LengthWithin():
                return self.texts.length(cond, place)
            case HasLanguageIn(var, ranges):
                return self._language_in(var.type, ranges, place)
            case Matches():
                return self.texts.matches(cond, place)
            case OneOf(var, terms):
                return self._one_of(var.type, terms, place)
            case Enumerated(var, members):
                assert isinstance(var.type, Enum)
                return self.within(members, len(var.type.terms), place)
            case IsA(var, iri):
                return self._is_a(var.type, iri, place)
            case Conforms(var, test):
                return f"{self._test_names[test]}({self.argument(var.type, place)})"
            case FocusIs(_, node):
                return f"{place.id} == {self.access.number(node)}"
        raise AssertionError(cond)

    def argument(self, type_: ValueType, place: Place) -> str:
        """Return the arguments that pass a value to a test function."""
        match type_:
            case Self():
                return f"{place.record}, {place.id}"
            case Tagged() | General() | ListOf() | Scalar(inline=int()):
                return f"&{place.value}"
        return place.value

    def target(self, type_: ValueType, place: Place) -> str:
        """Return the arguments that pass a value to a procedure, which reports where it lies."""
        match type_:
            case Self() | Pointer():
                return self.argument(type_, place)
        return place.address or f"&{place.value}"

    def target_parameter(self, type_: ValueType) -> str:
        """Return the parameters that `target` fits; the value is then `(*value)` or `value`."""
        match type_:
            case Self() | Pointer():
                return self.parameter(type_)
        return f"const {self.names.value_type(type_)} *value"

    def target_focus(self, type_: ValueType) -> Place:
        """Return the place of the value that a procedure is called with."""
        match type_:
            case Self() | Pointer():
                return self.test_focus(Var(0, type_))
        return replace(self.access.place(type_, "(*value)", "value"), address="value")

    def parameter(self, type_: ValueType) -> str:
        """Return the parameters that `argument` fits; the value is then `(*value)` or `value`."""
        match type_:
            case Self(record):
                return f"const {self.names.record(record)} *record, uint32_t id"
            case Pointer(record):
                return f"const {self.names.record(record)} *value"
            case Tagged() | General() | ListOf() | Scalar(inline=int()):
                return f"const {self.names.value_type(type_)} *value"
        return f"{self.names.value_type(type_)} value"

    def _kind(self, type_: ValueType, kinds: frozenset[str], place: Place) -> str:
        if isinstance(type_, General):
            bits = [_KIND_BITS[k] for k in ("IRI", "BlankNode", "Literal") if k in kinds]
            if type_.invalid_kind in kinds:
                bits.append("CNS_KIND_INVALID")
            return f"cns_term_kind_in(&{place.value}, {' | '.join(bits)})"
        if isinstance(type_, ListOf):
            return f"{place.value}.count {'==' if 'IRI' in kinds else '!='} 0"
        return f"{place.id} {'!=' if 'IRI' in kinds else '=='} 0"

    def _has_datatype(self, type_: ValueType, datatype: m.IRI, place: Place) -> str:
        name = xsd.local_name(datatype.value)
        if isinstance(type_, Scalar):
            return valid(type_.datatype, place.value)
        if datatype.value == RDF + "langString":
            return f"{place.value}.tag == CNS_LANG_STRING"
        if name in xsd.SCALARS:
            return f"cns_term_has_datatype(&{place.value}, {tag(name)})"
        if datatype not in self.access.ids:
            return "false"
        typed = f"{place.value}.as.typed.datatype == {self.access.number(datatype)}"
        return f"({place.value}.tag == CNS_TYPED && {typed})"

    # Languages

    def _language_in(self, type_: ValueType, ranges: Sequence[str], place: Place) -> str:
        """Return whether a text has a language tag that matches one of the ranges."""
        value = place.value
        held = f"{value}.language" if type_ == LangString() else f"{value}.as.langstr.language"
        parts = [f"cns_language_matches({held}, {self.constants.text(r)})" for r in ranges]
        matches = joined(parts, " || ")
        if type_ == LangString():
            return matches
        return f"({value}.tag == CNS_LANG_STRING && {matches})"

    # Equality

    def _one_of(self, type_: ValueType, terms: Sequence[m.Term], place: Place) -> str:
        if isinstance(type_, Ref | Self | ClassOf):
            numbers = sorted(self.access.ids[t] for t in terms)
            value = place.value if isinstance(type_, ClassOf) else place.id
            return intervals(numbers, value, self.access.name)
        parts = [self._equals(type_, term, place) for term in terms]
        return joined(parts, " || ")

    def _equals(self, type_: ValueType, term: m.Term, place: Place) -> str:
        match type_, term:
            case (ListOf(), _):
                assert term == NIL
                return f"{place.value}.count == 0"
            case (Scalar(datatype), m.Literal()):
                return self._scalar_equals(type_, datatype, term, place.value)
            case (Typed(), m.Literal(lexical)):
                return f"cns_str_equal({place.value}, {self.constants.text(lexical)})"
            case (LangString(), m.Literal()):
                return f"cns_langstr_equal({place.value}, {self.constants.langstr(term)})"
            case ((General() | Tagged()), m.IRI()):
                same = f"{place.value}.as.node.id == {self.access.number(term)}"
                return f"({place.value}.tag == CNS_NODE && {same})"
            case ((General() | Tagged()), m.Literal()):
                return f"cns_term_same(&{place.value}, &{self.constants.term(term)})"
        raise AssertionError((type_, term))

    def _scalar_equals(self, type_: Scalar, datatype: str, term: m.Literal, value: str) -> str:
        parsed = xsd.parse(term)
        match parsed:
            case xsd.Exact(number) if datatype != "decimal":
                return f"{value} == {c_integer(int(number), scalar_type(datatype))}"
            case xsd.Boolean(truth):
                return f"cns_bool_byte(&{value}) == {int(truth)}"
            case xsd.Real(number, kind):
                return real_equals(number, kind, value)
            case xsd.Text(text):
                return f"cns_str_equal({text_of(type_, value)}, {self.constants.text(text)})"
        return f"{scalar_type(datatype)}_same({value}, {self.constants.value(term, datatype)})"

    # Enumerators and classes

    def within(self, members: frozenset[int], count: int, place: Place) -> str:
        """Return whether an enumerator is in a set, where 0 stands for every invalid one."""
        if 0 in members:
            return negate(self.within(frozenset(range(count + 1)) - members, count, place))
        found = spans(sorted(members))
        most = 255 if count <= 255 else 65535  # of the enumeration's type
        if len(found) <= 3:
            return intervals(
                sorted(members), place.value, partial(self.access.enumerator, place), most
            )
        table = bits(members, count)
        name = self.constants.add(f"uint8_t {len(table)}", "{ " + ", ".join(table) + " }")
        value = f"(unsigned){place.value}" if place.held else place.value
        inside = "" if count == most else f"{value} <= {count}u && "
        return f"({inside}((unsigned){name}[{value} >> 3] >> ({value} & 7u) & 1u) != 0)"

    def enumerated_id(self, type_: Enum, place: Place) -> str:
        """Return the id of the node that an enumerator stands for, 0 for a literal."""
        terms = (invalid_term(type_), *type_.terms)
        ids = [str(self.access.ids[t]) if isinstance(t, m.IRI) else "0" for t in terms]
        if set(ids) == {"0"}:
            return "0"
        name = self.constants.add(f"uint16_t {len(ids)}", "{ " + ", ".join(ids) + " }")
        last = len(type_.terms)
        if last in (255, 65535):  # of the enumeration's type
            return f"{name}[{place.value}]"
        return f"{name}[{place.value} <= {last}u ? {place.value} : 0]"

    def _is_a(self, type_: ValueType, iri: m.IRI, place: Place) -> str:
        classes = next(c for c in self.program.classes if c.iri == iri)
        match type_:
            case Ref(record):
                return self._node_is_a(classes, record, place.value)
            case General(record=record):
                inner = self._node_is_a(classes, record, f"{place.value}.as.node")
                return f"({place.value}.tag == CNS_NODE && {inner})"
            case ClassOf():
                return intervals(classes.instances, place.value, self.access.name)
            case Pointer() | Self():
                parts = []
                if self.access.record(type_).has_class:
                    held = self.access.class_value(place, type_)
                    parts.append(self._class_within(classes, held))
                if isinstance(type_, Self) and classes.instances:
                    parts.append(intervals(classes.instances, place.id, self.access.name))
                return f"({' || '.join(parts)})" if parts else "false"
        raise AssertionError(type_)

    def _node_is_a(self, classes: ClassSet, record: str | None, ref: str) -> str:
        parts = [self._class_within(classes, f"{ref}.class_id")]
        if classes.instances:
            parts.append(intervals(classes.instances, f"{ref}.id", self.access.name))
        described = self.program.record(record) if record else None
        if described and described.has_class:
            pointer = self.access.deref(record, ref)
            inner = self.access.class_value(Place(ref, "", pointer), Pointer(described.name))
            held = f"{ref}.record != NULL && " if described.type else ""
            parts.append(f"({held}{self._class_within(classes, inner)})")
        elif described and described.type and self.access.ids[described.type] in classes.members:
            parts.append(f"{ref}.record != NULL")
        return f"({' || '.join(parts)})"

    def _class_within(self, classes: ClassSet, class_id: str) -> str:
        name = f"{self.names.model}_class_is_{snake(local_name(classes.iri.value))}"
        found = spans(classes.members)
        if len(found) == 1 and found[0][0] == found[0][1]:
            return f"{class_id} == {self.access.name(found[0][0])}"

        def text(function: str) -> str:
            if len(found) <= 3:
                inside = intervals(classes.members, "class_id", self.access.name)
                body = f"    return {unwrap(inside)};\n"
            else:
                table = ", ".join(bits(frozenset(classes.members), max(classes.members)))
                limit = max(classes.members)
                body = (
                    f"    static const uint8_t row[] = {{ {table} }};\n\n"
                    f"    return class_id <= {limit}u && "
                    "((unsigned)row[class_id >> 3] >> (class_id & 7u) & 1u) != 0;\n"
                )
            return f"static bool\n{function}(uint32_t class_id)\n{{\n{body}}}\n"

        return f"{self.functions.add(name, text)}({class_id})"

    # Quantifiers and counts

    def _quantified(self, cond: Every | Some, places: dict[int, Place]) -> str:
        base, item = places[cond.base.number], cond.field
        every = isinstance(cond, Every)
        if item.capacity == 0:
            return "true" if every else "false"
        if item.single and not isinstance(cond.base.type, ListOf):
            present = self.access.present(base, cond.base.type, item)
            place = self._single_value(cond, places)
            inner = self.cond(cond.cond, {**places, cond.var.number: place})
            if every:
                absent = wrap(negate(present))
                return inner if present == "true" else f"({absent} || {wrap(inner)})"
            if cond.cond == TRUE:
                return present
            return inner if present == "true" else f"(({present}) && {wrap(inner)})"
        return self._loop(cond, places)

    def _loop(self, cond: Every | Some, places: dict[int, Place]) -> str:
        """Return the call of a function that asks every value of an array or list."""
        every = isinstance(cond, Every)
        base = places[cond.base.number]
        own = self.paths.base_place(base)
        place = self.access.element(own, cond.base.type, cond.field, "i")
        outer = self._outer((cond.cond,), (cond.var,), cond.base, places)
        inner = self.cond(
            cond.cond, {cond.base.number: own, **outer.places, cond.var.number: place}
        )
        test = negate(inner) if every else inner
        count = self.access.count(own, cond.base.type, cond.field)
        word = "every" if every else "some"
        parameters = ", ".join([self.paths.base_parameter(cond.base.type), *outer.parameters])

        def text(function: str) -> str:
            return (
                f"static bool\n{function}({parameters})\n{{\n"
                f"    for (uint32_t i = 0; i < {count}; i++) {{\n"
                f"        if ({unwrap(test)}) {{\n"
                f"            return {'false' if every else 'true'};\n"
                "        }\n    }\n"
                f"    return {'true' if every else 'false'};\n}}\n"
            )

        name = f"{self.names.model}_{word}_{place.path}"
        arguments = ", ".join([base.record, *outer.arguments])
        return f"{self.functions.add(name, text)}({arguments})"

    def _outer(
        self,
        conds: Sequence[Cond],
        bound: Sequence[Var],
        base: Var,
        places: dict[int, Place],
    ) -> _Outer:
        """Return how the variables outside of conditions come into a function of their own.

        The start of the function's path comes as it always does, unless its value is asked too.
        """
        outer = _Outer()
        for cond in conds:
            values, starts = free_vars(cond)
            for var in values:
                if var in bound or var.number in outer.places:
                    continue
                name = _numbered("other", len(outer.parameters))
                outer.parameters.append(self.comparisons.parameter(var.type, name))
                outer.arguments.append(address(var.type, places[var.number]))
                outer.places[var.number] = self.comparisons.place(var.type, name)
            for var in starts:
                if var in bound or var == base or var.number in outer.places:
                    continue
                name = _numbered("start", len(outer.parameters))
                parameter = self.paths.base_parameter(var.type)
                outer.parameters.append(parameter.removesuffix("base") + name)
                outer.arguments.append(places[var.number].record)
                outer.places[var.number] = Place(f"(*{name})", "", name)
        return outer

    def _count_where(self, cond: CountWhere, places: dict[int, Place]) -> str:
        """Return whether the number of values that are counted is within bounds."""
        base = places[cond.base.number]
        own, parameter, argument = self.paths.start(
            cond.base.type, base, [c.fields for c in cond.counted]
        )
        bound = [c.var for c in cond.counted]
        outer = self._outer([c.cond for c in cond.counted], bound, cond.base, places)
        parameters = ", ".join([parameter, *outer.parameters])
        inside = {cond.base.number: own, **outer.places}
        blocks = [
            self._counting(c, cond.base, own, inside, _numbered("position", index))
            for index, c in enumerate(cond.counted)
        ]

        def text(function: str) -> str:
            return (
                f"static uint32_t\n{function}({parameters})\n{{\n    uint32_t count = 0;\n\n"
                + "".join(f"    {line}\n" for block in blocks for line in block)
                + "    return count;\n}\n"
            )

        last = cond.counted[0].fields[-1].name
        name = self.functions.add(f"{self.names.model}_count_{base.path}_{last}", text)
        count = f"{name}({', '.join([argument, *outer.arguments])})"
        if (cond.low, cond.high) == (1, None):
            return f"{count} != 0"
        if cond.high == 0:
            return f"{count} == 0"
        parts = [f"{count} >= {cond.low}u"] if cond.low else []
        if cond.high is not None:
            parts.append(f"{count} <= {cond.high}u")
        return joined(parts, " && ")

    def _counting(
        self, part: Counted, start: Var, own: Place, places: dict[int, Place], position: str
    ) -> list[str]:
        """Return the loops that count the values of one branch, each once."""
        loops, place = self.paths.loops(start.type, own, part.fields)
        tests = (
            [] if part.cond == TRUE else [self.cond(part.cond, {**places, part.var.number: place})]
        )
        before: list[str] = []
        after: list[str] = []
        if not all(f.single for f in part.fields) or isinstance(start.type, ListOf):
            if len(part.fields) > 1:
                before.append(f"uint32_t {position} = 0;")
                after.append(f"{position}++;")
            else:
                position = "i"
            first = self.paths.first_function(start.type, own, part.fields)
            tests.append(f"{first}({own.record}, {position}, &{place.value})")
        body = ["count++;"]
        if tests:
            test = " && ".join(map(wrap, tests)) if len(tests) > 1 else unwrap(tests[0])
            body = [f"if ({test}) {{", "    count++;", "}"]
        inside = [f"{loops.indent}{line}" for line in (*body, *after)]
        return [*before, *loops.open, *inside, *loops.close]

    # Tests and procedures

    def procedure_names(self) -> dict[str, str]:
        """Return the C names of the procedures."""
        return _name_after_shapes(self.program.procedures, "check", self.program, self.names)

    def tests(self) -> list[str]:
        """Return the test functions, those that others call first."""
        return [self._test(name) for name in _callee_first(self.program)]

    def declarations(self, functions: str) -> list[str]:
        """Return the declarations of the tests that functions or tests in front of them call."""
        early = _called_early(self.program)
        return [
            f"static bool {name}({self.parameter(self._tests[test].focus.type)});\n"
            for test, name in self._test_names.items()
            if test in early or f"{name}(" in functions
        ]

    def _test(self, name: str) -> str:
        test = self._tests[name]
        place = self.test_focus(test.focus)
        expression = self.cond(test.cond, {0: place})
        used_id = "id" in expression.replace(".id", "")
        unused = "    (void)id;\n" if isinstance(test.focus.type, Self) and not used_id else ""
        return (
            f"static bool\n{self._test_names[name]}({self.parameter(test.focus.type)})\n{{\n"
            f"{unused}    return {broken(unwrap(expression))};\n}}\n"
        )

    def test_focus(self, focus: Var) -> Place:
        """Return the place of the value that a test or a procedure is called with."""
        match focus.type:
            case Self(record):
                return Place("record", record, "record", "id")
            case Tagged() | General() | ListOf() | Scalar(inline=int()):
                return self.access.place(focus.type, "(*value)", "value")
        return self.access.place(focus.type, "value", "value")


@dataclass(slots=True)
class _Outer:
    """The variables that a function takes from outside: its parameters, and where they are."""

    parameters: list[str] = field(default_factory=list)
    arguments: list[str] = field(default_factory=list)
    places: dict[int, Place] = field(default_factory=dict)


def _numbered(name: str, number: int) -> str:
    return name if number == 0 else f"{name}_{number + 1}"


def _is_presence(cond: CountWithin) -> bool:
    """Whether the condition is the presence bit of one field of a record."""
    single = len(cond.fields) == 1 and cond.fields[0].single
    return single and not isinstance(cond.base.type, ListOf) and (cond.low, cond.high) == (1, None)


def _by_tag(conds: Sequence[Cond]) -> bool:
    """Whether the conditions are the cases of one range over values of several datatypes."""
    if len(conds) < 2 or not all(isinstance(c, Interval | InOrder) for c in conds):
        return False
    held = {c.var for c in conds if isinstance(c, Interval | InOrder)}
    return len(held) == 1 and not isinstance(next(iter(held)).type, Scalar)


def _name_after_shapes(
    bodies: Sequence[Test | Procedure], word: str, program: Program, names: Names
) -> dict[str, str]:
    """Return C names for tests or procedures, by their names in the program."""
    taken: dict[str, str] = {}
    records = {names.record(r.name) for r in program.records}
    for body in bodies:
        shape = local_name(body.shape.value) if isinstance(body.shape, m.IRI) else "shape"
        base = f"{names.model}_{word}_{snake(shape)}"
        name, number = base, 2
        while name in taken.values() or name in records:
            name, number = f"{base}_{number}", number + 1
        taken[body.name] = name
    return taken


def _callee_first(program: Program) -> list[str]:
    """Return the names of all tests, each behind those that it calls, unless they call it too."""
    calls = {t.name: _called(t) for t in program.tests}
    ordered: dict[str, None] = {}
    begun: set[str] = set()

    def visit(name: str) -> None:
        if name in begun:
            return
        begun.add(name)
        for called in calls[name]:
            visit(called)
        ordered[name] = None

    for name in calls:
        visit(name)
    return list(ordered)


def _called(test: Test) -> list[str]:
    return [c.test for c in conditions(test.cond) if isinstance(c, Conforms)]


def _called_early(program: Program) -> set[str]:
    """Return the tests that another one in front of them calls."""
    place = {name: number for number, name in enumerate(_callee_first(program))}
    return {c for t in program.tests for c in _called(t) if place[c] > place[t.name]}
