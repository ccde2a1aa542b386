# SPDX-License-Identifier: Apache-2.0
"""Shapes and data that others wrote: the results of pySHACL, one by one, and what differs and why.

Each difference that is allowed is one of DIFFERENCES.md, and is encoded where it occurs.
"""

from __future__ import annotations

import gzip
import random
from collections import Counter
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import OWL, RDF, Graph, Literal, URIRef

from cns_build.frontend import load as load_shapes
from cns_build.graph.data import Source
from cns_build.graph.report import Report
from cns_build.graph.validator import Validator
from tests import reference
from tests.graph import references, vocabulary_data
from tests.paths import shared
from tests.real_files import COMPILED, RECIPES, ontologies, shapes
from tests.reference import SH, Result, read_report, same_results
from tests.reference.matching import differences
from tests.reference.values import is_well_typed
from tests.test_denote import WEIRD

pyshacl = pytest.importorskip("pyshacl")
pytestmark = pytest.mark.filterwarnings(WEIRD)

BOUNDS = ("Inclusive", "Exclusive")
NOT_CORE = ("sparql", "rule", "js", "target")  # waived, and so taken out for pySHACL
# Waived for records alone: graphs have paths of all kinds, and text of all terms.
FOR_RECORDS = frozenset(
    {"sh:minLength", "sh:pattern", "sh:inversePath", "sh:oneOrMorePath", "sh:zeroOrMorePath"}
)


def n_triples(file: Path) -> bytes:
    quads = pyoxigraph.parse(
        file.read_bytes(), pyoxigraph.RdfFormat.TURTLE, base_iri=file.as_uri(), lenient=True
    )
    text = pyoxigraph.serialize((q.triple for q in quads), format=pyoxigraph.RdfFormat.N_TRIPLES)
    assert isinstance(text, bytes)
    return text


def graph_of(*texts: bytes) -> Graph:
    """Documents in N-Triples as one graph."""
    media = pyoxigraph.RdfFormat.N_TRIPLES
    found = Graph()
    for text in texts:
        found += reference.load(text, media=media, lenient=True)
    return found


def core_of(*files: Path) -> Graph:
    """Shapes without what goes beyond SHACL Core."""
    found = graph_of(*map(n_triples, files))
    for name in NOT_CORE:
        found.remove((None, SH[name], None))
    return found


def waivers(name: str) -> list[str]:
    recipe = RECIPES[name]
    return sorted({*recipe.waive, *recipe.beyond} - FOR_RECORDS)


def by_pyshacl(data: Graph, shapes_graph: Graph) -> list[Result]:
    _, report, text = pyshacl.validate(data, shacl_graph=shapes_graph, inplace=True)
    assert isinstance(report, Graph), text
    return read_report(report)[1]


def components(report: Report) -> Counter[str]:
    names = (result.component.value.removeprefix(str(SH)) for result in report.results)
    return Counter(name.removesuffix("ConstraintComponent") for name in names)


def assert_same(report: Report, wanted: list[Result]) -> None:
    found = [references.result(result) for result in report.results]
    assert same_results(wanted, found), "\n".join(differences(wanted, found)[:40])


# Universities


def universities() -> tuple[Path, bytes]:
    with gzip.open(shared("data/lubm/lubm1-with-errors.nt.gz")) as file:
        return shared("data/lubm/lubm-shapes.ttl"), file.read()


def test_universities() -> None:
    file, data = universities()
    report = Validator.compile([str(file)]).validate([Source("lubm", data, quads=False)])
    assert components(report) == {"And": 622, "MaxCount": 89}


@pytest.mark.slow
def test_universities_by_pyshacl() -> None:
    file, data = universities()
    report = Validator.compile([str(file)]).validate([Source("lubm", data, quads=False)])
    assert_same(report, by_pyshacl(graph_of(data), core_of(file)))


# Buildings: the model and the ontology are data, the ontology holds the shapes. Of 821 results 725
# are of sh:sparql; without owl:Class as what makes a shape a target of itself, 64 are missing.

BRICK = {"SPARQL": 725, "Class": 79, "MaxCount": 15, "Or": 2}  # 821
BRICK_STRICT = {"SPARQL": 725, "Class": 32}  # 757


def buildings() -> tuple[Path, list[bytes]]:
    ontology = shared("data/ontologies/brick/Brick.ttl")
    return ontology, [n_triples(shared("data/brick-model/soda_brick.ttl")), n_triples(ontology)]


def validate_building(*, strict: bool) -> Report:
    ontology, data = buildings()
    waive = [*({*waivers("brick/Brick")} - {"sh:sparql"}), "sh:target"]
    validator = Validator.compile([str(ontology)], waive=waive, strict=strict)
    return validator.validate([Source(str(n), text, quads=False) for n, text in enumerate(data)])


@pytest.mark.parametrize(("strict", "found"), [(False, BRICK), (True, BRICK_STRICT)])
def test_buildings(strict: bool, found: dict[str, int]) -> None:
    assert components(validate_building(strict=strict)) == found


@pytest.mark.slow
def test_buildings_by_pyshacl() -> None:
    ontology, data = buildings()
    report = validate_building(strict=False)
    assert_same(report, by_pyshacl(graph_of(*data), graph_of(n_triples(ontology))))


# Units: the first of them, since pySHACL is slow


def units(count: int) -> bytes:
    """The triples of so many units, blank nodes that they lead to among them."""
    lines = n_triples(shared("data/ontologies/qudt/VOCAB_QUDT-UNITS-ALL.ttl")).splitlines(True)
    subjects = dict.fromkeys(line.split(b" ")[0] for line in lines)
    some = {subject for subject in subjects if not subject.startswith(b"_:")}
    kept = set(sorted(some)[:count])
    blank = {word for line in lines if line.split(b" ")[0] in kept for word in line.split(b" ")}
    kept |= {word for word in blank if word.startswith(b"_:")}
    return b"".join(line for line in lines if line.split(b" ")[0] in kept)


@pytest.mark.parametrize("count", [100, pytest.param(600, marks=pytest.mark.slow)])
def test_units(count: int) -> None:
    name = "qudt/SCHEMA_QUDT_NoOWL"
    data = units(count)
    files = shapes(name)
    validator = Validator.compile([*map(str, files)], waive=waivers(name), recursion=100)
    report = validator.validate([Source("units", data, quads=False)])
    assert_same(report, by_pyshacl(graph_of(data), core_of(*files)))


# All others, with random data in their words

RANDOM = sorted({*COMPILED} - {"brick/root_class_shapes", "qudt/COLLECTION_QUDT_QA_TESTS_ALL"})
QUICK = ("wot/td-validation", "spdx/spdx-model-3.0", "rec/rec", "industryfusion/kms-shacl")
# Results about ill-typed values that are compared with a bound: ours and those of pySHACL.
COMPARED = {"industryfusion/kms-shacl": (4, 2)}
RANGES = {SH[f"{end}{kind}ConstraintComponent"] for end in ("Min", "Max") for kind in BOUNDS}
# Classes with constraints that are not declared to be shapes: pySHACL takes some as targets.
UNDECLARED = ("spdx/spdx-model-3.0",)


def compare(name: str, *, classes: bool = True) -> tuple[list[Result], list[Result]]:
    """The results of random data: ours, and those of pySHACL.

    Without `classes`, what is not declared to be a shape is no class for pySHACL.
    """
    files, others = [*map(str, shapes(name))], [*map(str, ontologies(name))]
    waive = [*waivers(name), "sh:target"] if name == "brick/Brick" else waivers(name)
    validator = Validator.compile(files, others, waive=waive, recursion=100)
    model, _, _ = load_shapes(others, files, waive=waive)
    data = vocabulary_data.draw(model, random.Random(name), nodes=100, triples=8).encode()
    report = validator.validate([Source("data", data, quads=False)])
    shapes_graph = core_of(*shapes(name))
    if not classes:
        for node in set(shapes_graph.subjects(RDF.type, OWL.Class)):
            if (node, RDF.type, SH["NodeShape"]) not in shapes_graph:
                shapes_graph.remove((node, RDF.type, OWL.Class))
    theirs = by_pyshacl(graph_of(data, *map(n_triples, ontologies(name))), shapes_graph)
    return [references.result(result) for result in report.results], theirs


def without_compared(results: list[Result]) -> list[Result]:
    """Results but for those of bounds with which ill-typed values are compared."""
    return [
        result
        for result in results
        if result.component not in RANGES
        or not isinstance(result.value, Literal)
        or is_well_typed(result.value)
    ]


@pytest.mark.parametrize(
    "name", [n if n in QUICK else pytest.param(n, marks=pytest.mark.slow) for n in RANDOM]
)
def test_random_data(name: str) -> None:
    ours, theirs = compare(name, classes=name not in UNDECLARED)
    if name in COMPARED:
        left = [*map(without_compared, (ours, theirs))]
        gone = len(ours) - len(left[0]), len(theirs) - len(left[1])
        assert gone == COMPARED[name]
        ours, theirs = left
    assert same_results(theirs, ours), "\n".join(differences(theirs, ours)[:40])


@pytest.mark.parametrize("name", UNDECLARED)
def test_undeclared_classes_are_targets_of_pyshacl_alone(name: str) -> None:
    ours, theirs = compare(name)
    extra = Counter(r.source_shape for r in theirs) - Counter(r.source_shape for r in ours)
    shapes_graph = core_of(*shapes(name))
    named = [shape for shape in extra if isinstance(shape, URIRef)]
    assert named
    for shape in named:
        assert (shape, RDF.type, OWL.Class) in shapes_graph
        assert (shape, RDF.type, SH["NodeShape"]) not in shapes_graph
