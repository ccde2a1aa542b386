# SPDX-License-Identifier: Apache-2.0
"""Reports written down, in a format for each reader. All yield text in parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from cns_build.diagnostics import Locate
from cns_build.graph.report import Report
from cns_build.graph.writers.github import to_github
from cns_build.graph.writers.jsonld import to_jsonld
from cns_build.graph.writers.sarif import to_sarif
from cns_build.graph.writers.text import to_text
from cns_build.graph.writers.tocsv import to_csv
from cns_build.graph.writers.tojson import to_json
from cns_build.graph.writers.turtle import to_turtle

Writer = Callable[[Report, Locate], Iterator[str]]

WRITERS: Mapping[str, Writer] = MappingProxyType(
    {
        "text": to_text,
        "turtle": to_turtle,
        "json": to_json,
        "jsonld": to_jsonld,
        "csv": to_csv,
        "sarif": to_sarif,
        "github": to_github,
    }
)
