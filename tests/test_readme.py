# SPDX-License-Identifier: Apache-2.0
"""The examples of README.md and of pages in docs/ do what these pages say."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.meson import Project
from tests.paths import ROOT

# Of each page, the file of shapes or classes and the program.
PAGES = {
    "README.md": ("reading.shacl", "thermometer"),
    "docs/signals.md": ("bus.shacl", "gateway"),
    "docs/vocabulary.md": ("devices.ttl", "sorter"),
}


@pytest.mark.parametrize("name", PAGES)
def test_the_example_prints_what_the_page_shows(
    name: str, project: Callable[[dict[str, str]], Project]
) -> None:
    page = (ROOT / name).read_text()
    found = re.findall(r"^```(\w+)\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    blocks = dict(reversed(found))  # the first of each language
    shapes, program = PAGES[name]
    files = {"turtle": shapes, "meson": "meson.build", "c": "main.c"}
    made = project({file: blocks[language] for language, file in files.items()})
    made.setup("-Dwarning_level=3", "-Dwerror=true")
    made.compile()
    assert made.program(program) == blocks["text"]


def headings(page: str) -> set[str]:
    """The anchors that code hosts give the headings of a page."""
    found = re.findall(r"^#+ (.*)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


def test_links_between_pages_lead_somewhere() -> None:
    wrong, tried = [], 0
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for link in re.findall(r"\]\(([^)\s:]+)\)", page.read_text()):
            name, _, heading = link.partition("#")
            there = page.parent / name if name else page
            tried += 1
            if not there.is_file() or (heading and heading not in headings(there.read_text())):
                wrong.append(f"{page.name}: {link}")
    assert wrong == []
    assert tried > 30
