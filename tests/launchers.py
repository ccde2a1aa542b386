# SPDX-License-Identifier: Apache-2.0
"""Compiler launchers in tests: ccache, sccache and distcc with a store or daemon of their own."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.meson import run


@dataclass(frozen=True)
class Launcher(ABC):
    """A launcher that is ready: what its clients need in their environment, and what it counts."""

    name: str
    env: dict[str, str]

    @abstractmethod
    def counts(self) -> tuple[int, int]:
        """Return how many objects came from elsewhere, and how many were compiled here."""


class Ccache(Launcher):
    """Counts hits and misses."""

    def counts(self) -> tuple[int, int]:
        """Return hits and misses."""
        rows = run("ccache", "--print-stats", env=self.env).splitlines()
        found = {name: int(count) for name, count in (row.split("\t") for row in rows)}
        hits = found["direct_cache_hit"] + found["preprocessed_cache_hit"]
        uncached = [name for name in found if name.startswith(("unsupported_", "could_not_"))]
        assert [name for name in uncached if found[name]] == []
        return hits, found["cache_miss"]


class Sccache(Launcher):
    """Counts hits and misses of C."""

    def counts(self) -> tuple[int, int]:
        """Return hits and misses."""
        said = run("sccache", "--show-stats", "--stats-format=json", env=self.env)
        found = json.loads(said)["stats"]
        assert found["non_cacheable_compilations"] == 0
        return tuple(sum(found[f"cache_{kind}"]["counts"].values()) for kind in ("hits", "misses"))


@dataclass(frozen=True)
class Distcc(Launcher):
    """Counts what the daemon compiled, by the page on a port, and what the client did itself."""

    statistics: int

    def counts(self) -> tuple[int, int]:
        """Return the daemon's jobs and the client's own."""
        log = Path(self.env["DISTCC_LOG"])
        text = log.read_text() if log.exists() else ""
        return daemon_jobs(self.statistics), len(re.findall(" exec on localhost: .* -c ", text))


def daemon_jobs(port: int) -> int:
    """Return how many jobs a distccd has done, by the page of its statistics."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
        found = re.search(r"^dcc_compile_ok (\d+)$", page.read().decode(), re.MULTILINE)
    assert found is not None
    return int(found[1])


@contextlib.contextmanager
def ready(name: str, folder: Path) -> Iterator[Launcher]:
    """Start a launcher with a store in this folder; the test skips where it is not installed."""
    program = "distccd" if name == "distcc" else name
    if not shutil.which(program):
        pytest.skip(f"no {program}: ./dev test --setup installs it")
    start = {"ccache": ccache, "sccache": sccache, "distcc": distcc}[name]
    with start(folder) as launcher:
        yield launcher


@contextlib.contextmanager
def ccache(folder: Path) -> Iterator[Launcher]:
    # CMake names files in full, and so does what preprocessors say; folders are to be alike.
    env = {"CCACHE_DIR": str(folder), "CCACHE_CONFIGPATH": os.devnull}
    yield Ccache("ccache", env | {"CCACHE_BASEDIR": str(folder.parent)})


@contextlib.contextmanager
def sccache(folder: Path) -> Iterator[Launcher]:
    env = {"SCCACHE_DIR": str(folder), "SCCACHE_SERVER_PORT": str(free_port())}
    words = ["sccache", "--start-server"]
    # Its server keeps the streams that it is started with.
    started = subprocess.run(
        words, env=os.environ | env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    if started.returncode != 0:
        pytest.skip("sccache --start-server fails")
    try:
        yield Sccache("sccache", env)
    finally:
        run("sccache", "--stop-server", env=env)


@contextlib.contextmanager
def distcc(folder: Path) -> Iterator[Launcher]:
    port, statistics = free_port(), free_port()
    words = ["distccd", "--no-detach", "--daemon", "--jobs=4", f"--port={port}", "--log-stderr"]
    words += ["--listen=127.0.0.1", "--allow=127.0.0.1", "--stats", f"--stats-port={statistics}"]
    if os.geteuid() == 0:
        words.append("--user=nobody")
    folder.mkdir()
    log = folder / "distccd.log"
    with log.open("w") as file:
        # In a session of its own: it ends its whole group with itself.
        daemon = subprocess.Popen(words, stdout=file, stderr=file, start_new_session=True)
    try:
        if not answers(statistics):
            pytest.skip(f"distccd does not start: {log.read_text()}")
        env = {"DISTCC_DIR": str(folder), "DISTCC_HOSTS": f"127.0.0.1:{port}/4"}
        env |= {"DISTCC_FALLBACK": "0", "DISTCC_VERBOSE": "1"}
        env |= {"DISTCC_LOG": str(folder / "log")}
        yield Distcc("distcc", env, statistics)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(daemon.pid, signal.SIGTERM)
        daemon.wait()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int) -> bool:
    """Return whether somebody listens on a port, within ten seconds."""
    for _ in range(100):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return True
        time.sleep(0.1)
    return False
