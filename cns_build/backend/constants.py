# SPDX-License-Identifier: Apache-2.0
"""Constants that generated code compares with, one for each value of a C type."""

from __future__ import annotations

from cns_build import model as m
from cns_build import xsd
from cns_build.backend.cstring import c_string
from cns_build.backend.literals import initializer
from cns_build.backend.place import Access
from cns_build.backend.types import scalar_type, tag, term_member


class Constants:
    """Names the constants of one program, and declares them."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._names: dict[tuple[str, str], str] = {}

    def declarations(self) -> list[str]:
        """Return the declarations of all constants, in the order of their first use."""
        out = []
        for (c_type, text), name in self._names.items():
            base, _, size = c_type.partition(" ")
            out.append(f"static const {base} {name}{f'[{size}]' if size else ''} = {text};")
        return out

    def value(self, literal: m.Literal, datatype: str) -> str:
        """Return the name of a constant of the C type that holds a decimal, time or duration."""
        text = initializer(literal, datatype)
        return self.add(scalar_type(datatype), text)

    def add(self, c_type: str, text: str) -> str:
        """Return the name of a constant of a C type; equal ones are one."""
        name = f"{self._access.names.model}_constant_{len(self._names)}"
        return self._names.setdefault((c_type, text), name)

    def text(self, text: str) -> str:
        """Return the name of a cns_str constant."""
        return self.add("cns_str", f"CNS_STR({c_string(text)})")

    def langstr(self, term: m.Literal) -> str:
        """Return the name of a cns_langstr constant."""
        return self.add("cns_langstr", tagged_text(term))

    def term(self, term: m.Literal) -> str:
        """Return the name of a cns_term constant."""
        return self.add("cns_term", self.literal(term))

    def literal(self, term: m.Literal) -> str:
        """Return the initializer of a cns_term."""
        name = xsd.local_name(term.datatype.value)
        if term.language:
            return f"{{ CNS_LANG_STRING, {{ .langstr = {tagged_text(term)} }} }}"
        if name not in xsd.SCALARS:
            text = f"{{ CNS_STR({c_string(term.lexical)}), {self._access.number(term.datatype)} }}"
            return f"{{ CNS_TYPED, {{ .typed = {text} }} }}"
        text = initializer(term, name)
        return f"{{ {tag(name)}, {{ .{term_member(name)} = {text} }} }}"


def tagged_text(term: m.Literal) -> str:
    """Return the initializer of a cns_langstr."""
    return f"{{ CNS_STR({c_string(term.lexical)}), CNS_STR({c_string(term.language)}) }}"
