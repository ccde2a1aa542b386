# SPDX-License-Identifier: Apache-2.0
"""The reader as a library, built once."""

from __future__ import annotations

import ctypes

import pytest

from tests.host import reading


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    return reading.build_library(tmp_path_factory.mktemp("reader"))
