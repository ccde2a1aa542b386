# SPDX-License-Identifier: Apache-2.0
"""What a compilation imports: a build starts the compiler often, so heavy packages stay out."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.meson import run
from tests.paths import EXAMPLES, ROOT

THERMOSTAT = EXAMPLES / "thermostat"
HEAVY = {"numba", "numpy", "rdflib", "tomllib", "tomli"}

# Runs cnsc and then prints what the process has imported.
PROGRAM = """
import sys
sys.path.insert(0, sys.argv.pop(1))
from cns_build.cli import main
status = main(sys.argv[1:])
print("imported", *sys.modules)
sys.exit(status)
"""

# The shape of nothing, in a format that only rdflib reads.
TRIX = """\
<TriX xmlns="http://www.w3.org/2004/03/trix/trix-1/"><graph><triple>
<uri>http://example.org/Shape</uri>
<uri>http://www.w3.org/1999/02/22-rdf-syntax-ns#type</uri>
<uri>http://www.w3.org/ns/shacl#NodeShape</uri>
</triple></graph></TriX>
"""


def imported(*arguments: object, status: int = 0) -> set[str]:
    """Run cnsc in a process of its own; return the packages that it imported."""
    printed = run(sys.executable, "-c", PROGRAM, ROOT, *arguments, status=status)
    words = printed.splitlines()[-1].split()
    assert words[0] == "imported"
    return {part for name in words[1:] for part in (name, name.split(".")[0])}


def outputs(folder: Path) -> list[Path]:
    """Return the files that a compilation of the model `model` writes."""
    return [folder / "model.c", folder / "model.h"]


def test_compiling_turtle_imports_no_heavy_package(tmp_path: Path) -> None:
    files = outputs(tmp_path)
    shapes = THERMOSTAT / "thermostat.shacl"
    command = ["compile", THERMOSTAT / "thermostat.ttl", "--shapes", shapes, "--name", "model"]
    found = imported(*command, "-o", *files)
    assert found & HEAVY == set()
    assert {"cns_build", "pyoxigraph"} <= found
    assert found & {"cns_build.bytecode.assemble", "cns_build.pattern"} == set()
    assert all(file.stat().st_size > 1000 for file in files)


def test_patterns_import_what_compiles_them_and_no_heavy_package(tmp_path: Path) -> None:
    found = imported(
        *("compile", "--shapes", ROOT / "tests" / "records" / "cases" / "pattern.ttl"),
        *("--name", "model", "-o", *outputs(tmp_path)),
    )
    assert "cns_build.pattern" in found
    assert found & HEAVY == set()


def test_other_formats_import_rdflib(tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.trix"
    shapes.write_text(TRIX)
    command = ["compile", "--shapes", shapes, "--name", "model", "-o", *outputs(tmp_path)]
    assert "rdflib" in imported(*command, status=1)


def test_asking_for_a_folder_imports_no_compiler() -> None:
    found = imported("--print", "runtime-dir")
    assert "cns_build" in found
    assert found & (HEAVY | {"cns_build.model", "jinja2", "pyoxigraph"}) == set()


def test_importing_the_package_imports_none_of_its_modules() -> None:
    program = "import sys; import cns_build; print(*sys.modules)"
    found = run(sys.executable, "-c", program, cwd=ROOT).split()
    assert [name for name in found if name.startswith("cns_build")] == ["cns_build"]
    assert set(found) & {"importlib.metadata", "pyoxigraph", "rdflib"} == set()
    program = "import sys; from cns_build import validate; print(validate.__module__)"
    assert run(sys.executable, "-c", program, cwd=ROOT).strip() == "cns_build.graph.pyshacl"


def test_validating_imports_no_rdflib(tmp_path: Path) -> None:
    shapes = THERMOSTAT / "thermostat.shacl"
    found = imported("validate", "--shapes", shapes, tmp_path / "none.ttl", status=2)
    assert "cns_build.graph.command" in found
    assert found & HEAVY == set()
