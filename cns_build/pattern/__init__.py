# SPDX-License-Identifier: Apache-2.0
"""Regular expressions of sh:pattern to automata: syntax tree, NFA, DFA, tables.

Import it only where a pattern is met: shapes without patterns do not pay for it.
"""

from __future__ import annotations

import functools

from cns_build.pattern.automaton import determinize
from cns_build.pattern.nfa import build
from cns_build.pattern.syntax import PatternError, parse
from cns_build.pattern.tables import Tables, lay_out

__all__ = ["PatternError", "Tables", "compile_pattern"]


@functools.lru_cache(maxsize=1024)
def compile_pattern(pattern: str, flags: str) -> Tables:
    """Return the tables that find a pattern in texts. Raises PatternError."""
    return lay_out(determinize(build(parse(pattern, flags))))
