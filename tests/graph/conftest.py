# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the tests of graphs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cns_build.graph import library
from tests.frontend.inputs import PREFIXES
from tests.graph.delegated import Delegated, load

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


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own for the native engine, with a runtime that is compiled quickly."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(library, "_FLAGS", ("-std=c11", "-O0", "-fPIC", "-pthread"))
    return tmp_path / "cache" / "cns"
