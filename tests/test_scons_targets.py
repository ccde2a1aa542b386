# SPDX-License-Identifier: Apache-2.0
"""What an SCons build makes beside records: validators, stack budgets, installed headers."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from cns_build import __version__
from tests.meson import run
from tests.paths import EXAMPLES, ROOT
from tests.scons import FILES, TOP, SCons, Write
from tests.thermostat import SHAPES, data

pytestmark = pytest.mark.skipif(
    not shutil.which("scons"), reason="no scons: ./dev test --setup installs it"
)

STACKED = """\
Import('env')
model = env.CnsOntology('sensors', shapes='sensors.shacl', ontologies=['sensors.ttl'],
                        catalog='lib', stack_budget=%s)
env.Program('thermostat', ['main.c', model])
"""
VALIDATOR = """\
env.CnsValidator('check', shapes='sensors.shacl', ontologies='sensors.ttl', catalog='lib')
"""
# A second model in the program has no budget, and a runtime of its own.
WHOLE = (
    STACKED.replace("model]", "model, rooms]").replace(
        "env.Program", "rooms = env.CnsOntology('rooms', shapes='sensors.shacl')\nenv.Program"
    )
    % 4000
    + VALIDATOR
    + "env.Install('#prefix/include', 'sensors.h')\n"
    + "env.Install('#prefix/include/cns', '$CNS_HEADER')\n"
)
MEASURED = """\
#include "rooms.h"
#include "sensors.h"
#include "sensors_stack.h"
#include <stdio.h>
char stack[SENSORS_STACK];
int main(void) { return puts(sensors_model.name != rooms_model.name ? "running" : "") < 0; }
"""


def test_everything_in_one_build_and_from_a_cache(tmp_path: Path) -> None:
    cached = TOP.replace("SConscript", f"CacheDir({str(tmp_path / 'cache')!r})\nSConscript", 1)
    files = FILES | {"SConstruct": cached, "SConscript": WHOLE, "main.c": MEASURED}
    first, second = (
        SCons(tmp_path / name / "fünf Räume", tmp_path / name / "fünf Räume" / "build")
        for name in ("first", "second")
    )
    for made in (first, second):
        for name, text in files.items():
            made.write(name, text)
    assert "Retrieved" not in first.scons()
    assert "`.' is up to date" in first.scons(".")
    said = second.scons(".")
    for name in ("sensors.c", "sensors_stack.h", "sensors.o", "check.c", "cns_host/run.o"):
        assert f"Retrieved `build/{name}' from cache" in said
    assert not re.search(r"^(\S*cnsc|gcc|ar) ", said, re.MULTILINE)
    assert (second.build / "sensors.ci").exists()

    for made in (first, second):
        assert made.program("thermostat") == "running\n"
        bad = made.write("bad.nt", data(99))
        assert "1 violation\n" in run(made.build / "check", bad, status=1)
    if Path("/usr/include/zlib.h").exists() and shutil.which("pkg-config"):
        run("gzip", "--keep", bad)
        assert "1 violation\n" in run(second.build / "check", f"{bad}.gz", status=1)
    installed = {
        str(file.relative_to(first.source)) for file in first.source.rglob("prefix/**/*.h")
    }
    assert installed == {"prefix/include/sensors.h", "prefix/include/cns/cns.h"}
    first.write("sensors.shacl", SHAPES.replace("85.0", "100.0"))
    first.scons()
    assert "conforms\n" in run(first.build / "check", bad)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("gcc"), reason="gcc writes call graphs: apt install gcc")
def test_a_stack_above_the_budget_fails_the_build(scons: Write) -> None:
    # Neither link-time optimization nor a cache of objects takes the call graphs away.
    settings = "CC='sccache gcc', CCFLAGS=['-Os', '-flto'], "
    made = scons(FILES | {"SConstruct": TOP.replace("Environment(", f"Environment({settings}")})
    made.write("SConscript", STACKED % 4000)
    assert made.command("main.c")[:2] == ["sccache", "gcc"]
    made.scons("build/sensors_stack.h")
    header = (made.build / "sensors_stack.h").read_text()
    most = int(re.findall(r"SENSORS_STACK (\d+)u", header)[0])
    made.write("SConscript", STACKED % f"{most}, args=['--depth', '5']")
    made.scons("build/libcns_sensors.a")
    made.write("SConscript", STACKED % f"{most - 1}, stack_external={{'memcmp': 8}}")
    said = made.scons("build/libcns_sensors.a", status=2)
    assert f"can take {most} bytes of stack, more than the stack budget of {most - 1}: " in said


def test_a_board_has_a_stack_budget_and_no_validator(scons: Write) -> None:
    if not shutil.which("arm-none-eabi-gcc"):
        pytest.skip("no arm-none-eabi-gcc: ./dev test --setup")
    settings = EXAMPLES / "bare-metal" / "cortex-m0.scons"
    top = TOP.replace("Environment(", f"Environment(**SConscript({str(settings)!r}), ")
    ran = "env.Command('output', 'thermostat', '$EMULATOR $SOURCE > $TARGET')\n"
    made = scons(FILES | {"SConstruct": top, "SConscript": STACKED % 200 + ran})
    made.scons("build/output" if shutil.which("qemu-system-arm") else "build/thermostat")
    if shutil.which("qemu-system-arm"):
        assert (made.build / "output").read_text() == "running\n"
    made.write("SConscript", STACKED % 20)
    assert "more than the stack budget of 20" in made.scons(status=2)
    made.write("SConscript", "Import('env')\n" + VALIDATOR)
    assert "check is a program for an operating system" in made.scons(status=2)


def test_a_stack_budget_needs_gcc_itself(scons: Write, tmp_path: Path) -> None:
    cache = tmp_path / "ccache"
    cache.write_text('#!/bin/sh\nexec gcc "$@"\n')
    cache.chmod(0o755)
    (tmp_path / "gcc").symlink_to(cache)
    made = scons(FILES | {"SConscript": STACKED % 4000})
    made.write("SConstruct", TOP.replace("Environment(", f"Environment(CC='{tmp_path}/gcc', "))
    assert "gcc is ccache, which keeps objects without" in made.scons(status=2)
    if not shutil.which("clang"):
        pytest.skip("clang is not installed")
    made.write("SConstruct", TOP.replace("Environment(", "Environment(CC='clang', "))
    assert "stack_budget needs the call graphs of gcc 11" in made.scons(status=2)


def test_an_upgrade_generates_again(scons: Write, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    for folder in ("cns_build", "runtime", "templates"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, tree / folder, ignore=ignored)
    cnsc = tmp_path / "cnsc"
    start = "from cns_build.cli import main\nsys.exit(main())\n"
    cnsc.write_text(f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(tree)!r})\n{start}")
    cnsc.chmod(0o755)
    top = TOP.replace(str(ROOT), str(tree)).replace("'cns']", f"'cns'], CNSC={str(cnsc)!r}")
    made = scons(FILES | {"SConstruct": top})
    assert "cnsc compile" in made.scons("build/sensors.h")
    assert "is up to date" in made.scons("build/sensors.h")
    # The files of a newer release may have older dates.
    init = tree / "cns_build" / "__init__.py"
    init.write_text(init.read_text().replace(__version__, "0.1.99"))
    os.utime(init, (0, 0))
    assert "cnsc compile" in made.scons("build/sensors.h")
    assert "0.1.99" in (made.build / "sensors.h").read_text()
