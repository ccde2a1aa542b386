# SPDX-License-Identifier: Apache-2.0
"""What the Meson module and the SCons tool share: keywords as options, and -march=native.

The SCons tool loads this file by its path, into a Python that need not have cns: it imports
nothing but the standard library.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from typing import Any

# Objects from these may be used on another machine, so "native" has to be spelled out for them.
SHARING_LAUNCHERS = ("ccache", "sccache", "distcc", "icecc")


def as_list(value: Any) -> list[Any]:
    """Return what a keyword was given as a flat list: nothing, one value, or nested lists."""
    if value is None:
        return []
    if not isinstance(value, list):
        return [value]
    return [item for entry in value for item in as_list(entry)]


def compile_options(kwargs: dict[str, Any], folder: str) -> list[str]:
    """Return the options of `cnsc compile` that keywords ask for; paths are relative to folder."""
    options = []
    for keyword in ("axioms", "depth", "engine", "exists", "report", "strings", "tick_budget"):
        if keyword in kwargs:
            options += [f"--{keyword.replace('_', '-')}", str(kwargs[keyword])]
    for path in as_list(kwargs.get("catalog")):
        options += ["--catalog", os.path.join(folder, path)]
    named = {
        "infer": "--infer",
        "queried": "--queried",
        "records": "--record",
        "waive": "--waive",
    }
    for keyword, option in named.items():
        for value in as_list(kwargs.get(keyword)):
            options += [option, value]
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


def writes_map(kwargs: dict[str, Any]) -> bool:
    """Return whether the keywords ask for the map of the model: `map`, or `strings: 'ids'`."""
    return bool(kwargs.get("map", kwargs.get("strings") == "ids"))


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
