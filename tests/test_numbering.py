# SPDX-License-Identifier: Apache-2.0
"""Numbers of classes against a plain closure: every queried one, and all that is below it."""

from __future__ import annotations

import random
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from cns_build.model import IRI
from cns_build.owl.numbering import Numbering, number

Above = dict[IRI, list[IRI]]


def node(number: int) -> IRI:
    return IRI(f"http://example.org/{number}")


def hierarchy(edges: Iterable[tuple[int, int]]) -> Above:
    """The nodes above each, from pairs of lower and upper."""
    above: Above = {}
    for lower, upper in edges:
        above.setdefault(node(lower), []).append(node(upper))
    return above


def plainly_below(upper: IRI, above: Above) -> set[IRI]:
    """The plain closure: add what is directly below something found, until nothing is new."""
    found = {upper}
    size = 0
    while len(found) > size:
        size = len(found)
        found |= {lower for lower, uppers in above.items() if not found.isdisjoint(uppers)}
    return found


def below(numbering: Numbering, upper: IRI) -> list[IRI]:
    spans = numbering.spans[upper]
    return [numbering.order[i] for first, last in spans for i in range(first, last + 1)]


PAIRS = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=30)


@given(PAIRS, st.sets(st.integers(0, 11)), st.randoms(use_true_random=False))
def test_spans_are_the_plain_closure(
    edges: list[tuple[int, int]], asked: set[int], shuffler: random.Random
) -> None:
    nodes, queried = [node(n) for n in range(12)], [node(n) for n in sorted(asked)]
    above = hierarchy(edges)
    made = number(nodes, above, queried)
    assert sorted(made.order) == sorted(nodes)
    for upper in queried:
        found = below(made, upper)
        assert len(found) == len(set(found))
        assert set(found) == plainly_below(upper, above)
        ends = [end for span in made.spans[upper] for end in span]
        assert all(one < other - 1 for one, other in zip(ends[1::2], ends[2::2], strict=False))
    shuffler.shuffle(edges)
    shuffler.shuffle(nodes)
    shuffler.shuffle(queried)
    again = number(nodes, hierarchy(edges), queried)
    assert again.order == made.order
    assert dict(again.spans) == dict(made.spans)


def test_one_node_above_each_is_one_span_for_each() -> None:
    chooser = random.Random(1)
    above = hierarchy((n, chooser.randrange(n)) for n in range(1, 300))
    nodes = [node(n) for n in range(300)]
    assert {len(spans) for spans in number(nodes, above, nodes).spans.values()} == {1}


def test_equivalent_nodes_are_side_by_side() -> None:
    above = hierarchy([(1, 2), (2, 3), (3, 1), (4, 2), (0, 5)])
    nodes = [node(n) for n in range(6)]
    made = number(nodes, above, [node(1), node(3), node(4)])
    assert made.spans[node(1)] == made.spans[node(3)]
    assert set(below(made, node(1))) == {node(n) for n in (1, 2, 3, 4)}
    assert below(made, node(4)) == [node(4)]
