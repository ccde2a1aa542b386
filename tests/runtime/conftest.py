# SPDX-License-Identifier: Apache-2.0
"""The runtime's shared library, built once."""

from __future__ import annotations

import ctypes

import pytest

from tests.runtime import native


@pytest.fixture(scope="session")
def cns(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    return native.build(tmp_path_factory.mktemp("runtime"))
