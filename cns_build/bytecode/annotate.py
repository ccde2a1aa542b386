# SPDX-License-Identifier: Apache-2.0
"""Images as text for people: what `text.py` writes, with what numbers stand for behind `;`.

function 0 (reading): record 0, 2 registers, at most 4 steps
  0  FIELD_CHECKS r0 0 0 required  ; ex:celsius: at most 85.0
  1  REPORT - r0 #0                ; sh:minCount of ex:celsius
  2  REPORT r1 r0 #1               ; sh:maxInclusive of ex:celsius
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from cns_build.backend.tables import COMPONENTS
from cns_build.bytecode import isa
from cns_build.bytecode.constants import Constants, datatype, kinds
from cns_build.bytecode.image import STEP_CLASS, STEP_ITEMS, TYPE_RECORD, Function, Image
from cns_build.bytecode.legend import Legend, ValueName, check_text, pattern_key
from cns_build.bytecode.text import head_text, instruction_text, type_text
from cns_build.bytecode.types import Types, field_of, field_type, register_types, value_name
from cns_build.diagnostics import printable

_COLUMN = 28
_NOTHING_KNOWN = Legend(0, (), (), (), (), (), {})


def annotated(image: Image, legend: Legend | None = None) -> str:
    """Return head and code of an image; without a legend, what the image itself says."""
    return "".join(f"{line}\n" for line in [*head_text(image), *functions(image, legend)])


def functions(image: Image, legend: Legend | None = None) -> Iterator[str]:
    """Yield the lines of all functions."""
    notes = _Notes(image, legend or _NOTHING_KNOWN)
    for number, function in enumerate(image.functions):
        yield f"function {number}{notes.function(number)}: {_size(function)}"
        types = register_types(function, notes.legend)
        width = len(str(len(function.code)))
        for place, word in enumerate(function.code):
            text, note = instruction_text(word, place), notes.note(word, types[place])
            said = f"{text:{_COLUMN}}  ; {note}" if note else text
            yield f"  {place:>{width}}  {said}"


def _size(function: Function) -> str:
    return (
        f"{type_text(function.parameter)}, {function.registers} registers, "
        f"at most {function.steps} steps"
    )


class _Notes:
    """Says what the operands of instructions stand for."""

    def __init__(self, image: Image, legend: Legend) -> None:
        self.image = image
        self.legend = legend
        self.constants = Constants(image.constants, legend.terms)

    def function(self, number: int) -> str:
        """Return the name of a function, in parentheses, where it has one."""
        names = self.legend.functions
        return f" ({names[number]})" if number < len(names) else ""

    def note(self, word: int, types: Types) -> str:
        """Return what an instruction is about; nothing where that is unknown, or is not there.

        What an operand names may lie nowhere: an image that is shown need not be one that loads.
        """
        found = isa.known(word)
        if found is None:
            return ""
        with contextlib.suppress(IndexError, ValueError):
            parts = [self._slot(found, types), self._operand(found, types)]
            return printable(": ".join(part for part in parts if part))
        return "names what the image does not have"

    def _slot(self, found: isa.Instruction, types: Types) -> str:
        letters = found.opcode.operands
        if "S" not in letters:
            return ""
        operands = (found.a, found.b, found.c)
        base = found.record if "Q" in letters else operands[letters.index("R")]
        named = field_of(types.get(base), operands[letters.index("S")], self.legend)
        return named[0] if named else ""

    def _operand(self, found: isa.Instruction, types: Types) -> str:
        value = value_name(types.get(found.a), self.legend)
        match found.opcode.name:
            case "WITHIN":
                return self._keys(found.b, value)
            case "FIELD_WITHIN":
                inner = field_type(types.get(found.a), found.b, self.legend)
                return self._keys(found.c, value_name(inner, self.legend))
            case isa.CHECKS:
                inner = field_type(types.get(found.record), found.b, self.legend)
                return self._ranges(found, value_name(inner, self.legend))
            case "TERM_WITHIN":
                return self.constants.term_keys(found.b)
            case "MEMBER":
                return self.constants.members(found.b, value or ValueName())
            case "COUNT_WITHIN":
                return self.constants.counts(found.c)
            case "NUMBER" | "LENGTH":
                return self.constants.counts(found.b)
            case "ID_IN":
                return self.constants.ids(found.b)
            case "IS_A":
                return self.constants.classes(found.b)
            case "LANGUAGE":
                return self.constants.text(found.b)
            case "IS":
                return self.constants.term(found.b)
            case "ORDER":
                return self.constants.order(found.b)
            case "KIND":
                return kinds(found.b)
            case "DATATYPE":
                return datatype(found.b)
            case "TYPED":
                return self._id(found.b)
            case "MATCHES":
                return self._pattern(found.b)
            case "FIRST_OF":
                return self._path(found.c, types.get(found.a))
            case "LANGUAGES":
                branches = self.image.paths[found.c][1:]
                return " and ".join(self._path(n, types.get(found.b)) for n in branches)
            case "CALL":
                return self.function(found.b).strip(" ()")
            case "REPORT" | "REPORT_FIRST":
                return self._check(found.report[2])
        return ""

    def _keys(self, constant: int, value: ValueName | None) -> str:
        return self.constants.keys(constant, value) if value and value.key else ""

    def _ranges(self, checks: isa.Instruction, value: ValueName | None) -> str:
        if value is None or not value.key:
            return ""
        places = [checks.c, checks.c + 2 * value.key_words][: 1 + checks.second]
        return "; ".join(self.constants.keys(place, value) for place in places)

    def _id(self, number: int) -> str:
        terms = self.legend.terms
        return terms[number - 1] if 0 < number <= len(terms) else ""

    def _pattern(self, number: int) -> str:
        return self.legend.patterns.get(pattern_key(self.image.patterns[number]), "")

    def _path(self, number: int, type_: int | None) -> str:
        """Return the properties of a path, from a record on; numbers where these are unknown."""
        words = []
        for step in self.image.paths[number][1:]:
            value = value_name(type_, self.legend)
            if step == STEP_ITEMS:
                words.append("members")
                type_ = value.items if value else None
            elif step == STEP_CLASS:
                words.append("rdf:type")
            else:
                if value is not None and value.record is not None:
                    type_ = TYPE_RECORD | value.record
                named = field_of(type_, step, self.legend)
                words.append(named[0] if named else str(step))
                type_ = named[1] if named else None
        return "/".join(words)

    def _check(self, number: int) -> str:
        if number < len(self.legend.checks):
            return self.legend.checks[number]
        component = COMPONENTS[self.image.checks[number].component]
        path = self.image.texts[number][1] if self.image.texts else ""
        return check_text(component, path)
