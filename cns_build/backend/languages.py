# SPDX-License-Identifier: Apache-2.0
"""Language tags in C: how many of them are those of two or more distinct values."""

from __future__ import annotations

from collections.abc import Sequence

from cns_build.backend.compare import Comparisons
from cns_build.backend.paths import Paths
from cns_build.backend.place import Place
from cns_build.ir.record import Enum, Field, LangString, ValueType


class Languages:
    """Renders what sh:uniqueLang asks of the values of a path."""

    def __init__(self, paths: Paths, comparisons: Comparisons) -> None:
        self._paths = paths
        self._comparisons = comparisons

    def count(self, type_: ValueType, base: Place, branches: Sequence[tuple[Field, ...]]) -> str:
        """Return the number of language tags that two or more distinct values have."""
        second = self._second_function(type_, base, branches)
        body: list[str] = []
        for fields in branches:
            loops, place = self._paths.loops(type_, self._paths.base_place(base), fields)
            language = self._comparisons.language(fields[-1].type, place.value)
            lines = [
                f"const cns_langstr *value = {language};",
                f"if ({_has_language(fields[-1].type, 'value')} && "
                f"{second}(base, position, value)) {{",
                "    count++;",
                "}",
                "position++;",
            ]
            body += [*loops.open, *(f"{loops.indent}{line}" for line in lines), *loops.close]

        def text(function: str) -> str:
            return (
                f"static uint32_t\n{function}({self._paths.base_parameter(type_)})\n{{\n"
                "    uint32_t count = 0;\n    uint32_t position = 0;\n\n"
                + "".join(f"    {line}\n" for line in body)
                + "    return count;\n}\n"
            )

        name = f"{self._paths.names.model}_languages_{base.path}_{branches[0][-1].name}"
        return f"{self._paths.functions.add(name, text)}({base.record})"

    def _second_function(
        self, type_: ValueType, base: Place, branches: Sequence[tuple[Field, ...]]
    ) -> str:
        """Return a function that tells whether a value is the second distinct one of its tag."""
        body: list[str] = []
        for fields in branches:
            loops, place = self._paths.loops(type_, self._paths.base_place(base), fields)
            language = self._comparisons.language(fields[-1].type, place.value)
            lines = [
                "if (n++ == position) {",
                "    return first != NULL && !cns_str_equal(first->text, value->text);",
                "}",
                f"const cns_langstr *other = {language};",
                f"if ({_has_language(fields[-1].type, 'other')} && "
                "cns_language_same(other->language, value->language)) {",
                "    if (first != NULL && !cns_str_equal(first->text, other->text)) {",
                "        return false;",
                "    }",
                "    first = other;",
                "}",
            ]
            body += [*loops.open, *(f"{loops.indent}{line}" for line in lines), *loops.close]

        def text(function: str) -> str:
            return (
                f"static bool\n{function}({self._paths.base_parameter(type_)}, "
                "uint32_t position, const cns_langstr *value)\n{\n"
                "    const cns_langstr *first = NULL;\n    uint32_t n = 0;\n\n"
                + "".join(f"    {line}\n" for line in body)
                + "    return false;\n}\n"
            )

        name = f"{self._paths.names.model}_second_{base.path}_{branches[0][-1].name}"
        return self._paths.functions.add(name, text)


def _has_language(type_: ValueType, value: str) -> str:
    """Return whether a pointer leads to a text with a language tag."""
    tagged = f"{value}->language.length != 0"
    return tagged if isinstance(type_, LangString | Enum) else f"{value} != NULL && {tagged}"
