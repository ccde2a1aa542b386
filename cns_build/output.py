# SPDX-License-Identifier: Apache-2.0
"""Write the files of one run, all or none, and never over what was read."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from cns_build.diagnostics import CompileError, Diagnostic, Position, UsageError

# Of files that are not yet in their place.
_PREFIX, _SUFFIX = ".cnsc-", ".tmp"
_TEMPORARY = re.compile(f"{re.escape(_PREFIX)}[a-z0-9_]+{re.escape(_SUFFIX)}")


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
    followed, not replaced. Raises CompileError where a file cannot be written. Signals wait until
    all is done; what a process that was killed has prepared goes when the next one prepares.
    """
    mode = 0o777 if executable else 0o666
    with _uninterrupted(), contextlib.ExitStack() as prepared:
        moves: list[tuple[str, str]] = []
        for path, data in outputs.items():
            target = os.path.realpath(path)
            _refuse_special(path, target)
            content = data if isinstance(data, bytes) else encoded(data)
            if not _unchanged(target, content):
                temporary = prepared.enter_context(_prepared(path, target, [content], mode))
                moves.append((temporary, target))
        for temporary, target in moves:
            os.replace(temporary, target)


def write_parts(path: str, parts: Iterable[bytes | memoryview]) -> None:
    """Write a file of many parts, as they come, or nothing. Raises CompileError."""
    target = os.path.realpath(path)
    _refuse_special(path, target)
    with _prepared(path, target, parts, 0o666) as temporary:
        os.replace(temporary, target)


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let signals that end the process wait, where the system can."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    ending = {signal.SIGHUP, signal.SIGINT, signal.SIGTERM}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ending)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def encoded(text: str) -> bytes:
    """Return text as it is written; what UTF-8 cannot say is escaped."""
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


@contextlib.contextmanager
def _prepared(
    path: str, target: str, parts: Iterable[bytes | memoryview], mode: int
) -> Iterator[str]:
    """Write the parts next to its place, on the same file system; yield the file's name.

    The file is locked as long as it is wanted, and goes unless it was moved.
    """
    folder = os.path.dirname(target)
    with contextlib.ExitStack() as stack:
        try:
            _remove_abandoned(folder)
            handle, temporary = _locked_file(folder)
            stack.callback(os.close, handle)
            stack.callback(_remove, temporary)
            with open(handle, "wb", closefd=False) as file:
                for part in parts:
                    file.write(part)
            os.chmod(temporary, mode & ~_umask())
        except OSError as error:
            raise _unwritable(path, error) from error
        yield temporary


def _locked_file(folder: str) -> tuple[int, str]:
    """Return a new file's handle and name; another process may take it as abandoned at first."""
    while True:
        handle, name = tempfile.mkstemp(_SUFFIX, _PREFIX, folder)
        _lock(handle, wait=True)
        if os.fstat(handle).st_nlink:
            return handle, name
        os.close(handle)


def _remove_abandoned(folder: str) -> None:
    """Remove what processes prepared that were killed: files that no process has locked."""
    with os.scandir(folder) as entries:
        names = [entry.path for entry in entries if _TEMPORARY.fullmatch(entry.name)]
    for name in names:
        with contextlib.suppress(OSError):  # moved meanwhile, or another user's
            handle = os.open(name, os.O_RDWR | os.O_NOFOLLOW)
            try:
                if _lock(handle, wait=False):
                    os.unlink(name)
            finally:
                os.close(handle)


def _lock(handle: int, *, wait: bool) -> bool:
    """Lock a file until it is closed; return False where another has it, or nobody can."""
    try:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except (ImportError, OSError):
        return False
    return True


def _remove(file: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(file)


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
