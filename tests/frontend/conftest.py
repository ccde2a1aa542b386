# SPDX-License-Identifier: Apache-2.0
"""The fixture that writes and loads small inputs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.frontend.inputs import Loader


@pytest.fixture
def loader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Loader:
    return Loader(tmp_path, monkeypatch)
