# SPDX-License-Identifier: Apache-2.0
"""Terms and paths as SPARQL writes them, shortened by the prefixes of the sources."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cns_build import model as m
from cns_build.vocabulary import RDF, SH, XSD

_LOCAL = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?")
_KNOWN = {"rdf": RDF, "sh": SH, "xsd": XSD}


def term_text(term: m.Term, prefixes: Mapping[str, str]) -> str:
    """Return `ex:name` or `"5"^^xsd:int` where a prefix fits, else the term in N-Triples."""
    if isinstance(term, m.Literal):
        text, suffix = str(term), f"^^{term.datatype}"
        if text.endswith(suffix):
            return f"{text.removesuffix(suffix)}^^{term_text(term.datatype, prefixes)}"
    if isinstance(term, m.IRI):
        for prefix, namespace in sorted({**_KNOWN, **prefixes}.items()):
            local = term.value[len(namespace) :]
            if namespace and term.value.startswith(namespace) and _LOCAL.fullmatch(local):
                return f"{prefix}:{local}"
    return str(term)


def path_text(path: m.Path, prefixes: Mapping[str, str]) -> str:
    """Return a property path in SPARQL's syntax."""
    match path:
        case m.PredicatePath(iri):
            return term_text(iri, prefixes)
        case m.InversePath(inner):
            return f"^{_group(inner, prefixes)}"
        case m.SequencePath(paths):
            return "/".join(_group(p, prefixes) for p in paths)
        case m.AlternativePath(paths):
            return "|".join(_group(p, prefixes) for p in paths)
        case m.ZeroOrMorePath(inner):
            return f"{_group(inner, prefixes)}*"
        case m.OneOrMorePath(inner):
            return f"{_group(inner, prefixes)}+"
        case m.ZeroOrOnePath(inner):
            return f"{_group(inner, prefixes)}?"
    raise AssertionError(path)


def _group(path: m.Path, prefixes: Mapping[str, str]) -> str:
    text = path_text(path, prefixes)
    return text if isinstance(path, m.PredicatePath) else f"({text})"
