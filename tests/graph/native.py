# SPDX-License-Identifier: Apache-2.0
"""Programs as C, compiled into a library that this process loads."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from pathlib import Path

from cns_build.graph.native import to_c
from cns_build.graph.program import Program
from tests.paths import RUNTIME
from tests.runtime import toolchain

HOST = sorted((RUNTIME / "host").glob("*.c"))


class _Validator(ctypes.Structure):
    _fields_ = (
        ("program", ctypes.c_void_p),
        ("size", ctypes.c_size_t),
        ("shapes", ctypes.c_void_p),
    )


def build_library(folder: Path, programs: Mapping[str, Program], *flags: str) -> ctypes.CDLL:
    """Compile programs by name, with the runtime, into one library; warnings are errors."""
    sources = []
    for name, program in programs.items():
        made = folder / f"{name}.c"
        made.write_text(to_c(program, name))
        sources.append(made)
    library = folder / "programs.so"
    include = [f"-I{RUNTIME}"]
    shared = ["-shared", "-fPIC", "-O1", *flags]
    toolchain.compile_c(
        "gcc",
        *toolchain.C11,
        *include,
        *shared,
        *sources,
        *HOST,
        *toolchain.CORE,
        "-lm",
        output=library,
    )
    return ctypes.CDLL(str(library))


def shapes_in(library: ctypes.CDLL, name: str) -> int:
    """The address of the shapes of a program."""
    address = _Validator.in_dll(library, f"{name}_validator").shapes
    assert isinstance(address, int)
    return address
