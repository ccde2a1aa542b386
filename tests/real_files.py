# SPDX-License-Identifier: Apache-2.0
"""How each file of shapes that others wrote is compiled: with what, and what it needs waived.

The files lie in `shared/data/ontologies`; docs/real-files.md is made from this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cns_build.frontend import load
from cns_build.model import ShapesGraph
from cns_build.options import DEFAULT_CAPACITY, Options
from cns_build.pipeline import Compiled, compile_shapes
from tests.paths import shared

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
_BRICK = (
    *_REC,
    "import:http://data.ashrae.org/bacnet/2020",
    "import:http://qudt.org/3.1.0/vocab/quantitykind",
    "import:http://qudt.org/3.1.0/vocab/unit",
    "import:https://brickschema.org/schema/Brick/ref",
    "import:https://w3id.org/rec/recimports",
)
_QUDT = "http://qudt.org/$$QUDT_VERSION$$"
_QUDT_SCHEMA = (
    f"import:{_QUDT}/schema/shacl/coordinateSystems",
    f"import:{_QUDT}/schema/shacl/overlay/qudt",
    "import:http://www.linkedmodel.org/schema/dtype",
    "import:http://www.linkedmodel.org/schema/vaem",
    "import:http://www.w3.org/2004/02/skos/core",
    "shape:http://qudt.org/schema/qudt/DimensionalityShape",
    "shape:http://www.w3.org/1999/02/22-rdf-syntax-ns#nil",
    "sh:inversePath",
)
_LIST_SHAPE = "shape:http://datashapes.org/dash#ListShape"
_VAV48 = "shape:urn:ashrae/g36/4.8/sz-vav-ahu"

# Why a waiver is needed, by how its name begins; the longest beginning counts.
REASONS = {
    "import:": "the file imports an ontology that is not in the collection",
    "shape:": "the file refers to a shape that is not in the collection",
    "shape:http://www.w3.org/ns/shacl#IRI": "`sh:node sh:IRI`: a node kind as a shape",
    "shape:http://www.w3.org/1999/02/22-rdf-syntax-ns#nil": "rdf:nil as a shape",
    "sh:sparql": "SPARQL needs a graph to query",
    "sh:rule": "rules infer triples, and a record is all that is known",
    "sh:js": "JavaScript needs an interpreter",
    "sh:minLength": "the length of values that may be IRIs, which a record holds as numbers",
    "sh:pattern": "the pattern of values that may be IRIs, which a record holds as numbers",
    "sh:inversePath": "a record does not know what refers to it",
    "sh:oneOrMorePath": "paths of any length need a graph",
    "sh:zeroOrMorePath": "paths of any length need a graph",
}


@dataclass(frozen=True)
class Recipe:
    """How a file is compiled.

    `with_shapes` are files of shapes that it needs, `beyond` the parameters outside SHACL Core of
    shapes to which no record answers. `records` are those of the model, where one model cannot
    have all; `some` are those of the quick test. Empty means all.
    `refused` is what every error says of a file that cannot be compiled.
    """

    with_shapes: tuple[str, ...] = ()
    ontologies: tuple[str, ...] = ()
    waive: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    some: tuple[str, ...] = ()
    capacity: int = DEFAULT_CAPACITY
    refused: str = ""


RECIPES = {
    "automotive/hdmap.shacl": Recipe(
        waive=(
            f"import:{_ENVITED}/hdmap/v6",
            *_MANIFESTS,
            "shape:https://openlabel.asam.net/V1-0-0/ontologies/OddSceneryShape",
        )
    ),
    "automotive/openscenario.shacl": Recipe(
        some=("ScenarioDefinition", "Vehicle", "EntityCondition", "FileHeader", "Motion")
    ),
    "automotive/ositrace.shacl": Recipe(waive=(f"import:{_ENVITED}/ositrace/v6", *_MANIFESTS)),
    "brick/Brick": Recipe(
        waive=(*_BRICK, "sh:sparql", "sh:rule", "sh:minLength"),
        records=("AHU", "Building", "Electrical_Meter", "VAV"),
        some=("AHU", "Electrical_Meter"),
        beyond=("sh:target",),
    ),
    "brick/ref-schema": Recipe(waive=("sh:rule", "sh:minLength"), beyond=("sh:target",)),
    "brick/root_class_shapes": Recipe(beyond=("sh:target",)),
    "brick/rules": Recipe(waive=("sh:sparql", "sh:rule"), beyond=("sh:target",)),
    "brick/validation": Recipe(beyond=("sh:target", "sh:sparql")),
    "era/RINF-contact-line-systems": Recipe(waive=("sh:sparql",)),
    "era/RINF-etcs": Recipe(waive=("sh:sparql",)),
    "era/RINF-op-tracks": Recipe(waive=("sh:sparql",)),
    "era/RINF-signal": Recipe(beyond=("sh:sparql",)),
    "era/RINF-tunnels": Recipe(waive=("sh:sparql",)),
    "g36/4.1-vav-cooling-only": Recipe(waive=("sh:oneOrMorePath",)),
    "g36/4.6-multiple-zone-vav-AHU": Recipe(
        waive=(
            *(f"{_VAV48}/{n}" for n in ("oa-temp", "ma-temp", "ra-temp", "sa-temp", "filter-pd")),
        )
    ),
    "g36/5.16.14-multiple-zone-vav-ahu-afdd": Recipe(
        waive=("shape:urn:ashrae/g36/components/variable-speed-fan-vfd",)
    ),
    "industryfusion/kms-shacl": Recipe(
        ontologies=("industryfusion/kms-knowledge",), waive=(*_NGSI, "sh:sparql", "sh:rule")
    ),
    "industryfusion/plasmacutter_shacl": Recipe(
        ontologies=("industryfusion/kms-knowledge",), waive=_NGSI
    ),
    "opcua/interfaces.shacl": Recipe(),
    "opcua/pumps_instanceexample.shacl": Recipe(
        some=("SupervisionType", "OutletConnectionDesignType", "PumpKickObjectType")
    ),
    "qudt/COLLECTION_QUDT_QA_TESTS_ALL": Recipe(
        waive=(
            *(f"import:{_QUDT}/{name}" for name in ("collection/usertest", "vocab/constant")),
            f"import:{_QUDT}/vocab/soqk",
            "import:http://qudt.org/shacl/functions#",
            "sh:sparql",
        ),
        beyond=("sh:target",),
    ),
    "qudt/SCHEMA_QUDT-DATATYPES_NoOWL": Recipe(
        with_shapes=("qudt/SCHEMA_QUDT_NoOWL",), waive=_QUDT_SCHEMA, some=("Datatype", "Encoding")
    ),
    "qudt/SCHEMA_QUDT_NoOWL": Recipe(
        with_shapes=("qudt/SCHEMA_QUDT-DATATYPES_NoOWL",),
        waive=_QUDT_SCHEMA,
        some=("Unit", "QuantityKind", "Quantity"),
    ),
    "qudt/SHACL-SCHEMA-SUPPLEMENT_QUDT": Recipe(
        with_shapes=("qudt/SCHEMA_QUDT_NoOWL", "qudt/SCHEMA_QUDT-DATATYPES_NoOWL"),
        waive=_QUDT_SCHEMA,
        refused="is a sh:PropertyShape and has no sh:path",
    ),
    "rec/rec": Recipe(
        waive=_REC, some=("Building", "Bathroom", "BooleanValueObservation", "Company", "Door")
    ),
    "samm/aspect-meta-model-shapes": Recipe(
        waive=(_LIST_SHAPE, "sh:sparql"), beyond=("sh:target",)
    ),
    "samm/characteristic-shapes": Recipe(
        waive=(_LIST_SHAPE, "sh:sparql", "sh:js", "sh:pattern"), beyond=("sh:target",)
    ),
    "spdx/shacl2code-test": Recipe(),
    "spdx/spdx-model-3.0": Recipe(
        some=("Person", "Package", "Hash", "CreationInfo", "CvssV3VulnAssessmentRelationship"),
    ),
    "w3c/shacl-shacl": Recipe(
        waive=("sh:zeroOrMorePath",),
        some=("shsh:NodeShapeShape", "shsh:ShapesListShape", "shsh:EntailmentShape"),
        capacity=2,
    ),
    "wot/td-validation": Recipe(
        waive=("shape:http://www.w3.org/ns/shacl#IRI",),
        some=("ActionAffordance", "DataSchema", "SecurityScheme"),
    ),
}
COMPILED = [name for name, recipe in RECIPES.items() if not recipe.refused]
REFUSED = [name for name, recipe in RECIPES.items() if recipe.refused]

LARGEST = "brick/Brick"
"""Takes minutes where others take seconds."""


def path(name: str) -> Path:
    """The file of a recipe; the calling test skips where it is absent."""
    return shared(f"data/ontologies/{name}.ttl")


def shapes(name: str) -> list[Path]:
    """The files of shapes of a recipe, its own first."""
    return [path(name), *map(path, RECIPES[name].with_shapes)]


def ontologies(name: str) -> list[Path]:
    """The files of classes that a recipe needs."""
    return [path(other) for other in RECIPES[name].ontologies]


def options(name: str, records: tuple[str, ...] = ()) -> Options:
    """The options of a recipe, for some of its records or for all."""
    recipe = RECIPES[name]
    return Options(
        name="m",
        records=records or recipe.records,
        waive=frozenset(recipe.waive),
        capacity=recipe.capacity,
    )


def compiled(name: str, records: tuple[str, ...] = ()) -> tuple[ShapesGraph, Compiled]:
    """What becomes of a file. Raises CompileError."""
    waive = sorted(RECIPES[name].waive)
    given, classes = map(str, shapes(name)), map(str, ontologies(name))
    graph, _, _ = load([*classes], [*given], catalog=[], waive=waive)
    return graph, compile_shapes(graph, options(name, records))


def reason(waiver: str) -> str:
    """Why a waiver is needed. Raises ValueError where REASONS does not say."""
    return REASONS[max((known for known in REASONS if waiver.startswith(known)), key=len)]
