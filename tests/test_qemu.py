# SPDX-License-Identifier: Apache-2.0
"""The bare-metal boards: start-up code, cross files, sizes and instruction counts."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.qemu.machine import BARE_METAL, MACHINES, Image, Machine, Run, available

if TYPE_CHECKING:
    from pathlib import Path

MESON = (sys.executable, "-m", "mesonbuild.mesonmain")


def machine_or_skip(name: str) -> Machine:
    if reason := available(name):
        pytest.skip(reason)
    return Machine(name)


@pytest.fixture(params=MACHINES)
def machine(request: pytest.FixtureRequest) -> Machine:
    return machine_or_skip(request.param)


def build(machine: Machine, folder: Path, code: str) -> Image:
    source = folder / "program.c"
    source.write_text(code)
    return machine.build([source], [], folder / "program")


def run(machine: Machine, folder: Path, code: str) -> Run:
    return machine.run(build(machine, folder, code))


def meson_test(name: str, project: Path, build_dir: Path) -> subprocess.CompletedProcess[str]:
    cross_file = str(BARE_METAL / f"{name}.ini")
    subprocess.run(
        [*MESON, "setup", "--cross-file", cross_file, str(build_dir), str(project)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return subprocess.run(
        [*MESON, "test", "-C", str(build_dir), "--print-errorlogs"],
        check=False,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("name", MACHINES)
def test_meson_builds_and_runs_the_example(name: str, tmp_path: Path) -> None:
    machine_or_skip(name)
    tested = meson_test(name, BARE_METAL, tmp_path / "build")
    assert tested.returncode == 0, tested.stdout
    log = (tmp_path / "build" / "meson-logs" / "testlog.txt").read_text()
    assert "hello from a processor with 32-bit pointers" in log


@pytest.mark.parametrize("name", MACHINES)
def test_meson_sees_a_program_fail(name: str, tmp_path: Path) -> None:
    machine_or_skip(name)
    (tmp_path / "main.c").write_text("int main(void) { return 3; }\n")
    (tmp_path / "meson.build").write_text(
        "project('fails', 'c')\ntest('fails', executable('fails', 'main.c'))\n"
    )
    tested = meson_test(name, tmp_path, tmp_path / "build")
    assert tested.returncode == 1
    assert "exit status 3" in tested.stdout


@pytest.mark.parametrize("name", MACHINES)
def test_cross_files_work_from_a_folder_with_a_space(name: str, tmp_path: Path) -> None:
    machine_or_skip(name)
    copy = tmp_path / "bare metal"
    shutil.copytree(BARE_METAL, copy)
    build_dir = str(tmp_path / "build")
    setup = [*MESON, "setup", "--cross-file", f"{name}.ini", build_dir, str(copy)]
    subprocess.run(setup, check=True, cwd=copy, stdout=subprocess.DEVNULL)
    subprocess.run([*MESON, "compile", "-C", build_dir], check=True)


def test_exit_code_and_output_reach_the_host(machine: Machine, tmp_path: Path) -> None:
    code = r"""
        #include <stdio.h>
        int main(void) { fputs("to stdout, no newline", stdout); return 42; }
    """
    result = run(machine, tmp_path, code)
    assert result == Run(exit_code=42, output="to stdout, no newline", windows=())


def test_input_reaches_the_program_to_its_end(machine: Machine, tmp_path: Path) -> None:
    code = r"""
        #include <stdio.h>
        int main(void)
        {
            int sum = 0, byte;
            while ((byte = getchar()) != EOF)
                sum = sum * 3 + byte;
            return sum + (getchar() == EOF);
        }
    """
    image = build(machine, tmp_path, code)
    assert machine.run(image, given="\x01\n\x07").exit_code == (1 * 3 + 10) * 3 + 7 + 1
    assert machine.run(image).exit_code == 1


def test_a_processor_fault_ends_the_program(machine: Machine, tmp_path: Path) -> None:
    code = "int main(void) { __builtin_trap(); }"
    result = run(machine, tmp_path, code)
    assert result.exit_code == 99
    assert result.output == "processor fault\n"


def test_an_abort_ends_the_program(machine: Machine, tmp_path: Path) -> None:
    code = "#include <stdlib.h>\nint main(void) { abort(); }"
    sigabrt = 6
    assert run(machine, tmp_path, code).exit_code == 128 + sigabrt


def test_the_fpu_of_a_cortex_m33_computes(tmp_path: Path) -> None:
    code = """
        #if !(__ARM_FP & 4)
        #error "no single precision"
        #endif
        int main(void) { volatile float a = 1.5f, b = 28.0f; return (int)(a * b); }
    """
    assert run(machine_or_skip("cortex-m33"), tmp_path, code).exit_code == 42


def test_a_program_that_hangs_times_out(machine: Machine, tmp_path: Path) -> None:
    image = build(machine, tmp_path, 'int main(void) { for (;;) __asm__ volatile(""); }')
    with pytest.raises(subprocess.TimeoutExpired):
        machine.run(image, timeout=1)


def test_the_heap_ends_where_memory_ends(machine: Machine, tmp_path: Path) -> None:
    code = """
        #include <stdlib.h>
        int main(void)
        {
            volatile char *block = malloc(2000);
            if (block == NULL)
                return 1;
            block[1999] = 1;
            return malloc(100000) == NULL ? 0 : 2;
        }
    """
    assert run(machine, tmp_path, code).exit_code == 0


def test_windows_count_exactly_the_instructions_between_the_markers(
    machine: Machine, tmp_path: Path
) -> None:
    code = """
        #include "window.h"
        int main(void)
        {
            window_begin();
            window_end();
            window_begin();
            __asm__ volatile("nop\\nnop\\nnop\\nnop\\nnop");
            window_end();
            __asm__ volatile("nop\\nnop\\nnop");
            window_end();
            return 0;
        }
    """
    assert run(machine, tmp_path, code).windows == (1, 6)


def test_counts_are_linear_in_the_number_of_iterations(machine: Machine, tmp_path: Path) -> None:
    code = """
        #include "window.h"
        static volatile unsigned sum;
        static void __attribute__((noinline)) loop(unsigned n)
        {
            for (unsigned i = 0; i < n; i++)
                sum += i;
        }
        int main(void)
        {
            for (unsigned n = 1; n <= 1000; n *= 10) {
                window_begin();
                loop(n);
                window_end();
            }
            return (int)sum & 0xff;
        }
    """
    result = run(machine, tmp_path, code)
    one, ten, hundred, thousand = result.windows
    assert result.exit_code == (0 + 45 + 4950 + 499500) & 0xFF
    per_iteration = (ten - one) // 9
    assert per_iteration >= 4  # load, add, store, branch
    assert hundred - ten == 90 * per_iteration
    assert thousand - hundred == 900 * per_iteration


@pytest.mark.parametrize(
    ("declaration", "flash", "ram"),
    [
        ("const unsigned char object[SIZE] = {1};", 1, 0),
        ("unsigned char object[SIZE] = {1};", 1, 1),
        ("unsigned char object[SIZE];", 0, 1),
    ],
    ids=["constant", "initialized", "cleared"],
)
def test_an_object_takes_its_size(
    machine: Machine, tmp_path: Path, declaration: str, flash: int, ram: int
) -> None:
    code = f"""
        {declaration}
        int main(void) {{ return *(volatile const unsigned char *)object; }}
    """
    small = build(machine, tmp_path, f"#define SIZE 8\n{code}")
    large = build(machine, tmp_path, f"#define SIZE 1008\n{code}")
    assert large.flash_bytes - small.flash_bytes == flash * 1000
    assert large.ram_bytes - small.ram_bytes == ram * 1000


def test_sizes_are_those_that_size_prints(machine: Machine, tmp_path: Path) -> None:
    image = build(machine, tmp_path, "int word = 1, zero;\nint main(void) { return word + zero; }")
    table = subprocess.run(
        [machine.size, image.elf], check=True, text=True, stdout=subprocess.PIPE
    ).stdout
    text, data, bss = map(int, table.splitlines()[1].split()[:3])
    assert min(text, data, bss) > 0
    assert image.flash_bytes == text + data
    assert image.ram_bytes == data + bss


@pytest.mark.parametrize("tool", ["gcc", "qemu-system", "cc"])
def test_a_missing_tool_is_named_with_its_package(
    tool: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None if tool in name else f"/bin/{name}")
    reason = available.__wrapped__("cortex-m0")
    assert reason is not None
    assert "apt install" in reason
