# SPDX-License-Identifier: Apache-2.0
"""`cnsc validator`: shapes to a native program that validates RDF data on its own."""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from cns_build.compiling import depfile
from cns_build.diagnostics import CompileError, Diagnostic, UsageError, render
from cns_build.graph.compiling import Compiled, compile_program
from cns_build.graph.legend import legend_lines
from cns_build.graph.native import to_c, to_main
from cns_build.graph.progress import Progress
from cns_build.integration.keywords import READERS
from cns_build.integration.locations import host_sources, runtime_dir, runtime_sources
from cns_build.output import refuse_clashes, write_all
from cns_build.owl.reading import reading_of

_NAME = "shapes"
_PROJECT = """\
project('validator', 'c', meson_version: '>=1.3.0',
  default_options: ['c_std=c11', 'warning_level=1'])
c = meson.get_compiler('c')
arguments = c.get_supported_arguments({arguments})
dependencies = [dependency('threads'), c.find_library('m', required: false)]
foreach name, define : {{{readers}}}
  found = dependency(name, required: false)
  if found.found()
    dependencies += found
    arguments += define
  endif
endforeach
executable('validator', 'validator.c', {sources},
  include_directories: [{folders}],
  dependencies: dependencies,
  c_args: arguments)
"""


def validator_command(arguments: argparse.Namespace) -> int:
    """Write the program, or its C source alone; nothing when there is an error."""
    written = (arguments.output, arguments.emit_c, arguments.depfile, arguments.stamp)
    outputs = [file for file in written if file]
    _check_outputs(arguments)
    axioms = reading_of(arguments, records=False)
    if not arguments.shapes and axioms is None and arguments.inference != "owlrl":
        fix = "add --shapes FILE, or --axioms constraints to have an ontology for shapes"
        raise UsageError(Diagnostic("no shapes are given", fix=fix))
    refuse_clashes(outputs, [*arguments.ontology, *arguments.shapes])
    with Progress(sys.stderr) as progress:
        progress.say("compiling the shapes")
        compiled = compile_program(
            arguments.shapes,
            arguments.ontology,
            catalog=arguments.catalog,
            waive=arguments.waive,
            strict=arguments.strict,
            recursion=arguments.recursion,
            sparql=False,
            axioms=axioms,
            inference=arguments.inference,
        )
        refuse_clashes(outputs, compiled.sources.files)
        sys.stderr.write(render(compiled.warnings, compiled.sources.locate))
        source = to_source(compiled)
        if arguments.emit_c:
            made = {arguments.emit_c: source}
            if arguments.depfile:
                read = compiled.sources.files
                made[arguments.depfile] = depfile([arguments.emit_c], read, arguments.stamp)
            write_all(made)
            if arguments.stamp:
                write_all({arguments.stamp: ""})
                os.utime(arguments.stamp)
        if arguments.output:
            program = build(source, arguments.buildtype, arguments.march, progress)
            write_all({arguments.output: program}, executable=True)
    return 0


def _check_outputs(arguments: argparse.Namespace) -> None:
    """Raise UsageError where nothing is to be written, or a depfile of nothing."""
    if not arguments.output and not arguments.emit_c:
        fix = "name a program with -o FILE, or its source with --emit-c FILE.c"
        raise UsageError(Diagnostic("nothing to write", fix=fix))
    for option, value in (("--depfile", arguments.depfile), ("--stamp", arguments.stamp)):
        if value and not arguments.emit_c:
            fix = f"add --emit-c FILE.c, or leave {option} out"
            raise UsageError(Diagnostic(f"{option} is of --emit-c", fix=fix))


def to_source(compiled: Compiled) -> str:
    """Return the C source of a program, to be compiled with the runtime and its host part."""
    legend = legend_lines(compiled.program, compiled.sources.locate)
    return f"{to_c(compiled.program, _NAME, legend)}\n{to_main(_NAME)}"


def build(source: str, buildtype: str, march: str, progress: Progress) -> bytes:
    """Return the program of a C source, built by Meson. Raises CompileError."""
    meson = _meson()
    with tempfile.TemporaryDirectory(prefix="cnsc-") as name:
        folder = Path(name)
        folder.joinpath("validator.c").write_text(source, encoding="utf-8")
        folder.joinpath("meson.build").write_text(project(march), encoding="utf-8")
        progress.say("looking at the C compiler")
        _run([*meson, "setup", f"--buildtype={buildtype}", "build"], folder)
        progress.say("compiling C")
        _run([*meson, "compile", "-C", "build"], folder)
        (made,) = [file for file in folder.glob("build/validator*") if file.is_file()]
        return made.read_bytes()


def project(march: str) -> str:
    """Return the meson.build beside a validator.c."""
    flags = ["-fno-fast-math", *([f"-march={march}"] if march else [])]
    sources = [*runtime_sources(), *host_sources()]
    folders = [str(runtime_dir()), str(runtime_dir() / "include")]
    return _PROJECT.format(
        arguments=f"[{_listed(flags)}]",
        readers=", ".join(f"'{name}': '{define}'" for name, define in READERS.items()),
        sources=f"\n  {_listed(sources)}",
        folders=_listed(folders),
    )


def _listed(words: Sequence[str]) -> str:
    escaped = (word.replace("\\", "\\\\").replace("'", "\\'") for word in words)
    return ", ".join(f"'{word}'" for word in escaped)


def _meson() -> list[str]:
    """Return the command of Meson: that of this Python, else the one in PATH."""
    if importlib.util.find_spec("mesonbuild") is not None:
        return [sys.executable, "-m", "mesonbuild.mesonmain"]
    found = shutil.which("meson")
    if found is None:
        what = "programs are built by Meson, and there is none"
        raise CompileError(Diagnostic(what, fix="install it: pip install meson ninja"))
    return [found]


def _run(command: Sequence[str], folder: Path) -> None:
    """Run Meson, with the ninja of this Python; raise CompileError with what it printed."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if done.returncode != 0:
        sys.stderr.write(done.stdout)
        fix = "install what is missing, set CC to another compiler, or pass --emit-c and build it"
        raise CompileError(Diagnostic("the program was not built; see above", fix=fix))
