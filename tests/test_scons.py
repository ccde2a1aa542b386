# SPDX-License-Identifier: Apache-2.0
"""The SCons tool in real builds: flags, dependencies between files, wrong calls."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from cns_build.integration.meson_keywords import (
    COMPILE_KEYWORDS,
    ONTOLOGY_KEYWORDS,
    RUNTIME_KEYWORDS,
    VALIDATOR_KEYWORDS,
)
from tests.meson import run
from tests.paths import EXAMPLES, ROOT
from tests.scons import FILES, PART, TOP, SCons, Write
from tests.thermostat import CLASSES, CLASSES_MAIN, MAP, PROBE, SHAPES, data, march

pytestmark = pytest.mark.skipif(
    not shutil.which("scons"), reason="no scons: ./dev test --setup installs it"
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> SCons:
    """A project below a folder with a space and a letter that is not ASCII; tests restore it."""
    folder = tmp_path_factory.mktemp("fünf Räume") / "project"
    made = SCons(folder, folder / "build")
    made.restore()
    return made


def test_shapes_in_an_scons_build_become_a_program(built: SCons) -> None:
    built.restore()
    assert built.program("thermostat") == "running\n"
    assert (built.build / "sensors.map.json").exists()


def test_ontologies_without_shapes_are_a_vocabulary(scons: Write) -> None:
    part = """\
Import('env')
devices = env.CnsOntology('devices', ontologies='devices.ttl', queried=['ex:Device'])
env.Program('devices', ['main.c', devices])
"""
    made = scons(
        {"SConstruct": TOP, "SConscript": part, "devices.ttl": CLASSES, "main.c": CLASSES_MAIN}
    )
    made.scons()
    assert made.program("devices") == "running\n"


def test_headers_of_bound_structs_lie_where_the_project_s_do(scons: Write) -> None:
    top = TOP.replace("Environment(", "Environment(CPPPATH=['drivers'], ")
    part = PART.replace("shapes=", "bind='map.toml', shapes=")
    files = {"SConstruct": top, "SConscript": part, "map.toml": MAP, "drivers/probe.h": PROBE}
    made = scons(FILES | files)
    made.scons("build/sensors.o")
    assert "typedef struct probe " in (made.build / "sensors.h").read_text()
    made.write("drivers/probe.h", PROBE.replace("celsius", "kelvin"))
    assert "celsius" in made.scons("build/sensors.o", status=2)


def test_nothing_is_done_twice_nor_for_touched_files(built: SCons) -> None:
    built.restore()
    (built.source / "sensors.shacl").touch()
    assert "`.' is up to date" in built.scons()


@pytest.mark.parametrize("name", ["sensors.shacl", "lib/base.ttl"])
def test_a_changed_comment_is_read_and_not_compiled(built: SCons, name: str) -> None:
    built.restore()
    built.write(name, FILES[name].replace(" .\n", " . # a comment\n", 1))
    said = built.scons()
    assert "cnsc compile" in said
    assert "gcc" not in said
    assert "`.' is up to date" in built.scons()


def test_a_changed_shape_is_compiled(built: SCons) -> None:
    built.restore()
    built.write("sensors.shacl", SHAPES.replace("85.0", "90.0"))
    said = built.scons()
    assert "-o build/sensors.o" in said
    assert "-o build/thermostat " in said
    assert "dispatch.c" not in said


def test_an_error_in_shapes_has_its_place_and_fails_the_build(built: SCons) -> None:
    built.restore()
    built.write("sensors.shacl", SHAPES.replace("-40.0", '"x"^^xsd:float'))
    line = SHAPES[: SHAPES.index("-40.0")].count("\n") + 1
    assert f"sensors.shacl:{line}:" in built.scons(status=2)


def test_what_was_made_is_cleaned(built: SCons) -> None:
    """The last test of `built`: a build from nothing takes long."""
    built.restore()
    built.scons("-c")
    left = {path.name for path in built.build.rglob("*") if path.is_file()}
    assert left <= {Path(name).name for name in FILES}  # copies, which SCons keeps


def test_the_page_is_a_complete_project(scons: Write) -> None:
    page = (ROOT / "docs" / "scons.md").read_text()
    blocks = dict(re.findall(r"^```(\w+)\n(.*?)^```", page, re.MULTILINE | re.DOTALL))
    names = {"python": "SConstruct", "turtle": "reading.shacl", "c": "main.c"}
    made = scons({name: blocks[language] for language, name in names.items()})
    made.scons()
    assert run(made.source / "thermometer") == blocks["text"]
    hot = made.write("hot.nt", data(99))
    assert "1 violation\n" in run(made.source / "check", hot, status=1)


def test_flags_of_generated_code(scons: Write) -> None:
    fast = TOP.replace("Environment(", "Environment(CCFLAGS=['-O3', '-ffast-math'], ")
    made = scons(FILES | {"SConstruct": fast})
    for name in ("sensors.c", "dispatch.c"):
        flags = made.command(name)
        assert march(flags) == ["-march=native"]
        assert flags.index("-fno-fast-math") > flags.index("-ffast-math")
    assert march(made.command("main.c")) == []
    assert march(made.command("sensors.c", env={"CNS_MARCH": "x86-64-v2"})) == ["-march=x86-64-v2"]
    assert march(made.command("sensors.c", env={"CNS_MARCH": ""})) == []
    made.write("SConstruct", TOP)
    assert march(made.command("sensors.c")) == []
    made.write("SConstruct", fast.replace("Environment(", "Environment(CC='arm-none-eabi-gcc', "))
    assert march(made.command("sensors.c")) == []


@pytest.mark.skipif(not shutil.which("gcc"), reason="gcc explains -march=native: apt install gcc")
def test_native_is_spelled_out_where_objects_are_shared(scons: Write) -> None:
    shared = TOP.replace("Environment(", "Environment(CC='sccache gcc', CCFLAGS='-O3', ")
    made = scons(FILES | {"SConstruct": shared})
    (architecture,) = march(made.command("sensors.c"))
    assert architecture != "-march=native"


def test_environments_share_a_runtime(scons: Write) -> None:
    second = "env.Clone().CnsOntology('other', shapes='sensors.shacl')\n"
    made = scons(FILES | {"SConscript": PART + second})
    said = made.scons("-n")
    assert len(re.findall(r"^ar .*libcns\.a", said, re.M)) == 1
    assert len(re.findall(r"^ar .*libcns_other\.a", said, re.M)) == 1


def test_a_model_runs_on_an_emulated_board(scons: Write) -> None:
    for tool in ("arm-none-eabi-gcc", "qemu-system-arm"):
        if not shutil.which(tool):
            pytest.skip(f"no {tool}: ./dev test --setup")
    settings = EXAMPLES / "bare-metal" / "cortex-m0.scons"
    top = TOP.replace("Environment(", f"Environment(**SConscript({str(settings)!r}), ")
    ran = "env.Command('output', 'thermostat', '$EMULATOR $SOURCE > $TARGET')\n"
    made = scons(FILES | {"SConstruct": top, "SConscript": PART + ran})
    made.scons()
    assert (made.build / "output").read_text() == "running\n"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("env.CnsOntology('sensors', shape='sensors.shacl')", "unknown keyword 'shape'; did you"),
        ("env.CnsCompile('a', shapes='s', xyz=1)", "a: unknown keyword 'xyz'; known: args"),
        ("env.CnsCompile('a', shapes='s', detail='no')", "detail takes true or false, not 'no'"),
        ("env.CnsCompile('a', shapes='s', report=['all'])", "report takes one of all, first, co"),
        ("env.CnsOntology('a', shapes='s', stack_budget='9')", "stack_budget takes an integer"),
        ("env.CnsOntology('a', shapes='s', stack_external=9)", "what a stack_budget assumes, and"),
        ("env.CnsValidator('a', shapes='s', inference='owl')", "takes one of none, rdfs, owlrl"),
        ("env.CnsOntology('sensors')", "sensors has neither shapes nor ontologies"),
        ("env.CnsCompile(5, shapes='sensors.shacl')", "use a C identifier"),
        ("env.CnsCompile('Über', shapes='sensors.shacl')", "use a C identifier"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(scons: Write, call: str, message: str) -> None:
    made = scons(FILES | {"SConscript": f"Import('env')\n{call}\n"})
    said = made.scons(status=2)
    assert message in said
    assert f"scons: *** {made.build / 'SConscript'}:2: error: " in said


def test_the_keywords_are_those_of_meson(scons: Write) -> None:
    of_meson = set(COMPILE_KEYWORDS) - {"depend_files", "install_dir", "install_header"}
    call = """\
Import('env')
env.CnsCompile('sensors', ontologies='sensors.ttl', shapes=('sensors.shacl',), capacity=5,
               kinds={'reading': 7}, waive=('sh:sparql',), bind='my map.toml', depth=3,
               imports='lib/base.ttl', summary='all.json', args=['--record', 'a $b'])
"""
    made = scons(FILES | {"SConscript": call, "my map.toml": ""})
    said = made.scons("-n")
    for words in (
        *("build/sensors.ttl --shapes build/sensors.shacl --name sensors", "--capacity 5"),
        *("--kind reading=7", "--waive sh:sparql", '--bind "build/my map.toml"', "--depth 3"),
        *("--catalog build/lib/base.ttl", "--summary build/all.json", '--record "a $b"'),
    ):
        assert words in said
    by_scons = {*RUNTIME_KEYWORDS, "depend_files", "include_directories", "install", "install_dir"}
    of_ontology = {*ONTOLOGY_KEYWORDS} - {*COMPILE_KEYWORDS} - by_scons | of_meson
    of_validator = {*VALIDATOR_KEYWORDS} - by_scons
    page = (ROOT / "docs" / "scons.md").read_text()
    for builder, known in (
        ("CnsCompile", of_meson | {"ontologies"}),
        ("CnsOntology", of_ontology | {"ontologies"}),
        ("CnsValidator", of_validator),
    ):
        made.write("SConscript", f"Import('env')\nenv.{builder}('s', nothing=1)\n")
        assert f"known: {', '.join(sorted(known))}" in made.scons("-n", status=2)
        assert [keyword for keyword in known if f"`{keyword}`" not in page] == []
