# SPDX-License-Identifier: Apache-2.0
"""docs/meson.md is what it says: a complete project, all keywords, and plain Meson."""

from __future__ import annotations

import re
from collections.abc import Callable

from cns_build.integration.meson_keywords import (
    COMPILE_KEYWORDS,
    IMAGE_KEYWORDS,
    ONTOLOGY_KEYWORDS,
    RUNTIME_KEYWORDS,
    VALIDATOR_KEYWORDS,
)
from tests.meson import Project, run
from tests.paths import EXAMPLES, ROOT

PAGE = (ROOT / "docs" / "meson.md").read_text()
FENCED = r"```\w+\n(.*?)^```"
KEYWORDS = {
    "compile": COMPILE_KEYWORDS,
    "image": IMAGE_KEYWORDS,
    "ontology": ONTOLOGY_KEYWORDS,
    "runtime": RUNTIME_KEYWORDS,
    "validator": VALIDATOR_KEYWORDS,
}
GROUPS = {
    "all": {"compile", "image", "ontology", "validator"},
    "models": {"compile", "image", "ontology"},
}


def test_the_page_is_a_complete_project(project: Callable[[dict[str, str]], Project]) -> None:
    files = dict(re.findall(rf"`([\w.]+)`:\n\n{FENCED}", PAGE, re.MULTILINE | re.DOTALL))
    assert set(files) == {"meson.build", "reading.shacl", "main.c", "readings.nt"}
    made = project(files)
    (commands,) = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    (expected,) = re.findall(r"^```text\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    run("sh", "-e", "-c", commands, cwd=made.source)
    assert run(made.source / "build" / "thermometer") == expected


def test_the_plain_form_of_the_page_is_that_of_the_example() -> None:
    example = EXAMPLES / "wrap"
    section = PAGE[PAGE.index("## Without the module") :]
    rule, wrap = re.findall(rf"^{FENCED}", section, re.MULTILINE | re.DOTALL)
    assert rule in (example / "meson.build").read_text()
    assert wrap in (example / "subprojects" / "cns.wrap").read_text()


def test_the_table_has_every_keyword_of_every_function() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", PAGE, re.MULTILINE)
    listed = [
        (function, keyword)
        for keyword, of in rows
        for function in (GROUPS.get(of) or re.findall(r"`(\w+)`", of))
    ]
    known = [(function, keyword) for function, words in KEYWORDS.items() for keyword in words]
    assert sorted(listed) == sorted(known)
