# SPDX-License-Identifier: Apache-2.0
"""What the core promises about itself: freestanding, bounded, clean, usable from C++."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.paths import RUNTIME
from tests.runtime import toolchain

MEMORY = {"memcpy", "memmove", "memset", "memcmp"}
FREESTANDING = {"stddef.h", "stdint.h", "stdbool.h", "limits.h", "stdalign.h"}
SUPPORT = re.compile(r"__(aeabi|gnu_thumb1_case|clz|udiv|div|mod|umod|ashl|lshr|ashr|mul)")
HEADERS = [*sorted(RUNTIME.glob("*.h")), *sorted(toolchain.INCLUDE.rglob("*.h"))]
TARGETS = {
    "x86": ("gcc", "nm", ["-ffreestanding"]),
    "cortex-m0": ("arm-none-eabi-gcc", "arm-none-eabi-nm", toolchain.CORTEX_M0),
    "riscv": ("riscv64-unknown-elf-gcc", "riscv64-unknown-elf-nm", ["-ffreestanding"]),
}


def symbols(nm: str, objects: list[Path], *, undefined: bool) -> set[str]:
    option = "--undefined-only" if undefined else "--defined-only"
    words = [toolchain.need(nm), option, "--extern-only", "--format=posix", *map(str, objects)]
    lines = subprocess.run(words, check=True, capture_output=True, text=True).stdout.splitlines()
    return {line.split()[0] for line in lines if not line.endswith(":")}


def compile_core(compiler: str, flags: list[str], folder: Path) -> list[Path]:
    objects = []
    for source in toolchain.CORE:
        objects.append(folder / f"{source.stem}.o")
        toolchain.compile_c(compiler, *toolchain.C11, *flags, "-c", source, output=objects[-1])
    return objects


@pytest.mark.parametrize("level", ["-O0", "-Os", "-O3"])
@pytest.mark.parametrize("target", TARGETS)
def test_core_needs_memory_routines_and_no_more(target: str, level: str, tmp_path: Path) -> None:
    compiler, nm, flags = TARGETS[target]
    objects = compile_core(compiler, [*flags, level], tmp_path)
    needed = symbols(nm, objects, undefined=True) - symbols(nm, objects, undefined=False)
    assert {name for name in needed - MEMORY if not SUPPORT.match(name)} == set()


def test_core_defines_only_names_of_the_header(tmp_path: Path) -> None:
    objects = compile_core("gcc", [], tmp_path)
    headers = [toolchain.INCLUDE / "cns" / "cns.h", *RUNTIME.glob("*.h")]
    text = "\n".join(header.read_text() for header in headers)
    functions = re.findall(r"^\w[\w ]*[ *](cns_\w+)\(", text, re.MULTILINE)
    declared = {*functions, *re.findall(r"^extern .*(cns_\w+);", text, re.MULTILINE)}
    assert symbols("nm", objects, undefined=False) == declared


def test_nothing_refers_to_text(tmp_path: Path) -> None:
    objects = compile_core("gcc", [], tmp_path)
    text = [path for path in objects if path.stem == "format"]
    rest = [path for path in objects if path.stem != "format"]
    assert text
    assert not symbols("nm", text, undefined=False) & symbols("nm", rest, undefined=True)


def test_core_has_no_variables(tmp_path: Path) -> None:
    # Without -fno-pic, tables of pointers are writable until they are relocated.
    for path in compile_core("gcc", ["-fno-pic"], tmp_path):
        table = subprocess.run(["size", "-A", path], check=True, capture_output=True, text=True)
        sizes = dict(re.findall(r"^(\.data|\.bss)\S*\s+(\d+)", table.stdout, re.MULTILINE))
        assert set(sizes.values()) <= {"0"}, path.name


@pytest.mark.parametrize("source", [*toolchain.CORE, *HEADERS], ids=lambda path: path.name)
def test_core_includes_freestanding_headers_only(source: Path) -> None:
    included = set(re.findall(r"#include\s*[<\"]([^>\"]+)", source.read_text()))
    own = {header.name for header in RUNTIME.glob("*.h")} | {"cns/cns.h", "cns/opcodes.h"}
    assert included <= FREESTANDING | own


@pytest.mark.parametrize("compiler", ["gcc", "clang", "arm-none-eabi-gcc"])
def test_all_files_in_one_unit(compiler: str, tmp_path: Path) -> None:
    unit = "".join(f'#include "{source}"\n' for source in toolchain.CORE)
    flags = toolchain.CORTEX_M0 if compiler.startswith("arm") else []
    toolchain.compile_c(
        compiler, *toolchain.C11, *flags, "-c", text=unit, output=tmp_path / "unit.o"
    )


@pytest.mark.parametrize(
    "compiler", ["gcc", "clang", "arm-none-eabi-gcc", "g++", "clang++", "arm-none-eabi-g++"]
)
def test_header_compiles_alone(compiler: str) -> None:
    standards = ["c++11", "c++20"] if compiler.endswith("++") else ["c11", "c17"]
    source = (
        "#include <cns/cns.h>\n#include <cns/cns.h>\n"
        "static uint64_t storage[CNS_POOL_WORDS(CNS_RESULT_SIZE(4), CNS_RESULT_CAPACITY)];\n"
        "cns_status make(cns_pool *pool);\n"
        "cns_status make(cns_pool *pool)\n"
        "{\n"
        "    return cns_pool_init(pool, storage, sizeof storage / sizeof *storage,\n"
        "                         CNS_RESULT_SIZE(4), CNS_RESULT_CAPACITY);\n"
        "}\n"
    )
    for standard in standards:
        flags = [f"-std={standard}", *toolchain.WARNINGS, f"-I{toolchain.INCLUDE}"]
        toolchain.compile_c(compiler, *flags, "-fsyntax-only", text=source)


@pytest.mark.parametrize("source", toolchain.CORE, ids=lambda path: path.stem)
def test_static_analysis_finds_nothing(source: Path, tmp_path: Path) -> None:
    flags = [*toolchain.C11, "-O1", "-fanalyzer", "-c", source]
    assert toolchain.compile_c("gcc", *flags, output=tmp_path / "out.o") == ""


def call_graph(listings: list[Path]) -> tuple[dict[str, int], dict[str, set[str]]]:
    """Read .ci files: bytes of stack, and callees, by function; every frame is of a fixed size."""
    frames: dict[str, int] = {}
    calls: dict[str, set[str]] = {}
    for listing in listings:
        text = listing.read_text()
        for title, size, kind in re.findall(
            r'title: "([^"]+)" label: ".*?(\d+) bytes \((.+)\)"', text
        ):
            assert kind == "static", title
            frames[title] = int(size)
        for caller, callee in re.findall(r'sourcename: "([^"]+)" targetname: "([^"]+)"', text):
            calls.setdefault(caller, set()).add(callee)
    return frames, calls


def test_stack_is_bounded_and_nothing_recurs(tmp_path: Path) -> None:
    flags = [*toolchain.CORTEX_M0, "-Os", "-fcallgraph-info=su"]
    objects = compile_core("arm-none-eabi-gcc", flags, tmp_path)
    frames, calls = call_graph([path.with_suffix(".ci") for path in objects])

    def depth(function: str, callers: tuple[str, ...]) -> int:
        assert function not in callers, "recursion"
        inner = [depth(callee, (*callers, function)) for callee in calls.get(function, set())]
        return frames.get(function, 0) + max(inner, default=0)

    deepest = {function: depth(function, ()) for function in frames if function[:4] == "cns_"}
    # As the README says, without the compiler's support routines.
    assert deepest.pop("cns_violation_format") <= 1024
    for function in ("cns_float_text", "cns_double_text", "cns_term_text"):
        assert deepest.pop(function) <= 720
    assert deepest.pop("cns_image_load") <= 1024
    assert max(deepest.pop("cns_verify_code"), deepest.pop("cns_function_steps")) <= 800
    assert deepest.pop("cns_image_optimize") <= 1280
    assert deepest.pop("cns_use_facts") <= 640
    assert deepest.pop("cns_image_run") <= 1280
    assert max(deepest.pop("cns_register_test"), deepest.pop("cns_register_matches")) <= 1024
    assert deepest.pop("cns_place_text") <= 840
    assert deepest.pop("cns_count_languages") <= 640
    assert deepest.pop("cns_is_first_of") <= 480
    for function in ("cns_is_first", "cns_place_same", "cns_register_same"):
        assert deepest.pop(function) <= 400
    assert max(deepest.pop("cns_denote"), deepest.pop("cns_denote_text")) <= 2048
    assert max(deepest.pop("cns_trace_dispatch"), deepest.pop("cns_trace_result")) <= 400
    assert max(deepest.pop("cns_violation_value"), *deepest.values()) <= 300
    indirect = {caller for caller, callees in calls.items() if "__indirect_call" in callees}
    # Handlers, what says whether a record is sound, and what functions are given.
    known = {"cns_dispatch", "cns_image_run", "emit", "emit_id", "cns_trace_dump"}
    assert {name.split(":")[-1] for name in indirect} == known, "a call whose stack is unknown"
