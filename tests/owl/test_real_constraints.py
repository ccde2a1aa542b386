# SPDX-License-Identifier: Apache-2.0
"""Axioms of ontologies that others wrote, as constraints: on records, and on graphs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from cns_build import pipeline
from cns_build.diagnostics import CompileError, Diagnostic
from cns_build.frontend.load import read
from cns_build.graph.build import build
from cns_build.graph.image import to_image
from cns_build.options import Options
from cns_build.owl.reading import Reading
from tests.paths import ONTOLOGIES, shared
from tests.runtime import toolchain

SOME = ("saref/saref4agri", "sosa/ssn-system", "vsso/vsso-core", "wot/td-sosa")
REFUSED = {
    "era/ontology": "not supported yet in records: a decimal compared with the float",
    "sosa/sosa-common": "what stands here is no property: neither an IRI nor",
}
"""What no waiver lets pass: a bound that is of no number, and what is no OWL 2."""

NO_RECORDS = "no shape has a target, so no struct can be made"


def waivers(errors: Iterable[Diagnostic]) -> set[str]:
    """The waivers that errors say to pass."""
    found = (re.search(r"--waive '?([^\s']+)", error.fix) for error in errors)
    return {match[1] for match in found if match}


def compile_to_c(file: Path, name: str, folder: Path) -> list[Diagnostic]:
    """Write the C of an ontology's records, and return no errors, or those that stay.

    What a message says to waive is waived.
    """
    waive: set[str] = set()
    while True:
        errors = attempt(file, name, folder, frozenset(waive))
        more = waivers(errors) - waive
        if not errors or not more:
            return errors
        waive |= more


def attempt(file: Path, name: str, folder: Path, waive: frozenset[str]) -> list[Diagnostic]:
    """Compile to C with waivers, and to an image for graphs."""
    records, graphs = (
        read([str(file)], [], waive=waive, axioms=Reading(records=records))
        for records in (True, False)
    )
    if records.graph is None or graphs.graph is None:
        return [d for d in records.diagnostics if d.severity == "error"]
    assert to_image(build(graphs.graph, graphs.ontologies))
    options = Options(name=name, waive=waive)
    try:
        compiled = pipeline.compile_shapes(records.graph, options)
    except CompileError as error:
        return list(error.diagnostics)
    source, header = pipeline.generate(compiled, records.graph, options)
    (folder / f"{name}.c").write_text(source)
    (folder / f"{name}.h").write_text(header)
    return []


def link_all(names: list[str], folder: Path) -> None:
    """Compile the C of all with warnings as errors, into one program that runs."""
    includes = "".join(f'#include "{name}.h"\n' for name in names)
    used = " && ".join(f"{name}_model.check_count > 0" for name in names)
    (folder / "main.c").write_text(f"{includes}int main(void) {{ return {used} ? 0 : 1; }}\n")
    sources = [folder / "main.c", *(folder / f"{name}.c" for name in names)]
    program = folder / "program"
    flags = (*toolchain.C11, "-O0", f"-I{folder}")
    toolchain.compile_c("gcc", *flags, *sources, *toolchain.CORE, output=program)
    assert toolchain.run_program(program) == ""


def name_of(ontology: str) -> str:
    return re.sub(r"\W", "_", ontology).lower()


def test_some_compile_and_link_into_one_program(tmp_path: Path) -> None:
    for ontology in SOME:
        file = shared(f"data/ontologies/{ontology}.ttl")
        assert compile_to_c(file, name_of(ontology), tmp_path) == []
    link_all([name_of(ontology) for ontology in SOME], tmp_path)


@pytest.mark.slow
def test_all_compile_or_say_what_to_do(tmp_path: Path) -> None:
    shared("data/ontologies")
    made, refused = [], {}
    for file in sorted(ONTOLOGIES.rglob("*.ttl")):
        ontology = str(file.relative_to(ONTOLOGIES).with_suffix(""))
        errors = compile_to_c(file, name_of(ontology), tmp_path)
        assert all(error.fix for error in errors)
        if not errors:
            made.append(name_of(ontology))
        elif errors[0].message != NO_RECORDS:
            assert all(error.where is not None for error in errors)
            refused[ontology] = errors[0].message
    assert refused.keys() == REFUSED.keys()
    assert all(refused[name].startswith(message) for name, message in REFUSED.items())
    assert len(made) > 10
    link_all(made, tmp_path)
