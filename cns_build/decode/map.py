# SPDX-License-Identifier: Apache-2.0
"""The map of a model, as `backend.map` writes it, read back and checked."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from cns_build import model as m
from cns_build.decode import contract
from cns_build.diagnostics import CompileError, Diagnostic, Position
from cns_build.vocabulary import RDF, SH, XSD

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*")
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9_-]*|")
_LITERAL = re.compile(r'"(.*)"(?:@([A-Za-z]+(?:-[A-Za-z0-9]+)*)|\^\^<([^<>]*)>)?', re.DOTALL)
_UNARY = ("inversePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath")
_FIX = "give the map that the same build wrote beside the C files (cnsc compile --map)"


@dataclass(frozen=True, slots=True)
class Check:
    """What a violation of one check says. `value` is None, "focus", "list" or "term"."""

    shape: m.IRI | None
    owner: m.IRI | None
    path: str
    result_path: str
    component: str
    severity: m.IRI
    message: str
    value: str | None
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class ModelMap:
    """A map: `terms[i]` is the term of id i + 1, `result_path` of checks is Turtle.

    A program is known by `fingerprint`, or, where it runs the image of the same build, by its
    `checksum`.
    """

    file: str
    fingerprint: int
    checksum: int | None
    model: str
    kinds: Mapping[int, str]
    terms: tuple[m.Term, ...]
    checks: tuple[Check, ...]
    prefixes: Mapping[str, str]

    @property
    def names(self) -> tuple[int, ...]:
        """What dumps that this map explains may call their model."""
        return (self.fingerprint,) if self.checksum is None else (self.fingerprint, self.checksum)

    def term(self, number: int) -> m.Term | None:
        """Return the term of an id; None for 0, which is a blank node."""
        if number == 0:
            return None
        if number <= len(self.terms):
            return self.terms[number - 1]
        return m.IRI(f"urn:cns:id:{number}")


def read_map(file: str) -> ModelMap:
    """Read a map. Raises CompileError when it is none."""
    try:
        content = json.loads(Path(file).read_bytes())
        return _Reader(file).model_map(content)
    except OSError as error:
        _refuse(file, f"cannot be read: {error.strerror or error}")
    except (ValueError, RecursionError) as error:
        reason = "its values lie too deep" if isinstance(error, RecursionError) else str(error)
        _refuse(file, f"is no map of a model: {reason}")


def _refuse(file: str, message: str) -> NoReturn:
    raise CompileError(Diagnostic(message, Position(file), _FIX))


class _Reader:
    """Reads the parts of one map; each raises ValueError for what a map does not hold."""

    def __init__(self, file: str) -> None:
        self.file = file

    def model_map(self, content: Any) -> ModelMap:
        if not isinstance(content, dict):
            raise ValueError("it is not a JSON object")
        kinds = member(content, "kinds", dict) | member(content, "unchecked", dict)
        return ModelMap(
            file=self.file,
            fingerprint=hex_word(content, "fingerprint"),
            checksum=hex_word(content, "checksum") if "checksum" in content else None,
            model=member(content, "model", str),
            kinds=kind_names(kinds),
            terms=tuple(term(each) for each in member(content, "terms", list)),
            checks=tuple(_check(check) for check in member(content, "checks", list)),
            prefixes=prefixes_in(member(content, "prefixes", dict)),
        )


def member(content: Any, key: str, type_: type) -> Any:
    """Return a member of an object. Raises ValueError where it is missing or of another type."""
    if not isinstance(content, dict) or key not in content:
        raise ValueError(f"it has no {key!r}")
    if not isinstance(content[key], type_) or isinstance(content[key], bool):
        raise ValueError(f"its {key!r} is not a {type_.__name__}")
    return content[key]


def hex_word(content: Any, key: str) -> int:
    """Return 32 bits that are written as eight hex digits. Raises ValueError."""
    digits = member(content, key, str)
    if not re.fullmatch("[0-9a-f]{8}", digits):
        raise ValueError(f"its {key} is not eight hex digits")
    return int(digits, 16)


def kind_names(content: Mapping[str, Any]) -> dict[int, str]:
    """Return the names of kinds. Raises ValueError."""
    return {_number(kind): text(name) for kind, name in content.items()}


def text(value: Any) -> str:
    """Return a string without halves of surrogate pairs. Raises ValueError."""
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a string")
    return value.encode("utf-8", "replace").decode()


def _number(text: str) -> int:
    if not re.fullmatch("[0-9]{1,10}", text):
        raise ValueError(f"{text!r} is not a kind")
    return int(text)


def iri(value: Any) -> m.IRI:
    """Return an IRI that is written without brackets. Raises ValueError."""
    if not isinstance(value, str) or not _IRI.fullmatch(value) or text(value) != value:
        raise ValueError(f"{value!r} is not an IRI")
    return m.IRI(value)


def prefixes_in(content: dict[str, Any]) -> dict[str, str]:
    """Return the prefixes that can be written; others shorten nothing."""
    return {
        prefix: namespace
        for prefix, namespace in content.items()
        if _PREFIX.fullmatch(prefix) and isinstance(namespace, str) and _IRI.fullmatch(namespace)
    }


def term(value: Any) -> m.Term:
    """Return a term that is written as str() gives it. Raises ValueError."""
    words = text(value)
    if words.startswith("<") and words.endswith(">"):
        return iri(words[1:-1])
    if words.startswith("_:"):
        return m.BlankNode(words[2:])
    found = _LITERAL.fullmatch(words)
    if not found:
        raise ValueError(f"{words!r} is not a term")
    lexical = re.sub(r"\\(.)", lambda c: "\n" if c[1] == "n" else c[1], found[1], flags=re.DOTALL)
    if found[2]:
        return m.Literal(lexical, m.IRI(RDF + "langString"), found[2])
    return m.Literal(lexical, iri(found[3]) if found[3] else m.IRI(XSD + "string"))


def _check(content: Any) -> Check:
    component = member(content, "component", str)
    if contract.component(component) is None:
        raise ValueError(f"{component!r} is no constraint component")
    value = content.get("value")
    if value not in (None, "focus", "list", "term"):
        raise ValueError(f"{value!r} is no kind of value")
    path = content.get("resultPath")
    return Check(
        shape=_optional(content, "shape"),
        owner=_optional(content, "owner"),
        path=text(content.get("path") or ""),
        result_path="" if path is None else _turtle_path(path),
        component=component,
        severity=iri(member(content, "severity", str)),
        message=text(member(content, "message", str)),
        value=value,
        file=text(member(content, "file", str)),
        line=member(content, "line", int),
    )


def _optional(content: dict[str, Any], key: str) -> m.IRI | None:
    return None if content.get(key) is None else iri(content[key])


def _turtle_path(path: Any) -> str:
    """Return a property path as SHACL writes it in Turtle, with full IRIs."""
    match path:
        case str():
            return str(iri(path))
        case {"sequencePath": [_, _, *_] as parts}:
            return f"( {' '.join(map(_turtle_path, parts))} )"
        case {"alternativePath": [_, _, *_] as parts}:
            return f"[ <{SH}alternativePath> ( {' '.join(map(_turtle_path, parts))} ) ]"
        case dict() if len(path) == 1 and next(iter(path)) in _UNARY:
            ((word, inner),) = path.items()
            return f"[ <{SH}{word}> {_turtle_path(inner)} ]"
    raise ValueError(f"{str(path)[:80]!r} is no property path")
