# SPDX-License-Identifier: Apache-2.0
"""cns under ninja: builds that are stopped."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.meson import SEARCH, Project
from tests.test_meson_module import SHAPES

Write = Callable[[dict[str, str]], Project]

MODELS = 3
VALUES = ("85.0", "90.0")
MANY = {
    "meson.build": "project('many', 'c')\ncns = import('cns')\nmodels = []\n"
    f"foreach n : range({MODELS})\n"
    "  models += cns.ontology(f'm@n@', shapes: f'm@n@.shacl')\nendforeach\n"
    "executable('many', 'main.c', dependencies: models)\n",
    "main.c": "#include <stdio.h>\n"
    + "".join(f'#include "m{n}.h"\n' for n in range(MODELS))
    + "int main(void) {\n"
    + "".join(
        f"  m{n}_reading r{n} = M{n}_READING_INIT; cns_result a{n};\n"
        f"  cns_result_init(&a{n}, NULL, 0); m{n}_reading_set_celsius(&r{n}, 87.5);\n"
        f'  m{n}_reading_validate(&r{n}, &a{n}); printf("%d", a{n}.conforms);\n'
        for n in range(MODELS)
    )
    + "  return 0;\n}\n",
}


def write_shapes(made: Project, most: str) -> None:
    for number in range(MODELS):
        made.write(f"m{number}.shacl", SHAPES.replace("85.0", most))


def outputs(made: Project) -> dict[str, str]:
    """What the generators have written, and what they have left behind."""
    wanted = re.compile(r"m\d\.[ch]|\.cnsc-.*")
    return {p.name: p.read_text() for p in made.build.iterdir() if wanted.fullmatch(p.name)}


def stop_a_build(made: Project, number: int, seconds: float) -> None:
    """Start ninja, and after a while send it a signal; SIGKILL goes to all that it runs too."""
    ninja = subprocess.Popen(
        ["ninja", "-C", str(made.build)],
        env=os.environ | {"PATH": SEARCH},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        # A shell lets what it runs in the background ignore SIGINT, and so its children.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    time.sleep(seconds)
    for process in session(ninja.pid) if number == signal.SIGKILL else [ninja.pid]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, number)
    ninja.wait()


def session(leader: int) -> list[int]:
    """Return the numbers of the processes of a session, its leader first."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == leader:
                found.append(int(folder.name))
    return sorted(found, key=lambda process: process != leader)


def test_a_stopped_build_leaves_nothing_half_written(project: Write) -> None:
    made = project(MANY)
    write_shapes(made, VALUES[0])
    made.setup()
    whole: list[dict[str, str]] = []
    for most, said in zip(VALUES, ("0" * MODELS, "1" * MODELS), strict=True):
        write_shapes(made, most)
        made.compile()
        assert made.program("many") == said
        whole.append(outputs(made))
    assert set(whole[0]) == {f"m{n}.{x}" for n in range(MODELS) for x in "ch"}
    changed = 1
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        for step in range(6):
            changed = 1 - changed
            write_shapes(made, VALUES[changed])
            stop_a_build(made, number, 0.05 + 0.12 * step)
            # Of what it stops, ninja removes the outputs.
            for name, text in outputs(made).items():
                if not name.startswith(".cnsc-"):
                    assert text in (whole[0][name], whole[1][name])
    made.compile()
    assert made.program("many") == str(changed) * MODELS
    assert outputs(made) == whole[changed]
    assert "no work to do" in made.compile()
