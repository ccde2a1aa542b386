# SPDX-License-Identifier: Apache-2.0
"""Where the tests find things. SHARED lies beside the checkout and may be absent."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
ONTOLOGIES = SHARED / "data" / "ontologies"
W3C_SHACL = SHARED / "data" / "w3c-shacl"
RUNTIME = ROOT / "runtime"
EXAMPLES = ROOT / "examples"


def shared(path: str) -> Path:
    """A file or folder below SHARED; the calling test skips, and says so, where it is absent."""
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"needs {path} in {SHARED}, which is not here")
    return found
