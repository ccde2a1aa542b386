# SPDX-License-Identifier: Apache-2.0
"""C names for shapes, classes and properties: readable, legal in C and C++, and unique."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from cns_build.diagnostics import CompileError, Diagnostic, Note
from cns_build.origin import Origin

_C_WORDS = """auto break case char const continue default do double else enum extern float for goto
if inline int long register restrict return short signed sizeof static struct switch typedef union
unsigned void volatile while bool true false main errno NULL EOF"""
_CPP_WORDS = """alignas alignof and and_eq asm bitand bitor catch char8_t char16_t char32_t class
co_await co_return co_yield compl concept consteval constexpr constinit const_cast decltype delete
dynamic_cast explicit export friend mutable namespace new noexcept not not_eq nullptr operator or
or_eq private protected public reinterpret_cast requires static_assert static_cast template this
thread_local throw try typeid typename using virtual wchar_t xor xor_eq typeof asm linux unix"""
# Macros of headers and compilers, and types: C++ takes no member called like a type it uses.
_OTHER_WORDS = """assert complex imaginary noreturn stdin stdout stderr near far interface pascal
i386 mips sparc sun int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t size_t
ptrdiff_t intptr_t uintptr_t"""
RESERVED = frozenset(_C_WORDS.split() + _CPP_WORDS.split() + _OTHER_WORDS.split())
MEMBERS = frozenset({"id", "class_id", "has", "unused"})  # what cns itself puts into a struct
# Tables, and the first words of constants.
_TABLE_WORDS = """kind term model checks texts types terms handlers find layout layout_values
layout_records"""
TABLES = frozenset(_TABLE_WORDS.split())
_SUFFIXES = ("", "_validate", "_handle", "_sound", "_of", "_of_term", "_empty", "_layout")


def is_model_name(text: str) -> bool:
    """Return whether all names of a model may begin with `text`."""
    plain = re.fullmatch("[a-z][a-z0-9_]{0,62}", text) is not None
    return plain and text not in RESERVED and not text.startswith("cns")


def last_part(iri: str) -> str:
    """Return what follows the last `#`, `/` or `:`."""
    return re.split(r"[#/:]", iri.rstrip("#/:"))[-1]


def local_name(iri: str) -> str:
    """Return the last part of an IRI, without a closing `Shape`."""
    return re.sub(r"(?<=.)[-_]?Shape$", "", last_part(iri) or "shape")


def snake(text: str) -> str:
    """Return a lower-case C identifier for any text; equal for equal text only by chance."""
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", text)
    text = "".join(c if c.isascii() else f"_u{ord(c):x}_" for c in text)
    text = re.sub(r"[^0-9A-Za-z]+", "_", text).strip("_").lower()
    if not text or text[0].isdigit():
        text = f"n{text}"
    return f"{text}_" if text in RESERVED else text


class Namer:
    """Hands out record and field names, and refuses what would be ambiguous."""

    def __init__(self) -> None:
        self._taken: set[str] = set(TABLES)
        self._records: list[str] = []

    def record(self, name: str, iri: str | None) -> str:
        """Return a new record name; nested records get a number when theirs is taken."""
        base = snake(name)
        candidates = [base]
        if iri is not None:
            candidates.append(snake(f"{_namespace_word(iri)}_{name}"))
        numbered = (f"{base}_{n}" for n in itertools.count(2))
        free = next(c for c in itertools.chain(candidates, numbered) if self._is_free(c))
        self._taken |= {f"{free}{suffix}" for suffix in _SUFFIXES}
        self._records.append(free)
        return free

    def _is_free(self, name: str) -> bool:
        """Whether no function of this record or of another one would share a name."""
        if any(f"{name}{suffix}" in self._taken for suffix in _SUFFIXES):
            return False
        return not any(_is_setter(name, r) or _is_setter(r, name) for r in self._records)

    def fields(
        self,
        iris: Sequence[str],
        prefixes: Mapping[str, str],
        origins: Sequence[Origin | None] = (),
    ) -> list[str]:
        """Return a name for each property of one record, prefixed where two would be equal.

        `origins` are where the properties are constrained. Raises CompileError.
        """
        short = [_member(local_name(iri)) for iri in iris]
        counts = Counter(short)
        arrays = {f"{name}_count" for name in short}
        names = [
            _member(f"{_prefix(iri, prefixes)}_{local_name(iri)}")
            if counts[name] > 1 or name in MEMBERS or name in arrays
            else name
            for iri, name in zip(iris, short, strict=True)
        ]
        where = dict(zip(iris, origins, strict=False))
        first: dict[str, str] = {}
        wrong: list[Diagnostic] = []
        for iri, name in zip(iris, names, strict=True):
            for taken in (name, name.removesuffix("_count")):
                if taken in first:
                    wrong.append(_collision(taken, first[taken], iri, where))
                    break
            first.setdefault(name, iri)
        if wrong:
            raise CompileError(*wrong)
        return names


def distinct(iris: Iterable[str], prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return a name for each IRI: its last part; with a prefix where two would be equal.

    Those that are equal all the same get a number, in the order of the IRIs.
    """
    short = {iri: snake(last_part(iri)) for iri in sorted(iris)}
    counts = Counter(short.values())
    alone = {iri: name for iri, name in short.items() if counts[name] == 1}
    taken = set(alone.values())
    for iri in short:
        if iri not in alone:
            name = snake(f"{_prefix(iri, prefixes)}_{last_part(iri)}")
            numbered = (f"{name.rstrip('_')}_{n}" for n in itertools.count(2))
            short[iri] = next(n for n in itertools.chain([name], numbered) if n not in taken)
            taken.add(short[iri])
    return short


def _is_setter(name: str, record: str) -> bool:
    return name.startswith((f"{record}_set_", f"{record}_add_"))


def _member(text: str) -> str:
    """Return a name for a member that is not that of a type of the runtime."""
    name = snake(text)
    return f"{name}_" if name.startswith("cns_") else name


def _collision(
    name: str, first: str, second: str, where: Mapping[str, Origin | None]
) -> Diagnostic:
    fix = "rename one of them, or leave one out"
    if _namespace(first) != _namespace(second):
        fix = "declare different prefixes for their namespaces"
    return Diagnostic(
        f"the properties <{first}> and <{second}> of one record would both be called {name} in C",
        where.get(second),
        fix,
        notes=(Note("the other one is constrained here", where.get(first)),),
    )


def _namespace(iri: str) -> str:
    return iri[: len(iri) - len(re.split(r"[#/:]", iri)[-1])]


def _prefix(iri: str, prefixes: Mapping[str, str]) -> str:
    """Return the declared prefix of the IRI's namespace, else a word of the namespace."""
    found = [p for p, namespace in sorted(prefixes.items()) if p and iri.startswith(namespace)]
    return max(found, key=lambda p: len(prefixes[p])) if found else _namespace_word(iri)


def _namespace_word(iri: str) -> str:
    words = [w for w in re.split(r"[#/:]", iri.rstrip("#/:"))[:-1] if w]
    return words[-1] if words else "ns"
