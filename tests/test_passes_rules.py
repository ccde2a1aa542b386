# SPDX-License-Identifier: Apache-2.0
"""What single passes do to single programs, and that they keep the meaning of random ones."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cns_build import model as m
from cns_build.ir import program as ir
from cns_build.ir import verify
from cns_build.ir.record import Enum, Field, Pointer, Record, Scalar, Self, Tagged
from cns_build.passes import PIPELINE, fold, number_checks, share_paths, static_facts, zero_tick
from tests.interpreter import Interpreter, Memory
from tests.records.generate import Generator
from tests.reference.denote import BadRecord

EX = "http://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"


def iri(name: str) -> m.IRI:
    return m.IRI(EX + name)


def number(text: str, datatype: str = "integer") -> m.Literal:
    return m.Literal(text, m.IRI(XSD + datatype))


# One struct of everything: a number, a real, a byte for a boolean, an enum and an array of them,
# a tagged value, and a nested struct.
COLOURS = (iri("red"), iri("green"), iri("blue"), number("5"))
FIELDS = (
    Field("n", iri("n"), Scalar("byte"), 1),
    Field("r", iri("r"), Scalar("float"), 1),
    Field("b", iri("b"), Scalar("boolean"), 1),
    Field("e", iri("e"), Enum(COLOURS), 1),
    Field("es", iri("es"), Enum(COLOURS), 3),
    Field("t", iri("t"), Tagged((Scalar("int"), Scalar("double"))), 2),
    Field("p", iri("p"), Pointer("part"), 1),
)
RECORD = Record("whole", iri("Whole"), iri("Whole"), (), False, False, FIELDS)
PART = Record("part", None, None, (), False, False, FIELDS[:2])
FOCUS = ir.Var(0, Self("whole"))


def field(name: str) -> Field:
    return next(f for f in FIELDS if f.name == name)


def info(component: str) -> ir.CheckInfo:
    origin = m.Origin("shapes.ttl", 0)
    violation = m.IRI("http://www.w3.org/ns/shacl#Violation")
    return ir.CheckInfo(component, iri("S"), None, None, violation, "", None, origin)


def program(*body: ir.Op, tests: tuple[ir.Test, ...] = ()) -> ir.Program:
    """A program of one function; check n is called `check n`."""
    count = 1 + max((op.check for op in ir.walk(body) if isinstance(op, ir.Check)), default=-1)
    made = ir.Program(
        name="demo",
        records=(RECORD, PART),
        terms=(iri("Whole"), *COLOURS),
        class_count=1,
        classes=(),
        checks=tuple(info(f"check {n}") for n in range(count)),
        functions=(ir.Function("whole", (iri("S"),), FOCUS, body),),
        tests=tests,
        entries=(ir.Entry("whole", 0),),
    )
    verify.verify(made)
    return made


def body(made: ir.Program) -> tuple[ir.Op, ...]:
    return made.functions[0].body


def check(cond: ir.Cond, check_number: int = 0, value: ir.Var | None = None) -> ir.Check:
    return ir.Check(cond, check_number, FOCUS, value)


def var(of: str, var_number: int = 1) -> ir.Var:
    return ir.Var(var_number, field(of).type)


def count(of: str, low: int, high: int | None) -> ir.CountWithin:
    return ir.CountWithin(FOCUS, (field(of),), low, high)


def decided(cond: ir.Cond, about: ir.Var | None = None) -> ir.Cond:
    """What static_facts and fold make of a condition on a value of a field."""
    test = ir.Test("t", iri("S"), about or FOCUS, cond)
    made = replace(program(check(ir.TRUE)), tests=(test,))
    (known,) = static_facts.run(made).tests
    used = replace(made, functions=(replace(made.functions[0], body=(check(known.cond),)),))
    (op,) = fold.run(replace(used, tests=())).functions[0].body or (check(ir.TRUE),)
    assert isinstance(op, ir.Check)
    return op.cond


# static_facts

A_SET = ir.Enumerated(var("es"), frozenset({1, 2}))
BELOW = ir.Interval(var("n"), "byte", Fraction(-128), False, Fraction(5), False)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 3, ir.TRUE),
        (0, 4, ir.TRUE),
        (4, None, ir.FALSE),
        (1, 3, count("es", 1, None)),
        (2, 2, count("es", 2, 2)),
        (0, 0, count("es", 0, 0)),
    ],
)
def test_counts_against_capacity(low: int, high: int | None, expected: ir.Cond) -> None:
    assert decided(count("es", low, high)) == expected


@pytest.mark.parametrize(
    ("of", "datatype", "expected"),
    [
        ("n", "byte", ir.TRUE),
        ("n", "short", ir.FALSE),
        ("r", "float", ir.TRUE),
        ("r", "double", ir.FALSE),
        ("b", "boolean", None),
        ("t", "int", None),
    ],
)
def test_datatypes_against_c_types(of: str, datatype: str, expected: ir.Cond | None) -> None:
    cond = ir.HasDatatype(var(of, 0), m.IRI(XSD + datatype))
    assert decided(cond, var(of, 0)) == (cond if expected is None else expected)


@pytest.mark.parametrize(
    ("op", "bound", "expected"),
    [
        (">=", "-128", ir.TRUE),
        (">", "127", ir.FALSE),
        ("<", "-128", ir.FALSE),
        ("<=", "127", ir.TRUE),
        ("<", "1000", ir.TRUE),
        (">", "5", ir.Interval(var("n", 0), "byte", Fraction(6), False, Fraction(127), False)),
    ],
)
def test_bounds_against_c_types(op: str, bound: str, expected: ir.Cond) -> None:
    assert decided(ir.Compares(var("n", 0), op, number(bound)), var("n", 0)) == expected


def counted(of: str, cond: ir.Cond, low: int, high: int | None) -> ir.CountWhere:
    return ir.CountWhere(FOCUS, (ir.Counted(var(of), (field(of),), cond),), low, high)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (counted("es", ir.TRUE, 1, 2), count("es", 1, 2)),
        (counted("es", ir.TRUE, 1, 3), count("es", 1, None)),
        (counted("es", ir.FALSE, 0, 2), ir.TRUE),
        (counted("es", ir.FALSE, 1, 2), ir.FALSE),
        (counted("es", A_SET, 4, None), ir.FALSE),
        (counted("es", A_SET, 0, 3), ir.TRUE),
        (counted("es", A_SET, 1, 2), counted("es", A_SET, 1, 2)),
        (counted("n", BELOW, 1, None), ir.Some(var("n"), FOCUS, field("n"), BELOW)),
        (counted("n", BELOW, 0, 0), ir.Not(ir.Some(var("n"), FOCUS, field("n"), BELOW))),
        (counted("n", BELOW, 2, None), ir.FALSE),
        (ir.LanguagesUnique(FOCUS, ((field("es"),), (field("n"),))), ir.TRUE),
    ],
)
def test_counts_of_what_conforms(before: ir.Cond, after: ir.Cond) -> None:
    assert decided(before) == after


def test_enumerators_outside_the_list_violate_what_asks_for_a_term() -> None:
    of_list = ir.OneOf(var("e", 0), COLOURS)
    assert decided(of_list, var("e", 0)) == ir.Enumerated(var("e", 0), frozenset({1, 2, 3, 4}))
    literal = ir.KindIn(var("e", 0), frozenset({"Literal"}))
    assert decided(literal, var("e", 0)) == ir.Enumerated(var("e", 0), frozenset({4}))
    iris = ir.KindIn(var("e", 0), frozenset({"IRI"}))
    assert decided(iris, var("e", 0)) == ir.Enumerated(var("e", 0), frozenset({0, 1, 2, 3}))


# fold

A, B, C = count("es", 1, None), count("es", 2, 2), count("t", 1, None)
NONE, FEW = count("es", 0, 0), count("es", 0, 2)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (ir.Not(ir.Not(A)), A),
        (ir.Not(ir.TRUE), ir.FALSE),
        (ir.All(()), ir.TRUE),
        (ir.Any(()), ir.FALSE),
        (ir.ExactlyOne(()), ir.FALSE),
        (ir.All((A, ir.FALSE)), ir.FALSE),
        (ir.All((ir.TRUE, A)), A),
        (ir.Any((A, ir.TRUE)), ir.TRUE),
        (ir.Any((ir.FALSE, A)), A),
        (ir.All((A, ir.All((B, A)))), ir.All((A, B))),
        (ir.Any((ir.Any((A, B)), C)), ir.Any((A, B, C))),
        (ir.All((A, ir.Any((B, C)))), ir.All((A, ir.Any((B, C))))),
        (ir.ExactlyOne((A, ir.FALSE)), A),
        (ir.ExactlyOne((A, ir.TRUE)), ir.Not(A)),
        (ir.ExactlyOne((A, ir.TRUE, B)), ir.Not(ir.Any((A, B)))),
        (ir.ExactlyOne((ir.TRUE, A, ir.TRUE)), ir.FALSE),
        (ir.ExactlyOne((A, A)), ir.ExactlyOne((A, A))),
        (ir.Every(var("es"), FOCUS, field("es"), ir.TRUE), ir.TRUE),
        (ir.Some(var("es"), FOCUS, field("es"), ir.FALSE), ir.FALSE),
        (ir.Some(var("es"), FOCUS, field("es"), ir.TRUE), A),
        (ir.Every(var("es"), FOCUS, field("es"), ir.FALSE), NONE),
        (ir.All((A, NONE)), ir.FALSE),
        (ir.All((A, FEW)), ir.All((A, FEW))),
        (ir.Any((A, NONE)), ir.TRUE),
        (ir.Any((A, FEW)), ir.TRUE),
        (ir.Any((B, NONE)), ir.Any((B, NONE))),
        (ir.Any((C, NONE)), ir.Any((C, NONE))),
    ],
)
def test_conditions_fold(before: ir.Cond, after: ir.Cond) -> None:
    folded = body(fold.run(program(check(before))))
    assert folded == (() if after == ir.TRUE else (check(after),))


def test_sets_of_enumerators_join() -> None:
    one, two = (ir.Enumerated(var("es"), frozenset(s)) for s in ({1, 2}, {2, 3}))

    def folded(cond: ir.Cond) -> ir.Cond:
        made = program(check(ir.Every(var("es"), FOCUS, field("es"), cond)))
        (op,) = body(fold.run(made)) or (check(ir.TRUE),)
        assert isinstance(op, ir.Check)
        return op.cond.cond if isinstance(op.cond, ir.Every) else op.cond

    assert folded(ir.All((one, two))) == ir.Enumerated(var("es"), frozenset({2}))
    assert folded(ir.Any((one, two))) == ir.Enumerated(var("es"), frozenset({1, 2, 3}))
    rest = ir.Enumerated(var("es"), frozenset({0, 3, 4}))
    assert folded(ir.Any((one, rest))) == ir.TRUE
    assert folded(ir.All((one, rest))) == NONE
    assert folded(ir.Not(one)) == ir.Enumerated(var("es"), frozenset({0, 3, 4}))
    assert folded(ir.Enumerated(var("es"), frozenset(range(5)))) == ir.TRUE
    assert folded(ir.Enumerated(var("es"), frozenset())) == NONE


def test_decided_tests_disappear_through_their_callers() -> None:
    focus = ir.Var(0, Self("whole"))
    inner = ir.Test("inner", iri("I"), focus, ir.Any((ir.TRUE, A)))
    outer = ir.Test("outer", iri("O"), focus, ir.Not(ir.Conforms(focus, "inner")))
    folded = fold.run(program(check(ir.Conforms(FOCUS, "outer")), tests=(inner, outer)))
    assert body(folded) == (check(ir.FALSE),)
    assert folded.tests == ()


def test_loops_and_branches_with_nothing_to_do_disappear() -> None:
    loop = ir.Each(var("es"), FOCUS, (field("es"),), (check(ir.TRUE, 0, var("es")),))
    never = ir.If(ir.FALSE, (check(A, 1),))
    always = ir.If(ir.TRUE, (check(A, 2),))
    empty = ir.If(A, (check(ir.TRUE, 3),))
    assert body(fold.run(program(loop, never, always, empty))) == (check(A, 2),)


# share_paths, number_checks, zero_tick


def test_loops_over_other_values_stay_apart() -> None:
    high = ir.Interval(var("n"), "byte", Fraction(5), False, Fraction(127), False)
    one = ir.Each(var("n"), FOCUS, (field("n"),), (check(high, 0, var("n")),))
    other = ir.Each(var("e", 2), FOCUS, (field("e"),), (check(ir.FALSE, 1, var("e", 2)),))
    made = program(one, other, one)
    assert body(share_paths.run(made)) == (one, other, one)
    (joined,) = body(share_paths.run(program(one, one)))
    assert joined == replace(one, body=one.body * 2)


def test_a_count_of_an_array_is_no_empty_case() -> None:
    assert body(share_paths.run(program(check(A)))) == (check(A),)
    (op,) = body(share_paths.run(program(check(count("n", 1, None)))))
    assert isinstance(op, ir.Each)
    assert (op.body, op.absent) == ((), (check(ir.FALSE),))


def test_shared_loops_use_one_variable() -> None:
    def each(at: int) -> ir.Each:
        about, inner = var("p", at), ir.Var(at + 10, FIELDS[0].type)
        five = ir.Compares(inner, ">", number("5"))
        some = ir.Some(inner, about, FIELDS[0], five)
        return ir.Each(about, FOCUS, (field("p"),), (check(some, at, about),))

    made = share_paths.run(program(each(1), each(2)))
    verify.verify(made)
    (joined,) = body(made)
    assert isinstance(joined, ir.Each)
    assert [op.check for op in joined.body if isinstance(op, ir.Check)] == [1, 2]
    assert {op.value for op in joined.body if isinstance(op, ir.Check)} == {joined.var}


def test_checks_without_operations_lose_their_numbers() -> None:
    made = number_checks.run(program(check(A, 3), check(B, 1), check(C, 3)))
    assert [c.component for c in made.checks] == ["check 1", "check 3"]
    assert body(made) == (check(A, 1), check(B, 0), check(C, 1))
    again = number_checks.run(made)
    assert again == made


def test_only_empty_functions_are_zero_tick() -> None:
    assert zero_tick.run(program()).entries == (ir.Entry("whole", 0, zero_tick=True),)
    assert zero_tick.run(program(check(A))).entries == (ir.Entry("whole", 0),)
    heldback = replace(program(check(A)), entries=(ir.Entry("whole", 0, zero_tick=True),))
    assert zero_tick.run(heldback).entries == (ir.Entry("whole", 0),)


# Random programs


BOUNDS = [
    number("5"), number("-1"), number("127"), number("300"), number("2.5", "decimal"),
    number("0.1", "double"), number("0.1", "float"), number("NaN", "double"),
    number("INF", "float"), number("true", "boolean"), number("x", "integer"),
]  # fmt: skip
OPS = ["<", "<=", ">", ">="]
KINDS = [frozenset(k) for k in ({"IRI"}, {"Literal"}, {"IRI", "BlankNode"}, {"BlankNode"})]


def leaves(about: ir.Var) -> st.SearchStrategy[ir.Cond]:
    """Conditions on one value, as the builder makes them."""
    ops, bounds = st.sampled_from(OPS), st.sampled_from(BOUNDS)
    compares = st.builds(ir.Compares, st.just(about), ops, bounds)
    kinds = st.builds(ir.KindIn, st.just(about), st.sampled_from(KINDS))
    names = st.sampled_from(["byte", "int", "float", "double", "boolean"])
    datatypes = names.map(lambda name: ir.HasDatatype(about, m.IRI(XSD + name)))
    terms = st.lists(st.sampled_from([*COLOURS, number("5", "byte")]), max_size=3).map(tuple)
    one_of = st.builds(ir.OneOf, st.just(about), terms)
    return st.one_of(st.sampled_from([ir.TRUE, ir.FALSE]), compares, kinds, datatypes, one_of)


def counts(base: ir.Var, fields: tuple[Field, ...]) -> st.SearchStrategy[ir.Cond]:
    lows, highs = st.integers(0, 4), st.none() | st.integers(0, 4)
    return st.builds(
        lambda item, low, high: ir.CountWithin(base, (item,), low, high),
        st.sampled_from(fields),
        lows,
        highs,
    )


def compound(parts: st.SearchStrategy[ir.Cond]) -> st.SearchStrategy[ir.Cond]:
    def more(inner: st.SearchStrategy[ir.Cond]) -> st.SearchStrategy[ir.Cond]:
        several = st.lists(inner, max_size=4).map(tuple)
        return (
            st.builds(ir.Not, inner)
            | st.builds(ir.All, several)
            | st.builds(ir.Any, several)
            | st.builds(ir.ExactlyOne, several)
        )

    return st.recursive(parts, more, max_leaves=6)


@st.composite
def operations(draw: st.DrawFn) -> tuple[ir.Op, ...]:
    """Operations on the struct: counts, values, quantifiers, nested values, branches."""
    made: list[ir.Op] = []
    for index in range(draw(st.integers(1, 6))):
        item = draw(st.sampled_from(FIELDS))
        about = ir.Var(index + 1, item.type)
        on_value = counts(about, PART.fields) if item.name == "p" else leaves(about)
        inner = draw(compound(on_value))
        parts = (about, FOCUS, item, inner)
        quantified: list[ir.Cond] = [ir.Every(*parts), ir.Some(*parts)]
        another = draw(st.sampled_from(FIELDS))
        other = ir.Var(index + 11, another.type)
        order = ir.Precedes(about, other, draw(st.booleans()))
        comparisons: list[ir.Cond] = [ir.Same(about, other), order]
        compared = draw(st.sampled_from(comparisons))
        pair = ir.Each(other, FOCUS, (another,), (ir.Check(compared, index, FOCUS, about),))
        counted = ir.Counted(other, (another,), ir.Some(about, FOCUS, item, compared))
        every = ir.Counted(about, (item,), inner)
        low, high = draw(st.integers(0, 3)), draw(st.none() | st.integers(0, 3))
        quantified.append(ir.CountWhere(FOCUS, (every, counted), low, high))
        quantified.append(ir.CountWhere(FOCUS, (every,), low, high))
        on_focus = counts(FOCUS, FIELDS) | st.sampled_from(quantified)
        each = ir.Each(about, FOCUS, (item,), (ir.Check(inner, index, FOCUS, about),))
        each = draw(st.sampled_from([each, replace(each, body=(*each.body, pair))]))
        plain = check(draw(compound(on_focus)), index)
        branch = ir.If(draw(counts(FOCUS, FIELDS)), (each,))
        choices: list[ir.Op] = [each, plain, branch]
        made.append(draw(st.sampled_from(choices)))
    return tuple(made)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(operations(), st.integers(0, 2**16))
def test_random_programs_keep_their_meaning(ops: tuple[ir.Op, ...], seed: int) -> None:
    before = program(*ops)
    stages = [before]
    for _, run in PIPELINE:
        stages.append(run(stages[-1]))
        verify.verify(stages[-1])
    generator = Generator(before, seed)
    for wild in (0.02, 0.3, 0.6):
        try:
            memory = Memory(before, generator.record("whole", wild=wild))
        except BadRecord:
            continue
        expected = Interpreter(before, memory).run()
        for stage in stages[1:]:
            assert Interpreter(stage, memory).run() == expected


@settings(derandomize=True, max_examples=60, deadline=None)
@given(operations())
def test_folding_twice_folds_once(ops: tuple[ir.Op, ...]) -> None:
    once = fold.run(static_facts.run(program(*ops)))
    assert fold.run(once) == once
