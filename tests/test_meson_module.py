# SPDX-License-Identifier: Apache-2.0
"""import('cns') in real Meson builds: flags, dependencies between files, wrong calls."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import mesonbuild
import pytest

from cns_build.vocabulary import RDF, XSD
from tests.meson import BUILD, FILES, MESON, Project, run, with_call
from tests.paths import EXAMPLES, ROOT
from tests.thermostat import CLASSES, CLASSES_MAIN, MAP, ONTOLOGY, PROBE, SHAPES, march

Write = Callable[[dict[str, str]], Project]

SITE = ROOT / "cns_build" / "integration" / "site"


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
    calls = (
        "cns.validator('check', 'zoo.ttl', axioms: 'constraints')\n"
        "cns.validator('check-data', 'zoo.ttl', inference: 'owlrl')"
    )
    build = with_call(calls)["meson.build"]
    made = project({"zoo.ttl": ZOO, "meson.build": build})
    made.setup("-Dwerror=true", "-Dwarning_level=3")
    made.compile()
    data = tmp_path / "data.nt"
    data.write_text('<http://example.org/rex> <http://example.org/legs> "four" .\n')
    printed = run(made.build / "check", data, status=1)
    assert 'ex:rex has "four": values of ex:legs are in xsd:integer' in printed
    assert "four" in run(made.build / "check-data", data, status=1)


def test_axioms_of_an_ontology_become_records(project: Write) -> None:
    call = "zoo = cns.ontology('zoo', 'zoo.ttl', axioms: 'constraints', exists: 'violation')\n"
    program = "executable('zoo', 'main.c', dependencies: zoo)"
    build = with_call(call + program)["meson.build"]
    made = project({"zoo.ttl": ZOO, "main.c": ZOO_MAIN, "meson.build": build})
    made.setup("-Dwerror=true", "-Dwarning_level=3")
    made.compile()
    said = "violation: ex:legs: each ex:Dog: ex:legs value 4 [sh:hasValue in ex:Dog]\n"
    assert made.program("zoo") == said


def test_a_folder_that_is_a_link_finds_the_runtime(project: Write, tmp_path: Path) -> None:
    first, rest = BUILD.split("\n", 1)
    folder = tmp_path / "elsewhere" / "and" / "deeper"
    shutil.copytree(project(FILES | {"meson.build": rest}).source, folder)
    outer = project({"meson.build": f"{first}\nsubdir('link')\n"})
    (outer.source / "link").symlink_to(folder)
    made = Project(outer.source, outer.source / "build")
    made.setup()
    run("ninja", "-C", made.build, "link/thermostat.p/main.c.o")


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


def test_compile_returns_sources_for_the_project_s_own_target(project: Write) -> None:
    call = (
        "sensors = cns.compile('sensors', shapes: 'sensors.shacl', strings: 'ids')\n"
        "executable('thermostat', 'main.c', sensors, dependencies: cns.runtime())"
    )
    made = project(with_call(call))
    made.setup("--buildtype=release")
    assert march(made.flags("sensors.c")) == []
    made.meson("compile", "sensors.c")
    assert json.loads((made.build / "sensors.map.json").read_text())


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


IMAGES = """\
project('thermostat', 'c')
cns = import('cns')
update = cns.image('sensors', shapes: 'new.shacl', onto: 'v1.map.json', output: 'update.cnsi',
  map: true, summary: 'update.json', install: true, install_dir: 'images')
first = cns.image('sensors', 'sensors.ttl', shapes: files('sensors.shacl'),
  build_by_default: false)
summary('images', [update.full_path(), first.full_path()])
"""


def test_images_are_those_of_cnsc(project: Write, tmp_path: Path) -> None:
    cnsc = (sys.executable, "-m", "cns_build", "compile", "--name", "sensors")
    new = SHAPES.replace("85.0", "60.0")
    made = project(FILES | {"meson.build": IMAGES, "new.shacl": new})
    old = ("--shapes", made.source / "sensors.shacl")
    firmware = (tmp_path / "sensors.c", tmp_path / "sensors.h")
    release = made.source / "v1.map.json"
    run(*cnsc, *old, "--engine", "both", "-o", *firmware, "--map", release)
    made.setup("--prefix", tmp_path / "prefix")
    made.compile()
    images = {name: tmp_path / name for name in ("update.cnsi", "update.map.json")}
    onto = ("--shapes", "../project/new.shacl", "--onto", release)
    made_by_hand = ("--image", images["update.cnsi"], "--map", images["update.map.json"])
    run(*cnsc, *onto, *made_by_hand, cwd=made.build)
    for name, path in images.items():
        assert (made.build / name).read_bytes() == path.read_bytes()
    assert json.loads((made.build / "update.json").read_text())["model"] == "sensors"
    assert not (made.build / "sensors.cnsi").exists()
    made.meson("compile", "sensors.cnsi")
    run(*cnsc, made.source / "sensors.ttl", *old, "--image", tmp_path / "sensors.cnsi")
    assert (made.build / "sensors.cnsi").read_bytes() == (tmp_path / "sensors.cnsi").read_bytes()

    assert "no work to do" in made.compile()
    before = (made.build / "update.cnsi").read_bytes()
    made.write("new.shacl", new.replace("60.0", "61.0"))
    made.compile()
    assert (made.build / "update.cnsi").read_bytes() != before
    made.meson("install")
    installed = [path for path in (tmp_path / "prefix").rglob("*") if path.is_file()]
    assert installed == [tmp_path / "prefix" / "images" / "update.cnsi"]


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
    said = made.setup("-Db_lto=true", status=1)
    assert "stack_budget and b_lto exclude each other" in said
    if not shutil.which("clang"):
        pytest.skip("clang is not installed")
    shutil.rmtree(made.build)
    printed = made.setup(env={"CC": "clang"}, status=1)
    assert "stack_budget needs the call graphs of gcc 11 or later" in printed
    assert "the compiler is clang " in printed


@pytest.mark.parametrize("masquerade", [False, True])
def test_a_stack_budget_needs_more_than_a_cache_keeps(
    project: Write, tmp_path: Path, masquerade: bool
) -> None:
    cache = tmp_path / "bin" / "ccache"
    cache.parent.mkdir()
    command = '"${0%/*}/../real" "$@"' if masquerade else '"$@"'
    cache.write_text(f"#!/bin/sh\nexec {command}\n")
    cache.chmod(0o755)
    (tmp_path / "real").symlink_to(shutil.which("cc") or "")
    (tmp_path / "bin" / "gcc").symlink_to(cache)
    made = project(FILES | {"meson.build": STACKED % (4000, "depth: 4")})
    compiler = str(tmp_path / "bin" / "gcc") if masquerade else "ccache cc"
    path = f"{cache.parent}{os.pathsep}{os.environ['PATH']}"
    said = made.setup(env={"CC": compiler, "PATH": path}, status=1)
    assert "ccache keeps none" in said


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


WRONG_CALLS = {
    "cns.ontology()": "cns.ontology: the first argument is a name, a string",
    "cns.ontology('a-b', shapes: 's')": "'a-b' begins the names of C functions",
    "cns.compile('Sensors', shapes: 's')": "use a C identifier in lower case",
    "cns.ontology('a')": "'a' has neither shapes nor an ontology: name a file of one",
    "cns.ontology('a', 5, shapes: 's')": "ontologies follow the name, each a string, a file, an ",
    "cns.ontology('a', shape: 's')": "unknown keyword 'shape'; did you mean 'shapes'?",
    "cns.ontology('a', shapes: 's', xyz: 1)": "unknown keyword 'xyz'; known: args, axioms, ",
    "cns.compile('a', shapes: 's', c_args: '-g')": "cns.compile: unknown keyword 'c_args'",
    "cns.compile('a', shapes: 's', stack_budget: 9)": "unknown keyword 'stack_budget'",
    "cns.image('a', shapes: 's', engine: 'both')": "cns.image: unknown keyword 'engine'",
    "cns.validator('a', shapes: 's', depth: 2)": "unknown keyword 'depth'; known: args, a",
    "cns.ontology('a', shapes: [1])": "shapes takes a string, a file, an output of a target, or",
    "cns.ontology('a', shapes: 's', imports: true)": "imports takes a string, a file, an output",
    "cns.ontology('a', shapes: 's', catalog: cns)": "catalog takes a string, a file, or a list",
    "cns.ontology('a', shapes: 's', waive: [1])": "waive takes a string or a list of strings",
    "cns.ontology('a', shapes: 's', engine: 'jit')": "engine takes one of native, bytecode, both",
    "cns.ontology('a', shapes: 's', tick_budget: true)": "tick_budget takes an integer, not True",
    "cns.ontology('a', shapes: 's', kinds: {'a': 'b'})": "kinds takes a dictionary of integers",
    "cns.ontology('a', shapes: 's', capacity: 'p')": "capacity takes an integer, or a dictionary",
    "cns.ontology('a', shapes: 's', required: 1)": "required takes true, false or a feature opt",
    "cns.ontology('a', shapes: 's', include_directories: 1)": "takes include_directories(), a str",
    "cns.ontology('a', shapes: 's', stack_external: 9)": "what a stack_budget assumes, and there",
    "cns.validator('a', 'sensors.ttl')": "'a' has no shapes: name a SHACL file with shapes:, or",
    "cns.validator('a', shapes: 's', strict: 1)": "strict takes true or false, not 1",
    "cns.runtime('a')": "cns.runtime takes no arguments but keywords",
    "cns.runtime(shapes: 's')": "unknown keyword 'shapes'; known: disabler, native, required",
}


def test_wrong_calls_say_what_is_wrong_and_where(project: Write) -> None:
    made = project(FILES)
    lines = (made.source / "meson.build").write_text
    printed = {}
    for call in WRONG_CALLS:
        lines(f"project('thermostat')\ncns = import('cns')\n{call}\n")
        printed[call] = made.setup(status=1)
    for call, message in WRONG_CALLS.items():
        assert message in printed[call]
        assert "meson.build:3:" in printed[call]


WITHOUT_C = """\
project('thermostat')
cns = import('cns')
feature = get_option('checks')
model = cns.ontology('sensors', shapes: 'sensors.shacl', required: feature)
assert(not model.found())
assert(not cns.runtime(required: feature).found())
assert(not cns.validator('audit', shapes: 'sensors.shacl', required: false).found())
assert(is_disabler(cns.ontology('a', shapes: 's', required: feature, disabler: true)))
assert(is_disabler(cns.validator('a', shapes: 's', required: feature, disabler: true)))
"""


def test_what_is_not_required_is_not_found_where_it_cannot_work(project: Write) -> None:
    option = "option('checks', type: 'feature', value: 'auto')\n"
    made = project(FILES | {"meson.build": WITHOUT_C, "meson.options": option})
    missing = "cns generates C: add 'c' to the languages of project()"
    assert f"cns.ontology: not found: {missing}" in made.setup()
    assert missing in made.setup("--wipe", "-Dchecks=enabled", status=1)
    # What is switched off is not there, even where all that it needs is.
    with_c = WITHOUT_C.replace("'thermostat')", "'thermostat', 'c')")
    made.write("meson.build", with_c.replace("required: false", "required: feature"))
    assert "not found" not in made.setup("--wipe", "-Dchecks=disabled")


def test_packages_that_the_generator_lacks_are_named(project: Write, tmp_path: Path) -> None:
    made = project(FILES)
    # -S: no installed packages but Meson.
    (tmp_path / "mesonbuild").symlink_to(Path(mesonbuild.__file__).parent)
    code = (
        f"import sys; sys.path[:0] = {[str(tmp_path), str(ROOT), str(SITE)]!r};"
        "import _cns_meson_hook; _cns_meson_hook.install();"
        "from mesonbuild import mesonmain; sys.exit(mesonmain.main())"
    )
    words = ("setup", made.build, made.source)
    said = run(sys.executable, "-I", "-S", "-c", code, *words, status=1)
    assert "lacks jinja2, pyoxigraph, rdflib: " in said
    assert "-m pip install jinja2 pyoxigraph rdflib" in said


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
