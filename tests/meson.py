# SPDX-License-Identifier: Apache-2.0
"""Running Meson from tests: a small project, a project in a folder, and its build folder."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.thermostat import MAIN, ONTOLOGY, SHAPES

MESON = (sys.executable, "-m", "mesonbuild.mesonmain")

# The programs of the running environment, whether that is activated or not.
SEARCH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"

# Named, the compiler is started as it stands: Meson puts a cache before it where it finds one.
COMPILER = {"CC": "cc", "CC_FOR_BUILD": "cc"}


def run(
    *command: object, env: dict[str, str] | None = None, status: int = 0, cwd: Path | None = None
) -> str:
    """Run a command; return its output and errors, which a wrong exit status shows."""
    words = [str(word) for word in command]
    done = subprocess.run(
        words,
        env=COMPILER | os.environ | {"PATH": SEARCH} | (env or {}),
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
    """A Meson project in files of a test's own; `env` adds to the environment of all commands."""

    source: Path
    build: Path
    env: dict[str, str] = field(default_factory=dict)

    def write(self, name: str, text: str) -> Path:
        """Write one file of the project."""
        path = self.source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def setup(self, *options: object, env: dict[str, str] | None = None, status: int = 0) -> str:
        """Configure; return what Meson printed."""
        command = (*MESON, "setup", self.build, self.source, *options)
        return run(*command, env=self.env | (env or {}), status=status)

    def meson(self, command: str, *options: object, status: int = 0) -> str:
        """Run a command of Meson in the build folder; return what it printed."""
        return run(*MESON, command, "-C", self.build, *options, env=self.env, status=status)

    def compile(self, status: int = 0) -> str:
        """Compile; return what Meson and ninja printed."""
        return self.meson("compile", status=status)

    def program(self, name: str) -> str:
        """Run a built program; return its output."""
        return run(self.build / name)

    def commands(self, source: str) -> list[list[str]]:
        """Return the compiler commands of the source files with this name."""
        entries = json.loads((self.build / "compile_commands.json").read_text())
        return [
            shlex.split(entry["command"])
            for entry in entries
            if Path(entry["file"]).name == source
        ]

    def flags(self, source: str) -> list[str]:
        """Return the compiler command of the one source file with this name."""
        (command,) = self.commands(source)
        return command


BUILD = """\
project('thermostat', 'c')
cns = import('cns', required: false)
assert(cns.found())
sensors = cns.ontology('sensors', 'sensors.ttl', shapes: 'sensors.shacl')
executable('thermostat', 'main.c', dependencies: sensors)
"""

FILES = {
    "meson.build": BUILD,
    "sensors.ttl": ONTOLOGY,
    "sensors.shacl": SHAPES,
    "main.c": MAIN,
}


def with_call(call: str) -> dict[str, str]:
    """Return FILES with this call in the place of cns.ontology's."""
    return FILES | {"meson.build": f"project('thermostat', 'c')\ncns = import('cns')\n{call}\n"}
