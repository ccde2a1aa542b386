# SPDX-License-Identifier: Apache-2.0
"""docs/c.md is what the compiler makes of its entries (tests/c_page.py)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import c_page
from tests.paths import ROOT
from tests.reference.vocabulary import PARAMETERS

PAGE = ROOT / "docs" / "c.md"
# Parameters that belong to the entry of another one.
WITH = {"flags", "ignoredProperties", "qualifiedMinCount", "qualifiedMaxCount", "maxCount"}
WITH |= {"qualifiedValueShapesDisjoint"}


def test_page(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    found = c_page.page(tmp_path)
    if request.config.getoption("--update-docs"):
        PAGE.write_text(found, "utf-8")
        return
    assert found == PAGE.read_text("utf-8"), "pytest tests/test_c_page.py --update-docs"


def test_every_component_has_an_entry() -> None:
    titles = " ".join(entry.title for group in c_page.GROUPS.values() for entry in group)
    shown = {word.strip(",").removeprefix("sh:").removeprefix("cns:") for word in titles.split()}
    names = {re.split("[#:]", str(name))[-1] for name in PARAMETERS}
    assert names - WITH <= shown
