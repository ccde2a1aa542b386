# SPDX-License-Identifier: Apache-2.0
"""Builds C programs for the boards of examples/bare-metal and runs them in QEMU.

Compiler, flags and QEMU's command line come from the board's cross file, so that what is measured
here is what a user builds. QEMU counts executed instructions; it does not model cycles.
"""

from __future__ import annotations

import ast
import configparser
import functools
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.paths import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MACHINES = ("cortex-m0", "cortex-m3", "cortex-m33", "cortex-m4", "riscv32")

BARE_METAL = EXAMPLES / "bare-metal"
HERE = Path(__file__).resolve().parent

_PACKAGES = {
    "arm-none-eabi-gcc": "gcc-arm-none-eabi libnewlib-arm-none-eabi",
    "riscv64-unknown-elf-gcc": "gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf",
    "qemu-system-arm": "qemu-system-arm",
    "qemu-system-riscv32": "qemu-system-misc",
    "cc": "gcc",
}
_FLASH = {".text", ".ARM.exidx", ".data", ".tdata"}
_RAM = {".data", ".tdata", ".bss"}


@dataclass(frozen=True, slots=True)
class Image:
    """A linked program. Flash holds code, constants and initial data; RAM excludes the stack."""

    elf: Path
    flash_bytes: int
    ram_bytes: int


@dataclass(frozen=True, slots=True)
class Run:
    """What a program did: its exit code, its output, the instructions of each window in turn."""

    exit_code: int
    output: str
    windows: tuple[int, ...]


class Machine:
    """One board: a processor, its compiler and its emulator."""

    def __init__(self, name: str) -> None:
        """Read the cross file of `name`, one of MACHINES."""
        cross = _cross_file(BARE_METAL / f"{name}.ini")
        binaries, options = cross["binaries"], cross["built-in options"]
        self.compiler: list[str] = binaries["c"]
        self.nm: str = binaries["nm"]
        self.size: str = binaries["size"]
        self.objcopy: str = binaries["objcopy"]
        self.emulator: list[str] = binaries["exe_wrapper"]
        self.compile_args: list[str] = [f"-O{options['optimization']}", *options["c_args"]]
        self.link_args: list[str] = options["c_link_args"]

    def compile(
        self, source: Path, include_dirs: Sequence[Path], out: Path, args: Sequence[str] = ()
    ) -> Path:
        """Compile one source file to the object `out`; `args` are more compiler arguments.

        Raises `subprocess.CalledProcessError` when the compiler fails; so does `build`.
        """
        includes = _includes(include_dirs)
        _tool(*self.compiler, *self.compile_args, *includes, *args, "-c", source, "-o", out)
        return out

    def build(
        self,
        sources: Sequence[Path],
        include_dirs: Sequence[Path],
        out: Path,
        args: Sequence[str] = (),
    ) -> Image:
        """Build the program `out` from C sources and objects; `args` are more compiler arguments.

        The sources may call the markers of `window.h`.
        """
        _tool(
            *self.compiler,
            *self.compile_args,
            *_includes([*include_dirs, HERE]),
            *args,
            *sources,
            HERE / "window.c",
            *self.link_args,
            "-o",
            out,
        )
        sections = self.sections(out)
        return Image(
            elf=out,
            flash_bytes=sum(size for name, size in sections.items() if name in _FLASH),
            ram_bytes=sum(size for name, size in sections.items() if name in _RAM),
        )

    def run(self, image: Image, timeout: float = 60, given: str = "") -> Run:
        """Run the program to its end, at most `timeout` seconds; `given` is its input.

        A processor fault is exit code 99. Raises `subprocess.TimeoutExpired`.
        """
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "windows"
            plugin = _plugin_args(self.emulator[0], self.addresses(image.elf), Path(folder), log)
            process = subprocess.run(
                [self.emulator[0], *plugin, *self.emulator[1:], str(image.elf)],
                input=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=timeout,
                check=False,
            )
            counts = re.findall(r"window (\d+)", log.read_text()) if log.exists() else []
        return Run(process.returncode, process.stdout, tuple(map(int, counts)))

    def sections(self, file: Path) -> dict[str, int]:
        """Sizes in bytes of an object's or program's sections; equal names are added up."""
        sizes: dict[str, int] = {}
        for name, size in re.findall(r"^(\.\S+)\s+(\d+)", _tool(self.size, "-A", file), re.M):
            sizes[name] = sizes.get(name, 0) + int(size)
        return sizes

    def addresses(self, program: Path) -> dict[str, int]:
        """Addresses of the symbols that a program defines."""
        lines = (line.split() for line in _tool(self.nm, program).splitlines())
        return {fields[2]: int(fields[0], 16) for fields in lines if len(fields) == 3}

    def defined(self, file: Path) -> set[str]:
        """Names of the global symbols that an object or library defines."""
        lines = (line.split() for line in _tool(self.nm, "-g", file).splitlines())
        return {fields[2] for fields in lines if len(fields) == 3}

    def undefined(self, file: Path) -> set[str]:
        """Names of the symbols that an object needs from elsewhere."""
        return set(_tool(self.nm, "-u", "--format=just-symbols", file).split())


@functools.cache
def available(name: str) -> str | None:
    """Why programs for `name` cannot be built and run here, or None when they can."""
    machine = Machine(name)
    for tool in (machine.compiler[0], machine.emulator[0], "cc"):
        if shutil.which(tool) is None:
            return f"{tool} is missing (Debian: apt install {_PACKAGES[tool]})"
    if " -plugin " not in _tool(machine.emulator[0], "-help").replace("\n", " "):
        return f"{machine.emulator[0]} was built without plugins"
    library = [*machine.compiler, *machine.compile_args, "-fsyntax-only", "-xc", "-"]
    check = subprocess.run(
        library, input="#include <stdio.h>", text=True, capture_output=True, check=False
    )
    if check.returncode != 0:
        packages = _PACKAGES[machine.compiler[0]]
        return f"{machine.compiler[0]} has no C library (Debian: apt install {packages})"
    return None


def _cross_file(path: Path) -> Mapping[str, Mapping[str, Any]]:
    """The sections of a Meson machine file whose values are plain literals."""
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.read_string(path.read_text().replace("@DIRNAME@", str(path.parent)))
    return {
        section: {key: ast.literal_eval(value) for key, value in parser[section].items()}
        for section in parser.sections()
    }


def _plugin_args(
    emulator: str, addresses: Mapping[str, int], folder: Path, log: Path
) -> list[str]:
    """Arguments that make QEMU write the windows' counts to `log`; none without markers."""
    if not {"window_begin", "window_end"} <= addresses.keys():
        return []
    plugin = _build_plugin(emulator, folder / "count.so")
    begin, end = addresses["window_begin"], addresses["window_end"]
    arguments = f"file={plugin},begin={begin:x},end={end:x}"
    return ["-d", "plugin", "-D", str(log), "-plugin", arguments]


def _build_plugin(emulator: str, out: Path) -> Path:
    """Build count.c for the plugin interface of the emulator: version 1, from QEMU 9 on 2."""
    found = re.search(r"version (\d+)", _tool(emulator, "--version"))
    interface = 2 if found and int(found[1]) >= 9 else 1
    define = f"-DQEMU_PLUGIN_VERSION={interface}"
    flags = ("-std=c11", "-O2", "-shared", "-fPIC", "-fvisibility=hidden")
    _tool("cc", *flags, define, HERE / "count.c", "-o", out)
    return out


def _includes(folders: Sequence[Path]) -> list[str]:
    return [f"-I{folder}" for folder in folders]


def _tool(*command: str | Path) -> str:
    """Run a tool and return its output. On failure, its messages have been shown on stderr."""
    return subprocess.run(
        [str(part) for part in command], stdout=subprocess.PIPE, text=True, check=True
    ).stdout
