# SPDX-License-Identifier: Apache-2.0
"""The compiler: one call per stage. Reading this module is reading the architecture.

Files are read in `frontend.load` and written by the command line; everything between is a pure
function of its arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cns_build import tbox
from cns_build.backend import render
from cns_build.bytecode.image import Image
from cns_build.diagnostics import CompileError, Diagnostic
from cns_build.ir import bind, contradictions, layout, numbering, onto, targets, verify
from cns_build.ir.build import build
from cns_build.ir.program import Program
from cns_build.ir.recursion import find_recursion
from cns_build.model import Origin, ShapesGraph, Waiver
from cns_build.options import Options
from cns_build.owl.axioms import Ontology
from cns_build.owl.vocabulary import Vocabulary, make_vocabulary
from cns_build.passes import PIPELINE


@dataclass(frozen=True, slots=True)
class Compiled:
    """A program before and after the passes, what waivers left out of it, and warnings."""

    naive: Program
    program: Program
    waivers: tuple[Waiver, ...]
    warnings: tuple[Diagnostic, ...]


Observer = Callable[[str, Program], None]


def compile_shapes(
    graph: ShapesGraph, options: Options, observe: Observer | None = None
) -> Compiled:
    """Return the optimized program. Raises CompileError.

    `observe` is called with the name of each stage and the program after it.
    """
    hierarchy = tbox.close(graph)
    graph, dropped = targets.keep_supported(graph, options.waive)
    recursion = find_recursion(graph, options.detail)
    if options.onto:
        records = onto.lay_onto(graph, hierarchy, options.onto, options)
    else:
        records = layout.lay_out(graph, hierarchy, options)
    records = bind.bind(records, options.bind, graph)
    naive, waivers = build(graph, hierarchy, records, recursion, options)
    verify.verify(naive)
    bind.refuse_converted_calls(naive)
    impossible = (*records.contradictions, *contradictions.find(naive))
    if impossible and "contradiction" not in options.waive:
        raise CompileError(*impossible)
    waivers = (*graph.waivers, *dropped, *waivers, *(_waived(d) for d in impossible))
    if observe:
        observe("build", naive)
    program = naive
    for name, run in PIPELINE:
        program = run(program)
        if observe:
            observe(name, program)
    _refuse_large(program)
    if options.onto:
        numbering.refuse_unknown_terms(program, graph)
    warnings = contradictions.always_violated(program)
    if not options.records:
        warnings += tuple(targets.unanswered(graph, records))
    return Compiled(naive, program, waivers, warnings)


def _refuse_large(program: Program) -> None:
    """Raise CompileError where results could not name every check and term in 16 bits."""
    for what, count in (("checks", len(program.checks)), ("terms", len(program.terms))):
        if count > 65535:
            raise CompileError(
                Diagnostic(
                    f"the model has {count} {what}, and results have room for 65535",
                    fix="make several models, each with some of the records (--record)",
                )
            )


def _waived(impossible: Diagnostic) -> Waiver:
    origin = impossible.where if isinstance(impossible.where, Origin) else None
    return Waiver("contradiction", impossible.message, origin)


def make_image(compiled: Compiled, graph: ShapesGraph, options: Options) -> Image | None:
    """Return the program as an image of bytecode, where the model runs images.

    It is optimized unless the options say otherwise.
    """
    if not options.runs_images:
        return None
    from cns_build.bytecode.assemble import assemble
    from cns_build.bytecode.optimize import optimize

    image = assemble(compiled.program, options, graph.prefixes)
    assert options.onto is None or image.layout == options.onto.fingerprint
    return optimize(image, compiled.program) if options.optimize else image


def generate(
    compiled: Compiled,
    graph: ShapesGraph,
    options: Options,
    header_name: str = "",
    image: Image | None = None,
) -> tuple[str, str]:
    """Return the C source and header of a model; the source includes the header by its name.

    `image` is what `make_image` gives; without it, it is made here.
    """
    sources = tuple(Path(f).name for f in graph.files)
    name = header_name or f"{options.name}.h"
    image = image or make_image(compiled, graph, options)
    return render.render(compiled.program, options, graph.prefixes, sources, name, image)


def compile_vocabulary(
    ontology: Ontology, options: Options, prefixes: Mapping[str, str]
) -> tuple[Vocabulary, tuple[Diagnostic, ...]]:
    """Return what an ontology without shapes becomes, and warnings. Raises CompileError."""
    return make_vocabulary(ontology, prefixes, options.queried)


def generate_vocabulary(
    vocabulary: Vocabulary,
    options: Options,
    prefixes: Mapping[str, str],
    sources: tuple[str, ...],
    header_name: str,
) -> tuple[str, str]:
    """Return the C source and header of a vocabulary. Raises CompileError."""
    return render.render_vocabulary(vocabulary, options, prefixes, sources, header_name)
