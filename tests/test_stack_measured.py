# SPDX-License-Identifier: Apache-2.0
"""Computed bounds on the stack against painted stacks, here and on an emulated Cortex-M0."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from cns_build import pipeline
from cns_build.frontend import load
from cns_build.ir.program import Program
from cns_build.model import ShapesGraph
from cns_build.options import DEFAULT_EXTERNAL, Options
from cns_build.stack import files
from cns_build.stack.program import link
from cns_build.stack.report import measure
from tests.compiling import PREFIXES
from tests.paths import ROOT, RUNTIME
from tests.qemu.machine import MACHINES, Machine, available
from tests.records.generate import Generator
from tests.records.native import Native
from tests.records.values import RecordValue
from tests.runtime.toolchain import C11, CORE, need
from tests.test_records_cases import CASES, options_of

PAINT = ROOT / "tests" / "stack"
CALL_GRAPH = "-fcallgraph-info=su"
MODELS = (
    "detail_recursive",
    "general",
    "lists",
    "pairs_mixed",
    "pattern",
    "reals",
    "recursive_list",
    "recursive_mutual",
)
RECORDS = 60
CHAIN = """ex:S a sh:NodeShape ; sh:targetClass ex:C ;
  sh:property [ sh:path ex:x ; sh:datatype xsd:double ; sh:maxCount 1 ; sh:minInclusive 1.0 ] ;
  sh:property [ sh:path ex:name ; sh:datatype xsd:string ; sh:maxCount 1 ; sh:minLength 1 ] ;
  sh:property [ sh:path ex:next ; sh:nodeKind sh:BlankNode ; sh:node ex:S ; sh:maxCount 2 ] ."""


def sources(folder: Path) -> list[Path]:
    """The C files of the model in a folder, of the runtime and of what measures."""
    return [folder / "m.c", *CORE, PAINT / "paint.c"]


def generate(
    folder: Path, shapes: Path, options: Options
) -> tuple[pipeline.Compiled, ShapesGraph]:
    """Write the C files of a model."""
    graph, _, _ = load([], [str(shapes)], catalog=[], waive=[])
    compiled = pipeline.compile_shapes(graph, options)
    for suffix, text in zip("ch", pipeline.generate(compiled, graph, options), strict=True):
        (folder / f"m.{suffix}").write_text(text)
    return compiled, graph


def bound(objects: list[Path], depth: int) -> int:
    """The most that cns_dispatch takes, in bytes."""
    units = files.read_units([str(o) for o in objects])
    stack = measure(link(units, "m"), "m", depth, lambda _: DEFAULT_EXTERNAL)
    assert stack.dispatch is not None
    return stack.dispatch.size


def gcc() -> str:
    """A gcc that writes call graphs, or skip the test."""
    compiler = need("gcc")
    version = subprocess.run([compiler, "-dumpversion"], capture_output=True, text=True).stdout
    if int(version.split(".")[0]) < 11:
        pytest.skip("gcc is older than 11")
    return compiler


@pytest.mark.parametrize("optimization", ["-O0", "-Os", "-O3 -march=native"])
@pytest.mark.parametrize("name", MODELS)
def test_no_record_takes_more_than_the_bound(tmp_path: Path, name: str, optimization: str) -> None:
    case = next(case for case in CASES if case.stem == name)
    options = options_of(case.read_text())
    compiled, graph = generate(tmp_path, case, options)
    flags = [*C11, *optimization.split(), "-fPIC", CALL_GRAPH, f"-I{tmp_path}"]
    objects = [tmp_path / f"{source.stem}.o" for source in sources(tmp_path)]
    for source, made in zip(sources(tmp_path), objects, strict=True):
        subprocess.run([gcc(), *flags, "-c", source, "-o", made], check=True)
    library = tmp_path / "libm.so"
    # The dynamic linker would take stack of its own at the first call of each function.
    link_now = ["-shared", "-Wl,-z,now", "-Wl,-Bsymbolic"]
    subprocess.run([gcc(), *link_now, "-o", library, *objects], check=True)
    native = Native(graph, compiled.program, compiled.naive, library, sanitized=False)
    used = native.stacks(drawn(compiled.program))
    assert 0 < max(used) <= bound(objects, options.depth)


def drawn(program: Program) -> list[RecordValue]:
    """Records of each kind, from wild ones to ones with few violations."""
    generator = Generator(program, seed=5)
    return [
        generator.record(function.record, wild=(0.02, 0.2, 0.5)[number % 3])
        for function in program.functions
        for number in range(RECORDS)
    ]


@pytest.mark.parametrize("depth", [1, 2, 8])
@pytest.mark.parametrize("name", MACHINES)
def test_a_long_chain_comes_near_the_bound(tmp_path: Path, name: str, depth: int) -> None:
    if reason := available(name):
        pytest.skip(reason)
    machine = Machine(name)
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(PREFIXES + CHAIN, "utf-8")
    generate(tmp_path, shapes, Options(name="m", depth=depth))
    includes = [RUNTIME / "include", tmp_path, PAINT]
    objects = [
        machine.compile(source, includes, tmp_path / f"{source.stem}.o", [CALL_GRAPH])
        for source in sources(tmp_path)
    ]
    main = [PAINT / "chain.c", *objects]
    image = machine.build(main, includes, tmp_path / "chain", [f"-DLENGTH={depth}"])
    used, most = int(machine.run(image).output), bound(objects, depth)
    print(f"{name} depth {depth}: {used} of {most}")
    assert used <= most <= 2 * used


@pytest.mark.parametrize("engine", ["bytecode", "both"])
def test_images_are_counted_with_what_they_ask_of_the_model(tmp_path: Path, engine: str) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(PREFIXES + CHAIN, "utf-8")
    generate(tmp_path, shapes, Options(name="m", engine=engine))
    flags = [*C11, "-Os", CALL_GRAPH, f"-I{tmp_path}"]
    objects = [tmp_path / f"{source.stem}.o" for source in sources(tmp_path)]
    for source, made in zip(sources(tmp_path), objects, strict=True):
        subprocess.run([gcc(), *flags, "-c", source, "-o", made], check=True)
    linked = link(files.read_units([str(o) for o in objects]), "m")
    assert linked.functions["cns_image_run"].calls >= {f"{objects[0]}:m_c_readable"}
    stack = measure(linked, "m", 8, lambda _: DEFAULT_EXTERNAL)
    assert stack.dispatch is not None
    assert "cns_image_run" in [step.name for step in stack.dispatch.path]
    (handler,) = stack.handlers.values()
    assert handler.path[0].name == ("m_c_handle" if engine == "bytecode" else "m_c_validate")


@pytest.mark.parametrize("name", MACHINES)
def test_routines_take_no_more_than_is_assumed(tmp_path: Path, name: str) -> None:
    if reason := available(name):
        pytest.skip(reason)
    machine = Machine(name)
    includes = [RUNTIME / "include", PAINT]
    files = [PAINT / "routines.c", PAINT / "paint.c", *CORE]
    output = machine.run(machine.build(files, includes, tmp_path / "routines", ["-g0"])).output
    used = {line.split()[0]: int(line.split()[1]) for line in output.splitlines()}
    print(name, used)
    assert max(used.values()) <= DEFAULT_EXTERNAL
    assert used["divide_longs"] > 0
