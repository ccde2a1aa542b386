# SPDX-License-Identifier: Apache-2.0
"""Property paths: all seven forms, nesting, and what is no path."""

from __future__ import annotations

import pytest

from cns_build.model import (
    IRI,
    AlternativePath,
    InversePath,
    OneOrMorePath,
    Path,
    PredicatePath,
    SequencePath,
    ZeroOrMorePath,
    ZeroOrOnePath,
)
from tests.frontend.inputs import EX, Loader

SHAPE = "ex:S a sh:PropertyShape ; sh:path\n"
P, Q = PredicatePath(IRI(EX + "p")), PredicatePath(IRI(EX + "q"))


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("ex:p", P),
        ("[ sh:inversePath ex:p ]", InversePath(P)),
        ("( ex:p ex:q ex:p )", SequencePath((P, Q, P))),
        ("[ sh:alternativePath ( ex:q ex:p ) ]", AlternativePath((Q, P))),
        ("[ sh:zeroOrMorePath ex:p ]", ZeroOrMorePath(P)),
        ("[ sh:oneOrMorePath ex:p ]", OneOrMorePath(P)),
        ("[ sh:zeroOrOnePath ex:p ]", ZeroOrOnePath(P)),
        (
            "( [ sh:inversePath ( ex:p ex:q ) ] [ sh:zeroOrMorePath [ sh:alternativePath"
            " ( ex:q [ sh:oneOrMorePath ex:p ] ) ] ] )",
            SequencePath(
                (
                    InversePath(SequencePath((P, Q))),
                    ZeroOrMorePath(AlternativePath((Q, OneOrMorePath(P)))),
                )
            ),
        ),
    ],
)
def test_forms(loader: Loader, text: str, path: Path) -> None:
    assert loader.shape(f"{SHAPE}{text} .").path == path


def test_a_path_may_use_a_node_twice(loader: Loader) -> None:
    path = loader.shape(f"{SHAPE}( _:i _:i ) . _:i sh:inversePath ex:p .").path
    assert path == SequencePath((InversePath(P), InversePath(P)))


def test_a_list_with_an_operator_is_a_sequence(loader: Loader) -> None:
    text = (
        f"{SHAPE}_:l . _:l rdf:first ex:p ; rdf:rest ( ex:q ) ; sh:inversePath ex:r .\n"
        "ex:T a sh:PropertyShape ; sh:path _:l ."
    )
    printed = loader.warnings(text)
    assert "shapes.ttl:8:1: warning: the path is a list and has sh:inversePath;" in printed
    assert printed.count("warning") == 2


def test_the_empty_list_is_a_predicate(loader: Loader) -> None:
    printed = loader.warnings(f"{SHAPE}() .")
    assert "shapes.ttl:8:1: warning: the path is an empty list; it is read as the" in printed


def test_a_list_with_other_triples_is_a_sequence(loader: Loader) -> None:
    text = f"{SHAPE}[ a rdf:List ; rdf:first ex:p ; rdf:rest ( ex:q ) ; rdfs:comment 'x' ] ."
    assert loader.shape(text).path == SequencePath((P, Q))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("( ex:p )", "8:1: error: a sequence path has one member"),
        ("[ sh:alternativePath ( ex:p ) ]", "8:22: error: an alternative path has one member"),
        (
            "[ sh:inversePath ex:p ; rdfs:comment 'x' ]",
            "8:25: error: a path node with sh:inversePath has another triple; move it to the "
            "shape [path-inverse]",
        ),
        ('"p"', "8:1: error: a path cannot be a literal"),
        ("[]", "8:1: error: not a path"),
        ("[ rdf:type ex:Path ]", "8:1: error: not a path"),
        ("[ sh:inversePath 1 ]", "8:18: error: a path cannot be a literal"),
        ("[ sh:inversePath ex:p, ex:q ]", "8:24: error: a path has two values of sh:inversePath"),
        (
            "[ sh:inversePath ex:p ; sh:zeroOrMorePath ex:p ]",
            "8:1: error: a path node has both sh:inversePath and sh:zeroOrMorePath",
        ),
        ("[ sh:alternativePath ex:p ]", "8:22: error: ill-formed list"),
        ("[ sh:alternativePath () ]", "8:22: error: an alternative path has no members"),
        ("_:a . _:a sh:inversePath _:a", "8:26: error: the path leads back into itself"),
        ("_:a . _:a sh:alternativePath ( ex:p _:a )", "error: the path leads back into itself"),
        ("_:a . _:a rdf:first ex:p ; rdf:rest _:a", "error: ill-formed list: it leads back into"),
        ("_:a . _:a rdf:first _:a ; rdf:rest ( ex:p )", "error: the path leads back into itself"),
    ],
)
def test_no_paths(loader: Loader, text: str, message: str) -> None:
    loader.write(f"{SHAPE}{text} .")
    printed = loader.errors("shapes.ttl")
    assert message in printed
    assert printed.count("error:") == 1


def test_the_deepest_path(loader: Loader) -> None:
    def path(depth: int) -> str:
        return f"{'[ sh:inversePath ' * depth}ex:p{' ]' * depth}"

    deepest = loader.shape(f"{SHAPE}{path(100)} .").path
    for _ in range(100):
        assert isinstance(deepest, InversePath)
        deepest = deepest.path
    assert deepest == P
    loader.write(f"{SHAPE}{path(101)} .")
    assert "nested deeper than 100 levels" in loader.errors("shapes.ttl")
