# SPDX-License-Identifier: Apache-2.0
"""Conditions on one value to test instructions, which set the flag."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from cns_build import model as m
from cns_build import xsd
from cns_build.backend.literals import real_keys, spans
from cns_build.backend.types import scalar_type
from cns_build.bytecode.numbers import Numbers
from cns_build.bytecode.places import Places
from cns_build.bytecode.pool import LANG_STRING, Pool, key_bits, tag
from cns_build.bytecode.writer import Writer
from cns_build.ir import program as ir
from cns_build.ir.patterns import tables_of
from cns_build.ir.record import (
    INVALID,
    NIL,
    ClassOf,
    Enum,
    General,
    ListOf,
    Ref,
    Scalar,
    Self,
    Tagged,
    ValueType,
    invalid_term,
)
from cns_build.vocabulary import RDF

KIND_BITS = {"IRI": 1, "BlankNode": 2, "Literal": 4}
KIND_BLANK, KIND_INVALID = 2, 8
_OFFSETS = {"uint32_t": 2**31, "uint64_t": 2**63}  # what makes keys of unsigned numbers signed


class Tests(Places):
    """Writes conditions that look at one value, or compare two."""

    def __init__(self, writer: Writer, numbers: Numbers, pool: Pool) -> None:
        super().__init__(writer, numbers)
        self.pool = pool
        self._placed: dict[ir.Cond, int] = {}  # ranges that are not where equal ones are

    def truth(self, truth: bool) -> None:
        """Set the flag to what is known."""
        self.writer.emit("TRUTH", 0, int(truth))

    def value_cond(self, cond: ir.Cond) -> None:
        """Set the flag to what a condition on one value, or two, says."""
        match cond:
            case ir.KindIn(var, kinds):
                mask = sum(KIND_BITS[k] for k in kinds)
                if isinstance(var.type, General) and var.type.invalid_kind in kinds:
                    mask |= KIND_INVALID
                self.writer.emit("KIND", self.load(var), mask)
            case ir.HasDatatype(var, datatype):
                self._has_datatype(var, datatype)
            case ir.Interval():
                self._interval(cond)
            case ir.InOrder(var, datatype, op, bound):
                self.writer.emit("ORDER", self.load(var), self.pool.order(op, bound, datatype))
            case ir.LengthWithin(var, low, high):
                self._on_text(
                    var,
                    lambda r: self.writer.emit("LENGTH", r, self.pool.counts(low, high)),
                    lambda text: low <= len(text) and (high is None or len(text) <= high),
                )
            case ir.Matches(var, pattern, flags):
                tables = tables_of(pattern, flags)
                number = self.pool.pattern(pattern, flags, tables)
                extra = (var.type.inline or 0) if isinstance(var.type, Scalar) else 0
                self._on_text(
                    var,
                    lambda r: self.writer.emit("MATCHES", r, number, extra=extra),
                    tables.matches,
                )
            case ir.HasLanguageIn(var, ranges):
                self.any([partial(self._language, var, each) for each in ranges])
            case ir.OneOf(var, terms):
                self._one_of(var, terms)
            case ir.Enumerated():
                self._enumerated(cond)
            case ir.IsA(var, iri):
                self.writer.emit("IS_A", self.load(var), self.pool.class_of(iri))
            case ir.FocusIs(var, node):
                ids = self.pool.ids_in([self.numbers.ids[node]])
                self.writer.emit("ID_IN", self.load(var), ids)
            case ir.Same(var, other):
                self._know_both(var.type, other.type)
                self.writer.emit("SAME", self.load(var), self.load(other))
            case ir.Precedes(var, other, or_equal):
                self._know_both(var.type, other.type)
                self.writer.emit("PRECEDES", self.load(var), self.load(other), int(or_equal))
            case _:
                raise AssertionError(cond)

    # Several conditions

    def any(self, conds: Sequence[Callable[[], None]]) -> None:
        """Set the flag if one of the conditions holds, asked in order."""
        self._until(conds, "JUMP_IF")

    def all(self, conds: Sequence[Callable[[], None]]) -> None:
        """Set the flag if all conditions hold, asked in order."""
        self._until(conds, "JUMP_UNLESS")

    def _until(self, conds: Sequence[Callable[[], None]], jump: str) -> None:
        if not conds:
            self.truth(jump == "JUMP_UNLESS")
            return
        end = self.writer.label()
        for cond in conds[:-1]:
            cond()
            self.writer.jump(jump, end)
        conds[-1]()
        self.writer.here(end)

    # Datatypes and numbers

    def _has_datatype(self, var: ir.Var, datatype: m.IRI) -> None:
        name = xsd.local_name(datatype.value)
        if isinstance(var.type, Scalar):
            self.writer.emit("VALID", self.load(var))
        elif datatype.value == RDF + "langString":
            self.writer.emit("DATATYPE", self.load(var), LANG_STRING)
        elif name in xsd.SCALARS:
            self.writer.emit("DATATYPE", self.load(var), tag(name))
        elif datatype in self.numbers.ids:
            self.writer.emit("TYPED", self.load(var), self.numbers.ids[datatype])
        else:
            self.truth(False)

    def _interval(self, cond: ir.Interval) -> None:
        """Compare the key of a number with those of the bounds."""
        if isinstance(cond.var.type, Scalar):
            self._within(cond, cond.var)
            return
        low, high = _keys(cond, _wide(scalar_type(cond.datatype)))
        constant = self.pool.number_in_term(cond.datatype, low, high)
        if low > high:
            self.truth(False)
        else:
            self.writer.emit("TERM_WITHIN", self.load(cond.var), constant)

    def _enumerated(self, cond: ir.Enumerated) -> None:
        if len(spans(sorted(cond.members))) <= 1:
            self._within(cond, cond.var)
        else:
            self.writer.emit("MEMBER", self.load(cond.var), self.pool.members(cond.members))

    def _within(self, cond: ir.Cond, var: ir.Var) -> None:
        keys = _range_of(cond)
        if keys is None:
            self.truth(False)
            return
        place = self._placed.get(cond)
        constant = self.pool.range(*keys) if place is None else place
        self.writer.emit("WITHIN", self.load(var), constant)

    def place_ranges(self, one: ir.Cond, two: ir.Cond) -> None:
        """Let the ranges of two conditions on one number lie together, for FIELD_CHECKS."""
        first, second = _range_of(one), _range_of(two)
        if first is None or second is None or one in self._placed or one == two:
            return
        self._placed[one], self._placed[two] = self.pool.ranges(first, second)

    # Terms

    def _one_of(self, var: ir.Var, terms: Sequence[m.Term]) -> None:
        if isinstance(var.type, Ref | Self | ClassOf):
            ids = self.pool.ids_in([self.numbers.ids[t] for t in terms])
            self.writer.emit("ID_IN", self.load(var), ids)
            return
        self.any([partial(self._is, var, term) for term in terms])

    def _is(self, var: ir.Var, term: m.Term) -> None:
        self.writer.emit("IS", self.load(var), self.pool.term(term))

    def _language(self, var: ir.Var, language: str) -> None:
        self.writer.emit("LANGUAGE", self.load(var), self.pool.language(language))

    def know_terms(self, type_: ValueType) -> None:
        """Have the terms at hand that values of a type stand for, where that is asked."""
        match type_:
            case Enum(terms):
                invalid = invalid_term(type_)
                self._know(type_, invalid if isinstance(invalid, m.IRI) else None, terms)
            case General(invalid_kind="IRI"):
                self._know(type_, INVALID)
            case ListOf():
                self._know(type_, NIL)

    def _know(
        self, type_: ValueType, first: m.IRI | None, others: tuple[m.Term, ...] = ()
    ) -> None:
        known = first if first in self.numbers.ids else None  # else nothing can be the same
        self.pool.terms_of(self.numbers.type(type_), [known, *others])

    def _know_both(self, one: ValueType, two: ValueType) -> None:
        if one != two:
            self.know_terms(one)
            self.know_terms(two)

    # Text

    def _on_text(
        self, var: ir.Var, test: Callable[[int], None], decide: Callable[[str], bool]
    ) -> None:
        """Test the text of a value; `decide` answers for texts that are known here.

        The text of a node is its IRI, which the device knows only by its id: those of the
        program are decided here, and any other has the text urn:cns:id:N.
        """
        match var.type:
            case Tagged():
                self._cases(var, test, [("ARM", 0, False, decide(""))])
            case General():
                known = [(n, decide(t.value)) for t, n in self._iris()]
                cases = [
                    ("KIND", KIND_BLANK, True, False),
                    ("KIND", KIND_INVALID, True, decide(INVALID.value)),
                ]
                for truth in (True, False):
                    ids = [n for n, found in known if found == truth]
                    if ids:
                        cases.append(("ID_IN", self.pool.ids_in(ids), True, truth))
                self._cases(var, test, cases)
            case _:
                test(self.load(var))

    def _cases(
        self,
        var: ir.Var,
        test: Callable[[int], None],
        cases: Sequence[tuple[str, int, bool, bool]],
    ) -> None:
        """Answer what is known of some values: (opcode, operand, its outcome, the answer)."""
        end = self.writer.label()
        for name, operand, outcome, answer in cases:
            other = self.writer.label()
            self.writer.emit(name, self.load(var), operand)
            self.writer.jump("JUMP_UNLESS" if outcome else "JUMP_IF", other)
            self.truth(answer)
            self.writer.jump("JUMP", end)
            self.writer.here(other)
        test(self.load(var))
        self.writer.here(end)

    def _iris(self) -> list[tuple[m.IRI, int]]:
        return [(t, n) for t, n in self.numbers.ids.items() if isinstance(t, m.IRI)]


def _wide(c_type: str) -> str:
    """Return the type that holds an integer in a cns_term."""
    if c_type.startswith(("int", "uint")):
        return "uint64_t" if c_type.startswith("u") else "int64_t"
    return c_type


def _range_of(cond: ir.Cond) -> tuple[int, int, int] | None:
    """Return the least and the largest key of a value, and its bits, where it has one range."""
    match cond:
        case ir.Interval(ir.Var(type=Scalar() as type_)):
            low, high = _keys(cond, scalar_type(cond.datatype))
            return (low, high, key_bits(type_)) if low <= high else None
        case ir.Enumerated(members=members):
            found = spans(sorted(members))
            return (*found[0], 32) if len(found) == 1 else None
    return None


def _keys(cond: ir.Interval, c_type: str) -> tuple[int, int]:
    """Return the keys of the least and the largest number that is within bounds."""
    if cond.datatype in xsd.REALS:
        return real_keys(cond)
    if cond.datatype == "boolean":
        least, most = 0, 1
    else:
        bits = int("".join(c for c in c_type if c.isdigit()))
        least, most = (
            (0, 2**bits - 1)
            if c_type.startswith("u")
            else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
        )
    low = least if cond.low is None else max(int(cond.low), least)
    high = most if cond.high is None else min(int(cond.high), most)
    offset = _OFFSETS.get(c_type, 0)
    return low - offset, high - offset
