# SPDX-License-Identifier: Apache-2.0
"""Data that change: after a change, only shapes that look at what has changed are run again."""

from __future__ import annotations

import time

from cns_build.graph.reads import reads
from cns_build.graph.report import Report
from cns_build.graph.results import Finding
from cns_build.graph.validator import Running, inferred, malformed_in


class Session:
    """Data and what shapes say of them. `report` is about the data as they are now.

    A session is not to be used by several threads at once.
    """

    def __init__(self, running: Running) -> None:
        self._running = running
        self._reads = reads(running.validator.program)
        self._infers = bool(running.validator.program.inference.rules)
        self._found: dict[int, list[Finding]] = {}
        self._changed: set[int] = set()  # predicates, since the last validation
        self.rerun = 0
        self.report = self._validate(None)

    def update(self, added: bytes = b"", removed: bytes = b"") -> Report:
        """Add and remove triples, which are N-Triples, and return the report of what is now there.

        Labels of blank nodes are those of the first source of the session's data. A triple that
        is both removed and added is there afterwards. Raises CompileError for a malformed line;
        then nothing has changed. `rerun` says how many shapes were run again.
        """
        with malformed_in("<update>"), inferred():
            self._changed |= self._running.graph.change([added], [removed], 1)
        self.report = self._validate(self._changed)
        return self.report

    def _validate(self, changed: set[int] | None) -> Report:
        start = time.perf_counter()
        running = self._running
        running.begin()
        self.rerun = 0
        for shape in running.validator.selected():
            if changed is not None and not self._may_change(shape, changed):
                running.engine.put(self._found[shape])
                continue
            before = running.engine.kept
            running.validate(shape)
            self._found[shape] = running.engine.since(before)
            self.rerun += 1
        self._changed = set()
        return running.report((start, start, time.perf_counter()))

    def _may_change(self, shape: int, changed: set[int]) -> bool:
        """Whether results of a shape may be others; from what changed, anything may follow."""
        return (self._infers and bool(changed)) or self._reads[shape].meets(changed)
