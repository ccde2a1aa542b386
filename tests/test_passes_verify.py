# SPDX-License-Identifier: Apache-2.0
"""The verifier of the IR rejects every program that breaks a rule."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cns_build.ir import program as ir
from cns_build.ir import verify
from cns_build.ir.record import ITEMS, Field, Scalar
from tests.test_passes_rules import (
    FIELDS,
    FOCUS,
    PART,
    check,
    count,
    field,
    iri,
    number,
    program,
    var,
)

LOOP = ir.Each(var("n"), FOCUS, (field("n"),), (check(ir.TRUE, 0, var("n")),))
STRANGER = Field("n", iri("n"), Scalar("int"), 1)
GOOD = program(LOOP, check(ir.TRUE, 1))


def broken(
    *body: ir.Op,
    tests: tuple[ir.Test, ...] = (),
    procedures: tuple[ir.Procedure, ...] = (),
) -> ir.Program:
    """GOOD with other operations, which the verifier has not seen."""
    function = replace(GOOD.functions[0], body=body)
    return replace(GOOD, functions=(function,), tests=tests, procedures=procedures)


def compares(about: ir.Var) -> ir.Cond:
    return ir.Compares(about, ">", number("5"))


def of_procedure(name: str, *body: ir.Op) -> ir.Procedure:
    return ir.Procedure(name, iri("T"), FOCUS, body)


def below(cond: ir.Cond) -> ir.Cond:
    """A condition on every part, which is no node that the test began at."""
    return ir.Every(var("p"), FOCUS, field("p"), cond)


def of_test(name: str, cond: ir.Cond) -> ir.Test:
    return ir.Test(name, iri("T"), FOCUS, cond)


CASES = {
    "a condition on an unbound value": (broken(check(compares(var("n")))), "$1 is not bound"),
    "a value used after its loop": (broken(LOOP, check(ir.TRUE, 0, var("n"))), "not bound"),
    "a value used where none is": (
        broken(replace(LOOP, absent=(check(ir.TRUE, 1, var("n")),))),
        "value is not bound",
    ),
    "an unbound focus": (
        broken(ir.Check(ir.TRUE, 0, var("p"), None)),
        "focus $1 is not bound",
    ),
    "a loop over an unbound value": (broken(replace(LOOP, base=var("p", 9))), "$9 is not bound"),
    "a check that does not exist": (broken(check(ir.TRUE, 2)), "check 2 does not exist"),
    "a negative check": (broken(check(ir.TRUE, -1)), "check -1 does not exist"),
    "a field of another record": (
        broken(replace(LOOP, fields=(STRANGER,), var=ir.Var(1, STRANGER.type))),
        "whole has no n",
    ),
    "a value of another type": (broken(replace(LOOP, fields=(field("r"),))), "another type"),
    "a field of a literal": (
        broken(ir.Each(var("n"), FOCUS, (field("r"), field("n")), ())),
        "has no fields",
    ),
    "members of no list": (
        broken(check(ir.CountWithin(FOCUS, (Field("items", ITEMS, Scalar("int"), 4),), 0, 1))),
        "has no members",
    ),
    "a path without steps": (broken(check(ir.CountWithin(FOCUS, (), 0, 1))), "no steps"),
    "an empty case of an array": (
        broken(ir.Each(var("es"), FOCUS, (field("es"),), (), (check(ir.TRUE),))),
        "absent needs a single field",
    ),
    "an empty case of a longer path": (
        broken(ir.Each(var("n"), FOCUS, (field("p"), PART.fields[0]), (), (check(ir.TRUE),))),
        "absent needs a single field",
    ),
    "a quantified value of another type": (
        broken(check(ir.Some(var("r"), FOCUS, field("n"), ir.TRUE))),
        "$1 has another type",
    ),
    "a quantifier over an unbound value": (
        broken(check(ir.Every(var("n", 2), var("p", 1), PART.fields[0], ir.TRUE))),
        "$1 is not bound",
    ),
    "a value outside its quantifier": (
        broken(check(ir.All((ir.Some(var("n"), FOCUS, FIELDS[0], ir.TRUE), compares(var("n")))))),
        "$1 is not bound",
    ),
    "a comparison with an unbound value": (
        broken(replace(LOOP, body=(check(ir.Same(var("n"), var("r", 2))),))),
        "$2 is not bound",
    ),
    "an order of an unbound value": (
        broken(replace(LOOP, body=(check(ir.Precedes(var("r", 2), var("n"), False)),))),
        "$2 is not bound",
    ),
    "a counted value of another type": (
        broken(check(ir.CountWhere(FOCUS, (ir.Counted(var("r"), FIELDS[:1], ir.TRUE),), 0, 1))),
        "$1 has another type",
    ),
    "a counted value outside its count": (
        broken(
            check(
                ir.CountWhere(
                    FOCUS,
                    (
                        ir.Counted(var("n"), FIELDS[:1], ir.TRUE),
                        ir.Counted(var("n", 2), FIELDS[:1], compares(var("n"))),
                    ),
                    0,
                    1,
                )
            )
        ),
        "$1 is not bound",
    ),
    "languages of an unbound value": (
        broken(check(ir.LanguagesUnique(var("p"), (PART.fields[:1],)))),
        "$1 is not bound",
    ),
    "languages of a field of another record": (
        broken(ir.EachLanguage(FOCUS, ((STRANGER,),), (check(ir.FALSE),))),
        "whole has no n",
    ),
    "an unknown test": (broken(check(ir.Conforms(FOCUS, "t"))), "there is no test t"),
    "an unknown test inside a test": (
        broken(tests=(of_test("t", ir.Not(ir.Conforms(FOCUS, "u"))),)),
        "there is no test u",
    ),
    "a test that calls itself": (
        broken(tests=(of_test("t", ir.Conforms(FOCUS, "t")),)),
        "tests call each other at one node: ['t']",
    ),
    "tests in a circle": (
        broken(
            tests=(
                of_test("a", ir.Any((ir.Conforms(FOCUS, "b"), count("n", 0, 1)))),
                of_test("b", ir.Not(ir.Conforms(FOCUS, "a"))),
                of_test("c", ir.Conforms(FOCUS, "a")),
            )
        ),
        "tests call each other at one node: ['a', 'b']",
    ),
    "a test that is called with another type": (
        broken(tests=(of_test("t", below(ir.Conforms(var("p"), "t"))),)),
        "t takes another type than $1 has",
    ),
    "an unknown procedure": (broken(ir.Call(FOCUS, "p")), "there is no procedure p"),
    "a procedure of an unbound value": (
        broken(ir.Call(var("p"), "p"), procedures=(of_procedure("p"),)),
        "$1 is not bound",
    ),
    "a procedure that is called with another type": (
        broken(
            ir.Each(var("p"), FOCUS, (field("p"),), (ir.Call(var("p"), "p"),)),
            procedures=(of_procedure("p"),),
        ),
        "p takes another type than $1 has",
    ),
    "procedures in a circle": (
        broken(
            procedures=(
                of_procedure("p", ir.Call(FOCUS, "q")),
                of_procedure("q", ir.If(ir.TRUE, (ir.Call(FOCUS, "p"),))),
            )
        ),
        "procedures call each other at one node: ['p', 'q']",
    ),
    "an entry without a function": (
        replace(GOOD, entries=(ir.Entry("part", 0),)),
        "has no function",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_broken_programs_are_rejected(name: str) -> None:
    made, reason = CASES[name]
    with pytest.raises(verify.BrokenProgram) as caught:
        verify.verify(made)
    assert reason in str(caught.value)


def test_nested_scopes_are_accepted() -> None:
    inner = ir.Each(var("n", 2), var("p"), (PART.fields[0],), (check(compares(var("n", 2))),))
    outer = ir.Each(var("p"), FOCUS, (field("p"),), (inner,), (check(ir.FALSE, 1),))
    verify.verify(
        broken(
            ir.If(count("p", 1, None), (outer,)),
            check(ir.Conforms(FOCUS, "a")),
            tests=(of_test("a", ir.Conforms(FOCUS, "b")), of_test("b", ir.TRUE)),
        )
    )
