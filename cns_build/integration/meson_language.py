# SPDX-License-Identifier: Apache-2.0
"""The build language of Meson as Python calls; knows nothing of cns.

Meson promises no stability to modules from outside, and all to the functions that a meson.build
calls and the keywords that it documents: these are what is called here. The one exception is
`absolute_file`, since files() of a subproject takes no file of the main project.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

from mesonbuild.mesonlib import File, MesonException


class Unavailable(MesonException):  # type: ignore[misc] # mesonbuild ships no types
    """What a call asks for cannot be had on this machine, however the call is written."""


def fail(message: str) -> NoReturn:
    """Stop the configuration with a message at the current line of the meson.build."""
    raise MesonException(message)


def absolute_file(path: str | Path) -> Any:
    """Return a file for functions of the build language, wherever it lies."""
    return File.from_absolute_file(str(path))


class Language:
    """Calls functions and methods of the build language."""

    def __init__(self, module: Any) -> None:
        self.module = module

    @property
    def interpreter(self) -> Any:
        """The interpreter of the project that calls: all projects of a build share one module."""
        return self.module.interpreter

    def call(self, function: str, *args: Any, **kwargs: Any) -> Any:
        """Call a function of the build language, such as custom_target."""
        node = self.interpreter.current_node
        return self.interpreter.funcs[function](node, list(args), kwargs)

    def meson(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method of the build language's `meson` object."""
        return self.interpreter.builtin["meson"].method_call(method, list(args), kwargs)

    def machine(self, method: str, native: bool) -> Any:
        """Call a method of `build_machine` where native, else of `host_machine`."""
        name = "build_machine" if native else "host_machine"
        return self.interpreter.builtin[name].method_call(method, [], {})

    def method(self, value: Any, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method of a value, which a meson.build never sees bare, but in its holder."""
        holder = self.interpreter._holderify(value)
        return holder.method_call(method, list(args), kwargs)

    def compiler(self, native: bool, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method of the C compiler for a machine; raise Unavailable where there is none."""
        try:
            compiler = self.meson("get_compiler", "c", native=native)
        except MesonException as error:
            where = ", native: true" if native else ""
            fix = f"add 'c' to the languages of project(), or add_languages('c'{where})"
            raise Unavailable(f"cns generates C: {fix}") from error
        return self.method(compiler, method, *args, **kwargs)
