# SPDX-License-Identifier: Apache-2.0
"""What a long validation is at, on a terminal: from the third second on, in a line of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TextIO

from cns_build.diagnostics import printable
from cns_build.graph.data import Source

PATIENCE = 2.0  # seconds without a word
_PACE = 0.5
_CLEAR = "\r\033[K"


class Progress:
    """Writes and rewrites a line while it is entered; nothing where `stream` is no terminal."""

    def __init__(self, stream: TextIO, patience: float = PATIENCE) -> None:
        self._stream = stream
        self._patience = patience
        self._doing = ""
        self._start = time.monotonic()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Progress:
        if self._stream.isatty():
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        if self._thread.ident is not None:
            self._thread.join()

    def say(self, doing: str) -> None:
        """Name what is being done from now on."""
        self._doing = doing

    def watch(self, source: Source) -> Source:
        """Return the source; reading its parts says how far that is."""
        if isinstance(source.content, bytes) or not self._stream.isatty():
            return source
        return replace(source, content=_Watched(self, source))

    def _run(self) -> None:
        if self._ended.wait(self._patience):
            return
        while True:
            seconds = int(time.monotonic() - self._start)
            self._write(f"{_CLEAR}{printable(self._doing)}, {seconds} s")
            if self._ended.wait(_PACE):
                self._write(_CLEAR)
                return

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


@dataclass(frozen=True, slots=True)
class _Watched:
    progress: Progress
    source: Source

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self.source.chunks():
            size += len(chunk)
            self.progress.say(f"reading {self.source.name}: {size / 1e6:.0f} MB")
            yield chunk
        self.progress.say("validating")
