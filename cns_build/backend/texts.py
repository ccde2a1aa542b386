# SPDX-License-Identifier: Apache-2.0
"""What is asked of the texts of values in C: their lengths, and patterns.

A text is asked where it lies. Numbers, times and other terms are written into a buffer first, in
a function of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cns_build import model as m
from cns_build import xsd
from cns_build.backend.ctext import unwrap
from cns_build.backend.literals import has_arm, intervals, text_arms, text_parts, writes
from cns_build.backend.paths import Functions
from cns_build.backend.patterns import Patterns
from cns_build.backend.place import Access, Place
from cns_build.ir.patterns import tables_of
from cns_build.ir.program import LengthWithin, Matches
from cns_build.ir.record import General, LangString, Scalar, Tagged, ValueType


class Texts:
    """Renders the conditions of one program that look at texts."""

    def __init__(self, access: Access, functions: Functions) -> None:
        self.patterns = Patterns(access.names.model)
        self._access = access
        self._functions = functions

    def length(self, cond: LengthWithin, place: Place) -> str:
        """Return whether a text has a number of code points within bounds."""
        high = "UINT32_MAX" if cond.high is None else f"{min(cond.high, 2**32 - 1)}u"
        low = f"{min(cond.low, 2**32 - 1)}u"

        def within(data: str, length: str) -> str:
            return f"cns_text_within({data}, {length}, {low}, {high})"

        def decide(text: str) -> bool:
            return cond.low <= len(text) and (cond.high is None or len(text) <= cond.high)

        return self._on_text(cond.var.type, place, "length_of", within, decide)

    def matches(self, cond: Matches, place: Place) -> str:
        """Return whether a pattern is found in a text."""
        tables = tables_of(cond.pattern, cond.flags)
        name = self.patterns.add(cond.pattern, cond.flags, tables)

        def matches(data: str, length: str) -> str:
            return f"cns_pattern_matches(&{name}, {data}, {length})"

        return self._on_text(cond.var.type, place, "match_of", matches, tables.matches)

    def _on_text(
        self,
        type_: ValueType,
        place: Place,
        word: str,
        test: Callable[[str, str], str],
        decide: Callable[[str], bool],
    ) -> str:
        """Return whether the text of a value passes a test of its bytes and their number.

        Values that are no text are written into a buffer, in a function named for `word`. `decide`
        answers for texts that are known here.
        """
        match type_:
            case Scalar(datatype) if datatype not in xsd.TEXTS:
                parameter, text, argument = writes(datatype)
                lines = [] if datatype == "boolean" else ["    char buffer[CNS_LEXICAL_SIZE];"]
                called = self._text_test(word, place, parameter, [*lines, _text_line(text)], test)
                return f"{called}({argument.format(place.value)})"
            case Tagged(arms) if all(_is_text(arm) for arm in arms):
                held = [(t, f"{place.value}.as.{member}") for t, member in text_arms(type_)]
                parts = [
                    f"({place.value}.tag == {t} && {test(f'{text}.data', f'{text}.length')})"
                    for t, text in held
                ]
                if decide(""):  # an invalid term is the literal ""
                    parts.append(f"!{has_arm(arms, place.value)}")
                return f"({' || '.join(parts)})"
            case Tagged() | General():
                return self._on_term_text(type_, place, word, test, decide)
        return test(*text_parts(type_, place.value))

    def _on_term_text(
        self,
        type_: Tagged | General,
        place: Place,
        word: str,
        test: Callable[[str, str], str],
        decide: Callable[[str], bool],
    ) -> str:
        """Return whether the text of a cns_term passes a test; a blank node has none."""
        known: list[tuple[str, str]] = []
        if isinstance(type_, Tagged):
            known.append((f"!{has_arm(type_.arms, 'value->')}", _truth(decide(""))))
        else:
            iris = {n: t.value for t, n in self._access.ids.items() if isinstance(t, m.IRI)}
            here = sorted(n for n, iri in iris.items() if decide(iri))
            node = "value->as.node.id"
            known = [
                ("cns_term_kind_in(value, CNS_KIND_BLANK)", "false"),
                ("cns_term_kind_in(value, CNS_KIND_INVALID)", _truth(decide("urn:cns:invalid"))),
            ]
            if iris:
                named = unwrap(intervals(sorted(iris), node))
                known.append(
                    (f"value->tag == CNS_NODE && ({named})", unwrap(intervals(here, node)))
                )
        lines = [f"    if ({c}) {{\n        return {answer};\n    }}" for c, answer in known]
        lines += ["    char buffer[CNS_LEXICAL_SIZE];"]
        lines += [_text_line("cns_term_text(value, buffer)")]
        name = self._text_test(word, place, "const cns_term *value", lines, test)
        return f"{name}(&{place.value})"

    def _text_test(
        self,
        word: str,
        place: Place,
        parameter: str,
        lines: Sequence[str],
        test: Callable[[str, str], str],
    ) -> str:
        """Return the name of a function that tests the text that `lines` make."""
        body = "\n".join([*lines, f"    return {unwrap(test('text.data', 'text.length'))};"])

        def text(function: str) -> str:
            return f"static bool\n{function}({parameter})\n{{\n{body}\n}}\n"

        return self._functions.add(f"{self._access.names.model}_{word}_{place.path}", text)


def _is_text(arm: Scalar | LangString) -> bool:
    return not isinstance(arm, Scalar) or arm.datatype in xsd.TEXTS


def _text_line(text: str) -> str:
    return f"    cns_str text = {text};"


def _truth(truth: bool) -> str:
    return "true" if truth else "false"
