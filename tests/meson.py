# SPDX-License-Identifier: Apache-2.0
"""Running Meson from tests: a project in a folder, and its build folder."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

MESON = (sys.executable, "-m", "mesonbuild.mesonmain")

# The programs of the running environment, whether that is activated or not.
SEARCH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"


def run(
    *command: object, env: dict[str, str] | None = None, status: int = 0, cwd: Path | None = None
) -> str:
    """Run a command; return its output and errors, which a wrong exit status shows."""
    words = [str(word) for word in command]
    done = subprocess.run(
        words,
        env=os.environ | {"PATH": SEARCH} | (env or {}),
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == status, f"{shlex.join(words)}: {done.returncode}\n{done.stdout}"
    return done.stdout


def setup_project(source: Path, build: Path, *options: object) -> str:
    """Configure a project; return what Meson printed."""
    return run(*MESON, "setup", build, source, *options)


def compile_project(build: Path, status: int = 0) -> str:
    """Compile a project; return what Meson and ninja printed."""
    return run(*MESON, "compile", "-C", build, status=status)


@dataclass(frozen=True)
class Project:
    """A Meson project in files of a test's own."""

    source: Path
    build: Path

    def write(self, name: str, text: str) -> Path:
        """Write one file of the project."""
        path = self.source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def setup(self, *options: object, env: dict[str, str] | None = None, status: int = 0) -> str:
        """Configure; return what Meson printed."""
        return run(*MESON, "setup", self.build, self.source, *options, env=env, status=status)

    def compile(self, status: int = 0) -> str:
        """Compile; return what Meson and ninja printed."""
        return compile_project(self.build, status)

    def program(self, name: str) -> str:
        """Run a built program; return its output."""
        return run(self.build / name)

    def flags(self, source: str) -> list[str]:
        """Return the compiler command of the one source file with this name."""
        commands = json.loads((self.build / "compile_commands.json").read_text())
        found = [entry["command"] for entry in commands if Path(entry["file"]).name == source]
        assert len(found) == 1, f"{source}: {found}"
        return shlex.split(found[0])
