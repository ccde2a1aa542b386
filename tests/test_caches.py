# SPDX-License-Identifier: Apache-2.0
"""Generated C through ccache, sccache and distcc, by what these tools count themselves."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import scons
from tests.cmake import FILES, CMake
from tests.launchers import Launcher, ready
from tests.meson import BUILD, Project, run
from tests.paths import ROOT
from tests.thermostat import march

# The compiler that explains -march=native.
pytestmark = pytest.mark.skipif(not shutil.which("gcc"), reason="no gcc: apt install gcc")

MODEL = FILES | {
    "meson.build": BUILD.replace("'sensors.shacl')", "'sensors.shacl', catalog: 'lib')")
}

SCONSTRUCT = scons.TOP.replace("Environment(", "Environment(CC='%s gcc', CCFLAGS=['-O3'], %s")


@pytest.fixture
def launcher(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Launcher]:
    with ready(request.param, tmp_path / "store") as launcher:
        yield launcher


def by_meson(launcher: Launcher, source: Path, build: Path) -> tuple[list[str], Callable[[], str]]:
    """Configure; return the compiler's words for the model, and what compiles."""
    made = Project(source, build)
    made.setup("--buildtype=release", env=launcher.env | {"CC": f"{launcher.name} gcc"})
    return made.flags("sensors.c"), lambda: run("ninja", "-C", build, "-j2", env=launcher.env)


def by_cmake(launcher: Launcher, source: Path, build: Path) -> tuple[list[str], Callable[[], str]]:
    """Configure; return the compiler's words for the model, and what compiles."""
    made = CMake(source, build)
    options = ("-DCMAKE_C_COMPILER=gcc", f"-DCMAKE_C_COMPILER_LAUNCHER={launcher.name}")
    made.setup("-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", *options, env=launcher.env)
    words = ("cmake", "--build", build, "--target", "thermostat", "--parallel", "2")
    return made.flags("sensors.c"), lambda: run(*words, env=launcher.env)


@pytest.mark.parametrize(
    ("launcher", "configure"),
    [
        ("ccache", by_meson),
        ("sccache", by_cmake),
        ("distcc", by_meson),
        pytest.param("ccache", by_cmake, marks=pytest.mark.slow),
        pytest.param("sccache", by_meson, marks=pytest.mark.slow),
        pytest.param("distcc", by_cmake, marks=pytest.mark.slow),
    ],
    indirect=["launcher"],
)
def test_objects_come_from_elsewhere(
    launcher: Launcher,
    configure: Callable[[Launcher, Path, Path], tuple[list[str], Callable[[], str]]],
    tmp_path: Path,
) -> None:
    source = tmp_path / "project"
    for name, text in MODEL.items():
        Project(source, source).write(name, text)
    flags, build = configure(launcher, source, tmp_path / "first")
    (architecture,) = march(flags)
    assert architecture != "-march=native"
    elsewhere, here = launcher.counts()
    build()
    assert run(tmp_path / "first" / "thermostat") == "running\n"
    commands = json.loads((tmp_path / "first" / "compile_commands.json").read_text())
    objects = len(commands)
    assert objects > 20
    if launcher.name == "distcc":
        assert launcher.counts() == (elsewhere + objects, here)
        return
    assert launcher.counts() == (elsewhere, here + objects)
    _, build = configure(launcher, source, tmp_path / "second")
    elsewhere, here = launcher.counts()
    build()
    assert launcher.counts() == (elsewhere + objects, here)
    assert run(tmp_path / "second" / "thermostat") == "running\n"


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("scons"), reason="no scons: ./dev test --setup installs it")
@pytest.mark.parametrize("launcher", ["ccache", "sccache", "distcc"], indirect=True)
def test_objects_of_scons_come_from_elsewhere(launcher: Launcher, tmp_path: Path) -> None:
    counted = []
    for folder in ("first", "second"):
        made = scons.SCons(tmp_path / folder, tmp_path / folder / "build")
        for name, text in scons.FILES.items():
            made.write(name, text)
        made.write("SConstruct", "import os\n" + SCONSTRUCT % (launcher.name, "ENV=os.environ, "))
        (architecture,) = march(made.command("sensors.c", env=launcher.env))
        assert architecture != "-march=native"
        before = launcher.counts()
        said = made.scons(env=launcher.env)
        objects = len(re.findall(rf"^{launcher.name} gcc .* -c ", said, re.MULTILINE))
        assert objects > 20
        now = launcher.counts()
        counted.append((now[0] - before[0], now[1] - before[1]))
        assert made.program("thermostat") == "running\n"
    first = (objects, 0) if launcher.name == "distcc" else (0, objects)
    assert counted == [first, (objects, 0)]


def test_the_page_names_what_the_tests_run() -> None:
    page = (ROOT / "docs" / "caches.md").read_text()
    for name in ("ccache", "sccache", "distcc"):
        assert f"## {name}" in page
