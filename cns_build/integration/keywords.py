# SPDX-License-Identifier: Apache-2.0
"""What the Meson module and the SCons tool share: keywords as options, and what compilers are.

The SCons tool loads this file by its path, into a Python that need not have cns: it imports
nothing but the standard library.
"""

from __future__ import annotations

import itertools
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

# Objects from these may be used on another machine, so "native" has to be spelled out for them.
SHARING_LAUNCHERS = ("ccache", "sccache", "distcc", "icecc")

# Libraries that validators read more formats with where they are installed, and what says so in C.
READERS = {"serd-0": "-DCNS_WITH_SERD", "zlib": "-DCNS_WITH_ZLIB"}

CALL_GRAPH = "-fcallgraph-info=su"  # gcc writes what a stack budget is checked by


def as_list(value: Any) -> list[Any]:
    """Return what a keyword was given as a flat list: nothing, one value, or nested lists."""
    if value is None:
        return []
    if not isinstance(value, list):
        return [value]
    return [item for entry in value for item in as_list(entry)]


def compile_options(kwargs: dict[str, Any]) -> list[str]:
    """Return the options of `cnsc compile` that keywords ask for, without those of files."""
    options = []
    for keyword in ("axioms", "depth", "engine", "exists", "report", "strings", "tick_budget"):
        if keyword in kwargs:
            options += [f"--{keyword.replace('_', '-')}", str(kwargs[keyword])]
    named = {
        "infer": "--infer",
        "queried": "--queried",
        "records": "--record",
        "waive": "--waive",
    }
    for keyword, option in named.items():
        options += each(option, as_list(kwargs.get(keyword)))
    capacity = kwargs.get("capacity", {})
    tables = {
        "--capacity": capacity if isinstance(capacity, dict) else {},
        "--kind": kwargs.get("kinds", {}),
        "--unchecked": kwargs.get("unchecked", {}),
    }
    if isinstance(capacity, int):
        options += ["--capacity", str(capacity)]
    for option, table in tables.items():
        for key, value in table.items():
            options += [option, f"{key}={value}"]
    for keyword in ("detail", "inline_strings", "layout", "trust_text"):
        if kwargs.get(keyword):
            options.append(f"--{keyword.replace('_', '-')}")
    return options + as_list(kwargs.get("args"))


def each(option: str, values: list[Any]) -> list[Any]:
    """Return the option once for each of the values."""
    return [word for value in values for word in (option, value)]


def writes_map(kwargs: dict[str, Any]) -> bool:
    """Return whether the keywords ask for the map of the model: `map`, or `strings: 'ids'`."""
    return bool(kwargs.get("map", kwargs.get("strings") == "ids"))


def stack_options(kwargs: dict[str, Any]) -> list[str]:
    """Return the options of `cnsc stack` that keywords ask for."""
    options = ["--budget", str(kwargs["stack_budget"]), "--depth", compiled_depth(kwargs)]
    external = kwargs.get("stack_external", {})
    if isinstance(external, int):
        return [*options, "--external", str(external)]
    return options + each("--external", [f"{name}={size}" for name, size in external.items()])


def compiled_depth(kwargs: dict[str, Any]) -> str:
    """Return the depth that a model is compiled with: `args` come last, so they win."""
    depth = str(kwargs.get("depth", default_depth()))
    for word, following in itertools.pairwise([*as_list(kwargs.get("args")), ""]):
        if word == "--depth":
            depth = following
        elif word.startswith("--depth="):
            depth = word.removeprefix("--depth=")
    return depth


def default_depth() -> str:
    """Return the depth of a build that says none."""
    text = (Path(__file__).resolve().parents[1] / "options.py").read_text("utf-8")
    (depth,) = re.findall(r"^DEFAULT_DEPTH = (\d+)", text, re.MULTILINE)
    return str(depth)


def validator_options(kwargs: dict[str, Any]) -> list[str]:
    """Return the options of `cnsc validator` that keywords ask for, without those of files."""
    options = ["--strict"] if kwargs.get("strict") else []
    for keyword in ("axioms", "exists", "inference", "recursion"):
        if keyword in kwargs:
            options += [f"--{keyword}", str(kwargs[keyword])]
    for keyword in ("infer", "waive"):
        options += each(f"--{keyword}", as_list(kwargs.get(keyword)))
    return options + as_list(kwargs.get("args"))


def split_launcher(command: list[str]) -> tuple[str, list[str]]:
    """Return the name of what may share the objects of a compiler, or "", and the compiler alone.

    Launchers may start each other, and distributions link /usr/lib/ccache/gcc to one.
    """
    launcher = ""
    while command and os.path.basename(command[0]) in SHARING_LAUNCHERS:
        launcher, command = os.path.basename(command[0]), command[1:]
    if command and not launcher:
        program = os.path.basename(os.path.realpath(shutil.which(command[0]) or command[0]))
        launcher = program if program in SHARING_LAUNCHERS else ""
    return launcher, command


def explicit_native(command: list[str]) -> list[str]:
    """Return what -march=native means to gcc on this machine, spelled out; [] where it won't say.

    The processor's name alone would not do: a virtual machine may hide instructions that the
    named processor has, which gcc then excludes one by one.
    """
    probe = [*command, "-march=native", "-E", "-v", "-x", "c", os.devnull]
    shown = subprocess.run(probe, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    for line in shown.stderr.splitlines():
        words = shlex.split(line) if " -march=" in line and "cc1" in line else []
        if words:
            return [word for word in words if word.startswith("-m") and word != "-march=native"]
    return []
