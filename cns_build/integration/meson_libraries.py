# SPDX-License-Identifier: Apache-2.0
"""The libraries of a project that Meson's import('cns') declares: each once for each machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cns_build.integration.keywords import READERS
from cns_build.integration.locations import host_sources, runtime_dir, runtime_sources
from cns_build.integration.meson_flags import Flags
from cns_build.integration.meson_language import Language, absolute_file

OWN_OPTIONS = ["c_std=c11", "unity=off", "werror=false"]  # of code that is not the project's


class Libraries:
    """Static libraries of generated code, the runtime, and what validators need beside it."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.flags = Flags(language)
        # Of the host machine under False, of the build machine under True.
        self.runtimes: dict[bool, tuple[Any, Any]] = {}
        self.hosts: dict[bool, Any] = {}
        self.header_installed = False

    def install_header(self) -> None:
        """Install the runtime's header, once."""
        if not self.header_installed:
            header = absolute_file(runtime_dir() / "include" / "cns" / "cns.h")
            self.language.call("install_headers", header, subdir="cns")
            self.header_installed = True

    def folder(self, path: Path) -> Any:
        """Return a dependency that is a folder of headers.

        include_directories() takes no absolute path into a project, where a .venv may lie, and a
        relative one is wrong below a subdir() that is a link.
        """
        return self.language.call("declare_dependency", compile_args=[f"-I{path}"])

    def runtime(self, native: bool) -> tuple[Any, Any]:
        """Return the runtime's dependency and library."""
        if native not in self.runtimes:
            headers = self.folder(runtime_dir() / "include")
            sources = [absolute_file(path) for path in runtime_sources()]
            library = self.static("cns", sources, [], native, dependencies=[headers])
            dependency = self.language.call(
                "declare_dependency", link_with=[library], dependencies=[headers]
            )
            self.runtimes[native] = dependency, library
        return self.runtimes[native]

    def hosted(self, native: bool) -> Any:
        """Return the dependency of validators."""
        if native not in self.hosts:
            dependencies = [
                self.folder(runtime_dir()),
                self.runtime(native)[0],
                self.language.call("dependency", "threads", native=native),
                self.language.compiler(native, "find_library", "m", required=False),
            ]
            defines = []
            for name, define in READERS.items():
                found = self.language.call("dependency", name, required=False, native=native)
                if found.found():
                    dependencies.append(found)
                    defines.append(define)
            library = self.static(
                "cns_host",
                [absolute_file(path) for path in host_sources()],
                defines,
                native,
                dependencies=dependencies,
            )
            self.hosts[native] = self.language.call(
                "declare_dependency", link_with=[library], dependencies=dependencies
            )
        return self.hosts[native]

    def static(
        self, name: str, sources: list[Any], c_args: list[str], native: bool, **kwargs: Any
    ) -> Any:
        """Declare a static library of generated or runtime code, with flags of its own."""
        # Position-independent tables hold addresses to be set at start: they would fill the RAM.
        if self.language.machine("system", native) == "none":
            kwargs["pic"] = False
        return self.language.call(
            "static_library",
            f"{name}_native" if native else name,
            sources=sources,
            c_args=self.flags.own(c_args, native),
            gnu_symbol_visibility="hidden",
            implicit_include_directories=False,
            native=native,
            override_options=OWN_OPTIONS,
            **kwargs,
        )
