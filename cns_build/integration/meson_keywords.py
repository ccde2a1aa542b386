# SPDX-License-Identifier: Apache-2.0
"""The keywords of each function of Meson's import('cns'), and what is wrong with a call."""

from __future__ import annotations

from typing import Any

from mesonbuild.build import IncludeDirs
from mesonbuild.mesonlib import File

from cns_build.integration.keywords import (
    COMPILE_KINDS,
    LIBRARY_KINDS,
    MODEL_KINDS,
    SWITCH,
    TEXT,
    VALIDATOR_KINDS,
    Kind,
    as_list,
    listed,
    wrong_keyword,
)
from cns_build.integration.meson_language import fail
from cns_build.ir.names import is_model_name


def is_file(value: Any) -> bool:
    """Return whether a value names a file that is there when the build is configured."""
    return isinstance(value, (str, File))


def is_input(value: Any) -> bool:
    """Return whether a value is a file, or the outputs of a target."""
    return is_file(value) or hasattr(value, "get_outputs")


FILES = Kind("a string, a file, or a list of them", listed(is_file))
FOLDERS = Kind(
    "include_directories(), a string, or a list of them",
    listed(lambda value: isinstance(value, (str, IncludeDirs))),
)
INPUTS = Kind("a string, a file, an output of a target, or a list of them", listed(is_input))
REQUIRED = Kind(
    "true, false or a feature option",
    lambda value: isinstance(value, bool) or hasattr(value, "is_enabled"),
)

# The keywords of the kinds that all build systems share have these beside them: files of Meson's,
SOURCE_KEYWORDS = {
    "catalog": FILES,
    "depend_files": FILES,
    "imports": INPUTS,
    "install_dir": TEXT,
    "shapes": INPUTS,
}
# and of what may be missing, and of what is compiled for a machine, those of Meson's functions.
RUNTIME_KEYWORDS = {
    "disabler": SWITCH,
    "native": SWITCH,
    "required": REQUIRED,
}
COMPILE_KEYWORDS = (
    SOURCE_KEYWORDS
    | COMPILE_KINDS
    | {
        "bind": INPUTS,
        "install_header": SWITCH,
    }
)
IMAGE_KEYWORDS = (
    SOURCE_KEYWORDS
    | MODEL_KINDS
    | {
        "build_by_default": SWITCH,
        "install": SWITCH,
        "onto": INPUTS,
        "output": TEXT,
    }
)
ONTOLOGY_KEYWORDS = (
    COMPILE_KEYWORDS
    | LIBRARY_KINDS
    | RUNTIME_KEYWORDS
    | {
        "include_directories": FOLDERS,
        "install": SWITCH,
    }
)
VALIDATOR_KEYWORDS = (
    SOURCE_KEYWORDS
    | VALIDATOR_KINDS
    | RUNTIME_KEYWORDS
    | {
        "install": SWITCH,
        "ontologies": INPUTS,
    }
)


def check_keywords(what: str, kwargs: dict[str, Any], known: dict[str, Kind]) -> None:
    """Fail where a call of `what` has an unknown keyword, or a value of another kind."""
    wrong = wrong_keyword(kwargs, known)
    if wrong:
        fail(f"{what}: {wrong}")


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
