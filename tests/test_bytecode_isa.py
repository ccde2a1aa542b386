# SPDX-License-Identifier: Apache-2.0
"""The instruction set, and what Python and C say of it: they agree, and nothing is unused."""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cns_build import xsd
from cns_build.backend.tables import COMPONENTS
from cns_build.bytecode import image, isa, pool, text
from cns_build.bytecode.annotate import annotated
from cns_build.bytecode.optimize import rules
from tests.bytecode.lowered import assert_as_promised, names, record_images
from tests.bytecode.test_optimize import CASES as RULE_CASES
from tests.bytecode.test_optimize import parts_of
from tests.paths import RUNTIME
from tests.runtime import native

OPCODES_H = (RUNTIME / "include" / "cns" / "opcodes.h").read_text("ascii")
BYTE = st.integers(0, 255)
HALF = st.integers(0, 2**16 - 1)
WORD = st.integers(0, 2**32 - 1)

# What lowering has no use for, and the optimizer leaves nowhere but where code had it before: it
# takes words away by way of NOP, and loads by way of MOVE.
IN_BETWEEN = {"NOP", "MOVE"}
FORMS: list[isa.Form] = ["", "unless", "if"]
FIRST = {"REPORT_FIRST", "COUNT_FIRST"}


def test_the_fingerprint_is_that_of_the_table() -> None:
    stated = re.findall(r"#define CNS_ISA_FINGERPRINT (0x[0-9A-F]{8})u", OPCODES_H)
    assert [int(number, 16) for number in stated] == [isa.fingerprint()]


def test_the_table_is_read_as_the_preprocessor_reads_it() -> None:
    rows = re.findall(r'X\((\w+), (0x\w\w), "(\w+)"', OPCODES_H)
    read = [(o.name, f"0x{o.number:02x}", o.operands) for o in isa.opcodes().values()]
    assert read == rows


def test_no_number_is_that_of_two_opcodes_or_has_the_bits_of_a_form() -> None:
    numbers = [opcode.number for opcode in isa.opcodes().values()]
    assert len(set(numbers)) == len(numbers)
    assert all(number & ~isa.BASE == 0 for number in numbers)


def test_operands_are_letters_that_the_header_explains() -> None:
    legend = OPCODES_H.partition("/*\n * Operands")[2].partition("*/")[0]
    explained = set(re.findall(r"(?<![\w'])(\w)(?= |,)", legend))
    used = {letter for opcode in isa.opcodes().values() for letter in opcode.operands}
    assert used <= explained


def test_tags_are_those_of_c() -> None:
    assert [row[2] for row in native.rows("DATATYPES")] == list(xsd.SCALARS)
    first = {
        "NONE": pool.NONE,
        "NODE": pool.NODE,
        "LANG_STRING": pool.LANG_STRING,
        "TYPED": pool.TYPED,
    }
    datatypes = {row[0]: pool.tag(row[2]) for row in native.rows("DATATYPES")}
    assert first | datatypes == native.TAGS


def test_components_are_those_of_c() -> None:
    assert [row[2] for row in native.rows("COMPONENTS")] == list(COMPONENTS)


def test_rules_are_those_of_c() -> None:
    assert [name for name, _ in rules()] == [row[0] for row in native.rows("RULES")]


def test_every_opcode_is_lowered_or_made_by_the_optimizer() -> None:
    lowered = {name for _, made in record_images().values() for name in names(made)}
    made = set()
    for path in RULE_CASES:
        parts = parts_of(path.read_text())
        before, after = (_names(parts[part]) for part in ("before", "after"))
        made |= after - before
    assert set(isa.opcodes()) - lowered - made == IN_BETWEEN
    assert not lowered & {"FIELD", "EACH", "FIELD_WITHIN", isa.CHECKS, "COUNT_WITHIN", *FIRST}


def _names(code: str) -> set[str]:
    return {isa.decode(word).opcode.name for word in text.assemble(code)}


@pytest.mark.parametrize("name", sorted(record_images()))
def test_lowering_keeps_the_order_of_the_source(name: str) -> None:
    assert_as_promised(*record_images()[name])


# Text


@st.composite
def instructions(draw: st.DrawFn) -> int:
    """An instruction whose unused operands are zero, as the verifier wants them."""
    opcode = draw(st.sampled_from(list(isa.opcodes().values())))
    if opcode.name in isa.REPORTS:
        value, focus = (draw(st.integers(0, 31)) for _ in range(2))
        check = draw(st.integers(0, isa.MAX_CHECKS - 1))
        return isa.encode_report(value, focus, check, opcode.name)
    if opcode.name == isa.CHECKS:
        record, slot, constant = draw(st.integers(0, 31)), draw(BYTE), draw(BYTE)
        return isa.encode_checks(record, slot, constant, draw(st.booleans()), draw(st.booleans()))
    form = draw(st.sampled_from(FORMS if opcode.is_test else FORMS[:1]))
    letters = [*opcode.operands, ""]
    signed = opcode.is_wide and opcode.operands[1] in "jn"
    wide = st.integers(-(2**15), 2**15 - 1) if signed else HALF
    second = wide if opcode.is_wide else BYTE
    a, b, c = (
        0 if letter in "_" else draw(values)
        for letter, values in zip(letters[:3], (BYTE, second, BYTE), strict=True)
    )
    return isa.encode(opcode.name, a, b, c, form)


@given(st.lists(instructions(), max_size=20))
def test_the_assembler_reads_what_the_disassembler_writes(code: list[int]) -> None:
    written = "\n".join(f"{line}  ; a note: r1 @2" for line in text.code_lines(code))
    assert text.assemble(written) == tuple(code)


@given(WORD)
def test_a_word_is_an_instruction_or_none(word: int) -> None:
    found = isa.known(word)
    if found is None:
        assert text.instruction_text(word) == f"0x{word:08x}"
    elif found.opcode.name not in isa.REPORTS:
        again = isa.encode(found.opcode.name, found.a, found.b, found.c, found.form)
        assert again == word


# Images


def _words(most: int) -> st.SearchStrategy[tuple[int, ...]]:
    return st.lists(WORD, max_size=most).map(tuple)


STRING = st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]), max_size=9)
FUNCTION = st.builds(image.Function, _words(9), BYTE, HALF, WORD)
CHECK = st.builds(image.CheckRow, BYTE, BYTE, HALF)


@st.composite
def images(draw: st.DrawFn) -> image.Image:
    checks = tuple(draw(st.lists(CHECK, max_size=4)))
    texts = [draw(st.tuples(STRING, STRING, STRING)) for _ in checks]
    return image.Image(
        layout=draw(WORD),
        entries=draw(_words(4)),
        functions=tuple(draw(st.lists(FUNCTION, max_size=4))),
        checks=checks,
        paths=tuple(draw(st.lists(_words(4), max_size=3))),
        patterns=tuple(draw(st.lists(_words(4), max_size=3))),
        enums=draw(_words(5)),
        constants=draw(_words(9)),
        texts=tuple(texts) if draw(st.booleans()) else (),
        report=draw(st.sampled_from(image.REPORTS)),
        registers=draw(WORD),
        back_calls=draw(WORD),
    )


@given(images())
def test_images_come_back_from_their_words(made: image.Image) -> None:
    assert image.from_words(image.to_words(made)) == made


@st.composite
def damaged(draw: st.DrawFn) -> list[int]:
    """The words of an image, of which one is another."""
    words = image.to_words(draw(images()))
    place = draw(st.integers(0, len(words) - 1))
    words[place] ^= draw(st.integers(1, 2**32 - 1))
    return words


@given(damaged())
def test_damaged_images_are_refused(words: list[int]) -> None:
    with pytest.raises(ValueError, match=r"^it(s| is) "):
        image.from_words(words)


@given(images(), st.data())
def test_cut_images_are_refused(made: image.Image, data: st.DataObject) -> None:
    words = image.to_words(made)
    with pytest.raises(ValueError, match=r"^it is "):
        image.from_words(words[: data.draw(st.integers(0, len(words) - 1))])


@settings(max_examples=300)
@given(damaged())
def test_what_is_damaged_and_sealed_again_raises_nothing_else(words: list[int]) -> None:
    with contextlib.suppress(ValueError):
        annotated(image.from_words(image.sealed(words)))
