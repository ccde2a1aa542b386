# SPDX-License-Identifier: Apache-2.0
"""find_package(Cns) in real CMake builds: flags, dependencies between files, wrong calls."""

from __future__ import annotations

import argparse
import platform
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cns_build import __version__
from cns_build.arguments.parser import make_parser
from tests.cmake import BASE, BEGIN, CALL, FILES, PACKAGE, CMake
from tests.meson import run
from tests.paths import EXAMPLES, ROOT
from tests.thermostat import CLASSES, CLASSES_MAIN, MAP, ONTOLOGY, PROBE, SHAPES, data, march

pytestmark = pytest.mark.skipif(
    not shutil.which("cmake"), reason="no cmake: ./dev test --setup installs it"
)

COMPILED = r"Building C object .*sensors\.c"

Write = Callable[[dict[str, str]], CMake]


@pytest.fixture(scope="module", params=["Ninja", "Unix Makefiles"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> CMake:
    """A project below a folder with a space and a letter that is not ASCII; tests restore it."""
    folder = tmp_path_factory.mktemp("fünf Räume")
    made = CMake(folder / "project", folder / "build")
    for name, text in FILES.items():
        made.write(name, text)
    made.setup("-G", request.param)
    made.compile()
    return made


def test_shapes_in_a_cmake_build_become_a_program(built: CMake) -> None:
    built.restore()
    assert built.program("thermostat") == "running\n"


def test_nothing_is_done_twice(built: CMake) -> None:
    built.restore()
    again = built.compile()
    assert not re.search("Generating|Building|Linking", again)


@pytest.mark.parametrize("name", ["sensors.shacl", "lib/base.ttl"])
def test_what_changes_no_c_is_read_again_and_not_compiled(built: CMake, name: str) -> None:
    built.restore()
    built.write(name, FILES[name].replace(" .\n", " . # a comment\n", 1))
    said = built.compile()
    assert "Generating sensors.c" in said
    assert not re.search("Building|Linking", said)
    assert "Generating" not in built.compile()


def test_an_import_that_is_gone_is_forgotten(built: CMake) -> None:
    built.restore()
    built.write("sensors.ttl", ONTOLOGY)
    (built.source / "lib" / "base.ttl").unlink()
    assert "Generating sensors.c" in built.compile()
    assert "Generating" not in built.compile()


def test_a_changed_shape_is_compiled(built: CMake) -> None:
    built.restore()
    built.write("sensors.shacl", SHAPES.replace("85.0", "90.0"))
    said = built.compile()
    assert re.search(COMPILED, said)
    assert "Linking C executable thermostat" in said


def test_an_error_in_shapes_has_its_place_and_fails_the_build(built: CMake) -> None:
    built.restore()
    shapes = built.write("sensors.shacl", SHAPES.replace("-40.0", '"x"^^xsd:float'))
    line = SHAPES[: SHAPES.index("-40.0")].count("\n") + 1
    assert f"{shapes}:{line}:" in built.fail()
    built.restore()


def test_the_page_is_a_complete_project(cmake: Write) -> None:
    page = (ROOT / "docs" / "cmake.md").read_text()
    blocks = dict(re.findall(r"^```(\w+)\n(.*?)^```", page, re.MULTILINE | re.DOTALL))
    names = {"cmake": "CMakeLists.txt", "turtle": "reading.shacl", "c": "main.c"}
    made = cmake({name: blocks[language] for language, name in names.items()})
    run("sh", "-e", "-c", blocks["sh"], cwd=made.source)
    assert run(made.source / "build" / "thermometer") == blocks["text"]
    hot = made.write("hot.nt", data(99))
    assert "1 violation\n" in run(made.source / "build" / "check", hot, status=1)


@pytest.mark.skipif(platform.machine() != "x86_64", reason="names x86-64 levels")
def test_flags_of_generated_code(cmake: Write, tmp_path: Path) -> None:
    made = cmake(FILES)
    release = "-DCMAKE_BUILD_TYPE=Release"

    made.setup(release, "-DCMAKE_C_FLAGS=-Ofast")
    for name in ("sensors.c", "dispatch.c"):
        flags = made.flags(name)
        assert flags[flags.index("-march=native") - 1] == "-O3"
        assert flags.index("-fno-fast-math") > flags.index("-march=native")
    assert march(made.flags("main.c")) == []
    assert "-fno-fast-math" not in made.flags("main.c")

    made.setup("-DCMAKE_BUILD_TYPE=Debug")
    assert march(made.flags("sensors.c")) == []
    assert "-O3" not in made.flags("sensors.c")

    made.setup(release, "-DCNS_MARCH=x86-64-v2")
    assert march(made.flags("sensors.c")) == ["-march=x86-64-v2"]
    made.setup(release, "-DCNS_MARCH=")
    assert march(made.flags("sensors.c")) == []


@pytest.mark.skipif(not shutil.which("gcc"), reason="gcc explains -march=native: apt install gcc")
def test_native_is_spelled_out_where_objects_are_shared(cmake: Write, tmp_path: Path) -> None:
    launcher = tmp_path / "sccache"
    launcher.write_text('#!/bin/sh\nexec "$@"\n')
    launcher.chmod(0o755)
    made = cmake(FILES)
    compiler = ("-DCMAKE_C_COMPILER=gcc", f"-DCMAKE_C_COMPILER_LAUNCHER={launcher}")
    made.setup("-DCMAKE_BUILD_TYPE=Release", *compiler)
    flags = made.flags("sensors.c")
    (architecture,) = march(flags)
    assert architecture != "-march=native"
    words = [word for word in flags if word.startswith("-m")]
    run("gcc", *words, "-fsyntax-only", made.write("empty.c", "typedef int none;\n"))
    shutil.rmtree(made.build)
    made.setup("-DCMAKE_BUILD_TYPE=Release", env={"CC": f"{launcher} gcc"})
    assert march(made.flags("sensors.c")) == [architecture]


def test_a_model_runs_on_an_emulated_board(cmake: Write) -> None:
    for tool in ("arm-none-eabi-gcc", "qemu-system-arm"):
        if not shutil.which(tool):
            pytest.skip(f"no {tool}: ./dev test --setup")
    made = cmake(FILES)
    toolchain = EXAMPLES / "bare-metal" / "cortex-m0.cmake"
    made.setup("-G", "Ninja", "--toolchain", toolchain, "-DCMAKE_BUILD_TYPE=Release")
    flags = made.flags("sensors.c")
    assert "-mcpu=cortex-m0" in flags
    assert march(flags) == []
    made.setup("-DCMAKE_BUILD_TYPE=MinSizeRel")
    made.compile()
    assert "running" in run("ctest", "--test-dir", made.build, "--verbose")


def test_targets_share_a_model_and_projects_a_runtime(cmake: Write) -> None:
    # Nor do the project's warnings fail what is not the project's.
    top = """\
cmake_minimum_required(VERSION 3.20)
project(parts C)
add_compile_options(-Wunused-macros -Wswitch-default -Werror)
add_subdirectory(first)
add_subdirectory(second)
"""
    first = BEGIN.replace("main.c", "../main.c") + CALL.replace("sensors.", "../sensors.")
    second = """\
find_package(Cns REQUIRED)
add_library(parts INTERFACE)
cns_add_ontology(parts NAME other SHAPES ../sensors.shacl STRINGS ids)
add_executable(second ../main.c)
target_link_libraries(second PRIVATE parts cns_sensors)
"""
    files = {"first/CMakeLists.txt": first.replace("lib)", "../lib)")}
    made = cmake(FILES | {"CMakeLists.txt": top, "second/CMakeLists.txt": second} | files)
    made.setup("-G", "Ninja")
    made.compile()
    assert made.program("second/second") == "running\n"
    assert len(list(made.build.rglob("libcns_runtime.a"))) == 1
    assert (made.build / "second" / "cns_other" / "other.map.json").exists()


@pytest.mark.parametrize("generator", ["Ninja", "Unix Makefiles"])
def test_an_import_may_be_made_by_the_build(cmake: Write, generator: str) -> None:
    """It is not there when CMake runs, and what it becomes is generated again."""
    base = "${CMAKE_CURRENT_BINARY_DIR}/base.ttl"
    rule = f"""\
add_custom_command(OUTPUT "{base}"
  COMMAND ${{CMAKE_COMMAND}} -E copy "${{CMAKE_CURRENT_SOURCE_DIR}}/base.txt" "{base}"
  DEPENDS base.txt)
"""
    calls = CALL.replace("CATALOG lib", f'IMPORTS "{base}"')
    calls += (
        f'cns_add_validator(check SHAPES sensors.shacl ONTOLOGIES sensors.ttl IMPORTS "{base}")'
    )
    files = {"CMakeLists.txt": BEGIN + rule + calls, "base.txt": BASE}
    made = cmake({name: FILES[name] for name in FILES if name != "lib/base.ttl"} | files)
    made.setup("-G", generator)
    made.compile()
    assert made.program("thermostat") == "running\n"
    made.write("base.txt", BASE + "<s:a> a <s:A> .\n")
    assert "Generating sensors.c" in made.compile()
    assert "Generating" not in made.compile()


def test_a_prefix_path_finds_the_package(cmake: Write) -> None:
    made = cmake(FILES | {"CMakeLists.txt": BEGIN.replace("Cns ", f"Cns {__version__} EXACT ")})
    run("cmake", "-B", made.build, "-S", made.source, f"-DCMAKE_PREFIX_PATH={PACKAGE}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BEGIN.replace("Cns ", "Cns 99 "), 'compatible with requested version "99"'),
        (BEGIN.replace(" C)", " NONE)"), "add C to the languages"),
        (CALL.replace("(thermostat", "(nothing"), "nothing is no target"),
        (CALL.replace("CATALOG", "CATALOGUE"), "known:"),
        (CALL.replace("sensors ", "Über "), "no C identifier"),
        (CALL.replace("sensors ", "host "), "choose another NAME than host"),
        ("cns_add_validator(check)", "neither SHAPES nor ONTOLOGIES: name a file of one"),
        ("cns_add_validator(check SHAPES a DEPTH 3)", "unknown arguments: DEPTH; known: STRICT;"),
        ("cns_add_validator(thermostat SHAPES a)", "there is a thermostat already"),
        (
            CALL.replace("SHAPES sensors.shacl ", "").replace("ONTOLOGIES sensors.ttl ", ""),
            "neither SHAPES nor ONTOLOGIES: name a file of one",
        ),
        (CALL.replace(" CATALOG lib", " DEPTH"), "no value: DEPTH"),
        (CALL.replace(" CATALOG lib", " STACK_EXTERNAL 9"), "is about STACK_BUDGET, and there is"),
        (CALL.replace(" CATALOG lib", " INSTALL_DIR a"), "is about INSTALL_HEADER, and there is"),
        (CALL + CALL, "target_link_libraries(thermostat PRIVATE cns_sensors)"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(cmake: Write, text: str, message: str) -> None:
    made = cmake(FILES | {"CMakeLists.txt": text if "find_package" in text else BEGIN + text})
    said = " ".join(made.setup(status=1).split())
    assert message in said


def test_ontologies_without_shapes_are_a_vocabulary(cmake: Write) -> None:
    call = "cns_add_ontology(thermostat NAME devices ONTOLOGIES devices.ttl QUERIED ex:Device)\n"
    files = {"CMakeLists.txt": BEGIN + call, "devices.ttl": CLASSES, "main.c": CLASSES_MAIN}
    made = cmake(files)
    made.setup("-G", "Ninja")
    made.compile()
    assert made.program("thermostat") == "running\n"


def test_headers_of_bound_structs_are_found_where_the_page_says(cmake: Write) -> None:
    page = (ROOT / "docs" / "cmake.md").read_text()
    (line,) = re.findall(r"`(target_include_directories\(.*?\))`", page)
    call = "cns_add_ontology(thermostat NAME model SHAPES sensors.shacl BIND map.toml)\n"
    text = {"CMakeLists.txt": f"{BEGIN}{call}{line}\n", "map.toml": MAP, "drivers/probe.h": PROBE}
    made = cmake(FILES | text)
    made.setup("-G", "Ninja")
    run("cmake", "--build", made.build, "--target", "cns_model")
    assert "typedef struct probe " in (made.build / "cns_model" / "model.h").read_text()


def test_the_generator_of_another_installation_is_refused(cmake: Write, tmp_path: Path) -> None:
    other = tmp_path / "cnsc"
    other.write_text("#!/bin/sh\necho /elsewhere\n")
    other.chmod(0o755)
    said = cmake(FILES).setup(f"-DCNSC={other}", status=1)
    assert "belongs to another cns" in " ".join(said.split())


def test_every_option_of_cnsc_compile_is_a_keyword(cmake: Write) -> None:
    given = {
        "BIND": "map.toml", "CAPACITY": "5 celsius=3", "CATALOG": "lib", "DEPTH": "3",
        "ENGINE": "both", "KIND": "reading=7", "RECORD": "ex:Reading", "REPORT": "first",
        "STRINGS": "ids", "TICK_BUDGET": "9", "UNCHECKED": "beat=2", "WAIVE": "sh:sparql",
        "DETAIL": "", "INLINE_STRINGS": "", "LAYOUT": "", "MAP": "", "NO_OPTIMIZE": "",
        "TRUST_TEXT": "", "SHAPES": "sensors.shacl", "NAME": "sensors", "SUMMARY": "all.json",
        "AXIOMS": "constraints", "EXISTS": "violation", "INFER": "domain", "QUERIED": "ex:Reading",
    }  # fmt: skip
    of_validator = {
        "CATALOG": "lib", "ONTOLOGY": "sensors.ttl", "RECURSION": "3", "SHAPES": "sensors.shacl",
        "STRICT": "", "WAIVE": "sh:sparql sh:js", "AXIOMS": "constraints", "EXISTS": "info",
        "INFER": "domain range", "INFERENCE": "rdfs",
    }  # fmt: skip
    of_stack = {"STACK_BUDGET": "4000", "STACK_EXTERNAL": "100 memcmp=8"}
    by_cmake = {"-h", "--help", "-o", "--depfile", "--stamp", "--name"}
    of_images = {"--image", "--onto"}
    of_programs = {"--emit-c", "--buildtype", "--march"}
    assert words(given) == options_of("compile") - by_cmake - of_images | {"--name"}
    assert words(of_validator) == options_of("validator") - by_cmake - of_programs
    assert words(of_stack) == {f"--stack{option[1:]}" for option in ("--budget", "--external")}
    assert {"--budget", "--external", "--depth"} == options_of("stack") - by_cmake

    calls = [
        f"cns_add_ontology(thermostat {keywords(given | of_stack)} ARGS --kind other=8)",
        f"cns_add_validator(check {keywords(of_validator)})".replace("ONTOLOGY", "ONTOLOGIES"),
    ]
    text = f"{BEGIN}{calls[0]}\n{calls[1]}\n"
    made = cmake(FILES | {"CMakeLists.txt": text, "map.toml": ""})
    made.setup("-G", "Ninja")
    command = (made.build / "build.ninja").read_text()
    for name, value in (*given.items(), *of_stack.items(), *of_validator.items()):
        option = f"--{name.lower().replace('_', '-').removeprefix('stack-')}"
        for word in value.split() or [""]:
            assert re.search(rf" {option} +(\S*/)?{re.escape(word)}", command), option


def words(given: dict[str, str]) -> set[str]:
    """Return the options that keywords stand for."""
    return {f"--{name.lower().replace('_', '-')}" for name in given}


def keywords(given: dict[str, str]) -> str:
    """Return keywords and their values as CMake reads them."""
    return " ".join(f"{name} {value}" for name, value in given.items())


def options_of(command: str) -> set[str]:
    """Return the options of a command of cnsc."""
    subparsers = make_parser()._subparsers
    assert subparsers is not None
    (commands,) = (a for a in subparsers._actions if isinstance(a, argparse._SubParsersAction))
    parser: argparse.ArgumentParser = commands.choices[command]
    return {option for action in parser._actions for option in action.option_strings}
