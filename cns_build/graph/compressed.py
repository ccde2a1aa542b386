# SPDX-License-Identifier: Apache-2.0
"""Open data files, also those that gzip and zstd have compressed."""

from __future__ import annotations

import contextlib
import gzip
import importlib
import os
import zlib
from collections.abc import Callable, Iterator
from typing import IO, Any

from cns_build.diagnostics import CompileError, Diagnostic, Position

ENDINGS = (".gz", ".zst")


def plain_name(file: str) -> str:
    """Return the name of a file without the ending of its compression."""
    stem, ending = os.path.splitext(file)
    return stem if ending.lower() in ENDINGS else file


@contextlib.contextmanager
def opened(file: str) -> Iterator[IO[bytes]]:
    """Open a file to read it, decompressed. Raises CompileError, also while it is read."""
    ending = os.path.splitext(file)[1].lower()
    opener, damaged = _opener(file, ending)
    try:
        with opener(file, "rb") as stream:
            yield stream
    except damaged as error:
        what = f"is not what its ending {ending} says, or is damaged: {error}"
        raise CompileError(Diagnostic(what, Position(file), "compress it again")) from error
    except OSError as error:
        raise CompileError(unreadable(file, error)) from error


def _opener(file: str, ending: str) -> tuple[Callable[..., Any], tuple[type[Exception], ...]]:
    """Return what opens a file, and what that raises for damaged ones."""
    if ending == ".gz":
        return gzip.open, (gzip.BadGzipFile, EOFError, zlib.error)
    if ending != ".zst":
        return open, ()
    for name in ("compression.zstd", "zstandard"):  # of Python 3.14, and a package
        with contextlib.suppress(ImportError):
            module = importlib.import_module(name)
            return module.open, (module.ZstdError, EOFError)
    what = "is compressed by zstd, which this Python cannot read"
    fix = "install zstandard (pip install 'cns[zstd]'), or decompress it: zstd -d FILE"
    raise CompileError(Diagnostic(what, Position(file), fix))


def unreadable(file: str, error: OSError) -> Diagnostic:
    """Return why a file cannot be read."""
    if isinstance(error, IsADirectoryError):
        return Diagnostic("is a folder", Position(file), "name the files in it")
    if isinstance(error, FileNotFoundError):
        return Diagnostic("no such file", Position(file), "check the path")
    what = f"cannot be read: {error.strerror or error}"
    return Diagnostic(what, Position(file), "check the permissions of the file")
