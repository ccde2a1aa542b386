# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the tests of graphs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests.frontend.inputs import PREFIXES
from tests.graph.delegated import Delegated, load
from tests.graph.fake import Validator

Read = Callable[[str], Delegated]

DECLARED = """\
ex: sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .
"""
"""Line 7: the prefix of queries."""


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Read a text behind the usual prefixes, which are lines 1 to 6 of `both.ttl`."""
    monkeypatch.chdir(tmp_path)

    def write_and_read(text: str) -> Delegated:
        Path("both.ttl").write_text(PREFIXES + DECLARED + text, "utf-8")
        return load(Path("both.ttl"))

    return write_and_read


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
