# SPDX-License-Identifier: Apache-2.0
"""Report matching: what the comparison of engines must see, and what it must not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rdflib import BNode, URIRef
from rdflib.term import Node

from tests.reference import SH, Report, Result, literal, same_report, same_results
from tests.reference.matching import differences
from tests.reference.paths import Inverse, Predicate

P = Predicate(URIRef("http://example.org/p"))


def result(focus: Node, value: Node | None = None, shape: Node = SH["S"]) -> Result:
    return Result(focus, P, value, shape, SH["InConstraintComponent"], SH["Violation"])


def test_order_and_messages_do_not_count() -> None:
    a, b = result(SH["a"]), result(SH["b"])
    assert same_results([a, b], [replace(b, messages=(literal("why"),)), a])


def test_multiplicity_counts() -> None:
    a, b = result(SH["a"]), result(SH["b"])
    assert not same_results([a, a, b], [a, b, b])
    assert not same_results([a], [a, a])


@pytest.mark.parametrize(
    "change",
    [
        {"focus": SH["b"]},
        {"path": Inverse(P)},
        {"path": None},
        {"value": literal("01", "http://www.w3.org/2001/XMLSchema#integer")},
        {"value": None},
        {"source_shape": SH["T"]},
        {"component": SH["OrConstraintComponent"]},
        {"severity": SH["Info"]},
    ],
)
def test_each_part_counts(change: dict[str, Node]) -> None:
    one = result(SH["a"], literal("1", "http://www.w3.org/2001/XMLSchema#integer"))
    assert not same_results([one], [replace(one, **change)])  # type: ignore[arg-type] # any field


def test_plain_literals_have_datatype_string() -> None:
    plain, typed = literal("a"), literal("a", "http://www.w3.org/2001/XMLSchema#string")
    assert same_results([result(SH["a"], plain)], [result(SH["a"], typed)])


def test_conforms_counts() -> None:
    assert same_report((True, []), Report(()))
    assert not same_report((False, []), Report(()))


def test_blank_nodes_are_renamed_together() -> None:
    a, b, x, y = (BNode() for _ in range(4))
    assert same_results([result(a, b), result(b, a)], [result(x, y), result(y, x)])
    assert not same_results([result(a, b), result(b, a)], [result(x, x), result(y, y)])
    assert not same_results([result(a, a)], [result(x, y)])
    assert not same_results([result(a)], [result(SH["a"])])


def test_symmetric_blank_nodes_are_told_apart_by_trying() -> None:
    """Two triangles and a hexagon look the same to colour refinement."""
    a, b = [BNode() for _ in range(6)], [BNode() for _ in range(6)]
    hexagon = [result(a[i], a[(i + 1) % 6]) for i in range(6)]
    triangles = [result(b[i], b[i - i % 3 + (i + 1) % 3]) for i in range(6)]
    assert not same_results(hexagon, triangles)
    order = [3, 1, 5, 0, 4, 2]
    again = [result(b[order[i]], b[order[(i + 1) % 6]]) for i in range(6)]
    assert same_results(hexagon, again)


def test_differences_name_both_sides() -> None:
    lines = differences([result(SH["a"])], [result(SH["b"])])
    assert [line.split()[:2] for line in lines] == [
        ["missing", f"<{SH['a']}>"],
        ["extra", f"<{SH['b']}>"],
    ]
