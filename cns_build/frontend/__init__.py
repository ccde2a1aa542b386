# SPDX-License-Identifier: Apache-2.0
"""The front end: from files of triples to the model."""

from __future__ import annotations

from cns_build.frontend.load import load, read
from cns_build.frontend.positions import Sources

__all__ = ["Sources", "load", "read"]
