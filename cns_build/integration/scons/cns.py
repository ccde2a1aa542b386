# SPDX-License-Identifier: Apache-2.0
"""The SCons tool: SHACL shapes as sources of an SConstruct.

    env = Environment(tools=["default", "cns"], toolpath=[…])  # cnsc --print scons-dir
    model = env.CnsOntology("sensors", shapes="sensors.shacl", ontologies="sensors.ttl")
    env.Program("thermostat", ["main.c", model])

SCons loads this file by its path, and its Python need not have cns: it imports nothing but the
standard library, and what lies beside it. docs/scons.md is the reference.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
from pathlib import Path
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

# The keywords of CnsCompile, which mean what those of Meson's cns.ontology do.
KEYWORDS = {
    *("args", "axioms", "bind", "capacity", "catalog", "depth", "detail", "engine", "exists"),
    *(
        "infer",
        "inline_strings",
        "kinds",
        "layout",
        "map",
        "ontologies",
        "queried",
        "records",
        "report",
        "shapes",
        "strings",
    ),
    *("summary", "tick_budget", "trust_text", "unchecked", "waive"),
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
        CNS_RUNTIMES={},
    )
    env.AddMethod(compile_shapes, "CnsCompile")
    env.AddMethod(ontology, "CnsOntology")
    env.AddMethod(runtime, "CnsRuntime")


def exists(env: Any) -> bool:
    """Return whether cnsc is there; SCons calls this."""
    return shutil.which(env.get("CNSC", "cnsc")) is not None


def fail(message: str) -> NoReturn:
    """Stop reading the SConstruct with a message at its line."""
    from SCons.Errors import UserError

    raise UserError(message)


def check_call(name: str, kwargs: dict[str, Any]) -> None:
    """Fail where a call has a wrong argument."""
    if not re.fullmatch("[a-z][a-z0-9_]*", name):
        fail(f"{name!r} begins the names of C functions: use a C identifier in lower case")
    for keyword in kwargs:
        if keyword not in KEYWORDS:
            fail(f"{name}: unknown keyword {keyword!r}; known: {', '.join(sorted(KEYWORDS))}")
    if not kwargs.get("shapes") and not kwargs.get("ontologies"):
        fail(f"{name} has neither shapes nor ontologies: name a file of one")


def compile_shapes(env: Any, name: str, **kwargs: Any) -> Any:
    """CnsCompile(name, shapes=, …): the nodes name.c and name.h, then map and summary if any.

    Without shapes, ontologies= become a vocabulary.
    """
    check_call(name, kwargs)
    given = {
        key: env.arg2nodes(env.Flatten([kwargs.get(key, [])]))
        for key in ("ontologies", "shapes", "bind")
    }
    outputs = [f"{name}.c", f"{name}.h"]
    extra = []
    for option, output in (
        ("--map", f"{name}.map.json" if keywords.writes_map(kwargs) else None),
        ("--summary", kwargs.get("summary")),
    ):
        if output:
            extra += [option, f"${{TARGETS[{len(outputs)}]}}"]
            outputs.append(output)
    # Imports are looked up where the catalog is written, not where SCons copies files to.
    entries = env.Flatten([kwargs.get("catalog", [])])
    catalog = [env.Entry(entry).srcnode() for entry in entries]
    options = keywords.compile_options(kwargs | {"catalog": [node.path for node in catalog]}, "")
    options += [word for node in given["bind"] for word in ("--bind", node.path)]
    ontologies, shapes = (len(given[key]) for key in ("ontologies", "shapes"))
    command = [
        *(literal(env["CNSC"]), "compile", f"${{SOURCES[:{ontologies}]}}"),
        *(["--shapes", f"${{SOURCES[{ontologies}:{ontologies + shapes}]}}"] if shapes else []),
        *("--name", name),
        *("-o", "${TARGETS[0]}", "${TARGETS[1]}", *extra, *map(literal, options)),
    ]
    # cnsc was found in the environment that SCons was started in, and may need it: PYTHONPATH.
    targets = env.Command(
        outputs,
        [*given["ontologies"], *given["shapes"], *given["bind"]],
        [command],
        ENV=dict(os.environ),
    )
    made = {target.abspath for target in targets}
    found = catalog_files([node.abspath for node in catalog])
    read = [file for file in found if file not in made]
    env.Depends(targets, [env.fs.File(file) for file in (*locations.generator_files(), *read)])
    return targets


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


def ontology(env: Any, name: str, c_args: Any = None, **kwargs: Any) -> list[Any]:
    """CnsOntology(name, shapes=, …): libraries for the end of a Program's sources.

    The environment's CPPPATH gets the folders of the headers.
    """
    source, *_ = compile_shapes(env, name, **kwargs)
    folders = [str(locations.runtime_dir() / "include"), source.dir]
    own = own_environment(env, folders, keywords.as_list(c_args))
    library = own.StaticLibrary(f"cns_{name}", own.StaticObject(source))
    env.AppendUnique(CPPPATH=folders)
    return [*library, *runtime(env)]


def runtime(env: Any) -> Any:
    """CnsRuntime(): the runtime's library, built once for environments with the same flags."""
    own = own_environment(env, [str(locations.runtime_dir() / "include")], [])
    key = own.subst("$CC $CFLAGS $CCFLAGS")
    if key not in env["CNS_RUNTIMES"]:
        sources = [Path(file) for file in locations.runtime_sources()]
        objects = [
            own.StaticObject(f"cns/{file.stem}", env.fs.File(str(file))) for file in sources
        ]
        env["CNS_RUNTIMES"][key] = own.StaticLibrary("cns/cns", objects)
    return env["CNS_RUNTIMES"][key]


def own_environment(env: Any, folders: list[Any], c_args: list[str]) -> Any:
    """Return the environment of generated code, whose flags come after the project's own.

    NaN and -0.0 decide results, so -ffast-math of the project is undone.
    """
    own = env.Clone(CPPPATH=folders)
    machine = [] if any(re.match("-m(arch|cpu)=", flag) for flag in c_args) else machine_flags(env)
    own.Append(CFLAGS=["-std=c11"], CCFLAGS=[*machine, "-Wno-error", "-fno-fast-math", *c_args])
    return own


def machine_flags(env: Any) -> list[str]:
    """Return the flags that name the instructions of this machine, in native builds at -O3.

    Cross compilers, and flags that name a processor, are left as they are.
    """
    command = shlex.split(env.subst("$CC"))
    shared = os.path.basename(command[0]) in keywords.SHARING_LAUNCHERS
    compiler = command[1:] if shared else command
    if not compiler or not NATIVE_COMPILER.fullmatch(os.path.basename(compiler[0])):
        return []
    flags = [*compiler[1:], *shlex.split(env.subst("$CFLAGS $CCFLAGS"))]
    march = env["CNS_MARCH"]
    if not march or any(re.match("-m(arch|cpu)=|--?target", flag) for flag in flags):
        return ["-fPIC"]
    if march != "native":
        return ["-fPIC", f"-march={march}"]
    if "-O3" not in flags:
        return ["-fPIC"]
    return ["-fPIC", *(keywords.explicit_native(compiler) if shared else ["-march=native"])]
