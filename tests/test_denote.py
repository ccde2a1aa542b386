# SPDX-License-Identifier: Apache-2.0
"""`cns_denote` in C writes the graph that the definition in Python gives, term by term."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import Graph, Literal
from rdflib.compare import isomorphic

from cns_build.ir.program import Program
from cns_build.options import Options
from tests.records.answers import Denoted
from tests.records.generate import Generator, broken
from tests.records.native import BAD_RECORD, OK, Native, compile_model
from tests.records.values import RecordValue
from tests.reference import literal, load
from tests.reference.denote import BadRecord, denote
from tests.test_records_cases import CASES, options_of

BAD_ARGUMENT = 4
# rdflib warns of each ill-typed number that it sorts; records are full of them on purpose.
WEIRD = "ignore:Serializing weird numerical"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for all models, beside which the runtime is compiled once."""
    folder = tmp_path_factory.mktemp("denote") / "models"
    folder.mkdir()
    return folder


def read(text: str) -> Graph:
    """The graph of N-Triples. Raises SyntaxError."""
    return load(text, media=pyoxigraph.RdfFormat.N_TRIPLES)


def with_small_tags(graph: Graph) -> Graph:
    """The graph with language tags in lower case, as `read` gives them."""
    made = Graph()
    for s, p, o in graph:
        if isinstance(o, Literal) and o.language:
            o = literal(str(o), language=o.language.lower())
        made.add((s, p, o))
    return made


def difference(native: Native, value: RecordValue, found: Denoted) -> str:
    """Where C and the definition disagree about a record, in words."""
    try:
        wanted, _ = denote(native.program, value)
    except BadRecord as error:
        return "" if found == Denoted(BAD_RECORD, "") else f"bad record ({error}), but {found}"
    if found.status != OK:
        return f"status {found.status}"
    graph = read(found.text)
    lines = found.text.count("\n")
    if lines != len(graph):
        return f"{lines} triples, and {len(graph)} different ones:\n{found.text}"
    if not isomorphic(graph, with_small_tags(wanted)):
        return f"wanted:\n{wanted.serialize(format='nt')}\nfound:\n{found.text}"
    return ""


def differences(native: Native, values: list[RecordValue]) -> list[str]:
    """Where C and the definition disagree about records."""
    found = [
        f"{text}\nrecord: {value}"
        for value, denoted in zip(values, native.texts(values), strict=True)
        if (text := difference(native, value, denoted))
    ]
    return found


def drawn(program: Program, count: int, seed: int) -> list[RecordValue]:
    """Records of each type that has a handler; one of ten breaks the contract."""
    generator, chooser = Generator(program, seed), random.Random(seed)
    values = []
    for function in program.functions:
        for number in range(count):
            value = generator.record(function.record, wild=(0.05, 0.2, 0.5)[number % 3])
            if number % 10 == 9:
                broken(program, value, chooser)
            values.append(value)
    return values


@pytest.mark.filterwarnings(WEIRD)
@pytest.mark.parametrize("report", ["all", "conforms"])
@pytest.mark.parametrize("strings", ["full", "ids", "none"])
def test_texts_decide_whether_records_can_be_written(
    report: str, strings: str, tmp_path: Path
) -> None:
    """The table is there in any case, and right: the worker checks it."""
    options = Options(name="m", report=report, strings=strings, layout=True)
    folder = tmp_path / "model"
    folder.mkdir()
    native = compile_model(folder, [CASES[0].with_name("tagged.ttl")], options)
    values = drawn(native.program, 20, seed=3)
    if strings == "full":
        assert not differences(native, values)
    else:
        assert {found.status for found in native.texts(values)} == {BAD_ARGUMENT}


@pytest.mark.filterwarnings(WEIRD)
@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_records_are_written_as_they_are_defined(case: Path, models: Path) -> None:
    target = models / case.stem
    target.mkdir()
    options = replace(options_of(case.read_text()), layout=True)
    native = compile_model(target, [case], options)
    values = drawn(native.program, 40, seed=11)
    found = differences(native, values)
    assert not found, f"{len(found)} differences, such as\n{found[0]}"
