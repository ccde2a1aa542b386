# SPDX-License-Identifier: Apache-2.0
"""Maps from records to the user's own structs (`--bind`): their syntax. docs/records.md has it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from cns_build import xsd
from cns_build.diagnostics import CompileError, Diagnostic, Position
from cns_build.frontend import toml
from cns_build.ir import binding
from cns_build.ir.binding import Always, Bound, Flag, Member, MemberMap, RecordMap, Sentinel

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_PATH = re.compile(rf"{_NAME}(?:\.{_NAME}|\[[0-9]+\])*")
_TYPE = re.compile(rf"(?:(?:struct|union) )?{_NAME}")
_HEADER = re.compile(r'"[^"<>\\\n]+"|<[^"<>\\\n]+>|[^"<>\\\n]+')
_CONSTANT = re.compile(r"[A-Za-z0-9_(-][A-Za-z0-9_ .()|+<~-]*")
_FLAG = re.compile(rf"({_PATH.pattern})(?: *& *(\S.*))?")
_HELD = {
    "chars": binding.CHARS,
    "string": binding.C_STRING,
    "unix": binding.UNIX,
    "struct": binding.STRUCT,
    "pointer": binding.POINTER,
    "id": binding.ID,
}


def read(files: Sequence[str]) -> tuple[RecordMap, ...]:
    """Return the maps of files. Raises CompileError with every problem found."""
    reader = _Reader()
    maps = [found for file in files for found in reader.file(file)]
    if reader.errors:
        raise CompileError(*reader.errors)
    return tuple(maps)


class _Reader:
    def __init__(self) -> None:
        self.errors: list[Diagnostic] = []
        self._document = toml.Document("", "", MappingProxyType({}), MappingProxyType({}))

    def file(self, file: str) -> Iterator[RecordMap]:
        """Yield the maps of one file."""
        try:
            self._document = toml.parse(file, _text(file))
        except CompileError as error:
            self.errors += error.diagnostics
            return
        if not self._document.content:
            self._error((), "no records: a bind map has a table for each struct", "add [record]")
        for name, table in self._document.content.items():
            if isinstance(table, dict):
                yield self._record(name, table)
            else:
                self._error((name,), f"{name} is no table", f"begin the record with [{name}]")

    def _error(self, keys: toml.Keys, message: str, fix: str = "") -> None:
        self.errors.append(Diagnostic(message, self._document.where(keys), fix))

    # Records

    def _record(self, name: str, table: Mapping[str, Any]) -> RecordMap:
        keys = (name,)
        self._refuse_unknown(
            keys, table, ("struct", "header", "id", "class_id", "type", "members")
        )
        struct = self._matching(keys, table, "struct", _TYPE, "a type in C, such as struct sample")
        header = self._matching(keys, table, "header", _HEADER, "a header, such as sample.h")
        for key in ("struct", "header", "members"):
            if key not in table:
                self._error(keys, f"{name} has no {key}", _RECORD_FIXES[key])
        if header and header[0] not in '"<':
            header = f'"{header}"'
        members = table.get("members", {})
        if not isinstance(members, dict):
            self._error((*keys, "members"), "members is no table", "write [record.members]")
            members = {}
        found = (self._member((*keys, "members", p), p, v) for p, v in members.items())
        return RecordMap(
            record=name,
            bound=Bound(
                struct,
                header,
                self._matching(keys, table, "id", _PATH, "a member"),
                self._matching(keys, table, "class_id", _PATH, "a member"),
            ),
            type=self._text_of(keys, table, "type"),
            members=tuple(m for m in found if m is not None),
            where=self._places(keys, table),
        )

    # Members

    def _member(self, keys: toml.Keys, name: str, value: Any) -> MemberMap | None:
        if isinstance(value, str):
            value = {"member": value}
        if not isinstance(value, dict):
            self._error(keys, f"{name} is neither a member nor a table", _MEMBER_FIX)
            return None
        before = len(self.errors)
        self._refuse_unknown(keys, value, _MEMBER_KEYS)
        where = self._places(keys, value)
        if value.get("absent") is True:
            for key in value.keys() - {"absent"}:
                self._error((*keys, key), f"{name} is absent = true and has a {key}", "leave one")
            return MemberMap(name, None, (), where)
        if "member" not in value:
            self._error(keys, f"{name} has no member", _MEMBER_FIX)
        path = self._matching(keys, value, "member", _PATH, "a member, such as data.temperature")
        held = self._held(keys, value)
        member = Member(
            path=path,
            held=held,
            presence=self._presence(keys, value, held),
            count=self._count(keys, value),
            scale=self._scale(keys, value),
        )
        values = tuple(self._values(keys, value))
        return MemberMap(name, member, values, where) if before == len(self.errors) else None

    def _held(self, keys: toml.Keys, table: Mapping[str, Any]) -> str:
        given = [key for key in ("as", "scale", "values") if key in table]
        for extra in given[1:]:
            self._error((*keys, extra), f"{extra} and {given[0]} exclude each other", "leave one")
        if "scale" in table:
            return binding.SCALED
        if "values" in table:
            return binding.CODES
        if "as" not in table:
            return binding.EXACT
        word = self._text_of(keys, table, "as")
        if word not in _HELD:
            self._error((*keys, "as"), f'as = "{word}" is not known', f"use {_listed(_HELD)}")
        return _HELD.get(word, binding.EXACT)

    def _presence(
        self, keys: toml.Keys, table: Mapping[str, Any], held: str
    ) -> Always | Flag | Sentinel:
        if "present" in table and "absent" in table:
            self._error((*keys, "absent"), "present and absent exclude each other", "leave one")
        if "present" in table:
            text = self._matching(keys, table, "present", _FLAG, 'such as "flags & 0x04"')
            match = _FLAG.fullmatch(text)
            if match is None:
                return Always()
            mask = self._check_constant((*keys, "present"), match[2]) if match[2] else ""
            return Flag(match[1], mask)
        if "absent" in table:
            return Sentinel(self._sentinel((*keys, "absent"), table["absent"]))
        single = "count" not in table
        return Sentinel("0") if held == binding.ID and single else Always()

    def _sentinel(self, keys: toml.Keys, value: Any) -> str:
        match value:
            case bool():
                fix = "remove it: a member holds a value unless the map says otherwise"
                self._error(keys, "absent = false says nothing", fix)
            case int():
                return str(value) if value > -(2**63) else f"({value + 1} - 1)"
            case float() if math.isnan(value):
                return "NaN"
            case float() if math.isinf(value) or xsd.to_single(Fraction(value)) != value:
                fix = "give a number that a float holds, such as -999.0"
                self._error(keys, f"absent = {value} is not exact as a float", fix)
            case float():
                return f"{value!r}f"
            case str() if value.lower() == "nan":
                return "NaN"
            case str():
                return value if value == "" else self._check_constant(keys, value)
            case _:
                self._error(keys, "absent is neither true, a number nor a constant of C")
        return "0"

    def _count(self, keys: toml.Keys, table: Mapping[str, Any]) -> str | int | None:
        count = table.get("count")
        if count is None or (isinstance(count, int) and not isinstance(count, bool) and count > 0):
            return count
        return self._matching(keys, table, "count", _PATH, "a member, or a number from 1")

    def _scale(self, keys: toml.Keys, table: Mapping[str, Any]) -> int:
        scale = table.get("scale", 0)
        if isinstance(scale, int) and not isinstance(scale, bool) and 0 <= scale <= 18:
            return scale
        self._error((*keys, "scale"), "scale is not a number from 0 to 18: the decimal digits")
        return 0

    def _values(self, keys: toml.Keys, table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        values = table.get("values", {})
        if not isinstance(values, dict) or ("values" in table and not values):
            fix = 'write values = { "ex:Heating" = "MODE_HEAT" }'
            self._error((*keys, "values"), "values is no table from terms to constants", fix)
            return
        taken: dict[str, str] = {}
        for term, constant in values.items():
            at = (*keys, "values", term)
            if not isinstance(constant, str | int) or isinstance(constant, bool):
                self._error(at, f"{term} has no constant of C", 'such as "MODE_HEAT" or 2')
                continue
            text = self._check_constant(at, str(constant))
            if text in taken:
                self._error(at, f"{term} and {taken[text]} have the same constant {text}")
            taken.setdefault(text, term)
            yield term, text

    # Values of keys

    def _refuse_unknown(
        self, keys: toml.Keys, table: Mapping[str, Any], known: Sequence[str]
    ) -> None:
        for key in table:
            if key not in known:
                fix = f"the keys are {_listed(known)}"
                self._error((*keys, key), f"unknown key {key} of {keys[-1]}", fix)

    def _places(self, keys: toml.Keys, table: Mapping[str, Any]) -> Mapping[str, Position]:
        """Return the places of a table's keys, and of the keys in its `values`."""
        where = self._document.where
        places = {"": where(keys), **{key: where((*keys, key)) for key in table}}
        values = table.get("values")
        if isinstance(values, dict):
            places |= {f"values {term}": where((*keys, "values", term)) for term in values}
        return MappingProxyType(places)

    def _text_of(self, keys: toml.Keys, table: Mapping[str, Any], key: str) -> str:
        value = table.get(key, "")
        if isinstance(value, str):
            return value
        self._error((*keys, key), f"{key} is no text", "put it between quotes")
        return ""

    def _matching(
        self,
        keys: toml.Keys,
        table: Mapping[str, Any],
        key: str,
        pattern: re.Pattern[str],
        wanted: str,
    ) -> str:
        """Return the text of a key, "" where it is missing or does not fit."""
        text = " ".join(self._text_of(keys, table, key).split())
        if key not in table or not isinstance(table[key], str) or pattern.fullmatch(text):
            return text
        self._error((*keys, key), f'{key} = "{text}" is not {wanted}')
        return ""

    def _check_constant(self, keys: toml.Keys, text: str) -> str:
        """Return a constant of C as it is, in parentheses where it has operators."""
        if not _CONSTANT.fullmatch(text) or text.count("(") != text.count(")"):
            self._error(keys, f'"{text}" is no constant of C', "give a name or a number")
            return "0"
        return text if re.fullmatch(r"-?[A-Za-z0-9_.]+", text) else f"({text})"


def _text(file: str) -> str:
    try:
        with open(file, encoding="utf-8", newline="") as stream:
            return stream.read()
    except OSError as error:
        fix = "correct the name of the bind map"
        raise CompileError(
            Diagnostic(f"cannot be read: {error.strerror}", Position(file), fix)
        ) from error
    except UnicodeDecodeError as error:
        raise CompileError(
            Diagnostic("is not UTF-8 text, which TOML is", Position(file), "save it as UTF-8")
        ) from error


def _listed(words: Sequence[str] | Mapping[str, str]) -> str:
    return ", ".join(words)


_MEMBER_KEYS = ("member", "present", "absent", "as", "scale", "values", "count")
_MEMBER_FIX = "name the member of the struct, or write { absent = true }"
_RECORD_FIXES: Mapping[str, str] = MappingProxyType(
    {
        "struct": 'name its type in C: struct = "struct sample"',
        "header": 'name what declares the struct: header = "sample.h"',
        "members": "map its properties in [record.members]",
    }
)
