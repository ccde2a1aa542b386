# SPDX-License-Identifier: Apache-2.0
"""One rich project in real Meson builds: compilers, build types, and versions of Meson.

Two models in one program, one model in three targets, a model of a subproject, shapes and imports
that other targets make, in a path with a space and a letter that is not ASCII.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.meson import MESON, Project, run
from tests.paths import ROOT
from tests.thermostat import ONTOLOGY, SHAPES, march

BUILD = """\
project('geraet', 'c', version: '1.2', meson_version: '>=1.3.0',
  default_options: ['warning_level=3', 'werror=true'])
cns = import('cns')
subdir('modelle')
pumpe = dependency('pumpe')

geraet = library('geraet', 'geraet.c', dependencies: sensors, install: true)
thermostat = executable('thermostat', 'main.c', dependencies: [sensors, rooms, pumpe])
zweites = executable('zweites', 'zweites.c', dependencies: sensors, link_with: geraet)
test('thermostat', thermostat)
test('zweites', zweites)

# Generated code in a target of the project's own, by its options: warnings, and unity builds.
eins = cns.compile('eins', shapes: 'rooms.shacl')
zwei = cns.compile('zwei', shapes: 'rooms.shacl')
test('beide', executable('beide', 'beide.c', eins, zwei, dependencies: cns.runtime()))
"""
MODELS = """\
shapes = custom_target(input: 'sensors.shacl.in', output: 'sensors.shacl',
  command: ['cp', '@INPUT@', '@OUTPUT@'])
base = custom_target(input: 'base.ttl.in', output: 'base.ttl',
  command: ['cp', '@INPUT@', '@OUTPUT@'])
sensors = cns.ontology('sensors', 'sensors.ttl', shapes: shapes, imports: base, install: true)
rooms = cns.ontology('rooms', shapes: '../rooms.shacl')
image = cns.image('sensors', 'sensors.ttl', shapes: shapes, imports: base,
  install: true, install_dir: get_option('datadir'))

subdir('lose')
"""
# The same model by the plain form: names of files are part of the C code.
PLAIN = """\
custom_target(
  input: ['../sensors.ttl', shapes, base],
  output: ['sensors.c', 'sensors.h'],
  depfile: 'sensors.c.d',
  build_by_default: true,
  command: [find_program('cnsc'), 'compile', '@INPUT0@', '--shapes', '@INPUT1@',
    '--catalog', '@INPUT2@', '--name', 'sensors', '-o', '@OUTPUT0@', '@OUTPUT1@',
    '--depfile', '@DEPFILE@'])
"""
MAIN = """\
#include "rooms.h"
#include "sensors.h"
#include "pumpe.h"
#include <stdio.h>
int main(void) {
  sensors_reading outside = SENSORS_READING_INIT;
  rooms_reading inside = ROOMS_READING_INIT;
  cns_result cold, warm;
  sensors_reading_set_celsius(&outside, 90);
  rooms_reading_set_celsius(&inside, 90);
  cns_result_init(&cold, NULL, 0);
  cns_result_init(&warm, NULL, 0);
  sensors_reading_validate(&outside, &cold);
  rooms_reading_validate(&inside, &warm);
  return printf("%d %d %d\\n", cold.conforms, warm.conforms, pumpe_conforms(70)) < 0;
}
"""
SECOND = """\
#include "sensors.h"
int geraet_conforms(double celsius);
int main(void) {
  return SENSORS_READING_STEPS == 0 || geraet_conforms(86) || !geraet_conforms(85);
}
"""
BOTH = """\
#include "eins.h"
#include "zwei.h"
int main(void) {
  eins_reading first = EINS_READING_INIT;
  zwei_reading second = ZWEI_READING_INIT;
  cns_result one, two;
  cns_result_init(&one, NULL, 0);
  cns_result_init(&two, NULL, 0);
  eins_reading_validate(&first, &one);
  zwei_reading_validate(&second, &two);
  return one.conforms || two.conforms;
}
"""
CONFORMS = """\
#include "MODEL.h"
int NAME_conforms(double celsius);
int NAME_conforms(double celsius) {
  MODEL_reading reading = UPPER_READING_INIT;
  cns_result result;
  MODEL_reading_set_celsius(&reading, celsius);
  cns_result_init(&result, NULL, 0);
  MODEL_reading_validate(&reading, &result);
  return result.conforms;
}
"""
PUMP = """\
project('pumpe', 'c')
pumps = import('cns').ontology('pumps', shapes: 'pumps.shacl')
pumpe = static_library('pumpe', 'pumpe.c', dependencies: pumps)
meson.override_dependency('pumpe',
  declare_dependency(link_with: pumpe, include_directories: '.'))
"""
IMPORTS = "<http://example.org/> a owl:Ontology ; owl:imports <http://example.org/base> .\n"


def conforms(name: str, model: str) -> str:
    """Return the C source of a function that checks one reading by a model."""
    made = CONFORMS.replace("NAME", name).replace("MODEL", model)
    return made.replace("UPPER", model.upper())


FILES = {
    "meson.build": BUILD,
    "main.c": MAIN,
    "zweites.c": SECOND,
    "beide.c": BOTH,
    "geraet.c": conforms("geraet", "sensors"),
    "rooms.shacl": SHAPES.replace("85.0", "95.0"),
    "modelle/meson.build": MODELS,
    "modelle/sensors.ttl": ONTOLOGY + IMPORTS,
    "modelle/base.ttl.in": ONTOLOGY.replace("ex:Reading", "<http://example.org/base>").replace(
        "owl:Class", "owl:Ontology"
    ),
    "modelle/sensors.shacl.in": SHAPES,
    "modelle/lose/meson.build": PLAIN,
    "subprojects/pumpe.wrap": "[wrap-file]\n[provide]\ndependency_names = pumpe\n",
    "subprojects/pumpe/meson.build": PUMP,
    "subprojects/pumpe/pumpe.h": "int pumpe_conforms(double celsius);\n",
    "subprojects/pumpe/pumpe.c": conforms("pumpe", "pumps"),
    "subprojects/pumpe/pumps.shacl": SHAPES.replace("85.0", "60.0"),
}

OLDEST = "1.3.0"
BETWEEN = ("1.4.2", "1.5.2", "1.6.1", "1.7.2", "1.8.5", "1.9.2", "1.10.2", "1.11.2")


def rich(folder: Path, env: dict[str, str]) -> Project:
    """Write the project below a folder whose name is not plain."""
    made = Project(folder / "mein Gerät" / "quelle", folder / "mein Gerät" / "bau", env)
    for name, text in FILES.items():
        made.write(name, text)
    return made


def meson_of(version: str, folder: Path) -> dict[str, str]:
    """Install a version of Meson into a folder; return the environment that selects it."""
    pip = (sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-deps")
    command = [*pip, "--quiet", "--target", str(folder), f"meson=={version}"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0 and re.search("connection|No matching distribution", done.stdout):
        pytest.skip("the package index cannot be reached")
    assert done.returncode == 0, done.stdout
    return {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}


def build(made: Project, *options: str) -> str:
    """Build the project, and check what is the same in all configurations.

    Returns what Meson printed while it configured.
    """
    said = made.setup(f"--prefix={made.build / 'ziel'}", "--libdir=lib", *options)
    made.compile()
    assert made.program("thermostat") == "0 1 0\n"
    assert re.search(r"^Ok: +3\b", made.meson("test"), re.MULTILINE)
    assert "no work to do" in made.compile()
    for name in ("sensors.c", "sensors.h"):
        plain = made.build / "modelle" / "lose" / name
        assert plain.read_bytes() == (made.build / "modelle" / name).read_bytes()
    # Three targets use the model, which is generated once, and each project has its runtime.
    rules = (made.build / "build.ninja").read_text()
    assert len(re.findall(r"^build modelle/sensors\.c ", rules, re.MULTILINE)) == 1
    assert len(made.commands("sensors.c")) == 1
    assert len(made.commands("dispatch.c")) == 2
    return said


def installed(made: Project) -> set[str]:
    """Install; return what lies in the prefix."""
    made.meson("install")
    prefix = made.build / "ziel"
    return {str(path.relative_to(prefix)) for path in prefix.rglob("*") if path.is_file()}


INSTALLED = {
    "include/cns/cns.h",
    "include/sensors.h",
    "lib/libcns_sensors.a",
    "lib/libgeraet.so",
    "share/sensors.cnsi",
}


def test_the_oldest_meson_builds_with_gcc_for_debugging(tmp_path: Path) -> None:
    made = rich(tmp_path, meson_of(OLDEST, tmp_path / "meson") | {"CC": "gcc"})
    assert f"Version: {OLDEST}\n" in build(made)
    assert march(made.flags("sensors.c")) == []
    assert "-O0" in made.flags("sensors.c")
    assert installed(made) == INSTALLED
    # What is installed is complete: other build systems need the library and two headers.
    source = made.write("anders.c", conforms("anders", "sensors") + "int main(void) { return 0; }")
    prefix = made.build / "ziel"
    folders = (f"-I{prefix / 'include'}", f"-L{prefix / 'lib'}")
    run("gcc", *folders, source, "-lcns_sensors", "-o", tmp_path / "anders")

    # What a target makes for owl:imports is read again when it changes.
    made.write("modelle/base.ttl.in", FILES["modelle/base.ttl.in"] + "ex:Other a owl:Class .\n")
    said = made.compile()
    assert "Generating modelle/sensors.c" in said
    assert "Compiling" not in said

    # What was removed is made again.
    (made.build / "modelle" / "sensors.h").unlink()
    made.compile()
    assert (made.build / "modelle" / "sensors.h").exists()

    # A changed meson.build configures again by itself, and so does a changed option.
    made.write("meson.build", BUILD + "message('anders')\n")
    assert "Message: anders" in made.compile()
    run(*MESON, "configure", made.build, "-Doptimization=1", env=made.env)
    made.compile()
    assert "-O1" in made.flags("sensors.c")


def test_gcc_builds_a_release_with_link_time_optimization_and_unity(tmp_path: Path) -> None:
    made = rich(tmp_path, {"CC": "gcc"})
    build(made, "--buildtype=release", "-Db_lto=true", "--unity=on")
    for name in ("sensors.c", "rooms.c", "pumps.c"):
        flags = made.flags(name)
        assert march(flags) == ["-march=native"]
        assert {"-O3", "-flto=auto"} <= set(flags)
    assert march(made.flags("thermostat-unity0.c")) == []

    targets = json.loads(run(*MESON, "introspect", made.build, "--targets"))
    kinds = {target["name"]: target["type"] for target in targets}
    assert kinds["cns_sensors"] == kinds["cns_rooms"] == kinds["cns"] == "static library"
    assert kinds["sensors.cnsi"] == "custom"
    (model,) = (target for target in targets if target["name"] == "cns_sensors")
    assert model["installed"]
    (generated,) = model["target_sources"][0]["generated_sources"]
    assert Path(generated).name == "sensors.c"


@pytest.mark.skipif(not shutil.which("clang"), reason="no clang: ./dev test --setup installs it")
def test_clang_builds_a_release(tmp_path: Path) -> None:
    made = rich(tmp_path, {"CC": "clang"})
    build(made, "--buildtype=release")
    assert march(made.flags("sensors.c")) == ["-march=native"]
    assert march(made.flags("main.c")) == []
    assert installed(made) == INSTALLED


@pytest.mark.slow
@pytest.mark.parametrize("version", BETWEEN)
def test_every_meson_builds_the_project(version: str, tmp_path: Path) -> None:
    made = rich(tmp_path, meson_of(version, tmp_path / "meson"))
    build(made)
    assert installed(made) == INSTALLED


@pytest.mark.slow
def test_a_distribution_is_complete(tmp_path: Path) -> None:
    made = rich(tmp_path, {})
    git = ("git", "-c", "user.name=cns", "-c", "user.email=cns@localhost")
    run(*git, "init", "--quiet", cwd=made.source)
    run(*git, "add", "--all", cwd=made.source)
    run(*git, "commit", "--quiet", "-m", "Begin", cwd=made.source)
    made.setup()
    assert "3/3" in made.meson("dist")
