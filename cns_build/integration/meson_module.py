# SPDX-License-Identifier: Apache-2.0
"""Meson's import('cns'): SHACL shapes as sources of a meson.build.

    cns = import('cns')
    sensors = cns.ontology('sensors', 'sensors.ttl', shapes: 'sensors.shacl')
    executable('thermostat', 'main.c', dependencies: sensors)

What it emits is the custom_target that docs/meson.md shows; a project can leave the module
without touching its C code.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mesonbuild.modules import ExtensionModule, ModuleInfo

from cns_build.integration.keywords import (
    CALL_GRAPH,
    as_list,
    compile_options,
    each,
    stack_options,
    validator_options,
    writes_map,
)
from cns_build.integration.locations import PACKAGES
from cns_build.integration.meson_command import CNSC, Inputs, generator_environment, given
from cns_build.integration.meson_keywords import (
    COMPILE_KEYWORDS,
    IMAGE_KEYWORDS,
    ONTOLOGY_KEYWORDS,
    RUNTIME_KEYWORDS,
    VALIDATOR_KEYWORDS,
    check_call,
    check_keywords,
    check_model,
)
from cns_build.integration.meson_language import Language, Unavailable, fail
from cns_build.integration.meson_libraries import OWN_OPTIONS, Libraries

INFO = ModuleInfo("cns")


class CnsModule(ExtensionModule):  # type: ignore[misc] # mesonbuild ships no types
    """What import('cns') returns, one for all projects of a build; found() is Meson's own."""

    INFO = INFO

    def __init__(self, interpreter: Any) -> None:
        super().__init__(interpreter)
        self.language = Language(self)
        self.projects: dict[str, Libraries] = {}
        self.methods.update(
            {
                "compile": self.compile,
                "image": self.image,
                "ontology": self.ontology,
                "runtime": self.runtime,
                "validator": self.validator,
            }
        )
        # An edited or upgraded module reconfigures the projects that use it.
        for file in sorted(Path(__file__).resolve().parent.glob("*.py")):
            interpreter.add_build_def_file(str(file))

    @property
    def libraries(self) -> Libraries:
        """What is declared in the project that calls; its options may differ from others'."""
        folder = self.language.meson("project_build_root")
        return self.projects.setdefault(folder, Libraries(self.language))

    # The functions of the module

    def compile(self, state: Any, args: list[Any], kwargs: dict[str, Any]) -> list[Any]:
        """compile(name, ontology…, shapes:, …): the targets [name.c, name.h].

        Without shapes, they are a vocabulary.
        """
        name = check_model("cns.compile", args, kwargs, COMPILE_KEYWORDS)
        self.need_generator()
        return self.generate(name, args[1:], kwargs)

    def image(self, state: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """image(name, ontology…, shapes:, …): the target of name.cnsi, checks as bytecode."""
        name = check_model("cns.image", args, kwargs, IMAGE_KEYWORDS)
        self.need_generator()
        output = kwargs.get("output", f"{name}.cnsi")
        inputs = Inputs()
        options = ["--name", name, "--image", "@OUTPUT0@"]
        options += each("--onto", inputs.words(kwargs.get("onto")))
        where = given(kwargs, "install_dir")
        if where:
            where["install_dir"] = [where["install_dir"], *not_installed(kwargs)]
        target = self.compiled(
            args[1:],
            kwargs,
            inputs,
            options,
            [output],
            build_by_default=kwargs.get("build_by_default", True),
            **given(kwargs, "install"),
            **where,
        )
        return target if len(target.get_outputs()) == 1 else target[0]

    def ontology(self, state: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """ontology(name, ontology…, shapes:, …): a dependency with header, handlers, runtime.

        Without shapes, it is a vocabulary.
        """
        name = check_model("cns.ontology", args, kwargs, ONTOLOGY_KEYWORDS)
        needed = [self.need_compiler, self.need_generator]
        if "stack_budget" in kwargs:
            needed.append(self.need_call_graphs)
        if not self.has("cns.ontology", kwargs, needed):
            return self.absent("dependency", kwargs)
        sources = self.generate(name, args[1:], kwargs)
        native = kwargs.get("native", False)
        runtime, runtime_library = self.libraries.runtime(native)
        folders = [
            self.language.call("include_directories", "."),
            *as_list(kwargs.get("include_directories")),
        ]
        library = self.libraries.static(
            f"cns_{name}",
            sources,
            as_list(kwargs.get("c_args")),
            native,
            dependencies=[runtime],
            include_directories=folders,
            **given(kwargs, "install"),
        )
        headers = sources[1:]
        if "stack_budget" in kwargs:
            headers.append(self.check_stack(name, (library, runtime_library), kwargs))
        return self.language.call(
            "declare_dependency",
            sources=headers,
            include_directories=folders,
            link_with=[library],
            dependencies=[runtime],
        )

    def runtime(self, state: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """runtime(): the dependency of generated code, for users of compile()."""
        if args:
            fail("cns.runtime takes no arguments but keywords")
        check_keywords("cns.runtime", kwargs, RUNTIME_KEYWORDS)
        if not self.has("cns.runtime", kwargs, [self.need_compiler]):
            return self.absent("dependency", kwargs)
        return self.libraries.runtime(kwargs.get("native", False))[0]

    def validator(self, state: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """validator(name, ontology…, shapes:, …): a program that validates RDF data."""
        name = check_call("cns.validator", args, kwargs, VALIDATOR_KEYWORDS)
        axioms_count = kwargs.get("axioms") == "constraints" or kwargs.get("inference") == "owlrl"
        if not as_list(kwargs.get("shapes")) and not axioms_count:
            fix = "name a SHACL file with shapes:, or say axioms: 'constraints'"
            fail(f"cns.validator: {name!r} has no shapes: {fix}")
        if not self.has(
            "cns.validator", kwargs, [self.need_compiler, self.need_generator, self.need_system]
        ):
            return self.absent("find_program", kwargs)
        native = kwargs.get("native", False)
        inputs = Inputs()
        shapes = inputs.words(kwargs.get("shapes"))
        ontologies = inputs.words([args[1:], kwargs.get("ontologies")])
        source = self.custom_target(
            kwargs,
            inputs,
            [f"{name}.c"],
            ["validator", *each("--shapes", shapes), *each("--ontology", ontologies)],
            ["--emit-c", "@OUTPUT@", "--depfile", "@DEPFILE@", *validator_options(kwargs)],
        )
        return self.language.call(
            "executable",
            name,
            source,
            dependencies=[self.libraries.hosted(native)],
            c_args=self.libraries.flags.own(as_list(kwargs.get("c_args")), native),
            implicit_include_directories=False,
            native=native,
            override_options=OWN_OPTIONS,
            **given(kwargs, "install", "install_dir"),
        )

    # What they need, and what they return without it

    def has(
        self, what: str, kwargs: dict[str, Any], needed: Sequence[Callable[[bool], None]]
    ) -> bool:
        """Return whether all that is needed is there; fail where it is not, and is required."""
        required = kwargs.get("required", True)
        if not isinstance(required, bool):
            if self.language.method(required, "disabled"):
                return False
            required = self.language.method(required, "enabled")
        try:
            for need in needed:
                need(kwargs.get("native", False))
        except Unavailable as reason:
            if required:
                raise
            self.language.call("message", f"{what}: not found: {reason}")
            return False
        return True

    def absent(self, function: str, kwargs: dict[str, Any]) -> Any:
        """Return what a function of Meson returns where it finds nothing, or a disabler."""
        if kwargs.get("disabler"):
            return self.language.call("disabler")
        return self.language.call(function, "", required=False)

    def need_compiler(self, native: bool) -> None:
        """Raise Unavailable without a C compiler."""
        self.language.compiler(native, "get_id")

    def need_generator(self, native: bool = False) -> None:
        """Raise Unavailable without the packages that the generator imports."""
        missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
        if missing:
            raise Unavailable(
                f"the Python that runs Meson, {sys.executable}, lacks {', '.join(missing)}: "
                f"{sys.executable} -m pip install {' '.join(missing)}"
            )

    def need_system(self, native: bool) -> None:
        """Raise Unavailable where there is no operating system, which validators need."""
        if self.language.machine("system", native) == "none":
            raise Unavailable(
                "cns.validator makes programs for an operating system, and there is none; "
                "native: true makes one for the build machine"
            )

    def need_call_graphs(self, native: bool) -> None:
        """Raise Unavailable where no gcc compiles, or not here, or not before the link."""
        compiler = self.language.compiler(native, "get_id")
        if compiler != "gcc" or not self.language.compiler(native, "has_argument", CALL_GRAPH):
            version = self.language.compiler(native, "version")
            raise Unavailable(
                f"stack_budget needs the call graphs of gcc 11 or later ({CALL_GRAPH}), and the "
                f"compiler is {compiler} {version}: use gcc, or leave stack_budget out"
            )
        if self.language.call("get_option", "b_lto"):
            raise Unavailable(
                "stack_budget and b_lto exclude each other: frames are known only after the link; "
                "leave one of them out"
            )
        launcher, _ = self.libraries.flags.compiler(native)
        if launcher:
            raise Unavailable(
                f"stack_budget needs the call graphs of gcc, and {launcher} keeps none: name the "
                "compiler alone, CC=gcc meson setup …, or leave stack_budget out"
            )

    # What they declare

    def generate(self, name: str, sources: list[Any], kwargs: dict[str, Any]) -> list[Any]:
        """Declare the custom_target that makes C; return its [name.c, name.h]."""
        inputs = Inputs()
        options = ["--name", name, "-o", "@OUTPUT0@", "@OUTPUT1@"]
        options += each("--bind", inputs.words(kwargs.get("bind")))
        outputs = [f"{name}.c", f"{name}.h"]
        target = self.compiled(
            sources, kwargs, inputs, options, outputs, **self.installed_header(kwargs)
        )
        return [target[0], target[1]]

    def compiled(
        self,
        sources: list[Any],
        kwargs: dict[str, Any],
        inputs: Inputs,
        options: list[str],
        outputs: list[str],
        **more: Any,
    ) -> Any:
        """Declare the custom_target that runs `cnsc compile`, with map and summary if any."""
        stem = os.path.splitext(outputs[0])[0]
        for option, output in (
            ("--map", f"{stem}.map.json" if writes_map(kwargs) else None),
            ("--summary", kwargs.get("summary")),
        ):
            if output:
                options += [option, f"@OUTPUT{len(outputs)}@"]
                outputs.append(output)
        ontologies, shapes = inputs.words(sources), inputs.words(kwargs.get("shapes"))
        return self.custom_target(
            kwargs,
            inputs,
            outputs,
            ["compile", *ontologies, *each("--shapes", shapes), *options],
            ["--depfile", "@DEPFILE@", *compile_options(kwargs)],
            **more,
        )

    def custom_target(
        self,
        kwargs: dict[str, Any],
        inputs: Inputs,
        outputs: list[str],
        begin: list[str],
        end: list[str],
        **more: Any,
    ) -> Any:
        """Declare a custom_target that runs cnsc; where imports are found stands in between."""
        folder = self.language.meson("current_source_dir")
        catalog = [
            os.path.join(folder, entry) if isinstance(entry, str) else entry
            for entry in as_list(kwargs.get("catalog"))
        ]
        imports = inputs.words(kwargs.get("imports"))
        return self.language.call(
            "custom_target",
            input=inputs.files,
            output=outputs,
            depfile=f"{outputs[0]}.d",
            command=[*CNSC, *begin, *each("--catalog", [*imports, *catalog]), *end],
            depend_files=as_list(kwargs.get("depend_files")),
            env=generator_environment(),
            **more,
        )

    def check_stack(self, name: str, libraries: tuple[Any, Any], kwargs: dict[str, Any]) -> Any:
        """Declare the check of a stack budget; return its header, which users wait for."""
        return self.language.call(
            "custom_target",
            input=[
                self.language.method(library, "extract_all_objects", recursive=False)
                for library in libraries
            ],
            output=f"{name}_stack.h",
            command=[
                *(*CNSC, "stack", "@INPUT@", "--name", name, "-o", "@OUTPUT@"),
                *stack_options(kwargs),
            ],
            env=generator_environment(),
        )

    def installed_header(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        """Return custom_target's keywords for install_header, and install the runtime's."""
        if not kwargs.get("install_header", kwargs.get("install")):
            return {}
        self.libraries.install_header()
        folder = kwargs.get("install_dir", self.language.call("get_option", "includedir"))
        rest = not_installed(kwargs)
        return {
            "install": True,
            "install_dir": [False, folder, *rest],
            "install_tag": [False, "devel", *rest],
        }


def not_installed(kwargs: dict[str, Any]) -> list[bool]:
    """Return custom_target's install_dir of map and summary, as many as are made: none."""
    return [False] * (writes_map(kwargs) + bool(kwargs.get("summary")))


def initialize(interpreter: Any) -> CnsModule:
    """Make the module's object; Meson calls this on import('cns')."""
    return CnsModule(interpreter)
