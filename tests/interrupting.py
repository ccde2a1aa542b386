# SPDX-License-Identifier: Apache-2.0
"""Runs of cnsc in processes that are forked, not started: many in a second, all at the same time.

A program of its own, since pytest has threads: `python -m tests.interrupting` reads what to do as
JSON, and writes JSON. It compiles once, which imports everything, and forks then.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from cns_build.cli import main


def fork(run: Callable[[], int]) -> int:
    """Run something in a child process; return its number."""
    child = os.fork()
    if child:
        return child
    _end(run)


def _end(run: Callable[[], int]) -> NoReturn:
    status = 99
    try:
        status = run()
    except SystemExit as ended:
        status = int(ended.code or 0)
    finally:
        os._exit(status)


def wait(child: int) -> int:
    """Return how a child ended, as Popen.returncode has it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def at_once(runs: Sequence[Sequence[str]]) -> list[int]:
    """Run all these command lines at the same time; return how each ended."""
    ready, go = os.pipe()

    def run(arguments: Sequence[str]) -> int:
        os.close(go)
        os.read(ready, 1)  # returns when nobody holds the other end any more
        return main(arguments)

    children = [fork(partial(run, arguments)) for arguments in runs]
    os.close(go)
    return [wait(child) for child in children]


def interrupted(arguments: Sequence[str], folder: Path, number: int) -> list[dict[str, Any]]:
    """Run a command line until it is through, each time with a signal at a later moment.

    Moments are what Python tells of that it does to files in `folder` or beside it, or to locks.
    Before each run the folder holds what it does now; what it holds after each is returned.
    """
    before = contents(folder)
    ends: list[dict[str, Any]] = []
    reached = True
    while reached:
        for file in folder.iterdir():
            file.unlink()
        for name, text in before.items():
            (folder / name).write_text(text, "utf-8")
        status, reached = stopped(arguments, folder, number, len(ends))
        ends.append({"status": status, "files": contents(folder), "reached": reached})
    return ends


def stopped(arguments: Sequence[str], folder: Path, number: int, moment: int) -> tuple[int, bool]:
    """Run a command line with a signal at this moment; return how it ends, and if it comes."""
    comes, coming = os.pipe()
    moments = itertools.count()

    def audit(event: str, given: tuple[object, ...]) -> None:
        file = str(given[0]) if given else ""
        counts = event == "fcntl.flock" or file.startswith(f"{folder.parent}/")
        if counts and next(moments) == moment:
            os.write(coming, b"!")
            os.kill(os.getpid(), number)

    def run() -> int:
        sys.addaudithook(audit)
        return main(arguments)

    status = wait(fork(run))
    os.close(coming)
    with open(comes, "rb") as told:
        return status, told.read() != b""


def contents(folder: Path) -> dict[str, str]:
    """Return the names and texts of a folder's files."""
    return {file.name: file.read_text("utf-8") for file in sorted(folder.iterdir())}


def serve() -> None:
    """Read one request from the standard input, and answer it."""
    request = json.load(sys.stdin)
    assert main(request["warm"]) == 0
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if request["what"] == "at once":
        answer: list[Any] = at_once(request["runs"])
    else:
        folder = Path(request["folder"])
        answer = interrupted(request["arguments"], folder, request["number"])
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    serve()
