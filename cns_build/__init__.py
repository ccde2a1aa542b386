# SPDX-License-Identifier: Apache-2.0
"""cns: compile RDF ontologies and SHACL shapes ahead of time into C."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cns_build.graph.pyshacl import validate

__version__ = "0.1.0"
__all__ = ["__version__", "validate"]

_LAZY = {"validate": "cns_build.graph.pyshacl"}
"""Where names are that few programs need: a build starts the compiler often."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        import importlib

        if name not in _LAZY:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(importlib.import_module(_LAZY[name]), name)
