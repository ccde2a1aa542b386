# SPDX-License-Identifier: Apache-2.0
"""The tables of a model: what its checks are, of which types their values, the texts of terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cns_build import model as m
from cns_build.backend import bound
from cns_build.backend.cstring import c_string
from cns_build.backend.ctext import table
from cns_build.backend.layout_table import LayoutTable
from cns_build.backend.place import Access
from cns_build.backend.types import tag
from cns_build.ir.program import CheckInfo, Program
from cns_build.ir.record import (
    ClassOf,
    Enum,
    Field,
    General,
    LangString,
    ListOf,
    Pointer,
    Ref,
    Scalar,
    Self,
    Tagged,
    Typed,
    ValueType,
)
from cns_build.ir.sparql import path_text, term_text
from cns_build.options import Options
from cns_build.vocabulary import SH

# The parameters of the components, in the order of cns_component (CNS_COMPONENTS in cns.h).
COMPONENTS = (
    "class",
    "datatype",
    "nodeKind",
    "minCount",
    "maxCount",
    "minExclusive",
    "minInclusive",
    "maxExclusive",
    "maxInclusive",
    "minLength",
    "maxLength",
    "pattern",
    "languageIn",
    "uniqueLang",
    "equals",
    "disjoint",
    "lessThan",
    "lessThanOrEquals",
    "not",
    "and",
    "or",
    "xone",
    "node",
    "qualifiedMinCount",
    "qualifiedMaxCount",
    "closed",
    "hasValue",
    "in",
    "valueSpace",
    "maxValues",
)
# cns_severity, in its order; any other severity comes after these.
_SEVERITIES = {
    SH + "Info": "CNS_INFO",
    SH + "Warning": "CNS_WARNING",
    SH + "Violation": "CNS_VIOLATION",
}


def severity_number(severity: m.IRI) -> int:
    """Return the cns_severity of a sh:severity."""
    names = list(_SEVERITIES)
    return names.index(severity.value) if severity.value in names else len(names)


class Tables:
    """The tables of one program.

    `reported` says which checks report a member of a struct of the user's own, and which one.
    """

    def __init__(
        self,
        program: Program,
        options: Options,
        prefixes: Mapping[str, str],
        access: Access,
        reported: Mapping[int, bound.Held],
    ) -> None:
        self._program = program
        self._options = options
        self._prefixes = prefixes
        self._names = access.names
        self._ids = access.ids
        self._reported = reported
        self._types: dict[str, int] = {}
        self._lists: dict[tuple[str, ...], str] = {}

    def text(self) -> list[str]:
        """Return the tables that results are explained by, and the model itself."""
        # A verdict refers to nothing, and an image has the checks itself.
        reports = self._options.report != "conforms" and self._options.runs_native
        full = self._options.strings == "full"
        infos = self._program.checks if reports else ()
        checks = [self._check_row(number, info) for number, info in enumerate(infos)]
        types = [self._type_table()] if reports else []
        out = [*self._number_tables(), *types]
        if checks:
            out.append(table(f"static const cns_check {self._names.model}_checks[]", checks))
        if full and checks:
            rows = [self._text_row(info) for info in self._program.checks]
            out.append(table(f"static const cns_check_text {self._names.model}_texts[]", rows))
        if self._options.names_terms and self._program.terms:
            rows = [c_string(str(t)) for t in self._program.terms]
            out.append(table(f"static const char *const {self._names.model}_terms[]", rows))
        return [t for t in out if t]

    def layout(self, readable: Mapping[str, str] | None) -> list[str]:
        """Return the table of where members lie, where the build asks for it.

        `readable` names the functions that tell whether a record can be read, for images.
        """
        if not self._options.has_layout:
            return []
        return LayoutTable(self._program, self.type_row, self.number_list, readable).text()

    def _check_row(self, number: int, info: CheckInfo) -> str:
        component = "".join(f"_{c}" if c.isupper() else c.upper() for c in info.component)
        component = "SHAPE_NODE" if component == "NODE" else component
        severity = _SEVERITIES.get(info.severity.value, "CNS_OTHER_SEVERITY")
        return f"{{ CNS_COMPONENT_{component}, {severity}, {self._check_type(number, info)} }}"

    def _check_type(self, number: int, info: CheckInfo) -> int:
        """Return the number of the row that says how the value of a check is read."""
        if number not in self._reported:
            return self._type(info.value)
        held = self._reported[number]
        row = bound.row(self._names, held, self._term_list, self._code_list)
        if not row:
            return self._type(info.value)
        return self._types.setdefault(row, len(self._types))

    def _text_row(self, info: CheckInfo) -> str:
        shape = term_text(info.owner, self._prefixes) if info.owner else ""
        path = path_text(info.path, self._prefixes) if info.path else ""
        return f"{{ {c_string(shape)}, {c_string(path)}, {c_string(info.message)} }}"

    def _type(self, type_: ValueType | None) -> int:
        row = self.type_row(type_)
        return self._types.setdefault(row, len(self._types))

    def type_row(self, type_: ValueType | None) -> str:
        """Return the cns_type that says how a value of a type is read."""
        match type_:
            case None:
                return "{ CNS_FORM_ABSENT, CNS_NONE, 0, 0, NULL }"
            case Self():
                return "{ CNS_FORM_FOCUS, CNS_NONE, 0, 0, NULL }"
            case Scalar(datatype, inline):
                form = "SCALAR" if inline is None else "INLINE"
                return f"{{ CNS_FORM_{form}, {tag(datatype)}, 0, 0, NULL }}"
            case Typed(datatype):
                return f"{{ CNS_FORM_TYPED, CNS_TYPED, 0, 1, {self._term_list((datatype,))} }}"
            case LangString():
                return "{ CNS_FORM_LANG, CNS_LANG_STRING, 0, 0, NULL }"
            case Enum(terms):
                size = 1 if len(terms) <= 255 else 2
                listed = self._term_list(terms)
                return f"{{ CNS_FORM_ENUM, CNS_NONE, {size}, {len(terms)}, {listed} }}"
            case Tagged() | General():
                return "{ CNS_FORM_TERM, CNS_NONE, 0, 0, NULL }"
            case Ref():
                return "{ CNS_FORM_REF, CNS_NODE, 0, 0, NULL }"
            case Pointer():
                return "{ CNS_FORM_RECORD, CNS_NODE, 0, 0, NULL }"
            case ListOf():
                return "{ CNS_FORM_LIST, CNS_NODE, 0, 0, NULL }"
            case ClassOf():
                return "{ CNS_FORM_ID, CNS_NODE, 0, 0, NULL }"
        raise AssertionError(type_)

    def _term_list(self, terms: tuple[m.Term, ...]) -> str:
        return self.number_list(tuple(f"{self._ids[t]}u" for t in terms))

    def number_list(self, numbers: tuple[str, ...]) -> str:
        """Return the name of an array of 16-bit numbers; equal ones are one."""
        default = f"{self._names.model}_terms_{len(self._lists)}"
        return self._lists.setdefault(numbers, default)

    def _code_list(self, item: Field) -> str:
        return self.number_list(tuple(bound.code_rows(self._ids, item)))

    def _type_table(self) -> str:
        self._type(None)
        return table(f"static const cns_type {self._names.model}_types[]", list(self._types))

    def _number_tables(self) -> Iterator[str]:
        for numbers, name in self._lists.items():
            yield table(f"static const uint16_t {name}[]", list(numbers))


_WORDS_IN_A_ROW = 4


def image_table(name: str, words: Sequence[int]) -> list[str]:
    """Return an image as an array; nothing of no words."""
    if not words:
        return []
    rows = [
        ", ".join(f"CNS_WORD(0x{word:08X}u)" for word in words[start : start + _WORDS_IN_A_ROW])
        for start in range(0, len(words), _WORDS_IN_A_ROW)
    ]
    body = "".join(f"    {row},\n" for row in rows)
    what = "/* The checks as bytecode; cnsc explain --only optimized says what the words do. */"
    return [f"{what}\nconst uint32_t {name}[] = {{\n{body}}};\n"]
