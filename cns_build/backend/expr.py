# SPDX-License-Identifier: Apache-2.0
"""Conditions to C expressions.

Loops inside a condition become static functions, collected in `Functions` in the order in which
they are needed; expressions then only call them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cns_build import model as m
from cns_build import xsd
from cns_build.backend.cstring import c_integer, c_real, c_string
from cns_build.backend.types import (
    Names,
    has_word,
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
    CountWithin,
    Enumerated,
    Every,
    ExactlyOne,
    FocusIs,
    HasDatatype,
    InOrder,
    Interval,
    IsA,
    KindIn,
    LengthWithin,
    Not,
    OneOf,
    Program,
    Some,
    Var,
)
from cns_build.ir.record import (
    NIL,
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
    record_of,
)
from cns_build.vocabulary import RDF

_KIND_BITS = {'IRI': 'CNS_KIND_IRI', 'BlankNode': 'CNS_KIND_BLANK', 'Literal': 'CNS_KIND_LITERAL'}
_ORDER = {
    '<': 'cns_is_less',
    '<=': 'cns_is_at_most',
    '>': 'cns_is_more',
    '>=': 'cns_is_at_least',
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a variable lives in C: an lvalue, and the name of its list type where it has one.

    `record` is the expression of the struct pointer that describes the node, if there is one;
    `id` that of the node's id.
    """

    value: str
    path: str
    record: str = ''
    id: str = '0'


@dataclass(slots=True)
class Functions:
    """Static functions that expressions need, by body, in the order of their first use."""

    texts: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, render: Callable[[str], str]) -> str:
        """Return the name of a function with this text; an equal one is shared."""
        anonymous = render('@')
        for existing, text in self.texts.items():
            if text == anonymous:
                return existing
        unique, number = name, 2
        while unique in self.texts:
            unique, number = f'{name}_{number}', number + 1
        self.texts[unique] = anonymous
        return unique

    def render(self) -> list[str]:
        return [text.replace('@', name) for name, text in self.texts.items()]


class Expressions:
    """Renders the conditions of one program."""

    def __init__(self, program: Program, names: Names) -> None:
        self.program = program
        self.names = names
        self.functions = Functions()
        self.constants: dict[str, str] = {}
        self.used_empty: dict[str, None] = {}
        self._ids = {term: number for number, term in enumerate(program.terms, 1)}
        self._tests = {t.name: t for t in program.tests}
        self._test_names = _name_tests(program, names)

    # Places

    def focus(self, type_: ValueType, parameter: str, id_: str = '0') -> Place:
        """Return the place of a function's focus, which is its parameter."""
        if isinstance(type_, Self):
            return Place(parameter, type_.record, parameter, id_)
        return self.place(type_, parameter, record_of(type_) or 'value')

    def place(self, type_: ValueType, value: str, path: str) -> Place:
        """Return the place of a value of a type at an lvalue."""
        match type_:
            case Pointer():
                return Place(value, path, value)
            case Ref(record):
                return Place(value, path, self._deref(record, value), f'{value}.id')
            case General(record=record):
                node = f'{value}.as.node'
                described = self._deref_term(record, value)
                return Place(value, path, described, f'({value}.tag == CNS_NODE ? {node}.id : 0)')
            case ListOf():
                return Place(value, path, f'&{value}')
        return Place(value, path)

    def _deref(self, record: str | None, ref: str) -> str:
        if record is None:
            return 'NULL'
        self.used_empty[record] = None
        return f'{self.names.record(record)}_of({ref})'

    def _deref_term(self, record: str | None, term: str) -> str:
        if record is None:
            return 'NULL'
        self.used_empty[record] = None
        return f'{self.names.record(record)}_of_term(&{term})'

    def element(self, base: Place, base_type: ValueType, item: Field, index: str) -> Place:
        """Return the place of one value of a field; `index` is used where there are several."""
        path = f'{record_of(base_type) or base.path}_{item.name}'
        match item.type:
            case ClassOf():
                return Place(self._class_value(base, base_type), path)
        if isinstance(base_type, ListOf):
            return self.place(item.type, f'{base.value}.items[{index}]', path)
        member = f'{base.record}->{item.name}'
        return self.place(item.type, member if item.single else f'{member}[{index}]', path)

    def _class_value(self, base: Place, base_type: ValueType) -> str:
        if isinstance(base_type, Ref):
            return f'{base.value}.class_id'
        record = self._record(base_type)
        if not record.has_class:
            return self._number(record.type)
        if record.type is None:
            return f'{base.record}->class_id'
        own = self._number(record.type)
        return f'({base.record}->class_id != 0 ? {base.record}->class_id : {own})'

    def _record(self, type_: ValueType) -> Record:
        name = record_of(type_)
        assert name is not None
        return self.program.record(name)

    def _number(self, term: m.Term | None) -> str:
        assert term is not None
        return f'{self._ids[term]}u'

    def present(self, base: Place, base_type: ValueType, item: Field) -> str:
        """Return the condition that a field has at least one value."""
        if isinstance(item.type, ClassOf):
            record = self._record(base_type) if record_of(base_type) else None
            if record and record.type and not isinstance(base_type, Ref):
                return 'true'
            return f'{self._class_value(base, base_type)} != 0'
        if item.capacity == 0:
            return 'false'
        if item.single and not isinstance(base_type, ListOf):
            record = self._record(base_type)
            mask = self.names.has(record.name, item)
            return f'({base.record}->{has_word(record, item)} & {mask}) != 0'
        return f'{self.count(base, base_type, item)} != 0'

    def count(self, base: Place, base_type: ValueType, item: Field) -> str:
        """Return the number of values that an array or list holds."""
        if isinstance(base_type, ListOf):
            return f'{base.value}.count'
        return f'{base.record}->{item.name}_count'

    # Conditions

    def cond(self, cond: Cond, places: dict[int, Place]) -> str:
        """Return a C expression of type bool or int; safe as an operand of !, && and ||."""
        match cond:
            case Const(truth):
                return 'true' if truth else 'false'
            case Not(inner):
                return f'!{_wrap(self.cond(inner, places))}'
            case All(conds):
                return self._joined(conds, ' && ', places)
            case Any(conds):
                return self._joined(conds, ' || ', places)
            case ExactlyOne(conds):
                ones = ' + '.join(f'({self.cond(c, places)} ? 1 : 0)' for c in conds)
                return f'({ones} == 1)'
            case Every() | Some():
                return self._quantified(cond, places)
            case CountWithin():
                return self._count_within(cond, places[cond.base.number])
        return self._value_cond(cond, places[cond.var.number])

    def _joined(self, conds: Sequence[Cond], operator: str, places: dict[int, Place]) -> str:
        parts = [_wrap(self.cond(c, places)) for c in conds]
        return f'({operator.join(parts)})' if len(parts) > 1 else parts[0]

    def _value_cond(self, cond: Cond, place: Place) -> str:
        match cond:
            case KindIn(var, kinds):
                return self._kind(var.type, kinds, place)
            case HasDatatype(var, datatype):
                return self._has_datatype(var.type, datatype, place)
            case Interval():
                return self._interval(cond, place)
            case InOrder():
                return self._in_order(cond, place)
            case LengthWithin():
                return self._length(cond, place)
            case OneOf(var, terms):
                return self._one_of(var.type, terms, place)
            case Enumerated(var, members):
                assert isinstance(var.type, Enum)
                return self.within(members, len(var.type.terms), place.value)
            case IsA(var, iri):
                return self._is_a(var.type, iri, place)
            case Conforms(var, test):
                return f'{self._test_names[test]}({self.argument(var.type, place)})'
            case FocusIs(_, node):
                return f'{place.id} == {self._number(node)}'
        raise AssertionError(cond)

    def argument(self, type_: ValueType, place: Place) -> str:
        """Return the arguments that pass a value to a test function."""
        match type_:
            case Self():
                return f'{place.record}, {place.id}'
            case Tagged() | General() | ListOf() | Scalar(inline=int()):
                return f'&{place.value}'
        return place.value

    def parameter(self, type_: ValueType) -> str:
        """Return the parameters that `argument` fits; the value is then `(*value)` or `value`."""
        match type_:
            case Self(record):
                return f'const {self.names.record(record)} *record, uint32_t id'
            case Pointer(record):
                return f'const {self.names.record(record)} *value'
            case Tagged() | General() | ListOf() | Scalar(inline=int()):
                return f'const {self.names.value_type(type_)} *value'
        return f'{self.names.value_type(type_)} value'

    def _kind(self, type_: ValueType, kinds: frozenset[str], place: Place) -> str:
        if isinstance(type_, General):
            bits = [_KIND_BITS[k] for k in ('IRI', 'BlankNode', 'Literal') if k in kinds]
            if type_.invalid_kind in kinds:
                bits.append('CNS_KIND_INVALID')
            return f'cns_term_kind_in(&{place.value}, {" | ".join(bits)})'
        if isinstance(type_, ListOf):
            return f'{place.value}.count {"==" if "IRI" in kinds else "!="} 0'
        return f'{place.id} {"!=" if "IRI" in kinds else "=="} 0'

    def _has_datatype(self, type_: ValueType, datatype: m.IRI, place: Place) -> str:
        name = xsd.local_name(datatype.value)
        if isinstance(type_, Scalar):
            return _valid(type_.datatype, place.value)
        if datatype.value == RDF + 'langString':
            return f'{place.value}.tag == CNS_LANG_STRING'
        if name in xsd.SCALARS:
            return f'cns_term_has_datatype(&{place.value}, {tag(name)})'
        if datatype not in self._ids:
            return 'false'
        typed = f'{place.value}.as.typed.datatype == {self._number(datatype)}'
        return f'({place.value}.tag == CNS_TYPED && {typed})'

    def _interval(self, cond: Interval, place: Place) -> str:
        if isinstance(cond.var.type, Scalar):
            return _interval(cond, place.value)
        value = f'{place.value}.as.{term_member(cond.datatype)}'
        return f'({place.value}.tag == {tag(cond.datatype)} && {_interval(cond, value)})'

    def _in_order(self, cond: InOrder, place: Place) -> str:
        value, guard = place.value, ''
        if not isinstance(cond.var.type, Scalar):
            value = f'{place.value}.as.{term_member(cond.datatype)}'
            guard = f'{place.value}.tag == {tag(cond.datatype)} && '
        c_type = scalar_type(cond.datatype)
        bound = self.constant(cond.bound, cond.datatype)
        order = f'{_ORDER[cond.op]}({c_type}_compare({value}, {bound}))'
        return f'({guard}{_valid(cond.datatype, value)} && {order})'

    def constant(self, literal: m.Literal, datatype: str) -> str:
        """Return the name of a constant of the C type that holds a decimal, time or duration."""
        text = _initializer(literal, datatype)
        return self._constant(scalar_type(datatype), text)

    def _constant(self, c_type: str, text: str) -> str:
        key = f'{c_type} = {text}'
        if key not in self.constants:
            self.constants[key] = f'{self.names.model}_constant_{len(self.constants)}'
        return self.constants[key]

    def _length(self, cond: LengthWithin, place: Place) -> str:
        high = 'UINT32_MAX' if cond.high is None else f'{min(cond.high, 2**32 - 1)}u'
        low = f'{min(cond.low, 2**32 - 1)}u'
        type_ = cond.var.type
        if isinstance(type_, Tagged):
            arms = [
                f'({place.value}.tag == {t} && '
                f'cns_str_length_within({place.value}.as.{member}, {low}, {high}))'
                for t, member in _text_arms(type_)
            ]
            return f'({" || ".join(arms)})' if arms else 'false'
        return f'cns_str_length_within({text_of(type_, place.value)}, {low}, {high})'

    # Equality

    def _one_of(self, type_: ValueType, terms: Sequence[m.Term], place: Place) -> str:
        if isinstance(type_, Ref | Self | ClassOf):
            numbers = sorted(self._ids[t] for t in terms)
            return intervals(numbers, place.id if not isinstance(type_, ClassOf) else place.value)
        parts = [self._equals(type_, term, place) for term in terms]
        return f'({" || ".join(parts)})' if len(parts) > 1 else parts[0]

    def _equals(self, type_: ValueType, term: m.Term, place: Place) -> str:
        match type_, term:
            case (ListOf(), _):
                assert term == NIL
                return f'{place.value}.count == 0'
            case (Scalar(datatype), m.Literal()):
                return self._scalar_equals(type_, datatype, term, place.value)
            case (Typed(), m.Literal(lexical)):
                return f'cns_str_equal({place.value}, {self._text(lexical)})'
            case (LangString(), m.Literal()):
                return f'cns_langstr_equal({place.value}, {self._langstr(term)})'
            case ((General() | Tagged()), m.IRI()):
                same = f'{place.value}.as.node.id == {self._number(term)}'
                return f'({place.value}.tag == CNS_NODE && {same})'
            case ((General() | Tagged()), m.Literal()):
                return f'cns_term_same(&{place.value}, &{self._term(term)})'
        raise AssertionError((type_, term))

    def _scalar_equals(self, type_: Scalar, datatype: str, term: m.Literal, value: str) -> str:
        parsed = xsd.parse(term)
        match parsed:
            case xsd.Exact(number) if datatype != 'decimal':
                return f'{value} == {c_integer(int(number), scalar_type(datatype))}'
            case xsd.Boolean(truth):
                return f'cns_bool_byte(&{value}) == {int(truth)}'
            case xsd.Real(number, kind):
                return _real_equals(number, kind, value)
            case xsd.Text(text):
                return f'cns_str_equal({text_of(type_, value)}, {self._text(text)})'
        return f'{scalar_type(datatype)}_same({value}, {self.constant(term, datatype)})'

    def _text(self, text: str) -> str:
        return self._constant('cns_str', f'CNS_STR({c_string(text)})')

    def _langstr(self, term: m.Literal) -> str:
        text = f'{{ CNS_STR({c_string(term.lexical)}), CNS_STR({c_string(term.language)}) }}'
        return self._constant('cns_langstr', text)

    def _term(self, term: m.Literal) -> str:
        """Return the name of a cns_term constant."""
        name = xsd.local_name(term.datatype.value)
        if term.language:
            text = f'{{ CNS_STR({c_string(term.lexical)}), CNS_STR({c_string(term.language)}) }}'
            return self._constant('cns_term', f'{{ CNS_LANG_STRING, {{ .langstr = {text} }} }}')
        if name not in xsd.SCALARS:
            text = f'{{ CNS_STR({c_string(term.lexical)}), {self._number(term.datatype)} }}'
            return self._constant('cns_term', f'{{ CNS_TYPED, {{ .typed = {text} }} }}')
        text = _initializer(term, name)
        member = term_member(name)
        return self._constant('cns_term', f'{{ {tag(name)}, {{ .{member} = {text} }} }}')

    # Enumerators and classes

    def within(self, members: frozenset[int], count: int, value: str) -> str:
        """Return whether an enumerator is in a set, where 0 stands for every invalid one."""
        if 0 in members:
            return f'!({self.within(frozenset(range(count + 1)) - members, count, value)})'
        spans = _spans(sorted(members))
        if len(spans) <= 3:
            return intervals(sorted(members), value)
        table = _bits(members, count)
        name = self._constant(f'uint8_t {len(table)}', '{ ' + ', '.join(table) + ' }')
        return f'({value} <= {count}u && ({name}[{value} >> 3] >> ({value} & 7u) & 1u) != 0)'

    def _is_a(self, type_: ValueType, iri: m.IRI, place: Place) -> str:
        classes = next(c for c in self.program.classes if c.iri == iri)
        match type_:
            case Ref(record):
                return self._node_is_a(classes, record, place.value)
            case General(record=record):
                inner = self._node_is_a(classes, record, f'{place.value}.as.node')
                return f'({place.value}.tag == CNS_NODE && {inner})'
            case ClassOf():
                return intervals(classes.instances, place.value)
            case Pointer() | Self():
                parts = []
                if self._record(type_).has_class:
                    parts.append(self._class_within(classes, self._class_value(place, type_)))
                if isinstance(type_, Self) and classes.instances:
                    parts.append(intervals(classes.instances, place.id))
                return f'({" || ".join(parts)})' if parts else 'false'
        raise AssertionError(type_)

    def _node_is_a(self, classes: ClassSet, record: str | None, ref: str) -> str:
        parts = [self._class_within(classes, f'{ref}.class_id')]
        if classes.instances:
            parts.append(intervals(classes.instances, f'{ref}.id'))
        described = self.program.record(record) if record else None
        if described and described.has_class:
            pointer = self._deref(record, ref)
            inner = self._class_value(Place(ref, '', pointer), Pointer(described.name))
            held = f'{ref}.record != NULL && ' if described.type else ''
            parts.append(f'({held}{self._class_within(classes, inner)})')
        elif described and described.type and self._ids[described.type] in classes.members:
            parts.append(f'{ref}.record != NULL')
        return f'({" || ".join(parts)})'

    def _class_within(self, classes: ClassSet, class_id: str) -> str:
        name = f'{self.names.model}_class_is_{snake(local_name(classes.iri.value))}'
        spans = _spans(classes.members)
        if len(spans) == 1 and spans[0][0] == spans[0][1]:
            return f'{class_id} == {spans[0][0]}u'

        def text(function: str) -> str:
            if len(spans) <= 3:
                body = f'    return {intervals(classes.members, "class_id")};\n'
            else:
                table = ', '.join(_bits(frozenset(classes.members), max(classes.members)))
                limit = max(classes.members)
                body = (
                    f'    static const uint8_t row[] = {{ {table} }};\n\n'
                    f'    return class_id <= {limit}u && '
                    '(row[class_id >> 3] >> (class_id & 7u) & 1u) != 0;\n'
                )
            return f'static bool\n{function}(uint32_t class_id)\n{{\n{body}}}\n'

        return f'{self.functions.add(name, text)}({class_id})'

    # Quantifiers and counts

    def _quantified(self, cond: Every | Some, places: dict[int, Place]) -> str:
        base, item = places[cond.base.number], cond.field
        every = isinstance(cond, Every)
        if item.capacity == 0:
            return 'true' if every else 'false'
        if item.single and not isinstance(cond.base.type, ListOf):
            present = self.present(base, cond.base.type, item)
            place = self.element(base, cond.base.type, item, '')
            inner = self.cond(cond.cond, {**places, cond.var.number: place})
            if every:
                return inner if present == 'true' else f'(!({present}) || {_wrap(inner)})'
            if cond.cond == TRUE:
                return present
            return inner if present == 'true' else f'(({present}) && {_wrap(inner)})'
        return self._loop(cond, base)

    def _loop(self, cond: Every | Some, base: Place) -> str:
        """Return the call of a function that asks every value of an array or list."""
        every = isinstance(cond, Every)
        own = self._base_place(base)
        place = self.element(own, cond.base.type, cond.field, 'i')
        inner = self.cond(cond.cond, {cond.var.number: place})
        test = f'!{_wrap(inner)}' if every else inner
        count = self.count(own, cond.base.type, cond.field)
        word = 'every' if every else 'some'

        def text(function: str) -> str:
            return (
                f'static bool\n{function}({self._base_parameter(cond.base.type)})\n{{\n'
                f'    for (uint32_t i = 0; i < {count}; i++) {{\n'
                f'        if ({_unwrap(test)}) {{\n'
                f'            return {"false" if every else "true"};\n'
                '        }\n    }\n'
                f'    return {"true" if every else "false"};\n}}\n'
            )

        name = f'{self.names.model}_{word}_{place.path}'
        return f'{self.functions.add(name, text)}({base.record})'

    def _base_place(self, base: Place) -> Place:
        return Place('(*base)', base.path, 'base')

    def _base_parameter(self, type_: ValueType) -> str:
        if isinstance(type_, ListOf):
            return f'const {self.names.value_type(type_)} *base'
        name = record_of(type_)
        assert name is not None
        return f'const {self.names.record(name)} *base'

    def _count_within(self, cond: CountWithin, base: Place) -> str:
        if len(cond.fields) == 1:
            item = cond.fields[0]
            present = self.present(base, cond.base.type, item)
            if (cond.low, cond.high) == (1, None):
                return present
            if cond.high == 0:
                return f'!({present})'
        if all(f.single for f in cond.fields):
            return self._path_present(cond, base)
        count = self._count_call(cond, base)
        parts = [f'{count} >= {cond.low}u'] if cond.low else []
        if cond.high is not None:
            parts.append(f'{count} <= {cond.high}u')
        return f'({" && ".join(parts)})' if len(parts) > 1 else parts[0]

    def _path_present(self, cond: CountWithin, base: Place) -> str:
        """At most one value can be there: counting is asking whether every step is present."""
        parts, place, type_ = [], base, cond.base.type
        for item in cond.fields:
            parts.append(f'({self.present(place, type_, item)})')
            place, type_ = self.element(place, type_, item, ''), item.type
        present = ' && '.join(parts)
        if cond.low > 1:
            return 'false'
        return f'({present})' if cond.low == 1 else f'!({present})'

    def _count_call(self, cond: CountWithin, base: Place) -> str:
        first = self.first_function(cond.base.type, base, cond.fields)
        type_ = cond.base.type
        loops, place = self.loops(type_, self._base_place(base), cond.fields)
        body = [
            *loops.open,
            *(
                f'{loops.indent}{line}'
                for line in (
                    f'if ({first}(base, position, &{place.value})) {{',
                    '    count++;',
                    '}',
                    'position++;',
                )
            ),
            *loops.close,
        ]

        def text(function: str) -> str:
            return (
                f'static uint32_t\n{function}({self._base_parameter(type_)})\n{{\n'
                '    uint32_t count = 0;\n    uint32_t position = 0;\n\n'
                + ''.join(f'    {line}\n' for line in body)
                + '    return count;\n}\n'
            )

        name = f'{self.names.model}_count_{place.path}'
        return f'{self.functions.add(name, text)}({base.record})'

    def first_function(self, type_: ValueType, base: Place, fields: tuple[Field, ...]) -> str:
        """Return a function that tells whether a value of a path has not come before."""
        loops, place = self.loops(type_, self._base_place(base), fields)
        last = fields[-1].type
        body = [
            *loops.open,
            f'{loops.indent}if (n++ == position) {{',
            f'{loops.indent}    return true;',
            f'{loops.indent}}}',
            f'{loops.indent}if ({self.same(last, place.value, "(*value)")}) {{',
            f'{loops.indent}    return false;',
            f'{loops.indent}}}',
            *loops.close,
        ]
        c_type = self.names.value_type(last)
        pointer = f'{c_type}const *value' if c_type.endswith('*') else f'const {c_type} *value'

        def text(function: str) -> str:
            return (
                f'static bool\n{function}({self._base_parameter(type_)}, '
                f'uint32_t position, {pointer})\n{{\n'
                '    uint32_t n = 0;\n\n'
                + ''.join(f'    {line}\n' for line in body)
                + '    return true;\n}\n'
            )

        return self.functions.add(f'{self.names.model}_first_{place.path}', text)

    def loops(
        self, type_: ValueType, base: Place, fields: tuple[Field, ...], prefix: str = 'i'
    ) -> tuple[Loops, Place]:
        """Return nested loops over the values of a path, and the place of the innermost."""
        loops, place = Loops(), base
        for depth, item in enumerate(fields):
            index = f'{prefix}{depth}' if len(fields) > 1 else prefix
            if item.single and not isinstance(type_, ListOf):
                loops.enter(f'if ({self.present(place, type_, item)}) {{')
            else:
                count = self.count(place, type_, item)
                loops.enter(f'for (uint32_t {index} = 0; {index} < {count}; {index}++) {{')
            place, type_ = self.element(place, type_, item, index), item.type
        return loops, place

    def same(self, type_: ValueType, a: str, b: str) -> str:
        """Return whether two values of a type are the same term."""
        match type_:
            case Scalar('float' | 'double' as kind):
                return f'cns_{kind}_same({a}, {b})'
            case Scalar('boolean'):
                x, y = f'cns_bool_byte(&{a})', f'cns_bool_byte(&{b})'
                return f'({x} == {y} || ({x} > 1 && {y} > 1))'
            case Scalar(datatype) if datatype in xsd.TEXTS:
                return f'cns_str_equal({text_of(type_, a)}, {text_of(type_, b)})'
            case Scalar('decimal' | 'duration' | 'dayTimeDuration' | 'yearMonthDuration' as name):
                return f'{scalar_type(name)}_same({a}, {b})'
            case Scalar(datatype) if datatype in xsd.INSTANTS:
                return f'cns_datetime_same({a}, {b})'
            case Scalar() | Pointer() | ClassOf():
                return f'{a} == {b}'
            case Typed():
                return f'cns_str_equal({a}, {b})'
            case LangString():
                return f'cns_langstr_equal({a}, {b})'
            case Enum(terms):
                last = len(terms)
                invalid = ' && '.join(f'({x} == 0 || {x} > {last}u)' for x in (a, b))
                return f'({a} == {b} || ({invalid}))'
            case Ref():
                return f'cns_ref_same({a}, {b})'
            case Tagged() | General():
                return f'cns_term_same(&{a}, &{b})'
            case ListOf():
                return f'({a}.count == 0 && {b}.count == 0)'
        raise AssertionError(type_)

    # Tests

    def tests(self) -> list[str]:
        """Return the test functions, those that others call first."""
        return [self._test(name) for name in _callee_first(self.program)]

    def _test(self, name: str) -> str:
        test = self._tests[name]
        place = self._test_focus(test.focus)
        expression = self.cond(test.cond, {0: place})
        used_id = 'id' in expression.replace('.id', '')
        unused = '    (void)id;\n' if isinstance(test.focus.type, Self) and not used_id else ''
        return (
            f'static bool\n{self._test_names[name]}({self.parameter(test.focus.type)})\n{{\n'
            f'{unused}    return {_break(_unwrap(expression))};\n}}\n'
        )

    def _test_focus(self, focus: Var) -> Place:
        match focus.type:
            case Self(record):
                return Place('record', record, 'record', 'id')
            case Tagged() | General() | ListOf() | Scalar(inline=int()):
                return self.place(focus.type, '(*value)', 'value')
        return self.place(focus.type, 'value', 'value')


@dataclass(slots=True)
class Loops:
    """The lines that open and close nested loops."""

    open: list[str] = field(default_factory=list)
    close: list[str] = field(default_factory=list)
    indent: str = ''

    def enter(self, line: str) -> None:
        self.open.append(self.indent + line)
        self.close.insert(0, self.indent + '}')
        self.indent += '    '


def _name_tests(program: Program, names: Names) -> dict[str, str]:
    taken: dict[str, str] = {}
    for test in program.tests:
        shape = local_name(test.shape.value) if isinstance(test.shape, m.IRI) else 'shape'
        base = f'{names.model}_is_{snake(shape)}'
        name, number = base, 2
        while name in taken.values():
            name, number = f'{base}_{number}', number + 1
        taken[test.name] = name
    return taken


def _callee_first(program: Program) -> list[str]:
    from cns_build.ir.program import conditions

    tests = {t.name: t for t in program.tests}
    ordered: dict[str, None] = {}

    def visit(name: str) -> None:
        if name in ordered:
            return
        for cond in conditions(tests[name].cond):
            if isinstance(cond, Conforms):
                visit(cond.test)
        ordered[name] = None

    for name in tests:
        visit(name)
    return list(ordered)


def text_of(type_: ValueType, value: str) -> str:
    """Return the cns_str of a value that is text."""
    match type_:
        case Scalar(_, inline) if inline is not None:
            return f'(cns_str){{ {value}.bytes, {value}.length }}'
        case LangString():
            return f'{value}.text'
    return value


def _text_arms(type_: Tagged) -> list[tuple[str, str]]:
    arms = []
    for arm in type_.arms:
        match arm:
            case Scalar(datatype) if datatype in xsd.TEXTS:
                arms.append((tag(datatype), 'string'))
            case LangString():
                arms.append(('CNS_LANG_STRING', 'langstr.text'))
    return arms


def _valid(datatype: str, value: str) -> str:
    match scalar_type(datatype):
        case 'bool':
            return f'cns_bool_byte(&{value}) <= 1'
        case 'cns_decimal':
            return f'cns_decimal_valid({value})'
        case 'cns_datetime' | 'cns_duration' as c_type:
            return f'{c_type}_valid({value}, {tag(datatype)})'
    return 'true'


def _interval(cond: Interval, value: str) -> str:
    if cond.datatype in xsd.REALS:
        return _real_interval(cond, value)
    if cond.datatype == 'boolean':
        if cond.low == cond.high:
            return f'cns_bool_byte(&{value}) == {int(cond.low or 0)}'
        return f'cns_bool_byte(&{value}) <= 1'
    c_type = scalar_type(cond.datatype)
    least, most = _limits(c_type)
    parts = []
    if cond.low is not None and cond.low == cond.high:
        return f'{value} == {c_integer(int(cond.low), c_type)}'
    if cond.low is not None and cond.low > least:
        parts.append(f'{value} >= {c_integer(int(cond.low), c_type)}')
    if cond.high is not None and cond.high < most:
        parts.append(f'{value} <= {c_integer(int(cond.high), c_type)}')
    if len(parts) == 2:
        return f'({" && ".join(parts)})'
    return parts[0] if parts else 'true'


def _limits(c_type: str) -> tuple[int, int]:
    bits = int(''.join(c for c in c_type if c.isdigit()))
    if c_type.startswith('u'):
        return 0, 2**bits - 1
    return -(2 ** (bits - 1)), 2 ** (bits - 1) - 1


def _real_interval(cond: Interval, value: str) -> str:
    """Comparisons with NaN are false in C as they are in SPARQL; infinities need FLT_MAX."""
    parts = []
    if cond.low is not None:
        parts.append(_real_bound(value, '>', cond.low_open, float(cond.low), cond.datatype))
    if cond.high is not None:
        parts.append(_real_bound(value, '<', cond.high_open, float(cond.high), cond.datatype))
    return f'({" && ".join(parts)})' if len(parts) == 2 else parts[0]


def _real_bound(value: str, sign: str, opened: bool, bound: float, kind: str) -> str:
    limit = 'FLT_MAX' if kind == 'float' else 'DBL_MAX'
    infinite = bound in (float('inf'), float('-inf'))
    if not infinite:
        return f'{value} {sign}{"" if opened else "="} {c_real(bound, kind)}'
    outward = (bound > 0) == (sign == '>')
    if outward:  # above +INF or below -INF: nothing, or only the infinity itself
        return 'false' if opened else f'{value} {sign} {"-" if bound < 0 else ""}{limit}'
    if opened:  # all but the infinity
        return f'{value} {sign}= {"-" if bound < 0 else ""}{limit}'
    return f'{value} == {value}'


def _real_equals(number: float, kind: str, value: str) -> str:
    if number != number:
        return f'{value} != {value}'
    if number in (float('inf'), float('-inf')):
        limit = 'FLT_MAX' if kind == 'float' else 'DBL_MAX'
        return f'{value} > {limit}' if number > 0 else f'{value} < -{limit}'
    if number == 0:
        return f'cns_{kind}_same({value}, {c_real(number, kind)})'
    return f'{value} == {c_real(number, kind)}'


def _initializer(term: m.Literal, name: str) -> str:
    value = xsd.parse(term)
    match value:
        case xsd.Boolean(truth):
            return 'true' if truth else 'false'
        case xsd.Text(text):
            return f'CNS_STR({c_string(text)})'
        case xsd.Real(number, kind):
            return _real_constant(number, kind)
        case xsd.Exact(number) if name != 'decimal':
            wide = 'uint64_t' if term_member(name) == 'natural' else 'int64_t'
            return c_integer(int(number), wide)
        case xsd.Exact(number):
            scale = 0
            while (number * 10**scale).denominator != 1:
                scale += 1
            return f'{{ {c_integer(int(number * 10**scale), "int64_t")}, {scale} }}'
        case xsd.Instant(seconds, nanoseconds, zone):
            zone_text = 'CNS_NO_ZONE' if zone is None else str(zone)
            return f'{{ {c_integer(seconds, "int64_t")}, {nanoseconds}u, {zone_text} }}'
        case xsd.Duration(months, seconds, nanoseconds):
            return f'{{ {c_integer(seconds, "int64_t")}, {months}, {nanoseconds} }}'
    raise AssertionError(term)


def _real_constant(number: float, kind: str) -> str:
    suffix = 'f' if kind == 'float' else ''
    if number != number:
        return f'0.0{suffix} / 0.0{suffix}'
    if number in (float('inf'), float('-inf')):
        return f'{"-" if number < 0 else ""}1.0{suffix} / 0.0{suffix}'
    return c_real(number, kind)


def _spans(numbers: Sequence[int]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1] = (spans[-1][0], number)
        else:
            spans.append((number, number))
    return spans


def intervals(numbers: Sequence[int], value: str) -> str:
    """Return whether a value is one of the sorted numbers, none of which is 0."""
    parts = [
        f'{value} == {low}u' if low == high else f'({value} >= {low}u && {value} <= {high}u)'
        for low, high in _spans(numbers)
    ]
    if not parts:
        return 'false'
    return f'({" || ".join(parts)})' if len(parts) > 1 else parts[0]


def _bits(members: frozenset[int], last: int) -> list[str]:
    rows = [0] * (last // 8 + 1)
    for member in members:
        rows[member >> 3] |= 1 << (member & 7)
    return [f'0x{row:02x}' for row in rows]


def _wrap(text: str) -> str:
    """Parenthesize an expression that an operator would tear apart."""
    simple = text.replace('_', 'a').replace('->', 'a').replace('.', 'a')
    if simple.isalnum() or _enclosed(text) or text.startswith('!('):
        return text
    if text.endswith(')') and _enclosed(text[text.index('(') :]) and (
        text[: text.index('(')].replace('_', 'a').isalnum()
    ):
        return text
    return f'({text})'


def _unwrap(text: str) -> str:
    return text[1:-1] if _enclosed(text) else text


def _enclosed(text: str) -> bool:
    """Whether one pair of parentheses spans the whole text; quotes hold no parentheses here."""
    if not (text.startswith('(') and text.endswith(')')):
        return False
    depth = 0
    for index, char in enumerate(text):
        depth += (char == '(') - (char == ')')
        if depth == 0:
            return index == len(text) - 1
    return False


def _break(text: str) -> str:
    """Break a long condition at its outermost operators, one operand a line."""
    if len(text) <= 84:
        return text
    out, depth, index = '', 0, 0
    while index < len(text):
        depth += (text[index] == '(') - (text[index] == ')')
        if depth == 0 and text[index : index + 4] in (' && ', ' || '):
            out += '\n        ' + text[index + 1 : index + 4]
            index += 4
            continue
        out += text[index]
        index += 1
    return out
