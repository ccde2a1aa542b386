# SPDX-License-Identifier: Apache-2.0
"""Violations of a small model, written by the runtime."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

from tests import structs
from tests.runtime import native
from tests.runtime.native import FORMS, TAGS

TERMS = [b"<http://example.org/on>", b'"off"@en', b"<http://example.org/my>"]
SEVERITIES = {"info": 0, "warning": 1, "violation": 2, "result": 3}


@dataclass(frozen=True)
class Case:
    """A violation: what its check says, the form of its value, and the value's bytes."""

    value: Any = None
    form: str = "SCALAR"
    tag: str = "NONE"
    size: int = 0
    path: str | bytes | None = ""
    message: str | None = ""
    shape: str | None = ""
    component: int = native.COMPONENTS["MAX_INCLUSIVE"]
    severity: int = SEVERITIES["violation"]
    focus_id: int = 0
    check: int = 2
    texts: bool = True
    terms: bool = True


def encode(text: str | bytes | None) -> bytes | None:
    return text.encode() if isinstance(text, str) else text


def make_model(case: Case) -> structs.Model:
    """Make a model of three checks, of which the case is the last one."""
    ids = (ctypes.c_uint16 * 3)(3, 1, 2)
    types = (structs.TypeInfo * 2)()
    types[1] = structs.TypeInfo(FORMS[case.form], TAGS[case.tag], case.size, 3, ids)
    checks = (structs.Check * 3)()
    checks[2] = structs.Check(case.component, case.severity, 1)
    texts = (structs.Text * 3)()
    texts[2] = structs.Text(*map(encode, (case.shape, case.path, case.message)))
    terms = (ctypes.c_char_p * len(TERMS))(*TERMS)
    return structs.Model(
        name=b"m",
        checks=checks,
        texts=texts if case.texts else None,
        types=types,
        terms=terms if case.terms else None,
        check_count=3,
        type_count=2,
        term_count=len(TERMS),
    )


def make_violation(case: Case) -> structs.Violation:
    address = (
        None if case.value is None else ctypes.cast(ctypes.byref(case.value), ctypes.c_void_p)
    )
    return structs.Violation(None, address, case.focus_id, case.check)


def write(cns: ctypes.CDLL, case: Case, size: int = 400) -> bytes:
    """Return the line, checking its length, its end and the bytes behind the buffer."""
    buffer = ctypes.create_string_buffer(b"\xa5" * (size + 4), size + 4)
    model, violation = make_model(case), make_violation(case)
    length = cns.cns_violation_format(ctypes.byref(model), ctypes.byref(violation), buffer,
                                      ctypes.c_size_t(size))  # fmt: skip
    assert buffer.raw[size:] == b"\xa5" * 4
    if size == 0:
        return b""
    line = buffer.raw[: buffer.raw.index(b"\0")]
    assert len(line) <= length
    assert (len(line) == length) == (length < size) or line.endswith("…".encode())
    return line


def value_text(cns: ctypes.CDLL, case: Case) -> str:
    """Return what the line says about the value alone."""
    line = write(cns, case).decode()
    assert line.startswith("violation: "), line
    assert line.endswith(": check 2 [sh:maxInclusive]"), line
    return line.removeprefix("violation: ").removesuffix(": check 2 [sh:maxInclusive]")
