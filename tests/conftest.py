# SPDX-License-Identifier: Apache-2.0
"""Fixtures that several test modules use."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests.cmake import CMake
from tests.meson import Project, compile_project, setup_project
from tests.paths import ROOT
from tests.scons import SCons


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let flags rewrite the golden cases, and the pages that tests make."""
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite the cases in tests/golden"
    )
    parser.addoption("--update-docs", action="store_true", help="rewrite what pages in docs/ show")


def pytest_configure(config: pytest.Config) -> None:
    """Let nothing come from a cache, and name processors in tests alone.

    Meson puts a cache before a compiler that nobody names.
    """
    for name in ("CNS_CACHE_DIR", "CNS_MARCH"):
        os.environ.pop(name, None)
    if shutil.which("cc"):
        os.environ.setdefault("CC", "cc")


@pytest.fixture
def project(tmp_path: Path) -> Callable[[dict[str, str]], Project]:
    """Write a Meson project: a function from file names and texts to the project."""

    def write(files: dict[str, str]) -> Project:
        made = Project(tmp_path / "project", tmp_path / "build")
        for name, text in files.items():
            made.write(name, text)
        return made

    return write


@pytest.fixture
def cmake(tmp_path: Path) -> Callable[[dict[str, str]], CMake]:
    """Write a CMake project: a function from file names and texts to the project."""

    def write(files: dict[str, str]) -> CMake:
        made = CMake(tmp_path / "project", tmp_path / "build")
        for name, text in files.items():
            made.write(name, text)
        return made

    return write


@pytest.fixture
def scons(tmp_path: Path) -> Callable[[dict[str, str]], SCons]:
    """Write an SCons project: a function from file names and texts to the project."""

    def write(files: dict[str, str]) -> SCons:
        made = SCons(tmp_path / "project", tmp_path / "project" / "build")
        for name, text in files.items():
            made.write(name, text)
        return made

    return write


@pytest.fixture(scope="session")
def native(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """Build the Cython binding from the tree and load it."""
    if not Path(sysconfig.get_path("include"), "Python.h").exists():
        pytest.skip("no Python.h: apt install python3-dev")
    build = tmp_path_factory.mktemp("native") / "build"
    setup_project(ROOT, build, "-Dpython=enabled", "-Dwerror=true")
    compile_project(build)
    binary = build / "cns_build" / f"_native{sysconfig.get_config_var('EXT_SUFFIX')}"
    spec = importlib.util.spec_from_file_location("cns_build._native", binary)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
