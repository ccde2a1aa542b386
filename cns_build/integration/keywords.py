# SPDX-License-Identifier: Apache-2.0
"""What the Meson module and the SCons tool share: keywords as options, and what compilers are.

The SCons tool loads this file by its path, into a Python that need not have cns: it imports
nothing but the standard library.
"""

from __future__ import annotations

import difflib
import itertools
import os
import re
import shlex
import shutil
import subprocess
from collections import UserList
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

# Objects from these may be used on another machine, so "native" has to be spelled out for them.
SHARING_LAUNCHERS = ("ccache", "sccache", "distcc", "icecc")

# Libraries that validators read more formats with where they are installed, and what says so in C.
READERS = {"serd-0": "-DCNS_WITH_SERD", "zlib": "-DCNS_WITH_ZLIB"}

CALL_GRAPH = "-fcallgraph-info=su"  # gcc writes what a stack budget is checked by


def as_list(value: Any) -> list[Any]:
    """Return what a keyword was given as a flat list: nothing, one value, or nested lists."""
    if value is None:
        return []
    if not isinstance(value, (list, tuple, UserList)):
        return [value]
    return [item for entry in value for item in as_list(entry)]


class Kind(NamedTuple):
    """What a keyword takes, in words and as a test of its value."""

    text: str
    accepts: Callable[[Any], bool]


def is_number(value: Any) -> bool:
    """Return whether a value is an integer: a bool is one to Python, not to a build."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_table(value: Any) -> bool:
    """Return whether a value is a dictionary of integers."""
    return isinstance(value, dict) and all(is_number(item) for item in value.values())


def listed(accepts: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Return the test of a list of such values; a list may be given as one value."""
    return lambda value: all(accepts(item) for item in as_list(value))


def one_of(*choices: str) -> Kind:
    """Return what a keyword with these choices takes."""
    return Kind(f"one of {', '.join(choices)}", lambda value: value in choices)


NUMBER = Kind("an integer", is_number)
NUMBERS = Kind(
    "an integer, or a dictionary of integers", lambda value: is_number(value) or is_table(value)
)
SWITCH = Kind("true or false", lambda value: isinstance(value, bool))
TABLE = Kind("a dictionary of integers", is_table)
TEXT = Kind("a string", lambda value: isinstance(value, str))
TEXTS = Kind("a string or a list of strings", listed(lambda value: isinstance(value, str)))

# The keywords that name no files: of all functions that read shapes or ontologies,
SOURCE_KINDS = {
    "args": TEXTS,
    "axioms": one_of("none", "constraints"),
    "exists": one_of("info", "warning", "violation"),
    "infer": TEXTS,
    "waive": TEXTS,
}
# of images and C code: the checks, and the records that they are of,
MODEL_KINDS = SOURCE_KINDS | {
    "capacity": NUMBERS,
    "depth": NUMBER,
    "detail": SWITCH,
    "inline_strings": SWITCH,
    "kinds": TABLE,
    "layout": SWITCH,
    "map": SWITCH,
    "records": TEXTS,
    "report": one_of("all", "first", "conforms"),
    "strings": one_of("none", "ids", "full"),
    "summary": TEXT,
    "tick_budget": NUMBER,
    "trust_text": SWITCH,
    "unchecked": TABLE,
}
# of C code alone,
COMPILE_KINDS = MODEL_KINDS | {
    "engine": one_of("native", "bytecode", "both"),
    "queried": TEXTS,
}
# of libraries beside it,
LIBRARY_KINDS = {
    "c_args": TEXTS,
    "stack_budget": NUMBER,
    "stack_external": NUMBERS,
}
# and of programs that validate graphs.
VALIDATOR_KINDS = SOURCE_KINDS | {
    "c_args": TEXTS,
    "inference": one_of("none", "rdfs", "owlrl"),
    "recursion": NUMBER,
    "strict": SWITCH,
}


def wrong_keyword(kwargs: dict[str, Any], known: dict[str, Kind]) -> str | None:
    """Return what is wrong with the keywords of a call: an unknown one, or a value of a kind."""
    for keyword, value in kwargs.items():
        if keyword not in known:
            close = difflib.get_close_matches(keyword, known, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(sorted(known))}"
            return f"unknown keyword {keyword!r}; {hint}"
        kind = known[keyword]
        if not kind.accepts(value):
            return f"{keyword} takes {kind.text}, not {value!r}"
    if "stack_external" in kwargs and "stack_budget" not in kwargs:
        return "stack_external says what a stack_budget assumes, and there is none: add one"
    return None


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
