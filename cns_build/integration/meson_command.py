# SPDX-License-Identifier: Apache-2.0
"""The commands that Meson's import('cns') declares: words, inputs and environment."""

from __future__ import annotations

import os
import sys
from typing import Any

from cns_build import __version__
from cns_build.integration.keywords import as_list

# Python ignores the unknown -X: a new version makes a new command, hence a new run, even where
# the upgraded files carry old dates.
CNSC = (sys.executable, "-X", f"cns={__version__}", "-m", "cns_build")


class Inputs:
    """The inputs of a custom_target, and the words of its command that stand for them."""

    def __init__(self) -> None:
        self.files: list[Any] = []
        self.count = 0

    def words(self, files: Any) -> list[str]:
        """Add files; return an @INPUTn@ word for each, of which a target's outputs may be more."""
        first = self.count
        for file in as_list(files):
            self.files.append(file)
            self.count += len(file.get_outputs()) if hasattr(file, "get_outputs") else 1
        return [f"@INPUT{index}@" for index in range(first, self.count)]


def generator_environment() -> dict[str, str]:
    """Return the environment variables that the generator needs: none, unless cns is editable.

    An editable install by meson-python rebuilds itself on import, and of the many generators that
    ninja starts at once some would find it half built. Told to skip, they import the tree.
    """
    finders = [finder for finder in sys.meta_path if type(finder).__name__ == "MesonpyMetaFinder"]
    builds = [finder._build_path for finder in finders if hasattr(finder, "_build_path")]
    return {"MESONPY_EDITABLE_SKIP": os.pathsep.join(builds)} if builds else {}


def given(kwargs: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return those of the keywords that were given."""
    return {name: kwargs[name] for name in names if name in kwargs}
