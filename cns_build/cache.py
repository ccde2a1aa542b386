# SPDX-License-Identifier: Apache-2.0
"""A cache of what `cnsc compile` makes, by all that it depends on; a hit imports no compiler.

An entry is named by a hash of the compiler and the packages that it uses, of the command line but
for where outputs go, and of all files that it names, those in catalogs included. The entry has the
hashes of all files that were read: an OASIS catalog may name others. Runs that fail are not kept.
CNS_CACHE_DIR in the environment names the folder; without it, there is no cache.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import hashlib
import importlib.util
import io
import json
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from cns_build.compiling import Made
from cns_build.diagnostics import CompileError, Diagnostic, Position, UsageError, render
from cns_build.integration.locations import PACKAGE, PACKAGES, generator_files
from cns_build.output import make_folder, write_all

VARIABLE = "CNS_CACHE_DIR"
LIMIT = 256 * 2**20  # bytes of all entries; with more, the oldest go until a quarter is free
_SUFFIX = ".cnsc"
_PACKAGES = (*PACKAGES, "markupsafe")  # which jinja2 imports
_TOML = ("tomli",) if sys.version_info < (3, 11) else ()
_OUTPUTS = ("outputs", "image", "map", "summary", "depfile", "stamp")
_MOST_FILES = 500  # in catalogs: reading more takes as long as a compilation


class UnknownError(Exception):
    """It is not known what a run depends on, so it has no entry."""


def cached(arguments: argparse.Namespace, make: Callable[[argparse.Namespace], Made]) -> Made:
    """Return what `make` would of these arguments, by the entry for them or by making it."""
    folder = os.environ.get(VARIABLE, "")
    try:
        key = _key(arguments)
    except (OSError, UnknownError):
        return make(arguments)
    file = Path(folder, f"{key}{_SUFFIX}")
    found = _find(file)
    if found is not None:
        return found
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            made = make(arguments)
    finally:
        sys.stderr.write(said.getvalue())
    with contextlib.suppress(UnknownError, OSError):
        if _key(arguments) == key:  # no file has changed meanwhile
            _keep(file, made, said.getvalue())
    return made


def cache_command(arguments: argparse.Namespace) -> int:
    """Say how much there is in the cache, or remove it."""
    folder = os.environ.get(VARIABLE, "")
    if not folder:
        what = f"there is no cache: {VARIABLE} is not set"
        raise UsageError(Diagnostic(what, fix="set it to a folder"))
    entries = _entries(folder)
    size = sum(entry.st_size for _, entry in entries) / 2**20
    if arguments.clear:
        for file, _ in entries:
            file.unlink(missing_ok=True)
        print(f"{folder}: {len(entries)} entries removed, {size:.1f} MiB")
    else:
        print(f"{folder}: {len(entries)} entries, {size:.1f} of at most {LIMIT // 2**20} MiB")
    return 0


# Entries


def _find(file: Path) -> Made | None:
    """Return what an entry says; None where there is none, or a file that was read is another."""
    try:
        checksum, data = file.read_bytes().split(b"\n", 1)
        if checksum.decode() != _digest(data):
            return None
        entry = json.loads(data)
        read = [name for name, *_ in entry["read"]]
        if _states(read) != entry["read"]:
            return None
        os.utime(file)  # what is not used is removed first
    except (OSError, ValueError, UnknownError):
        return None
    sys.stderr.write(entry["said"])
    contents = {name: base64.b64decode(text) for name, text in entry["contents"].items()}
    return Made(contents, tuple(read))


def _keep(file: Path, made: Made, said: str) -> None:
    """Write an entry, and warn where that cannot be done."""
    contents = {
        name: base64.b64encode(made.encoded(name)).decode("ascii") for name in made.contents
    }
    entry = {"said": said, "read": _states(made.read), "contents": contents}
    data = json.dumps(entry).encode()
    try:
        make_folder(str(file.parent))
        write_all({str(file): _digest(data).encode() + b"\n" + data})
    except CompileError as error:
        told = [replace(diagnostic, severity="warning") for diagnostic in error.diagnostics]
        sys.stderr.write(render(told, lambda origin: Position(origin.file)))
    else:
        _bound(file.parent)


def _bound(folder: Path) -> None:
    entries = _entries(str(folder))
    size = sum(entry.st_size for _, entry in entries)
    if size <= LIMIT:
        return
    for file, entry in sorted(entries, key=lambda pair: pair[1].st_mtime_ns):
        file.unlink(missing_ok=True)
        size -= entry.st_size
        if size <= LIMIT * 3 // 4:
            return


def _entries(folder: str) -> list[tuple[Path, os.stat_result]]:
    """Return the entries, and what the file system says of each."""
    found = []
    for file in Path(folder).glob(f"*{_SUFFIX}"):
        with contextlib.suppress(FileNotFoundError):  # another process has removed it
            found.append((file, file.stat()))
    return found


# What a run depends on


def _key(arguments: argparse.Namespace) -> str:
    """Return the name of an entry. Raises UnknownError, or OSError where a file is not there."""
    options = {name: value for name, value in vars(arguments).items() if name not in _OUTPUTS}
    options["made"] = [name for name in _OUTPUTS if getattr(arguments, name) is not None]
    options["header"] = os.path.basename((arguments.outputs or [""])[-1])
    named = [*arguments.ontology, *arguments.shapes, *arguments.bind]
    named += [arguments.onto] if arguments.onto else []
    own = [(os.path.relpath(file, PACKAGE), _digest_of(file)) for file in generator_files()]
    files = _states([*named, *_in_catalogs(arguments.catalog)])
    parts = [sys.version, _packages(), own, options, files]
    return _digest(json.dumps(parts, sort_keys=True).encode())


def _packages() -> list[str]:
    """Return which releases of other packages there are."""
    found = []
    for name in (*_PACKAGES, *_TOML):
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            raise UnknownError(name)
        with os.scandir(Path(spec.origin).parent.parent) as entries:
            names = [entry.name for entry in entries]
        pattern = re.compile(rf"{name}-\d.*(-info|\.egg)", re.IGNORECASE)
        releases = [file for file in names if pattern.fullmatch(file)]
        if len(releases) != 1:
            raise UnknownError(name)
        found += releases
    return found


def _in_catalogs(entries: Sequence[str]) -> Iterator[str]:
    """Yield the files in which imports may be looked up."""
    count = 0
    for entry in entries:
        if not os.path.exists(entry):
            raise UnknownError(entry)
        for file in [entry] if os.path.isfile(entry) else _below(entry):
            count += 1
            if count > _MOST_FILES:
                raise UnknownError(entry)
            yield file


def _below(folder: str) -> Iterator[str]:
    for path, folders, files in os.walk(folder):
        folders.sort()
        for file in sorted(files):
            yield os.path.join(path, file)


def _states(files: Sequence[str]) -> list[list[str | int]]:
    """Return of each file its name, which is the first that is the same file, and its hash."""
    first: dict[str, int] = {}
    states: list[list[str | int]] = []
    for number, file in enumerate(files):
        same = first.setdefault(os.path.realpath(file), number)
        states.append([file, same, _digest_of(file)])
    return states


def _digest_of(file: str) -> str:
    """Return the hash of a file; what can be read but once is not read here."""
    if not stat.S_ISREG(os.stat(file).st_mode):
        raise UnknownError(file)
    return _digest(Path(file).read_bytes())


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=20).hexdigest()
