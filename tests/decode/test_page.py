# SPDX-License-Identifier: Apache-2.0
"""The example of docs/trace.md does what the page shows."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable

import pytest

from cns_build.cli import main
from tests.meson import Project
from tests.paths import ROOT

PAGE = ROOT / "docs" / "trace.md"


def blocks(text: str) -> dict[str, str]:
    """The code of a page by its language."""
    return dict(re.findall(r"^```(\w+)\n(.*?)^```", text, re.MULTILINE | re.DOTALL))


def test_the_example_prints_what_the_page_shows(
    project: Callable[[dict[str, str]], Project],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    pytestconfig: pytest.Config,
) -> None:
    page = PAGE.read_text("utf-8")
    shown = blocks(page)
    shapes = blocks((ROOT / "README.md").read_text("utf-8"))["turtle"]
    files = {"reading.shacl": shapes, "meson.build": shown["meson"], "main.c": shown["c"]}
    made = project(files)
    made.setup("-Dwarning_level=3", "-Dwerror=true")
    made.compile()
    monkeypatch.chdir(made.build)
    (made.build / "trace.bin").write_bytes(subprocess.check_output(["./thermometer"]))
    command = re.search(r"cnsc (decode .*)", page)
    assert command is not None
    capsys.readouterr()
    printed = {}
    for language, options in (("text", []), ("turtle", ["--format", "turtle"])):
        assert main([*command[1].split(), *options]) == 0
        printed[language] = capsys.readouterr().out
        if pytestconfig.getoption("--update-docs"):
            old = f"```{language}\n{shown[language]}```"
            page = page.replace(old, f"```{language}\n{printed[language]}```")
            PAGE.write_text(page, "utf-8")
            shown = blocks(page)
    assert printed == {language: shown[language] for language in printed}
