# SPDX-License-Identifier: Apache-2.0
"""The native engine in this process: a program as C, compiled into a library and loaded.

Libraries stay in the user's cache, by a hash of all that they are made of. The runtime is compiled
once for all of them. Any number of processes may ask for the same library at once: one makes it.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import platform
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cns_build.diagnostics import CompileError, Diagnostic
from cns_build.graph.native import to_c
from cns_build.graph.program import Program
from cns_build.integration.locations import host_sources, runtime_dir, runtime_sources

_NAME = "shapes"
_FLAGS = ("-std=c11", "-O3", "-march=native", "-fno-fast-math", "-fPIC", "-pthread")
_COMPILERS = ("cc", "gcc", "clang")


@dataclass(frozen=True, slots=True)
class Library:
    """Shapes in C: `shapes` is their address, which is good while the library is alive."""

    shapes: int
    _loaded: ctypes.CDLL


class _Validator(ctypes.Structure):
    """The start of cns_validator (runtime/host/native.h)."""

    _fields_ = (
        ("program", ctypes.c_void_p),
        ("size", ctypes.c_size_t),
        ("shapes", ctypes.c_void_p),
    )


def load_library(program: Program) -> Library:
    """Return a program's shapes in C. Raises CompileError where there is no C compiler."""
    file = _library(_compiler(), to_c(program, _NAME))
    try:
        loaded = ctypes.CDLL(str(file))
    except OSError as error:
        fix = f"remove {file.parent}, or use the bytecode engine"
        raise CompileError(
            Diagnostic(f"the native engine does not load: {error}", fix=fix)
        ) from error
    address = _Validator.in_dll(loaded, f"{_NAME}_validator").shapes
    assert isinstance(address, int)
    return Library(address, loaded)


def _compiler() -> list[str]:
    """Return the command of the C compiler: $CC, else the first that is found."""
    named = shlex.split(os.environ.get("CC", ""))
    for command in [named] if named else [[name] for name in _COMPILERS]:
        found = shutil.which(command[0])
        if found is not None:
            return [found, *command[1:]]
    tried = named[0] if named else ", ".join(_COMPILERS)
    what = f"the native engine needs a C compiler, and there is none ({tried})"
    raise CompileError(
        Diagnostic(what, fix="install gcc or clang, set CC, or use the bytecode engine")
    )


def _library(compiler: Sequence[str], source: str) -> Path:
    """Return the file of the library of a C source, made where it is not there."""
    base = hashlib.sha256("\0".join([*compiler, *_FLAGS, *_machine()]).encode())
    for file in sorted(runtime_dir().rglob("*.[ch]")):
        base.update(str(file.relative_to(runtime_dir())).encode() + b"\0" + file.read_bytes())
    key = base.copy()
    key.update(source.encode())

    def compile_runtime(target: Path) -> None:
        files = [*runtime_sources(), *host_sources()]
        _run([*compiler, *_FLAGS, *_includes(), "-r", "-nostdlib", *files, "-o", str(target)])

    def compile_library(target: Path) -> None:
        runtime = _cached(f"runtime-{base.hexdigest()[:32]}.o", compile_runtime)
        made = target.with_suffix(".c")
        made.write_text(source, encoding="utf-8")
        files = [str(made), str(runtime), "-lm", "-o", str(target)]
        _run([*compiler, *_FLAGS, *_includes(), "-shared", *files])

    return _cached(f"shapes-{key.hexdigest()[:32]}.so", compile_library)


def _includes() -> list[str]:
    return [f"-I{runtime_dir()}", f"-I{runtime_dir() / 'include'}"]


def _machine() -> Iterator[str]:
    """Yield what -march=native depends on: a home may be on several machines."""
    yield platform.platform()
    yield platform.machine()
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith(("model name", "flags", "Features")):
                yield line
            elif not line:
                return


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines()[:5]
        what = f"the native engine does not compile with {command[0]}: {' '.join(lines)}"
        fix = "set CC to another compiler, or use the bytecode engine"
        raise CompileError(Diagnostic(what, fix=fix))


# The cache


def _cached(name: str, make: Callable[[Path], None]) -> Path:
    """Return a file of the cache; where it is not there, one process makes it, and others wait."""
    folder = _folder()
    file = folder / name
    if file.exists():
        return file
    with _locked(folder / f"{name}.lock"):
        if not file.exists():
            with tempfile.TemporaryDirectory(dir=folder) as temporary:
                made = Path(temporary, name)
                make(made)
                os.replace(made, file)
    return file


def _folder() -> Path:
    """Return the folder of the cache, which nobody else may write to."""
    home = os.environ.get("XDG_CACHE_HOME", "")
    folder = Path(home if os.path.isabs(home) else Path("~/.cache").expanduser()) / "cns"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(0, "no permission to write")
    except OSError as error:
        what = f"{folder}: compiled shapes cannot be kept there: {error.strerror}"
        fix = "set XDG_CACHE_HOME to a folder that can be written, or use the bytecode engine"
        raise CompileError(Diagnostic(what, fix=fix)) from error
    return folder


@contextlib.contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Let one process at a time in, where the system can; else the last one to end wins."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with open(file, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
