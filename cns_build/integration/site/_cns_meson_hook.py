# SPDX-License-Identifier: Apache-2.0
"""Let Meson find cns: make import('cns') of a meson.build load cns_build's module.

Runs at every start of Python, so it imports nothing more and never raises. The finder stands last
in sys.meta_path: a module that Meson itself may ship one day wins.
"""

import sys

TYPE_CHECKING = False  # as type checkers read it; importing typing would cost every start 5 ms
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec


class CnsMesonFinder:
    """Finds mesonbuild.modules.cns in the installed cns_build package."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> "ModuleSpec | None":
        """Return the spec of the Meson module, None for every other name."""
        if name != "mesonbuild.modules.cns":
            return None
        import importlib.util
        import os

        package = importlib.util.find_spec("cns_build")
        if package is None or package.origin is None:
            return None
        folder = os.path.join(os.path.dirname(package.origin), "integration")
        return importlib.util.spec_from_file_location(name, f"{folder}/meson_module.py")


def install() -> None:
    """Append the finder to sys.meta_path, once."""
    if CnsMesonFinder not in sys.meta_path:
        sys.meta_path.append(CnsMesonFinder)
