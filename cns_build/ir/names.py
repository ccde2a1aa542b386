# SPDX-License-Identifier: Apache-2.0
"""C names for shapes, classes and properties: readable, legal in C and C++, and unique."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from cns_build.diagnostics import CompileError, Diagnostic

_C_WORDS = """auto break case char const continue default do double else enum extern float for goto
if inline int long register restrict return short signed sizeof static struct switch typedef union
unsigned void volatile while bool true false main errno NULL EOF"""
_CPP_WORDS = """alignas alignof and and_eq asm bitand bitor catch char8_t char16_t char32_t class
co_await co_return co_yield compl concept consteval constexpr constinit const_cast decltype delete
dynamic_cast explicit export friend mutable namespace new noexcept not not_eq nullptr operator or
or_eq private protected public reinterpret_cast requires static_assert static_cast template this
thread_local throw try typeid typename using virtual wchar_t xor xor_eq typeof asm linux unix"""
RESERVED = frozenset(_C_WORDS.split() + _CPP_WORDS.split())
MEMBERS = frozenset({'id', 'class_id', 'has', 'unused'})  # what cns itself puts into a struct
TABLES = frozenset({'model', 'checks', 'texts', 'types', 'terms', 'handlers', 'find'})
_SUFFIXES = ('', '_validate', '_handle', '_sound', '_of', '_of_term', '_empty')


def local_name(iri: str) -> str:
    """Return what follows the last `#`, `/` or `:`, without a closing `Shape`."""
    tail = re.split(r'[#/:]', iri.rstrip('#/:'))[-1] or 'shape'
    return re.sub(r'(?<=.)[-_]?Shape$', '', tail)


def snake(text: str) -> str:
    """Return a lower-case C identifier for any text; equal for equal text only by chance."""
    text = re.sub(r'(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])', '_', text)
    text = ''.join(c if c.isascii() else f'_u{ord(c):x}_' for c in text)
    text = re.sub(r'[^0-9A-Za-z]+', '_', text).strip('_').lower()
    if not text or text[0].isdigit():
        text = f'n{text}'
    return f'{text}_' if text in RESERVED else text


class Namer:
    """Hands out record and field names, and refuses what would be ambiguous."""

    def __init__(self) -> None:
        self._taken: set[str] = set(TABLES)

    def record(self, name: str, iri: str | None) -> str:
        """Return a new record name; nested records get a number when theirs is taken."""
        base = snake(name)
        candidates = [base]
        if iri is not None:
            candidates.append(snake(f'{_namespace_word(iri)}_{name}'))
        candidates += [f'{base}_{n}' for n in range(2, 1000)]
        free = next(c for c in candidates if c not in self._taken)
        self._taken |= {f'{free}{suffix}' for suffix in _SUFFIXES}
        return free

    def fields(self, iris: Sequence[str], prefixes: Mapping[str, str]) -> list[str]:
        """Return a name for each property of one record, prefixed where two would be equal."""
        short = [snake(local_name(iri)) for iri in iris]
        names = [
            snake(f'{_prefix(iri, prefixes)}_{local_name(iri)}')
            if short.count(name) > 1 or name in MEMBERS
            else name
            for iri, name in zip(iris, short, strict=True)
        ]
        for index, name in enumerate(names):
            if name in names[:index]:
                raise CompileError(_collision(name, iris[names.index(name)], iris[index]))
        return names


def _collision(name: str, first: str, second: str) -> Diagnostic:
    return Diagnostic(
        f'the properties <{first}> and <{second}> of one record would both be called {name} in C',
        fix='declare different prefixes for their namespaces, or rename one of them',
    )


def _prefix(iri: str, prefixes: Mapping[str, str]) -> str:
    """Return the declared prefix of the IRI's namespace, else a word of the namespace."""
    found = [p for p, namespace in sorted(prefixes.items()) if p and iri.startswith(namespace)]
    return max(found, key=lambda p: len(prefixes[p])) if found else _namespace_word(iri)


def _namespace_word(iri: str) -> str:
    words = [w for w in re.split(r'[#/:]', iri.rstrip('#/:'))[:-1] if w]
    return words[-1] if words else 'ns'
