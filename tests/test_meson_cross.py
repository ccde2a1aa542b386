# SPDX-License-Identifier: Apache-2.0
"""import('cns') for processors: flags of native builds, shared objects, other machines."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.meson import BUILD, FILES, Project, run
from tests.paths import EXAMPLES
from tests.thermostat import march

Write = Callable[[dict[str, str]], Project]

BOARDS = {
    "cortex-m0": "-mcpu=cortex-m0",
    "cortex-m3": "-mcpu=cortex-m3",
    "cortex-m33": "-mcpu=cortex-m33",
    "cortex-m4": "-mcpu=cortex-m4",
    "riscv32": "-march=rv32imac",
}
TOOLS = {
    "cortex": ("arm-none-eabi-gcc", "qemu-system-arm"),
    "riscv3": ("riscv64-unknown-elf-gcc", "qemu-system-riscv32"),
}
QUICK = ("cortex-m0", "cortex-m33")  # test_examples has others


def cross_file(board: str) -> Path:
    """Return the cross file of a board; the calling test skips where its tools are missing."""
    for tool in TOOLS[board[:6]]:
        if not shutil.which(tool):
            pytest.skip(f"no {tool}: ./dev test --setup")
    return EXAMPLES / "bare-metal" / f"{board}.ini"


def test_release_flags_reach_the_model_and_the_runtime_alone(project: Write) -> None:
    made = project(FILES)
    made.setup("--buildtype=release", "-Dwerror=true", "-Dwarning_level=3")
    model, runtime, own = (made.flags(name) for name in ("sensors.c", "dispatch.c", "main.c"))
    for flags in (model, runtime):
        assert "-O3" in flags
        assert march(flags) == ["-march=native"]
    assert march(own) == []
    assert "-fno-fast-math" not in own


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


@pytest.mark.parametrize(
    "board",
    [board if board in QUICK else pytest.param(board, marks=pytest.mark.slow) for board in BOARDS],
)
def test_a_model_runs_on_an_emulated_board(project: Write, board: str) -> None:
    call = BUILD.replace("executable(", "test('run', executable(").rstrip() + ")\n"
    made = project(FILES | {"meson.build": call})
    made.setup("--buildtype=release", "--cross-file", cross_file(board))
    for name in ("sensors.c", "dispatch.c"):
        flags = made.flags(name)
        assert BOARDS[board] in flags
        assert [BOARDS[board]] == [*march(flags), *(f for f in flags if f.startswith("-mcpu="))]
    made.compile()
    assert "running" in made.meson("test", "--verbose")


BOTH_MACHINES = """\
project('thermostat', 'c')
cns = import('cns')
shapes = files('sensors.shacl')
sensors = cns.compile('sensors', shapes: shapes)
executable('firmware', 'main.c', sensors, dependencies: cns.runtime())
tool = executable('tool', 'main.c', sensors, dependencies: cns.runtime(native: true), native: true)
rooms = cns.ontology('rooms', shapes: shapes, native: true)
executable('second', 'rooms.c', dependencies: rooms, native: true)
audit = cns.validator('audit', shapes: shapes, native: true)
custom_target(output: 'said', capture: true, command: tool, build_by_default: true)
custom_target(output: 'checked', capture: true, command: [audit, files('none.nt')],
  build_by_default: true)
assert(not cns.validator('never', shapes: shapes, required: false).found())
assert(is_disabler(cns.validator('never', shapes: shapes, required: false, disabler: true)))
"""


def test_native_targets_run_on_the_machine_that_builds_firmware(project: Write) -> None:
    files = FILES | {
        "meson.build": BOTH_MACHINES,
        "rooms.c": FILES["main.c"].replace("sensors", "rooms"),
        "none.nt": "",
    }
    made = project(files)
    made.setup("--cross-file", cross_file("cortex-m0"))
    made.compile()
    assert (made.build / "said").read_text() == "running\n"
    assert "\nconforms\n" in (made.build / "checked").read_text()
    assert made.program("second") == "running\n"
    made.setup("--reconfigure", "-Doptimization=3")
    machines = [march(flags) for flags in made.commands("dispatch.c")]
    assert sorted(machines) == [[], ["-march=native"]]
    refused = BOTH_MACHINES.replace("required: false)", "required: true)")
    made.write("meson.build", refused)
    assert "cns.validator makes programs for an operating system" in made.setup(
        "--reconfigure", status=1
    )


def test_native_targets_are_ordinary_ones_in_a_native_build(project: Write) -> None:
    made = project(
        FILES
        | {
            "meson.build": BUILD.replace(
                "'sensors.shacl')", "'sensors.shacl', native: true)"
            ).replace("sensors)", "sensors, native: true)")
        }
    )
    assert "WARNING" not in made.setup()
    made.compile()
    assert made.program("thermostat") == "running\n"


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


# Starts what it is given; linked under the compiler's name, the compiler.
LAUNCHER = """\
#!/bin/sh
case "$0" in */gcc) exec /usr/bin/gcc "$@";; esac
exec "$@"
"""


@pytest.mark.skipif(not Path("/usr/bin/gcc").exists(), reason="no gcc, which explains native")
def test_native_is_spelled_out_where_objects_are_shared(project: Write, tmp_path: Path) -> None:
    made = project(FILES)
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("ccache", "sccache", "distcc", "icecc"):
        (folder / name).write_text(LAUNCHER)
        (folder / name).chmod(0o755)
    linked = tmp_path / "linked"
    linked.mkdir()
    (linked / "gcc").symlink_to(folder / "ccache")
    settings = {
        **{name: {"CC": f"{folder / name} gcc"} for name in ("ccache", "sccache", "icecc")},
        "distcc behind ccache": {"CC": f"{folder / 'ccache'} {folder / 'distcc'} gcc"},
        "linked": {"CC": "gcc", "PATH": f"{linked}:/usr/bin:/bin"},
    }
    for name, env in settings.items():
        made.setup("--buildtype=release", env=env)
        (architecture,) = march(made.flags("sensors.c"))
        assert architecture != "-march=native", name
        shutil.rmtree(made.build)
    call = BUILD.replace("'sensors.shacl')", "'sensors.shacl', stack_budget: 4000)")
    made.write("meson.build", call)
    said = made.setup(env=settings["ccache"], status=1)
    assert "stack_budget needs the call graphs of gcc, and ccache keeps none" in said


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("ccache"), reason="no ccache")
def test_a_second_folder_is_built_from_a_shared_cache(project: Write, tmp_path: Path) -> None:
    env = {"CC": "ccache gcc", "CCACHE_DIR": str(tmp_path / "cache")}
    first = project(FILES)
    second = Project(first.source, tmp_path / "second", env)
    for made in (Project(first.source, first.build, env), second):
        run("ccache", "--zero-stats", env=env)
        made.setup("--buildtype=release")
        made.compile()
    stats = dict(line.split("\t") for line in run("ccache", "--print-stats", env=env).splitlines())
    assert int(stats["cache_miss"]) == 0
    assert int(stats["direct_cache_hit"]) > len(second.commands("sensors.c"))
