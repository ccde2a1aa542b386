# SPDX-License-Identifier: Apache-2.0
"""Write the files of one run, all or none, and never over what was read."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from cns_build.diagnostics import CompileError, Diagnostic, Position, UsageError


def refuse_clashes(outputs: Sequence[str], inputs: Iterable[str]) -> None:
    """Raise UsageError when two outputs are the same file, or one of them is an input."""
    read = {os.path.realpath(file) for file in inputs}
    seen: set[str] = set()
    for path in outputs:
        target = os.path.realpath(path)
        if target in read:
            raise UsageError(_refusal(path, "is an input and would be overwritten"))
        if target in seen:
            raise UsageError(_refusal(path, "is given for two outputs"))
        seen.add(target)


def write_all(outputs: Mapping[str, str | bytes], *, executable: bool = False) -> None:
    """Write all files or none, text as UTF-8: prepare each beside its place, then move them.

    Files that would not change keep their time, so that nothing is compiled again. A link is
    followed, not replaced. Raises CompileError where a file cannot be written.
    """
    prepared: list[tuple[str, str]] = []
    mode = 0o777 if executable else 0o666
    try:
        for path, data in outputs.items():
            target = os.path.realpath(path)
            _refuse_special(path, target)
            content = data if isinstance(data, bytes) else _encoded(data)
            if not _unchanged(target, content):
                prepared.append((_prepare(path, target, content, mode), target))
        for temporary, target in prepared:
            os.replace(temporary, target)
    finally:
        for temporary, _ in prepared:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def make_folder(path: str) -> None:
    """Create a folder and those above it. Raises CompileError."""
    try:
        os.makedirs(path, exist_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from error


def _refusal(path: str, what: str) -> Diagnostic:
    return Diagnostic(what, Position(path or "''"), "name another file")


def _refuse_special(path: str, target: str) -> None:
    """Raise CompileError for folders and devices, which a file must not replace."""
    try:
        mode = os.stat(target).st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise _unwritable(path, error) from error
    if stat.S_ISDIR(mode):
        raise CompileError(_refusal(path, "cannot be written: it is a folder"))
    if not stat.S_ISREG(mode):
        raise CompileError(_refusal(path, "cannot be written: it is not a regular file"))
    if not os.access(target, os.W_OK) or not mode & 0o222:
        message = "cannot be written: it is read-only"
        raise CompileError(Diagnostic(message, Position(path), "make it writable, or remove it"))


def _unchanged(target: str, content: bytes) -> bool:
    try:
        return os.path.getsize(target) == len(content) and Path(target).read_bytes() == content
    except OSError:
        return False


def _prepare(path: str, target: str, content: bytes, mode: int) -> str:
    """Write the content next to its place, on the same file system; return its name."""
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=".cnsc-", dir=os.path.dirname(target))
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, mode & ~_umask())
    except BaseException as error:
        if temporary:
            os.unlink(temporary)
        if isinstance(error, OSError):
            raise _unwritable(path, error) from error
        raise
    return temporary


def _unwritable(path: str, error: OSError) -> CompileError:
    message = f"cannot be written: {error.strerror or error}"
    return CompileError(Diagnostic(message, Position(path), _advice(error)))


def _advice(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "create its folder first"
    if isinstance(error, PermissionError):
        return "check the permissions of its folder"
    return "free some space, or name another place"


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
