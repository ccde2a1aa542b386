# SPDX-License-Identifier: Apache-2.0
"""Images onto the records of a firmware in the field: what its map holds, and what may change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from cns_build import pipeline
from cns_build.backend.map import model_map
from cns_build.bytecode.image import to_words
from cns_build.bytecode.numbers import fingerprint
from cns_build.decode.firmware import read_firmware
from cns_build.diagnostics import Position
from cns_build.frontend import load
from cns_build.ir.firmware import Firmware
from cns_build.options import Options
from tests.compiling import PREFIXES
from tests.records.answers import Answer
from tests.records.native import Comparison, Native, compile_model
from tests.records.oracle import Oracle
from tests.records.session import compare
from tests.records.values import RecordValue
from tests.test_records_cases import CASES, options_of


def firmware_of(native: Native, options: Options, folder: Path) -> Firmware:
    """A model as its map tells it, written and read."""
    text = model_map(native.program, options, {}, lambda origin: Position(origin.file))
    (folder / "m.map.json").write_text(text, "utf-8")
    return read_firmware(str(folder / "m.map.json"))


# The map


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_shapes_onto_their_own_map_are_the_same_image(case: Path, tmp_path: Path) -> None:
    options = replace(options_of(case.read_text()), engine="bytecode")
    graph, _, _ = load([], [str(case)], catalog=[], waive=[])
    compiled = pipeline.compile_shapes(graph, options)
    native = Native(graph, compiled.program, compiled.naive, tmp_path, False)
    firmware = firmware_of(native, options, tmp_path)
    assert fingerprint(firmware) == fingerprint(compiled.program)
    again = replace(options, onto=firmware, kinds=firmware.kinds, capacity=1, depth=firmware.depth)
    update = pipeline.compile_shapes(graph, again)
    wanted = pipeline.make_image(compiled, graph, options)
    image = pipeline.make_image(update, graph, again)
    assert wanted is not None
    assert image is not None
    assert to_words(image) == to_words(wanted)


# Updates that run

FIRMWARE = """
ex:Hot rdfs:subClassOf ex:Room . ex:Cold rdfs:subClassOf ex:Room .
ex:Wing rdfs:subClassOf ex:Zone . ex:Floor rdfs:subClassOf ex:Zone . ex:lobby a ex:Floor .
ex:RoomShape a sh:NodeShape ; sh:targetClass ex:Room ;
  sh:property [ sh:path rdf:type ; sh:minCount 1 ] ;
  sh:property [ sh:path ex:name ; sh:datatype xsd:string ; sh:minCount 1 ; sh:maxCount 1 ] ;
  sh:property [ sh:path ex:celsius ; sh:datatype xsd:double ; sh:maxCount 4 ;
                sh:maxInclusive 85 ] ;
  sh:property [ sh:path ex:state ; sh:in ( ex:on ex:off ex:idle ) ; sh:maxCount 1 ] ;
  sh:property [ sh:path ex:zone ; sh:class ex:Zone ; sh:nodeKind sh:IRI ; sh:maxCount 2 ] ;
  sh:property [ sh:path ex:note ; sh:maxCount 2 ] ;
  sh:property [ sh:path ex:sensor ; sh:nodeKind sh:BlankNode ; sh:maxCount 2 ;
                sh:property [ sh:path ex:serial ; sh:datatype xsd:string ; sh:maxCount 1 ] ;
                sh:property [ sh:path ex:channel ; sh:datatype xsd:int ; sh:maxCount 2 ] ] .
ex:DoorShape a sh:NodeShape ; sh:targetClass ex:Door ; sh:targetNode ex:lobby ;
  sh:property [ sh:path ex:open ; sh:datatype xsd:boolean ; sh:maxCount 1 ; sh:minCount 1 ] ;
  sh:property [ sh:path ex:width ; sh:datatype xsd:decimal ; sh:maxCount 1 ] .
"""


@dataclass(frozen=True)
class Updated(Native):
    """The library of a firmware, and the program of an image that it runs."""

    image: tuple[int, ...] = ()

    def answers(
        self, values: Sequence[RecordValue], image: Sequence[int] | None = None
    ) -> list[Answer]:
        return super().answers(values, image or self.image)


@pytest.fixture(scope="module")
def firmware(tmp_path_factory: pytest.TempPathFactory) -> tuple[Native, Firmware]:
    """A firmware with the engine of bytecode, and its map."""
    folder = tmp_path_factory.mktemp("onto") / "firmware"
    folder.mkdir()
    shapes = folder / "firmware.ttl"
    shapes.write_text(PREFIXES + FIRMWARE, "utf-8")
    options = Options(name="m", engine="bytecode", kinds={"door": 7})
    native = compile_model(folder, [shapes], options)
    return native, firmware_of(native, options, folder)


def update(built: tuple[Native, Firmware], shapes: str, folder: Path) -> tuple[Updated, str]:
    """Shapes compiled onto a firmware, and their file. Raises CompileError."""
    native, firmware = built
    file = folder / "update.ttl"
    file.write_text(PREFIXES + shapes, "utf-8")
    graph, _, _ = load([], [str(file)], catalog=[], waive=[])
    options = Options(name="m", engine="bytecode", kinds=firmware.kinds, onto=firmware)
    compiled = pipeline.compile_shapes(graph, options)
    image = pipeline.make_image(compiled, graph, options)
    assert image is not None
    words = tuple(to_words(image))
    program, naive = compiled.program, compiled.naive
    made = Updated(graph, program, naive, native.library, native.sanitized, image=words)
    return made, str(file)


def swap(*pairs: tuple[str, str]) -> str:
    """The shapes of the firmware with something else in some places."""
    shapes = FIRMWARE
    for old, new in pairs:
        assert old in shapes
        shapes = shapes.replace(old, new)
    return shapes


UPDATES = {
    "tighter-count": swap(("sh:maxCount 4", "sh:maxCount 3")),
    "looser-count": swap(("sh:maxCount 4", "sh:maxCount 9")),
    "no-count": swap(("sh:datatype xsd:double ; sh:maxCount 4", "sh:datatype xsd:double")),
    "tighter-range": swap(("sh:maxInclusive 85", "sh:maxInclusive 60 ; sh:minExclusive -40.5")),
    "looser-range": swap((" ;\n                sh:maxInclusive 85", "")),
    "pattern": swap(("sh:datatype xsd:string ; sh:minCount 1", 'sh:pattern "^[A-Z]+[0-9]$"')),
    "other-datatype": swap(("xsd:double", "xsd:float")),
    "property-dropped": swap(
        ("  sh:property [ sh:path ex:note ; sh:maxCount 2 ] ;\n", ""),
        ("sh:property [ sh:path ex:channel ; sh:datatype xsd:int ; sh:maxCount 2 ]", ""),
    ),
    "shorter-in": swap(("ex:on ex:off ex:idle", "ex:idle ex:off")),
    "has-value": swap(("sh:in ( ex:on ex:off ex:idle )", "sh:hasValue ex:off")),
    "narrower-class": swap(("sh:class ex:Zone", "sh:class ex:Wing")),
    "new-superclass": swap(
        ("sh:class ex:Zone", "sh:class ex:Place"),
        ("ex:lobby a ex:Floor", "ex:Wing rdfs:subClassOf ex:Place"),
    ),
    "hierarchy-turned": swap(("ex:Floor rdfs:subClassOf ex:Zone", "ex:Zone a rdfs:Class")),
    "other-instance": swap(("ex:lobby a ex:Floor", "ex:off a ex:Wing")),
    "class-of-record": swap(("sh:targetClass ex:Room ;", "sh:targetClass ex:Room ; sh:class ex:Hot ;")),
    "target-of-a-subclass": swap(("sh:targetClass ex:Room ;", "sh:targetClass ex:Hot ;")),
    "subclass-left": swap(("ex:Hot rdfs:subClassOf ex:Room . ", "")),
    "subclass-asked": swap(
        ("ex:Hot rdfs:subClassOf ex:Room . ", ""),
        ("sh:targetClass ex:Room ;", "sh:targetClass ex:Room , ex:Hot ; sh:class ex:Room ;"),
    ),
    "record-removed": FIRMWARE.partition("ex:DoorShape")[0],
    "target-removed": swap((" ; sh:targetNode ex:lobby", "")),
    "new-target": FIRMWARE
    + "ex:New a sh:NodeShape ; sh:targetSubjectsOf ex:note ;"
    "  sh:property [ sh:path ex:state ; sh:minCount 1 ] ."
    "ex:Other a sh:NodeShape ; sh:targetObjectsOf ex:sensor ;"
    "  sh:property [ sh:path ex:channel ; sh:minCount 1 ; sh:minInclusive 3 ] .",
    "new-message": swap(("sh:maxInclusive 85", 'sh:maxInclusive 85 ; sh:message "too hot"')),
    "severity": swap(("sh:maxInclusive 85", "sh:maxInclusive 85 ; sh:severity sh:Warning")),
    "other-names": swap(("RoomShape", "Chamber"), ("DoorShape", "Gate")),
    "new-tests": FIRMWARE
    + """ex:RoomShape sh:or ( [ sh:path ex:state ; sh:hasValue ex:on ]
            [ sh:path ex:sensor ; sh:minCount 1 ; sh:node ex:Sensor ] ) ;
          sh:not [ sh:path ex:celsius ; sh:minCount 2 ; sh:minInclusive 20 ] .
        ex:Sensor a sh:NodeShape ; sh:property [ sh:path ex:channel ; sh:minCount 2 ] .""",
    "closed": swap(
        ("ex:RoomShape a", "ex:RoomShape sh:closed true ; sh:ignoredProperties ( rdf:type ) ; a"),
        ("  sh:property [ sh:path ex:note ; sh:maxCount 2 ] ;\n", ""),
    ),
    "pair": swap(("sh:path ex:note ;", "sh:path ex:note ; sh:disjoint ex:name ;")),
    "nothing-left": "ex:Free a sh:NodeShape ; sh:targetClass ex:Room .",
}


@pytest.mark.parametrize("change", UPDATES)
def test_an_update_answers_as_the_reference(
    change: str, firmware: tuple[Native, Firmware], tmp_path: Path
) -> None:
    updated, file = update(firmware, UPDATES[change], tmp_path)
    assert fingerprint(updated.program) == firmware[1].fingerprint
    comparison = Comparison(updated, Oracle(updated.graph, updated.program, [file]))
    differences, silent = compare(comparison, count=40, seed=5)
    assert not differences, f"{len(differences)} differences, such as\n{differences[0]}"
    assert not silent, "\n".join(silent)
