# SPDX-License-Identifier: Apache-2.0
"""The example of README.md does what README.md says."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.meson import Project
from tests.paths import ROOT

FILES = {"turtle": "reading.shacl", "meson": "meson.build", "c": "main.c"}


def test_the_example_prints_what_the_page_shows(
    project: Callable[[dict[str, str]], Project],
) -> None:
    page = (ROOT / "README.md").read_text()
    blocks = dict(re.findall(r"^```(\w+)\n(.*?)^```", page, re.MULTILINE | re.DOTALL))
    made = project({name: blocks[language] for language, name in FILES.items()})
    made.setup("-Dwarning_level=3", "-Dwerror=true")
    made.compile()
    assert made.program("thermometer") == blocks["text"]
