# SPDX-License-Identifier: Apache-2.0
"""Data that change: after a change, only shapes that look at what has changed are run again."""

from __future__ import annotations

import time

from cns_build import _graph
from cns_build.graph.reads import reads
from cns_build.graph.report import Report
from cns_build.graph.validator import Validator, explained, malformed_in

_Findings = list[tuple[int, int, int, int, int]]


class Session:
    """Data and what shapes say of them. `report` is about the data as they are now.

    A session is not to be used by several threads at once.
    """

    def __init__(self, validator: Validator, graph: _graph.Graph) -> None:
        self._validator = validator
        self._graph = graph
        self._reads = reads(validator.program)
        self._found: dict[int, _Findings] = {}
        self._counts: dict[int, int] = {}
        self.rerun = 0
        self.report = self._validate(None)

    def update(self, added: bytes = b"", removed: bytes = b"") -> Report:
        """Add and remove triples, which are N-Triples, and return the report of what is now there.

        Labels of blank nodes are those of the first source of the session's data. A triple that
        is both removed and added is there afterwards. Raises CompileError for a malformed line;
        then nothing has changed. `rerun` says how many shapes were run again.
        """
        with malformed_in("<update>"):
            changed = self._graph.change([added], [removed], 1)
        self.report = self._validate(changed)
        return self.report

    def _validate(self, changed: set[int] | None) -> Report:
        start = time.perf_counter()
        run = self._validator._run(self._graph)
        self.rerun = 0
        for shape in self._validator._selected(None):
            if changed is not None and not self._reads[shape].meets(changed):
                run.put(self._found[shape])
                continue
            before = run.kept
            with explained():
                self._counts[shape] = run.validate(shape)
            self._found[shape] = run.since(before)
            self.rerun += 1
        times = (start, start, time.perf_counter())
        return self._validator._report(self._graph, run, self._counts, times)
