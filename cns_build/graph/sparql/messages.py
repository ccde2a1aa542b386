# SPDX-License-Identifier: Apache-2.0
"""Messages with names of variables in them (SHACL 5.3.2): `{?value}` and `{$value}`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from cns_build.ir.sparql import term_text
from cns_build.model import IRI, Literal, Term

_BLOCK = re.compile(r"\{[?$](\w+)\}")


def fill(message: Literal, values: Mapping[str, Term], prefixes: Mapping[str, str]) -> Literal:
    """Return a message with the values of variables; a name without one stays as it is."""

    def text(found: re.Match[str]) -> str:
        term = values.get(found.group(1))
        return found.group() if term is None else _shown(term, prefixes)

    return replace(message, lexical=_BLOCK.sub(text, message.lexical))


def _shown(term: Term, prefixes: Mapping[str, str]) -> str:
    """Return the text of a literal, `ex:name`, or an IRI without brackets."""
    if isinstance(term, Literal):
        return term.lexical
    text = term_text(term, prefixes)
    return term.value if isinstance(term, IRI) and text.startswith("<") else text
