# SPDX-License-Identifier: Apache-2.0
"""Vocabularies as C: constants, subclass tests, and the tables of IRIs both ways.

A test of up to three spans of ids is comparisons in the header. More spans are a bit in a *row*:
ids that all such tests treat alike and that lie side by side share one, found by binary search.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cns_build.backend.cstring import c_paragraph, c_string
from cns_build.backend.ctext import numbers, table
from cns_build.backend.dispatch import slot_of
from cns_build.backend.perfect_hash import MAX_KEYS, PerfectHash, build
from cns_build.diagnostics import CompileError, Diagnostic
from cns_build.ir.sparql import term_text
from cns_build.model import in_english
from cns_build.options import Options
from cns_build.owl.numbering import Span
from cns_build.owl.vocabulary import Entry, Test, Vocabulary

MAX_COMPARED = 3
"""Spans of a test that are comparisons."""

_SEEDS = 16
_FNV_BASIS = 2166136261
_FNV_PRIME = 16777619
_PLURALS = {
    "class": "classes",
    "property": "properties",
    "datatype": "datatypes",
    "individual": "individuals",
}
_VERBS = {"class": "is", "property": "implies"}


@dataclass(frozen=True, slots=True)
class Enumerator:
    """A constant, its comment, and the attribute of one that is deprecated."""

    name: str
    value: int
    comment: list[str]
    attribute: str


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of header and source, in order; the templates only join them."""

    macro: str
    counts: list[tuple[str, int]]
    deprecates: bool
    sections: list[tuple[str, list[Enumerator]]]
    tests: list[str]
    rows: list[str]
    iris: list[str]


def parts(vocabulary: Vocabulary, options: Options, prefixes: Mapping[str, str]) -> Parts:
    """Return the C text of a vocabulary. Raises CompileError where there are too many IRIs."""
    macro = options.name.upper()
    documented = options.strings != "none"
    in_rows = [test for test in vocabulary.tests if len(test.spans) > MAX_COMPARED]
    entries = vocabulary.entries
    return Parts(
        macro=macro,
        counts=[
            (f"{macro}_{_PLURALS[kind].upper()}", len(section))
            for kind, section in vocabulary.sections.items()
        ],
        deprecates=any(entry.entity.deprecated for entry in entries),
        sections=[
            (
                _PLURALS[kind].capitalize(),
                [_enumerator(macro, kind, entry, prefixes, documented) for entry in section],
            )
            for kind, section in vocabulary.sections.items()
            if section
        ],
        tests=[
            _test(options.name, test, in_rows, prefixes, documented) for test in vocabulary.tests
        ],
        rows=_rows(options.name, in_rows, len(entries)),
        iris=_iris(options.name, entries) if options.strings == "full" and entries else [],
    )


# Constants


def _enumerator(
    macro: str, kind: str, entry: Entry, prefixes: Mapping[str, str], documented: bool
) -> Enumerator:
    deprecated = entry.entity.deprecated
    return Enumerator(
        f"{macro}_{kind.upper()}_{entry.name.upper()}",
        entry.id,
        c_paragraph(_words(kind, entry, prefixes), "    ") if documented else [],
        f" {macro}_DEPRECATED" if deprecated else "",
    )


def _words(kind: str, entry: Entry, prefixes: Mapping[str, str]) -> str:
    """Return what an entity is called, what it is, and what else it is."""
    entity = entry.entity
    texts = (in_english(entity.labels), in_english(entity.comments))
    words = ": ".join([term_text(entity.iri, prefixes), *(text for text in texts if text)])
    others = [other for other in entity.kinds if kind not in other and other != "individual"]
    if others:
        words += f" (Also: {', '.join(others)}.)"
    if entry.empty:
        words += " (It can have no instance.)"
    return f"Deprecated: {words}" if entity.deprecated else words


# Tests


def _test(
    name: str,
    test: Test,
    in_rows: Sequence[Test],
    prefixes: Mapping[str, str],
    documented: bool,
) -> str:
    """Return the function that says whether an id is that of a class or of one below it."""
    if test in in_rows:
        condition = f"{name}_row(id, {in_rows.index(test)}u)"
    else:
        condition = " || ".join(_within(span, len(test.spans) > 1) for span in test.spans)
    comment = ""
    if documented:
        what = f"Whether a {test.kind} is {term_text(test.iri, prefixes)}, or below it."
        comment = "".join(f"{line}\n" for line in c_paragraph(what))
    return (
        f"{comment}static inline bool\n{name}_{_VERBS[test.kind]}_{test.name}(uint32_t id)\n{{\n"
        f"    return {condition};\n}}\n"
    )


def _within(span: Span, one_of_several: bool) -> str:
    first, last = span
    if first == last:
        return f"id == {first}u"
    text = f"id - {first}u <= {last - first}u"
    return f"({text})" if one_of_several else text


def _rows(name: str, tests: Sequence[Test], count: int) -> list[str]:
    """Return the tables of rows, and the function that looks a bit up."""
    if not tests:
        return []
    changes: dict[int, int] = {0: 0}
    for bit, test in enumerate(tests):
        for first, last in test.spans:
            for place in (first, last + 1):
                changes[place] = changes.get(place, 0) ^ 1 << bit
    width = (len(tests) + 7) // 8
    starts: list[int] = []
    rows: list[str] = []
    row = 0
    for place, change in sorted(changes.items()):
        row ^= change
        if change or not starts:
            starts.append(place)
            rows.append(f"{{ {', '.join(map(str, row.to_bytes(width, 'little')))} }}")
    c_type = "uint16_t" if count < 65536 else "uint32_t"
    return [
        "/* The first id of each row of bits, and the rows: a bit for each test. */\n"
        f"static const {c_type} {name}_starts[] = {{\n{numbers(starts)}}};\n",
        table(f"static const uint8_t {name}_bits[][{width}]", rows),
        f"bool\n{name}_row(uint32_t id, uint32_t test)\n{{\n"
        f"    uint32_t low = 0;\n"
        f"    uint32_t high = {len(starts)}u;\n"
        "    while (high - low > 1) {\n"
        "        const uint32_t middle = low + (high - low) / 2;\n"
        f"        if ({name}_starts[middle] <= id) {{\n"
        "            low = middle;\n"
        "        } else {\n"
        "            high = middle;\n"
        "        }\n"
        "    }\n"
        f"    return ({name}_bits[low][test / 8] >> test % 8 & 1) != 0;\n"
        "}\n",
    ]


# IRIs


def _iris(name: str, entries: Sequence[Entry]) -> list[str]:
    """Return the table of IRIs, that of the ids by their hash, and the functions that look."""
    texts = [entry.entity.iri.value.encode("utf-8", "surrogatepass") for entry in entries]
    seed, hashed, ids = _hashed(texts)
    rows = ["NULL", *(c_string(entry.entity.iri.value) for entry in entries)]
    return [
        table(f"static const char *const {name}_iris[]", rows),
        "/* Hashes to ids: the pilot of its bucket leads a hash to a slot of its own. */\n"
        f"static const uint8_t {name}_pilots[] = {{\n{numbers(hashed.pilots)}}};\n",
        f"static const uint16_t {name}_ids[] = {{\n"
        f"{numbers([0 if key is None else ids[key] for key in hashed.slots])}}};\n",
        f"const char *\n{name}_iri(uint32_t id)\n{{\n"
        f"    return id <= {len(entries)}u ? {name}_iris[id] : NULL;\n}}\n",
        f"uint32_t\n{name}_id(const char *iri, size_t length)\n{{\n"
        f"    uint32_t key = {seed}u;\n"
        "    for (size_t i = 0; i < length; i++) {\n"
        f"        key = (key ^ (uint8_t)iri[i]) * {_FNV_PRIME}u;\n    }}\n"
        f"{slot_of('key', hashed, f'{name}_pilots')}"
        f"    const uint32_t id = {name}_ids[slot];\n"
        f"    const char *known = {name}_iris[id];\n"
        "    for (size_t i = 0; id != 0 && i < length; i++) {\n"
        "        if (iri[i] == '\\0' || iri[i] != known[i]) {\n            return 0;\n        }\n"
        "    }\n"
        "    return id != 0 && known[length] == '\\0' ? id : 0;\n}\n",
    ]


def _hashed(texts: Sequence[bytes]) -> tuple[int, PerfectHash, dict[int, int]]:
    """Return a seed by which no two hashes are equal, the table of hashes, and their ids."""
    for seed in range(_FNV_BASIS, _FNV_BASIS + (_SEEDS if len(texts) <= MAX_KEYS else 0)):
        ids = {_fnv(text, seed): id_ for id_, text in enumerate(texts, 1)}
        hashed = build(ids) if len(ids) == len(texts) else None
        if hashed is not None:
            return seed, hashed, ids
    what = f"the ontology names {len(texts)} IRIs, and a table has room for {MAX_KEYS} at most"
    raise CompileError(Diagnostic(what, fix="leave the tables of IRIs out with --strings ids"))


def _fnv(text: bytes, seed: int) -> int:
    key = seed
    for byte in text:
        key = (key ^ byte) * _FNV_PRIME & 0xFFFFFFFF
    return key
