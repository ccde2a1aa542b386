# SPDX-License-Identifier: Apache-2.0
"""Mark the kinds that have nothing left to check: dispatch answers them without a handler.

    before:  entry heartbeat, kind 3, with an empty function
    after:   entry heartbeat, kind 3, zero-tick

requires: folded operations
keeps:    functions
"""

from __future__ import annotations

from dataclasses import replace

from cns_build.ir.program import Program


def run(program: Program) -> Program:
    """Return the program with `zero_tick` set on every entry whose function is empty."""
    empty = {f.record for f in program.functions if not f.body}
    entries = tuple(replace(e, zero_tick=e.record in empty) for e in program.entries)
    return replace(program, entries=entries)
