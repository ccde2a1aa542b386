# SPDX-License-Identifier: Apache-2.0
"""What a CMake build makes beside records: validators, stack budgets, installed headers."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cns_build import __version__
from tests.cmake import BEGIN, CALL, FILES, CMake
from tests.meson import run
from tests.paths import EXAMPLES, ROOT
from tests.thermostat import MAIN, SHAPES, data

pytestmark = pytest.mark.skipif(
    not shutil.which("cmake"), reason="no cmake: ./dev test --setup installs it"
)

Write = Callable[[dict[str, str]], CMake]

VALIDATOR = "cns_add_validator(check SHAPES sensors.shacl ONTOLOGIES sensors.ttl CATALOG lib)\n"
STACKED = CALL.replace(")", " STACK_BUDGET %s)")

# Two models in one program, one model in three targets, and what is made of it besides.
WHOLE = (
    BEGIN
    + STACKED.replace(" CATALOG", " INSTALL_HEADER CATALOG") % 4000
    + """\
cns_add_ontology(thermostat NAME rooms SHAPES sensors.shacl)
add_executable(second main.c)
add_library(parts STATIC part.c)
foreach(target IN ITEMS second parts)
  target_link_libraries(${target} PUBLIC cns_sensors cns_rooms)
endforeach()
install(TARGETS thermostat)
install(TARGETS parts cns_sensors cns_rooms cns_runtime EXPORT Parts
  ARCHIVE COMPONENT devel INCLUDES DESTINATION include)
install(EXPORT Parts FILE PartsConfig.cmake DESTINATION lib/cmake/Parts COMPONENT devel)
"""
    + VALIDATOR
)
MEASURED = """\
#include "rooms.h"
#include "sensors.h"
#include "sensors_stack.h"
#include <stdio.h>
char stack[SENSORS_STACK];
int main(void) { return puts(sensors_model.name != rooms_model.name ? "running" : "") < 0; }
"""
PART = """\
#include "sensors.h"
#include "sensors_stack.h"
int part(void);
int part(void) { return SENSORS_READING_STACK > 0; }
"""
FILES_OF_WHOLE = FILES | {"CMakeLists.txt": WHOLE, "main.c": MEASURED, "part.c": PART}


@pytest.mark.parametrize("generator", ["Unix Makefiles", "Ninja Multi-Config"])
def test_everything_in_one_build(generator: str, tmp_path: Path) -> None:
    made = CMake(tmp_path / "fünf Räume" / "project", tmp_path / "fünf Räume" / "build")
    for name, text in FILES_OF_WHOLE.items():
        made.write(name, text)
    made.setup("-G", generator, "-DCMAKE_INSTALL_LIBDIR=lib")
    said = made.compile()
    assert sorted(re.findall(r"Generating (\w+)\.c", said)) == ["check", "rooms", "sensors"]
    assert not re.search("Generating|Building|Linking|Measuring", made.compile())
    programs = made.build / ("Debug" if "Multi" in generator else ".")
    assert run(programs / "thermostat") == run(programs / "second") == "running\n"

    good, bad = (made.write(f"{value}.nt", data(value)) for value in (20, 99))
    assert "conforms\n" in run(programs / "check", good)
    assert "1 violation\n" in run(programs / "check", bad, status=1)
    if Path("/usr/include/zlib.h").exists():
        run("gzip", "--keep", bad)
        assert "1 violation\n" in run(programs / "check", f"{bad}.gz", status=1)
    text = (made.build / "cns_check" / "check.c").read_text()
    assert "(../project/sensors.shacl:" in text
    assert str(tmp_path) not in text
    made.write("sensors.shacl", SHAPES.replace("85.0", "100.0"))
    assert "Generating check.c" in made.compile()
    assert "conforms\n" in run(programs / "check", bad)
    assert "Generating" not in made.compile()

    prefix = tmp_path / "prefix"
    config = ("--config", "Debug", "--component", "devel")
    run("cmake", "--install", made.build, "--prefix", prefix, *config)
    installed = {str(file.relative_to(prefix)) for file in prefix.rglob("*.[ah]")}
    libraries = {f"lib/lib{name}.a" for name in ("parts", "cns_sensors", "cns_rooms")}
    headers = {"include/sensors.h", "include/cns/cns.h"}
    assert installed == headers | libraries | {"lib/libcns_runtime.a"}


@pytest.mark.slow
def test_each_configuration_has_its_flags_and_its_measure(cmake: Write) -> None:
    made = cmake(FILES_OF_WHOLE)
    made.setup("-G", "Ninja Multi-Config")
    for name in ("sensors", "check"):
        commands = (made.build / "compile_commands.json").read_text()
        found = re.findall(rf'"command": "(.* -c .*/cns_{name}/{name}\.c)"', commands)
        assert len(found) == 3  # Debug, Release, RelWithDebInfo
        assert [("-march=native" in words) for words in found].count(True) == 1
    said = run("cmake", "--build", made.build, "--config", "Release", "--target", "second")
    assert "Measuring" in said
    assert run(made.build / "Release" / "second") == "running\n"
    headers = {str(file.relative_to(made.build)) for file in made.build.rglob("*_stack.h")}
    assert headers == {"cns_sensors/Release/sensors_stack.h"}


@pytest.mark.slow
def test_an_installed_library_brings_its_model(cmake: Write, tmp_path: Path) -> None:
    made = cmake(FILES_OF_WHOLE)
    made.setup("-G", "Ninja", f"-DCMAKE_INSTALL_PREFIX={tmp_path / 'prefix'}")
    run("cmake", "--build", made.build, "--target", "parts")
    run("cmake", "--install", made.build, "--component", "devel")
    user = CMake(tmp_path / "user", tmp_path / "user" / "build")
    user.write("main.c", MAIN.replace("puts", "sensors_model.name && puts"))
    user.write(
        "CMakeLists.txt",
        "cmake_minimum_required(VERSION 3.20)\nproject(user C)\nfind_package(Parts REQUIRED)\n"
        "add_executable(user main.c)\ntarget_link_libraries(user PRIVATE parts)\n",
    )
    run("cmake", "-S", user.source, "-B", user.build, f"-DCMAKE_PREFIX_PATH={tmp_path / 'prefix'}")
    user.compile()
    assert user.program("user") == "running\n"


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("gcc"), reason="gcc writes call graphs: apt install gcc")
def test_a_stack_above_the_budget_fails_the_build(cmake: Write, tmp_path: Path) -> None:
    # Neither link-time optimization nor a cache of objects takes the call graphs away.
    begin = BEGIN.replace(
        "find_package", "set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)\nfind_package"
    )
    made = cmake(FILES | {"CMakeLists.txt": begin + STACKED % "4000 DEPTH 4"})
    launcher = tmp_path / "sccache"
    launcher.write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/compiled\nexec "$@"\n')
    launcher.chmod(0o755)
    made.setup("-DCMAKE_C_COMPILER=gcc", f"-DCMAKE_C_COMPILER_LAUNCHER={launcher}")
    made.compile()
    assert re.findall(r"(\w+\.c)\n", (tmp_path / "compiled").read_text()) == ["main.c"]
    header = (made.build / "cns_sensors" / "sensors_stack.h").read_text()
    most = int(re.findall(r"SENSORS_STACK (\d+)u", header)[0])
    for budget, external in ((most, "ARGS --depth 5"), (most - 1, "STACK_EXTERNAL memcmp=8")):
        made.write("CMakeLists.txt", BEGIN + STACKED % f"{budget} {external}")
        made.setup()
        said = made.fail() if budget < most else made.compile()
    assert f"can take {most} bytes of stack, more than the stack budget of {most - 1}: " in said


def test_a_board_has_a_stack_budget_and_no_validator(cmake: Write) -> None:
    if not shutil.which("arm-none-eabi-gcc"):
        pytest.skip("no arm-none-eabi-gcc: ./dev test --setup")
    toolchain = ("--toolchain", EXAMPLES / "bare-metal" / "cortex-m0.cmake")
    made = cmake(FILES | {"CMakeLists.txt": BEGIN + STACKED % 200})
    made.setup(*toolchain, "-DCMAKE_BUILD_TYPE=MinSizeRel")
    made.compile()
    if shutil.which("qemu-system-arm"):
        assert "running" in run("ctest", "--test-dir", made.build, "--verbose")
    made.write("CMakeLists.txt", BEGIN + STACKED % 20)
    assert "more than the stack budget of 20" in made.fail()
    made.write("CMakeLists.txt", BEGIN + VALIDATOR)
    said = " ".join(made.setup(*toolchain, status=1).split())
    assert "check is a program for an operating system" in said


def test_a_stack_budget_needs_gcc_itself(cmake: Write, tmp_path: Path) -> None:
    made = cmake(FILES | {"CMakeLists.txt": BEGIN + STACKED % 4000})
    cache = tmp_path / "bin" / "ccache"
    cache.parent.mkdir()
    cache.write_text('#!/bin/sh\nexec gcc "$@"\n')
    cache.chmod(0o755)
    (tmp_path / "gcc").symlink_to(cache)
    said = " ".join(made.setup(f"-DCMAKE_C_COMPILER={tmp_path / 'gcc'}", status=1).split())
    assert "gcc is ccache, which keeps objects without them" in said
    if not shutil.which("clang"):
        pytest.skip("clang is not installed")
    shutil.rmtree(made.build)
    said = " ".join(made.setup("-DCMAKE_C_COMPILER=clang", status=1).split())
    assert "STACK_BUDGET needs the call graphs of gcc 11 or later, and the compiler is Cla" in said


def test_a_validator_of_another_processor_runs_in_qemu(cmake: Write) -> None:
    for tool in ("s390x-linux-gnu-gcc", "qemu-s390x"):
        if not shutil.which(tool):
            pytest.skip(f"no {tool}: ./dev test --setup")
    toolchain = """\
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR s390x)
set(CMAKE_C_COMPILER s390x-linux-gnu-gcc)
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-s390x)
"""
    tested = 'add_test(NAME data COMMAND check "${CMAKE_SOURCE_DIR}/bad.nt")\n'
    files = {"CMakeLists.txt": BEGIN + VALIDATOR + tested, "s390x.cmake": toolchain}
    made = cmake(FILES | {"bad.nt": data(99), "main.c": "int main(void) { return 0; }\n"} | files)
    made.setup("-G", "Ninja", "--toolchain", made.source / "s390x.cmake")
    made.compile()
    words = ("ctest", "--test-dir", made.build, "--verbose", "-R", "data")
    assert "does not conform: 1 violation\n" in run(*words, status=8)


@pytest.mark.parametrize("generator", ["Unix Makefiles", "Ninja"])
def test_an_upgrade_generates_again(generator: str, cmake: Write, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    for folder in ("cns_build", "runtime", "templates"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, tree / folder, ignore=ignored)
    cnsc = tmp_path / "cnsc"
    start = "from cns_build.cli import main\nsys.exit(main())\n"
    cnsc.write_text(f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(tree)!r})\n{start}")
    cnsc.chmod(0o755)
    made = cmake(FILES)
    package = f"-DCns_DIR={tree / 'cns_build' / 'integration' / 'cmake'}"
    setup = ("-G", generator, package, f"-DCNSC={cnsc}")
    generate = ("cmake", "--build", made.build, "--target", "cns_sensors_generated")
    made.setup(*setup)
    run(*generate)
    made.setup(*setup)
    assert "Generating" not in run(*generate)
    # The files of a newer release may have older dates.
    init = tree / "cns_build" / "__init__.py"
    init.write_text(init.read_text().replace(__version__, "0.1.99"))
    os.utime(init, (0, 0))
    made.setup(*setup)
    assert "Generating" in run(*generate)
    assert "0.1.99" in (made.build / "cns_sensors" / "sensors.h").read_text()
