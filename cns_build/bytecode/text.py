# SPDX-License-Identifier: Apache-2.0
"""Images as text, and the text of code back to words.

    function 0: record 0, 2 registers, at most 7 steps
      0  HAS r0 3
      1  JUMP_IF @3
      2  REPORT - r0 #0
      3  RETURN

Registers are r0 to r30, jumps name the instruction that they lead to, and a test that decides
whether the next instruction runs ends in `.unless` or `.if`. FIELD_CHECKS ends
in `required` where its first REPORT is for a field that is absent, and in `second` where its last
one is for the range behind the one that it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cns_build.bytecode import isa
from cns_build.bytecode.image import (
    NO_ENTRY,
    NOTHING,
    TYPE_ABSENT,
    TYPE_CLASS,
    TYPE_FOCUS,
    TYPE_NUMBER,
    TYPE_RECORD,
    Image,
)

_REGISTERS = frozenset("DRBVCLXNE")
_JUMPS = frozenset("Jjn")
_FORMS: dict[str, isa.Form] = {"": "", "unless": "unless", "if": "if"}


# Words to text


def image_text(image: Image) -> str:
    """Return the whole image as text."""
    lines = head_text(image)
    for number, function in enumerate(image.functions):
        lines.append(
            f"function {number}: {type_text(function.parameter)}, {function.registers} registers, "
            f"at most {function.steps} steps"
        )
        lines += code_lines(function.code)
    lines += [
        f"check {n}: component {c.component}, severity {c.severity}, {type_text(c.type)}"
        for n, c in enumerate(image.checks)
    ]
    parts = (("path", image.paths), ("pattern", image.patterns))
    lines += [
        f"{what} {number}: {' '.join(_number(w) for w in words)}"
        for what, rows in parts
        for number, words in enumerate(rows)
    ]
    for what, words in (("enums", image.enums), ("constants", image.constants)):
        for start in range(0, len(words), 8):
            row = " ".join(_number(w) for w in words[start : start + 8])
            lines.append(f"{what} {start}: {row}")
    return "".join(f"{line}\n" for line in lines)


def head_text(image: Image) -> list[str]:
    """Return the lines about the image as a whole, and the functions of records."""
    return [
        f"image: report {image.report}, layout 0x{image.layout:08x}, "
        f"{image.registers} registers, {image.back_calls} calls back",
        *(f"record {n}: {_entry(e)}" for n, e in enumerate(image.entries)),
    ]


def _entry(entry: int) -> str:
    return {NO_ENTRY: "no entry", NOTHING: "nothing to check"}.get(entry, f"function {entry}")


def type_text(type_: int) -> str:
    """Return the name of the type of a register or reported value."""
    named = {
        TYPE_NUMBER: "number",
        TYPE_CLASS: "class",
        TYPE_FOCUS: "focus node",
        TYPE_ABSENT: "no value",
    }
    if type_ in named:
        return named[type_]
    return f"record {type_ & 0x7FFF}" if type_ & TYPE_RECORD else f"value {type_}"


def _number(word: int) -> str:
    return str(word) if word < 65536 else f"0x{word:08x}"


def code_lines(code: Sequence[int], indent: str = "  ") -> Iterator[str]:
    """Yield the instructions of a function, numbered from 0."""
    width = len(str(len(code)))
    for place, word in enumerate(code):
        yield f"{indent}{place:>{width}}  {instruction_text(word, place)}"


def instruction_text(word: int, place: int = 0) -> str:
    """Return the text of the instruction at a place; a word that is none as a number."""
    found = isa.known(word)
    if found is None:
        return f"0x{word:08x}"
    name = found.opcode.name + (f".{found.form}" if found.form else "")
    if found.opcode.name in isa.REPORTS:
        value, focus, check = found.report
        said = "-" if value == isa.NO_REGISTER else f"r{value}"
        return f"{name} {said} r{focus} #{check}"
    if found.opcode.name == isa.CHECKS:
        flags = " required" * found.required + " second" * found.second
        return f"{name} r{found.record} {found.b} {found.c}{flags}"
    held = zip(found.opcode.operands, (found.a, found.b, found.c), strict=False)
    words = [_operand(letter, value, place) for letter, value in held if letter != "_"]
    return " ".join([name, *words])


def _operand(letter: str, value: int, place: int) -> str:
    if letter in _REGISTERS:
        return f"r{value}"
    if letter in _JUMPS:
        return f"@{place + 1 + value}"
    return str(value)


# Text to words


def assemble(text: str) -> tuple[int, ...]:
    """Return the words of code: an instruction a line, `name:` before one that jumps lead to.

    A jump names a label, or `@` and the number of an instruction. Numbers in front of
    instructions and what follows `;` are left out. Raises ValueError that names the line.
    """
    lines: list[tuple[int, list[str]]] = []
    labels: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        rest = line.partition(";")[0].strip()
        while match := re.match(r"([A-Za-z_]\w*):\s*", rest):
            labels[match[1]] = len(lines)
            rest = rest[match.end() :]
        words = rest.split()
        if words and words[0].isdigit():
            words = words[1:]
        if words:
            lines.append((number, words))
    code = []
    for place, (number, words) in enumerate(lines):
        try:
            code.append(_instruction(words, place, labels))
        except (KeyError, ValueError, IndexError) as error:
            raise ValueError(f"line {number}: {' '.join(words)}: {error}") from error
    return tuple(code)


def _instruction(words: list[str], place: int, labels: dict[str, int]) -> int:
    name, _, suffix = words[0].partition(".")
    form = _FORMS[suffix]
    if name in isa.REPORTS:
        value = isa.NO_REGISTER if words[1] == "-" else int(words[1].removeprefix("r"))
        focus, check = int(words[2].removeprefix("r")), int(words[3].removeprefix("#"))
        return isa.encode_report(value, focus, check, name)
    if name == isa.CHECKS:
        record, slot, constant, flags = _register(words[1]), *map(int, words[2:4]), words[4:]
        if flags not in ([], ["required"], ["second"], ["required", "second"]):
            raise ValueError(f"{' '.join(flags)} is not required, second, or both")
        return isa.encode_checks(record, slot, constant, "required" in flags, "second" in flags)
    opcode = isa.opcodes()[name]
    letters = [letter for letter in opcode.operands if letter != "_"]
    if len(letters) != len(words) - 1:
        raise ValueError(f"{len(letters)} operands are needed")
    values = iter(words[1:])
    operands = [
        0 if letter == "_" else _value(next(values), letter, place, labels)
        for letter in opcode.operands
    ]
    a, b, c = (*operands, 0)[:3]
    return isa.encode(name, a, b, c, form)


def _value(word: str, letter: str, place: int, labels: dict[str, int]) -> int:
    if letter in _REGISTERS:
        return _register(word)
    if letter in _JUMPS:
        target = int(word[1:]) if word.startswith("@") else labels[word]
        return target - place - 1
    return int(word, 0)


def _register(word: str) -> int:
    if not re.fullmatch(r"r\d+", word):
        raise ValueError(f"{word} is no register")
    return int(word[1:])
