# SPDX-License-Identifier: Apache-2.0
"""The keywords of each function of Meson's import('cns'), and what is wrong with a call."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mesonbuild.build import IncludeDirs
from mesonbuild.mesonlib import File

from cns_build.integration.keywords import as_list
from cns_build.integration.meson_language import fail
from cns_build.ir.names import is_model_name


@dataclass(frozen=True)
class Kind:
    """What a keyword takes, in words and as a test of its value."""

    text: str
    accepts: Callable[[Any], bool]


def is_file(value: Any) -> bool:
    """Return whether a value names a file that is there when the build is configured."""
    return isinstance(value, (str, File))


def is_input(value: Any) -> bool:
    """Return whether a value is a file, or the outputs of a target."""
    return is_file(value) or hasattr(value, "get_outputs")


def is_number(value: Any) -> bool:
    """Return whether a value is an integer: a bool is one to Python, not to a meson.build."""
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


FILES = Kind("a string, a file, or a list of them", listed(is_file))
FOLDERS = Kind(
    "include_directories(), a string, or a list of them",
    listed(lambda value: isinstance(value, (str, IncludeDirs))),
)
INPUTS = Kind("a string, a file, an output of a target, or a list of them", listed(is_input))
NUMBER = Kind("an integer", is_number)
NUMBERS = Kind(
    "an integer, or a dictionary of integers", lambda value: is_number(value) or is_table(value)
)
REQUIRED = Kind(
    "true, false or a feature option",
    lambda value: isinstance(value, bool) or hasattr(value, "is_enabled"),
)
SWITCH = Kind("true or false", lambda value: isinstance(value, bool))
TABLE = Kind("a dictionary of integers", is_table)
TEXT = Kind("a string", lambda value: isinstance(value, str))
TEXTS = Kind("a string or a list of strings", listed(lambda value: isinstance(value, str)))

# What all functions that read shapes or ontologies take.
SOURCE_KEYWORDS = {
    "args": TEXTS,
    "axioms": one_of("none", "constraints"),
    "catalog": FILES,
    "depend_files": FILES,
    "exists": one_of("info", "warning", "violation"),
    "imports": INPUTS,
    "infer": TEXTS,
    "install_dir": TEXT,
    "shapes": INPUTS,
    "waive": TEXTS,
}
# What images and C code have in common: the checks, and the records that they are of.
MODEL_KEYWORDS = SOURCE_KEYWORDS | {
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
# Of what may be missing, and of what is compiled for a machine.
RUNTIME_KEYWORDS = {
    "disabler": SWITCH,
    "native": SWITCH,
    "required": REQUIRED,
}
COMPILE_KEYWORDS = MODEL_KEYWORDS | {
    "bind": INPUTS,
    "engine": one_of("native", "bytecode", "both"),
    "install_header": SWITCH,
    "queried": TEXTS,
}
IMAGE_KEYWORDS = MODEL_KEYWORDS | {
    "build_by_default": SWITCH,
    "install": SWITCH,
    "onto": INPUTS,
    "output": TEXT,
}
ONTOLOGY_KEYWORDS = (
    COMPILE_KEYWORDS
    | RUNTIME_KEYWORDS
    | {
        "c_args": TEXTS,
        "include_directories": FOLDERS,
        "install": SWITCH,
        "stack_budget": NUMBER,
        "stack_external": NUMBERS,
    }
)
VALIDATOR_KEYWORDS = (
    SOURCE_KEYWORDS
    | RUNTIME_KEYWORDS
    | {
        "c_args": TEXTS,
        "inference": one_of("none", "rdfs", "owlrl"),
        "install": SWITCH,
        "ontologies": INPUTS,
        "recursion": NUMBER,
        "strict": SWITCH,
    }
)


def check_keywords(what: str, kwargs: dict[str, Any], known: dict[str, Kind]) -> None:
    """Fail where a call of `what` has an unknown keyword, or a value of another kind."""
    for keyword, value in kwargs.items():
        if keyword not in known:
            close = difflib.get_close_matches(keyword, known, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(sorted(known))}"
            fail(f"{what}: unknown keyword {keyword!r}; {hint}")
        kind = known[keyword]
        if not kind.accepts(value):
            fail(f"{what}: {keyword} takes {kind.text}, not {value!r}")


def check_call(what: str, args: list[Any], kwargs: dict[str, Any], known: dict[str, Kind]) -> str:
    """Return the first argument, a name; fail where a call of `what` has a wrong argument."""
    if not args or not isinstance(args[0], str):
        fail(f"{what}: the first argument is a name, a string")
    if not INPUTS.accepts(args[1:]):
        fail(f"{what}: ontologies follow the name, each {INPUTS.text}, not {args[1:]!r}")
    check_keywords(what, kwargs, known)
    if not as_list([kwargs.get("shapes"), args[1:], kwargs.get("ontologies")]):
        fail(f"{what}: {args[0]!r} has neither shapes nor an ontology: name a file of one")
    return args[0]


def check_model(what: str, args: list[Any], kwargs: dict[str, Any], known: dict[str, Kind]) -> str:
    """Return a model's name; fail where a call of `what` has a wrong argument."""
    name = check_call(what, args, kwargs, known)
    if not is_model_name(name):
        fail(
            f"{what}: {name!r} begins the names of C functions: use a C identifier in lower case "
            "that does not begin with cns"
        )
    return name
