# SPDX-License-Identifier: Apache-2.0
"""docs/axioms.md is what the compiler makes of its entries (tests/axioms_page.py)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import axioms_page
from tests.paths import ROOT

PAGE = ROOT / "docs" / "axioms.md"


def test_page(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    found = axioms_page.page(tmp_path)
    if request.config.getoption("--update-docs"):
        PAGE.write_text(found, "utf-8")
        return
    assert found == PAGE.read_text("utf-8"), "pytest tests/test_axioms_page.py --update-docs"
