# SPDX-License-Identifier: Apache-2.0
"""import('cns') in real Meson builds: flags, dependencies between files, wrong calls."""

from __future__ import annotations

import json
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cns_build.integration.meson_module import ONTOLOGY_KEYWORDS, VALIDATOR_KEYWORDS
from cns_build.vocabulary import RDF, XSD
from tests.meson import MESON, Project, run
from tests.paths import EXAMPLES, ROOT

Write = Callable[[dict[str, str]], Project]

SITE = ROOT / "cns_build" / "integration" / "site"

SHAPES = """\
@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

ex:ReadingShape a sh:NodeShape ;
  sh:targetClass ex:Reading ;
  sh:property [
    sh:path ex:celsius ;
    sh:datatype xsd:double ;
    sh:minCount 1 ; sh:maxCount 1 ;
    sh:minInclusive -40.0 ; sh:maxInclusive 85.0
  ] .
"""

ONTOLOGY = """\
@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
ex:Reading a owl:Class .
"""

MAIN = """\
#include "sensors.h"
#include <stdio.h>
int main(void) { return puts("running") < 0; }
"""

BUILD = """\
project('thermostat', 'c')
cns = import('cns', required: false)
assert(cns.found())
sensors = cns.ontology('sensors', 'sensors.ttl', shapes: 'sensors.shacl')
executable('thermostat', 'main.c', dependencies: sensors)
"""

CLASSES = """\
@prefix ex: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:Thermometer rdfs:subClassOf ex:Sensor .
ex:Sensor rdfs:subClassOf ex:Device .
"""

CLASSES_MAIN = """\
#include "devices.h"
#include <stdio.h>
int main(void) {
    const char iri[] = "http://example.org/Thermometer";
    uint32_t id = devices_id(iri, sizeof iri - 1);
    puts(devices_is_device(id) && !devices_is_device(id + 1) ? "running" : "wrong");
    return id != DEVICES_CLASS_THERMOMETER;
}
"""

FILES = {
    "meson.build": BUILD,
    "sensors.ttl": ONTOLOGY,
    "sensors.shacl": SHAPES,
    "main.c": MAIN,
}

CROSS = """\
[binaries]
c = 'cc'
ar = 'ar'
[properties]
needs_exe_wrapper = false
[built-in options]
c_args = ['-DCROSS=1']
[host_machine]
system = 'linux'
cpu_family = 'x86_64'
cpu = 'x86_64'
endian = 'little'
"""


def with_call(call: str) -> dict[str, str]:
    """Return FILES with this call in the place of cns.ontology's."""
    return FILES | {"meson.build": f"project('thermostat', 'c')\ncns = import('cns')\n{call}\n"}


def march(flags: list[str]) -> list[str]:
    return [flag for flag in flags if flag.startswith("-march=")]


def test_shapes_in_a_meson_build_become_a_program(project: Write) -> None:
    made = project(FILES)
    made.setup()
    made.compile()
    assert made.program("thermostat") == "running\n"
    assert "no work to do" in made.compile()


def test_an_ontology_without_shapes_is_a_vocabulary(project: Write) -> None:
    call = "devices = cns.ontology('devices', 'devices.ttl', queried: 'ex:Device')\n"
    program = "executable('devices', 'main.c', dependencies: devices)"
    files = {"devices.ttl": CLASSES, "main.c": CLASSES_MAIN}
    made = project(files | {"meson.build": with_call(call + program)["meson.build"]})
    made.setup("-Dwerror=true", "-Dwarning_level=3")
    made.compile()
    assert made.program("devices") == "running\n"
    made.write("devices.ttl", CLASSES.replace("Sensor rdfs", "Sensor a rdfs:Class . ex:X rdfs"))
    made.compile()
    assert run(made.build / "devices") == "wrong\n"


ZOO = """@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:Dog rdfs:subClassOf ex:Animal , [ owl:onProperty ex:legs ; owl:hasValue 4 ] .
ex:legs rdfs:domain ex:Animal ; rdfs:range xsd:integer ; a owl:FunctionalProperty .
"""
ZOO_MAIN = """#include <stdio.h>
#include "zoo.h"
int main(void) {
    cns_violation found[4];
    cns_result result;
    cns_result_init(&result, found, 4);
    zoo_dog dog = ZOO_DOG_INIT;
    zoo_dog_set_legs(&dog, 3);
    zoo_dog_validate(&dog, &result);
    char line[160];
    cns_violation_format(&zoo_model, &found[0], line, sizeof line);
    puts(line);
}
"""


def test_axioms_of_an_ontology_become_a_validator(project: Write, tmp_path: Path) -> None:
    build = with_call("cns.validator('check', 'zoo.ttl', axioms: 'constraints')")["meson.build"]
    made = project({"zoo.ttl": ZOO, "meson.build": build})
    made.setup("-Dwerror=true", "-Dwarning_level=3")
    made.compile()
    data = tmp_path / "data.nt"
    data.write_text('<http://example.org/rex> <http://example.org/legs> "four" .\n')
    printed = run(made.build / "check", data, status=1)
    assert 'ex:rex has "four": values of ex:legs are in xsd:integer' in printed


def test_axioms_of_an_ontology_become_records(project: Write) -> None:
    call = "zoo = cns.ontology('zoo', 'zoo.ttl', axioms: 'constraints', exists: 'violation')\n"
    program = "executable('zoo', 'main.c', dependencies: zoo)"
    build = with_call(call + program)["meson.build"]
    made = project({"zoo.ttl": ZOO, "main.c": ZOO_MAIN, "meson.build": build})
    made.setup("-Dwerror=true", "-Dwarning_level=3")
    made.compile()
    said = "violation: ex:legs: each ex:Dog: ex:legs value 4 [sh:hasValue in ex:Dog]\n"
    assert made.program("zoo") == said


def test_release_flags_reach_the_model_and_the_runtime_alone(project: Write) -> None:
    made = project(FILES)
    made.setup("--buildtype=release", "-Dwerror=true", "-Dwarning_level=3")
    model, runtime, own = (made.flags(name) for name in ("sensors.c", "dispatch.c", "main.c"))
    for flags in (model, runtime):
        assert "-O3" in flags
        assert march(flags) == ["-march=native"]
    assert march(own) == []
    assert "-fno-fast-math" not in own
    made.compile()


def test_debug_builds_keep_the_optimization_of_the_user(project: Write) -> None:
    made = project(FILES)
    made.setup("-Doptimization=1")
    flags = made.flags("sensors.c")
    assert "-O1" in flags
    assert "-O3" not in flags
    assert march(flags) == []


def test_fast_math_of_the_project_is_undone(project: Write) -> None:
    call = BUILD.replace("'c')", "'c', default_options: 'c_args=-Ofast')")
    made = project(FILES | {"meson.build": call})
    made.setup()
    for name in ("sensors.c", "dispatch.c"):
        flags = made.flags(name)
        assert flags.index("-fno-fast-math") > flags.index("-Ofast")


def test_cross_builds_use_the_flags_of_the_cross_file(project: Write) -> None:
    made = project(FILES)
    cross = made.write("cross.ini", CROSS)
    made.setup("--buildtype=release", "--cross-file", cross)
    flags = made.flags("sensors.c")
    assert "-DCROSS=1" in flags
    assert march(flags) == []


@pytest.mark.parametrize("cpu", ["cortex-m0", "cortex-m4"])
def test_a_model_runs_on_an_emulated_board(project: Write, cpu: str) -> None:
    for tool in ("arm-none-eabi-gcc", "qemu-system-arm"):
        if not shutil.which(tool):
            pytest.skip(f"no {tool}: ./dev test --setup")
    call = BUILD.replace("executable(", "test('run', executable(").rstrip() + ")\n"
    made = project(FILES | {"meson.build": call})
    made.setup("--buildtype=release", "--cross-file", EXAMPLES / "bare-metal" / f"{cpu}.ini")
    assert march(made.flags("sensors.c")) == []
    assert f"-mcpu={cpu}" in made.flags("sensors.c")
    made.compile()
    assert "running" in run(*MESON, "test", "-C", made.build, "--verbose")


@pytest.mark.skipif(platform.machine() != "x86_64", reason="names x86-64 levels")
def test_an_explicit_architecture_replaces_native(project: Write) -> None:
    made = project(FILES)
    made.setup("--buildtype=release", env={"CNS_MARCH": "x86-64-v2"})
    assert march(made.flags("sensors.c")) == ["-march=x86-64-v2"]


@pytest.mark.skipif(platform.machine() != "x86_64", reason="names x86-64 levels")
def test_an_architecture_in_c_args_replaces_native(project: Write) -> None:
    call = BUILD.replace("'sensors.shacl')", "'sensors.shacl', c_args: '-march=x86-64-v3')")
    made = project(FILES | {"meson.build": call})
    made.setup("--buildtype=release")
    assert march(made.flags("sensors.c")) == ["-march=x86-64-v3"]
    assert march(made.flags("dispatch.c")) == ["-march=native"]


@pytest.mark.skipif(not shutil.which("gcc"), reason="gcc explains -march=native: apt install gcc")
def test_native_is_spelled_out_where_objects_are_shared(project: Write, tmp_path: Path) -> None:
    launcher = tmp_path / "sccache"
    launcher.write_text('#!/bin/sh\nexec "$@"\n')
    launcher.chmod(0o755)
    made = project(FILES)
    made.setup("--buildtype=release", env={"CC": f"{launcher} gcc"})
    (architecture,) = march(made.flags("sensors.c"))
    assert architecture != "-march=native"
    made.compile()


def test_a_changed_shape_is_compiled_and_a_touched_one_is_not(project: Write) -> None:
    made = project(FILES)
    made.setup()
    made.compile()
    shapes = made.source / "sensors.shacl"
    shapes.touch()
    touched = made.compile()
    assert "sensors.c" in touched
    assert "Compiling" not in touched
    shapes.write_text(SHAPES.replace("85.0", "90.0"))
    assert "Compiling C object" in made.compile()


def test_an_imported_ontology_is_a_dependency(project: Write) -> None:
    imports = "<http://example.org/> a owl:Ontology ; owl:imports <http://example.org/base> .\n"
    base = ONTOLOGY.replace("ex:Reading a owl:Class", "<http://example.org/base> a owl:Ontology")
    files = FILES | {
        "meson.build": BUILD.replace("'sensors.shacl')", "'sensors.shacl', catalog: 'lib')"),
        "sensors.ttl": ONTOLOGY + imports,
        "lib/base.ttl": base,
    }
    made = project(files)
    made.setup()
    made.compile()
    made.write("lib/base.ttl", base + "ex:Other a owl:Class .\n")
    assert "Generating sensors.c" in made.compile()


def test_two_models_share_one_runtime_and_one_program(project: Write) -> None:
    files = FILES | {
        "meson.build": BUILD.replace("sensors)", "[sensors, rooms])").replace(
            "executable", "rooms = cns.ontology('rooms', shapes: 'sensors.shacl')\nexecutable"
        ),
        "main.c": MAIN.replace("#include <", '#include "rooms.h"\n#include <'),
    }
    made = project(files)
    made.setup("--unity=on")
    made.compile()
    assert made.program("thermostat") == "running\n"
    targets = json.loads(run(*MESON, "introspect", made.build, "--targets"))
    libraries = sorted(target["name"] for target in targets if target["type"] == "static library")
    assert libraries == ["cns", "cns_rooms", "cns_sensors"]


def test_a_subfolder_uses_a_model_of_another(project: Write) -> None:
    files = {
        "meson.build": "project('p', 'c')\nsubdir('models')\nsubdir('src')\n",
        "models/meson.build": (
            "sensors = import('cns').ontology('sensors', shapes: 'sensors.shacl')\n"
        ),
        "models/sensors.shacl": SHAPES,
        "src/meson.build": "executable('thermostat', 'main.c', dependencies: sensors)\n",
        "src/main.c": MAIN,
    }
    made = project(files)
    made.setup()
    made.compile()
    assert made.program("src/thermostat") == "running\n"


def test_compile_returns_sources_for_the_project_s_own_target(project: Write) -> None:
    call = (
        "sensors = cns.compile('sensors', shapes: 'sensors.shacl', strings: 'ids')\n"
        "executable('thermostat', 'main.c', sensors, dependencies: cns.runtime())"
    )
    made = project(with_call(call))
    made.setup("--buildtype=release")
    made.compile()
    assert made.program("thermostat") == "running\n"
    assert march(made.flags("sensors.c")) == []
    assert json.loads((made.build / "sensors.map.json").read_text())


def test_the_plain_custom_target_makes_the_same_files(project: Write) -> None:
    call = """\
sensors = cns.ontology('sensors', 'sensors.ttl', shapes: 'sensors.shacl')
plain = custom_target(
  input: ['sensors.ttl', 'sensors.shacl'],
  output: ['plain.c', 'plain.h'],
  depfile: 'plain.d',
  command: [find_program('cnsc'), 'compile', '@INPUT0@', '--shapes', '@INPUT1@',
    '--name', 'sensors', '-o', '@OUTPUT0@', '@OUTPUT1@', '--depfile', '@DEPFILE@'])
executable('thermostat', 'main.c', dependencies: [sensors, declare_dependency(sources: plain[1])])
"""
    made = project(with_call(call))
    made.setup()
    made.compile()
    assert (made.build / "plain.h").read_bytes() == (made.build / "sensors.h").read_bytes()
    plain = (made.build / "plain.c").read_text()
    assert plain.replace("plain.h", "sensors.h") == (made.build / "sensors.c").read_text()


RICH = SHAPES.replace(
    "ex:ReadingShape a sh:NodeShape ;",
    "ex:ReadingShape a sh:NodeShape ;\n"
    '  sh:sparql [ a sh:SPARQLConstraint ; sh:select "SELECT $this WHERE {}" ] ;\n'
    "  sh:property [ sh:path ex:note ; sh:datatype xsd:string ; sh:maxCount 1 ] ;\n"
    "  sh:property [ sh:path ex:sample ; sh:datatype xsd:int ] ;",
)


def test_every_keyword_reaches_the_compiler(project: Write) -> None:
    call = """\
sensors = cns.ontology('sensors', 'sensors.ttl', shapes: files('sensors.shacl'),
  engine: 'native', report: 'first', strings: 'none', tick_budget: 500, waive: 'sh:sparql',
  capacity: {'sample': 3, 'http://example.org/note': 20}, inline_strings: true,
  records: ['ex:ReadingShape'], kinds: {'reading': 17}, unchecked: {'heartbeat': 18},
  layout: true, trust_text: true, summary: 'sensors.json')
executable('thermostat', 'main.c', dependencies: sensors)
"""
    made = project(with_call(call) | {"sensors.shacl": RICH})
    made.setup()
    made.compile()
    header = (made.build / "sensors.h").read_text()
    assert "SENSORS_KIND_READING = 17" in header
    assert "SENSORS_KIND_HEARTBEAT = 18" in header
    assert "#define SENSORS_READING_SAMPLE_CAPACITY 3u" in header
    assert "char bytes[20];" in header
    assert "extern const cns_layout sensors_layout;" in header
    summary = json.loads((made.build / "sensors.json").read_text())
    assert [waiver["name"] for waiver in summary["waived"]] == ["sh:sparql"]


PROBE = "struct probe { float celsius; };\n"
MAP = """\
[reading]
struct = "struct probe"
header = "probe.h"
members = { celsius = "celsius" }
"""
PROBED = """\
#include "sensors.h"
#include <stdio.h>
int main(void) {
  const struct probe hot = {90.0f};
  cns_result result;
  cns_result_init(&result, NULL, 0);
  sensors_reading_validate(&hot, &result);
  printf("%d\\n", result.truncated);
  return 0;
}
"""


VALIDATOR = """\
project('thermostat', 'c')
cns = import('cns')
audit = cns.validator('audit', 'sensors.ttl', shapes: 'sensors.shacl', install: true,
  install_dir: 'checks', c_args: '-DMORE', recursion: 3, strict: true, waive: 'sh:sparql',
  inference: 'rdfs',
  catalog: '.', args: ['--ontology', meson.current_source_dir() / 'more.ttl'])
test('good', audit, args: files('good.nt'))
test('bad', audit, args: files('bad.nt'), should_fail: true)
model = cns.ontology('sensors', shapes: 'sensors.shacl', waive: 'sh:sparql')
executable('thermostat', 'main.c', dependencies: model)
"""


def test_a_validator_is_a_program_of_the_project(project: Write, tmp_path: Path) -> None:
    reading = f"<s:r> <{RDF}type> <http://example.org/R> .\n"
    value = f'<s:r> <http://example.org/celsius> "NUMBER"^^<{XSD}double> .\n'
    sparql = "ex:ReadingShape sh:sparql [ sh:select 'SELECT $this {}' ] ."
    made = project(
        FILES
        | {
            "meson.build": VALIDATOR.replace(
                "files('more.ttl')", "meson.current_source_dir() / 'more.ttl'"
            ),
            "sensors.shacl": SHAPES + sparql,
            "more.ttl": "<http://example.org/R> <http://www.w3.org/2000/01/rdf-schema#subClassOf>"
            " <http://example.org/Reading> .",
            "good.nt": reading + value.replace("NUMBER", "20"),
            "bad.nt": reading + value.replace("NUMBER", "99"),
        }
    )
    made.setup(f"--prefix={tmp_path / 'prefix'}", "-Dwerror=true", "-Dwarning_level=3")
    made.compile()
    run(*MESON, "test", "-C", made.build)
    said = run(made.build / "audit", made.source / "bad.nt", status=1)
    assert "does not conform: 1 violation\n" in said
    assert "not checked, waived as sh:sparql" in said
    assert "-DMORE" in made.flags("audit.c")
    assert "no work to do" in made.compile()
    made.write("sensors.shacl", SHAPES.replace("85.0", "100.0"))
    assert "Generating audit.c" in made.compile()
    assert "conforms\n" in run(made.build / "audit", made.source / "bad.nt")
    made.write("more.ttl", ONTOLOGY)
    made.compile()
    assert "0 focus nodes" in run(made.build / "audit", made.source / "bad.nt")
    run(*MESON, "install", "-C", made.build)
    assert (tmp_path / "prefix" / "checks" / "audit").exists()


def test_structs_of_the_users_own_are_read_in_place(project: Write) -> None:
    call = """\
sensors = cns.ontology('sensors', 'sensors.ttl', shapes: 'sensors.shacl', bind: files('map.toml'),
  include_directories: include_directories('drivers'))
executable('thermostat', 'main.c', dependencies: sensors)
"""
    made = project(with_call(call) | {"map.toml": MAP, "drivers/probe.h": PROBE, "main.c": PROBED})
    made.setup()
    made.compile()
    assert made.program("thermostat") == "1\n"
    (made.source / "map.toml").write_text(MAP.replace('"celsius"', '"fahrenheit"'))
    assert "struct probe fahrenheit is missing" in made.compile(status=1)


def test_a_handler_above_the_budget_fails_the_build(project: Write) -> None:
    call = BUILD.replace("'sensors.shacl')", "'sensors.shacl', tick_budget: 1)")
    made = project(FILES | {"meson.build": call})
    made.setup()
    assert "error: " in made.compile(status=1)


STACKED = BUILD.replace("'sensors.shacl')", "'sensors.shacl', stack_budget: %d, %s)")


def test_a_stack_above_the_budget_fails_the_build(project: Write) -> None:
    main = '#include "sensors_stack.h"\nchar stack[SENSORS_STACK];\nint main(void) { return 0; }\n'
    made = project(FILES | {"main.c": main, "meson.build": STACKED % (4000, "depth: 4")})
    made.setup()
    made.compile()
    header = (made.build / "sensors_stack.h").read_text()
    assert "#define SENSORS_READING_STACK " in header
    most = int(re.findall(r"SENSORS_STACK (\d+)u", header)[0])
    made.write("meson.build", STACKED % (most, "args: ['--depth', '5']"))
    made.compile()
    made.write("meson.build", STACKED % (most - 1, "stack_external: {'memcmp': 8}"))
    printed = made.compile(status=1)
    assert f"can take {most} bytes of stack, more than the stack budget of {most - 1}: " in printed
    assert "cns_dispatch " in printed


def test_a_stack_budget_holds_for_another_processor(project: Write) -> None:
    board = EXAMPLES / "bare-metal" / "cortex-m0.ini"
    if not shutil.which("arm-none-eabi-gcc"):
        pytest.skip("arm-none-eabi-gcc is not installed")
    made = project(FILES | {"meson.build": STACKED % (200, "stack_external: 128")})
    made.setup("--cross-file", board)
    made.compile()
    made.write("meson.build", STACKED % (20, "stack_external: 128"))
    assert "more than the stack budget of 20" in made.compile(status=1)


def test_a_stack_budget_needs_gcc_and_no_link_time_optimization(project: Write) -> None:
    made = project(FILES | {"meson.build": STACKED % (4000, "depth: 4")})
    assert "stack_budget and b_lto exclude each other" in made.setup("-Db_lto=true", status=1)
    if not shutil.which("clang"):
        pytest.skip("clang is not installed")
    shutil.rmtree(made.build)
    printed = made.setup(env={"CC": "clang"}, status=1)
    assert "stack_budget needs the call graphs of gcc 11 or later" in printed
    assert "the compiler is clang " in printed


def test_an_installed_header_brings_the_runtime_s(project: Write, tmp_path: Path) -> None:
    made = project(
        FILES | {"meson.build": BUILD.replace(".shacl')", ".shacl', install_header: true)")}
    )
    made.setup("--prefix", tmp_path / "prefix")
    run(*MESON, "install", "-C", made.build, "--tags", "devel")
    installed = {str(path.relative_to(tmp_path)) for path in tmp_path.glob("prefix/**/*.[ch]")}
    assert installed == {"prefix/include/sensors.h", "prefix/include/cns/cns.h"}


def test_an_error_in_the_shapes_shows_its_place_and_fails_the_build(project: Write) -> None:
    made = project(FILES | {"sensors.shacl": SHAPES.replace("sh:datatype", "undeclared:datatype")})
    made.setup()
    assert "sensors.shacl:9:" in made.compile(status=1)
    assert not (made.build / "sensors.c").exists()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("cns.ontology()", "the first argument is the model's name, a string"),
        ("cns.ontology('a-b', shapes: 's')", "'a-b' begins the names of C functions"),
        ("cns.ontology('a')", "'a' has neither shapes nor an ontology: name a file of one"),
        ("cns.ontology('a', shape: 's')", "unknown keyword 'shape'; known: args, axioms, "),
        ("cns.compile('a', shapes: 's', c_args: '-g')", "cns.compile: unknown keyword 'c_args'"),
        (
            "cns.ontology('a', shapes: 's', engine: 'jit')",
            "engine is one of native, bytecode, both, not 'jit'",
        ),
        ("cns.ontology('a', shapes: 's', tick_budget: 'x')", "tick_budget takes an integer"),
        ("cns.ontology('a', shapes: 's', tick_budget: true)", "tick_budget takes an integer"),
        ("cns.compile('a', shapes: 's', stack_budget: 9)", "unknown keyword 'stack_budget'"),
        (
            "cns.ontology('a', shapes: 's', stack_external: 'x')",
            "stack_external takes an integer,",
        ),
        ("cns.ontology('a', shapes: 's', capacity: 'p')", "capacity takes an integer, or a"),
        ("cns.ontology('a', shapes: 's', waive: [1])", "waive takes a string or a list"),
        ("cns.runtime('a')", "cns.runtime takes no arguments"),
        ("cns.validator('a')", "'a' has no shapes: name a SHACL file"),
        ("cns.validator('a-b', shapes: 's')", "use a C identifier"),
        (
            "cns.validator('a', shapes: 's', depth: 2)",
            "unknown keyword 'depth'; known: args, axioms, c_",
        ),
        ("cns.validator('a', shapes: 's', strict: 1)", "strict takes true or false, not 1"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(project: Write, call: str, message: str) -> None:
    printed = project(with_call(call)).setup(status=1)
    assert "meson.build:3:" in printed
    assert message in printed


def test_a_project_without_c_is_told_to_add_it(project: Write) -> None:
    made = project(FILES | {"meson.build": BUILD.replace("'thermostat', 'c'", "'thermostat'")})
    assert "cns generates C: add 'c' to the languages of project()" in made.setup(status=1)


def test_the_hook_finds_one_name_and_survives_without_the_package() -> None:
    code = (
        "import _cns_meson_hook as hook, sys; hook.install(); hook.install();"
        "assert sys.meta_path.count(hook.CnsMesonFinder) == 1;"
        "assert sys.meta_path[-1] is hook.CnsMesonFinder;"
        "find = hook.CnsMesonFinder.find_spec;"
        "print(find('mesonbuild.modules.other'), find('mesonbuild.modules.cns'))"
    )
    # -I: neither the current folder nor PYTHONPATH; -S: no installed packages, so no cns_build.
    shown = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.append({str(SITE)!r}); {code}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert shown.stdout == "None None\n"


def test_both_forms_of_the_start_up_file_call_the_same_function() -> None:
    assert (SITE / "cns_meson.start").read_text() == "_cns_meson_hook:install\n"
    assert "_cns_meson_hook.install()" in (SITE / "cns_meson.pth").read_text()


def test_the_reference_names_every_keyword() -> None:
    text = (ROOT / "docs" / "meson.md").read_text()
    words = {*ONTOLOGY_KEYWORDS, *VALIDATOR_KEYWORDS}
    assert sorted(word for word in words if f"`{word}`" not in text) == []
