# SPDX-License-Identifier: Apache-2.0
"""One differential run: records of a model, some valid, most with something wrong."""

from __future__ import annotations

import random

from cns_build.ir.program import Program

from .generate import Generator, broken
from .native import Comparison
from .oracle import Oracle, path_text
from .values import RecordValue

SEARCH = 40  # redrawn fields on the way to a valid record


def draw(oracle: Oracle, program: Program, count: int, seed: int) -> list[RecordValue]:
    """Draw `count` records of each type that has a handler.

    Of ten, two are the best that a search finds, three such with one field redrawn, one breaks
    the contract, and four come without a search.
    """
    generator = Generator(program, seed)
    chooser = random.Random(seed)
    values = []
    for function in program.functions:
        for number in range(count):
            value = generator.record(function.record, wild=(0.05, 0.1, 0.5)[number % 3])
            kind = number % 10
            if kind < 5:
                generator.improved(value, lambda v: oracle.rows(v).total(), SEARCH)
            if 2 <= kind < 5:
                generator.mutate(value, wild=0.6)
            if kind == 9:
                broken(program, value, chooser)
            values.append(value)
    return values


def compare(comparison: Comparison, count: int, seed: int) -> tuple[list[str], list[str]]:
    """The differences over `count` records of each type, and the checks that never fired.

    While checks are silent, more records are drawn, up to ten times as many.
    """
    program = comparison.native.program
    differences = comparison.differences(draw(comparison.oracle, program, count, seed))
    generator = Generator(program, seed + 1)
    for _ in range(10):
        if differences or not silent(comparison):
            break
        names = [f.record for f in program.functions for _ in range(count)]
        values = [generator.record(name, wild=0.2 + 0.1 * (n % 5)) for n, name in enumerate(names)]
        differences += comparison.differences(values)
    return differences, silent(comparison)


def silent(comparison: Comparison) -> list[str]:
    """The checks that no record has violated so far, in words."""
    return [
        f"{number}: sh:{info.component} of {path_text(info.path)} ({info.message})"
        for number, info in enumerate(comparison.native.program.checks)
        if number not in comparison.fired
    ]
