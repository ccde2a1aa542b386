# SPDX-License-Identifier: Apache-2.0
"""Where the files lie that are not Python: beside the package in a tree, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent

# What the generator imports from other packages; pyproject.toml says which releases.
PACKAGES = ("jinja2", "pyoxigraph", "rdflib")


def data_dir(name: str) -> Path:
    """Return the folder `runtime` or `templates`; raise FileNotFoundError in a broken install.

    A real path rather than an importlib.resources traversable: C compilers open these files.
    """
    for parent in (PACKAGE, PACKAGE.parent):
        if (parent / name).is_dir():
            return parent / name
    raise FileNotFoundError(f"cns is not installed completely: no folder {name} near {PACKAGE}")


def runtime_dir() -> Path:
    """Return the folder of the C runtime; its public header is include/cns/cns.h."""
    return data_dir("runtime")


def runtime_sources() -> list[str]:
    """Return the absolute paths of the freestanding core's C files, sorted."""
    return sorted(str(path) for path in runtime_dir().glob("*.c"))


def host_sources() -> list[str]:
    """Return the absolute paths of the C files for systems with a heap and files, sorted."""
    return sorted(str(path) for path in (runtime_dir() / "host").glob("*.c"))


def integration_dir(build_system: str) -> Path:
    """Return the folder of what a build system loads: `cmake`, `scons` or `pkgconfig`."""
    return PACKAGE / "integration" / build_system


def generator_files() -> list[str]:
    """Return the absolute paths of what generated code depends on besides shapes, sorted."""
    folders = (
        *((PACKAGE, pattern) for pattern in ("**/*.py", "**/*.txt", "_native.*.so")),
        (data_dir("templates"), "*.j2"),
        (runtime_dir() / "include", "**/*.h"),  # the instruction sets
        (runtime_dir() / "host", "program.h"),
        # Files of a new release may have old dates, but this one has another name.
        (PACKAGE.parent, "cns-*.dist-info/METADATA"),
    )
    return sorted(str(path) for folder, pattern in folders for path in folder.glob(pattern))
