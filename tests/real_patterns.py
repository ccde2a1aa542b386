# SPDX-License-Identifier: Apache-2.0
"""The values of sh:pattern in the shapes that others wrote."""

from __future__ import annotations

import rdflib

from tests.paths import ONTOLOGIES


def real_patterns() -> list[tuple[str, str]]:
    """The distinct patterns with their flags, sorted; none where the files are absent."""
    found: set[tuple[str, str]] = set()
    for file in sorted(ONTOLOGIES.glob("*/*.ttl")):
        if "sh:pattern" in file.read_text("utf-8"):
            graph = rdflib.Graph().parse(file)
            for shape, pattern in graph.subject_objects(rdflib.SH["pattern"]):
                flags = graph.value(shape, rdflib.SH["flags"]) or ""
                found.add((str(pattern), str(flags)))
    return sorted(found)
