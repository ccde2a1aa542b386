# SPDX-License-Identifier: Apache-2.0
"""Programs as C, compiled into a library that this process loads."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from pathlib import Path

from cns_build.graph.native import to_c
from cns_build.graph.program import Program
from tests.paths import RUNTIME
from tests.runtime import toolchain

HOST = sorted((RUNTIME / "host").glob("*.c"))
_FLAGS = (*toolchain.C11, f"-I{RUNTIME}", "-fPIC")


class _Validator(ctypes.Structure):
    _fields_ = (
        ("program", ctypes.c_void_p),
        ("size", ctypes.c_size_t),
        ("shapes", ctypes.c_void_p),
    )


def build_runtime(folder: Path) -> list[Path]:
    """Compile the runtime to objects, which any number of libraries may have."""
    objects = []
    for source in (*HOST, *toolchain.CORE):
        objects.append(folder / f"{source.parent.name}_{source.stem}.o")
        toolchain.compile_c("gcc", *_FLAGS, "-O1", "-c", source, output=objects[-1])
    return objects


def build_library(
    folder: Path,
    programs: Mapping[str, Program],
    *flags: str,
    runtime: Sequence[Path] = (*HOST, *toolchain.CORE),
    optimize: str = "-O1",
) -> ctypes.CDLL:
    """Compile programs by name, with the runtime, into one library; warnings are errors."""
    sources = []
    for name, program in programs.items():
        made = folder / f"{name}.c"
        made.write_text(to_c(program, name))
        sources.append(made)
    library = folder / "programs.so"
    shared = ["-shared", optimize, *flags]
    toolchain.compile_c("gcc", *_FLAGS, *shared, *sources, *runtime, "-lm", output=library)
    return ctypes.CDLL(str(library))


def shapes_in(library: ctypes.CDLL, name: str) -> int:
    """The address of the shapes of a program."""
    address = _Validator.in_dll(library, f"{name}_validator").shapes
    assert isinstance(address, int)
    return address
