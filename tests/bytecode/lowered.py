# SPDX-License-Identifier: Apache-2.0
"""Models as naive images, and what lowering promises of these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from cns_build import pipeline
from cns_build.bytecode import isa
from cns_build.bytecode.assemble import assemble, callers_first
from cns_build.bytecode.image import Image
from cns_build.frontend import load
from cns_build.ir import program as ir
from tests.test_records_cases import CASES, options_of


@cache
def record_images() -> dict[str, tuple[ir.Program, Image]]:
    """Return program and naive image of each record case."""
    return {case.stem: _image(str(case), case.read_text()) for case in CASES}


def _image(file: str, text: str) -> tuple[ir.Program, Image]:
    options = options_of(text)
    graph, _, _ = load([], [file], catalog=[], waive=[])
    program = pipeline.compile_shapes(graph, options).program
    return program, assemble(program, options, graph.prefixes)


def names(image: Image) -> Iterator[str]:
    """Yield the opcode of each instruction."""
    for function in image.functions:
        yield from (isa.decode(word).opcode.name for word in function.code)


def assert_as_promised(program: ir.Program, image: Image) -> None:
    """Nothing is there for nothing, and checks report in the order of the source."""
    assert "NOP" not in set(names(image))
    for body, function in zip(callers_first(program), image.functions, strict=True):
        found = [isa.decode(word) for word in function.code]
        reports = [one.report[2] for one in found if one.opcode.name == "REPORT"]
        wanted = [] if isinstance(body, ir.Test) else list(_checks(body.body))
        assert reports == wanted


def _checks(ops: Sequence[ir.Op]) -> Iterator[int]:
    """Yield the checks of operations; those of a field that never has values report nothing."""
    for op in ops:
        match op:
            case ir.Check():
                yield op.check
                yield from _checks(op.detail)
            case ir.Each():
                yield from _checks(op.absent)
                if all(item.capacity for item in op.fields):
                    yield from _checks(op.body)
            case ir.If(body=body) | ir.EachLanguage(body=body):
                yield from _checks(body)
