# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the tests of graphs."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from tests.graph.fake import Validator

NAME = "cns_build.graph.validator"


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> type[Validator]:
    """Put the fake in the place of the real validator."""
    module = ModuleType(NAME)
    module.Validator = Validator  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, NAME, module)
    return Validator


@pytest.fixture(params=["fake", "real"])
def validator(request: pytest.FixtureRequest) -> None:
    """Run a test with the fake, and with the real validator where that is built."""
    if request.param == "fake":
        request.getfixturevalue("fake")
    else:
        pytest.importorskip(NAME, exc_type=ImportError)
