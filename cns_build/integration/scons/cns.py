# SPDX-License-Identifier: Apache-2.0
"""The SCons tool: SHACL shapes as sources of an SConstruct.

    env = Environment(tools=["default", "cns"], toolpath=[…])  # cnsc --print scons-dir
    model = env.CnsOntology("sensors", shapes="sensors.shacl", ontologies="sensors.ttl")
    env.Program("thermostat", ["main.c", model])
    env.CnsValidator("check", shapes="sensors.shacl", ontologies="sensors.ttl")

SCons loads this file by its path, and its Python need not have cns: it imports nothing but the
standard library, and what lies beside it. docs/scons.md is the reference.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parents[1]


def beside(name: str) -> Any:
    """Load a module of the folder above, which no sys.path leads to."""
    spec = importlib.util.spec_from_file_location(f"_cns_{name}", HERE.parent / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


keywords = beside("keywords")
locations = beside("locations")

# Files are whatever SCons takes for nodes.
FILES = keywords.Kind("files", lambda value: True)

# The keywords of CnsCompile, which mean what those of Meson's cns.ontology do.
KEYWORDS = {
    **keywords.COMPILE_KINDS,
    **dict.fromkeys(("bind", "catalog", "imports", "ontologies", "shapes"), FILES),
}

# Those of CnsValidator.
VALIDATOR_KEYWORDS = {
    **keywords.VALIDATOR_KINDS,
    **dict.fromkeys(("catalog", "imports", "ontologies", "shapes"), FILES),
}

# What a catalog can hold.
RDF_FILE = re.compile(r".*\.(ttl|shacl|nt|nq|trig|n3|rdf|owl|xml|json|jsonld|trix|hext)", re.I)

# Compilers of the machine that builds; others have a prefix, arm-none-eabi-gcc.
NATIVE_COMPILER = re.compile(r"(cc|gcc|clang)(-[0-9.]+)?")


def generate(env: Any) -> None:
    """Add the builders to an environment; SCons calls this for the tool `cns`."""
    # A wheel has cnsc in the bin folder above lib/python3.x/site-packages/cns_build.
    own = PACKAGE.parents[3] / "bin" / "cnsc" if len(PACKAGE.parents) > 3 else Path()
    env.SetDefault(
        CNSC=str(own) if own.is_file() else shutil.which("cnsc") or "cnsc",
        CNS_MARCH=os.environ.get("CNS_MARCH", "native"),
        CNS_HEADER=str(locations.runtime_dir() / "include" / "cns" / "cns.h"),
        CNS_LIBRARIES={},
    )
    env.AddMethod(compile_shapes, "CnsCompile")
    env.AddMethod(ontology, "CnsOntology")
    env.AddMethod(runtime, "CnsRuntime")
    env.AddMethod(validator, "CnsValidator")


def exists(env: Any) -> bool:
    """Return whether cnsc is there; SCons calls this."""
    return shutil.which(env.get("CNSC", "cnsc")) is not None


def fail(message: str) -> NoReturn:
    """Stop reading the SConstruct with a message at its line; SCons names a line of this file."""
    from SCons.Errors import UserError

    frame = sys._getframe()
    while frame.f_back and (frame.f_globals is globals() or is_of_scons(frame)):
        frame = frame.f_back
    raise UserError(f"{frame.f_code.co_filename}:{frame.f_lineno}: error: {message}")


def is_of_scons(frame: FrameType) -> bool:
    """Return whether a frame is in SCons itself, by the test that SCons has for it."""
    return f"{os.sep}SCons{os.sep}" in frame.f_code.co_filename


def check_call(name: str, kwargs: dict[str, Any], known: dict[str, Any]) -> None:
    """Fail where a call has a wrong argument."""
    wrong = keywords.wrong_keyword(kwargs, known)
    if wrong:
        fail(f"{name}: {wrong}")
    if not kwargs.get("shapes") and not kwargs.get("ontologies"):
        fail(f"{name} has neither shapes nor ontologies: name a file of one")


def check_model(name: str, kwargs: dict[str, Any], known: dict[str, Any]) -> None:
    """Fail where a call that makes a model has a wrong argument."""
    if not re.fullmatch("[a-z][a-z0-9_]*", str(name)):
        fail(f"{name!r} begins the names of C functions: use a C identifier in lower case")
    check_call(name, kwargs, known)


def compile_shapes(env: Any, name: str, **kwargs: Any) -> Any:
    """CnsCompile(name, shapes=, …): the nodes name.c and name.h, then map and summary if any.

    Without shapes, ontologies= become a vocabulary.
    """
    check_model(name, kwargs, KEYWORDS)
    given = {key: nodes(env, kwargs, key) for key in ("ontologies", "shapes", "bind", "imports")}
    outputs = [f"{name}.c", f"{name}.h"]
    extra = []
    for option, output in (
        ("--map", f"{name}.map.json" if keywords.writes_map(kwargs) else None),
        ("--summary", kwargs.get("summary")),
    ):
        if output:
            extra += [option, f"${{TARGETS[{len(outputs)}]}}"]
            outputs.append(output)
    catalog = catalog_nodes(env, kwargs)
    options = keywords.each("--catalog", [node.path for node in (*given["imports"], *catalog)])
    options += keywords.each("--bind", [node.path for node in given["bind"]])
    options += keywords.compile_options(kwargs)
    ontologies, shapes = (len(given[key]) for key in ("ontologies", "shapes"))
    words = [
        *("compile", f"${{SOURCES[:{ontologies}]}}"),
        *(("--shapes", f"${{SOURCES[{ontologies}:{ontologies + shapes}]}}") if shapes else ()),
        *("--name", name),
        *("-o", "${TARGETS[0]}", "${TARGETS[1]}", *extra, *map(literal, options)),
    ]
    return generated(env, outputs, [*given.values()], catalog, words)


def nodes(env: Any, kwargs: dict[str, Any], keyword: str) -> list[Any]:
    """Return the files that a keyword names."""
    found: list[Any] = env.arg2nodes(env.Flatten([kwargs.get(keyword, [])]))
    return found


def catalog_nodes(env: Any, kwargs: dict[str, Any]) -> list[Any]:
    """Return the catalog where it is written, not where SCons copies files to."""
    return [env.Entry(entry).srcnode() for entry in env.Flatten([kwargs.get("catalog", [])])]


def generated(
    env: Any, outputs: list[str], given: list[Any], catalog: list[Any], words: list[str]
) -> Any:
    """Return what a command of cnsc makes, which depends on all that the command may read."""
    targets = cnsc(env, outputs, given, words)
    made = {target.abspath for target in targets}
    found = catalog_files([node.abspath for node in catalog])
    read = [file for file in found if file not in made]
    env.Depends(targets, [env.fs.File(file) for file in (*locations.generator_files(), *read)])
    return targets


def cnsc(env: Any, outputs: list[str], sources: list[Any], words: list[str]) -> Any:
    """Return what a command of cnsc makes of its sources.

    cnsc was found in the environment that SCons was started in, and may need it: PYTHONPATH.
    """
    command = [literal(env["CNSC"]), *words]
    return env.Command(outputs, env.Flatten(sources), [command], ENV=dict(os.environ))


def literal(word: str) -> str:
    """Return a word of a command that SCons shall not look for variables in."""
    return word.replace("$", "$$")


def catalog_files(catalog: list[str]) -> list[str]:
    """Return the paths of all files that imports may be found in.

    All of them, not those that a depfile names: SCons knows a depfile only after the first build,
    and would take what it names for new in the second.
    """
    files = [entry for entry in catalog if os.path.isfile(entry)]
    for entry in catalog:
        for folder, _, names in os.walk(entry):
            files += [os.path.join(folder, name) for name in names if RDF_FILE.fullmatch(name)]
    return sorted(files)


def ontology(env: Any, name: str, **kwargs: Any) -> list[Any]:
    """CnsOntology(name, shapes=, …): libraries for the end of a Program's sources.

    The environment's CPPPATH gets the folders of the headers.
    """
    check_model(name, kwargs, KEYWORDS | keywords.LIBRARY_KINDS)
    compiled = {key: value for key, value in kwargs.items() if key in KEYWORDS}
    source, *_ = compile_shapes(env, name, **compiled)
    folders = [str(locations.runtime_dir() / "include"), source.dir]
    # The headers of bound structs lie where the project's do.
    others = env.Flatten([env.get("CPPPATH", [])]) if kwargs.get("bind") else []
    own = own_environment(env, [*folders, *others], keywords.as_list(kwargs.get("c_args")))
    env.AppendUnique(CPPPATH=folders)
    if "stack_budget" in kwargs:
        return measured(env, own, name, source, kwargs)
    return [*own.StaticLibrary(f"cns_{name}", own.StaticObject(source)), *runtime(env)]


def measured(env: Any, own: Any, name: str, source: Any, kwargs: dict[str, Any]) -> list[Any]:
    """Return the libraries of a model with a stack budget, which wait for `name_stack.h`."""
    write_call_graphs(own)
    model = graphed_object(own, name, source)
    core, objects = measured_runtime(env)
    words = ["stack", "$SOURCES", "--name", name, "-o", "$TARGET", *keywords.stack_options(kwargs)]
    header = cnsc(own, [f"{name}_stack.h"], [model, objects], words)
    library = own.StaticLibrary(f"cns_{name}", model)
    own.Depends(library, header)
    own.Depends(header, [env.fs.File(file) for file in locations.generator_files()])
    return [*library, *core]


def plain_object(own: Any, name: str, source: Any) -> Any:
    """Return an object of generated or runtime code."""
    return own.StaticObject(name, source)[0]


def graphed_object(own: Any, name: str, source: Any) -> Any:
    """Return an object with its call graph beside it: a cache of SCons keeps both, or neither."""
    return own.Command([f"{name}$OBJSUFFIX", f"{name}.ci"], source, "$CCCOM")[0]


def write_call_graphs(own: Any) -> None:
    """Let gcc write call graphs; fail where there may be none.

    Launchers keep objects alone, so none is used; with -flto, frames are known after the link.
    """
    command = shlex.split(own.subst("$CC"))
    launcher, compiler = keywords.split_launcher(command)
    if launcher and compiler == command:
        fail(
            f"stack_budget: {compiler[0]} is {launcher}, which keeps objects without their call "
            f"graphs; say CC='{launcher} gcc', or name the compiler itself"
        )
    if said_by(compiler, keywords.CALL_GRAPH) is None:
        fail(
            f"stack_budget needs the call graphs of gcc 11 or later ({keywords.CALL_GRAPH}), and "
            f"{compiler[0]} writes none: use gcc, or leave stack_budget out"
        )
    own.Replace(CC=shlex.join(compiler))
    own.Append(CCFLAGS=[keywords.CALL_GRAPH, "-fno-lto"])


def runtime(env: Any) -> Any:
    """CnsRuntime(): the runtime's library, built once for environments with the same flags."""
    own = own_environment(env, [str(locations.runtime_dir() / "include")], [])
    return shared(own, "cns", locations.runtime_sources(), plain_object)[0]


def measured_runtime(env: Any) -> tuple[Any, list[Any]]:
    """Return the runtime's library for models with a stack budget, and its objects."""
    own = own_environment(env, [str(locations.runtime_dir() / "include")], [])
    write_call_graphs(own)
    return shared(own, "cns_stack", locations.runtime_sources(), graphed_object)


def shared(
    own: Any, name: str, files: list[str], make: Callable[[Any, str, Any], Any]
) -> tuple[Any, list[Any]]:
    """Return a library and its objects, made once for environments with the same flags."""
    key = name, own.subst("$CC $CFLAGS $CCFLAGS")
    if key not in own["CNS_LIBRARIES"]:
        objects = [make(own, f"{name}/{Path(file).stem}", own.fs.File(file)) for file in files]
        own["CNS_LIBRARIES"][key] = own.StaticLibrary(f"{name}/{name}", objects), objects
    made: tuple[Any, list[Any]] = own["CNS_LIBRARIES"][key]
    return made


def validator(env: Any, name: str, **kwargs: Any) -> Any:
    """CnsValidator(name, shapes=, …): a program that validates RDF data."""
    check_call(name, kwargs, VALIDATOR_KEYWORDS)
    refuse_boards(env, name)
    given = {key: nodes(env, kwargs, key) for key in ("shapes", "ontologies", "imports")}
    catalog = catalog_nodes(env, kwargs)
    options = keywords.each("--catalog", [node.path for node in (*given["imports"], *catalog)])
    options += keywords.validator_options(kwargs)
    shapes, ontologies = (len(given[key]) for key in ("shapes", "ontologies"))
    words = [
        "validator",
        *(("--shapes", f"${{SOURCES[:{shapes}]}}") if shapes else ()),
        *(("--ontology", f"${{SOURCES[{shapes}:{shapes + ontologies}]}}") if ontologies else ()),
        *("--emit-c", "$TARGET", *map(literal, options)),
    ]
    (source,) = generated(env, [f"{name}.c"], [*given.values()], catalog, words)
    own = host_environment(env, keywords.as_list(kwargs.get("c_args")))
    return own.Program(name, [own.StaticObject(source), *host(env), *runtime(env)])


def host(env: Any) -> Any:
    """Return the library that validators share."""
    own = host_environment(env, [])
    return shared(own, "cns_host", locations.host_sources(), plain_object)[0]


def host_environment(env: Any, c_args: list[str]) -> Any:
    """Return the environment of validators: with what they read more formats by, if it is there.

    pkg-config knows the libraries of this machine alone.
    """
    folder = locations.runtime_dir()
    own = own_environment(env, [str(folder), str(folder / "include")], c_args)
    own.Append(LIBS=["m"], LINKFLAGS=["-pthread"])
    if not is_native(env):
        return own
    for name, define in keywords.READERS.items():
        words = ["pkg-config", "--cflags", "--libs", name]
        if shutil.which(words[0]):
            found = subprocess.run(words, capture_output=True, text=True)
            if found.returncode == 0:
                own.MergeFlags([found.stdout, define])
    return own


def refuse_boards(env: Any, name: str) -> None:
    """Fail where the compiler's programs run without an operating system."""
    _, compiler = keywords.split_launcher(shlex.split(env.subst("$CC")))
    macros = said_by(compiler, "-dM")
    if macros and not re.search(r"^#define (__unix__|__APPLE__|_WIN32) ", macros, re.MULTILINE):
        fail(f"{name} is a program for an operating system, and {compiler[0]} compiles for none")


def said_by(compiler: list[str], option: str) -> str | None:
    """Return what a compiler makes of an empty file; None where it is missing or refuses."""
    if not compiler or not shutil.which(compiler[0]):
        return None
    probe = [*compiler, option, "-E", "-x", "c", os.devnull]
    done = subprocess.run(probe, capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else None


def own_environment(env: Any, folders: list[Any], c_args: list[str]) -> Any:
    """Return the environment of generated code, whose flags come after the project's own.

    NaN and -0.0 decide results, so -ffast-math of the project is undone.
    """
    own = env.Clone(CPPPATH=folders)
    machine = [] if any(re.match("-m(arch|cpu)=", flag) for flag in c_args) else machine_flags(env)
    own.Append(CFLAGS=["-std=c11"], CCFLAGS=[*machine, "-Wno-error", "-fno-fast-math", *c_args])
    return own


def is_native(env: Any) -> bool:
    """Return whether the compiler makes programs for this machine."""
    _, compiler = keywords.split_launcher(shlex.split(env.subst("$CC")))
    return bool(compiler and NATIVE_COMPILER.fullmatch(os.path.basename(compiler[0])))


def machine_flags(env: Any) -> list[str]:
    """Return the flags that name the instructions of this machine, in native builds at -O3.

    Cross compilers, and flags that name a processor, are left as they are.
    """
    if not is_native(env):
        return []
    launcher, compiler = keywords.split_launcher(shlex.split(env.subst("$CC")))
    flags = [*compiler[1:], *shlex.split(env.subst("$CFLAGS $CCFLAGS"))]
    march = env["CNS_MARCH"]
    if not march or any(re.match("-m(arch|cpu)=|--?target", flag) for flag in flags):
        return ["-fPIC"]
    if march != "native":
        return ["-fPIC", f"-march={march}"]
    if "-O3" not in flags:
        return ["-fPIC"]
    return ["-fPIC", *(keywords.explicit_native(compiler) if launcher else ["-march=native"])]
