# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the tests of graphs."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from tests.graph.fake import Validator


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> type[Validator]:
    """Put the fake in the place of the real validator."""
    module = ModuleType("cns_build.graph.validator")
    module.Validator = Validator  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return Validator
