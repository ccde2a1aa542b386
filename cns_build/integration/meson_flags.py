# SPDX-License-Identifier: Apache-2.0
"""The compiler flags of generated code and runtime in a Meson build."""

from __future__ import annotations

import os

from cns_build.integration.keywords import CALL_GRAPH, explicit_native, split_launcher
from cns_build.integration.meson_language import Language


class Flags:
    """What flags code has that is not the project's, for the host and for the build machine."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.base: dict[bool, list[str]] = {}

    def own(self, c_args: list[str], native: bool) -> list[str]:
        """Return the compiler flags of generated code; they come after the project's own.

        Release builds use the build machine's instructions unless the target is another machine,
        CNS_MARCH or c_args name some, or the compiler says nothing usable. NaN and -0.0 decide
        results, so -ffast-math of the project is undone. gcc writes call graphs in any case: one
        runtime serves models with a stack budget and without.
        """
        if native not in self.base:
            wanted = ["-fno-fast-math", CALL_GRAPH]
            supported = self.language.compiler(native, "get_supported_arguments", wanted)
            self.base[native] = supported
        if any(flag.startswith(("-march=", "-mcpu=")) for flag in c_args):
            return [*self.base[native], *c_args]
        return [*self.base[native], *self.machine(native), *c_args]

    def machine(self, native: bool) -> list[str]:
        """Return the flags that name the target's instructions, if any."""
        if self.language.meson("is_cross_build") and not native:
            return []
        named = os.environ.get("CNS_MARCH")
        if named is not None:
            return [f"-march={named}"] if named else []
        if str(self.language.call("get_option", "optimization")) != "3":
            return []
        launcher, compiler = self.compiler(native)
        if launcher:
            return explicit_native(compiler)
        wanted = "-march=native"
        supported: list[str] = self.language.compiler(native, "get_supported_arguments", wanted)
        return supported

    def compiler(self, native: bool) -> tuple[str, list[str]]:
        """Return what starts the compiler and may share its objects, if any, and the compiler."""
        return split_launcher(self.language.compiler(native, "cmd_array"))
