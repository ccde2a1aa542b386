# SPDX-License-Identifier: Apache-2.0
"""Meson's import('cns'): SHACL shapes as sources of a meson.build.

    cns = import('cns')
    sensors = cns.ontology('sensors', 'sensors.ttl', shapes: 'sensors.shacl')
    executable('thermostat', 'main.c', dependencies: sensors)

Meson promises no stability to modules from outside, so this one says everything in the build
language: it calls the functions that a meson.build calls, with the keywords that Meson documents,
through `Language`. What it emits is the custom_target that README.md shows; a project can leave
the module without touching its C code.
"""

from __future__ import annotations

import itertools
import os
import sys
from typing import Any, NoReturn

from mesonbuild.mesonlib import MesonException
from mesonbuild.modules import ExtensionModule, ModuleInfo

from cns_build import __version__
from cns_build.integration import keywords
from cns_build.integration.keywords import (
    SHARING_LAUNCHERS,
    as_list,
    compile_options,
    explicit_native,
    writes_map,
)
from cns_build.integration.locations import host_sources, runtime_dir, runtime_sources
from cns_build.options import DEFAULT_DEPTH

INFO = ModuleInfo("cns")

# The keywords of each function with their types; a list may be given as one value.
FILES = (list, "a file or a list of files")
TEXTS = (list, "a string or a list of strings")
TABLE = (dict, "a dictionary")
NUMBER = (int, "an integer")
TEXT = (str, "a string")
SWITCH = (bool, "true or false")

COMPILE_KEYWORDS = {
    "args": TEXTS,
    "axioms": TEXT,
    "bind": FILES,
    "capacity": ((int, dict), "an integer, or a dictionary from property to integer"),
    "catalog": TEXTS,
    "depend_files": FILES,
    "depth": NUMBER,
    "detail": SWITCH,
    "engine": TEXT,
    "exists": TEXT,
    "infer": TEXTS,
    "inline_strings": SWITCH,
    "install_dir": TEXT,
    "install_header": SWITCH,
    "kinds": TABLE,
    "layout": SWITCH,
    "map": SWITCH,
    "queried": TEXTS,
    "records": TEXTS,
    "report": TEXT,
    "shapes": FILES,
    "strings": TEXT,
    "summary": TEXT,
    "tick_budget": NUMBER,
    "trust_text": SWITCH,
    "unchecked": TABLE,
    "waive": TEXTS,
}
FOLDERS = (list, "include_directories() or a list of them")
ONTOLOGY_KEYWORDS = COMPILE_KEYWORDS | {
    "c_args": TEXTS,
    "include_directories": FOLDERS,
    "stack_budget": NUMBER,
    "stack_external": ((int, dict), "an integer, or a dictionary from function to integer"),
}
VALIDATOR_KEYWORDS = {
    "args": TEXTS,
    "axioms": TEXT,
    "c_args": TEXTS,
    "catalog": TEXTS,
    "depend_files": FILES,
    "exists": TEXT,
    "infer": TEXTS,
    "inference": TEXT,
    "install": SWITCH,
    "install_dir": TEXT,
    "ontologies": FILES,
    "recursion": NUMBER,
    "shapes": FILES,
    "strict": SWITCH,
    "waive": TEXTS,
}
CHOICES = {
    "axioms": ("none", "constraints"),
    "engine": ("native", "bytecode", "both"),
    "exists": ("info", "warning", "violation"),
    "inference": ("none", "rdfs", "owlrl"),
    "report": ("all", "first", "conforms"),
    "strings": ("none", "ids", "full"),
}

# Libraries that validators read more formats with where they are installed, and what says so in C.
READERS = {"serd-0": "-DCNS_WITH_SERD", "zlib": "-DCNS_WITH_ZLIB"}

CALL_GRAPH = "-fcallgraph-info=su"  # gcc writes what a stack budget is checked by

OWN_OPTIONS = ["c_std=c11", "unity=off", "werror=false"]  # of code that is not the project's


class Language:
    """The build language as Python calls; knows nothing of cns."""

    def __init__(self, interpreter: Any) -> None:
        self.interpreter = interpreter

    def call(self, function: str, *args: Any, **kwargs: Any) -> Any:
        """Call a function of the build language, such as custom_target."""
        node = self.interpreter.current_node
        return self.interpreter.funcs[function](node, list(args), kwargs)

    def meson(self, method: str, *args: Any) -> Any:
        """Call a method of the build language's `meson` object."""
        return self.interpreter.builtin["meson"].method_call(method, list(args), {})

    def host_machine(self, method: str) -> Any:
        """Call a method of the build language's `host_machine` object."""
        return self.interpreter.builtin["host_machine"].method_call(method, [], {})

    def objects(self, library: Any) -> Any:
        """Return the objects of a library's own sources."""
        holder = self.interpreter._holderify(library)
        return holder.method_call("extract_all_objects", [], {"recursive": False})

    def compiler(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method of the compiler object of C for the host machine."""
        try:
            compiler = self.meson("get_compiler", "c")
        except MesonException as error:
            fail("cns generates C: add 'c' to the languages of project()", error)
        # A meson.build never sees the bare object that get_compiler returns, but its holder.
        holder = self.interpreter._holderify(compiler)
        return holder.method_call(method, list(args), kwargs)


def fail(message: str, cause: Exception | None = None) -> NoReturn:
    """Stop the configuration with a message at the current line of the meson.build."""
    raise MesonException(message) from cause


def check_call(what: str, args: list[Any], kwargs: dict[str, Any], known: dict[str, Any]) -> str:
    """Return the model's name; fail where a call of `what` has a wrong argument."""
    if not args or not isinstance(args[0], str):
        fail(f"{what}: the first argument is the model's name, a string")
    name = args[0]
    if not (name.isascii() and name.isidentifier()):
        fail(f"{what}: {name!r} begins the names of C functions: use a C identifier")
    for keyword, value in kwargs.items():
        if keyword not in known:
            fail(f"{what}: unknown keyword {keyword!r}; known: {', '.join(sorted(known))}")
        if not has_type(value, known[keyword]):
            fail(f"{what}: {keyword} takes {known[keyword][1]}, not {value!r}")
        if keyword in CHOICES and value not in CHOICES[keyword]:
            fail(f"{what}: {keyword} is one of {', '.join(CHOICES[keyword])}, not {value!r}")
    if not as_list(kwargs.get("shapes")):
        ontologies = [*as_list(args[1:]), *as_list(kwargs.get("ontologies"))]
        if known is VALIDATOR_KEYWORDS and kwargs.get("axioms", "none") == "none":
            fail(f"{what}: {name!r} has no shapes: name a SHACL file with shapes:")
        if not ontologies:
            fail(f"{what}: {name!r} has neither shapes nor an ontology: name a file of one")
    return name


def has_type(value: Any, expected: Any) -> bool:
    """Return whether a keyword's value has its type; Meson checks files and folders."""
    if expected in (FILES, FOLDERS):
        return True
    if expected is TEXTS:
        return all(isinstance(item, str) for item in as_list(value))
    # A bool is an int to Python, not to the build language.
    types = expected[0]
    return isinstance(value, types) and (types is bool or not isinstance(value, bool))


def placeholders(files: list[Any], first: int) -> list[str]:
    """Return custom_target's @INPUTn@ words of these files, numbered from `first`."""
    count = sum(len(file.get_outputs()) if hasattr(file, "get_outputs") else 1 for file in files)
    return [f"@INPUT{index}@" for index in range(first, first + count)]


def stack_options(kwargs: dict[str, Any]) -> list[str]:
    """Return the options of `cnsc stack` that keywords ask for."""
    options = ["--budget", str(kwargs["stack_budget"]), "--depth", compiled_depth(kwargs)]
    external = kwargs.get("stack_external", {})
    if isinstance(external, int):
        return [*options, "--external", str(external)]
    for function, size in external.items():
        options += ["--external", f"{function}={size}"]
    return options


def compiled_depth(kwargs: dict[str, Any]) -> str:
    """Return the depth that a model is compiled with: `args` come last, so they win."""
    depth = str(kwargs.get("depth", DEFAULT_DEPTH))
    for word, following in itertools.pairwise([*as_list(kwargs.get("args")), ""]):
        if word == "--depth":
            depth = following
        elif word.startswith("--depth="):
            depth = word.removeprefix("--depth=")
    return depth


def validator_options(kwargs: dict[str, Any], folder: str) -> list[str]:
    """Return the options of `cnsc validator` that keywords ask for."""
    options = ["--strict"] if kwargs.get("strict") else []
    for keyword in ("axioms", "exists", "inference", "recursion"):
        if keyword in kwargs:
            options += [f"--{keyword}", str(kwargs[keyword])]
    for kind in as_list(kwargs.get("infer")):
        options += ["--infer", kind]
    for path in as_list(kwargs.get("catalog")):
        options += ["--catalog", os.path.join(folder, path)]
    for name in as_list(kwargs.get("waive")):
        options += ["--waive", name]
    return options + as_list(kwargs.get("args"))


def generator_environment() -> dict[str, str]:
    """Return the environment variables that the generator needs: none, unless cns is editable.

    An editable install by meson-python rebuilds itself on import, and of the many generators that
    ninja starts at once some would find it half built. Told to skip, they import the tree.
    """
    finders = [finder for finder in sys.meta_path if type(finder).__name__ == "MesonpyMetaFinder"]
    builds = [finder._build_path for finder in finders if hasattr(finder, "_build_path")]
    return {"MESONPY_EDITABLE_SKIP": os.pathsep.join(builds)} if builds else {}


class CnsModule(ExtensionModule):  # type: ignore[misc] # mesonbuild ships no types
    """What import('cns') returns, one per project and subproject; found() is Meson's own."""

    INFO = INFO

    def __init__(self, interpreter: Any) -> None:
        super().__init__(interpreter)
        self.language = Language(interpreter)
        self.runtime_dependency: Any = None
        self.runtime_library: Any = None
        self.host_dependency: Any = None
        self.base_flags: list[str] | None = None
        self.header_installed = False
        self.methods.update(
            {
                "compile": self.compile,
                "ontology": self.ontology,
                "runtime": self.runtime,
                "validator": self.validator,
            }
        )
        # An edited or upgraded module reconfigures the projects that use it.
        for file in (__file__, keywords.__file__):
            interpreter.add_build_def_file(os.path.abspath(file))

    def compile(self, state: Any, args: list[Any], kwargs: dict[str, Any]) -> list[Any]:
        """compile(name, ontology…, shapes:, …): the targets [name.c, name.h].

        Without shapes, they are a vocabulary.
        """
        name = check_call("cns.compile", args, kwargs, COMPILE_KEYWORDS)
        return self.generate(name, args[1:], kwargs)

    def ontology(self, state: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """ontology(name, ontology…, shapes:, …): a dependency with header, handlers, runtime.

        Without shapes, it is a vocabulary.
        """
        name = check_call("cns.ontology", args, kwargs, ONTOLOGY_KEYWORDS)
        sources = self.generate(name, args[1:], kwargs)
        runtime = self.get_runtime()
        folders = [
            self.language.call("include_directories", "."),
            *as_list(kwargs.get("include_directories")),
        ]
        if "stack_budget" in kwargs:
            self.refuse_without_call_graphs()
        library = self.static_library(
            f"cns_{name}",
            sources,
            as_list(kwargs.get("c_args")),
            dependencies=[runtime],
            include_directories=folders,
        )
        headers = sources[1:]
        if "stack_budget" in kwargs:
            headers.append(self.check_stack(name, library, kwargs))
        return self.language.call(
            "declare_dependency",
            sources=headers,
            include_directories=folders,
            link_with=[library],
            dependencies=[runtime],
        )

    def check_stack(self, name: str, library: Any, kwargs: dict[str, Any]) -> Any:
        """Declare the check of a stack budget; return its header, which users wait for."""
        libraries = (library, self.runtime_library)
        return self.language.call(
            "custom_target",
            input=[self.language.objects(compiled) for compiled in libraries],
            output=f"{name}_stack.h",
            command=[
                *(sys.executable, "-X", f"cns={__version__}", "-m", "cns_build", "stack"),
                *("@INPUT@", "--name", name, "-o", "@OUTPUT@"),
                *stack_options(kwargs),
            ],
            env=generator_environment(),
        )

    def refuse_without_call_graphs(self) -> None:
        """Fail where no gcc compiles, or not before the link: then nothing knows the frames."""
        compiler = self.language.compiler("get_id")
        if compiler != "gcc" or not self.language.compiler("has_argument", CALL_GRAPH):
            version = self.language.compiler("version")
            fail(
                f"stack_budget needs the call graphs of gcc 11 or later ({CALL_GRAPH}), and the "
                f"compiler is {compiler} {version}: use gcc, or leave stack_budget out"
            )
        if self.language.call("get_option", "b_lto"):
            fail(
                "stack_budget and b_lto exclude each other: frames are known only after the link; "
                "leave one of them out"
            )

    def runtime(self, state: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """runtime(): the dependency of generated code, for users of compile()."""
        if args or kwargs:
            fail("cns.runtime takes no arguments")
        return self.get_runtime()

    def validator(self, state: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """validator(name, ontology…, shapes:, …): a program that validates RDF data."""
        name = check_call("cns.validator", args, kwargs, VALIDATOR_KEYWORDS)
        ontologies = [*as_list(args[1:]), *as_list(kwargs.get("ontologies"))]
        shapes = as_list(kwargs.get("shapes"))
        second = placeholders(shapes, 0)
        first = placeholders(ontologies, len(second))
        command = [
            *(sys.executable, "-X", f"cns={__version__}", "-m", "cns_build", "validator"),
            *(["--shapes", *second] if second else []),
            *(["--ontology", *first] if first else []),
            *("--emit-c", "@OUTPUT@", "--depfile", "@DEPFILE@"),
            *validator_options(kwargs, self.language.meson("current_source_dir")),
        ]
        source = self.language.call(
            "custom_target",
            input=shapes + ontologies,
            output=f"{name}.c",
            depfile=f"{name}.d",
            command=command,
            depend_files=as_list(kwargs.get("depend_files")),
            env=generator_environment(),
        )
        return self.language.call(
            "executable",
            name,
            source,
            dependencies=[self.get_host()],
            c_args=self.own_flags(as_list(kwargs.get("c_args"))),
            implicit_include_directories=False,
            override_options=OWN_OPTIONS,
            **{key: kwargs[key] for key in ("install", "install_dir") if key in kwargs},
        )

    def generate(self, name: str, sources: list[Any], kwargs: dict[str, Any]) -> list[Any]:
        """Declare the custom_target that runs the generator; return its [name.c, name.h]."""
        ontologies, shapes = as_list(sources), as_list(kwargs.get("shapes"))
        maps = as_list(kwargs.get("bind"))
        extra = []
        outputs = [f"{name}.c", f"{name}.h"]
        for option, output in (
            ("--map", f"{name}.map.json" if writes_map(kwargs) else None),
            ("--summary", kwargs.get("summary")),
        ):
            if output:
                extra += [option, f"@OUTPUT{len(outputs)}@"]
                outputs.append(output)
        first = placeholders(ontologies, 0)
        second = placeholders(shapes, len(first))
        for word in placeholders(maps, len(first) + len(second)):
            extra += ["--bind", word]
        command = [
            # Python ignores the unknown -X: a new version makes a new command, hence a new run,
            # even where the upgraded files carry old dates.
            *(sys.executable, "-X", f"cns={__version__}", "-m", "cns_build", "compile"),
            *first,
            *(["--shapes", *second] if second else []),
            *("--name", name),
            *("-o", "@OUTPUT0@", "@OUTPUT1@", "--depfile", "@DEPFILE@", *extra),
            *compile_options(kwargs, self.language.meson("current_source_dir")),
        ]
        install = self.install_keywords(outputs, kwargs)
        target = self.language.call(
            "custom_target",
            input=ontologies + shapes + maps,
            output=outputs,
            depfile=f"{name}.d",
            command=command,
            depend_files=as_list(kwargs.get("depend_files")),
            env=generator_environment(),
            **install,
        )
        return [target[0], target[1]]

    def install_keywords(self, outputs: list[str], kwargs: dict[str, Any]) -> dict[str, Any]:
        """Return custom_target's keywords for install_header, and install the runtime's once."""
        if not kwargs.get("install_header"):
            return {}
        if not self.header_installed:
            header = os.path.join(runtime_dir(), "include", "cns", "cns.h")
            self.language.call("install_headers", header, subdir="cns")
            self.header_installed = True
        folder = kwargs.get("install_dir", self.language.call("get_option", "includedir"))
        rest = len(outputs) - 2
        return {
            "install": True,
            "install_dir": [False, folder, *[False] * rest],
            "install_tag": [False, "devel", *[False] * rest],
        }

    def get_runtime(self) -> Any:
        """Return the runtime's dependency; its library is declared once per project."""
        if self.runtime_dependency is None:
            # Meson refuses absolute include paths into the project, where a .venv may lie.
            source_dir = self.language.meson("current_source_dir")
            include = os.path.relpath(os.path.join(runtime_dir(), "include"), source_dir)
            headers = self.language.call("include_directories", include)
            self.runtime_library = self.static_library(
                "cns", runtime_sources(), [], include_directories=[headers]
            )
            self.runtime_dependency = self.language.call(
                "declare_dependency",
                include_directories=[headers],
                link_with=[self.runtime_library],
            )
        return self.runtime_dependency

    def get_host(self) -> Any:
        """Return the dependency of validators; its library is declared once per project."""
        if self.host_dependency is None:
            if self.language.host_machine("system") == "none":
                fail("cns.validator makes programs for an operating system, and there is none")
            source_dir = self.language.meson("current_source_dir")
            headers = self.language.call(
                "include_directories", os.path.relpath(runtime_dir(), source_dir)
            )
            math = self.language.compiler("find_library", "m", required=False)
            dependencies = [self.get_runtime(), self.language.call("dependency", "threads"), math]
            defines = []
            for name, define in READERS.items():
                found = self.language.call("dependency", name, required=False)
                if found.found():
                    dependencies.append(found)
                    defines.append(define)
            library = self.static_library(
                "cns_host",
                host_sources(),
                defines,
                include_directories=[headers],
                dependencies=dependencies,
            )
            self.host_dependency = self.language.call(
                "declare_dependency",
                include_directories=[headers],
                link_with=[library],
                dependencies=dependencies,
            )
        return self.host_dependency

    def static_library(
        self, name: str, sources: list[Any], c_args: list[str], **kwargs: Any
    ) -> Any:
        """Declare a static library of generated or runtime code, with flags of its own."""
        # Position-independent tables hold addresses to be set at start: they would fill the RAM.
        if self.language.host_machine("system") == "none":
            kwargs["pic"] = False
        return self.language.call(
            "static_library",
            name,
            sources=sources,
            c_args=self.own_flags(c_args),
            gnu_symbol_visibility="hidden",
            implicit_include_directories=False,
            override_options=OWN_OPTIONS,
            **kwargs,
        )

    def own_flags(self, c_args: list[str]) -> list[str]:
        """Return the compiler flags of generated code; they come after the project's own.

        Release builds use the build machine's instructions unless the target is another machine,
        CNS_MARCH or c_args name some, or the compiler says nothing usable. NaN and -0.0 decide
        results, so -ffast-math of the project is undone. gcc writes call graphs in any case: one
        runtime serves models with a stack budget and without.
        """
        if self.base_flags is None:
            wanted = ["-fno-fast-math", CALL_GRAPH]
            self.base_flags = self.language.compiler("get_supported_arguments", wanted)
        if any(flag.startswith(("-march=", "-mcpu=")) for flag in c_args):
            return [*self.base_flags, *c_args]
        return [*self.base_flags, *self.machine_flags(), *c_args]

    def machine_flags(self) -> list[str]:
        """Return the flag that names the target's instructions, if any."""
        if self.language.meson("is_cross_build"):
            return []
        named = os.environ.get("CNS_MARCH")
        if named is not None:
            return [f"-march={named}"] if named else []
        if str(self.language.call("get_option", "optimization")) != "3":
            return []
        command = self.language.compiler("cmd_array")
        if os.path.basename(command[0]) in SHARING_LAUNCHERS:
            return explicit_native(command[1:])
        supported: list[str] = self.language.compiler("get_supported_arguments", "-march=native")
        return supported


def initialize(interpreter: Any) -> CnsModule:
    """Make the module's object; Meson calls this on import('cns')."""
    return CnsModule(interpreter)
