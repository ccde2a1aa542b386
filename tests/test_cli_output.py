# SPDX-License-Identifier: Apache-2.0
"""Generated C: clean under strict warnings, usable without the build, the same bytes anywhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cns_build.cli import main
from tests.compiling import PREFIXES
from tests.meson import run
from tests.runtime.toolchain import CORTEX_M0, INCLUDE, WARNINGS, compile_c, need, run_program
from tests.test_golden import CASES, read_case, read_options
from tests.test_layout import SHAPES as LAYOUTS

SHAPES = """
ex:Kelvin a ex:Unit . ex:Unit rdfs:subClassOf ex:Thing .
ex:S a sh:NodeShape ; sh:targetClass ex:Sensor ;
  sh:property [ sh:path ex:level ; sh:datatype xsd:double ; sh:minCount 1 ; sh:maxCount 1 ;
    sh:minInclusive -40 ; sh:maxInclusive 85.5 ] ;
  sh:property [ sh:path ex:mode ; sh:in ( ex:off ex:on ) ; sh:maxCount 1 ] ;
  sh:property [ sh:path ex:name ; sh:datatype xsd:string ; sh:maxLength 4 ; sh:maxCount 1 ] ;
  sh:property [ sh:path ex:unit ; sh:class ex:Thing ; sh:maxCount 1 ] ;
  sh:property [ sh:path ex:part ; sh:node ex:P ; sh:nodeKind sh:BlankNode ; sh:maxCount 2 ] ;
  sh:property [ sh:path ex:other ; sh:or ( [ sh:datatype xsd:int ] [ sh:class ex:Unit ] ) ] .
ex:P a sh:NodeShape ;
  sh:property [ sh:path ex:x ; sh:datatype xsd:float ; sh:maxExclusive 1 ; sh:maxCount 1 ] .
"""
MAIN = """
#include "sensors.h"
#include <stdio.h>

int
main(void)
{
    cns_violation storage[8];
    cns_result result;
    char line[256];
    sensors_p part = SENSORS_P_INIT;
    sensors_sensor sensor = SENSORS_SENSOR_INIT;
    sensors_p_set_x(&part, 1.5f);
    sensors_sensor_set_level(&sensor, 85.5);
    sensors_sensor_set_mode(&sensor, SENSORS_SENSOR_MODE_ON);
    if (!sensors_sensor_add_part(&sensor, &part)) {
        return 1;
    }
    cns_result_init(&result, storage, 8);
    sensors_sensor_validate(&sensor, &result);
    printf("%d %u\\n", result.conforms, result.count);
    for (unsigned i = 0; i < result.count; i++) {
        cns_violation_format(&sensors_model, &storage[i], line, sizeof line);
        printf("%s\\n", line);
    }
    sensors_p_set_x(&part, 0.5f);
    cns_signal signal = {&sensor, 0, SENSORS_KIND_SENSOR, 1, 0};
    cns_dispatch(&sensors_model, &signal, &result);
    printf("%d %u\\n", result.conforms, result.count);
    return 0;
}
"""
COMPILERS = ("gcc", "clang-19")


def generate(folder: Path, shapes: str, *options: str, command: str = "export") -> Path:
    """Write the shapes and what cnsc makes of them; return the folder of the C files."""
    (folder / "shapes.ttl").write_text(PREFIXES + shapes, "utf-8")
    out = folder / "out"
    out.mkdir(exist_ok=True)
    where = [str(out)] if command == "export" else [str(out / f"sensors.{x}") for x in "ch"]
    model = ["--shapes", str(folder / "shapes.ttl"), "--name", "sensors"]
    assert main([command, *model, *options, "-o", *where]) == 0
    return out


# Export


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("level", ["-O0", "-O3"])
def test_exported_files_build_alone(tmp_path: Path, compiler: str, level: str) -> None:
    out = generate(tmp_path, SHAPES)
    (out / "main.c").write_text(MAIN, "utf-8")
    files = [out / name for name in ("main.c", "cns.c", "sensors.c")]
    program = tmp_path / "program"
    compile_c(compiler, "-std=c11", level, *WARNINGS, *files, output=program)
    lines = run_program(program).splitlines()
    assert lines[0] == "0 1"
    assert "part" in lines[1]
    assert lines[2] == "1 0"


def test_exported_files_stand_alone_as_one_unit(tmp_path: Path) -> None:
    out = generate(tmp_path, SHAPES)
    unit = '#include "cns.c"\n#include "sensors.c"\n'
    compile_c("gcc", "-std=c11", *WARNINGS, f"-I{out}", "-c", output=tmp_path / "u.o", text=unit)


@pytest.mark.parametrize("compiler", ["g++", "clang++-19"])
@pytest.mark.parametrize("standard", ["c++11", "c++20"])
def test_headers_are_c_plus_plus(tmp_path: Path, compiler: str, standard: str) -> None:
    out = generate(tmp_path, SHAPES)
    text = """
        #include "sensors.h"
        int main() {
            sensors_sensor sensor = SENSORS_SENSOR_INIT;
            sensors_sensor_set_level(&sensor, 1.0);
            cns_result result;
            cns_result_init(&result, nullptr, 0);
            return sensors_sensor_validate(&sensor, &result) != CNS_OK || !result.conforms;
        }
    """
    objects = [tmp_path / "cns.o", tmp_path / "sensors.o"]
    for made in objects:
        compile_c("gcc", "-std=c11", "-c", out / f"{made.stem}.c", output=made)
    (tmp_path / "main.cc").write_text(text, "utf-8")
    flags = [f"-std={standard}", *WARNINGS, f"-I{out}"]
    program = tmp_path / "program"
    compile_c(compiler, *flags, tmp_path / "main.cc", *objects, output=program)
    run_program(program)


# Warnings, over every golden case


def golden(name: str) -> tuple[str, list[str]]:
    """The shapes of a golden case, and its options as arguments."""
    sections = read_case(next(p for p in CASES if p.stem == name).read_text("utf-8"))
    arguments = []
    for option, value in read_options(sections.get("options", "")).items():
        match option:
            case "capacities":
                for path, number in value.items():
                    arguments += ["--capacity", f"{path}={number}"]
            case "inline_strings" | "layout" | "detail":
                arguments.append(f"--{option.replace('_', '-')}")
            case "waive":
                arguments += [word for waived in value for word in ("--waive", waived)]
            case _:
                arguments += [f"--{option}", str(value)]
    if "error" in sections:
        arguments += ["--waive", "contradiction"]
    return sections["shapes"], arguments


@pytest.mark.parametrize("name", [path.stem for path in CASES])
def test_golden_cases_compile_without_warnings(tmp_path: Path, name: str) -> None:
    shapes, arguments = golden(name)
    out = generate(tmp_path, shapes, *arguments, command="compile")
    for compiler in COMPILERS:
        flags = ["-std=c11", "-O2", *WARNINGS, "-Wmissing-prototypes", f"-I{INCLUDE}"]
        compile_c(compiler, *flags, "-c", out / "sensors.c", output=tmp_path / "o.o")
    header = '#include "sensors.h"\n'
    flags = ["-std=c++11", *WARNINGS, f"-I{INCLUDE}", f"-I{out}", "-fsyntax-only"]
    compile_c("g++", *flags, text=header)


@pytest.mark.parametrize("report", ["all", "first", "conforms"])
@pytest.mark.parametrize("strings", ["none", "ids", "full"])
@pytest.mark.parametrize("name", LAYOUTS)
def test_policies_compile_without_warnings(
    tmp_path: Path, name: str, report: str, strings: str
) -> None:
    policies = ("--report", report, "--strings", strings)
    out = generate(tmp_path, LAYOUTS[name], *policies, command="compile")
    flags = ["-std=c11", "-Os", *WARNINGS, f"-I{INCLUDE}", "-c"]
    compile_c("gcc", *flags, out / "sensors.c", output=tmp_path / "o.o")
    compile_c(
        "arm-none-eabi-gcc", *CORTEX_M0, *flags, out / "sensors.c", output=tmp_path / "arm.o"
    )


def test_two_models_live_in_one_unit(tmp_path: Path) -> None:
    (tmp_path / "shapes.ttl").write_text(PREFIXES + SHAPES, "utf-8")
    for name in ("one", "two"):
        files = [str(tmp_path / f"{name}.{x}") for x in "ch"]
        model = ["--shapes", str(tmp_path / "shapes.ttl"), "--name", name]
        assert main(["compile", *model, "-o", *files]) == 0
    unit = '#include "one.c"\n#include "two.c"\n'
    flags = ["-std=c11", *WARNINGS, f"-I{INCLUDE}", f"-I{tmp_path}", "-c"]
    compile_c("gcc", *flags, output=tmp_path / "unit.o", text=unit)


@pytest.mark.parametrize("strings", ["none", "ids", "full"])
def test_symbols_begin_with_the_model_s_name(tmp_path: Path, strings: str) -> None:
    out = generate(tmp_path, SHAPES, "--strings", strings, command="compile")
    made = tmp_path / "o.o"
    compile_c("gcc", "-std=c11", "-O0", f"-I{INCLUDE}", "-c", out / "sensors.c", output=made)
    rows = [line.split() for line in run(need("nm"), made, cwd=tmp_path).splitlines()]
    inline = set(re.findall(r"static inline [^(]*?(\w+)\(", (INCLUDE / "cns/cns.h").read_text()))
    defined = {row[-1] for row in rows if len(row) == 3} - inline
    assert defined
    assert {name for name in defined if not name.startswith("sensors_")} == set()
    undefined = {row[-1] for row in rows if len(row) == 2}
    allowed = {"memcmp", "memcpy", "memset", "memmove"}
    assert {n for n in undefined if not n.startswith("cns_") and n not in allowed} == set()
