# SPDX-License-Identifier: Apache-2.0
"""Real shapes and ontologies: what they hold, counted a second time with rdflib."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SH
from rdflib.term import Node

from cns_build.diagnostics import CompileError
from cns_build.frontend import load
from cns_build.model import IRI, Custom, Sparql, Unsupported
from tests.paths import ONTOLOGIES, shared

ALL = sorted(path.relative_to(ONTOLOGIES).as_posix() for path in ONTOLOGIES.glob("*/*.ttl"))
ABSENT = [pytest.param("", marks=pytest.mark.skip(f"needs {ONTOLOGIES}"))]

ENVITED = "shape:https://w3id.org/ascs-ev/envited-x/"
ENVITED_SHAPES = [
    f"{ENVITED}envited-x/v3/{name}Shape"
    for name in ("ExtendedLink", "ManifestLinkReference", "Manifest", "ResourceDescription")
]
ENVITED_SHAPES += [
    f"{ENVITED}{name}Shape"
    for name in ("georeference/v5/Georeference", "manifest/v5/Manifest", "manifest/v5/Link")
]

# File, waivers, shapes, constraints that cns does not know.
PINNED = [
    (
        "automotive/hdmap.shacl.ttl",
        [
            *ENVITED_SHAPES,
            "import:https://w3id.org/ascs-ev/envited-x/hdmap/v6",
            "shape:https://openlabel.asam.net/V1-0-0/ontologies/OddSceneryShape",
        ],
        87,
        0,
    ),
    (
        "automotive/ositrace.shacl.ttl",
        [*ENVITED_SHAPES, "import:https://w3id.org/ascs-ev/envited-x/ositrace/v6"],
        80,
        0,
    ),
    ("automotive/openscenario.shacl.ttl", [], 1167, 0),
    ("brick/rules.ttl", [], 40, 26),
    ("brick/validation.ttl", [], 6, 6),
    ("era/RINF-tunnels.ttl", [], 22, 12),
    ("g36/4.1-vav-cooling-only.ttl", [], 59, 0),
    ("industryfusion/kms-shacl.ttl", [], 53, 7),
    ("industryfusion/plasmacutter_shacl.ttl", [], 5, 0),
    ("opcua/interfaces.shacl.ttl", [], 181, 0),
    (
        "rec/rec.ttl",
        [
            "import:http://datashapes.org/dash",
            "import:https://brickschema.org/schema/1.3/Brick",
            "import:https://w3id.org/rec/brickpatches",
        ],
        429,
        0,
    ),
    ("samm/aspect-meta-model-shapes.ttl", ["shape:http://datashapes.org/dash#ListShape"], 56, 32),
    ("spdx/shacl2code-test.ttl", [], 70, 0),
    ("spdx/spdx-model-3.0.ttl", [], 275, 0),
    ("w3c/shacl-shacl.ttl", [], 87, 0),
    ("wot/td-validation.ttl", ["shape:sh:IRI"], 132, 0),
]


@pytest.mark.parametrize(("file", "waive", "shapes", "unsupported"), PINNED)
def test_shapes(file: str, waive: list[str], shapes: int, unsupported: int) -> None:
    path = shared(f"data/ontologies/{file}")
    graph, _, _ = load([], [str(path)], waive=waive)
    missing = {w.name for w in graph.waivers if w.name.startswith("shape:")}
    constraints = [c for shape in graph.shapes.values() for c in shape.constraints]
    assert len(graph.shapes) == shapes
    assert sum(isinstance(c, Custom | Sparql | Unsupported) for c in constraints) == unsupported
    assert {w.name for w in graph.waivers} == set(waive)
    again = shapes_by_rdflib(path)
    assert len(again) + len(missing) == shapes
    named = {str(node) for node in again if isinstance(node, rdflib.URIRef)}
    assert named == {node.value for node in graph.shapes if isinstance(node, IRI)} - {
        graph.prefixes["sh"] + "IRI" if name == "shape:sh:IRI" else name.removeprefix("shape:")
        for name in missing
    }


def shapes_by_rdflib(path: Path) -> set[Node]:
    """Return the declared and targeted shapes and all that they refer to."""
    graph = rdflib.Graph()
    graph.parse(path, format="turtle")
    pending = list(roots(graph))
    found: set[Node] = set()
    while pending:
        shape = pending.pop()
        if shape not in found and (shape, None, None) in graph:
            found.add(shape)
            pending += references(graph, shape)
    return found


def roots(graph: rdflib.Graph) -> Iterator[Node]:
    for kind in (SH.NodeShape, SH.PropertyShape):
        yield from graph.subjects(RDF.type, kind)
    for target in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "target"):
        yield from graph.subjects(SH[target], None)
    for metaclass in (RDFS.Class, OWL.Class):
        for cls in graph.subjects(RDF.type, metaclass):
            parameters = "property node or and not xone sparql rule nodeKind closed class in"
            if any((cls, SH[name], None) in graph for name in parameters.split()):
                yield cls


def references(graph: rdflib.Graph, shape: Node) -> Iterator[Node]:
    for name in ("property", "node", "not", "qualifiedValueShape"):
        yield from graph.objects(shape, SH[name])
    for name in ("and", "or", "xone"):
        for members in graph.objects(shape, SH[name]):
            yield from graph.items(members)


@pytest.mark.parametrize("file", ALL or ABSENT)
def test_every_file_loads_or_says_why_not(file: str) -> None:
    name = str(ONTOLOGIES / file)
    try:
        graph, sources, warnings = load([], [name])
    except CompileError as error:
        for diagnostic in error.diagnostics:
            line = getattr(diagnostic.where, "line", 0)
            assert line > 0 or diagnostic.message.startswith("no shapes: ")
            assert diagnostic.fix
    else:
        assert graph.files == sources.files == (name,)
        assert all(sources.locate(shape.origin).line for shape in graph.shapes.values())
        assert all(warning.where is not None for warning in warnings)


@pytest.mark.parametrize("file", ALL or ABSENT)
def test_every_file_serves_as_an_ontology(file: str) -> None:
    name = str(ONTOLOGIES / file)
    try:
        graph, _, _ = load([name], [])
    except CompileError as error:
        missing = [d.message.partition("> is imported, ")[0] for d in error.diagnostics]
        assert all(message.startswith("<") for message in missing)
        waive = {f"import:{message[1:]}" for message in missing}
        graph, _, _ = load([name], [], waive=waive)
        assert {w.name for w in graph.waivers} == waive
    assert graph.shapes == {}


def test_the_w3c_suite_has_only_well_formed_shapes() -> None:
    files = sorted(shared("data/w3c-shacl/core").rglob("*.ttl"))
    assert len(files) > 98
    wrong = {file: message for file in files for message in errors(file)}
    assert {message.partition(":")[0] for message in wrong.values()} == {"no shapes"}
    for file in wrong:
        assert list(roots(rdflib.Graph().parse(file, format="turtle"))) == []


def errors(file: Path) -> list[str]:
    try:
        load([], [str(file)])
    except CompileError as error:
        return [d.message for d in error.diagnostics if d.severity == "error"]
    return []
