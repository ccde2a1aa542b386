# SPDX-License-Identifier: Apache-2.0
"""A program as the words that runtime/host/program.h describes."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from cns_build import model as m
from cns_build.bytecode.image import packed, to_bytes
from cns_build.graph import opcodes
from cns_build.graph.program import TARGETS, Inference, Program, ShapeCode, Tag, Target

MAGIC, VERSION = 0x47534E43, 2
NO_PATH = 2**32 - 1
_IRI, _BLANK, _LITERAL, _TAG = 1, 2, 4, 16  # cns_entry.kind
_CHECKSUM = 4
_EVERYWHERE = 8  # CNS_TARGET_EVERYWHERE


def to_image(program: Program) -> bytes:
    """Return the image of a program, with its checksum."""
    terms, texts = _terms(program.terms)
    steps = opcodes.steps()
    path_rows: list[int] = []
    step_words: list[int] = []
    for path in program.paths:
        path_rows += [len(step_words), len(path)]
        step_words += [steps[step.op].number | step.operand << 8 for step in path]
    shape_rows, code = _shapes(program.shapes)
    sections: list[Sequence[int]] = [
        packed(texts),
        terms,
        [word for pair in program.read for word in pair],
        program.classes,
        [word for pair in program.hierarchy for word in pair],
        [word for pair in program.instances for word in pair],
        path_rows,
        step_words,
        _patterns(program.patterns),
        shape_rows,
        code,
        _shapes_of_checks(program.shapes),
        [w for t in program.targets for w in (t.shape, _kind(t), t.operand)],
        *_inference(program.inference),
    ]
    body = [word for section in sections for word in section]
    size = 5 + len(sections) + len(body)
    words = [MAGIC, VERSION, opcodes.fingerprint(), size, 0, *map(len, sections), *body]
    words[_CHECKSUM] = checksum(words)
    return to_bytes(words)


def checksum(words: Sequence[int]) -> int:
    """Return the CRC-32 of all words but that of the checksum."""
    return zlib.crc32(to_bytes([*words[:_CHECKSUM], *words[_CHECKSUM + 1 :]]))


def _terms(terms: Sequence[m.Term | Tag]) -> tuple[list[int], bytes]:
    numbers = {term: number for number, term in enumerate(terms, 1)}
    words: list[int] = []
    texts = bytearray()

    def text(value: str) -> tuple[int, int]:
        data = value.encode()
        start = len(texts)
        texts.extend(data)
        return start, len(data)

    for term in terms:
        match term:
            case m.IRI(value):
                words += [_IRI, *text(value), 0, 0]
            case m.BlankNode(label):
                words += [_BLANK, *text(label), 0, 0]
            case m.Literal(lexical, datatype, language):
                tag = numbers[Tag(language)] if language else 0
                words += [_LITERAL, *text(lexical), numbers[datatype], tag]
            case Tag(value):
                words += [_TAG, *text(value), 0, 0]
    return words, bytes(texts)


def _shapes(shapes: Sequence[ShapeCode]) -> tuple[list[int], list[int]]:
    table = opcodes.constraints()
    rows: list[int] = []
    code: list[int] = []
    for shape in shapes:
        start = len(code)
        for instruction in shape.code:
            head = table[instruction.op].number | len(instruction.operands) << 8
            code += [head, instruction.check, *instruction.operands]
        path = NO_PATH if shape.path is None else shape.path
        rows += [shape.term, path, start, len(code) - start]
    return rows, code


def _shapes_of_checks(shapes: Sequence[ShapeCode]) -> list[int]:
    """Return the shape of each check, by its number: checks are numbered as shapes are built."""
    return [number for number, shape in enumerate(shapes) for _ in shape.code]


def _patterns(patterns: Sequence[tuple[str, str]]) -> list[int]:
    if not patterns:
        return []
    from cns_build.bytecode.pool import pattern_words  # importing takes longer than all the rest
    from cns_build.ir.patterns import tables_of

    return _table([pattern_words(tables_of(*pattern)) for pattern in patterns])


def _kind(target: Target) -> int:
    return TARGETS.index(target.kind) | (_EVERYWHERE if target.everywhere else 0)


def _inference(inference: Inference) -> list[Sequence[int]]:
    table = opcodes.rules()
    code: list[int] = []
    for rule in inference.rules:
        code += [table[rule.op].number | len(rule.operands) << 8, *rule.operands]
    return [
        inference.unary,
        inference.binary,
        code,
        [word for triple in inference.facts for word in triple],
        [word for triple in inference.schema for word in triple],
        inference.guarded,
        inference.sealed,
    ]


def _table(parts: Sequence[Sequence[int]]) -> list[int]:
    offset, offsets = 1 + len(parts), []
    for part in parts:
        offsets.append(offset)
        offset += len(part)
    return [len(parts), *offsets, *(word for part in parts for word in part)]
