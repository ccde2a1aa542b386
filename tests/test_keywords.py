# SPDX-License-Identifier: Apache-2.0
"""The keywords that build systems share: each becomes options that `cnsc` knows."""

from __future__ import annotations

from typing import Any

import pytest

from cns_build.arguments.parser import make_parser
from cns_build.integration import keywords

SOURCE = {
    "axioms": ("constraints", "--axioms constraints"),
    "exists": ("info", "--exists info"),
    "infer": (["domain", "range"], "--infer domain --infer range"),
    "waive": ("sh:sparql", "--waive sh:sparql"),
    "args": (["--waive", "sh:js"], "--waive sh:js"),
}
COMPILE: dict[str, tuple[Any, str]] = SOURCE | {
    "capacity": ({"a": 2}, "--capacity a=2"),
    "depth": (3, "--depth 3"),
    "detail": (True, "--detail"),
    "engine": ("both", "--engine both"),
    "inline_strings": (True, "--inline-strings"),
    "kinds": ({"a": 7}, "--kind a=7"),
    "layout": (True, "--layout"),
    "queried": (("ex:A", "ex:B"), "--queried ex:A --queried ex:B"),
    "records": ("ex:A", "--record ex:A"),
    "report": ("first", "--report first"),
    "strings": ("ids", "--strings ids"),
    "tick_budget": (9, "--tick-budget 9"),
    "trust_text": (True, "--trust-text"),
    "unchecked": ({"b": 8}, "--unchecked b=8"),
}
VALIDATOR: dict[str, tuple[Any, str]] = SOURCE | {
    "inference": ("owlrl", "--inference owlrl"),
    "recursion": (2, "--recursion 2"),
    "strict": (True, "--strict"),
}


@pytest.mark.parametrize("keyword", COMPILE)
def test_a_keyword_of_models(keyword: str) -> None:
    value, words = COMPILE[keyword]
    assert keywords.wrong_keyword({keyword: value}, keywords.COMPILE_KINDS) is None
    assert " ".join(keywords.compile_options({keyword: value})) == words
    assert keywords.compile_options({}) == []
    outputs = ["--name", "m", "-o", "m.c", "m.h"]
    make_parser().parse_args(["compile", *outputs, *words.split()])


@pytest.mark.parametrize("keyword", VALIDATOR)
def test_a_keyword_of_validators(keyword: str) -> None:
    value, words = VALIDATOR[keyword]
    assert keywords.wrong_keyword({keyword: value}, keywords.VALIDATOR_KINDS) is None
    assert " ".join(keywords.validator_options({keyword: value})) == words
    assert keywords.validator_options({}) == []
    make_parser().parse_args(["validator", *words.split()])


def test_all_keywords_are_tried() -> None:
    of_files = {"map", "summary"}
    assert {*COMPILE} == keywords.COMPILE_KINDS.keys() - of_files
    assert {*VALIDATOR} == keywords.VALIDATOR_KINDS.keys() - {"c_args"}
