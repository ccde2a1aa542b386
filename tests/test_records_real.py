# SPDX-License-Identifier: Apache-2.0
"""Shapes that others wrote: handlers answer as the reference, over generated records.

What a file needs waived is named here; what cannot be a record program yet is pinned.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from cns_build.diagnostics import CompileError
from cns_build.options import Options
from tests.paths import shared
from tests.records.native import Comparison, compile_model
from tests.records.oracle import Oracle
from tests.records.session import compare

_ENVITED = "https://w3id.org/ascs-ev/envited-x"
_NGSI = (
    "import:https://industryfusion.github.io/contexts/staging/ontology/v0.1/ngsild.ttl",
    "import:https://industryfusion.github.io/contexts/staging/example/v0.1/base_entities.ttl",
    "import:https://uri.etsi.org/ngsi-ld/",
)
_MANIFESTS = (
    f"shape:{_ENVITED}/envited-x/v3/ResourceDescriptionShape",
    f"shape:{_ENVITED}/manifest/v5/LinkShape",
    f"shape:{_ENVITED}/envited-x/v3/ExtendedLinkShape",
    f"shape:{_ENVITED}/manifest/v5/ManifestShape",
    f"shape:{_ENVITED}/envited-x/v3/ManifestShape",
    f"shape:{_ENVITED}/envited-x/v3/ManifestLinkReferenceShape",
    f"shape:{_ENVITED}/georeference/v5/GeoreferenceShape",
)
_REC = (
    "import:http://datashapes.org/dash",
    "import:https://brickschema.org/schema/1.3/Brick",
    "import:https://w3id.org/rec/brickpatches",
)


@dataclass(frozen=True)
class Recipe:
    """How a file is compiled. `some` are the records of the quick test, all of them if empty."""

    ontologies: tuple[str, ...] = ()
    waive: tuple[str, ...] = ()
    some: tuple[str, ...] = ()


RECIPES = {
    "industryfusion/plasmacutter_shacl": Recipe(("industryfusion/kms-knowledge",), _NGSI),
    "industryfusion/kms-shacl": Recipe(
        ("industryfusion/kms-knowledge",), (*_NGSI, "sh:sparql", "sh:rule")
    ),
    "automotive/hdmap.shacl": Recipe(
        waive=(
            f"import:{_ENVITED}/hdmap/v6",
            *_MANIFESTS,
            "shape:https://openlabel.asam.net/V1-0-0/ontologies/OddSceneryShape",
        )
    ),
    "automotive/ositrace.shacl": Recipe(waive=(f"import:{_ENVITED}/ositrace/v6", *_MANIFESTS)),
    "rec/rec": Recipe(
        waive=_REC, some=("Building", "Bathroom", "BooleanValueObservation", "Company", "Door")
    ),
    "spdx/spdx-model-3.0": Recipe(
        some=("Person", "Package", "Hash", "CreationInfo", "CvssV3VulnAssessmentRelationship"),
    ),
    "opcua/interfaces.shacl": Recipe(),
    "wot/td-validation": Recipe(
        waive=("shape:http://www.w3.org/ns/shacl#IRI",),
        some=("Thing", "ActionAffordance", "DataSchema", "SecurityScheme"),
    ),
}


def _file(name: str) -> Path:
    return shared(f"data/ontologies/{name}.ttl")


def _comparison(name: str, records: tuple[str, ...], folder: Path) -> Comparison:
    recipe = RECIPES[name]
    shapes = _file(name)
    target = folder / "model"
    target.mkdir()
    options = Options(name="m", records=records, waive=frozenset(recipe.waive))
    native = compile_model(
        target, [shapes], options, ontologies=[_file(o) for o in recipe.ontologies]
    )
    oracle = Oracle(native.graph, native.program, [str(shapes)], waive=recipe.waive)
    return Comparison(native, oracle)


@pytest.mark.parametrize("name", RECIPES)
def test_handlers_answer_as_the_reference(name: str, tmp_path: Path) -> None:
    comparison = _comparison(name, RECIPES[name].some, tmp_path)
    differences, silent = compare(comparison, count=5, seed=3)
    assert not differences, f"{len(differences)} differences, such as\n{differences[0]}"
    print(f"{name}: {len(silent)} of {len(comparison.native.program.checks)} checks never fired")
    print("\n".join(silent))
    assert len(silent) <= len(comparison.native.program.checks) // 5


@pytest.mark.slow
@pytest.mark.parametrize("name", RECIPES)
def test_all_handlers_answer_as_the_reference(name: str, tmp_path: Path) -> None:
    comparison = _comparison(name, (), tmp_path)
    differences, silent = compare(comparison, count=20, seed=4)
    assert not differences, f"{len(differences)} differences, such as\n{differences[0]}"
    print(f"{name}: {len(silent)} of {len(comparison.native.program.checks)} checks never fired")


def test_a_node_kind_in_the_place_of_a_shape_is_refused(tmp_path: Path) -> None:
    """wot/td-validation says `sh:node sh:IRI`."""
    with pytest.raises(CompileError) as caught:
        compile_model(tmp_path, [_file("wot/td-validation")], Options(name="m"))
    found = [(d.message, d.fix) for d in caught.value.diagnostics if d.severity == "error"]
    message = "sh:node refers to shape sh:IRI, which has no triples in the shapes files"
    assert found == [(message, "did you mean sh:nodeKind?")]
