# SPDX-License-Identifier: Apache-2.0
"""What the numbers of the runtime stand for, read from the tables in cns.h."""

from __future__ import annotations

import functools
import re

from cns_build.integration.locations import runtime_dir

OK = 0
NODE, LANG_STRING, TYPED = 1, 2, 3
_FIRST_DATATYPE = 4


@functools.cache
def _rows(table: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of the X-macro CNS_<table>, each as its arguments without quotes."""
    header = (runtime_dir() / "include" / "cns" / "cns.h").read_text("utf-8")
    start = header.index(f"#define CNS_{table}(X)")
    text = header[start : header.index("\n\n", start)]
    rows = re.findall(r"X\((\w+, .*?)\) *\\?$", text, re.MULTILINE)
    return tuple(tuple(w.strip('"') for w in re.findall(r'"[^"]*"|\w+', row)) for row in rows)


def status_text(status: int) -> str:
    """Return the word for a status, as cns_status_text does."""
    rows = _rows("STATUSES")
    return rows[status][1] if status < len(rows) else f"unknown status {status}"


def datatype(tag: int) -> tuple[str, str] | None:
    """Return the member of cns_term and the name in XSD for the tag of a datatype."""
    rows = _rows("DATATYPES")
    index = tag - _FIRST_DATATYPE
    return (rows[index][1], rows[index][2]) if 0 <= index < len(rows) else None


@functools.cache
def component(parameter: str) -> str | None:
    """Return the local name of the constraint component that a parameter starts."""
    names = {row[2]: f"{row[1]}ConstraintComponent" for row in _rows("COMPONENTS")}
    return names.get(parameter)
