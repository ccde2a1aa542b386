# SPDX-License-Identifier: Apache-2.0
"""`cnsc compile`: from a command line to files. The compiler is imported when it has to run."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cns_build.diagnostics import Diagnostic, UsageError
from cns_build.integration.locations import generator_files
from cns_build.output import encoded, refuse_clashes, write_all


@dataclass(frozen=True, slots=True)
class Made:
    """What a compilation makes, by the names of `_places`, and the files that it read for it."""

    contents: Mapping[str, str | bytes]
    read: tuple[str, ...]

    def encoded(self, name: str) -> bytes:
        """Return the bytes that are written."""
        content = self.contents[name]
        return content if isinstance(content, bytes) else encoded(content)


def compile_command(arguments: argparse.Namespace) -> int:
    """Write source, header, and what else was asked for; nothing when there is an error."""
    if not _is_vocabulary(arguments):
        _check_outputs(arguments)
    places = _places(arguments)
    maps = [*arguments.bind, *([arguments.onto] if arguments.onto else [])]
    refuse_clashes(list(places.values()), [*arguments.ontology, *arguments.shapes, *maps])
    made = _make(arguments)
    refuse_clashes(list(places.values()), made.read)
    contents = dict(made.contents)
    stamp = places.get("stamp")
    if "depfile" in places:
        targets = [places[name] for name in ("source", "header", "image") if name in places]
        contents["depfile"] = depfile(targets, [*made.read, *maps], stamp)
    if stamp:
        contents["stamp"] = ""
    write_all({places[name]: contents[name] for name in places})
    if stamp:
        os.utime(stamp)
    return 0


def _make(arguments: argparse.Namespace) -> Made:
    if os.environ.get("CNS_CACHE_DIR"):
        from cns_build.cache import cached

        return cached(arguments, _compiled)
    return _compiled(arguments)


def _compiled(arguments: argparse.Namespace) -> Made:
    if _is_vocabulary(arguments):
        from cns_build.owl.command import make_vocabulary

        return make_vocabulary(arguments)
    from cns_build.commands import make

    return make(arguments)


def _is_vocabulary(arguments: argparse.Namespace) -> bool:
    """Whether ontologies are compiled that are read as no shapes."""
    return not arguments.shapes and arguments.axioms == "none"


def _check_outputs(arguments: argparse.Namespace) -> None:
    """Raise UsageError where nothing is to be written, or an image that nothing can run."""
    if arguments.queried:
        what = "--queried chooses the tests of a vocabulary, and shapes say what they test"
        raise UsageError(Diagnostic(what, fix="leave out --queried, or the shapes"))
    if arguments.onto is not None and (arguments.image is None or arguments.outputs):
        what = "--onto makes an image for a firmware that is there, and nothing else"
        raise UsageError(Diagnostic(what, fix="pass --image FILE.cnsi, and no -o"))
    if arguments.image is None:
        if not arguments.outputs:
            what = "nothing to write"
            fix = "name source and header with -o FILE.c FILE.h, or an image with --image FILE"
            raise UsageError(Diagnostic(what, fix=fix))
    elif arguments.outputs is None:
        arguments.engine = "bytecode"
    elif arguments.engine == "native":
        what = "--image with --engine native: the model beside it cannot run images"
        raise UsageError(Diagnostic(what, fix="pass --engine bytecode or --engine both"))


def _places(arguments: argparse.Namespace) -> dict[str, str]:
    """Return where each file goes that was asked for, in the order in which they are written."""
    source, header = arguments.outputs or (None, None)
    places = {"source": source, "header": header}
    for name in ("image", "map", "summary", "depfile", "stamp"):
        places[name] = getattr(arguments, name)
    return {name: place for name, place in places.items() if place is not None}


def depfile(outputs: Sequence[str], files: Sequence[str], stamp: str | None = None) -> str:
    """Return a make rule: what was read, the templates, and the compiler's own files.

    With a stamp, the rule is about that, and every file has an empty rule of its own: to make,
    one that is gone is then newer, and not an error. Some releases of ninja know no such rules.
    """
    read = [_escape(file) for file in (*files, *generator_files())]
    made = [_escape(output) for output in ([stamp] if stamp else outputs)]
    rules = [f"{' '.join(made)}: {' '.join(read)}", *(f"{file}:" for file in read if stamp)]
    return "".join(f"{rule}\n" for rule in rules)


def _escape(path: str) -> str:
    return path.replace("\\", "\\\\").replace(" ", "\\ ").replace("#", "\\#").replace("$", "$$")
