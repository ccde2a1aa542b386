# SPDX-License-Identifier: Apache-2.0
"""The map of a model: what the numbers in its results mean, for people and hosts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from cns_build import __version__
from cns_build import model as m
from cns_build.diagnostics import Position
from cns_build.ir.program import CheckInfo, Program
from cns_build.ir.record import ListOf, Self
from cns_build.ir.sparql import path_text
from cns_build.model import Origin
from cns_build.options import Options


def model_map(
    program: Program,
    options: Options,
    prefixes: Mapping[str, str],
    locate: Callable[[Origin], Position],
    checksum: int | None = None,
) -> str:
    """Return the map as JSON text, deterministic.

    `checks[i]` explains check i: shape, path, component, severity, message, file and line;
    `terms[i]` is the term of id i + 1; `kinds` names the records, `unchecked` the other kinds;
    `fingerprint` is what a model and the dumps of its traces know this map by, and `checksum`,
    that of its image, what those of programs do that run the image. Models that run images have
    their records in full, as `layout`: what new shapes are compiled onto, and what images name
    by number; `image` names their functions and patterns.
    """
    meaning = _meaning(program, options)
    places = [_place(info, prefixes, locate) for info in program.checks]
    content: dict[str, Any] = {
        "cns": __version__,
        "fingerprint": f"{fingerprint(program, options):08x}",
        **({} if checksum is None else {"checksum": f"{checksum:08x}"}),
        **meaning,
        "prefixes": dict(sorted(prefixes.items())),
        "checks": [check | place for check, place in zip(meaning["checks"], places, strict=True)],
    }
    if options.runs_images:
        from cns_build.backend.layout_map import layout_map
        from cns_build.bytecode.legend import legend_of, to_map

        content["layout"] = layout_map(program)
        content["image"] = to_map(legend_of(program, prefixes))
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def fingerprint(program: Program, options: Options) -> int:
    """Return 32 bits that change with what results mean, and not with where shapes stand."""
    text = json.dumps(_meaning(program, options), sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:4], "big")


def _meaning(program: Program, options: Options) -> dict[str, Any]:
    kinds = sorted(program.entries, key=lambda entry: entry.kind)
    return {
        "model": program.name,
        "kinds": {str(entry.kind): entry.record for entry in kinds},
        "unchecked": {str(kind): name for name, kind in sorted(options.unchecked.items())},
        "terms": [str(term) for term in program.terms],
        "checks": [_check(info) for info in program.checks],
    }


def _check(info: CheckInfo) -> dict[str, Any]:
    return {
        "shape": info.shape.value if isinstance(info.shape, m.IRI) else None,
        "owner": info.owner.value if info.owner else None,
        "resultPath": _result_path(info.path) if info.path else None,
        "component": info.component,
        "severity": info.severity.value,
        "message": info.message,
        "value": _reported(info),
    }


def _reported(info: CheckInfo) -> str | None:
    """Return what the value of a violation is, where its term alone does not say so."""
    match info.value:
        case None:
            return None
        case Self():
            return "focus"
        case ListOf():
            return "list"
    return "term"


def _place(
    info: CheckInfo, prefixes: Mapping[str, str], locate: Callable[[Origin], Position]
) -> dict[str, Any]:
    where = locate(info.origin)
    path = path_text(info.path, prefixes) if info.path else None
    return {"path": path, "file": where.file, "line": where.line}


def _result_path(path: m.Path) -> Any:
    """Return a property path: the IRI of a predicate, or a path's name in SHACL with its parts."""
    match path:
        case m.PredicatePath(iri):
            return iri.value
        case m.SequencePath(paths):
            return {"sequencePath": [_result_path(part) for part in paths]}
        case m.AlternativePath(paths):
            return {"alternativePath": [_result_path(part) for part in paths]}
        case m.InversePath(inner):
            return {"inversePath": _result_path(inner)}
        case m.ZeroOrMorePath(inner):
            return {"zeroOrMorePath": _result_path(inner)}
        case m.OneOrMorePath(inner):
            return {"oneOrMorePath": _result_path(inner)}
        case m.ZeroOrOnePath(inner):
            return {"zeroOrOnePath": _result_path(inner)}
