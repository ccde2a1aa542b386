# SPDX-License-Identifier: Apache-2.0
"""Ranges of floats and doubles in C, compared and by integer keys: the same, and exact."""

from __future__ import annotations

import ctypes
import itertools
import math
import struct
from fractions import Fraction
from pathlib import Path

import pytest

from cns_build.backend.literals import interval, real_equals
from cns_build.ir.program import Interval, Var
from cns_build.ir.record import Scalar
from tests.runtime.toolchain import C11, compile_c

FORMS = {"float": ("<f", "<I", 2**23, 2**31), "double": ("<d", "<Q", 2**52, 2**63)}
C_TYPES = {"float": ctypes.c_float, "double": ctypes.c_double}


def numbers(kind: str) -> list[float]:
    """Return zeros, subnormals, the edges of binades, infinities and NaN, of both signs."""
    form, words, normal, sign = FORMS[kind]
    top = sign - normal  # the bits of infinity
    one = struct.unpack(words, struct.pack(form, 1.0))[0]
    edge = (0, 1, 2, normal - 1, normal, one - 1, one, one + 1, top - 1, top)
    bits = [b + s for b in (*edge, top + 1, sign - 1) for s in (0, sign)]
    found = [struct.unpack(form, struct.pack(words, b))[0] for b in bits]
    return [*found, 85.0, -40.0, 84.5]


def intervals(kind: str) -> list[Interval]:
    bounds = [None, *(n for n in numbers(kind) if not math.isnan(n))]
    var = Var(0, Scalar(kind))
    return [
        Interval(var, kind, low, low_open, high, high_open)
        for low, high in itertools.product(bounds, repeat=2)
        for low_open, high_open in ((False, False), (True, True), (True, False))
        if (low, high) != (None, None)
    ]


def inside(cond: Interval, number: float) -> bool:
    """Decide the interval exactly, as SPARQL orders numbers."""
    if math.isnan(number):
        return False

    def order(one: float | Fraction, two: float) -> int:
        return (one > two) - (one < two)

    low = 1 if cond.low is None else order(number, float(cond.low))
    high = -1 if cond.high is None else order(number, float(cond.high))
    return low >= cond.low_open and high <= -cond.high_open


def compiled(folder: Path, kind: str, tests: list[str], soft: int) -> ctypes.CDLL:
    rows = [
        f"bool test_{i}({kind} value);\nbool test_{i}({kind} value) {{ (void)value; return {t}; }}"
        for i, t in enumerate(tests)
    ]
    text = "\n".join(["#include <float.h>", "#include <cns/cns.h>", *rows, ""])
    library = folder / f"{kind}_{soft}.so"
    flags = [f"-DCNS_SOFT_FLOAT={soft}", f"-DCNS_SOFT_DOUBLE={soft}", "-shared", "-fPIC"]
    compile_c("gcc", *C11, "-Wno-float-equal", *flags, text=text, output=library)
    return ctypes.CDLL(str(library))


@pytest.mark.parametrize("soft", [0, 1], ids=["compared", "keys"])
@pytest.mark.parametrize("kind", ["float", "double"])
def test_ranges_are_exact_at_every_edge(kind: str, soft: int, tmp_path: Path) -> None:
    conds = intervals(kind)
    library = compiled(tmp_path, kind, [interval(c, "value") for c in conds], soft)
    values = [(n, C_TYPES[kind](n)) for n in numbers(kind)]
    for i, cond in enumerate(conds):
        test = getattr(library, f"test_{i}")
        test.restype = ctypes.c_bool
        for number, value in values:
            assert test(value) == inside(cond, number), (cond, number)


@pytest.mark.parametrize("soft", [0, 1], ids=["compared", "keys"])
@pytest.mark.parametrize("kind", ["float", "double"])
def test_constants_are_terms(kind: str, soft: int, tmp_path: Path) -> None:
    constants = [n for n in numbers(kind) if n != 0]
    library = compiled(tmp_path, kind, [real_equals(n, kind, "value") for n in constants], soft)
    for i, constant in enumerate(constants):
        test = getattr(library, f"test_{i}")
        test.restype = ctypes.c_bool
        for number in numbers(kind):
            same = number == constant or (math.isnan(number) and math.isnan(constant))
            assert test(C_TYPES[kind](number)) == same, (constant, number)
